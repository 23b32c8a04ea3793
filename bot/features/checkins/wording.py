"""Texts of the check-ins feature: receipts, the ledger, notices, and what moderators rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.commands.parameter_types import FOR_ONE
from bot.drawing import progress_card, receipt_card
from bot.drawing.receipt_card import RECEIPT, ReceiptCard
from bot.features import command_links
from bot.features.checkins import milestones
from bot.features.checkins.checkin_log import CheckinState, MemberView
from bot.features.checkins.milestones import Milestone
from bot.features.checkins.scoring import LedgerLine, Outcome, Score, State, UnitState
from bot.features.groups.calendar.timeline import Opened, Timeline
from bot.features.groups.tables import Away, Group
from bot.features.rules import KEPT_PER_FREEZE, MOST_FREEZES, QUIZ_PASS, QUIZ_QUESTIONS, REPAIRABLE
from bot.messages import markup
from bot.messages.call import Call
from bot.messages.numerals import lasting, numbered, spelt
from bot.messages.reply import Actions, Button, Image, Quote, Reply, Subtext, Text, say

SIGNS: dict[State, str] = {
    "kept": "●", "late": "◆", "frozen": "❄", "away": "▷", "excused": "▽", "paused": "‖", "missed": "✕",
    "caught up": "○", "repaired": "⊕", "open": "…", "before": "·",
}  # a table of data # fmt: skip
_IN_WORDS: dict[State, str] = {"kept": "completed", "frozen": "freeze used", "before": "before joining"}
_STATES: dict[State, str] = {
    "kept": "Checked in on time.",
    "late": "Checked in during the late period.",
    "frozen": "Not checked in. A freeze saved the streak.",
    "away": "Away on the day of the deadline.",
    "excused": "Excused by a moderator.",
    "paused": "The group was paused.",
    "missed": "Not checked in before the late period ended.",
    "caught up": "Caught up after the late period.",
    "open": "Open, not checked in yet.",
    "before": "Closed before joining.",
}
_BESIDE_A_VOID: dict[State, str] = {"missed": "", "open": "", "frozen": "A freeze saved the streak."}
"""What a voided unit says instead of a state that tells whether the member checked in."""
_MISSED: frozenset[Outcome] = frozenset({"missed", "frozen", "repaired"})
_HABITS = {4: "a habit begins", 8: "you've found your pace", 12: "a season of learning"}
STRIP_UNITS = 26
LEDGER_LINES = 4
LINKS, LINK_SHOWN = 2, 60
"""Links of one unit that a ledger shows, and characters of the address of one."""


def format_state(state: State) -> str:
    """Return the word for a unit's state, such as "completed"."""
    return _IN_WORDS.get(state, state)


def render_strip(score: Score) -> str:
    """Return the newest units as signs, with a legend below."""
    states = score.states[-STRIP_UNITS:]
    if not states:
        return "No unit is open yet."
    signs = " ".join(SIGNS[s.state] for s in states)
    used = list(dict.fromkeys(s.state for s in states))
    legend = ", ".join(f"{SIGNS[state]} {format_state(state)}" for state in used)
    first, last = states[0].number, states[-1].number
    span = f"Unit {first}" if first == last else f"Units {first} to {last}"
    return f"{span}: {signs}\n_{legend}_"


def describe_state(state: UnitState) -> str:
    """Return what happened with a unit, and what its points are for if there are extra ones."""
    text = _STATES[state.state]
    if state.state == "caught up" and state.outcome not in _MISSED:
        text = f"{_STATES[state.outcome]} {text}"
    if state.is_void:  # they may well have checked in
        text = f"A moderator decided that this unit doesn't count. {_BESIDE_A_VOID.get(state.state, text)}"
    extras = [(state.extra_day_points, "for extra days"), (state.quiz_points, "for quiz days")]
    bonus = markup.series([f"{numbered(points, 'point')} {what}" for points, what in extras if points])
    return f"{text.rstrip()} {f'Includes {bonus}.' if bonus else ''}".rstrip()


