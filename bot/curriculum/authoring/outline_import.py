"""Import an outline, Markdown or a table, as a title, phases and units, and write it as a course folder. Pure.

The files have "to do" marks where an author may add something.
"""

from __future__ import annotations

import csv
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from io import StringIO
from urllib.parse import urlsplit

from bot.commands import durations
from bot.commands.parameter_types import parse_url
from bot.curriculum.faults import Slip
from bot.curriculum.folder import OUTLINE
from bot.curriculum.outline_reader import HOURS, RESOURCES, TITLE_MAX
from bot.curriculum.yaml_reader import ID_MAX
from bot.messages import markup
from bot.messages.errors import BadInput

LINE_MAX, NAME_MAX = 2000, 120

"""Most characters of a line that are read, and of a link's label."""

_LINK = re.compile(r"!?\[(?P<label>[^\[\]]*)\]\((?P<target>[^\s()]*(?:\([^\s()]*\)[^\s()]*)*)(?:\s+\"[^\"]*\")?\)")

_BARE = re.compile(r"<?(?P<target>https?://[^\s<>|]*[^\s<>|.,;:!?)\]'\"])>?")

_BRACKETS = re.compile(r"[(\[](?:about |ca\.? |~ ?)?([^()\[\]]{1,24})[)\]]$")

_NUMBER = re.compile(r"\d{1,3}(?:[.,]\d{1,2})?")

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=!?\[|<?https?://)")

_EMPHASIS = re.compile(r"(\*\*|__)(.+?)\1|(?<![\w*])([*_])(\S.*?)\3(?![\w*])")


@dataclass(frozen=True)
class OutlineLink:
    """A web address with its label."""

    title: str
    url: str


def addresses(cell: str) -> list[str]:
    """Return the links of a table cell, without the text between them."""
    links = [match[0] for match in _LINK.finditer(cell)]
    return [*links, *(match["target"] for match in _BARE.finditer(_LINK.sub(" ", cell)))]


def linkless(text: str, keep: Callable[[OutlineLink], None], lose: Callable[[str], None]) -> str:
    """Replace the links of a text by their labels.

    Args:
        keep: called with each web link.
        lose: called with each other address.
    """

    def replace_link(label: str, target: str) -> str:
        try:
            url = parse_url(target)
        except BadInput:
            lose(target)
        else:
            keep(OutlineLink(markup.clip(plain(label) or _shorten_url(url), NAME_MAX), url))
        return label

    rest = _LINK.sub(lambda match: replace_link(match["label"], match["target"]), text)
    return _BARE.sub(lambda match: replace_link("", match["target"]), rest)


def is_lone_link(text: str) -> bool:
    """Whether a line has links and no other words."""
    rest = _BARE.sub("", _LINK.sub("", text))
    return rest != text and re.search(r"\w", timed(rest)[0].replace(" and ", "")) is None


def pieces(text: str) -> list[str]:
    """Split a line before each link that follows the end of a sentence."""
    return _SENTENCE_END.split(text)


def timed(text: str) -> tuple[str, int]:
    """Return a text without the duration in brackets at its end, and the duration in minutes; 0 for none.

    Links may follow the duration.
    """
    line = text.rstrip()
    words = _blank_links(line).rstrip(" ,;:–—-")
    if len(words) < len(line) and words.endswith((")", "]")):
        rest, took = timed(line[: len(words)])
        return (rest + line[len(words) :], took) if took else (text, 0)
    match = _BRACKETS.search(line[-40:])
    took = minutes(match[1]) if match and not _NUMBER.fullmatch(match[1].strip()) else 0
    return (line[: line.rindex(match[0])].rstrip(), took) if match and took else (text, 0)


def _blank_links(text: str) -> str:
    """Replace links by spaces; the length stays the same."""
    bare = _LINK.sub(lambda match: " " * len(match[0]), text)
    return _BARE.sub(lambda match: " " * len(match[0]), bare)


def minutes(duration: str) -> int:
    """Return a duration in minutes, the upper end of a range; a bare number is hours."""
    longest = re.split(r"[-–—]|\bto\b", duration.casefold())[-1].strip(" ~")
    return durations.minutes(f"{longest} h" if _NUMBER.fullmatch(longest) else longest) or 0


def plain(text: str) -> str:
    """Return one line without emphasis marks."""
    return " ".join(_EMPHASIS.sub(lambda match: match[2] or match[4], text).split())


def _shorten_url(url: str) -> str:
    parts = urlsplit(url)
    return f"{(parts.hostname or '').removeprefix('www.')}{parts.path}".rstrip("/")


WHOLE, PHASE, UNIT = range(3)

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "title": ("title", "unit", "name", "topic", "lesson", "session", "subject"),
    "summary": ("summary", "description", "text", "about", "what", "notes", "details"),
    "hours": ("hours", "hour", "h", "time", "duration", "effort"),
    "links": ("links", "link", "urls", "url", "resources", "resource", "reading", "material", "materials"),
    "phase": ("phase", "part", "module", "block", "section", "chapter"),
}

