"""Profiles: asked for once, kept for a while, and done without."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import aiohttp
import pytest

from bot.commands.context import MODERATES, Account
from bot.platforms.slack.client import ApiError, SlackApi
from bot.platforms.slack.people import SlackPeople
from tests.platforms.slack.stub import BOT_TOKEN, TEAM, StubSlack


@pytest.fixture
async def people(slack: StubSlack) -> AsyncIterator[SlackPeople]:
    async with aiohttp.ClientSession() as session:
        yield SlackPeople(SlackApi(BOT_TOKEN, slack.api_url, session), TEAM, "Acme")


async def test_a_profile_gives_name_zone_and_grants(slack: StubSlack, people: SlackPeople) -> None:
    said = {"display_name": "", "real_name": "Ada L"}
    slack.users["U1"] = {"id": "U1", "tz": "Asia/Kolkata", "is_owner": True, "profile": said}
    account = await people.account("U1", "ada", TEAM, within_s=2)
    assert (account.name, account.zone, account.tenant_name) == ("Ada L", "Asia/Kolkata", "Acme")
    assert account.grants == {MODERATES} and account.scope == TEAM


async def test_a_profile_is_asked_for_once_in_ten_minutes(
    slack: StubSlack, people: SlackPeople, monkeypatch: Any
) -> None:
    slack.delay["users.info"] = 0.05
    await asyncio.gather(*(people.account("U1", "ada", TEAM, within_s=2) for _ in range(5)))
    await people.account("U1", "ada", TEAM, within_s=2)
    assert len(slack.sent("users.info")) == 1
    loop = asyncio.get_running_loop()
    later = loop.time() + 601
    monkeypatch.setattr(loop, "time", lambda: later)
    await people.account("U1", "ada", TEAM, within_s=0)
    assert len(slack.sent("users.info")) == 1
    monkeypatch.undo()
    people._known["U1"] = type(people._known["U1"])("ada", None, frozenset(), 0.0)
    await people.account("U1", "ada", TEAM, within_s=2)
    assert len(slack.sent("users.info")) == 2


async def test_the_name_in_the_event_does_where_slack_is_silent(slack: StubSlack, people: SlackPeople) -> None:
    slack.fail("users.info", "missing_scope")
    account = await people.account("U1", "ada", TEAM, within_s=2)
    assert (account.name, account.zone, account.grants) == ("ada", None, frozenset())
    slack.delay["users.info"] = 0.4
    assert (await people.account("U2", "bob", TEAM, within_s=0.05)).name == "bob"
    await asyncio.sleep(0.4)
    assert (await people.account("U2", "bob", TEAM, within_s=0)).name == "someone"


async def test_a_zone_that_nobody_knows_is_none(slack: StubSlack, people: SlackPeople) -> None:
    slack.users["U1"] = {"tz": "Mars/Olympus", "name": "ada"}
    assert (await people.account("U1", "", TEAM, within_s=2)).zone is None


async def test_who_was_an_administrator_stays_one_while_a_look_up_fails(slack: StubSlack, people: SlackPeople) -> None:
    slack.users["U1"] = {"id": "U1", "name": "ada", "is_admin": True}
    await people.account("U1", "ada", TEAM, within_s=2)
    people._known["U1"] = replace(people._known["U1"], until=0.0)
    slack.fail("users.info", "internal_error")
    again = await people.account("U1", "ada", TEAM, within_s=2)
    assert again.grants == {MODERATES} and not again.is_unproven


async def test_of_whom_nothing_is_known_it_is_said_that_it_is_not(slack: StubSlack, people: SlackPeople) -> None:
    slack.fail("users.info", "internal_error")
    assert (await people.account("U1", "ada", TEAM, within_s=2)).is_unproven
    people._known.clear()
    assert not (await people.account("U1", "ada", TEAM, within_s=2)).is_unproven


async def test_somebody_of_another_workspace_is_known_there_and_served_here(
    slack: StubSlack, people: SlackPeople
) -> None:
    slack.users["U8"] = {"name": "stranger", "team_id": "T2", "is_admin": True}
    account = await people.account("U8", "", "T2", within_s=2)
    assert (account.tenant, account.scope, account.grants) == (TEAM, "T2", frozenset())


async def test_who_sends_no_event_is_asked_about_anew_after_a_minute(slack: StubSlack, people: SlackPeople) -> None:
    def age(seconds: float) -> None:
        known = people._known["U1"]
        people._known["U1"] = replace(known, until=known.until - seconds)

    slack.users["U1"] = {"id": "U1", "name": "ada", "team_id": TEAM, "is_admin": True}
    said = Account("slack", TEAM, "U1", "Ada")
    found = [await people.present(said) for _ in range(2)]
    assert [one.grants for one in found if one is not None] == [{MODERATES}] * 2
    assert len(slack.sent("users.info")) == 1
    slack.users["U1"]["is_admin"] = False
    age(61)
    now = await people.present(said)
    assert now is not None and now.grants == frozenset()
    slack.users["U1"]["deleted"] = True
    age(61)
    assert await people.present(said) is None
    slack.fail("users.info", "internal_error")
    age(61)
    with pytest.raises(ApiError):  # what was proven an hour ago does for an event, and not for a page
        await people.present(said)
    assert await people.present(replace(said, tenant="T2")) is None
