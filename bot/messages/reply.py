"""The Reply, which every command returns and every platform draws, with its blocks and files."""

from __future__ import annotations

import io
import re
import zipfile
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any, Literal, assert_never
from urllib.parse import urlencode

from bot.messages import markup
from bot.messages.call import Call, turn_on
from bot.messages.characters import make_valid_data

URL_MAX = 512
"""Most characters of a button's URL, on the strictest platform."""
_NAMES = (60, 30, 15)
"""Lengths of the name to try; URL encoding may turn one character into twelve."""
_CALENDAR = "https://calendar.google.com/calendar/render"


@dataclass(frozen=True)
class EventBlock:
    """A scheduled event.

    Args:
        name, about: plain text.
        starts_at, ends_at: aware UTC.
        zone: IANA zone, used if the platform doesn't know the reader's.
        link: the URL of the meeting, if any.
        is_off: whether it was cancelled.
    """

    name: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    about: str = ""
    link: str = ""
    is_off: bool = False

    def __post_init__(self) -> None:
        for name in ("name", "about"):
            object.__setattr__(self, name, " ".join(markup.clean(getattr(self, name)).split()))

    @property
    def text(self) -> str:
        """When it is, as small Markdown."""
        minutes = (self.ends_at - self.starts_at) // timedelta(minutes=1)
        if self.is_off:
            return f"_Cancelled: it would have been {markup.moment(self.starts_at, self.zone)}._"
        return f"**{markup.moment(self.starts_at, self.zone, 'countdown')}**, {minutes} minutes"

    @property
    def calendar_url(self) -> str:
        """A Google Calendar link that adds the event.

        Source: https://github.com/InteractionDesignFoundation/add-event-to-calendar-docs, November 2026.
        """
        dates = "/".join(f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}" for at in (self.starts_at, self.ends_at))
        params = {"action": "TEMPLATE", "dates": dates}
        place = {"location": self.link} if self.link else {}
        tries = [(60, place), *((most, {}) for most in _NAMES)]
        addresses = (_build_url(params | {"text": markup.clip(self.name, most)} | more) for most, more in tries)
        return next((address for address in addresses if len(address) <= URL_MAX), _build_url(params))


def _build_url(params: dict[str, str]) -> str:
    return f"{_CALENDAR}?{urlencode(params)}"


FILE_MAX, FILE_SHOWN = 500_000, 3000
"""Most characters of a file, and of its text on a platform that takes no files."""
ZIP_MAX = FILE_MAX * 3 // 4
"""Most bytes of an archive, which is stored in base64."""


@dataclass(frozen=True)
class File:
    """A file attached to a reply.

    Args:
        name: plain text, without a folder.
        media: its media type, such as text/csv.
        text: its content; base64 if packed.
        is_packed: whether it is binary, such as an archive.
    """

    name: str
    media: str
    text: str
    is_packed: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", re.sub(r"[^\w.-]+", "-", markup.clean(self.name))[:80].strip(".-") or "file")
        if len(self.text) > FILE_MAX:
            raise ValueError("a file that is too long for a message")

    @classmethod
    def packed(cls, name: str, media: str, data: bytes) -> File:
        """Return a file of bytes."""
        return cls(name, media, b64encode(data).decode(), is_packed=True)

    @property
    def data(self) -> bytes:
        """Its bytes."""
        return b64decode(self.text) if self.is_packed else self.text.encode()

    @property
    def listing(self) -> str:
        """Return its text for a platform that takes no files."""
        if self.is_packed:
            return f"{self.name} could not be given here."
        return markup.clip(markup.clean(self.text), FILE_SHOWN)


def zipped(texts: Iterable[tuple[str, str]]) -> bytes:
    """Return a ZIP archive of texts by name; without timestamps, so that equal texts make equal archives."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in texts:
            archive.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)
    return out.getvalue()


Tone = Literal["plain", "good", "warn", "error"]
Audience = Literal["private", "public"]
ButtonStyle = Literal["primary", "plain", "danger"]


@dataclass(frozen=True)
class Text:
    """Paragraphs of small Markdown with tokens."""

    markdown: str


@dataclass(frozen=True)
class Choice:
    """A choice of a question: its letter, its small Markdown, how it is marked, and the Call that chooses it."""

    letter: str
    markdown: str
    mark: Literal["", "chosen", "right", "wrong"] = ""
    call: Call | None = None


@dataclass(frozen=True)
class Choices(Text):
    """The choices of a question as a text; a page draws each choice as the button that has its Call."""

    options: tuple[Choice, ...] = ()

    @classmethod
    def of(cls, options: Iterable[Choice]) -> Choices:
        """Return the block of some choices."""
        listed = tuple(options)
        signs = {"right": "✓ ", "wrong": "✗ "}
        lines = (f"- {signs.get(option.mark, '')}**{option.letter}.** {option.markdown}" for option in listed)
        return cls("\n".join(lines), listed)


@dataclass(frozen=True)
class Subtext:
    """Small print in small Markdown, such as a due date or a legend, smaller and paler than a Text."""

    markdown: str


@dataclass(frozen=True)
class Divider:
    """A line between two parts of a message; a gap on platforms that have no line."""


@dataclass(frozen=True)
class Fields:
    """Short facts, each a label and a value of small Markdown."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Table:
    """Rows of plain one-line cells under a head; the columns in `right` are right-aligned."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "head", _clean_cells(self.head))
        object.__setattr__(self, "rows", tuple(_clean_cells(row) for row in self.rows))


def _clean_cells(row: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(" ".join(markup.clean(cell).split()) for cell in row)


@dataclass(frozen=True)
class Quote:
    """A quotation of a person or a note, in small Markdown, already escaped."""

    markdown: str


@dataclass(frozen=True)
class Listing:
    """Lines of code, shown verbatim."""

    code: str


@dataclass(frozen=True)
class Image:
    """A picture, stored as the data to draw, so that it shows the current state.

    Args:
        drawing: the name of the drawing function, see `messages/picture.py`.
        data: its arguments.
        alt: a description in plain text.
        text: small Markdown that replaces the picture if it can't be shown; "" if the reply says it already.
        table: replaces the picture instead of `text`, if given.
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
        """The block that replaces the picture."""
        return self.table or Text(self.text)


