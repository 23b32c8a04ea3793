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
from bot.messages.numerals import spelt
from bot.messages.reply import Actions, Button, Reply, Text, say

QUESTION_MAX = 400
QUESTIONS = (
    "What would you like to be able to do once this unit is over?",
    "What of the last unit could you explain without looking?",
    "Where were you stuck last, and what helped?",
)
"""What to begin with, in turn, where the roadmap has nothing to talk about."""
NO_HURRY = "Half an hour together is plenty, and a few lines in writing count too."
OVER = "The season is over, so nobody is paired any more."
RESTING = "You have a break from buddies, because I did not hear whether you met. Say so, and I pair you again."


def choose_opening_question(unit: Unit) -> str:
    """Return a question to begin with: the unit's prompt, or else its exercise, or else a general one."""
    if unit.prompt:
        return markup.prose(unit.prompt, QUESTION_MAX)
    if unit.exercise.task:
        task = markup.prose(unit.exercise.task, QUESTION_MAX)
        return f"What do you have of the exercise so far, and where are you stuck? ({task})"
    return QUESTIONS[unit.number % len(QUESTIONS)]


def format_names(accounts: Sequence[AccountRow]) -> str:
    """Return the names of one or two people: links to them, which notify nobody where one person alone reads."""
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
    begin = f"**To begin with** {choose_opening_question(timeline.unit(slot))}"
    reach = "Write first, in a direct message or in the group's channel: whoever waits for the other waits long."
    return Reply(
        (
            *([Text("Who learns with you has changed.")] if is_changed else []),
            Text(f"For **{markup.escape(timeline.label(slot))}** in {markup.escape(group.name)} you have {who}."),
            Text(begin),
            Text(f"{reach} {NO_HURRY}"),
        ),
        (Button("Details", command_links.TOPIC.call(group.id, unit=slot.unit_id)), stop(timeline)),
        title="Your buddy" if len(buddies) == 1 else "Your two buddies",
    )


def _format_clock(ahead: timedelta) -> str:
    if not ahead:
        return ""
    hours = f"{abs(ahead) / timedelta(hours=1):g}"
    noun, way = "hour" if hours == "1" else "hours", "ahead of" if ahead > timedelta() else "behind"
    return f" (whose clock is {hours} {noun} {way} yours)"


def stop(timeline: Timeline) -> Button:
    """Return the button that ends the buddy wish."""
    return Button("No more buddies", command_links.BUDDIES.call(timeline.group.id, wanted="off"))


def asked(timeline: Timeline, slot: Slot, buddies: Sequence[AccountRow]) -> Reply:
    """Return the question whether a member met their buddies."""
    choices = _answers(timeline, slot, "Yes", "Not this week")
    return Reply((Text(_ask_meeting(timeline, slot, buddies)), Actions(choices)))


def asked_beside(reply: Reply, timeline: Timeline, slot: Slot, buddies: Sequence[AccountRow]) -> Reply:
    """Return another message of the day with the question at its end; its answers say what they are about."""
    return reply.followed_by(Text(_ask_meeting(timeline, slot, buddies)), Actions(answers(timeline, slot)))


def _ask_meeting(timeline: Timeline, slot: Slot, buddies: Sequence[AccountRow]) -> str:
    return f"Did you meet {format_names(buddies)} for unit {slot.number} in {markup.escape(timeline.group.name)}?"


def _answers(timeline: Timeline, slot: Slot, yes: str, no: str) -> tuple[Button, Button]:
    met, group_id = command_links.MET.call, timeline.group.id
    return (
        Button(yes, met(group_id, unit=slot.unit_id, met=True), "primary"),
        Button(no, met(group_id, unit=slot.unit_id, met=False)),
    )


def answers(timeline: Timeline, slot: Slot) -> tuple[Button, Button]:
    """Return the buttons that say whether one met."""
    return _answers(timeline, slot, "We met", "We did not meet")


def render_left_alone(timeline: Timeline, slot: Slot, now: datetime) -> Reply:
    """Return the message to a member whose buddy has left or is away: when they get another one."""
    name = markup.escape(timeline.group.name)
    return say(
        f"Your buddy for unit {slot.number} in {name} is not there for it any more, which has nothing to do with you. "
        f"{describe_next_pairs(timeline, now)}"
    )


def render_rest(timeline: Timeline) -> Reply:
    """Return the message to a member who hasn't answered for a while whether they met."""
    return Reply(
        (
            Text(
                f"I have not heard whether you met your last {spelt(RESTS_AFTER_SILENCE)} buddies in "
                f"{markup.escape(timeline.group.name)}. Weeks can be full, and nothing is lost by it. So that nobody "
                "waits in vain, I pair you again as soon as you say so."
            ),
        ),
        (again(timeline), stop(timeline)),
        title="A break from buddies",
    )


def again(timeline: Timeline) -> Button:
    """Return the button that ends a rest."""
    return Button("Pair me again", command_links.BUDDIES.call(timeline.group.id, wanted="on"), "primary")


def describe_next_pairs(timeline: Timeline, now: datetime) -> str:
    """Return when the next pairs are made, in a sentence."""
    if timeline.group.closed_at is not None:
        return OVER
    planned = [slot for slot in timeline.planned(now) if slot.opens_at > now]
    if not planned:
        return "No further unit is planned, so no more pairs are made."
    at = markup.moment(planned[0].opens_at, timeline.group.zone)
    return f"The next pairs are made {at}, as unit {planned[0].number} opens."
