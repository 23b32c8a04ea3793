"""Commands for a member's own work: check in, undo, share, be away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Annotated

from bot.commands import durations
from bot.commands.command import Command, IntentPattern, Param, SuggestedValue
from bot.commands.context import Context
from bot.commands.parameter_types import COUNT, Minutes, UnitRef, Url, is_for_one, parse_date, parse_int
from bot.delivery import outbox
from bot.delivery.outbox import Announcement, Within
from bot.features import command_links
from bot.features.checkins import sharing, wording
from bot.features.checkins.repairs import Repairs, after_check_in
from bot.features.checkins.service import NextStep, Progress, Turnout
from bot.features.groups import message_keys
from bot.features.groups.params import member_action, member_command
from bot.features.rules import MOST_AWAY, MOST_MINUTES
from bot.messages import markup
from bot.messages.errors import BadInput
from bot.messages.numerals import lasting
from bot.messages.reply import Reply

NOTE_MAX = 500
NOTE = Param("What did you do?", example="read two papers", long=True, field="one line", max=NOTE_MAX)
LINK = Param("Link to your work", example="https://example.org/notebook", max=500)
MINUTES = Param("Time spent", example="45m")
ID = Param("Check-in", in_form=False)
_SPAN = rf"(?P<minutes>{durations.SAID})"
_OPENING = r"(?:(?:i|i've|i'm|i am|i have|we|just|today|ok|so|also|am|all)\s+)*"
_ASKS = "Save this as a check-in?"
WORKED = (
    IntentPattern(
        r"^(?:(?:i|i've|i have|we|just|today|ok|so|also)\s+)*"
        r"(?:log(?:ged)?|did|done|spent|studied|worked|read|practi[sc]ed|check(?:ed|ing)?[ -]?in)"
        rf"\s+(?:in\s+)?(?:for\s+|about\s+|another\s+)*{_SPAN}"
        r"(?:\s*(?:today|yesterday|just now|(?:of|on) study(?:ing)?)\b)?(?:\s+of\b)?(?P<note>.*)"
    ),
    IntentPattern(r"^(?:check(?:ed|ing)?[ -]in|log)\b(?P<note>.*)"),
    IntentPattern(
        r"^(?=half|an?\b|one\b|\d[\d.,:]*[\s-]*(?:h|hrs?|hours?|m|mins?|minutes?)(?:\d|\b))"
        rf"{_SPAN}[\s,:-]*(?:of\s+)?(?P<note>\w.*)",
        asks=_ASKS,
    ),
    IntentPattern(
        rf"^{_OPENING}(?P<note>(?:done|finished)\b.*\b(?:week|unit|today|exercises?|quiz|notes?|papers?|chapters?)\b.*)",
        asks=_ASKS,
    ),
    IntentPattern(
        rf"^{_OPENING}(?P<note>(?:read|finished|solved|wrote|watched|practi[sc]ed|studied|did|completed)\b"
        r"\s+(?:the|an?|two|three|four|five|some|all|\d+|my)\b.*)",
        asks=_ASKS,
    ),
)
"""What people say who want to check in; only the form, once sent, does it."""
_AWAY = (
    r"\b(?:sick|ill|unwell|surgery|hospital|holidays?|vacation|(?:can'?t|cannot|won't) (?:make it|join|study|come)"
    r"|travell?ing|(?:be|i'?m|i am) away|be back|day off|week off|time off)\b"
)
_DAY = r"(?:(?:next\s+)?(?:mon|tues|wednes|thurs|fri|satur|sun)day|tomorrow|\d{4}-\d\d-\d\d)"
_BE_AWAY = ("Be away", "If you'll be away, I can pause your streak and reminders.")
UNWELL = (
    IntentPattern(
        rf"{_AWAY}.*?\b(?:(?:from\s+(?P<from>{_DAY})\s+)?(?:until|till?)\s+(?P<until>{_DAY}))",
        *_BE_AWAY,
        (("from", "today"),),
    ),
    IntentPattern(rf"{_AWAY}.*?\b(?P<until>this week|today)\b", *_BE_AWAY, (("from", "today"),)),
    IntentPattern(rf"{_AWAY}.*?\bfor\s+(?P<until>(?:{COUNT})\s+(?:days?|weeks?|months?))\b", *_BE_AWAY),
    IntentPattern(rf"{_AWAY}.*?\b(?P<from>(?P<until>tomorrow))\b", *_BE_AWAY),
    IntentPattern(_AWAY, *_BE_AWAY),
)
"""What people say who may be away, with the days that they name."""


def suggest_opened(ctx: Context, typed: str, *, progress: Progress) -> list[SuggestedValue]:
    """Return opened units, newest first."""
    timeline = progress.groups.here(ctx)
    matches = {unit_id for _, unit_id in timeline.roadmap.suggestions(typed, most=len(timeline.roadmap.units))}
    opened = [o.slot for o in reversed(timeline.opened) if o.slot.unit_id in matches]
    return [SuggestedValue(markup.clip(timeline.label(slot), 100), str(slot.number)) for slot in opened[:25]]


LENGTHS, USUAL = (15, 30, 45, 60), 30
"""Minutes that the form lists, and those that it begins with for a member without a check-in."""


def suggest_minutes(ctx: Context, typed: str, *, progress: Progress) -> list[SuggestedValue]:
    """Return the usual lengths and the last one in order, or the typed length and the usual ones that begin like it."""
    own = durations.minutes(typed)
    if not typed.strip():
        lengths = sorted({*LENGTHS, progress.find_last_minutes(ctx) or USUAL})
    else:
        lengths = [own] if own and own <= MOST_MINUTES else []
        lengths += [length for length in LENGTHS if length != own and str(length).startswith(typed.strip())]
    return [SuggestedValue(f"{length} min", str(length)) for length in lengths]


def initial_checkin(ctx: Context, *, progress: Progress) -> Mapping[str, str]:
    """Return the minutes of the member's last check-in."""
    return {"minutes": str(progress.find_last_minutes(ctx) or USUAL)}


