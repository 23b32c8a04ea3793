"""The chat platforms that the settings name, and what carries posts to platforms."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from bot.base.clock import Clock
from bot.base.observer import NOBODY, Observer
from bot.chat.platform import Platform, PlatformServices, Tell
from bot.cluster.process_registry import ProcessRegistry
from bot.cluster.shards import open_leases
from bot.cluster.shared_rate_limits import open_limiter_store
from bot.commands.context import Place
from bot.curriculum.track import Library
from bot.delivery.installs import SqlInstalls
from bot.delivery.outbox_lease import Check
from bot.delivery.processed_events import Hearing
from bot.delivery.relay import Relay
from bot.features.dashboard_access.service import DASHBOARD_PATH as DASHBOARD
from bot.features.schedule.delivery_failures import DeliveryFailures
from bot.messages.picture import Gallery
from bot.platforms import REMOTE
from bot.runtime.settings import Settings
from bot.server.mount import Mount
from bot.storage.unit_of_work import Database

STYLES = tuple(f"{DASHBOARD}/static/{name}.css" for name in ("base", "message"))
"""What a page for everybody is drawn with."""


class Host(Protocol):
    """What hears of rooms."""

    async def report_usable(self, place: Place) -> None:
        """Have what waits at a place be tried."""

    async def arrived(self, into: Place, read_in: Place, tell: Tell) -> None:
        """Say hello where the bot was let in."""


@dataclass(frozen=True)
class Wiring:
    """What chat platforms are given besides their tokens.

    Args:
        clock: says when something is new that is kept.
        presence: this process among the others.
        host: there once all is wired.
    """

    database: Database
    gallery: Gallery
    clock: Clock
    presence: ProcessRegistry
    host: Callable[[], Host]


def open_chats(settings: Settings, wiring: Wiring) -> dict[str, Platform]:
    """Return those whose tokens are set; an SDK is read only where it is needed."""
    services = PlatformServices(
        report_usable=lambda place: wiring.host().report_usable(place),
        arrived=lambda into, read_in, tell: wiring.host().arrived(into, read_in, tell),
        gallery=wiring.gallery,
        limiter_store=open_limiter_store(wiring.database),
        first=Hearing(wiring.database),
        open_leases=lambda name, wanted: open_leases(wiring.database, wiring.presence, name, wanted),
        open_installs=lambda name: _open_installs(settings, wiring, name),
        styles=STYLES,
    )
    opened = {entry.name: entry.load_factory().open_platform(settings, services) for entry in REMOTE}
    return {name: platform for name, platform in opened.items() if platform is not None}


def _open_installs(settings: Settings, wiring: Wiring, name: str) -> SqlInstalls:
    from bot.storage.token_encryption import Vault

    return SqlInstalls(wiring.database, Vault(settings.keys), name, wiring.clock.now)


@runtime_checkable
class Mounted(Protocol):
    """A platform that is asked for by the network."""

    @property
    def mount(self) -> Mount:
        """What the server answers of it."""


def mounts(settings: Settings, platforms: Mapping[str, Platform]) -> list[Mount]:
    """Return what the server answers of chat platforms, in a process that takes their events."""
    taken = platforms.values() if "gateway" in settings.roles else ()
    return [platform.mount for platform in taken if isinstance(platform, Mounted)]


@runtime_checkable
class Parting(Protocol):
    """A platform whose events another process can take over."""

    async def part(self, within_s: float) -> None:
        """Hand over before the end; it answers until others do."""


async def part(platforms: Iterable[Platform], within_s: float) -> None:
    """Have other processes take over what this one hears, in so long at most; nothing that goes wrong leaves here."""
    parting = [platform.part(within_s) for platform in platforms if isinstance(platform, Parting)]
    await asyncio.gather(*parting, return_exceptions=True)


def open_relays(
    database: Database,
    library: Library,
    platforms: Mapping[str, Platform],
    clock: Clock,
    checks: Mapping[str, Check],
    owner: str,
    observer: Observer = NOBODY,
    *,
    says_late: bool = True,
) -> dict[str, Relay]:
    """Return a relay for each platform; `owner` is what this process signs its leases with."""
    trouble = DeliveryFailures(library)
    return {
        name: Relay(
            database,
            name,
            platform.deliver,
            clock=clock,
            checks=checks,
            owner=owner,
            observer=observer,
            on_trouble=lambda work, row: trouble(work, row, clock.now()),
            real_now=lambda: database.real_now(),
            says_late=says_late,
            fits=platform.fits,
        )
        for name, platform in platforms.items()
    }
