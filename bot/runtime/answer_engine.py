"""What answers from the notes. It needs no database, so that the command line opens none for a question."""

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
from bot.answers.index.packaged_vectors import Carried
from bot.answers.index.retrieval import Index
from bot.answers.index.vectors import FileVectors
from bot.base.crew import Crew
from bot.base.files import bundled
from bot.base.observer import Search
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
"""By how much reading the notes steps back behind answering: a tenth of the processor where both want it."""

READING_S = 20.0
"""How long the first reading of the notes may keep requests away from a process that could answer by words."""

CLOSE_S = 1.0
"""How long a server that does not let go is waited for at the end."""


@dataclass
class AnswerEngine:
    """The roadmaps, the index of their notes, and who answers from it.

    Args:
        pool: where questions are answered.
        standing: what the chat model's service refuses.
        aside: where notes are embedded, so that no question waits for it.
        kept: where what is made of the notes is kept for the next start, None where it is.
    """

    library: CourseShelf
    index: Index
    vectors: FileVectors
    answerer: Answerer
    pool: Crew
    chat_model: ChatModel | None = None
    standing: ServiceStatus = field(default_factory=ServiceStatus)
    aside: Crew = field(default_factory=lambda: Crew("aside", 1, step_back))
    monotonic: Callable[[], float] = time.monotonic
    kept: StartCache | None = None
    _waits: bool = False
    _was_read: bool = False
    _reading_since: float | None = None

    @property
    def search(self) -> Search:
        """How notes are found now; what the first reading does not come to the end of in time is words alone."""
        since = self._reading_since
        if since is not None and self.monotonic() - since < READING_S:
            return "reading"
        return "ready" if self.index.is_dense else "words only"

    def track(self, named: str | None) -> Track:
        """Return the track of an id or a title, or else the first, which is the longest.

        Raises:
            NoSuchRoadmap: it is not there, or there is none at all.
        """
        if not self.library:
            raise NoSuchRoadmap(NONE.replace("`", ""))
        if named is None:
            return next(iter(self.library.values()))
        if (track := find(self.library, named)) is None:
            raise NoSuchRoadmap(f"There is no roadmap of this name. Installed: {' and '.join(self.library)}.")
        return track

    async def answer(self, turns: Sequence[str], named: str | None) -> Answer:
        """Answer from the notes of the track that is named, or else of the one that covers the last turn best.

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
        """Embed what no start on this machine has embedded yet; CPU work, returns how many rows that were."""
        return self.index.embed(self.vectors, progress)

    async def renew(self, notes: Mapping[SourceId, Iterable[Note]]) -> None:
        """Have new notes of sources found by words, off the loop, and by meaning too as soon as they are embedded."""
        run = asyncio.get_running_loop().run_in_executor
        with self.index.reading.on():
            for source, some in notes.items():
                await run(self.pool, self.index.add, source, some)
            await run(self.pool, self.index.assemble)
            self._embed_aside()

    def _embed_aside(self) -> None:
        """Embed new notes in the background; what is asked for while one waits comes with it."""
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
        """Have all in place for the first question, off the loop; returns how many rows were embedded.

        What no question can do without is not put aside: it would wait for what steps back.
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
        """Keep what was made of the notes for the next start, where nothing was kept."""
        made = self.index.made() if self.kept is not None else None
        if self.kept is not None and made is not None:
            self.kept.keep(made)
            self.kept = None

    async def close(self) -> None:
        """End the threads, once what they have begun is finished, and the connections to the chat model."""
        for threads in (self.pool, self.aside):
            threads.shutdown(wait=False, cancel_futures=True)
        if self.chat_model is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(CLOSE_S):
                    await self.chat_model.close()


def prepare() -> None:
    """Import what the first request to a chat model would wait for: a second or more."""
    importlib.import_module("openai.resources.chat.completions")


def step_back() -> None:
    """Have the running thread, and those that it starts, work where nobody else wants the processor."""
    if sys.platform == "linux":  # elsewhere a priority is the whole process's
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)


def open_notebook(settings: Settings, vectors: Path | None = None) -> AnswerEngine:
    """Load roadmaps and notes.

    Args:
        vectors: the folder in which the notes' vectors are kept, if not the data directory.
    """
    start_cache = kept_of(settings)
    notebook = bind(settings, start_cache.library, _index(start_cache), vectors)
    notebook.kept = start_cache if start_cache.made is None else None
    return notebook


def bind(settings: Settings, library: CourseShelf, index: Index, vectors: Path | None = None) -> AnswerEngine:
    """Return what answers from tracks and an index that are there already; see `open_notebook`."""
    pool = Crew("cpu", 2)
    standing = standing_of(settings)
    chat_model = _build_chat_model(settings, standing)
    file = (vectors or settings.data_dir).expanduser() / FileVectors.NAME
    file_vectors = FileVectors(file, Carried(bundled("roadmap")))
    return AnswerEngine(
        library, index, file_vectors, Answerer(index, chat_model, pool=pool), pool, chat_model, standing
    )


def _index(start_cache: StartCache) -> Index:
    from bot.llm.embedded import ordinary_words
    from bot.llm.embedder_process import load_embedder

    notes = {SourceId(track.id): track.notes.values() for track in start_cache.library.values()}
    ordinary = dict.fromkeys(ordinary_words())  # without their places, which take as much again
    return Index(notes, load_embedder(), ordinary, start_cache.made)


def _build_chat_model(settings: Settings, standing: ServiceStatus) -> ChatModel | None:
    if settings.openai_api_key is None and settings.openai_base_url is None:
        return None
    from bot.llm.openai import OpenAIChat

    chat = OpenAIChat(
        _openai_key(settings) or "not-needed", settings.chat_model, settings.openai_base_url, standing=standing
    )
    return Charged(chat)


def standing_of(settings: Settings) -> ServiceStatus:
    """Return what the service of the settings' chat model refused at the last tries, of this process or another."""
    file = settings.data_dir.expanduser() / ServiceStatus.NAME
    return ServiceStatus(file, _openai_key(settings), settings.chat_model, settings.openai_base_url)


def _openai_key(settings: Settings) -> str | None:
    return settings.openai_api_key.get_secret_value() if settings.openai_api_key else None
