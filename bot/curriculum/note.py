"""A curated note: its value, its reader, and the rules for the figures that it shows.

A note says what stands under which heading, and which of members' questions that answers. The reader checks the front
matter, the headings that questions name, and links. It returns faults beside values.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from urllib.parse import unquote, urlsplit

import yaml

from bot.commands.parameter_types import parse_url
from bot.curriculum import markdown_body
from bot.curriculum.content import Roadmap
from bot.curriculum.faults import Fault
from bot.curriculum.formula_reader import read_formulas
from bot.curriculum.formulas import Formula
from bot.curriculum.markdown_body import Body, BodyPart, Figure, NumberedLink, NumberedQuestion, paragraphs
from bot.curriculum.outline_reader import FIRST_YEAR, check_arxiv_year, latest_year
from bot.curriculum.yaml_reader import MappingReader, YamlReader, quoted
from bot.messages.errors import BadInput

SELF_CHECK = "check yourself"
"""The heading, in lower case, of the section with questions to the reader, whose answers are folded."""


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under a heading.

    Args:
        heading: of the second level; no other section of the note has it.
        text: the Markdown under it, code and figures included, folded answers left out.
        paragraphs: its prose: each paragraph and list item in one line.
        asked: members' questions that it answers.
        gist: all that a question may ask for, in Markdown of one line; it may be empty.
        figures: those that it shows.
        facts: what people ask for and the gist leaves out, a sentence each; `code` is their only Markdown.
        formulas: those that it states, for questions with numbers of their own.
        questions: those to the reader, each with its folded answer; empty if none has one.
    """

    heading: str
    text: str
    paragraphs: tuple[str, ...]
    asked: tuple[str, ...]
    gist: str = ""
    figures: tuple[Figure, ...] = ()
    facts: tuple[str, ...] = ()
    formulas: tuple[Formula, ...] = ()
    questions: tuple[NumberedQuestion, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """What a note draws on: a paper, a book, a page."""

    title: str
    authors: str
    year: int


@dataclass(frozen=True)
class Note:
    """A note; what stands before its first heading is a section under the note's title.

    Args:
        figure: the one that stands for the whole note.
        sources: those that it lists.
    """

    id: str
    title: str
    sections: tuple[Section, ...]
    figure: Figure | None = None
    sources: tuple[Source, ...] = ()

    @cached_property
    def headings(self) -> frozenset[str]:
        """Every heading that has a section."""
        return frozenset(section.heading for section in self.sections)


def build_note(
    note_id: str,
    title: str,
    body: Body,
    asked: Mapping[str, Sequence[str]],
    figure: str = "",
    facts: Mapping[str, Sequence[str]] = MappingProxyType({}),
    formulas: Mapping[str, Sequence[Formula]] = MappingProxyType({}),
    *,
    folds_answers: bool = False,
) -> Note:
    """Return the note that a body makes.

    Args:
        asked: members' questions by the heading that answers them.
        figure: the name of its main one.
        facts: by the heading of their section.
        formulas: likewise.
        folds_answers: whether answers in the section "Check yourself" are kept apart from its text.
    """
    parts = ((part, title if part.heading is None else part.heading) for part in body.parts)
    sections = (
        Section(
            heading,
            text,
            tuple(paragraphs(text)),
            tuple(asked.get(heading, ())),
            part.gist,
            part.figures,
            tuple(facts.get(heading, ())),
            tuple(formulas.get(heading, ())),
            questions,
        )
        for part, heading in parts
        for text, questions in [_fold_answers(part) if folds_answers else (part.text, ())]
        if part.heading is not None or text
    )
    main = next((drawing for part in body.parts for drawing in part.figures if drawing.name == figure), None)
    return Note(note_id, title, tuple(sections), main)


def _fold_answers(part: BodyPart) -> tuple[str, tuple[NumberedQuestion, ...]]:
    """Return the text of a section without the answers to its questions, and the questions with them."""
    questions = part.questions if (part.heading or "").casefold() == SELF_CHECK else ()
    if not any(question.answer for question in questions):
        return part.text, ()
    return part.text_without_answers, questions


NEEDED = ("id", "title", "unit")
OPTIONAL = ("topics", "answers", "sources", "checked_on", "figure", "facts", "formulas")
FACT_MAX = 300
"""Characters of a fact."""


@dataclass(frozen=True)
class NoteFile:
    """A note file as far as it could be read: the note, and what the checks look at besides.

    Args:
        front: the front matter; None where it is not YAML.
        checked_on: when somebody last opened its sources.
    """

    reader: YamlReader
    front: MappingReader | None
    body: Body
    note: Note
    checked_on: date | None = None

    @property
    def has_sources(self) -> bool:
        """Say whether it names a source."""
        return self.front is not None and self.front.has_list("sources") and bool(self.front.items("sources"))


def read_notes(files: Sequence[Path], roadmap: Roadmap, folder: Path) -> tuple[list[NoteFile], list[Fault]]:
    """Read note files, and return beside them what is wrong there, both in the order of the files.

    Args:
        roadmap: what units list, and which units and topics there are.
        folder: the track's, which links must not leave.
    """
    readers = [YamlReader(file) for file in files]
    latest = latest_year(roadmap.phases)
    pages = [page for reader in readers if (page := read_page(reader, latest)) is not None]
    listed = {note: unit.id for unit in roadmap.units for note in unit.notes}
    topics = {topic.id for topic in roadmap.topics}
    bodies = {page.reader.file.resolve(): page.body for page in pages}
    for page in pages:
        if page.front is not None:
            _check_place(page.front, roadmap, listed)
            _check_topics(page.front, topics)
        _check_links(page, bodies, folder.resolve())
    return pages, [fault for reader in readers for fault in reader.in_order()]


def read_page(reader: YamlReader, latest: int) -> NoteFile | None:
    """Read a note file, noting every fault of its form in its reader; None where it has no front matter.

    Args:
        latest: the last year in which a source may have appeared.
    """
    text = reader.read()
    if text is None:
        return None
    try:
        front, body, body_line = markdown_body.split(text)
    except markdown_body.NoFrontMatter as error:
        reader.fault(1, str(error))
        return None
    reader.above = markdown_body.YAML_LINE - 1
    return _Reader(reader, Body(body, body_line), latest).page(reader.compose(front))


class _Reader:
    """Reads one note from the top down."""

    def __init__(self, reader: YamlReader, body: Body, latest: int) -> None:
        self._reader = reader
        self._body = body
        self._latest = latest
        self._headings = tuple(dict.fromkeys(heading.text for heading in body.headings if heading.level == 2))

    def page(self, root: yaml.Node | None) -> NoteFile:
        stem = self._reader.file.stem
        if root is None:
            return self._whole(None, build_note(stem, stem, self._body, {}))
        fields = self._reader.fields(root, "a note", NEEDED, OPTIONAL)
        ident = fields.ident()
        if ident and ident != stem:
            self._reader.fault(fields.at("id"), f"The id is {quoted(ident)}, but the file is {quoted(stem + '.md')}.")
        title = fields.text("title", 100)
        checked_on = fields.day("checked_on") if fields.has("checked_on") else None
        sources = tuple(self._source(node) for node in fields.items("sources")) if fields.has("sources") else ()
        asked, facts, formulas = self._asked(fields), self._facts(fields), self._formulas(fields)
        figure = fields.text("figure", 64)
        note = build_note(stem, title, self._body, asked, figure, facts, formulas, folds_answers=True)
        return replace(self._whole(fields, replace(note, sources=sources)), checked_on=checked_on)

    def _whole(self, fields: MappingReader | None, note: Note) -> NoteFile:
        """Refuse a body without text, with a heading twice, or with code that never ends."""
        body = self._body
        if body.is_empty:
            self._reader.fault(body.first_line, "The note has no text.")
        if body.open_fence is not None:
            self._reader.fault(body.open_fence, "This code block has no closing line.")
        seen = Counter([note.title] if body.parts[0].text else [])
        for heading in body.headings:
            seen[heading.text] += heading.level == 2
            if heading.level == 2 and seen[heading.text] == 2:
                self._reader.fault(heading.line, f"The heading {quoted(heading.text)} appears twice.")
        return NoteFile(self._reader, fields, body, note)

    def _asked(self, fields: MappingReader) -> dict[str, list[str]]:
        """Return members' questions by the heading that answers them."""
        asked: dict[str, list[str]] = {}
        for node in fields.items("answers") if fields.has("answers") else ():
            answer = self._reader.fields(node, "an answer", ("q", "heading"))
            question, heading = answer.text("q", 200), answer.text("heading", 200)
            if heading and heading not in self._headings:
                self._reader.fault(answer.at("heading"), f"The note has no heading {quoted(heading)}.")
            asked.setdefault(heading, []).append(question)
        return asked

    def _facts(self, fields: MappingReader) -> dict[str, list[str]]:
        """Return the facts by the heading of their section."""
        if not fields.has("facts"):
            return {}
        listed = self._reader.fields(fields.at("facts"), quoted("facts"), (), self._headings)
        return {
            heading: [self._reader.text(node, "A fact", FACT_MAX) for node in listed.items(heading)]
            for heading in self._headings
        }

    def _formulas(self, fields: MappingReader) -> dict[str, list[Formula]]:
        """Return the formulas by the heading of their section."""
        if not fields.has("formulas"):
            return {}
        listed = self._reader.fields(fields.at("formulas"), quoted("formulas"), (), self._headings)
        return {heading: read_formulas(self._reader, listed.items(heading)) for heading in self._headings}

    def _source(self, node: yaml.Node) -> Source:
        source = self._reader.fields(node, "a source", ("title", "authors", "year"), ("url",))
        title, authors = source.text("title", 200), source.text("authors", 200)
        year = source.whole("year", FIRST_YEAR, self._latest)
        check_arxiv_year(source, year, source.url("url"))
        return Source(title, authors, year)


def _check_place(front: MappingReader, roadmap: Roadmap, listed: Mapping[str, str]) -> None:
    """The note and the unit that lists it must agree."""
    stem, unit_id = front.reader.file.stem, front.ident("unit")
    lister = listed.get(stem)
    if lister is None:
        front.reader.fault(1, f"No unit lists the note {quoted(stem)}.")
    if unit_id and not roadmap.has(unit_id):
        front.reader.fault(front.at("unit"), f"There is no unit {quoted(unit_id)}.")
    elif unit_id and lister is not None and lister != unit_id:
        front.reader.fault(
            front.at("unit"), f"The note says it belongs to {quoted(unit_id)}, but {quoted(lister)} lists it."
        )


def _check_topics(front: MappingReader, known: Collection[str]) -> None:
    for node in front.items("topics"):
        topic_id = front.reader.ident(node, "A topic's id")
        if topic_id and topic_id not in known:
            front.reader.fault(node, f"There is no topic {quoted(topic_id)}.")


def _check_links(page: NoteFile, bodies: Mapping[Path, Body], folder: Path) -> None:
    for link in page.body.links:
        if trouble := _find_link_fault(link, page, bodies, folder):
            page.reader.fault(link.line, f"The link to {quoted(link.target)} {trouble}.")


def _find_link_fault(link: NumberedLink, page: NoteFile, bodies: Mapping[Path, Body], folder: Path) -> str:
    """Say what is wrong with a link, or nothing."""
    try:
        parts = urlsplit(link.target)
        if parts.scheme or parts.netloc:
            if parts.scheme != "mailto":
                parse_url(link.target)
            return ""
        file = page.reader.file.resolve()
        target = (file.parent / unquote(parts.path)).resolve() if parts.path else file
        if not target.is_relative_to(folder):
            return "leaves the course's folder"
        if not target.exists():
            return "is broken: there is no such file"
    except BadInput:
        return "isn't an http or https address"
    except (OSError, ValueError):
        return "is broken: it isn't a file name"
    anchor = unquote(parts.fragment).lower()
    if anchor and target in bodies and anchor not in bodies[target].anchors:
        return "is broken: there is no such heading"
    return ""


ASKED_FOR = "figure:"
"""How a comment begins that asks for a figure."""
ALT_MIN = 20
SUFFIXES = (".svg", ".png")
"""For pages, and for chats."""

_EMPTY = re.compile(r"(?:an? |the )?(?:image|picture|figure|drawing|diagram) of", re.IGNORECASE)
_CODE = re.compile(r"`+[^`]*`+")


def figure_faults(body: Body, drawn: Collection[str]) -> Iterator[tuple[int, str]]:
    """Yield line and sentence for all that is wrong with the figures of a note and with the wishes for them.

    Args:
        drawn: names of the files that are there.
    """
    for line in body.prose:
        if line.text.lstrip().startswith("<!--") and not (line.comment or "").startswith(ASKED_FOR):
            yield line.number, "A comment may only ask for a figure, in one line: <!-- figure: what it shows -->."
        if line.figure is None and "![" in _CODE.sub("", line.text):
            yield line.number, "Give a figure its own line: ![what it shows](../figures/name.svg)."
    for part in body.parts:
        for figure in part.figures:
            for missing in (file for suffix in SUFFIXES if (file := figure.name + suffix) not in drawn):
                yield figure.line, f"The file {quoted(f'figures/{missing}')} is missing."
            if len(figure.alt) < ALT_MIN or _EMPTY.match(figure.alt):
                yield (
                    figure.line,
                    f"The figure {quoted(figure.name)} needs a text of at least {ALT_MIN} characters. Say what "
                    "it shows, not that it is a picture.",
                )


def list_shown_figures(pages: Sequence[NoteFile]) -> frozenset[str]:
    """Return the names of the figures that notes show."""
    return frozenset(figure.name for page in pages for part in page.body.parts for figure in part.figures)


def count_wished_figures(pages: Sequence[NoteFile]) -> int:
    """Return how many figures notes ask for."""
    return sum((line.comment or "").startswith(ASKED_FOR) for page in pages for line in page.body.prose)
