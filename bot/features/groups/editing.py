"""Edit, pause, resume and end a group: compute the new dates, carry the change out, and announce it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from sqlalchemy import select

from bot.chat.platform import Inspector
from bot.commands.context import Context, Place
from bot.commands.parameter_types import find_bool
from bot.delivery import outbox
from bot.delivery.outbox import Announcement
from bot.features.groups import message_keys, wording
from bot.features.groups.calendar import pacing
from bot.features.groups.calendar.pacing import Pause, Slot
from bot.features.groups.calendar.timeline import Timeline
from bot.features.groups.create_group import Rounds
from bot.features.groups.preview import GroupWish, Moved, Proposal, Proposals, list_changed_dates
from bot.features.groups.service import Groups
from bot.features.groups.tables import Group, OccurrenceChange, PauseRow, Shows
from bot.features.people.service import People
from bot.features.people.tables import AccountRow
from bot.messages import markup, mention
from bot.messages.errors import BadInput
from bot.storage.insert import insert_once


def parse_role(typed: str, home: Place) -> str | None:
    """Return the platform's id of the typed role, None for "off"; the role of everyone is refused.

    Args:
        home: the group's channel, wherever its moderator writes from.
    """
    value = typed.strip()
    if value.lower() == "nobody" or find_bool(value) is False:
        return None
    role = mention.find(value)
    if role is None or role.kind != "role" or role.id in ("", home.tenant):  # the role of everyone has its tenant's id
        raise BadInput(
            f"**Notify**: I can't notify “{markup.escape(typed, 40)}”. Type @ and pick one role or user group, or "
            "type `off`.",
            field="notify",
        )
    return role.id


async def check_role(inspector: Inspector, home: Place, role_id: str) -> None:
    """Refuse a role that a post in the group's channel can't notify; the error says how to fix it."""
    wrong = [f.sentences for f in await inspector.look_at_role(home, role_id) if not f.ok]
    if wrong:
        raise BadInput(f"**Notify**: {' '.join(wrong)}", field="notify")


HELD_DAYS = 364
"""How far a running deadline moves while a pause has no end; resuming sets it to what the pause really took."""


class Pausing:
    """Pauses and resumes a group."""

    def __init__(self, groups: Groups) -> None:
        self._groups = groups
        self._session = groups.session

    def proposed(self, ctx: Context, timeline: Timeline, weeks: int | None, from_: date | None) -> Pause:
        """Return the requested pause; BadInput if it isn't possible."""
        if any(p.until_at is None or p.until_at > ctx.now for p in timeline.pauses):
            raise BadInput(f"A pause is already set. To end it, type {markup.typed('manage resume')}.")
        planned = timeline.planned(ctx.now)
        today = ctx.now.astimezone(timeline.zone).date()
        if from_ is not None and from_ in (today, ctx.today):
            from_at = ctx.now  # "now" may be a day earlier or later in the group's zone
        elif from_ is not None and from_ < today:
            raise BadInput("**From**: that day is over. Example: `now`", field="from")
        elif from_ is not None:
            from_at = pacing.local_instant(from_, datetime.min.time(), timeline.zone)
        elif planned:
            from_at = planned[0].opens_at
        else:
            raise BadInput("There are no more units to post, so there is nothing to pause.")
        until_at = pacing.add_days(from_at, weeks * 7, timeline.zone) if weeks else None
        return Pause(from_at, until_at)

    def moved(self, timeline: Timeline, pause: Pause, now: datetime) -> tuple[Timeline, Slot | None]:
        """Return the timeline with the pause, and the running unit's new slot if the pause moves it."""
        after = replace(timeline, pauses=(*timeline.pauses, pause))
        running = timeline.running(now)
        if running is None or now > running.slot.deadline_at or pause.from_at > running.slot.deadline_at:
            return after, None
        span = timedelta(days=_count_moved_days(timeline, pause.from_at, pause.until_at))
        slot = pacing.extend_deadline(running.slot, timeline.zone, span)
        is_held = pause.until_at is None
        held = tuple(replace(o, slot=slot, is_held=is_held) if o is running else o for o in after.opened)
        return replace(after, opened=held), slot

    def begin(self, ctx: Context, timeline: Timeline, pause: Pause, reason: str) -> None:
        """Store the pause, hold or move the running unit, and announce it in the channel."""
        group = timeline.group
        row = PauseRow(
            group_id=group.id,
            from_at=pause.from_at,
            until_at=pause.until_at,
            author_id=ctx.actor.account_id,
            reason=reason,
            made_at=ctx.now,
        )
        self._session.add(row)
        self._session.flush()
        after, slot = self.moved(timeline, pause, ctx.now)
        if slot is not None:
            self._change(
                timeline, slot, f"pause:{row.id}", ctx, reason or wording.PAUSED, is_held=pause.until_at is None
            )
        planned = after.planned(ctx.now)
        effect = wording.describe_pause_effect(timeline, pause, slot, ctx.now)
        following = next((slot for slot in planned if slot.opens_at >= pause.from_at), None)
        label = after.label(following) if following is not None and following is not planned[0] else ""
        next_at = following.opens_at if following is not None else None
        post = wording.render_pause_post(group, pause, ctx.now, effect, next_at, label, reason)
        outbox.announce(
            self._groups.work,
            Announcement(
                message_keys.make_key(group.id, "pause", row.id),
                self._groups.place(group),
                post,
                ctx.now,
                pause.until_at,
            ),
        )
        self._groups.wake(group, ctx.now)

    def resume(self, ctx: Context, timeline: Timeline) -> tuple[Timeline, Pause | None]:
        """End the current or coming pause; return the timeline after it, and the pause if it had not begun."""
        group = timeline.group
        chosen = select(PauseRow).where(PauseRow.group_id == group.id).order_by(PauseRow.id.desc())
        row = next((p for p in self._session.scalars(chosen) if p.until_at is None or p.until_at > ctx.now), None)
        if row is None:
            raise BadInput(f"{markup.escape(group.name)} is not paused.")
        moved_days, began_at = _count_moved_days(timeline, row.from_at, row.until_at), row.from_at
        cancelled = Pause(row.from_at, row.until_at) if row.from_at > ctx.now else None
        row.from_at, row.until_at = min(row.from_at, ctx.now), ctx.now
        began = self._session.scalars(
            select(OccurrenceChange).where(
                OccurrenceChange.group_id == group.id, OccurrenceChange.cause == f"pause:{row.id}"
            )
        ).first()
        moved = timeline.find(began.unit_id) if began is not None else None
        if began is not None and moved is not None:
            back = pacing.add_days(moved.slot.deadline_at, -moved_days, timeline.zone)
            slot = replace(moved.slot, deadline_at=back, grace_until=back + pacing.GRACE)
            slot = pacing.extend_deadline(slot, timeline.zone, max(ctx.now - began_at, timedelta(0)))
            self._change(timeline, slot, f"resume:{row.id}", ctx, wording.RESUMED, is_held=False)
        self._session.flush()
        after = self._groups.timeline(group)
        planned = after.planned(ctx.now)
        post = wording.render_resumed_post(group, planned[0].opens_at if planned else None, cancelled)
        outbox.announce(
            self._groups.work,
            Announcement(message_keys.make_key(group.id, "resume", row.id), self._groups.place(group), post, ctx.now),
        )
        self._groups.wake(group, ctx.now)
        return after, cancelled

    def _change(self, timeline: Timeline, slot: Slot, cause: str, ctx: Context, reason: str, *, is_held: bool) -> None:
        insert_once(
            self._session,
            OccurrenceChange,
            group_id=timeline.group.id,
            unit_id=slot.unit_id,
            cause=cause,
            deadline_at=slot.deadline_at,
            grace_until=slot.grace_until,
            is_held=is_held,
            author_id=ctx.actor.account_id,
            reason=reason,
            made_at=ctx.now,
        )


