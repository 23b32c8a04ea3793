"""Texts of the ask feature: answers from the notes, answers about the group, and questions put to the group."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.answers.compose import language_detection
from bot.answers.compose.extract import SUMMARY
from bot.answers.compose.values import UNSURE, Answer, Citation, Passage, StandsIn, is_own
from bot.commands.command import Command
from bot.curriculum import note_renderer
from bot.curriculum.content import Unit
from bot.curriculum.track import Track
from bot.features import command_links, rules
from bot.features.ask import passages
from bot.features.checkins import wording as checkin_wording
from bot.features.checkins.member_view import MemberView
from bot.features.checkins.scoring import LedgerLine
from bot.features.groups import wording as group_wording
from bot.features.groups.calendar.pacing import GRACE, Slot
from bot.features.groups.calendar.timeline import Opened, Timeline
from bot.features.groups.tables import Group
from bot.features.live_sessions import wording as session_wording
from bot.features.live_sessions.tables import LiveHour
from bot.features.standings import wording as standings_wording
from bot.features.standings.leaderboard import BoardRow
from bot.features.units import wording as unit_wording
from bot.messages import markup
from bot.messages.call import Call
from bot.messages.numerals import counted, lasting, numbered, spelt
from bot.messages.reply import Button, Quote, Reply, Text, say

READ_NEXT = 2
"""Passages beside those that an answer rests on that are named."""

NAME_MAX, OWN_NAME_MAX, LABEL_MAX, LEAD_MAX = 60, 100, 75, 700

LOOKING = "_Looking in our notes…_"
READING = "_I'm still reading our notes. One moment…_"
BY_WORDS = "_I've just started, so I matched words only. In a minute I'll find more._"
STANDS_IN: Mapping[StandsIn, str] = {
    "silent": "_The model didn't answer, so I quote the notes._",
    "untenable": "_I couldn't check the model's answer against the notes, so I quote them._",
}
UNREAD = "_I'm still reading our notes and may have missed it. Please ask again in a minute._"
BY_THE_NOTES = "I can only go by our notes. They say:"
"""Stands above the answer to a person who disputes one. It is always the same, so that insisting changes nothing."""

_CODE = re.compile(r"(`[^`]*`)")
_MARKS = re.compile(r"\s+((?:\[\d{1,3}\])+)(?=\s|$)")
_TIED = "\u00a0"
_SMALL = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def answered(answer: Answer, track: Track, group: int | None, ahead: str = "") -> Reply:
    """Return an answer's sentences with their marks, where they come from and what else is near, each with its button.

    Args:
        group: that the buttons are for.
        ahead: when the group comes to it, if it has not yet.
    """
    cited = _group_citations(answer)
    number = {passage: at for at, passage in enumerate(cited, 1)}
    text = _format_text(answer)
    further = [fromkey for fromkey in dict.fromkeys(answer.near) if fromkey not in number][:READ_NEXT]
    below = (_format_passages("From", cited, 1), _format_passages("Read next", further, len(cited) + 1), ahead)
    lines = [
        note_renderer.inline(text) if answer.origin == "notes" else markup.prose(text),
        _format_missing(answer),
        "\n".join(line for line in below if line),
    ]
    return Reply(
        tuple(Text(line) for line in lines if line), _make_buttons({**cited, **{p: [] for p in further}}, track, group)
    )


def hint(answer: Answer, track: Track, group: int | None) -> Reply:
    """Return under which headings to look for what a unit's exercise asks."""
    cited = dict.fromkeys([_make_passage(citation) for citation in answer.citations] or answer.near)
    lines = (
        "That's close to this unit's exercise, so here's a hint first. Read this, then try.",
        _format_passages("Look at", cited, 1),
    )
    return Reply(
        tuple(Text(line) for line in lines if line), _make_buttons({passage: [] for passage in cited}, track, group)
    )


def unanswered(answer: Answer, track: Track, group: int | None) -> Reply:
    """Return that the notes do not answer, and what comes nearest in them where something does."""
    if answer.coverage == "foreign":
        return Reply((Text(markup.escape(answer.text)),))
    return answered(replace(answer, near=()), track, group).headed_by(
        Text(markup.escape(answer.lead, LEAD_MAX) if answer.lead else UNSURE)
    )


