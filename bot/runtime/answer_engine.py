"""The answer engine: courses, index, models and answerer. Needs no database."""

from __future__ import annotations

import asyncio
import importlib
import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

from bot.answers.compose.answers import Answerer
from bot.answers.compose.values import Answer
from bot.answers.index.chunks import SourceId
from bot.answers.index.dense import Progress
from bot.answers.index.retrieval import Index
from bot.answers.index.vectors import Carried, FileVectors
from bot.base.files import bundled
from bot.base.observer import Search
from bot.base.thread_pool import DaemonThreadPool
from bot.curriculum.faults import NoSuchRoadmap
from bot.curriculum.note import Note
from bot.curriculum.shelf import CourseShelf
from bot.curriculum.start_cache import StartCache
from bot.curriculum.track import NONE, Track, find, whole
from bot.llm.base import ChatModel
from bot.llm.metered import Charged
from bot.llm.service_status import ServiceStatus
from bot.runtime.roadmap_paths import kept_of
from bot.runtime.settings import Settings

log = logging.getLogger(__name__)
NICE = 10
"""The niceness of indexing: it gets a tenth of the processor while questions are being answered."""

READING_S = 20.0
"""How long the first indexing may keep a process unready that could already search by words."""

CLOSE_S = 1.0
"""Time-out for closing the connections to the chat model."""


@dataclass
class AnswerEngine:
    """The courses, the index of their notes, and the answerer.

    Args:
        pool: the threads that answer questions.
        standing: the status of the chat model's service.
        aside: the thread that embeds notes, so that no question waits for it.
        kept: the cache to fill for the next start; None if it is filled.
    """

    library: CourseShelf
    index: Index
    vectors: FileVectors
    answerer: Answerer
    pool: DaemonThreadPool
    chat_model: ChatModel | None = None
    standing: ServiceStatus = field(default_factory=ServiceStatus)
    aside: DaemonThreadPool = field(default_factory=lambda: DaemonThreadPool("aside", 1, step_back))
    monotonic: Callable[[], float] = time.monotonic
    kept: StartCache | None = None
    _waits: bool = False
    _was_read: bool = False
    _reading_since: float | None = None

    @property
    def search(self) -> Search:
        """The current search mode; "words only" if the first indexing takes too long."""
        since = self._reading_since
        if since is not None and self.monotonic() - since < READING_S:
            return "reading"
        return "ready" if self.index.is_dense else "words only"

    def track(self, named: str | None) -> Track:
        """Return the track with this id or title; by default the first, which is the longest.

        Raises:
            NoSuchRoadmap: it is not there, or there is none at all.
        """
        if not self.library:
            raise NoSuchRoadmap(NONE.replace("`", ""))
        if named is None:
            return next(iter(self.library.values()))
        if (track := find(self.library, named)) is None:
            raise NoSuchRoadmap(f"There is no course with this name. Installed: {', '.join(self.library)}.")
        return track

    async def answer(self, turns: Sequence[str], named: str | None) -> Answer:
        """Answer from the notes of the named track; by default, of the track that covers the last turn best.

        Raises:
            NoSuchRoadmap: it is not there, or there is none at all.
        """
        tracks = whole(self.library)
        if named is not None or len(tracks) < 2:
            return await self.answerer.answer(turns, [SourceId(self.track(named).id)])
        sources = [[SourceId(track.id)] for track in tracks]
        at, retrieved = await self.answerer.surest(turns, sources)
        return await self.answerer.answer(turns, sources[at], found=retrieved)

    def embed(self, progress: Progress | None = None) -> int:
        """Embed rows that this machine hasn't embedded yet; returns their number. CPU work."""
        return self.index.embed(self.vectors, progress)

    async def renew(self, notes: Mapping[SourceId, Iterable[Note]]) -> None:
        """Index new notes of sources by words on a thread, and embed them in the background."""
        run = asyncio.get_running_loop().run_in_executor
        with self.index.reading.on():
            for source, some in notes.items():
                await run(self.pool, self.index.add, source, some)
            await run(self.pool, self.index.assemble)
            self._embed_aside()

    def _embed_aside(self) -> None:
        """Embed new notes in the background; merges requests that come while one waits."""
        if not self._waits:
            self._waits = True
            reading = ExitStack()
            reading.enter_context(self.index.reading.on())
            self.aside.submit(self._embed_new, reading)

    def _embed_new(self, reading: ExitStack) -> None:
        self._waits = False
        with reading:
            try:
                self.embed()
            except Exception:
                log.exception("the notes of a roadmap are found by words alone until the next start")

    async def read(self, progress: Progress | None = None) -> int:
        """Prepare everything for the first question on a thread; returns the number of embedded rows.

        Work that every question needs runs in the pool at normal priority, not in `aside`.
        """
        run = asyncio.get_running_loop().run_in_executor
        if not self._was_read:
            self._reading_since = self.monotonic()
        try:
            with self.index.reading.on():
                await run(self.pool, self.index.assemble)
                if self.chat_model is not None:
                    await run(self.pool, prepare)
                embedded = await run(self.aside, self.embed, progress)
                await run(self.aside, self._keep)
                return embedded
        finally:
            self._was_read, self._reading_since = True, None

    def _keep(self) -> None:
        """Store the index in the start cache, if it isn't there."""
        made = self.index.made() if self.kept is not None else None
        if self.kept is not None and made is not None:
            self.kept.store(made)
            self.kept = None

    async def close(self) -> None:
        """Finish running work, then stop the threads and close the connections to the chat model."""
        for threads in (self.pool, self.aside):
            threads.shutdown(wait=False, cancel_futures=True)
        if self.chat_model is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(CLOSE_S):
                    await self.chat_model.close()


