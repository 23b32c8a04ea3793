"""What comes out as files: SVG that is safe whatever somebody is called, PNG, and no picture of what is no data."""

from __future__ import annotations

import asyncio
import importlib
import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from bot.drawing import text
from bot.drawing.board_card import BOARD
from bot.drawing.drawings import drawings, png, svg
from bot.drawing.progress_card import PROGRESS
from bot.messages import picture
from bot.messages.picture import Gallery, Unknown, address
from bot.messages.reply import Image, Reply
from tests.drawing.cases import CASES, HOSTILE, NAMES, board, certificate, header, progress, week
from tests.examples import sample

KINDS = {"svg", "title", "style", "text", "tspan", "rect", "circle", "polyline"}
GOLDEN = Path(__file__).parents[1] / "golden/replies"
SIZE = slice(16, 24)
"""Where a PNG says how wide and high it is."""


@pytest.mark.parametrize("name", sample(CASES, 4))
def test_a_drawing_is_sound_and_holds_shapes_alone(name: str) -> None:
    root = ElementTree.fromstring(svg(CASES[name]))
    assert {one.tag.rpartition("}")[2] for one in root.iter()} <= KINDS
    assert not any(key.startswith("on") or "href" in key for one in root.iter() for key in one.attrib)


def test_a_hostile_name_is_words_and_turns_nothing() -> None:
    drawn = svg(CASES["a hostile name"]).decode()
    assert "<script" not in drawn and "\u202e" not in drawn and "\x07" not in drawn
    assert text.bounded(HOSTILE).startswith("</text><script>")


def test_what_a_block_holds_is_bounded_and_small_enough_for_an_address() -> None:
    longest = board(14).data(), progress(300, 100, name="王" * 500, weeks=143).data()
    for data in longest:
        assert len(address(Image("board", data, "", ""))) < 6000
    assert len(progress(1, 1, name="x" * 9999).data()["name"]) <= text.LONGEST


GOOD = progress(3, 3).data()


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {**GOOD, "units": "k" * 999},
        {**GOOD, "units": "<"},
        {**GOOD, "counts": "1 2 3"},
        {**GOOD, "counts": "-1 0 0 0"},
        {**GOOD, "counts": "9" * 99 + " 0 0 0"},
        {**GOOD, "days": "9"},
        {**GOOD, "since": "9999-12-31"},
        {**GOOD, "since": "x"},
    ],
)
def test_what_is_no_card_is_not_drawn(wrong: Mapping[str, str]) -> None:
    with pytest.raises(Unknown):
        drawings()[PROGRESS](wrong)


@pytest.mark.parametrize(
    ("drawing", "good", "wrong"),
    [
        ("header", header("x").data(), {"at": "0 8"}),
        ("header", header("x").data(), {"at": "9 8"}),
        ("header", header("x").data(), {"at": "1"}),
        ("week", week(1, 2).data(), {"days": "1 x"}),
        ("week", week(1, 2).data(), {"days": " ".join("1" * 99)}),
        ("week", week(1).data(), {"spread": "<1"}),
        ("week", week(1).data(), {"since": "2026"}),
        ("certificate", certificate("x").data(), {"units": ""}),
        ("certificate", certificate("x").data(), {"units": "k" * 99}),
        ("certificate", certificate("x").data(), {"days": "2026-01-01"}),
    ],
)
def test_what_is_no_head_no_week_and_no_certificate_is_not_drawn(
    drawing: str, good: Mapping[str, str], wrong: Mapping[str, str]
) -> None:
    assert drawings()[drawing](good).svg
    with pytest.raises(Unknown):
        drawings()[drawing]({**good, **wrong})


@pytest.mark.parametrize(
    "rows", ["", "{}", "[1]", "[[0]]", '[[1,"x",-1,0,""]]', json.dumps([[1]] * 99), "[[1,2,3,4,5]]"]
)
def test_what_is_no_board_is_not_drawn(rows: str) -> None:
    with pytest.raises(Unknown):
        drawings()[BOARD]({"title": "x", "span": "", "rows": rows})


