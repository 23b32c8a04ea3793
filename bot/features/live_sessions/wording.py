"""How a live hour reads: its post, what members are told of it, and the hours that are proposed.

The buttons of a live hour, wherever they stand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.features import command_links
from bot.features.groups.tables import Group
from bot.features.live_sessions.tables import REASON_MAX, LiveHour, Says
from bot.features.live_sessions.time_finder import TimeCandidate
from bot.messages import markup
from bot.messages.numerals import numbered
from bot.messages.reply import Block, Button, EventBlock, Reply, Text

LABELS: dict[Says, str] = {"coming": "Coming", "perhaps": "Perhaps", "not": "Not this time"}


def rsvp(group_id: int, hour: LiveHour, says: Says, when: str = "") -> Button:
    """Return the button by which somebody says whether they come; it names its hour where others stand beside it."""
    call = command_links.SESSION_ANSWER.call(group_id, id=hour.id, says=says)
    return Button(_named(LABELS[says], when), call, "primary" if says == "coming" else "plain")


def host_on(group_id: int) -> Button:
    """Return the button by which somebody agrees to host when it is their turn."""
    return Button("I can host", command_links.SESSION_HOST.call(group_id))


def host_this(group_id: int, hour: LiveHour, when: str = "") -> Button:
    """Return the button by which somebody hosts this hour."""
    return Button(_named("I can host", when), command_links.SESSION_HOST.call(group_id, id=hour.id))


def _named(label: str, when: str) -> str:
    return f"{label}: {when}" if when else label


def when(group: Group, hour: LiveHour) -> str:
    """Return when an hour is as a button says it, in the group's zone: no platform shows a reader's time in one."""
    return f"{hour.starts_at.astimezone(ZoneInfo(group.zone)):%a %-d %b, %H:%M}"


def host_off(group_id: int) -> Button:
    """Return the button by which somebody is asked no more to host."""
    return Button("Never ask me to host", command_links.SESSION_HOST.call(group_id, on=False))


def calendar(group: Group, hour: LiveHour) -> Button:
    """Return the button that puts a live hour into a calendar."""
    return Button("Add to calendar", happening(group, hour).calendar_url)


def under_post(group: Group, hour: LiveHour, when: str = "") -> tuple[Button, ...]:
    """Return what stands under a live hour's post."""
    answers = (rsvp(group.id, hour, says, when) for says in LABELS)
    return (*answers, host_this(group.id, hour, when), calendar(group, hour))


BEFORE = timedelta(hours=1)

"""How long before a live hour those who come are reminded."""

_MEETS = "in the thread below"


def title(hour: LiveHour) -> str:
    """Return what a live hour is called, small Markdown."""
    return f"Live hour: {markup.escape(hour.topic)}" if hour.topic else "Live hour"


def happening(group: Group, hour: LiveHour) -> EventBlock:
    """Return a live hour as calendars take it."""
    name = f"{group.name}: {hour.topic or 'live hour'}"
    about, is_off = f"Live hour of {group.name}", hour.cancelled_at is not None
    return EventBlock(name, hour.starts_at, hour.ends_at, group.zone, about, hour.link or "", is_off)


def post(group: Group, hour: LiveHour, host: str, tally: Mapping[str, int], buttons: tuple[Button, ...]) -> Reply:
    """Return the post of a live hour as it stands now.

    Args:
        host: the name of who hosts, small Markdown; empty for nobody yet.
    """
    if hour.cancelled_at is not None:
        reason = _format_reason(hour) or "It does not take place."
        return Reply((happening(group, hour), Text(reason)), title=title(hour))
    hosted = f"Host: {host}" if host else "Nobody hosts it yet: “I can host” is for you."
    return Reply(
        (happening(group, hour), Text(f"Where: {where(hour)}\n{hosted}\n{_format_counts(tally)}")),
        buttons,
        title=title(hour),
    )


def where(hour: LiveHour) -> str:
    """Return where people meet."""
    return f"[{markup.escape(hour.link, 100)}]({hour.link})" if hour.link else _MEETS


