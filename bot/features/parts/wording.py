"""Texts on the parts of a course: certificates, the post at a part's end, and completion times."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.curriculum.content import CoursePart
from bot.curriculum.pace import LEAST
from bot.drawing import part_card
from bot.drawing.certificate_card import CERTIFICATE, CertificateCard, since
from bot.drawing.part_card import PART, PartCard
from bot.features import command_links
from bot.features.groups import wording as group_wording
from bot.features.groups.calendar.timeline import Timeline
from bot.features.groups.tables import Group
from bot.features.parts.completed_parts import Walked
from bot.messages import markup
from bot.messages.call import Call
from bot.messages.numerals import numbered
from bot.messages.reply import Button, Image, Listing, Reply, Subtext, Text, say


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


def render_certificate(
    picture: Image,
    text: str,
    titles: Sequence[str],
    way: str,
    *,
    share: Call | None,
    has_alias: bool,
    public: tuple[str | None, Button | None],
) -> Reply:
    """Return a member's certificate.

    Args:
        text: what they completed.
        titles: of the completed units, plain.
        way: what they completed, for the title.
        share: posts it in the channel, while the group runs.
        has_alias: whether it shows the member's alias.
        public: the address of its public page, and the button that makes or removes one; each None without it.
    """
    completed = ", ".join(markup.escape(title, 60) for title in titles)
    own = markup.typed("settings alias=-")
    note = f"Your certificate shows your alias, even when you share it. To use your own name, type {own}."
    link, offer = public
    return Reply(
        (
            picture,
            Text(text),
            *([Listing(link)] if link else []),
            Subtext(f"Completed: {completed}."),
            *([Subtext(note)] if has_alias else []),
        ),
        (*([Button("Share certificate", share)] if share else []), *([offer] if offer else [])),
        title=f"Certificate: {way}",
        tone="good",
    )


LINK_NOTE = "Anyone with the link sees this name, the course and its dates. You can remove the link at any time."


def offer_link(publish: Call) -> Button:
    """Return the button that opens the form of a public link."""
    return Button("Get public link", publish)


def offer_removal(remove: Call) -> Button:
    """Return the button that ends a public link."""
    return Button("Remove public link", remove, "danger")


def render_link(url: str, remove: Call) -> Reply:
    """Return the address of a public certificate."""
    text = "Anyone with this link can see your certificate. It proves that you completed the course:"
    return Reply((Text(text), Listing(url)), (offer_removal(remove),), title="Your public link", tone="good")


def render_link_removed(*, was_there: bool) -> Reply:
    """Return the receipt of a removed public link."""
    text = "Removed: the public link no longer works." if was_there else "There is no public link to remove."
    return say(text, tone="good" if was_there else "plain")


def render_certificate_post(text: str, picture: Image) -> Reply:
    """Return the channel's post of a shared certificate."""
    return say(text, tone="good").followed_by(picture)


def format_subject(title: str) -> str:
    """Return a part's title as a suffix."""
    return f", {title}"


def format_counts(completed: int, units: int) -> str:
    """Return "3 of 4 units"."""
    return f"{completed} of {numbered(units, 'unit')}"


def describe_certificate(
    who: str, part: str, group: Group, counts: str, span: tuple[datetime, datetime], entry: str
) -> str:
    """Return what a member completed, for the certificate.

    Args:
        who, part: small Markdown.
        counts: such as "3 of 4 units".
        span: from the first unit's post to the last deadline.
        entry: with which unit a late joiner began, or "".
    """
    begun, ended = (markup.moment(at, group.zone, "day") for at in span)
    joined = f"{entry}, when they joined" if entry else ""
    return f"**{who}** completed {part}, with {markup.escape(group.name)}: {counts} from {begun} to {ended}{joined}."


def render_shared(*, is_new: bool) -> Reply:
    """Return the receipt of a shared certificate."""
    text = "Done! I'll post your certificate in the channel." if is_new else "You've already shared this certificate."
    return say(text, tone="good")


def render_continued(ahead: str, plan: Call | None) -> Reply:
    """Return the receipt of a member who continues with the next part.

    Args:
        plan: opens the form of a plan, if the part's first unit runs.
    """
    buttons = (Button("Make a plan", plan, "primary"),) if plan else ()
    return say(f"Great! {ahead}", tone="good", buttons=buttons)


