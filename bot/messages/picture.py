"""Draw the pictures of replies, and build their URLs for web pages."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from urllib.parse import quote, urlencode

from bot.base.thread_pool import DaemonThreadPool
from bot.messages.reply import Image, Reply

log = logging.getLogger(__name__)
PATH = "/drawn"
DRAW_S, POST_S = 6.0, 10.0
"""Time-outs of a picture, including its wait in the queue, in an answer and in a post; then its text is sent."""
AT_ONCE = 2
"""PNGs rendered at once, on threads of their own."""


@dataclass(frozen=True)
class Picture:
    """A picture as files: `png` for chats (empty until rendered from the SVG) and, for most, `svg` for pages."""

    png: bytes = b""
    svg: bytes | None = None


class Unknown(Exception):
    """There is no such picture."""


Drawing = Callable[[Mapping[str, str]], Picture]
"""Draws the data of an Image, on a drawing thread; raises Unknown if the subject doesn't exist."""
Raster = Callable[[bytes], bytes]
"""Renders an SVG as PNG, on the same thread."""


class Gallery:
    """All drawings by name.

    A picture that can't be drawn is None, so an error never holds back the message.

    Args:
        raster: renders the PNG of pictures that are drawn as SVG only.
    """

    def __init__(self, drawings: Mapping[str, Drawing] = MappingProxyType({}), raster: Raster | None = None) -> None:
        self._drawings, self._raster = drawings, raster
        self._pool = DaemonThreadPool("picture", AT_ONCE)

    def draws(self, image: Image) -> bool:
        """Whether the image's drawing exists."""
        return image.drawing in self._drawings

    async def find(self, image: Image, *, is_for_chat: bool = False, within_s: float | None = None) -> Picture | None:
        """Draw a block's picture; None on failure. For a chat, it has a PNG.

        Args:
            within_s: the time-out, by default that of an answer.
        """
        if (draw := self._drawings.get(image.drawing)) is None:
            return None

        try:
            async with asyncio.timeout(DRAW_S if within_s is None else within_s):
                picture = await asyncio.to_thread(draw, image.data)
                return await self._add_png(picture) if is_for_chat and not picture.png else picture
        except Unknown:
            return None
        except Exception as trouble:  # noqa: BLE001  (its text stands in its place)
            log.warning("a picture by %s could not be drawn (%s)", image.drawing, type(trouble).__name__)
            return None

    async def _add_png(self, picture: Picture) -> Picture:
        """Return the picture with a PNG, rendered in the queue; a cancelled one is never rendered."""
        if picture.svg is None or self._raster is None:
            raise Unknown
        loop = asyncio.get_running_loop()
        return replace(picture, png=await loop.run_in_executor(self._pool, self._raster, picture.svg))

    async def draw_all(self, reply: Reply, most: int, within_s: float | None = None) -> dict[Image, Picture]:
        """Draw the first pictures of a reply, in order; leave out those that fail or time out."""
        named = [block for block in reply.blocks if isinstance(block, Image)][:most]
        drawn = await asyncio.gather(*(self.find(image, is_for_chat=True, within_s=within_s) for image in named))
        return {image: picture for image, picture in zip(named, drawn, strict=True) if picture is not None}


EMPTY = Gallery()
"""A gallery without drawings."""


def address(image: Image) -> str:
    """Return the picture's path on the web server."""
    return f"{PATH}/{quote(image.drawing, safe='')}?{urlencode(sorted(image.data.items()))}"
