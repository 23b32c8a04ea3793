"""How well a thread keeps its subject, and where the facts of follow-ups are lost.

python -m benchmarks.threads [--failures] [FILE...]

Asks the conversations of threads.yaml, each turn with the answers before it as a chat keeps them. By the number of the
turn it prints the share of lines that are taken for questions in a thread and by mention, of answers that are given,
that cite one of the notes that were named beforehand, and that open with one.

Then it asks the follow-ups of files of questions with facts. For each kind of turn it counts the facts that are shown,
and where the others are: in a cited passage, in the first 3 or 10 passages found, elsewhere in the notes, or nowhere.
"""

from __future__ import annotations

import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import fmean
from typing import Any

import yaml

from bot.answers.compose.turns import ANSWERED_MAX, Earlier
from bot.answers.compose.values import Answer
from bot.answers.evaluation.facts import Fact, FactQuestion, FactText, read_facts
from bot.answers.evaluation.recall import read_passage, read_shown_text
from bot.answers.index.chunks import Chunk, SourceId
from bot.features.ask.terms import Terms
from bot.llm.embedded import ordinary_words
from bot.messages import markup
from bot.runtime import settings
from bot.runtime.answer_engine import AnswerEngine, open_notebook
from bot.runtime.catalogue import registry
from bot.understanding.intents import carry_on, hear

QUESTIONS = Path(__file__).with_name("questions")
FACTS = [QUESTIONS / f"{name}.yaml" for name in ("facts", "acceptance", "followups", "leaning", "long")]
ROADMAP = SourceId("genai-2026")
REGISTRY = registry()
FIGURES = ("in a thread", "by mention", "answered", "cites", "opens")
KINDS = {
    "why": r"^(?:and |so |but |ok,? )*(?:why|how come)(?: (?:is|was))?(?: (?:that|this|it))?(?: so)?\W*$",
    "example": r"\bexamples?\b|^show me\b",
    "numbers": r"\d",
    "and ...": r"^(?:and|or|so|but)\b|^(?:what|how) about\b",
    "pronoun": r"\b(?:its?|that|this|they|them|those|these|ones?|other|two|both|first|second|latter|former|same)\b",
    "own words": r"",
}
"""Kinds of turns, by the first pattern that is found."""
PLACES = ("shown", "in cited", "in first 3", "in first 10", "elsewhere", "nowhere")


@dataclass(frozen=True)
class Turn:
    """What became of one turn.

    Args:
        figures: 0 or 1 for each of FIGURES.
        cited: the notes and headings of its answer, in order.
    """

    number: int
    is_changed: bool
    asked: str
    figures: tuple[float, ...]
    cited: tuple[str, ...]


def converse(notebook: AnswerEngine, questions: Iterable[str]) -> Iterator[tuple[Answer, list[Chunk]]]:
    """Ask questions one after another, each with the answers before it; yield the answers and the passages found."""
    answerer, before = notebook.answerer, list[Earlier]()
    for question in questions:
        retrieved = answerer.retrieve([*before, question], [ROADMAP])
        answer = (answerer.from_notes if retrieved.verdict.is_covered else answerer.decline)(retrieved)
        before.append(Earlier(question, markup.clip(read_shown_text(answer), ANSWERED_MAX)))
        yield answer, [hit.chunk for hit in retrieved.found.hits]


def ask(notebook: AnswerEngine, thread: dict[str, Any]) -> list[Turn]:
    """Ask the turns of a thread, one after another."""
    turns, made = thread["turns"], list[Turn]()
    answers = converse(notebook, (turn["q"] for turn in turns))
    for number, (turn, (answer, _)) in enumerate(zip(turns, answers, strict=True), 1):
        notes = [citation.note for citation in answer.citations]
        heard = (carry_on(REGISTRY, turn["q"]), hear(REGISTRY, turn["q"], "mention", follows=number > 1))
        figures = (
            *(float(call is not None and call.name == REGISTRY.fallback) for call in heard),
            float(answer.coverage == "covered"),
            float(any(note in turn["at"] for note in notes)),
            float(bool(notes) and notes[0] in turn["at"]),
        )
        cited = tuple(f"{citation.note}#{citation.heading}" for citation in answer.citations)
        made.append(Turn(number, number >= thread.get("anew", 9), turn["q"], figures, cited))
    return made


