"""Texts of the standings feature: progress, the leaderboard, moderators' rulings, and the move to another group."""

from __future__ import annotations

from collections.abc import Sequence

from bot.features.checkins import wording as checkin_wording
from bot.features.checkins.member_view import MemberView
from bot.features.checkins.rulings import Kind
from bot.features.groups.calendar.timeline import Timeline
from bot.features.rules import BASE_POINTS
from bot.features.standings.leaderboard import BoardRow, SkippedRows
from bot.messages import markup
from bot.messages.numerals import counted
from bot.messages.reply import Button, Fields, Reply, Subtext, Table, Text

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


def render_summary(view: MemberView) -> str:
    """Return the streak and the points, a line each, for readers who don't see the picture of them."""
    balance = checkin_wording.describe_balance(view.score, view.timeline.group)
    return f"{balance}\n{checkin_wording.render_points(view)}"


def format_progress_title(name: str) -> str:
    """Return the title of a member's progress; for the member's own, the name is empty."""
    return f"{markup.escape(name, 40)}'s progress" if name else "Your progress"


def render_pace(n_kept: int, n_units: int) -> str:
    """Return how many of a part's units earlier finishers had completed by now."""
    return f"People who finished had completed {n_kept} of {n_units} in this part by now."


def render_ledger_page(text: str, page: int, pages: int, buttons: tuple[Button, ...]) -> Reply:
    """Return a page of a member's units."""
    title = "All units" if pages == 1 else f"All units, page {page} of {pages}"
    return Reply((Text(text or "No unit is open yet."),), buttons, title=title, replaces=True)


def render_hidden_board(show: Button) -> Reply:
    """Return that the reader has hidden the leaderboard."""
    return Reply((Text("You've hidden the leaderboard. Your points and streak still count."),), (show,))


def format_board_title(timeline: Timeline) -> str:
    """Return "Leaderboard" or, after the group's end, "Final leaderboard"."""
    return "Final leaderboard" if timeline.group.ended_at is not None else "Leaderboard"


def render_empty_board() -> Text:
    """Return that no member is on the leaderboard."""
    return Text("Nobody is on the leaderboard yet.")


def render_only_you() -> Subtext:
    """Return that the reader's own row is hidden from others."""
    return Subtext("Only you see your row. You can change that in your settings.")


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


def render_void_question(label: str, who: str, reason: str, void: Button) -> Reply:
    """Return the question before a void."""
    told = f"I'll send them your reason: “{markup.escape(reason, 200)}”"
    text = f"{who} will get no points or streak for **{label}**. {told}"
    return Reply((Text(text),), (void,), title="Void this unit?", tone="warn")


def render_ruled(kind: Kind, who: str, label: str, notice: str, buttons: tuple[Button, ...]) -> Reply:
    """Return the receipt of a ruling; `notice` says when the member hears of it."""
    return Reply((Text(f"{_DONE[kind].format(who=who, unit=f'**{label}**')} {notice}"),), buttons, tone="good")


def render_ruled_already(kind: Kind, who: str, label: str) -> Reply:
    """Return that a ruling was made before."""
    return Reply((Text(f"{_DONE_BEFORE[kind].format(who=who, unit=f'**{label}**')} Nothing changed."),))


def render_corrected(who: str, was: str, now: str, notice: str, back: Button) -> Reply:
    """Return the receipt of a correction; `notice` says when the member hears of it."""
    return Reply((Text(f"I've changed {who}'s check-in from {was} to {now}. {notice}"),), (back,), tone="good")


def render_correct_already(who: str) -> Reply:
    """Return that a check-in has the wanted values."""
    return Reply((Text(f"{who}'s check-in already says that. Nothing changed."),))


def format_moved(n_checkins: int, n_rulings: int, n_absences: int) -> str:
    """Return what moves to another group, counted."""
    counts = ((n_checkins, "check-in"), (n_rulings, "ruling"), (n_absences, "absence"))
    return ", ".join(counted(number, noun) for number, noun in counts if number) or NOTHING


def render_transferred(old: str, new: str, moved: str, buttons: tuple[Button, ...]) -> Reply:
    """Return the receipt of a move to another group."""
    text = f"You've left {old}." + (f" These moved with you: {moved}." if moved != NOTHING else "")
    return Reply((Text(text),), buttons, title=f"You're in {new}", tone="good", replaces=True)


def render_transfer_question(old: str, new: str, moved: str, n_left: int, move: Button) -> Reply:
    """Return what moves to another group and what stays, with the question."""
    left = f"{counted(n_left, 'check-in')} for units that {new} hasn't opened, " if n_left else ""
    rows = (
        ("Moves with you", moved),
        (f"Stays in {old}", f"{left}thanks, buddies, plans, repaired streaks and quiz points"),
    )
    text = (
        f"You'll leave {old} and join {new}. Its deadlines will apply to your units, so your streak and points may "
        f"change. Moderators of {new} will see that you moved."
    )
    return Reply((Fields(rows), Text(text)), (move,), title=f"Move to {new}?", tone="warn")
