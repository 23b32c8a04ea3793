"""Commands for groups.

Members join, leave, and choose reminders and settings. Moderators create, edit, pause, resume and end a group, read its
status, and remove or check members.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Annotated

from bot.chat.platform import Findings, Inspector
from bot.commands import context
from bot.commands.command import Command, IntentPattern, Param, SuggestedValue, command
from bot.commands.context import Context, Place
from bot.commands.parameter_types import MemberRef, RoomRef, UnitRef, Zone, between, find_bool, parse_clock
from bot.curriculum.track import Library
from bot.features.groups import late_join, wording
from bot.features.groups.calendar.pacing import CATCH_UP_DAYS, Pace
from bot.features.groups.calendar.timeline import Astray, Timeline
from bot.features.groups.confirmation import Pending, is_stale, make_mark
from bot.features.groups.create_group import Founding, Members
from bot.features.groups.editing import Editing, Extras, Pausing, check_role, parse_role
from bot.features.groups.params import (
    BREAKS,
    CONFIRM,
    COURSE,
    FIRST_UNIT,
    GROUP,
    PACE,
    PART,
    RHYTHM,
    SHOWS,
    START,
    ZONE,
    member_action,
    member_command,
    moderator_action,
    moderator_command,
)
from bot.features.groups.preview import GroupWish, Proposal, Proposals, list_changed_dates
from bot.features.groups.service import Groups, ShownNames
from bot.features.groups.tables import SWITCHES, Group, Membership, Shows
from bot.features.people.service import People, is_called
from bot.features.people.tables import AccountRow
from bot.messages import markup, names
from bot.messages.call import SEEN
from bot.messages.errors import BadInput
from bot.messages.numerals import lasting
from bot.messages.reply import Reply
from bot.storage.unit_of_work import Database, Work


def get_place(ctx: Context, room: str) -> Place:
    """Return a channel of the tenant that the Call came from."""
    return Place(ctx.place.platform, ctx.place.tenant, room)


def refuse_channel_name(inspector: Inspector, ctx: Context, typed: str) -> None:
    """Refuse a channel given by name: only the platform can resolve the name."""
    if not inspector.is_room(get_place(ctx, typed)):
        raise BadInput(
            f"**Channel**: I don't know which channel “{markup.escape(typed, 40)}” is. "
            "Type # and pick it from the list, or run this in the channel itself.",
            field="channel",
        )


async def inspect_room(inspector: Inspector, place: Place) -> Findings:
    """Prepare a channel as far as the bot can, and return what is right and wrong with it."""
    await inspector.prepare(place)
    return await inspector.look(place)


async def check_room(inspector: Inspector, place: Place) -> None:
    """Prepare a channel; BadInput says what is missing if the bot can't work there yet."""
    wrong = [f for f in await inspect_room(inspector, place) if not f.ok]
    if wrong:
        mends = "\n".join(f"- {f.sentences}" for f in wrong)
        raise BadInput(f"I can't work in that channel yet:\n{mends}", field="channel")


def initial_edit(ctx: Context, *, groups: Groups) -> Mapping[str, str]:
    """Return the group's settings as the form opens."""
    group = groups.here(ctx).group
    return {
        "name": group.name,
        "timezone": group.zone,
        "start": group.starts_on.isoformat(),
        "channel": group.room,
        "rhythm": group.rhythm,
        SEEN: make_mark(Proposal.of(group)),
    }


CHANGES = (
    r"(?:change|move|edit|rename|shift|postpone|set) (?:the |our )?(?:start|deadline|rhythm|channel|schedule|pace|dates"
    r"|cohort|group|course|name of the group|group's name)",
    r"(?:make|add|appoint|name) (?:me|someone|somebody|him|her|them|a friend|another|other|an?|more)?(?: an?| as an?)?"
    r" ?(?:moderators?|leads?|admins?|organi[sz]ers?)|(?:become|be) (?:a |the )?(?:moderator|lead|admin|organi[sz]er)",
)
"""How people ask who want the group to be another."""


