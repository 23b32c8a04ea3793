"""Texts on a member's standing: strip, ledger, receipt."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from bot.commands.parameter_types import FOR_ONE
from bot.features import command_links
from bot.features.checkins.checkin_log import CheckinState
from bot.features.checkins.scoring import LedgerLine, Score, State
from bot.features.checkins.service import MemberView
from bot.features.groups.calendar.timeline import Opened, Timeline
from bot.features.groups.tables import Group
from bot.features.rules import KEPT_PER_FREEZE, MOST_FREEZES
from bot.messages import markup
from bot.messages.reply import Button, Fields, Reply, Text

SIGNS: dict[State, str] = {
    "kept": "●", "late": "◆", "frozen": "❄", "away": "▷", "excused": "▽", "paused": "‖", "missed": "✕",
    "caught up": "○", "repaired": "⊕", "open": "…", "before": "·",
}  # a table of data # fmt: skip
_IN_WORDS: dict[State, str] = {"late": "kept in the grace after its deadline"}
STRIP_UNITS = 26
LEDGER_LINES = 4
LINKS, LINK_SHOWN = 2, 60
"""Links of one unit that a ledger shows, and characters of the address of one."""


def render_strip(score: Score, most: int = STRIP_UNITS) -> str:
    """Return the newest units as signs, with a legend below."""
    states = score.states[-most:]
    if not states:
        return "No unit is out yet."
    signs = " ".join(SIGNS[s.state] for s in states)
    used = list(dict.fromkeys(s.state for s in states))
    legend = ", ".join(f"{SIGNS[state]} {_IN_WORDS.get(state, state)}" for state in used)
    first, last = states[0].number, states[-1].number
    span = f"Unit {first}" if first == last else f"Units {first} to {last}"
    return f"{span}: {signs}\n_{legend}_"


def render_ledger(view: MemberView, lines: Sequence[LedgerLine], *, is_own: bool) -> str:
    """Return the ledger, newest first: deadline, what happened and why, the balance after it.

    Args:
        is_own: whether the reader is the member, who alone sees the check-ins' links.
    """
    timeline = view.timeline
    return "\n".join(
        f"- **Unit {line.number}** ({_format_due(timeline, line)}): {line.what}{_format_rulings(view, line)}"
        f"{_format_causes(timeline, line)} "
        f"_Streak {line.streak}, freezes {line.freezes}, {line.points} points._"
        f"{_format_links(view, line) if is_own else ''}"
        for line in reversed(lines)
    )


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
    return "".join(f" Why: {markup.escape(reason, 200)}." for reason in reasons)


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
        return f" {reasons} It is held until the group goes on."
    return f" {reasons} Grace until {markup.moment(line.grace_until, timeline.group.zone)}."


def describe_balance(score: Score, group: Group) -> str:
    """Return the streak and what protects it, in a sentence; no freeze is promised after the group's end."""
    left, is_over = KEPT_PER_FREEZE - score.kept_towards_freeze, group.closed_at or group.ended_at
    more = "" if is_over or score.freezes_held >= MOST_FREEZES else f", next in {left} unit{'' if left == 1 else 's'}"
    return f"**Streak {score.streak}** (best {score.best_streak}), {format_freezes(score)}{more}."


def format_freezes(score: Score) -> str:
    """Return "1 freeze in hand" or "no freeze in hand"."""
    held = score.freezes_held
    return f"{held or 'no'} freeze{'s' if held > 1 else ''} in hand"


def format_minutes(count: int) -> str:
    """Return "1 minute" or "45 minutes"."""
    return f"{count} minute{'' if count == 1 else 's'}"


def format_link(url: str, most: int = 500) -> str:
    """Return a member's link as small Markdown with its address, without the mark of who can open it."""
    address = url.removesuffix(FOR_ONE)
    return f"[{markup.escape(address, most)}]({address})"


def render_receipt(view: MemberView, opened: Opened, standing: CheckinState) -> Reply:
    """Return the private receipt of a check-in."""
    group_id = view.timeline.group.id
    void = _describe_void(view, opened)
    state = {s.unit_id: s for s in view.score.states}[opened.slot.unit_id]
    facts = [
        ("Unit", markup.escape(view.timeline.label(opened.slot))),
        ("Time spent", format_minutes(standing.minutes)),
        ("Note", markup.escape(standing.note, 500)),
        *([("Link", format_link(standing.link))] if standing.link else []),
        ("This unit", void or state.reason),
        ("You", describe_balance(view.score, view.timeline.group)),
    ]
    buttons = [
        Button("Edit", command_links.AMEND.ask(group_id, id=standing.id)),
        Button("Undo", command_links.RETRACT.call(group_id, id=standing.id), "danger"),
        Button("Share", command_links.SHARE.ask(group_id, id=standing.id)),
    ]
    if len(view.timeline.opened) > 1:
        buttons.append(Button("Another unit", command_links.MOVE.ask(group_id, id=standing.id)))
    title = "Noted" if void else _choose_headline(state.state, standing.at, opened)
    return Reply((Fields(tuple(facts)),), tuple(buttons), title=title, tone="plain" if void else "good")


def render_repeat(times: int) -> str:
    """Return the note on a repeated check-in, with the way to undo it."""
    count = "twice" if times == 2 else f"{times} times"
    return f"You sent the same a moment ago ({count} now). If once was enough, Undo takes this one back."


def _describe_void(view: MemberView, opened: Opened) -> str:
    """Return what a check-in is worth on a voided unit; empty for other units."""
    ruled = [r for r in view.scores.rulings(view.account.id) if (r.unit_id, r.kind) == (opened.slot.unit_id, "void")]
    if not ruled:
        return ""
    return (
        f"A moderator ruled that this unit does not count for you: {markup.escape(ruled[-1].reason, 200)}. "
        "Your check-in is kept for the record and earns nothing."
    )


def _choose_headline(state: State, at: datetime, opened: Opened) -> str:
    """Return the receipt's headline; a further check-in on a completed unit is "noted"."""
    if state == "late" and at <= opened.slot.grace_until:
        return "Checked in, within the grace"
    if state == "caught up":
        return "Caught up"
    return "Checked in" if at <= opened.slot.deadline_at else "Noted"


def render_points(view: MemberView) -> str:
    """Return the points of the season and of the running phase."""
    score = view.score
    if not score.states:
        return "0 points so far."
    phases = view.timeline.roadmap.phase_ids
    phase = phases[score.states[-1].unit_id]
    in_phase = sum(s.points for s in score.states if phases[s.unit_id] == phase)
    return f"**{score.points} points** this season, {in_phase} of them in this phase."


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