def render_no_pace() -> Reply:
    """Return that there are no completion times."""
    return say(f"There are no completion times yet. I need {LEAST} members who have completed a whole season.")


def render_pace_question(group: Group, finishers: int, export: Call) -> Reply:
    """Return what the file of completion times says, with the question."""
    text = (
        f"The file shows which share of {finishers} finishers completed each unit. It names nobody. "
        "Ask your members before you give it to others."
    )
    title = f"Export completion times of {markup.escape(group.name)}?"
    return say(text, title=title, buttons=(Button("Export times", export, "primary"),))


def render_pace(content: str) -> Reply:
    """Return the file of completion times."""
    text = "Ask the bot's operator to save this as `pace.yaml` next to `roadmap.yaml`."
    return Reply((Text(text), Listing(content)), title="pace.yaml", tone="good", replaces=True)


def render_part_end(
    timeline: Timeline,
    over: Walked,
    following: CoursePart,
    now: datetime,
    *,
    n_most: int,
    n_going: int,
    goal: str,
    picture: Image | None,
    made: str,
) -> Reply:
    """Return the post at a part's end: what we finished, the goal, and what comes next.

    Args:
        n_most: how many members completed most of it.
        n_going: how many members continue.
        goal: the group's goal, in a line; "" without one.
        picture: how many completed each unit.
        made: solutions whose authors agreed, a line each; "" without any.
    """
    group, part = timeline.group, over.leg
    texts = (
        goal,
        "Thank you for learning together.",
        f"{_describe_break(timeline, now)}{describe_part_ahead(timeline, following, now)}",
        _describe_continuing(n_going) if n_going else "",
    )
    return Reply(
        (
            Text(_describe_end(over, group.zone, n_most)),
            *([picture] if picture else []),
            *([Text(made)] if made else []),
            *(Text(text) for text in texts if text),
        ),
        (
            Button("Continue", command_links.GO_ON.call(group.id, unit=following.units[0].id), "primary"),
            Button("Get certificate", command_links.CERTIFICATE.call(group.id, part=part.number)),
            Button("Review now", command_links.REVIEW.call()),
        ),
        title=f"{markup.escape(group.name)}: part {part.number} is complete",
        tone="good",
    )


def _describe_end(over: Walked, zone: str, n_most: int) -> str:
    """Return what the group has finished, and how many members completed most of it."""
    most = f" {n_most} of us completed most of it." if n_most > 1 else ""
    begun = markup.moment(over.opened[0].slot.opens_at, zone, "day")
    ended = markup.moment(over.opened[-1].slot.deadline_at, zone, "day")
    units = numbered(len(over.opened), "unit")
    return f"We've finished {units} on **{markup.escape(over.leg.title, 120)}**, from {begun} to {ended}.{most}"


def _describe_break(timeline: Timeline, now: datetime) -> str:
    """Return that the next week is free, as a line; empty if it isn't."""
    rest = "The next week is free. Nothing is due, so catch up, review or rest.\n"
    return rest if timeline.break_at(now) is not None else ""


def describe_part_ahead(timeline: Timeline, part: CoursePart, now: datetime) -> str:
    """Return what a part asks, and when it begins."""
    slots = [slot for slot in timeline.planned(now)[:1] if slot.unit_id == part.units[0].id]
    starts = f" It begins {markup.moment(slots[0].opens_at, timeline.group.zone)}." if slots else ""
    return f"**Part {part.number}**: {group_wording.describe_part(timeline, part, now)}.{starts}"


def _describe_continuing(count: int) -> str:
    return f"{count} of us will continue." if count > 1 else "One of us will continue."


def format_card_title(number: int) -> str:
    """Return the title of the picture of a part."""
    return f"Part {number}, together"


def certificate_picture(card: CertificateCard, subject: str, counts: str) -> Image:
    """Return the picture of a certificate.

    Args:
        subject: what the member completed, plain.
        counts: such as "3 of 4 units".
    """
    alt = f"Certificate: {card.name} completed {subject}: {counts}{since(card.came_in)}."
    return Image(CERTIFICATE, card.data(), markup.clip(markup.clean(alt), 400), "")


def part_picture(number: int, card: PartCard) -> Image:
    """Return the picture of how many members completed each unit of a part."""
    counts = part_card.describe_completion(card)
    alt = f"How many completed each unit of part {number}: {counts}."
    return Image(PART, card.data(), markup.clip(alt, 400), f"_Completed by {counts}._")
