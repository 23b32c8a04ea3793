"""Quizzes, as the rest of the bot sees them."""

from __future__ import annotations

from bot.features.feature import Feature, Kept, PersonalData
from bot.features.quiz import commands, service
from bot.features.quiz.service import Quizzes
from bot.features.quiz.tables import QuizAnswer, QuizAttempt, QuizItem

FEATURE = Feature(
    "quiz",
    commands=commands.COMMANDS,
    tables=(QuizAttempt, QuizItem, QuizAnswer),
    services=(Quizzes,),
    sweeps=(service.sweep,),
    personal_data=PersonalData(
        kept=(
            Kept(
                QuizAttempt.account_id, "For two weeks, so that you can stop a quiz and go on with it.", "deleted",
                title="Quizzes of the last two weeks",
            ),
            Kept(
                QuizAnswer.account_id, "So that you are asked again what you missed, and see where you are strong.",
                "deleted", title="Answers to quiz questions",
            ),
        ),
        seen="What you answer in a quiz, nobody but you reads.",
    ),
)  # fmt: skip