"""Accepted names of table columns, most specific first."""

_HEADING = re.compile(r" {0,3}(#{1,6})\s+(\S.*)")

_ITEM = re.compile(r"( *)(?:[-*+•]|\d{1,3}[.)])\s+(?:\[[ xX]\]\s+)?(\w.*|\S.*\w.*)")

_RULE = re.compile(r"\s*(?:-[- ]+-|\*[* ]+\*|_[_ ]+_|=[= ]+=)\s*")

_WEEK = re.compile(r"(?:week|unit|session|lesson|meeting|day)\s*\d{1,3}\b\s*[:.)–—-]*\s*", re.IGNORECASE)

_WEEK_LINE = re.compile(rf"(?:\*\*|__)?(?=\w)(?P<title>{_WEEK.pattern}.{{0,100}}?)(?:\*\*|__)?:?", re.IGNORECASE)

_LIST_NUMBER = re.compile(r"\d{1,3}[.)]\s+")


@dataclass
class OutlinePart:
    """A heading, a list item or a row, with the lines below it; its level is the course, a phase or a unit.

    Args:
        hours: the text of the hours column.
    """

    level: int
    line: int
    title: str
    text: list[tuple[int, str]] = field(default_factory=list)
    hours: str = ""


def parts(text: str) -> Iterator[OutlinePart]:
    """Yield the parts of an outline in order; the text must be cleaned."""
    first = next((line for line in text.split("\n") if line.strip()), "")
    if not (_HEADING.fullmatch(first) or _ITEM.fullmatch(first)):
        for mark in ",;\t":
            if (columns := _find_columns(first, mark)) is not None:
                return _parse_table(columns, _read_rows(text, mark))
    return _parse_markdown(_add_headings([_clip_line(line) for line in text.expandtabs(4).split("\n")]))


def numberless(title: str) -> str:
    """Return a title without a leading week number, because units are numbered anyway."""
    rest = _LIST_NUMBER.sub("", _WEEK.sub("", title, count=1) or title, count=1)
    return rest or title


def _add_headings(lines: list[str]) -> list[str]:
    """Turn bare lines such as `Week 2 - Deployments` into headings, if there are no others."""
    if any((heading := _HEADING.fullmatch(line)) and len(heading[1]) > 1 for line in lines):
        return lines
    weeks = {at: match["title"] for at, line in enumerate(lines) if (match := _WEEK_LINE.fullmatch(line))}
    first_item = next((at for at, line in enumerate(lines) if _match_item(line)), len(lines))
    if len(weeks) < 2 or first_item < min(weeks):
        return lines
    return [f"## {weeks[at]}" if at in weeks else line for at, line in enumerate(lines)]


