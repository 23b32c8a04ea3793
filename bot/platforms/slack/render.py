"""A Reply as a Slack message: Block Kit blocks and the text that notifications show. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, assert_never

from bot.messages import markup
from bot.messages.call import Call
from bot.messages.reply import (
    Actions,
    Block,
    Button,
    Fields,
    File,
    Happening,
    Image,
    Listing,
    Quote,
    Reply,
    Table,
    Text,
    monospace,
)
from bot.platforms.slack import limits
from bot.platforms.slack.markdown import PREFIX, escaped, inert, paragraphs, unnoticed

_CUT = "_The rest does not fit into one Slack message._"


@dataclass(frozen=True)
class SlackMessage:
    """What a Slack message is made of; `bare` is the same one without pictures and tables, where it has some."""

    text: str
    blocks: list[dict[str, Any]]
    bare: SlackMessage | None = None


def render(
    reply: Reply,
    *,
    tag: str = "",
    pings: bool = False,
    files: Mapping[Image, str] = MappingProxyType({}),
    has_tables: bool = True,
) -> SlackMessage:
    """Draw a reply.

    Args:
        tag: of an outbox post; its buttons carry it.
        pings: whether Ping tokens notify; in answers they never do.
        files: Slack's ids of the pictures that are shown; of any other stands its text.
        has_tables: whether the first table may be one to Slack too, which takes one in a message and none elsewhere.
    """
    body = _body(reply, tag=tag, pings=pings, files=files, has_tables=has_tables)
    has_table = any(block["type"] == "table" for block in body)
    bare = render(reply, tag=tag, pings=pings, has_tables=False) if files or has_table else None
    rows = _buttons(reply.buttons, tag, len(reply.all_buttons) - len(reply.buttons))
    return SlackMessage(notification(reply), _fit(body, limits.BLOCKS - len(rows)) + rows, bare)


def fits(reply: Reply) -> bool:
    """Whether one message shows the whole of a reply, also where words stand for its pictures and tables.

    A private answer has a button more if it has a picture.
    """
    more = any(isinstance(block, Image) for block in reply.blocks)
    if len(reply.all_buttons) + more > limits.LIMITS.buttons:
        return False
    bodies = [_body(reply, has_tables=has_tables) for has_tables in (True, False)]
    rows = -(-(len(reply.buttons) + more) // limits.ROW)
    return all(len(body) + rows <= limits.BLOCKS and sum(map(_size, body)) <= limits.MESSAGE for body in bodies)


def _body(
    reply: Reply,
    *,
    tag: str = "",
    pings: bool = False,
    files: Mapping[Image, str] = MappingProxyType({}),
    has_tables: bool = True,
) -> list[dict[str, Any]]:
    """Return the blocks of a reply, none of them left off, without the buttons at its end."""
    body = _title(reply.title, pings)
    may_have, drawn = has_tables, 0
    told = (block.words if isinstance(block, Image) and block not in files else block for block in reply.blocks)
    for block in told:
        if isinstance(block, Image):
            body.append(_image(block, files[block]))
        elif isinstance(block, Table) and may_have and _is_small(block):
            body.append(_native(block))
            may_have = False
        elif isinstance(block, Actions):
            body += _buttons(block.buttons, tag, drawn)
            drawn += len(block.buttons)
        else:
            body += _draw(block, pings)
    return body


def notification(reply: Reply) -> str:
    """Return the text form, escaped and bounded: what notifications and screen readers say."""
    return _bounded(markup.clip(unnoticed(reply.plain(prefix=PREFIX)), limits.LIMITS.text)) or "Done."


def section(mrkdwn: str) -> dict[str, Any]:
    """Return a section block, shown whole; `verbatim` keeps Slack from turning plain words into mentions or links."""
    return {"type": "section", "text": _mrkdwn(mrkdwn), "expand": True}


def words(text: str, limit: int) -> dict[str, Any]:
    """Return a plain-text object, in which Slack shows backticks as they stand, so they are left out."""
    plain = markup.clean(text).replace("`", "")
    return {"type": "plain_text", "text": markup.clip(plain, limit) or " ", "emoji": False}


def _bounded(text: str) -> str:
    out = escaped(text)
    while len(out) > limits.LIMITS.text:
        text = markup.clip(text, len(text) - (len(out) - limits.LIMITS.text) // 5 - 1)
        out = escaped(text)
    return out


def _mrkdwn(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _title(title: str, pings: bool) -> list[dict[str, Any]]:
    if not title.strip():
        return []
    spans = markup.inline(title.replace("\n", " "))
    said = markup.flat(spans, prefix=PREFIX)
    if len(said) <= limits.HEADER and all(isinstance(s, markup.Plain | markup.Styled) for s in spans):
        return [{"type": "header", "text": words(said, limits.HEADER)}]
    return [section(f"*{part}*" if "*" not in part else part) for part in paragraphs(title, pings=pings, limit=2990)]


def _draw(block: Block, pings: bool) -> list[dict[str, Any]]:
    match block:
        case Text(markdown):
            return [section(part) for part in paragraphs(markdown, pings=pings)]
        case Fields(rows):
            return _fields(rows, pings)
        case Table():
            return _table(block)
        case Quote(markdown):
            return [section(part) for part in paragraphs(markdown, pings=pings, lead="> ")]
        case Listing(code):
            return _monospaced(markup.clean(code).split("\n"))
        case File():
            return _monospaced(block.listing.split("\n"))
        case Image():
            return _draw(block.words, pings=False)
        case Happening():
            return [section(part) for part in paragraphs(block.text)]
        case Actions():
            return []
        case _:
            assert_never(block)


def _image(image: Image, file: str) -> dict[str, Any]:
    alt = markup.clip(markup.clean(image.alt), limits.ALT) or "A picture"
    return {"type": "image", "slack_file": {"id": file}, "alt_text": alt}


def _fields(rows: Iterable[tuple[str, str]], pings: bool) -> list[dict[str, Any]]:
    """Return rows of fields; one that is too long for that has sections of its own."""
    drawn: list[dict[str, Any]] = []
    for label, value in rows:
        head = f"*{''.join(paragraphs(label, limit=300)[:1])}*"
        first, *more = paragraphs(value, pings=pings, limit=limits.FIELD - len(head) - 1) or ["–"]
        if more:
            drawn += [section(f"{head}\n{first}"), *map(section, more)]
            continue
        if not drawn or len(drawn[-1].get("fields", ())) not in range(1, limits.FIELDS):
            drawn.append({"type": "section", "fields": []})
        drawn[-1]["fields"].append(_mrkdwn(f"{head}\n{first}"))
    return drawn


def _is_small(table: Table) -> bool:
    cells = [cell for row in (table.head, *table.rows) for cell in row]
    is_narrow = 0 < len(table.head) <= limits.TABLE_COLUMNS and len(table.rows) < limits.TABLE_ROWS
    return is_narrow and sum(map(len, cells)) <= limits.TABLE


def _native(table: Table) -> dict[str, Any]:
    """Return a table as Slack's own block, which takes no empty cell."""
    rows = [[{"type": "raw_text", "text": inert(cell) or "–"} for cell in row] for row in (table.head, *table.rows)]
    columns = range(len(table.head))
    settings = [{"align": "right" if i in table.right else "left", "is_wrapped": i not in table.right} for i in columns]
    return {"type": "table", "rows": rows, "column_settings": settings}


