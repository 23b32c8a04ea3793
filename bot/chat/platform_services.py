"""What the process hands to a platform besides its settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.base.rate_limiter import LimiterStore
from bot.chat.installs import Installs
from bot.chat.platform import Arrived, First, Mended
from bot.chat.shards import Sharing, Wanted
from bot.messages.picture import Gallery


@dataclass(frozen=True)
class PlatformServices:
    """Services of the process, each by the port that platforms know.

    Args:
        mended: called if a room may take messages again.
        arrived: called if the bot was let in somewhere.
        gallery: draws pictures.
        paces: rate limits that all processes share.
        first: decides whether this process handles an event that several processes hear.
        open_sharing: opens the sharing of a platform's shards, given its name and what the settings want.
        open_installs: opens the stored installs of a platform, given its name.
        styles: addresses of the style sheets for pages that anybody may open.
    """

    mended: Mended
    arrived: Arrived
    gallery: Gallery
    paces: LimiterStore
    first: First
    open_sharing: Callable[[str, Wanted], Sharing]
    open_installs: Callable[[str], Installs]
    styles: tuple[str, ...]
