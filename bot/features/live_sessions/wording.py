"""Texts of live sessions: posts, messages to members, replies and buttons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.features import command_links
from bot.features.groups.tables import Group
from bot.features.groups.wording import CHANGED, confirm_button
from bot.features.live_sessions.tables import REASON_MAX, LiveHour, Says
from bot.features.live_sessions.time_finder import TimeCandidate
from bot.messages import markup
from bot.messages.call import Call
from bot.messages.numerals import counted, numbered
from bot.messages.reply import Button, EventBlock, Reply, Text, say

LABELS: dict[Says, str] = {"coming": "I'll come", "perhaps": "Maybe", "not": "Can't come"}
_ANSWERS: dict[Says, str] = {"coming": "You're coming.", "perhaps": "You might come.", "not": "You can't come."}
_THANKS: dict[Says, str] = {"coming": "See you there!", "perhaps": "Thanks!", "not": "Thanks for letting us know"}
SHOWN = 3
"""Live sessions shown at once."""
BEFORE = timedelta(hours=1)
"""How long before a live session its reminder is sent."""
COMES, HOSTS = "You said you'd come.", "You're hosting this session."
"""Why a member gets a message on a live session."""
ENDED, OVER = "the group has ended", "the season is over"
"""Reasons of a cancellation."""
_TURN = "I'll message you when it's your turn to host."


def rsvp(group_id: int, hour: LiveHour, says: Says, when: str = "") -> Button:
    """Return the button that answers a live session; `when` tells it apart from others."""
    call = command_links.SESSION_ANSWER.call(group_id, id=hour.id, answer=says)
    return Button(_named(LABELS[says], when), call, "primary" if says == "coming" else "plain")


def host_on(group_id: int) -> Button:
    """Return the button that adds a member to the hosts in turn."""
    return Button("I can host", command_links.SESSION_HOST.call(group_id))


def host_this(group_id: int, hour: LiveHour, when: str = "") -> Button:
    """Return the button that makes a member host this live session."""
    return Button(_named("I can host", when), command_links.SESSION_HOST.call(group_id, id=hour.id))


def _named(label: str, when: str) -> str:
    return f"{label}: {when}" if when else label


def when(group: Group, hour: LiveHour) -> str:
    """Return the start for a button, in the group's zone: buttons can't show a reader's own time."""
    return f"{hour.starts_at.astimezone(ZoneInfo(group.zone)):%a %-d %b, %H:%M}"


def host_off(group_id: int) -> Button:
    """Return the button that removes a member from the hosts in turn."""
    return Button("Stop host requests", command_links.SESSION_HOST.call(group_id, on=False))


def calendar(group: Group, hour: LiveHour) -> Button:
    """Return the button that adds a live session to a calendar."""
    return Button("Add to calendar", happening(group, hour).calendar_url)


def under_post(group: Group, hour: LiveHour, when: str = "") -> tuple[Button, ...]:
    """Return the buttons under a live session's post."""
    answers = (rsvp(group.id, hour, says, when) for says in LABELS)
    return (*answers, host_this(group.id, hour, when), calendar(group, hour))


def title(hour: LiveHour) -> str:
    """Return the title of a live session, small Markdown."""
    return f"Live session: {markup.escape(hour.topic)}" if hour.topic else "Live session"


def happening(group: Group, hour: LiveHour) -> EventBlock:
    """Return a live session as a calendar event."""
    name = f"{group.name}: {hour.topic or 'live session'}"
    about, is_off = f"Live session in {group.name}", hour.cancelled_at is not None
    return EventBlock(name, hour.starts_at, hour.ends_at, group.zone, about, hour.link or "", is_off)


def listed_event(group: Group, hour: LiveHour) -> Reply:
    """Return a live session for the platform's list of events."""
    return Reply((happening(group, hour),))


def post(group: Group, hour: LiveHour, host: str, tally: Mapping[str, int]) -> Reply:
    """Return the current post of a live session.

    Args:
        host: the host's name, small Markdown; empty without a host.
    """
    if hour.cancelled_at is not None:
        reason = _format_reason(hour) or "This live session won't take place."
        return Reply((happening(group, hour), Text(reason)), title=title(hour))
    hosted = f"Host: {host}" if host else "No host yet. Can you host? Press “I can host”."
    return Reply(
        (happening(group, hour), Text(f"Where: {where(hour)}\n{hosted}\n{_format_counts(tally)}")),
        under_post(group, hour),
        title=title(hour),
    )


def where(hour: LiveHour) -> str:
    """Return the place of a live session: its link, or its thread."""
    return f"[{markup.escape(hour.link, 100)}]({hour.link})" if hour.link else "in the thread below"