def _format_missing(answer: Answer) -> str:
    return f"_Not in our notes: {markup.escape(answer.missing, 120)}._" if answer.missing else ""


def elsewhere(track: Track) -> str:
    """Return that another course of the server covers a question."""
    return f"Another course here, **{markup.escape(track.title, 100)}**, has a note on this."


def in_english(tongue: str) -> str:
    """Return that the notes are in English, in the language of a question and in English."""
    return f"{language_detection.IN_ENGLISH[tongue]} (Our notes are in English. Please ask me in English.)"


def without_notes(unit: str) -> str:
    """Return where to look while a unit has no notes, and how moderators add some."""
    topic, add = markup.typed("unit"), markup.typed("manage notes add")
    return f"**{markup.escape(unit)}** has no notes yet. {topic} shows its resources. Moderators can add notes: {add}."


def growing(answer: Answer) -> Text:
    """Return the sentences of an answer by a model that is still being worded, with the marks that they will keep."""
    return Text(markup.prose(_format_text(answer)))


def _format_text(answer: Answer) -> str:
    number = {passage: at for at, passage in enumerate(_group_citations(answer), 1)}
    return _renumber_marks(answer.text, [number[_make_passage(citation)] for citation in answer.citations])


def ahead(unit: Unit, opens_at: datetime, zone: str) -> str:
    """Return when the group comes to a unit."""
    on = markup.moment(opens_at, zone, "day")
    return f"You'll get to this in unit {unit.number}, on {on}."


def _group_citations(answer: Answer) -> dict[Passage, list[str]]:
    """Return the passages that an answer rests on, in the order of its marks, and what it quotes of each."""
    cited: dict[Passage, list[str]] = {}
    for citation in answer.citations:
        cited.setdefault(_make_passage(citation), []).append(citation.quote)
    return cited


def _make_passage(citation: Citation) -> Passage:
    return Passage(citation.note, citation.title, citation.heading)


def _renumber_marks(text: str, numbers: Sequence[int]) -> str:
    """Return an answer's text with the numbers of passages, small, in place of those of citations."""

    def small(match: re.Match[str]) -> str:
        cited = [int(digits) for digits in re.findall(r"\d+", match[1])]
        if not all(1 <= number <= len(numbers) for number in cited):
            return match[0]
        return ",".join(dict.fromkeys(_raise_number(numbers[number - 1]) for number in cited))

    parts = _CODE.split(text)
    return "".join(part if i % 2 else _MARKS.sub(small, part) for i, part in enumerate(parts))


def _raise_number(number: int) -> str:
    return str(number).translate(_SMALL)


def _format_passages(lead: str, passages: Iterable[Passage], first: int) -> str:
    named = [f"_{_raise_number(at)}{_TIED}{_name_passage(passage)}_" for at, passage in enumerate(passages, first)]
    return f"{lead}: {' · '.join(named)}" if named else ""


def _name_passage(passage: Passage) -> str:
    """Return how a passage is called in a line: its heading, for one that every note has the note's title.

    A note of the group's own is called by its title, which says whose it is, and by the heading of its section.
    """
    is_everywhere = passage.heading.casefold() in SUMMARY
    if is_own(passage.note):
        is_told = is_everywhere or passage.heading.casefold() in passage.title.casefold()
        return markup.escape(passage.title if is_told else f"{passage.title}, {passage.heading}", OWN_NAME_MAX)
    return markup.escape(passage.title if is_everywhere else passage.heading, NAME_MAX)


def _make_buttons(quoted: dict[Passage, list[str]], track: Track, group: int | None) -> tuple[Button, ...]:
    """Return a button for each passage, named by its number."""
    return tuple(
        Button(str(at), passages.make_call(group, track.notes[passage.note], passage.heading, quotes))
        for at, (passage, quotes) in enumerate(quoted.items(), 1)
        if passage.note in track.notes
    )


def searched(names: Sequence[str], chosen: str, *, is_declined: bool) -> str:
    """Return which groups' or courses' notes were searched; "" if that goes without saying.

    Args:
        chosen: the one whose notes answered.
    """
    bold = [f"**{markup.escape(name, 100)}**" for name in names]
    if len(bold) < 2:
        return f"I only searched the notes of {bold[0]}." if bold else ""
    if is_declined:
        return f"I searched the notes of {markup.series(bold)}."
    return f"This is from the notes of **{markup.escape(chosen, 100)}**."


