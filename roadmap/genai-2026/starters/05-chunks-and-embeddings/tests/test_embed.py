from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from answers.chunk import all_passages
from answers.embed import HashingEmbedder, holds, main, nearest, recall
from answers.evaluate import read_questions
from answers.load import documents, files_in

HERE = Path(__file__).resolve()
HOME = next(place for place in HERE.parents if (place / "documents").is_dir())
LOADED = {one.source: one for one in documents(files_in(HOME / "documents"))}
ASKED = read_questions(HOME / "questions.json")
EMBEDDER = HashingEmbedder()


def test_vectors_have_length_one() -> None:
    vectors = EMBEDDER.embed([one.text for one in LOADED.values()])
    assert vectors.shape == (len(LOADED), 1024)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0)
    assert not np.isnan(EMBEDDER.embed([""])).any(), "a text without words has no direction, and is no error"


def test_equal_texts_have_equal_vectors_in_every_process() -> None:
    first, second = EMBEDDER.embed(["A frayed cable", "A frayed cable"])
    assert (first == second).all()
    code = (
        "from answers.embed import HashingEmbedder as H; print(H().embed(['A frayed cable'])[0].nonzero()[0].tolist())"
    )
    paths = f"import sys; sys.path[:0] = {sys.path!r}; "
    done = subprocess.run([sys.executable, "-c", paths + code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == str(first.nonzero()[0].tolist()), "hash() of a string differs between processes"


def test_near_duplicates_are_nearer_than_other_pairs() -> None:
    names = list(LOADED)
    vectors = EMBEDDER.embed([LOADED[name].text for name in names])
    cosines = vectors @ vectors.T
    np.fill_diagonal(cosines, 0)
    one, other = np.unravel_index(np.argmax(cosines), cosines.shape)
    assert {names[one], names[other]} == {"prices-2024.md", "prices-2026.md"}
    assert cosines[one, other] > np.partition(cosines, -3, axis=None)[-3] + 0.2


def test_the_nearest_passage_comes_first() -> None:
    found = all_passages(LOADED.values(), 40)
    best, *rest = nearest(found[5].text, found, EMBEDDER, 3)
    assert best == found[5] and len(rest) == 2


def test_recall_counts_answers_from_the_right_source() -> None:
    found = all_passages(LOADED.values(), 80, 20)
    (dogs,) = (one for one in ASKED if one.id == "q16")
    assert recall([dogs], found, EMBEDDER, 1) == 1.0
    assert not holds(next(one for one in found if one.document.source == "rules.md"), dogs)
    unanswerable = [one for one in ASKED if one.answer is None]
    assert recall([dogs, *unanswerable], found, EMBEDDER, 1) == 1.0, "what nothing answers cannot be recalled"
    assert recall(ASKED, found, EMBEDDER, len(found)) >= recall(ASKED, found, EMBEDDER, 1)


def test_recall_is_printed_for_two_sizes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(HOME / "documents")], HOME / "questions.json") == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    assert all(0.6 <= float(line.split("recall ")[1][:4]) <= 1 for line in lines), lines
