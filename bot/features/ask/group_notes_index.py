"""A group's own notes in the index: brought there when the group first asks, and again when they have changed.

The database is the truth, and the index holds what was read of it, under a source that no other group's question names.
So a start reads none of them, several processes need tell each other nothing, and what was removed is found by nobody.
Rows are embedded in the background and kept in the database, with the notes; until then words alone find a note.

Rows of a group's own notes that stay in PostgreSQL: pgvector compares them, exactly, and none is held in memory.

The cosines are those that the leg in memory computes, and what a chunk's nearness is made of them is the same function,
so both rank alike. Where the extension is not there and may not be made, rows are held in memory as on SQLite.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
from sqlalchemy import delete, insert, null, or_, select, text, update
from sqlalchemy.exc import SQLAlchemyError

from bot.answers.index import chunks, dense
from bot.answers.index.chunks import Chunk, SourceId, cut
from bot.answers.index.dense import DenseLeg, DenseScorer, Scores
from bot.answers.index.retrieval import Index
from bot.commands.context import Context
from bot.curriculum.note import Note
from bot.curriculum.track import Track
from bot.features.groups.tables import Group
from bot.features.groups.visibility import GroupVisibility
from bot.features.notes.commands import notes_show
from bot.features.notes.service import Credited, GroupNotes
from bot.features.notes.tables import GroupNote, NoteRow
from bot.llm.base import Embedder, EmbeddingFailed, Matrix, Vector
from bot.messages.errors import UserError
from bot.storage.unit_of_work import Database, Work

log = logging.getLogger(__name__)

_COSINES = text(
    "SELECT 1 - (CAST(vector AS vector) <=> CAST(:question AS vector)) FROM group_note_row WHERE note_id = ANY(:ids) "
    "ORDER BY array_position(CAST(:ids AS integer[]), note_id), at"
)

_ROWS = text(
    "SELECT vector FROM group_note_row WHERE note_id = ANY(:ids) "
    "ORDER BY array_position(CAST(:ids AS integer[]), note_id), at OFFSET :first LIMIT :count"
)

_THERE = text("SELECT 1 FROM pg_extension WHERE extname = 'vector'")

_OFFERED = text("SELECT 1 FROM pg_available_extensions WHERE name = 'vector'")

_MAKE = text("CREATE EXTENSION IF NOT EXISTS vector")


def has_pgvector(work: Work) -> bool:
    """Say whether the database compares vectors itself, making the extension where that is allowed."""
    session = work.session
    if session.get_bind().dialect.name != "postgresql":
        return False
    if session.scalar(_THERE) is not None:
        return True
    if session.scalar(_OFFERED) is None or not work.writes:
        return False
    try:
        with session.begin_nested():
            session.execute(_MAKE)
    except SQLAlchemyError:
        log.warning("the extension vector is there, and this user may not create it: own notes are compared in memory")
        return False
    return True


@dataclass(frozen=True)
class StoredLeg:
    """Implements `dense.Leg` over the rows of notes in the database.

    Args:
        ids: the notes, in the order of their chunks.
        starts, count: the first row of each chunk, and how many there are.
    """

    database: Database
    ids: tuple[int, ...]
    starts: npt.NDArray[np.intp]
    count: int
    dim: int

    def nearness(self, question: Vector) -> Scores:
        """Return float [n_chunks]; nothing is near where the notes have changed meanwhile or the database is away."""
        vector = f"[{','.join(map(str, question.tolist()))}]"
        values = self._read(lambda work: work.session.scalars(_COSINES, {"question": vector, "ids": [*self.ids]}).all())
        cosines = (
            np.asarray(values, dtype=np.float32) if len(values) == self.count else np.zeros(self.count, np.float32)
        )
        return dense.by_chunk(cosines, self.starts)

    def rows(self, number: int) -> Matrix:
        """Return the rows of one chunk."""
        first = int(self.starts[number])
        end = int(self.starts[number + 1]) if number + 1 < len(self.starts) else self.count
        given = {"ids": [*self.ids], "first": first, "count": end - first}
        vectors = self._read(lambda work: work.session.scalars(_ROWS, given).all())
        is_whole = len(vectors) == end - first
        return np.asarray(vectors, np.float32) if is_whole else np.zeros((end - first, self.dim), np.float32)

    def __len__(self) -> int:
        """Count the chunks."""
        return len(self.starts)

    def _read(self, look: Callable[[Work], Sequence[object]]) -> Sequence[object]:
        try:
            return self.database.run_sync(look, writes=False)
        except (UserError, SQLAlchemyError) as error:
            log.warning("the rows of a group's own notes were not read (%s)", type(error).__name__)
            return []


T = TypeVar("T")

HELD = 64
"""Groups whose notes are in memory; the notes of one that has not asked for longest are read again."""


@dataclass(frozen=True)
class Own:
    """What a question may be asked of beside the track.

    Args:
        notes: by their numbers, which no note of a track has for an id.
    """

    sources: tuple[SourceId, ...] = ()
    notes: Mapping[str, Note] = field(default_factory=dict)

    def beside(self, track: Track) -> Track:
        """Return the track with these notes among its own, for whoever asks what a citation means."""
        return replace(track, notes={**track.notes, **self.notes}) if self.notes else track


NONE = Own()

State = tuple[tuple[int, int, str, str | None], ...]


def source_of(group_id: int) -> SourceId:
    """Return the source of a group's own notes; no track has a colon in its id."""
    return SourceId(f"group:{group_id}")


