"""The record of what moderators have done, as the rest of the bot sees it."""

from __future__ import annotations

from bot.features.audit import commands
from bot.features.audit.service import Audit, forget
from bot.features.audit.tables import AuditEntry
from bot.features.feature import Feature, PersonalData, StoredData

FEATURE = Feature(
    "audit",
    commands=commands.COMMANDS,
    tables=(AuditEntry,),
    services=(Audit,),
    forgets=(forget,),
    personal_data=PersonalData(
        texts=(AuditEntry.reason,),
        kept=(
            StoredData(
                AuditEntry.account_id,
                "What a moderator did says who did it.",
                "unlinked",
                title="What you did as a moderator",
                holds="and when you came over from another group",
            ),
            StoredData(
                AuditEntry.about_id,
                "What a moderator did about you says so.",
                "unlinked",
                title="What moderators did about you",
                holds="with the command, reason and time",
            ),
        ),
        seen="Moderators of a group see what its moderators did there, about whom, and for what reason.",
    ),
)