def prepare() -> None:
    """Import modules for the chat model early; the first request would wait a second for them."""
    importlib.import_module("openai.resources.chat.completions")


def step_back() -> None:
    """Lower the priority of the current thread and of those that it starts."""
    if sys.platform == "linux":  # elsewhere a priority is the whole process's
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)


def open_notebook(settings: Settings, vectors: Path | None = None) -> AnswerEngine:
    """Load courses and notes.

    Args:
        vectors: the folder of the notes' vectors, by default the data directory.
    """
    start_cache = kept_of(settings)
    notebook = bind(settings, start_cache.library, _index(start_cache), vectors)
    notebook.kept = start_cache if start_cache.derived is None else None
    return notebook


def bind(settings: Settings, library: CourseShelf, index: Index, vectors: Path | None = None) -> AnswerEngine:
    """Build an answer engine from existing tracks and an index; see `open_notebook`."""
    pool = DaemonThreadPool("cpu", 2)
    standing = standing_of(settings)
    chat_model = build_chat_model(settings, standing)
    file = (vectors or settings.data_dir).expanduser() / FileVectors.NAME
    file_vectors = FileVectors(file, Carried(bundled("roadmap")))
    answerer = Answerer(index, chat_model, pool=pool, check=settings.answer_check)
    return AnswerEngine(library, index, file_vectors, answerer, pool, chat_model, standing)


def _index(start_cache: StartCache) -> Index:
    from bot.llm.embedded import ordinary_words
    from bot.llm.embedder_process import load_embedder

    notes = {SourceId(track.id): track.notes.values() for track in start_cache.library.values()}
    ordinary = dict.fromkeys(ordinary_words())  # drops the ranks to halve the memory
    return Index(notes, load_embedder(), ordinary, start_cache.derived)


def build_chat_model(settings: Settings, standing: ServiceStatus) -> ChatModel | None:
    """Return the chat model of the settings, which records its requests in `standing`; None if none is set."""
    if settings.openai_api_key is None and settings.openai_base_url is None:
        return None
    from bot.llm.openai import OpenAIChat

    chat = OpenAIChat(
        _openai_key(settings) or "not-needed", settings.chat_model, settings.openai_base_url, standing=standing
    )
    return Charged(chat)


def standing_of(settings: Settings) -> ServiceStatus:
    """Return the status of the chat model's service, as last seen by this or another process."""
    file = settings.data_dir.expanduser() / ServiceStatus.NAME
    return ServiceStatus(file, _openai_key(settings), settings.chat_model, settings.openai_base_url)


def _openai_key(settings: Settings) -> str | None:
    return settings.openai_api_key.get_secret_value() if settings.openai_api_key else None
