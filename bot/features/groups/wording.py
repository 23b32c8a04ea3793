"""Texts on a group: settings, dates, and the welcome in its channel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.commands.context import Account
from bot.curriculum.content import CoursePart, Unit
from bot.features import command_links
from bot.features.groups.calendar.pacing import GRACE, Pause, Slot
from bot.features.groups.calendar.timeline import Opened, Timeline
from bot.features.groups.preview import Moved, Proposal
from bot.features.groups.tables import SWITCHES, Group, Membership, Shows
from bot.features.people.tables import AccountRow
from bot.features.rules import BASE_POINTS, FIRST_FREEZES
from bot.messages import markup, mention
from bot.messages.call import Call
from bot.messages.errors import BadInput, NotFound
from bot.messages.mention import Mention
from bot.messages.numerals import numbered, spelt
from bot.messages.reply import Block, Button, ButtonStyle, Fields, Reply, Text, say

Rows = tuple[tuple[str, str], ...]
"""Labels with their values, small Markdown."""


def format_when(at: datetime, zone: str) -> str:
    """Return a token for an instant, with the group's zone as fallback."""
    return markup.moment(at, zone)


def format_role(role_id: str) -> str:
    """Return a token that shows a role's name where the platform can."""
    return markup.name(f"role:{role_id}", "a role")


def format_notified_role(role_id: str | None) -> str:
    """Return the role that a unit's post notifies, by name where the platform can show it; it notifies nobody."""
    return markup.name(f"role:{role_id}", "the chosen role") if role_id else "none"


def format_ping(group: Group) -> str:
    """Return a token that notifies the group's role; empty if it has none."""
    if not group.notified_role:
        return ""
    return markup.ping(f"role:{group.notified_role}", "For everyone who wants a notification")


def add_group_name(group: Group, sentence: str) -> str:
    """Return a sentence that begins with its group's name."""
    return f"In **{markup.escape(group.name)}**: {sentence}"


def describe_dismissal(group: Group) -> str:
    """Return the notice to a person who no longer moderates a group."""
    return f"You no longer moderate {markup.escape(group.name)}. Your record as a member stays."


def refuse_no_moderator(who: str) -> NotFound:
    """Return the refusal to remove somebody who doesn't moderate the group.

    Args:
        who: a name or the token of a role.
    """
    status = markup.typed("manage status")
    return NotFound(f"{who} doesn't moderate this group. {status} lists its moderators.", field="remove_moderators")


def refuse_last_moderator() -> BadInput:
    """Return the refusal to leave a group without a moderator."""
    both = markup.typed("manage edit moderators=@ada remove_moderators=@mo")
    return BadInput(f"A group needs a moderator. Name the next one too: {both}.", field="remove_moderators")


def describe_appointment() -> str:
    """Return the notice to a new moderator, who may not see the group or its commands in suggestions yet."""
    return (
        f"You now moderate a group. To see which one, type {markup.typed('groups')}. In its channel, "
        f"{markup.typed('help')} lists what you can do. If a command isn't in your menu, mention "
        "me or send me a direct message."
    )


def format_people(typed: str) -> str:
    """Return the people and roles that a moderator typed; the names notify nobody."""
    if mention.is_id(typed):
        return markup.name(typed, "someone")
    parts = (markup.escape(part) if isinstance(part, str) else _format_mention(part) for part in mention.parts(typed))
    return " ".join(part for part in parts if part)


def _format_mention(mentioned: Mention) -> str:
    return (
        format_role(mentioned.id)
        if mentioned.kind == "role"
        else markup.name(mentioned.id, mentioned.label or "someone")
    )


def format_slot(timeline: Timeline, slot: Slot) -> str:
    """Return a line with the unit, when it starts and when it is due."""
    zone = timeline.group.zone
    starts, due = format_when(slot.opens_at, zone), format_when(slot.deadline_at, zone)
    return f"**{timeline.label(slot)}**: starts {starts}, due {due}"


def format_move(label: str, before: Slot | None, after: Slot, zone: str) -> str:
    """Return a line with a unit's new dates and its old post date, or its old deadline if only that moved."""
    had = before or after

    def format_date(word: str, old: datetime, new: datetime) -> str:
        return f"{word} {format_when(new, zone)}" + (f" (was {format_when(old, zone)})" if old != new else "")

    opens = format_date("starts", had.opens_at, after.opens_at)
    back = "" if before else " (was skipped)"
    old_deadline = had.deadline_at if had.opens_at == after.opens_at else after.deadline_at
    return f"- {label}: {opens}, {format_date('due', old_deadline, after.deadline_at)}{back}"


