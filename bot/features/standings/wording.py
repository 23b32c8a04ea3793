"""Texts of the standings feature: progress, the leaderboard, moderators' rulings, and the move to another group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.drawing import progress_card
from bot.drawing.board_card import BOARD, BoardCard
from bot.drawing.progress_card import PROGRESS, ProgressCard
from bot.features.checkins import wording as checkin_wording
from bot.features.checkins.checkin_log import MemberView
from bot.features.checkins.rulings import Kind
from bot.features.checkins.scoring import LedgerLine
from bot.features.groups.calendar.timeline import Timeline
from bot.features.groups.wording import confirm_button
from bot.features.rules import BASE_POINTS
from bot.features.standings.group_standings import Period
from bot.features.standings.leaderboard import BoardRow, SkippedRows
from bot.messages import markup
from bot.messages.call import Call
from bot.messages.numerals import counted, numbered
from bot.messages.reply import Block, Button, Fields, Image, Reply, Subtext, Table, Text, say

ALT_MAX = 900
NOTHING = "nothing"
SHARED = "shared rank"
"""The word beside members who have the same rank."""
_DONE: dict[Kind, str] = {
    "excuse": "I've excused {who} from {unit}.",
    "void": "{who} no longer gets credit for {unit}.",
    "lift": "I've lifted the ruling on {who}'s {unit}.",
}
_DONE_BEFORE: dict[Kind, str] = {
    "excuse": "{who} is already excused from {unit}.",
    "void": "{who} already gets no credit for {unit}.",
    "lift": "There is no ruling on {who}'s {unit}.",
}
Rows = Sequence[BoardRow | SkippedRows]


def render_progress(
    view: MemberView,
    picture: Image,
    now: datetime,
    streak: str,
    *,
    is_own: bool,
    shows_absences: bool,
    check_in: Call | None,
    repair: Call | None,
    all_units: Call | None,
) -> Reply:
    """Return a member's progress.

    Args:
        streak: what repairs an ended streak, or why nothing does, small Markdown; "" for neither.
        is_own: whether the member reads it.
    """
    recent = view.score.ledger[-checkin_wording.LEDGER_LINES :]
    texts = [
        checkin_wording.describe_next(view, now) if is_own else "",
        # members have a page with all units
        checkin_wording.render_ledger(view, recent, is_own=False) if recent and not is_own else "",
    ]
    blocks: list[Block] = [picture, *(Text(text) for text in texts if text)]
    if shows_absences and (absences := checkin_wording.render_absences(view)) is not None:
        blocks.append(absences)
    if streak:
        blocks.append(Text(streak))
    buttons = (
        *([Button("Check in", check_in, "primary")] if check_in is not None else []),
        *([Button("Repair my streak", repair)] if repair is not None else []),
        *([Button("All units", all_units)] if all_units is not None else []),
    )
    title = "Your progress" if is_own else f"{markup.escape(view.account.name, 40)}'s progress"
    return Reply(tuple(blocks), buttons, title=title)


def render_progress_picture(view: MemberView, card: ProgressCard) -> Image:
    """Return the picture of a member's progress, with the words that replace it."""
    strip = checkin_wording.render_strip(view.score)
    balance = checkin_wording.describe_balance(view.score, view.timeline.group)
    words = f"{balance}\n{checkin_wording.render_points(view)}\n{strip}" if view.score.states else strip
    return Image(PROGRESS, card.data(), _describe_card(card), words)


def _describe_card(card: ProgressCard) -> str:
    counts = Counter(card.units)
    units = ", ".join(f"{count} {_format_unit(unit)}" for unit, count in counts.items()) or "none yet"
    studied = sum(step > 0 for step in card.days)
    return (
        f"Progress card: {numbered(card.streak, 'unit')} in a row, best {card.best}, "
        f"{numbered(card.freezes, 'freeze')}, {numbered(card.points, 'point')}. Units: {units}. "
        f"Studied on {numbered(studied, 'day')} {f'of the last {len(card.days)}' if len(card.days) > 1 else 'so far'}."
    )


def _format_unit(unit: progress_card.Unit) -> str:
    return unit if unit == "to come" else checkin_wording.format_state(unit)


