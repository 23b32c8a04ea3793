"""The command line asks the notes of one roadmap: the one that is named, or the one that covers the question best."""

from __future__ import annotations

import asyncio
import io
import json
import os
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from bot.__main__ import main
from bot.answers.compose.coverage import Verdict
from bot.answers.index.chunks import SourceId
from bot.answers.index.retrieval import Index
from bot.curriculum.shelf import CourseShelf
from bot.llm.base import Matrix
from bot.runtime.answer_engine import NICE, READING_S, bind, step_back
from bot.runtime.settings import Settings
from tests.curriculum.test_track import track
from tests.features.ask.small_notes import SMALL, notes
from tests.features.ask.statistics_track import statistics


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two roadmaps in the place of those that are shipped, searched by words alone."""
    statistics(tmp_path)
    track(tmp_path / "small")
    monkeypatch.setattr("bot.runtime.roadmap_paths.bundled", lambda _: tmp_path)
    monkeypatch.setattr("bot.llm.embedder_process.load_embedder", lambda: None)
    monkeypatch.setenv("TRAILMATE_DATA_DIR", str(tmp_path / "data"))
    return tmp_path


def test_without_a_name_the_roadmap_that_covers_the_question_answers(
    installed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["ask", "how is a boxplot drawn"]) == 0
    assert "[1] boxplots: How a boxplot is drawn" in capsys.readouterr().out


@pytest.mark.parametrize("question", ["how is a boxplot drawn", "what do the whiskers show", "training interviewers"])
def test_by_words_alone_a_question_that_stands_in_a_passage_is_answered(
    installed: Path, capsys: pytest.CaptureFixture[str], question: str
) -> None:
    assert main(["ask", question]) == 0
    assert "[1] " in capsys.readouterr().out


def test_a_follow_up_is_asked_of_the_roadmap_that_its_conversation_is_about(
    installed: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    line = json.dumps({"id": 1, "turns": ["how is a boxplot drawn", "and what do the whiskers show?"]})
    monkeypatch.setattr("sys.stdin", io.StringIO(line))
    assert main(["ask", "--jsonl"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert [one["heading"] for one in said["citations"]][:1] == ["What the whiskers show"]


def test_what_comes_nearest_is_shown_as_that_with_its_passage(
    installed: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.answers.compose.coverage.judge", lambda *_: Verdict("near", None))
    assert main(["ask", "--roadmap", "statistics", "how is a boxplot drawn"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "I'm not sure the notes cover this. The nearest:"
    assert said[1].startswith("A boxplot draws a box") and "[1] boxplots: How a boxplot is drawn" in said


def test_without_a_name_a_golden_set_is_measured_on_the_longest_roadmap(
    installed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    questions = installed / "questions.yaml"
    at = "at: [{note: boxplots, heading: How a boxplot is drawn}]"
    questions.write_text(
        f"covered: [{{q: boxplot, topic: shapes, style: short, {at}}}]\nforeign: []\n", encoding="utf-8"
    )
    assert main(["eval", str(questions)]) == 1
    assert "There is no passage “boxplots”" in capsys.readouterr().err
    assert main(["eval", "--roadmap", "statistics", str(questions)]) == 1
    assert capsys.readouterr().err.endswith("fault: There is no topic “shapes”.\n")


def test_the_roadmap_that_is_named_answers_and_no_other(installed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "--roadmap", "statistics", "how is a boxplot drawn"]) == 0
    assert "[1] boxplots: How a boxplot is drawn" in capsys.readouterr().out
    assert main(["ask", "--roadmap", "small", "how is a boxplot drawn"]) == 0
    assert capsys.readouterr().out == "That's not in our notes.\n"
    assert main(["ask", "--roadmap", "gone", "how is a boxplot drawn"]) == 1
    assert capsys.readouterr().err == "There is no course with this name. Installed: small, statistics.\n"
    assert not (installed / "data" / "trailmate.db").exists()


def test_what_works_aside_steps_back_with_all_that_it_starts() -> None:
    def priority() -> int:
        with ThreadPoolExecutor(1) as inner:
            return inner.submit(lambda: os.getpriority(os.PRIO_PROCESS, threading.get_native_id())).result()

    before = priority()
    with ThreadPoolExecutor(1, initializer=step_back) as aside:
        stepped = aside.submit(priority).result()
    assert stepped == (min(before + NICE, 19) if sys.platform == "linux" else before)
    assert priority() == before


class Held:
    """An embedder that works only when it may."""

    name, dim = "held", 2

    def __init__(self) -> None:
        self.may, self.texts = threading.Event(), list[str]()

    def embed(self, texts: Sequence[str]) -> Matrix:
        self.may.wait(20)
        self.texts += texts
        return np.tile(np.array([1, 0], dtype=np.float32), (len(texts), 1))


async def test_requests_wait_while_the_notes_are_first_read_and_no_longer_than_they_would_be_missed(
    tmp_path: Path,
) -> None:
    now, embedder = [0.0], Held()
    notebook = bind(Settings(), CourseShelf(), Index({SMALL: notes()}, embedder), tmp_path)
    notebook.monotonic = lambda: now[0]
    reading = asyncio.create_task(notebook.read())
    await asyncio.sleep(0)
    told = [notebook.search]
    now[0] = READING_S  # it takes too long: by words alone is better than not at all
    told.append(notebook.search)
    embedder.may.set()
    await reading
    assert [*told, notebook.search] == ["reading", "words only", "ready"]


async def test_what_failed_once_is_read_again_while_requests_come(tmp_path: Path) -> None:
    notebook = bind(Settings(), CourseShelf(), Index({SMALL: notes()}, Held()), tmp_path)
    notebook.vectors = None  # type: ignore[assignment]
    with pytest.raises(AttributeError):
        await notebook.read()
    again = asyncio.create_task(notebook.read())
    await asyncio.sleep(0)
    assert notebook.index.is_reading and notebook.search == "words only"
    with pytest.raises(AttributeError):
        await again


async def test_new_notes_are_embedded_where_no_question_waits_and_nothing_is_embedded_again(tmp_path: Path) -> None:
    index = Index({SMALL: notes()}, embedder := Held())
    notebook = bind(Settings(), CourseShelf(), index, tmp_path)
    notebook.aside.submit(notebook.embed)  # the first start is still reading
    for version in range(5):
        await notebook.renew({SourceId("club"): notes()[: 1 + version % 2]})
    assert notebook.pool.submit(threading.get_ident).result(5)
    told = [index.is_reading]
    assert frozenset([SourceId("club")]) in index._shelves, "no question waits for its words"
    embedder.may.set()
    notebook.aside.submit(notebook.embed).result(20)
    assert [*told, index.is_reading] == [True, False]
    assert len(embedder.texts) == len(set(embedder.texts)) and notebook.aside.waiting == 0
    assert index.is_dense and all(held.leg is not None for held in index._sources.values())
    (tmp_path / "vectors.db").unlink()
    count = len(embedder.texts)
    await notebook.renew({SourceId("club"): notes()[:1]})
    notebook.aside.submit(int).result(20)
    assert 0 < len(embedder.texts) - count < count  # those of the note that came, though nothing is stored