@moderator_command(
    "manage edit",
    formerly=("cohort edit",),
    form=True,
    slow=True,
    title="Change the group",
    form_note="Posted units keep their dates. You'll see what changes before you confirm.",
    initial=initial_edit,
    asked=CHANGES,
)
async def group_edit(
    ctx: Context,
    name: Annotated[str | None, Param("Group name", example="Night owls", max=60)] = None,
    timezone: Annotated[Zone | None, ZONE] = None,
    start: Annotated[date | None, START] = None,
    channel: Annotated[RoomRef | None, Param("Channel (where the group meets)", example="#study")] = None,
    rhythm: Annotated[str | None, RHYTHM] = None,
    pace: Annotated[Pace | None, PACE] = None,
    first_unit: Annotated[UnitRef | None, FIRST_UNIT] = None,
    course: Annotated[str | None, COURSE] = None,
    breaks: Annotated[bool | None, BREAKS] = None,
    reminders: Annotated[
        bool | None, Param("Reminders in the thread and by message", example="no", in_form=False)
    ] = None,
    hints: Annotated[bool | None, Param("Hints before exercise answers", example="no", in_form=False)] = None,
    quiz_points: Annotated[bool | None, Param("Daily quiz point", example="yes", in_form=False)] = None,
    warmups: Annotated[bool | None, Param("Warm-ups in threads", example="no", in_form=False)] = None,
    weekly_round: Annotated[bool | None, Param("Weekly round of questions", example="yes", in_form=False)] = None,
    pictures: Annotated[bool | None, Param("Pictures in posts and answers", example="no", in_form=False)] = None,
    channel_shows: Annotated[Shows | None, SHOWS] = None,
    moderators: Annotated[
        str | None, Param("Moderators to add", example="@ada @ben", in_form=False, mentions=True)
    ] = None,
    remove_moderators: Annotated[
        str | None, Param("Moderators to remove", example="@mo", in_form=False, mentions=True)
    ] = None,
    notify: Annotated[
        str | None,
        Param("Role to notify about each unit, or off", example="@learners", max=80, in_form=False, mentions=True),
    ] = None,
    reason: Annotated[str, Param("Reason, shown with the new dates", example="exams", max=200, in_form=False)] = "",
    confirm: Annotated[bool, CONFIRM] = False,
    *,
    database: Database,
    library: Library,
    inspector: Inspector,
) -> Reply:
    """Change a group, after a preview of the new dates."""
    if channel is not None:
        refuse_channel_name(inspector, ctx, channel)
    wish = GroupWish(name, timezone, start, channel, rhythm, pace, first_unit, course, breaks=breaks)

    def inspect_room(work: Work) -> tuple[Proposal, Place, str | None]:
        groups = Groups(work, library)
        timeline = groups.here(ctx)
        old = groups.place(timeline.group)
        role_id = parse_role(notify, old) if notify else None
        return Proposals(groups).changed(ctx, timeline, wish), old, role_id

    proposal, old, role_id = await database.run(inspect_room, writes=False)
    if proposal.room != old.room:
        await check_room(inspector, get_place(ctx, proposal.room))
    if role_id is not None:
        await check_role(inspector, replace(old, room=proposal.room), role_id)
    switches = dict(zip(SWITCHES, (reminders, hints, quiz_points, warmups, weekly_round, pictures), strict=True))
    extras = Extras(switches, channel_shows, moderators, remove_moderators, notify, reason)
    run = _edit if confirm else _preview_edit
    return await database.run(lambda work: run(ctx, Groups(work, library), wish, extras))


def _preview_edit(ctx: Context, groups: Groups, wish: GroupWish, extras: Extras) -> Reply:
    editing = Editing(groups)
    outlook = editing.outlook(ctx, wish)
    proposal, group = outlook.proposal, outlook.before.group
    editing.find_named(ctx, group, extras.moderators or "")
    editing.find_removed(group, extras.remove_moderators or "", has_new=bool(extras.moderators))
    role_id = parse_role(extras.notify, groups.place(group)) if extras.notify else None
    rests_on = make_mark(Proposal.of(group))
    pending = Pending.keep(groups.work, ctx, group_edit, group.id, rests_on=rests_on)
    return wording.render_edit_preview(
        group,
        wording.render_settings(proposal, outlook.after, wording.render_settings(Proposal.of(group), outlook.before)),
        wording.render_dates(outlook.after, outlook.moved),
        wording.list_wished_changes(
            group,
            room=proposal.room,
            switches=extras.switches,
            shows=extras.shows,
            moderators=extras.moderators,
            removed=extras.remove_moderators,
            notify=wording.format_notified_role(role_id) if extras.notify else "",
        ),
        notices=(wording.CHANGED,) if is_stale(ctx, rests_on) else (),
        confirm=pending.call(),
        change=pending.ask(),
    )


