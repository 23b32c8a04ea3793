"""Drives processes through simulated time: people speak, things fail, and what was acknowledged is written down."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count, groupby
from typing import Any

from tests.reliability.soak.checker import Kept, Ledger, Verdict, check
from tests.reliability.soak.inputs import BEGINS, Event, Group, Script
from tests.reliability.soak.processes import Dead, Process
from tests.reliability.soak.reckoning import Act
from tests.reliability.soak.sky import Sky
from tests.reliability.soak.store import Store

BEAT_S = 5.0
"""How long ago a process that runs has looked last."""
PACE_S = 15
"""Instants at which something is to be tried again share a step within so many seconds: steps are what costs."""
WAITS = (5, 10, 15, 30, 61, 120, 300)
"""Seconds from one step to the next while something that is due has not gone out."""
AT_ONCE = 8
"""People who wait for an answer at one time."""
WEEK = timedelta(weeks=1)
AGAIN = timedelta(seconds=20)
"""After which a process that was killed is begun again."""
TRIED_AGAIN = timedelta(hours=4, minutes=10)
"""By when a room that is back is tried, if nobody tells that it is."""
Begin = Callable[[datetime], Awaitable[Process]]


@dataclass
class Seat:
    """The place of a process: what is there now, and whether it has looked."""

    process: Process | None = None
    has_looked: bool = False
    ahead_s: int = 0
    right_at: datetime = BEGINS


@dataclass
class Drive:
    """One run.

    Args:
        begin: starts a process.
        is_told_to_end: whether what has passed is to be judged now, though the script goes on.
        grid: how often there is a step in any case; the others are when something may be due.
        on_week: told the number of each week that has passed.
    """

    script: Script
    store: Store
    sky: Sky
    begin: Begin
    seats: list[Seat]
    chance: random.Random
    grid: timedelta = timedelta(hours=6)
    on_week: Callable[[int], None] = lambda week: None
    is_told_to_end: bool = False
    now: datetime = BEGINS
    ledger: Ledger = field(default_factory=Ledger)
    counts: Counter[str] = field(default_factory=Counter)
    _back: list[tuple[datetime, Event]] = field(default_factory=list)
    _numbers: int = 0
    _is_down: bool = False
    _waits: int = 0
    _stepped: datetime = BEGINS
    _lines: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    _reviving: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def run(self) -> Verdict:
        """Go through the script and return what the checker finds."""
        self.sky.may_die = self._may_die
        await self._fill()
        await asyncio.gather(*(self._found(group) for group in self.script.groups))
        weeks, ends = count(1), BEGINS + WEEK
        for at, together in groupby(self.script.events, key=lambda event: event.at):
            if self.is_told_to_end or at > self.script.until:
                break
            while ends <= at:
                await self._to(ends)
                self.on_week(next(weeks))
                ends += WEEK
            await self._to(at)
            await self._happen(list(together))
        if not self.is_told_to_end:
            await self._to(self.script.until)
        await self._move(self.now)
        return self.judge()

    def judge(self) -> Verdict:
        """Return what the checker finds by now."""
        self.ledger.until = self.now
        verdict = check(self.script.groups, self.ledger, self.sky.arrivals, self.kept())
        verdict.counts.update(self.counts)
        return verdict

    def kept(self) -> Kept:
        """Return what the database holds."""
        held = self.store
        return Kept(
            held.groups(), held.opened(), held.posted(), held.facts(), held.outages(), held.wakes(), held.settled()
        )

    def _may_die(self) -> bool:
        return sum(seat.process is not None for seat in self.seats) == len(self.seats)

    async def _fill(self) -> None:
        for seat in self.seats:
            if seat.process is None and not self._is_down:
                seat.process, seat.has_looked = await self.begin(self.now), False

    async def _found(self, group: Group) -> None:
        days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
        post, post_at, due, due_at = group.rhythm
        rhythm = f"{days[post]} {post_at:%H:%M} - {days[due]} {due_at:%H:%M}"
        leg = f" leg={group.leg}" if group.leg else ""
        line = (
            f'cohort create name="{group.name}" timezone={group.zone} start={group.starts_on} rhythm="{rhythm}"'
            f' pace="{group.weeks} week{"s" if group.weeks > 1 else ""}" roadmap={group.roadmap}{leg}'
            f" breaks={'yes' if group.has_breaks else 'no'} confirm=yes"
        )
        tone, said = await self._say(group, "mo", line)
        assert tone == "good", f"{line}: {said}"

    async def _to(self, until: datetime) -> None:
        """Let time pass until an instant, with a step whenever something may be due."""
        while self.now < until:
            at = min(self._next(), until)
            ends = min((at for at, _ in self._back), default=None)
            if ends is not None and ends <= at:
                await self._move(max(ends, self.now))
                await self._end_faults()
            elif at < until or at == self._stepped + self.grid:
                await self._move(at)
            else:
                self.now = until

    def _next(self) -> datetime:
        """Return the instant of the next step."""
        upcoming = self._upcoming()
        if upcoming is None or upcoming > self.now:
            self._waits = 0
            grid = max(self._stepped + self.grid, self.now)
            return grid if upcoming is None else min(grid, _paced(upcoming))
        self._waits += 1
        return self.now + timedelta(seconds=WAITS[min(self._waits, len(WAITS)) - 1])

    def _upcoming(self) -> datetime | None:
        if self._is_down:
            return None
        if any(seat.process is None for seat in self.seats):
            return self.now + AGAIN
        return self.store.next_at()

    async def _move(self, at: datetime) -> None:
        """Go to an instant; whoever lives looks, those who run before those who begin."""
        self.now = self._stepped = at
        await self._fill()
        if self._is_down:
            return
        self.counts["steps"] += 1
        ran = [seat for seat in self.seats if seat.has_looked]
        new = [seat for seat in self.seats if not seat.has_looked]
        for seats in (ran, new):
            await asyncio.gather(*(self._step(seat) for seat in seats))

    async def _step(self, seat: Seat) -> None:
        process, at = seat.process, self.now
        if process is None:
            return
        if seat.ahead_s and seat.right_at <= at:
            seat.ahead_s = 0
        try:
            since = BEAT_S if seat.has_looked else None
            await process.ask("step", at=at.timestamp(), since_s=since, ahead_s=seat.ahead_s)
        except Dead:
            self._bury(process)
            return
        seat.has_looked = True
        if not self.ledger.looks or self.ledger.looks[-1] < at:
            self.ledger.looks.append(at)

    def _bury(self, process: Process) -> None:
        for seat in self.seats:
            if seat.process is process:
                self.counts["killed"] += 1
                seat.process, seat.has_looked = None, False

    async def _happen(self, events: Sequence[Event]) -> None:
        """Have happen what does at one instant: people speak side by side, also while something fails."""
        said = [] if self._is_down else [event for event in events if event.kind == "say"]
        acts = [event for event in said if event.line.startswith("cohort")]
        await self._all_said(acts)  # by themselves: of what is cut off nobody knows whether it counts
        said = [event for event in said if event not in acts]
        for event in events:
            match event.kind:
                case "kill" if not self._is_down and self._may_die():
                    await self._kill_while_busy(said)
                    said = []
                case "cut" if not self._is_down and all(seat.has_looked for seat in self.seats):
                    await self._cut_while_busy(said)
                    said = []
        await self._all_said(said)
        for event in events:
            match event.kind:
                case "skew":
                    seat = self.chance.choice(self.seats)
                    seat.ahead_s, seat.right_at = event.seconds, event.until
                    self.counts["skewed"] += 1
                case "gone":
                    self._take_away(event)
                case "down":
                    await self._go_down(event)

    def _take_away(self, event: Event) -> None:
        room = self.script.groups[event.group].room
        self.sky.gone.add(room)
        self._block(room, event.until + (timedelta() if event.is_told else TRIED_AGAIN))
        self._back.append((event.until, event))
        self.counts["gone"] += 1

    async def _go_down(self, event: Event) -> None:
        await self._move(self.now + timedelta(seconds=1))
        self._is_down = True
        for seat in self.seats:
            if (process := seat.process) is not None:
                await process.kill()
                self._bury(process)
        self._block("", event.until)
        self.counts["down"] += 1
        if event.until - self.now > timedelta(minutes=10):
            self.ledger.outages.append((self.ledger.looks[-1], event.until))
        self._back.append((event.until, event))

    def _block(self, room: str, until: datetime) -> None:
        self.ledger.blocked.setdefault(room, []).append((self.now, until))

    async def _end_faults(self) -> None:
        over = [event for at, event in self._back if at <= self.now]
        self._back = [(at, event) for at, event in self._back if at > self.now]
        for event in over:
            if event.kind == "down":
                self._is_down = False
                await self._move(self.now)
                continue
            group = self.script.groups[event.group]
            self.sky.gone.discard(group.room)
            where = {"platform": group.platform, "tenant": group.tenant, "room": group.room}
            for seat in self.seats if event.is_told else ():
                if seat.process is not None:
                    with suppress(Dead):
                        await seat.process.ask("report_usable", at=self.now.timestamp(), where=where)
                    break

    async def _kill_while_busy(self, said: Sequence[Event]) -> None:
        """Kill a process at a random moment of its work, while people wait for its answers."""
        await self._move(self.now)
        seat = self.chance.choice(self.seats)
        if (process := seat.process) is None:
            await self._all_said(said)
            return
        working = await self._work(said)
        await asyncio.sleep(self.chance.random() * 0.03)
        await process.kill()
        self._bury(process)
        await working

    async def _cut_while_busy(self, said: Sequence[Event]) -> None:
        """Cut all connections to the database at a random moment."""
        await self._move(self.now)
        working = await self._work(said)
        await asyncio.sleep(self.chance.random() * 0.03)
        self.counts["cut"] += self.store.cut()
        await working

    async def _work(self, said: Sequence[Event]) -> asyncio.Future[Any]:
        self.now += timedelta(seconds=5)
        return asyncio.gather(self._move(self.now), self._all_said(said))

    async def _all_said(self, said: Sequence[Event]) -> None:
        await asyncio.gather(*(self._said(self.script.groups[event.group], event) for event in said))

    async def _said(self, group: Group, event: Event) -> None:
        """Have somebody say a line, and write down what was answered."""
        fact = ""
        if event.line.startswith("checkin"):
            fact = f"{group.room} {event.line.removeprefix('checkin 30 ')}"
        elif event.line.startswith("away"):
            fact = f"{group.room} {event.line.partition('reason=')[2]} {event.who}"
        tone, _ = await self._say(group, event.who, event.line)
        is_good = tone in ("good", "repeat")
        self.counts["answered" if is_good else "declined"] += 1
        if fact:
            self.ledger.facts[fact] = is_good
        elif is_good and event.line.startswith(("cohort pause", "cohort resume")):
            words = event.line.split()
            weeks = int(words[2]) if words[2:3] and words[2].isdigit() else 0
            self.ledger.acts.setdefault(group.number, []).append(Act(self.now, words[1], weeks))

    async def _say(self, group: Group, who: str, line: str) -> tuple[str, str]:
        """Return the tone of the answer, "repeat" where an answer was lost, and its words.

        An event that nobody has acknowledged comes again, to whoever is there.
        """
        self._numbers += 1
        where = {"platform": group.platform, "tenant": group.tenant, "room": group.room, "zone": group.zone}
        given: dict[str, Any] = {"who": who, "where": where, "line": line, "key": f"event {self._numbers}"}
        async with self._lines:
            while True:
                async with self._reviving:
                    if all(seat.process is None for seat in self.seats):
                        await self._move(self.now + AGAIN)
                process = self.chance.choice([seat for seat in self.seats if seat.process is not None]).process
                assert process is not None
                try:
                    answer = await process.ask("say", at=self.now.timestamp(), **given)
                except Dead:
                    self._bury(process)
                    continue
                tone, _, said = (answer or "repeat ").partition(" ")
                return tone, said


def _paced(at: datetime) -> datetime:
    return datetime.fromtimestamp(-(-at.timestamp() // PACE_S) * PACE_S, UTC)
