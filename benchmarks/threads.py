"""How well a thread keeps its subject: what of each of five turns in a row is heard, answered and cited.

python -m benchmarks.threads [--failures]

Asks the conversations of threads.yaml, each turn with the answers before it as a chat keeps them. By the number of the
turn it prints the share of lines that are taken for questions in a thread and by mention, of answers that are given,
that cite one of the notes that were named beforehand, and that open with one.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

import yaml

from bot.answers.compose.turns import ANSWERED_MAX, Earlier
from bot.answers.evaluation.recall import read_shown_text
from bot.answers.index.chunks import SourceId
from bot.features.ask.terms import Terms
from bot.llm.embedded import ordinary_words
from bot.messages import markup
from bot.runtime import settings
from bot.runtime.answer_engine import AnswerEngine, open_notebook
from bot.runtime.catalogue import registry
from bot.understanding.intents import carry_on, hear

SET = Path(__file__).with_name("questions") / "threads.yaml"
ROADMAP = SourceId("genai-2026")
REGISTRY = registry()
FIGURES = ("in a thread", "by mention", "answered", "cites", "opens")


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


def ask(notebook: AnswerEngine, thread: dict[str, Any]) -> list[Turn]:
    """Ask the turns of a thread, one after another."""
    answerer, before, made = notebook.answerer, list[Earlier](), list[Turn]()
    for number, turn in enumerate(thread["turns"], 1):
        found = answerer.retrieve([*before, turn["q"]], [ROADMAP])
        answer = (answerer.from_notes if found.verdict.is_covered else answerer.decline)(found)
        before.append(Earlier(turn["q"], markup.clip(read_shown_text(answer), ANSWERED_MAX)))
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


def main() -> None:
    """Print the tables."""
    notebook = open_notebook(settings.load(_env_file=None))
    notebook.embed()
    REGISTRY.is_term = terms = Terms(notebook.library, ordinary_words)
    REGISTRY.terms_in = terms.count
    threads = yaml.safe_load(SET.read_text(encoding="utf-8"))["threads"]
    turns = [turn for thread in threads for turn in ask(notebook, thread)]
    print(f"{'turn':12s} {'n':>4s}  " + "  ".join(f"{name:>11s}" for name in FIGURES))
    for number in range(1, 6):
        print(row(str(number), [turn for turn in turns if turn.number == number]))
    print(row("kept", [turn for turn in turns if not turn.is_changed]))
    print(row("changed", [turn for turn in turns if turn.is_changed]))
    print(row("all", turns))
    if "--failures" in sys.argv:
        for turn in turns:
            if min(turn.figures) == 0:
                lacking = ", ".join(name for name, one in zip(FIGURES, turn.figures, strict=True) if not one)
                print(f"{turn.number} {turn.asked}  NOT {lacking}: {'; '.join(turn.cited)}")


if __name__ == "__main__":
    main()
