"""Draw a Reply as a Slack message: Block Kit blocks and the text for notifications. Pure."""

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
    monospace,
)
from bot.platforms.slack import limits
from bot.platforms.slack.markdown import PREFIX, escaped, inert, paragraphs, unnoticed

_CUT = "_The rest doesn't fit into one Slack message._"


@dataclass(frozen=True)
class SlackMessage:
    """A Slack message; `bare` is the same message without pictures and tables, if it has any."""

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
        tag: the tag of an outbox post, which its buttons carry.
        pings: whether Ping tokens notify; in answers they never do.
        files: Slack's ids of uploaded pictures; any other picture is shown as text.
        has_tables: whether the first table may be a table block; Slack accepts one in a message, none elsewhere.
    """
    body = _draw_blocks(reply, tag=tag, pings=pings, files=files, has_tables=has_tables)
    has_table = any(block["type"] == "table" for block in body)
    bare = render(reply, tag=tag, pings=pings, has_tables=False) if files or has_table else None
    rows = _draw_buttons(reply.buttons, tag, len(reply.all_buttons) - len(reply.buttons))
    return SlackMessage(notification(reply), _fit(body, limits.BLOCKS - len(rows)) + rows, bare)


def fits(reply: Reply) -> bool:
    """Whether one message shows a whole reply, even if text replaces its pictures and tables.

    A private answer with a picture has an extra button.
    """
    more = any(isinstance(block, Image) for block in reply.blocks)
    if len(reply.all_buttons) + more > limits.LIMITS.buttons:
        return False
    has_table = any(isinstance(block, Table) for block in reply.blocks)
    bodies = [_draw_blocks(reply, has_tables=has_tables) for has_tables in {has_table, False}]
    rows = -(-(len(reply.buttons) + more) // limits.ROW)
    return all(
        len(body) + rows <= limits.BLOCKS and sum(map(_count_characters, body)) <= limits.MESSAGE for body in bodies
    )


def _draw_blocks(
    reply: Reply,
    *,
    tag: str = "",
    pings: bool = False,
    files: Mapping[Image, str] = MappingProxyType({}),
    has_tables: bool = True,
) -> list[dict[str, Any]]:
    """Return all blocks of a reply, without the buttons at its end."""
    body = _draw_title(reply.title, pings)
    may_have, drawn = has_tables, 0
    blocks = (block.words if isinstance(block, Image) and block not in files else block for block in reply.blocks)
    for block in blocks:
        if isinstance(block, Image):
            body.append(_draw_image(block, files[block]))
        elif isinstance(block, Table) and may_have and _is_small(block):
            body.append(_draw_native_table(block))
            may_have = False
        elif isinstance(block, Actions):
            body += _draw_buttons(block.buttons, tag, drawn)
            drawn += len(block.buttons)
        else:
            body += _draw(block, pings)
    return body


def notification(reply: Reply) -> str:
    """Return the text for notifications and screen readers, escaped and within the limit."""
    return _escape_to_limit(markup.clip(unnoticed(reply.plain(prefix=PREFIX)), limits.LIMITS.text)) or "Done."


def section(mrkdwn: str) -> dict[str, Any]:
    """Return a section block, shown in full; `verbatim` stops Slack from making mentions or links of plain words."""
    return {"type": "section", "text": _draw_text(mrkdwn), "expand": True}


def words(text: str, limit: int) -> dict[str, Any]:
    """Return a plain-text object without backticks, which Slack would show."""
    plain = markup.clean(text).replace("`", "")
    return {"type": "plain_text", "text": markup.clip(plain, limit) or " ", "emoji": False}


def _escape_to_limit(text: str) -> str:
    out = escaped(text)
    while len(out) > limits.LIMITS.text:
        text = markup.clip(text, len(text) - (len(out) - limits.LIMITS.text) // 5 - 1)
        out = escaped(text)
    return out


def _draw_text(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _draw_title(title: str, pings: bool) -> list[dict[str, Any]]:
    if not title.strip():
        return []
    spans = markup.inline(title.replace("\n", " "))
    text = markup.flat(spans, prefix=PREFIX)
    if len(text) <= limits.HEADER and all(isinstance(s, markup.Plain | markup.Styled) for s in spans):
        return [{"type": "header", "text": words(text, limits.HEADER)}]
    return [section(f"*{part}*" if "*" not in part else part) for part in paragraphs(title, pings=pings, limit=2990)]


def _draw(block: Block, pings: bool) -> list[dict[str, Any]]:
    match block:
        case Text(markdown):
            return [section(part) for part in paragraphs(markdown, pings=pings)]
        case Subtext(markdown):
            return [_draw_context(part) for part in paragraphs(markdown, pings=pings)]
        case Divider():
            return [{"type": "divider"}]
        case Fields(rows):
            return _draw_fields(rows, pings)
        case Table():
            return _draw_table(block)
        case Quote(markdown):
            return [section(part) for part in paragraphs(markdown, pings=pings, lead="> ")]
        case Listing(code):
            return _draw_monospace(markup.clean(code).split("\n"))
        case File():
            return _draw_monospace(block.listing.split("\n"))
        case Image():
            return _draw(block.words, pings=False)
        case EventBlock():
            return [section(part) for part in paragraphs(block.text)]
        case Actions():
            return []
        case _:
            assert_never(block)


def _draw_context(mrkdwn: str) -> dict[str, Any]:
    """Return a context block: small grey text."""
    return {"type": "context", "elements": [_draw_text(mrkdwn)]}


def _draw_image(image: Image, file: str) -> dict[str, Any]:
    alt = markup.clip(markup.clean(image.alt), limits.ALT) or "A picture"
    return {"type": "image", "slack_file": {"id": file}, "alt_text": alt}


def _draw_fields(rows: Iterable[tuple[str, str]], pings: bool) -> list[dict[str, Any]]:
    """Return rows of fields; a row that is too long becomes its own sections."""
    drawn: list[dict[str, Any]] = []
    for label, value in rows:
        head = f"*{''.join(paragraphs(label, limit=300)[:1])}*"
        first, *more = paragraphs(value, pings=pings, limit=limits.FIELD - len(head) - 1) or ["–"]
        if more:
            drawn += [section(f"{head}\n{first}"), *map(section, more)]
            continue
        if not drawn or len(drawn[-1].get("fields", ())) not in range(1, limits.FIELDS):
            drawn.append({"type": "section", "fields": []})
        drawn[-1]["fields"].append(_draw_text(f"{head}\n{first}"))
    return drawn


def _is_small(table: Table) -> bool:
    cells = [cell for row in (table.head, *table.rows) for cell in row]
    is_narrow = 0 < len(table.head) <= limits.TABLE_COLUMNS and len(table.rows) < limits.TABLE_ROWS
    return is_narrow and sum(map(len, cells)) <= limits.TABLE


def _draw_native_table(table: Table) -> dict[str, Any]:
    """Return a table as Slack's table block, which accepts no empty cell."""
    rows = [[{"type": "raw_text", "text": inert(cell) or "–"} for cell in row] for row in (table.head, *table.rows)]
    columns = range(len(table.head))
    settings = [{"align": "right" if i in table.right else "left", "is_wrapped": i not in table.right} for i in columns]
    return {"type": "table", "rows": rows, "column_settings": settings}


