"""Reads an outline that somebody has already, Markdown or a table, into a title, phases and units. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.core import markup
from bot.features.roadmap.faults import Slip
from bot.features.roadmap.outline import HOURS, RESOURCES, TITLE_MAX
from bot.features.roadmap.outline_line import Link, is_lone_link, linkless, minutes, pieces, plain, timed
from bot.features.roadmap.outline_parts import PHASE, UNIT, WHOLE, Part, numberless, parts

TEXT_MAX, UNITS_MAX, SUMMARY_MAX, EXERCISE_MAX, FAULTS_MAX = 100_000, 200, 200, 240, 20

TABLE = re.compile(r"\|.*\|")
_LABEL = re.compile(
    r"(?:\*\*|__)?(?:(?P<exercise>exercises?|tasks?|homework|assignments?|practice)|reading|resources?|links?|notes?|goals?)"
    r"(?:\*\*|__)?\s*:(?:\*\*|__)?\s*(?P<rest>.*)",
    re.IGNORECASE,
)
"""A line below a unit that says what it holds."""


@dataclass(frozen=True)
class SketchedUnit:
    """A unit as far as an outline tells it; 0 hours where it does not say."""

    title: str
    summary: str = ""
    hours: int = 0
    links: tuple[Link, ...] = ()
    exercise: str = ""


@dataclass(frozen=True)
class SketchedPhase:
    """Units below one heading, which may be missing."""

    title: str
    summary: str
    units: tuple[SketchedUnit, ...]


@dataclass(frozen=True)
class Sketch:
    """An outline as it was read.

    Args:
        title: empty where the outline names none.
        faults: what keeps it from becoming a roadmap.
        remarks: what was shortened or left out.
    """

    title: str = ""
    summary: str = ""
    phases: tuple[SketchedPhase, ...] = ()
    faults: tuple[Slip, ...] = ()
    remarks: tuple[Slip, ...] = ()

    @property
    def units(self) -> tuple[SketchedUnit, ...]:
        """Return the units of all phases in order."""
        return tuple(unit for phase in self.phases for unit in phase.units)


def read_outline(text: str) -> Sketch:
    """Read an outline: # title, ## phase, ### or - unit, or a table (CSV) with a column of titles; never raises."""
    if len(text.encode(errors="replace")) > TEXT_MAX:
        return Sketch(faults=(Slip(1, f"The outline is larger than {TEXT_MAX // 1000} kB: shorten it."),))
    return _Reader().sketch(parts(markup.clean(text)))


