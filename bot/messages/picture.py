"""Pictures that replies name: who draws which, and where a page asks for one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from urllib.parse import quote, urlencode

from bot.base.crew import Crew
from bot.messages.reply import Image, Reply

log = logging.getLogger(__name__)
PATH = "/drawn"
DRAW_S, POST_S = 6.0, 10.0
"""How long a picture may take, its turn among others included: in an answer, which is promised meanwhile, and in a
post, for which nobody waits. Then its text stands in its place."""
AT_ONCE = 2
"""PNGs that are made at a time; whoever comes later waits their turn, and holds no thread of anything else's."""


@dataclass(frozen=True)
class Picture:
    """A picture as files: `png` for chats, empty where it is made of the other; `svg` for pages where there is one."""

    png: bytes = b""
    svg: bytes | None = None


class Unknown(Exception):
    """There is no such picture."""


Drawing = Callable[[Mapping[str, str]], Picture]
"""Draws what the data of an Image name; raises Unknown where that is not there. It runs on a thread of its own."""
Raster = Callable[[bytes], bytes]
"""Makes a PNG of an SVG, on that thread too."""


class Gallery:
    """Every drawing by its name.

    A picture that cannot be drawn is None: whatever goes wrong with one, the message with its text goes out.

    Args:
        raster: makes the PNG of what is drawn as an SVG alone.
    """

    def __init__(self, drawings: Mapping[str, Drawing] = MappingProxyType({}), raster: Raster | None = None) -> None:
        self._drawings, self._raster = drawings, raster
        self._turns = Crew("picture", AT_ONCE)

    def draws(self, image: Image) -> bool:
        """Whether there is a drawing of its name."""
        return image.drawing in self._drawings

    async def find(self, image: Image, *, is_for_chat: bool = False, within_s: float | None = None) -> Picture | None:
        """Return the picture that a block names, or None; for a chat it has a PNG.

        Args:
            within_s: how long it may take, if not as long as in an answer.
        """
        if (draw := self._drawings.get(image.drawing)) is None:
            return None

        try:
            async with asyncio.timeout(DRAW_S if within_s is None else within_s):
                picture = await asyncio.to_thread(draw, image.data)
                return await self._for_chat(picture) if is_for_chat and not picture.png else picture
        except Unknown:
            return None
        except Exception as trouble:  # noqa: BLE001  (its text stands in its place)
            log.warning("a picture by %s could not be drawn (%s)", image.drawing, type(trouble).__name__)
            return None

    async def _for_chat(self, picture: Picture) -> Picture:
        """Return it with a PNG, when it is its turn; one that is given up before costs nothing."""
        if picture.svg is None or self._raster is None:
            raise Unknown
        loop = asyncio.get_running_loop()
        return replace(picture, png=await loop.run_in_executor(self._turns, self._raster, picture.svg))

    async def shown(self, reply: Reply, most: int, within_s: float | None = None) -> dict[Image, Picture]:
        """Return the first of a reply's pictures, in order, those left out that cannot be drawn in time."""
        named = [block for block in reply.blocks if isinstance(block, Image)][:most]
        drawn = await asyncio.gather(*(self.find(one, is_for_chat=True, within_s=within_s) for one in named))
        return {image: picture for image, picture in zip(named, drawn, strict=True) if picture is not None}


EMPTY = Gallery()
"""No picture at all."""


def address(image: Image) -> str:
    """Return the path under which the page's server has the picture."""
    return f"{PATH}/{quote(image.drawing, safe='')}?{urlencode(sorted(image.data.items()))}"
