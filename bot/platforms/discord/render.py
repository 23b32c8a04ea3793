"""A Reply as the body of a Discord message: the same value always gives the same bytes.

A plain Reply that fits is the message's own text: it reads well in a notification, needs no permission to embed and can
be copied on a phone. A tone or an accent gives an embed its colour; what is longer than a message becomes an embed too.

It uses an embed and not a container of Components V2. A message with a container has no text of its own for
notifications and old clients, and can never become plain again, so an edit would have to know how each message was
sent. Title and pings stand above a post's embed, so that people without embeds know what the buttons are about.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, assert_never

from bot.messages import markup
from bot.messages.call import Call
from bot.messages.markup import Line
from bot.messages.reply import (
    Actions,
    Block,
    Button,
    Divider,
    EventBlock,
    Fields,
    File,
    Image,
    Listing,
    Quote,
    Reply,
    Subtext,
    Table,
    Text,
    Tone,
    monospace,
)
from bot.platforms.discord import limits
from bot.platforms.discord import markdown as text
from bot.platforms.discord.markdown import UNREGISTERED, Commands

Payload = dict[str, Any]
Attachments = Mapping[Image | File, Payload]
"""The pictures and files that go with a message, each with its entry among the attachments."""
NO_ATTACHMENTS: Attachments = MappingProxyType({})

log = logging.getLogger(__name__)
_COLOURS: dict[Tone, int] = {"good": 0x2D7D46, "warn": 0xE3A008, "error": 0xC0392B}
_ACCENTS = (0x2A9D74, 0xC9713F, 0x7B6FD0, 0x3D8FC4, 0xB8578A, 0x8A9133)
"""Colours that differ on Discord's dark and light background; a higher accent starts over."""
_STYLES = {"primary": 1, "plain": 2, "danger": 4}
_LINK = 5
HIDDEN = 64
"""The flag of a message that only one person sees."""
TAG_LENGTH = 20
NOBODY: Payload = {"parse": [], "users": [], "roles": [], "replied_user": False}
"""Allowed mentions that let nothing notify."""


@dataclass(frozen=True)
class Paragraph:
    """Lines that stand together; the first line was drawn from `source`."""

    lines: tuple[str, ...]
    source: Line | None = None
    start: str = ""
    fenced: bool = False

    def __str__(self) -> str:
        return text.fence(list(self.lines)) if self.fenced else "\n".join(self.lines)


def message(
    reply: Reply,
    *,
    tag: str | None = None,
    commands: Commands = UNREGISTERED,
    spared: Collection[str] = (),
    attachments: Attachments = NO_ATTACHMENTS,
) -> Payload:
    """Return the body of a message.

    Args:
        tag: a post's mark, which every button carries. Pings notify only in a message with a tag.
        commands: the registered commands, which the message links to.
        spared: people and roles that a post does not notify; a line that only pings them is left out.
        attachments: pictures and files that go with it, pictures first, each with its entry among the attachments.
            Other pictures and files are shown as text.
    """
    title = " ".join(text.lines(reply.title, commands)) if reply.title else ""
    pinged = [ping for ping in pings(reply) if ping not in spared] if tag is not None else []
    unsaid = {"", *map(text.mention, spared)}
    blocks = [block for block in reply.blocks if block not in attachments]
    body = [paragraph for paragraph in paragraphs(blocks, commands) if str(paragraph).strip() not in unsaid]
    head = [Paragraph((f"### {title}",))] if title else []
    whole = "\n\n".join(str(p) for p in [*head, *body])
    content, embeds = whole, []
    colour = _choose_colour(reply)
    if colour is not None or len(whole) > limits.CONTENT:
        notified = " ".join(map(text.mention, pinged))
        content = _draw_heading(title, notified) if tag is not None else ""
        embeds = _draw_embeds(reply, [] if content.endswith("**") else head, {*unsaid, notified}, attachments, commands)
        embeds = embeds if colour is None else [{**embed, "color": colour} for embed in embeds]
    if not content and not embeds and not attachments:
        content = "Done."
    roles = [ping.removeprefix(text.ROLE) for ping in pinged if ping.startswith(text.ROLE)]
    users = [ping for ping in pinged if not ping.startswith(text.ROLE)]
    return {
        "content": content,
        "embeds": embeds,
        "attachments": list(attachments.values()),
        "components": rows(reply, tag),
        "allowed_mentions": {**NOBODY, "users": users, "roles": roles},
    }


