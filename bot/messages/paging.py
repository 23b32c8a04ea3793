"""Split a reply that is too large for one message into pages."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TypeVar

from bot.messages.call import MORE, PACKED_MAX, Call
from bot.messages.markup import CLOSE, OPEN
from bot.messages.reply import Actions, Block, Button, Fields, Listing, Quote, Reply, Subtext, Table, Text

R = TypeVar("R")
Fits = Callable[[Reply], bool]
"""Whether one message of a platform holds the whole reply."""

ROW = 5
"""Buttons in one row, kept together if a message can't hold all."""
_SPARE = tuple(Button(label, Call("x" * (PACKED_MAX - 3), {MORE: label})) for label in ("More", "Back"))
"""Placeholders for the page buttons."""


def split_reply(reply: Reply, fits: Fits) -> tuple[Reply, ...]:
    """Split a reply into pages; a reply that fits is its only page.

    Every page has the reply's own buttons; if there are too many, they follow the last block. An indivisible block,
    such as a picture, has a page of its own.
    """
    if fits(reply):
        return (reply,)
    own, rest = reply.buttons, list(reply.blocks)

    def has_room(*blocks: Block) -> bool:
        return fits(replace(reply, blocks=blocks, buttons=(*own, *_SPARE), title=_number_title(reply.title, 99, 99)))

    if not has_room(Text("x")):
        rest += [Actions(own[i : i + ROW]) for i in range(0, len(own), ROW)]
        own = ()
    pages: list[tuple[Block, ...]] = []
    page: tuple[Block, ...] = ()
    while rest:
        block = rest.pop(0)
        below = rest[:1] if rest and isinstance(rest[0], Actions) else []
        if has_room(*page, block, *below):
            page = (*page, block)
            continue
        if page and has_room(block, *below):
            rest = [block, *rest]
        elif not has_room(*page, block) and (parts := _divide(block, partial(has_room, *page))) is not None:
            page, rest = (*page, parts[0]), [parts[1], *rest]
        elif page:
            rest = [block, *rest]
        else:
            page = (block,)
        pages.append(page)
        page = ()
    pages += [page] if page else []
    return tuple(
        replace(reply, blocks=page, buttons=own, title=_number_title(reply.title, number, len(pages)))
        for number, page in enumerate(pages, 1)
    )


def turn_to(pages: tuple[Reply, ...], number: int, call: Call) -> Reply:
    """Return one page with buttons to its neighbours; an only page is returned unchanged.

    Args:
        number: counted from 1.
    """
    turns = [("More", number + 1), ("Back", number - 1)]
    buttons = tuple(Button(label, show_page(call, to)) for label, to in turns if 1 <= to <= len(pages))
    return replace(pages[number - 1], buttons=(*pages[number - 1].buttons, *buttons))


def show_page(call: Call, page: int) -> Call:
    """Return the Call that shows a page of a Call's answer."""
    return replace(call, args={**call.args, MORE: str(page)}, ask=False)


def _number_title(title: str, number: int, count: int) -> str:
    return f"{title} ({number} of {count})" if title and number > 1 else title


def _divide(block: Block, fits: Callable[[Block], bool]) -> tuple[Block, Block] | None:
    """Split a block into the part that fits and the rest; None if nothing fits or the block is indivisible."""
    match block:
        case Text(text) | Subtext(text) | Quote(text) | Listing(text):
            parts = _divide_text(text, lambda part: fits(type(block)(part)))
            return parts and (type(block)(parts[0]), type(block)(parts[1]))
        case Fields(rows):
            if count := _count(rows, lambda rows: fits(Fields(rows))):
                return Fields(rows[:count]), Fields(rows[count:])
            label, value = rows[0]
            parts = _divide_text(value, lambda part: fits(Fields(((label, part),))))
            return parts and (Fields(((label, parts[0]),)), Fields(((label, parts[1]), *rows[1:])))
        case Table():
            count = _count(block.rows, lambda rows: fits(replace(block, rows=rows)))
            return (replace(block, rows=block.rows[:count]), replace(block, rows=block.rows[count:])) if count else None
        case Actions(buttons):
            count = _count(buttons, lambda buttons: fits(Actions(buttons)))
            return (Actions(buttons[:count]), Actions(buttons[count:])) if count else None
        case _:
            return None


def _count(rows: tuple[R, ...], fits: Callable[[tuple[R, ...]], bool]) -> int:
    """Return how many rows fit, at most all but one."""
    return bisect_right(range(1, len(rows)), False, key=lambda count: not fits(rows[:count]))


def _divide_text(text: str, fits: Callable[[str], bool]) -> tuple[str, str] | None:
    """Split at the end of a line, else between words, else anywhere outside markup."""
    for pattern in (r"\n+", r"[ \t]+", ""):
        places = [place.span() for place in re.finditer(pattern, text) if 0 < place.start() < len(text)]
        places = [(start, end) for start, end in places if not _is_inside(text[:start])]
        if count := bisect_right(places, False, key=lambda place: not fits(text[: place[0]])):
            start, end = places[count - 1]
            return text[:start], text[end:]
    return None


def _is_inside(text: str) -> bool:
    """Whether a text ends inside a token, a link, code or bold."""
    line = re.sub(r"\\.", "", text[text.rfind("\n") + 1 :])
    is_open = line.count("[") > line.count("]") or re.search(r"\](?:\([^\s)]*)?$", line) is not None
    return (
        text.count(OPEN) > text.count(CLOSE)
        or is_open
        or line.count("**") % 2 == 1
        or line.count("`") % 2 == 1
        or line.endswith(("\\", "*"))
    )
