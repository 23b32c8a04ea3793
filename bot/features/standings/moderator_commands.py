"""What moderators correct of a member's check-in: its minutes or its unit, with the reason.

What moderators say about a member's unit: excuse it, void it, lift what was ruled.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from bot.commands.command import Command, Param, command
from bot.commands.context import Context
from bot.commands.parameter_types import MemberRef, Minutes, UnitRef
from bot.features.checkins.commands import suggest_opened
from bot.features.checkins.rulings import Case, Corrections, Kind, Rulings
from bot.features.checkins.service import Progress
from bot.features.groups.confirmation import Pending
from bot.features.groups.params import COHORT, CONFIRM
from bot.features.standings.commands import suggest_member
from bot.messages import markup
from bot.messages.errors import BadInput
from bot.messages.reply import Button, Reply, Text, say

MEMBER = Param("Member (by @ or by name)", example="@ada", suggest=suggest_member)

UNIT = Param("Unit (by number or title)", example="7", suggest=suggest_opened)

REASON = Param("Reason, told to the member", example="was ill, told us late", max=200)

VOID_REASON = replace(REASON, example="the link shows somebody else's work")

LIFT_REASON = replace(REASON, example="we talked, it was a mistake")


@command("excuse", form=True, role="moderator", cohort="needed", which=COHORT, title="Excuse a member")
def excuse(
    ctx: Context,
    member: Annotated[MemberRef, MEMBER],
    unit: Annotated[UnitRef, UNIT],
    reason: Annotated[str, REASON],
    *,
    progress: Progress,
) -> Reply:
    """Excuse a member from a unit: their streak holds, and they are told why."""
    case = Rulings(progress).case(ctx, member, unit)
    return _rule(ctx, progress, case, "excuse", reason)


@command("void", form=True, role="moderator", cohort="needed", which=COHORT, title="Void a unit")
def void(
    ctx: Context,
    member: Annotated[MemberRef, MEMBER],
    unit: Annotated[UnitRef, UNIT],
    reason: Annotated[str, VOID_REASON],
    confirm: Annotated[bool, CONFIRM] = False,
    *,
    progress: Progress,
) -> Reply:
    """Rule that a member's check-ins for a unit do not count; asks first, and they are told why."""
    case = Rulings(progress).case(ctx, member, unit)
    if confirm or "void" in case.standing:
        return replace(_rule(ctx, progress, case, "void", reason), replaces=confirm)
    pending = Pending.keep(progress.cohorts.work, ctx, void, case.timeline.cohort.id)
    who = markup.name(case.account.external_id, case.account.name)
    asked = (
        f"**{case.label}** then gives {who} no points and no place in the streak, and they are told why: "
        f"{markup.escape(reason, 200)}"
    )
    return Reply((Text(asked),), (pending.confirm("Void it", "danger"),), title="Void this unit?", tone="warn")


@command("lift", form=True, role="moderator", cohort="needed", which=COHORT, title="Lift a ruling")
def lift(
    ctx: Context,
    member: Annotated[MemberRef, MEMBER],
    unit: Annotated[UnitRef, UNIT],
    reason: Annotated[str, LIFT_REASON],
    *,
    progress: Progress,
) -> Reply:
    """Take back an excuse or a void of a member's unit; both stay on record, and they are told why."""
    case = Rulings(progress).case(ctx, member, unit)
    if not case.standing:
        who = markup.name(case.account.external_id, case.account.name)
        raise BadInput(f"Nothing is ruled about **{case.label}** of {who}, so there is nothing to lift.", field="unit")
    return _rule(ctx, progress, case, "lift", reason)


def _rule(ctx: Context, progress: Progress, case: Case, kind: Kind, reason: str) -> Reply:
    who = markup.name(case.account.external_id, case.account.name)
    did = {"excuse": "is excused from", "void": "has no credit for", "lift": "has no ruling any more on"}[kind]
    if kind in case.standing:
        return say(f"{who} already {did} **{case.label}**; nothing changed.")
    notice = Rulings(progress).rule(ctx, case, kind, reason)
    about = {"member": case.account.external_id, "unit": case.opened.slot.unit_id}
    back = lift.ask(case.timeline.cohort.id, **about)
    buttons = () if kind == "lift" else (Button("Lift it", back),)
    return say(f"{who} {did} **{case.label}**. {notice}", tone="good", buttons=buttons)


RULING_COMMANDS: tuple[Command, ...] = (excuse, void, lift)


CHECKIN_UNIT = Param("Unit of the check-in (by number or title)", example="7", suggest=suggest_opened)

RIGHT = Param("Unit for which it should count", suggest=suggest_opened)


@command(
    "correct",
    form=True,
    role="moderator",
    cohort="needed",
    which=COHORT,
    title="Correct a check-in",
    form_note="Their newest check-in of the unit; they are told once, with your reason.",
    asked=(r"(?:correct|fix|change|edit) (?:a|the|someone's|somebody's) (?:member's )?(?:check-?in|minutes)",),
)
def correct(
    ctx: Context,
    member: Annotated[MemberRef, MEMBER],
    unit: Annotated[UnitRef, CHECKIN_UNIT],
    reason: Annotated[str, replace(REASON, example="300 minutes were meant as 30")],
    minutes: Annotated[Minutes | None, Param("Right time spent", example="30m")] = None,
    to: Annotated[UnitRef | None, RIGHT] = None,
    *,
    progress: Progress,
) -> Reply:
    """Correct the minutes or the unit of a member's check-in; they are told why."""
    if minutes is None and to is None:
        text = "say the minutes or the unit that is right"
        raise BadInput(f"**Right time spent**: {text}. Example: `30m`", field="minutes")
    corrections = Corrections(progress)
    target = corrections.find(ctx, member, unit)
    after = corrections.changed(ctx, target, minutes, to)
    who = markup.name(target.account.external_id, target.account.name)
    if after == target.checkin:
        return say(f"The check-in of {who} says that already; nothing changed.")
    notice = corrections.keep(ctx, target, after, reason)
    was, now = corrections.differ(target, after)
    back = correct.ask(
        target.timeline.cohort.id,
        member=target.account.external_id,
        unit=target.number(after),
        minutes=target.checkin.minutes,
        to=target.number(target.checkin),
    )
    text = f"The check-in of {who} has {now} instead of {was}. {notice}"
    return say(text, tone="good", buttons=(Button("Correct it back", back),))


COMMANDS: tuple[Command, ...] = (correct,)