def _parse_markdown(lines: Sequence[str]) -> Iterator[OutlinePart]:
    """Yield the parts of a Markdown outline; which level is a unit depends on the outline."""
    levels = [len(match[1]) for line in lines if (match := _HEADING.fullmatch(line))]
    of_units = _find_unit_level(lines)
    beside = _find_loose_items(lines) if of_units == 3 else frozenset()
    has_title = levels.count(1) == 1 or 2 in levels
    part = OutlinePart(WHOLE, 1, "")
    for number, line in enumerate(lines, 1):
        heading, item = _HEADING.fullmatch(line), _match_item(line)
        if heading and (level := len(heading[1])) <= max(of_units, 2):
            yield part
            is_title = level == 1 and has_title and part.level == WHOLE and not part.title
            part = OutlinePart(
                WHOLE if is_title else UNIT if level == of_units else PHASE, number, _strip_closing_marks(heading[2])
            )
        elif item and len(item[1]) < 2 and (of_units == 0 or number in beside):
            yield part
            part = OutlinePart(UNIT, number, item[2])
        elif not _RULE.fullmatch(line) and (content := (heading or item or ["", "", line.strip()])[2]):
            part.text.append((number, content.lstrip("> ")))
    yield part


def _find_unit_level(lines: Sequence[str]) -> int:
    """Return the heading level of units; 0 if list items are units."""
    headings = [(len(match[1]), match[2]) for line in lines if (match := _HEADING.fullmatch(line))]
    if any(level == 3 for level, _ in headings):
        return 3
    seconds = [title for level, title in headings if level == 2]
    if sum(_WEEK.match(title) is not None for title in seconds) * 2 > len(seconds):
        return 2
    items = [match[2] for line in lines if (match := _match_item(line)) and len(match[1]) < 2]
    if any(not is_lone_link(item) for item in items):
        return 0
    firsts = sum(level == 1 for level, _ in headings)  # of several the links are theirs, below one they are the units
    return 2 if seconds else 0 if items and firsts < 2 else 1


def _find_loose_items(lines: Sequence[str]) -> frozenset[int]:
    """Return the lines of list items that are units although others are ### headings: those directly below a phase.

    Items with only links are units only if the phase has no ###.
    """
    headings = {n: len(match[1]) for n, line in enumerate(lines, 1) if (match := _HEADING.fullmatch(line))}
    beside: set[int] = set()
    for begin, end in zip(headings, [*list(headings)[1:], len(lines) + 1], strict=True):
        follows = next((level for n, level in headings.items() if n > begin and level <= 3), 0)
        items = ((n, _match_item(lines[n - 1])) for n in range(begin + 1, end) if headings[begin] == 2)
        beside.update(n for n, item in items if item and (follows != 3 or not is_lone_link(item[2])))
    return frozenset(beside)


def _match_item(line: str) -> re.Match[str] | None:
    return None if _RULE.fullmatch(line) else _ITEM.fullmatch(line)


def _strip_closing_marks(heading: str) -> str:
    words = heading.split()
    return " ".join(words[:-1] if len(words) > 1 and not words[-1].strip("#") else words)


def _clip_line(line: str) -> str:
    return line[:LINE_MAX].rstrip()


def _find_columns(head: str, mark: str) -> Mapping[str, int] | None:
    """Return the position of each known column; None without a title column."""
    names: list[str] = []
    with suppress(csv.Error):
        names = [" ".join(cell.casefold().split()) for cell in next(csv.reader([head], delimiter=mark), [])]
    places = (
        (key, next((names.index(name) for name in known if name in names), None)) for key, known in COLUMNS.items()
    )
    columns = {key: at for key, at in places if at is not None}
    return columns if "title" in columns else None


