"""The record of what moderators have done: written once for all commands, read by moderators of the same group."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import aliased

from bot.core.command import Command
from bot.core.context import Context
from bot.db.work import Work
from bot.features.audit.spelled import in_zone, spell
from bot.features.audit.tables import Deed
from bot.features.cohort.tables import Cohort, Membership
from bot.features.people.service import People
from bot.features.people.tables import Account

LISTED = 10


@dataclass(frozen=True)
class Entry:
    """A line of the record.

    Args:
        who, about: who did it and whom it was about; None is nobody, or somebody who is forgotten.
    """

    id: int
    at: datetime
    command: str
    said: str
    reason: str
    who: Account | None
    about: Account | None
    cohort_id: int | None


class Audit:
    """What moderators have done, in one unit of work."""

    def __init__(self, work: Work) -> None:
        self._work, self._session = work, work.session

    def note(self, ctx: Context, command: Command, args: Mapping[str, object]) -> None:
        """Keep that the caller has done what a command does; it commits with what was done."""
        cohort_id = ctx.actor.cohort_id
        tenant_id = self._tenant_id(ctx)
        if tenant_id is None:
            return
        given = spell(command, args)
        about_id = given.account_id or self._find_member(ctx, given.member)
        self._session.add(
            Deed(
                tenant_id=tenant_id,
                cohort_id=cohort_id,
                account_id=ctx.actor.account_id or None,
                about_id=about_id,
                command=command.name,
                said=given.said,
                reason=given.reason,
                at=ctx.now,
            )
        )

    def note_own(self, cohort: Cohort, account_id: int, command: str, said: str, at: datetime) -> None:
        """Keep what a member did about themselves of which the moderators of a group are to know."""
        self._session.add(
            Deed(
                tenant_id=cohort.tenant_id,
                cohort_id=cohort.id,
                account_id=account_id,
                command=command,
                said=said,
                reason="",
                at=at,
            )
        )

    def note_request(self, tenant_ids: Iterable[int], command: str, at: datetime, reason: str = "") -> None:
        """Keep in some tenants what whoever runs the bot did, at a person's request without the person."""
        self._session.add_all(
            Deed(tenant_id=one, command=command, said="by whoever runs me", reason=reason, at=at) for one in tenant_ids
        )

    def entries(
        self,
        cohort_id: int,
        *,
        with_tenant: bool = False,
        who: int | None = None,
        command: str | None = None,
        since: datetime | None = None,
        before: int | None = None,
        most: int = LISTED,
    ) -> Sequence[Entry]:
        """Return what was done in a cohort, the newest first.

        Args:
            with_tenant: with what concerns no cohort alone: for those whom the whole tenant trusts.
            who: the account that did it, or whom it was about.
            command: its name, or how it begins.
            before: the number of the entry that was read last.
        """
        author, about = aliased(Account), aliased(Account)
        chosen = (
            select(Deed, author, about)
            .outerjoin(author, author.id == Deed.account_id)
            .outerjoin(about, about.id == Deed.about_id)
        )
        here = Deed.cohort_id == cohort_id
        if with_tenant:
            tenant = select(Cohort.tenant_id).where(Cohort.id == cohort_id).scalar_subquery()
            here = or_(here, (Deed.cohort_id.is_(None)) & (Deed.tenant_id == tenant))
        chosen = chosen.where(here)
        if who is not None:
            chosen = chosen.where(or_(Deed.account_id == who, Deed.about_id == who))
        if command:
            chosen = chosen.where(Deed.command.startswith(command.lower(), autoescape=True))
        if since is not None:
            chosen = chosen.where(Deed.at >= since)
        if before is not None:
            chosen = chosen.where(Deed.id < before)
        found = self._session.execute(chosen.order_by(Deed.id.desc()).limit(most)).all()
        zone = self._session.get_one(Cohort, cohort_id).zone
        return [
            Entry(deed.id, deed.at, deed.command, in_zone(deed.said, zone), deed.reason, by, of, deed.cohort_id)
            for deed, by, of in found
        ]

    def find_person(self, cohort_id: int, named: str) -> Account | None:
        """Return the one whom a name or a platform's id means, among those whom the record of a cohort names."""
        named_there = select(Deed.account_id).where(Deed.cohort_id == cohort_id)
        about_there = select(Deed.about_id).where(Deed.cohort_id == cohort_id)
        members = select(Membership.account_id).where(Membership.cohort_id == cohort_id)
        known = select(Account).where(
            or_(Account.id.in_(named_there), Account.id.in_(about_there), Account.id.in_(members))
        )
        return _meant(self._session.scalars(known).all(), named)

    def _tenant_id(self, ctx: Context) -> int | None:
        if ctx.actor.cohort_id is not None:
            return self._session.get_one(Cohort, ctx.actor.cohort_id).tenant_id
        tenant = People(self._work).find_tenant(ctx.place.platform, ctx.place.tenant)
        return tenant.id if tenant is not None else None

    def _find_member(self, ctx: Context, named: str) -> int | None:
        """Return the account that a command named; somebody whom it took out of the group among them."""
        if not named or ctx.actor.cohort_id is None:
            return None
        members = select(Membership.account_id).where(Membership.cohort_id == ctx.actor.cohort_id)
        known = self._session.scalars(select(Account).where(Account.id.in_(members))).all()
        found = _meant(known, named)
        return found.id if found is not None else None


def forget(work: Work, account_id: int) -> None:
    """Take the reasons off the record that speak of a person: what was done stays, without them."""
    work.session.execute(update(Deed).where(Deed.about_id == account_id).values(reason="", said=""))


def _meant(accounts: Sequence[Account], named: str) -> Account | None:
    said = named.strip().lower()
    hits = [one for one in accounts if one.external_id.lower() == said]
    hits = hits or [one for one in accounts if one.name.lower() == said]
    hits = hits or [one for one in accounts if said and one.name.lower().startswith(said)]
    return hits[0] if len(hits) == 1 else None
