"""An outline as a value, and the Markdown file that holds it without loss. Pure.

Each line of such a file is a heading or a label with one value, so every text stands in it as written. People edit the
same lines to correct what a reader understood: a line `### ` begins a unit, and a unit whose heading is deleted joins
the one above it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar
from urllib.parse import urlsplit

from bot.commands.parameter_types import parse_url
from bot.curriculum.bank_reader import MOST
from bot.curriculum.content import Roadmap
from bot.curriculum.faults import LineRemark
from bot.curriculum.outline_reader import CRITERIA, CRITERION_MAX, HOURS, MINUTES, OBJECTIVES, RESOURCES, TITLE_MAX
from bot.curriculum.short_questions import ShortQuestion, find_faults, make_key, tidy
from bot.messages import markup
from bot.messages.errors import BadInput

T = TypeVar("T")
MARK = "<!-- Written by Trailmate. Keep this line. -->"
"""The first line of a file in which nothing has to be guessed."""
GUIDE = "<!-- ### begins a unit, ## a phase. Delete a ### line to join its unit to the one above. -->"
"""The second line if somebody is to correct what was understood."""
TEXT_MAX, FILE_MAX = 100_000, 250_000
"""Most bytes of an outline that somebody wrote, and of an export of a course."""
UNITS_MAX, EXERCISE_MAX, FAULTS_MAX = 200, 240, 20
SUMMARY_MAX, GOAL_MAX, DONE_MAX = 200, 90, 130
"""Most characters of a summary, a goal and of `done_when`; a unit with all of its texts fits its post."""
COURSE_SUMMARY_MAX, UNIT_SUMMARY_MAX, EXACT_DONE_MAX, PROMPT_MAX = 300, 220, 140, 280
"""What a course's file takes, which is a little more."""
LINK_TITLE_MAX = 120
NOTE_TITLE_MAX = 80

WHOLE, PHASE, UNIT = range(3)


@dataclass(frozen=True)
class OutlineLink:
    """A web address with its label; a book has a label only."""

    title: str
    url: str


@dataclass(frozen=True)
class OutlineNote:
    """A text to read in a unit, in Markdown."""

    title: str
    text: str


@dataclass(frozen=True)
class ParsedUnit:
    """A unit of an outline; 0 hours if it states none, and 0 minutes if its exercise states none.

    Args:
        prompt: a question to discuss.
        criteria: a checklist of the exercise.
    """

    title: str
    summary: str = ""
    hours: int = 0
    links: tuple[OutlineLink, ...] = ()
    exercise: str = ""
    goals: tuple[str, ...] = ()
    minutes: int = 0
    done_when: str = ""
    questions: tuple[ShortQuestion, ...] = ()
    notes: tuple[OutlineNote, ...] = ()
    prompt: str = ""
    criteria: tuple[str, ...] = ()


@dataclass(frozen=True)
class ParsedPhase:
    """Units below one heading, which may be empty."""

    title: str
    summary: str
    units: tuple[ParsedUnit, ...]


@dataclass(frozen=True)
class ParsedOutline:
    """An imported outline.

    Args:
        title: empty if the outline has none.
        faults: errors that keep it from becoming a course.
        remarks: text that was shortened or dropped.
        left_out: the titles of headings from which no unit and no phase was made.
        columns: of a table, the name of each column and what it was taken for, or "".
        roadmap: of a folder, the whole course, which may say more.
    """

    title: str = ""
    summary: str = ""
    phases: tuple[ParsedPhase, ...] = ()
    faults: tuple[LineRemark, ...] = ()
    remarks: tuple[LineRemark, ...] = ()
    left_out: tuple[LineRemark, ...] = ()
    columns: tuple[tuple[str, str], ...] = ()
    roadmap: Roadmap | None = None

    @property
    def units(self) -> tuple[ParsedUnit, ...]:
        """Return the units of all phases in order."""
        return tuple(unit for phase in self.phases for unit in phase.units)


