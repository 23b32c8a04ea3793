"""A set of questions with facts is read strictly; every fault is told with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.answers.evaluation.facts import FactText, has_facts, read_facts
from bot.curriculum.faults import RoadmapFault

STEMS = """\
covered:
  - {q: what is a set, topic: python, style: definition, facts: [unique | distinct, hash]}
followups:
  - {first: what is a set, q: and a tuple, topic: python, subject: same, facts: [fixed | immutab, "2"]}
foreign:
  - {q: who won, kind: small-talk}
"""

PATTERNS = """\
questions:
  - {id: a1, q: "batch 32, 100 rows: how many steps?", numeric: true, long: false,
     facts: [{say: Four steps., any: ['\\b4\\b', four]}]}
  - {id: a2, q: what is a set, numeric: false, long: true, facts: [{say: Items are unique., any: [unique]}]}
foreign:
  - {id: f1, q: who won}
threads:
  - id: t1
    turns:
      - {q: what is a list}
      - {q: and a tuple, facts: [{say: It is fixed., any: [immutab, fixed]}]}
      - {q: why is that, facts: [{say: So it can be a key., any: [hashable]}]}
"""


def read(tmp_path: Path, text: str) -> list[str]:
    file = tmp_path / "facts.yaml"
    file.write_text(text, encoding="utf-8")
    try:
        read_facts(file)
    except RoadmapFault as trouble:
        return [f"{fault.line} {fault.sentence}" for fault in trouble.faults]
    return []


def test_a_set_with_stems_is_read(tmp_path: Path) -> None:
    assert read(tmp_path, STEMS) == []
    facts = read_facts(tmp_path / "facts.yaml")
    assert facts.covered[0].facts[0].written == "unique | distinct"
    assert facts.covered[0].labels == ("short", "definition")
    assert facts.followups[0].turns == ("what is a set", "and a tuple")
    assert len(facts.covered) + len(facts.followups) + len(facts.foreign) == 3
    assert has_facts(tmp_path / "facts.yaml")


def test_a_set_with_patterns_and_threads_is_read(tmp_path: Path) -> None:
    assert read(tmp_path, PATTERNS) == []
    facts = read_facts(tmp_path / "facts.yaml")
    assert [question.labels for question in facts.covered] == [("short", "numeric"), ("long",)]
    assert [followup.turns[-1] for followup in facts.followups] == ["and a tuple", "why is that"]
    assert facts.followups[1].turns[0] == "what is a list" and facts.followups[1].labels == ("turn 3",)
    assert [stray.text for stray in facts.foreign] == ["who won"]
    (steps,) = facts.covered[0].facts
    assert FactText("It takes **4** steps.").holds(steps) and FactText("FOUR steps").holds(steps)
    assert not FactText("It takes 14 steps.").holds(steps)
    assert has_facts(tmp_path / "facts.yaml")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("[unique | distinct, hash]", "[]", "A question has 1 to 6 facts."),
        ("[unique | distinct, hash]", '[hash, "|"]', "A fact names no word."),
        ("definition", "riddle", "“style” must be one of definition"),
        ("{q: who won", "{q: what is a set", "The question “what is a set” stands here twice."),
        ("[fixed | immutab, ", "[{say: It is fixed, any: ['(']}, ", "This is no regular expression: missing )"),
    ],
)
def test_faults_are_told(tmp_path: Path, old: str, new: str, told: str) -> None:
    faults = read(tmp_path, STEMS.replace(old, new))
    assert faults and any(told in fault for fault in faults), faults


def test_another_form_is_recognised(tmp_path: Path) -> None:
    file = tmp_path / "golden.yaml"
    file.write_text("covered: []\nforeign: []\n", encoding="utf-8")
    assert not has_facts(file)
