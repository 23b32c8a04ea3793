"""What members say to thank each other."""

from __future__ import annotations

import re
from typing import Annotated

from bot.core.command import Choice, Command, OnMessage, Param, command
from bot.core.context import Context
from bot.core.numerals import spelt
from bot.core.reply import Reply, say
from bot.core.values import MemberRef
from bot.features.cohort.params import COHORT
from bot.features.cohort.service import Cohorts
from bot.features.progress.service import Progress
from bot.features.progress.standing_commands import suggest_member
from bot.features.rules import MOST_THANKS
from bot.features.thanks.service import Thanks

REASON_MAX = 300


def suggest_thanked(ctx: Context, typed: str, *, progress: Progress) -> list[Choice]:
    """Return whom one can name; the sign before an id tells it from prose."""
    found = suggest_member(ctx, typed.lstrip("@"), progress=progress)
    return [Choice(one.label, f"@{one.value}") for one in found if one.value != ctx.actor.external_id]


@command(
    "thanks", form=True, role="member", cohort="needed", which=COHORT, title="Say thanks",
    form_note=f"They read it with their next answer. {spelt(MOST_THANKS).capitalize()} thanks a day count.",
    on_message=OnMessage("Say thanks", "for", "member"),
    asked=(r"(?:thank|praise|say thanks? to|give kudos to) (?:a |another |some)?(?:member|one|body|person)",),
)  # fmt: skip
def thanks(
    ctx: Context,
    member: Annotated[MemberRef, Param("Whom", example="@ben", suggest=suggest_thanked)],
    for_: Annotated[str, Param("What for", example="explaining sets", max=REASON_MAX)] = "",
    *,
    cohorts: Cohorts,
    thanks: Thanks,
) -> Reply:
    """Thank somebody of the group; the next weekly post names who was thanked."""
    cohort = cohorts.here(ctx).cohort
    return _told(*thanks.give(ctx, cohort, member, re.sub(r"^for\s+", "", for_.strip(), flags=re.IGNORECASE)))


@command("thank", hidden=True, role="member", cohort="needed")
def thank(ctx: Context, of: Annotated[int, Param("Which note")], *, cohorts: Cohorts, thanks: Thanks) -> Reply:
    """Thank whoever shared a note."""
    return _told(*thanks.give_for_note(ctx, cohorts.here(ctx).cohort, of))


def _told(who: str, is_new: bool) -> Reply:
    if not is_new:
        return say(f"You have thanked {who} for this already.")
    return say(f"{who} reads your thanks with their next answer.", tone="good")


COMMANDS: tuple[Command, ...] = (thanks, thank)
