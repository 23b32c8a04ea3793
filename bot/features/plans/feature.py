"""Pledges, as the rest of the bot sees them."""

from __future__ import annotations

from bot.features.feature import Feature, PersonalData, StoredData
from bot.features.plans import commands
from bot.features.plans.service import Pledge, Pledges

FEATURE = Feature(
    "plans",
    commands=commands.COMMANDS,
    tables=(Pledge,),
    services=(Pledges,),
    personal_data=PersonalData(
        texts=(Pledge.text,),
        kept=(
            StoredData(
                Pledge.account_id,
                "Reminds you of your plan.",
                "deleted",
                title="Plans",
                holds="with a sentence and a reminder time",
            ),
        ),
        seen=("Only you see your plan until you share it. Members see how many made a plan and how many completed it."),
    ),
)
