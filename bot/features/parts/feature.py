"""Legs, as the rest of the bot sees them."""

from __future__ import annotations

from bot.features.feature import Feature, PersonalData, StoredData
from bot.features.parts import commands, posts
from bot.features.parts.tables import Onward

FEATURE = Feature(
    "parts",
    commands=commands.COMMANDS,
    tables=(Onward,),
    posts=posts.POSTS,
    personal_data=PersonalData(
        kept=(
            StoredData(
                Onward.account_id,
                "The post at the end of a part says how many continue.",
                "deleted",
                title="Parts you continue with",
            ),
        ),
        seen=("Members see how many continue after a part, not who. Only you see your certificate until you share it."),
    ),
)
