"""The rules of thanks: whom a line names, once per message, and a limited number a day."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from hashlib import blake2b

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, mapped_column

from bot.commands.context import Context
from bot.commands.parameter_types import Kind, parse
from bot.features.checkins import sharing
from bot.features.checkins.tables import Checkin
from bot.features.groups.direct_messages import queue_sentence
from bot.features.groups.service import Groups, lock_group
from bot.features.groups.tables import Group, Membership
from bot.features.people.tables import AccountRow
from bot.features.rules import MOST_THANKS
from bot.features.thanks import wording
from bot.messages import markup
from bot.messages.errors import NotAllowed, NotFound
from bot.storage.base import Base, UtcDateTime
from bot.storage.insert import insert_once


class Thank(Base):
    """One member thanks another; `about` tells one message from another, `on` is the giver's own day."""

    __tablename__ = "thanks"
    __table_args__ = (
        UniqueConstraint("group_id", "giver_id", "receiver_id", "about"),
        Index("ix_thanks_at", "group_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("study_group.id", ondelete="CASCADE"))
    giver_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), index=True)
    receiver_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    about: Mapped[str] = mapped_column(String(32))
    on: Mapped[date]
    at: Mapped[datetime] = mapped_column(UtcDateTime)


_JOINED = r"(?:(?:\s*[,;&+]|(?:^|\s+)and\b)+\s*)"

ALSO = re.compile(_JOINED, re.IGNORECASE)

"""What stands between two names."""

_POINTED = re.compile(r"<@!?\w+(?:\|[^>]*)?>|@\w(?:[\w.-]*\w)?")

_ENDS = re.compile(rf"\W*$|\s+for\b|{_JOINED}", re.IGNORECASE)

_FOR = re.compile(r"^for\s+", re.IGNORECASE)

_ROUND = " .!"


def parse_names(member: str, reason: str, is_member: Callable[[str], bool]) -> tuple[list[str], str]:
    """Return everybody whom a line names, each once and as typed, and the reason.

    Args:
        member: the value for the receiver; may name several.
        reason: the value for the reason; may begin with more names.
        is_member: whether a text is exactly a member's name.
    """
    parts = [part for part in ALSO.split(member.strip(_ROUND)) if part]
    several = len(parts) > 1 and not is_member(member) and any(map(is_member, parts))
    named, left = parts if several else [member], reason.strip()
    while (match := _match_name(left, is_member)) is not None:
        name, left = match
        named.append(name)
    once = {name.lstrip("@").casefold(): name for name in reversed(named)}
    return list(once.values())[::-1], _FOR.sub("", left.strip())


def find_first_named(text: str, known: Mapping[str, Collection[str]]) -> str | None:
    """Return the person whom a text names first, or None.

    Args:
        known: each person's names, by the value to return.
    """
    matches = (
        (match.start(), -len(name), person)
        for person, names in known.items()
        for name in names
        if (match := re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE))
    )
    return min(matches, default=(0, 0, None))[2]


def _match_name(text: str, is_member: Callable[[str], bool]) -> tuple[str, str] | None:
    """Return the name at the start of a reason, and the rest; without a joining word it must stand alone."""
    joined = ALSO.match(text)
    rest = text[joined.end() :] if joined else text
    if (pointed := _POINTED.match(rest)) is not None and (joined or _ENDS.match(rest, pointed.end())):
        return pointed[0], rest[pointed.end() :]
    name = rest[: match.start()] if (match := _ENDS.search(rest)) is not None else rest
    return (name, rest[len(name) :]) if name and is_member(name) else None