@dataclass(frozen=True)
class Button:
    """A button with a Call to run or ask, or a URL to open."""

    label: str
    target: Call | str
    style: ButtonStyle = "plain"


@dataclass(frozen=True)
class Actions:
    """Buttons directly below the block that they belong to."""

    buttons: tuple[Button, ...]


Block = Text | Subtext | Divider | Fields | Table | Quote | Listing | Image | EventBlock | File | Actions


@dataclass(frozen=True)
class Reply:
    """A message for any platform to draw.

    Args:
        blocks: in reading order.
        buttons: the buttons at the end of the message, most important first.
        title: a short heading, small Markdown.
        tone: the colour of the message, on platforms that have one.
        accent: a colour index from 0 that is independent of the tone, such as the phase of a unit.
        audience: who may see it; None is the command's default.
        replaces: whether it replaces the message whose button was clicked.
        is_limit: whether it reports a rate limit of its reader; never stored.
        is_busy: whether it reports that the database is unavailable; never stored.
        of: the turn that an intermediate state belongs to; never stored.
    """

    blocks: tuple[Block, ...] = ()
    buttons: tuple[Button, ...] = ()
    title: str = ""
    tone: Tone = "plain"
    audience: Audience | None = None
    replaces: bool = False
    accent: int | None = None
    is_limit: bool = False
    is_busy: bool = False
    of: str = ""

    def plain(self, zone: str | None = None, prefix: str = "") -> str:
        """Return the text form, for notifications and tests, without buttons.

        Args:
            zone: IANA zone for instants; None uses the zone of each.
            prefix: the prefix of typed commands, such as "/study ".
        """
        parts = [_flatten(self.title, zone, prefix)] if self.title else []
        parts += [plain_block(block, zone, prefix) for block in self.blocks]
        return "\n\n".join(p for p in parts if p)

    @property
    def files(self) -> tuple[File, ...]:
        """The attached files."""
        return tuple(block for block in self.blocks if isinstance(block, File))

    @property
    def turn(self) -> str:
        """The turn that it answers, from `of` or its buttons; "" if it is no answer."""
        return self.of or turn_on(button.target for button in self.all_buttons if isinstance(button.target, Call))

    @property
    def all_buttons(self) -> tuple[Button, ...]:
        """Every button of the message, those of its `Actions` blocks first."""
        actions = (block for block in self.blocks if isinstance(block, Actions))
        return (*(button for block in actions for button in block.buttons), *self.buttons)

    def filter_buttons(self, is_kept: Callable[[Button], bool]) -> Reply:
        """Return the reply with only the buttons for which `is_kept` is true."""
        blocks: list[Block] = []
        for block in self.blocks:
            if isinstance(block, Actions):
                if buttons := tuple(filter(is_kept, block.buttons)):
                    blocks.append(Actions(buttons))
            else:
                blocks.append(block)
        return replace(self, blocks=tuple(blocks), buttons=tuple(filter(is_kept, self.buttons)))

    def without_buttons(self) -> Reply:
        """Return the reply without any button."""
        return self.filter_buttons(lambda _: False)

    def may_replace(self, *, is_shared: bool) -> bool:
        """Whether it may replace the clicked message; a private answer never replaces a shared message."""
        return self.replaces and (self.audience == "public" or not is_shared)

    def headed_by(self, *blocks: Block) -> Reply:
        """Return the reply with blocks before its own."""
        return replace(self, blocks=(*blocks, *self.blocks))

    def followed_by(self, *blocks: Block) -> Reply:
        """Return the reply with blocks after its own."""
        return replace(self, blocks=(*self.blocks, *blocks))

    def followed_by_notices(self, *notices: str) -> Reply:
        """Return the reply with notices after its blocks, each small Markdown; several become a list."""
        return self.followed_by(Text(notices[0] if len(notices) == 1 else "\n".join(f"- {line}" for line in notices)))

    def in_words(self) -> Reply:
        """Return the reply with each picture replaced by its words."""
        blocks = (block.words if isinstance(block, Image) else block for block in self.blocks)
        return replace(self, blocks=tuple(block for block in blocks if block != Text("")))

    def settled(self, audience: Audience) -> Reply:
        """Return the reply with this audience unless it has one."""
        return self if self.audience else replace(self, audience=audience)

    def to_json(self) -> dict[str, Any]:
        """Return the stored form; version 1."""
        return {
            "v": 1,
            "title": self.title,
            "tone": self.tone,
            "audience": self.audience,
            "replaces": self.replaces,
            "blocks": [_write_block(b) for b in self.blocks],
            "buttons": [_write_button(b) for b in self.buttons],
            **({} if self.accent is None else {"accent": self.accent}),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Reply:
        """Parse the stored form of any released version; an unknown one raises ValueError."""
        if data.get("v") != 1:
            raise ValueError("a reply of an unknown version")
        data = make_valid_data(data)  # rows of earlier versions may hold halves of characters
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
"""Replaces a stored message that can't be parsed or drawn, so that the rest of its room is still shown."""


def say(*paragraphs: str, title: str = "", tone: Tone = "plain", buttons: tuple[Button, ...] = ()) -> Reply:
    """Return a Reply of plain paragraphs."""
    return Reply(tuple(Text(p) for p in paragraphs if p), buttons, title, tone)


def _flatten(markdown: str, zone: str | None, prefix: str) -> str:
    lines = markup.parse(markdown)
    return "\n".join(("- " if line.is_bullet else "") + markup.flat(line.spans, zone, prefix) for line in lines)


def plain_block(block: Block, zone: str | None = None, prefix: str = "") -> str:
    """Return one block as plain text."""
    match block:
        case Text(markdown) | Subtext(markdown):
            return _flatten(markdown, zone, prefix)
        case Divider():
            return ""
        case Fields(rows):
            return "\n".join(
                f"{_flatten(label, zone, prefix)}: {_flatten(value, zone, prefix)}" for label, value in rows
            )
        case Table():
            return "\n".join(monospace(block))
        case Quote(markdown):
            return "\n".join("> " + line for line in _flatten(markdown, zone, prefix).split("\n"))
        case Listing(code):
            return markup.clean(code)
        case File():
            return block.listing
        case Image():
            return plain_block(block.words, zone, prefix)
        case EventBlock():
            return _flatten(block.text, zone, prefix)
        case Actions():
            return ""
        case _:
            assert_never(block)


def monospace(table: Table) -> list[str]:
    """Return the table's lines with padded columns, numbers right-aligned."""
    grid = [table.head, *table.rows]
    widths = [max(len(row[i]) for row in grid) for i in range(len(table.head))]
    lines = []
    for row in grid:
        cells = [
            c.rjust(w) if i in table.right else c.ljust(w) for i, (c, w) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    return lines


def _write_block(block: Block) -> dict[str, Any]:
    match block:
        case Choices(markdown, options):
            return {"text": markdown, "choices": [_write_choice(option) for option in options]}
        case Text(markdown):
            return {"text": markdown}
        case Subtext(markdown):  # a process of an earlier version shows it as a text
            return {"text": markdown, "small": True}
        case Divider():
            return {"text": "", "divider": True}
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
            table_json = _write_block(table) if table is not None else {}
            return {"image": {"drawing": drawing, "data": dict(data), "alt": alt, "text": text, **table_json}}
        case EventBlock(name, starts_at, ends_at, zone, about, link, is_off):
            times = {"from": starts_at.isoformat(), "until": ends_at.isoformat(), "zone": zone}
            off = {"off": True} if is_off else {}
            return {"happening": {"name": name, **times, "about": about, "link": link, **off}}
        case Actions(buttons):
            return {"actions": [_write_button(button) for button in buttons]}
        case _:
            assert_never(block)


def _read_block(data: dict[str, Any]) -> Block:
    match data:
        case {"text": str(markdown), "small": True}:
            return Subtext(markdown)
        case {"text": str(markdown), "choices": list(options)}:
            return Choices(markdown, tuple(map(_read_choice, options)))
        case {"text": "", "divider": True}:
            return Divider()
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
            return EventBlock(name, *times, zone, about, link, more.get("off") is True)
        case {"actions": list(buttons)}:
            return Actions(tuple(_read_button(button) for button in buttons))
        case _:
            raise ValueError("a block of an unknown kind")


def _write_choice(choice: Choice) -> list[str]:
    return [choice.letter, choice.markdown, choice.mark, *([choice.call.pack()] if choice.call is not None else [])]


def _read_choice(data: list[Any]) -> Choice:
    letter, markdown, mark, *call = data
    return Choice(letter, markdown, mark, *map(Call.unpack, call))


def _write_button(button: Button) -> dict[str, str]:
    where = {"url": button.target} if isinstance(button.target, str) else {"call": button.target.pack()}
    return {"label": button.label, "style": button.style, **where}


def _read_button(data: dict[str, Any]) -> Button:
    target = data["url"] if "url" in data else Call.unpack(data["call"])
    return Button(data["label"], target, data["style"])