def readable(ctx: Context, work: Work) -> list[Credited]:
    """Return the own notes of the Call's group to whom `notes show` shows them, and who sees its room."""
    notes, group_id = GroupNotes(work), ctx.actor.group_id
    if group_id is None or not notes_show.allows(ctx.actor.roles) or not notes.has_any(group_id):
        return []
    seen = GroupVisibility.by(work.session, ctx).among([work.session.get_one(Group, group_id)]).groups
    return notes.list(group_id) if seen else []


class OwnNotes:
    """Keeps the index as the database has it.

    Args:
        pool: where notes are cut when a question asks for them; None takes the loop's default threads.
        aside: where they are embedded, which no question waits for; None as above.
    """

    def __init__(
        self, database: Database, index: Index, pool: Executor | None = None, aside: Executor | None = None
    ) -> None:
        self._database, self._index, self._pool, self._aside = database, index, pool, aside
        self._held: OrderedDict[int, tuple[State, Own]] = OrderedDict()
        self._lock = asyncio.Lock()
        self._has_pgvector: bool | None = None

    async def of(self, ctx: Context) -> Own:
        """Return what the caller's group keeps for itself, with its source in the index as it is now."""
        if ctx.actor.group_id is None:
            return NONE
        credited = await self._database.run(lambda work: readable(ctx, work), writes=False)
        return await self.index(ctx.actor.group_id, credited)

    async def index(self, group_id: int | None, credited: Sequence[Credited]) -> Own:
        """Return a group's own notes as they were read, with their source in the index as it is now."""
        if group_id is None or not credited:
            return NONE
        state = tuple(note.state for note in credited)
        async with self._lock:
            held = self._held.get(group_id)
            if held is None or held[0] != state:
                held = state, await self._index_notes(group_id, credited)
            self._hold(group_id, held)
        return held[1]

    async def look(self, may_embed: Callable[[], Awaitable[bool]] | None = None) -> int:
        """Forget what has changed since it was read, and embed what waits; returns how many notes were embedded.

        Args:
            may_embed: whether no other process embeds at this time; asked before each note that waits.
        """
        await self._forget_changed()
        embedder, count = self._index.embedder, 0
        if embedder is None or not self._index.is_dense:
            return 0
        with suppress(EmbeddingFailed):  # it is tried again at the next look
            while await self._embed_one(embedder, may_embed):
                count += 1
        return count

    async def _embed_one(self, embedder: Embedder, may_embed: Callable[[], Awaitable[bool]] | None) -> bool:
        """Embed the note that has waited longest; False if none waits, or another process does it."""
        note = await self._database.run(lambda work: _find_waiting(work, embedder.name), writes=False)
        if note is None or (may_embed is not None and not await may_embed()):
            return False
        texts, vectors = await self._embed_note(note, embedder)
        await self._database.run(lambda work: _store_rows(work, note, texts, vectors, embedder.name))
        return True

    async def _index_notes(self, group_id: int, credited: Sequence[Credited]) -> Own:
        embedder, source = self._index.embedder, source_of(group_id)
        ids = [note.row.id for note in credited if embedder is not None and note.row.indexed_by == embedder.name]
        is_stored = await self._compares() if len(ids) == len(credited) else False
        rows = await self._database.run(lambda work: _load_rows(work, ids, bare=is_stored), writes=False) if ids else {}

        def put() -> tuple[Own, list[int]]:
            notes = [note.read() for note in credited]
            held, stale = _build_leg(source, notes, rows, embedder) if embedder is not None else (None, [])
            leg: DenseScorer | None = held
            if held is not None and embedder is not None and is_stored and not stale:
                leg = StoredLeg(self._database, tuple(ids), held.starts, len(held.matrix), embedder.dim)
            self._index.put(source, notes, leg)
            return Own((source,), {note.id: note for note in notes}), stale

        own, stale = await self._compute(self._pool, put)
        if stale:  # embedded under another name of its author, or by another version
            await self._database.run(lambda work: _unsettle(work, stale))
        return own

    async def _compares(self) -> bool:
        """Say whether the database compares vectors itself; it is asked once."""
        if self._has_pgvector is None:
            self._has_pgvector = await self._database.run(has_pgvector)
        return self._has_pgvector

    async def _embed_note(self, note: Credited, embedder: Embedder) -> tuple[list[str], list[Vector]]:
        """Embed a note a few rows at a time, so that questions come in between."""
        texts = await self._compute(self._aside, lambda: _list_texts(source_of(note.row.group_id), note.read()))
        vectors: list[Vector] = []
        for at in range(0, len(texts), dense.BATCH_ROWS):
            batch = texts[at : at + dense.BATCH_ROWS]
            vectors += list(await self._compute(self._aside, partial(embedder.embed, batch)))
        return texts, vectors

    async def _forget_changed(self) -> None:
        held = {group_id: {(s[0], s[1]) for s in state} for group_id, (state, _) in self._held.items()}
        if not held:
            return
        now = await self._database.run(lambda work: _load_versions(work, list(held)), writes=False)
        for group_id, then in held.items():
            if now.get(group_id, set()) != then:
                self._drop(group_id)

    def _hold(self, group_id: int, held: tuple[State, Own]) -> None:
        self._held[group_id] = held
        self._held.move_to_end(group_id)
        while len(self._held) > HELD:
            self._drop(next(iter(self._held)))

    def _drop(self, group_id: int) -> None:
        self._held.pop(group_id, None)
        self._index.drop(source_of(group_id))

    async def _compute(self, threads: Executor | None, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(threads, work)


def _list_texts(source: SourceId, note: Note) -> list[str]:
    return [text for chunk in cut(note, source) for text in chunks.rows(chunk)]


Rows = Mapping[int, tuple[list[str], list[Vector | None]]]
"""Hashes and vectors of the rows of notes, in order."""


def _build_leg(
    source: SourceId, notes: Sequence[Note], rows: Rows, embedder: Embedder
) -> tuple[DenseLeg | None, list[int]]:
    """Return the rows of notes as one leg, and the notes whose stored rows are not theirs any more.

    A row without its numbers, as one that waits, is a row of zeros.
    """
    every: list[Chunk] = []
    parts: list[Vector] = []
    stale, known = [], False
    blank = np.zeros(embedder.dim, dtype=np.float32)
    for note in notes:
        every += cut(note, source)
        wanted = [chunks.row_hash(text) for text in _list_texts(source, note)]
        hashes, vectors = rows.get(int(note.id), ([], []))
        is_ours = hashes == wanted and all(vector is None or vector.shape == blank.shape for vector in vectors)
        if int(note.id) in rows and not is_ours:
            stale.append(int(note.id))
        known |= is_ours and bool(vectors)
        parts += [blank if vector is None else vector for vector in vectors] if is_ours else [blank] * len(wanted)
    if not known:
        return None, stale
    return replace(dense.blank(every, embedder.dim), matrix=np.stack(parts)), stale


def _load_rows(work: Work, ids: Sequence[int], *, bare: bool = False) -> Rows:
    """Return the rows of notes; `bare` ones have no numbers: only what they were made from is looked at."""
    rows: dict[int, tuple[list[str], list[Vector | None]]] = {}
    numbers: Any = null() if bare else NoteRow.vector
    chosen = select(NoteRow.note_id, NoteRow.hash, numbers).where(NoteRow.note_id.in_(ids))
    for note_id, digest, vector in work.session.execute(chosen.order_by(NoteRow.note_id, NoteRow.at)):
        hashes, vectors = rows.setdefault(note_id, ([], []))
        hashes.append(digest)
        vectors.append(vector)
    return rows


def _load_versions(work: Work, groups: Sequence[int]) -> dict[int, set[tuple[int, int]]]:
    versions: dict[int, set[tuple[int, int]]] = {}
    chosen = select(GroupNote.group_id, GroupNote.id, GroupNote.version).where(GroupNote.group_id.in_(groups))
    for group_id, note_id, version in work.session.execute(chosen):
        versions.setdefault(group_id, set()).add((note_id, version))
    return versions


def _find_waiting(work: Work, embedder: str) -> Credited | None:
    """Return the note that has waited longest for its rows, if any."""
    waits = or_(GroupNote.indexed_by.is_(None), GroupNote.indexed_by != embedder)
    row = work.session.execute(
        select(GroupNote.id, GroupNote.group_id).where(waits).order_by(GroupNote.changed_at, GroupNote.id).limit(1)
    ).first()
    if row is None:
        return None
    return next(note for note in GroupNotes(work).list(row.group_id) if note.row.id == row.id)


def _store_rows(work: Work, note: Credited, texts: Sequence[str], vectors: Sequence[Vector], embedder: str) -> None:
    """Store the rows of a note, unless it is another by now."""
    same = (GroupNote.id == note.row.id, GroupNote.version == note.row.version)
    if work.session.scalar(select(GroupNote.id).where(*same).with_for_update()) is None:
        return
    work.session.execute(delete(NoteRow).where(NoteRow.note_id == note.row.id))
    made = [
        {"note_id": note.row.id, "at": at, "hash": chunks.row_hash(text), "vector": vector}
        for at, (text, vector) in enumerate(zip(texts, vectors, strict=True))
    ]
    if made:
        work.session.execute(insert(NoteRow), made)
    work.session.execute(update(GroupNote).where(*same).values(indexed_by=embedder))


def _unsettle(work: Work, ids: Sequence[int]) -> None:
    work.session.execute(update(GroupNote).where(GroupNote.id.in_(ids)).values(indexed_by=None))
