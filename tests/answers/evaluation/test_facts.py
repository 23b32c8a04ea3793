"""A set of questions with facts is read strictly; every fault is told with its line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.answers.evaluation.facts import has_facts, read_facts, split_of
from bot.curriculum.faults import RoadmapFault

STRAY, OTHER = ("tune", "test") if split_of(("who won",)) == "tune" else ("test", "tune")
WHOLE = split_of(("what is a set",))
SOUND = f"""\
covered:
  - {{q: what is a set, topic: python, style: definition, split: {WHOLE}, facts: [unique | distinct, hash]}}
followups:
  - first: what is a set
    q: and a tuple
    topic: python
    subject: same
    split: {split_of(("what is a set", "and a tuple"))}
    facts: [fixed | immutab, "2"]
foreign:
  - {{q: who won, kind: small-talk, split: {STRAY}}}
"""


def read(tmp_path: Path, text: str) -> list[str]:
    file = tmp_path / "facts.yaml"
    file.write_text(text, encoding="utf-8")
    try:
        read_facts(file, {"python"})
    except RoadmapFault as trouble:
        return [f"{fault.line} {fault.sentence}" for fault in trouble.faults]
    return []


def test_a_sound_set_is_read_and_split(tmp_path: Path) -> None:
    assert read(tmp_path, SOUND) == []
    facts = read_facts(tmp_path / "facts.yaml", {"python"})
    assert facts.covered[0].facts[0].written == "unique | distinct"
    assert facts.followups[0].turns == ("what is a set", "and a tuple")
    both = [facts.of(split) for split in ("tune", "test")]
    assert sum(len(half.covered) + len(half.followups) + len(half.foreign) for half in both) == 3
    assert has_facts(tmp_path / "facts.yaml")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("topic: python, style", "topic: baking, style", "There is no topic “baking”."),
        ("[unique | distinct, hash]", "[hash]", "A question has 2 to 4 facts."),
        ("[unique | distinct, hash]", '[hash, "|"]', "A fact names no word."),
        ("definition", "riddle", "“style” must be one of definition"),
        (f"small-talk, split: {STRAY}", f"small-talk, split: {OTHER}", f"The question's hash puts it into {STRAY}."),
        ("{q: who won", "{q: what is a set", "The question “what is a set” stands here twice."),
    ],
)
def test_faults_are_told(tmp_path: Path, old: str, new: str, told: str) -> None:
    faults = read(tmp_path, SOUND.replace(old, new))
    assert faults and any(told in fault for fault in faults), faults


def test_a_set_that_is_all_for_test_says_so_once(tmp_path: Path) -> None:
    bare = re.sub(r",? *\n?    split: \w+$|, split: \w+", "", SOUND, flags=re.MULTILINE)
    assert "split" not in bare and "A question needs the key “split”" in read(tmp_path, bare)[0]
    assert read(tmp_path, f"split: test\n{bare}") == []
    facts = read_facts(tmp_path / "facts.yaml", {"python"})
    assert facts.is_held_out and facts.of("test") == facts
    assert "must be one of test" in read(tmp_path, f"split: tune\n{bare}")[0]
    assert "A question can't have the key “split”" in read(tmp_path, f"split: test\n{SOUND}")[0]


def test_another_form_is_recognised(tmp_path: Path) -> None:
    file = tmp_path / "golden.yaml"
    file.write_text("covered: []\nforeign: []\n", encoding="utf-8")
    assert not has_facts(file)
