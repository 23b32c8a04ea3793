"""Reads the Markdown or plain text of somebody who knows no rules of ours; only what cannot be used is a fault.

Headings cut it into sections as they cut a roadmap's notes, whatever their level; without any it is one section. Front
matter may give a title and the questions that a heading answers, and what else stands there is nobody's business.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

import yaml

from bot.curriculum import markdown_body
from bot.curriculum.faults import Fault
from bot.curriculum.markdown_body import Body, NumberedLine, read_blocks
from bot.curriculum.note import Note, build_note
from bot.curriculum.yaml_reader import YamlReader
from bot.messages import markup
from bot.messages.numerals import counted

MOST_BYTES = 100_000
MOST_SECTIONS = 100
HEADING_MAX = 120
GIST_WORDS = 45
"""A quote under a heading says what the section says, if it is short; a longer one is part of the text."""
MOST_QUESTIONS, QUESTION_MAX = 50, 200

_MARK = re.compile(r"(#{1,6})\s+(\S.*)", re.DOTALL)
_CODE = re.compile(r"(`+[^`]*`+)")
_LINK = re.compile(
    r"!?\[(?P<label>[^\[\]]{0,500})\]\([ \t]{0,3}<?"
    r"(?P<target>[^\s()<>]{0,500}(?:\([^\s()<>]{0,200}\)[^\s()<>]{0,200})?)>?(?:[ \t]{1,3}[^()\n]{0,200})?\)"
)
_WEB = re.compile(r"https?://\w")
_MASKING = re.compile(r"\]\((?=<?https?:)")
_NESTED = 3
"""How deep links stand in each other that are drawn apart: a picture that is a link, and one more."""
_UNDERLINE = re.compile(r"(=+|-{2,})\s*")


@dataclass(frozen=True)
class PlainNote:
    """What a text says, as far as it could be read; with a fault it is of no use."""

    title: str
    note: Note | None
    faults: tuple[Fault, ...]


def read_plain_note(
    text: str, name: str = "note", *, note_id: str = "note", title: str = "", asked: Sequence[str] = ()
) -> PlainNote:
    """Read a text.

    Args:
        name: of the file, for the faults; where the text says no title, it is the title.
        title: what the note is called whatever the text says.
        asked: questions that the whole of it answers.
    """
    reader = YamlReader(Path(markup.clip(" ".join(markup.clean(name).split()), 80) or "note"))
    if (size := len(text.encode("utf-8", "replace"))) > MOST_BYTES:
        reader.fault(1, f"The note has {size // 1000 + 1} kB. The limit is {MOST_BYTES // 1000} kB.")
        return PlainNote(title, None, tuple(reader.faults))
    if "\x00" in text:
        reader.fault(text.count("\n", 0, text.index("\x00")) + 1, "This is not text: remove the control character.")
        return PlainNote(title, None, tuple(reader.faults))
    text = markup.clean(text.removeprefix("\ufeff"))
    body, first_line, stated_title, headed = _read_front(reader, text)
    whole = Body(body, first_line)
    levelled, own_title = _normalize_headings(whole)
    title = title or stated_title or own_title or _title_from_file(reader.file.stem)
    cleaned = _expand_links(_unquote_long(levelled))
    _check(reader, cleaned)
    note = None if reader.faults else build_note(note_id, title, cleaned, headed)
    if note is not None and asked:
        sections = (replace(section, asked=(*section.asked, *asked)) for section in note.sections)
        note = replace(note, sections=tuple(sections))
    return PlainNote(title, note, tuple(reader.in_order()))


def _title_from_file(stem: str) -> str:
    """Return a file's name as a title, without characters that would be markup."""
    return " ".join(re.sub(r"[\[\](){}<>*_`~|#^\\]+", " ", stem).split()) or "Note"


def _read_front(reader: YamlReader, text: str) -> tuple[str, int, str, dict[str, list[str]]]:
    """Return the body, its first line, the title and the questions by heading."""
    if text.split("\n", 1)[0].rstrip() != "---":
        return text, 1, "", {}
    try:
        front, body, line = markdown_body.split(text)
    except markdown_body.NoFrontMatter:
        return text, 1, "", {}  # a rule above a plain text
    reader.above = markdown_body.YAML_LINE - 1
    root = reader.compose(front) if front.strip() else None
    values = dict(_list_pairs(root))
    return body, line, _read_line(values.get("title"), 200), _read_questions(values.get("answers"))


def _list_pairs(node: yaml.Node | None) -> Iterator[tuple[str, yaml.Node]]:
    for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
        if isinstance(key, yaml.ScalarNode):
            yield str(key.value), value


def _read_line(node: yaml.Node | None, most: int) -> str:
    return markup.clip(" ".join(str(node.value).split()), most) if isinstance(node, yaml.ScalarNode) else ""


