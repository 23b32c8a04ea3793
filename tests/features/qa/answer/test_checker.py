"""What a model wrote, held against the passages."""

from __future__ import annotations

import pytest

from bot.features.qa.answer.checker import Checker, cited_sentences, contradicts
from bot.features.qa.index.retrieval import Hit, Index
from tests.features.qa.small_notes import HERE, SMALL, notes, ready


def hits(index: Index | None = None) -> list[Hit]:
    """Passage 1 is the one about sets, passage 2 the one about keys, passage 3 the one about await."""
    index = index or ready()
    questions = (
        "when does a set beat a list for membership",
        "hashable dictionary key",
        "what does the await keyword do",
    )
    return [index.search(question, HERE).hits[0] for question in questions]


def kept(text: str, index: Index | None = None) -> list[str]:
    return [part.text for part in Checker(index or ready()).check(text, hits(index))]


@pytest.mark.parametrize(
    "text",
    [
        "Use a set when membership is tested many times, since each test is a hash lookup [1].",
        "A list of 10,000 items may need 10,000 comparisons for a lookup. [1]",
        "A dictionary key must be hashable [2].",
        "Lists are changeable and so they are unhashable [2].",
    ],
)
def test_a_supported_sentence_is_kept_with_the_sentence_that_supports_it(text: str) -> None:
    (part,) = Checker(ready()).check(text, hits())
    (number, quote) = part.quotes[0]
    assert "[" not in part.text
    assert quote in hits()[number].chunk.sentences


@pytest.mark.parametrize(
    "text",
    [
        "Use a set when you test membership many times.",
        "Use a set when you test membership many times [9].",
        "Use a set when you test membership many times [0].",
        "Use a set when you test membership many times [3].",
        "Kubernetes schedules pods on nodes [1].",
        "A list of 20,000 items needs up to 20,000 comparisons for one lookup [1].",
        "A list needs up to eleven comparisons for one lookup [1].",
        "Use `frozenset.magic` when you test membership many times [1].",
        "Do not use a set when you test membership many times [1].",
        "A dictionary key must be unhashable [2].",
        "A dictionary key never has to be hashable [2].",
        "Sets are slower than lists when you test membership many times [1].",
        "Use a set when you test membership many times, see https://evil.example/x [1].",
        "@everyone use a set when you test membership many times [1].",
        "<@U123> use a set when you test membership many times [1].",
        "<!channel> use a set when you test membership many times [1].",
        "[Use a set](https://evil.example) when you test membership many times [1].",
        "![](https://evil.example/pixel.png) Use a set when you test membership many times [1].",
        "<script>alert()</script> Use a set when you test membership many times [1].",
        "",
        "[1]",
        "[1][2][3]",
        "```\nUse a set when you test membership many times [1].\n```",
    ],
)
def test_an_unsupported_uncited_or_hostile_sentence_is_dropped(text: str) -> None:
    assert kept(text) == []


def test_only_the_citation_that_holds_is_kept() -> None:
    (part,) = Checker(ready()).check("A dictionary key must be hashable [1][2][7].", hits())
    assert [number for number, _ in part.quotes] == [1]


def test_good_sentences_survive_bad_neighbours() -> None:
    text = "A dictionary key must be hashable [2]. The moon is made of cheese [2]. Trust me."
    assert kept(text) == ["A dictionary key must be hashable."]


def test_without_vectors_only_nearly_the_same_words_hold() -> None:
    index = Index({SMALL: notes()})
    assert kept("A dictionary key must be hashable [2].", index) == ["A dictionary key must be hashable."]
    assert kept("Kubernetes keys are hashable pods [2].", index) == []


def test_marks_are_read_before_and_after_the_full_stop_in_lists_and_in_groups() -> None:
    text = "One thing holds [1]. Another holds. [2][3] A third, it holds [1, 4].\n\n- In a list【2】."
    assert cited_sentences(text) == [
        ("One thing holds.", [1]),
        ("Another holds.", [2, 3]),
        ("A third, it holds.", [1, 4]),
        ("In a list.", [2]),
    ]


def test_invisible_characters_are_taken_out() -> None:
    assert cited_sentences("Us\u200be a\u202e set [1].") == [("Use a set.", [1])]


@pytest.mark.parametrize(
    ("sentence", "quote", "is_against"),
    [
        ("Dicts do not keep order.", "Dicts keep order.", True),
        ("Dicts keep order.", "Dicts keep order.", False),
        ("Sets are slower here.", "Sets are faster here.", True),
        ("Tuples are mutable.", "Tuples are immutable.", True),
        ("Await lets other tasks run.", "Await lets other tasks run if the result is not ready.", False),
    ],
)
def test_a_negation_on_one_side_contradicts(sentence: str, quote: str, is_against: bool) -> None:
    assert contradicts(sentence, quote) is is_against
