"""What the bot says of itself where nobody knows it yet."""

from __future__ import annotations

import logging
from datetime import datetime

from sqlalchemy import delete

from bot.chat.platform import Tell
from bot.commands.context import Place
from bot.features import command_links
from bot.features.groups.service import Groups
from bot.features.groups.tables import Group
from bot.features.people.service import People
from bot.features.setup.commands import setup, setup_name
from bot.features.setup.tables import Hello
from bot.messages import markup
from bot.messages.reply import Button, Reply, Text
from bot.storage.insert import insert_once
from bot.storage.unit_of_work import Database, Work

log = logging.getLogger(__name__)
WHAT = (
    "I guide a study group through a course, week by week. You get a post with the topic and an exercise, check-ins "
    "with a streak, and answers from the notes."
)


def greeting(work: Work, platform: str, tenant: str) -> Reply | None:
    """Return what stands where nothing was ever posted: how to start a group; None once one runs."""
    known = People(work).find_tenant(platform, tenant)
    if known is not None and Groups(work, {}).list_running(known.id):
        return None
    return Reply(
        (Text("No group here yet. Choose a name and a start date. You'll see the first post before it goes out."),),
        (
            Button("Start a group", setup_name.ask(start="today", step="post"), "primary"),
            Button("Set up step by step", setup.call()),
        ),
        title="Welcome to Trailmate",
    )


async def greet(database: Database, into: Place, read_in: Place, now: datetime, tell: Tell) -> None:
    """Say what the bot is where it was let in; what could not be shown is said at the next occasion.

    Args:
        into, read_in: as `hello` has them.
    """
    try:
        reply = await database.run(lambda work: hello(work, into, read_in, now))
        if reply is not None and not await tell(reply):
            await database.run(lambda work: _take_back(work, into))
    except Exception as error:  # noqa: BLE001  (whoever let it in knows what to type)
        log.warning("no hello was said (%s)", type(error).__name__)


def _take_back(work: Work, into: Place) -> None:
    here = Hello.platform == into.platform, Hello.tenant == (into.tenant or ""), Hello.room == into.room
    work.session.execute(delete(Hello).where(*here))


def hello(work: Work, into: Place, read_in: Place, now: datetime) -> Reply | None:
    """Return what the bot says where it was let in, once for each server and channel; None where it is no news.

    Args:
        into: a room, or a whole tenant where the room is empty.
        read_in: where it is read; a message of no tenant cannot begin a setup.
    """
    known = People(work).find_tenant(into.platform, into.tenant)
    row = {"platform": into.platform, "tenant": into.tenant or "", "room": into.room, "said_at": now}
    if insert_once(work.session, Hello, **row) is None or (known is not None and not into.room):
        return None
    running = Groups(work, {}).list_running(known.id) if known is not None else ()
    here = next((group for group in running if group.room == into.room and group.closed_at is None), None)
    return _of(here) if here is not None else _new(read_in)


def _of(group: Group) -> Reply:
    text = f"**{markup.escape(group.name)}** studies in this channel. Press Join to take part."
    return Reply(
        (Text(text),), (Button("Join", command_links.JOIN.call(group.id), "primary"), _CAN), title="Hello again"
    )


def _new(read_in: Place) -> Reply:
    if read_in.tenant is None:
        where = f"To set up a group, run {markup.typed(setup.name)} in the channel where it will meet."
        return Reply((Text(WHAT), Text(where)), (_CAN,), title=_HELLO)
    where = "A moderator can set up a group in a few steps. I post nothing before the last step."
    return Reply((Text(WHAT), Text(where)), (Button("Set up", setup.call(), "primary"), _CAN), title=_HELLO)


_HELLO, _CAN = "Hello, I'm Trailmate", Button("See help", command_links.HELP.call())
