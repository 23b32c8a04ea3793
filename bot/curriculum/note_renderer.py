"""Render a note's Markdown as blocks of a reply, and its figures as pictures; hostile text is escaped and bounded."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.curriculum.content import Unit
from bot.curriculum.markdown_body import Figure, MarkdownBlock, read_blocks
from bot.curriculum.note import Section
from bot.curriculum.track import Library, Track
from bot.messages import markup
from bot.messages.picture import Drawing, Picture, Unknown
from bot.messages.reply import Block, Image, Listing, Quote, Table, Text

FIGURE = "figure"
MOVABLE_SHARED = frozenset({"movable.css", "movable.js"})
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


def find_movable(library: Library, track_id: str, name: str) -> Path | None:
    """Return a file of a figure that people can move: its page `FIGURE.html`, or what all such pages share."""
    track = library.get(track_id)
    if track is None:
        return None
    if name in MOVABLE_SHARED:
        files = (figure.with_name(name) for figure in track.figures.values())
    else:
        files = (figure.with_suffix(".html") for stem, figure in track.figures.items() if f"{stem}.html" == name)
    return next((file for file in files if file.is_file() and not file.is_symlink()), None)


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
    for block in read_blocks(section.text):
        match block.kind:
            case "code":
                yield Listing(shorten_code(block.text))
            case "figure" if block.figure is not None:
                yield _render_figure(track, block.figure)
            case "table":
                yield from _render_table(block)
            case "quote":
                yield Quote(inline(block.text))
            case "heading":
                yield Text(f"**{_render_inside(block.text)}**")
            case "list":
                yield Text("\n".join(map(_render_item, block.items)))
            case _:
                yield Text(inline(block.text))


def _render_figure(track: Track | None, figure: Figure) -> Block:
    return image(track, figure) if track is not None else Text(f"_Figure:_ {inline(figure.alt)}")


def shorten_code(text: str) -> str:
    """Return the first lines of a listing."""
    lines = text.split("\n")
    first = [markup.clip(markup.clean(line.rstrip()), CODE_WIDTH) for line in lines[:CODE_LINES]]
    return "\n".join([*first, *(["…"] if len(lines) > CODE_LINES else [])]).strip("\n")


def _render_item(item: str) -> str:
    return f"- {inline(item[2:])}" if item.startswith("- ") else inline(item)


def _render_table(block: MarkdownBlock) -> Iterator[Table]:
    rows = [[_render_cell(cell) for cell in row] for row in block.rows[: ROWS + 1]]
    if rows and rows[0]:
        width = len(rows[0])
        fitted = (tuple([*row, *[""] * width][:width]) for row in rows[1:])
        yield Table(tuple(rows[0]), tuple(fitted), tuple(n for n in block.right if n < width))


def _render_cell(source: str) -> str:
    return markup.clip(markup.flat(markup.inline(inline(source))), CELL)
