"""Greetings in servers and channels that are new to the bot."""

from __future__ import annotations

import logging
from datetime import datetime

from sqlalchemy import String, UniqueConstraint, delete
from sqlalchemy.orm import Mapped, mapped_column

from bot.chat.platform import Tell
from bot.commands.context import Place
from bot.curriculum.track import Library
from bot.features.courses.own_roadmap import shelved
from bot.features.groups.service import Groups
from bot.features.people.service import People
from bot.features.setup import wording
from bot.messages.reply import Reply
from bot.storage.base import Base, UtcDateTime
from bot.storage.insert import insert_once
from bot.storage.unit_of_work import Database, Work


class Hello(Base):
    """A server, or a channel of a workspace, that the bot has greeted; an empty room is the whole server."""

    __tablename__ = "greeting"
    __table_args__ = (UniqueConstraint("platform", "tenant", "room"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    platform: Mapped[str] = mapped_column(String(16))
    tenant: Mapped[str] = mapped_column(String(64))
    room: Mapped[str] = mapped_column(String(64))
    said_at: Mapped[datetime] = mapped_column(UtcDateTime)


log = logging.getLogger(__name__)


def greeting(work: Work, library: Library, platform: str, tenant: str) -> Reply | None:
    """Return the welcome of a server without a group; None if it has one."""
    known = People(work).find_tenant(platform, tenant)
    if known is not None and Groups(work, {}).list_running(known.id):
        return None
    return wording.render_no_group(list(shelved(work.session, library, known.id if known else None).values()))


async def greet(database: Database, into: Place, read_in: Place, now: datetime, tell: Tell) -> None:
    """Greet a new server or channel; if the greeting can't be shown, try again at the next occasion.

    Args:
        into, read_in: as in `hello`.
    """
    try:
        reply = await database.run(lambda work: hello(work, into, read_in, now))
        if reply is not None and not await tell(reply):
            await database.run(lambda work: _take_back(work, into))
    except Exception as error:  # noqa: BLE001  (a missing greeting does no harm)
        log.warning("no hello was said (%s)", type(error).__name__)


def _take_back(work: Work, into: Place) -> None:
    here = Hello.platform == into.platform, Hello.tenant == (into.tenant or ""), Hello.room == into.room
    work.session.execute(delete(Hello).where(*here))


def hello(work: Work, into: Place, read_in: Place, now: datetime) -> Reply | None:
    """Return the greeting of a new server or channel, once for each; None if it was greeted before.

    Args:
        into: a channel, or a whole tenant if the room is empty.
        read_in: the place of the reader; setup needs a tenant.
    """
    known = People(work).find_tenant(into.platform, into.tenant)
    row = {"platform": into.platform, "tenant": into.tenant or "", "room": into.room, "said_at": now}
    if insert_once(work.session, Hello, **row) is None or (known is not None and not into.room):
        return None
    running = Groups(work, {}).list_running(known.id) if known is not None else ()
    here = next((group for group in running if group.room == into.room and group.closed_at is None), None)
    return (
        wording.render_hello_in_group(here)
        if here is not None
        else wording.render_hello(in_tenant=read_in.tenant is not None)
    )
