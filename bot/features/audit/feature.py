"""The record of what moderators have done, as the rest of the bot sees it."""

from __future__ import annotations

from bot.features.audit import commands
from bot.features.audit.service import Audit, forget
from bot.features.audit.tables import Deed
from bot.features.feature import Feature, Kept, PersonalData

FEATURE = Feature(
    "audit",
    commands=commands.COMMANDS,
    tables=(Deed,),
    services=(Audit,),
    forgets=(forget,),
    personal_data=PersonalData(
        texts=(Deed.reason,),
        kept=(
            Kept(
                Deed.account_id,
                "What a moderator did says who did it.",
                "unlinked",
                title="What you did as a moderator",
                holds="and when you came over from another group",
            ),
            Kept(
                Deed.about_id,
                "What a moderator did about you says so.",
                "unlinked",
                title="What moderators did about you",
                holds="with the command, reason and time",
            ),
        ),
        seen="Moderators of a group see what its moderators did there, about whom, and for what reason.",
    ),
)
