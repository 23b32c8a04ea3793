"""What a group must have been posted, reckoned from what was typed for it. The standard library alone, no code of ours.

The rules, as the documentation tells them to people: a unit opens at the weekly hour in the group's zone, the first on
the day that was chosen; it is due at the next weekly deadline, the first after five days at least, every two weeks a
week later; a grace of twelve hours follows. A post more than a day late waits for the next weekly hour. A pause lets no
unit open, and moves the deadline that runs. An outage of ten minutes that touches the twelve hours before a deadline
lengthens its grace to twelve hours after.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tests.reliability.soak.inputs import BEGINS, Group

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
GRACE, LATEST = 12 * HOUR, DAY
HELD = 364
CAUGHT_UP = 28 * DAY
FAR = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Act:
    """A pause (of so many weeks, 0 without end) or a resume that was acknowledged."""

    at: datetime
    kind: str
    weeks: int = 0


@dataclass(frozen=True)
class Must:
    """A message that must be sent once, before `until`.

    Args:
        due: from when on it counts as late.
        at: from when on it may go out, if that is later: after a pause.
    """

    unit: str
    kind: str
    due: datetime
    until: datetime
    at: datetime = BEGINS


@dataclass
class _Unit:
    id: str
    leg: int
    opens: datetime
    deadline: datetime
    grace: datetime
    is_held: bool = False
    is_reminded: bool = False


class Reckoning:
    """One group, followed through the instants at which anything ran.

    Args:
        looks: when a process looked at what is due, in order.
        outages: from when to when nothing ran, in order.
    """

    def __init__(
        self, group: Group, looks: Sequence[datetime], acts: Sequence[Act], outages: Sequence[tuple[datetime, datetime]]
    ) -> None:
        self._group, self._zone = group, ZoneInfo(group.zone)
        self._looks, self._acts, self._outages = looks, list(acts), list(outages)
        self._left = list(group.units)
        self._opened: list[_Unit] = []
        self._pauses: list[tuple[datetime, datetime | None]] = []
        self._finished: set[int] = set()
        self.is_closed = False
        self.musts: list[Must] = []
        self.next_at = FAR
        """When something is due that did not fall due while anything ran; FAR if nothing is."""

    @property
    def opened(self) -> list[tuple[str, datetime]]:
        """The units that must have opened, and when."""
        return [(one.id, one.opens) for one in self._opened]

    @property
    def graces(self) -> list[tuple[str, datetime]]:
        """The units that have opened, and when the grace of each has ended."""
        return [(one.id, one.grace) for one in self._opened if not one.is_held]

    def run(self) -> None:
        """Go through everything."""
        self.musts += [Must("", act.kind, act.at, self._until(act) or FAR) for act in self._acts]
        done, now = 0, self._looks[0]
        while not self.is_closed:
            ahead = min(self._next(now), *(act.at for act in self._acts[:1]), *(to for _, to in self._outages[:1]), FAR)
            place = max(done, bisect_left(self._looks, ahead))
            if self._acts and (place == len(self._looks) or self._acts[0].at <= self._looks[place]):
                self._act(self._acts.pop(0))
            elif place == len(self._looks):
                self.next_at = ahead
                return
            else:
                done, now = place + 1, self._looks[place]
                while self._outages and self._outages[0][1] <= now:
                    self._make_good(*self._outages.pop(0))
                self._look(now)

    def _look(self, now: datetime) -> None:
        while self._left and (opens := self._opening(now)) is not None and opens <= now:
            self._open(opens)
        for unit in self._opened:
            if (remind := self._reminder(unit, now)) is not None and remind <= now:
                unit.is_reminded = True
                due = unit.deadline - DAY
                free = max((ends for begins, ends in self._pauses if ends and begins <= due < ends), default=due)
                self.musts.append(Must(unit.id, "thread:1d", due, unit.deadline, free))
        for leg, last in self._ends():
            if (at := self._over(last)) is not None and at <= now and leg not in self._finished:
                self._finished.add(leg)
                if now < at + LATEST:
                    self.musts.append(Must(last.id, "finish", at, at + LATEST))
        if (closing := self._closing()) is not None and closing <= now:
            self.is_closed = True
            self.musts.append(Must("", "closing", closing, now + CAUGHT_UP))

    def _next(self, now: datetime) -> datetime:
        """Return when something is due next, or FAR; an instant that is past is not told again."""
        found = [self._opening(now), self._closing(), *(self._reminder(unit, now) for unit in self._opened)]
        found += [self._over(last) for leg, last in self._ends() if leg not in self._finished]
        return min((at for at in found if at is not None), default=FAR)

    def _open(self, opens: datetime) -> None:
        unit_id, leg = self._left.pop(0)
        days = (0 if self._opened else 5) + (7 if self._group.weeks == 2 else 0)
        deadline = self._weekly(self._later(opens, days), *self._group.rhythm[2:])
        unit = _Unit(unit_id, leg, opens, deadline, deadline + GRACE)
        self._opened.append(unit)
        self.musts.append(Must(unit_id, "post", opens, opens + LATEST))
        self.musts.append(Must(unit_id, "start", opens, unit.grace))

    def _opening(self, now: datetime) -> datetime | None:
        if not self._left:
            return None
        if not self._opened:
            turn = self._instant(self._group.starts_on, self._group.rhythm[1])
        else:
            last = max(self._opened, key=lambda one: one.deadline)
            turn = self._post(last.deadline + GRACE - HOUR)
            if self._group.has_breaks and self._left[0][1] > max(one.leg for one in self._opened):
                turn = self._post(turn + HOUR)
        if turn < now - LATEST:
            turn = self._post(now - LATEST)
        return self._out_of_pauses(turn)

    def _reminder(self, unit: _Unit, now: datetime) -> datetime | None:
        due = unit.deadline - DAY
        if unit.is_held or unit.is_reminded or due <= unit.opens or now >= unit.grace:
            return None
        at = max(due, now)
        for begins, ends in self._pauses:
            if begins <= at and (ends is None or at < ends):
                at = ends or unit.deadline
                break
        return at if at < unit.deadline else None

    def _ends(self) -> list[tuple[int, _Unit]]:
        """Return the legs that are out, without the last of all, each with its last unit."""
        kept_open = {leg for _, leg in self._left} | {self._group.units[-1][1]}
        return [(leg, one) for leg, one in {one.leg: one for one in self._opened}.items() if leg not in kept_open]

    def _closing(self) -> datetime | None:
        return self._over(self._opened[-1]) if self._opened and not self._left else None

    def _over(self, last: _Unit) -> datetime | None:
        at = self._out_of_pauses(self._post(last.grace - HOUR))
        return max(at, last.grace + timedelta(minutes=5)) if at is not None else None

    def _act(self, act: Act) -> None:
        running = next((one for one in reversed(self._opened) if act.at < one.grace), None)
        if act.kind == "pause":
            until = self._until(act)
            self._pauses.append((act.at, until))
            if running is not None and act.at <= running.deadline:
                running.deadline = self._later(running.deadline, act.weeks * 7 or HELD)
                running.grace = max(running.grace, running.deadline + GRACE)
                running.is_held = until is None
            return
        begins, _ = self._pauses.pop()
        self._pauses.append((begins, act.at))
        for held in (one for one in self._opened if one.is_held):
            back = self._later(held.deadline, -HELD)
            held.deadline = self._later(back, -((begins - act.at) // DAY))
            held.grace, held.is_held = max(back, held.deadline) + GRACE, False

    def _until(self, act: Act) -> datetime | None:
        return self._later(act.at, act.weeks * 7) if act.weeks else None

    def _make_good(self, begins: datetime, ends: datetime) -> None:
        for unit in self._opened:
            if not unit.opens <= begins < unit.grace or ends <= unit.deadline - GRACE or unit.is_held:
                continue
            if ends + GRACE > unit.grace:
                unit.grace = ends + GRACE
                self.musts.append(Must(unit.id, "outage", ends, unit.grace))

    def _out_of_pauses(self, at: datetime) -> datetime | None:
        for begins, ends in self._pauses:
            if begins <= at and (ends is None or at < ends):
                return None if ends is None else self._out_of_pauses(self._post(ends))
        return at

    def _post(self, since: datetime) -> datetime:
        return self._weekly(since, *self._group.rhythm[:2])

    def _weekly(self, since: datetime, weekday: int, at: time) -> datetime:
        """Return the first such hour at or after an instant."""
        day = since.astimezone(self._zone).date() - DAY
        while day.weekday() != weekday or self._instant(day, at) < since:
            day += DAY
        return self._instant(day, at)

    def _later(self, at: datetime, days: int) -> datetime:
        """Return the same hour of the clock so many days later."""
        local = at.astimezone(self._zone)
        return self._instant(local.date() + days * DAY, local.time()) if days else at

    def _instant(self, day: date, at: time) -> datetime:
        """Return the instant of a wall time: the first of two, and past a gap where there is none."""
        return datetime.combine(day, at.replace(fold=0), self._zone).astimezone(UTC)