def describe_position(timeline: Timeline, now: datetime) -> str:
    """Return where the group is, in a sentence."""
    zone = timeline.group.zone
    if timeline.group.ended_at is not None:
        return (
            f"The group ended on {markup.moment(timeline.group.ended_at, zone, 'day')}. You can still see its record."
        )
    if timeline.group.closed_at is not None:
        until = timeline.catch_up_until()
        return f"The group has finished. You can catch up until {markup.moment(until, zone, 'day')}." if until else ""
    pause = timeline.pause_at(now)
    running = timeline.running(now)
    paused = ""
    if pause is not None:
        paused = (
            f"The group is paused until {format_when(pause.until_at, zone)}. "
            if pause.until_at
            else "The group is paused. "
        )
    elif (coming := next((p for p in timeline.pauses if p.from_at > now), None)) is not None:
        ends = f"until {format_when(coming.until_at, zone)}" if coming.until_at else "until a moderator resumes"
        paused = f"The group will pause from {format_when(coming.from_at, zone)} {ends}. "
    if running is not None:
        return f"{paused}{_describe_running(timeline, running, now)}"
    planned = timeline.planned(now)
    if planned:
        if (over := timeline.break_at(now)) is not None:
            paused += f"Part {over.number} is over. The group has a break now. Nothing is due. "
        opens = format_when(planned[0].opens_at, zone)
        return f"{paused}Next up: **{markup.escape(timeline.place(planned[0]))}**, {opens}."
    closing = timeline.closing_at()
    return (
        f"{paused}The last unit is over. I'll post the closing message {format_when(closing, zone)}."
        if closing
        else paused.strip()
    )


def _describe_running(timeline: Timeline, running: Opened, now: datetime) -> str:
    zone = timeline.group.zone
    label = f"**{markup.escape(timeline.place(running.slot))}**"
    if running.is_held:
        return f"{label} has no deadline while the group is paused."
    if now <= running.slot.deadline_at:
        return f"{label} is due {format_when(running.slot.deadline_at, zone)}."
    return f"{label} accepts late check-ins until {format_when(running.slot.grace_until, zone)}."


def describe_open_unit(running: Opened, now: datetime) -> str:
    """Return the state of an open unit for a member who has not checked in: nothing is missing before its deadline."""
    slot = running.slot
    is_of_week = now <= slot.deadline_at and slot.deadline_at - slot.opens_at <= timedelta(weeks=1)
    return "You haven't checked in yet this week." if is_of_week else "You haven't checked in yet."


def render_settings(proposal: Proposal, timeline: Timeline, before: Fields | None = None) -> Fields:
    """Return every setting of a proposal; defaults are marked, and changed ones show their value `before`."""
    total, first = len(timeline.roadmap.units), timeline.roadmap.unit(proposal.first_unit)
    skipped = timeline.before_start() if proposal.pace == "calendar" else []
    if skipped and (last := timeline.roadmap.unit(skipped[-1]).number) < total:
        first = timeline.roadmap.units[last]  # its calendar is further by then
    earlier, pace = dict(before.rows) if before else {}, proposal.pace
    starts_on = proposal.starts_on
    if timeline.opened:  # a moderator may have posted the first unit before its date
        starts_on = timeline.opened[0].slot.opens_at.astimezone(ZoneInfo(proposal.zone)).date()

    def row(label: str, key: str, value: str) -> tuple[str, str]:
        changed = format_previous(earlier.get(label, value), value)
        return label, value + (" _(default)_" if key in proposal.defaults else changed)

    return Fields(
        (
            row("Name", "name", markup.escape(proposal.name)),
            row("Time zone", "timezone", proposal.zone),
            row("First post on", "start", markup.day(starts_on)),
            row("Post and deadline", "rhythm", f"{format_rhythm(str(proposal.rhythm))} ({proposal.zone})"),
            row("Pace", "pace", _describe_pace(pace)),
            *(
                [row("Breaks", "breaks", _describe_breaks(proposal))]
                if len(timeline.legs) > 1 and pace != "calendar"
                else []
            ),
            *([row("Part", "leg", markup.escape(timeline.legs[0].label, 200))] if proposal.last_unit else []),
            row("First unit", "" if skipped else "first unit", markup.escape(timeline.roadmap.label(first))),
            row("Course", "roadmap", markup.escape(timeline.roadmap.title)),
        )
    )


def count_members(members: int, reminded: int) -> str:
    """Return how many members a group has, and how many of them get reminders."""
    return f"{members} ({reminded or 'none'} with reminders on)" if members else "none yet"


def format_rhythm(rhythm: str) -> str:
    """Return a week as people read it: "Mon 09:00 – Sun 21:00"."""
    return " – ".join(end[:1].upper() + end[1:] for end in rhythm.split(" - "))


def list_changes(before: Rows, after: Rows) -> Rows:
    """Return the changed rows with both values: "Asia/Tokyo (was Europe/Berlin)"."""
    old = dict(before)
    return tuple(
        (label, now + format_previous(old.get(label, "none"), now)) for label, now in after if old.get(label) != now
    )


def format_previous(old: str, now: str) -> str:
    """Return the suffix with a changed value's old value; empty if it is the same."""
    return f" _(was {old})_" if old != now else ""


