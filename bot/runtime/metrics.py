"""What Prometheus may read: counts of this process, and how the database stands, under names with units.

Labels are names that the bot itself gave: commands, platforms, roles, states. Nothing of members, groups or texts.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter as Tally
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    Info,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import func, select

from bot.base.observer import Ending, Observer, Way
from bot.cluster.process_registry import list_living, this_version
from bot.delivery.outbox import State
from bot.delivery.suspended_channels import Queue, count_parked, queues
from bot.features.groups.tables import Group, Membership
from bot.features.schedule.outage_detection import find_last_beat
from bot.runtime.settings import ALL_ROLES
from bot.storage.unit_of_work import Database, Work

LOOK_S = 2.0
"""How long the database may take to say how it stands; without its word the rest is told all the same."""
COUNTED_S = 60.0
"""How long a count of groups and members is believed."""
CLOSED: tuple[State, ...] = ("sent", "failed", "expired", "skipped", "parked", "left")
_COMMAND_S = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0)
_ANSWER_S = (0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 40.0)
_TICK_S = (0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 30.0)
UNKNOWN = "unknown"
"""The command of an event that names none of ours."""
_WATCHED: tuple[Ending, ...] = ("failed", "busy")
"""Endings that an alert waits for."""


@dataclass(frozen=True)
class DatabaseState:
    """How things stand at one instant.

    Args:
        is_well: whether the database could be read and keeps what it is told.
        waiting: jobs that wait for a thread of the database.
        platforms: the states of this process's platforms.
        tick_s: seconds since the schedule last ran, in whatever process; None if that is not known.
        queues, parked: what waits, and how many rooms are held back, by platform.
        roles: how many living processes have each role.
        groups, members: how many there are of running groups; None where they could not be counted.
    """

    is_well: bool
    waiting: int
    platforms: Mapping[str, str]
    tick_s: float | None = None
    queues: Mapping[str, Queue] | None = None
    parked: Mapping[str, int] = field(default_factory=dict)
    roles: Mapping[str, int] = field(default_factory=dict)
    groups: int | None = None
    members: int | None = None


class Metrics(Collector, Observer):
    """Keeps count of one process.

    Args:
        commands: those that are declared; what names another is counted as unknown.
        platforms: those of this process.
    """

    def __init__(self, commands: Iterable[str], platforms: Collection[str]) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]  # of each series a second one, that nothing here reads
        self._known, self._platforms = frozenset(commands), tuple(platforms)
        self._counted: tuple[int, int] | None = None
        self._counted_at = 0.0
        self._standing = DatabaseState(False, 0, {})
        self.registry = there = CollectorRegistry()
        Info("trailmate_build", "The version that runs.", registry=there).info({"version": this_version()})
        self._commands = Counter(
            "trailmate_commands",
            "Events answered, by command and how they ended.",
            ["command", "ending"],
            registry=there,
        )
        self._command_s = Histogram(
            "trailmate_command_duration_seconds",
            "From an event's arrival to its reply, including the wait.",
            ["command"],
            buckets=_COMMAND_S,
            registry=there,
        )
        self._answer_s = Histogram(
            "trailmate_answer_duration_seconds",
            "Wording an answer to a question.",
            ["way"],
            buckets=_ANSWER_S,
            registry=there,
        )
        self._tokens = Counter("trailmate_model_tokens", "Tokens a chat model took.", ["kind"], registry=there)
        self._tries = Counter("trailmate_outbox_tries", "Tries to deliver.", ["platform"], registry=there)
        self._messages = Counter(
            "trailmate_outbox_messages",
            "Messages, by final state.",
            ["platform", "state"],
            registry=there,
        )
        self._duplicates = Counter(
            "trailmate_duplicates_prevented",
            "Repeated events, and messages found at a second try.",
            ["kind"],
            registry=there,
        )
        self._tick_s = Histogram(
            "trailmate_tick_duration_seconds", "Runs of the schedule.", buckets=_TICK_S, registry=there
        )
        self._failed_ticks = Counter("trailmate_tick_failures", "Runs of the schedule that failed.", registry=there)
        there.register(self)
        ProcessCollector(registry=there)

    def _begin_at_zero(self) -> None:
        """Create each counter at zero unless it has counted, so that Prometheus sees the first event as an increase."""
        for command in (*self._known, UNKNOWN):
            for ending in _WATCHED:
                self._commands.labels(command, ending)
        for platform in self._platforms:
            self._tries.labels(platform)
            for state in CLOSED:
                self._messages.labels(platform, state)
        for counter, kinds in (
            (self._answer_s, ("embedded", "model")),
            (self._tokens, ("prompt", "completion")),
            (self._duplicates, ("event", "message")),
        ):
            for kind in kinds:
                counter.labels(kind)

    def commanded(self, command: str, ending: Ending, seconds: float) -> None:
        """Count an event."""
        name = command if command in self._known else UNKNOWN
        self._commands.labels(name, ending).inc()
        if ending == "repeated":
            self._duplicates.labels("event").inc()
        else:
            self._command_s.labels(name).observe(seconds)

    def answered(self, way: Way, seconds: float) -> None:
        """Count an answer."""
        self._answer_s.labels(way).observe(seconds)

    def spent(self, prompt: int, completion: int) -> None:
        """Count tokens."""
        self._tokens.labels("prompt").inc(prompt)
        self._tokens.labels("completion").inc(completion)

    def tried(self, platform: str, *, was_there: bool) -> None:
        """Count a try to deliver."""
        self._tries.labels(platform).inc()
        if was_there:
            self._duplicates.labels("message").inc()

    def closed(self, platform: str, state: str) -> None:
        """Count a message that is left alone; one that is tried again is not."""
        if state in CLOSED:
            self._messages.labels(platform, state).inc()

    def ticked(self, seconds: float, *, has_failed: bool) -> None:
        """Count a look of the schedule."""
        self._tick_s.observe(seconds)
        if has_failed:
            self._failed_ticks.inc()

    async def page(
        self, database: Database, now: datetime, platforms: Mapping[str, str], tick_s: float | None
    ) -> bytes:
        """Return all that may be read, with a look at the database.

        Args:
            platforms: the states of this process's platforms.
            tick_s: seconds since this process's schedule last ran; None where another one does its work.
        """
        waiting = database.waiting
        self._begin_at_zero()
        try:
            self._standing = await database.run(
                lambda work: self._read(work, now, DatabaseState(database.fault is None, waiting, platforms, tick_s)),
                writes=False,
                within_s=LOOK_S,
            )
        except Exception:  # noqa: BLE001  (what the database does not say is left out, and that it does not is said)
            self._standing = DatabaseState(False, waiting, platforms, tick_s)
        return await asyncio.to_thread(generate_latest, self.registry)

    def _read(self, work: Work, now: datetime, known: DatabaseState) -> DatabaseState:
        beat, living = find_last_beat(work.session), list_living(work)
        if self._counted is None or time.monotonic() - self._counted_at > COUNTED_S:
            self._counted, self._counted_at = _count(work), time.monotonic()
        away_s = (now - beat).total_seconds() if beat is not None else None
        return DatabaseState(
            known.is_well,
            known.waiting,
            known.platforms,
            known.tick_s if known.tick_s is not None else away_s,
            queues(work, now),
            count_parked(work),
            Tally(role for process in living for role in process.roles),
            *self._counted,
        )

    def collect(self) -> Iterator[Metric]:
        """Yield how things stood at the last look."""
        seen = self._standing
        yield _make_gauge("trailmate_database_ok", "1 if the database saves writes.", float(seen.is_well))
        yield _make_gauge("trailmate_database_jobs_waiting", "Units of work waiting for a thread.", float(seen.waiting))
        ready = {name: float(state in ("ready", "standby")) for name, state in seen.platforms.items()}
        yield _make_gauges("trailmate_platform_ready", "1 if this process is ready there.", "platform", ready)
        if seen.tick_s is not None:
            yield _make_gauge(
                "trailmate_tick_age_seconds", "Time since the schedule last ran in any process.", seen.tick_s
            )
        if seen.queues is None:
            return
        names = sorted({*self._platforms, *seen.queues, *seen.parked})
        waits = {name: seen.queues.get(name, Queue(0, 0.0)) for name in names}
        lags, due = {n: q.lag_s for n, q in waits.items()}, {n: float(q.due) for n, q in waits.items()}
        held = {name: float(seen.parked.get(name, 0)) for name in names}
        yield _make_gauges("trailmate_outbox_lag_seconds", "Wait of the oldest message that is due.", "platform", lags)
        yield _make_gauges("trailmate_outbox_due", "Messages that are due.", "platform", due)
        yield _make_gauges("trailmate_channels_suspended", "Channels held until somebody fixes them.", "platform", held)
        roles: dict[str, float] = {role: float(seen.roles.get(role, 0)) for role in sorted(ALL_ROLES)}
        yield _make_gauges("trailmate_processes", "Processes at work, by role.", "role", roles)
        if seen.groups is not None and seen.members is not None:
            yield _make_gauge("trailmate_groups", "Groups that have not ended.", float(seen.groups))
            yield _make_gauge("trailmate_members", "Members of these groups.", float(seen.members))


def _count(work: Work) -> tuple[int, int]:
    groups = select(func.count()).select_from(Group).where(Group.ended_at.is_(None))
    inside = select(func.count()).select_from(Membership).join(Group, Group.id == Membership.group_id)
    members = inside.where(Group.ended_at.is_(None), Membership.left_at.is_(None))
    return work.session.scalar(groups) or 0, work.session.scalar(members) or 0


def _make_gauge(name: str, help_text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, help_text, value)


def _make_gauges(name: str, help_text: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(name, help_text, labels=[label])
    for value, of in values.items():
        family.add_metric([value], of)
    return family
