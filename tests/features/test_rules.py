"""Prose tells the numbers that the rules count with: changed ones show wherever people read them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[2]
OTHER_RULES = """
import asyncio, tempfile
from datetime import timedelta
from pathlib import Path
import bot.features.rules as rules

rules.BASE_POINTS = {"kept": 50, "late": 40, "caught up": 30}
rules.FIRST_FREEZES, rules.KEPT_PER_FREEZE, rules.RESTING_AFTER = 2, 5, 3
rules.MOST_MINUTES, rules.MOST_AWAY = 600, timedelta(weeks=3)

from tests.harness import text, world

async def talk() -> None:
    async with world(Path(tempfile.mkdtemp())) as w:
        await w.begin("ada", "ben")
        print(text((await w.posts())[0]))
        for line in ("away 2027-01-01", "checkin 601 x", "checkin 30 x", "progress"):
            print(text(await w.say("ada", line)))
        await w.after(weeks=4)
        print(text(await w.say("mo", "report")))
        print(w.app.registry.find("away").form_note)

asyncio.run(talk())
"""


def test_changed_numbers_show_wherever_people_read_them() -> None:
    ran = subprocess.run([sys.executable, "-c", OTHER_RULES], cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert ran.returncode == 0, ran.stderr

    for said in (
        "You earn 50 points on time, 40 up to 12 hours late, and 30 after that.",
        "you start with two.",
        "A break lasts three weeks at most",
        "1 to 600 minutes a day",
        "50 points this season",
        "Freezes: 2",
        "Missed three units in a row",
        "I'll pause your streak and reminders. Three weeks at most.",
    ):
        assert said in ran.stdout, ran.stdout
