"""Quizzes, as the rest of the bot sees them."""

from __future__ import annotations

from bot.features.feature import Feature, PersonalData, StoredData
from bot.features.quiz import commands, export, posts, service
from bot.features.quiz.reviews import Reviews
from bot.features.quiz.service import Quizzes
from bot.features.quiz.tables import QuizAnswer, QuizAttempt, QuizCard, QuizDay, QuizItem, ReviewHabit, WarmUpRow
from bot.features.quiz.warm_up import WarmUps

FEATURE = Feature(
    "quiz",
    commands=(
        *commands.COMMANDS,
        *commands.REVIEW_COMMANDS,
        *export.COMMANDS,
        *commands.WARM_UP_COMMANDS,
    ),
    tables=(QuizAttempt, QuizItem, WarmUpRow, QuizAnswer, QuizDay, QuizCard, ReviewHabit),
    services=(Reviews, Quizzes, WarmUps),
    posts=posts.POSTS,
    sweeps=(service.sweep,),
    personal_data=PersonalData(
        kept=(
            StoredData(
                QuizAttempt.account_id,
                "For two weeks, so that you can stop a quiz and go on with it.",
                "deleted",
                title="Quizzes of the last two weeks",
            ),
            StoredData(
                QuizAnswer.account_id,
                "So that you are asked again what you missed, and see where you are strong.",
                "deleted",
                title="Answers to quiz questions",
            ),
            StoredData(
                QuizDay.account_id,
                "So that such a day can earn a point, where your group wants that.",
                "deleted",
                title="Days with a quiz",
            ),
            StoredData(QuizCard.account_id, "When each question that you have answered comes back to you.", "deleted"),
            StoredData(
                ReviewHabit.account_id,
                "How many questions you review a day, and when you are told.",
                "deleted",
                title="Your reviews",
                holds="questions a day, hour",
                is_one=True,
            ),
        ),
        seen=(
            "What you answer in a quiz, nobody but you reads. Moderators see which questions are missed most, and your "
            "group how a warm-up was answered, without a name, once three members have answered."
        ),
    ),
)
