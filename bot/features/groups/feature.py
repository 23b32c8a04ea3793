"""The groups feature, as the rest of the bot sees it."""

from __future__ import annotations

from bot.features.feature import Feature, PersonalData, StoredData
from bot.features.groups import commands
from bot.features.groups.service import Groups
from bot.features.groups.tables import (
    Away,
    Group,
    GroupModerator,
    Membership,
    Occurrence,
    OccurrenceChange,
    PauseRow,
    UnitPlan,
)

FEATURE = Feature(
    "groups",
    commands=commands.COMMANDS,
    tables=(Group, GroupModerator, Membership, Occurrence, OccurrenceChange, PauseRow, UnitPlan, Away),
    services=(Groups,),
    personal_data=PersonalData(
        texts=(
            PauseRow.reason,
            OccurrenceChange.reason,
        ),
        kept=(
            StoredData(Membership.account_id, "Shows which groups you are in.", "deleted", title="Groups joined"),
            StoredData(
                Group.created_by,
                "Makes you a moderator of the groups you created.",
                "unlinked",
                title="Groups you created",
            ),
            StoredData(GroupModerator.grant, "Shows which groups you moderate.", "deleted", spelled="account:{}"),
            StoredData(OccurrenceChange.author_id, "A moved date says who moved it.", "unlinked"),
            StoredData(PauseRow.author_id, "A pause says who decided it.", "unlinked"),
        ),
    ),
)
