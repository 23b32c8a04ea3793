"""Keeps one platform, or the server, running while the others go on."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from aiohttp import ClientConnectorError

from bot.base.safe_traceback import trace
from bot.chat.platform import Refused, ReportState

log = logging.getLogger(__name__)
FIRST_S, LONGEST_S, STEADY_S = 1.0, 60.0, 120.0


@dataclass
class Supervisor:
    """Runs what serves until cancelled, restarts it with back-off when it falls, and stops at a final refusal."""

    name: str
    serve: Callable[[ReportState], Awaitable[None]]
    state: str = "starting"
    refusal: str = ""
    was_ready: bool = False
    """Whether what serves was there at some time."""
    refused: asyncio.Event = field(default_factory=asyncio.Event)
    _run: int = 0
    _last_trace: str = ""

    async def run(self) -> None:
        """Serve until cancelled or finally refused; no exception leaves."""
        name, wait_s = self.name, FIRST_S
        loop = asyncio.get_running_loop()
        while True:
            began = loop.time()
            self._run += 1
            try:
                await self.serve(self._reporter(self._run))
                trouble = "it ended unexpectedly"
            except Refused as refusal:
                self._end_run("refused")
                self.refusal = str(refusal)
                log.error("%s: %s", name, refusal)
                self.refused.set()
                return
            except ClientConnectorError:
                trouble = "no connection"
            except Exception as fault:  # noqa: BLE001  (whatever ends a platform, it is started again)
                trouble = type(fault).__name__
                self._log_trace(trace(fault))
            wait_s = FIRST_S if loop.time() - began > STEADY_S else wait_s
            self._end_run("restarting")
            log.warning("%s fell (%s); it starts again in %.0f s", name, trouble, wait_s)
            await asyncio.sleep(wait_s * random.uniform(0.8, 1.2))  # noqa: S311  (jitter, not a secret)
            wait_s = min(LONGEST_S, wait_s * 2)

    def _reporter(self, run: int) -> ReportState:
        """Return the state reporter of one run of the platform; reports after the run's end are ignored."""

        def report(state: str) -> None:
            if run != self._run:
                return
            if state != self.state:
                log.info("%s is %s", self.name, state)
            self.state = state
            self.was_ready |= state in ("ready", "standby")

        return report

    def _end_run(self, state: str) -> None:
        self._run += 1
        self.state = state

    def _log_trace(self, fell: str) -> None:
        """Log a platform's traceback, once for each place, because it may fail there every minute."""
        if fell != self._last_trace:
            log.error("%s fell\n%s", self.name, fell)
        self._last_trace = fell
