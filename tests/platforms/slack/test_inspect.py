"""What doctor is told about rooms and the workspace."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot.chat.platform import Findings
from bot.commands.context import Place
from bot.platforms.slack.channel_access import check_place, join_channel
from bot.platforms.slack.client import SlackApi
from bot.platforms.slack.manifest import PRIVATE_SCOPES, SCOPES
from tests.platforms.slack.stub import BOT, BOT_TOKEN, TEAM, StubSlack


@pytest.fixture
async def look(slack: StubSlack) -> AsyncIterator[Any]:
    slack.scopes = ",".join(SCOPES)
    async with aiohttp.ClientSession() as session:
        api = SlackApi(BOT_TOKEN, slack.api_url, session)

        async def at(room: str) -> Findings:
            return await check_place(api, Place("slack", TEAM, room), BOT)

        yield at


async def test_a_room_that_is_well_has_nothing_to_mend(look: Any) -> None:
    assert {finding.ok for finding in await look("C1")} == {True}


async def test_missing_scopes_are_named_with_their_reason(slack: StubSlack, look: Any) -> None:
    slack.scopes = ",".join(set(SCOPES) - {"im:write"})
    finding, figures = await look("")
    assert figures.ok and "files:write" in figures.what
    assert not finding.ok and "im:write (to send reminders" in finding.what and "manifest" in finding.fix


async def test_a_channel_is_not_blamed_for_what_only_direct_messages_need(slack: StubSlack, look: Any) -> None:
    slack.scopes = "chat:write,channels:history,channels:join,channels:read"
    assert {finding.ok for finding in await look("C1")} == {True}
    assert not all(finding.ok for finding in await look("@U1"))


@pytest.mark.parametrize(
    ("channel", "fix"),
    [
        ({"is_member": False}, "/invite"),
        ({"is_member": True, "is_archived": True}, "Unarchive"),
        ({"is_member": True, "is_read_only": True}, "read-only"),
        ({}, "/invite"),
    ],
)
async def test_each_trouble_of_a_channel_has_its_mend(
    slack: StubSlack, look: Any, channel: dict[str, Any], fix: str
) -> None:
    slack.channels["C1"] = {"id": "C1", "name": "study", **channel}
    wrong = [finding for finding in await look("C1") if not finding.ok]
    assert len(wrong) == 1 and fix in wrong[0].fix


async def test_a_private_channel_needs_two_scopes_more(slack: StubSlack, look: Any) -> None:
    slack.channels["C1"] = {"id": "C1", "name": "quiet", "is_member": True, "is_private": True}
    (wrong,) = [finding for finding in await look("C1") if not finding.ok]
    assert "groups:history" in wrong.what
    slack.scopes = ",".join({**SCOPES, **PRIVATE_SCOPES})
    assert {finding.ok for finding in await look("C1")} == {True}


async def test_a_channel_that_is_hidden_asks_for_an_invitation(slack: StubSlack, look: Any) -> None:
    slack.fail("conversations.info", "channel_not_found")
    assert "/invite" in (await look("C404"))[-1].fix


async def test_a_person_is_reached_or_not(slack: StubSlack, look: Any) -> None:
    assert (await look("@U1"))[-1].ok
    slack.fail("conversations.open", "user_disabled")
    assert not (await look("@U1"))[-1].ok


async def test_a_token_that_no_longer_holds_is_the_only_finding(slack: StubSlack, look: Any) -> None:
    slack.fail("auth.test", "token_revoked")
    (finding,) = await look("C1")
    assert not finding.ok and "new token" in finding.fix


async def test_a_public_channel_is_joined_before_it_becomes_a_home(slack: StubSlack, look: Any) -> None:
    slack.channels["C1"] = {"id": "C1", "name": "study", "is_member": False}
    async with aiohttp.ClientSession() as session:
        api = SlackApi(BOT_TOKEN, slack.api_url, session)
        await join_channel(api, Place("slack", TEAM, "C1"), BOT)
        assert slack.sent("conversations.join") == [{"channel": "C1"}]
        for closed in ({"is_private": True}, {"is_archived": True}, {"is_member": True}):
            slack.channels["C1"] = {"id": "C1", "name": "study", "is_member": False, **closed}
            await join_channel(api, Place("slack", TEAM, "C1"), BOT)
    assert len(slack.sent("conversations.join")) == 1
