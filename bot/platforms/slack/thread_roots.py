"""Find the answer that an event continues: the clicked one, or the root of its thread. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from bot.commands.context import ConversationRef
from bot.messages.call import Call, turn_on
from bot.platforms.slack.decode import Payload, Route


def strand_of(body: Payload, route: Route) -> ConversationRef:
    """Return the conversation that an event continues, and where its answer will stand."""
    turn = turn_on(_calls(body.get("message")))
    if route.thread is not None:
        return ConversationRef(turn)
    return ConversationRef(turn, route.reply_in, begins=route.origin == "message" and route.reply_in is not None)


def _calls(drawn: Any) -> Iterator[Call]:
    """Yield the Calls of a message's buttons at any depth."""
    if isinstance(drawn, list):
        for child in drawn:
            yield from _calls(child)
    elif isinstance(drawn, Mapping):
        packed = drawn.get("value")
        if isinstance(packed, str):
            with suppress(ValueError):
                yield Call.unpack(packed)
        for inside in ("blocks", "elements", "accessory", "options"):
            yield from _calls(drawn.get(inside))