@member_command(
    "checkin",
    form=True,
    title="Check in",
    form_note="Only you see this until you share it.",
    spoken=("check in", "check-in", "checked in", "checked-in", "checking in"),
    hints=WORKED,
    asked=(
        r"(?:log|report|record|enter|submit|track|count|hand in) (?:my |our |the )?(?:study )?"
        r"(?:time|hours|minutes|work|progress|reading|check-?ins?|session|exercise|homework)",
        r"(?:do|make|send|submit|give|write) (?:a |my |the )?check[ -]?in",
        r"(?:tell|show) (?:you|the bot|the group) what i (?:did|have done)",
    ),
    initial=initial_checkin,
    own=True,
    shortcut=True,
)
def checkin(
    ctx: Context,
    minutes: Annotated[Minutes, replace(MINUTES, suggest=suggest_minutes, listed=True, field="with other")],
    note: Annotated[str, NOTE],
    link: Annotated[Url | None, replace(LINK, field="folded")] = None,
    unit: Annotated[
        UnitRef | None, Param("Unit (leave empty for the open one)", suggest=suggest_opened, field="folded")
    ] = None,
    other: Annotated[Minutes | None, Param("Other time", example="1h20", offered=False)] = None,
    *,
    progress: Progress,
    repairs: Repairs,
    turnout: Turnout,
    next_step: NextStep,
) -> Reply:
    """Check in for a unit and keep your streak going."""
    view, opened, standing = progress.check_in(ctx, minutes, note, link, unit)
    before = view.scores.before(standing).by_account[view.account.id]
    view, repair = after_check_in(ctx, repairs, view, standing.unit_id)
    counts = turnout.count(view.timeline, standing.unit_id, ctx.now)
    total = sum(checkin.minutes for checkin in progress.of_unit(view, standing.unit_id))
    facts = wording.ReceiptFacts(
        before,
        *counts,
        total,
        progress.repeats(view, standing),
        progress.list_reached(view, before, view.score),
    )
    offer = next_step.offer_next(ctx, view.timeline, standing.unit_id)
    return wording.render_receipt(view, opened, standing, facts, repair, offer)


MISTAKEN = (
    r"(?:undo|take back|delete|remove|cancel|revert|correct|fix|change|edit|retract) (?:a |my |the |that |this )?"
    r"(?:last |wrong |latest )?(?:check[ -]?ins?|entry|mistake)",
)
"""How people ask who have checked in wrongly."""


@member_command("undo", own=True, asked=MISTAKEN)
def undo(ctx: Context, *, progress: Progress) -> Reply:
    """Undo your last check-in."""
    return _undo(ctx, progress, progress.last(ctx).id)


@member_action("retract", own=True)
def retract(ctx: Context, id: Annotated[int, ID], *, progress: Progress) -> Reply:
    """Undo one check-in."""
    return replace(_undo(ctx, progress, id), replaces=True)


def _undo(ctx: Context, progress: Progress, checkin_id: int) -> Reply:
    view, removed = progress.own(ctx, checkin_id)
    of_unit = progress.of_unit(view, removed.unit_id)
    progress.take_back(ctx, removed.id)
    view = progress.mine(ctx)
    again = checkin.ask(view.timeline.group.id, unit=removed.unit_id)
    return wording.render_undone(view, removed, of_unit, again=again)


def initial_amend(ctx: Context, *, progress: Progress) -> Mapping[str, str]:
    """Return the check-in's current values for the form."""
    _, entry = progress.own(ctx, _parse_id(ctx))
    return {"minutes": str(entry.minutes), "note": entry.note, "link": entry.link or ""}


def _parse_id(ctx: Context) -> int:
    """Return the id of the check-in that a form is about; an unreadable id matches no check-in."""
    try:
        return parse_int(ctx.call.args.get("id", ""))
    except BadInput:
        return 0


