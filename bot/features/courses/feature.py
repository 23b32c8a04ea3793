"""Declare the tables of servers' own courses and their questions."""

from __future__ import annotations

from bot.features.courses import versions
from bot.features.courses.tables import ContentVersion, CourseQuestion, OwnRoadmap
from bot.features.feature import Feature, PersonalData, StoredData

FEATURE = Feature(
    "courses",
    tables=(OwnRoadmap, CourseQuestion, ContentVersion),
    sweeps=(versions.sweep,),
    personal_data=PersonalData(
        kept=(
            StoredData(
                OwnRoadmap.added_by,
                "Lets you edit the courses you added.",
                "unlinked",
                title="Courses you added",
            ),
            StoredData(
                CourseQuestion.author_id,
                "A question of your course says who wrote it.",
                "unlinked",
                title="Quiz questions you wrote",
            ),
            StoredData(
                CourseQuestion.decided_by,
                "A question of your course says who accepted it.",
                "unlinked",
                title="Quiz questions you accepted or retired",
            ),
            StoredData(
                ContentVersion.author_id,
                "The versions of a course or note say who changed it.",
                "unlinked",
                title="Changes you made to courses and notes",
            ),
        ),
        seen="People on your server who take that course see the questions you write, with your name or alias.",
        texts=(CourseQuestion.prompt, CourseQuestion.right_answer, CourseQuestion.wrong_answers, CourseQuestion.why),
    ),
)
