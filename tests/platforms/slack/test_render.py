"""Replies drawn as blocks: what each part becomes, and that nothing exceeds what Slack takes."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block as SlackBlock

from bot.messages import markup
from bot.messages.call import Call
from bot.messages.reply import Actions, Button, Divider, Fields, Image, Quote, Reply, Subtext, Table, Text, say
from bot.platforms.slack import limits
from bot.platforms.slack.markdown import is_channel
from bot.platforms.slack.render import fits, render
from tests.examples import examples

AT = datetime(2026, 11, 30, 9, tzinfo=UTC)


def mrkdwn(markdown: str, *, pings: bool = False) -> str:
    """Return what a paragraph becomes."""
    (block,) = render(say(markdown), pings=pings).blocks
    return str(block["text"]["text"])


def valid(blocks: list[dict[str, Any]]) -> None:
    """Hold the blocks against the SDK's models and the documented sizes."""
    assert len(blocks) <= 50
    for parsed in SlackBlock.parse_all(blocks):
        parsed.validate_json()
    for block in blocks:
        if block["type"] == "header":
            assert 0 < len(block["text"]["text"]) <= 150
        if block["type"] == "section":
            assert 0 < len(block.get("text", {"text": "x"})["text"]) <= 3000
            assert all(0 < len(f["text"]) <= 2000 for f in block.get("fields", ()))
            assert len(block.get("fields", ())) <= 10
        if block["type"] == "context":
            assert 0 < len(block["elements"]) <= 10
            assert all(0 < len(element["text"]) <= 3000 for element in block["elements"])
        if block["type"] == "actions":
            assert 0 < len(block["elements"]) <= 25
            assert all(len(e["text"]["text"]) <= 75 for e in block["elements"])


def test_the_buttons_of_a_block_stand_directly_below_it() -> None:
    ways = tuple(Button(label, Call("pick", {"of": label})) for label in "ABCD")
    drawn = render(Reply((Text("Which?"), Actions(ways[:2]), Text("Read on")), ways[2:]), tag="t" * 20).blocks
    assert [block["type"] for block in drawn] == ["section", "actions", "section", "actions"]
    ids = [element["action_id"] for block in drawn for element in block.get("elements", ())]
    assert ids == [f"b{i}~{'t' * 20}" for i in range(4)]
    valid(drawn)


def test_small_print_is_a_context_and_a_divider_a_line() -> None:
    reply = Reply((Text("Read"), Divider(), Subtext("**Due** Sunday\n2 of 5 checked in"), Subtext("")))
    text, line, small = render(reply).blocks
    assert (text["type"], line) == ("section", {"type": "divider"})
    element = {"type": "mrkdwn", "text": "*Due* Sunday\n2 of 5 checked in", "verbatim": True}
    assert small == {"type": "context", "elements": [element]}
    valid([text, line, small])


def test_a_section_is_shown_whole_and_no_plain_text_has_a_backtick() -> None:
    way = Button(f"Try {markup.flat(markup.inline(markup.typed('join')))}", Call("join"))
    drawn = render(Reply((Text("word " * 400),), (way,), title=markup.escape("After `cohort end`"))).blocks
    assert drawn[0]["text"]["text"] == "After cohort end"
    assert drawn[1]["expand"] is True
    assert drawn[2]["elements"][0]["text"]["text"] == "Try join"


def test_small_markdown_becomes_mrkdwn() -> None:
    said = mrkdwn("**Bold** and _soft_, `a<b`, [the notes](https://x.org/a?b=1&c=2)\n- first\n- second")
    assert said == ("*Bold* and _soft_, `a&lt;b`, <https://x.org/a?b=1&amp;c=2|the notes>\n• first\n• second")


def test_tokens_are_drawn_in_slacks_own_way() -> None:
    assert mrkdwn(markup.moment(AT, "Europe/Berlin")) == (
        "<!date^1796029200^{date_short_pretty} at {time}|Mon 30 Nov 2026, 10:00 (Europe/Berlin)>"
    )
    assert mrkdwn(markup.moment(AT, style="day")).startswith("<!date^1796029200^{date_short_pretty}|")
    assert mrkdwn(markup.moment(AT, style="time")).startswith("<!date^1796029200^{time}|")
    assert mrkdwn(markup.typed("checkin 45")) == "`/study checkin 45`"
    assert mrkdwn(markup.name("U1ADA", "<@U2>")) == "&lt;@U2&gt;"


