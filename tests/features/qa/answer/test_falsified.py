"""False sentences do not pass the checker, and what honest replies say is kept: on the notes as they are."""

from __future__ import annotations

import pytest

from benchmarks.checker import falsified, honest
from bot.notebook import Notebook

KINDS = ("number", "negation", "opposite", "foreign", "swap", "caveat")


def test_of_each_kind_of_false_sentence_at_most_one_in_twenty_passes(noted: Notebook) -> None:
    kinds = falsified(noted)
    assert set(kinds) == set(KINDS) and sum(kind.n for kind in kinds.values()) >= 200
    assert {name: kind.passed for name, kind in kinds.items() if len(kind.passed) > 0.05 * kind.n} == {}
    for kind in kinds.values():
        assert kind.n >= 30 and len(kind.lost) <= 0.1 * kind.n, "what the notes say word by word holds"


def test_honest_replies_keep_what_they_say(noted: Notebook) -> None:
    kept = honest(noted)
    assert kept.raw >= 70 and kept.shown >= 0.97 * kept.raw, kept.lost
    assert kept.own >= 0.6 * kept.all, "most of it in their own words"


@pytest.mark.parametrize("name", ["falsified", "worded"])
def test_no_sentence_stands_twice(name: str) -> None:
    import yaml

    from benchmarks.checker import GOLDEN

    rows = yaml.safe_load((GOLDEN / f"{name}.yaml").read_text(encoding="utf-8"))
    said = [str(row["says"]) for row in rows]
    assert len(set(said)) == len(said)
