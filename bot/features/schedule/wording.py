"""Texts of the scheduled posts: weekly post, thread, reminders, closing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.curriculum.content import Roadmap, Unit
from bot.delivery.outbox_lease import LATE_AFTER
from bot.drawing.header_card import HEADER, HeaderCard
from bot.features import command_links
from bot.features.groups import notify_role
from bot.features.groups.calendar.pacing import Slot
from bot.features.groups.calendar.timeline import Opened, Timeline
from bot.features.groups.create_group import make_next_round_button
from bot.features.groups.tables import Group
from bot.features.groups.wording import describe_part
from bot.features.people.tables import AccountRow
from bot.features.quiz import wording as quiz_wording
from bot.features.quiz.commands import letters
from bot.features.quiz.warm_up import WarmUp
from bot.features.rules import REMINDED_BEFORE
from bot.features.units.commands import adds, checkpoint, objectives, resources
from bot.messages import markup
from bot.messages.reply import Actions, Block, Button, Image, Reply, Text

PROMPT = "What was new to you, and where are you stuck?"
SHORT = "Read or try one thing of it; that counts."
"""What a thread begins with, and what half an hour is enough for, where the roadmap says nothing of it."""
HELD = "No deadline until the group goes on"
REVIEWS_GO_ON = (
    "Reviews go on: whoever asked for a word on them still gets it. "
    f"{markup.typed('review nudge=no')} stops it, {markup.typed('review nudge=daily')} begins it."
)


def make_check_in_button(timeline: Timeline, unit_id: str) -> Button:
    """Return the button that checks in for one unit."""
    return Button("Check in", command_links.CHECKIN.ask(timeline.group.id, unit=unit_id), "primary")


def draw_unit(way: Roadmap, unit: Unit) -> Image:
    """Return the header picture of a unit's post; the post's title says the same in words."""
    phase, leg = way.phase_of(unit), way.leg_of(unit.id)
    place = f"Unit {way.count(unit.id)}"
    card = HeaderCard(phase.id, phase.title, unit.title, place, unit.number - leg.first + 1, len(leg.units))
    alt = f"{unit.title}, {place[0].lower()}{place[1:]}, phase {phase.title}, with the pattern of that phase."
    return Image(HEADER, card.data(), markup.clip(markup.clean(alt), 300), "")


def render_weekly(
    timeline: Timeline,
    opened: Opened,
    last: str,
    counted: str,
    figure: Image | None = None,
    warm_up: WarmUp | None = None,
    resolved: Text | None = None,
    week: Image | None = None,
) -> Reply:
    """Return a unit's post on one phone screen.

    Args:
        last: a summary of the last unit, and of the part that this unit begins.
        counted: how many have checked in.
        warm_up: the question, with a button for each choice.
        resolved: the right answer of the last unit's warm-up.
        week: the last unit's check-ins by day.
    """
    unit = timeline.unit(opened.slot)
    due = f"Due {markup.moment(opened.slot.deadline_at, timeline.group.zone, 'countdown')}"
    group_id = timeline.group.id
    paragraphs = (markup.prose(unit.summary), objectives(unit), _render_task(unit))
    blocks: list[Block] = [
        draw_unit(timeline.roadmap, unit),
        *(Text(text) for text in (notify_role.format_ping(timeline.group), last) if text),
        *([week] if week is not None else []),
        *([resolved] if resolved is not None else []),
        *(Text(text) for text in paragraphs if text),
        Text(f"**{HELD if opened.is_held else due}**" + (f"\n{counted}" if counted else "")),
        *([figure] if figure is not None else []),
        *([*quiz_wording.asked(warm_up), Actions(letters(warm_up))] if warm_up is not None else []),
    ]
    return Reply(
        tuple(blocks),
        (
            make_check_in_button(timeline, unit.id),
            Button("Pledge", command_links.PLEDGE.ask(group_id, unit=unit.id)),
            Button("Ask", command_links.ASK.ask(group_id)),
            Button("Details", command_links.TOPIC.call(group_id, unit=unit.id)),
        ),
        title=markup.escape(timeline.roadmap.label(unit)),
        accent=timeline.roadmap.accent(unit),
    )


def render_part_start(timeline: Timeline, opened: Opened) -> str:
    """Return what the part asks that a unit begins; empty if the group does only one part."""
    leg = timeline.roadmap.leg_of(opened.slot.unit_id)
    if len(timeline.legs) == 1 or leg.first != opened.slot.number:
        return ""
    if opened.is_held:  # until when, nobody knows yet
        return f"**Leg {leg.number} begins**: {markup.escape(leg.title, 120)}."
    return f"**Leg {leg.number} begins**: {describe_part(timeline, leg, opened.slot.opens_at)}."


def _render_task(unit: Unit) -> str:
    """Return the unit's exercise, or its resources if it has none."""
    if unit.exercise.task:
        return f"**Exercise** {markup.prose(unit.exercise.task)}" + (f"\n{adds(unit)}" if unit.adds_in_post else "")
    return resources(unit)


