"""Texts of focus sessions."""

from __future__ import annotations

from collections.abc import Sequence

from bot.features import command_links
from bot.features.focus.service import Crew
from bot.features.focus.tables import FocusSession
from bot.features.groups.tables import Group
from bot.messages import markup
from bot.messages.numerals import numbered, spelt
from bot.messages.reply import Button, Reply, Text, say

NAMED = 8
"""Most members that a message names."""


def render_session(group: Group, row: FocusSession, crew: Crew, *, is_over: bool) -> Reply:
    """Return the post of a session in its first round, or after it."""
    title = f"Focus: {row.minutes} minutes"
    if is_over:
        ended = f"{_format_names(crew.names, crew.hidden)} studied together." if crew.count > 1 else ""
        return say(f"This session is over. {ended}".rstrip(), title=title)
    lines = [f"Ends **{markup.moment(row.ends_at, group.zone, 'relative')}**.", _format_in(crew)]
    lines += [f"Voice: {markup.room(row.voice, row.voice)}"] if row.voice else []
    return Reply((Text("\n".join(lines)),), _offer_joining(group, row), title=title)


def render_end(group: Group, row: FocusSession, past: Crew, coming: Crew | None, *, is_open: bool) -> Reply:
    """Return the message at the end of a round, which also shows the next round.

    Args:
        past: who took part in the round that ended.
        coming: who takes part in the next round; None before somebody does, and once it has ended.
        is_open: whether members may join the next round.
    """
    together = f" That's {format_span(past.minutes)} together." if past.count > 1 else ""
    blocks = [Text(f"Well done, {_format_names(past.pings, past.hidden)}!{together}")]
    if coming is not None:
        starts, ends = (markup.moment(at, group.zone, "time") for at in (row.starts_at, row.ends_at))
        blocks.append(Text(f"**Round {spelt(row.round)}** is from {starts} to {ends}. {_format_in(coming)}"))
    elif is_open:
        blocks.append(Text("Take a break of five minutes. To do another round, press **Join**."))
    check_in = Button("Check in", command_links.FOCUS_CHECKIN.ask(group.id, id=row.id), "primary")
    joining = _offer_joining(group, row)[: 2 if coming is not None else 1] if is_open else ()
    return Reply(tuple(blocks), (check_in, *joining), title="Time's up")


def _offer_joining(group: Group, row: FocusSession) -> tuple[Button, ...]:
    return (
        Button("Join", command_links.FOCUS_JOIN.call(group.id, id=row.id), "primary"),
        Button("Leave", command_links.FOCUS_LEAVE.call(group.id, id=row.id)),
    )


def _format_in(crew: Crew) -> str:
    return f"In: {_format_names(crew.names, crew.hidden)}" if crew.count else "In: nobody yet"


def _format_names(names: Sequence[str], hidden: int) -> str:
    """Return "Ada, Ben and 1 more"."""
    more = len(names[NAMED:]) + hidden
    unnamed = [f"{more} more" if names else numbered(more, "member")] if more else []
    return markup.series([*names[:NAMED], *unnamed])


def format_span(minutes: int) -> str:
    """Return "45 min", "6 h" or "6 h 20"."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest:02}" if rest else f"{hours} h"


def format_together(minutes: int) -> str:
    """Return "6 h 20 together"; empty without minutes."""
    return f"{format_span(minutes)} together" if minutes else ""


def render_started(group: Group, row: FocusSession, *, is_new: bool) -> Reply:
    """Return the receipt of somebody who starts a session, or who is shown the one that runs."""
    ends = markup.moment(row.ends_at, group.zone, "relative")
    if is_new:
        return say(f"Focus! It ends {ends}. Your group can join you.", tone="good")
    return say(f"Your group already runs a session. It ends {ends}.", buttons=_offer_joining(group, row)[:1])


def render_joined(group: Group, row: FocusSession, *, is_next: bool) -> Reply:
    """Return the receipt of somebody who joins a round; `is_next` if it has not begun."""
    ends = markup.moment(row.ends_at, group.zone, "relative")
    if not is_next:
        return say(f"You're in. It ends {ends}.", tone="good")
    starts = markup.moment(row.starts_at, group.zone, "time")
    return say(f"You're in. Round {spelt(row.round)} starts at {starts} and ends {ends}.", tone="good")


def render_left(group: Group, row: FocusSession, minutes: int) -> Reply:
    """Return the receipt of somebody who leaves a round, with the minutes that they can check in."""
    if not minutes:
        return say("You've left the session.")
    check_in = Button("Check in", command_links.FOCUS_CHECKIN.ask(group.id, id=row.id), "primary")
    return say(f"You've left the session after {numbered(minutes, 'minute')}.", buttons=(check_in,))