def _describe_pace(pace: str) -> str:
    if pace == "calendar":
        return "by the course's calendar"
    return "one unit a week" if pace == "1 week" else "one unit every two weeks"


def _describe_breaks(proposal: Proposal) -> str:
    return "a week after each part" if proposal.has_breaks else "none"


def list_first_posts(timeline: Timeline, slots: list[Slot], most: int = 3) -> Text:
    """Return the first posts as a list."""
    return Text("\n".join(f"- {format_slot(timeline, s)}" for s in slots[:most]) or "There are no more units to post.")


def describe_part(timeline: Timeline, leg: CoursePart, now: datetime) -> str:
    """Return what a part asks of the group: "7 units on Retrieval, until 14 March"."""
    slots = [*(opened.slot for opened in timeline.opened), *timeline.planned(now)]
    its = [slot for slot in slots if timeline.roadmap.part_of(slot.unit_id) == leg]
    until = f", until {markup.moment(its[-1].deadline_at, timeline.group.zone, 'day')}" if its else ""
    return f"{numbered(len(its), 'unit')} on {markup.escape(leg.title, 120)}{until}"


def describe_remaining(timeline: Timeline, slots: list[Slot]) -> str:
    """Return, for a calendar pace, which units come before the start and how many remain."""
    before = timeline.before_start()
    if not before or timeline.group.pace != "calendar":
        return ""
    first, last = timeline.roadmap.unit(before[0]).number, timeline.roadmap.unit(before[-1]).number
    return (
        f"By the calendar, units {first} to {last} come before the start. They never count as missed. "
        f"{len(slots)} units remain."
    )


def describe_shows(group_shows: Shows) -> str:
    """Return what a group's posts show of its members; hidden members are always left out."""
    return {
        "board": "who checked in, and the leaderboard at the end",
        "goal": "who checked in, and the group's goal",
        "nothing": "no counts, no names, no leaderboard, no goal",
    }[group_shows]


def list_wished_changes(
    group: Group,
    *,
    room: str,
    switches: Mapping[str, bool | None],
    shows: Shows | None,
    moderators: str | None,
    removed: str | None,
    notify: str,
) -> list[str]:
    """Return the lines of an edit's preview on the changes beside the calendar; None is unchanged.

    Args:
        switches: by the names of `SWITCHES`.
        moderators, removed: the new and the former ones as typed.
        notify: a token of the new role, or "none"; "" if unchanged.
    """
    values = [
        (SWITCHES[name], format_switch(getattr(group, name)), format_switch(new))
        for name, new in switches.items()
        if new is not None
    ]
    earns_points = switches.get("has_quiz_points") and not group.has_quiz_points
    values += [("Posts show", describe_shows(group.channel_shows), describe_shows(shows))] if shows else []
    return [
        *([f"Channel: {markup.room(room, 'a new channel')}"] if room != group.room else []),
        *(f"{label}: {new}{format_previous(old, new)}" for label, old, new in values),
        *(["_Earlier days with a quiz earn their point too._"] if earns_points else []),
        *([f"Moderators to add: {format_people(moderators)}"] if moderators else []),
        *([f"Moderators to remove: {format_people(removed)}"] if removed else []),
        *([f"Role to notify: {notify}"] if notify else []),
    ]


def list_editable(timeline: Timeline, calendar: Fields) -> Rows:
    """Return the settings that an edit can change, the calendar's first."""
    row = timeline.group
    return (*calendar.rows, ("Channel", markup.room(row.room, "a channel")), *_list_choices(row))


def list_facts(
    row: Group, members: int, reminded: int, moderators: Iterable[AccountRow], moderator_roles: Iterable[str]
) -> Rows:
    """Return who is in a group, and its settings besides the calendar."""
    names = [markup.name(account.external_id, account.name) for account in moderators]
    return (
        ("Members", count_members(members, reminded)),
        *_list_choices(row),
        ("Moderators", ", ".join([*names, *map(format_role, moderator_roles)])),
    )


def _list_choices(row: Group) -> Rows:
    return (
        *((label, format_switch(getattr(row, name))) for name, label in SWITCHES.items()),
        ("Posts show", describe_shows(row.channel_shows)),
        ("Weekly digest for moderators", format_switch(row.has_digest)),
        ("Role to notify", format_notified_role(row.notified_role)),
    )


def render_status(timeline: Timeline, now: datetime, facts: Rows, calendar: Fields) -> Reply:
    """Return a group's position, settings and next dates."""
    row, position = timeline.group, describe_position(timeline, now)
    coming = (Text("**Next posts**"), list_first_posts(timeline, timeline.planned(now))) if not row.closed_at else ()
    next_steps = (
        (next_round_button(row),)
        if row.closed_at or row.ended_at
        else (
            Button("See next post", command_links.PREVIEW.call(row.id)),
            Button("Change group", command_links.GROUP_EDIT.ask(row.id)),
        )
    )
    return Reply(
        (*([Text(position)] if position else []), Fields(facts), Text("**Calendar**"), calendar, *coming),
        (Button("Report", command_links.REPORT.call(row.id)), *next_steps),
        title=markup.escape(row.name),
    )


