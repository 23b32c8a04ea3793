"""Detect outages of the bot, or of one platform, from the heartbeats that each tick stores."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Select, Update, select, update
from sqlalchemy.orm import Session

from bot.features.groups.snapshot import GroupSnapshot, read_once
from bot.features.groups.tables import Group
from bot.features.people.tables import Tenant
from bot.features.schedule.tables import Beat, Outage, PlatformBeat, PlatformOutage
from bot.storage.insert import insert_once
from bot.storage.unit_of_work import Work

log = logging.getLogger(__name__)

OVERDUE = timedelta(minutes=2)
"""Without a tick for so long the schedule does not run: two dozen of its intervals."""
GAP = timedelta(minutes=10)
"""A pause between two beats that counts as an outage: far above the tick's interval, far below any grace."""
SLEWED = timedelta(minutes=1)
"""How far ahead of now a beat may lie; beyond, a clock was wrong, and every outage till then would be hidden."""


@dataclass(frozen=True)
class Heard:
    """That somebody takes what people say, as a tick finds it.

    Args:
        since_s: seconds since this process last found so, by a clock that nobody sets; None for its first time.
        platforms: the chat platforms that a process which takes events is connected to, each with the same seconds.
    """

    since_s: float | None = None
    platforms: Mapping[str, float | None] = field(default_factory=dict)


def find_last_beat(session: Session) -> datetime | None:
    """Return when the tick last ran, or None before its first run."""
    beat = session.get(Beat, 1)
    return beat.at if beat else None


def store_beat(work: Work, now: datetime, heard: Heard, *, watches_gaps: bool) -> None:
    """Store that the tick runs and which platforms are connected; after an outage wake every group that it touched."""
    session = work.session
    insert_once(session, Beat, id=1, at=now)
    last = session.get_one(Beat, 1, with_for_update=True)  # of two processes one finds the gap
    beats = {row.platform: row for row in session.scalars(select(PlatformBeat).with_for_update())}
    from_at = _find_gap_start(last.at, now, heard.since_s)
    if watches_gaps and now - from_at > GAP and insert_once(session, Outage, from_at=from_at, until_at=now):
        log.warning("no tick from %s to %s", from_at, now)
        session.execute(_wake_groups(now))
        for beat in beats.values():
            if beat.at >= from_at - GAP:  # its own outage would begin where this one ends
                beat.at = now
    last.at = _advance(last.at, now)
    for platform, since_s in heard.platforms.items():
        if (known := beats.get(platform)) is None:
            insert_once(session, PlatformBeat, platform=platform, at=now)
            continue
        from_at = _find_gap_start(known.at, now, since_s)
        if watches_gaps and now - from_at > GAP:
            _store_outage(session, platform, from_at, now)
        known.at = _advance(known.at, now)


def _find_gap_start(last_at: datetime, now: datetime, since_s: float | None) -> datetime:
    """Return when a gap began.

    A clock that is set looks like an outage, so a process uses its own monotonic seconds if it has any.
    """
    return last_at if since_s is None else max(last_at, now - timedelta(seconds=since_s))


def _advance(last_at: datetime, now: datetime) -> datetime:
    return now if last_at > now + SLEWED else max(last_at, now)


def _store_outage(session: Session, platform: str, from_at: datetime, now: datetime) -> None:
    if insert_once(session, PlatformOutage, platform=platform, from_at=from_at, until_at=now):
        log.warning("not connected to %s from %s to %s", platform, from_at, now)
        there = select(Tenant.id).where(Tenant.platform == platform)
        session.execute(_wake_groups(now).where(Group.tenant_id.in_(there)))


def _wake_groups(now: datetime) -> Update:
    return update(Group).where(Group.ended_at.is_(None), Group.closed_at.is_(None)).values(wake_at=now)


def select_cut_off(now: datetime) -> Select[str, datetime]:
    """Return the query for platforms that have been disconnected long enough for an outage."""
    return select(PlatformBeat.platform, PlatformBeat.at).where(PlatformBeat.at < now - GAP)


def find_cut_off(session: Session, platform: str, now: datetime) -> datetime | None:
    """Return since when a platform has been disconnected; None if it is connected or was a moment ago."""
    row = session.execute(select_cut_off(now).where(PlatformBeat.platform == platform)).first()
    return row.at if row is not None else None


def list_outages(session: Session, platform: str, since: datetime | None = None) -> list[Outage | PlatformOutage]:
    """Return the outages of the bot or of a platform, the latest end first.

    Args:
        since: leave out outages that ended before.
    """
    whole, own = select(Outage), select(PlatformOutage).where(PlatformOutage.platform == platform)
    if since is not None:
        whole, own = whole.where(Outage.until_at > since), own.where(PlatformOutage.until_at > since)
    outages: list[Outage | PlatformOutage] = [*session.scalars(whole), *session.scalars(own)]
    return sorted(outages, key=lambda outage: outage.until_at, reverse=True)


@read_once
def read_outages(snapshot: GroupSnapshot) -> Sequence[Outage | PlatformOutage]:
    """Return the bot's outages on a group's platform, the latest first."""
    return list_outages(snapshot.groups.session, snapshot.place.platform)


def was_away(snapshot: GroupSnapshot, at: datetime) -> bool:
    """Whether the bot was down, or disconnected from a group's platform, at an instant."""
    return any(outage.from_at <= at < outage.until_at for outage in read_outages(snapshot))
