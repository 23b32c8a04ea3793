"""The record of what moderators have done, as the rest of the bot sees it."""

from __future__ import annotations

from bot.features.audit import commands
from bot.features.audit.service import Audit, AuditEntry, forget
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
                "Shows who made each change in the activity log.",
                "unlinked",
                title="Your changes as a moderator",
                holds="and your moves between groups",
            ),
            StoredData(
                AuditEntry.about_id,
                "The activity log says who each change is about.",
                "unlinked",
                title="Changes by moderators about you",
                holds="with the command, reason and time",
            ),
        ),
        seen="Moderators see which changes other moderators made, who they were about and why.",
    ),
)
