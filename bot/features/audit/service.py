"""The audit log of moderators' commands, read by moderators of the same group.

It stores a command's short arguments, but no longer texts and no names of people.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ForeignKey, Index, String, or_, select, update
from sqlalchemy.orm import Mapped, aliased, mapped_column

from bot.commands.command import Command, ParamSpec
from bot.commands.context import Context
from bot.commands.parameter_types import FILES, Kind
from bot.commands.registry import Registry
from bot.features.groups.tables import Group, Membership
from bot.features.people.service import People
from bot.features.people.tables import AccountRow
from bot.messages import call, markup
from bot.storage.base import Base, UtcDateTime
from bot.storage.unit_of_work import Work

SAID_MAX, REASON_MAX = 300, 200


class AuditEntry(Base):
    """A moderator's command that has changed something; rows are only ever added.

    `about_id` is the member whom it was about, `said` its short arguments: no text of members, and nobody's name.
    Without a group it was about the whole tenant, as a roadmap is.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_tenant", "tenant_id", "group_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("tenant.id", ondelete="CASCADE"))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("study_group.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), index=True)
    about_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), index=True)
    command: Mapped[str] = mapped_column(String(42))
    said: Mapped[str] = mapped_column(String(SAID_MAX))
    reason: Mapped[str] = mapped_column(String(REASON_MAX))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


SHORT = 60
"""Characters of a text that is a name rather than somebody's words."""

_SILENT = frozenset({"confirm", "reason", "plan", "page", "of"})
"""What says nothing of what was done, or stands beside it."""

_UNTOLD = FILES | {Kind.URL}
"""Kinds of which only is told that one was given."""

_INSTANT = re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\dZ")
"""An instant as a button carries it."""


BY_OPERATOR = "by the operator"
"""The details of an entry for the operator's action."""


@dataclass(frozen=True)
class Spelled:
    """What a command was given: its short arguments, its reason, and the member whom it names, as they were named.

    `account_id` is that member's number where it was given instead.
    """

    said: str
    reason: str
    member: str
    account_id: int | None = None


def spell(command: Command, args: Mapping[str, object]) -> Spelled:
    """Return a command's arguments for the audit log."""
    given = [(param, args[param.name]) for param in command.params if _is_given(param, args)]
    parts = [
        _format_argument(param, value) for param, value in given if param.key not in _SILENT and not _is_person(param)
    ]
    member = next((str(value) for param, value in given if param.kind is Kind.MEMBER), "")
    numbered = next((value for param, value in given if param.says.is_account), None)
    reason = str(args.get("reason") or "")
    return Spelled(
        markup.clip(markup.clean(", ".join(parts)), SAID_MAX),
        markup.clip(markup.clean(reason), REASON_MAX),
        member,
        numbered if isinstance(numbered, int) else None,
    )


def in_zone(text: str, zone: str) -> str:
    """Return an entry's text with its times converted to a zone."""

    def local(match: re.Match[str]) -> str:
        try:
            at = datetime.fromisoformat(match[0]).astimezone(ZoneInfo(zone))
        except (ValueError, OverflowError):  # somebody's own words
            return match[0]
        return f"{at:%Y-%m-%d %H:%M} ({zone})"

    return _INSTANT.sub(local, text)


_WHO = frozenset({Kind.MEMBER, Kind.GROUP})


def _is_person(param: ParamSpec) -> bool:
    return param.kind in _WHO or param.says.is_account


def _is_given(param: ParamSpec, args: Mapping[str, object]) -> bool:
    return args.get(param.name) not in (None, "") and args[param.name] != param.default


def _format_argument(param: ParamSpec, value: object) -> str:
    says = param.says
    is_theirs = param.kind is Kind.TEXT and (says.long or says.mentions or param.characters > SHORT)
    if is_theirs or param.kind in _UNTOLD:
        return f"{param.key}: …"
    return f"{param.key}: {call.spelled({param.key: value})[param.key]}"


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
    who: AccountRow | None
    about: AccountRow | None
    group_id: int | None


def list_names(registry: Registry, typed: str) -> set[str]:
    """Return what was typed and every name, present or former, of the commands that it names."""
    command = registry.find(typed.lower())
    commands = [command] if command is not None else registry.list_group(typed.lower())
    former = {name.name for command in commands for name in command.formerly}
    return {typed, *(command.name for command in commands), *former}


