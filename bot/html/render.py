"""Render HTML: a Reply, a page that is the same for everybody, and the static files that all pages share.

Everything passes through Markup.format, which escapes; nothing is marked safe by hand.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import assert_never
from urllib.parse import urlsplit

from markupsafe import Markup

from bot.messages import markup
from bot.messages.call import Call
from bot.messages.markup import (
    Code,
    Line,
    Link,
    Moment,
    MomentStyle,
    Name,
    Ping,
    Plain,
    Room,
    Span,
    Styled,
    TypedCommand,
)
from bot.messages.picture import address
from bot.messages.reply import (
    Actions,
    Block,
    Button,
    Choices,
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
)

LABEL = 80
"""Characters of a button."""

ACCENTS = 6
"""Colours that the page's sheets name for accents; what lies beyond begins anew."""

_EMPTY = Markup("")


def card(reply: Reply, zone: str | None = None) -> Markup:
    """Return the whole message.

    Args:
        zone: IANA name for the text of instants; the page's script shows them in the browser's own zone.
    """
    title = Markup('<h3 class="title">{}</h3>').format(line(reply.title, zone)) if reply.title else _EMPTY
    picks, rest = split_picks(reply)
    blocks = _join(
        draw_choices(b, picks, _draw_choice, zone) if isinstance(b, Choices) else block(b, zone) for b in rest.blocks
    )
    look = reply.tone if reply.accent is None else f"{reply.tone} accent-{reply.accent % ACCENTS}"
    return Markup('<div class="card {}">{}{}{}</div>').format(look, title, blocks, buttons(rest.buttons))


def block(part: Block, zone: str | None = None, *, live: bool = True) -> Markup:
    """Return one block.

    Args:
        live: whether a script can insert typed commands into a line; else they are only shown.
    """
    match part:
        case Text(text):
            return markdown(text, zone, live=live)
        case Subtext(text):
            return Markup('<div class="subtext">{}</div>').format(markdown(text, zone, live=live))
        case Divider():
            return Markup("<hr>")
        case EventBlock():
            return markdown(part.text, zone, live=live)
        case Fields(rows):
            pairs = (
                Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(
                    line(label, zone, live=live), markdown(value, zone, live=live)
                )
                for label, value in rows
            )
            return Markup('<dl class="fields">{}</dl>').format(_join(pairs))
        case Table():
            return _draw_table(part)
        case Quote(text):
            return Markup("<blockquote>{}</blockquote>").format(markdown(text, zone, live=live))
        case Listing(code):
            return Markup('<pre tabindex="0"><code>{}</code></pre>').format(markup.clean(code))
        case File():
            return _draw_file(part)
        case Image():
            return figure(part)
        case Actions(some):
            return buttons(some)
        case _:
            assert_never(part)


def split_picks(reply: Reply) -> tuple[dict[Call, Button], Reply]:
    """Return the buttons that choose one of the reply's choices, by their Calls, and the reply without them."""
    calls = {option.call for b in reply.blocks if isinstance(b, Choices) for option in b.options}
    picks = {b.target: b for b in reply.all_buttons if isinstance(b.target, Call) and b.target in calls}
    return picks, reply.filter_buttons(lambda button: button not in picks.values())


def draw_choices(
    block: Choices, picks: Mapping[Call, Button], draw: Callable[[Button, Markup, str], Markup], zone: str | None = None
) -> Markup:
    """Return the choices of a question: each the button that chooses it, or a line with its mark.

    Args:
        draw: draws a button with this content and class.
    """
    if not block.options:
        return markdown(block.markdown, zone, live=False)
    signs = {"right": "✓", "wrong": "✗"}
    items = []
    for option in block.options:
        words = line(option.markdown, zone, live=False)
        content = Markup('<span class="letter">{}</span> <span>{}</span>').format(
            signs.get(option.mark, option.letter), words
        )
        look = f"choice is-{option.mark}" if option.mark else "choice"
        if option.call is not None and (button := picks.get(option.call)) is not None:
            items.append(draw(button, content, look))
        else:
            said = {"right": "Right: ", "wrong": "Wrong: "}.get(option.mark, "")
            heard = Markup('<span class="hidden">{}</span>').format(said) if said else _EMPTY
            items.append(Markup('<div class="{}">{}{}</div>').format(look, heard, content))
    listed = _join(Markup("<li>{}</li>").format(item) for item in items)
    return Markup('<ul class="choices">{}</ul>').format(listed)


def _draw_choice(button: Button, content: Markup, look: str) -> Markup:
    assert not isinstance(button.target, str)
    return Markup('<button type="button" class="button {}" data-call="{}">{}</button>').format(
        look, button.target.pack(), content
    )


def figure(image: Image, under: str = "") -> Markup:
    """Return a picture that opens by itself; `under` is the path below which pictures are."""
    source = under + address(image)
    return Markup(
        '<a class="figure" href="{}" target="_blank" rel="noopener"><img src="{}" alt="{}" loading="lazy"></a>'
    ).format(source, source, markup.clean(image.alt))


def markdown(text: str, zone: str | None = None, *, live: bool = True) -> Markup:
    """Return paragraphs and lists of small Markdown."""
    out: list[Markup] = []
    group: list[Line] = []

    def put(parsed: Line) -> Markup:
        return spans(parsed.spans, zone, live=live)

    def close() -> None:
        if group and group[0].is_bullet:
            out.append(Markup("<ul>{}</ul>").format(_join(Markup("<li>{}</li>").format(put(g)) for g in group)))
        elif group:
            out.append(Markup("<p>{}</p>").format(Markup("<br>").join(put(g) for g in group)))
        group.clear()

    for parsed in markup.parse(text):
        if not parsed.spans or (group and group[0].is_bullet != parsed.is_bullet):
            close()
        if parsed.spans:
            group.append(parsed)
    close()
    return _join(out)


