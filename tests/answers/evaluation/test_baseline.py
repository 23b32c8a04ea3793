"""What is shown is held against what was shown before, question by question; noise is not called worse."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from bot.answers.compose.values import Coverage
from bot.answers.evaluation.facts import FactQuestion, Stray, fact
from bot.answers.evaluation.recall import Change, FactReport, RecallResult, changes, keep, read_baseline

MANY = range(40)


def report(lost: Collection[int] = (), answered: Collection[int] = ()) -> FactReport:
    """Return what forty covered and forty foreign questions showed."""

    def held(n: int) -> RecallResult:
        question = FactQuestion((f"what is thing {n}",), "python", "definition", "test", (fact("hash"), fact("table")))
        is_shown = n not in lost
        return RecallResult(
            question,
            "A hash table.",
            "covered" if is_shown else "near",
            (True,),
            (is_shown,) * 2,
            (True,) * 2,
            (True,) * 2,
        )

    def stray(n: int) -> tuple[Stray, Coverage, str]:
        return Stray(f"who is {n}", "small-talk", "test"), "covered" if n in answered else "foreign", "Somebody."

    return FactReport(tuple(map(held, MANY)), (), tuple(map(stray, MANY)))


def against(file: Path, now: FactReport) -> dict[str, Change]:
    return {change.name: change for change in changes(now, read_baseline(file))}


def test_what_is_as_it_was_is_not_worse(tmp_path: Path) -> None:
    keep(report(lost=[1]), tmp_path / "kept.json")
    found = against(tmp_path / "kept.json", report(lost=[1]))
    assert [*found] == ["facts shown", "covered, answered", "foreign, declined"]
    assert not any(change.is_worse for change in found.values())
    assert found["facts shown"].before == found["facts shown"].now == 39 / 40


def test_a_few_questions_lost_are_noise_and_many_are_not(tmp_path: Path) -> None:
    keep(report(), tmp_path / "kept.json")
    assert not against(tmp_path / "kept.json", report(lost=[1, 2, 3]))["facts shown"].is_worse
    worse = against(tmp_path / "kept.json", report(lost=range(6)))
    assert worse["facts shown"].is_worse and worse["covered, answered"].is_worse
    assert worse["facts shown"].describe().endswith("worse by more than noise")
    assert not worse["foreign, declined"].is_worse


def test_won_questions_weigh_against_lost_ones(tmp_path: Path) -> None:
    keep(report(lost=range(6)), tmp_path / "kept.json")
    assert not against(tmp_path / "kept.json", report(lost=range(6, 12)))["facts shown"].is_worse


def test_foreign_questions_that_are_answered_now_are_worse(tmp_path: Path) -> None:
    keep(report(), tmp_path / "kept.json")
    found = against(tmp_path / "kept.json", report(answered=range(6)))
    assert found["foreign, declined"].is_worse and not found["facts shown"].is_worse


def test_a_question_that_is_new_and_a_missing_file_count_for_nothing(tmp_path: Path) -> None:
    assert changes(report(), read_baseline(tmp_path / "none.json")) == []
    few = report()
    keep(FactReport(few.covered[:10], (), few.foreign[:10]), tmp_path / "kept.json")
    assert against(tmp_path / "kept.json", few)["facts shown"].n == 10
