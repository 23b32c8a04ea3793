"""Quantities of a question: numbers with their scales and units, and which of them stand together."""

import pytest

from bot.understanding.quantities import read, reduce_words


@pytest.mark.parametrize(
    ("text", "quantities"),
    [
        ("batch 32, 10,000 images", [(32, ""), (10_000, "")]),
        ("a 7b model in 4 bit, fits in 8 GB?", [(7e9, ""), (4, "bits"), (8e9, "bytes")]),
        ("10k rows, 3 million tokens, 2.5M docs, 7 B weights", [(1e4, ""), (3e6, ""), (2.5e6, ""), (7e9, "")]),
        ("half a million urls, three layers, a dozen heads", [(5e5, ""), (3, ""), (12, "")]),
        ("1.2e-5, 3x10^6, 10^4 and 2^20", [(1.2e-5, ""), (3e6, ""), (1e4, ""), (2**20, "")]),
        ("24 GiB, 16KB, 2 bytes, 6 kilobytes", [(24 * 2**30, "bytes"), (16e3, "bytes"), (2, "bytes"), (6e3, "bytes")]),
        ("fp16, int8, 4-bit, half precision", [(2, "bytes"), (1, "bytes"), (4, "bits"), (2, "bytes")]),
        ("40 ms, 2 hours, 30 days", [(0.04, "s"), (7200, "s"), (30 * 86_400, "s")]),
        ("99.5 %, 30 percent, 5 per cent", [(0.995, "%"), (0.3, "%"), (0.05, "%")]),
        ("$3 and 15 dollars, $0.5 per 1k tokens", [(3, "$"), (15, "$"), (500, "$")]),
        ("$15 per million tokens", [(15, "$")]),
        ("12 requests a second, 60 per minute, 16 kHz", [(12, "/s"), (1, "/s"), (16_000, "/s")]),
        ("43,200 requests a day", [(0.5, "/s")]),
        ("300 GB/s, 5 TFLOPS, 100 Mbps", [(3e11, "bytes/s"), (5e12, "/s"), (1e8, "bits/s")]),
        ("x=-0.5 and -1, bs=32, top_p=0.8", [(-0.5, ""), (-1, ""), (32, ""), (0.8, "")]),
        ("the 2nd of bm25, f1 and p95 at o(n2)", []),
        ("0,05 or 1/8 of (0,1)", [(0.05, ""), (0.125, ""), (0, ""), (1, "")]),
        ("25 ms per token", [(0.025, "s")]),
        ("half of the 10,000 images", [(5000, "")]),
        ("a rate of 1e400 or of (w-2)^2", [(2, "")]),
    ],
)
def test_a_number_is_read_with_its_scale_and_unit(text: str, quantities: list[tuple[float, str]]) -> None:
    read_quantities = read(text).quantities
    assert [item.unit for item in read_quantities] == [unit for _, unit in quantities]
    assert [item.value for item in read_quantities] == pytest.approx([value for value, _ in quantities])


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("a 1000 x 800 matrix of rank 20", [[1000, 800], [20]]),
        ("an image of 224x224x3", [[224, 224, 3]]),
        ("layers 784-256-10", [[784, 256, 10]]),
        ("angle between (1, 0) and (1, 1)", [[1, 0], [1, 1]]),
        ("64 by 64", [[64, 64]]),
    ],
)
def test_the_numbers_of_a_shape_have_places(text: str, groups: list[list[float]]) -> None:
    quantities = read(text).quantities
    assert [[item.value for item in quantities if item.group == n] for n in range(1, len(groups) + 1)] == groups
    assert [item.place for item in quantities] == [
        place if len(group) > 1 else 0 for group in groups for place in range(1, len(group) + 1)
    ]


def test_the_numbers_of_a_list_stand_together_without_places() -> None:
    quantities = read("probs 0.7, 0.2 and 0.1 of 3 words").quantities
    assert [(item.group, item.place) for item in quantities] == [(1, 0), (1, 0), (1, 0), (2, 0)]


def test_a_number_in_a_name_or_in_a_word_may_count_nothing() -> None:
    assert [item.is_weak for item in read("GPT-4 makes two of 3").quantities] == [True, True, False]


@pytest.mark.parametrize("text", ["does Phi 3 3.8B fit", "is phi-3-3.8b good", "run Phi-3 3.8B", "Phi3.1 3.8B"])
def test_a_size_after_a_version_is_the_number_of_a_name(text: str) -> None:
    assert [(item.value, item.is_size) for item in read(text).quantities] == [(3.8e9, True)]


def test_a_number_directly_after_a_name_is_its_version() -> None:
    assert [item.is_version for item in read("Does Phi 3 take 2 epochs?").quantities] == [True, False]
    assert not any(item.is_version or item.is_size for item in read("Batch 32 of a 7b model, 3 epochs").quantities)


def test_a_number_after_a_singular_noun_may_say_which_one() -> None:
    labels = [item.label for item in read("loss of epoch 3 is 2.3, week #4, class 5, epochs: 6, batch 32").quantities]
    assert labels == ["epoch", "", "week", "class", "", ""]


def test_words_are_reduced_to_one_form() -> None:
    assert reduce_words("Optimizer's batches, d_model") == ("optimiser", "batch", "d", "model")
    assert reduce_words("KV-caches of batches, queries, losses") == reduce_words("kv cache of batch query loss")
    assert reduce_words("alpha-bar") == reduce_words("alpha_bar") == reduce_words("alpha bar")