def write_outline(outline: ParsedOutline, *, is_guided: bool = False) -> str:
    """Return an outline as Markdown, which `read_written` reads as the same phases and units.

    Args:
        is_guided: whether a line says how to correct it.
    """
    head = f"{MARK}\n{GUIDE}\n" if is_guided else f"{MARK}\n"
    return head + "".join(f"{line}\n" for line in _write_lines(outline))


def _write_lines(outline: ParsedOutline) -> Iterator[str]:
    if outline.title:
        yield f"# {outline.title}"
    yield from _write_value("Summary", outline.summary)
    numbers = iter(_number_notes(outline))
    for phase in outline.phases:
        if phase.title:
            yield f"\n## {phase.title}"
        yield from _write_value("Summary", phase.summary)
        for unit in phase.units:
            yield f"\n### {unit.title}"
            yield from _write_unit(unit)
            for note in unit.notes:
                number = next(numbers)
                yield f"\n<!-- Note {number}: {note.title} -->\n{note.text}\n{_end_note(number)}"


def _write_unit(unit: ParsedUnit) -> Iterator[str]:
    yield from _write_value("Summary", unit.summary)
    yield from _write_value("Hours", str(unit.hours or ""))
    yield from (f"- Link: {link.url} {link.title}" if link.url else f"- Read: {link.title}" for link in unit.links)
    yield from (f"- Goal: {goal}" for goal in unit.goals)
    yield from _write_value("Discuss", unit.prompt)
    yield from _write_value("Exercise", unit.exercise)
    yield from _write_value("Minutes", str(unit.minutes or ""))
    yield from _write_value("Done when", unit.done_when)
    yield from (f"- Check: {criterion}" for criterion in unit.criteria)
    for question in unit.questions:
        yield f"- Question: {question.prompt}"
        yield f"- Right: {question.right}"
        yield from (f"- Wrong: {answer}" for answer in question.wrong)
        yield from _write_value("Why", question.why)
        yield from _write_value("Source", question.source)


def _write_value(label: str, value: str) -> Iterator[str]:
    if value:
        yield f"- {label}: {value}"


def _number_notes(outline: ParsedOutline) -> Iterator[int]:
    """Yield a number for each note whose closing line no note has as a line of its own text."""
    lines = {line for unit in outline.units for note in unit.notes for line in note.text.split("\n")}
    number = 0
    while True:
        number += 1
        if _end_note(number) not in lines:
            yield number


def _end_note(number: int) -> str:
    return f"<!-- End of note {number} -->"


def split_units(outline: ParsedOutline, hours: int) -> ParsedOutline:
    """Return an outline in which each unit that takes more hours is split into parts that take at most so many.

    The first part keeps the title, the questions and the notes, and the last one gets the exercise.
    """
    phases = (
        replace(phase, units=tuple(part for unit in phase.units for part in _split_unit(unit, hours)))
        for phase in outline.phases
    )
    return replace(outline, phases=tuple(phases))


