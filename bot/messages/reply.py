"""A Reply: the value that every command returns and that every platform draws."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, Literal, assert_never

from bot.base.encoding import valid_data
from bot.messages import markup
from bot.messages.calendar_event import Happening as Happening
from bot.messages.call import Call, turn_on
from bot.messages.file import FILE_MAX as FILE_MAX
from bot.messages.file import File as File

Tone = Literal["plain", "good", "warn", "error"]
Audience = Literal["private", "public"]
ButtonStyle = Literal["primary", "plain", "danger"]


@dataclass(frozen=True)
class Text:
    """Paragraphs of small Markdown with tokens."""

    markdown: str


@dataclass(frozen=True)
class Fields:
    """Short facts, each a label and a value of small Markdown."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Table:
    """Rows of plain cells under a head, each cleaned and on one line; columns named in `right` are numbers."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "head", _cells(self.head))
        object.__setattr__(self, "rows", tuple(_cells(row) for row in self.rows))


def _cells(row: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(" ".join(markup.clean(cell).split()) for cell in row)


@dataclass(frozen=True)
class Quote:
    """Someone's or a note's own words, small Markdown, already escaped."""

    markdown: str


@dataclass(frozen=True)
class Listing:
    """Lines of code, shown as they stand."""

    code: str


@dataclass(frozen=True)
class Image:
    """A picture by what it shows: never its bytes or a path, so that a stored one is drawn as things are now.

    Args:
        drawing: the name of who draws it, see `messages/picture.py`.
        data: what is drawn.
        alt: what is to be seen, plain text.
        text: small Markdown that stands in its place where no picture can be shown; "" where the rest says the same.
        table: stands there instead of the text, if there is one.
    """

    drawing: str
    data: Mapping[str, str] = field(hash=False)
    alt: str
    text: str
    table: Table | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "data", MappingProxyType(dict(self.data)))

    @property
    def words(self) -> Text | Table:
        """What stands in its place."""
        return self.table or Text(self.text)


@dataclass(frozen=True)
class Button:
    """A labelled way on: a Call to run or ask, or a URL to open."""

    label: str
    target: Call | str
    style: ButtonStyle = "plain"


@dataclass(frozen=True)
class Actions:
    """Buttons that belong to the block before them and stand directly below it."""

    buttons: tuple[Button, ...]


Block = Text | Fields | Table | Quote | Listing | Image | Happening | File | Actions


@dataclass(frozen=True)
class Reply:
    """What is said, to be drawn by any platform.

    Args:
        blocks: in reading order.
        buttons: those of the whole message, at its end, most important first.
        title: a short heading, small Markdown.
        tone: colours the message where the platform can.
        accent: a colour for what is no matter of tone, such as the phase of a unit: its place in their order, from 0.
        audience: who may see it; None is what the command declares.
        replaces: edit the message whose button was clicked instead of adding one.
        grows: it is a passing state whose text the next one only adds to; it is never stored.
        is_limit: it says that its reader asks for too much at a time, which is no news to anybody else; never stored.
        is_busy: it says that nothing can be read or kept just now, and nothing about anybody; never stored.
        of: the turn whose answer a passing state gives way to; never stored.
    """

    blocks: tuple[Block, ...] = ()
    buttons: tuple[Button, ...] = ()
    title: str = ""
    tone: Tone = "plain"
    audience: Audience | None = None
    replaces: bool = False
    accent: int | None = None
    grows: bool = False
    is_limit: bool = False
    is_busy: bool = False
    of: str = ""

    def plain(self, zone: str | None = None, prefix: str = "") -> str:
        """Return the text form: notification text, dialogue tests. Buttons are left to the caller.

        Args:
            zone: IANA name for instants; None keeps the zone that each names.
            prefix: what stands before a command when it is typed, such as "/study ".
        """
        parts = [_flat(self.title, zone, prefix)] if self.title else []
        parts += [plain_block(block, zone, prefix) for block in self.blocks]
        return "\n\n".join(p for p in parts if p)

    @property
    def files(self) -> tuple[File, ...]:
        """The files that go with it."""
        return tuple(block for block in self.blocks if isinstance(block, File))

    @property
    def turn(self) -> str:
        """The turn whose answer it is, by its buttons, or whose answer is to take its place; "" if it is none."""
        return self.of or turn_on(button.target for button in self.all_buttons if isinstance(button.target, Call))

    @property
    def all_buttons(self) -> tuple[Button, ...]:
        """Every button of the message, those of its `Actions` blocks first."""
        actions = (block for block in self.blocks if isinstance(block, Actions))
        return (*(button for block in actions for button in block.buttons), *self.buttons)

    def filter_buttons(self, is_kept: Callable[[Button], bool]) -> Reply:
        """Return the reply with those of its buttons that are kept."""
        blocks: list[Block] = []
        for block in self.blocks:
            if isinstance(block, Actions):
                if kept := tuple(filter(is_kept, block.buttons)):
                    blocks.append(Actions(kept))
            else:
                blocks.append(block)
        return replace(self, blocks=tuple(blocks), buttons=tuple(filter(is_kept, self.buttons)))

    def without_buttons(self) -> Reply:
        """Return the reply without any button."""
        return self.filter_buttons(lambda _: False)

    def may_replace(self, *, is_shared: bool) -> bool:
        """Whether the clicked message gives way: one that others read never does for one person's answer."""
        return self.replaces and (self.audience == "public" or not is_shared)

    def headed_by(self, *blocks: Block) -> Reply:
        """Return the reply with blocks before its own."""
        return replace(self, blocks=(*blocks, *self.blocks))

    def followed_by(self, *blocks: Block) -> Reply:
        """Return the reply with blocks after its own."""
        return replace(self, blocks=(*self.blocks, *blocks))

    def in_words(self) -> Reply:
        """Return the reply with the words of each picture in its place."""
        told = (block.words if isinstance(block, Image) else block for block in self.blocks)
        return replace(self, blocks=tuple(one for one in told if one != Text("")))

    def settled(self, audience: Audience) -> Reply:
        """Return the reply with its audience decided."""
        return self if self.audience else replace(self, audience=audience)

    def to_json(self) -> dict[str, Any]:
        """Return the stored form; version 1."""
        return {
            "v": 1,
            "title": self.title,
            "tone": self.tone,
            "audience": self.audience,
            "replaces": self.replaces,
            "blocks": [_block_json(b) for b in self.blocks],
            "buttons": [_button_json(b) for b in self.buttons],
            **({} if self.accent is None else {"accent": self.accent}),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Reply:
        """Read a stored form of any released version; an unknown one raises ValueError."""
        if data.get("v") != 1:
            raise ValueError("a reply of an unknown version")
        data = valid_data(data)  # rows of earlier versions may hold halves of characters
        return cls(
            blocks=tuple(_read_block(b) for b in data["blocks"]),
            buttons=tuple(_read_button(b) for b in data["buttons"]),
            title=data["title"],
            tone=data["tone"],
            audience=data["audience"],
            replaces=data["replaces"],
            accent=data.get("accent"),
        )


UNREADABLE = Reply((Text("_This message cannot be shown._"),))
"""Stands for a message that cannot be read or drawn, so that its room is shown all the same."""


def say(*paragraphs: str, title: str = "", tone: Tone = "plain", buttons: tuple[Button, ...] = ()) -> Reply:
    """Return a Reply of plain paragraphs."""
    return Reply(tuple(Text(p) for p in paragraphs if p), buttons, title, tone)


def _flat(markdown: str, zone: str | None, prefix: str) -> str:
    lines = markup.parse(markdown)
    return "\n".join(("- " if line.is_bullet else "") + markup.flat(line.spans, zone, prefix) for line in lines)


def plain_block(block: Block, zone: str | None = None, prefix: str = "") -> str:
    """Return one block as plain text."""
    match block:
        case Text(markdown):
            return _flat(markdown, zone, prefix)
        case Fields(rows):
            return "\n".join(f"{_flat(label, zone, prefix)}: {_flat(value, zone, prefix)}" for label, value in rows)
        case Table():
            return "\n".join(monospace(block))
        case Quote(markdown):
            return "\n".join("> " + line for line in _flat(markdown, zone, prefix).split("\n"))
        case Listing(code):
            return markup.clean(code)
        case File():
            return block.listing
        case Image():
            return plain_block(block.words, zone, prefix)
        case Happening():
            return _flat(block.text, zone, prefix)
        case Actions():
            return ""
        case _:
            assert_never(block)


def monospace(table: Table) -> list[str]:
    """Return the table's lines in columns of equal width, numbers to the right."""
    grid = [table.head, *table.rows]
    widths = [max(len(row[i]) for row in grid) for i in range(len(table.head))]
    lines = []
    for row in grid:
        cells = [
            c.rjust(w) if i in table.right else c.ljust(w) for i, (c, w) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    return lines


def _block_json(block: Block) -> dict[str, Any]:
    match block:
        case Text(markdown):
            return {"text": markdown}
        case Fields(rows):
            return {"fields": [list(r) for r in rows]}
        case Table(head, rows, right):
            return {"table": {"head": list(head), "rows": [list(r) for r in rows], "right": list(right)}}
        case Quote(markdown):
            return {"quote": markdown}
        case Listing(code):
            return {"listing": code}
        case File(name, media, text, is_packed):
            packed = {"packed": True} if is_packed else {}
            return {"file": {"name": name, "media": media, "text": text, **packed}}
        case Image(drawing, data, alt, text, table):
            told = _block_json(table) if table is not None else {}
            return {"image": {"drawing": drawing, "data": dict(data), "alt": alt, "text": text, **told}}
        case Happening(name, starts_at, ends_at, zone, about, link, is_off):
            times = {"from": starts_at.isoformat(), "until": ends_at.isoformat(), "zone": zone}
            off = {"off": True} if is_off else {}
            return {"happening": {"name": name, **times, "about": about, "link": link, **off}}
        case Actions(buttons):
            return {"actions": [_button_json(button) for button in buttons]}
        case _:
            assert_never(block)


def _read_block(data: dict[str, Any]) -> Block:
    match data:
        case {"text": str(markdown)}:
            return Text(markdown)
        case {"fields": list(rows)}:
            return Fields(tuple((str(label), str(value)) for label, value in rows))
        case {"table": {"head": list(head), "rows": list(rows), "right": list(right)}}:
            return Table(tuple(head), tuple(tuple(r) for r in rows), tuple(right))
        case {"quote": str(markdown)}:
            return Quote(markdown)
        case {"listing": str(code)}:
            return Listing(code)
        case {"file": {"name": str(name), "media": str(media), "text": str(text), **more}}:
            return File(name, media, text, more.get("packed") is True)
        case {"image": {"drawing": str(drawing), "data": dict(of), "alt": str(alt), "text": str(text), **more}}:
            table = _read_block({"table": more["table"]}) if "table" in more else None
            assert table is None or isinstance(table, Table)
            return Image(drawing, {str(key): str(value) for key, value in of.items()}, alt, text, table)
        case {"happening": {"name": str(name), "from": str(start), "until": str(end), "zone": str(zone), **more}}:
            times = datetime.fromisoformat(start), datetime.fromisoformat(end)
            about, link = (str(more.get(key, "")) for key in ("about", "link"))
            return Happening(name, *times, zone, about, link, more.get("off") is True)
        case {"actions": list(buttons)}:
            return Actions(tuple(_read_button(button) for button in buttons))
        case _:
            raise ValueError("a block of an unknown kind")


def _button_json(button: Button) -> dict[str, str]:
    where = {"url": button.target} if isinstance(button.target, str) else {"call": button.target.pack()}
    return {"label": button.label, "style": button.style, **where}


def _read_button(data: dict[str, Any]) -> Button:
    target = data["url"] if "url" in data else Call.unpack(data["call"])
    return Button(data["label"], target, data["style"])