def render_pace(n_kept: int, n_units: int) -> str:
    """Return how many of a part's units earlier finishers had completed by now."""
    return f"People who finished had completed {n_kept} of {n_units} in this part by now."


def render_ledger_page(
    view: MemberView,
    lines: Sequence[LedgerLine],
    place: tuple[int, int],
    insights: Sequence[str],
    *,
    earlier: Call | None,
    later: Call | None,
) -> Reply:
    """Return a page of a member's units.

    Args:
        place: the page and the number of pages.
        insights: further paragraphs, small Markdown.
        earlier, later: open the next and the previous page; None if there is none.
    """
    page, pages = place
    text = checkin_wording.render_ledger(view, lines, is_own=True) or "No unit is open yet."
    buttons = (
        *([Button("Show earlier", earlier)] if earlier is not None else []),
        *([Button("Later", later)] if later is not None else []),
    )
    title = "All units" if pages == 1 else f"All units, page {page} of {pages}"
    return Reply((Text(text), *map(Text, insights)), buttons, title=title, replaces=True)


def render_hidden_board(show: Call, label: str = "Show leaderboard") -> Reply:
    """Return that the reader has hidden the leaderboard."""
    return say("You've hidden the leaderboard. Your points and streak still count.", buttons=(Button(label, show),))


def render_leaderboard(
    timeline: Timeline,
    period: Period,
    rows: Rows,
    picture: Image | None,
    now: datetime,
    *,
    periods: Mapping[Period, Call],
    hide: Call | None,
) -> Reply:
    """Return the leaderboard of a period.

    Args:
        picture: of the rows; None if there are none.
        periods: shows each other period.
        hide: hides the leaderboard from the reader; None if they are no member.
    """
    has_hidden_row = any(isinstance(row, BoardRow) and row.is_me and row.is_hidden for row in rows)
    blocks: tuple[Block, ...] = (
        Text(format_period(timeline, period, now)),
        picture if picture is not None else render_empty_board(),
        *([Subtext("Only you see your row. You can change that in your settings.")] if has_hidden_row else []),
        Subtext(points_rule(timeline)),
    )
    buttons = (
        *(Button(f"Show {other}", call) for other, call in periods.items()),
        *([Button("Hide leaderboard", hide)] if hide is not None else []),
    )
    return Reply(blocks, buttons, title=f"{format_board_title(timeline)}: {markup.escape(timeline.group.name)}")


def format_board_title(timeline: Timeline) -> str:
    """Return "Leaderboard" or, after the group's end, "Final leaderboard"."""
    return "Final leaderboard" if timeline.group.ended_at is not None else "Leaderboard"


def format_period(timeline: Timeline, period: Period, now: datetime) -> str:
    """Return the label of a leaderboard's period, escaped."""
    if period == "season" or not timeline.opened:
        return "Whole season"
    current = timeline.unit((timeline.running(now) or timeline.opened[-1]).slot)
    if period == "week":
        return markup.escape(current.label)
    return f"Phase: {markup.escape(timeline.roadmap.phase_of(current).title)}"


def render_board_picture(title: str, rows: Rows, card: BoardCard, table: Table) -> Image:
    """Return the picture of the leaderboard, with the table that replaces it."""
    text = "; ".join(
        f"{row.n_rows} more"
        if isinstance(row, SkippedRows)
        else f"{row.rank} {markup.clip(markup.clean(row.name), 24)}{format_aside(row)} {row.points}"
        for row in rows
    )
    return Image(BOARD, card.data(), markup.clip(f"{title}: {text}", ALT_MAX), "", table)


def render_empty_board() -> Text:
    """Return that no member is on the leaderboard."""
    return Text("Nobody is on the leaderboard yet.")


def points_rule(timeline: Timeline) -> str:
    """Return what earns points, in a sentence."""
    further = "each extra day and each quiz day" if timeline.group.has_quiz_points else "each extra day"
    on_time, late, caught_up = (BASE_POINTS[state] for state in ("kept", "late", "caught up"))
    return f"Points: {on_time} on time, {late} late, {caught_up} caught up, and 1 for {further}."


