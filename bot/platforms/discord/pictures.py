"""Messages with pictures: sent with them, and without where Discord does not take these."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Awaitable, Callable, Collection
from typing import Any, TypeVar

import discord

from bot.core.picture import Gallery
from bot.core.reply import Image, Reply
from bot.platforms.discord import limits
from bot.platforms.discord.render import Payload, filename

T = TypeVar("T")
log = logging.getLogger(__name__)
Files = tuple[bytes, ...]
"""The pictures of a message, in the order of its attachments."""
_NOT_TAKEN = {400, 403, 413}
"""What Discord answers to a file that it does not want, that the bot may not send, or that is too large."""


async def illustrated(
    gallery: Gallery,
    reply: Reply,
    draw: Callable[[Collection[Image]], Payload],
    give: Callable[[Payload, Files], Awaitable[T]],
) -> T:
    """Give a message with its pictures; whatever is wrong with these, it is given with their text instead.

    Args:
        draw: returns the body in which these pictures are shown.
        give: sends it; what it raises for a message without pictures is raised.
    """
    pictures = await gallery.shown(reply, limits.PICTURES)
    files = {image: one.png for image, one in pictures.items() if len(one.png) <= limits.PICTURE}
    if files:
        try:
            return await give(draw(files), tuple(files.values()))
        except discord.HTTPException as trouble:
            if trouble.status not in _NOT_TAKEN:
                raise
            log.warning(
                "Discord did not take a message's picture (status %d, code %d), so it goes out without",
                trouble.status, trouble.code,
            )  # fmt: skip
    return await give(draw(()), ())


def multipart(body: Payload, files: Files) -> tuple[list[dict[str, Any]], list[discord.File]]:
    """Return the parts of a request with files, and the files as the SDK winds them back before each try."""
    opened = [discord.File(io.BytesIO(file), filename(i)) for i, file in enumerate(files)]
    parts: list[dict[str, Any]] = [{"name": "payload_json", "value": json.dumps(body)}]
    for i, file in enumerate(opened):
        part = {"name": f"files[{i}]", "value": file.fp, "filename": file.filename, "content_type": "image/png"}
        parts.append(part)
    return parts, opened
