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
            StoredData(Membership.account_id, "It says in which groups you learn.", "deleted", title="Cohorts joined"),
            StoredData(
                Group.created_by, "Whoever created a group moderates it.", "unlinked", title="Cohorts that you created"
            ),
            StoredData(GroupModerator.grant, "It says which groups you moderate.", "deleted", spelled="account:{}"),
            StoredData(OccurrenceChange.author_id, "A moved date says who moved it.", "unlinked"),
            StoredData(PauseRow.author_id, "A pause says who decided it.", "unlinked"),
        ),
    ),
)
