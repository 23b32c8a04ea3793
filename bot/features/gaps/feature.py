"""Gaps and ratings, as the rest of the bot sees them."""

from __future__ import annotations

from bot.features.feature import Feature, PersonalData, StoredData
from bot.features.gaps import commands
from bot.features.gaps.service import Gaps, Heeded, Lapses, Rating, is_past

FEATURE = Feature(
    "gaps",
    commands=commands.COMMANDS,
    tables=(Rating, Heeded),
    services=(Gaps, Lapses),
    checks={"asker has left": is_past},
    personal_data=PersonalData(
        texts=(Rating.line,),
        kept=(
            StoredData(
                Rating.account_id,
                "Shows moderators which answers need work, without your name.",
                "deleted",
                title="Answers you rated",
            ),
        ),
    ),
)
