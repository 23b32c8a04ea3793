"""Edit a group: compute which dates would move, and carry the edit out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.commands.context import Context, Place
from bot.delivery import outbox
from bot.delivery.outbox import Announcement
from bot.features.groups import message_keys, notify_role, wording
from bot.features.groups.calendar.timeline import Timeline
from bot.features.groups.preview import GroupWish, Moved, Proposal, Proposals, list_changed_dates
from bot.features.groups.rounds import Rounds
from bot.features.groups.service import Cohorts
from bot.features.groups.tables import Cohort, Shows
from bot.features.people.service import People
from bot.features.people.tables import AccountRow
from bot.messages import markup, mention
from bot.messages.errors import BadInput

TOLD_FOR = timedelta(days=2)
"""How long the room may still be told of dates that moved."""


@dataclass(frozen=True)
class Extras:
    """Further settings of an edit, as typed; they move no date."""

    reminders: bool | None = None
    hints: bool | None = None
    quiz_points: bool | None = None
    warm_ups: bool | None = None
    pictures: bool | None = None
    shows: Shows | None = None
    moderators: str | None = None
    notify: str | None = None
    reason: str = ""

    def switch(self, cohort: Cohort) -> None:
        """Apply the settings that were named."""
        switches = {
            "has_reminders": self.reminders,
            "has_hints": self.hints,
            "has_quiz_points": self.quiz_points,
            "has_warm_ups": self.warm_ups,
            "has_pictures": self.pictures,
        }
        for name, is_on in switches.items():
            if is_on is not None:
                setattr(cohort, name, is_on)


@dataclass(frozen=True)
class Outlook:
    """A group before and after an edit."""

    proposal: Proposal
    before: Timeline
    after: Timeline
    moved: Moved


@dataclass(frozen=True)
class Edited:
    """The result of an edit.

    Args:
        moderators: tokens of the added moderators.
        brought: how many queued posts follow the group from the old channel.
    """

    moved: Moved
    moderators: tuple[str, ...]
    brought: int


def tell_of_dates(cohorts: Cohorts, after: Timeline, moved: Moved, reason: str, now: datetime) -> None:
    """Announce the dates that moved, if any did."""
    if moved:
        key = message_keys.make_key(after.cohort.id, "dates", int(now.timestamp() * 1000))
        post = wording.render_new_dates(after, moved, reason)
        outbox.announce(cohorts.work, Announcement(key, cohorts.place(after.cohort), post, now, now + TOLD_FOR))


class Editing:
    """Edits groups."""

    def __init__(self, cohorts: Cohorts) -> None:
        self._cohorts = cohorts

    def outlook(self, ctx: Context, wish: GroupWish) -> Outlook:
        """Return the effect of a wish on the Call's group; BadInput if it isn't possible."""
        before = self._cohorts.here(ctx)
        proposals = Proposals(self._cohorts)
        proposal = proposals.changed(ctx, before, wish)
        after = proposals.timeline(ctx, proposal, before)
        moved = list_changed_dates(before.planned(ctx.now), after.planned(ctx.now))
        return Outlook(proposal, before, after, moved)

    def carry_out(self, ctx: Context, wish: GroupWish, extras: Extras) -> Edited:
        """Edit the group, announce moved dates, and bring queued posts along from a channel that it leaves."""
        timeline = self._cohorts.here(ctx)
        cohort = timeline.cohort
        proposal = Proposals(self._cohorts).changed(ctx, timeline, wish)
        before, old = timeline.planned(ctx.now), self._cohorts.place(cohort)
        proposal.apply(cohort)
        if not timeline.opened:
            cohort.confirmed_at = ctx.now
        extras.switch(cohort)
        if extras.shows is not None:
            cohort.channel_shows = extras.shows
        if extras.notify is not None:
            cohort.notified_role = notify_role.parse_role(extras.notify, old)
        added = self._add_moderators(ctx, cohort, extras.moderators or "")
        self._cohorts.wake(cohort, ctx.now)
        self._cohorts.session.flush()
        after = self._cohorts.timeline(cohort)
        moved = list_changed_dates(before, after.planned(ctx.now))
        self._tell_the_room(ctx, after, moved, extras.reason, old)
        return Edited(moved, added, self._cohorts.bring_posts(cohort, old) if cohort.room != old.room else 0)

    def _tell_the_room(self, ctx: Context, after: Timeline, moved: Moved, reason: str, old: Place) -> None:
        """Announce moved dates, and update the welcome."""
        cohort, work = after.cohort, self._cohorts.work
        tell_of_dates(self._cohorts, after, moved, reason, ctx.now)
        if cohort.closed_at is None and cohort.room == old.room:
            welcome = wording.render_welcome(after, ctx.now, Rounds(self._cohorts).origin(cohort))
            outbox.revise(work, message_keys.make_welcome_key(cohort.id), welcome, due_at=ctx.now, every_s=0)

    def find_named(self, ctx: Context, cohort: Cohort, text: str) -> list[AccountRow]:
        """Return the members whom a text names without a mention.

        Raises:
            NotFound: a name is no member's.
            BadInput: a role is named without its members.
        """
        parts = list(mention.parts(text))
        has_role = any(not isinstance(part, str) and part.kind == "role" for part in parts)
        if has_role and not ctx.actor.tenancy.has_roles:
            raise BadInput(
                "**Moderators**: I cannot see who is in a user group, so it would make nobody a moderator. Please name "
                f"the people: {markup.typed('cohort edit moderators=@ada @ben')}.",
                field="moderators",
            )
        words = " ".join(part for part in parts if isinstance(part, str)).replace(",", " ").split()
        return [self._cohorts.find_member(cohort, word.lstrip("@"))[1] for word in words]

    def _add_moderators(self, ctx: Context, cohort: Cohort, text: str) -> tuple[str, ...]:
        """Make the people and roles that a text names moderators; return their tokens."""
        cohorts, parts = self._cohorts, list(mention.parts(text))
        pointed = [part for part in parts if not isinstance(part, str)]
        roles = [mentioned.id for mentioned in pointed if mentioned.kind == "role"]
        people = [
            People(cohorts.work).ensure_mentioned(ctx, mentioned) for mentioned in pointed if mentioned.kind == "person"
        ]
        people += self.find_named(ctx, cohort, text)
        for grant in (*(f"role:{role}" for role in roles), *(f"account:{person.id}" for person in people)):
            cohorts.add_moderator(cohort, grant)
        for person in people:
            People(cohorts.work).notify(
                person.id, message_keys.make_key(cohort.id, "moderates"), wording.describe_appointment(), ctx.now
            )
        return (*map(wording.format_role, roles), *(markup.name(person.external_id, person.name) for person in people))
