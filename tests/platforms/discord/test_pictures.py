"""Pictures of messages: in answers, in posts, in their edits; and no fault of one loses a message."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import discord
import pytest

from bot.chat.platform import Declined, DeliveryUnknown, Gone, Post
from bot.commands.context import Place
from bot.drawing.board_card import BoardCard, LeaderboardRow
from bot.drawing.drawings import drawings, png
from bot.messages import picture
from bot.messages.picture import Gallery, Picture, Unknown
from bot.messages.reply import File, Image, Reply, Table, Text, say
from bot.platforms.discord import limits, render
from bot.platforms.discord.pictures import filename
from tests.platforms.discord.world import ROW, Server, connected, said

PNG = b"\x89PNG row"


def draw(data: Mapping[str, str]) -> Picture:
    if data["figure"] == "row":
        return Picture(PNG, b"<svg/>")
    if data["figure"] == "huge":
        return Picture(b"x" * (limits.PICTURE + 1))
    raise Unknown


GALLERY = Gallery({"figure": draw})
NAME = filename(0, ROW)
LOST = replace(ROW, data={"figure": "lost"})
HUGE = replace(ROW, data={"figure": "huge"})


class Slow(Gallery):
    """Takes its time."""

    async def find(self, *args: Any, **more: Any) -> Picture | None:
        """Find it later."""
        await asyncio.sleep(0.2)
        return await super().find(*args, **more)


def post(s: Server, *images: Image, **more: Any) -> Post:
    reply = Reply((Text("Why it matters"), *images), title="Unit 7", accent=1)
    place = Place("discord", str(s.guild.id), str(s.channel.id))
    defaults: dict[str, Any] = {"key": "k", "tag": "t" * 20, "action": "post", "place": place, "reply": reply}
    return Post(**{**defaults, **more})


def pictures(message: Any) -> list[str]:
    """Return the names of the files that a message has, after a look that its embed shows the first of them."""
    names = [attachment.filename for attachment in message.attachments]
    assert [e.image.url for e in message.embeds if e.image.url] == [f"attachment://{name}" for name in names[:1]]
    return names


def entries(*blocks: Image | File) -> render.Attachments:
    """Return what a body says of these files."""
    return {one: {"id": i, "filename": f"{i + 1}.png"} for i, one in enumerate(blocks)}


def fails(s: Server, monkeypatch: pytest.MonkeyPatch, status: int, code: int) -> list[Any]:
    """Have Discord refuse whatever comes with a file, and note the sizes of these."""
    http, seen = s.platform._connected().http, list[Any]()
    request = http.request

    async def refusing(route: Any, **more: Any) -> Any:
        if more.get("form"):
            seen.append(more["form"])
            raise _refusal(status, code)
        return await request(route, **more)

    monkeypatch.setattr(http, "request", refusing)
    return seen


def _refusal(status: int, code: int) -> Exception:

    kinds: dict[int, Any] = {403: discord.Forbidden, 502: discord.DiscordServerError}
    response: Any = SimpleNamespace(status=status, reason="")
    return kinds.get(status, discord.HTTPException)(response, {"code": code, "message": ""})  # type: ignore[no-any-return]


def test_a_picture_stands_in_the_embed_and_its_text_where_it_is_not_shown() -> None:
    reply = Reply((Text("x"), ROW), accent=1)
    shown = render.message(reply, attachments=entries(ROW))
    assert shown["attachments"] == [{"id": 0, "filename": "1.png"}]
    assert shown["embeds"][0]["image"] == {"url": "attachment://1.png"}
    assert "five boxes" not in str(shown["embeds"])
    told = render.message(reply)
    assert told["attachments"] == [] and "*Figure:* five boxes" in told["embeds"][0]["description"]


def test_a_picture_that_a_message_begins_with_stands_above_its_words_and_the_others_below() -> None:
    head, third = (Image("figure", {"figure": name}, name, "") for name in ("head", "third"))
    reply = Reply((head, Text("x"), ROW, third), title="Unit 7", accent=1)
    above, told, below = render.message(reply, tag="t", attachments=entries(head, ROW, third))["embeds"]
    assert above == {"image": {"url": "attachment://1.png"}, "color": told["color"]}
    assert told["image"]["url"] == "attachment://2.png" and "x" in told["description"]
    assert below["image"]["url"] == "attachment://3.png"
    assert len(render.message(reply, tag="t")["embeds"]) == 1


def test_a_plain_message_has_its_picture_below_and_may_be_nothing_else() -> None:
    assert render.message(Reply((Text("x"), ROW)), attachments=entries(ROW))["embeds"] == []
    alone = render.message(Reply((ROW,)), attachments=entries(ROW))
    assert (alone["content"], len(alone["attachments"])) == ("", 1)


async def test_an_answer_shows_its_picture_and_the_next_page_takes_it_away() -> None:
    async with connected(gallery=GALLERY) as s:
        told = (await s.ada.slash(s.channel, "look")).response
        assert told is not None
        assert pictures(told) == [NAME]
        (file,) = s.requests("POST", "/callback")[-1]["data"]["attachments"]
        assert file["description"] == "Five boxes in a row"
        turned = (await s.ada.click(told, label="Turn")).response
        assert turned is not None and pictures(turned) == []
        assert "No row." in said(turned)
        back = (await s.ada.click(turned, label="Turn")).response
        assert back is not None and len(pictures(back)) == 1


async def test_an_answer_whose_picture_takes_a_while_is_promised_and_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ACKNOWLEDGE_S", 0.05)
    async with connected(gallery=Slow({"figure": draw})) as s:
        told = (await s.ada.slash(s.channel, "look")).response
        assert told is not None and pictures(told) == [NAME]
        (promise,) = s.requests("POST", "/callback")
        assert promise["type"] == 5
        await s.ada.click(told, label="Turn")
        back = (await s.ada.click(told, label="Turn")).response
        assert back is not None and len(pictures(back)) == 1


async def test_a_post_and_its_edit_carry_the_picture() -> None:
    async with connected(gallery=GALLERY) as s:
        message = await edited(s, [ROW], [ROW])
        assert "1 of 2" in said(message) and pictures(message) == [NAME]


async def edited(s: Server, before: list[Image], after: list[Image]) -> Any:
    """Return a post that was edited."""
    sent = await s.platform.deliver(post(s, *before), False)
    edit = post(s, *after, action="edit", ref=sent.ref)
    await s.platform.deliver(replace(edit, reply=edit.reply.followed_by(*say("1 of 2").blocks)), False)
    assert s.channel.last_message is not None
    return s.channel.last_message


async def test_an_edit_keeps_the_pictures_that_stand_and_uploads_only_another_one() -> None:
    async with connected(gallery=GALLERY) as s:
        other = replace(ROW, data={"figure": "row", "size": "2"})
        message = await edited(s, [ROW, other], [ROW, replace(other, alt="Another")])
        (body,) = s.requests("PATCH", "/messages")
        assert [one["id"] for one in body["attachments"]] == [str(attachment.id) for attachment in message.attachments]
        await edited(s, [ROW, other], [ROW, replace(ROW, data={"figure": "row", "size": "3"})])
        kept, uploaded = s.requests("PATCH", "/messages")[-1]["attachments"]
        assert len(kept["id"]) > 10 and uploaded["id"] == 0


async def test_an_edit_whose_picture_is_not_drawn_keeps_the_one_before() -> None:
    async with connected(gallery=GALLERY) as s:
        assert pictures(await edited(s, [ROW], [LOST])) == [NAME]


async def test_a_click_that_edits_a_message_keeps_its_picture() -> None:
    async with connected(gallery=GALLERY) as s:
        told = (await s.ada.slash(s.channel, "look")).response
        assert told is not None
        again = (await s.ada.click(told, label="Stay")).response
        assert again is not None and pictures(again) == [NAME]
        (kept,) = s.requests("POST", "/callback")[-1]["data"]["attachments"]
        assert kept["id"] == str(again.attachments[0].id)


BOARD = BoardCard(
    "Leaderboard", "Phase 1", (LeaderboardRow(1, "Night <b>owl</b>", 30), LeaderboardRow(2, "Ada", 8, True, "you"))
)
RANKS = Image("board", BOARD.data(), "Ranks", "", Table(("#", "Name"), (("1", "Night <b>owl</b>"), ("2", "Ada"))))


async def test_a_board_is_a_picture_and_a_table_where_discord_takes_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture, "DRAW_S", 30.0)
    async with connected(gallery=Gallery(drawings(), png)) as s:
        await s.platform.deliver(post(s, RANKS), False)
        message = s.channel.last_message
        assert message is not None and pictures(message) == [filename(0, RANKS)] and "Ada" not in said(message)
        fails(s, monkeypatch, 413, 40005)
        await s.platform.deliver(post(s, RANKS, key="k2", tag="u" * 20), False)
        assert "2  Ada" in said(s.channel.last_message) and "```" in said(s.channel.last_message)


async def test_a_forum_post_carries_the_picture() -> None:
    async with connected(gallery=GALLERY) as s:
        forum = s.guild.create_forum_channel("units")
        place = Place("discord", str(s.guild.id), str(forum.id))
        sent = await s.platform.deliver(post(s, ROW, place=place), False)
        message = await s.platform._api.message(sent.ref, sent.ref)
        assert NAME in str(message["embeds"])


@pytest.mark.parametrize(("status", "code"), [(400, 50035), (413, 40005)])
async def test_what_discord_does_not_take_goes_out_in_words(
    status: int, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with connected(gallery=GALLERY) as s:
        seen = fails(s, monkeypatch, status, code)
        await s.platform.deliver(post(s, ROW), False)
        assert "five boxes" in said(s.channel.last_message)
        told = (await s.ada.slash(s.channel, "look")).response
        assert "five boxes" in said(told)
        assert len(seen) == 2


async def test_a_post_that_broke_with_its_picture_is_sent_without(monkeypatch: pytest.MonkeyPatch) -> None:
    async with connected(gallery=GALLERY) as s:
        fails(s, monkeypatch, 502, 0)
        with pytest.raises(DeliveryUnknown):
            await s.platform.deliver(post(s, ROW), False)
        await s.platform.deliver(post(s, ROW), True)
        assert "five boxes" in said(s.channel.last_message)


async def test_a_picture_that_is_missing_or_too_large_is_told_in_words() -> None:
    async with connected(gallery=GALLERY) as s:
        await s.platform.deliver(post(s, LOST, HUGE), False)
        message = s.channel.last_message
        assert message is not None and pictures(message) == []
        assert said(message).count("five boxes") == 2


async def test_a_room_that_takes_nothing_is_still_told_from_a_picture_that_is_not_taken() -> None:
    async with connected(gallery=GALLERY) as s:
        gone = post(s, ROW, place=Place("discord", str(s.guild.id), "12345"))
        with pytest.raises(Gone):
            await s.platform.deliver(gone, False)


@pytest.mark.parametrize(("status", "code"), [(400, 200000), (403, 50013), (403, 50001)])
async def test_what_discord_takes_in_no_form_is_sent_once(
    status: int, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with connected(gallery=GALLERY) as s:
        seen = fails(s, monkeypatch, status, code)
        with pytest.raises((Gone, Declined)):
            await s.platform.deliver(post(s, ROW), False)
        assert len(seen) == 1 and s.channel.last_message is None


async def test_a_channel_without_attach_files_gets_the_words_at_once() -> None:
    async with connected(gallery=GALLERY) as s:
        deny = discord.PermissionOverwrite(attach_files=False)
        bare = s.guild.create_text_channel("bare", overwrites={s.guild.default_role: deny})
        await s.env.settle()
        await s.platform.deliver(post(s, ROW, place=Place("discord", str(s.guild.id), str(bare.id))), False)
        assert "five boxes" in said(bare.last_message)
        assert len(s.requests("POST", "/messages")) == 1


CARDS = File("missed.csv", "text/csv", '"Which?","This."')


async def test_a_file_goes_with_a_message_and_its_text_where_discord_takes_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with connected(gallery=GALLERY) as s:
        reply = Reply((Text("One question."), ROW, CARDS))
        await s.platform.deliver(post(s, reply=reply), False)
        message = s.channel.last_message
        assert message is not None and "Which?" not in said(message)
        assert [attachment.filename for attachment in message.attachments] == [NAME, "missed.csv"]
        seen = fails(s, monkeypatch, 413, 40005)
        await s.platform.deliver(post(s, key="k2", tag="u" * 20, reply=reply), False)
        assert '"Which?","This."' in said(s.channel.last_message) and len(seen) == 1


def test_only_a_picture_stands_in_the_embed() -> None:
    shown = render.message(Reply((Text("x"), CARDS), accent=1), attachments=entries(CARDS))
    assert len(shown["attachments"]) == 1 and "image" not in shown["embeds"][0]