class Audit:
    """What moderators have done, in one unit of work."""

    def __init__(self, work: Work) -> None:
        self._work, self._session = work, work.session

    def note(self, ctx: Context, command: Command, args: Mapping[str, object]) -> None:
        """Add an entry for the caller's command, in the same transaction as its changes."""
        group_id = ctx.actor.group_id
        tenant_id = self._tenant_id(ctx)
        if tenant_id is None:
            return
        given = spell(command, args)
        about_id = given.account_id or self._find_member(ctx, given.member)
        self._session.add(
            AuditEntry(
                tenant_id=tenant_id,
                group_id=group_id,
                account_id=ctx.actor.account_id or None,
                about_id=about_id,
                command=command.name,
                said=given.said,
                reason=given.reason,
                at=ctx.now,
            )
        )

    def note_own(self, group: Group, account_id: int, command: str, details: str, at: datetime) -> None:
        """Add an entry for a member's own action that moderators should know about."""
        self._session.add(
            AuditEntry(
                tenant_id=group.tenant_id,
                group_id=group.id,
                account_id=account_id,
                command=command,
                said=details,
                reason="",
                at=at,
            )
        )

    def note_request(self, tenant_ids: Iterable[int], command: str, at: datetime, reason: str = "") -> None:
        """Add an entry in some tenants for the operator's action, without naming the person."""
        self._session.add_all(
            AuditEntry(tenant_id=tenant_id, command=command, said=BY_OPERATOR, reason=reason, at=at)
            for tenant_id in tenant_ids
        )

    def entries(
        self,
        group_id: int,
        *,
        with_tenant: bool = False,
        who: int | None = None,
        commands: Collection[str] = (),
        since: datetime | None = None,
        before: int | None = None,
        most: int = LISTED,
    ) -> Sequence[Entry]:
        """Return what was done in a group, the newest first.

        Args:
            with_tenant: with what concerns no group alone: for those whom the whole tenant trusts.
            who: the account that did it, or whom it was about.
            commands: names, or how they begin; without any, every command.
            before: the number of the entry that was read last.
        """
        author, about = aliased(AccountRow), aliased(AccountRow)
        chosen = (
            select(AuditEntry, author, about)
            .outerjoin(author, author.id == AuditEntry.account_id)
            .outerjoin(about, about.id == AuditEntry.about_id)
        )
        here = AuditEntry.group_id == group_id
        if with_tenant:
            tenant = select(Group.tenant_id).where(Group.id == group_id).scalar_subquery()
            here = or_(here, (AuditEntry.group_id.is_(None)) & (AuditEntry.tenant_id == tenant))
        chosen = chosen.where(here)
        if who is not None:
            chosen = chosen.where(or_(AuditEntry.account_id == who, AuditEntry.about_id == who))
        if commands:
            begins = (AuditEntry.command.startswith(name.lower(), autoescape=True) for name in commands)
            chosen = chosen.where(or_(*begins))
        if since is not None:
            chosen = chosen.where(AuditEntry.at >= since)
        if before is not None:
            chosen = chosen.where(AuditEntry.id < before)
        rows = self._session.execute(chosen.order_by(AuditEntry.id.desc()).limit(most)).all()
        zone = self._session.get_one(Group, group_id).zone
        return [
            Entry(deed.id, deed.at, deed.command, in_zone(deed.said, zone), deed.reason, by, of, deed.group_id)
            for deed, by, of in rows
        ]

    def find_person(self, group_id: int, named: str) -> AccountRow | None:
        """Return the account in a group's audit log that a name or platform id means."""
        named_there = select(AuditEntry.account_id).where(AuditEntry.group_id == group_id)
        about_there = select(AuditEntry.about_id).where(AuditEntry.group_id == group_id)
        members = select(Membership.account_id).where(Membership.group_id == group_id)
        known = select(AccountRow).where(
            or_(AccountRow.id.in_(named_there), AccountRow.id.in_(about_there), AccountRow.id.in_(members))
        )
        return _find_account(self._session.scalars(known).all(), named)

    def _tenant_id(self, ctx: Context) -> int | None:
        if ctx.actor.group_id is not None:
            return self._session.get_one(Group, ctx.actor.group_id).tenant_id
        tenant = People(self._work).find_tenant(ctx.place.platform, ctx.place.tenant)
        return tenant.id if tenant is not None else None

    def _find_member(self, ctx: Context, named: str) -> int | None:
        """Return the account that a command named, including a person whom it removed from the group."""
        if not named or ctx.actor.group_id is None:
            return None
        members = select(Membership.account_id).where(Membership.group_id == ctx.actor.group_id)
        known = self._session.scalars(select(AccountRow).where(AccountRow.id.in_(members))).all()
        account = _find_account(known, named)
        return account.id if account is not None else None


def forget(work: Work, account_id: int) -> None:
    """Remove reasons and arguments of entries about a person; the entries stay."""
    work.session.execute(update(AuditEntry).where(AuditEntry.about_id == account_id).values(reason="", said=""))


def _find_account(accounts: Sequence[AccountRow], named: str) -> AccountRow | None:
    name = named.strip().lower()
    hits = [account for account in accounts if account.external_id.lower() == name]
    hits = hits or [account for account in accounts if account.name.lower() == name]
    hits = hits or [account for account in accounts if name and account.name.lower().startswith(name)]
    return hits[0] if len(hits) == 1 else None
