"""Send messages with pictures and files, and without them if Discord refuses them."""

from __future__ import annotations

import hashlib
import io
import json
import logging
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, TypeVar

import discord

from bot.messages.picture import Picture
from bot.messages.reply import File, Image, Reply
from bot.platforms.discord import limits
from bot.platforms.discord.render import Attachments, Payload

T = TypeVar("T")
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Upload:
    """A file in a request."""

    name: str
    media: str
    data: bytes


Files = tuple[Upload, ...]
"""The files of a message, in the order of its attachments."""
Standing = Mapping[str, str]
"""The files of an existing message: Discord's id of each by name."""
NONE_STANDING: Standing = MappingProxyType({})
_INVALID, _TOO_LARGE = 400, 413
_AUTOMOD = {200000, 200001}
"""Codes of what a server's AutoMod blocks, with or without pictures."""
_FORBIDDEN, _NO_PERMISSION = 403, 50013


async def illustrated(
    pictures: Mapping[Image, Picture],
    reply: Reply,
    draw: Callable[[Attachments], Payload],
    give: Callable[[Payload, Files], Awaitable[T]],
    *,
    standing: Standing = NONE_STANDING,
    may_attach: bool | None = None,
) -> T:
    """Send a message with its pictures and files; if Discord refuses these, send their text instead.

    Args:
        pictures: the drawn ones.
        draw: returns the body for the files that go with it.
        give: sends it; what it raises for a message without files is raised.
        standing: the files of the message that is edited. A picture that stands is kept by its id; one that could not
            be drawn keeps the picture before it.
        may_attach: whether the bot has Attach Files there; None if that is unknown.
    """
    attachments, uploads = _collect_attachments(pictures, reply, standing, may_attach=may_attach is not False)
    try:
        return await give(draw(attachments), uploads)
    except discord.HTTPException as trouble:
        if not uploads or not _blames_files(trouble, may_attach):
            raise
        log.warning(
            "Discord did not take a message's picture or file (status %d, code %d), so it goes out without",
            trouble.status,
            trouble.code,
        )
    return await give(draw({}), ())


def _collect_attachments(
    pictures: Mapping[Image, Picture], reply: Reply, standing: Standing, *, may_attach: bool
) -> tuple[dict[Image | File, Payload], Files]:
    """Return the body's entry for each file, pictures first, and the files to upload."""
    attachments: dict[Image | File, Payload] = {}
    uploads: list[Upload] = []

    def upload(block: Image | File, file: Upload, **more: str) -> None:
        attachments[block] = {"id": len(uploads), "filename": file.name, **more}
        uploads.append(file)

    for index, image in enumerate(_list_images(reply)):
        name, picture = filename(index, image), pictures.get(image)
        if name in standing:
            attachments[image] = {"id": standing[name], "filename": name}
        elif picture is not None and len(picture.png) <= limits.PICTURE and may_attach:
            upload(image, Upload(name, "image/png", picture.png), description=image.alt[: limits.ALT] or "A picture")
        elif old := next(
            (
                standing_name
                for standing_name in standing
                if re.split("[-.]", standing_name)[:2] == ["figure", str(index + 1)]
            ),
            None,
        ):
            attachments[image] = {"id": standing[old], "filename": old}
    for file in reply.files if may_attach else ():
        upload(file, Upload(file.name, file.media, file.data))
    return attachments, tuple(uploads)


def _blames_files(trouble: discord.HTTPException, may_attach: bool | None) -> bool:
    """Whether Discord may accept the same message without its files."""
    if trouble.status == _FORBIDDEN:
        return trouble.code == _NO_PERMISSION and may_attach is None
    return trouble.status in {_INVALID, _TOO_LARGE} and trouble.code not in _AUTOMOD


def _list_images(reply: Reply) -> list[Image]:
    return [block for block in reply.blocks if isinstance(block, Image)][: limits.PICTURES]


def filename(index: int, image: Image) -> str:
    """Return a picture's file name, which depends only on its position and content."""
    drawn = json.dumps([image.drawing, sorted(image.data.items())])
    return f"figure-{index + 1}-{hashlib.sha256(drawn.encode()).hexdigest()[:12]}.png"


def files_of(attachments: Iterable[Mapping[str, Any]]) -> Standing:
    """Return the files of a message by name, each with its id."""
    return {str(attachment["filename"]): str(attachment["id"]) for attachment in attachments}


def undrawn(reply: Reply, standing: Standing) -> Reply:
    """Return the reply without pictures that the message already has, so that they are not drawn again."""
    standing_images = {image for index, image in enumerate(_list_images(reply)) if filename(index, image) in standing}
    return replace(reply, blocks=tuple(block for block in reply.blocks if block not in standing_images))


def multipart(body: Payload, files: Files) -> tuple[list[dict[str, Any]], list[discord.File]]:
    """Return the parts of a multipart request, and its files, which the SDK rewinds before each try."""
    opened = [discord.File(io.BytesIO(file.data), file.name) for file in files]
    parts: list[dict[str, Any]] = [{"name": "payload_json", "value": json.dumps(body)}]
    for i, (file, upload) in enumerate(zip(opened, files, strict=True)):
        part = {"name": f"files[{i}]", "value": file.fp, "filename": upload.name, "content_type": upload.media}
        parts.append(part)
    return parts, opened