def _edit(ctx: Context, groups: Groups, wish: GroupWish, extras: Extras) -> Reply:
    timeline = groups.here(ctx)
    if is_stale(ctx, make_mark(Proposal.of(timeline.group))):
        return _preview_edit(ctx, groups, wish, extras)
    before = _list_editable(groups, timeline)
    done = Editing(groups).carry_out(ctx, wish, extras)
    changed = wording.list_changes(before, _list_editable(groups, groups.here(ctx)))
    reply = wording.render_edited(changed, len(done.moved), done.brought, done.moderators, done.removed)
    return replace(reply, replaces=True)


def _list_editable(groups: Groups, timeline: Timeline) -> wording.Rows:
    """Return the settings that an edit can change, the calendar's first."""
    return wording.list_editable(timeline, wording.render_settings(Proposal.of(timeline.group), timeline))


@moderator_command("manage status", formerly=("cohort status",), title="Group status", writes=False, after_end=True)
def group_status(ctx: Context, *, groups: Groups) -> Reply:
    """Show a group's settings, position and next dates."""
    timeline = groups.here(ctx)
    calendar = wording.render_settings(Proposal.of(timeline.group), timeline)
    return wording.render_status(timeline, ctx.now, list_facts(groups, timeline.group), calendar)


def list_facts(groups: Groups, row: Group) -> tuple[tuple[str, str], ...]:
    """Return who is in a group, and its settings besides the calendar."""
    members, reminded = groups.count_members(row.id)
    return wording.list_facts(row, members, reminded, groups.moderators(row), groups.moderator_roles(row))


MEMBERS = Param("Members (from the last round, or new)", in_form=False)


def initial_create(ctx: Context, *, groups: Groups) -> Mapping[str, str]:
    """Return what the round before in the room suggests; nothing for the first one."""
    return Founding(groups).initial(ctx, ctx.call.args.get("channel") or ctx.place.room)


@command(
    "manage create",
    formerly=("cohort create",),
    form=True,
    role="moderator",
    slow=True,
    group="none",
    title="Create a group",
    form_note="You'll see a preview before I post anything.",
    initial=initial_create,
)
async def group_create(
    ctx: Context,
    name: Annotated[str, Param("Group name", example="Night owls", max=60)],
    timezone: Annotated[Zone | None, replace(ZONE, needed=lambda ctx: not ctx.actor.has_zone)] = None,
    start: Annotated[date | None, START] = None,
    channel: Annotated[RoomRef | None, Param("Channel (leave empty for this one)", example="#study")] = None,
    rhythm: Annotated[str | None, RHYTHM] = None,
    pace: Annotated[Pace | None, PACE] = None,
    first_unit: Annotated[UnitRef | None, FIRST_UNIT] = None,
    course: Annotated[str | None, COURSE] = None,
    part: Annotated[str | None, PART] = None,
    breaks: Annotated[bool | None, BREAKS] = None,
    members: Annotated[Members | None, MEMBERS] = None,
    confirm: Annotated[bool, CONFIRM] = False,
    *,
    database: Database,
    library: Library,
    inspector: Inspector,
) -> Reply:
    """Create a group, after a preview."""
    if channel is not None:
        refuse_channel_name(inspector, ctx, channel)
    wish = GroupWish(name, timezone, start, channel, rhythm, pace, first_unit, course, part, breaks)
    proposal = await database.run(lambda work: Proposals(Groups(work, library)).new(ctx, wish), writes=False)
    await check_room(inspector, get_place(ctx, proposal.room))
    if confirm:
        return await database.run(lambda work: _create(ctx, Groups(work, library), wish, members))
    return await database.run(lambda work: _preview_new(ctx, Groups(work, library), proposal, members))


def _preview_new(ctx: Context, groups: Groups, proposal: Proposal, members: Members | None) -> Reply:
    before = Founding(groups).find_predecessor(ctx, proposal.room, members)
    timeline = Proposals(groups).timeline(ctx, proposal)
    planned = timeline.planned(ctx.now)
    pending = Pending.keep(groups.work, ctx, group_create)
    may_carry = before is not None and before.members > 0 and members != "same"
    return wording.render_new_preview(
        proposal,
        timeline,
        planned,
        is_here=proposal.room == ctx.place.room,
        cut_off=(
            wording.describe_cut_off(before.group, before.catches_up_until)
            if before and before.catches_up_until
            else None
        ),
        invitation=(
            wording.describe_invitation(before.group, before.members, are_carried=members == "same") if before else None
        ),
        confirm=pending.call(),
        confirm_same=pending.call(members="same") if may_carry else None,
        change=pending.ask(),
    )


