"""What the board, the count under a post and the report cost, early and late in a season; and a look of the schedule.

python -m benchmarks.board [MEMBERS ...]

Milliseconds of processor time, each the median of a few. A commit that scores everybody at every look takes half a
minute for each board of ten thousand members: compare with it at a hundred and at five hundred.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from sqlalchemy import insert, select, update

from bot.commands.context import Actor, Context, Place
from bot.features.audit.service import Audit
from bot.features.checkins.service import Progress
from bot.features.checkins.tables import Checkin
from bot.features.groups.service import Groups
from bot.features.groups.snapshot import GroupSnapshot
from bot.features.groups.tables import Group, Membership, Occurrence
from bot.features.people.tables import AccountRow
from bot.features.schedule.posts import format_counted
from bot.messages.call import Call
from bot.storage.unit_of_work import Work
from tests.harness import MONDAY, World, world

SIZES = (100, 10_000)
WEEKS = {"early": 4, "late": 40}
LOOKED_AT, LOOKED_IN = 500, 20
REPEATS = 5
KEPT, SHOWN = 0.7, 0.9
"""The shares of weeks in which a member checks in, and of members who are shown."""
PATIENCE_S = 3600.0


def fill(work: Work, members: int) -> None:
    """Make members of the only group, and have most of them check in for each unit that is out."""
    session, chance = work.session, random.Random(members)  # noqa: S311 no secret
    group = session.scalars(select(Group)).one()
    named = [f"{chance.choice('abcdefgh')}{n}" for n in range(members)]
    session.execute(
        insert(AccountRow), [{"platform": "local", "scope": "local", "external_id": n, "name": n} for n in named]
    )
    ids = session.scalars(select(AccountRow.id).where(AccountRow.name != "Mo")).all()
    session.add_all(
        Membership(group_id=group.id, account_id=one, joined_at=MONDAY, is_shown=chance.random() < SHOWN) for one in ids
    )
    session.flush()
    for unit_id, opens_at in session.execute(select(Occurrence.unit_id, Occurrence.opens_at)).all():
        days = [opens_at + timedelta(days=2), opens_at + timedelta(days=3)]
        session.execute(
            insert(Checkin),
            [
                {
                    "group_id": group.id,
                    "account_id": one,
                    "unit_id": unit_id,
                    "at": at,
                    "day": at.date(),
                    "zone": "UTC",
                    "minutes": 30,
                    "note": "read two papers",
                }
                for one in ids
                if chance.random() < KEPT
                for at in days[: chance.choice((1, 1, 2))]
            ],
        )


async def grown(living: World, members: int, weeks: int) -> None:
    """Bring a group of a size to the middle of a week, all settled."""
    await living.start()
    await living.to(MONDAY + timedelta(days=7 * (weeks - 1) + 4, hours=2))
    await living.app.database.run(lambda work: fill(work, members), within_s=PATIENCE_S)
    await woken(living)


async def woken(living: World) -> float:
    """Have the schedule look at the group; return the seconds of processor time."""
    await living.app.database.run(lambda work: work.session.execute(update(Group).values(wake_at=living.clock.now())))
    began = time.process_time()
    await living.tick()
    return time.process_time() - began


async def spent(living: World, what: Callable[[Work, int], object]) -> float:
    """Return the median of the milliseconds that it takes several members, each in a unit of work of their own."""

    def one(work: Work) -> float:
        account = ids[len(spent_s) * 7 % len(ids)]
        began = time.thread_time()
        what(work, account)
        return time.thread_time() - began

    database, spent_s = living.app.database, list[float]()
    ids = await database.run(lambda work: work.session.scalars(select(Membership.account_id)).all(), writes=False)
    for _ in range(REPEATS):
        spent_s.append(await database.run(one, writes=False, within_s=PATIENCE_S))
    return statistics.median(spent_s) * 1000


async def at_size(folder: Path, members: int, when: str) -> None:
    """Print what each reading costs in a group."""
    async with world(folder) as living:
        await grown(living, members, WEEKS[when])
        library, now, registry = living.app.library, living.clock.now(), living.app.registry

        def command(name: str) -> Callable[[Work, int], object]:
            def run(work: Work, account: int) -> object:
                group = work.session.scalars(select(Group)).one()
                actor = Actor(account, "m", "M", "UTC", group.id, frozenset({"anyone", "member", "moderator"}))
                found, ctx = registry.find(name), Context(actor, Place("local", "local", "general"), now, Call(name))
                assert found is not None
                also = {"audit": Audit(work)} if name == "report" else {}
                return found.run(ctx, progress=Progress(Groups(work, library)), **also)

            return run

        def count(work: Work, _: int) -> object:
            snapshot = GroupSnapshot(Groups(work, library), work.session.scalars(select(Group)).one(), now)
            return format_counted(snapshot, snapshot.timeline.opened[-1])

        of = f"{members:6} members {when} in a season"
        print(f"{of}: board  {await spent(living, command('leaderboard')):9.2f} ms")
        print(f"{of}: count  {await spent(living, count):9.2f} ms")
        print(f"{of}: report {await spent(living, command('report')):9.2f} ms")


async def looked(folder: Path, members: int, weeks: int) -> None:
    """Print what a look of the schedule costs."""
    async with world(folder) as living:
        await grown(living, members, weeks)
        plain_s = statistics.median([await woken(living) for _ in range(REPEATS)])
        living.clock.move_to(living.clock.now() + timedelta(days=3))
        of = f"{members:6} members in week {weeks:2}"
        print(f"{of}: a look of the schedule {plain_s * 1000:9.2f} ms")
        print(f"{of}: a look that ends a grace and opens a unit {await woken(living) * 1000:9.2f} ms")


def main() -> None:
    """Measure each group in a folder of its own."""
    sizes = [int(given) for given in sys.argv[1:]] or SIZES
    for members in sizes:
        for when in WEEKS:
            with tempfile.TemporaryDirectory() as folder:
                asyncio.run(at_size(Path(folder), members, when))
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(looked(Path(folder), LOOKED_AT, LOOKED_IN))


if __name__ == "__main__":
    main()
