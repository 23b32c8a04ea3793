"""Cohorts, as the rest of the bot sees them."""

from __future__ import annotations

from bot.features.cohort import commands, create_commands, member_commands, pause_commands, removal_commands
from bot.features.cohort.service import Cohorts
from bot.features.cohort.tables import (
    Cohort,
    CohortModerator,
    Membership,
    Occurrence,
    OccurrenceChange,
    PauseRow,
    UnitPlan,
)
from bot.features.feature import Feature, Kept, PersonalData

FEATURE = Feature(
    "cohort",
    commands=(
        *member_commands.COMMANDS,
        *create_commands.COMMANDS,
        *commands.COMMANDS,
        *pause_commands.COMMANDS,
        *removal_commands.COMMANDS,
    ),
    tables=(Cohort, CohortModerator, Membership, Occurrence, OccurrenceChange, PauseRow, UnitPlan),
    services=(Cohorts,),
    personal_data=PersonalData(
        texts=(
            PauseRow.reason,
            OccurrenceChange.reason,
        ),
        kept=(
            Kept(Membership.account_id, "It says in which groups you learn.", "deleted", title="Cohorts joined"),
            Kept(
                Cohort.created_by, "Whoever created a group moderates it.", "unlinked", title="Cohorts that you created"
            ),
            Kept(CohortModerator.grant, "It says which groups you moderate.", "deleted", spelled="account:{}"),
            Kept(OccurrenceChange.author_id, "A moved date says who moved it.", "unlinked"),
            Kept(PauseRow.author_id, "A pause says who decided it.", "unlinked"),
        ),
    ),
)
