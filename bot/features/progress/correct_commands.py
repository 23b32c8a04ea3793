"""What moderators correct of a member's check-in: its minutes or its unit, with the reason."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from bot.core import markup
from bot.core.command import Command, Param, command
from bot.core.context import Context
from bot.core.errors import BadInput
from bot.core.reply import Button, Reply, say
from bot.core.values import MemberRef, Minutes, UnitRef
from bot.features.cohort.params import COHORT
from bot.features.progress.commands import suggest_opened
from bot.features.progress.corrections import Corrections
from bot.features.progress.ruling_commands import MEMBER, REASON
from bot.features.progress.service import Progress

UNIT = Param("Unit of the check-in (by number or title)", example="7", suggest=suggest_opened)
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
    unit: Annotated[UnitRef, UNIT],
    reason: Annotated[str, replace(REASON, example="300 minutes were meant as 30")],
    minutes: Annotated[Minutes | None, Param("Right time spent", example="30m")] = None,
    to: Annotated[UnitRef | None, RIGHT] = None,
    *,
    progress: Progress,
) -> Reply:
    """Correct the minutes or the unit of a member's check-in; they are told why."""
    if minutes is None and to is None:
        said = "say the minutes or the unit that is right"
        raise BadInput(f"**Right time spent**: {said}. Example: `30m`", field="minutes")
    corrections = Corrections(progress)
    found = corrections.find(ctx, member, unit)
    after = corrections.changed(ctx, found, minutes, to)
    who = markup.name(found.account.external_id, found.account.name)
    if after == found.checkin:
        return say(f"The check-in of {who} says that already; nothing changed.")
    told = corrections.keep(ctx, found, after, reason)
    was, now = corrections.differ(found, after)
    back = correct.ask(
        found.timeline.cohort.id,
        member=found.account.external_id,
        unit=found.number(after),
        minutes=found.checkin.minutes,
        to=found.number(found.checkin),
    )
    said = f"The check-in of {who} has {now} instead of {was}. {told}"
    return say(said, tone="good", buttons=(Button("Correct it back", back),))


COMMANDS: tuple[Command, ...] = (correct,)
