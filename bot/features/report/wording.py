"""The words of a group's report and of its export."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.features import command_links
from bot.features.audit.service import Entry
from bot.features.groups.calendar.timeline import Timeline
from bot.features.groups.wording import describe_position
from bot.features.quiz import wording as quiz_wording
from bot.features.report.service import Fading, GroupReport, PairCounts, ReportedMember, Several, UnitFacts
from bot.features.rules import RESTING_AFTER
from bot.messages import markup
from bot.messages.call import Call
from bot.messages.numerals import counted, numbered
from bot.messages.reply import Block, Button, Fields, File, Reply, Text

CHECKING_IN_LESS = "**Checking in less** (a kind message helps now)"
NOBODY_JOINED = "Nobody has joined yet. Share the welcome post: it has the Join button."


def report(timeline: Timeline, now: datetime, facts: GroupReport, came: Iterable[Entry]) -> Reply:
    """Return the report on a group.

    Args:
        came: moves from another group.
    """
    group, is_over = timeline.group, timeline.group.closed_at is not None
    members = _draw_members(facts, is_over=is_over)
    check = Button("Who has left?", command_links.GROUP_CHECK.call(group.id))
    return Reply(
        (Text(describe_position(timeline, now)), *members, *_draw_moves(came)),
        (
            *([check] if facts.members and not is_over else []),
            *([] if is_over else [Button("See next post", command_links.PREVIEW.call(group.id))]),
            *([] if group.ended_at is not None else [Button("Digest", command_links.DIGEST.call(group.id))]),
        ),
        title=f"Report on {markup.escape(group.name)}",
    )


def _draw_members(facts: GroupReport, *, is_over: bool) -> list[Block]:
    """Return the members by state; once the season is over, nobody needs a message any more."""
    blocks: list[Block] = []
    if facts.unit is not None:
        blocks.append(Fields(_draw_unit(facts.unit)))
    if facts.fading and not is_over:
        blocks.append(_list_lines(CHECKING_IN_LESS, map(_format_fading, facts.fading)))
    if facts.resting.count and not is_over:
        head = f"**Missed {counted(RESTING_AFTER, 'unit')} in a row** (any check-in brings them back)"
        blocks.append(Text(f"{head}\n{_format_names(facts.resting)}"))
    if facts.pairs:
        blocks.append(_list_lines("**Buddies**", map(_format_pairs, facts.pairs)))
    if facts.missed:
        blocks.append(Text(quiz_wording.most_missed(facts.missed)))
    if not facts.members and not is_over:
        blocks.append(Text(NOBODY_JOINED))
    return blocks


def _list_lines(head: str, lines: Iterable[str]) -> Text:
    return Text("\n".join([head, *(f"- {line}" for line in lines)]))


def _format_fading(member: Fading) -> str:
    return f"{_format_name(member.person)}: {member.why}"


def _format_pairs(pairs: PairCounts) -> str:
    return f"Unit {pairs.number}: {numbered(pairs.count, 'member')}, {pairs.met or 'none'} met their buddy"


def _draw_moves(entries: Iterable[Entry]) -> list[Block]:
    came = [f"{markup.name(entry.who.external_id, entry.who.name)} {entry.said}" for entry in entries if entry.who]
    return [_list_lines("**Came from another group**", came)] if came else []


def _draw_unit(unit: UnitFacts) -> tuple[tuple[str, str], ...]:
    counts = f"{unit.kept.count} of {unit.expected}"
    first = (f"Checked in ({counts})", _format_names(unit.kept)) if unit.kept.count else ("Checked in", counts)
    others = (("Not yet", unit.missing), ("Away", unit.away), ("Excused", unit.excused))
    return first, *((label, _format_names(several)) for label, several in others if several.count)


def _format_names(several: Several) -> str:
    names = ", ".join(map(_format_name, several.first))
    rest = several.count - len(several.first)
    return names + (f" and {rest} more" if rest else "")


def _format_name(person: ReportedMember) -> str:
    return markup.name(person.external_id, person.name)


TOO_LARGE = "This group's data doesn't fit into a message. Ask the bot's operator for a copy of the database."


def render_export(group_name: str, n_members: int, n_checkins: int, files: Sequence[File], dashboard: Call) -> Reply:
    """Return the files with what they hold."""
    lead = (
        f"The files cover {counted(n_members, 'member')} and {counted(n_checkins, 'check-in')}. I've left out private "
        "check-in texts. All times are in UTC. Please keep the data safe."
    )
    title = f"Data from {markup.escape(group_name)}"
    return Reply((Text(lead), *files), (Button("Open dashboard", dashboard),), title=title)