def describe_line(line: LedgerLine) -> str:
    """Return what happened with a unit, and what that did to the streak."""
    return f"{describe_state(line.state)} {_describe_effect(line)}".rstrip()


def _describe_effect(line: LedgerLine) -> str:
    if line.has_earned_freeze:
        return "Earned a freeze."
    if line.outcome == "repaired":
        return "This repaired the streak."
    if line.outcome == "missed" and line.streak_before:
        return f"The streak of {line.streak_before} ended."
    return ""


def render_ledger(view: MemberView, lines: Sequence[LedgerLine], *, is_own: bool) -> str:
    """Return the ledger, newest first: deadline, what happened and why, the balance after it.

    Args:
        is_own: whether the reader is the member, who alone sees the check-ins' links.
    """
    timeline = view.timeline
    return "\n".join(
        f"- **Unit {line.number}** ({_format_due(timeline, line)}): {describe_line(line)}{_format_rulings(view, line)}"
        f"{_format_causes(timeline, line)} _{format_balance(line)}_"
        f"{_format_links(view, line) if is_own else ''}"
        for line in reversed(lines)
    )


def format_balance(line: LedgerLine) -> str:
    """Return the points of a unit, and the streak and freezes after it."""
    points = (f"+{numbered(line.points, 'point')}",) if line.points else ()
    return " · ".join((*points, f"streak {line.streak}", numbered(line.freezes, "freeze")))


def _format_links(view: MemberView, line: LedgerLine) -> str:
    """Return the newest links of a unit's check-ins."""
    facts = view.scores.facts(view.account.id)
    urls = dict.fromkeys(s.link for s in reversed(facts) if s.unit_id == line.unit_id and s.link)
    return "".join(f" {format_link(url, LINK_SHOWN)}" for url in list(urls)[:LINKS])


def _format_rulings(view: MemberView, line: LedgerLine) -> str:
    """Return the reasons that moderators gave for their rulings on the unit."""
    ruled = [r for r in view.scores.rulings(view.account.id) if r.unit_id == line.unit_id]
    is_void = any(r.kind == "void" for r in ruled)  # which says nothing of how a check-in was corrected before
    reasons = (r.reason for r in ruled if not (is_void and r.kind == "correct"))
    return "".join(f" Reason: “{markup.escape(reason, 200)}”." for reason in reasons)


def _format_due(timeline: Timeline, line: LedgerLine) -> str:
    opened = timeline.find(line.unit_id)
    if opened is not None and opened.is_held:
        return "no deadline now"
    return f"due {markup.moment(line.deadline_at, timeline.group.zone)}"


def _format_causes(timeline: Timeline, line: LedgerLine) -> str:
    """Return what moved a unit's dates, such as a pause or an outage, and the resulting late period."""
    opened = timeline.find(line.unit_id)
    if opened is None or not opened.reasons:
        return ""
    reasons = " ".join(markup.escape(r, 200) for r in opened.reasons)
    if opened.is_held:
        return f" {reasons} It waits until the group resumes."
    return f" {reasons} Late period until {markup.moment(line.grace_until, timeline.group.zone)}."


def describe_balance(score: Score, group: Group) -> str:
    """Return the streak and its freezes in two sentences; no freeze is promised after the group's end."""
    best = f" (best {score.best_streak})" if score.best_streak > score.streak else ""
    streak = f"🔥 **Streak {score.streak}**{best}." if score.streak else f"**Streak 0**{best}."
    return f"{streak} {describe_freezes(score, group)}"


def describe_freezes(score: Score, group: Group) -> str:
    """Return how many freezes a member has, and when the next one comes."""
    left, is_over = KEPT_PER_FREEZE - score.kept_towards_freeze, group.closed_at or group.ended_at
    more = "" if is_over or score.freezes_held >= MOST_FREEZES else f" (next after {left} more unit{_plural(left)})"
    return f"Freezes: {score.freezes_held}{more}."


def _plural(count: int) -> str:
    return "" if count == 1 else "s"


def format_minutes(count: int) -> str:
    """Return "1 minute" or "45 minutes"."""
    return numbered(count, "minute")


