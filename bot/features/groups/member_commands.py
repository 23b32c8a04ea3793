"""Members' commands for a group: join, leave, reminders, settings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Annotated

from bot.commands.command import Command, IntentPattern, Param, command
from bot.commands.context import Context
from bot.commands.parameter_types import Zone, between, find_bool, parse_clock
from bot.features import command_links
from bot.features.groups import late_join, wording
from bot.features.groups.params import COHORT, ZONE
from bot.features.groups.service import Cohorts
from bot.features.groups.tables import Cohort, Membership
from bot.features.people.tables import AccountRow
from bot.messages import markup, names
from bot.messages.errors import BadInput
from bot.messages.reply import Button, Fields, Reply, Text, say

JOINS = (
    r"(?:enter|get into|take part(?: in)?|participate|sign up|enrol+|register|be part of|become a member|be a member)"
    r"(?: (?:for|in|of))?",
)
"""How people ask the way in."""
OUT = (r"(?:quit|get out(?: of)?|unsubscribe(?: from)?|drop out(?: of)?|step out|opt out|stop taking part)",)
"""How people ask the way out."""


@command("join", cohort="needed", which=COHORT, asked=JOINS)
def join(ctx: Context, *, cohorts: Cohorts) -> Reply:
    """Join the cohort here: weekly units, check-ins, a streak of your own."""
    timeline = cohorts.here(ctx)
    row = timeline.cohort
    is_moderator = "moderator" in ctx.actor.roles
    membership, is_new = cohorts.join(row, ctx.actor.account_id, is_shown=not is_moderator, now=ctx.now)
    account = cohorts.session.get_one(AccountRow, ctx.actor.account_id)
    source = _describe_zone_source(ctx, account, row)
    if account.zone is None:
        account.zone = row.zone
    what = "the board" if row.has_board else "what posts tell of members"
    hidden = f"As a moderator you start hidden from {what}; that can change in your settings." if is_moderator else ""
    facts = (
        ("Where the group is", wording.describe_position(timeline, ctx.now)),
        ("Your time zone", f"{account.zone}{source}"),
        ("Reminders by direct message", "yes" if membership.wants_reminders else "no, until you choose them"),
    )
    track = cohorts.tracks_of(row)[timeline.roadmap.id]
    behind = late_join.list_covered(timeline, ctx.now) if is_new else []
    leg = timeline.roadmap.leg_of(behind[0].id).number if any(unit.id in track.banks for unit in behind) else None
    return Reply(
        (
            Fields(facts),
            *([Text(hidden)] if hidden and is_new else []),
            *(late_join.render_catch_up(timeline, track, ctx.now) if behind else []),
        ),
        (
            *([Button("Check in", command_links.CHECKIN.ask(row.id), "primary")] if timeline.opened else []),
            *([Button("Am I ready for it?", command_links.BRIDGE.call(row.id, leg=leg))] if leg else []),
            *_make_reminder_buttons(row, membership),
            Button("Change my zone", settings.ask(row.id)),
        ),
        title=f"You are in {markup.escape(row.name)}" if is_new else f"You are already in {markup.escape(row.name)}",
        tone="good",
    )


def _describe_zone_source(ctx: Context, account: AccountRow, cohort: Cohort) -> str:
    if account.has_own_zone:
        return ""
    if account.zone and ctx.actor.zone_source:
        return f" (from {ctx.actor.zone_source})"
    if account.zone and account.zone != cohort.zone:
        return " (until you set yours)"
    return " (the cohort's, until you set yours)"


def _make_reminder_buttons(cohort: Cohort, membership: Membership) -> tuple[Button, ...]:
    if membership.wants_reminders:
        return ()
    return (Button("Remind me by direct message", remind.call(cohort.id, on=True)),)


USUAL_QUIET = (time(22), time(8))
QUITS = IntentPattern(
    r"^\W*(?:i(?:'m| am| want to| will)? )?"
    r"(?:quit(?:ting)?|leaving|give up|giving up|drop(?:ping)? out)\b[\w\s]{0,30}\W*$",
    "Leave the cohort",
    "To leave takes one click. Your check-ins are kept in case you come back.",
)
STOPS = IntentPattern(
    r"^\W*(?:please )?(?:stop|unsubscribe|opt ?out|be quiet|leave me alone|shut up"
    r"|(?:stop|no more|mute|turn off|cancel)[\w\s]{0,20}"
    r"(?:reminders?|messages?|messaging|writing|reminding|pinging|dms?)[\w\s]{0,10})\W*$",
    "Stop reminders",
    "Reminders by direct message end with one click.",
    (("on", "no"),),
)
STARTS = IntentPattern(
    r"^\W*(?:please )?remind me\b(?! (?:again )?(?:what|how|why|which|who)\b)",
    "Remind me",
    "I can remind you by direct message before a deadline.",
    (("on", "yes"),),
)


@command("leave", role="member", cohort="needed", which=COHORT, hints=(QUITS,), own=True, asked=OUT)
def leave(ctx: Context, *, cohorts: Cohorts) -> Reply:
    """Leave the cohort; your record stays, and joining again brings it back."""
    row = cohorts.here(ctx).cohort
    cohorts.leave(row, ctx.actor.account_id, ctx.now)
    off = ", and you are off the board" if row.has_board else ""
    return say(
        f"No more reminders{off}. Your check-ins are kept in case you come back.",
        title=f"You have left {markup.escape(row.name)}",
        buttons=(Button("Join again", join.call(row.id)),),
    )


@command("remind", hidden=True, role="member", cohort="needed", hints=(STOPS, STARTS), own=True)
def remind(ctx: Context, on: Annotated[bool, Param("Reminders by direct message")], *, cohorts: Cohorts) -> Reply:
    """Turn your reminders by direct message on or off."""
    row = cohorts.here(ctx).cohort
    membership = cohorts.find_membership(row.id, ctx.actor.account_id)
    assert membership is not None
    membership.wants_reminders = on
    membership.stopped_at = None if on else ctx.now
    cohorts.wake(row, ctx.now)
    if not on:
        return say("No more reminders by direct message. Your settings can bring them back.", tone="good")
    return say(
        "If a unit is still open for you, I write to you a day and three hours before its deadline, "
        "at most once a day and never in your quiet hours.",
        tone="good",
        buttons=(Button("Stop", remind.call(row.id, on=False)),),
    )


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


def initial_settings(ctx: Context, *, cohorts: Cohorts) -> Mapping[str, str]:
    """Return the member's settings as the form opens."""
    cohort = cohorts.here(ctx).cohort
    membership = cohorts.find_membership(cohort.id, ctx.actor.account_id)
    account = cohorts.session.get(AccountRow, ctx.actor.account_id)
    if membership is None or account is None:
        return {}
    return {
        "zone": account.zone or cohort.zone,
        "reminders": "yes" if membership.wants_reminders else "no",
        "quiet": f"{account.quiet_from:%H:%M} - {account.quiet_until:%H:%M}",
        "shown": "yes" if membership.is_shown else "no",
        "alias": membership.alias,
    }