def next_round_button(group: Group) -> Button:
    """Return the button that sets up the next round with this round's settings."""
    return Button("Start next round", command_links.SETUP.call(channel=group.room))


def confirm_button(confirm: Call, label: str = "Confirm", style: ButtonStyle = "primary") -> Button:
    """Return the button that carries out what a preview shows."""
    return Button(label, confirm, style)


def change_button(change: Call) -> Button:
    """Return the button that opens a preview's form again."""
    return Button("Change", change)


CHANGED = "This has changed since you opened it. Please check it, then press the button again."
DATES_CHANGED = "The dates have changed since you opened this. Please check them, then press the button again."
"""The notices above a preview that is shown again."""

MOST_JOINED = 5
"""Groups offered to a person who is in none."""


def join_buttons(groups: Sequence[Group], most: int = MOST_JOINED) -> tuple[Button, ...]:
    """Return the buttons with which a newcomer joins one of these groups."""
    return tuple(
        Button(
            markup.clip(f"Join {group.name}", 40), command_links.JOIN.call(group.id), "plain" if place else "primary"
        )
        for place, group in enumerate(groups[:most])
    )


def list_settings(group: Group, membership: Membership, account: AccountRow, *, has_alias: bool) -> Rows:
    """Return a member's own settings.

    Args:
        has_alias: whether the leaderboard shows the alias; False also if it is too like another member's name.
    """
    quiet = f"{account.quiet_from:%H:%M} - {account.quiet_until:%H:%M}"
    name = f"**{markup.escape(account.name, 40)}**"
    if membership.alias:
        alias = markup.escape(membership.alias)
        name = f"**{alias}**" if has_alias else f"{name}, because someone else here is called {alias} too"
    return (
        ("Time zone", account.zone or group.zone),
        ("Reminders", format_switch(membership.wants_reminders)),
        ("Quiet hours", "none" if account.quiet_from == account.quiet_until else quiet),
        ("Your name on the leaderboard", name if membership.is_shown else "hidden"),
        ("Show me the leaderboard", format_switch(membership.sees_board)),
        ("Pictures", "on" if account.sees_pictures else "off, text instead"),
    )


def render_saved_settings(before: Rows, after: Rows, change: Call) -> Reply:
    """Return the receipt of a member's settings, the changed ones with both values."""
    facts = {**dict(after), **dict(list_changes(before, after))}
    return Reply((Fields(tuple(facts.items())),), (Button("Change settings", change),), "Saved", "good")


def apply_picture_setting(group: Group, reply: Reply) -> Reply:
    """Return the reply, with words in place of its pictures if the group wants none."""
    return reply if group.has_pictures else reply.in_words()


@dataclass(frozen=True)
class EarlierRound:
    """The earlier round in a channel, for the welcome of the next one.

    Args:
        carried: how many of its members are in the next round already.
        was_cut: whether its catching up ended with the start of the next round.
    """

    name: str
    carried: int = 0
    was_cut: bool = False


def _invite_earlier_round(origin: EarlierRound) -> str:
    name = f"**{markup.escape(origin.name)}**"
    ended = f" Catching up in {name} has ended. You can still read its record." if origin.was_cut else ""
    if origin.carried:
        who = f"Everyone from {name} is" if origin.carried > 1 else f"One member of {name} is"
        return f"{who} already in. You don't have to stay: {markup.typed('leave')} takes you out.{ended}"
    return f"Were you in {name}? Press Join to come along.{ended}"


def _describe_first_unit(timeline: Timeline, now: datetime, opens_now: bool) -> str:
    zone = timeline.group.zone
    if timeline.opened:
        return f"I posted the first unit {format_when(timeline.opened[0].slot.opens_at, zone)}."
    if opens_now:
        return "I'll post the first unit below in a moment."
    planned = timeline.planned(now)
    return f"I'll post the first unit {format_when(planned[0].opens_at, zone)}." if planned else ""


def format_later(count: int) -> str:
    """Return how many dates are not shown."""
    return f"{count} more unit{'' if count == 1 else 's'}"


def render_dates(timeline: Timeline, moved: Moved) -> Text:
    """Return the dates that an edit would change: the next four, and how many more."""
    if not moved:
        return Text("No dates change.")
    lines = [format_move(timeline.label(b), a, b, timeline.group.zone) for a, b in moved[:4]]
    lines += [f"and {format_later(len(moved) - 4)}."] if len(moved) > 4 else []
    return Text("**New dates**\n" + "\n".join(lines))