def format_link(url: str, most: int = 500) -> str:
    """Return a member's link as small Markdown with its address, without the mark of who can open it."""
    address = url.removesuffix(FOR_ONE)
    return f"[{markup.escape(address, most)}]({address})"


@dataclass(frozen=True)
class ReceiptFacts:
    """What a receipt says besides the check-in itself.

    Args:
        before: the score before the check-in; None after an edit, which then shows the unit's points.
        n_in: how many members whom others may read about have completed the unit.
        n_part: how many of them take part in it; 0 if nothing may be said.
        total: the minutes of all the member's check-ins for the unit; 0 if unknown.
        times: how often the same check-in was sent in a few minutes.
        reached: the milestones that the check-in reached.
    """

    before: Score | None = None
    n_in: int = 0
    n_part: int = 0
    total: int = 0
    times: int = 1
    reached: Sequence[Milestone] = ()


def render_receipt(
    view: MemberView,
    opened: Opened,
    standing: CheckinState,
    facts: ReceiptFacts,
    repair: Reply | None,
    offer: tuple[str, Button] | None,
) -> Reply:
    """Return the private receipt of a check-in: one line, and the card of a completed unit.

    Args:
        repair: what the check-in did for an ended streak, or what is left to do.
        offer: what to do next, a line and its button, which takes the place of Share.
    """
    receipt = _render_receipt_line(view, opened, standing, facts, offer[1] if offer else None)
    if repair is not None:
        receipt = receipt.followed_by(*repair.blocks, Actions(repair.buttons))
    if offer is not None:
        receipt = receipt.followed_by(Subtext(offer[0]))
    return receipt.headed_by(Text(_describe_repeat(facts.times))) if facts.times > 1 else receipt


def _render_receipt_line(
    view: MemberView, opened: Opened, standing: CheckinState, facts: ReceiptFacts, onward: Button | None
) -> Reply:
    buttons = _make_buttons(view, standing, onward)
    void, state = _describe_void(view, opened), find_state(view, opened)
    verb = "Noted" if void else _choose_verb(state.state, standing.at, opened)
    gained = view.score.points - facts.before.points if facts.before is not None else 0
    if not void and not gained and facts.total > standing.minutes:
        text = f"**Added {standing.minutes} min: {facts.total} min now on Unit {opened.slot.number}.**"
        return Reply((Text(f"{text} Points come once a unit."),), buttons, tone="good")
    line = f"{_format_headline(verb, opened, standing)}{f' {void}' if void else _format_gains(view, state, facts)}"
    picture = _draw_receipt(view, opened, facts) if not void else None
    if picture is None:
        return Reply((Text(line),), buttons, tone="plain" if void else "good")
    edit, undo, last = buttons
    return Reply((Text(line), picture), (replace(last, style="primary"), edit, undo), tone="good")


STREAK_MILESTONES = {3: "Three in a row", 7: "Seven in a row"}
"""Streaks that are worth a word on the card."""


def _draw_receipt(view: MemberView, opened: Opened, facts: ReceiptFacts) -> Image | None:
    """Return the card of a check-in that completed its unit; None for any other."""
    before, way, unit_id = facts.before, view.timeline.roadmap, opened.slot.unit_id
    was = next((state.state for state in before.states if state.unit_id == unit_id), "open") if before else "open"
    if before is None or was in milestones.DONE or find_state(view, opened).state not in milestones.DONE:
        return None
    leg = way.part_of(unit_id)
    states = {way.heir(state.unit_id): state.state for state in view.score.states}
    units: list[progress_card.Unit] = [states.get(unit.id, "to come") for unit in leg.units]
    at = [unit.id for unit in leg.units].index(way.heir(unit_id))
    start, shown = receipt_card.cut_window(units, at)
    gained = max(0, view.score.streak - before.streak)
    counts = (facts.n_in, facts.n_part) if facts.n_in <= facts.n_part else (0, 0)
    moment, phase_id = _name_milestone(view, facts), way.phase_ids[unit_id]
    card = ReceiptCard(shown, leg.first + start, at - start, view.score.streak, gained, *counts, moment, phase_id)
    done = sum(state in milestones.DONE for state in units)
    alt = f"Unit {opened.slot.number} completed: {done} of {numbered(len(units), 'unit')} in this part."
    return Image(RECEIPT, card.data(), f"{f'{moment}. ' if moment else ''}{alt}", "")


