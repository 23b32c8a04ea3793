"""The dashboard's doors, as the rest of the bot sees them."""

from __future__ import annotations

from bot.features.dashboard_access import commands
from bot.features.dashboard_access.service import DashboardLink, DashboardVisit, Visits, sweep
from bot.features.feature import Feature, PersonalData, StoredData

FEATURE = Feature(
    "dashboard_access",
    commands=commands.COMMANDS,
    tables=(DashboardLink, DashboardVisit),
    services=(Visits,),
    sweeps=(sweep,),
    personal_data=PersonalData(
        kept=(
            StoredData(DashboardLink.account_id, "Kept for ten minutes, so that your link works once.", "deleted"),
            StoredData(
                DashboardVisit.account_id,
                "Keeps a browser signed in for at most a week.",
                "deleted",
                title="Browsers signed in to the dashboard",
            ),
        ),
    ),
)