def render_table(rows: Rows) -> Table:
    """Return the leaderboard as a table of rank, name and points."""
    lines = [
        ("…", "", "")
        if isinstance(row, SkippedRows)
        else (str(row.rank), markup.clip(row.name, 24) + format_aside(row), str(row.points))
        for row in rows
    ]
    return Table(("#", "Name", "Points"), tuple(lines), right=(0, 2))


def format_aside(row: BoardRow) -> str:
    """Return the words beside a name, in brackets."""
    notes = ", ".join(filter(None, ("you" if row.is_me else "", SHARED if row.is_shared else "")))
    return f" ({notes})" if notes else ""


def format_note(row: BoardRow) -> str:
    """Return the words below a name in the picture."""
    if row.is_hidden:
        return "only you see this"
    return ", ".join(filter(None, ("you" if row.is_me else "", SHARED if row.is_shared else "")))


def render_void_question(label: str, who: str, reason: str, *, confirm: Call) -> Reply:
    """Return the question before a void."""
    notice = f"I'll send them your reason: “{markup.escape(reason, 200)}”"
    text = f"{who} will get no points or streak for **{label}**. {notice}"
    return Reply((Text(text),), (confirm_button(confirm, "Void unit", "danger"),), title="Void this unit?", tone="warn")


def render_ruled(kind: Kind, who: str, label: str, notice: str, *, undo: Call) -> Reply:
    """Return the receipt of a ruling; `notice` says when the member hears of it."""
    buttons = () if kind == "lift" else (Button("Undo excuse" if kind == "excuse" else "Undo void", undo),)
    return Reply((Text(f"{_DONE[kind].format(who=who, unit=f'**{label}**')} {notice}"),), buttons, tone="good")


def render_ruled_already(kind: Kind, who: str, label: str) -> Reply:
    """Return that a ruling was made before."""
    return Reply((Text(f"{_DONE_BEFORE[kind].format(who=who, unit=f'**{label}**')} Nothing changed."),))


def render_corrected(who: str, was: str, now: str, notice: str, *, undo: Call) -> Reply:
    """Return the receipt of a correction; `notice` says when the member hears of it."""
    return Reply(
        (Text(f"I've changed {who}'s check-in from {was} to {now}. {notice}"),),
        (Button("Undo correction", undo),),
        tone="good",
    )


def render_correct_already(who: str) -> Reply:
    """Return that a check-in has the wanted values."""
    return Reply((Text(f"{who}'s check-in already says that. Nothing changed."),))


def format_moved(n_checkins: int, n_rulings: int, n_absences: int) -> str:
    """Return what moves to another group, counted."""
    counts = ((n_checkins, "check-in"), (n_rulings, "ruling"), (n_absences, "absence"))
    return ", ".join(counted(number, noun) for number, noun in counts if number) or NOTHING


def render_transferred(old: str, new: str, moved: str, *, progress: Call, back: Call) -> Reply:
    """Return the receipt of a move to another group.

    Args:
        old, new: the unescaped names of the groups.
    """
    text = f"You've left {markup.escape(old)}." + (f" These moved with you: {moved}." if moved != NOTHING else "")
    buttons = (Button("My progress", progress, "primary"), Button("Move back", back))
    return Reply((Text(text),), buttons, title=f"You're in {markup.escape(new)}", tone="good", replaces=True)


def render_transfer_question(old: str, new: str, moved: str, n_left: int, *, confirm: Call) -> Reply:
    """Return what moves to another group and what stays, with the question.

    Args:
        old, new: the unescaped names of the groups.
    """
    old, new = markup.escape(old), markup.escape(new)
    left = f"{counted(n_left, 'check-in')} for units that {new} hasn't opened, " if n_left else ""
    rows = (
        ("Moves with you", moved),
        (f"Stays in {old}", f"{left}thanks, buddies, plans, repaired streaks and quiz points"),
    )
    text = (
        f"You'll leave {old} and join {new}. Its deadlines will apply to your units, so your streak and points may "
        f"change. Moderators of {new} will see that you moved."
    )
    return Reply((Fields(rows), Text(text)), (confirm_button(confirm, "Move"),), title=f"Move to {new}?", tone="warn")