def _name_milestone(view: MemberView, facts: ReceiptFacts) -> str:
    """Return the headline of the milestone that a check-in reached; "" for an ordinary one."""
    kinds = {milestone.kind: milestone for milestone in facts.reached}
    if part := kinds.get(milestones.PART):
        return f"Part {part.number} finished" if part.number else "Course finished"
    if milestones.BACK in kinds:
        return "Welcome back"
    if milestones.FIRST in kinds:
        return "Your first check-in"
    is_longer = facts.before is not None and view.score.streak > facts.before.streak
    if is_longer and view.score.streak in STREAK_MILESTONES:
        return STREAK_MILESTONES[view.score.streak]
    completed = kinds.get(milestones.COMPLETED)
    return f"{spelt(completed.number).capitalize()} units completed" if completed else ""


def render_edited(view: MemberView, opened: Opened, standing: CheckinState, verb: str) -> Reply:
    """Return the receipt of an edited or moved check-in."""
    void, state = _describe_void(view, opened), find_state(view, opened)
    gains = f" {void}" if void else _format_gains(view, state, ReceiptFacts())
    line = f"{_format_headline(verb, opened, standing)}{gains}"
    edit, undo, share = _make_buttons(view, standing)
    move = Button("Move check-in", command_links.MOVE.ask(view.timeline.group.id, id=standing.id))
    buttons = (edit, undo, move) if len(view.timeline.opened) > 1 else (edit, undo, share)
    return Reply((Text(line),), buttons, tone="plain" if void else "good")


def find_state(view: MemberView, opened: Opened) -> UnitState:
    """Return the member's state of a unit."""
    return next(state for state in view.score.states if state.unit_id == opened.slot.unit_id)


def _format_headline(verb: str, opened: Opened, standing: CheckinState) -> str:
    return f"**{verb}: {standing.minutes} min on Unit {opened.slot.number}.**"


def _format_gains(view: MemberView, state: UnitState, facts: ReceiptFacts) -> str:
    """Return the points, the streak and the members who are in, as far as there are any."""
    score = view.score
    if facts.before is None:
        parts = [numbered(state.points, "point")] if state.points else []
    else:
        gained = score.points - facts.before.points
        parts = [f"+{numbered(gained, 'point')}"] if gained else []
        parts += ["+1 freeze ❄"] if score.freezes_held > facts.before.freezes_held else []
    parts += [f"streak {score.streak} 🔥"] if score.streak else []
    parts += [f"{facts.n_in} of {facts.n_part} checked in"] if facts.n_part > 1 and facts.n_in else []
    return f" {' · '.join(parts)}" if parts else ""


def _make_buttons(
    view: MemberView, standing: CheckinState, onward: Button | None = None
) -> tuple[Button, Button, Button]:
    group_id = view.timeline.group.id
    return (
        Button("Edit", command_links.EDIT_CHECKIN.ask(group_id, id=standing.id)),
        Button("Undo", command_links.UNDO_CHECKIN.call(group_id, id=standing.id), "danger"),
        onward or Button("Share", command_links.SHARE.ask(group_id, id=standing.id)),
    )


def _describe_repeat(times: int) -> str:
    """Return the note on a repeated check-in, with the way to undo it."""
    count = "twice" if times == 2 else f"{times} times"
    return f"You've sent this {count} in a few minutes. A slip? Press **Undo**."


def _describe_void(view: MemberView, opened: Opened) -> str:
    """Return what a check-in is worth on a voided unit; empty for other units."""
    ruled = [r for r in view.scores.rulings(view.account.id) if (r.unit_id, r.kind) == (opened.slot.unit_id, "void")]
    if not ruled:
        return ""
    return (
        "You get no points, because a moderator decided that this unit doesn't count. "
        f"Reason: “{markup.escape(ruled[-1].reason, 200)}”"
    )