class _Reader:
    """Makes texts, hours and links of parts, and notes what is wrong on the way."""

    def __init__(self) -> None:
        self._faults: list[Slip] = []
        self._remarks: list[Slip] = []

    def sketch(self, found: Iterable[Part]) -> Sketch:
        title = summary = ""
        phases: list[tuple[Part, str, str, list[SketchedUnit]]] = []
        count = last = 0
        for part in found:
            last = part.line
            if part.level == WHOLE:
                title = title or (self._title(part, self._unlinked(part)) if part.title else "")
                summary = summary or self._text(part)[0]
                continue
            if part.level == PHASE or not phases:
                name = self._title(part, numberless(self._unlinked(part))) if part.level == PHASE else ""
                phases.append((part, name, self._text(part)[0] if name else "", []))
            if part.level != PHASE and (count := count + 1) <= UNITS_MAX:
                phases[-1][-1].append(self._unit(part))
            elif count == UNITS_MAX + 1 and part.level != PHASE:
                self._faults.append(Slip(part.line, f"At most {UNITS_MAX} units fit: make two roadmaps of it."))
        if not count:
            hint = "Begin each with ### or -, or give a table a column “title”."
            self._faults.append(Slip(max(last, 1), f"There is no unit here. {hint}"))
        self._remarks += [
            Slip(part.line, f"“{name}” has no units and is left out.") for part, name, _, u in phases if not u
        ]
        kept = tuple(SketchedPhase(name, about, tuple(units)) for _, name, about, units in phases if units)
        return Sketch(title, summary, kept, tuple(self._faults[:FAULTS_MAX]), tuple(self._remarks[:FAULTS_MAX]))

    def _unit(self, part: Part) -> SketchedUnit:
        links: list[Link] = []
        title, took = timed(part.title)
        words = self._words(part.line, title, links) or next((link.title for link in links), "")
        title = self._title(part, numberless(words))
        prose, task = _split_exercise(part.text)
        summary, more = self._text(part, prose)
        exercise, linked = self._text(part, task, EXERCISE_MAX)
        took = self._hours(part, took)
        distinct = list({link.url: link for link in [*links, *more, *linked]}.values())
        if len(distinct) > RESOURCES[-1]:
            self._remarks.append(Slip(part.line, f"Of {len(distinct)} links the first {RESOURCES[-1]} are kept."))
        return SketchedUnit(title, summary, took, tuple(distinct[: RESOURCES[-1]]), exercise)

    def _hours(self, part: Part, in_title: int) -> int:
        """Return the hours of a unit, begun ones whole, and tell where that is another time than was said."""
        in_text = next((found for _, text in part.text if (found := timed(text)[1])), 0)
        took = minutes(part.hours) or in_title or in_text
        whole = -(-took // 60)
        if whole > HOURS[1]:
            self._remarks.append(Slip(part.line, f"One unit has at most {HOURS[1]} hours, not {whole}."))
        elif took % 60:
            self._remarks.append(Slip(part.line, f"Hours are whole ones: {took} minutes count as {whole} h."))
        return min(whole, HOURS[1])

    def _words(self, line: int, text: str, links: list[Link]) -> str:
        """Return the words of a text, add its links to others, and tell what is no link."""

        def lose(target: str) -> None:
            self._remarks.append(Slip(line, f"“{markup.clip(target, 60)}” is no web address and is left out."))

        return plain(linkless(text, links.append, lose))

    def _unlinked(self, part: Part) -> str:
        """Return the words of a title that is no unit's."""
        links: list[Link] = []
        words = self._words(part.line, part.title, links)
        self._check_unlinked(part.line, links)
        return words

    def _check_unlinked(self, line: int, links: list[Link]) -> None:
        if links:
            self._remarks.append(Slip(line, "Here is no unit, and a link belongs to one: it is left out."))

    def _title(self, part: Part, title: str) -> str:
        if not title:
            self._faults.append(Slip(part.line, "A title is missing here."))
        elif len(title) > TITLE_MAX:
            what = f"The title “{markup.clip(title, 40)}” has {len(title)} characters"
            self._faults.append(Slip(part.line, f"{what}, and at most {TITLE_MAX} fit: put the rest below it."))
        return title

    def _text(
        self, part: Part, text: list[tuple[int, str]] | None = None, most: int = SUMMARY_MAX
    ) -> tuple[str, list[Link]]:
        """Return the words below a heading in one line, whole sentences as far as they fit, and the links in them."""
        text = part.text if text is None else text
        links: list[Link] = []
        said: list[str] = []
        rows = [number for number, line in text if TABLE.fullmatch(line)]
        if rows:
            how = "paste it as CSV, or each row as an item of a list"
            self._remarks.append(Slip(rows[0], f"A table in Markdown is left out: {how}."))
        for number, line in text:
            if number in rows:
                continue
            found: list[Link] = []
            read = [(self._words(number, one, found), is_lone_link(one)) for one in pieces(timed(line)[0])]
            if words := " ".join(one for one, is_link in read if one and not is_link):
                said.append(words)
            if part.level != UNIT:
                self._check_unlinked(number, found)
            links += found
        whole = " ".join(one if one[-1] in ".!?:;," or len(said) == 1 else f"{one}." for one in said)
        if len(whole) <= most:
            return whole, links
        self._remarks.append(Slip(text[0][0], f"Of this text the first {most} characters are kept."))
        fits = whole[:most]
        end = max(fits.rfind(mark) for mark in (". ", "! ", "? "))
        return fits[: end + 1] if end > most // 3 else markup.clip(whole, most), links


def _split_exercise(text: list[tuple[int, str]]) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """Return the lines below a unit that are no exercise, and those that are, without their label."""
    prose: list[tuple[int, str]] = []
    task: list[tuple[int, str]] = []
    goes_on = False
    for number, line in text:
        label = _LABEL.fullmatch(line)
        if label and label["exercise"]:
            goes_on = not label["rest"]
            task += [(number, label["rest"])] if label["rest"] else []
        else:
            goes_on = goes_on and label is None
            (task if goes_on else prose).append((number, line))
    return prose, task