def render_new_dates(timeline: Timeline, pairs: Moved, reason: str) -> Reply:
    """Return the announcement of moved dates: the next two, how many more, and why."""
    group = timeline.group
    lines = [format_move(timeline.label(b), a, b, group.zone) for a, b in pairs[:2]]
    if len(pairs) > 2:
        lines.append(f"and {format_later(len(pairs) - 2)}.")
    return Reply(
        (Text("\n".join(lines)), *([Text(f"Reason: {markup.escape(reason, 200)}")] if reason else [])),
        (Button("See course", command_links.COURSE.call(group.id)),),
        title=f"New dates for {markup.escape(group.name)}",
        tone="warn",
    )


def render_welcome(
    timeline: Timeline, now: datetime, origin: EarlierRound | None = None, *, opens_now: bool = False
) -> Reply:
    """Return a group's welcome: what happens each week, the rules in five lines.

    Args:
        opens_now: whether the first unit's post follows at once.
    """
    group, hours = timeline.group, GRACE // timedelta(hours=1)
    first = _describe_first_unit(timeline, now, opens_now)
    has_exercises = any(unit.exercise.task for unit in timeline.roadmap.units)
    has_notes = any(unit.notes for unit in timeline.roadmap.units)
    asks = f"{markup.typed('ask')} answers questions from the notes. " if has_notes else ""
    path = markup.escape(timeline.roadmap.title)
    if group.last_unit and len(timeline.roadmap.parts) > 1:
        path = f"Part {timeline.legs[0].number} of {path}: {markup.escape(timeline.legs[0].title, 120)}"
    sizes = {len(leg.units) for leg in timeline.legs[:-1]}
    of = f" of {spelt(*sizes)} units" if len(sizes) == 1 else ""
    rest = f", with a free week after each part{of}" if timeline.has_breaks and len(timeline.legs) > 1 else ""
    what = "the topic, an exercise and a thread" if has_exercises else "the topic and a thread"
    return Reply(
        (
            Text(
                f"We work through **{path}** together, "
                f"{_describe_pace(group.pace)}{rest}. {first} Each unit is a post here with {what}. Check in when "
                "you've worked on it."
            ),
            *([Text(_invite_earlier_round(origin))] if origin else []),
            Text(
                "- A check-in means you worked on the unit. You don't have to finish it.\n"
                f"- You earn {BASE_POINTS['kept']} points on time, {BASE_POINTS['late']} up to {hours} hours late, "
                f"and {BASE_POINTS['caught up']} after that.\n"
                "- Complete units in a row to build a streak. A freeze covers a missed unit, and you start with "
                f"{spelt(FIRST_FREEZES)}.\n"
                f"- Going away? {markup.typed('away')} protects your streak.\n"
                f"- {asks}{markup.typed('help')} shows everything else."
            ),
        ),
        (
            Button("Join", command_links.JOIN.call(group.id), "primary"),
            Button("Data we store", command_links.PRIVACY.call(group.id)),
        ),
        title=f"Welcome to {markup.escape(group.name)}",
        tone="good",
    )


PAUSED, RESUMED = "The group is paused.", "The group has resumed."
"""Reasons that a unit's new deadline shows."""
SHORT = "Read or try one thing from it. That counts."


def describe_pause_effect(timeline: Timeline, pause: Pause, moved: Slot | None, now: datetime) -> str:
    """Return what a pause does to the running unit: it stays due, moves, or is held.

    Args:
        moved: the unit's new slot, if the pause moves it.
    """
    running, zone = timeline.running(now), timeline.group.zone
    if running is None:
        return ""
    label, due = f"**{markup.escape(timeline.label(running.slot))}**", running.slot.deadline_at
    if moved is None:
        return f"{label} is still due {format_when(due, zone)}." if now <= due else ""
    if pause.until_at is None:
        return f"{label} has no deadline during the pause."
    return f"{label} is now due {format_when(moved.deadline_at, zone)} (was {format_when(due, zone)})."


def render_pause_post(
    group: Group, pause: Pause, now: datetime, effect: str, next_at: datetime | None, label: str, reason: str
) -> Reply:
    """Return the channel's post on a pause.

    Args:
        effect: what happens to the running unit, in a sentence.
        next_at: when the next unit after the pause's start opens, if that is known.
        label: that unit's, if other units come before the pause.
    """
    until = (
        f"until {markup.moment(pause.until_at, group.zone, 'day')}" if pause.until_at else "until a moderator resumes"
    )
    name, starts = markup.escape(group.name), markup.moment(pause.from_at, group.zone, "day")
    since = f"**{name} is paused**" if pause.from_at <= now else f"**{name} will pause** from {starts}"
    following = f"I'll post the next unit {format_when(next_at, group.zone)}." if next_at else ""
    if next_at and label:
        following = f"After the pause: **{markup.escape(label)}** on {format_when(next_at, group.zone)}."
    return say(
        f"{since} {until}. Streaks are safe, and check-ins stay open.",
        " ".join(text for text in (effect, following) if text),
        f"Reason: {markup.escape(reason)}" if reason else "",
        tone="warn",
    )