def did_you_mean(word: str, again: Call) -> Button:
    """Return the button that asks again with another word."""
    return Button(markup.clip(f"Did you mean {markup.clean(word)}?", LABEL_MAX), again, "primary")


def interrupted(question: str, again: Call | None) -> Reply:
    """Return the notice that replaces an answer whose process died.

    Args:
        again: asks the question again; None if it is too old.
    """
    if again is None:
        return Reply((Text(f"{STOPPED} Please ask again."),), tone="error")
    head = [Quote(f"**{markup.escape(question, 500)}**")] if question else []
    return Reply((*head, Text(STOPPED)), (Button("Try again", again, "primary"),), tone="error")


STOPPED = "I was interrupted before the answer was ready."


# Answers about the group


def choose_group(calls: Sequence[tuple[str, Call]]) -> tuple[Button, ...]:
    """Return a button for each group that may be meant."""
    return tuple(Button(markup.clip(name, 40), call) for name, call in calls)


def answers_of_groups(replies: Sequence[tuple[str, Reply]]) -> Reply:
    """Return the answers of several groups, a line for each; groups with the same answer share a line."""
    names_by_text: dict[str, list[str]] = {}
    buttons: list[Button] = []
    for name, reply in replies:
        text = "\n".join(block.markdown for block in reply.blocks if isinstance(block, Text))
        names_by_text.setdefault(text, []).append(f"**{markup.escape(name, 60)}**")
        buttons += [replace(button, label=markup.clip(f"{button.label}: {name}", 40)) for button in reply.buttons]
    if len(names_by_text) == 1:
        return say(next(iter(names_by_text)), buttons=tuple(buttons))
    lines = (f"{' and '.join(names)}: {text}" for text, names in names_by_text.items())
    return say("\n".join(lines), buttons=tuple(buttons))


def command_button(group_id: int | None, command: Command) -> Button:
    """Return the button that leads to a command's help."""
    return Button(command.title, command_links.HELP.call(group_id, command=command.name), "primary")


def position(timeline: Timeline, now: datetime, *, has_button: bool = False) -> Reply:
    """Return where the group is."""
    buttons = (Button("Show unit", command_links.TOPIC.call(timeline.group.id), "primary"),) if has_button else ()
    return say(group_wording.describe_position(timeline, now), buttons=buttons)


def next_unit(timeline: Timeline, slot: Slot) -> Reply:
    """Return the next unit with its dates."""
    return say(f"Next is {group_wording.format_slot(timeline, slot)}.", buttons=(_show_unit(timeline, slot.unit_id),))


def last_unit(timeline: Timeline, slot: Slot) -> Reply:
    """Return the course's last unit with its dates."""
    text = f"The last unit is {group_wording.format_slot(timeline, slot)}."
    return say(text, buttons=(_show_unit(timeline, slot.unit_id),))


def previous_unit(timeline: Timeline, slot: Slot) -> Reply:
    """Return the unit before the running one, with its dates and summary."""
    summary = markup.prose(timeline.unit(slot).summary)
    text = f"The previous unit was {group_wording.format_slot(timeline, slot)}.\n{summary}".strip()
    return say(text, buttons=(_show_unit(timeline, slot.unit_id, is_primary=True),))


def no_previous_unit(timeline: Timeline, now: datetime) -> Reply:
    """Return that no unit came before."""
    return say(f"There was no earlier unit. {group_wording.describe_position(timeline, now)}")


def unit_dates(timeline: Timeline, slot: Slot) -> Reply:
    """Return when a unit opens and is due."""
    return say(f"{group_wording.format_slot(timeline, slot)}.", buttons=(_show_unit(timeline, slot.unit_id),))


def unit_without_dates(timeline: Timeline, unit: Unit, *, is_skipped: bool) -> Reply:
    """Return that a unit has no dates in this group."""
    reason = "was skipped" if is_skipped else "isn't planned for this group"
    return say(f"Unit {unit.number} {reason}.", buttons=(_show_unit(timeline, unit.id),))