def _format_counts(tally: Mapping[str, int]) -> str:
    perhaps = f", maybe: {tally['perhaps']}" if tally.get("perhaps") else ""
    return f"Coming: {tally.get('coming') or 'nobody yet'}{perhaps}"


def line(group: Group, hour: LiveHour) -> str:
    """Return the start and the topic in one line."""
    topic = f": {markup.escape(hour.topic)}" if hour.topic else ""
    return f"**{markup.moment(hour.starts_at, group.zone, 'countdown')}**{topic}"


def render_proposals(
    group: Group,
    candidates: Sequence[TimeCandidate],
    plans: Sequence[Call],
    zone: str,
    members: int,
    unknown: int,
) -> Reply:
    """Return the proposed times, each with how many members it doesn't suit and a button that plans it.

    Args:
        zone: the reader's.
        unknown: how many members have no time zone.
    """
    lines = [
        f"- **{markup.moment(candidate.at, group.zone)}**: {describe_burden(candidate)}" for candidate in candidates
    ]
    guessed = f"I use the group's time zone for {numbered(unknown, 'member')} without one. " if unknown else ""
    note = (
        f"_This is for {numbered(members, 'member')} in their own time zones. Night is 23:00 to 7:00. Working time is "
        f"9:00 to 17:00, Monday to Friday. {guessed}For another time, type "
        f"{markup.typed('manage session plan at=sat 18:00')}._"
    )
    buttons = tuple(
        Button(format_day_time(candidate.at, zone), plan) for candidate, plan in zip(candidates, plans, strict=True)
    )
    return say("\n".join(lines), note, title=f"When can {markup.escape(group.name)} meet?", buttons=buttons)


def _notice(is_stale: bool) -> str:
    """Return the notice above a preview that shows another moderator's change; empty if nothing has changed."""
    return CHANGED if is_stale else ""


def describe_burden(candidate: TimeCandidate) -> str:
    """Return for how many members a time is night or working time."""
    parts = [f"night for {candidate.night}"] if candidate.night else []
    parts += [f"working time for {candidate.working}"] if candidate.working else []
    return ", ".join(parts) or "good for everyone"


def describe_same_day(group: Group, others: Sequence[LiveHour]) -> str:
    """Return the other live sessions of that day; empty without any."""
    if not others:
        return ""
    times = " and ".join(markup.moment(other.starts_at, group.zone) for other in others)
    return f"**The group already meets on that day**: {times}."


def render_reminder(group: Group, hour: LiveHour, why: str) -> Reply:
    """Return the reminder before a live session."""
    when = markup.moment(hour.starts_at, group.zone, "countdown")
    at = (
        f"Where: {where(hour)}"
        if hour.link
        else "Where: in the thread under the session's post, in the group's channel"
    )
    return Reply(
        (Text(f"{markup.escape(group.name)} meets **{when}**. {why}\n{at}"),),
        (rsvp(group.id, hour, "not"),),
        title(hour),
    )


def describe_move(group: Group, hour: LiveHour, was: str) -> str:
    """Return the message on a new time."""
    now = markup.moment(hour.starts_at, group.zone)
    return f"{title(hour)} in {markup.escape(group.name)} has moved from {was} to **{now}**."


def describe_cancellation(group: Group, hour: LiveHour) -> str:
    """Return the message on a cancellation."""
    when = markup.moment(hour.starts_at, group.zone)
    return f"{title(hour)} in {markup.escape(group.name)} on {when} is cancelled. {_format_reason(hour)}".rstrip()


def _format_reason(hour: LiveHour) -> str:
    return f"Reason: {markup.escape(hour.cancelled_for, REASON_MAX)}" if hour.cancelled_for else ""


def render_season_over(group: Group, hours: Sequence[LiveHour]) -> Reply:
    """Return the post on live sessions that are cancelled at the end of the season."""
    *first, last = (markup.moment(hour.starts_at, group.zone) for hour in hours)
    when = " and ".join(filter(None, (", ".join(first), last)))
    cancelled = "session on {} is" if len(hours) == 1 else "sessions on {} are"
    return Reply((Text(f"The live {cancelled.format(when)} cancelled because the season is over."),))


def render_news(group: Group, hour: LiveHour, sentence: str, *, is_host: bool) -> Reply:
    """Return the message to a member on a turn to host or a new time, with what they can answer.

    Args:
        is_host: whether they host the session.
    """
    others = (rsvp(group.id, hour, "coming"), rsvp(group.id, hour, "not"))
    buttons = (rsvp(group.id, hour, "not"), host_off(group.id)) if is_host else others
    return Reply((Text(sentence),), buttons, title=markup.escape(group.name))


