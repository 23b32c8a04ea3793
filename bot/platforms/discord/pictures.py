"""Messages with pictures and files: sent with them, and without where Discord does not take these."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import discord

from bot.core.picture import Picture
from bot.core.reply import File, Image, Reply
from bot.platforms.discord import limits
from bot.platforms.discord.render import Payload, filename

T = TypeVar("T")
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Upload:
    """A file of a message as a request carries it."""

    name: str
    media: str
    data: bytes


Files = tuple[Upload, ...]
"""The files of a message, in the order of its attachments."""
_NOT_TAKEN = {400, 403, 413}
"""What Discord answers to a file that it does not want, that the bot may not send, or that is too large."""


async def illustrated(
    pictures: Mapping[Image, Picture],
    reply: Reply,
    draw: Callable[[Collection[Image | File]], Payload],
    give: Callable[[Payload, Files], Awaitable[T]],
) -> T:
    """Give a message with its pictures and files; whatever is wrong with these, their text stands there instead.

    Args:
        pictures: those of it that are drawn.
        draw: returns the body with which these go.
        give: sends it; what it raises for a message without them is raised.
    """
    drawn = {image: one.png for image, one in pictures.items() if len(one.png) <= limits.PICTURE}
    files: dict[Image | File, Upload] = {
        image: Upload(filename(i), "image/png", png) for i, (image, png) in enumerate(drawn.items())
    }
    files |= {file: Upload(file.name, file.media, file.data) for file in reply.files}
    if files:
        try:
            return await give(draw(files), tuple(files.values()))
        except discord.HTTPException as trouble:
            if trouble.status not in _NOT_TAKEN:
                raise
            log.warning(
                "Discord did not take a message's picture or file (status %d, code %d), so it goes out without",
                trouble.status,
                trouble.code,
            )
    return await give(draw(()), ())


def multipart(body: Payload, files: Files) -> tuple[list[dict[str, Any]], list[discord.File]]:
    """Return the parts of a request with files, and the files as the SDK winds them back before each try."""
    opened = [discord.File(io.BytesIO(file.data), file.name) for file in files]
    parts: list[dict[str, Any]] = [{"name": "payload_json", "value": json.dumps(body)}]
    for i, (file, kept) in enumerate(zip(opened, files, strict=True)):
        part = {"name": f"files[{i}]", "value": file.fp, "filename": kept.name, "content_type": kept.media}
        parts.append(part)
    return parts, opened
