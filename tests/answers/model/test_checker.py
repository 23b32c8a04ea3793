"""What a model wrote, held against the passages."""

from __future__ import annotations

import time

import pytest

from bot.answers.index.retrieval import Hit, Index
from bot.answers.model.checker import EQUATION, Checker, restricts
from bot.answers.model.reply import Calculation, ReplySentence, cited_sentences
from bot.answers.model.worded import SentenceBuffer
from tests.features.ask.small_notes import HERE, SMALL, notes, ready


def hits(index: Index | None = None) -> list[Hit]:
    """Passage 1 is the one about sets, passage 2 the one about keys, passage 3 the one about await."""
    index = index or ready()
    questions = (
        "when does a set beat a list for membership",
        "hashable dictionary key",
        "what does the await keyword do",
    )
    return [index.search(question, HERE).hits[0] for question in questions]


def kept(text: str, index: Index | None = None, question: str = "") -> list[str]:
    """Return the model's own sentences that hold."""
    index = index or ready()
    checker = Checker(index, hits(index), question)
    return [shown.text for said in cited_sentences(text) if (shown := checker.check(said)) is not None]


def told(text: str) -> list[str]:
    """Return all that is shown, the notes' own sentences included."""
    desk = SentenceBuffer(Checker(ready(), hits()))
    shown = [one for said in cited_sentences(text) for one in desk.take(said)]
    return [one.text for one in (*shown, *desk.rest())]


@pytest.mark.parametrize(
    "text",
    [
        "Use a set when you test membership many times, because each test is a hash lookup [1].",
        "A list of 10,000 items may need 10,000 comparisons for one lookup. [1]",
        "A dictionary key must be hashable, so its hash never changes [2].",
        "Lists are changeable and so they are unhashable [2].",
    ],
)
def test_a_supported_sentence_is_kept_with_the_sentence_that_supports_it(text: str) -> None:
    checker = Checker(ready(), hits())
    shown = checker.check(cited_sentences(text)[0])
    assert shown is not None and shown.is_own
    number, quote = shown.quotes[0]
    assert "[" not in shown.text
    assert quote in hits()[number].chunk.sentences