def unknown_unit(timeline: Timeline) -> Reply:
    """Return how many units the course has, for a number that it does not have."""
    text = f"The course has {numbered(len(timeline.roadmap.units), 'unit')}."
    return say(text, buttons=(_show_course(timeline.group.id),))


def _show_unit(timeline: Timeline, unit_id: str, *, is_primary: bool = False) -> Button:
    call = command_links.TOPIC.call(timeline.group.id, unit=unit_id)
    return Button("Show unit", call, "primary" if is_primary else "plain")


def _show_course(group_id: int) -> Button:
    return Button("Show course", command_links.ROADMAP.call(group_id))


def unit_exercise(timeline: Timeline, unit: Unit, due_at: datetime | None) -> Reply:
    """Return a unit's exercise."""
    if not unit.exercise.task:
        return _describe_unit(timeline, unit, "This unit has no exercise.", due_at)
    done = f"\n_Done when:_ {markup.prose(unit.exercise.done_when)}" if unit.exercise.done_when else ""
    return _describe_unit(timeline, unit, f"{markup.prose(unit.exercise.task)}{done}", due_at)


def unit_resources(timeline: Timeline, unit: Unit, due_at: datetime | None) -> Reply:
    """Return a unit's resources."""
    return _describe_unit(timeline, unit, unit_wording.resources(unit) or "This unit has no resources.", due_at)


def unit_hours(timeline: Timeline, unit: Unit, due_at: datetime | None) -> Reply:
    """Return how long a unit takes."""
    minutes = sum(resource.minutes for resource in unit.resources if resource.need == "must")
    sentences = [
        *([f"About {counted(unit.hours, 'hour')} with reading and exercise."] if unit.hours else []),
        *([f"The required reading takes about {numbered(minutes, 'minute')}."] if minutes else []),
    ]
    text = " ".join(sentences) or "I don't know how long this unit takes."
    return _describe_unit(timeline, unit, f"{text}{_format_short(unit)}", due_at)


def _describe_unit(timeline: Timeline, unit: Unit, details: str, due_at: datetime | None) -> Reply:
    name = f"**{markup.escape(timeline.roadmap.label(unit))}**"
    due = f"_Due {group_wording.format_when(due_at, timeline.group.zone)}._" if due_at else ""
    return say(f"{name}\n{details}", due, buttons=(_show_unit(timeline, unit.id, is_primary=True),))


def _format_short(unit: Unit | None) -> str:
    return f"\n_Only 30 minutes?_ {markup.prose(unit.exercise.short)}" if unit and unit.exercise.short else ""


def unit_quiz(timeline: Timeline, unit: Unit, count: int, start: Call) -> Reply:
    """Return how many quiz questions a unit has."""
    name = f"**{markup.escape(timeline.roadmap.label(unit))}**"
    text = f"{name} has {numbered(count, 'quiz question')}. Try them whenever you like."
    return say(text, buttons=(Button("Take a quiz", start, "primary"),))


def no_quiz(timeline: Timeline, now: datetime) -> Reply:
    """Return that there is no quiz."""
    return say(f"There is no quiz for now. {group_wording.describe_position(timeline, now)}")


def capstone(timeline: Timeline) -> Reply:
    """Return the course's capstone."""
    goal, buttons = timeline.roadmap.capstone, (_show_course(timeline.group.id),)
    if goal is None:
        return say("This course has no capstone.", buttons=buttons)
    return say(f"**{markup.escape(goal.title)}**\n{markup.prose(goal.summary)}", buttons=buttons)


def private_standing(group_id: int) -> Reply:
    """Return the way to one's own progress, where others read along."""
    return say("Only you can see your progress.", buttons=(_my_progress(group_id),))


def private_leaderboard(group_id: int) -> Reply:
    """Return the way to the leaderboard, where others read along."""
    return say("Only members can see the leaderboard.", buttons=(_show_leaderboard(group_id),))


def _my_progress(group_id: int | None) -> Button:
    return Button("My progress", command_links.PROGRESS.call(group_id), "primary")


def _show_leaderboard(group_id: int) -> Button:
    return Button("Leaderboard", command_links.LEADERBOARD.call(group_id))