def _draw_embeds(
    reply: Reply, head: list[Paragraph], unsaid: Collection[str], attachments: Attachments, commands: Commands
) -> list[Payload]:
    """Return the embeds of a message in reading order; each picture ends one.

    Args:
        head: the title, if it stands inside; a picture at the start of the message stands above it.
        unsaid: paragraphs that are left out.
    """
    addresses = {
        block: f"attachment://{file['filename']}" for block, file in attachments.items() if isinstance(block, Image)
    }
    first = next(iter(reply.blocks), None)
    embeds: list[Payload] = []
    inside = [] if first in addresses else [*head]
    for block in reply.blocks:
        if isinstance(block, Image) and block in addresses:
            embeds.append({**_describe(inside), "image": {"url": addresses[block]}})
            inside = [*head] if block is first else []
        elif block not in attachments:
            inside += [paragraph for paragraph in paragraphs([block], commands) if str(paragraph).strip() not in unsaid]
    return [*embeds, _describe(inside)] if inside else embeds


def _describe(inside: list[Paragraph]) -> Payload:
    return {"description": fit(inside, limits.EMBED)} if inside else {}


def _choose_colour(reply: Reply) -> int | None:
    if reply.tone in _COLOURS:
        return _COLOURS[reply.tone]
    return None if reply.accent is None else _ACCENTS[reply.accent % len(_ACCENTS)]


def _draw_heading(title: str, notified: str) -> str:
    """Return the text above a post's embed: pings, which notify nobody inside an embed, and the title for previews."""
    bold = f"**{title}**" if title else ""
    return " ".join(p for p in (notified, bold) if p)[: limits.CONTENT]


def fits(reply: Reply, commands: Commands = UNREGISTERED) -> bool:
    """Whether one message shows a whole reply, even if text replaces its pictures."""
    head = [Paragraph((f"### {' '.join(text.lines(reply.title, commands))}",))] if reply.title else []
    blocks = [block for block in reply.blocks if not isinstance(block, File)]
    targets = {b.target if isinstance(b.target, str) else b.target.pack() for b in reply.all_buttons}
    words = "\n\n".join(map(str, [*head, *paragraphs(blocks, commands)]))
    return len(words) <= limits.EMBED and len(targets) <= limits.LIMITS.buttons


def pings(reply: Reply) -> list[str]:
    """Return the ids of the people and roles whom a post notifies, in order."""
    ids: dict[str, None] = {}
    for block in reply.blocks:
        match block:
            case Text(markdown) | Subtext(markdown) | Quote(markdown):
                parts: Iterable[str] = (markdown,)
            case Fields(pairs):
                parts = (part for pair in pairs for part in pair)
            case Divider() | Table() | Listing() | Image() | EventBlock() | File() | Actions():
                parts = ()
            case _:
                assert_never(block)
        for part in parts:
            ids |= dict.fromkeys(text.pings(part))
    return list(ids)[: limits.PINGS]


def paragraphs(blocks: Iterable[Block], commands: Commands = UNREGISTERED) -> Iterable[Paragraph]:
    """Yield the paragraphs of a Reply, none of them cut."""
    for block in blocks:
        match block:
            case Text(markdown):
                yield from _draw_prose(markdown, commands)
            case Subtext(markdown):
                if parsed := [Line(each.spans) for each in markup.parse(markdown) if each.spans]:
                    lines = (f"-# {text.line(each, commands=commands)}" for each in parsed)
                    yield Paragraph(tuple(lines), parsed[0], "-# ")
            case Divider():
                pass  # a blank line separates paragraphs already
            case Quote(markdown):
                drawn = markup.parse(markdown)
                yield Paragraph(tuple("> " + text.line(parsed, commands=commands) for parsed in drawn), drawn[0], "> ")
            case Fields(pairs):
                cells = ((" ".join(text.lines(cell, commands)) for cell in pair) for pair in pairs)
                yield Paragraph(tuple(f"**{label}**: {value}" for label, value in cells))
            case Table():
                yield _draw_table(block)
            case Listing(code):
                yield Paragraph(tuple(markup.clean(code).split("\n")), fenced=True)
            case File():
                yield Paragraph(tuple(block.listing.split("\n")), fenced=True)
            case Image():
                yield from paragraphs([block.words], commands)
            case EventBlock():
                yield from _draw_prose(block.text, commands)
            case Actions():
                pass
            case _:
                assert_never(block)


