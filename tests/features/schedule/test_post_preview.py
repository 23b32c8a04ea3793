"""The preview is the later post, and Post now posts it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.chat.platform import Gone
from bot.features.standings.group_standings import Roll
from bot.messages.call import Call
from bot.messages.reply import Reply
from tests.harness import MONDAY, World, text
from tests.kit import ROOM, Partner

pytestmark = pytest.mark.long

NINE = MONDAY + timedelta(hours=1)
HERE: dict[str, Any] = {"platform": "slack", "tenant": "T1", "room": ROOM}


def without_head(preview: Reply) -> tuple[Any, ...]:
    return (preview.title, *preview.blocks[1:])


def body(post: Reply) -> tuple[Any, ...]:
    return (post.title, *post.without_buttons().blocks)


async def test_the_preview_equals_the_first_post(w: World) -> None:
    await w.start()
    await w.say("ada", "join")
    preview = await w.say("mo", "preview")
    assert preview.audience == "private"
    assert "I'll post this on Mon 2 Mar 2026, 09:00 (UTC):" in text(preview)
    await w.to(NINE)
    assert without_head(preview) == body((await w.posts())[-1])


async def test_the_preview_equals_the_second_post_with_its_summary(w: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await w.start()
    for who in ("ada", "ben", "cy", "dev", "eve"):
        await w.say(who, "join")
    await w.to(NINE + timedelta(hours=1))
    await w.say("ada", "checkin 30 read it")
    await w.to(NINE + timedelta(weeks=1, minutes=-1))
    with monkeypatch.context() as patched:
        patched.setattr(Roll, "_earlier", None)  # it costs more in a large group than a page may
        preview = await w.say("mo", "preview")
    await w.to(NINE + timedelta(weeks=1))
    assert text((await w.threads())[-1][1][-1]).startswith("Completed unit 1: Ada. 🎉")
    assert without_head(preview) == body((await w.posts())[-1])


async def test_a_unit_that_is_out_is_shown_and_said_to_be_out(w: World) -> None:
    await w.begin("ada")
    shown = await w.say("mo", "preview unit=1")
    assert "Unit 1: Python data structures opened Mon 2 Mar 2026, 09:00 (UTC):" in text(shown)
    assert without_head(shown) == body((await w.posts())[-1])
    assert (await w.press("mo", "See next post")).title.startswith("Unit 2:")


async def test_next_pages_on_and_only_the_next_can_be_posted(w: World) -> None:
    await w.start()
    await w.say("ada", "join")
    await w.to(NINE + timedelta(hours=1))
    await w.say("ada", "checkin 30 read it")
    first = await w.say("mo", "preview")
    assert [b.label for b in first.buttons] == ["Next post", "Post now"]
    second = await w.press("mo", "Next")
    assert second.title.startswith("Unit 3:")
    assert [b.label for b in second.buttons] == ["Next post"]


async def test_the_last_unit_has_no_next(w: World) -> None:
    await w.start(extra="first_unit=58")
    preview = await w.say("mo", "preview")
    assert [b.label for b in preview.buttons] == ["Post now"]
    await w.to(NINE)
    assert (await w.say("mo", "preview")).title == "No more units"


async def test_post_now_asks_and_then_posts_at_once_and_never_again(w: World) -> None:
    await w.start(extra="start=2026-03-16")
    await w.say("mo", "preview")
    asked = await w.press("mo", "Post now")
    assert "Post Unit 1: Python data structures now? It'll be due Sun 22 Mar 2026, 21:00 (UTC)." in text(asked)
    assert len(await w.posts()) == 1
    confirm = w.button("mo", "Post it").target
    assert isinstance(confirm, Call)
    await w.press_call("mo", confirm)
    await w.tick()
    post = (await w.posts())[-1]
    assert post.title.startswith("Unit 1")
    assert "Late" not in text(post)
    assert len(await w.threads()) == 1
    assert "is no longer the next unit" in text(await w.press_call("mo", confirm))
    assert "First post on: Mon 2 Mar 2026" in text(await w.say("mo", "manage status"))
    await w.to(datetime(2026, 3, 23, 8, 59, tzinfo=UTC))
    assert len(await w.posts()) == 2
    await w.after(minutes=1)
    assert (await w.posts())[-1].title.startswith("Unit 2")


async def test_a_post_that_expired_is_offered_and_goes_out_with_its_thread(wide: World, partner: Partner) -> None:
    await wide.start(**HERE)
    await wide.say("ada", "join", **HERE)
    partner.troubles[ROOM] = Gone("not in the channel")
    await wide.to(NINE + timedelta(days=2))
    partner.troubles.clear()
    await wide.say("mo", "doctor", **HERE)
    await wide.tick()
    assert [p.title[:6] for p in partner.posts()] == ["Welcom"]
    preview = await wide.say("mo", "preview", **HERE)
    assert "I couldn't send this post. Here it would look like this:" in text(preview)
    assert preview.title.startswith("Unit 1")
    await wide.press("mo", "Post now", **HERE)
    await wide.press("mo", "Post it", **HERE)
    await wide.tick()
    assert [p.title[:6] for p in partner.posts()] == ["Welcom", "Unit 1"]
    start = partner.sent[-1]
    assert start.place.thread is not None
    assert text(start.reply).startswith("To discuss")
    assert (await wide.say("mo", "preview", **HERE)).title.startswith("Unit 2")
    await wide.to(NINE + timedelta(weeks=1))
    assert [p.title[:6] for p in partner.posts()] == ["Welcom", "Unit 1", "Unit 2"]


@pytest.mark.parametrize("call", [Call("postnow", {"unit": "1"}), Call("postnow", {"unit": "1", "confirm": "yes"})])
async def test_post_now_is_for_moderators(w: World, call: Call) -> None:
    await w.start(extra="start=2026-03-16")
    await w.say("ada", "join")
    assert (await w.call("ada", call)).tone == "error"
    await w.tick()
    assert len(await w.posts()) == 1


async def test_next_takes_the_place_of_the_preview_and_a_number_means_the_unit(w: World) -> None:
    await w.start()
    first = await w.say("mo", "preview")
    assert first.replaces is False
    second = await w.press("mo", "Next")
    assert second.replaces is True
    assert second.title.startswith("Unit 2:")
    assert (await w.say("mo", "preview 2")).title == second.title
    assert (await w.say("mo", "preview unit=3")).title.startswith("Unit 3:")