def _create(ctx: Context, groups: Groups, wish: GroupWish, members: Members | None) -> Reply:
    group = Founding(groups).found(ctx, wish, members)
    timeline = groups.timeline(group)
    return replace(wording.render_created(timeline, timeline.planned(ctx.now)), replaces=True)


CATCH_UP = lasting(timedelta(days=CATCH_UP_DAYS))

LONGEST_PAUSE = 26
"""Weeks of a pause that has an end."""


@moderator_command(
    "manage pause",
    formerly=("cohort pause",),
    title="Pause the group",
    asked=(r"(?:pause|halt|interrupt) (?:the |our )?(?:group|cohort|course)",),
)
def group_pause(
    ctx: Context,
    weeks: Annotated[
        int | None, Param("Weeks (leave empty to pause until resumed)", example="2", min=1, max=LONGEST_PAUSE)
    ] = None,
    from_: Annotated[date | None, Param("From (leave empty for the next post)", example="now")] = None,
    reason: Annotated[str, Param("Reason, shown to the group", example="holidays", max=200)] = "",
    confirm: Annotated[bool, CONFIRM] = False,
    *,
    groups: Groups,
) -> Reply:
    """Pause a group, after a preview of the new dates."""
    timeline = groups.here(ctx)
    pausing = Pausing(groups)
    pause = pausing.proposed(ctx, timeline, weeks, from_)
    rests_on = make_mark(Proposal.of(timeline.group), timeline.opened, timeline.pauses)
    if confirm and not is_stale(ctx, rests_on):
        pausing.begin(ctx, timeline, pause, reason)
        return replace(wording.render_paused(timeline.group, pause, ctx.now), replaces=True)
    after, moved = pausing.moved(timeline, pause, ctx.now)
    pairs = list_changed_dates(timeline.planned(ctx.now), after.planned(ctx.now))
    pending = Pending.keep(groups.work, ctx, group_pause, timeline.group.id, rests_on=rests_on)
    return wording.render_pause_preview(
        timeline.group,
        pause,
        moved,
        [(after.label(slot), slot) for _, slot in pairs[:4]],
        pending.call(),
        notices=(wording.DATES_CHANGED,) if is_stale(ctx, rests_on) else (),
    )


@moderator_command("manage resume", formerly=("cohort resume",), title="Resume the group")
def group_resume(ctx: Context, *, groups: Groups) -> Reply:
    """End a pause now."""
    after, cancelled = Pausing(groups).resume(ctx, groups.here(ctx))
    return wording.render_resumed(after, after.planned(ctx.now), cancelled)


@moderator_command(
    "manage end",
    formerly=("cohort end",),
    title="End the group",
    asked=(r"(?:end|stop|close|finish|delete) (?:the |our |an? )?(?:group|cohort|course)",),
)
def group_end(
    ctx: Context,
    confirm: Annotated[bool, CONFIRM] = False,
    *,
    groups: Groups,
) -> Reply:
    """End a group early with a closing post."""
    row = groups.get(ctx.actor.group_id)
    if (astray := groups.astray(row)) is not None:
        return _end_astray(ctx, row, astray, confirm=confirm)
    if row.closed_at is not None or row.end_asked_at is not None:
        raise BadInput(f"{markup.escape(row.name)} has already finished.")
    if confirm:
        row.end_asked_at = ctx.now
        groups.wake(row, ctx.now)
        return replace(wording.render_end(row, CATCH_UP), replaces=True)
    return wording.render_end_preview(row, CATCH_UP, group_end.call(row.id, confirm=True))


def _end_astray(ctx: Context, row: Group, astray: Astray, *, confirm: bool) -> Reply:
    """End a group at once whose course is missing; no closing post is possible."""
    if confirm:
        row.end_asked_at = row.end_asked_at or ctx.now
        row.closed_at = row.closed_at or ctx.now
        row.ended_at, row.wake_at = ctx.now, None
        return replace(wording.render_astray_end(row), replaces=True)
    return wording.render_astray_end_preview(row, astray.sentence, group_end.call(row.id, confirm=True))


