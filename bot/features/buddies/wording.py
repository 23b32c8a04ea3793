"""Texts on buddies for members."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.curriculum.content import Unit
from bot.features import command_links
from bot.features.groups.calendar.pacing import Slot
from bot.features.groups.calendar.timeline import Timeline
from bot.features.people.tables import AccountRow
from bot.features.rules import RESTS_AFTER_SILENCE
from bot.messages import markup
from bot.messages.numerals import counted, describe_times, spelt
from bot.messages.reply import Actions, Button, Fields, Reply, Text, say

QUESTION_MAX = 400
QUESTIONS = (
    "What would you like to be able to do after this unit?",
    "What from the last unit could you explain without looking?",
    "Where did you last get stuck, and what helped?",
)
"""Opening questions, in turn, for units without a prompt or an exercise."""
NO_HURRY = "Half an hour together is plenty. A few written lines count too."
OVER = "The season is over, so I've stopped making pairs."
HOW = (
    "For each unit, I'll pair you with another member who wants a buddy, usually someone new. You'll both get "
    "a private message with a question to start. You decide how to meet."
)
SEEN = "Your buddy sees your name and time difference."


def choose_opening_question(unit: Unit) -> str:
    """Return a question to begin with: the unit's prompt, or else its exercise, or else a general one."""
    if unit.prompt:
        return markup.prose(unit.prompt, QUESTION_MAX)
    if unit.exercise.task:
        task = markup.prose(unit.exercise.task, QUESTION_MAX)
        return f"How far are you with the exercise, and where are you stuck? ({task})"
    return QUESTIONS[unit.number % len(QUESTIONS)]


def format_names(accounts: Sequence[AccountRow]) -> str:
    """Return the names of one or two people as links, which notify nobody in a private message."""
    return " and ".join(markup.ping(account.external_id, account.name) for account in accounts)


def render_paired(
    timeline: Timeline, slot: Slot, buddies: Sequence[tuple[AccountRow, timedelta]], *, is_changed: bool = False
) -> Reply:
    """Return the message that names a member's buddies, and a question to begin with.

    Args:
        buddies: each with how far their clock is ahead of the reader's.
        is_changed: whether their pair was another before.
    """
    group = timeline.group
    who = " and ".join(f"**{format_names([buddy])}**{_format_clock(ahead)}" for buddy, ahead in buddies)
    noun = "buddy is" if len(buddies) == 1 else "buddies are"
    begin = f"**To start** {choose_opening_question(timeline.unit(slot))}"
    reach = "Say hello first, in a direct message or in the channel. If you both wait, nobody starts."
    return Reply(
        (
            *([Text(f"Your {'buddy has' if len(buddies) == 1 else 'buddies have'} changed.")] if is_changed else []),
            Text(f"For **{markup.escape(timeline.label(slot))}** in {markup.escape(group.name)}, your {noun} {who}."),
            Text(begin),
            Text(f"{reach} {NO_HURRY}"),
        ),
        (Button("Details", command_links.UNIT.call(group.id, unit=slot.unit_id)), stop(timeline)),
        title="Your buddy" if len(buddies) == 1 else "Your two buddies",
    )


def _format_clock(ahead: timedelta) -> str:
    if not ahead:
        return ""
    hours = f"{abs(ahead) / timedelta(hours=1):g}"
    noun, way = "hour" if hours == "1" else "hours", "ahead of" if ahead > timedelta() else "behind"
    return f" ({hours} {noun} {way} you)"


def stop(timeline: Timeline) -> Button:
    """Return the button that ends the buddy wish."""
    return Button("Stop buddies", command_links.BUDDY.call(timeline.group.id, pairing="off"))


def asked(timeline: Timeline, slot: Slot, buddies: Sequence[AccountRow]) -> Reply:
    """Return the question whether a member met their buddies."""
    choices = answers(timeline, slot)
    return Reply((Text(_ask_meeting(timeline, slot, buddies)), Actions(choices)))


def asked_beside(reply: Reply, timeline: Timeline, slot: Slot, buddies: Sequence[AccountRow]) -> Reply:
    """Return another message of the day with the question at its end."""
    return reply.followed_by(Text(_ask_meeting(timeline, slot, buddies)), Actions(answers(timeline, slot)))


def _ask_meeting(timeline: Timeline, slot: Slot, buddies: Sequence[AccountRow]) -> str:
    return f"Did you meet {format_names(buddies)} for unit {slot.number} in {markup.escape(timeline.group.name)}?"


def answers(timeline: Timeline, slot: Slot) -> tuple[Button, Button]:
    """Return the buttons that say whether the buddies met."""
    met, group_id = command_links.MET.call, timeline.group.id
    return (
        Button("We met", met(group_id, unit=slot.unit_id, met=True), "primary"),
        Button("We didn't meet", met(group_id, unit=slot.unit_id, met=False)),
    )


