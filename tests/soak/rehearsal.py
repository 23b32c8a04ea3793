"""A few weeks without a fault inside this process, after which each statement of the bot has been compiled once."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.notebook import Notebook
from tests.soak.bot import units
from tests.soak.drive import Drive, Seat
from tests.soak.inputs import script
from tests.soak.processes import Inside, Process
from tests.soak.sky import Sky
from tests.soak.store import Store


async def rehearse(url: str, folder: Path, notebook: Notebook) -> None:
    """Live through three weeks of two groups."""
    written, chance = script(1, 2, 3, units(notebook.library), 1), random.Random(1)
    quiet = replace(written, events=tuple(event for event in written.events if event.kind == "say"))
    store, sky = Store(url), Sky(chance, lambda: drive.now, share=0.0, deadly=0.0)

    async def deliver(post: dict[str, Any], again: bool) -> dict[str, Any]:
        return sky.deliver(post, again)

    async def begin(at: datetime) -> Process:
        return await Inside.begin(url, folder, at, notebook, deliver)

    drive = Drive(quiet, store, sky, begin, [Seat()], chance)
    try:
        verdict = await drive.run()
        assert not verdict.wrong, verdict.wrong
    finally:
        store.close()
        for seat in drive.seats:
            if seat.process is not None:
                await seat.process.kill()
