"""Focus sessions in dialogue: members start, join and leave, the round ends, and each checks in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.delivery.outbox import OutboxRow, find_row
from bot.messages.call import Call
from bot.messages.errors import NotFound
from bot.messages.reply import Reply
from tests.harness import World, text, world


async def newest(w: World, key: str = "c1:focus:1:0") -> Reply:
    """Return a message of a session as it will read: an edit waits for real seconds."""

    def read(work: Any) -> Reply:
        row = find_row(work.session, f"{key}:edit") or find_row(work.session, key)
        assert isinstance(row, OutboxRow), key
        return Reply.from_json(row.reply)

    return await w.app.database.run(read, writes=False)


async def test_members_focus_together_and_check_in_with_one_press(w: World) -> None:
    await w.begin("ada", "ben", "chloe")
    assert (await w.say("ada", "focus 25")).tone == "good"
    post = await newest(w)
    assert post.title == "Focus: 25 minutes" and "In: Ada" in text(post)
    await w.after(minutes=5)
    await w.press("ben", "Join", of=post)
    await w.press("ben", "Join", of=post)
    await w.press("chloe", "Join", of=await newest(w))
    assert "In: Ada, Ben and Chloe" in text(await newest(w))
    await w.after(minutes=10)
    left = await w.press("chloe", "Leave", of=post)
    assert "after 10 minutes" in text(left) and "In: Ada and Ben" in text(await newest(w))
    await w.after(minutes=10)
    assert [b.label for b in (await newest(w)).buttons] == []
    ended = await newest(w, "c1:focus:1:1")
    assert "Well done, Ada, Ben and Chloe! That's 55 min together." in text(ended)
    form = await w.form("ben", w.button("ben", "Check in", of=ended).target)
    assert {field.key: field.value for field in form.fields}["minutes"] == "20"
    assert (await w.press("ben", "Check in", {"note": "sets"}, of=ended)).tone == "good"
    with pytest.raises(NotFound, match="no time in this session"):
        await w.press("ben", "Check in", of=ended)
    await w.tick()
    unit_id = next(iter(w.app.library.values())).roadmap.units[0].id
    assert "55 min together" in text(await newest(w, f"c1:{unit_id}:post"))


async def test_a_break_and_a_second_round_survive_a_restart(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        await w.begin("ada", "ben")
        await w.say("ada", "focus 50")
        await w.after(minutes=50)
        ended = await newest(w, "c1:focus:1:1")
        assert "press Join" in text(ended)
        assert [button.label for button in ended.buttons] == ["Check in", "Join"]
        assert "Round two starts" in text(await w.press("ada", "Join", of=ended))
        now = w.clock.now()
    async with world(tmp_path, at=now) as w:
        shown = await newest(w, "c1:focus:1:1")
        assert "Round two is from 10:55 to 11:45. In: Ada" in text(shown)
        assert "already runs a session" in text(await w.say("ben", "focus"))
        await w.press("ben", "Join", of=shown)
        await w.after(minutes=55)
        assert "1 h 40 together" in text(await newest(w, "c1:focus:1:2"))
        assert [button.label for button in (await newest(w, "c1:focus:1:1")).buttons] == ["Check in"]
        form = await w.form("ada", Call("focus checkin", {"id": "1"}, 1, ask=True))
        assert {field.key: field.value for field in form.fields}["minutes"] == "100"
        await w.after(hours=1)
        assert "over" in text(await w.press("ada", "Join", of=await newest(w, "c1:focus:1:2")))


async def test_a_session_ends_when_everybody_has_left_it_and_the_next_one_waits(w: World) -> None:
    await w.begin("ada", "ben")
    await w.say("ada", "focus 30")
    await w.press("ben", "Join", of=await newest(w))
    await w.press("ada", "Leave", of=await newest(w))
    await w.say("ben", "leave")
    await w.tick()
    assert "This session is over" in text(await newest(w))
    assert "You can start the next one at 10:15." in text(await w.say("ada", "focus 25"))
    await w.after(minutes=15)
    assert (await w.say("ada", "focus 25")).tone == "good"


async def test_hidden_members_are_counted_and_forgotten_ones_are_taken_out_of_the_post(w: World) -> None:
    await w.begin("ada", "ben", "chloe")
    await w.say("ben", "settings visible=no")
    await w.say("ada", "focus 25 voice='#talk'")
    for who in ("ben", "chloe"):
        await w.press(who, "Join", of=await newest(w))
    await w.tick()
    assert "In: Ada, Chloe and 1 more Voice: talk" in text(await newest(w))
    await w.say("chloe", "privacy forget confirm=yes")
    await w.after(minutes=25)
    assert "Chloe" not in text(await newest(w))
    assert "Well done, Ada and 2 more! That's 1 h 15 together" in text(await newest(w, "c1:focus:1:1"))


async def test_a_session_started_in_a_thread_stays_in_it(w: World) -> None:
    await w.begin("ada")
    (thread,) = [message.ref for message in await w.messages() if message.thread_title]
    await w.call("ada", Call("focus"), thread=thread)
    await w.after(minutes=25)
    titles = [reply.title for reply in await w.posts(thread=thread)]
    assert titles[-2:] == ["Focus: 25 minutes", "Time's up"]