def render_left_alone(timeline: Timeline, slot: Slot, now: datetime) -> Reply:
    """Return the message to a member whose buddy has left or is away: when they get another one."""
    name = markup.escape(timeline.group.name)
    return say(
        f"Your buddy for unit {slot.number} in {name} has left or is away. That has nothing to do with you. "
        f"{describe_next_pairs(timeline, now)}"
    )


def render_rest(timeline: Timeline) -> Reply:
    """Return the message to a member who hasn't answered for a while whether they met."""
    return Reply(
        (
            Text(
                f"I didn't hear whether you met your last {spelt(RESTS_AFTER_SILENCE)} buddies in "
                f"{markup.escape(timeline.group.name)}, so I've paused pairing. Weeks can get busy, and that's fine. "
                "Would you like a new buddy?"
            ),
        ),
        (again(timeline), stop(timeline)),
        title="Buddies paused",
    )


def again(timeline: Timeline) -> Button:
    """Return the button that ends a rest."""
    return Button("Pair me again", command_links.BUDDY.call(timeline.group.id, pairing="on"), "primary")


def describe_next_pairs(timeline: Timeline, now: datetime) -> str:
    """Return when the next pairs are made, in a sentence."""
    if timeline.group.closed_at is not None:
        return OVER
    planned = [slot for slot in timeline.planned(now) if slot.opens_at > now]
    if not planned:
        return "No more units are planned, so I won't make new pairs."
    at = markup.moment(planned[0].opens_at, timeline.group.zone)
    return f"I'll make the next pairs on {at}, when unit {planned[0].number} opens."


def render_offer(timeline: Timeline) -> Reply:
    """Return how buddies work, for a member who has none."""
    pair_me = Button("Pair me", command_links.BUDDY.call(timeline.group.id, pairing="on"), "primary")
    return say(HOW, SEEN, title="Buddies", buttons=(pair_me,))


def render_over(n_units: int, n_met: int) -> Reply:
    """Return how it went after the season."""
    met = f" and met in {spelt(n_met)} of them" if n_met else ""
    had = f"You had a buddy for {counted(n_units, 'unit')}{met}. Thank you for being there."
    return say(f"{OVER} {had if n_units else ''}".rstrip(), title="Buddies")


def render_begun(timeline: Timeline, n_others: int, now: datetime) -> Reply:
    """Return the receipt of a member who wants buddies."""
    company = f"So far: {counted(n_others + 1, 'member')}." if n_others else "You're first so far."
    text = f"{describe_next_pairs(timeline, now)} {company} {SEEN}"
    return say(text, title="You're in!", tone="good", buttons=(stop(timeline),))


def render_stopped(timeline: Timeline) -> Reply:
    """Return the receipt of a member who wants no more buddies."""
    undo = Button("Pair me again", command_links.BUDDY.call(timeline.group.id, pairing="on"))
    return say("Buddies are off. I'll let your current buddy know.", tone="good", buttons=(undo,))


def render_standing(
    timeline: Timeline,
    slot: Slot | None,
    partners: Sequence[AccountRow],
    n_units: int,
    n_met: int,
    now: datetime,
    *,
    is_resting: bool,
    may_answer: bool,
) -> Reply:
    """Return the buddies of a member who takes part.

    Args:
        slot: the running unit's.
        is_resting: whether pairing is paused for the member.
        may_answer: whether they can still say that they met.
    """
    buttons = (
        *([again(timeline)] if is_resting else []),
        *(answers(timeline, slot) if slot is not None and may_answer else ()),
        stop(timeline),
    )
    resting = (
        "I've paused your buddies, because I didn't hear whether you met. Press **Pair me again** to restart them."
    )
    ahead = resting if is_resting else describe_next_pairs(timeline, now)
    rows = [(f"Buddy for unit {slot.number}", format_names(partners))] if slot is not None and partners else []
    rows += [("Units with a buddy", str(n_units))] if n_units else []
    rows += [("Meetings", str(n_met))] if n_met else []
    return Reply((*((Fields(tuple(rows)),) if rows else ()), Text(ahead)), buttons, title="Buddies")


def render_met(n_met: int, ahead: str) -> Reply:
    """Return the receipt of a member who met their buddy."""
    return say(f"Good to hear! You've met a buddy {describe_times(n_met)}. {ahead}", tone="good")


def render_not_met(ahead: str) -> Reply:
    """Return the receipt of a member who didn't meet their buddy."""
    return say(f"Thanks for letting me know. Weeks can get busy. {ahead}", tone="good")
