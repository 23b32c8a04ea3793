"""The board by index: for every reader what the pure board says, ties, hidden ones and odd names included."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.features.checkins.tables import MemberStanding
from bot.features.groups.tables import Group
from bot.features.people.tables import AccountRow, Tenant
from bot.features.standings import leaderboard
from bot.features.standings.group_standings import Ranking
from bot.maintenance import migrate
from bot.messages.call import Call
from bot.messages.reply import Reply
from bot.storage.unit_of_work import Database, Work
from tests.harness import MONDAY, World, text, world
from tests.storage.fixtures import run_alone

pytestmark = pytest.mark.long


class Undone(Exception):
    """Undoes a unit of work that has seen what it wants to."""


NAMES = (
    "zoe",
    "Zoe",
    "ann",
    "Änne",
    "anne",
    "straße",
    "STRASSE",
    "o'neil",
    "O Neil",
    "émile",
    "Bob",
    "bob",
    "李",
    "_x",
)


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.nightly)])
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """An empty database, on each engine in turn; each test undoes what it stores."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('board') / 'board.db'}"
    else:
        url = request.getfixturevalue("postgres_url")
        run_alone(url, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
    migrate.upgrade(url)
    with Database(url) as opened:
        yield opened


def fill(work: Work, chance: random.Random) -> list[leaderboard.Standing]:
    """Store the standings of a group; return those of them that are in it."""
    session = work.session
    tenant = Tenant(platform="local", external_id=f"t{chance.random()}")
    accounts = [
        AccountRow(platform="local", scope=tenant.external_id, external_id=str(n), name=chance.choice(NAMES))
        for n in range(chance.choice((0, 1, 4, 9, 30)))
    ]
    owner = AccountRow(platform="local", scope=tenant.external_id, external_id="mo", name="Mo")
    session.add_all([tenant, owner, *accounts])
    session.flush()
    group = Group(
        id=1,
        tenant_id=tenant.id,
        room="general",
        name="Owls",
        zone="UTC",
        roadmap_id="genai-2026",
        rhythm="mon 09:00 - sun 21:00",
        pace="1 week",
        first_unit="py-data-structures",
        starts_on=MONDAY.date(),
        confirmed_at=MONDAY,
        created_by=owner.id,
    )
    session.add(group)
    session.flush()
    there, most = [], chance.choice((0, 2, 40))
    for account in accounts:
        points, is_shown, is_in = chance.randint(0, most), chance.random() < 0.7, chance.random() < 0.9
        session.add(
            MemberStanding(
                group_id=1,
                account_id=account.id,
                basis="x",
                is_in=is_in,
                is_shown=is_shown,
                has_alias=False,
                name=account.name,
                name_key=account.name.casefold(),
                season_points=points,
                phase_points=0,
                unit_points=0,
                outcome="",
                outcome_before="",
                streak=0,
                best_streak=0,
                freezes_held=1,
                kept_towards_freeze=0,
                freezes_spent_on="",
                fading="",
                is_resting=False,
            )
        )
        if is_in:
            there.append(leaderboard.Standing(account.id, account.name, points, not is_shown))
    session.flush()
    return there


@pytest.mark.parametrize("seed", range(20))
def test_every_reader_sees_the_board_that_the_rules_say(database: Database, seed: int) -> None:
    def look(work: Work) -> None:
        there = fill(work, random.Random(seed))
        ranking = Ranking(work.session, 1, MemberStanding.season_points)
        for me in (None, 0, *(one.member_id for one in there)):
            for top, neighbours in ((5, 2), (1, 0), (0, 1)):
                assert ranking.view(me, top, neighbours) == leaderboard.select_view(there, me, top, neighbours)
        raise Undone

    with pytest.raises(Undone):
        database.run_sync(look)


@pytest.fixture
async def w(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        yield made


async def test_a_chosen_name_that_somebody_else_bears_by_now_is_not_on_the_board(w: World) -> None:
    await w.begin("ada", "ben")
    await w.say("ben", "settings alias=Eve")
    assert "Eve" in text(await w.say("ada", "leaderboard"))
    await w.say("eve", "join")
    await w.tick()
    rows = text(await w.say("ada", "leaderboard"))
    assert "Ben" in rows and rows.count("Eve") == 1


async def test_a_rank_that_several_have_is_said_to_be_shared(w: World) -> None:
    await w.begin("ada", "ben", "chloe")
    for who in ("ada", "ben"):
        await w.say(who, "checkin 30 read")
    rows = text(await w.say("ada", "leaderboard"))
    assert "1 Ada (you, shared rank) 10 1 Ben (shared rank) 10 3 Chloe 0" in rows
    assert "Ada shares the lead" in text(await w.say("ben", "who is leading?", room="@ben"))


async def test_a_new_name_is_on_the_board_at_once(w: World) -> None:
    await w.begin("ada", "ben")
    event = w.invocation("ben", Call("checkin", {"minutes": "30", "note": "read"}))
    await w.app.dispatcher.answer(replace(event, account=replace(event.account, name="Zora")), show=_nothing)
    rows = text(await w.say("ada", "leaderboard"))
    assert "1 Zora 10" in rows and "Ben" not in rows


async def _nothing(_: Reply) -> None:
    """Show nothing."""


async def test_a_board_is_right_between_the_end_of_a_grace_and_the_next_look_of_the_schedule(w: World) -> None:
    await w.begin("ada", "ben")
    await w.say("ada", "checkin 30 read")
    w.clock.move_to(w.clock.now() + timedelta(days=6, hours=23))
    await w.say("ben", "checkin 30 read unit=1")
    assert "1 Ada (you) 10 2 Ben 4" in text(await w.say("ada", "leaderboard season"))
