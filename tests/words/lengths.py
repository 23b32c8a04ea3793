"""How long a message is, and how long it may be. Pure functions of a Reply."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass

from bot.features.groups import message_keys
from bot.messages.call import Call
from bot.messages.reply import Button, EventBlock, Fields, Reply, Subtext, Text, plain_block
from tests.words.rules import count_words

BUTTONS_MAX = 3
LABEL_WORDS = 3
_CHOICE = 3
"""So many buttons of one command are a choice."""
_LISTED = 4
"""So many bullets in a row are a listing."""
_NOTICE = "You now moderate a group."
"""A notice that may follow any reply once."""
_SOURCES = re.compile(r"^[_*]*(?:Sources?|Read next|Read more|I only searched|I searched|This comes from)\b")


@dataclass(frozen=True)
class Kind:
    """A kind of message.

    Args:
        words: how many it may have; None for any number.
        counts_lists: whether bullets count even if there are many.
        is_choice: whether it may have any number of buttons.
    """

    name: str
    words: int | None
    counts_lists: bool = False
    is_choice: bool = False


POST = Kind("weekly post", 120, counts_lists=True)
RECEIPT = Kind("receipt", 30)
HELP = Kind("help", 80, counts_lists=True)
ANSWER = Kind("answer", 120)
REPLY = Kind("reply", 90)
STEP = Kind("step of the setup", 90, is_choice=True)
EXEMPT = Kind("note, listing or export", None)

RECEIPTS = frozenset(
    {"checkin", "amend", "move", "retract", "undo", "met", "away", "remind", "mute", "rate", "excuse", "buddies"}
    | {
        "share",
        "thank",
        "thanks",
        "share plan",
        "share certificate",
        "write plan",
        "session answer",
        "session host",
    }
)
"""Commands whose good replies are receipts."""
EXEMPT_COMMANDS = frozenset(
    {"read", "passage", "topic", "roadmap", "notes show", "show post", "preview", "digest texts", "quiz done"}
    | {"notes list", "audit", "ledger", "doctor", "outline show", "outline add", "outline edit"}
    | {"anki", "export", "manage status", "privacy export", "calendar", "gaps", "digest", "report", "home"}
)
"""Commands that reply with the text of a note or a post, a listing (of members, groups, questions) or a file."""
ANSWERS = frozenset({"ask", "consult"})
STEPS = frozenset(
    {"setup"}
    | {f"setup {step}" for step in ("step", "take", "unit", "part", "name", "zone", "week", "room", "outline")}
)
"""Commands whose replies are steps of the setup: what to change, next, back and cancel."""


def kind_of_reply(names: Container[str], call: Call, reply: Reply) -> Kind:
    """Return the kind of a reply.

    Args:
        names: the present and former names of the command.
    """
    if _has(names, {"help"}):
        return EXEMPT if call.args else HELP
    if _has(names, EXEMPT_COMMANDS):
        return EXEMPT
    if _has(names, ANSWERS):
        return ANSWER
    if _has(names, STEPS):
        return EXEMPT if call.args.get("step") == "post" else STEP  # the last step shows the first post
    return RECEIPT if reply.tone == "good" and _has(names, RECEIPTS) else REPLY


def _has(names: Container[str], wanted: Iterable[str]) -> bool:
    return any(name in names for name in wanted)


def kind_of_post(key: str) -> Kind:
    """Return the kind of a post by its key in the outbox."""
    parts = message_keys.split_key(key)[1:]
    if parts == ["start"] or "digest" in parts:  # the course's own prompt, exercise and links; a listing of members
        return EXEMPT
    return POST if parts in (["post"], ["post", "edit"]) else REPLY


def count_reply_words(reply: Reply, kind: Kind) -> int:
    """Count the words of a reply without pictures, tables, quotations, listings and files."""
    return count_words(reply.title) + sum(map(count_words, _texts(reply, kind)))


def _texts(reply: Reply, kind: Kind) -> Iterator[str]:
    for block in reply.blocks:
        if isinstance(block, Text | Subtext | Fields | EventBlock):
            lines = plain_block(block).split("\n")
            if kind is ANSWER:
                lines = [line for line in lines if not _SOURCES.match(line)]
            if not (lines and lines[0].startswith(_NOTICE)):
                yield "\n".join(lines if kind.counts_lists else _drop_listings(lines))


def _drop_listings(lines: Iterable[str]) -> Iterator[str]:
    bullets: list[str] = []
    for line in [*lines, ""]:
        if line.startswith("- "):
            bullets.append(line)
            continue
        if len(bullets) < _LISTED:
            yield from bullets
        bullets = []
        yield line


def find_long(reply: Reply, kind: Kind) -> list[str]:
    """Return how a message is too long: `length: weekly post of 240 words, at most 120`."""
    if kind.words is None:
        return []
    words = count_reply_words(reply, kind)
    faults = [f"length: {kind.name} of {words} words, at most {kind.words}"] if words > kind.words else []
    others = drop_choice(reply.all_buttons)
    if len(others) > BUTTONS_MAX and not kind.is_choice:
        labels = ", ".join(button.label for button in others)
        faults.append(f"buttons: {len(others)} ({labels}), at most {BUTTONS_MAX}")
    return faults


def drop_choice(buttons: Iterable[Button]) -> list[Button]:
    """Return the buttons without those that are a choice: three or more of one command, or letters of a question."""
    buttons = list(buttons)
    names = Counter(button.target.name for button in buttons if isinstance(button.target, Call))
    others = (b for b in buttons if not (isinstance(b.target, Call) and names[b.target.name] >= _CHOICE))
    return [button for button in others if len(button.label.removeprefix("✓ ")) > 1]