def _format_counts(tally: Mapping[str, int]) -> str:
    perhaps = f", {tally['perhaps']} perhaps" if tally.get("perhaps") else ""
    return f"Coming: {tally.get('coming', 0)}{perhaps}"


def line(group: Group, hour: LiveHour) -> str:
    """Return one line: when and on what."""
    topic = f": {markup.escape(hour.topic)}" if hour.topic else ""
    return f"**{markup.moment(hour.starts_at, group.zone, 'countdown')}**{topic}"


def render_proposal(group: Group, candidates: Sequence[TimeCandidate], members: int, unknown: int) -> tuple[Block, ...]:
    """Return the hours that suit most, each with those whom it does not.

    Args:
        unknown: members of whom no time zone is known.
    """
    lines = [
        f"- **{markup.moment(candidate.at, group.zone)}**: {describe_burden(candidate)}" for candidate in candidates
    ]
    guessed = f"{numbered(unknown, 'member')} told no time zone, and count with the group's. " if unknown else ""
    note = (
        f"_Of {numbered(members, 'member')}. Night is 23:00 to 7:00, working time 9:00 to 17:00 from Monday to Friday, "
        f"each where the member is. {guessed}"
        f"Another hour: {markup.typed('manage session plan at=sat 18:00')}_"
    )
    return Text("\n".join(lines)), Text(note.replace(". _", "._"))


def describe_burden(candidate: TimeCandidate) -> str:
    """Return for how many an hour is night or working time."""
    parts = [f"night for {candidate.night}"] if candidate.night else []
    parts += [f"working time for {candidate.working}"] if candidate.working else []
    return ", ".join(parts) or "neither night nor working time for anybody"


def describe_same_day(group: Group, others: Sequence[LiveHour]) -> str:
    """Return that the group meets on that day already; empty where it does not."""
    if not others:
        return ""
    times = " and ".join(markup.moment(other.starts_at, group.zone) for other in others)
    return f"**The group meets on that day already**: {times}."


def render_reminder(group: Group, hour: LiveHour, why: str) -> Reply:
    """Return what those who come and who hosts read before it begins."""
    when = markup.moment(hour.starts_at, group.zone, "countdown")
    at = f"Where: {where(hour)}" if hour.link else "It is in the group's channel, in the thread of its post."
    return Reply((Text(f"{markup.escape(group.name)} meets **{when}**. {why}\n{at}"),), title=title(hour))


def describe_move(group: Group, hour: LiveHour, was: str) -> str:
    """Return what those who come read of a new time."""
    now = markup.moment(hour.starts_at, group.zone)
    return f"{title(hour)} of {markup.escape(group.name)} moves from {was} to **{now}**."


def describe_cancellation(group: Group, hour: LiveHour) -> str:
    """Return what those who come read of one that is off."""
    when = markup.moment(hour.starts_at, group.zone)
    return f"{title(hour)} of {markup.escape(group.name)} on {when} is cancelled. {_format_reason(hour)}".rstrip()


def _format_reason(hour: LiveHour) -> str:
    return f"Reason: {markup.escape(hour.cancelled_for, REASON_MAX)}" if hour.cancelled_for else ""


def render_season_over(group: Group, hours: Sequence[LiveHour]) -> Reply:
    """Return what the room reads of live hours that are off because its season is over."""
    *first, last = (markup.moment(hour.starts_at, group.zone) for hour in hours)
    when = " and ".join(filter(None, (", ".join(first), last)))
    off = "The live hour" if len(hours) == 1 else "The live hours"
    return Reply((Text(f"{off} on {when} {'is' if len(hours) == 1 else 'are'} off, as the season is over."),))


def describe_turn(group: Group, hour: LiveHour) -> str:
    """Return what a member reads whose turn it is."""
    return (
        f"You host the live hour of {markup.escape(group.name)}: {line(group, hour)}. Say hello, ask what was hard, "
        "and let people talk. Thank you!"
    )


def render_check_in(group: Group) -> Reply:
    """Return what stands in the thread when it is over."""
    return Reply(
        (Text("Were you there? It counts as time on the unit, once you check in."),),
        (Button("Check in", command_links.CHECKIN.ask(group.id), "primary"),),
    )
