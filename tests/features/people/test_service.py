"""Who an account is to us: made once, renamed with the platform, told things once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

import pytest

from bot.commands.context import Account
from bot.features.people.service import People
from bot.messages.reply import say
from tests.harness import MONDAY, World

pytestmark = pytest.mark.long

T = TypeVar("T")
ADA = Account("slack", "T1", "U1", "Ada", "Asia/Kolkata", tenant_name="Readers")


async def ask(w: World, fn: Callable[[People], T]) -> T:
    return await w.app.database.run(lambda work: fn(People(work)))


async def test_an_account_is_made_once_and_follows_the_platform(w: World) -> None:
    first = await ask(w, lambda p: p.ensure(ADA)[1].id)
    renamed = Account("slack", "T1", "U1", "Ada L.", "Europe/Berlin")
    assert await ask(w, lambda p: p.ensure(renamed)[1].id) == first
    assert await ask(w, lambda p: (p.ensure(renamed)[1].name, p.ensure(renamed)[1].zone)) == (
        "Ada L.",
        "Europe/Berlin",
    )


async def test_an_unknown_zone_of_the_platform_forgets_nothing(w: World) -> None:
    await ask(w, lambda p: p.ensure(ADA)[1].id)
    assert await ask(w, lambda p: p.ensure(Account("slack", "T1", "U1", "Ada"))[1].zone) == "Asia/Kolkata"


async def test_one_id_in_two_slack_teams_is_two_people_and_in_two_discord_servers_one(w: World) -> None:
    for platform, realm, people in (("slack", None, 2), ("discord", "", 1)):
        accounts = [Account(platform, tenant, "7", "Ada", realm=realm) for tenant in ("T1", "T2")]
        ids = {await ask(w, lambda p, a=a: p.ensure(a)[1].id) for a in accounts}  # type: ignore[misc]
        assert len(ids) == people


async def test_the_reader_of_a_direct_message_is_looked_for_in_its_tenant_and_in_the_whole_platform(w: World) -> None:
    def made(tenant: str | None, platform: str = "slack", realm: str | None = None) -> Callable[[People], int]:
        return lambda p: p.ensure(Account(platform, tenant, "7", "Ada", realm=realm))[1].id

    here, there = await ask(w, made("T1")), await ask(w, made("T2"))
    everywhere = await ask(w, made(None, "discord", ""))

    def reader(platform: str, tenant: str) -> Callable[[People], int | None]:
        return lambda p: row.id if (row := p.find_reader(platform, tenant, "7")) else None

    assert [await ask(w, reader("slack", t)) for t in ("T1", "T2", "T3")] == [here, there, None]
    assert [await ask(w, reader("discord", t)) for t in ("S1", "S2")] == [everywhere, everywhere]


async def test_hostile_names_are_cleaned_cut_and_never_empty(w: World) -> None:
    def name_of(given: str) -> Callable[[People], str]:
        return lambda p: p.ensure(Account("local", "local", "eve", given))[1].name

    assert await ask(w, name_of("\x02p|1|boss\x03\u202e evil \n\n")) == "p|1|boss evil"
    assert len(await ask(w, name_of("x" * 5000))) == 80
    assert await ask(w, name_of("\u200b\x00 ")) == "someone"
    assert await ask(w, name_of("<@everyone> **b**")) == "<@everyone> **b**"


async def test_a_tenant_keeps_the_newest_name_that_is_known(w: World) -> None:
    def name_of(account: Account) -> Callable[[People], str]:
        def read(people: People) -> str:
            tenant, _ = people.ensure(account)
            assert tenant is not None
            return tenant.name

        return read

    assert await ask(w, name_of(ADA)) == "Readers"
    assert await ask(w, name_of(Account("slack", "T1", "U1", "Ada"))) == "Readers"
    assert await ask(w, name_of(Account("slack", "T1", "U1", "Ada", tenant_name="Writers"))) == "Writers"
    assert await ask(w, lambda p: p.ensure(Account("discord", None, "1", "Ada"))[0]) is None


async def test_what_somebody_is_to_be_told_is_told_once_five_at_a_time(w: World) -> None:
    reader = await ask(w, lambda p: p.ensure(ADA)[1].id)

    def leave(people: People) -> None:
        for n in (*range(7), 0, 3):
            people.notify(reader, f"n{n}", f"notice {n}", MONDAY)

    await ask(w, leave)
    told = []
    for later in range(3):
        at = MONDAY + timedelta(minutes=later)
        told.append(await ask(w, lambda p, at=at: p.with_notices(reader, say("answer"), at).plain()))  # type: ignore[misc]
    assert told[0].endswith("- notice 0\n- notice 1\n- notice 2\n- notice 3\n- notice 4")
    assert told[1].endswith("- notice 5\n- notice 6") and told[2] == "answer"
    assert not await ask(w, lambda p: p.has_notices(reader))


async def test_a_notice_leaves_the_rest_of_the_reply_as_it_was(w: World) -> None:
    reader = await ask(w, lambda p: p.ensure(ADA)[1].id)
    await ask(w, lambda p: p.notify(reader, "k", "by the way", MONDAY))
    reply = say("answer", title="Title", tone="good")
    told = await ask(w, lambda p: p.with_notices(reader, reply, MONDAY))
    assert (told.title, told.tone, told.blocks[0]) == ("Title", "good", reply.blocks[0])
    assert told.plain() == "Title\n\nanswer\n\nby the way"
