"""What the checker lets through and what it takes away: false sentences that pass, facts of honest replies that stay.

python -m benchmarks.checker [--failures]

Needs the vectors of the notes, and computes in half a minute those that are missing. No chat model is asked: replies
are those of `worded.yaml`, false sentences those of `falsified.yaml` and `reworded.yaml` in `benchmarks/questions`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from bot.answers.evaluation.facts import Fact, FactQuestion, read_facts, spans
from bot.answers.index.chunks import SourceId
from bot.answers.index.retrieval import Hit
from bot.answers.model.checker import Checker, Shown
from bot.answers.model.reply import Calculation, ReplySentence
from bot.answers.model.worded import PASSAGES, SentenceBuffer
from bot.runtime import settings
from bot.runtime.answer_engine import AnswerEngine, open_notebook

QUESTIONS = Path(__file__).with_name("questions")
TRACK = "genai-2026"


@dataclass
class Kind:
    """False sentences of one kind, and the true ones that they were made of."""

    n: int = 0
    passed: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)


@dataclass
class Kept:
    """What was left of honest replies.

    Args:
        own: sentences as the model said them; `all` counts those that were replaced or dropped too.
    """

    raw: int = 0
    shown: int = 0
    own: int = 0
    all: int = 0
    lost: list[str] = field(default_factory=list)


def falsified(notebook: AnswerEngine, part: str | None = None) -> dict[str, Kind]:
    """Check every false sentence, and the true one beside it, against its passage and others that are shown with it.

    Args:
        part: "tune" or "test" of those written by hand; None for those drawn by rules.
    """
    kinds: dict[str, Kind] = {}
    sources = [SourceId(TRACK)]
    chunks = {(chunk.note, chunk.heading): chunk for chunk in notebook.index.chunks(sources)}
    for row in yaml.safe_load((QUESTIONS / "falsified.yaml").read_text(encoding="utf-8")):
        chunk = chunks.get((row["note"], row["heading"])) if row.get("part") == part else None
        if chunk is None or row["was"] not in chunk.sentences:
            continue
        hits = notebook.index.search(f"{chunk.title} {chunk.heading}", sources).hits[:PASSAGES]
        checker = Checker(notebook.index, hits)
        kind = kinds.setdefault(row["kind"], Kind())
        kind.n += 1
        if checker.check(ReplySentence(row["says"])) is not None:
            kind.passed.append(row["says"])
        if checker.check(ReplySentence(row["was"])) is None:
            kind.lost.append(row["was"])
    return kinds


def reworded(notebook: AnswerEngine) -> dict[str, Kind]:
    """Check false sentences in a model's own words."""
    kinds: dict[str, Kind] = {}
    for row in yaml.safe_load((QUESTIONS / "reworded.yaml").read_text(encoding="utf-8")):
        kind = kinds.setdefault(row["kind"], Kind())
        kind.n += 1
        if _checker(notebook, [row["q"]]).check(ReplySentence(row["says"])) is not None:
            kind.passed.append(row["says"])
    return kinds


def honest(notebook: AnswerEngine) -> Kept:
    """Check every honest reply and count the facts before and after."""
    kept = Kept()
    asked = {one.turns[-1]: one for one in read_facts(QUESTIONS / "facts.yaml").of("tune").covered}
    for row in yaml.safe_load((QUESTIONS / "worded.yaml").read_text(encoding="utf-8")):
        question = asked[row["q"]]
        said = [*_said(row["says"])]
        shown = words(notebook, question, said)
        raw = _held(question, _raw(said))
        left = _held(question, " ".join(one.text for one in shown))
        kept.raw += len(raw)
        kept.shown += len(set(raw) & set(left))
        kept.own += sum(one.is_own for one in shown)
        kept.all += len(said)
        kept.lost += [f"{question.turns[-1]}: {fact.written}" for fact in raw if fact not in left]
        kept.lost += [f"    {one.text}" for one in said if not any(one.text[:-1] in two.text for two in shown)]
    return kept


def words(notebook: AnswerEngine, question: FactQuestion, said: Sequence[ReplySentence]) -> list[Shown]:
    """Return what is shown of a reply."""
    desk = SentenceBuffer(_checker(notebook, question.turns))
    return [*(one for sentence in said for one in desk.take(sentence)), *desk.rest()]


def _checker(notebook: AnswerEngine, turns: Sequence[str]) -> Checker:
    hits: Sequence[Hit] = notebook.answerer.retrieve(turns, [SourceId(TRACK)]).found.hits[:PASSAGES]
    return Checker(notebook.index, hits, " ".join(turns))


def _said(rows: Sequence[str | list[str]]) -> Iterator[ReplySentence]:
    for row in rows:
        if isinstance(row, str):
            yield ReplySentence(row)
        else:
            yield ReplySentence(row[0], (), Calculation(row[1], row[2]))


def _raw(said: Sequence[ReplySentence]) -> str:
    sums = (f"{one.text} {one.calculation.expression if one.calculation else ''}" for one in said)
    return " ".join(sums)


def _held(question: FactQuestion, text: str) -> list[Fact]:
    places = spans(text)
    return [fact for fact in question.facts if any(fact.is_in(place) for place in places)]


def main(arguments: list[str]) -> None:
    """Print both figures; with --failures also what they are made of."""
    notebook = open_notebook(settings.load(_env_file=None))
    notebook.embed()
    for part in (None, "tune", "test"):
        for name, kind in falsified(notebook, part).items():
            passed, stayed = len(kind.passed) / kind.n, 1 - len(kind.lost) / kind.n
            print(f"{name:10} {kind.n:4} false ones, {passed:.3f} pass; of the true ones {stayed:.3f} stay", part or "")
            if "--failures" in arguments and part != "test":
                print("".join(f"    passed {one}\n" for one in kind.passed), end="")
    for name, kind in reworded(notebook).items():
        print(f"{name:10} {kind.n:4} false ones in other words, {len(kind.passed) / kind.n:.3f} pass")
        if "--failures" in arguments:
            print("".join(f"    passed {one}\n" for one in kind.passed), end="")
    kept = honest(notebook)
    print(f"honest replies: {kept.shown} of {kept.raw} facts stay, {kept.shown / kept.raw:.3f}")
    print(f"{kept.own} of {kept.all} sentences as the model said them, {kept.own / kept.all:.3f}")
    if "--failures" in arguments:
        print("\n".join(kept.lost))


if __name__ == "__main__":
    main(sys.argv[1:])
