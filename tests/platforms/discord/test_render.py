"""Replies as bodies of messages, within Discord's limits."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import markup
from bot.messages.call import Call
from bot.messages.reply import Actions, Block, Button, Divider, Fields, Image, Quote, Reply, Subtext, Table, Text, say
from bot.platforms.discord import limits, render
from tests.examples import examples

TAG = "abcdefghij0123456789"


def buttons(count: int) -> tuple[Button, ...]:
    return tuple(Button(f"Number {n}", Call("pick", {"n": str(n)})) for n in range(count))


def flat(body: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for row in body["components"] for one in row["components"]]


def test_a_short_reply_is_the_messages_own_text() -> None:
    body = render.message(say("First", "Second", title="Unit 7"))
    assert body["content"] == "### Unit 7\n\nFirst\n\nSecond"
    assert body["embeds"] == []


def test_the_buttons_of_a_block_have_rows_of_their_own_and_each_button_stands_once() -> None:
    below = Actions(buttons(6))
    body = render.message(Reply((Text("Which?"), below, Text("And?"), Actions(buttons(2))), buttons(8)), tag=TAG)
    labels = [[button["label"][-1] for button in row["components"]] for row in body["components"]]
    assert labels == [["0", "1", "2", "3", "4"], ["5"], ["6", "7"]]
    assert all(button["custom_id"].endswith(f"~{TAG}") for button in flat(body))


def test_rows_that_do_not_suffice_are_filled_with_the_buttons_of_all_blocks() -> None:
    blocks = tuple(Actions((Button(str(n), Call("pick", {"n": str(n)})),)) for n in range(7))
    body = render.message(Reply((Text("Which?"), *blocks)))
    assert [len(row["components"]) for row in body["components"]] == [5, 2]


def test_words_after_a_picture_stand_below_it_next_to_their_buttons() -> None:
    figure = Image("figure", {}, "A figure", "")
    reply = Reply((Text("Read this"), figure, Text("Which?"), Actions(buttons(2))), accent=1)
    above, below = render.message(reply, attachments={figure: {"id": 0, "filename": "figure.png"}})["embeds"]
    assert (above["description"], "image" in above) == ("Read this", True)
    assert (below["description"], "image" in below) == ("Which?", False)


def test_small_print_is_small_on_each_of_its_lines_and_a_divider_is_the_gap_between_paragraphs() -> None:
    body = render.message(
        Reply((Text("Read"), Divider(), Subtext("**Due** Sunday\n\n- 2 of 5 checked in"), Subtext("")))
    )
    assert body["content"] == "Read\n\n-# **Due** Sunday\n-# 2 of 5 checked in"


def test_the_same_value_gives_the_same_bytes() -> None:
    reply = Reply(say("a").blocks, buttons(3), "T", "good")
    assert json.dumps(render.message(reply)) == json.dumps(render.message(Reply.from_json(reply.to_json())))


@pytest.mark.parametrize("tone", ["good", "warn", "error"])
def test_a_tone_gives_an_embed_its_colour(tone: Any) -> None:
    body = render.message(say("It is done", title="T", tone=tone))
    assert body["content"] == ""
    (embed,) = body["embeds"]
    assert embed["description"] == "### T\n\nIt is done"
    assert isinstance(embed["color"], int)


def test_a_post_in_an_embed_keeps_its_title_and_pings_in_the_text() -> None:
    body = render.message(say(f"{markup.ping('5', 'Ada')} late", title="Reminder", tone="warn"), tag=TAG)
    assert body["content"] == "<@5> **Reminder**"
    assert body["embeds"][0]["description"] == "<@5> late"
    assert body["allowed_mentions"]["users"] == ["5"]


def test_pings_are_live_in_posts_only() -> None:
    reply = Reply(
        (Text(markup.ping("5", "A")), Fields((("Who", markup.ping("6", "B")),)), Quote(markup.ping("5", "A")))
    )
    assert render.message(reply, tag=TAG)["allowed_mentions"]["users"] == ["5", "6"]
    assert render.message(reply)["allowed_mentions"] == render.NOBODY


def test_a_long_reply_becomes_an_embed_and_is_cut_at_a_paragraph() -> None:
    body = render.message(say(*[f"Paragraph {n} " + "word " * 40 for n in range(60)]))
    (embed,) = body["embeds"]
    assert len(embed["description"]) <= limits.EMBED
    assert embed["description"].endswith("word \n\n…")


def test_a_single_paragraph_that_is_too_long_is_cut_at_a_line_else_at_a_word() -> None:
    lined = render.fit(list(render.paragraphs((Text("\n".join(f"line {n}" for n in range(500))),))), 300)
    assert len(lined) <= 300
    assert lined.endswith("\n…")
    single = render.fit(list(render.paragraphs((Text("word " * 500),))), 300)
    assert 200 < len(single) <= 300
    assert single.endswith("word…")


def test_a_table_is_monospace_and_its_fence_is_closed_even_when_cut() -> None:
    table = Table(("Who", "Points"), tuple((f"member {n}", str(n)) for n in range(300)), (1,))
    (paragraph,) = render.paragraphs((table,))
    assert str(paragraph).startswith("```\nWho         Points\n")
    cut = render.fit([paragraph], 500)
    assert len(cut) <= 500
    assert cut.endswith("…\n```")


def test_a_table_that_a_phone_would_break_becomes_a_list() -> None:
    wide = Table(("Channel", "What", "Mend"), (("general", "x" * 30, "<@1> **give** it"),))
    assert render.message(Reply((wide,)))["content"] == (
        f"- **general**: What {'x' * 30} · Mend \\<@1> \\*\\*give\\*\\* it"
    )


def test_fields_and_quotes_are_drawn() -> None:
    reply = Reply((Fields((("Zone", "UTC"), ("Streak", "3"))), Quote("one\n# two")))
    assert render.message(reply)["content"] == "**Zone**: UTC\n**Streak**: 3\n\n> one\n> \\# two"


def test_buttons_stand_in_rows_of_five_and_25_at_most() -> None:
    body = render.message(Reply(buttons=buttons(30)))
    assert [len(row["components"]) for row in body["components"]] == [5] * 5
    assert body["content"] == "Done."


def test_a_second_button_with_the_same_target_is_left_out() -> None:
    twice = (Button("A", Call("x")), Button("B", Call("x")), Button("C", "https://a.org"), Button("D", "https://a.org"))
    assert [one["label"] for one in flat(render.message(Reply(buttons=twice)))] == ["A", "C"]


def test_styles_labels_and_addresses() -> None:
    several = (
        Button("x" * 200, Call("a"), "primary"),
        Button("No", Call("b"), "danger"),
        Button("Docs", "https://a.org"),
        Button("Too far", "https://a.org/" + "x" * 600),
    )
    drawn = flat(render.message(Reply(buttons=several)))
    assert [one["style"] for one in drawn] == [1, 4, 5]
    assert len(drawn[0]["label"]) <= 80
    assert "custom_id" not in drawn[2]


def test_a_posts_buttons_carry_its_tag_and_give_it_back() -> None:
    call = Call("note", {"text": "~" + TAG}, group=4)
    (plain,) = flat(render.message(Reply(buttons=(Button("A", call),))))
    (tagged,) = flat(render.message(Reply(buttons=(Button("A", call),)), tag=TAG))
    assert render.read_button(plain["custom_id"]) == (call, None)
    assert render.read_button(tagged["custom_id"]) == (call, TAG)


def test_a_button_that_would_be_too_long_is_left_out_and_told_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    long = Button("A", Call("pick", {"n": "secret" * 20}))
    assert render.message(Reply(buttons=(long,)))["components"] == []
    assert "pick is too long" in caplog.text
    assert "secret" not in caplog.text


_words = st.text(st.sampled_from("ab *_`<@>#\n-|~[]()\\0123456789"), max_size=400).map(lambda s: s * 9)
_blocks: st.SearchStrategy[Block] = st.one_of(
    _words.map(lambda s: Text(markup.escape(s, 9000, lines=True))),
    _words.map(Text),
    _words.map(Quote),
    st.lists(st.tuples(_words, _words), max_size=4).map(lambda rows: Fields(tuple(rows))),
    st.lists(st.tuples(_words, _words), max_size=4).map(lambda rows: Table(("a", "b"), tuple(rows))),
)


@examples(60)
@given(st.lists(_blocks, max_size=5), _words, st.sampled_from(["plain", "error"]))
def test_no_reply_is_longer_than_discord_takes(blocks: list[Block], title: str, tone: Any) -> None:
    for tag in (None, TAG):
        body = render.message(Reply(tuple(blocks), (), markup.escape(title, 200), tone), tag=tag)
        assert len(body["content"]) <= limits.CONTENT
        assert all(0 < len(e["description"]) <= limits.EMBED for e in body["embeds"])
        assert body["content"] or body["embeds"]


def test_an_accent_colours_a_post_whose_title_stays_above_for_the_notification() -> None:
    reply = Reply(say("Why it matters").blocks, buttons(1), "Unit 7", accent=1)
    body = render.message(reply, tag=TAG)
    assert body["content"] == "**Unit 7**"
    (embed,) = body["embeds"]
    assert embed["description"] == "Why it matters"
    assert embed["color"] != render.message(Reply(reply.blocks, title="Unit 7", accent=0))["embeds"][0]["color"]
    assert "flags" not in body


def test_a_tone_is_stronger_than_an_accent_and_there_is_a_colour_for_every_phase() -> None:
    warned = render.message(say("x", tone="warn"))["embeds"][0]["color"]
    assert render.message(Reply(say("x").blocks, tone="warn", accent=3))["embeds"][0]["color"] == warned
    assert render.message(Reply(say("x").blocks, accent=999))["embeds"][0]["color"]


def test_a_role_is_pinged_above_a_post_once_and_by_no_answer() -> None:
    reply = Reply((Text(markup.ping("role:55", "learners")), Text("Why")), title="Unit 7", accent=0)
    body = render.message(reply, tag=TAG)
    assert body["content"] == "<@&55> **Unit 7**"
    assert body["embeds"][0]["description"] == "Why"
    assert body["allowed_mentions"] == {**render.NOBODY, "roles": ["55"]}
    assert render.message(reply)["allowed_mentions"] == render.NOBODY
