"""Charge questions to the daily budgets of their group and member."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from bot.base.observer import NOBODY, Observer
from bot.commands.context import Context
from bot.features.token_budget.budget import Budget, QuestionRateLimit, Short
from bot.features.token_budget.ledger import Asker, Ledger, Reservation
from bot.llm.base import ChatResting, ChatUnavailable, Completion, Prompt
from bot.llm import metered
from bot.llm.metered import charged_to, most
from bot.messages.errors import UserError
from bot.storage.unit_of_work import Database

log = logging.getLogger(__name__)
Refused = Short | Literal["resting"]

_WHY: dict[Refused, str] = {
    "group": "today's budget is used",
    "member": "your part of today is used",
    "resting": "the model rests",
}


class AskCharge:
    """One question's charge; it remembers why the model did not word the answer, if that is so.

    What was put aside is put aside for one request at a time.
    """

    def __init__(self, database: Database, budget: Budget, asker: Asker, observer: Observer = NOBODY) -> None:
        self._database, self._budget, self._asker, self._observer = database, budget, asker, observer
        self._held: Reservation | None = None
        self.refused: Refused | None = None

    async def hold(self, prompt: Prompt) -> None:
        """Put aside what the request may take at most.

        Raises:
            ChatUnavailable: the day is used up, or that could not be read.
        """
        tokens = most(prompt)
        try:
            held = await self._database.run(lambda work: Ledger(work).hold(self._asker, tokens, self._budget))
        except UserError as trouble:
            raise ChatUnavailable("the budget could not be read") from trouble
        if isinstance(held, str):
            self.refused = held
            raise ChatUnavailable("the day's budget is used")
        self._held = held

    async def settle(self, prompt: Prompt, completion: Completion | None, why: BaseException | None = None) -> None:
        """Record a request's tokens; if that fails, the answer stands and the reservation expires by itself."""
        held, self._held = self._held, None
        if isinstance(why, ChatResting):
            self.refused = "resting"
        if held is None:
            return
        usage = metered.counted(prompt, completion) if completion is not None else None
        if usage is not None:
            self._observer.spent(usage.prompt, usage.completion)
        try:
            await self._database.run(lambda work: Ledger(work).settle(self._asker, held, usage, why is None))
        except UserError:
            log.warning("what an answer took could not be noted")

    @property
    def told(self) -> str:
        """A phrase that says why the model did not word the answer; "" if it may."""
        return f"_From the notes alone: {_WHY[self.refused]}._" if self.refused else ""


class Meter:
    """Counts questions and what they take.

    Args:
        has_model: whether a chat model is set up at all.
        observer: told what was answered and spent.
    """

    def __init__(
        self,
        database: Database,
        budget: Budget,
        pace: QuestionRateLimit,
        *,
        has_model: bool,
        observer: Observer = NOBODY,
    ) -> None:
        self._database, self._pace = database, pace
        self.budget, self.has_model, self.observer = budget, has_model, observer

    @contextmanager
    def metered(self, ctx: Context) -> Iterator[AskCharge]:
        """Have what is asked of a model inside be charged to the caller; the charge says where the notes had to do.

        Raises:
            TooMuch: they ask too fast; the sentence says when to go on.
        """
        asker = Asker(ctx.actor.cohort_id, ctx.actor.account_id, ctx.now)
        self._pace.admit(asker.account_id, ctx.now)
        charge = AskCharge(self._database, self.budget, asker, self.observer)
        with charged_to(charge):
            yield charge
