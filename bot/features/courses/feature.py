"""Declare the tables of servers' own courses."""

from __future__ import annotations

from bot.features.courses.tables import OwnRoadmap
from bot.features.feature import Feature, PersonalData, StoredData

FEATURE = Feature(
    "courses",
    tables=(OwnRoadmap,),
    personal_data=PersonalData(
        kept=(
            StoredData(
                OwnRoadmap.added_by,
                "Lets you edit the courses you added.",
                "unlinked",
                title="Courses you added",
            ),
        ),
    ),
)
