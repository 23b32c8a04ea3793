"""Measures how well the notes answer: the verb `eval` of the command line."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from bot.settings import Settings

if TYPE_CHECKING:
    from bot.notebook import Notebook

GOLDEN = Path("tests", "golden")
"""Where the project's own questions are; a checkout has them, an installation does not."""


def evaluate(settings: Settings, given: argparse.Namespace) -> int:
    """Measure retrieval, answers and declining on questions whose passages or facts are known."""
    named = given.questions or "questions"
    file = _own(named) if named in ("questions", "facts") else Path(named)
    if file is None:
        print(
            f"Name a file of questions, or run this in the folder of a checkout, which has some in {GOLDEN}.",
            file=sys.stderr,
        )
        return 2
    from bot.features.qa.evaluation.facts import has_facts
    from bot.notebook import open_notebook

    notebook = open_notebook(settings)
    try:
        measured = _facts if has_facts(file) else _passages
        lines, name, value = measured(file, notebook, given)
    finally:
        asyncio.run(notebook.close())
    print("\n".join(lines))
    if value < given.at_least:
        print(f"{name} is below {given.at_least}", file=sys.stderr)
        return 1
    return 0


def _passages(file: Path, notebook: Notebook, given: argparse.Namespace) -> tuple[list[str], str, float]:
    """Return the lines to print, and the name and value of what must not fall."""
    from bot.features.qa.evaluation import measure
    from bot.features.qa.evaluation.golden import Place, read_golden
    from bot.features.qa.index.chunks import SourceId

    track = notebook.track(given.roadmap)
    sources = [SourceId(track.id)]
    places = {Place(chunk.note, chunk.heading) for chunk in notebook.index.chunks(sources)}
    golden = read_golden(file, places, {topic.id for topic in track.roadmap.topics})
    notebook.embed(counted("passages indexed"))
    report = measure.measure(golden, notebook.answerer, sources, counted("questions asked"))
    lines = measure.tables(report)
    if given.failures:
        lines += ["", *measure.failures(report)]
    return lines, f"recall@{measure.RECALL_AT}", report.recall


def _facts(file: Path, notebook: Notebook, given: argparse.Namespace) -> tuple[list[str], str, float]:
    """Return the lines to print, and the name and value of what must not fall."""
    from bot.features.qa.evaluation import recall
    from bot.features.qa.evaluation.facts import read_facts
    from bot.features.qa.index.chunks import SourceId

    track = notebook.track(given.roadmap)
    notes = {
        topic.id: [
            section.text for unit in topic.units for note in unit.notes for section in track.notes[note].sections
        ]
        for topic in track.roadmap.topics
    }
    asked = read_facts(file, notes)
    notebook.embed(counted("passages indexed"))
    sources = [SourceId(track.id)]
    report = recall.measure_facts(asked, notebook.answerer, sources, notes, counted("questions asked"))
    figures = recall.figures(report)
    lines = [json.dumps(figures, indent=1)] if given.json else recall.fact_tables(report)
    if given.failures and not given.json:
        lines += ["", *recall.lacking(report)]
    return lines, "the share of facts shown", figures["test"]["styles"]["all"]["facts"]


def _own(name: str) -> Path | None:
    """Return a file of the checkout that the package or its environment stands in, or in which it is run."""
    places = (Path(__file__).resolve().parents[1], Path.cwd(), Path(sys.prefix).parent)
    files = (place / GOLDEN / f"{name}.yaml" for place in places)
    return next((file for file in files if file.is_file()), None)


def counted(what: str) -> Callable[[int, int], None]:
    """Return a progress function that counts on standard error where a person looks on."""

    def show(done: int, total: int) -> None:
        if sys.stderr.isatty():
            print(f"\r{done} of {total} {what}", end="\n" if done == total else "", file=sys.stderr, flush=True)

    return show
