"""Drafts of messages that moderators send to members through the bot, at most once a week."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.features.digest.tables import KindWord

ONCE_IN = timedelta(days=7)
"""Minimum time between two such messages to a member, from any moderator in any group."""

_EASIER = "Is something in the way that we could make easier?"
_DRAFTS = {
    "never": (
        "Hi {who}, good that you are in {group}. You have missed nothing that you need: half an hour on the unit at "
        "hand is a start, and a question in the thread is welcome. " + _EASIER
    ),
    "fading": (
        "Hi {who}, good to have you in {group}. Nothing has to be caught up first: you can go on with the unit at "
        "hand, and half an hour counts. " + _EASIER
    ),
}
_IN_A_BREAK = {
    "never": (
        "Hi {who}, good that you are in {group}. This week is free, and you have missed nothing that you need: half an "
        "hour on the next unit is a start. " + _EASIER
    ),
    "fading": (
        "Hi {who}, good to have you in {group}. This week is free, and nothing has to be caught up first: you can go "
        "on with the next unit, and half an hour counts. " + _EASIER
    ),
}


def draft(kind: str, who: str, group: str, *, is_break: bool) -> str:
    """Return what may be said to a member, in the words of whoever says it.

    Args:
        who, group: plain or escaped, as the text is to be.
        is_break: no unit is at hand, in a free week.
    """
    return (_IN_A_BREAK if is_break else _DRAFTS)[kind].format(who=who, group=group)


def list_recent(session: Session, accounts: Collection[int], since: datetime) -> dict[int, datetime]:
    """Return when members were last written to, of those who were since an instant."""
    chosen = (
        select(KindWord.account_id, func.max(KindWord.at))
        .where(KindWord.account_id.in_(accounts), KindWord.at > since)
        .group_by(KindWord.account_id)
    )
    return {account_id: at for account_id, at in session.execute(chosen)}  # noqa: C416