MOST_CHECKED = 100
"""Members that one look asks the platform about."""


def suggest_present(ctx: Context, typed: str, *, groups: Groups) -> list[SuggestedValue]:
    """Return the group's members by name; only moderators are suggested anything here."""
    members = groups.list_members(groups.get(ctx.actor.group_id).id)
    return [SuggestedValue(a.name, a.external_id) for _, a in members if is_called(a, typed)][:25]


@moderator_command(
    "manage remove",
    formerly=("cohort remove",),
    title="Remove a member",
    asked=(r"(?:remove|kick(?: out)?|throw out|expel) (?:an? |some |the )?(?:member|someone|somebody|person|people)",),
)
def group_remove(
    ctx: Context,
    member: Annotated[MemberRef, Param("Member", example="@ben", suggest=suggest_present)],
    confirm: Annotated[bool, CONFIRM] = False,
    *,
    groups: Groups,
) -> Reply:
    """Remove a member from the group."""
    row = groups.get(ctx.actor.group_id)
    _, account = groups.find_member(row, member)
    who = markup.name(account.external_id, account.name)
    if not confirm:
        confirm_call = group_remove.call(row.id, member=account.external_id, confirm=True)
        return wording.render_removal_preview(row, who, account.name, confirm_call)
    groups.leave(row, account.id, ctx.now)
    key = f"removed:{row.id}:{int(ctx.now.timestamp())}"
    People(groups.work).notify(account.id, key, wording.describe_removal(row), ctx.now)
    return replace(wording.render_removal(row, who), replaces=True)


@moderator_action("manage check", formerly=("cohort check",), title="Check members", slow=True, writes=False)
async def group_check(ctx: Context, *, database: Database, library: Library, inspector: Inspector) -> Reply:
    """Check which members have left the server."""

    def read(work: Work) -> tuple[Group, Place, list[context.Account]]:
        groups = Groups(work, library)
        row = groups.get(ctx.actor.group_id)
        room = groups.place(row)
        members = [a for _, a in groups.list_members(row.id)][:MOST_CHECKED]
        return row, room, [context.Account(a.platform, room.tenant, a.external_id, a.name) for a in members]

    row, room, members = await database.run(read, writes=False)
    checked = [(member, await inspector.is_absent(member, room)) for member in members]
    gone = [person for person, is_absent in checked if is_absent]
    unsure = sum(is_absent is None for _, is_absent in checked)
    return wording.render_check(
        len(checked), [(person, group_remove.call(row.id, member=person.id)) for person in gone], unsure
    )


JOINS = (
    r"(?:enter|get into|take part(?: in)?|participate|sign up|enrol+|register|be part of|become a member|be a member)"
    r"(?: (?:for|in|of))?",
)
"""How people ask the way in."""
OUT = (r"(?:quit|get out(?: of)?|unsubscribe(?: from)?|drop out(?: of)?|step out|opt out|stop taking part)",)
"""How people ask the way out."""


@command("join", group="needed", which=GROUP, asked=JOINS)
def join(ctx: Context, *, groups: Groups) -> Reply:
    """Join the group in this channel."""
    timeline = groups.here(ctx)
    row = timeline.group
    is_moderator = "moderator" in ctx.actor.roles
    membership, is_new = groups.join(row, ctx.actor.account_id, is_shown=not is_moderator, now=ctx.now)
    account = groups.session.get_one(AccountRow, ctx.actor.account_id)
    zone = wording.describe_zone(account, row, ctx.actor.zone_source)
    if account.zone is None:
        account.zone = row.zone
    track = groups.tracks_of(row)[timeline.roadmap.id]
    behind = late_join.list_covered(timeline, ctx.now) if is_new else []
    part = timeline.roadmap.part_of(behind[0].id).number if any(unit.id in track.banks for unit in behind) else None
    return wording.render_joined(
        timeline,
        ctx.now,
        zone,
        late_join.render_catch_up(timeline, track, ctx.now) if behind else [],
        part,
        settings.ask(row.id),
        has_reminders=membership.wants_reminders,
        is_new=is_new,
        is_moderator=is_moderator,
    )