def _read_questions(node: yaml.Node | None) -> dict[str, list[str]]:
    asked: dict[str, list[str]] = {}
    for item in (node.value if isinstance(node, yaml.SequenceNode) else [])[:MOST_QUESTIONS]:
        pairs = dict(_list_pairs(item))
        question, heading = _read_line(pairs.get("q"), QUESTION_MAX), _read_line(pairs.get("heading"), HEADING_MAX)
        if question and heading:
            asked.setdefault(heading, []).append(question)
    return asked


def _normalize_headings(body: Body) -> tuple[Body, str]:
    """Return the body with each heading that cuts at the second level, and the title, if the text begins with one."""
    lines, title = list(_mark_underlined(body.lines)), ""
    levels = [(i, len(match[1])) for i, (line, is_code) in enumerate(lines) if (match := _match_heading(line, is_code))]
    if levels and levels[0][1] == 1 and not any(line.strip() for line, _ in lines[: levels[0][0]]):
        first = levels.pop(0)[0]
        title = _clean_heading(lines[first][0])
        lines[first] = ("", False)
    highest = max(2, min((level for _, level in levels), default=2))
    seen: Counter[str] = Counter()
    out = [line for line, _ in lines]
    for i, level in levels:
        if level <= highest:
            heading = markup.clip(_clean_heading(out[i]), HEADING_MAX)
            seen[heading] += 1
            out[i] = f"## {heading}" + (f" ({seen[heading]})" if seen[heading] > 1 else "")
    return _replace_lines(body, out), markup.clip(title, HEADING_MAX)


def _replace_lines(body: Body, lines: Sequence[str]) -> Body:
    """Return the body with these lines; the same object if no line differs, because parsing is slow."""
    is_same = all(line.text == other for line, other in zip(body.lines, lines, strict=True))
    return body if is_same else Body("\n".join(lines), body.first_line)


def _mark_underlined(lines: Iterable[NumberedLine]) -> Iterator[tuple[str, bool]]:
    """Yield each line and whether it is code; a heading that is underlined is written with marks."""
    before: NumberedLine | None = None
    for line in lines:
        mark = None if line.is_code or before is None or before.is_code else _UNDERLINE.fullmatch(line.text)
        if before is not None:
            is_heading = mark is not None and bool(before.text.strip()) and before.text[:1] not in "#->|*"
            level = "#" if mark and mark[1][0] == "=" else "##"
            yield (f"{level} {before.text.strip()}" if is_heading else before.text), before.is_code
            if is_heading:
                line = NumberedLine(line.number, "", False)
        before = line
    if before is not None:
        yield before.text, before.is_code


def _unquote_long(body: Body) -> Body:
    """Return the body; a quote under a heading that is longer than a gist loses its marks."""
    long = {line.number for part in body.parts if len(part.gist.split()) > GIST_WORDS for line in part.gist_lines}
    return _replace_lines(body, [line.text.lstrip(" >") if line.number in long else line.text for line in body.lines])


def _expand_links(body: Body) -> Body:
    """Return the body; a link is its label with its target beside it, so that nobody follows what they do not see."""
    if not any("](" in line.text for line in body.lines):
        return body
    drawn: list[str] = []
    for (is_code, _), group in groupby(body.lines, lambda line: (line.is_code, not line.text.strip())):
        text = "\n".join(line.text for line in group)
        drawn.append(_add_targets(text) if "](" in text and not is_code else text)
    # what is code here need not be code where it is drawn, so no bracket leads to an address anywhere
    return Body(_MASKING.sub("] (", "\n".join(drawn)), body.first_line)


def _add_targets(text: str) -> str:
    parts = _CODE.split(text)
    for _ in range(_NESTED):
        parts = [part if i % 2 else _LINK.sub(_render_link, part) for i, part in enumerate(parts)]
    return "".join(parts)


def _render_link(link: re.Match[str]) -> str:
    label, target = link["label"].strip(" \t"), link["target"]
    is_web = _WEB.match(target) is not None
    return f"{label} ({target})" if is_web and label != target else target if is_web else label


def _match_heading(line: str, is_code: bool) -> re.Match[str] | None:
    return None if is_code else _MARK.fullmatch(line)


def _clean_heading(line: str) -> str:
    match = _MARK.fullmatch(line)
    assert match is not None
    words = match[2].split()
    if len(words) > 1 and not words[-1].strip("#"):
        words.pop()
    return " ".join(words)


def _check(reader: YamlReader, body: Body) -> None:
    blocks = read_blocks("\n".join(line.text for line in body.lines))
    said = (f"{block.text}{block.items}{block.rows}{block.figure or ''}" for block in blocks if block.kind != "heading")
    if not any(any(map(str.isalnum, text)) for text in said):
        reader.fault(body.first_line, "The note has no text.")
    if body.open_fence is not None:
        reader.fault(body.open_fence, "This code block has no closing line.")
    if len(body.parts) - 1 > MOST_SECTIONS:
        there = counted(len(body.parts) - 1, "heading")
        reader.fault(body.parts[MOST_SECTIONS + 1].line, f"The note has {there}. The limit is {MOST_SECTIONS}.")
