"""Shared notes in a unit's thread: their keys, and the names they are signed with."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.commands.context import Actor
from bot.delivery import outbox
from bot.delivery.redact_person import empty
from bot.features.checkins.tables import Checkin
from bot.features.groups import message_keys
from bot.features.groups.service import Groups
from bot.features.groups.tables import Group
from bot.features.people.tables import AccountRow
from bot.messages import markup
from bot.storage.unit_of_work import Work

LASTS = timedelta(days=3)
"""A note that could not be shown for so long is not news any more."""


def make_key(group_id: int, checkin_id: int) -> str:
    """Return the key of a check-in's shared note."""
    return message_keys.make_key(group_id, "share", checkin_id)


def format_signature(groups: Groups, group: Group, who: Actor) -> str:
    """Return the name that signs a person's words in a thread, small Markdown: their own name or alias."""
    return _format_name(groups, group, who.account_id, who)


def format_member(groups: Groups, group: Group, who: AccountRow) -> str:
    """Return the name by which a group knows a person, small Markdown: their own name or alias."""
    return _format_name(groups, group, who.id, who)


def _format_name(groups: Groups, group: Group, account_id: int, who: Actor | AccountRow) -> str:
    name = groups.names(group).shown().get(account_id, who.name)
    return markup.name(who.external_id, who.name) if name == who.name else markup.escape(name)


def take_back(work: Work, account_id: int) -> None:
    """Remove a person's shared notes from the threads."""
    theirs = select(Checkin.group_id, Checkin.id).where(Checkin.account_id == account_id)
    for group_id, checkin_id in work.session.execute(theirs).all():
        outbox.withdraw(work, shared := make_key(group_id, checkin_id))
        empty(work.session, shared)


def find_sharer(session: Session, of_key: str) -> AccountRow | None:
    """Return who shared the note with this key; None for other keys."""
    match message_keys.split_key(of_key):
        case ["share", number] if number.isdecimal():
            checkin = session.get(Checkin, int(number))
        case _:
            checkin = None
    return session.get(AccountRow, checkin.account_id) if checkin is not None else None
