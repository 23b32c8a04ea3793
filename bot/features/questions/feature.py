"""The quiz questions of own courses, as the rest of the bot sees them."""

from __future__ import annotations

from bot.features.feature import Feature
from bot.features.questions import commands, service
from bot.features.questions.service import CourseQuestions

FEATURE = Feature(
    "questions",
    commands=commands.COMMANDS,
    services=(CourseQuestions,),
    sweeps=(service.sweep,),
)
