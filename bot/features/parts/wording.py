"""Texts on the parts of a course: certificates, the post at a part's end, and completion times."""

from __future__ import annotations

from collections.abc import Sequence

from bot.curriculum.content import CoursePart
from bot.curriculum.pace import LEAST
from bot.messages import markup
from bot.messages.numerals import numbered
from bot.messages.reply import Button, Listing, Reply, Subtext, Text, say


def describe_part(number: int, title: str = "") -> str:
    """Return "part 2 of TITLE", or the course alone if it has one part.

    Args:
        number: of the part; 0 for a course with one part.
        title: of the course, if it is to be named.
    """
    if not number:
        return title or "this course"
    return f"part {number} of {title}" if title else f"part {number}"


def render_no_certificate() -> Reply:
    """Return that no part of the member's is over."""
    return say("You have no certificate yet. You'll find it here when a part ends.")


def render_too_few(completed: int, units: int, needed: int, part: str, *, may_catch_up: bool) -> Reply:
    """Return how many units a certificate needs."""
    late = " Units you catch up on count too." if may_catch_up else ""
    done = f"You've completed {completed} of {numbered(units, 'unit')} in {part}."
    return say(f"{done} You need {'both' if needed == units == 2 else needed} for a certificate.{late}")


def describe_completed(titles: Sequence[str]) -> Subtext:
    """Return the titles of the completed units."""
    return Subtext(f"Completed: {', '.join(titles)}.")


def render_alias_note() -> Subtext:
    """Return that the certificate shows the member's alias."""
    own = markup.typed("settings alias=-")
    return Subtext(f"Your certificate shows your alias, even when you share it. To use your own name, type {own}.")


def describe_certificate(who: str, part: str, group: str, counts: str, days: str, entry: str) -> str:
    """Return what a member completed, for the certificate.

    Args:
        who, part, group: small Markdown.
        counts: such as "3 of 4 units".
        days: "from X to Y".
        entry: with which unit a late joiner began, or "".
    """
    joined = f"{entry}, when they joined" if entry else ""
    return f"**{who}** completed {part}, with {group}: {counts} {days}{joined}."


def describe_certificate_alt(who: str, part: str, counts: str, entry: str) -> str:
    """Return the alternative text of a certificate, plain."""
    return f"Certificate: {who} completed {part}: {counts}{entry}."


def render_shared(*, is_new: bool) -> Reply:
    """Return the receipt of a shared certificate."""
    text = "Done! I'll post your certificate in the channel." if is_new else "You've already shared this certificate."
    return say(text, tone="good")


def render_continued(ahead: str, buttons: tuple[Button, ...]) -> Reply:
    """Return the receipt of a member who continues with the next part."""
    return say(f"Great! {ahead}", tone="good", buttons=buttons)


def render_no_pace() -> Reply:
    """Return that there are no completion times."""
    return say(f"There are no completion times yet. I need {LEAST} members who have completed a whole season.")


def render_pace_question(group: str, finishers: int, export: Button) -> Reply:
    """Return what the file of completion times says, with the question."""
    text = (
        f"The file shows which share of {finishers} finishers completed each unit. It names nobody. "
        "Ask your members before you give it to others."
    )
    return say(text, title=f"Export completion times of {group}?", buttons=(export,))


def render_pace(content: str) -> Reply:
    """Return the file of completion times."""
    text = "Ask the bot's operator to save this as `pace.yaml` next to `roadmap.yaml`."
    return Reply((Text(text), Listing(content)), title="pace.yaml", tone="good", replaces=True)


def describe_end(units: int, title: str, first: str, last: str, n_most: int) -> str:
    """Return what the group has finished, and how many members completed most of it."""
    most = f" {n_most} of us completed most of it." if n_most > 1 else ""
    return f"We've finished {numbered(units, 'unit')} on **{title}**, from {first} to {last}.{most}"


THANKS = "Thank you for learning together."


def format_end_title(number: int, group: str) -> str:
    """Return the title of the post at a part's end."""
    return f"{group}: part {number} is complete"


def describe_continuing(count: int) -> str:
    """Return how many members continue."""
    return f"{count} of us will continue." if count > 1 else "One of us will continue."


def describe_break() -> str:
    """Return that the next week is free, as a line."""
    return "The next week is free. Nothing is due, so catch up, review or rest.\n"


def describe_ahead(part: CoursePart, content: str, begins: str) -> str:
    """Return what a part asks, and when it begins."""
    starts = f" It begins {begins}." if begins else ""
    return f"**Part {part.number}**: {content}.{starts}"


def format_card_title(number: int) -> str:
    """Return the title of the picture of a part."""
    return f"Part {number}, together"


def describe_card(number: int, counts: str) -> str:
    """Return the alternative text of the picture of a part."""
    return f"How many completed each unit of part {number}: {counts}."


def describe_counts(counts: str) -> str:
    """Return the text that replaces the picture of a part."""
    return f"_Completed by {counts}._"
