"""The tables as the code knows them."""

from __future__ import annotations

from sqlalchemy import MetaData

from bot.db import feed, inbox, outbox, rooms
from bot.db.base import Base

OWN_TABLES = (
    outbox.OutboxRow.__tablename__,
    rooms.ParkedRoom.__tablename__,
    inbox.InboxRow.__tablename__,
    inbox.Draft.__tablename__,
    feed.FeedMessage.__tablename__,
)
"""The tables of this layer; features bring theirs."""


def metadata() -> MetaData:
    """Return the metadata of this layer's tables and of every feature that has been imported."""
    return Base.metadata
