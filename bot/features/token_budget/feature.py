"""Usage, as the rest of the bot sees it."""

from __future__ import annotations

from bot.features.feature import Feature, PersonalData, StoredData
from bot.features.token_budget import commands, service
from bot.features.token_budget.service import Ledger
from bot.features.token_budget.tables import UsageDay, UsageHold, UsageLeft

FEATURE = Feature(
    "token_budget",
    commands=commands.COMMANDS,
    tables=(UsageDay, UsageHold, UsageLeft),
    services=(Ledger,),
    sweeps=(service.sweep_forgotten_usage,),
    forgets=(service.keep_forgotten_usage,),
    personal_data=PersonalData(
        kept=(
            StoredData(
                UsageDay.account_id,
                "A budget is shared fairly.",
                "deleted",
                title="Days on which a model answered you",
                holds="with the number of answers and their length",
            ),
            StoredData(UsageHold.account_id, "For the minutes in which an answer is being worded.", "deleted"),
        ),
        seen="Moderators see how much a model answered you in the last days, and no question. What "
        "they took of a day counts on when you are forgotten, without you.",
    ),
)