@member_action("amend", form=True, title="Edit check-in", initial=initial_amend, own=True)
def amend(
    ctx: Context,
    id: Annotated[int, ID],
    minutes: Annotated[Minutes, MINUTES],
    note: Annotated[str, NOTE],
    link: Annotated[Url | None, LINK] = None,
    *,
    progress: Progress,
) -> Reply:
    """Edit a check-in."""
    progress.amend(ctx, id, minutes, note, link)
    view, standing = progress.own(ctx, id)
    opened = view.timeline.find(standing.unit_id)
    assert opened is not None
    return wording.render_edited(view, opened, standing, "Changed")


@member_action("move", form=True, title="Move check-in", own=True)
def move(
    ctx: Context,
    id: Annotated[int, ID],
    unit: Annotated[UnitRef, Param("Unit", suggest=suggest_opened)],
    *,
    progress: Progress,
) -> Reply:
    """Count a check-in for another unit."""
    opened = progress.move(ctx, id, unit)
    view, standing = progress.own(ctx, id)
    return wording.render_edited(view, opened, standing, "Moved")


def initial_share(ctx: Context, *, progress: Progress) -> Mapping[str, str]:
    """Return the check-in's text for the form, with its milestones, which the member may delete."""
    _, entry = progress.own(ctx, _parse_id(ctx))
    text = "\n".join(
        [entry.note, *(wording.render_milestone_share(milestone) for milestone in progress.milestones(ctx, entry.id))]
    )
    return {"note": text if len(text) <= NOTE_MAX else entry.note}


@member_action(
    "share",
    form=True,
    title="Share your check-in",
    initial=initial_share,
    form_note="I'll post it in the unit's thread, with your name or alias and your minutes.",
)
def share(ctx: Context, id: Annotated[int, ID], note: Annotated[str, NOTE], *, progress: Progress) -> Reply:
    """Share a check-in's text in the unit's thread."""
    view, standing = progress.own(ctx, id)
    group = view.timeline.group
    who = sharing.format_signature(progress.groups, group, ctx.actor)
    stays = standing.link is not None and is_for_one(standing.link)
    post = wording.render_shared_post(
        who,
        standing.minutes,
        markup.escape(note, NOTE_MAX, lines=True),
        standing.link if standing.link and not stays else "",
        check_in=checkin.ask(group.id, unit=standing.unit_id),
        thank=command_links.THANK.call(group.id, of=standing.id),
    )
    is_new = outbox.announce(
        progress.groups.work,
        Announcement(
            sharing.make_key(group.id, standing.id),
            progress.groups.place(group),
            post,
            ctx.now,
            ctx.now + sharing.LASTS,
            Within(message_keys.make_post_key(group.id, standing.unit_id)),
        ),
    )
    return wording.render_shared(is_new=is_new, keeps_file=stays)


def suggest_days(ctx: Context, typed: str) -> list[SuggestedValue]:
    """Return a few usual days."""
    return [
        SuggestedValue(d, d)
        for d in ("today", "tomorrow", "next monday", "in 1 week", "in 2 weeks")
        if typed.lower() in d
    ]


@member_command(
    "away",
    form=True,
    title="Be away",
    form_note=f"I'll pause your streak and reminders. {lasting(MOST_AWAY).capitalize()} at most.",
    hints=UNWELL,
    asked=(
        r"(?:say|tell (?:you|the group)|let you know|announce)(?: that)? (?:i'?m|i am|i will be|i'll be)"
        r" (?:away|sick|ill|busy|on (?:holidays?|vacation))",
        r"(?:take|have) (?:a |some )?(?:break|week off|weeks off|day off|days off|time off)",
        r"(?:go|be) (?:away|sick|ill|on (?:holidays?|vacation))|skip (?:a|this|the|next) (?:week|unit)",
        r"(?:pause|freeze|hold) my streak",
        r"^what (?:if|happens (?:if|when)) i(?: am|'m| get|m)? (?:sick|ill|away|on (?:holidays?|vacation))",
    ),
    own=True,
)
def away(
    ctx: Context,
    until: Annotated[date, Param("Last day away (today ends it)", example="in 1 week", suggest=suggest_days)],
    from_: Annotated[
        date | None, Param("First day away (leave empty for today)", example="tomorrow", suggest=suggest_days)
    ] = None,
    reason: Annotated[str, Param("Reason, for moderators", example="exams", max=200)] = "",
    *,
    progress: Progress,
) -> Reply:
    """Pause your streak and reminders while you're away."""
    if from_ is not None and until < from_:
        # the last day follows the first: said on a Wednesday, Monday to Friday is next week
        until = parse_date(ctx.call.args.get("until", str(until)), from_)
    if until == ctx.today and from_ is None:
        return wording.render_welcome_back() if progress.come_back(ctx) else wording.render_not_away()
    row = progress.go_away(ctx, from_ or ctx.today, until, reason)
    return wording.render_away(row, holds_units=bool(progress.due_while(ctx, row)))


COMMANDS: tuple[Command, ...] = (checkin, undo, away, retract, amend, move, share)
