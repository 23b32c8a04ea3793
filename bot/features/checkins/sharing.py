"""Shared notes in a unit's thread: their keys, and the names they are signed with."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.commands.context import Actor
from bot.delivery import outbox
from bot.delivery.outbox import OutboxRow
from bot.delivery.redact_person import empty
from bot.features.checkins.tables import Checkin
from bot.features.groups import message_keys
from bot.features.groups.service import Groups
from bot.features.groups.tables import Group
from bot.features.people.tables import AccountRow
from bot.messages import markup
from bot.messages.reply import Reply
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


def list_thread_posts(session: Session, group_id: int, unit_id: str, kind: str) -> list[Reply]:
    """Return what members put into a unit's thread as it reads now, newest first: the kind is "share" or "question"."""
    chosen = select(OutboxRow.key).where(
        OutboxRow.parent_key == message_keys.make_post_key(group_id, unit_id),
        OutboxRow.key.startswith(f"{message_keys.make_key(group_id, kind)}:", autoescape=True),
        OutboxRow.action == "post",
        OutboxRow.sent_ref.is_not(None),
    )
    keys = session.scalars(chosen.order_by(OutboxRow.id.desc())).all()
    withdrawn = set(session.scalars(select(OutboxRow.key).where(OutboxRow.key.in_([f"{key}:delete" for key in keys]))))
    replies = (outbox.read_newest(session, key) for key in keys if f"{key}:delete" not in withdrawn)
    return [reply for reply in replies if reply is not None and reply.blocks]


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
