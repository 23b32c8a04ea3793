"""Pledges, as the rest of the bot sees them."""

from __future__ import annotations

from bot.features.feature import Feature, PersonalData, StoredData
from bot.features.plans import commands
from bot.features.plans.service import Pledges
from bot.features.plans.tables import Pledge

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
                "You are reminded of what you mean to do.",
                "deleted",
                title="Pledges",
                holds="each a sentence, and when to remind you of it",
            ),
        ),
        seen="A pledge is for you until you share it; members see how many have pledged, and how many of them kept it.",
    ),
)
