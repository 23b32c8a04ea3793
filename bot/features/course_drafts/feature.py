"""Declare the drafts of courses that a model makes."""

from __future__ import annotations

from bot.features.course_drafts import commands, service
from bot.features.course_drafts.service import CourseDrafts
from bot.features.course_drafts.tables import DraftedCourse
from bot.features.feature import Feature, PersonalData, StoredData

FEATURE = Feature(
    "course_drafts",
    commands=commands.COMMANDS,
    tables=(DraftedCourse,),
    services=(CourseDrafts,),
    sweeps=(service.sweep,),
    personal_data=PersonalData(
        kept=(
            StoredData(
                DraftedCourse.account_id,
                "Holds the material that you gave for a draft of a course, for 30 days.",
                "deleted",
                title="Drafts of courses you began",
            ),
        ),
        seen="Moderators of your server see the drafts of courses that you begin. The chat model gets the material.",
        texts=(DraftedCourse.material, DraftedCourse.units),
    ),
)