def test_a_ping_is_live_in_posts_only_and_only_for_an_account() -> None:
    assert mrkdwn(markup.ping("U1ADA", "ada")) == "ada"
    assert mrkdwn(markup.ping("U1ADA", "ada"), pings=True) == "<@U1ADA>"
    assert mrkdwn(markup.ping("channel>", "ada"), pings=True) == "ada"


@pytest.mark.parametrize(
    "hostile",
    [
        "<!channel>",
        "<!here|x>",
        "<@U1ADA>",
        "<#C1|general>",
        "<!subteam^S1>",
        "<https://evil.example|bank>",
        "<!date^0^{date}^https://evil.example|x>",
        "&lt;!channel&gt;",
        "`<!channel>`",
        "[<!here>](https://x.org/<!here>)",
    ],
)
def test_what_people_wrote_is_never_live(hostile: str) -> None:
    for markdown in (
        hostile,
        markup.escape(hostile),
        f"**{hostile}**",
        markup.typed(hostile),
        markup.name("U1", hostile),
    ):
        message = render(
            Reply(
                (Text(markdown), Quote(markdown), Fields(((markdown, markdown),)), Table((hostile,), ((hostile,),))),
                title=markdown,
            ),
            pings=True,
        )
        flat = json.dumps([b for b in message.blocks if b["type"] not in {"rich_text", "header"}])
        for dead in ("<!", "<@", "<#", "<https://evil"):
            assert dead not in flat and dead not in message.text


def test_words_that_look_like_markup_stand_as_written() -> None:
    assert mrkdwn(markup.escape("*shout* snake_case 2 * 3 `x`")).replace("\u200b", "") == "*shout* snake_case 2 * 3 `x`"
    assert "*\u200bshout" in mrkdwn(markup.escape("*shout*"))
    assert mrkdwn(markup.escape("> quoted")).startswith("\u200b&gt;")


def test_each_block_has_its_drawing() -> None:
    reply = Reply(
        (
            Text("hello"),
            Fields((("Deadline", "tomorrow"), ("Open", ""))),
            Table(("who", "points"), (("ada", "10"), ("bob", "8")), (1,)),
            Quote("one\ntwo"),
        ),
        (Button("Go", Call("checkin"), "primary"), Button("Read", "https://x.org")),
        title="Unit 7",
    )
    header, text, fields, table, quote, actions = render(reply).blocks
    assert header["text"] == {"type": "plain_text", "text": "Unit 7", "emoji": False}
    assert text["text"]["text"] == "hello"
    assert [f["text"] for f in fields["fields"]] == ["*Deadline*\ntomorrow", "*Open*\n–"]
    assert [[cell["text"] for cell in row] for row in table["rows"]] == [["who", "points"], ["ada", "10"], ["bob", "8"]]
    assert [column["align"] for column in table["column_settings"]] == ["left", "right"]
    assert quote["text"]["text"] == "> one\n> two"
    go, read = actions["elements"]
    assert (go["value"], go["action_id"], go["style"]) == ("1:checkin", "b0", "primary")
    assert (read["url"], read["action_id"]) == ("https://x.org", "b1") and "value" not in read


def test_a_title_with_a_token_is_a_bold_line() -> None:
    (block,) = render(Reply(title=f"Until {markup.moment(AT, style='time')}")).blocks
    assert block["text"]["text"].startswith("*Until <!date^")


def test_one_table_is_slacks_own_and_what_it_does_not_take_is_drawn() -> None:
    table = Table(("who", "points"), (("ada", "10"), ("", "8")), (1,))
    first, second = render(Reply((table, table))).blocks
    assert first["rows"][2][0]["text"] == "–", "Slack takes no empty cell"
    assert second["elements"][0]["elements"][0]["text"] == "who  points\nada      10\n          8"
    long = Table(("n",), tuple((str(n),) for n in range(100)))
    assert render(Reply((long,))).blocks[0]["type"] == "rich_text"
    message = render(Reply((table,)))
    assert message.bare is not None and message.bare.blocks == [second] and message.bare.text == message.text