def _count_moved_days(timeline: Timeline, from_at: datetime, until_at: datetime | None) -> int:
    """Return by how many local days a pause moves a running deadline."""
    if until_at is None:
        return HELD_DAYS
    return (until_at.astimezone(timeline.zone).date() - from_at.astimezone(timeline.zone).date()).days


TOLD_FOR = timedelta(days=2)
"""How long after a change its new dates may still be posted."""


@dataclass(frozen=True)
class Extras:
    """Further settings of an edit, as typed; they move no date.

    Args:
        switches: by the names of `SWITCHES`; None is unchanged.
    """

    switches: Mapping[str, bool | None] = field(default_factory=dict)
    shows: Shows | None = None
    moderators: str | None = None
    remove_moderators: str | None = None
    notify: str | None = None
    reason: str = ""

    def switch(self, group: Group) -> None:
        """Apply the switches that were named."""
        for name, is_on in self.switches.items():
            if is_on is not None:
                setattr(group, name, is_on)


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
        removed: tokens of the removed moderators.
        brought: how many queued posts follow the group from the old channel.
    """

    moved: Moved
    moderators: tuple[str, ...]
    removed: tuple[str, ...]
    brought: int


def tell_of_dates(groups: Groups, after: Timeline, moved: Moved, reason: str, now: datetime) -> None:
    """Announce the dates that moved, if any did."""
    if moved:
        key = message_keys.make_key(after.group.id, "dates", int(now.timestamp() * 1000))
        post = wording.render_new_dates(after, moved, reason)
        outbox.announce(groups.work, Announcement(key, groups.place(after.group), post, now, now + TOLD_FOR))


class Editing:
    """Edits groups."""

    def __init__(self, groups: Groups) -> None:
        self._groups = groups

    def outlook(self, ctx: Context, wish: GroupWish) -> Outlook:
        """Return the effect of a wish on the Call's group; BadInput if it isn't possible."""
        before = self._groups.here(ctx)
        proposals = Proposals(self._groups)
        proposal = proposals.changed(ctx, before, wish)
        after = proposals.timeline(ctx, proposal, before)
        moved = list_changed_dates(before.planned(ctx.now), after.planned(ctx.now))
        return Outlook(proposal, before, after, moved)

    def carry_out(self, ctx: Context, wish: GroupWish, extras: Extras) -> Edited:
        """Edit the group, announce moved dates, and bring queued posts along from a channel that it leaves."""
        timeline = self._groups.here(ctx)
        group = timeline.group
        proposal = Proposals(self._groups).changed(ctx, timeline, wish)
        before, old = timeline.planned(ctx.now), self._groups.place(group)
        proposal.apply(group)
        if not timeline.opened:
            group.confirmed_at = ctx.now
        extras.switch(group)
        if extras.shows is not None:
            group.channel_shows = extras.shows
        if extras.notify is not None:
            group.notified_role = parse_role(extras.notify, old)
        added = self._add_moderators(ctx, group, extras.moderators or "")
        removed = self._remove_moderators(ctx, group, extras.remove_moderators or "")
        self._groups.wake(group, ctx.now)
        self._groups.session.flush()
        after = self._groups.timeline(group)
        moved = list_changed_dates(before, after.planned(ctx.now))
        self._tell_the_room(ctx, after, moved, extras.reason, old)
        brought = self._groups.bring_posts(group, old) if group.room != old.room else 0
        return Edited(moved, added, removed, brought)

    def _tell_the_room(self, ctx: Context, after: Timeline, moved: Moved, reason: str, old: Place) -> None:
        """Announce moved dates, and update the welcome."""
        group, work = after.group, self._groups.work
        tell_of_dates(self._groups, after, moved, reason, ctx.now)
        if group.closed_at is None and group.room == old.room:
            welcome = wording.render_welcome(after, ctx.now, Rounds(self._groups).origin(group))
            outbox.revise(work, message_keys.make_welcome_key(group.id), welcome, due_at=ctx.now, every_s=0)

    def find_named(self, ctx: Context, group: Group, text: str) -> list[AccountRow]:
        """Return the members whom a text names without a mention.

        Raises:
            NotFound: a name is no member's.
            BadInput: a role is named without its members.
        """
        parts = list(mention.parts(text))
        has_role = any(not isinstance(part, str) and part.kind == "role" for part in parts)
        if has_role and not ctx.actor.tenancy.has_roles:
            raise BadInput(
                "**Moderators**: I can't see who is in a user group. Please name the people: "
                f"{markup.typed('manage edit moderators=@ada @ben')}.",
                field="moderators",
            )
        words = " ".join(part for part in parts if isinstance(part, str)).replace(",", " ").split()
        return [self._groups.find_member(group, word.lstrip("@"))[1] for word in words]

    def find_removed(self, group: Group, text: str, *, has_new: bool) -> dict[str, AccountRow | None]:
        """Return the grants of the moderators whom a text names, with their accounts, None for a role.

        Raises:
            NotFound: a name or role is no moderator's.
            BadInput: none would be left.

        Args:
            has_new: whether others become moderators at the same time.
        """
        people, roles = self._groups.moderators(group), self._groups.moderator_roles(group)
        removed: dict[str, AccountRow | None] = {}
        for part in mention.parts(text):
            if not isinstance(part, str) and part.kind == "role":
                if part.id not in roles:
                    raise wording.refuse_no_moderator(wording.format_role(part.id))
                removed[f"role:{part.id}"] = None
                continue
            words = part.replace(",", " ").split() if isinstance(part, str) else [part.id]
            for word in words:
                name = word.lstrip("@")
                account = next(
                    (a for a in people if a.external_id == name or a.name.casefold() == name.casefold()), None
                )
                if account is None:
                    raise wording.refuse_no_moderator(markup.escape(name))
                removed[f"account:{account.id}"] = account
        if removed and not has_new and len(removed) == len(people) + len(roles):
            raise wording.refuse_last_moderator()
        return removed

    def _remove_moderators(self, ctx: Context, group: Group, text: str) -> tuple[str, ...]:
        """Take the permission to moderate from the people and roles that a text names; return their tokens."""
        grants = self.find_removed(group, text, has_new=False)
        if grants:
            self._groups.remove_moderators(group, grants)
        for account in grants.values():
            if account is not None and account.id != ctx.actor.account_id:
                key = message_keys.make_key(group.id, f"moderates-no-more:{int(ctx.now.timestamp())}")
                People(self._groups.work).notify(account.id, key, wording.describe_dismissal(group), ctx.now)
        return tuple(
            wording.format_role(grant.removeprefix("role:"))
            if account is None
            else markup.name(account.external_id, account.name)
            for grant, account in grants.items()
        )

    def _add_moderators(self, ctx: Context, group: Group, text: str) -> tuple[str, ...]:
        """Make the people and roles that a text names moderators; return their tokens."""
        groups, parts = self._groups, list(mention.parts(text))
        pointed = [part for part in parts if not isinstance(part, str)]
        roles = [mentioned.id for mentioned in pointed if mentioned.kind == "role"]
        people = [
            People(groups.work).ensure_mentioned(ctx, mentioned) for mentioned in pointed if mentioned.kind == "person"
        ]
        people += self.find_named(ctx, group, text)
        for grant in (*(f"role:{role}" for role in roles), *(f"account:{person.id}" for person in people)):
            groups.add_moderator(group, grant)
        for person in people:
            People(groups.work).notify(
                person.id, message_keys.make_key(group.id, "moderates"), wording.describe_appointment(), ctx.now
            )
        return (*map(wording.format_role, roles), *(markup.name(person.external_id, person.name) for person in people))