def _check_in(group_id: int | None, *, is_primary: bool = True) -> Button:
    return Button("Check in", command_links.CHECKIN.ask(group_id), "primary" if is_primary else "plain")


def checked_in_for_moderators(group_id: int) -> Reply:
    """Return the way to the names of those who have not checked in."""
    return say("You'll find the names in the report.", buttons=(Button("Report", command_links.REPORT.call(group_id)),))


def checked_in_for_members(group_id: int, moderators: Sequence[str]) -> Reply:
    """Return who may see the names of those who have checked in."""
    who = " or ".join(moderators) or "moderators"
    text = f"Only {who} can see who has checked in. You can see your own progress."
    return say(text, buttons=(_my_progress(group_id),))


def checkin_count(timeline: Timeline, slot: Slot, checked_in: int, members: int) -> Reply:
    """Return how many members have checked in to a unit."""
    text = f"{checked_in} of {members} have checked in to **{markup.escape(timeline.label(slot))}**."
    return say(text, buttons=(_check_in(timeline.group.id),))


def hidden_count(group_id: int) -> Reply:
    """Return why there is no count."""
    text = "I can't show a count here. The group turned counts off, or its members are hidden from the leaderboard."
    return say(text, buttons=(_my_progress(group_id),))


def group_course(timeline: Timeline) -> Reply:
    """Return which course a group follows."""
    group, course = timeline.group, timeline.roadmap
    size = numbered(len(course.units), "unit")
    text = f"**{markup.escape(group.name)}** follows **{markup.escape(course.title)}** ({size})."
    return say(text, buttons=(_show_course(group.id),))


def group_moderators(moderators: Sequence[str]) -> Reply:
    """Return who moderates a group."""
    if not moderators:
        return say("The people who manage this server moderate the group.")
    return say(f"{' and '.join(moderators)} can help. They moderate this group.")


def group_size(group: Group, members: int) -> Reply:
    """Return how many members a group has."""
    return say(f"**{markup.escape(group.name)}** has {numbered(members, 'member')}.")


def for_members_only() -> Reply:
    """Return that only members learn how many take part."""
    return say("Only members can see how many take part.")


def live_sessions(group: Group, sessions: Sequence[LiveHour]) -> Reply:
    """Return a group's coming live sessions."""
    return say("\n".join(f"Live session: {session_wording.line(group, session)}" for session in sessions))


def no_live_session(moderators: Sequence[str]) -> Reply:
    """Return that no live session is planned, and who can plan one."""
    who = " or ".join(moderators) or "A moderator"
    return say(f"No live session is planned. {who} can plan one: {markup.typed('manage session plan')}.")


def streak_rule(group_id: int | None) -> Reply:
    """Return the rules of a streak."""
    first, most = spelt(rules.FIRST_FREEZES), spelt(rules.MOST_FREEZES)
    earned = counted(rules.KEPT_PER_FREEZE, "completed unit")
    lines = (
        f"A check-in by the deadline, or up to {lasting(GRACE)} after it, adds one to your streak.",
        "- A missed unit uses up a freeze. Without one, the streak starts again.",
        f"- You start with {first}. Every {earned} earn another, up to {most}.",
        f"- Sick or busy? {markup.typed('away')} protects your streak. So does a group pause or a moderator's excuse.",
        f"- You can repair an ended streak for {lasting(rules.REPAIRABLE)}, once per part.",
    )
    return say("\n".join(lines), buttons=(_my_progress(group_id), Button("Be away", command_links.AWAY.ask(group_id))))


def late_rule(timeline: Timeline | None, now: datetime) -> Reply:
    """Return until when a check-in counts.

    Args:
        timeline: of the group; None for the rule of any group.
    """
    points = rules.BASE_POINTS
    text = (
        f"A check-in counts for your streak until {lasting(GRACE)} after the deadline. It earns "
        f"{points['kept']} points on time, {points['late']} late. After that you can still catch up for "
        f"{points['caught up']} points: {markup.typed('checkin')} with the unit's number."
    )
    where = f"\n{group_wording.describe_position(timeline, now)}" if timeline is not None else ""
    return say(f"{text}{where}", buttons=(_check_in(timeline.group.id if timeline is not None else None),))