def test_a_table_wider_than_a_screen_becomes_a_list_where_slack_has_none() -> None:
    table = Table(("unit", "what"), (("7", "x" * 80), ("8", "")))
    (block,) = render(Reply((table,)), has_tables=False).blocks
    assert block["text"]["text"] == f"• *7* what {'x' * 80}\n• *8* "


def test_buttons_stand_five_in_a_row_and_carry_the_tag_of_their_post() -> None:
    buttons = tuple(Button("x" * 90, Call("quiz", {"n": str(n)})) for n in range(30))
    blocks = render(Reply((Text("?"),), buttons), tag="t" * 20).blocks
    assert [len(b["elements"]) for b in blocks[1:]] == [5] * 5
    assert blocks[-1]["elements"][-1]["action_id"] == f"b24~{'t' * 20}"
    valid(blocks)


def test_what_does_not_fit_says_so_and_keeps_its_buttons() -> None:
    reply = Reply(tuple(Text(f"{n} " + "word " * 150) for n in range(80)), (Button("Go", Call("help")),))
    blocks = render(reply).blocks
    assert "doesn't fit" in blocks[-2]["text"]["text"]
    assert blocks[-1]["type"] == "actions"
    assert sum(len(b["text"]["text"]) for b in blocks[:-1]) <= limits.MESSAGE + 100
    valid(blocks)
    short = render(Reply(tuple(Text(str(n)) for n in range(80)), (Button("Go", Call("help")),))).blocks
    assert len(short) == 50
    valid(short)


def test_a_long_line_is_cut_between_words_and_never_inside_a_token() -> None:
    blocks = render(say(("word " * 30 + markup.moment(AT) + " &") * 30)).blocks
    for block in blocks:
        text = block["text"]["text"]
        assert text.count("<!date^") == text.count("|Mon 30 Nov") == text.count(">") and not text.endswith("&")
    assert len(blocks) > 1


def test_an_empty_reply_still_says_something() -> None:
    assert render(Reply()).text == "Done."


def test_notification_text_is_bounded_after_escaping() -> None:
    assert len(render(say("<" * 2999)).text) <= 3000


_markdown = st.text(st.sampled_from("ab *_`~<>&[]()|\\-\n\x02\x03é#@!^") | st.characters(codec="utf-8"), max_size=4000)


@given(_markdown, st.lists(st.tuples(_markdown, _markdown), min_size=1, max_size=12))
@examples(60)
def test_whatever_is_said_the_blocks_are_within_slacks_limits(text: str, rows: list[tuple[str, str]]) -> None:
    table = Table(("a", "b"), tuple((a[:90], b[:90]) for a, b in rows))
    reply = Reply((Text(text), Quote(text), Fields(tuple(rows)), table), (Button(text or "x", Call("help")),), text)
    message = render(reply)
    valid(message.blocks)
    assert 0 < len(message.text) <= 3000


def test_a_countdown_says_the_instant_once() -> None:
    drawn = render(say(markup.moment(datetime(2026, 12, 1, 9, tzinfo=UTC), "UTC", "countdown")))
    assert str(drawn.blocks).count("<!date^") == 1
    assert drawn.text.count("1 Dec 2026") == 1


def test_a_room_leads_there_by_its_id_alone() -> None:
    blocks = str(render(say(f"{markup.room('C012345', '#study')} {markup.room('general', '<#C1>')}")).blocks)
    assert "<#C012345>" in blocks
    assert "&lt;#C1&gt;" in blocks


def test_a_channels_id_is_told_from_its_name() -> None:
    assert is_channel("C0123456") and is_channel("G0123456")
    assert not any(map(is_channel, ("study", "#study", "U0123456", "c0123456", "")))


def test_a_private_answer_has_room_for_the_button_that_shows_its_picture() -> None:
    reply = Reply(
        (Image("board", {}, "Ranks", "Ada is first."),),
        tuple(Button(f"{n}", Call("pick", {"n": f"{n}"})) for n in range(25)),
    )
    assert not fits(reply) and fits(replace(reply, buttons=reply.buttons[1:]))
