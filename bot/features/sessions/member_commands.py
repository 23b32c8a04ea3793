"""What members do about live hours: see when the next is, say whether they come, host."""

from __future__ import annotations

from collections.abc import Sequence
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
    "session next",
    role="member",
    moderators_too=True,
    writes=False,
    cohort="needed",
    which=COHORT,
    spoken=("when is the next live hour", "when is our next live hour", "next live hour"),
    asked=(r"(?:join|attend|come to|take part in) (?:the |a |our )?(?:next )?(?:live hour|live session|meeting|call)",),
)
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
        (*_answers(ctx, cohort, coming[:SHOWN]), *(_ruling(cohort, coming[0]) if moderates else ())),
        title=f"{markup.escape(cohort.name)} meets",
    )


def _line(cohort: Cohort, hour: LiveHour, host: str, says: Says | None) -> str:
    hosted = f", with {host}" if host else ""
    mine = f"; {_SAID[says]}" if says else ""
    return f"{wording.line(cohort, hour)}{hosted}{mine}"


def _answers(ctx: Context, cohort: Cohort, hours: Sequence[LiveHour]) -> tuple[Button, ...]:
    """Return what a member can say to the next hour, and that they come to each further one."""
    first, *others = hours
    if "member" not in ctx.actor.roles:
        return (buttons.calendar(cohort, first),)
    when = buttons.when(cohort, first) if others else ""
    further = (buttons.rsvp(cohort.id, one, "coming", buttons.when(cohort, one)) for one in others)
    return (*buttons.under_post(cohort, first, when), *further)


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
    staging = Staging(cohorts, hours, cohort, ctx.now, ctx.actor.account_id)
    if says == "perhaps" and hour.host_id == account.id:
        hours.answer(hour, account.id, "coming", ctx.now)
        staging.count(hour)
        told = "You host it, so I count you as coming. If you cannot be there, “Not this time” hands it over."
        out = buttons.rsvp(cohort.id, hour, "not")
        return say(f"{wording.line(cohort, hour)}\n{told}", title="Noted", tone="good", buttons=(out,))
    hours.answer(hour, account.id, says, ctx.now)
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
    id: Annotated[int | None, Param("Which live hour", in_form=False)] = None,
    *,
    cohorts: Cohorts,
    hours: Hours,
) -> Reply:
    """Say that you can host live hours: whoever hosted least is next."""
    cohort = cohorts.here(ctx).cohort
    if on and cohort.closed_at is not None:
        raise TryLater("The season is over, so there are no more live hours. Thank you!")
    staging, me = Staging(cohorts, hours, cohort, ctx.now, ctx.actor.account_id), ctx.actor.account_id
    if not on:
        return _handed_over(staging, cohort, hours.step_back(cohort.id, me, ctx.now))
    free = hours.agree(cohort.id, me, ctx.now)
    if id is not None:
        hour = hours.coming(cohort.id, ctx.now, id)
        if hour not in free:
            return _hosted(staging, cohort, hour, is_mine=hour.host_id == me)
        free = [hour]
    if len(free) > 1:
        asked = "Which live hour do you host? Of the others I write to you when it is your turn."
        choices = (buttons.host_this(cohort.id, one, buttons.when(cohort, one)) for one in free[:SHOWN])
        return say(asked, title="Thank you!", tone="good", buttons=(*choices, buttons.host_off(cohort.id)))
    if not free:
        return _thanked(cohort, "When it is your turn, I write to you.")
    hours.take(free[0], cohorts.session.get_one(Account, me), ctx.now)
    staging.tell_host(free[0])
    staging.count(free[0])
    return _thanked(cohort, f"You host {wording.line(cohort, free[0])}, so I count you as coming.")


def _thanked(cohort: Cohort, said: str) -> Reply:
    return say(said, title="Thank you!", tone="good", buttons=(buttons.host_off(cohort.id),))


def _hosted(staging: Staging, cohort: Cohort, hour: LiveHour, *, is_mine: bool) -> Reply:
    """Return who hosts an hour that somebody wanted to host."""
    if is_mine:
        return _thanked(cohort, f"You host {wording.line(cohort, hour)} already.")
    host = staging.host_of(hour)
    taken = f"{host} hosts {wording.line(cohort, hour)}. " if host else ""
    return _thanked(cohort, f"{taken}When it is your turn, I write to you.")


def _handed_over(staging: Staging, cohort: Cohort, changed: Sequence[LiveHour]) -> Reply:
    """Tell new hosts of their hours, and return to whom the old one's went."""
    said = ["You are asked no more to host."]
    for hour in changed:
        staging.tell_host(hour)
        staging.count(hour)
        host = staging.host_of(hour)
        said.append(f"{wording.line(cohort, hour)}: {f'{host} hosts it now' if host else 'it is open to the others'}.")
    return say("\n".join(said), tone="good", buttons=(buttons.host_on(cohort.id),))


COMMANDS: tuple[Command, ...] = (session_next, session_host, session_answer)
