"""The embedder that travels inside the package, the real one."""

from __future__ import annotations

import numpy as np
import pytest

from bot.llm.embedded import MiniLM, ordinary_words


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


def test_ordinary_words_hold_english_the_commonest_first_and_no_slips() -> None:
    words = ordinary_words()
    assert 0 < words["would"] < words["branches"] < words["loading"] <= len(words)
    assert words.keys().isdisjoint({"dictonary", "yeild", "##ing", "[CLS]"})
