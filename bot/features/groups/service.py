"""The rules of a cohort: who is in it, who moderates it, and what its room is told."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from bot.commands.context import Context, Place
from bot.curriculum.track import Library
from bot.delivery import suspended_channels
from bot.features import command_links
from bot.features.courses.own_roadmap import shelved
from bot.features.groups import message_keys
from bot.features.groups.aliases import Names
from bot.features.groups.calendar.timeline import Astray, Timeline, load_timeline
from bot.features.groups.memberships import membership_key
from bot.features.groups.tables import Cohort, CohortModerator, Membership
from bot.features.people.service import People
from bot.features.people.tables import AccountRow, Notice, Tenant
from bot.messages import markup, mention
from bot.messages.errors import NotFound
from bot.messages.reply import Button
from bot.storage.insert import insert_once
from bot.storage.read_cache import find, recall, remember, start_over
from bot.storage.unit_of_work import Work

Member = tuple[Membership, AccountRow]

_MEMBERSHIP = (
    select(Membership, AccountRow)
    .join(AccountRow, AccountRow.id == Membership.account_id)
    .where(Membership.cohort_id == bindparam("cohort"), Membership.account_id == bindparam("account"))
    .execution_options(populate_existing=True)
)
_NEAR = 0.7
"""How like a name has to be to what was typed to be meant by it, by `difflib`."""
_HELD = (
    select(Cohort)
    .where(Cohort.id == bindparam("cohort"))
    .with_for_update(key_share=True)
    .execution_options(populate_existing=True)
)


MOST_HELPERS = 3
"""People who are named to somebody who may not do something."""


def _like(said: str, names: Iterable[str]) -> str:
    """Return the names that may be meant by a slip, as a question; only of who is shown to the others."""
    by_key = {name.lower(): markup.escape(name, 40) for name in names}
    close_matches = difflib.get_close_matches(said, by_key, 2, _NEAR)
    return f" Do you mean {' or '.join(by_key[one] for one in close_matches)}?" if close_matches else ""


def none_here() -> NotFound:
    """Return the refusal where no cohort runs; its button starts one, or says who can."""
    return NotFound(
        f"No cohort runs here yet. A moderator starts one with {markup.typed('setup')}.",
        buttons=(Button("Set up a group", command_links.SETUP.call()),),
    )


def name_moderators(session: Session, cohort: Cohort) -> tuple[str, ...]:
    """Return the names, as tokens, of a few who moderate the cohort."""
    chosen = select(CohortModerator.grant).where(CohortModerator.cohort_id == cohort.id).order_by(CohortModerator.id)
    ids = [int(g.removeprefix("account:")) for g in session.scalars(chosen) if g.startswith("account:")]
    found = [session.get(AccountRow, one) for one in ids[:MOST_HELPERS]]
    return tuple(markup.name(a.external_id, a.name) for a in found if a is not None)


def hold(session: Session, cohort_id: int) -> None:
    """Have changes of a cohort's facts wait for one another from here on, and read anew what those before have left.

    On SQLite a unit of work that writes is alone from its beginning. What an account was not told hangs on no cohort.
    """
    if session.get_bind().dialect.name == "postgresql":

        def lock() -> Cohort | None:
            held = session.scalars(_HELD, {"cohort": cohort_id}).first()
            start_over(session, but=Notice)
            return held

        recall(session, ("held", cohort_id), (), lock)


class Cohorts:
    """Reads and changes cohorts and memberships.

    Args:
        installed: the roadmaps of all servers; what a server may learn from, its own among it, `tracks` tells.
    """

    def __init__(self, work: Work, installed: Library) -> None:
        self.work = work
        self.session = work.session
        self._installed = installed

    def tracks(self, ctx: Context) -> Library:
        """Return what the server of a Call may learn from: that of its group, else the one in which it was said."""
        if ctx.actor.cohort_id is not None:
            return self.tracks_of(self.get(ctx.actor.cohort_id))
        tenant = People(self.work).find_tenant(ctx.place.platform, ctx.place.tenant)
        return shelved(self.session, self._installed, tenant.id if tenant else None)

    def tracks_of(self, cohort: Cohort) -> Library:
        """Return what the server of a cohort may learn from."""
        return shelved(self.session, self._installed, cohort.tenant_id)

    def get(self, cohort_id: int | None) -> Cohort:
        """Return the cohort; NotFound if there is none here."""
        cohort = find(self.session, Cohort, cohort_id) if cohort_id is not None else None
        if cohort is None:
            raise none_here()
        return cohort

    def here(self, ctx: Context) -> Timeline:
        """Return the timeline of the cohort that the Call is about."""
        return self.timeline(self.get(ctx.actor.cohort_id))

    def timeline(self, cohort: Cohort) -> Timeline:
        """Return everything about when, for this cohort; Astray if its roadmap is no longer installed whole."""
        return load_timeline(self.session, cohort, self._installed)

    def astray(self, cohort: Cohort) -> Astray | None:
        """Return what the installed roadmaps lack for this cohort to go on, or None."""
        try:
            self.timeline(cohort)
        except Astray as astray:
            return astray
        return None

    def list_running(self, tenant_id: int) -> Sequence[Cohort]:
        """Return the tenant's cohorts that have not ended, oldest first."""
        chosen = select(Cohort).where(Cohort.tenant_id == tenant_id, Cohort.ended_at.is_(None)).order_by(Cohort.id)
        return self.session.scalars(chosen).all()

    def place(self, cohort: Cohort) -> Place:
        """Return the cohort's room."""
        tenant = self._tenant(cohort)
        return Place(tenant.platform, tenant.external_id, cohort.room, zone=cohort.zone)

    def direct(self, cohort: Cohort, account: AccountRow) -> Place:
        """Return the account's direct messages, reached as this cohort's tenant."""
        tenant = self._tenant(cohort)
        return replace(Place.direct(tenant.platform, tenant.external_id, account.external_id), zone=cohort.zone)

    def _tenant(self, cohort: Cohort) -> Tenant:
        of = ("tenant of", cohort.tenant_id)  # nothing else holds the row, so that the mapper would read it each time
        return recall(self.session, of, (Tenant,), lambda: self.session.get_one(Tenant, cohort.tenant_id))

    def bring_posts(self, cohort: Cohort, old: Place) -> int:
        """Have what waits in the room that the cohort has left follow it; return how many posts that are.

        A room that was held back and in which no cohort lives any more is forgotten.
        """
        moved = suspended_channels.follow(self.work, message_keys.prefix(cohort.id), old, cohort.room)
        lives = select(Cohort.id).where(
            Cohort.tenant_id == cohort.tenant_id, Cohort.room == old.room, Cohort.ended_at.is_(None)
        )
        if self.session.scalar(lives.limit(1)) is None:
            suspended_channels.free_room(self.work, old)
        return moved

    def wake(self, cohort: Cohort, now: datetime) -> None:
        """Have the schedule look at the cohort at its next tick, unless it waits for that already."""
        hold(self.session, cohort.id)
        if cohort.wake_at is None or cohort.wake_at > now:
            cohort.wake_at = now

    def find_membership(self, cohort_id: int, account_id: int) -> Membership | None:
        """Return the membership, also of someone who left, or None."""

        def read() -> Membership | None:
            row = self.session.execute(_MEMBERSHIP, {"cohort": cohort_id, "account": account_id}).first()
            if row is None:
                return None
            membership, account = row
            remember(self.session, ("account", account_id), (AccountRow,), account)  # else the session lets go of it
            return membership

        return recall(self.session, membership_key(cohort_id, account_id), (Membership,), read)

    def list_members(self, cohort_id: int) -> Sequence[Member]:
        """Return those who are in the cohort now, by name."""
        chosen = (
            select(Membership, AccountRow)
            .join(AccountRow, AccountRow.id == Membership.account_id)
            .where(Membership.cohort_id == cohort_id, Membership.left_at.is_(None))
            .order_by(AccountRow.name, AccountRow.id)
        )
        return [(m, a) for m, a in self.session.execute(chosen)]

    def count_members(self, cohort_id: int) -> tuple[int, int]:
        """Return how many are in the cohort now, and how many of them are reminded by message."""
        chosen = select(func.count(), func.count().filter(Membership.wants_reminders)).where(
            Membership.cohort_id == cohort_id, Membership.left_at.is_(None)
        )
        count, reminded = self.session.execute(chosen).one()
        return count, reminded

    def names(self, cohort: Cohort) -> Names:
        """Return the names that the cohort's people go by now."""
        return Names(self.list_members(cohort.id), self.moderators(cohort))

    def join(self, cohort: Cohort, account_id: int, *, is_shown: bool, now: datetime) -> tuple[Membership, bool]:
        """Make the account a member; return the membership and whether it is new or renewed."""
        # Who is new comes in as who comes back does, so that what follows a membership follows both.
        new = {"account_id": account_id, "cohort_id": cohort.id, "joined_at": now, "left_at": now, "is_shown": is_shown}
        insert_once(self.session, Membership, **new)
        membership = self.find_membership(cohort.id, account_id)
        assert membership is not None
        was_out = membership.left_at is not None
        membership.left_at = None
        self.wake(cohort, now)
        return membership, was_out

    def leave(self, cohort: Cohort, account_id: int, now: datetime) -> bool:
        """End the membership; its record and its settings stay. False if there was none."""
        membership = self.find_membership(cohort.id, account_id)
        if membership is None or membership.left_at is not None:
            return False
        membership.left_at = now
        self.wake(cohort, now)
        return True

    def find_member(self, cohort: Cohort, named: str) -> Member:
        """Return the member of this platform id, name or alias; NotFound says who is meant to be known."""
        said = named.strip().lower()
        members = self.list_members(cohort.id)
        hits = [pair for pair in members if pair[1].external_id.lower() == said]
        if not hits:
            shown = self.names(cohort).shown()
            hits = [(m, a) for m, a in members if said in (a.name.lower(), shown[a.id].lower())]
        hits = hits or [(m, a) for m, a in members if said and a.name.lower().startswith(said)]
        if len(hits) == 1:
            return hits[0]
        trouble = "is more than one member" if hits else "is not a member"
        is_id = mention.is_id(named)
        who = markup.name(named.strip(), "That person") if is_id else f"“{markup.escape(named, 40)}”"
        near = "" if hits or is_id else _like(said, (shown[a.id] for m, a in members if m.is_shown))
        raise NotFound(f"{who} {trouble} of {markup.escape(cohort.name)}.{near}", field="member")

    def add_moderator(self, cohort: Cohort, grant: str) -> None:
        """Let an account or a role moderate this cohort."""
        insert_once(self.session, CohortModerator, cohort_id=cohort.id, grant=grant)

    def moderator_roles(self, cohort: Cohort) -> list[str]:
        """Return the platform's ids of the roles that moderate this cohort."""
        grants = self.session.scalars(select(CohortModerator.grant).where(CohortModerator.cohort_id == cohort.id)).all()
        return sorted(g.removeprefix("role:") for g in grants if g.startswith("role:"))

    def moderators(self, cohort: Cohort) -> Sequence[AccountRow]:
        """Return the accounts that moderate this cohort by name, its creator first."""

        def read() -> Sequence[AccountRow]:
            chosen = select(CohortModerator.grant).where(CohortModerator.cohort_id == cohort.id)
            grants = self.session.scalars(chosen).all()
            ids = [int(g.removeprefix("account:")) for g in grants if g.startswith("account:")]
            found = {a.id: a for a in self.session.scalars(select(AccountRow).where(AccountRow.id.in_(ids)))}
            return [found[i] for i in dict.fromkeys((cohort.created_by, *ids)) if i in found]

        return recall(self.session, ("moderators", cohort.id), (Cohort, CohortModerator, AccountRow), read)