def describe_cancelled(group: Group, pause: Pause) -> str:
    """Return that a pause which has not begun won't come."""
    until = f" until {markup.moment(pause.until_at, group.zone, 'day')}" if pause.until_at else ""
    return f"The pause from {markup.moment(pause.from_at, group.zone, 'day')}{until} is cancelled."


def render_resumed_post(group: Group, next_at: datetime | None, cancelled: Pause | None) -> Reply:
    """Return the channel's post at the end of a pause, or before a pause that is cancelled."""
    following = f" I'll post the next unit {format_when(next_at, group.zone)}." if next_at else ""
    if cancelled is not None:
        return say(f"**{describe_cancelled(group, cancelled)}**{following}", tone="good")
    return say(f"**{markup.escape(group.name)} has resumed.**{following}", tone="good")


def render_catch_up(
    timeline: Timeline,
    unit: Unit,
    covered: Sequence[Unit],
    gists: Sequence[tuple[str, str]],
    next_part: Slot | None,
    now: datetime,
) -> list[Text]:
    """Return the help for a member who joins during a part.

    Args:
        covered: the part's units before the running one.
        gists: titles and gists of notes on them.
        next_part: the first slot of the next part.
    """
    titles = ", ".join(markup.escape(past.title, 60) for past in covered)
    listed = "\n".join(f"- _{markup.escape(title, 80)}_: {markup.prose(gist)}" for title, gist in gists)
    texts = (
        f"**So far** this part had {numbered(len(covered), 'unit')}: {titles}. They don't count as missed, and you "
        "don't have to catch up.",
        f"**Most useful from these units**\n{listed}" if listed else "",
        f"**In your first week**, half an hour is enough. {markup.prose(unit.exercise.short) or SHORT}",
        _describe_later_start(timeline, next_part, now) if next_part else "",
    )
    return [Text(text) for text in texts if text]


def _describe_later_start(timeline: Timeline, slot: Slot, now: datetime) -> str:
    part = timeline.roadmap.part_of(slot.unit_id)
    begins = markup.moment(slot.opens_at, timeline.group.zone, "day")
    return f"Or wait for part {part.number}. It begins on {begins}: {describe_part(timeline, part, now)}."


def _title(group: Group, text: str) -> str:
    return text.format(markup.escape(group.name))


def render_pause_preview(
    group: Group,
    pause: Pause,
    moved: Slot | None,
    dates: Sequence[tuple[str, Slot]],
    confirm: Call,
    *,
    notices: Sequence[str],
) -> Reply:
    """Return the preview of a pause.

    Args:
        moved: the open unit's new slot, if the pause moves it.
        dates: units with their new slots.
    """
    lines = [*notices, f"From {format_when(pause.from_at, group.zone)} {_format_end(group, pause)}."]
    if moved is not None and pause.until_at:
        lines.append(f"The open unit's deadline moves to {format_when(moved.deadline_at, group.zone)}.")
    elif moved is not None:
        lines.append("The open unit has no deadline until you resume.")
    listed = "\n".join(f"- {label}: {format_when(slot.opens_at, group.zone)}" for label, slot in dates)
    texts = (" ".join(lines), f"**New dates**\n{listed}" if listed else "")
    return say(*texts, title=_title(group, "Pause {}?"), buttons=(confirm_button(confirm),))


def _format_end(group: Group, pause: Pause) -> str:
    return f"until {format_when(pause.until_at, group.zone)}" if pause.until_at else "until you resume"


def render_paused(group: Group, pause: Pause, now: datetime) -> Reply:
    """Return the reply to the moderator who paused the group."""
    since = "is paused " if pause.from_at <= now else f"will pause from {format_when(pause.from_at, group.zone)} "
    end = _format_end(group, pause)
    return say(f"{markup.escape(group.name)} {since}{end}. I'll post that in the channel.", tone="good")


def render_resumed(timeline: Timeline, planned: list[Slot], cancelled: Pause | None) -> Reply:
    """Return the reply to the moderator who ended a pause, or cancelled one that had not begun."""
    if cancelled is not None:
        texts = Text(describe_cancelled(timeline.group, cancelled)), list_first_posts(timeline, planned)
        return Reply(texts, title="Pause cancelled", tone="good")
    return Reply((list_first_posts(timeline, planned),), title=_title(timeline.group, "{} has resumed"), tone="good")


def render_end_preview(group: Group, catch_up: str, confirm: Call) -> Reply:
    """Return the preview of a group's end.

    Args:
        catch_up: how long members can catch up: "a week".
    """
    board = " with the final leaderboard" if group.has_board else ""
    text = (
        f"I'll post a closing message{board}, stop posts and reminders, and cancel planned live sessions. "
        f"Members can catch up for {catch_up}, or until the next round starts in the channel. "
        "I delete nothing, but you can't undo this."
    )
    return say(text, title=_title(group, "End {}?"), buttons=(_end_button(confirm),), tone="warn")


