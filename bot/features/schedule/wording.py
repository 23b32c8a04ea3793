"""Texts of the scheduled posts: weekly post, thread, reminders, closing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import accumulate

from bot.curriculum.content import Roadmap, Unit
from bot.delivery.outbox_lease import LATE_AFTER
from bot.drawing import week_card
from bot.drawing.board_card import ROWS
from bot.drawing.header_card import HEADER, HeaderCard
from bot.drawing.week_card import WEEK, WeekCard
from bot.features import command_links
from bot.features.groups import wording as group_wording
from bot.features.groups.calendar.pacing import Slot
from bot.features.groups.calendar.timeline import Opened, Timeline
from bot.features.groups.preview import Moved
from bot.features.groups.tables import Group
from bot.features.groups.wording import describe_part
from bot.features.people.tables import AccountRow
from bot.features.quiz import wording as quiz_wording
from bot.features.quiz.warm_up import WarmUp
from bot.features.rules import GOAL_PERCENT, REMINDED_BEFORE
from bot.features.schedule.group_summary import Goal, Week
from bot.features.standings import cards
from bot.features.standings.leaderboard import BoardRow, SkippedRows
from bot.features.standings.wording import render_table
from bot.features.units.wording import adds, checkpoint, objectives, resource_links
from bot.messages import markup
from bot.messages.call import Call
from bot.messages.numerals import numbered, spelt
from bot.messages.reply import Actions, Block, Button, Divider, Image, Reply, Subtext, Text, say

PROMPT = "What was new to you, and where are you stuck?"
SHORT = "Read or try one thing from it. That counts."
"""The prompt of a thread and the short version of the work, for courses that have none."""
HELD = "**No deadline** while the group is paused"
WHY_WORDS = 25
TASK_AND_REST_WORDS = 87
"""Most words of a weekly post's why, and of all but its due date, count and goal."""
DANGLING = frozenset(
    ("a", "an", "and", "as", "at", "by", "for", "from", "in", "is", "of", "on", "or", "the", "to", "with")
)
"""Words on which a shortened sentence does not end."""


def make_check_in_button(timeline: Timeline, unit_id: str) -> Button:
    """Return the button that checks in for one unit."""
    return Button("Check in", command_links.CHECKIN.ask(timeline.group.id, unit=unit_id), "primary")


def draw_unit(way: Roadmap, unit: Unit) -> Image:
    """Return the header picture of a unit's post, which has no words that the post needs."""
    phase, leg = way.phase_of(unit), way.part_of(unit.id)
    place = f"Unit {way.count(unit.id)}"
    card = HeaderCard(phase.id, phase.title, unit.title, place, unit.number - leg.first + 1, len(leg.units))
    alt = f"{phase.title}: {place[0].lower()}{place[1:]}, with the pattern of this phase."
    return Image(HEADER, card.data(), markup.clip(markup.clean(alt), 300), "")


def render_weekly(
    timeline: Timeline, opened: Opened, counted: str = "", goal: str = "", begins: str = "", dots: str = ""
) -> Reply:
    """Return a unit's post: due date, count, buttons, exercise, why and goals.

    Args:
        counted: how many have checked in.
        goal: the group's goal.
        begins: the part that this unit begins.
        dots: a dot for each member, filled for those who have checked in, and initials.
    """
    unit, group = timeline.unit(opened.slot), timeline.group
    due = HELD if opened.is_held else f"**Due** {markup.moment(opened.slot.deadline_at, group.zone, 'countdown')}"
    paragraphs = (_render_task(unit), markup.prose(shorten(unit.summary, WHY_WORDS)), objectives(unit))
    ping, status = group_wording.format_ping(group), f"{due} · {counted}" if counted else due
    buttons = (
        make_check_in_button(timeline, unit.id),
        Button("Ask", command_links.ASK.ask(group.id)),
        Button("Details", command_links.UNIT.call(group.id, unit=unit.id)),
    )
    return Reply(
        (
            draw_unit(timeline.roadmap, unit),
            *([Text(ping)] if ping else []),
            *([Subtext(begins)] if begins else []),
            Subtext("\n".join(filter(None, (status, dots, goal)))),
            Actions(buttons),
            *(Text(text) for text in paragraphs if text),
        ),
        title=markup.escape(unit.label),
        accent=timeline.roadmap.accent(unit),
    )