def render_cancellation(group: Group, hour: LiveHour) -> Reply:
    """Return the message to a member on a cancellation."""
    return Reply((Text(describe_cancellation(group, hour)),), title=markup.escape(group.name))


def describe_turn(group: Group, hour: LiveHour) -> str:
    """Return the message to the new host."""
    return (
        f"You're hosting the live session in {markup.escape(group.name)}: {line(group, hour)}. Say hello, ask what was "
        "hard, and let people talk. Thank you!"
    )


def render_check_in(group: Group) -> Reply:
    """Return the message in the thread after a live session."""
    return Reply(
        (Text("Were you there? Check in, because the session counts as time on the unit."),),
        (Button("Check in", command_links.CHECKIN.ask(group.id), "primary"),),
    )


def render_none_planned(group: Group, *, moderates: bool, is_member: bool) -> Reply:
    """Return the reply if no live session is planned."""
    plan = (Button("Plan session", command_links.SESSION_PLAN.call(group.id), "primary"),) if moderates else ()
    host = (host_on(group.id),) if is_member else ()
    return say("No live sessions are planned.", buttons=(*plan, *host))


def render_coming(
    group: Group,
    hours: Sequence[LiveHour],
    hosts: Mapping[int, str],
    answers: Mapping[int, Says],
    *,
    moderates: bool,
    is_member: bool,
) -> Reply:
    """Return the next live sessions.

    Args:
        hosts: names in small Markdown, by live session.
        answers: the reader's own, by live session.
    """
    first, *others = hours[:SHOWN]
    lines = [f"- {_format_coming(group, hour, hosts[hour.id], answers.get(hour.id))}" for hour in (first, *others)]
    lines += [f"and {len(hours) - SHOWN} more"] if len(hours) > SHOWN else []
    buttons = [calendar(group, first)]
    if is_member:
        further = (rsvp(group.id, other, "coming", when(group, other)) for other in others)
        buttons = [*under_post(group, first, when(group, first) if others else ""), *further]
        if moderates:  # They get two more buttons, and the post has the calendar.
            buttons.remove(calendar(group, first))
    if moderates:
        buttons.append(Button("Move session", command_links.SESSION_MOVE.ask(group.id, id=first.id)))
        buttons.append(Button("Cancel session", command_links.SESSION_CANCEL.call(group.id, id=first.id)))
    return Reply((Text("\n".join(lines)),), tuple(buttons), title=f"Live sessions in {markup.escape(group.name)}")


def _format_coming(group: Group, hour: LiveHour, host: str, says: Says | None) -> str:
    hosted = f", hosted by {host}" if host else ""
    answer = f". {_ANSWERS[says]}" if says else ""
    return f"{line(group, hour)}{hosted}{answer}"


def render_answer(group: Group, hour: LiveHour, says: Says, *, is_reminded: bool, is_freed: bool) -> Reply:
    """Return the receipt of an answer.

    Args:
        is_reminded: whether the member gets a reminder.
        is_freed: whether the member hosted it until now.
    """
    notice = "You can change your answer until it starts." if says == "perhaps" else ""
    if is_reminded:
        notice = "I'll message you an hour before."
    if is_freed:
        notice = "Someone else can host now."
    more = (calendar(group, hour),) if says != "not" else ()
    others = (rsvp(group.id, hour, label) for label in LABELS if label != says)
    text = f"{line(group, hour)}\n{notice}".rstrip()
    return say(text, title=_THANKS[says], tone="good", buttons=(*more, *others))


def render_host_comes(group: Group, hour: LiveHour) -> Reply:
    """Return the reply to a host who isn't sure to come."""
    notice = "You're the host, so I've counted you as coming. If someone else should host, press “Can't come”."
    text = f"{line(group, hour)}\n{notice}"
    return say(text, title="You're hosting", tone="good", buttons=(rsvp(group.id, hour, "not"),))


def render_host_choice(group: Group, hours: Sequence[LiveHour]) -> Reply:
    """Ask a new host which of several live sessions they want to host."""
    choices = (host_this(group.id, hour, when(group, hour)) for hour in hours[:SHOWN])
    question = f"Which live session will you host? For the others, {_TURN}"
    return say(question, title="Thank you!", tone="good", buttons=(*choices, host_off(group.id)))


def _thank_host(group: Group, text: str) -> Reply:
    return say(text, title="Thank you!", tone="good", buttons=(host_off(group.id),))


def render_agreement(group: Group) -> Reply:
    """Return the reply to a member who will host in turn."""
    return _thank_host(group, _TURN)


def render_taken(group: Group, hour: LiveHour) -> Reply:
    """Return the reply to the new host of a live session."""
    return _thank_host(group, f"You're hosting {line(group, hour)}. I've counted you as coming.")


