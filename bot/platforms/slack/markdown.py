"""The small Markdown of a Reply as Slack's mrkdwn, with everything else escaped. Pure."""

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
    "countdown": "{date_short_pretty} at {time}",
    "day": "{date_short_pretty}",
    "time": "{time}",
}


def escaped(text: str) -> str:
    """Return text in which nothing is a mention, a link or a date to Slack."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def paragraphs(markdown: str, *, pings: bool = False, limit: int = limits.LIMITS.text, lead: str = "") -> list[str]:
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


def _literal(text: str) -> str:
    """Return plain text that Slack shows as it stands: no mention, no link, no accidental bold."""
    return escaped(unnoticed(_MARKER.sub(rf"\1{_BREAK}", text)))


def unnoticed(text: str) -> str:
    """Return text in which the words that call a whole channel are none, however a client reads them."""
    return _CALLS_ALL.sub("@" + _BREAK, text)


def inert(text: str) -> str:
    """Return text for where Slack reads no mrkdwn, in which it would find no mention or link if it did."""
    return unnoticed(text).replace("<", f"<{_BREAK}")


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
            return f"`{escaped(unnoticed(text))}`"
        case markup.Styled(style, inner):
            mark = "*" if style == "bold" else "_"
            said = "".join(_span(one, pings) for one in inner).strip()
            return f"{mark}{said}{mark}" if said else ""
        case markup.Link(label, url):
            return f"<{_url(url)}|{escaped(unnoticed(label)).replace('|', '¦')}>"
        case markup.Moment():
            fallback = escaped(span.text()).replace("|", " ")
            return f"<!date^{int(span.at.timestamp())}^{_DATES[span.style]}|{fallback}>"
        case markup.Name(_, fallback):
            return _literal(fallback)
        case markup.Ping(account_id, fallback):
            return (_mention(account_id) if pings else "") or _literal(fallback)
        case markup.Room(room_id, fallback):
            return f"<#{room_id}>" if is_channel(room_id) else _literal(fallback)
        case markup.TypedCommand(command):
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


def is_account(text: str) -> bool:
    """Whether a text can be a person's id."""
    return _ACCOUNT.fullmatch(text) is not None


def is_channel(text: str) -> bool:
    """Whether a text can be a channel's id."""
    return _CHANNEL.fullmatch(text) is not None
