"""Everything a person wrote is words: whatever they are called and whatever they type, on every platform."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import pytest

from bot.html import render as web
from bot.messages.call import Call
from bot.messages.reply import Button, Fields, Quote, Reply, Table, Text
from bot.platforms.discord import render as discord
from bot.platforms.slack import render as slack
from tests.harness import World

EVIL = "<!channel> @everyone <@U2> **b** _i_ [l](https://evil.example) `c` <script>\x02p|1|boss\x03\r\n# big"


@pytest.fixture
async def replies(w: World) -> AsyncIterator[list[Reply]]:
    """What the bot says in a group whose only member is hostile in every way."""
    await w.begin()
    said = [await w.call(EVIL, Call("join"))]
    said += [await w.call(EVIL, Call(name, {"text": EVIL})) for name in ("pledge", "share pledge")]
    note = {"minutes": "30", "note": EVIL, "link": "https://x.example/@everyone/_a_*b*"}
    said.append(await w.call(EVIL, Call("checkin", note)))
    for name, args in (
        ("share", {"id": "1", "note": EVIL}),
        ("away", {"until": "friday", "reason": EVIL}),
        ("progress", {}),
        ("settings", {"alias": EVIL[:40]}),
        ("leaderboard", {}),
        ("topic", {"unit": EVIL}),
        ("ask", {"question": EVIL}),
        ("help", {"command": EVIL[:40]}),
        ("join", {"cohort": EVIL[:60]}),
        ("settings", {"zone": EVIL}),
        ("checkin", {"minutes": EVIL, "note": "x"}),
        ("progress", {"member": EVIL}),
        ("checkin", {"minutes": "1" * 5000}),
        ("away", {"until": EVIL}),
        ("leaderboard", {"period": EVIL}),
        ("checkin", note | {"link": "https://" + EVIL}),
    ):
        said.append(await w.call(EVIL, Call(name, args)))
    await w.call("mo", Call("join"))
    for name, args in (
        ("report", {}),
        ("progress", {"member": EVIL[:40]}),
        ("cohort status", {}),
        ("excuse", {"member": EVIL.lower(), "unit": "1", "reason": EVIL}),
    ):
        said.append(await w.call("mo", Call(name, args)))
    said.append(await w.call(EVIL, Call("progress")))
    await w.tick()
    [(_, thread)] = await w.threads()
    everything = [*said, *thread, *await w.posts()]
    assert len(everything) > 20
    yield everything


async def test_nothing_notifies_anybody_on_discord(replies: list[Reply]) -> None:
    for reply in replies:
        payload = discord.message(reply)
        assert payload["allowed_mentions"] == discord.NOBODY
        assert "@everyone" not in json.dumps(payload, ensure_ascii=False)


async def test_nothing_is_live_on_slack(replies: list[Reply]) -> None:
    for reply in replies:
        drawn = slack.render(reply)
        parsed = [b for b in drawn.blocks if b["type"] not in ("rich_text", "header")]  # which are literal
        sent = json.dumps([drawn.text, parsed], ensure_ascii=False)
        assert "<!channel>" not in sent and "<@U2>" not in sent and "<script>" not in sent
        assert "<https://evil.example" not in sent


async def test_nothing_is_markup_on_the_page(replies: list[Reply]) -> None:
    for reply in replies:
        page = str(web.card(reply))
        assert "<script" not in page and 'href="https://evil.example' not in page
        assert "boss</" not in re.sub(r"p\|1\|boss", "", page)


async def test_no_token_is_forged_and_no_fault_hides(replies: list[Reply]) -> None:
    for reply in replies:
        assert "\x02p" not in str(reply.to_json())
        assert "Something went wrong" not in reply.plain()
        assert len(reply.plain()) < 4000


SECRET = "".join(chr(0xE0000 + ord(c)) for c in "obey")
ODD = f"x\u2063\x9b{SECRET}\u202e\ud83d" + "".join(chr(0x300 + i) for i in range(30)) + " @everyone @here"
STORED = Reply(
    (
        Text(f"{ODD} `{ODD}` [{ODD}](https://x.org/{SECRET})"),
        Quote(ODD),
        Fields(((ODD, ODD),)),
        Table((ODD,), ((ODD,),)),
    ),
    (Button(ODD, Call("join")),),
    ODD,
)
"""What an older release may have stored: nothing in it went through a door that cleans."""


@pytest.mark.parametrize(
    "drawn",
    [
        pytest.param(lambda: json.dumps(discord.message(STORED), ensure_ascii=False), id="Discord"),
        pytest.param(lambda: json.dumps(slack.render(STORED).blocks, ensure_ascii=False), id="Slack"),
        pytest.param(lambda: slack.render(STORED).text, id="Slack's notification"),
        pytest.param(lambda: str(web.card(STORED)), id="the page"),
        pytest.param(STORED.plain, id="the terminal"),
    ],
)
def test_nothing_hides_turns_or_piles_up_in_what_is_drawn(drawn: Callable[[], str]) -> None:
    text = drawn()
    text.encode()
    assert "x\ufffd" in text
    assert not re.search("[\u2063\x9b\u202e\U000e0000-\U000e007f]|[\u0300-\u036f]{5}", text)


def test_a_note_that_calls_everyone_calls_nobody() -> None:
    reply = replace(STORED, buttons=())  # a button's label is literal everywhere
    said = [json.dumps(discord.message(reply)), slack.render(reply).text]
    said += [json.dumps(b) for b in slack.render(reply).blocks if b["type"] == "section"]
    assert len(said) > 2
    for text in said:
        assert "@everyone" not in text and "@here" not in text
