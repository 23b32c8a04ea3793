"""Who draws what a reply names, and that no picture's fault reaches the message."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping

import pytest

from bot.messages import picture
from bot.messages.picture import Gallery, Picture, Unknown, address
from bot.messages.reply import Image, Reply, Text

ROW = Image("figure", {"figure": "row"}, "Five boxes", "five boxes")


def draw(data: Mapping[str, str]) -> Picture:
    if data["figure"] == "secret":
        raise OSError("/srv/secret")
    if data["figure"] != "row":
        raise Unknown
    return Picture(b"png", b"svg")


GALLERY = Gallery({"figure": draw})


async def test_a_picture_is_found_by_what_it_shows() -> None:
    assert await GALLERY.find(ROW) == Picture(b"png", b"svg")


@pytest.mark.parametrize("image", [Image("chart", {"figure": "row"}, "", ""), Image("figure", {"figure": "x"}, "", "")])
async def test_what_nobody_draws_is_no_fault(image: Image, caplog: pytest.LogCaptureFixture) -> None:
    assert await GALLERY.find(image) is None
    assert not caplog.records


async def test_a_fault_of_a_picture_is_logged_without_what_it_says(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert await GALLERY.find(Image("figure", {"figure": "secret"}, "", "")) is None
    assert "figure" in caplog.text and "OSError" in caplog.text and "/srv" not in caplog.text


async def test_a_picture_that_takes_too_long_is_done_without(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(_: Mapping[str, str]) -> Picture:
        time.sleep(0.3)
        return Picture(b"late")

    monkeypatch.setattr(picture, "DRAW_S", 0.05)
    assert await Gallery({"figure": slow}).find(ROW) is None


async def test_the_pictures_of_a_reply_come_in_order_without_those_that_fail() -> None:
    lost = Image("figure", {"figure": "lost"}, "", "")
    again = Image("figure", {"figure": "row", "size": "2"}, "", "")
    reply = Reply((Text("x"), ROW, lost, again))
    assert list(await GALLERY.draw_all(reply, 10)) == [ROW, again]
    assert list(await GALLERY.draw_all(reply, 1)) == [ROW]
    assert await picture.EMPTY.draw_all(reply, 10) == {}


async def test_a_chat_has_a_png_made_of_what_is_an_svg_alone_or_no_picture_at_all() -> None:
    drawn = {"figure": lambda _: Picture(svg=b"<svg/>")}
    assert await Gallery(drawn, lambda svg: b"png of " + svg).draw_all(Reply((ROW,)), 1) == {
        ROW: Picture(b"png of <svg/>", b"<svg/>")
    }
    assert await Gallery(drawn).draw_all(Reply((ROW,)), 1) == {}
    assert await Gallery(drawn).find(ROW) == Picture(svg=b"<svg/>")


def test_a_path_holds_whatever_names_a_picture() -> None:
    assert address(Image("a/b", {"t": "x&y", "f": "../z"}, "", "")) == "/drawn/a%2Fb?f=..%2Fz&t=x%26y"


async def test_pictures_wait_their_turn_and_arrive_all() -> None:
    at_once: list[int] = []
    drawing = 0

    def raster(svg: bytes) -> bytes:
        nonlocal drawing
        drawing += 1
        at_once.append(drawing)
        time.sleep(0.01)
        drawing -= 1
        return b"png of " + svg

    named = [Image("figure", {"figure": str(n)}, "", "") for n in range(6)]
    gallery = Gallery({"figure": lambda data: Picture(svg=data["figure"].encode())}, raster)
    shown = await gallery.draw_all(Reply(tuple(named)), 6)
    assert list(shown) == named and shown[named[5]].png == b"png of 5"
    assert max(at_once) <= picture.AT_ONCE


async def test_a_picture_that_is_given_up_before_its_turn_is_not_drawn() -> None:
    drawn: list[bytes] = []

    def raster(svg: bytes) -> bytes:
        drawn.append(svg)
        time.sleep(0.08)
        return svg

    gallery = Gallery({"figure": lambda data: Picture(svg=data["figure"].encode())}, raster)
    named = tuple(Image("figure", {"figure": str(n)}, "", "") for n in range(picture.AT_ONCE + 1))
    assert await gallery.draw_all(Reply(named), len(named), 0.03) == {}
    await gallery.draw_all(Reply((Image("figure", {"figure": "last"}, "", ""),)), 1)
    # The SVGs are drawn on threads in any order, so any of the first may be the one that waits.
    assert len(drawn) == picture.AT_ONCE + 1 and drawn[-1] == b"last"