def _end_button(confirm: Call) -> Button:
    return Button("End group", confirm, "danger")


def render_end(group: Group, catch_up: str) -> Reply:
    """Return the reply to the moderator who ended the group."""
    text = f"I'll post the closing message now. Members can catch up for {catch_up}."
    return say(text, title=_title(group, "{} has ended"), tone="good")


def render_astray_end_preview(group: Group, lack: str, confirm: Call) -> Reply:
    """Return the preview of the end of a group whose course is missing.

    Args:
        lack: what is missing, in a sentence.
    """
    text = "I'll end it at once, with no closing post and no catching up. I delete nothing. You can't undo this."
    return say(f"{lack}\n\n{text}", title=_title(group, "End {}?"), buttons=(_end_button(confirm),), tone="warn")


def render_astray_end(group: Group) -> Reply:
    """Return the reply to the moderator who ended a group whose course is missing."""
    text = "Its channel is free. Its record stays until its course is back."
    return say(text, title=_title(group, "{} has ended"), tone="good")


def render_removal_preview(group: Group, member: str, name: str, confirm: Call) -> Reply:
    """Return the preview of a member's removal.

    Args:
        member: the member's token.
        name: the member's name.
    """
    counts = "the counts and the leaderboard" if group.has_board else "the counts"
    return say(
        f"I'll stop their reminders and take {member} out of {counts}. Their check-ins and settings stay, and "
        f"{markup.typed('join')} brings everything back. I'll tell them when they next use Trailmate.",
        title=f"Remove {markup.escape(name, 40)} from {markup.escape(group.name)}?",
        buttons=(Button("Remove", confirm, "danger"),),
        tone="warn",
    )


def render_removal(group: Group, member: str) -> Reply:
    """Return the reply to the moderator who removed a member."""
    return say(f"{member} is no longer in {markup.escape(group.name)}. Their record stays.", tone="good")


def describe_removal(group: Group) -> str:
    """Return the notice to a removed member."""
    name = markup.escape(group.name)
    return f"A moderator removed you from **{name}**. Your record stays. {markup.typed('join')} brings it back."


def render_check(checked: int, gone: Sequence[tuple[Account, Call]], unsure: int) -> Reply:
    """Return which members have left the server.

    Args:
        gone: those who left, each with the Call that removes them.
        unsure: how many couldn't be checked.
    """
    names = ", ".join(markup.name(person.id, person.name) for person, _ in gone)
    buttons = tuple(Button(f"Remove {markup.clip(person.name, 24)}", remove) for person, remove in gone[:5])
    here = f"All {checked} members are still here." if checked > 1 else "The only member is still here."
    left = f"No longer here: {names}. Their record stays when you remove them." if gone else here
    if unsure and not gone:
        left = ""
    rest = f"I couldn't check {unsure}. Please try again in a minute." if unsure else ""
    return say(left, rest, title="Members", buttons=buttons)


def render_left(group: Group) -> Reply:
    """Return the reply to a member who left."""
    board = ", and you're off the leaderboard" if group.has_board else ""
    return say(
        f"You won't get more reminders{board}. I keep your check-ins in case you come back.",
        title=_title(group, "You've left {}"),
        buttons=(Button("Join again", command_links.JOIN.call(group.id)),),
    )


def render_reminders(group: Group, *, is_on: bool) -> Reply:
    """Return the reply to a member who turned reminders on or off."""
    if not is_on:
        return say("Reminders are off. You can turn them on again in your settings.", tone="good")
    return say(
        "Reminders are on. If you haven't checked in, I'll message you one day before the deadline and again three "
        "hours before. Never in your quiet hours.",
        tone="good",
        buttons=(Button("Stop reminders", command_links.REMIND.call(group.id, on=False)),),
    )


def format_switch(is_on: bool) -> str:
    """Return the value of a setting that is on or off."""
    return "on" if is_on else "off"


def render_edit_preview(
    group: Group,
    settings: Fields,
    dates: Text,
    also: Sequence[str],
    *,
    notices: Sequence[str],
    confirm: Call,
    change: Call,
) -> Reply:
    """Return the preview of an edit.

    Args:
        also: lines on changes beside the calendar.
    """
    rest = (Text("\n".join(also)),) if also else ()
    buttons = (confirm_button(confirm), change_button(change))
    return Reply((*map(Text, notices), settings, dates, *rest), buttons, title=_title(group, "Change {}?"))


