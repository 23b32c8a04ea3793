"""What one server may learn from: a roadmap of its own is there for it alone, wherever one is named."""

from __future__ import annotations

from typing import Any

import pytest

from bot.curriculum.authoring.course_files import write_course_files
from bot.curriculum.authoring.outline_import import read_outline
from bot.features.courses import own_roadmap
from bot.features.courses.own_roadmap import shelved
from bot.features.courses.tables import OwnRoadmap
from bot.features.groups.calendar.timeline import list_astray
from bot.features.people.service import People
from bot.messages.reply import Reply
from bot.storage.unit_of_work import Work
from tests.harness import World, text

HERE: dict[str, Any] = {"platform": "slack", "tenant": "T1"}
THERE: dict[str, Any] = {"platform": "slack", "tenant": "T2"}
SECRET = "Our quokka club"
OUTLINE = f"# {SECRET}\n- Feeding quokkas\n- Grooming quokkas\n"


async def shelve(w: World) -> str:
    """Put an outline on a server's shelf, and return its id."""

    def put(work: Work) -> str:
        tenant, _ = People(work).ensure(w.account("mo", **HERE))
        assert tenant is not None
        row = OwnRoadmap(tenant_id=tenant.id, outline=OUTLINE, yaml="", changed_at=w.clock.now())
        work.session.add(row)
        work.session.flush()
        (row.yaml,) = write_course_files(read_outline(OUTLINE), own_roadmap.make_id(row.id)).values()
        return own_roadmap.make_id(row.id)

    return await w.app.database.run(put)


async def everything(w: World, **account: Any) -> list[Reply]:
    """Have somebody look at all that tells of roadmaps."""
    lines = (
        "setup",
        "roadmap",
        "roadmap roadmap=own-1",
        "topic",
        "topic feeding",
        "topic 1 roadmap=own-1",
        "read",
        "read roadmap=own-1",
        "ask how are they fed",
        'ask "how are they fed" roadmap=own-1',
        "cohort create name=Owls timezone=UTC roadmap=nothing",
        "cohort create name=Owls timezone=UTC roadmap=own-1",
        "doctor",
        "help",
    )
    return [await w.say("mo", line, **account) for line in lines]


async def test_another_server_never_reads_of_a_roadmap_and_never_takes_it(w: World) -> None:
    assert await shelve(w) == "own-1"
    assert SECRET in await w.suggestions("mo", "cohort create", "roadmap", **HERE)
    assert SECRET not in await w.suggestions("mo", "cohort create", "roadmap", **THERE)
    assert not [said for reply in await everything(w, **THERE) if "quokka" in (said := text(reply))]
    assert sum("quokka" in text(reply) for reply in await everything(w, **HERE)) > 3
    # nor by its id alone
    there = await w.app.database.run(lambda work: ["own-1" in shelved(work.session, {}, one) for one in (1, 2)])
    assert there == [True, False]


async def test_a_group_walks_its_servers_roadmap_and_waits_where_it_is_lost(w: World) -> None:
    await shelve(w)
    await w.start(extra="roadmap=own-1", **HERE)
    await w.after(hours=2)
    assert "1 Feeding quokkas (now)" in text(await w.say("ada", "roadmap", **HERE))
    await w.app.database.run(lambda work: setattr(work.session.get_one(OwnRoadmap, 1), "removed_at", w.clock.now()))
    assert SECRET not in await w.suggestions("mo", "cohort create", "roadmap", **HERE)
    assert "2 Grooming quokkas" in text(await w.say("ada", "roadmap", **HERE))
    await w.app.database.run(lambda work: work.session.delete(work.session.get_one(OwnRoadmap, 1)))
    (astray,) = await w.app.database.run(lambda work: list_astray(work.session, w.app.library), writes=False)
    assert "its course `own-1` is missing or unusable" in astray.lack


@pytest.mark.parametrize("text", ["", "nothing: here", "- [", "own"])
def test_a_row_of_which_nothing_can_be_made_is_no_roadmap(text: str) -> None:
    assert own_roadmap.track("own-1", text) is None
    assert own_roadmap.parse_id(text) is None
