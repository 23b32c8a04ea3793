"""A person's ties to groups (membership, moderation), read in one query."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, exists, select, union
from sqlalchemy.orm import Session

from bot.commands.context import Role
from bot.features.groups.tables import Group, GroupModerator, Membership
from bot.features.people.tables import AccountRow, Tenant
from bot.storage.read_cache import cache_value, read_cached

_ACCOUNT: BindParameter[int] = bindparam("account_id")
_TENANT: BindParameter[int] = bindparam("tenant_id")
_GRANT: BindParameter[str] = bindparam("grant")
_GRANTS: BindParameter[str] = bindparam("grants", expanding=True)


@dataclass(frozen=True)
class Tie:
    """A group and a person's roles in it.

    Args:
        membership: their membership, even after they left.
        is_named: whether the group names them, or a role of theirs, as moderator.
    """

    group: Group
    membership: Membership | None
    is_named: bool

    @property
    def is_member(self) -> bool:
        """Whether they are a member now, or were one until the group ended."""
        if self.membership is None:
            return False
        return self.group.ended_at is not None or self.membership.left_at is None

    @property
    def roles(self) -> frozenset[Role]:
        """Return the roles that the group itself gives them."""
        member: frozenset[Role] = frozenset({"member"} if self.is_member else ())
        moderator: frozenset[Role] = frozenset({"moderator"} if self.is_named else ())
        return member | moderator | {"anyone"}


def list_ties(
    session: Session, tenant: Tenant | None, account_id: int, grants: Collection[str], *, trusted: bool
) -> list[Tie]:
    """Return a person's running groups in a tenant by age, then ended ones whose record they may read, newest first.

    Args:
        tenant: where to look; None for the person's own groups everywhere.
        account_id: 0 for an unknown person.
        grants: what may make the person a moderator, besides their account.
        trusted: whether they moderate everything in the tenant.
    """
    named = frozenset({f"account:{account_id}", *(g for g in grants if g.startswith("role:"))})
    everywhere = tenant is None
    where = {} if tenant is None else {"tenant_id": tenant.id}

    def read() -> list[Tie]:
        by_grant: dict[str, object] = {"grants": sorted(named)} if len(named) > 1 else {"grant": next(iter(named))}
        chosen = _build_statement(everywhere, trusted, len(named) > 1)
        ties = [Tie(*row) for row in session.execute(chosen, {"account_id": account_id, **by_grant, **where})]
        for tie in ties:
            cache_value(session, make_membership_key(tie.group.id, account_id), (Membership,), tie.membership)
        ended = [t for t in ties if t.group.ended_at is not None]
        return [t for t in ties if t.group.ended_at is None] + sorted(ended, key=_select_ended, reverse=True)

    key = ("ties", account_id, named, trusted, *where.values())
    return read_cached(session, key, (Group, GroupModerator, Membership, AccountRow, Tenant), read)


def make_membership_key(group_id: int, account_id: int) -> tuple[str, int, int]:
    """Return the cache key of a membership within a unit of work."""
    return "membership", group_id, account_id


def _select_ended(tie: Tie) -> tuple[Any, int]:
    return tie.group.ended_at, tie.group.id


@cache
def _build_statement(everywhere: bool, trusted: bool, are_many: bool) -> Select[*tuple[Any, ...]]:
    """Return the query, for one grant or for many; each way to a group uses its own index."""
    is_granted = GroupModerator.grant.in_(_GRANTS) if are_many else GroupModerator.grant == _GRANT
    ways = [
        select(Membership.group_id).where(Membership.account_id == _ACCOUNT),
        select(GroupModerator.group_id).where(is_granted),
    ]
    within: list[ColumnElement[bool]] = []
    if not everywhere:
        here = select(Group.id).where(Group.tenant_id == _TENANT)
        ways.append(here if trusted else here.where(Group.ended_at.is_(None)))
        within.append(Group.tenant_id == _TENANT)
    is_named = exists().where(GroupModerator.group_id == Group.id, is_granted)
    own_membership = and_(Membership.group_id == Group.id, Membership.account_id == _ACCOUNT)
    return (
        select(Group, Membership, is_named)
        .outerjoin(Membership, own_membership)
        .where(Group.id.in_(union(*ways)), *within)
        .order_by(Group.id)
    )
