"""`trailmate db`: what it knows of the tables in a process of its own is what its own imports bring."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from sqlalchemy import delete, select, update

from bot.db.work import Work
from bot.features.cohort.tables import Cohort
from bot.features.progress.tables import MemberStanding
from tests.command_line import here, trailmate
from tests.harness import world


def test_a_database_that_was_just_migrated_is_as_it_should_be(tmp_path: Path) -> None:
    assert here(tmp_path, "db", "upgrade").returncode == 0

    checked = trailmate(tmp_path, "db", "check")
    looks = (trailmate(tmp_path, "doctor") for _ in range(5))
    found = next(look for look in looks if "no answer in" not in look.stdout)  # on a busy machine it gives up

    assert checked.stdout.strip() == "The database is as it should be."
    assert "ok   Database: up to date" in found.stdout
    assert (checked.returncode, found.returncode) == (0, 0)


def test_a_migration_is_written_only_where_a_table_differs(tmp_path: Path) -> None:
    asked = trailmate(tmp_path, "db", "revision", "nothing new")
    assert (asked.stdout, asked.returncode) == ("Nothing to write: no table differs.\n", 0)


def test_a_migration_needs_words_that_say_what_it_is_for(tmp_path: Path) -> None:
    for words in ([], [" . "]):
        asked = here(tmp_path, "db", "revision", *words)
        assert (asked.stderr, asked.returncode) == (
            'Say what changes: trailmate db revision "members have a colour"\n',
            2,
        )


async def test_standings_that_differ_are_counted_and_mended(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        await w.begin("ada", "ben", "eve")
        await w.say("ada", "checkin 30 read two papers")
        await w.app.database.run(lambda work: work.session.execute(update(Cohort).values(closed_at=w.clock.now())))
        await w.to(w.clock.now() + timedelta(days=30))

        def spoil(work: Work) -> None:
            work.session.execute(update(MemberStanding).where(MemberStanding.name != "Eve").values(season_points=99))

        await w.app.database.run(spoil)
    found, mended, again = (here(tmp_path, "db", "check", *more) for more in ([], ["--repair"], []))
    assert found.stdout.startswith("2 of 3 standings differ from what the check-ins say;")
    assert mended.stdout.splitlines() == [
        "2 of 3 standings differed from what the check-ins say, and are mended.", "The database is as it should be."
    ]  # fmt: skip
    assert again.stdout == "The database is as it should be.\n"
    assert [one.returncode for one in (found, mended, again)] == [1, 0, 0]


async def test_what_is_missing_or_out_of_date_in_a_group_that_has_ended_is_settled(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        await w.begin("ada", "ben", "eve")
        await w.say("ada", "checkin 30 read two papers")
        await w.to(w.clock.now() + timedelta(days=30))

        def spoil(work: Work) -> None:
            work.session.execute(update(Cohort).values(closed_at=w.clock.now(), ended_at=w.clock.now(), wake_at=None))
            work.session.execute(delete(MemberStanding).where(MemberStanding.name == "Ben"))
            work.session.execute(update(MemberStanding).where(MemberStanding.name == "Ada").values(basis=""))

        await w.app.database.run(spoil)
    found, mended = (here(tmp_path, "db", "check", *more) for more in ([], ["--repair"]))
    assert found.stdout.startswith("1 of 3 standings differ from what the check-ins say;")
    assert mended.stdout.startswith("1 of 3 standings differed from what the check-ins say, and are mended.")
    async with world(tmp_path) as w:
        rows = await w.app.database.run(lambda work: work.session.scalars(select(MemberStanding)).all(), writes=False)
    assert {row.name for row in rows} == {"Ada", "Ben", "Eve"}
    assert len({row.basis for row in rows}) == 1 and all(row.basis for row in rows)