def shorten(text: str, most: int) -> str:
    """Return the sentences that fit into `most` words, or at least the words that do; code in backticks stays whole."""
    if len(text.split()) <= most:
        return text
    sentences = re.split(r"(?<=[.!?:])\s+(?=[A-Z`“\"])", text)
    fitting = list(accumulate(sentences, lambda joined, sentence: f"{joined} {sentence}"))
    whole = [joined for joined in fitting if len(joined.split()) <= most and not joined.endswith(":")]
    if whole:
        return whole[-1]
    words = text.split()[:most]
    while words and (" ".join(words).count("`") % 2 or words[-1].casefold() in DANGLING):
        words.pop()
    return f"{' '.join(words).rstrip(',;:.')}…" if words else text


def render_part_start(timeline: Timeline, opened: Opened) -> str:
    """Return what the part asks that a unit begins; empty if the group does only one part."""
    leg = timeline.roadmap.part_of(opened.slot.unit_id)
    if len(timeline.legs) == 1 or leg.first != opened.slot.number:
        return ""
    if opened.is_held:  # until when, nobody knows yet
        return f"**Part {leg.number} begins**: {markup.escape(leg.title, 120)}."
    return f"**Part {leg.number} begins**: {describe_part(timeline, leg, opened.slot.opens_at)}."


def _render_task(unit: Unit) -> str:
    """Return the unit's exercise as far as the post has room for it, or its resources if it has none."""
    return f"**Do** {markup.prose(_shorten_task(unit))}" if unit.exercise.task else resource_links(unit)


def _shorten_task(unit: Unit) -> str:
    others = (unit.label, shorten(unit.summary, WHY_WORDS), *unit.objectives)
    return shorten(unit.exercise.task, max(20, TASK_AND_REST_WORDS - sum(len(text.split()) for text in others)))


def render_thread_title(timeline: Timeline, slot: Slot) -> str:
    """Return the title of a unit's thread: plain text, at most 100 characters."""
    return markup.clip(timeline.label(slot), 100)


def render_thread_start(timeline: Timeline, slot: Slot, figure: Image | None = None) -> Reply:
    """Return the first message of a unit's thread: prompt, what the post has no room for, resources, checkpoint.

    Args:
        figure: the main picture of the unit's notes.
    """
    unit = timeline.unit(slot)
    task, ends = unit.exercise.task, timeline.roadmap.checkpoint_after(unit)
    texts = (
        f"**Full exercise** {markup.prose(task)}" if task != _shorten_task(unit) else "",
        f"**Resources**\n{resource_links(unit)}" if task and unit.resources else "",  # without a task the post has them
        checkpoint(ends) if ends is not None else "",
    )
    blocks: list[Block] = [Text(f"**To discuss** {markup.prose(unit.prompt) or PROMPT}"), Divider()]
    blocks.extend(Text(text) for text in texts if text)
    if capstone := adds(unit):
        blocks.append(Subtext(capstone))
    plan = Button("Make a plan", command_links.WRITE_PLAN.ask(timeline.group.id, unit=unit.id))
    review = Button("Review", command_links.REVIEW.call())
    buttons = (make_check_in_button(timeline, unit.id), plan, review)
    return Reply((*blocks, *((figure,) if figure is not None else ())), buttons)


def render_warm_up(warm_up: WarmUp | None, resolved: Text | None) -> Reply:
    """Return the thread's message with the right answer of the last warm-up, and the new one with its letters.

    The new one stands last, because some platforms show all buttons at the end.
    """
    asked = quiz_wording.asked(warm_up) if warm_up is not None else []
    answer: list[Block] = [resolved] if resolved is not None else []
    gap = [Divider()] if answer and asked else []
    return Reply((*answer, *gap, *asked))


