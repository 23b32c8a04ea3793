"""Gaps and ratings, as the rest of the bot sees them."""

from __future__ import annotations

from bot.features.feature import Feature, Kept, PersonalData
from bot.features.gaps import commands, rating_commands
from bot.features.gaps.service import Gaps, has_left
from bot.features.gaps.tables import Rating

FEATURE = Feature(
    "gaps",
    commands=(*commands.COMMANDS, *rating_commands.COMMANDS),
    tables=(Rating,),
    services=(Gaps,),
    checks={"asker has left": has_left},
    personal_data=PersonalData(
        kept=(
            Kept(
                Rating.account_id, "Moderators see which answers fall short, without your name.", "deleted",
                title="Answers you rated",
            ),
        ),
    ),
)  # fmt: skip
