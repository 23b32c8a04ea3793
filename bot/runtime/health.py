"""How well the process is: facts alone; `/healthz` and `/readyz` give them as JSON, and the page words them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.base.observer import Search
from bot.cluster.process_registry import CONNECTED, GATEWAY, ProcessInfo, differing, list_living
from bot.curriculum.track import NONE, Library
from bot.delivery import suspended_channels
from bot.features.groups.calendar.timeline import Astray, list_astray
from bot.features.schedule.outage_detection import OVERDUE, find_last_beat
from bot.platforms.web.people import NAME as PAGE
from bot.runtime.settings import ALL_ROLES
from bot.storage.faults import AWAY, StorageFault
from bot.storage.unit_of_work import Database

LOCK_LOST = (
    "The database connection broke and I lost its lock. I schedule and send nothing until I have it again. "
    "If a second process holds the lock, stop one of the two."
)

LOOK_S = 2.0
"""How long the database may take to say how it is."""
CLOCK_OFF_S = 2.0
"""By how many seconds the machine's clock may differ from the database's server's before somebody should set it."""
UNDONE_FIX = "Start one that does, or set TRAILMATE_ROLES=all (docs/scaling.md)."
DIFFERENT = "This bot's processes differ in {}. Give all of them the same value, and restart them one by one."
_UNHEARD = "No process is connected to {}. I keep trying. If this lasts, check the log."
WEB, REQUESTS = "web", "requests only"
"""The role that has pages; the state of a platform on which a process sends and looks, and takes no events."""
_TASKS = {"gateway": "receives events from the chat platforms", "worker": "posts anything"}


def undone(living: Sequence[ProcessInfo]) -> list[str]:
    """Return what none of these processes does, as a verb and more; nothing where there are none to be seen."""
    roles = {role for process in living for role in process.roles}
    return [what for role, what in _TASKS.items() if role not in roles] if roles else []


def describe_clock_fix(ahead_s: float) -> str:
    """Return what to do about a machine's clock; nothing where it is right.

    Args:
        ahead_s: by how many seconds the server's clock is ahead of it.
    """
    if abs(ahead_s) <= CLOCK_OFF_S:
        return ""
    how = f"{abs(ahead_s):.0f} s {'behind' if ahead_s > 0 else 'ahead of'}"
    return (
        f"This machine's clock is {how} the database server's, so messages are early or late. Set both clocks by NTP."
    )


@dataclass(frozen=True)
class Here:
    """What a process knows of itself.

    Args:
        id: its name among the living.
        roles: what it does of the bot's work: one that hears is connected to chat platforms, one that shows has pages.
        connected: the platforms to which it was connected at some time since it began.
        refusals: what would let in each platform that refuses us, in sentences.
        ahead_s: by how many seconds the database server's clock is ahead of the machine's.
    """

    id: str = ""
    roles: Collection[str] = ALL_ROLES
    connected: frozenset[str] = frozenset()
    refusals: tuple[str, ...] = ()
    ahead_s: float = 0.0

    @property
    def hears(self) -> bool:
        """Whether it takes what people say on chat platforms."""
        return GATEWAY in self.roles

    @property
    def shows(self) -> bool:
        """Whether it has pages."""
        return WEB in self.roles


