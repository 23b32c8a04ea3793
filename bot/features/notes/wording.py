"""Texts of the notes feature: a group's own notes, and what happens when they change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.curriculum.reading_pages import ReadingPage
from bot.features.groups.wording import CHANGED
from bot.features.notes.service import Amended, Credited
from bot.features.notes.tables import TITLE_MAX
from bot.messages import markup
from bot.messages.call import Call
from bot.messages.numerals import counted, numbered
from bot.messages.reply import Button, Reply, Text, say

LABEL_MAX = 40
NOTE_REMOVED = say("_This answer cited a note that was removed._")
NOTE_CHANGED = say("_This answer cited a note that was changed. Ask again for what it says now._")

NOTE_SAVED = say("Saved.")
NOTE_CONFLICT = say("Somebody else has changed this note too. Choose which text stays.", tone="warn")


def credit(credited: Credited, zone: str) -> str:
    """Return who wrote a note, who added it, when, and how long it is."""
    by = f"by {markup.escape(credited.author, 40)}" if credited.author else "by a former member"
    added = f", added by {markup.escape(credited.adder, 40)}" if credited.adder else ""
    row = credited.row
    day = markup.moment(row.added_at, zone, "day")
    changed = f", changed {markup.moment(row.changed_at, zone, 'day')}" if row.version > 1 else ""
    return f"{by}{added}, {day}{changed} ({-(-row.size // 1000)} kB)"


def added(title: str, group: str, sections: int, show: Call, ask: Call) -> Reply:
    """Return the receipt of a new note."""
    return say(
        f"The note has {counted(sections, 'section')}, and only this group can find it. You can ask about this "
        "note now. In a minute, questions in other words find it too.",
        title=f"Added “{_escape(title)}” to {markup.escape(group)}",
        buttons=(Button("Show note", show), Button("Ask", ask)),
        tone="good",
    )


def describe_cut(most: int) -> str:
    """Return that a text fills its field, so that its end may be missing."""
    return f"This form takes {most:,} characters, so the end of your note may be missing. Send the note as a file."


def no_notes() -> Reply:
    """Return that the group has no notes of its own."""
    add = markup.typed("manage notes add")
    return say(f"The group has no notes of its own yet. Moderators can add one: {add}.")


def note_list(
    listed: Sequence[tuple[Credited, Call]],
    total: int,
    group: str,
    zone: str,
    place: tuple[int, int],
    *,
    onward: Call | None,
    back: Call | None,
    most_buttons: int = 5,
) -> Reply:
    """Return a page of the group's notes, each with the Call that shows it.

    Args:
        place: the page and the number of pages.
        onward, back: show the next and the previous page; None if there is none.
    """
    page, pages = place
    lines = (f"- **{_escape(credited.row.title)}**, {credit(credited, zone)}" for credited, _ in listed)
    title = f"{markup.escape(group)} has {numbered(total, 'note')}"
    buttons = (
        *(Button(markup.clip(credited.row.title, LABEL_MAX), call) for credited, call in listed[:most_buttons]),
        *([Button("Next", onward)] if onward is not None else []),
        *([Button("Previous", back)] if back is not None else []),
    )
    return say(
        "\n".join(lines), title=title + (f", page {page} of {pages}" if pages > 1 else ""), buttons=tuple(buttons)
    )


def note_page(
    credited: Credited, zone: str, page: ReadingPage, *, onward: Call | None, back: Call | None, replaces: bool
) -> Reply:
    """Return a page of a group's note."""
    spot = page.spot
    heading = f"\n**{markup.escape(spot.title, 150)}** ({spot.at} of {page.of})" if page.of > 1 else ""
    buttons = (
        *([Button("Next", onward, "primary")] if onward is not None else []),
        *([Button("Previous", back)] if back is not None else []),
    )
    return Reply(
        (Text(f"_{credit(credited, zone)}_{heading}"), *page.blocks),
        buttons,
        title=_escape(credited.row.title),
        replaces=replaces,
    )


def offer_question(page: Reply, write: Call) -> Reply:
    """Return a page of a note with a button that opens the form of a quiz question."""
    return replace(page, buttons=(*page.buttons, Button("Add quiz question", write)))


def replace_question(
    credited: Credited, zone: str, content: str, sections: int, *, confirm: Call, is_stale: bool
) -> Reply:
    """Return the question before a note's text is replaced.

    Args:
        sections: of the new text.
        is_stale: whether the note has changed meanwhile.
    """
    return _ask(
        credited,
        Button("Replace", confirm, "danger"),
        CHANGED if is_stale else "",
        f"The note is {credit(credited, zone)}. The new text has {counted(sections, 'section')}. I'll delete the old "
        "text.",
        f"_Old text:_ {markup.escape(credited.row.text, 300)}",
        f"_New text:_ {markup.escape(content, 300)}",
    )


def replaced(title: str, amended: Amended, show: Call) -> Reply:
    """Return the receipt of a replaced note."""
    reply = say(
        f"{markup.typed('ask')} now uses the new text.",
        _describe_amended(amended),
        title=f"Updated “{_escape(title)}”",
        buttons=(Button("Show note", show),),
        tone="good",
    )
    return replace(reply, replaces=True)


def remove_question(credited: Credited, zone: str, *, remove: Call) -> Reply:
    """Return the question before a note is removed."""
    text = f"This note is {credit(credited, zone)}. New answers won't use it. You can't undo this."
    return _ask(credited, Button("Remove", remove, "danger"), text)


def removed(title: str, amended: Amended) -> Reply:
    """Return the receipt of a removed note."""
    text = f"I've removed “{_escape(title)}”. New answers won't use it."
    return replace(say(text, _describe_amended(amended), tone="good"), replaces=True)


def _describe_amended(amended: Amended) -> str:
    """Return what happens to answers that cited a note's old text; "" if there are none."""
    sentences = []
    if amended.count:
        sentences.append(f"{counted(amended.count, 'answer').capitalize()} that cited it will say so in a moment.")
    if amended.left:
        sentences.append(
            f"I can't change {counted(amended.left, 'answer')} that cited it, because only one person sees it or the "
            "chat doesn't let me edit it."
        )
    return " ".join(sentences)


def _ask(credited: Credited, confirm: Button, *paragraphs: str) -> Reply:
    title = f"{confirm.label} “{_escape(credited.row.title)}”?"
    return say(*paragraphs, title=title, buttons=(confirm,), tone="warn")


def _escape(title: str) -> str:
    return markup.escape(title, TITLE_MAX)
