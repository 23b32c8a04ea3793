"""A small soak: five groups for three weeks of faults on one file; and that its checker finds what is wrong."""

from __future__ import annotations

import asyncio
import random
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, true

from bot.chat.platform import Sent
from bot.curriculum.shelf import CourseShelf
from bot.delivery import outbox_lease as claims
from bot.delivery.outbox import Announcement, OutboxRow
from bot.delivery.relay import DeliveryOutcome, Relay, attempt
from bot.delivery.scheduled_post import ScheduledPost
from bot.features.checkins.service import Progress
from bot.features.checkins.tables import Checkin
from bot.features.groups.calendar import pacing
from bot.features.groups.snapshot import GroupSnapshot
from bot.messages.reply import Reply, Text
from bot.runtime import settings as settings_of
from bot.runtime.answer_engine import bind
from bot.runtime.app import App
from bot.runtime.composition import build
from bot.storage.unit_of_work import Work
from tests import harness
from tests.reliability.soak import bot
from tests.reliability.soak.bot import units
from tests.reliability.soak.checker import check
from tests.reliability.soak.drive import Drive
from tests.reliability.soak.inputs import Event, Group, Script, script
from tests.reliability.soak.inside import drive_inside, soaked
from tests.shipped import read_courses

GROUPS, WEEKS, SEED = 5, 3, 4
BERLIN = ZoneInfo("Europe/Berlin")


def _drive(folder: Path, written: Script, *, seats: int = 1, **faults: Any) -> Drive:
    file = folder / "trailmate.db"
    shutil.copy(harness._template(), file)
    notebook = bind(
        settings_of.load(_env_file=None, TRAILMATE_DATA_DIR=folder), CourseShelf(read_courses()), harness._index()
    )
    return drive_inside(f"sqlite:///{file}", folder, notebook, written, random.Random(SEED), seats=seats, **faults)


async def test_nothing_is_lost_or_doubled_and_the_checker_would_see_it(tmp_path: Path) -> None:
    drive = _drive(tmp_path, script(SEED, GROUPS, WEEKS, units(read_courses()), 1), deadly=0.03)
    verdict = await soaked(drive)
    assert not verdict.wrong
    assert verdict.counts["expected"] > 10 and verdict.counts["killed"] > 2 and verdict.counts["facts acknowledged"] > 5
    groups, ledger, arrivals, kept = drive.script.groups, drive.ledger, drive.sky.arrivals, drive.kept()
    drive.store.close()
    post = next(n for n, one in enumerate(arrivals) if one.key.endswith(":post"))
    late = replace(arrivals[post], at=arrivals[post].at + timedelta(hours=3))
    other = replace(arrivals[post], key=f"{arrivals[post].key}:again")

    def wrong(*, seen: list[Any] | None = None, **changed: Any) -> set[str]:
        found = check(groups, ledger, arrivals if seen is None else seen, replace(kept, **changed))
        return {said.partition(":")[0] for said in found.wrong}

    assert wrong(seen=[*arrivals, arrivals[post]]) == {"doubled"}
    assert wrong(seen=arrivals[:post] + arrivals[post + 1 :]) == {"marked and never seen", "missing"}
    assert {"late unsaid"} <= wrong(seen=[*arrivals[:post], late, *arrivals[post + 1 :]])
    assert "unexpected" in wrong(seen=[*arrivals, other])
    assert wrong(facts=kept.facts[1:]) == wrong(facts=[*kept.facts, kept.facts[0]]) == {"facts"}
    assert "opened otherwise" in wrong(opened={key: at + timedelta(hours=1) for key, at in kept.opened.items()})
    assert wrong(wakes=dict.fromkeys(kept.wakes)) == {"sleeps"}
    assert wrong(settled=dict.fromkeys(kept.settled)) == {"settled late"}


MARCH = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)


def _one_group() -> Script:
    """Return three weeks of one group that posts on Sundays at half past two, which once is no hour."""
    walked = next(iter(units(read_courses()).items()))
    rhythm = (6, time(2, 30), 5, time(2, 30))
    group = Group(
        0, "discord", "discord-0", "C0", "Europe/Berlin", date(2026, 3, 22), rhythm, 1, *walked, False, None, ("u0",)
    )
    said = [(1, "u0", "join"), (73, "u0", "checkin 30 note"), (360, "mo", "cohort pause 1 from=now confirm=yes")]
    events = tuple(Event(MARCH + timedelta(hours=hours), "say", 0, who, line) for hours, who, line in said)
    return Script((group,), events, MARCH + timedelta(weeks=3))


