"""Budgets: two who ask at once never take more than one answer too much, and a day ends where the group lives."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, delete, select
from sqlalchemy.orm import Session

from bot.features.groups.tables import Group, Membership
from bot.features.people.tables import AccountRow, Tenant
from bot.features.token_budget.service import (
    HOLD,
    USAGE_KEPT,
    Asker,
    Budget,
    Day,
    Ledger,
    Reservation,
    UsageDay,
    UsageHold,
    UsageLeft,
    keep_forgotten_usage,
    sweep_forgotten_usage,
)
from bot.llm.base import Usage
from bot.runtime.catalogue import tables
from bot.storage.unit_of_work import Database, Work
from tests.examples import examples
from tests.harness import MONDAY

pytestmark = pytest.mark.long

ADA = Asker(1, 1, MONDAY)
BEN = Asker(1, 2, MONDAY)
BUDGET = Budget(1000, 50)
asks = st.lists(
    st.one_of(
        st.tuples(st.just("ask"), st.integers(1, 3), st.integers(1, 400)),
        st.tuples(st.just("answered"), st.integers(0, 9), st.integers(0, 400)),
        st.tuples(st.just("failed"), st.integers(0, 9), st.just(0)),
    ),
    max_size=40,
)


def people(session: Session) -> None:
    """Put three people into a group of Auckland."""
    session.add(Tenant(id=1, platform="local", external_id="local"))
    session.flush()
    for n in (1, 2, 3):
        session.add(AccountRow(id=n, platform="local", scope="local", external_id=f"p{n}", name=f"P{n}"))
    session.flush()
    session.add(
        Group(
            id=1,
            tenant_id=1,
            room="general",
            name="Owls",
            zone="Pacific/Auckland",
            roadmap_id="genai-2026",
            rhythm="mon 09:00 sun 20:00",
            pace="1",
            first_unit="x",
            starts_on=date(2026, 3, 2),
            confirmed_at=MONDAY,
            created_by=1,
        )
    )
    session.flush()
    for n in (1, 2, 3):
        session.add(Membership(account_id=n, group_id=1, joined_at=MONDAY))


@pytest.fixture
def work() -> Iterator[Work]:
    engine = create_engine("sqlite://")
    tables().create_all(engine)
    with Session(engine) as session:
        people(session)
        yield Work(session, MONDAY)
    engine.dispose()


def spend(work: Work, asker: Asker, usage: Usage, budget: Budget = BUDGET) -> None:
    held = Ledger(work).hold(asker, 400, budget)
    assert isinstance(held, Reservation)
    Ledger(work).settle(asker, held, usage)


def test_what_is_put_aside_counts_until_it_is_settled(work: Work) -> None:
    ledger = Ledger(work)
    held = ledger.hold(ADA, 600, BUDGET)
    assert isinstance(held, Reservation)
    assert (ledger.group(1, held.day), ledger.member(BEN, held.day)) == (600, 0)
    assert ledger.hold(ADA, 1, BUDGET) == "member"
    ledger.settle(ADA, held, Usage(100, 20))
    assert (ledger.group(1, held.day), ledger.member(ADA, held.day)) == (120, 120)
    assert isinstance(ledger.hold(ADA, 1, BUDGET), Reservation)


def test_an_answer_that_failed_costs_nothing_and_one_that_never_came_lapses(work: Work) -> None:
    ledger = Ledger(work)
    failed = ledger.hold(ADA, 900, Budget(1000, 100))
    assert isinstance(failed, Reservation)
    ledger.settle(ADA, failed, None)
    assert ledger.group(1, failed.day) == 0
    ledger.hold(ADA, 1000, Budget(1000, 100))
    assert ledger.hold(BEN, 1, BUDGET) == "group"
    later = replace(BEN, now=MONDAY + HOLD + timedelta(seconds=1))
    assert isinstance(ledger.hold(later, 1, BUDGET), Reservation)


def test_the_day_begins_where_the_group_is(work: Work) -> None:
    before, after = MONDAY.replace(hour=10, minute=59), MONDAY.replace(hour=11)  # midnight in Auckland
    spend(work, replace(ADA, now=before), Usage(900, 200))
    assert Ledger(work).hold(replace(BEN, now=before), 1, BUDGET) == "group"
    assert isinstance(Ledger(work).hold(replace(BEN, now=after), 1, BUDGET), Reservation)
    assert list(Ledger(work).days(1, date(2026, 3, 1))) == [date(2026, 3, 2)]


def test_an_answer_belongs_to_the_day_in_which_it_was_asked_for(work: Work) -> None:
    ledger, before = Ledger(work), MONDAY.replace(hour=10, minute=59)
    held = ledger.hold(replace(ADA, now=before), 10, BUDGET)
    assert isinstance(held, Reservation)
    ledger.settle(replace(ADA, now=MONDAY.replace(hour=11)), held, Usage(1, 1))
    assert list(ledger.days(1, date(2026, 3, 1))) == [date(2026, 3, 2)]


def test_those_without_a_group_share_a_day_of_their_own(work: Work) -> None:
    alone = replace(ADA, group_id=None)
    spend(work, alone, Usage(100, 50), Budget(1000, 20))
    spend(work, alone, Usage(100, 50), Budget(1000, 20))
    assert len(work.session.scalars(select(UsageDay)).all()) == 1
    assert Ledger(work).hold(alone, 1, Budget(1000, 20)) == "member"
    assert Ledger(work).group(1, date(2026, 3, 2)) == 0


def test_what_is_old_is_dropped(work: Work) -> None:
    spend(work, ADA, Usage(1, 1))
    spend(work, replace(ADA, now=MONDAY + USAGE_KEPT + timedelta(days=1)), Usage(1, 1))
    assert [row.day for row in work.session.scalars(select(UsageDay))] == [date(2026, 4, 3)]


def forget(work: Work, account_id: int) -> None:
    keep_forgotten_usage(work, account_id)
    work.session.flush()
    work.session.execute(delete(UsageDay).where(UsageDay.account_id == account_id))
    work.session.execute(delete(AccountRow).where(AccountRow.id == account_id))


def test_whoever_was_forgotten_and_comes_back_has_no_fresh_day(work: Work) -> None:
    ledger, day = Ledger(work), Ledger(work).today(1, MONDAY)
    spend(work, ADA, Usage(500, 100))
    spend(work, BEN, Usage(100, 0))
    forget(work, 1)
    work.session.add(AccountRow(id=9, platform="local", scope="local", external_id="p1", name="Ada"))
    work.session.add(AccountRow(id=10, platform="local", scope="local", external_id="p9", name="Ada"))
    work.session.flush()
    back, another = replace(ADA, account_id=9), replace(ADA, account_id=10)
    assert (ledger.group(1, day), ledger.member(back, day), ledger.member(another, day)) == (700, 600, 0)
    assert ledger.hold(back, 1, BUDGET) == "member" and isinstance(ledger.hold(another, 1, BUDGET), Reservation)
    assert ledger.days(1, day)[day] == Day(day, 2, 700) and ledger.days(1, day, 9) == {}
    assert ledger.member(back, day + timedelta(days=1)) == 0


def test_who_was_forgotten_cannot_be_told_once_the_day_is_over(work: Work) -> None:
    spend(work, ADA, Usage(500, 100))
    forget(work, 1)
    (row,) = work.session.scalars(select(UsageLeft))
    assert row.mark and "p1" not in row.mark
    assert sweep_forgotten_usage(work, MONDAY + timedelta(days=2)) == 0 and row.mark
    assert sweep_forgotten_usage(work, MONDAY + timedelta(days=4)) == 0
    work.session.refresh(row)
    assert (row.mark, row.tokens) == ("", 600)
    assert sweep_forgotten_usage(work, MONDAY + USAGE_KEPT + timedelta(days=2)) == 1


def test_who_took_most_comes_first(work: Work) -> None:
    for asker, tokens in ((ADA, 10), (BEN, 30), (BEN, 30)):
        spend(work, asker, Usage(tokens, 0))
    found = Ledger(work).heaviest(1, date(2026, 3, 1), 5)
    assert [(one.name, one.answers, one.tokens) for one in found] == [("P2", 2, 60), ("P1", 1, 10)]


@examples(60)
@given(asks)
def test_whatever_overlaps_neither_group_nor_member_goes_over_by_more_than_one_answer(
    steps: list[tuple[str, int, int]],
) -> None:
    engine = create_engine("sqlite://")
    tables().create_all(engine)
    with Session(engine) as session:
        people(session)
        ledger, most = Ledger(Work(session, MONDAY)), 400
        under_way: list[tuple[Asker, Reservation, int]] = []
        for what, n, tokens in steps:
            asker = Asker(1, n, MONDAY)
            if what == "ask" and isinstance(held := ledger.hold(asker, tokens, BUDGET), Reservation):
                under_way.append((asker, held, tokens))
            elif what != "ask" and under_way:
                whose, held, put_aside = under_way.pop(n % len(under_way))
                used = min(tokens, put_aside)
                ledger.settle(whose, held, Usage(used, 0) if what == "answered" else None)
            day = ledger.today(1, MONDAY)
            assert ledger.group(1, day) < BUDGET.tokens + most
            assert all(ledger.member(Asker(1, one, MONDAY), day) < BUDGET.share(3) + most for one in (1, 2, 3))
        for whose, held, put_aside in under_way:
            ledger.settle(whose, held, Usage(put_aside, 0))
        assert not session.scalars(select(UsageHold)).all()
    engine.dispose()


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
async def test_twenty_at_once_take_one_answer_too_much_at_most(
    engine: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = f"sqlite:///{tmp_path / 'trailmate.db'}"
    if engine == "postgresql":
        url = request.getfixturevalue("postgres_url")
    with Database(url) as database:
        made = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
        tables().drop_all(made)
        tables().create_all(made)
        made.dispose()
        await database.run(lambda work: people(work.session))

        async def ask(n: int) -> bool:
            asker = Asker(1, n % 3 + 1, MONDAY)
            held = await database.run(lambda work: Ledger(work).hold(asker, 150, Budget(1000, 100)))
            return isinstance(held, Reservation)

        got = await asyncio.gather(*(ask(n) for n in range(20)))
    assert sum(got) == 7  # the seventh begins at 900 of 1,000
