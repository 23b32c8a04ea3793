"""The demo: a seeded group of twelve on the local page, with a clock that moves when you say so.

Time moves by visiting every due instant in order, so what one sees is what a real season would have brought.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import random
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select

from bot.base.clock import MovableClock, SystemClock
from bot.commands.context import MODERATES, Account, Invocation, Place
from bot.commands.request import silent
from bot.delivery.outbox import OutboxRow
from bot.features import command_links
from bot.features.groups.service import Groups
from bot.features.groups.tables import Group
from bot.messages import markup
from bot.messages.call import Call
from bot.messages.reply import Reply, say
from bot.platforms.web.people import PagePerson, Step
from bot.runtime import console
from bot.runtime.answer_engine import open_notebook
from bot.runtime.app import LOCAL, App
from bot.runtime.composition import build
from bot.runtime.settings import Settings
from bot.runtime.supervisor import Supervisor
from bot.storage.unit_of_work import Work
from bot.understanding import intents


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


WEEKS = 6
ROOM = "general"
ORGANISER = PagePerson("mo", "Mo", True)


PRESSED, STEPS = ("quiz pick", "quiz done", "quiz number", "quiz go"), 24
"""The buttons that lead through a quiz, and how many are pressed at most."""


class Season:
    """The demo's time: moves the clock through every due instant, and has the members act.

    Args:
        clock: stands still between moves.
        began_at: when the first unit opens, aware UTC.
    """

    def __init__(self, clock: MovableClock, began_at: datetime) -> None:
        self._clock, self._began_at = clock, began_at
        self._keys = itertools.count()
        self._pending: list[Act] = []
        self._planned_weeks = 0
        self.app: App | None = None

    @property
    def now(self) -> datetime:
        """The demo's present."""
        return self._clock.now()

    async def move(self, to: Step) -> None:
        """Go on to the next hour, the next day, or the next weekly post."""
        if to == "post":
            target = await self._next_post() or self.now + timedelta(days=7)
        else:
            target = self.now + (timedelta(hours=1) if to == "hour" else timedelta(days=1))
        await self.go_to(target)

    async def go_to(self, target: datetime) -> None:
        """Visit every due instant in order up to `target`."""
        assert self.app is not None
        while True:
            self._plan_acts(target)
            instants = [a.at for a in self._pending[:1]]
            wake_at = await self._next_wake()
            instants += [wake_at] if wake_at is not None else []
            upcoming = min((max(i, self.now) for i in instants), default=target)
            if upcoming >= target:
                break
            self._clock.move_to(upcoming)
            await self._act()
            await self.app.step()
        self._clock.move_to(target)
        await self._act()
        await self.app.step()

    def _plan_acts(self, target: datetime) -> None:
        while self._began_at + timedelta(weeks=self._planned_weeks) <= target:
            opens_at = self._began_at + timedelta(weeks=self._planned_weeks)
            self._planned_weeks += 1
            self._pending += acts_of_week(opens_at, self._planned_weeks)
            self._pending.sort()

    async def _act(self) -> None:
        while self._pending and self._pending[0].at <= self.now:
            act = self._pending.pop(0)
            await (self._take if act.is_quiz else self._talk if act.in_thread else self.say)(act.who, act.line)

    async def _take(self, who: str, line: str) -> None:
        """Take a quiz as one person, with the first choice of each question."""
        reply = await self.say(who, line)
        for _ in range(STEPS):
            presses = (b.target for b in reply.all_buttons if isinstance(b.target, Call)) if reply is not None else ()
            press = next((press for press in presses if press.name in PRESSED), None)
            if press is None:
                return
            args = {**press.args, "number": "0"} if press.ask else press.args
            reply = await self.call(who, replace(press, args=args, ask=False))

    async def _talk(self, who: str, line: str) -> None:
        """Post a line as one person in the thread of the newest post."""
        assert self.app is not None
        messages = await self.app.feed.list_messages(ROOM)
        thread = next((m.ref for m in reversed(messages) if m.thread_title), None)
        await self.app.feed.add(self._next_key(), ROOM, thread, say(markup.escape(line)), _find_name(who))

    def _next_key(self) -> str:
        return f"demo:{next(self._keys)}"

    async def say(self, who: str, line: str) -> Reply | None:
        """Have somebody type a line to the bot; where the answer is public, both are read in the room."""
        assert self.app is not None
        return await self.call(who, intents.hear(self.app.registry, line, "mention"), line)

    async def call(self, who: str, call: Call, line: str = "") -> Reply | None:
        """Have somebody press a button, or say what the line says."""
        assert self.app is not None
        grants = frozenset({MODERATES}) if who == ORGANISER.id else frozenset[str]()
        event = Invocation(
            call,
            Account(LOCAL, LOCAL, who, _find_name(who), None, grants, "Demo"),
            Place(LOCAL, LOCAL, ROOM),
            self._next_key(),
        )
        reply = await self.app.dispatcher.answer(event, silent)
        if line and reply is not None and reply.audience == "public":
            await self.app.feed.add(f"{event.key}:said", ROOM, None, say(markup.escape(line)), _find_name(who))
            await self.app.feed.add(event.key, ROOM, None, reply)
        return reply

    async def _next_wake(self) -> datetime | None:
        assert self.app is not None
        wakes = select(func.min(Group.wake_at)).where(Group.wake_at.is_not(None))
        queued = select(func.min(OutboxRow.due_at)).where(OutboxRow.state == "due", OutboxRow.due_at > self.now)

        def read(work: Work) -> datetime | None:
            instants = (work.session.scalar(wakes), work.session.scalar(queued))
            return min((instant for instant in instants if instant is not None), default=None)

        return await self.app.database.run(read, writes=False)

    async def _next_post(self) -> datetime | None:
        app = self.app
        assert app is not None

        def read(work: Work) -> datetime | None:
            groups = Groups(work, app.library)
            chosen = select(Group).where(Group.closed_at.is_(None)).order_by(Group.id)
            planned = [groups.timeline(c).planned(self.now)[:1] for c in groups.session.scalars(chosen)]
            instants = [slots[0].opens_at for slots in planned if slots and slots[0].opens_at > self.now]
            return min(instants, default=None)

        return await app.database.run(read, writes=False)

    async def seed(self) -> None:
        """Start the group, have everyone join, and live the first weeks, saying how far it is."""
        assert self.app is not None
        begin = self._began_at.date().isoformat()
        await self.say(
            ORGANISER.id,
            f'manage create name="Night owls" timezone=UTC start={begin} rhythm="mon 09:00 - sun 21:00" confirm=yes',
        )
        for member in MEMBERS:
            await self.say(member.id, "join")
            if member.is_reminded:
                await self.say(member.id, "settings reminders=yes quiet=22:00-08:00")
        await self.say("kavya", 'settings alias="Night reader"')
        await self.say("lou", "settings visible=no")
        days = WEEKS * 7 + 2
        with console.progress("Playing six weeks", "days") as show:
            for day in range(days):
                show(day, days)
                await self.go_to(self._began_at + timedelta(days=day, hours=3))
                if day % 7 == 0:
                    await self.call(ORGANISER.id, command_links.LEAD.call())