def render_empty_recap(slot: Slot) -> Reply:
    """Return the recap that remains if no member may be named or counted."""
    return Reply((Text(f"Unit {slot.number} is over."),))


def render_recap(completed: str, thanked: str, week: Week | None) -> Reply:
    """Return the thread's message about the last unit: who completed it, who was thanked, check-ins by day."""
    text = " ".join(filter(None, (completed, thanked)))
    return Reply((*([Text(text)] if text else []), *([week_picture(week)] if week else [])))


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
    short = "Half an hour is enough:" if is_last else "Short of time?"
    return Reply(
        (
            Text(f"**{markup.escape(timeline.label(slot))}** in {markup.escape(group.name)} is due {due}."),
            Text(_describe_gain(streak, freezes_held)),
            Text(f"{short} {markup.prose(unit.exercise.short) or SHORT}"),
        ),
        (
            make_check_in_button(timeline, slot.unit_id),
            Button("Mute this week", command_links.MUTE.call(group.id, unit=slot.unit_id)),
            Button("Stop reminders", command_links.REMIND.call(group.id, on=False)),
        ),
        title="Last reminder for this unit" if is_last else "Still open for you",
    )


def _describe_gain(streak: int, freezes_held: int) -> str:
    """Return what a check-in does for the streak, and what protects the streak without one."""
    if not streak:
        return "Your next check-in starts a streak."
    held = "A freeze" if freezes_held else markup.typed("away")
    return f"Check in to make it a streak of {streak + 1}. No time this week? {held} protects your streak."


def describe_outage(platform: str | None) -> str:
    """Return what happened in an outage, of one platform or of all."""
    return f"was not connected to {platform.capitalize()}" if platform else "was offline"


