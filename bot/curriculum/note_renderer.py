"""Render a note's Markdown as blocks of a reply, and its figures as pictures; hostile text is escaped and bounded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from bot.curriculum.content import Unit
from bot.curriculum.markdown_body import Body, Figure, NumberedLine
from bot.curriculum.note import Section
from bot.curriculum.track import Library, Track
from bot.messages import markup
from bot.messages.picture import Drawing, Picture, Unknown
from bot.messages.reply import Block, Image, Listing, Quote, Table, Text

FIGURE = "figure"
ALT_MAX = 1000


def figures(library: Library) -> Drawing:
    """Return what draws the figures that the notes of these tracks show, and nothing else that lies in a folder."""

    def draw(data: Mapping[str, str]) -> Picture:
        track = library.get(data.get("track", ""))
        file = track.figures.get(data.get("figure", "")) if track is not None else None
        if file is None:
            raise Unknown
        return Picture(file.with_suffix(".png").read_bytes(), file.read_bytes())

    return draw


def image(track: Track, figure: Figure) -> Image:
    """Return a figure of a track's notes as a block."""
    alt = markup.clip(markup.clean(figure.alt), ALT_MAX)
    return Image(FIGURE, {"track": track.id, "figure": figure.name}, alt, f"_Figure:_ {markup.prose(alt)}")


def main_image(track: Track, unit: Unit) -> Image | None:
    """Return the main figure of the unit's first note that has one."""
    mains = (track.notes[note_id].figure for note_id in unit.notes)
    return next((image(track, figure) for figure in mains if figure is not None), None)


PARAGRAPH_MAX, CODE_LINES, CODE_WIDTH, ROWS, CELL = 2000, 60, 200, 30, 200
"""What of a paragraph, a listing and a table is shown at most."""

_INLINE = re.compile(
    r"(?P<ticks>`++)(?P<code>.+?)(?P=ticks)(?!`)|\\(?P<escaped>[!-/:-@\[-`{-~])"
    r"|\*\*(?P<bold>\S(?:.*?\S)?)\*\*|(?<![\w*])\*(?P<star>[^\s*](?:[^*]*[^\s*])?)\*(?![\w*])"
    r"|(?<![\w_])_(?P<line>[^\s_](?:[^_]*[^\s_])?)_(?![\w_])"
    r"|!?\[(?P<label>[^\[\]]+)\]\(<?(?P<target>[^\s()<>]*(?:\([^\s()<>]*\)[^\s()<>]*)?)>?\)"
)
_FENCE = re.compile(r"\s*(`{3,}|~{3,})")
_ITEM = re.compile(r"\s*(?:[-*+]|(\d{1,3})[.)])\s+(.*)")
_HEADING = re.compile(r"#{3,6}\s++(.*?)(?:(?<!\s)\s++#++)?")
_QUOTE = re.compile(r"\s{0,3}> ?(.*)")
_CELLS = re.compile(r"(?<!\\)\|")
_ALIGNED = re.compile(r"\s*\|?\s*:?-{2,}[-:| ]*")


def inline(text: str) -> str:
    """Return one paragraph of a note as small Markdown; links inside the folder are their labels alone."""
    return _render_inline(markup.clip(" ".join(markup.clean(text).split()), PARAGRAPH_MAX))


def _render_inline(text: str) -> str:
    out, at = [], 0
    for match in _INLINE.finditer(text):
        out.append(markup.literal(text[at : match.start()]))
        out.append(_render_piece(match))
        at = match.end()
    return "".join([*out, markup.literal(text[at:])])


def _render_piece(match: re.Match[str]) -> str:
    match match.lastgroup:
        case "code":
            code = match["code"].strip()
            return f"`{code}`" if code and "`" not in code else markup.literal(code)
        case "escaped":
            return markup.literal(match["escaped"])
        case "bold":
            return f"**{_render_inside(match['bold'])}**"
        case "star" | "line":
            return f"_{_render_inside(match['star'] or match['line'])}_"
        case _:
            label, target = _render_inside(match["label"]), match["target"].replace(")", "%29")
            return f"[{label}]({target})" if re.match(r"https?://\w", target) else label


def _render_inside(text: str) -> str:
    """Render the text inside a mark: code stays code, other marks are dropped."""
    parts = re.split(r"`([^`*_\\\[\]]+)`", text)
    plain = (re.sub(r"[*`]+", "", part) for part in parts[::2])
    whole = [markup.literal(part) for part in plain]
    return "".join(f"{text}`{code}`" for text, code in zip(whole, parts[1::2], strict=False)) + whole[-1]