USUAL_QUIET = (time(22), time(8))
QUITS = IntentPattern(
    r"^\W*(?:i(?:'m| am| want to| will)? )?"
    r"(?:quit(?:ting)?|leaving|give up|giving up|drop(?:ping)? out)\b[\w\s]{0,30}\W*$",
    "Leave the group",
    "You can leave with one click. I keep your check-ins in case you come back.",
)
STOPS = IntentPattern(
    r"^\W*(?:please )?(?:stop|unsubscribe|opt ?out|be quiet|leave me alone|shut up"
    r"|(?:stop|no more|mute|turn off|cancel)[\w\s]{0,20}"
    r"(?:reminders?|messages?|messaging|writing|reminding|pinging|dms?)[\w\s]{0,10}"
    r"|(?:turn|switch) (?:the |my |your )?(?:reminders?|messages) off)\W*$",
    "Stop reminders",
    "You can stop my direct messages with one click.",
    (("on", "no"),),
)
STARTS = IntentPattern(
    r"^\W*(?:please )?(?:remind me\b(?! (?:again )?(?:what|how|why|which|who)\b)"
    r"|(?:turn|switch) (?:on (?:the |my |your )?reminders?|(?:the |my |your )?reminders? on)\W*$)",
    "Remind me",
    "I can send you a direct message before a deadline.",
    (("on", "yes"),),
)


@member_command("leave", hints=(QUITS,), own=True, asked=OUT)
def leave(ctx: Context, *, groups: Groups) -> Reply:
    """Leave the group. If you join again, your record is back."""
    row = groups.here(ctx).group
    groups.leave(row, ctx.actor.account_id, ctx.now)
    return wording.render_left(row)


@member_action("remind", hints=(STOPS, STARTS), own=True)
def remind(ctx: Context, on: Annotated[bool, Param("Reminders by direct message")], *, groups: Groups) -> Reply:
    """Turn reminders by direct message on or off."""
    row = groups.here(ctx).group
    membership = groups.find_membership(row.id, ctx.actor.account_id)
    assert membership is not None
    membership.wants_reminders = on
    membership.stopped_at = None if on else ctx.now
    groups.wake(row, ctx.now)
    return wording.render_reminders(row, is_on=on)


CHOOSES = (
    r"(?:change|set|update|switch|edit|fix|correct|see|find|choose|have) (?:my |the |an? |another )?(?:own )?"
    r"(?:time ?zone|zone|quiet hours|settings|preferences|reminders?|alias|nickname|goal|name(?: on the board)?)",
    r"(?:turn|switch) (?:on|off) (?:the |my |your )?(?:reminders?|messages|pings|notifications)",
    r"(?:turn|switch) (?:the |my |your )?(?:reminders?|messages|pings|notifications) (?:on|off)",
    r"(?:stop|mute|disable|enable|get|have|silence) (?:the |my |your |these |any |more |fewer |no )*"
    r"(?:reminders?|messages|pings|notifications|dms)",
    r"(?:be|get) reminded|(?:have you )?remind me|tell you (?:my (?:time ?zone|city)|where i (?:am|live))",
    r"(?:turn|switch) (?:off (?:the |your )?(?:pictures?|images?)|(?:the |your )?(?:pictures?|images?) off)",
    r"(?:hide|show|remove|take)(?: (?:me|myself|my name|my points))? (?:from|on|off)"
    r" the (?:board|leader ?board|ranking)",
)
"""How people ask who want to set something for themselves."""

HIDES = IntentPattern(
    r"^\W*(?:please )?(?:hide|remove|take) (?:me|my name) (?:from|off) the (?:leader ?board|board|ranking)\W*$",
    "Hide me",
    "I can hide you from the leaderboard.",
    (("visible", "no"),),
)


def initial_settings(ctx: Context, *, groups: Groups) -> Mapping[str, str]:
    """Return the member's settings as the form opens."""
    group = groups.here(ctx).group
    membership = groups.find_membership(group.id, ctx.actor.account_id)
    account = groups.session.get(AccountRow, ctx.actor.account_id)
    if membership is None or account is None:
        return {}
    return {
        "timezone": account.zone or group.zone,
        "reminders": "yes" if membership.wants_reminders else "no",
        "quiet": f"{account.quiet_from:%H:%M} - {account.quiet_until:%H:%M}",
        "visible": "yes" if membership.is_shown else "no",
        "alias": membership.alias,
    }


