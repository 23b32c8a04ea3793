"""When a question comes back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from fsrs import Card, Rating, Scheduler
from hypothesis import given
from hypothesis import strategies as st

from bot.features.quiz import reviews

RECORDED = (
    (3, "2026-03-02T19:04:11"), (3, "2026-03-04T20:15:00"), (1, "2026-03-15T18:30:09"), (3, "2026-03-16T18:31:40"),
    (3, "2026-03-16T18:40:00"), (4, "2026-03-24T07:00:00"), (2, "2026-04-20T21:12:33"), (3, "2026-06-01T12:00:00"),
)  # a table of data # fmt: skip
HISTORY = [(rating, datetime.fromisoformat(at).replace(tzinfo=UTC)) for rating, at in RECORDED]


def test_a_recorded_history_makes_the_card_that_the_package_makes_of_it_kept_between_its_steps() -> None:
    scheduler = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    kept = Card(card_id=0, due=HISTORY[0][1]).to_json()
    for rating, at in HISTORY:
        kept = scheduler.review_card(Card.from_json(kept), Rating(rating), at)[0].to_json()
    assert reviews.card(HISTORY) == Card.from_json(kept).to_dict()
    assert reviews.due_at(reviews.card(HISTORY)) > HISTORY[-1][1] + timedelta(days=30)


@given(st.lists(st.sampled_from([reviews.AGAIN, reviews.HARD, reviews.GOOD, reviews.EASY]), min_size=1, max_size=8))
def test_a_question_comes_back_a_day_later_at_the_earliest_and_the_later_the_easier_it_was(ratings: list[int]) -> None:
    at, history = datetime(2026, 3, 2, 19, tzinfo=UTC), []
    for rating in ratings[:-1]:
        history.append((rating, at))
        at = reviews.due_at(reviews.card(history))
    dues = [
        reviews.due_at(reviews.card([*history, (rating, at)]))
        for rating in (reviews.AGAIN, reviews.HARD, reviews.GOOD, reviews.EASY)
    ]
    assert dues == sorted(dues) and dues[0] >= at + timedelta(days=1)