def blocks(track: Track | None, section: Section) -> Iterator[Block]:
    """Yield what stands under a heading, its gist left out; without a track figures are words."""
    for kind, lines in runs(Body(section.text).lines):
        match kind:
            case "code":
                yield Listing(code(lines))
            case "figure":
                yield from (_render_figure(track, line.figure) for line in lines if line.figure is not None)
            case "table":
                yield from _render_table([line.text for line in lines])
            case "quote":
                yield Quote(inline(" ".join(_QUOTE.sub(r"\1", line.text) for line in lines)))
            case "heading":
                headings = (_render_inside(_HEADING.sub(r"\1", line.text)) for line in lines)
                yield from (Text(f"**{heading}**") for heading in headings)
            case "list":
                yield Text(_render_list([line.text for line in lines]))
            case "prose":
                yield Text(inline(" ".join(line.text for line in lines)))


def runs(lines: Iterable[NumberedLine]) -> Iterator[tuple[str, list[NumberedLine]]]:
    """Yield the lines of a text that belong together, and what they are: prose, a list, a table, code and so on."""
    for (kind, _), group in groupby(_tag_lines(lines), key=lambda pair: pair[0]):
        yield kind, [line for _, line in group]


Kind = tuple[str, int]


def _tag_lines(lines: Iterable[NumberedLine]) -> Iterator[tuple[Kind, NumberedLine]]:
    """Yield each line with its block and the block's number within the section."""
    kind, count, fence = "blank", 0, ""
    for line in lines:
        now, begins = _classify_line(line, kind), False
        if line.is_code:
            mark = _FENCE.match(line.text)
            begins = not fence
            if begins and mark:
                fence = mark[1]
            elif mark and line.text.strip().startswith(fence) and not line.text.strip().strip(fence[0]):
                fence = ""
        if now != kind or begins:
            count += 1
        kind = now
        yield (kind, count), line


def _classify_line(line: NumberedLine, before: str) -> str:
    text = line.text
    if line.is_code:
        return "code"
    if line.comment is not None or not text.strip():
        return "blank"
    if line.figure is not None:
        return "figure"
    if text.lstrip().startswith("|"):
        return "table"
    if _QUOTE.fullmatch(text):
        return "quote"
    if _HEADING.fullmatch(text):
        return "heading"
    if _ITEM.fullmatch(text) or (before == "list" and text[:1] in " \t"):
        return "list"
    return "list" if before == "list" else "prose"


def _render_figure(track: Track | None, figure: Figure) -> Block:
    return image(track, figure) if track is not None else Text(f"_Figure:_ {inline(figure.alt)}")


def code(lines: Sequence[NumberedLine]) -> str:
    """Return a listing without the marks around it."""
    ends = len(lines) > 1 and _FENCE.match(lines[-1].text)
    inside = [line.text.rstrip() for line in lines[1 : -1 if ends else None]]
    shortened = [markup.clip(markup.clean(text), CODE_WIDTH) for text in inside[:CODE_LINES]]
    return "\n".join([*shortened, *(["…"] if len(inside) > CODE_LINES else [])]).strip("\n")


def items(lines: Sequence[str]) -> list[str]:
    """Return each item of a list in one line, with its number or its dash."""
    texts: list[str] = []
    for line in lines:
        item = _ITEM.fullmatch(line)
        if item is None and texts:
            texts[-1] += f" {line.strip()}"
        elif item is not None:
            texts.append(f"{item[1]}. {item[2]}" if item[1] else f"- {item[2]}")
    return texts


def _render_list(lines: Sequence[str]) -> str:
    return "\n".join(f"- {inline(item[2:])}" if item.startswith("- ") else inline(item) for item in items(lines))


def cells(lines: Sequence[str]) -> list[list[str]]:
    """Return what each row of a table says, as it was written."""
    return [[cell.replace("\\|", "|") for cell in _split_cells(line)] for line in lines if not _ALIGNED.fullmatch(line)]


def _render_table(lines: Sequence[str]) -> Iterator[Table]:
    rows = [[_render_cell(cell) for cell in row] for row in cells(lines)]
    marks = next((line for line in lines if _ALIGNED.fullmatch(line)), "")
    if not rows or not rows[0]:
        return
    head, width = rows[0], len(rows[0])
    fitted = (tuple([*row, *[""] * width][:width]) for row in rows[1 : ROWS + 1])
    right = tuple(i for i, mark in enumerate(_split_cells(marks)) if mark.endswith(":") and not mark.startswith(":"))
    yield Table(tuple(head), tuple(fitted), tuple(i for i in right if i < width))


def _render_cell(source: str) -> str:
    return markup.clip(markup.flat(markup.inline(inline(source))), CELL)


def _split_cells(line: str) -> list[str]:
    return [cell.strip() for cell in _CELLS.split(line.strip().removeprefix("|").removesuffix("|"))]
