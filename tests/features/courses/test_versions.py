"""Versions of courses and notes: joined while somebody writes, bounded, and deleted after a year."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from bot.features.courses import versions
from bot.features.courses.tables import OwnRoadmap
from bot.features.courses.versions import NEWEST, Versions
from bot.features.people.tables import Tenant
from bot.messages.call import Call
from bot.storage.unit_of_work import Work
from tests.harness import World, text


async def test_writing_makes_one_version_and_old_ones_stay_one_a_day(w: World) -> None:
    await w.begin("ada")

    def write(work: Work) -> tuple[list[str], int]:
        tenant_id = work.session.scalars(select(Tenant.id)).first()
        row = OwnRoadmap(tenant_id=tenant_id, outline="", yaml="", changed_at=w.clock.now())
        work.session.add(row)
        work.session.flush()
        kept, now = Versions(work.session, course_id=row.id), w.clock.now()
        assert kept.add(None, "a", now, "unit:one goals")
        assert not kept.add(None, "ab", now + timedelta(minutes=4), "unit:one goals")
        assert kept.add(None, "abc", now + timedelta(minutes=6), "unit:one goals")
        assert not kept.add(None, "abc", now + timedelta(minutes=6))
        assert [version.content for version in kept.list()] == ["abc", "ab"]
        for hour in range(1, NEWEST + 49):
            kept.add(None, str(hour), now + timedelta(hours=hour))
        contents = [version.content for version in kept.list()]
        swept = versions.sweep(work, now + timedelta(days=366))
        return contents, swept

    contents, swept = await w.app.database.run(write)
    assert len(contents) <= NEWEST + 4 and contents[0] == str(NEWEST + 48)
    assert "ab" not in contents and 0 < swept < len(contents)


async def test_a_note_written_by_two_shows_the_conflict_and_goes_back(w: World) -> None:
    await w.begin("ada")
    await w.say("mo", 'manage notes add title=Deploying text="We deploy on Mondays."')

    async def write(before: str, words: str) -> str:
        args = {"note": "Deploying", "field": "text", "before": before, "text": words}
        return text(await w.call("mo", Call("manage notes write", args)))

    assert await write("We deploy on Mondays.", "We deploy on Tuesdays.") == "Saved."
    assert "Somebody else has changed this note too." in await write("We deploy on Mondays.", "Never.")
    assert "Tuesdays" in text(await w.say("ada", "notes show Deploying"))
    back = {"note": "Deploying", "version": "1", "seen": "2"}
    assert (await w.call("mo", Call("manage notes restore", back))).tone == "good"
    assert "Mondays" in text(await w.say("ada", "notes show Deploying"))
    assert "Somebody else has just changed this note." in text(await w.call("mo", Call("manage notes restore", back)))