def render_thread_title(timeline: Timeline, slot: Slot) -> str:
    """Return the title of a unit's thread: plain text, at most 100 characters."""
    return markup.clip(timeline.label(slot), 100)


def render_thread_start(timeline: Timeline, slot: Slot) -> Reply:
    """Return the first message of a unit's thread: prompt, resources, and the checkpoint that ends a phase."""
    unit = timeline.unit(slot)
    blocks = [f"**To discuss** {markup.prose(unit.prompt) or PROMPT}"]
    if unit.exercise.task and unit.resources:  # without a task they stand in the post itself
        blocks.append(f"**Resources**\n{resources(unit)}")
    if unit.exercise.adds and not unit.adds_in_post:
        blocks.append(adds(unit))
    if (ends := timeline.roadmap.checkpoint_after(unit)) is not None:
        blocks.append(checkpoint(ends))
    return Reply(tuple(map(Text, blocks)), (make_check_in_button(timeline, unit.id),))


def render_thread_reminder(timeline: Timeline, slot: Slot, now: datetime) -> Reply:
    """Return the reminder in the thread, a day before the deadline or later; it pings nobody."""
    is_in_time = slot.deadline_at - now > REMINDED_BEFORE[0] - LATE_AFTER
    due = f"his unit is due {markup.moment(slot.deadline_at, timeline.group.zone)}"
    text = f"{f'One day left: t{due}' if is_in_time else f'T{due}'}. Half an hour counts too."
    return Reply((Text(text),), (make_check_in_button(timeline, slot.unit_id),))


def render_direct_reminder(timeline: Timeline, slot: Slot, streak: int, freezes_held: int, *, is_last: bool) -> Reply:
    """Return the direct reminder: what a check-in earns, and the least that counts.

    Args:
        is_last: whether no further reminder of the unit comes.
    """
    group = timeline.group
    due = markup.moment(slot.deadline_at, group.zone)
    unit = timeline.unit(slot)
    short = "Half an hour is enough:" if is_last else "Only half an hour?"
    return Reply(
        (
            Text(f"**{markup.escape(timeline.label(slot))}** in {markup.escape(group.name)} is due {due}."),
            Text(_describe_gain(streak, freezes_held)),
            Text(f"{short} {markup.prose(unit.exercise.short) or SHORT}"),
        ),
        (
            make_check_in_button(timeline, slot.unit_id),
            Button("Not this week", command_links.MUTE.call(group.id, unit=slot.unit_id)),
            Button("Stop", command_links.REMIND.call(group.id, on=False)),
        ),
        title="Last reminder of this unit" if is_last else "Still open for you",
    )


def _describe_gain(streak: int, freezes_held: int) -> str:
    """Return what a check-in does for the streak, and what protects the streak without one."""
    if not streak:
        return "A check-in begins a streak."
    held = "a freeze is in hand" if freezes_held else f"{markup.typed('away')} holds it"
    return f"Your streak is {streak}, and a check-in makes it {streak + 1}. If this time does not suit you, {held}."


def describe_outage(platform: str | None) -> str:
    """Return what happened in an outage, of one platform or of all."""
    return f"was not connected to {platform.capitalize()}" if platform else "was away"


def render_outage(timeline: Timeline, slot: Slot, from_at: datetime, until_at: datetime, platform: str | None) -> Reply:
    """Return the post after an outage that touched a deadline."""
    zone = timeline.group.zone
    return Reply(
        (
            Text(
                f"I {describe_outage(platform)} from {markup.moment(from_at, zone)}"
                f" to {markup.moment(until_at, zone)}, close to "
                f"a deadline. So that everybody has their time, the grace of **{markup.escape(timeline.label(slot))}** "
                f"ends {markup.moment(slot.grace_until, zone)}."
            ),
        ),
        (make_check_in_button(timeline, slot.unit_id),),
        tone="warn",
    )


