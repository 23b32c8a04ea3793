"""Buddies, as the rest of the bot sees them."""

from __future__ import annotations

from bot.features.buddies import commands, posts
from bot.features.buddies.service import Buddies, BuddyWish, Pairing
from bot.features.feature import Feature, PersonalData, StoredData

FEATURE = Feature(
    "buddies",
    commands=commands.COMMANDS,
    tables=(BuddyWish, Pairing),
    services=(Buddies,),
    posts=posts.POSTS,
    checks=posts.CHECKS,
    personal_data=PersonalData(
        kept=(
            StoredData(BuddyWish.account_id, "Says whether you want a buddy.", "deleted"),
            StoredData(
                Pairing.account_id,
                "Pairs you with somebody new each time.",
                "deleted",
                title="Buddies",
                holds="with the unit and whether you met",
            ),
        ),
        seen=(
            "Your buddy sees your name and your time difference. If you leave or are away for most of the unit, "
            "your buddy gets another buddy or a message. Moderators see how many members met, without names."
        ),
    ),
)
