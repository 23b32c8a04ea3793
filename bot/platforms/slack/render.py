"""A Reply as a Slack message: Block Kit blocks and the text that notifications show. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, assert_never

from bot.core import markup
from bot.core.call import Call
from bot.core.platform import Limits
from bot.core.reply import Block, Button, Fields, Quote, Reply, Table, Text, monospace

PREFIX = "/study "

LIMITS = Limits(text=3000, buttons=25, label=75, choices=100, form_fields=100, field_label=2000, form_title=24)
"""Source: https://docs.slack.dev/reference/block-kit/blocks and /block-elements, November 2026."""

MOST_BLOCKS, HEADER, FIELD, FIELDS, A_ROW = 50, 150, 2000, 10, 5
MESSAGE = 10_000
"""Characters of all blocks. Source: https://github.com/slackapi/bolt-js/issues/2509 (12,000 "with a buffer for block
containers"; chat.postMessage refuses more with msg_blocks_too_long)."""
WIDE = 72
"""Columns of a table beyond which its lines would wrap; wider ones become lists."""

_CUT = "_The rest does not fit into one Slack message._"
_BREAK = "\u200b"
_MARKER = re.compile(r"(?<!\w)([*_~`])(?=\S)")
_CALLS_ALL = re.compile(r"@(?=everyone|here|channel)", re.IGNORECASE)
_ATOM = re.compile(r"(?:&\w{2,4};|.){1,50}", re.DOTALL)
_ACCOUNT = re.compile(r"[UW][A-Z0-9]{2,}")
_CHANNEL = re.compile(r"[CG][A-Z0-9]{2,}")
_GROUP = re.compile(r"role:(S[A-Z0-9]{2,})")
_DATES = {
    "full": "{date_short_pretty} at {time}",
    "relative": "{date_short_pretty} at {time}",
    "countdown": "{date_short_pretty} at {time}",
    "day": "{date_short_pretty}",
    "time": "{time}",
}


@dataclass(frozen=True)
class Message:
    """What a Slack message is made of."""

    text: str
    blocks: list[dict[str, Any]]


def render(reply: Reply, *, tag: str = "", pings: bool = False) -> Message:
    """Draw a reply.

    Args:
        tag: of an outbox post; its buttons carry it.
        pings: whether Ping tokens notify; in answers they never do.
    """
    body = _title(reply.title, pings)
    for block in reply.blocks:
        body += _draw(block, pings)
    rows = _buttons(reply.buttons, tag)
    return Message(notification(reply), _fit(body, MOST_BLOCKS - len(rows)) + rows)


def notification(reply: Reply) -> str:
    """Return the text form, escaped and bounded: what notifications and screen readers say."""
    return _bounded(markup.clip(_unnoticed(reply.plain(prefix=PREFIX)), LIMITS.text)) or "Done."