def _sent_before(patch: pytest.MonkeyPatch) -> None:
    """Mark each message as sent, then send it."""

    async def carried(relay: Any, taken: claims.Claim) -> None:
        prepared = await relay._database.run(
            lambda work: claims.prepare(
                work, relay._owner, taken, relay._clock.now(), relay._real_now(), relay._checks, relay._on_trouble
            )
        )
        if isinstance(prepared, claims.LeasedRow):
            await relay._mark(taken, DeliveryOutcome(sent=Sent("m")), prepared)
            await attempt(relay._deliver, prepared)

    patch.setattr(Relay, "_deliver_claimed", carried)


def _lease_ignored(patch: pytest.MonkeyPatch) -> None:
    """Take rows that another relay holds, as if nobody had tried them."""

    def claim(work: Work, *given: Any) -> list[claims.Claim]:
        found = claimed(work, *given)
        for one in found:
            work.session.get_one(OutboxRow, one.id).tries = 0
        return [replace(one, tries=1) for one in found]

    claimed = claims.claim
    patch.setattr(claims, "claim", claim)
    patch.setattr(claims, "_is_free", lambda real: true())
    patch.setattr(claims, "_is_first", lambda real: true())
    patch.setattr(claims, "_select_claimable", claims._select_claimable.__wrapped__)
    patch.setattr(claims, "_anything_due", claims._anything_due.__wrapped__)
    patch.setattr(claims, "find_leased", lambda work, owner, one: work.session.get(OutboxRow, one.id))


def _twice_in_a_gap(patch: pytest.MonkeyPatch) -> None:
    """Post a unit once more when the hour that it opened at has been left out by the clock."""

    def due(snapshot: GroupSnapshot) -> list[Announcement]:
        slots = [one.slot for one in snapshot.timeline.opened if one.slot.opens_at.astimezone(BERLIN).hour == 3]
        said, key = Reply((Text("Again."),)), "post:3"
        return [
            Announcement(snapshot.key(slot.unit_id, key), snapshot.place, said, slot.opens_at, None) for slot in slots
        ]

    def built(*given: Any, **more: Any) -> App:
        app = build(*given, **more)
        app.tick = replace(app.tick, posts=(*app.tick.posts, ScheduledPost("again", due, lambda snapshot: None)))
        return app

    patch.setattr(bot, "build", built)


def _pause_ignored(patch: pytest.MonkeyPatch) -> None:
    """Open units though the group pauses."""
    patch.setattr(pacing, "_move_out_of_pauses", lambda opens_at, *_: opens_at)


def _not_committed(patch: pytest.MonkeyPatch) -> None:
    """Acknowledge a check-in and keep nothing of it."""

    def check_in(progress: Progress, *given: Any) -> Any:
        found = checked_in(progress, *given)
        progress.session.execute(delete(Checkin).where(Checkin.id == found[2].id))
        return found

    checked_in = Progress.check_in
    patch.setattr(Progress, "check_in", check_in)


Fault = Callable[[pytest.MonkeyPatch], None]
FAULTS: dict[Fault, set[str]] = {
    _sent_before: {"marked and never seen", "missing"},
    _lease_ignored: {"doubled"},
    _twice_in_a_gap: {"unexpected"},
    _pause_ignored: {"opened otherwise"},
    _not_committed: {"facts"},
}


@pytest.mark.parametrize(
    "fault",
    [
        None,
        _sent_before,
        *(pytest.param(fault, marks=pytest.mark.nightly) for fault in FAULTS if fault != _sent_before),
    ],
)
async def test_a_fault_of_the_bot_is_noticed(
    fault: Fault | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if fault is not None:
        fault(monkeypatch)
    under_way, overtaken = asyncio.Event(), asyncio.Event()

    async def lasts() -> None:
        """Have the first delivery wait for one of the same message by the other process."""
        if fault is not _lease_ignored or under_way.is_set():
            overtaken.set()
            return
        under_way.set()
        await asyncio.wait_for(overtaken.wait(), 10)

    share = 0.5 if fault in (None, _sent_before) else 0.0
    drive = _drive(tmp_path, _one_group(), seats=2, share=share, deadly=0.0, lasts=lasts)
    drive.now = MARCH
    verdict = await soaked(drive)
    drive.store.close()
    seen = {said.partition(":")[0] for said in verdict.wrong}
    assert FAULTS[fault] <= seen if fault is not None else not seen
