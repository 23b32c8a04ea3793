"""False sentences do not pass the checker, and what honest replies say is kept: on the notes as they are."""

from __future__ import annotations

import pytest

from benchmarks.checker import falsified, honest
from benchmarks.entailment_score import REWORDING, checker, samples
from bot.answers.index.chunks import SourceId
from bot.answers.model.checker import Checker
from bot.answers.model.reply import ReplySentence
from bot.runtime.answer_engine import AnswerEngine
from tests.shipped import read_yaml

KINDS = ("number", "negation", "opposite", "foreign", "swap", "caveat")
WRITTEN = ("belief", "clauses", "unit", "degree", "qualifier")


@pytest.mark.nightly
def test_of_each_kind_of_false_sentence_at_most_one_in_twenty_passes(noted: AnswerEngine) -> None:
    kinds = falsified(noted)
    assert set(kinds) == set(KINDS) and sum(kind.n for kind in kinds.values()) >= 200
    assert {name: kind.passed for name, kind in kinds.items() if len(kind.passed) > 0.05 * kind.n} == {}
    for kind in kinds.values():
        assert kind.n >= 30 and len(kind.lost) <= 0.1 * kind.n, "what the notes say word by word holds"


@pytest.mark.parametrize(("part", "most"), [("tune", 0), ("test", 3)])
def test_short_sentences_that_are_false_do_not_pass(noted: AnswerEngine, part: str, most: int) -> None:
    kinds = falsified(noted, part)
    assert set(kinds) == set(WRITTEN) and all(kind.n == 6 for kind in kinds.values())
    passed = [one for kind in kinds.values() for one in kind.passed]
    assert len(passed) <= most, f"{len(passed)} of 30"
    assert sum(len(kind.lost) for kind in kinds.values()) <= 1


SHORT_WORDS = (
    "More context can only help.",
    "It is right to think that more context can only help.",
    "Split a table across chunks, and leave out its header row.",
    "Return a parent once for each of its children that match.",
    "A chunk that is too small mixes topics, and one that is too large loses what it refers to.",
    "Chunk size is best counted in characters.",
    "The best chunk size is as large as possible.",
    "Small chunks cost more money than large ones.",
    "Use 256 tokens for legal texts.",
)


def test_of_one_question_no_false_sentence_passes_and_true_ones_do(noted: AnswerEngine) -> None:
    sources = [SourceId("genai-2026")]
    hits = noted.answerer.retrieve(["how big should my chunks be"], sources).found.hits[:8]
    checker = Checker(noted.index, hits, "how big should my chunks be")
    assert [short_word for short_word in SHORT_WORDS if checker.check(ReplySentence(short_word)) is not None] == []
    true = (
        "It is wrong to think that more context can only help.",
        "Chunk size is best counted in tokens of the embedding model.",
    )
    assert [one for one in true if checker.check(ReplySentence(one)) is None] == []


def test_of_freely_worded_sentences_that_are_false_at_most_one_in_twenty_is_shown(noted: AnswerEngine) -> None:
    every = [
        sample
        for sample in samples()
        if sample.group in {"free.yaml, test", "free.yaml, last"} and sample.kind != REWORDING
    ]
    shown = [one.says for one in every if checker(noted, one).check(ReplySentence(one.says)) is not None]
    assert len(every) >= 40 and len(shown) <= len(every) / 20, shown


@pytest.mark.nightly
def test_honest_replies_keep_what_they_say(noted: AnswerEngine) -> None:
    kept = honest(noted)
    assert kept.raw >= 70 and kept.shown >= 0.97 * kept.raw, kept.lost
    assert kept.own >= 0.3 * kept.all, "much of it in their own words"


@pytest.mark.parametrize("name", ["falsified", "worded"])
def test_no_sentence_stands_twice(name: str) -> None:

    from benchmarks.checker import QUESTIONS

    rows = read_yaml(QUESTIONS / f"{name}.yaml")
    said = [str(row["says"]) for row in rows]
    assert len(set(said)) == len(said)
