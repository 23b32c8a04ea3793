from __future__ import annotations

from datetime import timedelta

import pytest

from bot.features.token_budget import service
from bot.features.token_budget.service import QuestionRateLimit
from bot.messages.errors import TooMuch
from tests.harness import MONDAY


def test_the_question_that_is_one_too_many_is_told_when_to_go_on() -> None:
    ada = QuestionRateLimit(2)
    ada.admit(1, MONDAY)
    ada.admit(1, MONDAY + timedelta(seconds=20))
    with pytest.raises(TooMuch, match=r"two questions within a minute. Please try again in 36 seconds\."):
        ada.admit(1, MONDAY + timedelta(seconds=25))
    ada.admit(1, MONDAY + timedelta(seconds=61))
    with pytest.raises(TooMuch, match="in 18 seconds"):
        ada.admit(1, MONDAY + timedelta(seconds=63))


def test_what_is_refused_does_not_count_itself_and_others_are_not_held_up() -> None:
    slow = QuestionRateLimit(1)
    slow.admit(1, MONDAY)
    for second in range(1, 60, 7):
        with pytest.raises(TooMuch):
            slow.admit(1, MONDAY + timedelta(seconds=second))
    slow.admit(2, MONDAY + timedelta(seconds=30))
    slow.admit(1, MONDAY + timedelta(seconds=60))


def test_without_a_bound_anybody_may_ask_on() -> None:
    for _ in range(100):
        QuestionRateLimit(0).admit(1, MONDAY)


def test_a_crowd_does_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "REMEMBERED", 10)
    crowd = QuestionRateLimit(1)
    for one in range(100):
        crowd.admit(one, MONDAY)
    assert len(crowd._asked) == 10
