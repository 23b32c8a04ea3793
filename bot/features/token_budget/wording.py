"""Texts on what answers by an AI model have used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.features.token_budget.service import Day, Heavy, Refused
from bot.messages import markup
from bot.messages.numerals import counted
from bot.messages.reply import Block, Reply, Table, Text, say

BAR_LENGTH = 10
_REFUSALS: dict[Refused, str] = {
    "group": "The group's model budget for today is used up",
    "member": "Your share of today's model budget is used up",
    "resting": "The model is taking a break after errors",
}


@dataclass(frozen=True)
class OwnUsage:
    """A member's tokens and answers of today, and their share of the tokens; a share of 0 is no limit."""

    tokens: int
    share: int
    answers: int


@dataclass(frozen=True)
class GroupUsage:
    """A group's tokens of today.

    Args:
        limit: of the day; 0 for none.
        share: of each member.
        week: the last days, oldest first; empty if nothing was used.
        heaviest: who used most in these days.
    """

    tokens: int
    limit: int
    share: int
    week: Sequence[Day]
    heaviest: Sequence[Heavy]


def no_model() -> Reply:
    """Return that answers use no AI model here."""
    return say("Here I quote the notes and don't use an AI model, so answers cost nothing.")


def usage(own: OwnUsage, group: GroupUsage | None, renews_at: datetime, zone: str) -> Reply:
    """Return what a member has used today and, for moderators, what the group has."""
    answers = counted(own.answers, "answer")
    blocks: list[Block] = [Text(f"**Your usage today**\n{_format_used(own.tokens, own.share)}, {answers}")]
    if group is not None:
        share = f", {group.share:,} for each member" if group.limit else ""
        text = f"**The group's usage today**\n{_format_used(group.tokens, group.limit)}{share}"
        blocks = [Text(text), *blocks, *(_week_blocks(group) if group.week else [])]
    renewal = Text(f"The daily budget renews on {markup.moment(renews_at, zone)}.")
    return Reply((*blocks, renewal), title="AI usage")


def _format_used(used: int, of: int) -> str:
    if used > of > 0:
        return f"{render_bar(used, of)}\n{used:,} tokens used of {of:,}"
    return f"{render_bar(used, of)}\n{used:,} of {of:,} tokens" if of else f"{used:,} tokens"


def _week_blocks(group: GroupUsage) -> list[Block]:
    most = max(day.tokens for day in group.week)
    rows = tuple(
        (f"{day.day:%a} {day.day.day}", str(day.answers), f"{day.tokens:,}", _draw_load(day, most))
        for day in group.week
    )
    lines = "\n".join(
        f"- {markup.name(member.external_id, member.name)}: "
        f"{counted(member.answers, 'answer')}, {member.tokens:,} tokens"
        for member in group.heaviest
    )
    table = Table(("Day", "Answers", "Tokens", "Load"), rows, right=(1, 2))
    return [table, Text(f"**Most used in the last 7 days**\n{lines}")]


def _draw_load(day: Day, most: int) -> str:
    return render_bar(day.tokens, most).split()[0] if day.tokens else ""


def render_bar(used: int, of: int) -> str:
    """Return a bar of the used share with its percentage; "" without a limit.

    Usage may exceed the limit: the last answer can go over, and a budget can be lowered later.
    """
    if not of:
        return ""
    full = min(BAR_LENGTH, -(-used * BAR_LENGTH // of))
    percent = f"{used * 100 // of} %" if used <= of else "used up"
    return f"{'▰' * full}{'▱' * (BAR_LENGTH - full)} {percent}"


def describe_refusal(refused: Refused) -> str:
    """Return why no model words an answer."""
    return f"_{_REFUSALS[refused]}, so I'm quoting the notes._"
