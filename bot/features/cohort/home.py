"""Where a cohort lives: a room in which the bot can do its work."""

from __future__ import annotations

from bot.core import markup
from bot.core.context import Context, Place
from bot.core.errors import BadInput
from bot.core.platform import Findings, Inspector


def place_of(ctx: Context, room: str) -> Place:
    """Return a room of the tenant that the Call came from."""
    return Place(ctx.place.platform, ctx.place.tenant, room)


def named(inspector: Inspector, ctx: Context, typed: str) -> None:
    """Refuse a channel by a name: only the platform knows which one that is."""
    if not inspector.is_room(place_of(ctx, typed)):
        raise BadInput(
            f"**Channel**: I cannot tell which channel “{markup.escape(typed, 40)}” is. "
            "Pick it from the list that # opens, or do this in the channel itself.",
            field="channel",
        )


async def look(inspector: Inspector, place: Place) -> Findings:
    """Make a room ready as far as the bot can, and return what is right and wrong with it."""
    await inspector.prepare(place)
    return await inspector.look(place)


async def check(inspector: Inspector, place: Place) -> None:
    """Make a room ready; BadInput says what is missing if the bot could not do its work there yet."""
    wrong = [f for f in await look(inspector, place) if not f.ok]
    if wrong:
        mends = "\n".join(f"- {f.said}" for f in wrong)
        raise BadInput(f"I could not do my work in that channel yet:\n{mends}", field="channel")
