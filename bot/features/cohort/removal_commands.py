"""What moderators say to take somebody out of a cohort, and to see who has left the server anyway."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from bot.core import context, markup
from bot.core.command import Choice, Command, Param, command
from bot.core.context import Context, Place
from bot.core.platform import Inspector
from bot.core.reply import Button, Reply, say
from bot.core.values import MemberRef
from bot.db.work import Database, Work
from bot.features.cohort.params import COHORT, CONFIRM
from bot.features.cohort.service import Cohorts
from bot.features.cohort.tables import Cohort
from bot.features.people.service import People, is_called
from bot.features.roadmap.track import Library

MOST_CHECKED = 100
"""Members that one look asks the platform about."""


def suggest_present(ctx: Context, typed: str, *, cohorts: Cohorts) -> list[Choice]:
    """Return the cohort's members by name; only moderators are suggested anything here."""
    members = cohorts.list_members(cohorts.get(ctx.actor.cohort_id).id)
    return [Choice(a.name, a.external_id) for _, a in members if is_called(a, typed)][:25]


@command(
    "cohort remove",
    role="moderator",
    cohort="needed",
    which=COHORT,
    title="Remove a member",
    asked=(r"(?:remove|kick(?: out)?|throw out|expel) (?:an? |some |the )?(?:member|someone|somebody|person|people)",),
)
def cohort_remove(
    ctx: Context,
    member: Annotated[MemberRef, Param("Who has left, or should", example="@ben", suggest=suggest_present)],
    confirm: Annotated[bool, CONFIRM] = False,
    *,
    cohorts: Cohorts,
) -> Reply:
    """Take a member out of the counts; their record stays, and joining again brings it back."""
    row = cohorts.get(ctx.actor.cohort_id)
    _, account = cohorts.find_member(row, member)
    who, group = markup.name(account.external_id, account.name), markup.escape(row.name)
    if not confirm:
        go = cohort_remove.call(row.id, member=account.external_id, confirm=True)
        counts = "the counts and the board" if row.has_board else "the counts"
        return say(
            f"{who} gets no more reminders and leaves {counts}. Their check-ins and settings stay, and "
            f"{markup.typed('join')} brings everything back. They read of it with my next answer to them.",
            title=f"Take {markup.escape(account.name, 40)} out of {group}?",
            buttons=(Button("Remove", go, "danger"),),
            tone="warn",
        )
    cohorts.leave(row, account.id, ctx.now)
    told = f"A moderator took you out of **{group}**. Your record stays, and {markup.typed('join')} brings it back."
    People(cohorts.work).notify(account.id, f"removed:{row.id}:{int(ctx.now.timestamp())}", told, ctx.now)
    return replace(say(f"{who} is out of {group}. Their record is kept.", tone="good"), replaces=True)


@command("cohort check", hidden=True, role="moderator", slow=True, writes=False, cohort="needed")
async def cohort_check(ctx: Context, *, database: Database, library: Library, inspector: Inspector) -> Reply:
    """See which members have left the server or workspace."""

    def read(work: Work) -> tuple[Cohort, Place, list[context.Account]]:
        cohorts = Cohorts(work, library)
        row = cohorts.get(ctx.actor.cohort_id)
        room = cohorts.place(row)
        members = [a for _, a in cohorts.list_members(row.id)][:MOST_CHECKED]
        return row, room, [context.Account(a.platform, room.tenant, a.external_id, a.name) for a in members]

    row, room, members = await database.run(read, writes=False)
    found = [(one, await inspector.is_absent(one, room)) for one in members]
    gone = [one for one, is_absent in found if is_absent]
    unsure = sum(is_absent is None for _, is_absent in found)
    names = ", ".join(markup.name(one.id, one.name) for one in gone)
    told = f"No longer here: {names}. Their record stays when you remove them." if gone else "Nobody has left."
    rest = f"{unsure} could not be looked at; please try again in a minute." if unsure else ""
    buttons = tuple(
        Button(f"Remove {markup.clip(one.name, 24)}", cohort_remove.call(row.id, member=one.id)) for one in gone[:5]
    )
    return say(told, rest, title=f"{len(found)} members looked at", buttons=buttons)


COMMANDS: tuple[Command, ...] = (cohort_remove, cohort_check)
