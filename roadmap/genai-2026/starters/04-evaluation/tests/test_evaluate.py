from __future__ import annotations

from pathlib import Path

import pytest

from answers.evaluate import (
    Question,
    both_ways,
    exact_match,
    main,
    paired_interval,
    points,
    read_answers,
    read_questions,
    scores,
    token_f1,
)

HERE = Path(__file__).resolve()
QUESTIONS = next(place / "questions.json" for place in HERE.parents if (place / "questions.json").is_file())
CANNED = HERE.parents[1] / "canned"
ASKED = read_questions(QUESTIONS)
FIRST, SECOND = (read_answers(CANNED / f"answers-{name}.json") for name in "ab")


def test_exact_match_looks_past_case_articles_and_punctuation() -> None:
    assert exact_match("In the yard.", "in yard") == 1
    assert exact_match("the yard in", "in the yard") == 0
    assert exact_match("20 euros", "30 euros") == 0


def test_f1_counts_shared_tokens() -> None:
    assert token_f1("over sixteen", "sixteen") == pytest.approx(2 / 3)
    assert token_f1("ten ten ten", "ten") == pytest.approx(0.5), "a token that is repeated is shared once"
    assert token_f1("never", "always") == 0
    assert token_f1("The red box", "red box") == 1


def test_scores_of_canned_answers_to_the_digit() -> None:
    measured = {name: round(value, 3) for name, value in scores(ASKED, FIRST).items()}
    assert measured == {"exact match": 0.708, "token F1": 0.82, "right refusals": 0.667, "wrong refusals": 0.042}


def test_points_reward_a_refusal_only_where_it_is_right() -> None:
    asked = [
        Question("a", "?", "yes"),
        Question("b", "?", None),
        Question("c", "?", None),
        Question("d", "?", "red box"),
    ]
    assert points(asked, {"a": None, "b": None, "c": "Lisbon", "d": "the red box"}) == [0.0, 1.0, 0.0, 1.0]
    assert points(asked, {}) == [0.0, 1.0, 1.0, 0.0], "an answer that is missing is a refusal"


def test_equal_versions_have_an_interval_that_holds_zero() -> None:
    same = points(ASKED, FIRST)
    assert paired_interval(same, same) == (0.0, 0.0)
    noisy = [1.0, 0.0] * 15
    low, high = paired_interval(noisy, noisy[::-1])
    assert low < 0 < high


def test_a_better_version_has_an_interval_above_zero() -> None:
    low, high = paired_interval(points(ASKED, FIRST), points(ASKED, SECOND))
    assert 0 < low < high
    assert low < sum(points(ASKED, SECOND)) / 30 - sum(points(ASKED, FIRST)) / 30 < high


def test_questions_are_paired() -> None:
    first = [0.0, 1.0] * 15
    second = [0.1, 1.1] * 15
    low, high = paired_interval(first, second)
    assert low == pytest.approx(0.1) and high == pytest.approx(0.1), "every question gains the same: no doubt is left"
    with pytest.raises(ValueError):
        paired_interval([1.0], [1.0, 0.0])


def test_seeds_are_fixed() -> None:
    first, second = points(ASKED, FIRST), points(ASKED, SECOND)
    assert paired_interval(first, second) == paired_interval(first, second)
    assert paired_interval(first, second, seed=1) != paired_interval(first, second, seed=2)


def test_a_judge_that_likes_what_comes_first_decides_nothing() -> None:
    assert both_ways(lambda *_: 1, "?", "ten", "eleven") == 0
    assert both_ways(lambda *_: 2, "?", "ten", "eleven") == 0


def test_a_judge_that_reads_is_heard_in_either_order() -> None:
    def longer(_question: str, one: str, other: str) -> int:
        return 1 if len(one) > len(other) else 2

    assert both_ways(longer, "?", "ten", "half past ten") == 2
    assert both_ways(longer, "?", "half past ten", "ten") == 1


def test_one_command_prints_all(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(CANNED / "answers-a.json"), str(CANNED / "answers-b.json")], QUESTIONS) == 0
    said = capsys.readouterr().out
    assert "exact match 0.708" in said and "95% interval +" in said
    assert main([], QUESTIONS) == 2