def checkin_rule(group_id: int | None, unit: Unit | None) -> Reply:
    """Return what counts as a check-in, and what is enough of the running unit."""
    text = (
        "Any work on a unit counts as a check-in, finished or not. Say how many minutes and what you did. The "
        "exercise, the quiz and the rest of the reading are optional."
    )
    return say(f"{text}{_format_short(unit)}", buttons=(_check_in(group_id),))


def points_rule(group_id: int | None, *, has_quiz_points: bool) -> Reply:
    """Return what earns points."""
    hours, points = GRACE // timedelta(hours=1), rules.BASE_POINTS
    sentences = (
        f"A check-in earns {points['kept']} points on time, {points['late']} up to {hours} hours late, and "
        f"{points['caught up']} after that.",
        f"Up to {spelt(rules.MOST_EXTRA_DAYS)} extra days of work on a unit earn 1 point each.",
        *([f"A day with a quiz earns {rules.QUIZ_DAY_POINTS}."] if has_quiz_points else []),
    )
    return say(" ".join(sentences), buttons=(_my_progress(group_id),))


def own_standing(
    member: MemberView,
    timeline: Timeline,
    running: Opened | None,
    latest: Sequence[LedgerLine],
    now: datetime,
    *,
    has_checked_in: bool,
) -> Reply:
    """Return a member's check-in, streak, points and latest units."""
    lines, buttons = [], [_my_progress(timeline.group.id)]
    if running is not None and has_checked_in:
        lines.append(f"You've checked in to **{markup.escape(timeline.label(running.slot))}**.")
    elif running is not None:
        where = group_wording.describe_position(timeline, now)
        lines.append(f"{group_wording.describe_open_unit(running, now)} {where}")
        buttons.append(_check_in(timeline.group.id, is_primary=False))
    balance = checkin_wording.describe_balance(member.score, member.timeline.group)
    lines.append(f"{balance} {checkin_wording.render_points(member)}")
    if latest:
        lines.append(checkin_wording.render_ledger(member, latest, is_own=True))
    return say("\n".join(lines), buttons=tuple(buttons))


def hidden_leaderboard(group_id: int) -> Reply:
    """Return that the reader has hidden the leaderboard."""
    return standings_wording.render_hidden_board(_show_leaderboard(group_id))


def empty_leaderboard(group_id: int) -> Reply:
    """Return that nobody is on the leaderboard."""
    return Reply((standings_wording.render_empty_board(),), (_show_leaderboard(group_id),))


def leaderboard(group_id: int, rows: standings_wording.Rows, *, is_over: bool) -> Reply:
    """Return who leads, where the reader stands, and the rows around them."""
    ranked = [row for row in rows if isinstance(row, BoardRow)]
    first, own = ranked[0], next((row for row in ranked if row.is_me), None)
    you, they = ("share the lead", "shares the lead") if first.is_shared else ("lead", "leads")
    leader = f"You {you}" if first.is_me else f"**{markup.escape(first.name, 40)}** {they}"
    span = "over the whole season" if is_over else "in this phase"
    text = f"{leader} with {numbered(first.points, 'point')} {span}."
    if own is not None and not first.is_me:
        text += f" You are number {own.rank}{', shared,' if own.is_shared else ''} with {own.points}."
    return Reply((Text(text), standings_wording.render_table(rows)), (_show_leaderboard(group_id),))


# Questions put to the group


def group_question(author: str, question: str, limit: int, thanks: Button) -> Reply:
    """Return the post that puts a member's question to the group."""
    intro = Text(f"**{author}** asks the group. Our notes don't answer this:")
    return Reply((intro, Quote(markup.escape(question, limit))), (thanks,))


def thank_helper(group_id: int) -> Button:
    """Return the button that thanks the person who answered."""
    return Button("Thank a helper", command_links.THANKS.ask(group_id))


def asked_group(label: str, *, is_new: bool) -> Reply:
    """Return the receipt of a question put to the group.

    Args:
        label: of the unit in whose thread it is posted.
    """
    text = (
        f"I'll post your question in the thread of **{label}**." if is_new else "You've already asked the group this."
    )
    return say(text, tone="good")
