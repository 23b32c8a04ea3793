"""Draw a Reply's small Markdown as Slack's mrkdwn, and escape everything else. Pure."""

from __future__ import annotations

import re
from typing import assert_never

from bot.messages import markup
from bot.platforms.slack import limits

PREFIX = "/study "

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
    "countdown": "{date_long_pretty} at {time}",
    "day": "{date_short_pretty}",
    "time": "{time}",
}


def escaped(text: str) -> str:
    """Return text in which Slack finds no mention, link or date."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def paragraphs(markdown: str, *, pings: bool = False, limit: int = limits.LIMITS.text, lead: str = "") -> list[str]:
    """Return small Markdown as mrkdwn, in pieces of at most `limit` characters, split between lines or words.

    Args:
        lead: stands before each line, such as "> ".
    """
    pieces, piece = [], ""
    for line in markup.parse(markdown):
        atoms = _split_line(line, pings, lead)
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


def _escape_literal(text: str) -> str:
    """Return text that Slack shows unchanged: no mention, link or accidental bold."""
    return escaped(unnoticed(_MARKER.sub(rf"\1{_BREAK}", text)))


def unnoticed(text: str) -> str:
    """Return text in which @everyone, @here and @channel notify nobody in any client."""
    return _CALLS_ALL.sub("@" + _BREAK, text)


def inert(text: str) -> str:
    """Return text for plain-text objects, without mentions or links even if Slack read it as mrkdwn."""
    return unnoticed(text).replace("<", f"<{_BREAK}")


def _split_line(line: markup.Line, pings: bool, lead: str) -> list[str]:
    first = lead + ("• " if line.is_bullet else "")
    atoms = [first] if first else []
    for span in line.spans:
        drawn = _draw_span(span, pings)
        if len(drawn) > 400 and not isinstance(span, markup.Plain):
            drawn = _escape_literal(markup.flat((span,), prefix=PREFIX))
        if isinstance(span, markup.Plain) or len(drawn) > 400:
            atoms += [part for word in re.findall(r"\S+\s*|\s+", drawn) for part in _ATOM.findall(word)]
        else:
            atoms.append(drawn)
    if atoms and atoms[0].startswith("&gt;"):
        atoms[0] = _BREAK + atoms[0]
    return atoms


def _draw_span(span: markup.Span, pings: bool) -> str:
    match span:
        case markup.Plain(text):
            return _escape_literal(text)
        case markup.Code(text):
            return f"`{escaped(unnoticed(text))}`"
        case markup.Styled(style, inner):
            mark = "*" if style == "bold" else "_"
            content = "".join(_draw_span(child, pings) for child in inner).strip()
            return f"{mark}{content}{mark}" if content else ""
        case markup.Link(label, url):
            return f"<{_escape_url(url)}|{escaped(unnoticed(label)).replace('|', '¦')}>"
        case markup.Moment():
            fallback = escaped(span.text()).replace("|", " ")
            return f"<!date^{int(span.at.timestamp())}^{_DATES[span.style]}|{fallback}>"
        case markup.Name(_, fallback):
            return _escape_literal(fallback)
        case markup.Ping(account_id, fallback):
            return (_draw_mention(account_id) if pings else "") or _escape_literal(fallback)
        case markup.Room(room_id, fallback):
            return f"<#{room_id}>" if is_channel(room_id) else _escape_literal(fallback)
        case markup.TypedCommand(command):
            return f"`{escaped((PREFIX + command).replace('`', ''))}`"
        case _:
            assert_never(span)


def _draw_mention(account_id: str) -> str:
    """Return the mention of a person or user group; "" if the id is neither."""
    if _ACCOUNT.fullmatch(account_id):
        return f"<@{account_id}>"
    return f"<!subteam^{group[1]}>" if (group := _GROUP.fullmatch(account_id)) else ""


def _escape_url(url: str) -> str:
    return url.replace("&", "&amp;").replace("<", "%3C").replace(">", "%3E").replace("|", "%7C")


def is_account(text: str) -> bool:
    """Whether a text can be a person's id."""
    return _ACCOUNT.fullmatch(text) is not None


def is_channel(text: str) -> bool:
    """Whether a text can be a channel's id."""
    return _CHANNEL.fullmatch(text) is not None
