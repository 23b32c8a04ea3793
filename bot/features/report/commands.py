"""The words of a group's report."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from bot.commands.command import Command, command
from bot.commands.context import Context
from bot.features import command_links
from bot.features.audit.service import Audit, Entry
from bot.features.checkins.service import Progress
from bot.features.groups import wording
from bot.features.groups.params import GROUP
from bot.features.quiz import wording as quiz_wording
from bot.features.report.service import GroupReport, ReportedMember, Several, UnitFacts, read
from bot.features.rules import RESTING_AFTER
from bot.features.standings import transfer
from bot.messages import markup
from bot.messages.numerals import counted, numbered
from bot.messages.reply import Block, Button, Fields, Reply, Text

CAME_WITHIN = timedelta(days=28)
"""For how long it is told who came over from another group."""


@command(
    "report",
    role="moderator",
    writes=False,
    group="needed",
    which=GROUP,
    after_end=True,
    asked=(r"(?:see|find out|know|check|look up) who (?:is|has|have)(?: not)? (?:missing|behind|fading|checked in)",),
)
def report(ctx: Context, *, progress: Progress, audit: Audit) -> Reply:
    """Who has checked in, who not yet, who is fading and why, who is resting."""
    timeline = progress.groups.here(ctx)
    row = timeline.group
    facts = read(progress, timeline, ctx)
    is_over = row.closed_at is not None
    buttons = (
        Button("Status", command_links.GROUP_STATUS.call(row.id)),
        *([Button("Who has left?", command_links.GROUP_CHECK.call(row.id))] if facts.members and not is_over else []),
        *([] if is_over else [Button("See the next post", command_links.PREVIEW.call(row.id))]),
        *([] if row.ended_at is not None else [Button("Digest", command_links.DIGEST.call(row.id))]),
    )
    came = audit.entries(row.id, command=transfer.NAME, since=ctx.now - CAME_WITHIN)
    blocks = (Text(wording.describe_position(timeline, ctx.now)), *_draw_members(facts, is_over=is_over), *_came(came))
    return Reply(blocks, buttons, title=f"Report on {markup.escape(row.name)}")


def _draw_members(facts: GroupReport, *, is_over: bool) -> list[Block]:
    """Return what is told of the members; nobody is to be called back into a season that is over."""
    blocks: list[Block] = []
    if facts.unit is not None:
        blocks.append(Fields(_draw_unit(facts.unit)))
    if facts.fading and not is_over:
        lines = "\n".join(f"- {_format_name(member.person)}: {member.why}" for member in facts.fading)
        blocks.append(Text(f"**Fading** (a kind word helps now)\n{lines}"))
    if facts.resting.count and not is_over:
        rule = f"{counted(RESTING_AFTER, 'unit')} in a row missed; any check-in wakes them"
        blocks.append(Text(f"**Resting** ({rule})\n{_format_names(facts.resting)}"))
    if facts.pairs:
        pair_lines = (
            f"- Unit {pair.number}: {numbered(pair.count, 'member')}, {pair.met} met theirs" for pair in facts.pairs
        )
        lines = "\n".join(pair_lines)
        blocks.append(Text(f"**Buddies**\n{lines}"))
    if facts.missed:
        blocks.append(Text(quiz_wording.most_missed(facts.missed)))
    if not facts.members and not is_over:
        blocks.append(Text("Nobody has joined yet. The welcome post has the button."))
    return blocks


def _came(entries: Iterable[Entry]) -> list[Block]:
    came = [f"- {markup.name(entry.who.external_id, entry.who.name)} {entry.said}" for entry in entries if entry.who]
    return [Text("\n".join(["**Came over from another group**", *came]))] if came else []


def _draw_unit(unit: UnitFacts) -> tuple[tuple[str, str], ...]:
    where_any = (("Away", unit.away), ("Excused", unit.excused))
    return (
        (f"Checked in ({unit.kept.count} of {unit.expected})", _format_names(unit.kept)),
        ("Not yet", _format_names(unit.missing)),
        *((label, _format_names(several)) for label, several in where_any if several.count),
    )


def _format_names(several: Several) -> str:
    names = ", ".join(map(_format_name, several.first))
    rest = several.count - len(several.first)
    return names + (f" and {rest} more" if rest else "") or "nobody"


def _format_name(person: ReportedMember) -> str:
    return markup.name(person.external_id, person.name)


COMMANDS: tuple[Command, ...] = (report,)
