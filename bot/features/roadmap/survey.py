"""Counts what a track has of what makes it a course: what `trailmate roadmap check` tells beside the faults."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.features.roadmap.balance import longest, middle, twins
from bot.features.roadmap.bank import Item
from bot.features.roadmap.coverage import Measure
from bot.features.roadmap.curriculum import ASKED_FOR, BETWEEN, LONGEST, unasked
from bot.features.roadmap.notes import Page

Told = tuple[str, str]
"""A subject, and a sentence on it."""

ANY = Measure("british", (0, 0), (0, 0))
"""What holds where a track has no measure of its own."""


def survey(pages: Sequence[Page], items: Sequence[Item], measure: Measure | None) -> list[Told]:
    """Tell of each subject how much of it there is."""
    return [_gists(pages, measure or ANY), _figures(pages), *_quizzes(pages, items, measure or ANY)]


def _gists(pages: Sequence[Page], measure: Measure) -> Told:
    owing = [part for page in pages for part in page.body.parts if measure.asks_more(part)]
    whole = [page for page in pages if all(part.gist for part in page.body.parts if measure.asks_more(part))]
    having = sum(bool(part.gist) for part in owing)
    return "gists", f"{having} of {len(owing)} sections; {len(whole)} of {len(pages)} notes are whole"


def _figures(pages: Sequence[Page]) -> Told:
    drawn = {figure.name for page in pages for part in page.body.parts for figure in part.figures}
    wishes = sum((line.comment or "").startswith(ASKED_FOR) for page in pages for line in page.body.prose)
    return "figures", f"{len(drawn)} drawn, {wishes} asked for"


def _quizzes(pages: Sequence[Page], items: Sequence[Item], measure: Measure) -> Iterator[Told]:
    owing = sum(measure.asks_more(part) for page in pages for part in page.body.parts)
    bare = sum(len(unasked(page, measure, items)) for page in pages)
    yield "quizzes", f"{len(items)} items; {owing - bare} of {owing} sections have one"
    yield "", f"{LONGEST} in {longest(items)}"
    yield "", f"{BETWEEN} in {middle(items)}"
    for one, other in twins(items):
        yield "twins", f"{one} and {other} have most of their words in common"
