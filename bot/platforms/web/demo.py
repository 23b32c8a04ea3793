"""Move and show the demo's time on the page."""

from __future__ import annotations

import asyncio

from bot.platforms.web.people import DemoControls, Step
from bot.platforms.web.stream import Streams

_TICK_S = 0.25


class DemoTime:
    """Moves the demo's time, one move at a time, and updates the open pages meanwhile."""

    def __init__(self, controls: DemoControls | None, streams: Streams) -> None:
        self._controls, self._streams = controls, streams
        self.is_moving = False

    @property
    def controls(self) -> DemoControls | None:
        """The demo's controls, if this is the demo."""
        return self._controls

    def state(self) -> dict[str, object]:
        """Return the demo's time and whether it is moving, for the page's script."""
        now = self._controls.now.isoformat() if self._controls is not None else None
        return {"demo": now, "moving": self.is_moving}

    async def move(self, controls: DemoControls, to: Step) -> None:
        """Move the time; the caller must check `is_moving` first."""
        self.is_moving = True
        ticking = asyncio.create_task(self._tick())
        try:
            await controls.move(to)
        finally:
            self.is_moving = False
            ticking.cancel()
            self._streams.publish("time", self.state())
            self._streams.publish("room", {"room": "", "thread": None})

    async def _tick(self) -> None:
        while True:
            self._streams.publish("time", self.state())
            await asyncio.sleep(_TICK_S)
