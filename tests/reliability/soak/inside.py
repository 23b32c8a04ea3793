"""A soak inside this process, on one file or database: for tests, and to have each statement compiled before a fork."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.runtime.answer_engine import AnswerEngine
from tests.reliability.soak.bot import units
from tests.reliability.soak.checker import Verdict
from tests.reliability.soak.drive import Drive, Seat
from tests.reliability.soak.inputs import Script, script
from tests.reliability.soak.processes import Inside, Process
from tests.reliability.soak.sky import Sky
from tests.reliability.soak.store import Store


def drive_inside(
    url: str,
    folder: Path,
    notebook: AnswerEngine,
    written: Script,
    chance: random.Random,
    *,
    seats: int = 1,
    **faults: Any,
) -> Drive:
    """Return a run that has its processes here.

    Args:
        seats: how many there are; several do not lock each other out of a file.
        faults: of the sky.
    """
    sky = Sky(chance, lambda: drive.now, **faults)

    async def begin(at: datetime) -> Process:
        return await Inside.begin(url, folder, at, notebook, sky.take)

    there = [Seat() for _ in range(seats)]
    drive = Drive(written, Store(url), sky, begin, there, chance, timedelta(days=2))
    return drive


async def soaked(drive: Drive) -> Verdict:
    """Go through all of it, and end its processes."""
    try:
        return await drive.run()
    finally:
        for seat in drive.seats:
            if seat.process is not None:
                await seat.process.kill()


async def rehearse(url: str, folder: Path, notebook: AnswerEngine) -> None:
    """Live through three weeks of two groups, without a fault."""
    written = script(1, 2, 3, units(notebook.library), 1)
    quiet = replace(written, events=tuple(event for event in written.events if event.kind == "say"))
    drive = drive_inside(url, folder, notebook, quiet, random.Random(1), share=0.0, deadly=0.0)
    verdict = await soaked(drive)
    drive.store.close()
    assert not verdict.wrong, verdict.wrong
