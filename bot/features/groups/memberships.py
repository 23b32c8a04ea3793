"""What ties a person to the cohorts that a Call of theirs may be about: all in one look."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, exists, select, union
from sqlalchemy.orm import Session

from bot.commands.context import Role
from bot.features.groups.tables import Cohort, CohortModerator, Membership
from bot.features.people.tables import AccountRow, Tenant
from bot.storage.read_cache import made, recall, remember, rows

_ACCOUNT: BindParameter[int] = bindparam("account_id")
_TENANT: BindParameter[int] = bindparam("tenant_id")
_GRANT: BindParameter[str] = bindparam("grant")
_GRANTS: BindParameter[str] = bindparam("grants", expanding=True)
_WIDTH = len(Cohort.__table__.c)


@dataclass(frozen=True)
class Tie:
    """A cohort, and what a person is in it.

    Args:
        membership: their membership, also of one who left.
        is_named: whether the cohort names them, or a role of theirs, as its moderator.
    """

    cohort: Cohort
    membership: Membership | None
    is_named: bool

    @property
    def is_member(self) -> bool:
        """Whether they are in the cohort now, or were in one that has ended."""
        if self.membership is None:
            return False
        return self.cohort.ended_at is not None or self.membership.left_at is None

    @property
    def roles(self) -> frozenset[Role]:
        """Return the roles that the cohort itself gives them."""
        member: frozenset[Role] = frozenset({"member"} if self.is_member else ())
        moderator: frozenset[Role] = frozenset({"moderator"} if self.is_named else ())
        return member | moderator | {"anyone"}


def list_ties(
    session: Session, tenant: Tenant | None, account_id: int, grants: Collection[str], *, trusted: bool
) -> list[Tie]:
    """Return a tenant's running cohorts by age, then, the newest first, the ended ones whose record one may read.

    Args:
        tenant: where to look; None for the person's own cohorts everywhere.
        account_id: 0 is nobody that we know.
        grants: what may have made the person a moderator, besides their account.
        trusted: whether they moderate everything in the tenant.
    """
    named = frozenset({f"account:{account_id}", *(g for g in grants if g.startswith("role:"))})
    everywhere = tenant is None
    where = {} if tenant is None else {"tenant_id": tenant.id}

    def read() -> list[Tie]:
        by_grant: dict[str, object] = {"grants": sorted(named)} if len(named) > 1 else {"grant": next(iter(named))}
        chosen = _statement(everywhere, trusted, len(named) > 1)
        ties = [_tie(session, row) for row in rows(session, chosen, account_id=account_id, **by_grant, **where)]
        for tie in ties:
            remember(session, membership_key(tie.cohort.id, account_id), (Membership,), tie.membership)
        ended = [t for t in ties if t.cohort.ended_at is not None]
        return [t for t in ties if t.cohort.ended_at is None] + sorted(ended, key=_ended, reverse=True)

    key = ("ties", account_id, named, trusted, *where.values())
    return recall(session, key, (Cohort, CohortModerator, Membership, AccountRow, Tenant), read)


def membership_key(cohort_id: int, account_id: int) -> tuple[str, int, int]:
    """Return the key under which a membership is remembered in a unit of work."""
    return "membership", cohort_id, account_id


def _tie(session: Session, row: Sequence[Any]) -> Tie:
    cohort = made(session, Cohort, row[:_WIDTH])
    assert cohort is not None
    return Tie(cohort, made(session, Membership, row[_WIDTH:-1]), row[-1])


def _ended(tie: Tie) -> tuple[Any, int]:
    return tie.cohort.ended_at, tie.cohort.id


@cache
def _statement(everywhere: bool, trusted: bool, are_many: bool) -> Select[*tuple[Any, ...]]:
    """Return the statement, for one grant or for many; each way to a cohort goes through an index of its own."""
    is_granted = CohortModerator.grant.in_(_GRANTS) if are_many else CohortModerator.grant == _GRANT
    ways = [
        select(Membership.cohort_id).where(Membership.account_id == _ACCOUNT),
        select(CohortModerator.cohort_id).where(is_granted),
    ]
    within: list[ColumnElement[bool]] = []
    if not everywhere:
        here = select(Cohort.id).where(Cohort.tenant_id == _TENANT)
        ways.append(here if trusted else here.where(Cohort.ended_at.is_(None)))
        within.append(Cohort.tenant_id == _TENANT)
    is_named = exists().where(CohortModerator.cohort_id == Cohort.id, is_granted)
    mine = and_(Membership.cohort_id == Cohort.id, Membership.account_id == _ACCOUNT)
    return (
        select(*Cohort.__table__.c, *Membership.__table__.c, is_named)
        .outerjoin(Membership, mine)
        .where(Cohort.id.in_(union(*ways)), *within)
        .order_by(Cohort.id)
    )