def _table(table: Table) -> list[dict[str, Any]]:
    lines = monospace(table)
    if max(map(len, lines)) > limits.COLUMNS:
        listed = (_listed(table.head, row) for row in table.rows)
        return [section(part) for part in paragraphs("\n".join(listed))]
    return _monospaced(lines)


def _monospaced(lines: list[str]) -> list[dict[str, Any]]:
    out, chunk = [], ""
    for line in lines:
        if len(chunk) + len(line) >= limits.LIMITS.text:
            out.append(_preformatted(chunk))
            chunk = ""
        chunk += f"\n{line}" if chunk else line
    return [*out, _preformatted(chunk)]


def _listed(head: tuple[str, ...], row: tuple[str, ...]) -> str:
    """Return a row as one line of small Markdown, for tables wider than a screen."""
    rest = " · ".join(
        f"{markup.escape(h)} {markup.escape(c)}".strip() for h, c in zip(head[1:], row[1:], strict=True) if c
    )
    return f"- **{markup.escape(row[0]) or '–'}** {rest}"


def _preformatted(text: str) -> dict[str, Any]:
    inner = {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": text or " "}]}
    return {"type": "rich_text", "elements": [inner]}


def _buttons(buttons: tuple[Button, ...], tag: str, first: int = 0) -> list[dict[str, Any]]:
    """Return rows of buttons.

    Args:
        first: how many buttons the message has above them, so that each has an id of its own.
    """
    drawn = [_button(i, button, tag) for i, button in enumerate(buttons[: limits.LIMITS.buttons], first)]
    return [{"type": "actions", "elements": drawn[i : i + limits.ROW]} for i in range(0, len(drawn), limits.ROW)]


def _button(index: int, button: Button, tag: str) -> dict[str, Any]:
    drawn: dict[str, Any] = {
        "type": "button",
        "action_id": f"b{index}~{tag}" if tag else f"b{index}",
        "text": words(button.label, limits.LIMITS.label) | {"emoji": True},
    }
    if isinstance(button.target, Call):
        drawn["value"] = button.target.pack()
    else:
        drawn["url"] = button.target[: limits.BUTTON_URL]
    if button.style != "plain":
        drawn["style"] = button.style
    return drawn


def _fit(body: list[dict[str, Any]], most: int) -> list[dict[str, Any]]:
    """Return the blocks that one message holds, with a line that says so where some were left off."""
    kept: list[dict[str, Any]] = []
    used = 0
    for block in body:
        used += _size(block)
        if len(kept) == most or used > limits.MESSAGE:
            return [*kept[: most - 1], section(_CUT)]
        kept.append(block)
    return kept


def _size(part: object) -> int:
    if isinstance(part, dict):
        return sum(len(v) if k == "text" and isinstance(v, str) else _size(v) for k, v in part.items())
    return sum(map(_size, part)) if isinstance(part, list) else 0