def _draw_prose(markdown: str, commands: Commands) -> Iterable[Paragraph]:
    together: list[Line] = []
    for parsed in (*markup.parse(markdown), Line(())):
        if parsed.spans:
            together.append(parsed)
        elif together:
            yield Paragraph(tuple(text.line(each, commands=commands) for each in together), together[0])
            together = []


def _draw_table(table: Table) -> Paragraph:
    """Return a table in monospace, or as a list if a phone would break its lines."""
    drawn = monospace(table)
    if max(map(len, drawn)) <= limits.PHONE_COLUMNS:
        return Paragraph(tuple(drawn), fenced=True)
    listed = []
    for row in table.rows:
        rest = (f"{text.escape(name)} {text.escape(cell)}" for name, cell in zip(table.head[1:], row[1:], strict=True))
        listed.append(f"- **{text.escape(row[0])}**: {' · '.join(rest)}")
    return Paragraph(tuple(listed))


def fit(inside: list[Paragraph], limit: int) -> str:
    """Return paragraphs in at most `limit` characters, cut between two of them, else between lines."""
    whole = "\n\n".join(map(str, inside))
    if len(whole) <= limit:
        return whole
    head = ""
    for paragraph in inside:
        longer = f"{head}\n\n{paragraph}" if head else str(paragraph)
        if len(longer) > limit - 3:
            break
        head = longer
    if len(head) >= limit // 2:
        return f"{head}\n\n…"
    rest = _cut_paragraph(paragraph, limit - len(head) - 6)
    return f"{head}\n\n{rest}" if head and rest else head or rest or "…"


def _cut_paragraph(paragraph: Paragraph, room: int) -> str:
    """Return the lines of a paragraph that fit, and an ellipsis."""
    overhead = len(text.fence([])) if paragraph.fenced else 0
    lines: list[str] = []
    for each in paragraph.lines:
        if overhead + sum(len(x) + 1 for x in lines) + len(each) + 2 > room:
            break
        lines.append(each)
    if lines:
        return str(Paragraph((*lines, "…"), fenced=paragraph.fenced))
    if paragraph.source is None or paragraph.fenced:
        return ""
    return paragraph.start + text.line(paragraph.source, room - len(paragraph.start))


def rows(reply: Reply, tag: str | None = None) -> list[Payload]:
    """Return at most five action rows of five buttons, without a second button for the same target.

    The buttons of each `Actions` block begin a row if there are enough rows; Discord shows all rows at the end.
    """
    groups: list[list[Payload]] = []
    targets: set[str] = set()
    for block in (*reply.blocks, Actions(reply.buttons)):
        if isinstance(block, Actions):
            groups.append([])
            for button in block.buttons:
                target = button.target if isinstance(button.target, str) else button.target.pack()
                if target not in targets and (drawn := _draw_button(button, tag)) is not None:
                    targets.add(target)
                    groups[-1].append(drawn)
    apart = [row for group in groups for row in _split_into_rows(group)]
    return (
        apart
        if len(apart) <= limits.ROWS
        else _split_into_rows([button for group in groups for button in group])[: limits.ROWS]
    )


def _split_into_rows(buttons: list[Payload]) -> list[Payload]:
    return [{"type": 1, "components": buttons[i : i + limits.ROW]} for i in range(0, len(buttons), limits.ROW)]


def _draw_button(button: Button, tag: str | None) -> Payload | None:
    label = markup.clip(markup.clean(button.label).strip(), limits.LIMITS.label) or "…"
    if isinstance(button.target, str):
        if len(button.target) > limits.BUTTON_URL:
            return None
        return {"type": 2, "style": _LINK, "label": label, "url": button.target}
    custom_id = button.target.pack() + (f"~{tag}" if tag else "")
    if len(custom_id) > limits.CUSTOM_ID:
        log.error("a button of %s is too long and was left out", button.target.name)
        return None
    return {"type": 2, "style": _STYLES[button.style], "label": label, "custom_id": custom_id}


def read_button(custom_id: str) -> tuple[Call, str | None]:
    """Return the Call and the post's tag of a clicked button; raise ValueError if its id cannot be read."""
    packed, tilde, tag = custom_id.rpartition("~")
    if tilde and len(tag) == TAG_LENGTH:
        return Call.unpack(packed), tag
    return Call.unpack(custom_id), None


def hidden(payload: Payload) -> Payload:
    """Return the body of a message that only the caller sees."""
    return {**payload, "flags": HIDDEN}