def _read_rows(text: str, mark: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the readable rows below the header, each with its first line number."""
    rows = csv.reader(StringIO(text), delimiter=mark)
    begins, is_head = 1, True
    with suppress(csv.Error):
        for row in rows:
            if any(cell.strip() for cell in row):
                if not is_head:
                    yield begins, row
                is_head = False
            begins = rows.line_num + 1


def _parse_table(columns: Mapping[str, int], rows: Iterator[tuple[int, list[str]]]) -> Iterator[OutlinePart]:
    """Yield a part for each row, and one for each new phase."""
    before = None
    for line, row in rows:
        cells = {key: _clip_line(row[at].strip()) if at < len(row) else "" for key, at in columns.items()}
        if (phase := cells.get("phase", "")) and phase != before:
            before = phase
            yield OutlinePart(PHASE, line, phase)
        texts = [*cells.get("summary", "").split("\n"), *addresses(cells.get("links", ""))]
        yield OutlinePart(
            UNIT, line, cells["title"], [(line, text) for text in texts if text.strip()], cells.get("hours", "")
        )


TEXT_MAX, UNITS_MAX, SUMMARY_MAX, EXERCISE_MAX, FAULTS_MAX = 100_000, 200, 200, 240, 20

TABLE = re.compile(r"\|.*\|")

_LABEL = re.compile(
    r"(?:\*\*|__)?(?:(?P<exercise>exercises?|tasks?|homework|assignments?|practice)|reading|resources?|links?|notes?|goals?)"
    r"(?:\*\*|__)?\s*:(?:\*\*|__)?\s*(?P<rest>.*)",
    re.IGNORECASE,
)

"""A line below a unit that labels its content, such as an exercise."""


@dataclass(frozen=True)
class SketchedUnit:
    """A unit of an outline; 0 hours if it states none."""

    title: str
    summary: str = ""
    hours: int = 0
    links: tuple[OutlineLink, ...] = ()
    exercise: str = ""


@dataclass(frozen=True)
class SketchedPhase:
    """Units below one heading, which may be empty."""

    title: str
    summary: str
    units: tuple[SketchedUnit, ...]


@dataclass(frozen=True)
class Sketch:
    """An imported outline.

    Args:
        title: empty if the outline has none.
        faults: errors that keep it from becoming a course.
        remarks: text that was shortened or dropped.
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
    """Read an outline: # title, ## phase, ### or - unit; or a CSV table with a title column. Never raises."""
    if len(text.encode(errors="replace")) > TEXT_MAX:
        return Sketch(faults=(Slip(1, f"The outline is larger than {TEXT_MAX // 1000} kB. Shorten it."),))
    return _Reader().sketch(parts(markup.clean(text)))


class _Reader:
    """Converts parts to units, and collects faults and remarks."""

    def __init__(self) -> None:
        self._faults: list[Slip] = []
        self._remarks: list[Slip] = []

    def sketch(self, parts: Iterable[OutlinePart]) -> Sketch:
        title = summary = ""
        phases: list[tuple[OutlinePart, str, str, list[SketchedUnit]]] = []
        count = last = 0
        for part in parts:
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
                self._faults.append(Slip(part.line, f"A course can have {UNITS_MAX} units. Make two courses of it."))
        if not count:
            hint = "Start each unit with ### or -, or add a “title” column to a table."
            self._faults.append(Slip(max(last, 1), f"I found no units. {hint}"))
        self._remarks += [
            Slip(part.line, f"“{name}” has no units, so I left it out.") for part, name, _, u in phases if not u
        ]
        nonempty = tuple(SketchedPhase(name, about, tuple(units)) for _, name, about, units in phases if units)
        return Sketch(title, summary, nonempty, tuple(self._faults[:FAULTS_MAX]), tuple(self._remarks[:FAULTS_MAX]))

    def _unit(self, part: OutlinePart) -> SketchedUnit:
        links: list[OutlineLink] = []
        title, took = timed(part.title)
        words = self._words(part.line, title, links) or next((link.title for link in links), "")
        title = self._title(part, numberless(words))
        prose, task = _split_exercise(part.text)
        summary, more = self._text(part, prose)
        exercise, linked = self._text(part, task, EXERCISE_MAX)
        took = self._hours(part, took)
        distinct = list({link.url: link for link in [*links, *more, *linked]}.values())
        if len(distinct) > RESOURCES[-1]:
            self._remarks.append(
                Slip(
                    part.line,
                    f"A unit can have {RESOURCES[-1]} links. I used the first {RESOURCES[-1]} of {len(distinct)}.",
                )
            )
        return SketchedUnit(title, summary, took, tuple(distinct[: RESOURCES[-1]]), exercise)

    def _hours(self, part: OutlinePart, in_title: int) -> int:
        """Return the hours of a unit, rounded up, and remark on any change."""
        in_text = next((stated for _, text in part.text if (stated := timed(text)[1])), 0)
        took = minutes(part.hours) or in_title or in_text
        whole = -(-took // 60)
        if whole > HOURS[1]:
            self._remarks.append(Slip(part.line, f"A unit can have {HOURS[1]} hours, not {whole}. I used {HOURS[1]}."))
        elif took % 60:
            self._remarks.append(Slip(part.line, f"Units take whole hours, so {took} minutes became {whole} h."))
        return min(whole, HOURS[1])

    def _words(self, line: int, text: str, links: list[OutlineLink]) -> str:
        """Return a text without links, collect its links, and remark on invalid ones."""

        def lose(target: str) -> None:
            self._remarks.append(Slip(line, f"“{markup.clip(target, 60)}” isn't a web address, so I left it out."))

        return plain(linkless(text, links.append, lose))

    def _unlinked(self, part: OutlinePart) -> str:
        """Return the words of a title outside units, and remark on dropped links."""
        links: list[OutlineLink] = []
        words = self._words(part.line, part.title, links)
        self._check_unlinked(part.line, links)
        return words

    def _check_unlinked(self, line: int, links: list[OutlineLink]) -> None:
        if links:
            self._remarks.append(Slip(line, "Links belong to a unit. I left this one out."))

    def _title(self, part: OutlinePart, title: str) -> str:
        if not title:
            self._faults.append(Slip(part.line, "Add a title here."))
        elif len(title) > TITLE_MAX:
            what = f"The title “{markup.clip(title, 40)}” has {len(title)} characters"
            self._faults.append(Slip(part.line, f"{what}. The limit is {TITLE_MAX}: put the rest below it."))
        return title

    def _text(
        self, part: OutlinePart, text: list[tuple[int, str]] | None = None, most: int = SUMMARY_MAX
    ) -> tuple[str, list[OutlineLink]]:
        """Return the text below a heading in one line, cut after a whole sentence, and its links."""
        text = part.text if text is None else text
        links: list[OutlineLink] = []
        paragraphs: list[str] = []
        rows = [number for number, line in text if TABLE.fullmatch(line)]
        if rows:
            how = "Paste it as CSV, or make each row an item of a list"
            self._remarks.append(Slip(rows[0], f"I left out a Markdown table. {how}."))
        for number, line in text:
            if number in rows:
                continue
            line_links: list[OutlineLink] = []
            read = [(self._words(number, piece, line_links), is_lone_link(piece)) for piece in pieces(timed(line)[0])]
            if words := " ".join(piece for piece, is_link in read if piece and not is_link):
                paragraphs.append(words)
            if part.level != UNIT:
                self._check_unlinked(number, line_links)
            links += line_links
        whole = " ".join(
            piece if piece[-1] in ".!?:;," or len(paragraphs) == 1 else f"{piece}." for piece in paragraphs
        )
        if len(whole) <= most:
            return whole, links
        self._remarks.append(Slip(text[0][0], f"I used the first {most} characters of this text."))
        fits = whole[:most]
        end = max(fits.rfind(mark) for mark in (". ", "! ", "? "))
        return fits[: end + 1] if end > most // 3 else markup.clip(whole, most), links


def _split_exercise(text: list[tuple[int, str]]) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """Split the lines below a unit into ordinary lines and its exercise, without the label."""
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


YAML_HEAD = """\
# Lines marked "to do" may stay empty. Never change ids. You can change titles and texts at any time.
"""
EXAMPLE = Sketch(
    phases=(SketchedPhase("The first weeks", "", (SketchedUnit("The first unit", "Say why this week matters.", 3),)),)
)
"""The example course for people without an outline."""


def slug(title: str, taken: set[str], otherwise: str) -> str:
    """Return a new id made from a title's words, and add it to `taken`.

    Args:
        otherwise: the fallback if the title has no Latin letters.
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", title.casefold()) if c.isascii())
    words = re.findall(r"[a-z0-9]+", plain.replace("'", ""))
    base = "-".join(words).lstrip("-0123456789") or otherwise
    short = base if len(base) <= ID_MAX else base[: ID_MAX + 1].rpartition("-")[0] or base[:ID_MAX]
    ident, number = short, 1
    while ident in taken:
        number += 1
        ident = f"{short[: ID_MAX - 4].rstrip('-')}-{number}"
    taken.add(ident)
    return ident


def write_course_files(sketch: Sketch, ident: str, title: str = "", ids: Sequence[str] = ()) -> Mapping[str, str]:
    """Return the texts of a course folder by path; they pass the lint.

    Args:
        sketch: an outline without faults.
        ident: the course id, which is the folder's name.
        title: replaces the sketch's title; the default is the id's words.
        ids: existing ids of its units, in order; "" for a new unit.
    """
    named = title or sketch.title or ident.replace("-", " ").capitalize()
    lines = _write_roadmap(sketch, ident, markup.clip(named, TITLE_MAX), ids or [""] * len(sketch.units))
    return {OUTLINE: YAML_HEAD + "".join(f"{line}\n" for line in lines)}


def _write_roadmap(sketch: Sketch, ident: str, title: str, ids: Sequence[str]) -> Iterator[str]:
    yield f"id: {ident}"
    yield f"title: {_quote_yaml(title)}"
    yield _write_summary(sketch.summary, "what people will learn, in one or two sentences")
    yield "phases:"
    phases, units, known_ids = set[str](), set(ids), iter(ids)
    for number, phase in enumerate(sketch.phases, 1):
        named = phase.title or title
        phase_id = slug(named, phases, f"part-{number}")
        yield f"  - id: {phase_id}"
        yield f"    title: {_quote_yaml(named)}"
        yield "    " + _write_summary(phase.summary, "one sentence")
        yield "    topics:"
        yield f"      - id: {phase_id}"
        yield f"        title: {_quote_yaml(named)}"
        yield "        units:"
        for unit in phase.units:
            unit_id = next(known_ids) or slug(unit.title, units, f"unit-{len(units)}")
            yield from (f"          {line}" for line in _write_unit(unit, unit_id))


def _write_unit(unit: SketchedUnit, ident: str) -> Iterator[str]:
    yield f"- id: {ident}"
    yield f"  title: {_quote_yaml(unit.title)}"
    yield "  " + _write_summary(unit.summary, "why this week matters, in a sentence or two")
    yield f"  hours: {unit.hours}" if unit.hours else "  hours:  # to do: how long it takes, exercise included"
    if unit.links:
        yield "  resources:"
        yield from (f"    {line}" for link in unit.links for line in _write_link(link))
    else:
        yield "  resources: []  # to do: - {title: ..., url: ...}"
    yield "  objectives: []  # to do: three things that people can do afterwards"
    yield "  prompt:  # to do: a question to discuss"
    if unit.exercise:
        yield "  exercise:  # to do: done_when, short"
        yield f"    task: {_quote_yaml(unit.exercise)}"
    else:
        yield "  exercise:  # to do: task, done_when, short"
    yield "  notes: []  # to do: the names of files in notes/, without .md"


def _write_link(link: OutlineLink) -> Iterator[str]:
    yield f"- title: {_quote_yaml(link.title)}"
    yield f"  url: {_quote_yaml(link.url)}"


def _write_summary(text: str, wanted: str) -> str:
    return f"summary: {_quote_yaml(text)}" if text else f"summary:  # to do: {wanted}"


def _quote_yaml(text: str) -> str:
    """Quote a text for YAML; a JSON string is valid YAML."""
    return json.dumps(text, ensure_ascii=False)