def escaped(text: str) -> str:
    """Return text in which nothing is a mention, a link or a date to Slack."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def section(mrkdwn: str) -> dict[str, Any]:
    """Return a section block; `verbatim` keeps Slack from turning plain words into mentions or links."""
    return {"type": "section", "text": _mrkdwn(mrkdwn)}


def words(text: str, limit: int) -> dict[str, Any]:
    """Return a plain-text object."""
    return {"type": "plain_text", "text": markup.clip(markup.clean(text), limit) or " ", "emoji": False}


def paragraphs(markdown: str, *, pings: bool = False, limit: int = LIMITS.text, lead: str = "") -> list[str]:
    """Return small Markdown as mrkdwn, in pieces of at most `limit` characters cut at a line or word.

    Args:
        lead: stands before each line, such as "> ".
    """
    pieces, piece = [], ""
    for line in markup.parse(markdown):
        atoms = _atoms(line, pings, lead)
        length = sum(map(len, atoms))
        joint = "\n" if piece else ""
        if len(piece) + len(joint) + length <= limit:
            piece += joint + "".join(atoms)
            continue
        pieces.append(piece)
        piece = ""
        for atom in atoms:
            if len(piece) + len(atom) > limit:
                pieces.append(piece)
                piece = lead
            piece += atom
    return [p for p in (*pieces, piece) if p.strip()]


def _bounded(text: str) -> str:
    out = escaped(text)
    while len(out) > LIMITS.text:
        text = markup.clip(text, len(text) - (len(out) - LIMITS.text) // 5 - 1)
        out = escaped(text)
    return out


def _mrkdwn(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _literal(text: str) -> str:
    """Return plain text that Slack shows as it stands: no mention, no link, no accidental bold."""
    return escaped(_unnoticed(_MARKER.sub(rf"\1{_BREAK}", text)))


def _unnoticed(text: str) -> str:
    """Return text in which the words that call a whole channel are none, however a client reads them."""
    return _CALLS_ALL.sub("@" + _BREAK, text)


def _atoms(line: markup.Line, pings: bool, lead: str) -> list[str]:
    first = lead + ("• " if line.is_bullet else "")
    atoms = [first] if first else []
    for span in line.spans:
        drawn = _span(span, pings)
        if len(drawn) > 400 and not isinstance(span, markup.Plain):
            drawn = _literal(markup.flat((span,), prefix=PREFIX))
        if isinstance(span, markup.Plain) or len(drawn) > 400:
            atoms += [part for word in re.findall(r"\S+\s*|\s+", drawn) for part in _ATOM.findall(word)]
        else:
            atoms.append(drawn)
    if atoms and atoms[0].startswith("&gt;"):
        atoms[0] = _BREAK + atoms[0]
    return atoms


def _span(span: markup.Span, pings: bool) -> str:
    match span:
        case markup.Plain(text):
            return _literal(text)
        case markup.Code(text):
            return f"`{escaped(_unnoticed(text))}`"
        case markup.Styled(style, inner):
            mark = "*" if style == "bold" else "_"
            said = "".join(_span(one, pings) for one in inner).strip()
            return f"{mark}{said}{mark}" if said else ""
        case markup.Link(label, url):
            return f"<{_url(url)}|{escaped(_unnoticed(label)).replace('|', '¦')}>"
        case markup.Moment():
            fallback = escaped(span.text()).replace("|", " ")
            return f"<!date^{int(span.at.timestamp())}^{_DATES[span.style]}|{fallback}>"
        case markup.Name(_, fallback):
            return _literal(fallback)
        case markup.Ping(account_id, fallback):
            return (_mention(account_id) if pings else "") or _literal(fallback)
        case markup.Room(room_id, fallback):
            return f"<#{room_id}>" if _CHANNEL.fullmatch(room_id) else _literal(fallback)
        case markup.Typed(command):
            return f"`{escaped((PREFIX + command).replace('`', ''))}`"
        case _:
            assert_never(span)


def _mention(account_id: str) -> str:
    """Return what notifies a person or a user group; empty for what is neither to Slack."""
    if _ACCOUNT.fullmatch(account_id):
        return f"<@{account_id}>"
    return f"<!subteam^{group[1]}>" if (group := _GROUP.fullmatch(account_id)) else ""


def _url(url: str) -> str:
    return url.replace("&", "&amp;").replace("<", "%3C").replace(">", "%3E").replace("|", "%7C")


def _title(title: str, pings: bool) -> list[dict[str, Any]]:
    if not title.strip():
        return []
    spans = markup.inline(title.replace("\n", " "))
    said = markup.flat(spans, prefix=PREFIX)
    if len(said) <= HEADER and all(isinstance(s, markup.Plain | markup.Styled) for s in spans):
        return [{"type": "header", "text": words(said, HEADER)}]
    return [section(f"*{part}*" if "*" not in part else part) for part in paragraphs(title, pings=pings, limit=2990)]


def _draw(block: Block, pings: bool) -> list[dict[str, Any]]:
    match block:
        case Text(markdown):
            return [section(part) for part in paragraphs(markdown, pings=pings)]
        case Fields(rows):
            fields = [_mrkdwn(_field(label, value, pings)) for label, value in rows]
            return [{"type": "section", "fields": fields[i : i + FIELDS]} for i in range(0, len(fields), FIELDS)]
        case Table():
            return _table(block)
        case Quote(markdown):
            return [section(part) for part in paragraphs(markdown, pings=pings, lead="> ")]
        case _:
            assert_never(block)


def _field(label: str, value: str, pings: bool) -> str:
    head = "".join(paragraphs(label, limit=300)[:1])
    room = FIELD - len(head) - 5
    parts = paragraphs(value, pings=pings, limit=room) or ["–"]
    return f"*{head}*\n{parts[0]}" + ("…" if len(parts) > 1 else "")


def _table(table: Table) -> list[dict[str, Any]]:
    lines = monospace(table)
    if max(map(len, lines)) > WIDE:
        listed = (_listed(table.head, row) for row in table.rows)
        return [section(part) for part in paragraphs("\n".join(listed))]
    out, chunk = [], ""
    for line in lines:
        if len(chunk) + len(line) >= LIMITS.text:
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


def _buttons(buttons: tuple[Button, ...], tag: str) -> list[dict[str, Any]]:
    drawn = [_button(i, button, tag) for i, button in enumerate(buttons[: LIMITS.buttons])]
    return [{"type": "actions", "elements": drawn[i : i + A_ROW]} for i in range(0, len(drawn), A_ROW)]


def _button(index: int, button: Button, tag: str) -> dict[str, Any]:
    drawn: dict[str, Any] = {
        "type": "button",
        "action_id": f"b{index}~{tag}" if tag else f"b{index}",
        "text": words(button.label, LIMITS.label) | {"emoji": True},
    }
    if isinstance(button.target, Call):
        drawn["value"] = button.target.pack()
    else:
        drawn["url"] = button.target[:3000]
    if button.style != "plain":
        drawn["style"] = button.style
    return drawn


def _fit(body: list[dict[str, Any]], most: int) -> list[dict[str, Any]]:
    """Return the blocks that one message holds, with a line that says so where some were left off."""
    kept: list[dict[str, Any]] = []
    used = 0
    for block in body:
        used += _size(block)
        if len(kept) == most or used > MESSAGE:
            return [*kept[: most - 1], section(_CUT)]
        kept.append(block)
    return kept


def _size(part: object) -> int:
    if isinstance(part, dict):
        return sum(len(v) if k == "text" and isinstance(v, str) else _size(v) for k, v in part.items())
    return sum(map(_size, part)) if isinstance(part, list) else 0
