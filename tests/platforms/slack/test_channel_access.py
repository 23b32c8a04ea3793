"""Who sees which channel on Slack."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot.commands.context import AccessReport, Account, Place
from bot.commands.room_access import AccessChecker
from bot.platforms.slack.channel_access import SlackChannelAccess
from bot.platforms.slack.client import ApiError, SlackApi
from bot.platforms.slack.people import SlackPeople
from tests.platforms.slack.stub import BOT_TOKEN, TEAM, StubSlack

OPEN, CLOSED = Place("slack", TEAM, "C1"), Place("slack", TEAM, "G2")


@pytest.fixture
async def look(slack: StubSlack, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Any]:
    slack.channels["G2"] = {"id": "G2", "name": "redwood", "is_member": True, "is_private": True}
    members = {"C1": ["U1", "U9GUEST"], "G2": ["U0BOT", "U1", "U8"]}

    def page(body: dict[str, Any]) -> dict[str, Any]:
        at = int(body.get("cursor") or 0)
        following = str(at + 1) if at + 1 < len(members[body["channel"]]) else ""
        return {"members": members[body["channel"]][at : at + 1], "response_metadata": {"next_cursor": following}}

    monkeypatch.setattr(slack, "_conversations_members", page)
    slack.users |= {
        "U1": {"id": "U1", "name": "ada", "team_id": TEAM},
        "U2": {"id": "U2", "name": "eve", "team_id": TEAM, "is_admin": True},
        "U9GUEST": {"id": "U9GUEST", "name": "guest", "team_id": TEAM, "is_ultra_restricted": True},
        "U8": {"id": "U8", "name": "stranger", "team_id": "T2"},
        "U7": {"id": "U7", "name": "gone", "team_id": TEAM, "deleted": True},
    }
    async with aiohttp.ClientSession() as session:
        api = SlackApi(BOT_TOKEN, slack.api_url, session)
        sight = SlackChannelAccess(api, SlackPeople(api, TEAM, "Acme"))

        async def of(user: str, *rooms: Place) -> AccessReport:
            return await sight.sees(Account("slack", TEAM, user, user), frozenset(rooms or (OPEN, CLOSED)))

        yield of


async def test_a_member_of_the_workspace_sees_public_channels_and_the_private_ones_they_are_in(look: Any) -> None:
    assert (await look("U1")).seen == {OPEN, CLOSED}
    assert (await look("U2")).seen == {OPEN}


async def test_a_guest_and_somebody_of_another_workspace_see_what_they_are_in(look: Any) -> None:
    assert (await look("U9GUEST")).seen == {OPEN}
    assert (await look("U8")).seen == {CLOSED}


async def test_a_channel_that_is_gone_or_without_the_app_is_told_from_one_that_is_closed(
    slack: StubSlack, look: Any
) -> None:
    slack.fail("conversations.info", "channel_not_found")
    assert (await look("U1", CLOSED)).gone == {CLOSED}


async def test_a_channel_is_its_creators_while_they_see_it_and_administrators_who_were_met_are_known(
    slack: StubSlack, look: Any
) -> None:
    slack.channels["C1"]["creator"], slack.channels["G2"]["creator"] = "U1", "U2"
    assert (await look("U1")).owned == {OPEN}
    assert (await look("U2")).owned == frozenset()
    assert (await look("U1")).trusted == {TEAM: (("U2", "eve"),)}


async def test_an_account_that_was_deactivated_sees_nothing(look: Any) -> None:
    view = await look("U7")
    assert (view.seen, view.absent) == (frozenset(), {TEAM})


async def test_what_slack_says_of_a_channel_is_kept_for_a_minute_whoever_asks(slack: StubSlack, look: Any) -> None:
    for user in ("U1", "U2", "U1"):
        await look(user)
    assert len(slack.sent("conversations.info")) == 2
    assert len(slack.sent("conversations.members")) == 3


async def test_what_cannot_be_asked_is_an_error_and_is_asked_again(slack: StubSlack, look: Any) -> None:
    slack.fail("users.info", "internal_error")
    with pytest.raises(ApiError):
        await look("U5")
    slack.fail("conversations.members", "internal_error")
    with pytest.raises(ApiError):
        await look("U1", CLOSED)
    assert (await look("U1", CLOSED)).seen == {CLOSED}


async def test_before_the_connection_stands_nobody_knows(slack: StubSlack) -> None:
    from bot.platforms.slack.adapter import SlackPlatform

    lookout = AccessChecker({"slack": SlackPlatform(BOT_TOKEN, "xapp-good", api_url=slack.api_url)})
    assert await lookout.look(Account("slack", TEAM, "U1", "ada"), frozenset({OPEN})) is None