@pytest.mark.parametrize(
    "text",
    [
        "Kubernetes schedules pods on nodes [1].",
        "A list of 20,000 items needs up to 20,000 comparisons for one lookup [1].",
        "A list needs up to eleven comparisons for one lookup [1].",
        "Use `frozenset.magic` when you test membership many times [1].",
        "Do not use a set when you test membership many times [1].",
        "A dictionary key must be unhashable [2].",
        "A dictionary key never has to be hashable [2].",
        "Sets are slower than lists when you test membership many times [1].",
        "Use a list when you test membership many times, because each test is a hash lookup rather than a set [1].",
        "A list remains better [1].",
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
def test_an_unsupported_or_hostile_sentence_is_not_kept(text: str) -> None:
    assert kept(text) == []


@pytest.mark.parametrize("marks", ["", " [9]", " [0]", " [3]", " [1][2][7]"])
def test_any_shown_passage_may_hold_a_sentence_whichever_it_cites(marks: str) -> None:
    checker = Checker(ready(), hits())
    shown = checker.check(cited_sentences(f"A dictionary key must be hashable, so its hash never changes{marks}.")[0])
    assert shown is not None and [number for number, _ in shown.quotes] == [1]


def test_a_sentence_that_fails_gives_way_to_what_the_notes_say() -> None:
    assert told("A dictionary key never has to be hashable [2].") == [
        "A dictionary key must be hashable, so its hash never changes."
    ]


def test_what_is_about_nothing_in_the_notes_is_dropped() -> None:
    assert told("The moon is made of cheese [2]. Trust me.") == []


def test_a_limit_that_does_not_hold_takes_the_sentence_before_it_along() -> None:
    text = "Lists are changeable and so they are unhashable [2]. But this is not true of frozen moons [2]."
    assert told(text) == ["Lists are changeable, so they are unhashable and raise `TypeError`."], (
        "without its limit the sentence is the notes' own"
    )


def test_nothing_is_said_twice() -> None:
    sentence = "A dictionary key must be hashable, so its hash never changes [2]."
    assert len(told(f"{sentence} {sentence} {sentence}")) == 1


@pytest.mark.parametrize(
    ("text", "is_limit"),
    [
        ("But only for small ones.", True),
        ("It does not work then.", True),
        ("Sets do not find members.", True),
        ("A set is faster.", False),
        ("Do not call a doctor.", False),
    ],
)
def test_limits_are_known_by_their_first_words_or_by_denying_the_same(text: str, is_limit: bool) -> None:
    assert restricts(ReplySentence(text), ReplySentence("A set finds a member at once.")) is is_limit


def test_a_yes_or_no_of_a_model_is_left_out() -> None:
    assert kept("Yes, a dictionary key must be hashable, so its hash never changes [2].") == [
        "A dictionary key must be hashable, so its hash never changes."
    ]
    assert kept("No.") == []


def test_a_sum_is_computed_and_shown_with_its_numbers() -> None:
    said = ReplySentence(
        "A list of that size needs up to twice as many comparisons.", (1,), Calculation("10,000 * 2", "steps")
    )
    shown = Checker(ready(), hits()).check(said)
    assert shown is not None and "10,000 × 2 = 20,000 steps" in shown.text


def test_a_result_that_a_model_made_up_is_not_shown_beside_the_sum() -> None:
    said = ReplySentence(
        "A list of that size needs up to 50,000 comparisons.", (1,), Calculation("10,000 * 2", "steps")
    )
    shown = Checker(ready(), hits()).check(said)
    assert shown is not None and shown.text == "10,000 × 2 = 20,000 steps."


@pytest.mark.parametrize("expression", ["7919 * 2", "10000 ** 10000", "__import__('os').system('x')", "10000", "1 / 0"])
def test_a_sum_of_numbers_from_nowhere_or_of_anything_else_is_none(expression: str) -> None:
    said = ReplySentence("A list needs 15,838 comparisons.", (1,), Calculation(expression, ""))
    assert Checker(ready(), hits()).check(said) is None


def test_numbers_of_the_question_can_be_computed_with() -> None:
    said = ReplySentence(
        "A list of that size needs up to twice as many comparisons.", (1,), Calculation("7919 * 2", "steps")
    )
    shown = Checker(ready(), hits(), "how many for 7919 items").check(said)
    assert shown is not None and "7919 × 2 = 15,838 steps" in shown.text


@pytest.mark.parametrize("unit", ["@everyone", "you are all stupid", "free nitro", "evil/com", "list of items need"])
def test_a_unit_is_no_way_in(unit: str) -> None:
    said = ReplySentence("A list needs more.", (1,), Calculation("10,000 * 2", unit))
    shown = Checker(ready(), hits()).check(said)
    assert shown is not None and shown.text == "10,000 × 2 = 20,000."


@pytest.mark.parametrize(
    "unit", ["GB", "GB/s", "%", "m²", "comparisons", "lookups", "comparisons per second", "quokkas"]
)
def test_a_unit_is_a_known_one_or_a_word_of_question_or_passages(unit: str) -> None:
    said = ReplySentence("A list needs more.", (1,), Calculation("10,000 * 2", unit))
    shown = Checker(ready(), hits(), "how many quokkas?").check(said)
    assert shown is not None and shown.text == f"10,000 × 2 = 20,000 {unit}."


def test_a_sum_with_a_comment_is_not_shown() -> None:
    said = ReplySentence("A list needs more.", (1,), Calculation("10,000 * 2 # visit evil.example", ""))
    shown = Checker(ready(), hits()).check(said)
    assert shown is None or "evil" not in shown.text


def test_without_vectors_only_nearly_the_same_words_hold() -> None:
    index = Index({SMALL: notes()})
    sentence = "A dictionary key must be hashable, so its hash never changes."
    assert kept(sentence, index) == [sentence]
    assert kept("Kubernetes keys are hashable pods [2].", index) == []


@pytest.mark.parametrize(
    ("text", "sum_", "result"),
    [
        ("It has 3 * 4 = 12 weights.", "3 * 4 ", "12"),
        ("So - (2 + 3) × 4 = about 20.5 MB.", "(2 + 3) × 4 ", "20.5"),
        ("First 5 = five, then 7-2=5.", "7-2", "5"),
    ],
)
def test_an_equation_in_a_sentence_is_found(text: str, sum_: str, result: str) -> None:
    match = EQUATION.search(text)
    assert match is not None
    assert match.groups() == (sum_, result)


@pytest.mark.parametrize("part", ["7+", "7 ", "(", "+", "7+7=", "1,"])
def test_an_equation_is_sought_in_time_that_grows_with_the_length(part: str) -> None:
    begun = time.perf_counter()
    assert EQUATION.search(part * (100_000 // len(part)) + "x") is None or "=" in part
    assert time.perf_counter() - begun < 1


def test_a_sum_that_cannot_be_taken_takes_the_sentence_that_points_at_it() -> None:
    said = "A list of 10,000 items needs this many comparisons."
    whole = ReplySentence(said, (1,), Calculation("10,000 * 2", "steps"))
    assert Checker(Index({}), hits(), said).check(whole) is not None
    for expression in ("10000 ** 10000 ** 100", "__import__('os')", "777 * 3"):
        assert (
            Checker(Index({}), hits(), said).check(ReplySentence(said, (1,), Calculation(expression, "steps"))) is None
        )
