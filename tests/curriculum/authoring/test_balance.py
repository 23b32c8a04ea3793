"""What items give away is counted over a whole track, and held where the coverage is strict."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.curriculum.authoring.course_rules import BalanceCount, find_similar_items, longest, middle
from bot.curriculum.authoring.lint import check, lint_course
from bot.curriculum.bank import AnswerChoice, BankItem, NumericAnswer, QuestionSource, SingleChoice
from tests.curriculum.authoring.test_course_rules import COVERAGE, TODAY
from tests.curriculum.test_track import track

pytestmark = pytest.mark.long


def item(right: str, *wrong: str, prompt: str = "Why?", ident: str = "a", kind: str = "recall") -> BankItem:
    """Return an item with one right choice."""
    choices = (AnswerChoice(right, True, ""), *(AnswerChoice(text, False, "No.") for text in wrong))
    return BankItem(ident, kind, "easy", prompt, SingleChoice(choices), "So.", QuestionSource("note", "Heading"))


def test_a_right_answer_that_is_the_longest_is_counted_among_recall_items_in_prose() -> None:
    items = [
        item("a long answer", "short", "brief", "curt"),
        item("short", "a long answer", "brief", "curt"),
        item("equal", "equal", "curt"),
        item("a long answer", "short", "brief", kind="apply"),
        item("1000000", "2", "3"),
    ]
    tally = longest(items)
    assert (tally.hits, tally.of) == (1.5, 3)
    assert tally.chance == pytest.approx(1 / 4 + 1 / 4 + 1 / 3)
    assert str(tally) == "50 % of 3 (chance 28 %)"


@pytest.mark.parametrize(
    ("choices", "counted"),
    [
        (("2", "1", "3", "4"), True),
        (("1.5 GB", "1.2 GB", "12 GB"), True),
        (("1,000", "900", "2,000"), True),
        (("About -2", "-3", "0"), True),
        (("`2`", "`1`", "`3`"), True),
        (("2 GB", "1 MB", "3 GB"), False),
        (("2", "1", "none"), False),
        (("(2, 3)", "(1, 2)", "(3, 4)"), False),
    ],
)
def test_a_right_number_between_the_others_is_counted(choices: tuple[str, ...], counted: bool) -> None:
    tally = middle([item(*choices)])
    assert (tally.hits, tally.of) == ((1, 1) if counted else (0, 0))


def test_a_right_number_at_either_end_gives_nothing_away() -> None:
    assert str(middle([item("1", "2", "3", "4"), item("4", "1", "2", "3")])) == "0 % of 2 (chance 50 %)"


def test_chance_and_five_points_to_either_side_are_fair() -> None:
    assert [hits for hits in range(101) if BalanceCount(hits, 25, 100).is_fair] == list(range(20, 31))
    assert BalanceCount(0, 0, 0).is_fair


def test_one_item_among_few_is_chance() -> None:
    assert [hits for hits in range(9) if BalanceCount(hits, 2, 8).is_fair] == [1, 2, 3]


def test_twins_ask_the_same_with_other_numbers_and_others_only_share_words() -> None:
    filler = [
        item(f"word{n}" * 3, "x", "y", prompt=f"Which thing is {'abcdefgh'[n] * 4}?", ident=f"f{n}") for n in range(8)
    ]
    items = [
        item(
            "2 GB", "3 GB", "4 GB", prompt="How much memory do 500 vectors of 1,024 float32 numbers take?", ident="one"
        ),
        item("9 GB", "3 GB", "4 GB", prompt="How much memory do 800 vectors of 512 float32 numbers need?", ident="two"),
        item("Speed", "Size", "Cost", prompt="How much is gained by float32 here?", ident="three"),
        BankItem(
            "four",
            "compute",
            "easy",
            "How many bytes?",
            NumericAnswer(8, 0, "B"),
            "So.",
            QuestionSource("note", "Heading"),
        ),
    ]
    assert find_similar_items([*filler, *items]) == [("one", "two")]
    assert find_similar_items([]) == []


def quizzed(folder: Path, **changed: Any) -> Path:
    """Write a track with a bank whose right answers are the longest, about one of its two sections."""
    choices = [{"text": "Long answer", "right": True}, {"text": "Short", "why": "No."}, {"text": "Brief", "why": "No."}]
    items = [
        {
            "id": f"lists-{n}",
            "kind": "recall",
            "difficulty": "easy",
            "question": f"Why {n}?",
            "choices": deepcopy(choices),
            "explanation": "So.",
            "note": "lists",
            "heading": "What it is",
        }
        | deepcopy(changed)
        for n in range(8)
    ]
    (track(folder) / "quizzes").mkdir()
    (folder / "quizzes" / "lists.yaml").write_text(yaml.safe_dump({"unit": "lists", "items": items}))
    (folder / "coverage.yaml").write_text(COVERAGE)
    return folder


def test_what_quizzes_give_away_is_told_and_a_fault_where_the_coverage_is_strict(tmp_path: Path) -> None:
    folder = quizzed(tmp_path / "small")
    assert check(folder) == []
    told = [sentence for _, sentence in lint_course(folder).list_statistics(TODAY)]
    assert "8 items; 1 of 2 sections have one" in told
    assert "The longest choice is right in 100 % of 8 (chance 33 %)" in told
    (folder / "coverage.yaml").write_text("quizzes: strict\n" + COVERAGE)
    assert [(fault.file.name, fault.line, fault.sentence) for fault in check(folder)] == [
        ("coverage.yaml", 1, "The longest choice is right in 100 % of 8 (chance 33 %)."),
        ("more-lists.md", 9, "No quiz item asks about the section “What it is”."),
    ]
    (folder / "coverage.yaml").write_text("quizzes: lax\n" + COVERAGE)
    assert [fault.sentence for fault in check(folder)] == ["“quizzes” must be one of strict."]


def test_right_answers_that_are_never_the_longest_are_a_fault_too(tmp_path: Path) -> None:
    choices = [{"text": "Short", "right": True}, {"text": "Long answer", "why": "No."}, {"text": "Brief", "why": "No."}]
    folder = quizzed(tmp_path / "small", choices=choices)
    (folder / "coverage.yaml").write_text("quizzes: strict\n" + COVERAGE)
    assert "The longest choice is right in 0 % of 8 (chance 33 %)." in [one.sentence for one in check(folder)]
