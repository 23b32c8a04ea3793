"""A real process of the bot, begun as often as it ends."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from bot.runtime.settings import Settings

ROOT = Path(__file__).parents[3]
READY_S, END_S = 240.0, 60.0
ARMED = "armed"
"""The file in the data directory whose presence has a process be killed at its point."""


def environment(given: dict[str, str]) -> dict[str, str]:
    """Return the machine's environment with these settings of the bot and no others."""
    names = {str(model_field.validation_alias) for model_field in Settings.model_fields.values()}
    kept = {name: value for name, value in os.environ.items() if name not in names}
    return kept | {"PYTHONPATH": str(ROOT), "TRAILMATE_PORT": "0"} | given


@dataclass
class Bot:
    """One process, begun as often as it ends.

    Args:
        given: its settings, by their names.
        number: by which its log is named.
        took: the seconds that each beginning took.
    """

    folder: Path
    given: dict[str, str]
    number: int = 1
    prefix: tuple[str, ...] = ()
    process: asyncio.subprocess.Process | None = None
    took: list[float] = field(default_factory=list)
    _past: int = 0

    @property
    def log(self) -> Path:
        """The file in which all that it says stands."""
        return self.folder / f"{self.number}.log"

    @property
    def log_so_far(self) -> str:
        """What it has said since it was begun the last time."""
        return self.log.read_bytes()[self._past :].decode(errors="replace") if self.log.exists() else ""

    @property
    def address(self) -> str:
        """Where its page is."""
        return self.log_so_far.split("Trailmate is at ")[1].split()[0].replace("0.0.0.0", "127.0.0.1")

    async def start(self, *words: str, kill: str = "") -> None:
        """Start it with a verb, and do not wait.

        Args:
            kill: a point at which it is killed once `arm` was called; `killed.py` says how it is spelled.
        """
        self._past = self.log.stat().st_size if self.log.exists() else 0
        program = ["-m", "tests.reliability.drills.killed", kill] if kill else ["-m", "bot"]
        with self.log.open("ab") as out:
            self.process = await asyncio.create_subprocess_exec(
                *self.prefix,
                sys.executable,
                *program,
                *(words or ("run",)),
                cwd=self.folder,
                stdout=out,
                stderr=out,
                stdin=asyncio.subprocess.DEVNULL,
                env=environment(self.given),
            )

    async def begin(self, *, kill: str = "", said: str = "Trailmate is at ") -> None:
        """Start it, and wait until it has said something, its address if nothing else is named."""
        began = time.monotonic()
        await self.start(kill=kill)
        await self.says(said)
        self.took.append(time.monotonic() - began)

    async def says(self, text: str, within_s: float = READY_S) -> None:
        """Wait until its log holds a text."""
        began = time.monotonic()
        while text not in self.log_so_far:
            assert self.is_there, f"it ended before it said {text!r}"
            assert time.monotonic() - began < within_s, f"it has not said {text!r} in {within_s:.0f} s"
            await asyncio.sleep(0.1)

    @property
    def is_there(self) -> bool:
        """Whether the process runs."""
        return self.process is not None and self.process.returncode is None

    async def run(self, *words: str, kill: str = "", within_s: float = READY_S) -> int:
        """Have a verb run to its end and return its exit code."""
        await self.start(*words, kill=kill)
        return await self.ended(within_s)

    async def ended(self, within_s: float = READY_S) -> int:
        """Wait for its end and return the exit code; -9 of one that was killed."""
        assert self.process is not None
        return await asyncio.wait_for(self.process.wait(), within_s)

    def arm(self) -> None:
        """Have it be killed at its point from now on."""
        (self.folder / ARMED).touch()

    async def was_killed(self, within_s: float = 180.0) -> None:
        """Wait until its point has killed it, and have that happen no more."""
        code = await self.ended(within_s)
        assert code == -signal.SIGKILL, f"it ended by itself, with {code}"
        (self.folder / ARMED).unlink(missing_ok=True)

    async def end(self, number: signal.Signals = signal.SIGTERM) -> float:
        """Tell it to end; return the seconds that it took."""
        assert self.process is not None
        began = time.monotonic()
        self.process.send_signal(number)
        await self.ended(END_S)
        return time.monotonic() - began

    async def remove(self) -> None:
        """End it however it is."""
        if self.process is not None and self.is_there:
            with suppress(ProcessLookupError):
                self.process.send_signal(signal.SIGCONT)
                self.process.kill()
            await self.process.wait()

    async def health(self) -> dict[str, Any]:
        """Return what /healthz says."""
        timeout = aiohttp.ClientTimeout(10)
        async with aiohttp.ClientSession(timeout=timeout) as http, http.get(self.address + "/healthz") as answer:
            found: dict[str, Any] = json.loads(await answer.text())
            return found
