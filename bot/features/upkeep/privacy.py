"""What is kept about a person, told to that person; and private answers that waited for a click."""

from __future__ import annotations

from typing import Annotated, Any

from sqlalchemy import func, select

from bot.core.command import Command, Param, command
from bot.core.context import Context
from bot.core.errors import NotFound
from bot.core.reply import Fields, Reply, Text
from bot.db.inbox import SqlDrafts
from bot.features.cohort.service import Cohorts
from bot.features.cohort.tables import Membership
from bot.features.people.tables import Account
from bot.features.progress.tables import Away, Checkin, Ruling


@command("kept", hidden=True, writes=False, after_end=True)
def kept(ctx: Context, *, cohorts: Cohorts) -> Reply:
    """What is kept about you, and who can see it."""
    session = cohorts.session
    account = session.get(Account, ctx.actor.account_id)

    def count(column: Any) -> int:
        return session.scalar(select(func.count()).where(column == ctx.actor.account_id)) or 0

    rows = (
        (
            "Your account",
            "number, name, time zone, quiet hours" if account else "nothing yet",
        ),
        ("Cohorts joined", str(count(Membership.account_id))),
        ("Check-ins", f"{count(Checkin.account_id)}, with minutes, note, link, and the day where you were"),
        ("Absences", f"{count(Away.account_id)}, with dates and reason"),
        ("Rulings by moderators", str(count(Ruling.account_id))),
    )
    return Reply(
        (
            Fields(rows),
            Text(
                "Your notes are for you until you share one. Members see your name or alias with points on the "
                "board unless you hide yourself in your settings; moderators see who has checked in. A question stands "
                "only where you asked it, and no message text goes to a log."
            ),
        ),
        title="What is kept about you",
    )


@command("show", hidden=True, writes=False, after_end=True)
def show(ctx: Context, id: Annotated[str, Param("Answer", max=20)], *, cohorts: Cohorts) -> Reply:
    """Show a private answer that waited for its reader."""
    found = SqlDrafts().find(cohorts.work, id, ctx.actor.account_id, ctx.now)
    if found is None or found[1] is None:
        raise NotFound("That answer is for somebody else, or over an hour old. Ask again and it is yours.")
    return found[1]


COMMANDS: tuple[Command, ...] = (kept, show)
