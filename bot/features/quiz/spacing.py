"""When a question comes back: a card for each question and person, moved by the package `fsrs`. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from fsrs import Card, Rating, Scheduler

AGAIN, HARD, GOOD, EASY = (int(one) for one in (Rating.Again, Rating.Hard, Rating.Good, Rating.Easy))
"""What an answer is rated: missed, right by a guess, right, and right with ease."""
SCHEDULER = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
"""Without steps of minutes, because nobody waits for a bot; without chance, so that a history gives one card."""


def card(history: Iterable[tuple[int, datetime]]) -> dict[str, Any]:
    """Return the card that a history of ratings and instants makes, in the package's own form; it has at least one."""
    made: Card | None = None
    for rating, at in history:
        made, _ = SCHEDULER.review_card(made or Card(card_id=0, due=at), Rating(rating), at)
    assert made is not None
    return dict(made.to_dict())


def due_at(state: dict[str, Any]) -> datetime:
    """Return when a card comes back."""
    return datetime.fromisoformat(state["due"])
