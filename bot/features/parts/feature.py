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
            StoredData(Onward.account_id, "A leg's post says how many go on.", "deleted", title="Legs you go on with"),
        ),
        seen="Members see how many go on after a leg, not who; a certificate is for you until you share it.",
    ),
)