def render_outage(timeline: Timeline, slot: Slot, from_at: datetime, until_at: datetime, platform: str | None) -> Reply:
    """Return the post after an outage that touched a deadline."""
    zone = timeline.group.zone
    return Reply(
        (
            Text(
                f"I {describe_outage(platform)} from {markup.moment(from_at, zone)}"
                f" to {markup.moment(until_at, zone)}, close to a deadline. So I've extended the late period of "
                f"**{markup.escape(timeline.label(slot))}** to {markup.moment(slot.grace_until, zone)}."
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
    (leg, *others), legs = timeline.legs, timeline.roadmap.parts
    is_leg = not others and len(legs) > 1
    part = f" (part {leg.number}: {markup.escape(leg.title, 120)})" if is_leg else ""
    following = legs[leg.number : leg.number + 1] if is_leg and timeline.is_walked else ()
    blocks: list[Block] = [
        Text(
            f"Together we've worked through {done} {'unit' if done == 1 else 'units'} of "
            f"**{markup.escape(timeline.roadmap.title)}**{part}. Thank you for learning together!"
        ),
        *([resolved] if resolved is not None else []),
        *together,
        Text(
            f"You can catch up until {markup.moment(until, group.zone, 'day')}, or until the next round starts in "
            "this channel."
        ),
        *(
            Text(f"Next up: **part {next_leg.number}**: {markup.escape(next_leg.title, 120)}.")
            for next_leg in following
        ),
    ]
    return Reply(
        tuple(blocks),
        (
            Button("My progress", command_links.PROGRESS.call(group.id), "primary"),
            Button("Certificate", command_links.CERTIFICATE.call(group.id)),
            group_wording.next_round_button(group),
        ),
        title=f"{markup.escape(group.name)} has finished",
        tone="good",
    )


def render_overdue(timeline: Timeline, slot: Slot, due_at: datetime, now: datetime) -> Reply:
    """Return the notice to moderators about a post that came due while the bot was away for over a day."""
    zone = timeline.group.zone
    then = "I'm posting it now."
    if slot.opens_at > now:
        then = f"I'll post it {markup.moment(slot.opens_at, zone)}. Use the button to post it today."
    return Reply(
        (
            Text(
                f"**{markup.escape(timeline.label(slot))}** was due {markup.moment(due_at, zone)}, but I was "
                f"offline for over a day. {then}"
            ),
        ),
        (Button("See next post", command_links.PREVIEW.call(timeline.group.id), "primary"),),
        title=f"A late post in {markup.escape(timeline.group.name)}",
        tone="warn",
    )


def render_trouble(group: Group, reason: str) -> Reply:
    """Return the notice to moderators about a channel that takes no posts."""
    what = f"I can't post in the channel of **{markup.escape(group.name)}**. {reason}"
    return Reply(
        (Text(f"{what} I'll resume as soon as it's fixed."),),
        (Button("Run check", command_links.DOCTOR.call(group.id), "primary"),),
        title="A post is stuck",
        tone="warn",
    )


def render_unsent(group: Group, message: Reply, reason: str, *, is_unit: bool) -> Reply:
    """Return the notice to moderators about a failed message, known by its title or its first words.

    Args:
        is_unit: whether it is a unit's post, which can be posted again.
    """
    again = Button("Post again", command_links.PREVIEW.call(group.id), "primary")
    doctor = Button("Run check", command_links.DOCTOR.call(group.id), "plain" if is_unit else "primary")
    begins = message.plain(group.zone).strip().partition("\n")[0]
    which = f": “{markup.escape(begins, 80)}”" if begins else ""
    return Reply(
        (Text(f"I couldn't send a message to the channel of **{markup.escape(group.name)}**{which}. {reason}"),),
        (again, doctor) if is_unit else (doctor,),
        title="A post was not sent",
        tone="warn",
    )


def describe_unshared(what: str, state: str, reason: str) -> str:
    """Return the notice about a shared note or pledge that isn't in its thread."""
    if state == "sent":
        return f"I posted your shared {what} in the channel, because the unit's thread is closed."
    assurance = "It's still saved with your check-in." if what == "note" else "It's still saved, and only you see it."
    return f"I couldn't post your shared {what}. {reason} {assurance}"


def render_threadless(group: Group, reason: str) -> Reply:
    """Return the notice to moderators about a post without its thread."""
    what = f"I couldn't open the thread of a post in **{markup.escape(group.name)}**. {reason}"
    return Reply(
        (Text(f"{what} I'll post its messages in the channel."),),
        (Button("Run check", command_links.DOCTOR.call(group.id), "primary"),),
        title="A thread is missing",
        tone="warn",
    )


def describe_saved_streak(unit: int, streak: int, freezes_held: int) -> str:
    """Return the notice to a member whose streak a freeze saved."""
    return f"A freeze saved your streak on unit {unit}. Your streak: {streak}. Freezes left: {freezes_held}."


def describe_lost_alias(group: Group, alias: str) -> str:
    """Return the notice to a member whose alias another member now has."""
    return (
        f"Someone else in **{markup.escape(group.name)}** is now called “{markup.escape(alias, 40)}”, so others see "
        f"your own name. Choose another name in {markup.typed('settings')}."
    )


def describe_departure(group: Group, account: AccountRow) -> str:
    """Return the notice to moderators about a member who can't be messaged because they have left."""
    return (
        f"{markup.name(account.external_id, account.name)} is no longer here, so I took them out of "
        f"**{markup.escape(group.name)}**. Their record stays. Joining again brings it back."
    )


def render_muted(number: int) -> Reply:
    """Return the receipt after a member stopped the reminders for one unit."""
    return say(
        f"No more reminders for unit {number}. You can still check in. Reminders resume with the next unit.",
        tone="good",
    )


def describe_extension(label: str) -> str:
    """Return the summary of a later deadline."""
    return f"**{markup.escape(label)}** will get a later deadline."


def describe_plan_change(unit: Unit, *, is_skipped: bool, is_restored: bool) -> str:
    """Return the summary of a change to a coming unit."""
    change = (
        "will be skipped" if is_skipped else "is back in the schedule" if is_restored else "will move to another time"
    )
    return f"**{markup.escape(unit.label)}** {change}."


def describe_reason(unit: Unit, reason: str, *, is_skipped: bool, is_restored: bool) -> str:
    """Return the reason for the announcement of new dates: what happened, and the moderator's own words."""
    change = "is skipped" if is_skipped else "is back in the schedule" if is_restored else ""
    return f"{unit.label} {change}. {reason}".strip() if change else reason


def render_date_preview(summary: str, after: Timeline, moved: Moved, confirm: Call, *, is_stale: bool) -> Reply:
    """Return the preview of changed dates."""
    notice = (Text(group_wording.DATES_CHANGED),) if is_stale else ()
    blocks = (*notice, Text(summary), group_wording.render_dates(after, moved))
    return Reply(blocks, (group_wording.confirm_button(confirm),), title="Change the dates?")


def render_extended(timeline: Timeline, slot: Slot) -> Reply:
    """Return the reply to the moderator who extended a deadline."""
    due = markup.moment(slot.deadline_at, timeline.group.zone)
    label = markup.escape(timeline.label(slot))
    return say(
        f"**{label}** is now due {due}. I'll post the new dates in the channel.", tone="good", title="Schedule updated"
    )


def render_plan_changed(
    after: Timeline, unit: Unit, slot: Slot | None, *, is_skipped: bool, is_announced: bool
) -> Reply:
    """Return the reply to the moderator who moved, skipped or restored a unit.

    Args:
        slot: the unit's new dates; None if it is skipped or waits for the end of a pause.
    """
    label = f"**{markup.escape(unit.label)}**"
    change = f"{group_wording.format_slot(after, slot)}." if slot else f"{label} comes when the group resumes."
    if is_skipped:
        change = f"{label} is skipped."
    notice = "I'll post the new dates in the channel." if is_announced else "No other dates change."
    return say(f"{change} {notice}", tone="good", title="Schedule updated")


def restore_button(group_id: int, unit_id: str) -> Button:
    """Return the button that restores a unit's planned date."""
    return Button("Restore unit", command_links.SCHEDULE_RESTORE.call(group_id, unit=unit_id))


def describe_new_deadline(reason: str) -> str:
    """Return the reason that a unit's extended deadline shows."""
    return f"{reason.rstrip('.')}." if reason else "A moderator extended the deadline."


def describe_extended_grace(platform: str | None, from_at: datetime, until_at: datetime) -> str:
    """Return the reason that a unit's extended late period shows."""
    return f"The bot {describe_outage(platform)} from {from_at:%Y-%m-%d %H:%M} to {until_at:%Y-%m-%d %H:%M} UTC."


def describe_closed_messages() -> str:
    """Return the notice to a member who can't be messaged."""
    return (
        "I couldn't message you: your direct messages are closed. Open them, or turn reminders off in "
        f"{markup.typed('settings')}."
    )


def format_counted(n_kept: int, n_part: int, planned: str, together: str = "") -> str:
    """Return how many have checked in and have a plan: "23 of 60 checked in, 9 planned, 6 h 20 together".

    Args:
        planned: the plans, in words.
        together: the time in focus sessions, in words.
    """
    return ", ".join(filter(None, (f"{n_kept} of {n_part} checked in" if n_part else "", planned, together)))


DOTS, INITIALS = 12, 5
"""Most dots of a weekly post's row; more members share them. Most initials after it: a closed post keeps them."""


def format_dots(n_kept: int, n_part: int, names: Sequence[str]) -> str:
    """Return a row of dots that fills with check-ins, and initials: "●●○○○ AL · B". Empty for fewer than two members.

    Args:
        names: of those who have checked in and are shown; unescaped.
    """
    if n_part < 2:
        return ""
    cells = min(n_part, DOTS)
    filled = max(int(n_kept > 0), n_kept * cells // n_part)
    row = "●" * filled + "○" * (cells - filled)
    initials = [letters for name in names[:INITIALS] if (letters := _shorten_name(name))]
    n_more = n_kept - len(initials)
    more = [f"+{n_more}"] if n_more and initials else []
    return f"{row} {' · '.join([*initials, *more])}".rstrip()


def _shorten_name(name: str) -> str:
    """Return the initials of a name's first two words."""
    return "".join(word[0] for word in name.split()[:2] if word[0].isalnum()).upper()


KEPT_MAX, THANKED_MAX, BAR_CELLS = 110, 60, 10
"""Characters of the names of those who completed a unit and who were thanked, and cells of a bar."""


def format_completed(n_kept: int, names: Sequence[str], slot: Slot, n_pledged: int = 0) -> str:
    """Return who completed the last unit, never who missed it; only shown members are named.

    Args:
        names: the first of their names, in order.
        n_pledged: how many of them had pledged it.
    """
    if not n_kept:
        return ""
    planned = f" {spelt(n_pledged).capitalize()} of them had a plan for it." if n_pledged else ""
    return f"**Completed unit {slot.number}**: {_list_some(names, n_kept, KEPT_MAX) or f'{n_kept} of us'}. 🎉{planned}"


def format_thanked(named: Sequence[str], count: int) -> str:
    """Return who was thanked: some names, and the count of the rest."""
    return f"Thanks to {_list_some(named, count, THANKED_MAX) or f'{spelt(count)} of us'}." if count else ""


def _list_some(names: Sequence[str], count: int, most: int) -> str:
    """Return as many names as fit and the count of the rest; empty if no name fits."""
    listed: list[str] = []
    for name in names:
        if sum(len(n) + 2 for n in listed) + len(name) > most:
            break
        listed.append(markup.escape(name, 40))
    rest = count - len(listed)
    return markup.series([*listed, *([f"{rest} more"] if rest else [])]) if listed else ""


def format_goal(group_goal: Goal | None) -> str:
    """Return the group's goal as a bar and a count; empty without a goal. It never shows more than 100 %."""
    if group_goal is None:
        return ""
    filled = min(BAR_CELLS, group_goal.kept * BAR_CELLS // group_goal.of)
    bar = "▰" * filled + "▱" * (BAR_CELLS - filled)
    reached = " · goal reached 🎉" if group_goal.kept >= group_goal.of else ""
    return f"{bar} {min(group_goal.kept, group_goal.of)} of {group_goal.of} completed in this part{reached}"


def explain_goal(group_goal: Goal | None) -> str:
    """Return the group's goal with how it was set; empty without a goal."""
    if group_goal is None:
        return ""
    all_of_them = f"{numbered(group_goal.units, 'unit')} × {numbered(group_goal.members, 'member')}"
    is_even = group_goal.whole == group_goal.units * group_goal.members
    whole = all_of_them if is_even else f"{group_goal.whole} check-ins"
    return f"{format_goal(group_goal)} _({group_goal.of} is {GOAL_PERCENT} % of {whole})_"


def week_picture(week: Week) -> Image:
    """Return the picture of a unit's check-ins by day and of its warm-up answers."""
    card = WeekCard(f"Unit {week.unit}, together", week.first, week.counts, week.spread, week.right)
    by_day = week_card.describe_days(card)
    answers = ", ".join(f"{letter} {count}" for letter, count in week.spread)
    warm_up = f" Warm-up: {answers}; {week.right} is right." if answers else ""
    alt = f"Check-ins in unit {week.unit} by day: {by_day}.{warm_up}"
    return Image(WEEK, card.data(), alt, f"_Check-ins by day: {by_day}._")


def final_board(
    group_name: str, rows: Sequence[BoardRow | SkippedRows], streaks: Sequence[tuple[str, int]]
) -> list[Block]:
    """Return the longest streaks and the season's final leaderboard."""
    best = "\n".join(f"- {markup.escape(name, 40)}: {streak} in a row" for name, streak in streaks)
    table = render_table(list(rows))
    board: list[Block] = [table] if rows else []
    if 0 < len(rows) <= ROWS:  # a rank that many share is shown whole
        board = [cards.draw_board(f"Final leaderboard of {group_name}", "The whole season", rows, table)]
    return [*([Text(f"**Longest streaks**\n{best}")] if best else []), *board]


def season_summary(week: Week | None, comparison: Sequence[Block], thanked: str, *, has_reviews: bool) -> list[Block]:
    """Return the joint part of the closing post.

    Args:
        comparison: the final leaderboard or the goal.
        thanked: who was thanked since the last unit.
        has_reviews: whether somebody asked for review reminders, which go on.
    """
    reviews = (
        "Reviews continue. If you asked for review reminders, you'll still get them. "
        f"{markup.typed('review nudge=no')} turns them off, {markup.typed('review nudge=daily')} turns them on."
    )
    texts = (thanked, reviews if has_reviews else "")
    return [*([week_picture(week)] if week else []), *comparison, *(Text(text) for text in texts if text)]


def goal_summary(goal: Goal | None) -> list[Block]:
    """Return the group's goal for the closing post."""
    return [Text(explain_goal(goal))] if goal else []


def render_no_preview(position: str) -> Reply:
    """Return that no post is to come.

    Args:
        position: a sentence on where the group is, or "".
    """
    return say(position or "There are no more posts.", title="No more units")


def describe_unplanned(label: str, *, is_skipped: bool) -> str:
    """Return that a unit has no post to come."""
    why = "is skipped" if is_skipped else "isn't one of the upcoming units"
    return f"**{markup.escape(label)}** {why}. {markup.typed('manage preview')} shows the next one."


def describe_post_time(opens_at: datetime, zone: str) -> str:
    """Return when a post will go out."""
    return f"I'll post this on {markup.moment(opens_at, zone)}:"


def describe_stuck_post(*, is_unsent: bool) -> str:
    """Return why a running unit has no post in the group's channel."""
    why = "I couldn't send this post" if is_unsent else "This post is in the group's old channel"
    return f"{why}. Here it would look like this:"


def render_preview(post: Reply, head: str, *, onward: Call | None, post_now: Call | None, replaces: bool) -> Reply:
    """Return the preview of a post.

    Args:
        head: small print above it.
        onward: previews the post after it; None if there is none.
        post_now: sends it; None if another one comes first.
    """
    buttons = (
        *([Button("Next post", onward)] if onward is not None else []),
        *([Button("Post now", post_now, "danger")] if post_now is not None else []),
    )
    return replace(post.without_buttons().headed_by(Subtext(head)), buttons=buttons, replaces=replaces)


def render_posted(post: Reply, label: str, opened_at: datetime, zone: str, *, onward: Call | None) -> Reply:
    """Return a post that has been sent, with the way to the next one."""
    head = Text(f"**{markup.escape(label)}** opened {markup.moment(opened_at, zone)}:")
    buttons = (Button("See next post", onward, "primary"),) if onward is not None else ()
    return replace(post.without_buttons().headed_by(head), buttons=buttons, replaces=True)


def describe_not_next(label: str) -> str:
    """Return that a unit is no longer the next one."""
    return f"**{markup.escape(label)}** is no longer the next unit. See {markup.typed('manage preview')}."


def ask_post_now(label: str, deadline_at: datetime, zone: str, post: Call) -> Reply:
    """Return the question whether to post a unit now."""
    due = markup.moment(deadline_at, zone)
    return say(
        f"Post **{markup.escape(label)}** now? It'll be due {due}.", buttons=(Button("Post it", post, "primary"),)
    )


def render_posting(label: str) -> Reply:
    """Return that a unit is being posted."""
    return replace(say(f"I'm posting **{markup.escape(label)}** in the channel now.", tone="good"), replaces=True)
