"""The report on a group and its export as tables, for its moderators; members' private texts are left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import aliased

from bot.commands.command import Command
from bot.commands.context import Context
from bot.features import command_links
from bot.features.audit.service import Audit
from bot.features.checkins.checkin_log import Scores
from bot.features.checkins.service import Progress
from bot.features.checkins.tables import Ruling
from bot.features.groups.calendar.timeline import Timeline
from bot.features.groups.params import moderator_command
from bot.features.groups.service import Groups, Member
from bot.features.live_sessions.service import Hours
from bot.features.live_sessions.tables import LiveHour
from bot.features.notes.tables import GroupNote
from bot.features.people.tables import AccountRow
from bot.features.report import wording
from bot.features.report.service import read
from bot.features.standings import transfer
from bot.messages.errors import TryLater
from bot.messages.reply import ZIP_MAX, File, Reply, zipped
from bot.messages.spreadsheet import Spreadsheet

CAME_WITHIN = timedelta(days=28)
"""How long a move from another group is reported."""


@moderator_command(
    "manage report",
    formerly=("report",),
    title="Report",
    writes=False,
    after_end=True,
    asked=(r"(?:see|find out|know|check|look up) who (?:is|has|have)(?: not)? (?:missing|behind|fading|checked in)",),
)
def report(ctx: Context, *, progress: Progress, audit: Audit) -> Reply:
    """See who has checked in and who may need help."""
    timeline = progress.groups.here(ctx)
    facts = read(progress, timeline, ctx)
    came = audit.entries(timeline.group.id, commands=(transfer.NAME,), since=ctx.now - CAME_WITHIN)
    return wording.report(timeline, ctx.now, facts, came)


_MEDIA = "application/zip"

_LINES = 20_000
"""Rows of a table in one archive; if the archive is too large, several have fewer rows each."""

Named = tuple[str, Spreadsheet]


def tables(groups: Groups, hours: Hours, timeline: Timeline, now: datetime) -> list[Named]:
    """Return the tables that moderators may export, by name."""
    members = groups.list_members(timeline.group.id)
    scores = Scores(groups.session, timeline, members, now)
    return [
        ("members", _export_members(scores, members)),
        ("check-ins", _export_checkins(scores, timeline, members)),
        ("standings", _export_standings(scores, timeline, members)),
        ("rulings", _export_rulings(groups, timeline)),
        ("notes", _export_notes(groups, timeline)),
        ("live-hours", _export_live_sessions(groups, hours, timeline)),
    ]


def archives(sheets: Sequence[Named], name: str) -> tuple[File, ...]:
    """Return one archive of all tables, or several if one would be too large for a message."""
    whole = _zip(sheets)
    if len(whole) <= ZIP_MAX:
        return (File.packed(f"{name}.zip", _MEDIA, whole),)
    parts = [part for sheet in sheets for part in _split_table(sheet)]
    return tuple(File.packed(f"{name}-{part[0]}.zip", _MEDIA, _zip([part])) for part in parts)


def _split_table(named: Named) -> list[Named]:
    """Split a table into pieces that are small enough when zipped."""
    lines = _LINES
    parts = _cut(named, lines)
    while lines > 1 and any(len(_zip([part])) > ZIP_MAX for part in parts):
        lines //= 2
        parts = _cut(named, lines)
    return parts


def _cut(named: Named, lines: int) -> list[Named]:
    name, sheet = named
    rows = list(sheet.rows)
    starts = range(0, max(1, len(rows)), lines)
    if len(starts) == 1:
        return [named]
    pieces = (Spreadsheet(sheet.columns, rows[start : start + lines]) for start in starts)
    return [(f"{name}-{number}", piece) for number, piece in enumerate(pieces, 1)]


def _zip(sheets: Iterable[Named]) -> bytes:
    return zipped((f"{name}.csv", sheet.csv()) for name, sheet in sheets)


def _export_members(scores: Scores, members: Sequence[Member]) -> Spreadsheet:
    columns = ("member", "joined_at", "points", "streak", "best_streak", "freezes", "check_ins")
    rows = []
    for membership, account in members:
        score = scores.by_account[account.id]
        counts = (score.points, score.streak, score.best_streak, score.freezes_held, len(scores.facts(account.id)))
        rows.append((account.name, membership.joined_at, *counts))
    return Spreadsheet(columns, rows)


def _export_checkins(scores: Scores, timeline: Timeline, members: Sequence[Member]) -> Spreadsheet:
    """Return check-ins with member, unit and minutes, without their private notes and links."""
    number = {unit.id: unit.number for unit in timeline.roadmap.units}
    rows = [
        (account.name, number.get(timeline.roadmap.heir(fact.unit_id)), fact.at, fact.minutes)
        for _, account in members
        for fact in scores.facts(account.id)
    ]
    return Spreadsheet(("member", "unit", "at", "minutes"), rows)


def _export_standings(scores: Scores, timeline: Timeline, members: Sequence[Member]) -> Spreadsheet:
    rows = [
        (account.name, state.number, timeline.roadmap.unit(state.unit_id).title, state.state, state.points)
        for _, account in members
        for state in scores.by_account[account.id].states
    ]
    return Spreadsheet(("member", "unit", "title", "state", "points"), rows)


def _export_rulings(groups: Groups, timeline: Timeline) -> Spreadsheet:
    about, author = aliased(AccountRow), aliased(AccountRow)
    chosen = (
        select(Ruling, about.name, author.name)
        .join(about, about.id == Ruling.account_id)
        .outerjoin(author, author.id == Ruling.author_id)
        .where(Ruling.group_id == timeline.group.id)
        .order_by(Ruling.id)
    )
    number = {unit.id: unit.number for unit in timeline.roadmap.units}
    rows = [
        (whose, number.get(timeline.roadmap.heir(row.unit_id)), row.kind, row.reason, by, row.made_at)
        for row, whose, by in groups.session.execute(chosen)
    ]
    return Spreadsheet(("member", "unit", "ruling", "reason", "by", "at"), rows)


def _export_notes(groups: Groups, timeline: Timeline) -> Spreadsheet:
    chosen = (
        select(GroupNote.id, GroupNote.title, AccountRow.name, GroupNote.added_at, GroupNote.changed_at, GroupNote.size)
        .outerjoin(AccountRow, AccountRow.id == GroupNote.author_id)
        .where(GroupNote.group_id == timeline.group.id)
        .order_by(GroupNote.id)
    )
    rows = [
        (number, title, by, added_at, changed_at, size)
        for number, title, by, added_at, changed_at, size in groups.session.execute(chosen)
    ]
    return Spreadsheet(("number", "title", "by", "added_at", "changed_at", "characters"), rows)


def _export_live_sessions(groups: Groups, hours: Hours, timeline: Timeline) -> Spreadsheet:
    chosen = select(LiveHour).where(LiveHour.group_id == timeline.group.id).order_by(LiveHour.starts_at, LiveHour.id)
    rows = []
    for hour in groups.session.scalars(chosen):
        host, tally = hours.host(hour), hours.tally(hour)
        counts = (tally["coming"], tally["perhaps"], tally["not"])
        rows.append((hour.starts_at, hour.minutes, hour.topic, host.name if host else "", *counts, hour.cancelled_at))
    columns = ("starts_at", "minutes", "topic", "host", "coming", "perhaps", "not", "cancelled_at")
    return Spreadsheet(columns, rows)


MOST = 10
"""Files of one message on the strictest platform."""


@moderator_command(
    "manage export",
    formerly=("export",),
    title="Export",
    writes=False,
    after_end=True,
    asked=(r"(?:export|download|back up|save) (?:the |our |my |all )*(?:group|cohort|members|check-?ins)",),
)
def export_group(ctx: Context, *, groups: Groups, hours: Hours) -> Reply:
    """Export your group's data as tables."""
    timeline = groups.here(ctx)
    sheets = tables(groups, hours, timeline, ctx.now)
    files = archives(sheets, f"group-{timeline.group.id}")
    if len(files) > MOST:
        raise TryLater(wording.TOO_LARGE)
    members, checkins = (len(list(sheet.rows)) for _, sheet in sheets[:2])
    dashboard = command_links.DASHBOARD.call()
    return wording.render_export(timeline.group.name, members, checkins, files, dashboard)


COMMANDS: tuple[Command, ...] = (report, export_group)
