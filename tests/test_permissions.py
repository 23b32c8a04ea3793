"""Every command is tried by nobody, a member, a moderator, and by both of another server: the page says what comes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from html import escape
from pathlib import Path
from typing import Any

import pytest

from bot.commands.command import Command
from bot.commands.context import Invocation
from bot.commands.room_access import retry_with_access
from bot.dashboard.pages import PAGES
from bot.features.resolution.actor import ActorResolver
from bot.messages.call import Call
from bot.messages.errors import UserError
from bot.storage.unit_of_work import Work
from tests.dashboard.browsing import served
from tests.harness import World, lived, text
from tools.permissions import is_foreign, may, may_see

PEOPLE = {"anybody": "zoe", "member": "ada", "moderator": "ben", "manager": "mo"}
ELSEWHERE: dict[str, Any] = {"tenant": "elsewhere"}


async def two_servers(w: World) -> None:
    """Start a group on each of two servers; Ben moderates the first and is no member of it."""
    await w.begin("ada", "ben")
    await w.say("ada", "checkin 30 the secret of the owls")
    assert (await w.say("mo", "cohort edit moderators=@ben confirm=yes")).tone == "good"
    assert (await w.say("ben", "leave")).tone != "error"
    await w.say("max", "cohort create name=Larks timezone=UTC confirm=yes", moderator=True, **ELSEWHERE)
    await w.say("eve", "join", **ELSEWHERE)


@pytest.fixture
async def servers(tmp_path: Path) -> AsyncIterator[World]:
    async with lived(tmp_path, two_servers, TRAILMATE_PORT=0) as w:
        yield w


async def is_let_in(w: World, who: str, one: Command) -> bool:
    """Return whether a person is let into a command that is about the first group."""
    identity = ActorResolver(frozenset())

    async def attempt(event: Invocation) -> bool:
        def look(work: Work) -> bool:
            return one.allows(identity(work, event, one.policy).roles)

        return await w.app.database.run(look, writes=False)

    try:
        return await retry_with_access(w.app.dispatcher._look, w.invocation(who, Call(one.name, {}, group=1)), attempt)
    except UserError:
        return False


async def test_each_command_lets_in_whom_the_page_says(servers: World) -> None:
    wrong = [
        (one.name, who)
        for one in servers.app.registry
        for stands, who in PEOPLE.items()
        if await is_let_in(servers, who, one) != may(one, stands)
    ]
    assert wrong == []


async def test_nothing_of_a_group_is_told_on_another_server(servers: World) -> None:
    for one in servers.app.registry:
        args = {param.key: param.example for param in one.params if param.required}
        for who, moderates in (("eve", False), ("max", True)):
            call = Call(one.name, args, group=1)
            reply = await servers.maybe(who, call, moderator=moderates, **ELSEWHERE)
            assert reply is not None
            told = text(reply)
            assert not any(word in told for word in ("Night owls", "secret of the owls", "Ada")), (one.name, told)
            if servers.app.dispatcher.plan(call).opens_form and one.role != "anyone" and is_foreign(one):
                with pytest.raises(UserError):  # the button is there, what it opens is not
                    await servers.app.dispatcher.form(servers.invocation(who, call, moderator=moderates, **ELSEWHERE))
            else:
                assert reply.tone == "error" or not is_foreign(one), (one.name, told)


async def test_each_page_of_the_dashboard_is_shown_to_whom_the_page_says(servers: World) -> None:
    wrong = []
    async with served(servers) as site:
        people = {**{stands: (who, {}) for stands, who in PEOPLE.items()}, "foreign": ("eve", ELSEWHERE)}
        for stands, (who, account) in {**people, "foreign moderator": ("max", ELSEWHERE)}.items():
            browser = site.browser()
            entered = await browser.enter(await site.link(who, **account))
            assert "Sign out" in entered.text
            for page in PAGES:
                shown = await browser.get(page.address(1))
                is_theirs = stands in PEOPLE and may_see(page, stands)
                is_there = f"<h1>{escape(page.title)}<" in shown.html  # the first one gives way to another
                is_shown = shown.status == 200 and is_there and "Night owls" in shown.text
                if is_shown != is_theirs or (stands in ("anybody", "foreign") and "Night owls" in shown.text):
                    wrong.append((page.title, stands, shown.status))
    assert wrong == []