def _find_name(who: str) -> str:
    return next((m.name for m in MEMBERS if m.id == who), ORGANISER.name)


def began_at(now: datetime) -> datetime:
    """Return the Monday, 09:00 UTC, from which six weeks have led to the present week."""
    monday = (now - timedelta(days=now.weekday(), weeks=WEEKS)).date()
    return datetime(monday.year, monday.month, monday.day, 9, tzinfo=UTC)


async def serve(settings: Settings, port: int | None) -> int:
    """Serve the demo's page until told to stop; its database lives in a folder that goes with it."""
    from bot.runtime import process

    start = began_at(SystemClock().now())
    clock = MovableClock(start - timedelta(hours=1))
    season = Season(clock, start)
    with tempfile.TemporaryDirectory(prefix="trailmate-demo-") as folder:
        own = settings.model_copy(
            update={
                "data_dir": Path(folder),
                "database_url": "",
                "host": "127.0.0.1",
                "port": settings.port + 1 if port is None and settings.port else (port or 0),
                "discord_token": None,
                "slack_bot_token": None,
                "slack_app_token": None,
                "slack_signing_secret": None,
            }
        )
        people = (ORGANISER, *(PagePerson(m.id, m.name) for m in MEMBERS))
        supervisors: dict[str, Supervisor] = {}
        app = await asyncio.to_thread(
            build,
            own,
            states=lambda: {n: s.state for n, s in supervisors.items()},
            clock=clock,
            chats={},
            demo=season,
            people=people,
            notebook=open_notebook(own, settings.data_dir),
        )
        season.app = app
        try:
            indexing = asyncio.create_task(process.build_index(app))
            await season.seed()
            return await process.run(app, supervisors, indexing=indexing)
        finally:
            with contextlib.suppress(Exception):
                await app.close()