@command(
    "settings",
    form=True,
    role="member",
    cohort="needed",
    which=COHORT,
    title="My settings",
    initial=initial_settings,
    own=True,
    asked=CHOOSES,
)
def settings(
    ctx: Context,
    zone: Annotated[Zone | None, ZONE] = None,
    reminders: Annotated[bool | None, Param("Remind me by direct message", example="yes")] = None,
    quiet: Annotated[str | None, Param("Quiet hours, without messages", example="22:00 - 08:00", max=40)] = None,
    shown: Annotated[bool | None, Param("Show me on the board", example="yes")] = None,
    alias: Annotated[str | None, Param("Name on the board (- for my own)", example="Night reader", max=40)] = None,
    board: Annotated[bool | None, Param("Let me see the board", example="no", in_form=False)] = None,
    pictures: Annotated[bool | None, Param("Show me pictures", example="no", in_form=False)] = None,
    *,
    cohorts: Cohorts,
) -> Reply:
    """Your zone, reminders, quiet hours, how the board shows you, and whether you see it."""
    row = cohorts.here(ctx).cohort
    membership = cohorts.find_membership(row.id, ctx.actor.account_id)
    account = cohorts.session.get_one(AccountRow, ctx.actor.account_id)
    assert membership is not None
    before = _list_facts(cohorts, row, membership, account)
    if zone is not None and zone != account.zone:
        account.zone, account.has_own_zone = zone, True
    if quiet is not None:
        _set_quiet(account, quiet)
    if reminders is not None and reminders != membership.wants_reminders:
        membership.wants_reminders = reminders
        membership.stopped_at = None if reminders else ctx.now
    if shown is not None:
        membership.is_shown = shown
    if board is not None:
        membership.sees_board = board
    if pictures is not None:
        account.sees_pictures = pictures
    if alias is not None:
        _set_alias(cohorts, row, membership, alias)
    cohorts.wake(row, ctx.now)
    after = _list_facts(cohorts, row, membership, account)
    facts = {**dict(after), **dict(wording.list_changes(before, after))}
    return Reply((Fields(tuple(facts.items())),), (Button("Change", settings.ask(row.id)),), "Saved", "good")