def render_edited(changed: Rows, moved: int, brought: int, moderators: Sequence[str], removed: Sequence[str]) -> Reply:
    """Return the reply to the moderator who edited a group.

    Args:
        changed: the changed settings.
        moved: how many dates moved.
        brought: how many waiting posts follow the group to its new channel.
        moderators, removed: tokens of the new and the former moderators.
    """
    texts = [
        f"{numbered(moved, 'date')} moved. I'll post the new dates in the channel." if moved else "No dates moved."
    ]
    texts += [f"I'll send waiting posts ({brought}) to the new channel."] if brought else []
    added = f"New moderators: {', '.join(moderators)}." if moderators else ""
    gone = f"No longer moderators: {', '.join(removed)}." if removed else ""
    blocks: list[Block] = [Fields(changed)] if changed else []
    blocks += [Text(text) for text in (" ".join(texts), added, gone) if text]
    is_changed = bool(changed or added or gone)
    return Reply(tuple(blocks), title="Group updated" if is_changed else "Nothing changed", tone="good")


def render_new_preview(
    proposal: Proposal,
    timeline: Timeline,
    planned: list[Slot],
    *,
    is_here: bool,
    cut_off: Text | None,
    invitation: Text | None,
    confirm: Call,
    confirm_same: Call | None,
    change: Call,
) -> Reply:
    """Return the preview of a new group.

    Args:
        is_here: whether the group's channel is the reader's.
        confirm_same: creates it with the members of the earlier round, if there were any.
    """
    carry = (Button("Confirm, same people", confirm_same),) if confirm_same else ()
    buttons = (confirm_button(confirm), *carry, change_button(change))
    channel = "this channel" if is_here else "the channel you named"
    rest = describe_remaining(timeline, planned)
    blocks = (
        Text(f"Confirm, and I'll post a welcome in {channel}."),
        cut_off,
        render_settings(proposal, timeline),
        Text("**First post**"),
        list_first_posts(timeline, planned, 1),
        Text(rest) if rest else None,
        invitation,
    )
    shown = tuple(block for block in blocks if block is not None)
    return Reply(shown, buttons, title=f"New group: {markup.escape(proposal.name)}")


def describe_invitation(before: Group, members: int, *, are_carried: bool) -> Text:
    """Return how the members of the earlier round come in."""
    who = f"{members} {'person' if members == 1 else 'people'} of **{markup.escape(before.name)}**"
    if are_carried:
        return Text(f"{who} will be in from the start. The welcome says so, and anyone may leave.")
    return Text(f"The welcome will invite {who}.")


def describe_cut_off(before: Group, until: datetime) -> Text:
    """Return that the start ends catching up in the earlier round: one channel holds one group at a time."""
    return Text(
        f"**This start ends catching up in {markup.escape(before.name)}.** Otherwise members could catch up until "
        f"{markup.moment(until, before.zone, 'day')}. To let them finish, start after that day with the button in the "
        "closing post."
    )


def render_created(timeline: Timeline, planned: list[Slot]) -> Reply:
    """Return the reply to the moderator who created a group."""
    group = timeline.group
    return Reply(
        (
            Text("I'll post the welcome in the channel now. People can join with its button."),
            list_first_posts(timeline, planned, 1),
        ),
        (
            Button("Join", command_links.JOIN.call(group.id)),
            Button("See next post", command_links.PREVIEW.call(group.id)),
        ),
        title=_title(group, "{} is set up"),
        tone="good",
    )


def describe_zone(account: AccountRow, group: Group, source: str) -> str:
    """Return the time zone that a new member will have, and where it comes from.

    Args:
        source: the platform's setting that it was read from, if any.
    """
    zone = account.zone or group.zone
    if account.has_own_zone:
        return zone
    if account.zone and source:
        return f"{zone} (from {source})"
    return f"{zone} (until you set yours)" if zone != group.zone else f"{zone} (same as the group)"


def render_joined(
    timeline: Timeline,
    now: datetime,
    zone: str,
    catch_up: Sequence[Text],
    part: int | None,
    settings: Call,
    *,
    has_reminders: bool,
    is_new: bool,
    is_moderator: bool,
) -> Reply:
    """Return the reply to a member who joined.

    Args:
        zone: the member's time zone, and where it comes from.
        catch_up: help for a late joiner.
        part: the part whose readiness quiz a late joiner may take.
        settings: opens the form of the member's settings.
    """
    group = timeline.group
    facts = (
        ("Your time zone", zone),
        ("Reminders", format_switch(has_reminders)),
    )
    place = "on the leaderboard" if group.has_board else "in posts"
    position = describe_position(timeline, now)
    hidden = f"As a moderator you don't appear {place}. You can change this in your settings."
    return Reply(
        (
            *([Text(position)] if position else []),
            Fields(facts),
            *([Text(hidden)] if is_moderator and is_new else []),
            *catch_up,
        ),
        (
            *([Button("Check in", command_links.CHECKIN.ask(group.id), "primary")] if timeline.opened else []),
            *([Button("Check readiness", command_links.BRIDGE.call(group.id, part=part))] if part else []),
            *([] if has_reminders else [Button("Turn on reminders", command_links.REMIND.call(group.id, on=True))]),
            Button("Change settings", settings),
        ),
        title=_title(group, "You're in {}" if is_new else "You're already in {}"),
        tone="good",
    )