def _draw_table(table: Table) -> list[dict[str, Any]]:
    lines = monospace(table)
    if max(map(len, lines)) > limits.COLUMNS:
        listed = (_format_row(table.head, row) for row in table.rows)
        return [section(part) for part in paragraphs("\n".join(listed))]
    return _draw_monospace(lines)


def _draw_monospace(lines: list[str]) -> list[dict[str, Any]]:
    out, chunk = [], ""
    for line in lines:
        if len(chunk) + len(line) >= limits.LIMITS.text:
            out.append(_draw_preformatted(chunk))
            chunk = ""
        chunk += f"\n{line}" if chunk else line
    return [*out, _draw_preformatted(chunk)]


def _format_row(head: tuple[str, ...], row: tuple[str, ...]) -> str:
    """Return a row as a line of small Markdown, for tables wider than a screen."""
    rest = " · ".join(
        f"{markup.escape(h)} {markup.escape(c)}".strip() for h, c in zip(head[1:], row[1:], strict=True) if c
    )
    return f"- **{markup.escape(row[0]) or '–'}** {rest}"


def _draw_preformatted(text: str) -> dict[str, Any]:
    inner = {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": text or " "}]}
    return {"type": "rich_text", "elements": [inner]}


def _draw_buttons(buttons: tuple[Button, ...], tag: str, first: int = 0) -> list[dict[str, Any]]:
    """Return rows of buttons.

    Args:
        first: the number of buttons above them, so that each has a unique id.
    """
    drawn = [_draw_button(i, button, tag) for i, button in enumerate(buttons[: limits.LIMITS.buttons], first)]
    return [{"type": "actions", "elements": drawn[i : i + limits.ROW]} for i in range(0, len(drawn), limits.ROW)]


def _draw_button(index: int, button: Button, tag: str) -> dict[str, Any]:
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
    """Return the blocks that fit into one message, with a line that says so if some were left out."""
    fitting: list[dict[str, Any]] = []
    used = 0
    for block in body:
        used += _count_characters(block)
        if len(fitting) == most or used > limits.MESSAGE:
            return [*fitting[: most - 1], section(_CUT)]
        fitting.append(block)
    return fitting


def _count_characters(part: object) -> int:
    if isinstance(part, dict):
        return sum(len(v) if k == "text" and isinstance(v, str) else _count_characters(v) for k, v in part.items())
    return sum(map(_count_characters, part)) if isinstance(part, list) else 0
