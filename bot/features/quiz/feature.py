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
                "Lets you continue a quiz within two weeks.",
                "deleted",
                title="Quizzes from the last two weeks",
            ),
            StoredData(
                QuizAnswer.account_id,
                "Brings back missed questions and shows your strengths.",
                "deleted",
                title="Answers to quiz questions",
            ),
            StoredData(
                QuizDay.account_id,
                "Used for the daily quiz point, if your group gives one.",
                "deleted",
                title="Days with a quiz",
            ),
            StoredData(QuizCard.account_id, "Says when to ask each question again.", "deleted"),
            StoredData(
                ReviewHabit.account_id,
                "Sets how many questions you review a day and when I remind you.",
                "deleted",
                title="Your reviews",
                holds="questions a day, hour",
                is_one=True,
            ),
        ),
        seen=(
            "Only you see your quiz answers. Moderators see which questions people get wrong most. Your group sees how "
            "a warm-up and a weekly round were answered, without names, once three members have answered."
        ),
    ),
)