def render_host(group: Group, hour: LiveHour, host: str, *, is_mine: bool) -> Reply:
    """Return who hosts a live session that someone wanted to host.

    Args:
        host: the name, small Markdown; empty without a host.
    """
    if is_mine:
        return _thank_host(group, f"You're already hosting {line(group, hour)}.")
    return _thank_host(group, f"{host} is hosting {line(group, hour)}. {_TURN}" if host else _TURN)


def render_handed_over(group: Group, hours: Iterable[tuple[LiveHour, str]]) -> Reply:
    """Return the reply to a member who stops hosting, with the new host of each of their live sessions."""
    lines = ["I won't ask you to host any more."]
    lines += [f"{line(group, hour)}: {f'{host} hosts it now' if host else 'no host yet'}." for hour, host in hours]
    return say("\n".join(lines), tone="good", buttons=(host_on(group.id),))


def format_day_time(at: datetime, zone: str) -> str:
    """Return a day and a time for a button."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{markup.day(local.date())}, {local:%H:%M}"


def format_own_time(at: datetime, zone: str) -> str:
    """Return a time in the reader's zone."""
    return f"{format_day_time(at, zone)} in your time zone ({markup.escape(zone)})"


def render_preview(
    group: Group,
    hour: LiveHour,
    burden: TimeCandidate,
    zone: str,
    host: str,
    *,
    members: int,
    same_day: Sequence[LiveHour],
    is_stale: bool,
    confirm: Call,
) -> Reply:
    """Return the preview of a new live session.

    Args:
        zone: the reader's.
        host: the name, small Markdown; empty without a host.
    """
    of = f" (of {numbered(members, 'member')})" if burden.night or burden.working else ""
    facts = (
        f"**{markup.moment(hour.starts_at, group.zone)}**, {hour.minutes} minutes: {describe_burden(burden)}{of}.",
        f"That's {format_own_time(hour.starts_at, zone)}." if zone != group.zone else "",
        describe_same_day(group, same_day),
        f"Where: {where(hour)}",
        f"Host: {host or 'none yet. The post asks for one.'}",
    )
    return say(
        _notice(is_stale),
        "\n".join(filter(None, facts)),
        title=f"{title(hour)}?",
        buttons=(confirm_button(confirm, "Post it"),),
    )


def render_planned(at: datetime, zone: str) -> Reply:
    """Return the reply to the moderator who planned a live session."""
    text = f"It's on **{format_own_time(at, zone)}**. I'll post it in the channel now."
    return say(text, title="Session planned", tone="good")


def render_move_preview(
    group: Group,
    was: datetime,
    now: datetime,
    burden: TimeCandidate,
    zone: str,
    *,
    readers: int,
    same_day: Sequence[LiveHour],
    is_stale: bool,
    confirm: Call,
) -> Reply:
    """Return the preview of a new time.

    Args:
        zone: the reader's.
        readers: how many members get a message.
    """
    new, old = markup.moment(now, group.zone), markup.moment(was, group.zone)
    lines = (
        f"From {old} to **{new}**: {describe_burden(burden)}.",
        f"That's {format_own_time(now, zone)}." if zone != group.zone else "",
        describe_same_day(group, same_day),
        _describe_readers(readers),
    )
    text = "\n".join(filter(None, lines))
    return say(
        _notice(is_stale), text, title="Move the live session?", buttons=(confirm_button(confirm, "Move session"),)
    )


def render_moved(group: Group, now: datetime, zone: str, readers: int) -> Reply:
    """Return the reply to the moderator who moved a live session."""
    own = f" That's {format_own_time(now, zone)}." if zone != group.zone else ""
    text = f"New time: **{markup.moment(now, group.zone)}**.{own}"
    tell = f" I'll message {counted(readers, 'member')}." if readers else ""
    return say(text + tell, title="Session moved", tone="good")


def render_cancel_preview(group: Group, hour: LiveHour, readers: int, *, is_stale: bool, confirm: Call) -> Reply:
    """Return the preview of a cancellation."""
    text = f"{line(group, hour)}\n{_describe_readers(readers)}".rstrip()
    return say(
        _notice(is_stale),
        text,
        title="Cancel the live session?",
        buttons=(confirm_button(confirm, "Cancel session", "danger"),),
    )


def render_cancelled(readers: int) -> Reply:
    """Return the reply to the moderator who cancelled a live session."""
    tell = f" and message {counted(readers, 'member')}" if readers else ""
    return say(f"I'll update the post{tell}.", title="Session cancelled", tone="good")


def _describe_readers(members: int) -> str:
    who = counted(members, "member")
    return f"I'll message {who}: the host and everyone who might come." if members else ""
