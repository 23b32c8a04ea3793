"""`trailmate people forget`: shown first, done with --yes, on record without the name."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import func, select

from bot.features.people.tables import AccountRow
from tests.command_line import here
from tests.harness import text, world


async def test_whoever_runs_the_bot_forgets_a_person_at_their_request(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        await w.begin("quokka", "ben")
        await w.say("quokka", "checkin 30 read")
    unknown, shown, done, again = (
        here(tmp_path, "people", "forget", "local", *more)
        for more in (["Quokka!"], ["quokka"], ["quokka", "--yes"], ["quokka", "--yes"])
    )
    assert (unknown.returncode, shown.returncode, done.returncode, again.returncode) == (1, 0, 0, 1)
    assert "There is no account with this id on local." in unknown.stderr
    assert "Quokka on local" in shown.stdout and "check-ins (1)" in shown.stdout and "--yes" in shown.stdout
    async with world(tmp_path) as w:
        read = await w.app.database.run(lambda work: work.session.scalars(select(func.count(AccountRow.id))).one())
        assert read == 2
        record = text(await w.say("mo", "audit what=people"))
        assert "the operator used people forget." in record and "uokka" not in record
    assert len((tmp_path / "forgotten.txt").read_text().split()) == 4


def test_where_there_is_no_database_of_this_version_that_is_told_and_none_is_made(tmp_path: Path) -> None:
    asked = ("people", "forget", "local", "quokka")
    keys = {"TRAILMATE_SLACK_TOKEN_KEYS": "k" * 43 + "="}
    for words in (asked, ("slack", "rotate-keys")):
        told = here(tmp_path, *words, **keys)
        assert (told.returncode, "There is no database" in told.stderr) == (1, True)
    assert not [*tmp_path.iterdir()]
    with closing(sqlite3.connect(tmp_path / "trailmate.db")) as other:
        other.execute("CREATE TABLE theirs (x)")
    told = here(tmp_path, *asked)
    assert (told.returncode, "Run trailmate db upgrade." in told.stderr) == (1, True)
