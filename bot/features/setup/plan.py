"""What a group will be, as far as it was said: it waits as a draft, and the buttons of each step name it."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date
from typing import Any

from bot.commands.context import Context
from bot.delivery.processed_events import SqlDrafts, SqlInbox
from bot.features.groups.create_group import Founding
from bot.features.groups.preview import GroupWish
from bot.features.groups.rounds import make_next_name
from bot.features.groups.service import Cohorts
from bot.features.groups.tables import Cohort
from bot.features.groups.visibility import Seeing
from bot.features.people.service import People
from bot.messages import markup
from bot.messages.call import Call, spelled
from bot.messages.errors import NotAllowed, NotFound
from bot.storage.unit_of_work import Work

NAME = "setup"
GROUP = "Study group"


def keep(work: Work, ctx: Context, wish: GroupWish) -> str:
    """Keep a wish for an hour, for its author alone, and return the id of the plan; what was kept before stays."""
    return SqlDrafts().keep(work, ctx.actor.account_id, Call(NAME, spelled(asdict(wish))), None, ctx.now)


def get(work: Work, ctx: Context, plan: str) -> GroupWish:
    """Return the wish that was kept; NotFound if it is too old or somebody else's."""
    draft = SqlDrafts().find(work, plan, ctx.actor.account_id, ctx.now)
    if draft is None:
        raise NotFound(f"That is over an hour old or for somebody else. Please begin again with {markup.typed(NAME)}.")
    args: dict[str, Any] = dict(draft[0].args)
    start, breaks = args.pop("start", None), args.pop("breaks", None)
    return GroupWish(**args, start=date.fromisoformat(start) if start else None, breaks=breaks and breaks == "yes")


def check_unused(work: Work, plan: str) -> None:
    """Refuse a plan that was carried out before."""
    if SqlInbox().knows(work, _done(plan)):
        raise NotAllowed("That is done already; a second click changes nothing.")


def use_up(work: Work, ctx: Context, plan: str) -> None:
    """Note that a plan is carried out; NotAllowed if it was before."""
    if not SqlInbox().accept(work, _done(plan), ctx.now):
        check_unused(work, plan)


def _done(plan: str) -> str:
    return f"draft:{plan}"


def make_first(ctx: Context, cohorts: Cohorts, room: str | None = None) -> GroupWish:
    """Return what a plan begins with: what the round before in the room suggests, else a name and a zone used here.

    Args:
        room: where the group is to live; None is the room of the Call, until another is named.
    """
    suggested: dict[str, Any] = {"channel": room, **Founding(cohorts).initial(ctx, room or ctx.place.room)}
    wish = GroupWish(**suggested)
    around = _list_around(ctx, cohorts)
    name = wish.name or GROUP
    while name.lower() in {cohort.name.lower() for cohort in around}:
        name = make_next_name(name)
    zone = wish.timezone or (None if ctx.actor.has_zone or not around else around[-1].zone)
    return replace(wish, name=name, timezone=zone)


def running(ctx: Context, cohorts: Cohorts, room: str) -> Cohort | None:
    """Return the group that lives in a room, if the caller sees it."""
    return next(
        (cohort for cohort in _list_around(ctx, cohorts) if cohort.room == room and cohort.closed_at is None), None
    )


def _list_around(ctx: Context, cohorts: Cohorts) -> list[Cohort]:
    """Return the running groups of the tenant that the caller sees, oldest first."""
    tenant = People(cohorts.work).find_tenant(ctx.place.platform, ctx.place.tenant)
    return Seeing.by(cohorts.session, ctx).among(cohorts.list_running(tenant.id)).cohorts if tenant else []
