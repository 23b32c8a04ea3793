"""Trying again what was not sent.

What was to be sent for cohorts and was not: rooms that take nothing, messages that were given up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.commands.command import Command, command
from bot.commands.context import Context
from bot.delivery import outbox
from bot.delivery.outbox import OutboxRow, repeat
from bot.delivery.suspended_channels import SuspendedChannel, list_parked, try_rooms
from bot.features import command_links
from bot.features.groups import message_keys
from bot.features.groups.params import COHORT
from bot.features.groups.service import Cohorts
from bot.features.groups.snapshot import GroupSnapshot
from bot.features.groups.tables import Cohort
from bot.features.preview.commands import is_unsent
from bot.messages.numerals import counted
from bot.messages.reply import Button, Reply, say
from bot.storage.unit_of_work import Work

LOOKED_BACK = timedelta(days=7)

_MOST = 100


@dataclass(frozen=True)
class Unsent:
    """What is held back, and what was given up within the week, the newest first."""

    held: tuple[SuspendedChannel, ...]
    rows: tuple[OutboxRow, ...]


def unsent(work: Work, platform: str, tenant: str | None, cohorts: Sequence[Cohort], now: datetime) -> Unsent:
    """Return what of these cohorts of one tenant has not arrived."""
    rooms, prefixes = {c.room for c in cohorts}, tuple(message_keys.make_prefix(c.id) for c in cohorts)
    held = tuple(p for p in list_parked(work, platform, tenant) if p.room in rooms)
    listed = outbox.list_trouble(work.session, platform, tenant, since=now - LOOKED_BACK, last=_MOST)
    rows = (row for row in listed if row.state != "parked" and (row.room in rooms or row.key.startswith(prefixes)))
    return Unsent(held, tuple(rows))


_LASTS = timedelta(days=1)

AT_ONCE = 20

"""Messages that are tried again by one press."""


@command(
    "retry",
    role="moderator",
    cohort="needed",
    which=COHORT,
    after_end=True,
    asked=(r"(?:send|try|deliver) (?:it|them|the (?:failed |unsent )?(?:messages?|posts?)) (?:again|once more)",),
)
def retry(ctx: Context, *, work: Work, cohorts: Cohorts) -> Reply:
    """Try again what could not be sent: the channel, and messages that are not too late."""
    cohort = cohorts.get(ctx.actor.cohort_id)
    place = cohorts.place(cohort)
    is_held = try_rooms(work, place, work.made_at)
    rows = unsent(work, place.platform, place.tenant, [cohort], ctx.now).rows
    again = [row for row in rows if is_of_use(row, cohort, ctx)][:AT_ONCE]
    for row in again:
        repeat(row, row.room if row.place.is_direct else cohort.room, ctx.now, row.expires_at or ctx.now + _LASTS)
    buttons = post_again(cohorts, cohort, ctx)
    if not is_held and not again:
        none = "Nothing is left that is worth another try: what was too late is not sent any more."
        return say(none, buttons=(*buttons, Button("Check everything", command_links.DOCTOR.call(cohort.id))))
    retried = [*(["the channel"] if is_held else []), *([counted(len(again), "message")] if again else [])]
    sentence = f"I try {' and '.join(retried)} again now. Look here in a minute."
    return say(sentence, tone="good", buttons=buttons)


def is_of_use(row: OutboxRow, cohort: Cohort, ctx: Context) -> bool:
    """Whether a message that was given up is a group's own, and not too late yet; a unit's post has its own button."""
    is_own, is_late = (
        message_keys.parse_cohort(row.key) == cohort.id,
        row.expires_at is not None and row.expires_at <= ctx.now,
    )
    return is_own and not is_late and row.state == "failed" and row.action == "post" and row.thread_title is None


def post_again(cohorts: Cohorts, cohort: Cohort, ctx: Context) -> tuple[Button, ...]:
    """Return the button that posts the running unit again, if its post was given up."""
    if cohorts.astray(cohort) is not None:
        return ()
    group = GroupSnapshot(cohorts, cohort, ctx.now)
    running = group.timeline.running(ctx.now)
    if running is None or not is_unsent(group, running):
        return ()
    label = f"Post unit {running.slot.number} again"
    return (Button(label, command_links.POSTNOW.call(cohort.id, unit=running.slot.unit_id), "primary"),)


COMMANDS: tuple[Command, ...] = (retry,)
