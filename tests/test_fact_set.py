"""The questions of strangers: their size and spread, none of them in a note, and what they are shown."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bot.features.qa.evaluation.baseline import changes, read_baseline
from bot.features.qa.evaluation.facts import KINDS, STYLES, FactSet, read_facts
from bot.features.qa.evaluation.recall import measure_facts
from bot.features.qa.index.chunks import SourceId
from bot.features.qa.index.words import words
from bot.notebook import Notebook
from tests.roadmap.note_code import NOTES

FILE = Path(__file__).parent / "golden" / "facts.yaml"


@pytest.fixture(scope="module")
def topics(noted: Notebook) -> set[str]:
    return {topic.id for topic in noted.library["genai-2026"].roadmap.topics}


@pytest.fixture(scope="module")
def strangers(topics: set[str]) -> FactSet:
    return read_facts(FILE, topics)


def test_the_set_has_its_size_and_spread(strangers: FactSet, topics: set[str]) -> None:
    assert len(strangers.covered) >= 240 and len(strangers.followups) >= 60 and len(strangers.foreign) >= 200
    styles, kinds = Counter(one.style for one in strangers.covered), Counter(one.kind for one in strangers.foreign)
    assert set(styles) == set(STYLES) and min(styles.values()) >= 25 and styles["numeric"] >= 50
    assert set(kinds) == set(KINDS) and min(kinds.values()) >= 20
    assert {one.topic for one in strangers.covered} == topics
    assert sum(one.style == "new" for one in strangers.followups) >= 12


def test_three_in_five_are_for_tuning(strangers: FactSet) -> None:
    for every in (strangers.covered, strangers.followups, strangers.foreign):
        assert 0.55 <= sum(one.split == "tune" for one in every) / len(every) <= 0.65


def test_no_question_was_copied_into_a_note(strangers: FactSet) -> None:
    told = [" ".join(words(note.read_text(encoding="utf-8"))) for note in NOTES]
    asked = [" ".join(words(one.turns[-1])) for one in strangers.covered]
    assert [one for one in asked if len(one.split()) > 5 and any(one in text for text in told)] == []


def test_what_strangers_are_shown_is_no_worse_than_what_was_kept(noted: Notebook, strangers: FactSet) -> None:
    """The questions of the test split alone; `trailmate eval facts` asks all, and `--keep` keeps what is better."""
    written = {one.topic: [""] for one in (*strangers.covered, *strangers.followups)}
    report = measure_facts(strangers.of("test"), noted.answerer, [SourceId("genai-2026")], written)
    changed = changes(report, read_baseline(FILE.with_name("baseline.json")))
    assert len(changed) == 4
    assert [change.told() for change in changed if change.is_worse] == []