@member_command(
    "settings", form=True, title="My settings", initial=initial_settings, own=True, hints=(HIDES,), asked=CHOOSES
)
def settings(
    ctx: Context,
    timezone: Annotated[Zone | None, replace(ZONE, formerly=("zone",))] = None,
    reminders: Annotated[bool | None, Param("Reminders by direct message", example="yes")] = None,
    quiet: Annotated[str | None, Param("Quiet hours (no messages)", example="22:00 - 08:00", max=40)] = None,
    visible: Annotated[bool | None, Param("Show me on the leaderboard", example="yes", formerly=("shown",))] = None,
    alias: Annotated[str | None, Param("Leaderboard name (- for my own)", example="Night reader", max=40)] = None,
    leaderboard: Annotated[
        bool | None, Param("Let me see the leaderboard", example="no", in_form=False, formerly=("board",))
    ] = None,
    pictures: Annotated[bool | None, Param("Show me pictures", example="no", in_form=False)] = None,
    *,
    groups: Groups,
    shown_names: ShownNames,
) -> Reply:
    """Change your time zone, reminders and privacy."""
    row = groups.here(ctx).group
    membership = groups.find_membership(row.id, ctx.actor.account_id)
    account = groups.session.get_one(AccountRow, ctx.actor.account_id)
    assert membership is not None
    before = list_settings(groups, row, membership, account)
    if timezone is not None and timezone != account.zone:
        account.zone, account.has_own_zone = timezone, True
    if quiet is not None:
        _set_quiet(account, quiet)
    if reminders is not None and reminders != membership.wants_reminders:
        membership.wants_reminders = reminders
        membership.stopped_at = None if reminders else ctx.now
    if visible is not None:
        membership.is_shown = visible
    if visible is False:
        shown_names.hide_name(row.id, ctx.actor.account_id)
    if leaderboard is not None:
        membership.sees_board = leaderboard
    if pictures is not None:
        account.sees_pictures = pictures
    if alias is not None:
        _set_alias(groups, row, membership, alias)
    groups.wake(row, ctx.now)
    after = list_settings(groups, row, membership, account)
    return wording.render_saved_settings(before, after, settings.ask(row.id))


def _set_quiet(account: AccountRow, text: str) -> None:
    """Set the quiet hours; a plain yes means the usual ones, a plain no none."""
    if (wanted := find_bool(text)) is not None:
        account.quiet_from, account.quiet_until = USUAL_QUIET if wanted else (time(), time())
        return
    if (sides := between(text)) is None:
        raise BadInput("**Quiet hours**: type two times, or off. Example: `22:00 - 08:00`", field="quiet")
    try:
        account.quiet_from, account.quiet_until = (parse_clock(side) for side in sides)
    except BadInput as wrong:
        raise BadInput(f"**Quiet hours**: {wrong.sentence}. Example: `22:00 - 08:00`", field="quiet") from None


def _set_alias(groups: Groups, group: Group, membership: Membership, text: str) -> None:
    if text.strip() in {"-", "none"}:
        membership.alias = ""
        return
    alias = markup.clip(" ".join(markup.clean(text).split()), 40)
    if alias != membership.alias:  # a form sends what it opened with, also a name that somebody else bears by now
        _check_alias(groups, group, membership, alias)
    membership.alias = alias


def _check_alias(groups: Groups, group: Group, membership: Membership, alias: str) -> None:
    """Refuse an unreadable alias, or one that readers would take for another member's or the bot's."""
    if not names.is_legible(alias):
        raise BadInput("**Leaderboard name**: use at least one visible letter, or - for your own name.", field="alias")
    if names.poses_as_bot(alias):
        raise BadInput("**Leaderboard name**: that is my name. Choose another one.", field="alias")
    if names.is_reserved(alias):
        raise BadInput("**Leaderboard name**: that word means other people here. Choose another one.", field="alias")
    if not groups.names(group).is_free(alias, membership.account_id):
        raise BadInput(
            "**Leaderboard name**: someone here has that name, or one that looks the same. Choose another one.",
            field="alias",
        )


def list_settings(groups: Groups, group: Group, membership: Membership, account: AccountRow) -> wording.Rows:
    """Return a member's own settings."""
    alias = membership.alias
    has_alias = bool(alias) and groups.names(group).is_free(alias, account.id)
    return wording.list_settings(group, membership, account, has_alias=has_alias)


COMMANDS: tuple[Command, ...] = (
    join,
    leave,
    settings,
    remind,
    group_create,
    group_edit,
    group_status,
    group_pause,
    group_resume,
    group_end,
    group_remove,
    group_check,
)