def _set_quiet(account: AccountRow, text: str) -> None:
    """Set the quiet hours; a plain yes means the usual ones, a plain no none."""
    if (wanted := find_bool(text)) is not None:
        account.quiet_from, account.quiet_until = USUAL_QUIET if wanted else (time(), time())
        return
    if (sides := between(text)) is None:
        raise BadInput("**Quiet hours**: give two times of day, or off. Example: `22:00 - 08:00`", field="quiet")
    try:
        account.quiet_from, account.quiet_until = (parse_clock(side) for side in sides)
    except BadInput as wrong:
        raise BadInput(f"**Quiet hours**: {wrong.sentence}. Example: `22:00 - 08:00`", field="quiet") from None


def _set_alias(cohorts: Cohorts, cohort: Cohort, membership: Membership, text: str) -> None:
    if text.strip() in {"-", "none"}:
        membership.alias = ""
        return
    alias = markup.clip(" ".join(markup.clean(text).split()), 40)
    if alias != membership.alias:  # a form sends what it opened with, also a name that somebody else bears by now
        _check_alias(cohorts, cohort, membership, alias)
    membership.alias = alias


def _check_alias(cohorts: Cohorts, cohort: Cohort, membership: Membership, alias: str) -> None:
    """Refuse an unreadable alias, or one that readers would take for another member's or the bot's."""
    if not names.is_legible(alias):
        raise BadInput(
            "**Name on the board**: use at least one letter that can be seen, or - for your own name.", field="alias"
        )
    if names.poses_as_bot(alias):
        raise BadInput("**Name on the board**: that is my name. Please choose another one.", field="alias")
    if names.is_reserved(alias):
        raise BadInput("**Name on the board**: that word stands for others. Please choose another one.", field="alias")
    if not cohorts.names(cohort).is_free(alias, membership.account_id):
        raise BadInput(
            "**Name on the board**: someone here goes by it already. One that looks the same is the same.",
            field="alias",
        )


def list_settings(cohorts: Cohorts, cohort: Cohort, membership: Membership, account: AccountRow) -> Reply:
    """Return a member's own settings."""
    return Reply(
        (Fields(_list_facts(cohorts, cohort, membership, account)),), (Button("Change", settings.ask(cohort.id)),)
    )


def _list_facts(cohorts: Cohorts, cohort: Cohort, membership: Membership, account: AccountRow) -> wording.Rows:
    quiet = f"{account.quiet_from:%H:%M} - {account.quiet_until:%H:%M}"
    alias = "under your own name"
    if membership.alias:
        is_free = cohorts.names(cohort).is_free(membership.alias, account.id)
        escaped = markup.escape(membership.alias)
        alias = f"as {escaped}" if is_free else f"{alias}, because someone else here goes by {escaped} too"
    return (
        ("Time zone", account.zone or cohort.zone),
        ("Reminders by direct message", "yes" if membership.wants_reminders else "no"),
        ("Quiet hours", "none" if account.quiet_from == account.quiet_until else quiet),
        ("On the board", alias if membership.is_shown else "not shown"),
        ("The board for you", "shown" if membership.sees_board else "hidden"),
        ("Pictures", "yes" if account.sees_pictures else "no, words instead"),
    )


COMMANDS: tuple[Command, ...] = (join, leave, settings, remind)
