"""What each part of an answer from the notes brings: the share of facts that is shown with the part switched off.

python -m benchmarks.ablations [--sets NAME ...] [PART ...]

Asks the training sets of benchmarks/questions, and takes about a minute for each part and set. No chat model is asked.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import fmean
from types import ModuleType
from typing import Any

from bot.answers.compose import answers, composer
from bot.answers.compose.citations import NoteQuote
from bot.answers.evaluation.facts import FactSet, read_facts
from bot.answers.evaluation.recall import measure_facts
from bot.answers.index import dense, lexical, retrieval
from bot.answers.index.chunks import Chunk, SourceId
from bot.runtime import settings
from bot.runtime.answer_engine import AnswerEngine, open_notebook

QUESTIONS = Path(__file__).with_name("questions")
SETS = ("long", "facts", "acceptance")
COURSE = SourceId("genai-2026")

Change = tuple[ModuleType, str, Any]
"""What stands in for an attribute of a module."""

read_statements = composer._read_statements


def without(is_left_out: Callable[[Chunk, int], bool]) -> Change:
    """Have no statement of a kind in answers; the place of each is that in `Chunk.statements`."""

    def read(number: int, chunk: Chunk) -> list[tuple[NoteQuote, ...]]:
        return [quotes for quotes in read_statements(number, chunk) if not is_left_out(chunk, quotes[-1].position)]

    return composer, "_read_statements", read


PARTS: dict[str, Sequence[Change]] = {
    "lexical leg": [(retrieval, "DENSE_WEIGHT", 1.0), (retrieval, "DENSE_WEIGHT_OF_ONE_WORD", 1.0)],
    "dense leg": [(retrieval, "DENSE_WEIGHT", 0.0), (retrieval, "DENSE_WEIGHT_OF_ONE_WORD", 0.0)],
    "authors' questions": [
        (dense, "_find_further", lambda *rows: rows[-1]),
        (lexical, "SEARCH", lexical.SEARCH.replace("1.0, 1.5", "1.0, 0.0")),
    ],
    "three nearest rows": [(dense, "NEAREST", 1)],
    "company of the note": [(retrieval, "COMPANY_WEIGHT", 0.0)],
    "gists": [without(lambda chunk, place: len(chunk.sentences) <= place < len(chunk.sentences) + bool(chunk.gist))],
    "facts": [without(lambda chunk, place: place >= len(chunk.sentences) + bool(chunk.gist))],
    "sentences": [without(lambda chunk, place: place < len(chunk.sentences))],
    "score of the passage": [(composer, "PASSAGE_WEIGHT", 0.0)],
    "nearness of the heading": [(composer, "HEADING_WEIGHT", 0.0), (composer, "LEAD_HEADING", 0.0)],
    "bonus of gists and facts": [(composer, "GIST_BONUS", 0.0), (composer, "FACT_BONUS", 0.0)],
    "likeness": [(composer, "LIKENESS_WEIGHT", 0.0)],
    "both sides": [(composer, "SIDE_BONUS", 0.0)],
    "limits of nearness": [(composer, "FAR", 9.0), (composer, "NEAR_SCORE", 0.0)],
    "formulas": [(answers, "compute", lambda *_: [])],
}


@contextmanager
def changed(changes: Sequence[Change]) -> Iterator[None]:
    """Have other values in modules for a while."""
    before = [(module, name, getattr(module, name)) for module, name, _ in changes]
    for module, name, value in changes:
        setattr(module, name, value)
    try:
        yield
    finally:
        for module, name, value in before:
            setattr(module, name, value)


def measure(notebook: AnswerEngine, asked: FactSet) -> float:
    """Return the share of facts that answers show, those of follow-ups left out."""
    report = measure_facts(FactSet(asked.covered, (), ()), notebook.answerer, [COURSE], [])
    return fmean(fmean(result.in_answer) for result in report.covered)


def main() -> None:
    """Print a line for each part, with what each set loses without it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", nargs="+", choices=SETS, default=SETS)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}")
    given = parser.parse_args()
    notebook = open_notebook(settings.load(_env_file=None))
    notebook.embed()
    sets = {name: read_facts(QUESTIONS / f"{name}.yaml") for name in given.sets}
    whole = {name: measure(notebook, asked) for name, asked in sets.items()}
    print(f"{'everything':26}", *(f"{name} {share:.3f}" for name, share in whole.items()), flush=True)
    for part in given.parts or PARTS:
        with changed(PARTS[part]):
            shares = {name: measure(notebook, asked) for name, asked in sets.items()}
        print(f"{f'without {part}':34}", *(f"{name} {shares[name] - whole[name]:+.3f}" for name in sets), flush=True)


if __name__ == "__main__":
    main()
