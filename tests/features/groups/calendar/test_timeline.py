"""A group's past as stored and its future as planned, side by side."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update

from bot.features.groups.calendar.pacing import Pause
from bot.features.groups.calendar.timeline import SETTLED_AFTER, Astray, Timeline, list_windows, parse_pace
from bot.features.groups.service import Groups
from bot.features.groups.tables import Occurrence, OccurrenceChange, PauseRow
from bot.storage.insert import insert_once
from bot.storage.unit_of_work import Work
from tests.harness import MONDAY, World

NINE = MONDAY + timedelta(hours=1)
DEADLINE = datetime(2026, 3, 8, 21, tzinfo=UTC)


async def timeline(w: World) -> Timeline:
    def read(work: Work) -> Timeline:
        groups = Groups(work, w.app.library)
        return groups.timeline(groups.get(1))

    return await w.app.database.run(read, writes=False)


async def test_before_the_first_post_everything_is_planned(w: World) -> None:
    await w.start()
    now = await timeline(w)
    assert now.opened == ()
    assert now.running(w.clock.now()) is None
    planned = now.planned(w.clock.now())
    assert [s.number for s in planned] == list(range(1, 59))
    assert planned[0].opens_at == NINE
    assert now.closing_at() is None


async def test_a_unit_runs_until_its_grace_ends_and_then_the_next_does(w: World) -> None:
    await w.start()
    await w.to(NINE + timedelta(weeks=1))
    now = await timeline(w)
    at = DEADLINE + timedelta(hours=12)
    before = now.running(at - timedelta(seconds=1))
    after = now.running(at)
    assert before is not None
    assert after is not None
    # the second unit opened in the very second in which the grace of the first ended
    assert after.slot.number == 2
    assert [o.slot.number for o in now.open_units(at - timedelta(seconds=1))] == [1, 2]
    assert [o.slot.number for o in now.open_units(at)] == [2]


async def test_what_has_opened_is_read_from_the_record_whatever_the_settings_say(w: World) -> None:
    await w.start()
    await w.to(NINE)
    await w.say("mo", "cohort edit timezone=Pacific/Kiritimati confirm=yes")
    await w.say("mo", 'cohort edit rhythm="wed 06:00 - tue 12:00" pace=calendar confirm=yes')
    [opened] = (await timeline(w)).opened
    assert (opened.slot.opens_at, opened.slot.deadline_at) == (NINE, DEADLINE)


async def test_the_last_change_says_how_a_unit_stands_and_all_reasons_are_kept(w: World) -> None:
    await w.start()
    await w.to(NINE)

    def change(work: Work) -> None:
        for cause, days in (("a", 2), ("b", 1)):
            at = DEADLINE + timedelta(days=days)
            work.session.add(
                OccurrenceChange(
                    group_id=1,
                    unit_id="py-data-structures",
                    cause=cause,
                    deadline_at=at,
                    grace_until=at + timedelta(hours=12),
                    reason=f"Reason {cause}.",
                    made_at=NINE,
                )
            )
            work.session.flush()

    await w.app.database.run(change)
    [opened] = (await timeline(w)).opened
    assert opened.slot.deadline_at == DEADLINE + timedelta(days=1)
    assert opened.reasons == ("Reason a.", "Reason b.")
    await w.say("ada", "join")
    assert "Reason a. Reason b." in await w.record("ada")


async def test_a_post_over_a_day_late_moves_to_the_next_slot_and_one_within_it_does_not(w: World) -> None:
    await w.start()
    now = await timeline(w)
    assert now.planned(NINE + timedelta(hours=24))[0].opens_at == NINE
    late = now.planned(NINE + timedelta(hours=24, seconds=1))
    assert late[0].opens_at == NINE + timedelta(weeks=1)
    assert late[1].opens_at == NINE + timedelta(weeks=2)


async def test_a_pause_is_found_while_it_lasts(w: World) -> None:
    await w.start()
    await w.to(NINE)
    await w.say("mo", "cohort pause weeks=1 confirm=yes")
    now = await timeline(w)
    begins = NINE + timedelta(weeks=1)
    assert now.pause_at(begins - timedelta(seconds=1)) is None
    assert now.pause_at(begins) == Pause(begins, begins + timedelta(weeks=1))
    assert now.pause_at(begins + timedelta(weeks=1)) is None


async def test_the_closing_hour_is_known_once_the_last_unit_is_out(w: World) -> None:
    await w.start(extra="first_unit=58")
    assert (await timeline(w)).closing_at() is None
    await w.to(NINE)
    now = await timeline(w)
    closing = NINE + timedelta(weeks=1) + SETTLED_AFTER
    assert now.closing_at() == closing
    assert now.catch_up_until() is None
    await w.to(closing)
    assert (await timeline(w)).catch_up_until() == closing + timedelta(weeks=4)


async def test_a_unit_that_is_out_and_left_the_roadmap_is_named(w: World) -> None:
    await w.start()
    await w.to(NINE)
    gone = update(Occurrence).values(unit_id="no-longer-there")
    await w.app.database.run(lambda work: work.session.execute(gone) and None)
    with pytest.raises(Astray, match="no longer has the unit `no-longer-there`"):
        await timeline(w)


@pytest.mark.parametrize("pace", ["1 week", "2 weeks", "calendar"])
def test_every_stored_pace_is_read(pace: str) -> None:
    assert parse_pace(pace) == pace


def test_a_pace_that_nobody_stores_is_a_fault() -> None:
    with pytest.raises(ValueError, match="daily"):
        parse_pace("daily")


async def test_windows_cover_every_unit_with_its_phases_dates(w: World) -> None:
    roadmap = next(iter(w.app.library.values())).roadmap
    found = list_windows(roadmap)
    assert [f.unit_id for f in found] == [u.id for u in roadmap.units]
    assert all(f.phase_start <= f.phase_end for f in found)
    assert found[0].phase_start == date(2025, 1, 1)


async def test_within_a_unit_of_work_a_timeline_shows_what_has_just_changed(w: World) -> None:
    await w.begin("ada")

    def change(work: Work) -> list[tuple[int, int, bool]]:
        groups = Groups(work, w.app.library)
        seen = []

        def look() -> None:
            now = groups.timeline(groups.get(1))
            seen.append((len(now.pauses), len(now.opened), now.opened[0].is_held))

        look()
        unit = groups.timeline(groups.get(1)).opened[0].slot.unit_id
        pause = PauseRow(group_id=1, from_at=MONDAY, author_id=1, made_at=MONDAY)
        work.session.add(pause)
        look()
        insert_once(
            work.session,
            OccurrenceChange,
            group_id=1,
            unit_id=unit,
            cause="pause:1",
            deadline_at=DEADLINE,
            grace_until=DEADLINE,
            is_held=True,
            made_at=MONDAY,
        )
        look()
        work.session.delete(pause)
        look()
        return seen

    seen = await w.app.database.run(change)
    assert seen == [(0, 1, False), (1, 1, False), (1, 1, True), (0, 1, True)]
