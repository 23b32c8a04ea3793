"""A small soak: five groups for three weeks of faults on one file; and that its checker finds what is wrong."""

from __future__ import annotations

import random
import shutil
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot import settings as settings_of
from bot.features.roadmap.shelf import Shelf
from bot.notebook import bind
from tests import harness
from tests.soak.bot import units
from tests.soak.checker import Verdict, check
from tests.soak.drive import Drive, Seat
from tests.soak.inputs import script
from tests.soak.processes import Inside, Process
from tests.soak.sky import Sky
from tests.soak.store import Store

COHORTS, WEEKS, SEED = 5, 3, 4


def _drive(folder: Path, seed: int = SEED) -> Drive:
    file = folder / "trailmate.db"
    shutil.copy(harness._template(), file)
    url, chance = f"sqlite:///{file}", random.Random(seed)
    notebook = bind(
        settings_of.load(_env_file=None, TRAILMATE_DATA_DIR=folder), Shelf(harness._library()), harness._index()
    )
    sky = Sky(chance, lambda: drive.now, deadly=0.03)

    async def deliver(post: dict[str, Any], again: bool) -> dict[str, Any]:
        return sky.deliver(post, again)

    async def begin(at: datetime) -> Process:
        return await Inside.begin(url, folder, at, notebook, deliver)

    drive = Drive(
        script(seed, COHORTS, WEEKS, units(harness._library()), 1),
        Store(url),
        sky,
        begin,
        [Seat()],
        chance,
        timedelta(days=2),
    )
    return drive


async def _soaked(folder: Path) -> tuple[Drive, Verdict]:
    drive = _drive(folder)
    try:
        return drive, await drive.run()
    finally:
        for seat in drive.seats:
            if seat.process is not None:
                await seat.process.kill()


async def test_nothing_is_lost_or_doubled_and_the_checker_would_see_it(tmp_path: Path) -> None:
    drive, verdict = await _soaked(tmp_path)
    assert not verdict.wrong
    assert verdict.counts["expected"] > 10 and verdict.counts["killed"] > 2 and verdict.counts["facts acknowledged"] > 5
    groups, ledger, arrivals, kept = drive.script.groups, drive.ledger, drive.sky.arrivals, drive.kept()
    drive.store.close()
    post = next(n for n, one in enumerate(arrivals) if one.key.endswith(":post"))
    late = replace(arrivals[post], at=arrivals[post].at + timedelta(hours=3))

    def wrong(*, seen: list[Any] | None = None, **changed: Any) -> set[str]:
        found = check(groups, ledger, arrivals if seen is None else seen, replace(kept, **changed))
        return {said.partition(":")[0] for said in found.wrong}

    assert wrong(seen=[*arrivals, arrivals[post]]) == {"doubled"}
    assert wrong(seen=arrivals[:post] + arrivals[post + 1 :]) == {"marked and never seen", "missing"}
    assert {"late unsaid"} <= wrong(seen=[*arrivals[:post], late, *arrivals[post + 1 :]])
    assert wrong(facts=kept.facts[1:]) == wrong(facts=[*kept.facts, kept.facts[0]]) == {"facts"}
    assert "opened otherwise" in wrong(opened={key: at + timedelta(hours=1) for key, at in kept.opened.items()})
