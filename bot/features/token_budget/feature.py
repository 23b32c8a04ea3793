"""Usage, as the rest of the bot sees it."""

from __future__ import annotations

from bot.features.feature import Feature, PersonalData, StoredData
from bot.features.token_budget import commands, service
from bot.features.token_budget.service import Ledger, UsageDay, UsageHold, UsageLeft

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
                "Shares the group's budget fairly.",
                "deleted",
                title="Days with AI answers",
                holds="with the number and length of answers",
            ),
            StoredData(UsageHold.account_id, "Lasts only while I write an answer.", "deleted"),
        ),
        seen=(
            "Moderators see how many AI answers you had recently, but not your questions. If you delete your "
            "data, those answers still count towards the group's day, without your name."
        ),
    ),
)