def row(name: str, turns: Sequence[Turn]) -> str:
    """Return a line of a table."""
    means = [fmean(turn.figures[at] for turn in turns) for at in range(len(FIGURES))]
    return f"{name:12s} {len(turns):4d}  " + "  ".join(f"{mean:11.3f}" for mean in means)


def locate_facts(notebook: AnswerEngine, question: FactQuestion) -> list[str]:
    """Return for each fact of the last turn where it is, one of PLACES."""
    *_, (answer, chunks) = converse(notebook, question.turns)
    headings = {(citation.note, citation.heading) for citation in answer.citations}
    cited = [chunk for chunk in chunks if (chunk.note, chunk.heading) in headings]
    answer_text = FactText(read_shown_text(answer))
    passages = (cited, chunks[:3], chunks, notebook.index.chunks([ROADMAP]))

    def locate(fact: Fact) -> str:
        if answer_text.holds(fact):
            return PLACES[0]
        held = (any(_read_passage(chunk).holds(fact) for chunk in some) for some in passages)
        return next((place for place, is_held in zip(PLACES[1:], held, strict=False) if is_held), PLACES[-1])

    return [*map(locate, question.facts)]


_read_passage = cache(read_passage)


def name_kind(turn: str) -> str:
    """Return the kind of a turn."""
    return next(name for name, pattern in KINDS.items() if re.search(pattern, turn.lower()))


def print_facts(notebook: AnswerEngine, files: Iterable[Path], *, lists_failures: bool) -> None:
    """Print where the facts of follow-ups are, by file, number and kind of the turn."""
    counts = defaultdict[str, Counter[str]](Counter)
    for file in files:
        for question in read_facts(file).followups:
            places = locate_facts(notebook, question)
            for group in (file.stem, f"turn {len(question.turns)}", name_kind(question.turns[-1]), "all"):
                counts[group].update(places)
            if lists_failures:
                for fact, place in zip(question.facts, places, strict=True):
                    if place != PLACES[0]:
                        print(f"{' / '.join(question.turns)}  {place}: {fact.written}")
    print(f"\n{'facts of':12s} {'n':>4s}  " + "  ".join(f"{place:>11s}" for place in PLACES))
    for group, found in counts.items():
        shares = "  ".join(f"{found[place] / found.total():11.3f}" for place in PLACES)
        print(f"{group:12s} {found.total():4d}  {shares}")


def main() -> None:
    """Print the tables."""
    lists_failures = "--failures" in sys.argv
    files = [Path(name) for name in sys.argv[1:] if name != "--failures"] or FACTS
    notebook = open_notebook(settings.load(_env_file=None))
    notebook.embed()
    REGISTRY.is_term = terms = Terms(notebook.library, ordinary_words)
    REGISTRY.terms_in = terms.count
    threads = yaml.safe_load((QUESTIONS / "threads.yaml").read_text(encoding="utf-8"))["threads"]
    turns = [turn for thread in threads for turn in ask(notebook, thread)]
    print(f"{'turn':12s} {'n':>4s}  " + "  ".join(f"{name:>11s}" for name in FIGURES))
    for number in range(1, 6):
        print(row(str(number), [turn for turn in turns if turn.number == number]))
    print(row("kept", [turn for turn in turns if not turn.is_changed]))
    print(row("changed", [turn for turn in turns if turn.is_changed]))
    print(row("all", turns))
    if lists_failures:
        for turn in turns:
            if min(turn.figures) == 0:
                lacking = ", ".join(name for name, one in zip(FIGURES, turn.figures, strict=True) if not one)
                print(f"{turn.number} {turn.asked}  NOT {lacking}: {'; '.join(turn.cited)}")
    print_facts(notebook, files, lists_failures=lists_failures)


if __name__ == "__main__":
    main()
