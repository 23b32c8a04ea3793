"""Statistics of a course, for `trailmate roadmap check`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import PurePath

from bot.curriculum.authoring.course_rules import (
    BETWEEN,
    LONGEST,
    NoteRules,
    find_sections_without_item,
    find_similar_items,
    longest,
    middle,
)
from bot.curriculum.bank import Bank, BankItem
from bot.curriculum.content import Roadmap
from bot.curriculum.note import NoteFile, count_wished_figures, list_shown_figures
from bot.messages.numerals import numbered

Statistic = tuple[str, str]
"""A subject and a sentence about it."""

FRESH = timedelta(days=365)
"""How long a check of a note's sources stays valid."""
RECENT_YEARS = 2
ANY = NoteRules("british", (0, 0), (0, 0))
"""The rules for a track without its own."""


def table(entries: Iterable[Statistic]) -> Iterator[str]:
    """Yield a line for each sentence, with the subject before its first one."""
    before = ""
    for subject, sentence in entries:
        yield f"  {'' if subject == before else subject:<10} {sentence}"
        before = subject


def list_derived_statistics(roadmap: Roadmap, base: str, banks: Iterable[Bank]) -> list[Statistic]:
    """Return statistics of a derived course."""
    notes, items = sum(len(unit.notes) for unit in roadmap.units), sum(len(bank.items) for bank in banks)
    return [("units", f"{len(roadmap.units)} of {base}, with {notes} notes and {items} quiz items")]


@dataclass(frozen=True)
class CourseStatistics:
    """Computes the statistics of a track.

    Args:
        drawn: names of the figure files.
    """

    roadmap: Roadmap
    pages: Sequence[NoteFile]
    items: Sequence[BankItem]
    drawn: Collection[str]
    measure: NoteRules
    today: date

    def list_statistics(self) -> Iterator[Statistic]:
        """Yield the statistics by subject, without subjects that have nothing yet."""
        units, topics = numbered(len(self.roadmap.units), "unit"), numbered(len(self.roadmap.topics), "topic")
        yield "units", f"{units} in {topics}; {numbered(len(self.pages), 'note')}"
        if self.measure.subtopics:
            yield "coverage", f"{self.measure.subtopics} subtopics"
        if self.pages or self.drawn:
            yield from self._gists()
            yield from self._figures()
        if self.items:
            yield from self._quizzes()
        if any(unit.resources for unit in self.roadmap.units):
            yield from self._resources()
        if self.pages:
            yield from self._freshness()

    def _gists(self) -> Iterator[Statistic]:
        owing = [[bool(part.gist) for part in page.body.parts if self.measure.asks_more(part)] for page in self.pages]
        having, sections = sum(map(sum, owing)), sum(map(len, owing))
        yield "gists", f"{having} of {sections} sections; {sum(map(all, owing))} of {len(self.pages)} notes are whole"

    def _figures(self) -> Iterator[Statistic]:
        names = list_shown_figures(self.pages)
        yield "figures", f"{len(names)} drawn, {count_wished_figures(self.pages)} asked for"
        if orphans := sorted(file for file in self.drawn if PurePath(file).stem not in names):
            yield "figures", f"no note shows {', '.join(orphans)}"

    def _quizzes(self) -> Iterator[Statistic]:
        owing = sum(self.measure.asks_more(part) for page in self.pages for part in page.body.parts)
        bare = sum(len(find_sections_without_item(page, self.measure, self.items)) for page in self.pages)
        yield "quizzes", f"{len(self.items)} items; {owing - bare} of {owing} sections have one"
        yield "quizzes", f"{LONGEST} in {longest(self.items)}"
        yield "quizzes", f"{BETWEEN} in {middle(self.items)}"
        for first, other in find_similar_items(self.items):
            yield "twins", f"{first} and {other}"

    def _resources(self) -> Iterator[Statistic]:
        recent = self.today.year - RECENT_YEARS
        of_units = [resource.year for unit in self.roadmap.units for resource in unit.resources]
        of_notes = [source.year for page in self.pages for source in page.note.sources]
        counts = [f"{sum(year >= recent for year in years)} of {len(years)}" for years in (of_units, of_notes)]
        yield "sources", f"from {recent} or later: {counts[0]} resources of units, {counts[1]} sources of notes"
        kinds = [{resource.kind for resource in unit.resources} for unit in self.roadmap.units]
        unseen, unrun = (
            sum(not kind & {"video", "course"} for kind in kinds),
            sum("repository" not in kind for kind in kinds),
        )
        yield "sources", f"units without a video or course: {unseen}; without a repository: {unrun}"

    def _freshness(self) -> Iterator[Statistic]:
        opened = [page for page in self.pages if page.checked_on is not None]
        stale = [page.note.id for page in opened if page.checked_on and self.today - page.checked_on > FRESH]
        older = f"older than twelve months: {', '.join(stale)}" if stale else "none older than twelve months"
        yield "freshness", f"sources opened by a person: {len(opened)} of {len(self.pages)} notes; {older}"
