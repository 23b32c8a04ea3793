"""What a quiz makes possible beyond itself: a port, which a feature that builds on quizzes fills."""

from __future__ import annotations

from abc import ABC, abstractmethod

from bot.core.context import Context
from bot.core.reply import Reply
from bot.features.quiz.service import Attempt


class Prospects(ABC):
    """Knows what a quiz makes possible, passed or not; the service that derives from it is handed over in its place."""

    @abstractmethod
    def after(self, ctx: Context, attempt: Attempt) -> Reply | None:
        """Return what is said below the result, with the buttons that come first; None where there is nothing."""