def line(text: str, zone: str | None = None, *, live: bool = True) -> Markup:
    """Return one line of small Markdown, without a paragraph around it."""
    return spans(markup.inline(text), zone, live=live)


def spans(some: Iterable[Span], zone: str | None = None, *, live: bool = True) -> Markup:
    """Return the spans of a line."""
    return _join(_draw_span(s, zone, live) for s in some)


def moment(at: datetime, style: MomentStyle, zone: str | None = None) -> Markup:
    """Return an instant with its text in `zone`; the page's script puts the browser's own in its place."""
    words = Moment(at, style, "UTC").text(zone)
    stamp = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return Markup('<time datetime="{}" data-style="{}">{}</time>').format(stamp, style, words)


def buttons(some: tuple[Button, ...]) -> Markup:
    """Return a row of buttons, without those whose address is not a web address."""
    drawn = [b for button in some if (b := _draw_button(button))]
    return Markup('<div class="buttons">{}</div>').format(_join(drawn)) if drawn else _EMPTY


def _draw_button(button: Button) -> Markup:
    label = markup.clip(markup.clean(button.label), LABEL)
    if isinstance(button.target, str):
        if not is_web(button.target):
            return _EMPTY
        return Markup(
            '<a class="button {}" href="{}" target="_blank" rel="noopener noreferrer nofollow">{}'
            '<span class="out" aria-hidden="true">↗</span></a>'
        ).format(button.style, button.target, label)
    return Markup('<button type="button" class="button {}" data-call="{}">{}</button>').format(
        button.style, button.target.pack(), label
    )


def is_web(url: str) -> bool:
    """Whether the address is http or https: anything else, such as javascript:, is never made a link."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc)


def _draw_span(span: Span, zone: str | None, live: bool) -> Markup:
    match span:
        case Plain(text):
            return Markup("{}").format(text)
        case Code(text):
            return Markup("<code>{}</code>").format(text)
        case Styled("bold", inner):
            return Markup("<strong>{}</strong>").format(spans(inner, zone, live=live))
        case Styled(_, inner):
            return Markup("<em>{}</em>").format(spans(inner, zone, live=live))
        case Link(label, url):
            if not is_web(url):
                return Markup("{}").format(label)
            return Markup('<a href="{}" target="_blank" rel="noopener noreferrer nofollow">{}</a>').format(url, label)
        case Moment(at, style, named):
            return moment(at, style, zone or named)
        case Name(_, fallback):
            return Markup('<span class="name">{}</span>').format(fallback)
        case Ping(who, fallback):
            return Markup('<span class="name ping" data-who="{}">@{}</span>').format(who, fallback)
        case Room(_, fallback):
            return Markup('<span class="name">{}</span>').format(fallback)
        case TypedCommand(command) if not live:
            return Markup('<code class="typed">{}</code>').format(command)
        case TypedCommand(command):
            return Markup(
                '<button type="button" class="typed" data-line="{}" title="Put this into the line">{}</button>'
            ).format(command, command)
        case _:
            assert_never(span)


def _draw_file(file: File) -> Markup:
    """Return a link that saves a file; the page already contains the file."""
    media = file.media if file.is_packed else f"{file.media};charset=utf-8"
    return Markup('<a class="button" download="{}" href="data:{};base64,{}">{}</a>').format(
        file.name, media, b64encode(file.data).decode(), f"Save {file.name}"
    )


def _draw_table(table: Table) -> Markup:
    def side(i: int) -> str:
        return "number" if i in table.right else "words"

    heading, corner = Markup('<th scope="col" class="{}">{}</th>'), Markup('<td class="{}">{}</td>')
    head = _join((heading if c.strip() else corner).format(side(i), c) for i, c in enumerate(table.head))
    rows = _join(
        Markup("<tr>{}</tr>").format(
            _join(Markup('<td class="{}">{}</td>').format(side(i), c) for i, c in enumerate(row))
        )
        for row in table.rows
    )
    return Markup(
        '<div class="table" role="group" aria-label="Table" tabindex="0"><table><thead><tr>{}</tr></thead>'
        "<tbody>{}</tbody></table></div>"
    ).format(head, rows)


def _join(parts: Iterable[Markup]) -> Markup:
    return _EMPTY.join(parts)


STATIC = Path(__file__).parent / "static"


def files(*folders: Path) -> dict[str, Path]:
    """Return what a page may ask for by its name: what all pages share, and its own."""
    return {path.name: path for folder in (STATIC, *folders) for path in folder.iterdir()}


_PAGE = Markup(
    '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    '<meta name="color-scheme" content="light dark">\n<title>{}</title>\n{}\n</head>\n'
    '<body class="document">\n<main>\n<h1>{}</h1>\n{}\n</main>\n</body>\n</html>\n'
)


def render_document(title: str, body: Markup, styles: Iterable[str] = ()) -> str:
    """Return the whole page.

    Args:
        styles: addresses of the sheets that it is drawn with.
    """
    links = Markup("\n").join(Markup('<link rel="stylesheet" href="{}">').format(style) for style in styles)
    return str(_PAGE.format(title, links, title, body))
