"""A whole group to take along, for its moderators."""

from __future__ import annotations

from bot.core import markup
from bot.core.command import Command, command
from bot.core.context import Context
from bot.core.errors import TryLater
from bot.core.numerals import counted
from bot.core.reply import Button, Reply, Text
from bot.features import ways
from bot.features.cohort.params import COHORT
from bot.features.cohort.service import Cohorts
from bot.features.sessions.service import Hours
from bot.features.upkeep.group_tables import archives, tables

MOST = 10
"""Files of one message, by the strictest platform."""


@command(
    "export",
    role="moderator",
    writes=False,
    cohort="needed",
    which=COHORT,
    after_end=True,
    asked=(r"(?:export|download|back up|save) (?:the |our |my |all )*(?:group|cohort|members|check-?ins)",),
)
def export_group(ctx: Context, *, cohorts: Cohorts, hours: Hours) -> Reply:
    """Your group as tables in one archive: members, check-ins, standings, rulings, notes, live hours."""
    timeline = cohorts.here(ctx)
    found = tables(cohorts, hours, timeline, ctx.now)
    files = archives(found, f"group-{timeline.cohort.id}")
    if len(files) > MOST:
        raise TryLater("That is more than messages take. Whoever runs me can copy the database instead.")
    members, checkins = (len(list(sheet.rows)) for _, sheet in found[:2])
    told = (
        f"{counted(members, 'member').capitalize()}, {counted(checkins, 'check-in')}. What members wrote with a "
        "check-in is theirs and not in it. Instants are in UTC. Please keep it as safe as the group expects."
    )
    title = f"{markup.escape(timeline.cohort.name)} to take along"
    return Reply((Text(told), *files), (Button("Dashboard", ways.DASHBOARD.call()),), title=title)


COMMANDS: tuple[Command, ...] = (export_group,)