def render_closing(
    timeline: Timeline, together: Sequence[Block], until: datetime, resolved: Text | None = None
) -> Reply:
    """Return the closing post: units, the last warm-up's answer, the joint summary, thanks."""
    group = timeline.group
    done = len(timeline.opened)
    (leg, *others), legs = timeline.legs, timeline.roadmap.legs
    is_leg = not others and len(legs) > 1
    part = f" (leg {leg.number}: {markup.escape(leg.title, 120)})" if is_leg else ""
    following = legs[leg.number : leg.number + 1] if is_leg and timeline.is_walked else ()
    blocks: list[Block] = [
        Text(
            f"{done} {'unit' if done == 1 else 'units'} of **{markup.escape(timeline.roadmap.title)}**{part} "
            f"{'lies' if done == 1 else 'lie'} behind us."
        ),
        *([resolved] if resolved is not None else []),
        *together,
        Text(
            f"Catching up stays open until {markup.moment(until, group.zone, 'day')}, or until the next round starts "
            "in this channel. Thank you for learning together, and for every question that someone else had too."
        ),
        *(
            Text(f"Next comes **leg {next_leg.number}**: {markup.escape(next_leg.title, 120)}.")
            for next_leg in following
        ),
    ]
    return Reply(
        tuple(blocks),
        (
            Button("My progress", command_links.PROGRESS.call(group.id), "primary"),
            Button("Certificate", command_links.CERTIFICATE.call(group.id)),
            *([Button("Leaderboard", command_links.LEADERBOARD.call(group.id))] if group.has_board else []),
            make_next_round_button(group),
        ),
        title=f"{markup.escape(group.name)} has finished",
        tone="good",
    )


def render_overdue(timeline: Timeline, slot: Slot, due_at: datetime, now: datetime) -> Reply:
    """Return the notice to moderators about a post that came due while the bot was away for over a day."""
    zone = timeline.group.zone
    then = "It goes out now, in the turn that has just come."
    if slot.opens_at > now:
        then = f"It now waits for {markup.moment(slot.opens_at, zone)}. The button can post it today."
    return Reply(
        (
            Text(
                f"**{markup.escape(timeline.label(slot))}** was due {markup.moment(due_at, zone)} while I was away "
                f"for over a day. {then}"
            ),
        ),
        (Button("See the next post", command_links.PREVIEW.call(timeline.group.id), "primary"),),
        title=f"A late post in {markup.escape(timeline.group.name)}",
        tone="warn",
    )


def render_trouble(group: Group, reason: str) -> Reply:
    """Return the notice to moderators about a channel that takes no posts."""
    what = f"I cannot post in the channel of **{markup.escape(group.name)}**. {reason}"
    return Reply(
        (Text(f"{what} Once that is mended I go on by myself."),),
        (Button("Doctor", command_links.DOCTOR.call(group.id), "primary"),),
        title="A post is stuck",
        tone="warn",
    )


def render_unsent(group: Group, message: Reply, reason: str, *, is_unit: bool) -> Reply:
    """Return the notice to moderators about a failed message, known by its title or its first words.

    Args:
        is_unit: whether it is a unit's post, which can be posted again.
    """
    again = Button("Post it again", command_links.PREVIEW.call(group.id), "primary")
    doctor = Button("Doctor", command_links.DOCTOR.call(group.id), "plain" if is_unit else "primary")
    begins = message.plain(group.zone).strip().partition("\n")[0]
    which = f": “{markup.escape(begins, 80)}”" if begins else ""
    return Reply(
        (Text(f"A message to the channel of **{markup.escape(group.name)}** did not go out{which}. {reason}"),),
        (again, doctor) if is_unit else (doctor,),
        title="A post was not sent",
        tone="warn",
    )


def describe_unshared(what: str, state: str, reason: str) -> str:
    """Return the notice about a shared note or pledge that isn't in its thread."""
    if state == "sent":
        return f"Your shared {what} stands in the channel: the unit's thread takes no messages any more."
    assurance = "It is kept with your check-in." if what == "note" else "It is kept, and only you see it."
    return f"Your shared {what} could not be posted. {reason} {assurance}"


def render_threadless(group: Group, reason: str) -> Reply:
    """Return the notice to moderators about a post without its thread."""
    what = f"I could not open the thread of a post in **{markup.escape(group.name)}**. {reason}"
    return Reply(
        (Text(f"{what} What belongs there follows in the channel."),),
        (Button("Doctor", command_links.DOCTOR.call(group.id), "primary"),),
        title="A thread is missing",
        tone="warn",
    )


def describe_lost_alias(group: Group, alias: str) -> str:
    """Return the notice to a member whose alias another member now has."""
    return (
        f"Someone else in **{markup.escape(group.name)}** goes by “{markup.escape(alias, 40)}” now, so the others see "
        f"you under your own name. {markup.typed('settings')} lets you choose another one."
    )


def describe_departure(group: Group, account: AccountRow) -> str:
    """Return the notice to moderators about a member who can't be messaged because they have left."""
    return (
        f"{markup.name(account.external_id, account.name)} is no longer here, so they left "
        f"**{markup.escape(group.name)}**. Their record is kept; joining again brings it back."
    )
