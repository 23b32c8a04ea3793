"""What members do about live hours: see when the next is, say whether they come, host."""

from __future__ import annotations

from typing import Annotated

from bot.core import markup
from bot.core.command import Command, Param, command
from bot.core.context import Context
from bot.core.errors import TryLater
from bot.core.reply import Button, Reply, Text, say
from bot.features.cohort.params import COHORT
from bot.features.cohort.service import Cohorts
from bot.features.cohort.tables import Cohort
from bot.features.people.tables import Account
from bot.features.sessions import buttons, wording
from bot.features.sessions.commands import session_cancel, session_move, session_plan
from bot.features.sessions.service import Hours
from bot.features.sessions.staging import Staging
from bot.features.sessions.tables import LiveHour, Says

SHOWN = 3
"""Live hours that are told at once."""
_SAID: dict[Says, str] = {"coming": "you come", "perhaps": "perhaps", "not": "you do not come"}


@command(
    "session next", role="member", moderators_too=True, writes=False, cohort="needed", which=COHORT,
    spoken=("when is the next live hour", "when is our next live hour", "next live hour"),
    asked=(r"(?:join|attend|come to|take part in) (?:the |a |our )?(?:next )?(?:live hour|live session|meeting|call)",),
)  # fmt: skip
def session_next(ctx: Context, *, cohorts: Cohorts, hours: Hours) -> Reply:
    """When the group meets live, whether you come, and who hosts."""
    cohort = cohorts.here(ctx).cohort
    coming = hours.list_coming(cohort.id, ctx.now)
    moderates = "moderator" in ctx.actor.roles
    if not coming:
        plan = (Button("Plan one", session_plan.call(cohort.id), "primary"),) if moderates else ()
        host = (buttons.host_on(cohort.id),) if "member" in ctx.actor.roles else ()
        return say("No live hour is planned.", buttons=(*plan, *host))
    said = hours.said_by(ctx.actor.account_id, coming)
    staging = Staging(cohorts, hours, cohort, ctx.now, ctx.actor.account_id)
    lines = [f"- {_line(cohort, one, staging.host_of(one), said.get(one.id))}" for one in coming[:SHOWN]]
    more = f"\nand {len(coming) - SHOWN} more" if len(coming) > SHOWN else ""
    return Reply(
        (Text("\n".join(lines) + more),),
        (*_answers(ctx, cohort, coming[0]), *(_ruling(cohort, coming[0]) if moderates else ())),
        title=f"{markup.escape(cohort.name)} meets",
    )


def _line(cohort: Cohort, hour: LiveHour, host: str, says: Says | None) -> str:
    hosted = f", with {host}" if host else ""
    mine = f"; {_SAID[says]}" if says else ""
    return f"{wording.line(cohort, hour)}{hosted}{mine}"


def _answers(ctx: Context, cohort: Cohort, hour: LiveHour) -> tuple[Button, ...]:
    if "member" not in ctx.actor.roles:
        return (buttons.calendar(cohort, hour),)
    return buttons.under_post(cohort, hour)


def _ruling(cohort: Cohort, hour: LiveHour) -> tuple[Button, ...]:
    return (
        Button("Move it", session_move.ask(cohort.id, id=hour.id)),
        Button("Cancel it", session_cancel.call(cohort.id, id=hour.id)),
    )


@command("session answer", hidden=True, role="member", cohort="needed")
def session_answer(
    ctx: Context,
    id: Annotated[int, Param("Which live hour")],
    says: Annotated[Says, Param("Whether you come")],
    *,
    cohorts: Cohorts,
    hours: Hours,
) -> Reply:
    """Say whether you come to a live hour."""
    cohort = cohorts.here(ctx).cohort
    hour = hours.coming(cohort.id, ctx.now, id)
    account = cohorts.session.get_one(Account, ctx.actor.account_id)
    hours.answer(hour, account.id, says, ctx.now)
    staging = Staging(cohorts, hours, cohort, ctx.now, ctx.actor.account_id)
    is_freed = says == "not" and hour.host_id == account.id
    if is_freed:
        staging.pass_on(hour)
    else:
        staging.count(hour)
    told = _noted(staging, hour, account, says) + (" Somebody else is asked to host." if is_freed else "")
    other = tuple(buttons.rsvp(cohort.id, hour, one) for one in buttons.LABELS if one != says)
    more = (buttons.calendar(cohort, hour),) if says != "not" else ()
    return say(f"{wording.line(cohort, hour)}\n{told}", title="Noted", tone="good", buttons=(*more, *other))


def _noted(staging: Staging, hour: LiveHour, account: Account, says: Says) -> str:
    if says != "coming":
        return "You can change that until it begins." if says == "perhaps" else "Thank you for saying so."
    if account.unreachable_at is not None or not staging.remind(hour, account):
        return "See you there!"
    return "See you there! I write to you an hour before."


@command("session host", role="member", cohort="needed", which=COHORT, asked=(r"host (?:a |the )?(?:live )?\w+",))
def session_host(
    ctx: Context,
    on: Annotated[bool, Param("Whether you host", example="no")] = True,
    *,
    cohorts: Cohorts,
    hours: Hours,
) -> Reply:
    """Say that you can host live hours: whoever hosted least is next."""
    cohort = cohorts.here(ctx).cohort
    if on and cohort.closed_at is not None:
        raise TryLater("The season is over, so there are no more live hours. Thank you!")
    changed = hours.agree(cohort.id, ctx.actor.account_id, ctx.now, agrees=on)
    staging = Staging(cohorts, hours, cohort, ctx.now, ctx.actor.account_id)
    for hour in changed:
        staging.tell_host(hour)
        staging.count(hour)
    if not on:
        return say("You are asked no more to host.", tone="good", buttons=(buttons.host_on(cohort.id),))
    mine = [one for one in changed if one.host_id == ctx.actor.account_id]
    said = "\n".join(f"You host {wording.line(cohort, one)}." for one in mine)
    return say(
        said or "When it is your turn, I write to you.",
        title="Thank you!",
        tone="good",
        buttons=(buttons.host_off(cohort.id),),
    )


COMMANDS: tuple[Command, ...] = (session_next, session_host, session_answer)
