"""A group's own notes in the database and in the index, on each engine: rows come, rank and go with their note."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import func, select, text

from bot.answers.compose.answers import Answerer
from bot.answers.index import dense
from bot.answers.index.retrieval import Index
from bot.commands.context import Actor, Context, Place, RoomAccess
from bot.features.ask.group_notes_index import OwnNotes, StoredLeg, source_of
from bot.features.groups.tables import Group
from bot.features.notes.service import GroupNotes
from bot.features.notes.tables import GroupNote, NoteRow
from bot.features.people.tables import AccountRow, Tenant
from bot.llm.embedded import ordinary_words
from bot.maintenance import migrate
from bot.messages.call import Call
from bot.storage.unit_of_work import Database, Work
from tests.features.ask.small_notes import SMALL, MemoryStore, model, notes
from tests.storage.fixtures import run_alone

pytestmark = pytest.mark.long

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
PLACE = Place("local", "local", "general")
OWLS = "## Night\n\nOwls of this group meet at nine in the library.\n\n## Day\n\nBy day the owls sleep in tall trees.\n"
GULLS = "Gulls of this group eat chips at the harbour. They steal ice cream from tourists as well.\n"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.nightly)])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    address = f"sqlite:///{tmp_path / 'trailmate.db'}"
    if request.param == "postgresql":
        address = request.getfixturevalue("postgres_url")
        run_alone(address, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
    migrate.upgrade(address)
    with Database(address) as started:
        await started.run(begin)
        yield started


def begin(work: Work) -> None:
    """Two groups of one tenant, and somebody."""
    work.session.add_all(
        [
            Tenant(id=1, platform="local", external_id="local", name="Here"),
            AccountRow(id=1, platform="local", scope="local", external_id="ann", name="Ann"),
        ]
    )
    work.session.flush()
    for number, room in ((1, "general"), (2, "birds")):
        work.session.add(
            Group(
                id=number,
                tenant_id=1,
                room=room,
                name=room,
                zone="UTC",
                roadmap_id="x",
                rhythm="x",
                pace="weekly",
                first_unit="x",
                starts_on=NOW.date(),
                confirmed_at=NOW,
                created_by=1,
            )
        )


def ctx(group_id: int = 1) -> Context:
    room = Place("local", "local", "general" if group_id == 1 else "birds")
    member = Actor(1, "ann", "Ann", "UTC", group_id, roles=frozenset({"member"}))
    return Context(member, PLACE, NOW, Call("ask"), RoomAccess().seeing(room))


def index() -> Index:
    made = Index({SMALL: notes()}, model(), ordinary_words())
    made.embed(MemoryStore())
    return made


async def add(database: Database, said: str, title: str = "Birds", group_id: int = 1) -> int:
    return await database.run(lambda work: GroupNotes(work).add(group_id, title, said, 1, NOW).id)


async def count(database: Database) -> tuple[Any, ...]:
    tables = (GroupNote, NoteRow)
    return await database.run(
        lambda work: tuple(work.session.scalar(select(func.count()).select_from(t)) for t in tables), writes=False
    )


async def test_rows_are_embedded_in_the_background_and_found_by_meaning(database: Database) -> None:
    held, number = index(), await add(database, OWLS)
    own = OwnNotes(database, held)
    found = await own.of(ctx())
    assert found.sources == (source_of(1),) and [*found.notes] == [str(number)]
    assert held.search("where do the owls meet", found.sources).cosine is None
    assert await own.look() == 1 and await own.look() == 0
    await own.of(ctx())
    best = held.search("in which building does the group come together in the evening", found.sources)
    assert (best.cosine or 0) > 0.3 and best.hits[0].chunk.heading == "Night"
    again = OwnNotes(database, other := index())  # another process embeds nothing
    await again.of(ctx())
    assert (other.search("where do the owls meet", found.sources).cosine or 0) > 0.4 and await again.look() == 0


async def test_removal_takes_rows_vectors_and_citations(database: Database) -> None:
    held, number = index(), await add(database, OWLS)
    await add(database, GULLS, "Gulls")
    own = OwnNotes(database, held)
    await own.look()
    sources = [SMALL, *(await own.of(ctx())).sources]
    said = await Answerer(held).answer(["where do the owls of this group meet"], sources)
    assert str(number) in {citation.note for citation in said.citations}
    rows = (await count(database))[1]
    await database.run(lambda work: GroupNotes(work).remove(GroupNotes(work).find(1, str(number)).row))
    assert (await count(database))[0] == 1 and (await count(database))[1] < rows
    left = await database.run(lambda work: set(work.session.scalars(select(NoteRow.note_id))), writes=False)
    assert number not in left
    await own.look()
    assert held.chunks([source_of(1)]) == ()  # at once, without a question
    sources = [SMALL, *(await own.of(ctx())).sources]
    assert {chunk.note for chunk in held.chunks(sources)}.isdisjoint({str(number)})
    said = await Answerer(held).answer(["where do the owls of this group meet"], sources)
    assert str(number) not in {citation.note for citation in said.citations} | {one.note for one in said.near}


async def test_replacing_embeds_only_the_new_text(database: Database) -> None:
    held, number = index(), await add(database, OWLS)
    own = OwnNotes(database, held)
    await own.look()

    def swap(work: Work) -> None:
        GroupNotes(work).replace(GroupNotes(work).find(1, str(number)).row, "", GULLS, NOW, by=1)

    await database.run(swap)
    assert (await count(database)) == (1, 0)
    assert await own.look() == 1
    sources = (await own.of(ctx())).sources
    assert "Gulls" in held.search("where are chips eaten", sources).hits[0].chunk.text


async def test_a_group_that_goes_takes_its_notes_with_it(database: Database) -> None:
    await add(database, OWLS)
    await OwnNotes(database, index()).look()
    await database.run(lambda work: work.session.execute(text("DELETE FROM study_group WHERE id = 1")))
    assert await count(database) == (0, 0)


async def test_each_group_has_its_own(database: Database) -> None:
    await add(database, OWLS)
    await add(database, GULLS, group_id=2)
    held = index()
    own = OwnNotes(database, held)
    await own.look()
    here, there = await own.of(ctx(1)), await own.of(ctx(2))
    assert (
        {c.source for c in held.chunks(here.sources)}
        == {source_of(1)}
        != {c.source for c in held.chunks(there.sources)}
    )
    hidden = Context(
        ctx(2).actor,
        PLACE,
        NOW,
        Call("ask"),
        RoomAccess({Place("local", "local", "birds"): "hidden"}),
    )
    assert (await own.of(hidden)).sources == ()


async def test_rows_of_another_name_are_embedded_anew(database: Database) -> None:
    await add(database, OWLS)
    held = index()
    own = OwnNotes(database, held)
    await own.look()
    await database.run(lambda work: work.session.execute(text("UPDATE account SET name = 'Zoe' WHERE id = 1")))
    await own.of(ctx())
    assert await own.look() == 1
    assert held.chunks((await own.of(ctx())).sources)[0].title == "Zoe's note: Birds"


async def test_the_database_ranks_as_the_memory_does(database: Database) -> None:
    ids = [await add(database, said, title) for title, said in (("Z", OWLS), ("A", GULLS))]
    held = index()
    own = OwnNotes(database, held)
    await own.look()
    found = await own.of(ctx())
    leg = held._sources[source_of(1)].leg
    is_postgres = database.url.startswith("postgresql")
    assert leg is not None and isinstance(leg, StoredLeg) == is_postgres
    chunks = held.chunks(found.sources)
    memory, _ = dense.build(chunks, model(), MemoryStore())
    assert len(leg) == len(memory) == 3 and {c.note for c in chunks} == {str(one) for one in ids}
    for question in ("where do owls meet", "who steals ice cream", "sleep", "a list of items"):
        vector = model().embed([question])[0]
        ours, theirs = dense.search(leg, vector, 10), dense.search(memory, vector, 10)
        assert [i for i, _ in ours] == [i for i, _ in theirs]
        assert np.allclose([near for _, near in ours], [near for _, near in theirs], atol=1e-5)
    assert all(np.allclose(leg.rows(i), memory.rows(i), atol=1e-6) for i in range(3))
    if is_postgres:  # what was removed since is near nothing, and breaks nothing
        await database.run(lambda work: GroupNotes(work).remove(GroupNotes(work).find(1, str(ids[0])).row))
        assert not leg.nearness(model().embed(["owls"])[0]).any()