def _choose_verb(state: State, at: datetime, opened: Opened) -> str:
    """Return the receipt's verb; a further check-in on a completed unit is "noted"."""
    if state == "late" and at <= opened.slot.grace_until:
        return "Checked in late"
    if state == "caught up":
        return "Caught up"
    return "Checked in" if at <= opened.slot.deadline_at else "Noted"


def render_undone(view: MemberView, removed: CheckinState, of_unit: Sequence[CheckinState], *, again: Call) -> Reply:
    """Return the receipt of an undone check-in, with the way to check in again.

    Args:
        of_unit: the member's check-ins for the unit, the removed one included, oldest first.
    """
    text = _describe_undone(markup.escape(view.timeline.roadmap.unit(removed.unit_id).label), removed, of_unit)
    return Reply(
        (Text(f"{text} {describe_balance(view.score, view.timeline.group)}"),),
        (Button("Check in again", again),),
        title="Undone",
    )


def _describe_undone(label: str, removed: CheckinState, of_unit: Sequence[CheckinState]) -> str:
    names = {checkin.id: _name_place(place) for place, checkin in enumerate(of_unit)}
    left = [checkin for checkin in of_unit if checkin.id != removed.id]
    if not left:
        return f"I've removed your check-in for **{label}**."
    text = f"I've removed your {names[removed.id]} check-in for **{label}**."
    if len(left) == 1:
        return f"{text} Your {names[left[0].id]} one ({left[0].minutes} min) still counts."
    return f"{text} Your other {spelt(len(left))} ({sum(checkin.minutes for checkin in left)} min) still count."


def _name_place(place: int) -> str:
    """Return "first" for 0, and "later" from the sixth on."""
    names = ("first", "second", "third", "fourth", "fifth")
    return names[place] if place < len(names) else "later"


def render_shared(*, is_new: bool, keeps_file: bool) -> Reply:
    """Return the receipt of a shared check-in.

    Args:
        is_new: whether it had not been shared before.
        keeps_file: whether its link is a file that only the member can open.
    """
    notice = "Done! I'll post it in the unit's thread." if is_new else "You've already shared this check-in."
    file = " Your file stays private, because others can't open it." if keeps_file else ""
    return Reply((Text(notice + file),), tone="good")


def render_shared_post(who: str, minutes: int, note: str, link: str, *, check_in: Call, thank: Call) -> Reply:
    """Return the post of a shared check-in.

    Args:
        who: the name that signs it, small Markdown.
        note: the check-in's text, escaped.
        link: to the work; "" without one.
    """
    quote = f"{note}\n{format_link(link)}" if link else note
    return Reply(
        (Text(f"**{who}** worked for {format_minutes(minutes)}:"), Quote(quote)),
        (Button("Check in", check_in), Button("Say thanks", thank)),
    )


def render_points(view: MemberView) -> str:
    """Return the points of the season and of the running phase."""
    score = view.score
    if not score.states:
        return "No points yet."
    phases = view.timeline.roadmap.phase_ids
    phase = phases[score.states[-1].unit_id]
    in_phase = sum(s.points for s in score.states if phases[s.unit_id] == phase)
    in_phase_text = "" if in_phase == score.points else f" ({in_phase} in this phase)"
    return f"**{numbered(score.points, 'point')}** this season{in_phase_text}."


