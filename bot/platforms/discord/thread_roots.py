"""With which answer of the bot a line goes on: the one that it replies to or was clicked on, or that heads its thread.

An answer names its turn on a button of its own, so that nothing has to be remembered of where it stands.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from typing import Any

import discord

from bot.commands.context import ALONE, ConversationRef, Place
from bot.messages import markup
from bot.messages.call import Call, turn_on
from bot.messages.reply import Reply, Subtext
from bot.platforms.discord.client import DiscordApi
from bot.platforms.discord.render import read_button

_THREADS = 1000
"""Number of threads whose root, and whose hint on how to continue, are remembered."""


def of_click(message: discord.Message | None, thread: str | None) -> ConversationRef:
    """Return the conversation that a click continues.

    Args:
        thread: the clicked message's thread, which takes answers for everyone.
    """
    turn = turn_of(message) if message is not None else ""
    return ConversationRef(turn, thread, bool(turn and thread))


def of_reply(message: discord.Message, me: int) -> ConversationRef:
    """Return the conversation that a reply to one of the bot's messages continues."""
    answered = message.reference.resolved if message.reference else None
    is_ours = isinstance(answered, discord.Message) and answered.author.id == me
    return ConversationRef(turn_of(answered)) if is_ours and isinstance(answered, discord.Message) else ALONE


def of_message(message: Mapping[str, Any]) -> ConversationRef:
    """Return the conversation of a raw message."""
    return ConversationRef(turn_on(_walk_calls(message.get("components") or [])))


def turn_of(message: discord.Message) -> str:
    """Return the turn that a message answers; "" if it is not an answer."""
    return turn_on(_walk_calls([row.to_dict() for row in message.components]))


class ThreadRootCache:
    """The answers at the root of threads; each thread is looked up once."""

    def __init__(self, api: DiscordApi) -> None:
        self._api = api
        self._turns: OrderedDict[str, str] = OrderedDict()
        self._guided: OrderedDict[str, None] = OrderedDict()

    def with_way_on(self, reply: Reply, thread: str | None, me: int) -> Reply:
        """Add a hint to the first answer in a thread: the bot reads only messages that mention it."""
        if thread is None or thread in self._guided or not reply.turn:
            return reply
        self._guided[thread] = None
        if len(self._guided) > _THREADS:
            self._guided.popitem(last=False)
        return reply.followed_by(Subtext(f"To continue, mention me: {markup.name(str(me), 'Trailmate')}."))

    async def of(self, place: Place) -> ConversationRef:
        """Return the conversation that a line in a thread continues; `ALONE` if the thread's root is no answer."""
        if place.thread is None or place.is_direct:
            return ALONE
        if place.thread not in self._turns:
            # a thread has the id of the message on which it hangs
            try:
                head = await self._api.message(place.room, place.thread)
            except discord.NotFound:
                head = {}  # it hangs on none: one of a forum, or one opened by itself
            except discord.HTTPException:
                return ALONE
            self._turns[place.thread] = turn_on(_walk_calls(head.get("components") or []))
            if len(self._turns) > _THREADS:
                self._turns.popitem(last=False)
        turn = self._turns[place.thread]
        return ConversationRef(turn, begins=bool(turn))


def _walk_calls(components: Any) -> Iterator[Call]:
    for component in components:
        if isinstance(component, Mapping):
            yield from _walk_calls(component.get("components") or [])
            for packed in (component.get("custom_id"), *(o.get("value") for o in component.get("options") or [])):
                if isinstance(packed, str):
                    try:
                        yield read_button(packed)[0]
                    except ValueError:
                        continue
