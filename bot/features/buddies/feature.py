"""Buddies, as the rest of the bot sees them."""

from __future__ import annotations

from bot.features.buddies import commands, posts
from bot.features.buddies.service import Buddies
from bot.features.buddies.tables import BuddyWish, Pairing
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
            StoredData(BuddyWish.account_id, "It says whether you want a buddy.", "deleted"),
            StoredData(
                Pairing.account_id,
                "So that you are paired with somebody new, and see how often you met.",
                "deleted",
                title="Buddies",
                holds="with the unit and whether you met",
            ),
        ),
        seen=(
            "Your buddy of a unit sees your name and how far your clock is from theirs, and gets another, or is told "
            "that you are not there, if you leave or are away for most of it. Moderators see how many members met "
            "theirs, without names."
        ),
    ),
)