def describe_next(view: MemberView, now: datetime) -> str:
    """Return the member's next deadline or the next unit, or that the group is paused; else empty."""
    timeline, states = view.timeline, {state.unit_id: state.state for state in view.score.states}
    due = [opened for opened in timeline.open_units(now) if states.get(opened.slot.unit_id) == "open"]
    coming = timeline.planned(now) if timeline.group.ended_at is None else []
    if due and not due[0].is_held:
        is_late = due[0].slot.deadline_at <= now
        verb, at = ("closes", due[0].slot.grace_until) if is_late else ("is due", due[0].slot.deadline_at)
        return f"**Next:** Unit {due[0].slot.number} {verb} {markup.moment(at, timeline.group.zone, 'countdown')}."
    if coming and not due:
        return f"**Next:** Unit {coming[0].number} opens {markup.moment(coming[0].opens_at, timeline.group.zone)}."
    pause = timeline.pause_at(now) if timeline.group.closed_at is None else None
    if pause is not None and pause.until_at is None:
        held = [
            o.slot for o in timeline.open_units(now) if o.is_held and states.get(o.slot.unit_id) in ("open", "paused")
        ]
        check_in = f" You can still check in for unit {held[0].number}." if held else ""
        return f"**Next:** Paused until a moderator resumes.{check_in}"
    return ""


def render_absences(view: MemberView) -> Text | None:
    """Return absences with their reasons, or None; overlapping ones with one reason are merged."""
    spans: list[tuple[date, date, str]] = []
    for absence in sorted(view.scores.away(view.account.id), key=lambda absence: (absence.reason, absence.from_on)):
        if spans and spans[-1][2] == absence.reason and absence.from_on <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], absence.until_on), absence.reason)
        elif absence.until_on >= absence.from_on:
            spans.append((absence.from_on, absence.until_on, absence.reason))
    lines = [
        f"- Away {markup.day(from_on)} to {markup.day(until_on)}" + (f": {markup.escape(why)}" if why else "")
        for from_on, until_on, why in sorted(spans)
    ]
    return Text("\n".join(lines[-8:])) if lines else None


def render_milestone(milestone: Milestone) -> str:
    """Return the notice to the member."""
    match milestone.kind:
        case milestones.FIRST:
            return "That was your first check-in. Good to have you here!"
        case milestones.BACK:
            return "Welcome back! You can still catch up on the units you missed."
        case milestones.COMPLETED:
            return (
                f"{spelt(milestone.number).capitalize()} units completed: {_HABITS.get(milestone.number, 'well done')}."
            )
        case _:
            return f"You've completed {_describe_part(milestone, 'you')}. Well done!"


def render_milestone_share(milestone: Milestone) -> str:
    """Return a sentence in the member's own voice for the others."""
    match milestone.kind:
        case milestones.FIRST:
            return "My first check-in!"
        case milestones.BACK:
            return "I'm back!"
        case milestones.COMPLETED:
            return f"I've completed {spelt(milestone.number)} units!"
        case _:
            return f"I've completed {_describe_part(milestone, 'I')}!"


def _describe_part(milestone: Milestone, who: str) -> str:
    part = f"part {milestone.number}" if milestone.number else "this course"
    return f"{'' if milestone.has_gaps else 'every unit of '}{part}{f' since {who} joined' * milestone.has_joined_late}"


def render_no_open_unit(first_at: datetime | None, zone: str) -> str:
    """Return that no unit is open, and when the first one opens."""
    return "No unit is open yet." + (f" The first one opens {markup.moment(first_at, zone)}." if first_at else "")


def render_early_event(at: datetime, first_at: datetime, zone: str) -> str:
    """Return that a message is dated before the first unit, which points at a wrong clock."""
    return (
        f"No unit was open when you sent this, {markup.moment(at, zone)}. "
        f"The first one opened {markup.moment(first_at, zone)}. Please send it again. "
        "If that doesn't help, ask the bot's operator to check the clock."
    )


def render_away(row: Away, *, holds_units: bool) -> Reply:
    """Return the receipt of an absence.

    Args:
        holds_units: whether a unit is due while the member is away.
    """
    effect = "Your streak is safe." if holds_units else "No unit is due then."
    text = (
        f"You're away from **{markup.day(row.from_on)}** to **{markup.day(row.until_on)}** ({row.zone}). {effect} "
        f"You'll get no reminders. End it early with {markup.typed('away today')}."
    )
    return Reply((Text(text),), title="Enjoy your break", tone="good")


def render_welcome_back() -> Reply:
    """Return the receipt of an absence that ended early."""
    return Reply((Text("Welcome back! Your streak and reminders are on again."),), tone="good")


