"""Checks the notes of a roadmap: front matter, the headings that questions name, and links."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import unquote, urlsplit

import yaml

from bot.core.errors import BadInput
from bot.core.values import parse_url
from bot.features.roadmap import front_matter
from bot.features.roadmap.body import Body, Link
from bot.features.roadmap.content import Roadmap
from bot.features.roadmap.faults import Fault
from bot.features.roadmap.outline import FIRST_YEAR, check_arxiv_year, latest_year
from bot.features.roadmap.sheet import Fields, Sheet, quoted

NEEDED = ("id", "title", "unit", "topics")
OPTIONAL = ("answers", "sources", "checked_on")


@dataclass(frozen=True)
class Draft:
    """A note file as far as it could be read."""

    sheet: Sheet
    front: yaml.Node | None
    body: Body


def check_notes(files: Sequence[Path], roadmap: Roadmap, folder: Path) -> list[Fault]:
    """Return what is wrong in note files, in their order.

    Args:
        roadmap: what units list, and which units and topics there are.
        folder: the track's, which links must not leave.
    """
    sheets = [Sheet(file) for file in files]
    drafts = [draft for sheet in sheets if (draft := _draft(sheet))]
    listed = {note: unit.id for unit in roadmap.units for note in unit.notes}
    bodies = {draft.sheet.file.resolve(): draft.body for draft in drafts}
    for draft in drafts:
        if draft.front is not None:
            _FrontCheck(draft, roadmap, listed).run()
        _check_body(draft)
        _check_links(draft, bodies, folder.resolve())
    return [fault for sheet in sheets for fault in sheet.in_order()]


def _draft(sheet: Sheet) -> Draft | None:
    text = sheet.read()
    if text is None:
        return None
    try:
        front, body, body_line = front_matter.split(text)
    except front_matter.NoFrontMatter as error:
        sheet.fault(1, str(error))
        return None
    sheet.above = front_matter.YAML_LINE - 1
    return Draft(sheet, sheet.compose(front), Body(body, body_line))


class _FrontCheck:
    """One note's front matter against its file, its body and the roadmap."""

    def __init__(self, draft: Draft, roadmap: Roadmap, listed: Mapping[str, str]) -> None:
        assert draft.front is not None
        self._draft = draft
        self._sheet = draft.sheet
        self._roadmap = roadmap
        self._listed = listed
        self._fields = self._sheet.fields(draft.front, "a note", NEEDED, OPTIONAL)

    def run(self) -> None:
        self._check_identity()
        self._fields.text("title", 100)
        self._check_topics()
        if self._fields.has("checked_on"):
            self._fields.day("checked_on")
        if self._fields.has("answers"):
            self._check_answers()
        if self._fields.has("sources"):
            self._check_sources()

    def _check_identity(self) -> None:
        """The note, its file and the unit that lists it must agree."""
        stem = self._sheet.file.stem
        ident, unit_id = self._fields.ident(), self._fields.ident("unit")
        if ident and ident != stem:
            self._sheet.fault(
                self._fields.at("id"), f"The id is {quoted(ident)}, but the file is {quoted(stem + '.md')}."
            )
        lister = self._listed.get(stem)
        if lister is None:
            self._sheet.fault(1, f"No unit lists the note {quoted(stem)}.")
        if unit_id and not self._roadmap.has(unit_id):
            self._sheet.fault(self._fields.at("unit"), f"There is no unit {quoted(unit_id)}.")
        elif unit_id and lister is not None and lister != unit_id:
            self._sheet.fault(
                self._fields.at("unit"),
                f"The note says it belongs to {quoted(unit_id)}, but it is listed by {quoted(lister)}.",
            )

    def _check_topics(self) -> None:
        known = {topic.id for topic in self._roadmap.topics}
        for node in self._fields.items("topics"):
            topic_id = self._sheet.ident(node, "A topic's id")
            if topic_id and topic_id not in known:
                self._sheet.fault(node, f"There is no topic {quoted(topic_id)}.")

    def _check_answers(self) -> None:
        known = {heading.text for heading in self._draft.body.headings if heading.level == 2}
        for node in self._fields.items("answers"):
            answer = self._sheet.fields(node, "an answer", ("q", "heading"))
            answer.text("q", 200)
            heading = answer.text("heading", 200)
            if heading and heading not in known:
                self._sheet.fault(answer.at("heading"), f"The note has no heading {quoted(heading)}.")

    def _check_sources(self) -> None:
        for node in self._fields.items("sources"):
            source: Fields = self._sheet.fields(node, "a source", ("title", "authors", "year"), ("url",))
            source.text("title", 200)
            source.text("authors", 200)
            year = source.whole("year", FIRST_YEAR, latest_year(self._roadmap.phases))
            check_arxiv_year(source, year, source.url("url"))


def _check_body(draft: Draft) -> None:
    """Refuse a body without text, with a heading twice, or with code that never ends."""
    body, sheet = draft.body, draft.sheet
    if body.is_empty:
        sheet.fault(body.first_line, "The note has no text.")
    if body.open_fence is not None:
        sheet.fault(body.open_fence, "The code that begins here is never closed.")
    seen: Counter[str] = Counter()
    for heading in body.headings:
        seen[heading.text] += heading.level == 2
        if heading.level == 2 and seen[heading.text] == 2:
            sheet.fault(heading.line, f"The heading {quoted(heading.text)} stands here a second time.")


def _check_links(draft: Draft, bodies: Mapping[Path, Body], folder: Path) -> None:
    for link in draft.body.links:
        if trouble := _trouble(link, draft, bodies, folder):
            draft.sheet.fault(link.line, f"The link to {quoted(link.target)} {trouble}.")


def _trouble(link: Link, draft: Draft, bodies: Mapping[Path, Body], folder: Path) -> str:
    """Say what is wrong with a link, or nothing."""
    try:
        parts = urlsplit(link.target)
        if parts.scheme or parts.netloc:
            if parts.scheme != "mailto":
                parse_url(link.target, date.min)
            return ""
        file = draft.sheet.file.resolve()
        target = (file.parent / unquote(parts.path)).resolve() if parts.path else file
        if not target.is_relative_to(folder):
            return "leaves the roadmap's folder"
        if not target.exists():
            return "is dead: the file is not there"
    except BadInput:
        return "is not an http or https address"
    except (OSError, ValueError):
        return "is dead: it is not a file's name"
    anchor = unquote(parts.fragment).lower()
    if anchor and target in bodies and anchor not in bodies[target].anchors:
        return "is dead: no such heading"
    return ""
