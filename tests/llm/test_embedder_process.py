"""The embedder in a process of its own: it comes when it is needed, goes when it is not, and costs nobody an answer."""

from __future__ import annotations

import importlib.util
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from bot.answers.index.retrieval import Index
from bot.base.worker_process import Worker
from bot.llm import embedded, embedder_process
from bot.llm.base import EmbeddingFailed
from bot.llm.embedder_process import Aside, load_embedder
from tests.features.ask.small_notes import SMALL, MemoryStore, model, notes

ECHO = """
import sys
sys.path.insert(0, sys.argv[1])
from bot.base.worker_process import work
work(bytes.upper, float(sys.argv[2]))
"""


@pytest.fixture(scope="module")
def ours() -> Iterator[Aside]:
    """One for all; nothing of it runs until it is asked."""
    one = Aside(embedded.FOLDER)
    assert not any(lane.is_there for lane in one._lanes)
    yield one
    one.end()


def echo(idle_s: float) -> Worker:
    return Worker([sys.executable, "-P", "-c", ECHO, str(Path(embedder_process.__file__).parents[2]), str(idle_s)])


def test_vectors_are_those_of_the_model_and_a_question_has_a_process_of_its_own(ours: Aside) -> None:
    texts = [f"text number {at}" for at in range(embedder_process.FEW + 1)]
    assert np.array_equal(ours.embed(texts), model().embed(texts))
    assert [lane.is_there for lane in ours._lanes] == [False, True], "many are a batch"
    assert np.array_equal(ours.embed(texts[:1]), model().embed(texts[:1]))
    assert [lane.is_there for lane in ours._lanes] == [True, True]
    assert ours.embed([]).shape == (0, ours.dim) and ours.name == model().name


def test_a_process_that_was_killed_has_a_successor(ours: Aside) -> None:
    before = ours.embed(["one"])
    process = ours._lanes[0]._process
    assert process is not None
    process.kill()
    process.wait()
    assert np.array_equal(ours.embed(["one"]), before)


def test_a_worker_without_work_ends_and_the_next_request_begins_another() -> None:
    one = echo(idle_s=0.5)
    assert one.ask(b"hello", 10) == b"HELLO"
    first = one._process
    assert first is not None and first.wait(10) == 0
    assert one.ask(b"again", 10) == b"AGAIN" and one._process is not first
    one.end()


def test_one_that_takes_too_long_is_given_up() -> None:
    one = Worker([sys.executable, "-c", "import time; time.sleep(60)"])
    began = time.monotonic()
    with pytest.raises(subprocess.SubprocessError):
        one.ask(b"hello", 0.1)
    assert time.monotonic() - began < 30 and one._process is None


def test_one_that_is_ended_while_it_is_asked_keeps_nobody_waiting() -> None:
    one, told = Worker([sys.executable, "-c", "import time; time.sleep(60)"]), list[str]()

    def ask() -> None:
        try:
            one.ask(b"hello", 50)
        except subprocess.SubprocessError as ended:
            told.append(str(ended))

    asking = threading.Thread(target=ask)
    asking.start()
    while not one.is_there:
        time.sleep(0.01)
    one.end()
    asking.join(20)
    assert told and not one.is_there


def test_whoever_is_forked_begins_a_process_of_their_own() -> None:
    one = echo(idle_s=60)
    one.ask(b"hello", 10)
    mine = one._process
    assert mine is not None
    one._owner = os.getppid()  # as it is in one that was forked
    assert one.ask(b"again", 10) == b"AGAIN" and one._process is not mine and mine.poll() is None
    one.end()
    mine.kill()
    mine.communicate()


def test_without_onnxruntime_or_its_files_there_is_a_warning_and_no_embedder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    assert load_embedder(tmp_path) is None
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert load_embedder() is None
    assert len(caplog.records) == 2 and "onnxruntime" in caplog.text


def test_a_broken_model_is_one_warning_and_answers_come_from_words(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = MemoryStore()
    (tmp_path / embedded.MODEL_FILE).write_bytes(b"this is no model")
    (tmp_path / embedded.VOCABULARY_FILE).write_text("[PAD]")
    broken = Aside(tmp_path)
    named = Index({SMALL: notes()}, model())
    named.embed(store)
    index = Index({SMALL: notes()}, broken)
    index._sources, index._is_dense = named._sources, True
    with caplog.at_level(logging.WARNING):
        for _ in range(2):
            match = index.search("when should i use a set instead of a list", [SMALL])
            assert match.hits and match.cosine is None
            assert index.vectors(["a"]) is None and index.remembered(["a"]) is None
    assert len(caplog.records) == 1
    with pytest.raises(EmbeddingFailed):
        broken.embed(["a"])