class Thanks:
    """Stores thanks, and notifies the receivers."""

    def __init__(self, groups: Groups) -> None:
        self._groups = groups
        self._session = groups.session

    def give(self, ctx: Context, group: Group, named: str, reason: str) -> tuple[str, bool]:
        """Thank the member who is named; return the name that was meant, small Markdown, and whether that is new.

        Thanks to an alias are stored apart from thanks to the person, so that an alias doesn't reveal its owner.

        Args:
            reason: what for, in the giver's words or those of the message; the same is the same message.
        """
        _, receiver = self._groups.find_member(group, named)
        name, text = self._groups.names(group).shown()[receiver.id], " ".join(markup.clean(reason).split())
        is_alias = name != receiver.name and named.strip().lower() == name.lower()
        about = _digest(f"{is_alias}:{text.casefold() or ctx.today}")
        who = markup.escape(name) if is_alias else markup.name(receiver.external_id, receiver.name)
        notice = partial(wording.render_notice, reason=text)
        return who, self._keep(ctx, group, receiver, who, about, notice)

    def whom(self, ctx: Context, group: Group, member: str, reason: str) -> tuple[list[str], str]:
        """Return everybody whom a line names, in the form that `give` takes, and the reason."""
        names = self._groups.names(group).shown()
        members = [account for _, account in self._groups.list_members(group.id)]
        known = {name.lower() for member in members for name in (member.name, member.name.split()[0], names[member.id])}
        named, left = parse_names(member, reason, lambda typed: typed.strip().lower().lstrip("@") in known)
        return [str(parse(Kind.MEMBER, name, ctx.today)) for name in named], left

    def give_for_note(self, ctx: Context, group: Group, checkin_id: int) -> tuple[str, bool]:
        """Thank the member who shared a check-in; return their shown name, small Markdown, and whether that is new."""
        checkin = self._session.get(Checkin, checkin_id)
        member = self._groups.find_membership(group.id, checkin.account_id) if checkin is not None else None
        if checkin is None or checkin.group_id != group.id or member is None or member.left_at is not None:
            raise NotFound(wording.SHARER_LEFT)
        receiver = self._session.get_one(AccountRow, checkin.account_id)
        who = markup.escape(self._groups.names(group).shown()[receiver.id])
        return who, self._keep(ctx, group, receiver, who, f"share:{checkin.id}", wording.render_notice_for_checkin)

    def give_about(
        self, ctx: Context, group: Group, account_id: int, who: str, about: str, notice: Callable[[str], str]
    ) -> bool:
        """Thank a member once for something of theirs; return whether that is new.

        Args:
            who: the name under which the giver sees them, small Markdown.
            about: what for, 32 characters at most.
            notice: returns the sentence to them from the giver's name.
        """
        return self._keep(ctx, group, self._session.get_one(AccountRow, account_id), who, about, notice)

    def _keep(
        self, ctx: Context, group: Group, receiver: AccountRow, who: str, about: str, notice: Callable[[str], str]
    ) -> bool:
        giver = ctx.actor
        if receiver.id == giver.account_id:
            raise NotAllowed(wording.NO_SELF_THANKS)
        lock_group(self._session, group.id)
        own_thanks = (Thank.group_id == group.id, Thank.giver_id == giver.account_id)
        same = select(Thank.id).where(*own_thanks, Thank.receiver_id == receiver.id, Thank.about == about)
        if self._session.scalar(same) is not None:
            return False
        today = (
            self._session.scalar(select(func.count()).select_from(Thank).where(*own_thanks, Thank.on == ctx.today)) or 0
        )
        if today >= MOST_THANKS:
            raise NotAllowed(wording.render_limit(who))
        made = insert_once(
            self._session,
            Thank,
            group_id=group.id,
            giver_id=giver.account_id,
            receiver_id=receiver.id,
            about=about,
            on=ctx.today,
            at=ctx.now,
        )
        giving = sharing.format_signature(self._groups, group, giver)
        queue_sentence(self._groups, group, receiver.id, f"thanks:{made}", notice(giving), ctx.now)
        return made is not None

    def receivers(self, group: Group, since: datetime, until: datetime) -> Sequence[int]:
        """Return the accounts that were thanked in a time span."""
        within = (Thank.group_id == group.id, Thank.at >= since, Thank.at < until)
        return self._session.scalars(select(Thank.receiver_id).where(*within).distinct()).all()

    def without_alias(self, group: Group, accounts: Sequence[int]) -> Sequence[int]:
        """Return those of some members who go by their own name."""
        if not accounts:
            return ()
        theirs = (Membership.group_id == group.id, Membership.account_id.in_(accounts), Membership.alias == "")
        return self._session.scalars(select(Membership.account_id).where(*theirs)).all()


def _digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=12).hexdigest()
