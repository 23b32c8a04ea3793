"""What the twelve of the demo do: who checks in and when, what they ask, and what they say to each other. Pure."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Member:
    """A simulated member: how likely they are to check in on time, and late if not.

    Args:
        stops_after: the week after which nothing is heard of them any more.
    """

    name: str
    on_time: float
    late: float
    is_reminded: bool = False
    stops_after: int | None = None

    @property
    def id(self) -> str:
        """The account id on the page."""
        return self.name.lower()


MEMBERS = (
    Member("Ada", 1.0, 0.0, True),
    Member("Ben", 0.75, 0.2, True),
    Member("Chloe", 0.9, 0.1),
    Member("Dev", 0.6, 0.2, True),
    Member("Elif", 0.95, 0.0),
    Member("Femi", 0.5, 0.5, True),
    Member("Grace", 0.85, 0.0),
    Member("Hiro", 0.7, 0.1, True),
    Member("Ines", 0.9, 0.05),
    Member("Jonas", 0.9, 0.0, True, stops_after=4),
    Member("Kavya", 1.0, 0.0),
    Member("Lou", 0.25, 0.1, True),
)
NOTES = (
    "read the unit and did the exercise",
    "half of the exercise; the rest tomorrow",
    "only the 30-minute version this week",
    "worked through the first resource and took notes",
    "rewrote my own code with what the unit says",
    "paired with a friend on the exercise",
    "measured it, and the numbers surprised me",
)


TALK = (
    ("The exercise took me twice as long as I thought, but it clicked in the end.", "Same here. It was worth it."),
    ("Does anyone else find the second resource easier than the first?", "Yes! Its examples run as they are."),
    ("I am stuck on the exercise. Can someone look at it with me tonight?", "I can, at eight. Bring your code."),
    ("My guess on the question above was wrong by a factor of ten. I measured it.", "Nice. What did you measure with?"),
    ("Who wants to compare solutions on Friday?", "Me. Mine is ugly but it works."),
    ("I did the 30-minute version this week, exams are close.", "Good call. See you next week, and good luck!"),
    ("Small win: I could explain this to a colleague without looking anything up.", "That is the best test there is."),
    ("I wrote my notes up as five questions. Happy to share them.", "Yes please, I will swap you mine."),
    ("Reading on the train, exercise on Saturday. That rhythm works for me.", "I will try that. Evenings do not."),
    ("The error message was right and I was wrong, for an hour.", "We have all been there. What was it?"),
    ("I read the unit twice, and the summary makes sense only now.", "The second reading did it for me too."),
    ("Anyone here who used this at work already?", "A little. Ask me after the weekend and I will show you."),
)
"""What one member says in the week's thread, and another one answers."""


QUIZZED = ("ben", "dev", "elif", "hiro", "ines")
"""Who takes the quiz of a week, and knows little of it."""


@dataclass(frozen=True, order=True)
class Act:
    """A line that somebody types at an instant: to the bot, or to the others in the thread of the week; or a quiz."""

    at: datetime
    who: str
    line: str
    in_thread: bool = False
    is_quiz: bool = False


def acts_of_week(opens_at: datetime, number: int) -> Iterator[Act]:
    """Yield what the members do in the week that opens then; the same week always brings the same."""
    for member in MEMBERS:
        if member.stops_after is not None and number > member.stops_after:
            continue
        chance = random.Random(f"{member.name}:{number}")  # noqa: S311  (a play, not a secret)
        draw = chance.random()
        minutes = chance.choice((25, 30, 45, 60, 90, 120))
        note = chance.choice(NOTES)
        if draw < member.on_time:
            at = opens_at + timedelta(
                days=chance.randrange(0, 6), hours=chance.randrange(1, 11), minutes=chance.randrange(60)
            )
            yield Act(at, member.id, f"checkin {minutes} {note}")
            if chance.random() < 0.35:
                yield Act(at + timedelta(days=1), member.id, f"checkin 30 went on: {note}")
        elif draw < member.on_time + member.late:
            yield Act(
                opens_at + timedelta(days=6, hours=14, minutes=chance.randrange(50)),
                member.id,
                f"checkin {minutes} {note}",
            )
    yield from talk_of_week(opens_at, number)
    if number % 2 == 0:
        for place, who in enumerate(QUIZZED):
            yield Act(opens_at + timedelta(days=1, hours=place, minutes=10), who, "quiz", is_quiz=True)
    if number == 3:
        yield Act(opens_at + timedelta(days=1), "grace", "away in 1 week reason=exams")
        yield Act(
            opens_at + timedelta(days=2, hours=3),
            "ada",
            "ask what is the difference between an iterator and a generator",
        )
    if number == 5:
        yield Act(opens_at + timedelta(days=1, hours=2), "ben", "ask why is a numpy array faster than a list")


def talk_of_week(opens_at: datetime, number: int) -> Iterator[Act]:
    """Yield two short talks in the week's thread; none comes again before all have been."""
    chance = random.Random(f"talk:{number}")  # noqa: S311  (a play, not a secret)
    for place, day in enumerate((1, 3)):
        line, answered = TALK[(2 * (number - 1) + place) % len(TALK)]
        author, other = chance.sample(MEMBERS, 2)
        at = opens_at + timedelta(days=day, hours=chance.randrange(1, 8), minutes=chance.randrange(60))
        yield Act(at, author.id, line, in_thread=True)
        yield Act(at + timedelta(minutes=chance.randrange(12, 90)), other.id, answered, in_thread=True)
