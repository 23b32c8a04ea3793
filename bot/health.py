"""How well the process is: facts alone; `/healthz` and `/readyz` give them as JSON, and the page words them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.db.faults import Fault
from bot.db.presence import Living
from bot.features.schedule.outages import OVERDUE

LOCK_LOST = (
    "The database was away, and its lock with it: nothing is scheduled or sent until the lock is ours again. "
    "It is taken back by itself, unless a second process has it: stop one of the two."
)


UNDONE_MEND = "Start one that does, or set TRAILMATE_ROLES=all (docs/scaling.md)."
_TASKS = {"gateway": "takes what people say on the chat platforms", "worker": "posts anything"}


def undone(living: Sequence[Living]) -> list[str]:
    """Return what none of these processes does, as a verb and more; nothing where there are none to be seen."""
    roles = {role for one in living for role in one.roles}
    return [what for role, what in _TASKS.items() if role not in roles] if roles else []


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
        is_dense: whether notes are found by meaning too.
        refusals: what would let in each platform that refuses us, in sentences.
        astray: what has to be put back for a group to go on, in sentences.
        living: the processes at work on the database, this one among them.
    """

    fault: Fault | None
    is_held: bool
    last_tick_at: datetime | None
    last_tick_s: float | None
    clock_set_s: float
    platforms: Mapping[str, str]
    outbox_lag_s: float
    is_dense: bool
    refusals: tuple[str, ...]
    astray: tuple[str, ...] = ()
    living: tuple[Living, ...] = ()

    @property
    def is_ticking(self) -> bool:
        """Whether the schedule does its work."""
        return self.last_tick_s is not None and self.last_tick_s < OVERDUE.total_seconds()

    @property
    def is_ok(self) -> bool:
        """Whether nobody has to look; a platform that restarts is no alarm."""
        return self.fault is None and self.is_ticking and self.is_held and "refused" not in self.platforms.values()

    @property
    def is_ready(self) -> bool:
        """Whether requests may be sent here: what they need is there, whoever does the schedule's work."""
        return self.fault is None and "refused" not in self.platforms.values()

    @property
    def _missing(self) -> tuple[str, ...]:
        return tuple(f"No process {what}. {UNDONE_MEND}" for what in undone(self.living))

    @property
    def mends(self) -> tuple[str, ...]:
        """What whoever runs the bot can do, in sentences."""
        return (
            *((self.fault.mend,) if self.fault else ()),
            *(() if self.is_held else (LOCK_LOST,)),
            *self.refusals,
            *self._missing,
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
            "platforms": dict(self.platforms),
            "outbox_lag_s": round(self.outbox_lag_s, 1),
            "processes": [
                {"roles": list(one.roles), "version": one.version, "seen_s": round(one.seen_s, 1)}
                for one in self.living
            ],
            "index": "ready" if self.is_dense else "words only",
            "mend": list(self.mends),
        }
