"""Discord repeating itself: events that come again, in another order, and of messages that are there no more."""

from __future__ import annotations

import asyncio
from collections import Counter

from bot.messages.call import Call
from tests.reliability.drills.discord import GUILD, OPEN, Discord
from tests.reliability.drills.frame import Scene, drill


@drill(
    does="Messages, commands and clicks come twice, out of order, from a resumed session, and after a restart",
    sees="Each is answered once, even if its message was edited or deleted. A second click says that it is done",
    holds="Each person who joined is in the group once; each check-in is there once",
)
async def discord_repeats_itself(s: Scene) -> None:
    discord = Discord()
    await discord.start(s)
    await s.live()
    discord.host(s)
    bot = s.bot()
    await bot.begin(said="discord is ready")
    join = Call("join").pack()
    written = ("601", "602", "603", "604")
    for key in written[:2]:
        await asyncio.gather(*(discord.written(key, "join") for _ in range(3)))
    edited = {**discord.message("603", "join"), "edited_timestamp": discord.message("603", "")["timestamp"]}
    await discord.tell("MESSAGE_UPDATE", edited)  # before the message itself
    await discord.written("603", "join")
    await discord.written("604", "join")
    await discord.tell("MESSAGE_DELETE", {"id": "604", "channel_id": OPEN, "guild_id": GUILD})
    for key in ("701", "702", "702", "701", "701"):
        await discord.clicked(key, "70", join)
    await s.until(lambda: all(map(discord.replies, written)), 30, "each message has a reply")
    await s.until(lambda: {"701", "702"} <= set(discord.answered), 20, "each click is answered")
    for key in ("711", "712", "711"):
        await discord.typed(key, "checkin", "70", minutes="30", note="read a chapter")
    await s.until(lambda: {"711", "712"} <= set(discord.answered), 20, "each check-in is answered")
    discord.replays = 12
    before = discord.resumed
    for trouble in ("cut", "resumable"):
        await discord.upset(trouble)
        await s.until(lambda: discord.resumed > before and discord.living, 40, f"it is back after {trouble}")  # noqa: B023
        before = discord.resumed
        await asyncio.sleep(1)
    await discord.typed("720")
    await s.until(lambda: "720" in discord.answered, 20, "it answers")
    await bot.end()
    await bot.begin(said="discord is ready")
    await discord.written("601", "join")
    await discord.clicked("701", "70", join)
    await discord.typed("711", "checkin", "70", minutes="30", note="read a chapter")
    await discord.typed("721")
    await s.until(lambda: "721" in discord.answered, 20, "it answers")
    await asyncio.sleep(3)
    assert set(Counter(discord.answered).values()) == {1} and not discord.late, (discord.answered, discord.late)
    assert [len(discord.replies(key)) for key in written] == [1] * len(written)
    joined = "SELECT external_id FROM account JOIN membership ON account_id = account.id WHERE platform = 'discord'"
    assert sorted(one for (one,) in s.rows(joined)) == ["9601", "9602", "9603", "9604", "970"], s.rows(joined)
    assert s.count("checkin") == 2
