"""The embedder that travels inside the package, the real one."""

from __future__ import annotations

import importlib
import logging
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from bot.llm import embedded
from bot.llm.embedded import MiniLM, load_embedder, ordinary_words


@pytest.fixture(scope="module")
def model() -> MiniLM:
    return MiniLM()


def test_rows_have_unit_length_and_keep_the_order_of_the_texts(model: MiniLM) -> None:
    texts = ["a rather longer sentence about nothing in particular, really", "short", "a middling sentence"]
    together = model.embed(texts)
    assert together.shape == (3, model.dim) and together.dtype == np.float32
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-4)
    alone = np.vstack([model.embed([text]) for text in texts])
    assert np.array_equal(together, alone), "a vector does not depend on what is embedded with it"


def test_like_questions_are_nearer_than_unlike_ones(model: MiniLM) -> None:
    one, like, unlike = model.embed(["how do I make a list", "creating a list in python", "capital of France"])
    assert one @ like > one @ unlike + 0.3


def test_no_texts_make_no_rows(model: MiniLM) -> None:
    assert model.embed([]).shape == (0, 384)


def test_a_text_longer_than_the_model_reads_is_cut(model: MiniLM) -> None:
    assert model.embed(["word " * 5000]).shape == (1, 384)


def test_the_name_holds_a_hash_of_the_files(model: MiniLM) -> None:
    assert model.name.startswith("minilm-l6-v2-int8-") and len(model.name) == len("minilm-l6-v2-int8-") + 8


def test_without_onnxruntime_there_is_one_warning_and_no_embedder(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(name: str) -> ModuleType:
        raise ImportError(name)

    monkeypatch.setattr(importlib, "import_module", refuse)
    with caplog.at_level(logging.WARNING):
        assert load_embedder() is None
    assert len(caplog.records) == 1 and "onnxruntime" in caplog.text


def test_a_broken_model_file_is_one_warning_and_no_embedder(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / embedded.MODEL_FILE).write_bytes(b"this is no model")
    with caplog.at_level(logging.WARNING):
        assert load_embedder(tmp_path) is None
        assert load_embedder(tmp_path / "nowhere") is None
    assert len(caplog.records) == 2


def test_ordinary_words_hold_english_and_no_slips() -> None:
    words = ordinary_words()
    assert {"loading", "branches", "would"} <= words
    assert words.isdisjoint({"dictonary", "yeild", "##ing", "[CLS]"})