def _split_unit(unit: ParsedUnit, hours: int) -> Iterator[ParsedUnit]:
    count = max(1, -(-unit.hours // hours))
    none: dict[str, Any] = {"exercise": "", "minutes": 0, "done_when": "", "criteria": ()}
    task = {key: getattr(unit, key) for key in none}
    for at in range(count):
        part = unit if at == 0 else ParsedUnit(f"{markup.clip(unit.title, TITLE_MAX - 9)}, part {at + 1}")
        yield replace(
            part,
            hours=unit.hours // count + (at < unit.hours % count),
            links=_take_share(unit.links, at, count),
            goals=_take_share(unit.goals, at, count),
            **(task if at == count - 1 else none),
        )


def _take_share(items: tuple[T, ...], at: int, count: int) -> tuple[T, ...]:
    """Return one of several consecutive shares of about the same size."""
    return items[len(items) * at // count : len(items) * (at + 1) // count]


def shorten_url(url: str) -> str:
    """Return an address as a label: without its scheme and its query."""
    parts = urlsplit(url)
    return f"{(parts.hostname or '').removeprefix('www.')}{parts.path}".rstrip("/")


@dataclass
class OutlinePart:
    """A heading, a list item or a row, with the lines below it; its level is the course, a phase or a unit.

    Args:
        hours, minutes, done_when: the texts of these columns.
        goals, exercise, questions: of columns, with their lines; what a label names stands in the text instead.
        links, prompt, criteria, notes: of a file in which nothing has to be guessed.
    """

    level: int
    line: int
    title: str
    text: list[tuple[int, str]] = field(default_factory=list)
    hours: str = ""
    goals: list[tuple[int, str]] = field(default_factory=list)
    exercise: list[tuple[int, str]] = field(default_factory=list)
    minutes: str = ""
    done_when: str = ""
    questions: list[tuple[int, ShortQuestion]] = field(default_factory=list)
    links: list[tuple[int, str]] = field(default_factory=list)
    prompt: list[tuple[int, str]] = field(default_factory=list)
    criteria: list[tuple[int, str]] = field(default_factory=list)
    notes: list[OutlineNote] = field(default_factory=list)


class OutlineBuilder:
    """Makes an outline of parts, and collects faults and remarks. Here each part says exactly what it holds."""

    def __init__(self) -> None:
        self.faults: list[LineRemark] = []
        self.remarks: list[LineRemark] = []
        self.left_out: list[LineRemark] = []
        self._asked: set[str] = set()

    def build(self, parts: Iterable[OutlinePart]) -> ParsedOutline:
        """Return the outline."""
        title = summary = ""
        phases: list[tuple[OutlinePart, str, str, list[ParsedUnit]]] = []
        count = last = 0
        for part in parts:
            last = part.line
            if part.level == WHOLE:
                title = title or (self.read_heading(part) if part.title else "")
                summary = summary or self.read_summary(part)
                continue
            if part.level == PHASE or not phases:
                name = self.read_heading(part) if part.level == PHASE else ""
                phases.append((part, name, self.read_summary(part) if name else "", []))
            if part.level != PHASE and (count := count + 1) <= UNITS_MAX:
                phases[-1][-1].append(self.read_unit(part))
            elif count == UNITS_MAX + 1 and part.level != PHASE:
                self.faults.append(
                    LineRemark(part.line, f"A course can have {UNITS_MAX} units. Make two courses of it.")
                )
        if not count:
            hint = "Start each unit with ### or -, or add a “title” column to a table."
            self.faults.append(LineRemark(max(last, 1), f"I found no units. {hint}"))
        self.left_out += [LineRemark(part.line, name) for part, name, _, units in phases if name and not units]
        left_out = tuple(sorted(self.left_out, key=lambda heading: heading.line))
        nonempty = tuple(ParsedPhase(name, about, tuple(units)) for _, name, about, units in phases if units)
        faults, remarks = tuple(self.faults[:FAULTS_MAX]), tuple(self.remarks[:FAULTS_MAX])
        return ParsedOutline(title, summary, nonempty, faults, remarks, left_out)

    def read_heading(self, part: OutlinePart) -> str:
        """Return the title of the course or of a phase."""
        return self.check_title(part, part.title)

    def read_summary(self, part: OutlinePart) -> str:
        """Return the summary of the course or of a phase."""
        if part.goals or part.links or part.exercise or part.questions:
            sentence = "Goals, links, exercises and questions belong to a unit. I left these out."
            self.remarks.append(LineRemark(part.line, sentence))
        return self._join(part.text, COURSE_SUMMARY_MAX if part.level == WHOLE else SUMMARY_MAX)

    def read_unit(self, part: OutlinePart) -> ParsedUnit:
        """Return a unit."""
        exercise = self._join(part.exercise, EXERCISE_MAX)
        return ParsedUnit(
            self.check_title(part, part.title),
            self._join(part.text, UNIT_SUMMARY_MAX),
            self.limit_hours(part.line, int(part.hours or 0)),
            self.limit_links(part.line, self._read_links(part.links)),
            exercise,
            self.limit_goals(part.line, part.goals),
            min(int(part.minutes or 0), MINUTES[1]) if exercise else 0,
            self.clip(part.line, part.done_when, EXACT_DONE_MAX) if exercise else "",
            self.check_questions(part.questions),
            tuple(part.notes),
            self._join(part.prompt, PROMPT_MAX),
            self._limit_criteria(part.criteria) if exercise else (),
        )

    def _read_links(self, lines: Sequence[tuple[int, str]]) -> Iterator[OutlineLink]:
        for line, text in lines:
            if text.startswith(_NO_ADDRESS):
                yield OutlineLink(self.clip(line, text.removeprefix(_NO_ADDRESS), LINK_TITLE_MAX), "")
                continue
            match = _LINK.fullmatch(text)
            target = (match["target"] or match["url"]) if match else text
            try:
                url = parse_url(target)
            except BadInput:
                self.remark_lost_link(line, target)
            else:
                title = (match["label"] or match["title"] or "") if match else ""
                yield OutlineLink(self.clip(line, title.strip() or shorten_url(url), LINK_TITLE_MAX), url)

    def _limit_criteria(self, lines: Sequence[tuple[int, str]]) -> tuple[str, ...]:
        criteria = tuple(self.clip(line, text, CRITERION_MAX) for line, text in lines[: CRITERIA[-1]])
        if lines and (len(lines) not in CRITERIA):
            self.remarks.append(LineRemark(lines[0][0], f"A checklist has three to five points, not {len(lines)}."))
        return criteria if len(criteria) in CRITERIA else ()

    def remark_lost_link(self, line: int, target: str) -> None:
        """Remark on an address that can't be opened."""
        sentence = f"“{markup.clip(target, 60)}” isn't a web address, so I left it out."
        self.remarks.append(LineRemark(line, sentence))

    def _join(self, lines: Sequence[tuple[int, str]], most: int) -> str:
        return self.clip(lines[0][0], " ".join(text for _, text in lines), most) if lines else ""

    def clip(self, line: int, text: str, most: int) -> str:
        """Return a text of at most so many characters, and remark on what is lost."""
        if len(text) > most:
            self.remarks.append(LineRemark(line, f"I used the first {most} characters of this text."))
        return markup.clip(text, most)

    def check_title(self, part: OutlinePart, title: str) -> str:
        """Return a title; a missing or long one is a fault."""
        if not title:
            self.faults.append(LineRemark(part.line, "Add a title here."))
        elif len(title) > TITLE_MAX:
            what = f"The title “{markup.clip(title, 40)}” has {len(title)} characters"
            self.faults.append(LineRemark(part.line, f"{what}. The limit is {TITLE_MAX}: put the rest below it."))
        return title

    def limit_hours(self, line: int, hours: int) -> int:
        """Return at most the hours that a unit can have."""
        if hours > HOURS[1]:
            self.remarks.append(LineRemark(line, f"A unit can have {HOURS[1]} hours, not {hours}. I used {HOURS[1]}."))
        return min(hours, HOURS[1])

    def limit_links(self, line: int, links: Iterable[OutlineLink]) -> tuple[OutlineLink, ...]:
        """Return the first links of a unit, each address once."""
        distinct = {link.url or link.title: link for link in links}
        return self._take_first(line, [*distinct.values()], RESOURCES[-1], "links")

    def limit_goals(self, line: int, goals: Sequence[tuple[int, str]]) -> tuple[str, ...]:
        """Return the first goals of a unit."""
        first = self._take_first(line, goals, OBJECTIVES, "goals")
        return tuple(self.clip(number, goal, GOAL_MAX) for number, goal in first)

    def _take_first(self, line: int, items: Sequence[T], most: int, noun: str) -> tuple[T, ...]:
        if len(items) > most:
            sentence = f"A unit can have {most} {noun}. I used the first {most} of {len(items)}."
            self.remarks.append(LineRemark(line, sentence))
        return tuple(items[:most])

    def check_questions(self, asked: Sequence[tuple[int, ShortQuestion]]) -> tuple[ShortQuestion, ...]:
        """Return the questions that can be asked, and remark on the others."""
        questions: list[ShortQuestion] = []
        for line, question in asked:
            written = tidy(question)
            if fault := next(find_faults(written), None):
                reason = markup.flat(markup.inline(fault.sentence))
                self.remarks.append(LineRemark(line, f"I left out a question. {reason}"))
            elif len(questions) >= MOST:
                self.remarks.append(LineRemark(line, f"I left out a question. A unit can have {MOST}."))
            else:
                questions.append(written)
                if (key := make_key(written.prompt)) in self._asked:
                    self.remarks.append(LineRemark(line, "The outline has this question twice. I'll ask it once."))
                self._asked.add(key)
        return tuple(questions)


_HEADING = re.compile(r"(#{1,3}) +(\S.*)")
_VALUE = re.compile(r"(?:[-*+] +)?([A-Za-z]+(?: [A-Za-z]+)?): *(.*)")
_LINK = re.compile(r"\[(?P<label>.*)\]\((?P<target>\S+)\)|(?P<url>\S+)(?:\s+(?P<title>.*))?")
_COMMENT = re.compile(r"<!--.*-->")
_NOTE = re.compile(r"<!-- Note (\d{1,6}): (.*) -->")
_NUMBER = re.compile(r"\d{1,6}(?:[.,]\d{1,2})?")


def is_written(text: str) -> bool:
    """Whether a text is a file that `write_outline` wrote."""
    return text.lstrip().startswith(MARK)


def read_written(text: str) -> ParsedOutline:
    """Read a file that `write_outline` wrote, perhaps with lines that somebody has edited. Never raises."""
    return OutlineBuilder().build(_read_parts(text.lstrip().split("\n")))


def _read_parts(lines: Sequence[str]) -> Iterator[OutlinePart]:
    part = OutlinePart(WHOLE, 1, "")
    at = 1
    while at < len(lines):
        number, line = at + 1, lines[at].strip()
        at += 1
        if heading := _HEADING.fullmatch(line):
            yield part
            part = OutlinePart((WHOLE, PHASE, UNIT)[len(heading[1]) - 1], number, _tidy(heading[2]))
        elif note := _NOTE.fullmatch(line):
            end = next((n for n in range(at, len(lines)) if lines[n].strip() == _end_note(int(note[1]))), len(lines))
            title = markup.clip(_tidy(note[2]), NOTE_TITLE_MAX)
            part.notes.append(OutlineNote(title, "\n".join(lines[at:end])))
            at = end + 1
        elif line and not _COMMENT.fullmatch(line):
            _add_value(part, number, line)
    yield part


def _add_value(part: OutlinePart, number: int, line: str) -> None:
    """Add a line to a part; one without a label, or with an unknown one, belongs to the summary."""
    match = _VALUE.fullmatch(line)
    label, value = (match[1].lower(), _tidy(match[2])) if match else ("", "")
    if label in _OF_QUESTION and part.questions:
        part.questions[-1] = (part.questions[-1][0], _OF_QUESTION[label](part.questions[-1][1], value))
    elif label == "question":
        part.questions.append((number, ShortQuestion(value, "", ())))
    elif label in ("hours", "minutes"):
        found = _NUMBER.match(value)
        more = -(-float(found[0].replace(",", ".")) // 1) if found else 0
        setattr(part, label, str(int(getattr(part, label) or 0) + int(more)))
    elif label == "done when":
        part.done_when = f"{part.done_when} {value}".strip()
    elif label == "read":
        part.links.append((number, f"{_NO_ADDRESS}{value}"))
    elif (lines := _LINES_OF.get(label)) is not None:
        getattr(part, lines).extend([(number, value)] if value else [])
    else:
        part.text.append((number, _tidy(line)))


_NO_ADDRESS = "\n"
"""Begins the text of a link that is only a title."""
_LINES_OF = {
    "summary": "text",
    "link": "links",
    "goal": "goals",
    "discuss": "prompt",
    "exercise": "exercise",
    "check": "criteria",
}
_OF_QUESTION: Mapping[str, Callable[[ShortQuestion, str], ShortQuestion]] = {
    "right": lambda question, value: replace(question, right=value),
    "wrong": lambda question, value: replace(question, wrong=(*question.wrong, value)),
    "why": lambda question, value: replace(question, why=value),
    "source": lambda question, value: replace(question, source=value),
}


def _tidy(text: str) -> str:
    return " ".join(text.split())