@dataclass(frozen=True)
class Health:
    """The process at one instant.

    Args:
        fault: what is wrong with the database.
        is_held: whether the lock on the database is ours.
        last_tick_at: when the schedule last ran, as the database has it.
        last_tick_s: how many seconds ago that was, by a clock that nobody sets where this process did it.
        clock_set_s: by how many seconds the machine's clock was last set.
        platforms: their states by their names.
        outbox_lag_s: how many seconds the oldest message that could go out has waited.
        index: how notes are found.
        here: what the process knows of itself.
        astray: what has to be put back for a group to go on, in sentences.
        living: the processes at work on the database, this one among them.
        in_passing: the platforms that nobody hears for so short a time that it may be a handover.
        last_event_s: how many seconds ago each connection to a platform last brought anything.
    """

    fault: StorageFault | None
    is_held: bool
    last_tick_at: datetime | None
    last_tick_s: float | None
    clock_set_s: float
    platforms: Mapping[str, str]
    outbox_lag_s: float
    index: Search
    here: Here
    astray: tuple[str, ...] = ()
    living: tuple[ProcessInfo, ...] = ()
    in_passing: frozenset[str] = frozenset()
    last_event_s: Mapping[str, float] = field(default_factory=dict)

    @property
    def is_ticking(self) -> bool:
        """Whether the schedule does its work."""
        return self.last_tick_s is not None and self.last_tick_s < OVERDUE.total_seconds()

    @property
    def is_ok(self) -> bool:
        """Whether nobody has to look: each platform lets us in, and some process is connected to it."""
        is_well = self.fault is None and self.is_ticking and self.is_held
        return is_well and "refused" not in self.platforms.values() and not self.unheard - self.in_passing

    @property
    def is_ready(self) -> bool:
        """Whether requests may be sent here, and an older process may end: what they need is there.

        One that hears chat platforms waits until each was connected once, or has refused it for good; not all may have.
        One that answers waits for the notes, though not for long: see `Notebook.search`.
        """
        if self.index == "reading" and (self.here.hears or self.here.shows):
            return False
        chats = self._chats if self.here.hears else frozenset[str]()
        pending = {name for name in chats - self.here.connected if self.platforms[name] != "refused"}
        return self.fault is None and not pending and (not chats or bool(chats & self.here.connected))

    @property
    def unheard(self) -> frozenset[str]:
        """The chat platforms to which no living process is connected that hears them."""
        others = (process.ready for process in self.living if GATEWAY in process.roles and process.id != self.here.id)
        own = {name for name, state in self.platforms.items() if state in CONNECTED} if self.here.hears else ()
        return self._chats.difference(own, *others)

    @property
    def has(self) -> dict[str, str]:
        """The states of what this process has: no page where it shows none, no connection where it takes no events."""
        had = {name: state for name, state in self.platforms.items() if name != PAGE or self.here.shows}
        if self.here.hears:
            return had
        return {name: REQUESTS if state == "ready" and name != PAGE else state for name, state in had.items()}

    @property
    def _chats(self) -> frozenset[str]:
        return frozenset(self.platforms) - {PAGE}

    @property
    def _role_fixes(self) -> tuple[str, ...]:
        return tuple(f"No process {what}. {UNDONE_FIX}" for what in undone(self.living))

    @property
    def fixes(self) -> tuple[str, ...]:
        """What whoever runs the bot can do, in sentences."""
        return (
            *((self.fault.fix,) if self.fault else ()),
            *(() if self.is_held else (LOCK_LOST,)),
            *self.here.refusals,
            *self._role_fixes,
            *((DIFFERENT.format(", ".join(names)),) if (names := differing(self.living)) else ()),
            *(
                _UNHEARD.format(name)
                for name in sorted(self.unheard - self.in_passing)
                if self.platforms[name] != "refused"
            ),
            *filter(None, (describe_clock_fix(self.here.ahead_s),)),
            *self.astray,
        )

    def to_json(self) -> dict[str, Any]:
        """Return what `/healthz` says."""
        return {
            "ok": self.is_ok,
            "ready": self.is_ready,
            "database": self.fault.name if self.fault else "ok",
            "lock": "held" if self.is_held else "lost",
            "scheduler": {
                "ok": self.is_ticking,
                "last_tick": self.last_tick_at and self.last_tick_at.isoformat(timespec="seconds"),
                "last_tick_s": self.last_tick_s and round(self.last_tick_s, 1),
                "clock_set_s": self.clock_set_s,
            },
            "platforms": self.has,
            "last_event_s": {name: round(age, 1) for name, age in self.last_event_s.items()},
            "outbox_lag_s": round(self.outbox_lag_s, 1),
            "processes": [
                {"roles": list(process.roles), "version": process.version, "seen_s": round(process.seen_s, 1)}
                for process in self.living
            ],
            "index": self.index,
            "fixes": list(self.fixes),
        }


@dataclass(frozen=True)
class Seen:
    """What the database says, and whether it does: a database that cannot be asked has a fault, and says nothing."""

    fault: StorageFault | None
    beat: datetime | None = None
    lag_s: float = 0.0
    astray: tuple[Astray, ...] = ()
    living: tuple[ProcessInfo, ...] = ()

    def age_s(self, own_s: float | None, now: datetime) -> float | None:
        """Return how long ago the schedule ran: in this process by its own clock, else in another by the beat."""
        return (now - self.beat).total_seconds() if own_s is None and self.beat is not None else own_s

    def lacking(self, library: Library) -> tuple[str, ...]:
        """Return what has to be put back for groups to go on, in sentences."""
        return (*(() if library else (NONE,)), *(group.waits for group in self.astray))


async def look(database: Database, library: Library, now: datetime) -> Seen:
    """Ask the database how it is; never raises."""
    try:
        beat, lag_s, astray, living = await database.run(
            lambda work: (
                find_last_beat(work.session),
                suspended_channels.lag(work, now),
                list_astray(work.session, library),
                list_living(work),
            ),
            writes=False,
            within_s=LOOK_S,
        )
    except Exception:  # noqa: BLE001  (health says what is wrong, whatever it is)
        return Seen(database.fault or AWAY)
    return Seen(database.fault, beat, lag_s, tuple(astray), tuple(living))