def render_not_away() -> Reply:
    """Return that there is no absence to end, and how to be away for today."""
    only_today = markup.typed("away until=today from=today")
    return Reply((Text(f"You're not away. To be away for today only, type {only_today}."),))


def render_repaired(view: MemberView, part: int, *, progress: Call | None = None) -> Reply:
    """Return the receipt of a repair in a part of the course."""
    return say(
        f"**Streak repaired!** {describe_balance(view.score, view.timeline.group)} "
        f"That was your one repair for part {part}.",
        tone="good",
        buttons=(Button("My progress", progress, "primary"),) if progress is not None else (),
    )


def render_no_repair(spent: str) -> Reply:
    """Return that there is no streak to repair, and when there is.

    Args:
        spent: why a recent streak can't be repaired; "" if there is none.
    """
    when = f"up to {lasting(REPAIRABLE)} after it ends"
    return say(spent or f"You have no streak to repair. You can repair one streak in each part, {when}.")


def render_repair_steps(
    offer: str, *, catch_up: Call | None, quiz: Call | None, has_title: bool, has_failed_quiz: bool
) -> Reply:
    """Return what repairs a streak, with the steps that are left.

    Args:
        offer: what repairs it, small Markdown.
        catch_up, quiz: the steps; None if they are done.
    """
    buttons = (
        *([Button("Catch up", catch_up, "primary")] if catch_up is not None else []),
        *([Button("Try again" if has_failed_quiz else "Take the quiz", quiz)] if quiz is not None else []),
    )
    return Reply((Text(offer),), buttons, title="Repair your streak" if has_title else "")


def render_repair_spent(streak: int, ended: int, used: int) -> str:
    """Return why a streak can't be repaired: the part's repair went to another unit."""
    return (
        f"Your streak of {streak} ended with unit {ended}. "
        f"You can't repair it: you used this part's repair on unit {used}."
    )


def render_repair_offer(streak: int, label: str, until: str, *, is_caught_up: bool, is_passed: bool) -> str:
    """Return what repairs a streak.

    Args:
        label: of the unit that ended it, escaped.
        until: the moment until which it can be repaired, small Markdown.
    """
    if is_caught_up and is_passed:
        return f"You've done everything to repair your streak of {streak}. Press **Repair my streak**."
    quiz = f"({QUIZ_PASS} of {QUIZ_QUESTIONS} right)"
    if is_caught_up:
        steps = f"Pass the quiz on **{label}** {quiz}"
    else:
        steps = f"Catch up on **{label}**{'' if is_passed else f' and pass its quiz {quiz}'}"
    return f"You can still save your streak of {streak}. {steps} by {until}. You can do this once in each part."


_RULED = {
    "excuse": "excused you from",
    "void": "decided that your check-in doesn't count for",
    "lift": "lifted the ruling on",
}


def render_ruling_notice(kind: str, label: str, reason: str) -> str:
    """Return the notice of a ruling to its member."""
    safe = " Your streak is safe." if kind == "excuse" else ""
    return f"A moderator {_RULED[kind]} **{label}**. Reason: “{markup.escape(reason, 200)}”.{safe}"


def render_correction_notice(label: str, was: str, now: str, reason: str) -> str:
    """Return the notice of a correction to its member."""
    return (
        f"A moderator changed your check-in for **{label}** from {was} to {now}. Reason: “{markup.escape(reason, 200)}”"
    )


def render_message(group: Group, sentence: str) -> Reply:
    """Return the direct message about a ruling."""
    progress = Button("My progress", command_links.PROGRESS.call(group.id), "primary")
    return Reply((Text(sentence),), (progress,), title=markup.escape(group.name))


def render_told(at: datetime | None, now: datetime, zone: str) -> str:
    """Return when a member will hear of a ruling; `at` is None if their direct messages are closed."""
    if at is None:
        return "I can't message them, so I'll show them your reason with my next reply."
    if at > now:
        return f"I'll message them when their quiet hours end, {markup.moment(at, zone)}."
    return "I've messaged them your reason."
