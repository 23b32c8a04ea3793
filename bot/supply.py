"""What commands declare after their star, built for each call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.core.context import Context
from bot.core.platform import Inspector
from bot.core.ports import Show
from bot.core.registry import Registry
from bot.db.work import Database, Work
from bot.features.cohort.calendar.timeline import Library
from bot.features.cohort.service import Cohorts
from bot.features.people.service import People
from bot.features.progress.service import Progress
from bot.features.qa.answer.answers import Answerer


class Supplies:
    """Hands over services: those of one transaction, and those that live as long as the process."""

    def __init__(
        self, *, database: Database, library: Library, registry: Registry, answerer: Answerer, inspector: Inspector
    ) -> None:
        self._lasting: dict[Any, Any] = {
            Database: database,
            Library: library,
            Registry: registry,
            Answerer: answerer,
            Inspector: inspector,
        }
        self._services: dict[Any, Callable[[Work], Any]] = {
            Cohorts: lambda work: Cohorts(work, library),
            Progress: lambda work: Progress(Cohorts(work, library)),
            People: People,
        }

    def __call__(self, needs: Mapping[str, type], work: Work | None, ctx: Context, show: Show) -> dict[str, Any]:
        """Return a value for each need; one that nobody can supply is a fault of the declaration."""
        return {name: self._one(kind, work, show) for name, kind in needs.items()}

    def _one(self, kind: Any, work: Work | None, show: Show) -> Any:
        if kind == Show:
            return show
        if kind in self._services:
            if work is None:
                raise TypeError(f"{kind.__name__} lives in a transaction, and this command is slow")
            return self._services[kind](work)
        return self._lasting[kind]

    def can(self, kind: Any, *, is_slow: bool) -> bool:
        """Whether a command may declare this need."""
        return kind == Show or kind in self._lasting or (kind in self._services and not is_slow)
