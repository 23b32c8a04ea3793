"""A Reply: its text form, and the stored form that outlives a version."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import markup
from bot.messages.call import Call
from bot.messages.reply import (
    FILE_MAX,
    Actions,
    Audience,
    Block,
    Button,
    Divider,
    EventBlock,
    Fields,
    File,
    Image,
    Listing,
    Quote,
    Reply,
    Subtext,
    Table,
    Text,
    Tone,
    monospace,
    say,
)

AT = datetime(2026, 3, 14, 18, tzinfo=UTC)
CELLS = st.text(max_size=12)
BUTTONS = st.one_of(
    st.builds(Button, CELLS, st.builds(Call, st.just("checkin"), st.dictionaries(st.just("unit"), CELLS), st.none())),
    st.builds(Button, CELLS, st.just("https://example.org"), st.sampled_from(["primary", "plain", "danger"])),
)
BLOCKS = st.one_of(
    st.builds(Text, st.text(max_size=40)),
    st.builds(Subtext, st.text(max_size=40)),
    st.builds(Divider),
    st.builds(Quote, st.text(max_size=40)),
    st.builds(Listing, st.text(max_size=40)),
    st.builds(File, CELLS, st.just("text/csv"), st.text(max_size=40)),
    st.builds(EventBlock, CELLS, st.just(AT), st.just(AT), st.just("UTC"), CELLS, CELLS, st.booleans()),
    st.builds(Image, CELLS, st.dictionaries(CELLS, CELLS, max_size=2), CELLS, CELLS),
    st.builds(Fields, st.lists(st.tuples(CELLS, CELLS), max_size=3).map(tuple)),
    st.lists(st.tuples(CELLS, CELLS), max_size=3).map(lambda rows: Table(("a", "b"), tuple(rows), (1,))),
    st.builds(Actions, st.lists(BUTTONS, max_size=3).map(tuple)),
)
REPLIES = st.builds(
    Reply,
    st.lists(BLOCKS, max_size=4).map(tuple),
    st.lists(BUTTONS, max_size=3).map(tuple),
    CELLS,
    st.sampled_from(get_args(Tone)),
    st.sampled_from([None, *get_args(Audience)]),
    st.booleans(),
)
EVERY_BLOCK = Reply(
    (
        Text("Hello **you**\n\n- one\n- two"),
        Divider(),
        Subtext("_in_ small"),
        Fields((("Streak", "3"), ("Points", "30"))),
        Table(("#", "Name", "Points"), (("1", "Ada", "30"), ("2", "Ben", "8")), (0, 2)),
        Quote("so it is\nindeed"),
        Listing("for x in xs:\n    use(x)"),
        Image("figure", {"track": "small", "figure": "row"}, "Five boxes in a row", "_Figure:_ Five boxes in a row"),
        Image("board", {"rows": "[]"}, "Ada leads", "", Table(("Name", "Points"), (("Ada", "30"),), (1,))),
        EventBlock("Owls", AT, AT + timedelta(minutes=45), "UTC", "questions", "https://x.org/call"),
        File("missed.csv", "text/csv", '"Which?","This."'),
        Actions((Button("A", Call("warmup", {"pick": "A"}, 7)),)),
    ),
    (Button("Check in", Call("checkin", {"unit": "llm-3"}, 7, ask=True), "primary"), Button("Read", "https://x.org")),
    title="Unit 7",
)


@given(REPLIES)
def test_a_reply_comes_back_from_its_stored_form(reply: Reply) -> None:
    assert Reply.from_json(json.loads(json.dumps(reply.to_json()))) == reply


@given(REPLIES, BLOCKS)
def test_a_reply_with_blocks_before_or_after_its_own_keeps_all_else(reply: Reply, block: Block) -> None:
    assert reply.headed_by(block) == replace(reply, blocks=(block, *reply.blocks))
    assert reply.followed_by(block, block) == replace(reply, blocks=(*reply.blocks, block, block))


def test_every_kind_of_block_has_a_stored_and_a_text_form() -> None:
    assert {type(b) for b in EVERY_BLOCK.blocks} == set(get_args(Block))
    assert Reply.from_json(json.loads(json.dumps(EVERY_BLOCK.to_json()))) == EVERY_BLOCK
    assert EVERY_BLOCK.plain() == (
        "Unit 7\n\nHello you\n\n- one\n- two\n\nin small\n\nStreak: 3\nPoints: 30\n\n"
        "#  Name  Points\n1  Ada       30\n2  Ben        8\n\n> so it is\n> indeed\n\n"
        "for x in xs:\n    use(x)\n\nFigure: Five boxes in a row\n\n"
        "Name  Points\nAda       30\n\nSat 14 Mar 2026, 18:00 (UTC), 45 minutes\n\n"
        '"Which?","This."'
    )


def test_an_earlier_version_reads_small_print_as_text_and_a_divider_as_nothing() -> None:
    stored = Reply((Subtext("**Due** Sunday"), Divider())).to_json()["blocks"]
    assert [block["text"] for block in stored] == ["**Due** Sunday", ""]


def test_every_button_is_found_wherever_it_stands_and_can_be_taken_away() -> None:
    assert [button.label for button in EVERY_BLOCK.all_buttons] == ["A", "Check in", "Read"]
    rest = EVERY_BLOCK.filter_buttons(lambda button: button.label == "Read")
    assert [button.label for button in rest.all_buttons] == ["Read"] and rest.plain() == EVERY_BLOCK.plain()
    assert EVERY_BLOCK.without_buttons().all_buttons == ()


def test_the_turn_of_an_answer_is_read_from_the_buttons_of_its_blocks_too() -> None:
    assert Reply((Actions((Button("Rate", Call("rate", {"turn": "t1"})),)),)).turn == "t1"


def test_in_words_a_reply_has_the_words_of_each_picture_in_its_place() -> None:
    told = EVERY_BLOCK.in_words()
    assert told.plain() == EVERY_BLOCK.plain() and not any(isinstance(block, Image) for block in told.blocks)


def test_a_file_has_a_name_without_a_folder_and_an_end() -> None:
    names = ("../../etc/passwd", "a b\n.csv", "..", "x" * 200)
    assert [File(name, "text/csv", "").name for name in names] == ["etc-passwd", "a-b-.csv", "file", "x" * 80]
    with pytest.raises(ValueError, match="too long"):
        File("x", "text/csv", "x" * (FILE_MAX + 1))


@pytest.mark.parametrize("version", [None, 0, 2, "1"])
def test_a_stored_form_of_an_unknown_version_is_refused(version: object) -> None:
    with pytest.raises(ValueError, match="unknown version"):
        Reply.from_json({**EVERY_BLOCK.to_json(), "v": version})


@pytest.mark.parametrize("block", [{}, {"html": "<b>"}, {"text": 3}, {"table": {}}, {"image": {"drawing": "x"}}])
def test_a_block_of_an_unknown_kind_is_refused(block: object) -> None:
    with pytest.raises(ValueError, match="unknown kind"):
        Reply.from_json({**EVERY_BLOCK.to_json(), "blocks": [block]})


def test_the_text_form_tells_times_in_the_readers_zone_and_commands_as_they_are_typed() -> None:
    at = markup.moment(datetime(2026, 3, 8, 20, 0, tzinfo=UTC), "Europe/Berlin")
    reply = say(f"Due {at}: {markup.typed('checkin 45')}")
    assert reply.plain() == "Due Sun 8 Mar 2026, 21:00 (Europe/Berlin): `checkin 45`"
    assert reply.plain("Asia/Kolkata", "/") == "Due Mon 9 Mar 2026, 01:30 (Asia/Kolkata): `/checkin 45`"


def test_what_a_person_wrote_reads_in_the_text_form_as_they_wrote_it() -> None:
    reply = say(f"**Note**: {markup.escape('a*b_c [d](https://x.org) `e`')}", title=markup.escape("*Night* owls"))
    assert reply.plain() == "*Night* owls\n\nNote: a*b_c [d](https://x.org) `e`"


def test_empty_paragraphs_leave_no_hole() -> None:
    assert say("a", "", "b").blocks == (Text("a"), Text("b"))
    assert Reply((Text(""), Text("a"))).plain() == "a"


def test_an_audience_once_decided_stays() -> None:
    assert say("x").settled("public").audience == "public"
    assert say("x").settled("private").settled("public").audience == "private"


def test_a_tables_columns_stand_under_each_other_and_numbers_to_the_right() -> None:
    table = Table(("Name", "Points"), (("Ada", "8"), ("Benedict", "120")), (1,))
    assert monospace(table) == ["Name      Points", "Ada            8", "Benedict     120"]


def test_a_table_without_rows_is_its_head() -> None:
    assert monospace(Table(("a", "b"), ())) == ["a  b"]


def test_an_accent_is_stored_only_where_there_is_one() -> None:
    assert "accent" not in say("x").to_json()
    coloured = Reply(say("x").blocks, accent=2)
    assert coloured.to_json()["accent"] == 2
    assert Reply.from_json(coloured.to_json()) == coloured