async def test_a_chat_is_given_a_png_and_a_page_the_svg_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture, "DRAW_S", 30.0)
    gallery, image = Gallery(drawings(), png), Image(PROGRESS, GOOD, "", "")
    page = await gallery.find(image)
    assert page is not None and page.svg and not page.png
    chat = await gallery.find(image, is_for_chat=True)
    assert chat is not None and chat.png.startswith(b"\x89PNG")
    assert int.from_bytes(chat.png[SIZE][:4], "big") == 960


async def test_a_post_waits_longer_for_its_picture_than_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture, "DRAW_S", 0.001)
    image = Image(PROGRESS, GOOD, "", "")
    gallery = Gallery(drawings(), lambda _: time.sleep(0.02) or b"PNG")  # type: ignore[func-returns-value]
    assert await gallery.draw_all(Reply((image,)), 1) == {}
    assert (await gallery.draw_all(Reply((image,)), 1, picture.POST_S))[image].png == b"PNG"


async def test_no_event_waits_while_a_picture_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = asyncio.create_task(asyncio.to_thread(png, svg(CASES["twenty units of a year"])))
    beats = 0
    while not drawn.done():
        await asyncio.sleep(0.005)
        beats += 1
    assert beats > 5 and drawn.result().startswith(b"\x89PNG")


def test_every_script_that_is_said_to_be_carried_is_drawn_by_its_own_font() -> None:
    families = {name: {run.family for run in text.runs(text.bounded(name))} for name in NAMES}
    assert [name for name, used in families.items() if text.OTHER in used] == ["王小明"]
    assert families["عمر الخيام"] == {"Noto Sans Arabic", "Inter"} and families["🦊 fox 👩‍👩‍👧"] == {
        "Noto Emoji",
        "Inter",
    }


def test_the_carried_fonts_bear_the_names_by_which_they_are_asked_for() -> None:
    fonts = importlib.import_module("fontTools.ttLib")  # it has no types
    for family, files in text.FAMILIES.items():
        for file in files:
            names = fonts.TTFont(text.FONTS / f"{file}.ttf")["name"]
            assert names.getBestFamilyName() == family, file


@pytest.mark.parametrize(
    ("said", "drawn"), [("A\u0b3cb", "Ab"), ("👍🏽", "👍"), ("a\u0301", "á"), ("王\u0337", "王\u0337")]
)
def test_a_mark_that_would_be_an_empty_box_is_left_out(said: str, drawn: str) -> None:
    assert "".join(run.text for run in text.runs(text.bounded(said))) == drawn


def test_words_are_as_wide_as_they_are_drawn() -> None:
    assert text.width("Ada", 16, 600) > text.width("Ada", 16)
    assert text.width("王小明", 16) == pytest.approx(3 * 16 * text.WIDE * text.SLACK)
    assert text.width("a\u0301", 16) == text.width("a", 16)


async def test_a_raster_that_fails_costs_the_picture_alone(caplog: pytest.LogCaptureFixture) -> None:
    def broken(_: bytes) -> Any:
        raise OSError("/srv/secret")

    assert await Gallery(drawings(), broken).find(Image(PROGRESS, GOOD, "", ""), is_for_chat=True) is None
    assert "OSError" in caplog.text and "/srv" not in caplog.text


@pytest.mark.parametrize("name", ["board_card", "certificate_card", "header_card", "progress_card", "week_card"])
def test_a_card_that_was_ever_stored_is_drawn_anew(name: str) -> None:
    reply = Reply.from_json(json.loads((GOLDEN / f"{name}.json").read_text()))
    (image,) = (block for block in reply.blocks if isinstance(block, Image))
    assert b"Ben" in (drawn := drawings()[image.drawing](image.data).svg or b"") or b"Ada" in drawn
