from __future__ import annotations

import re
from base64 import b64decode
from datetime import UTC, datetime

import pytest

from bot.html.render import card, is_web, line, markdown
from bot.messages import markup
from bot.messages.call import Call
from bot.messages.reply import (
    Actions,
    Button,
    Choice,
    Choices,
    Divider,
    Fields,
    File,
    Image,
    Listing,
    Quote,
    Reply,
    Subtext,
    Table,
    Text,
    say,
)

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "' autofocus onfocus='alert(1)",
    "</div><iframe src=//evil>",
    "&lt;b&gt; &amp; <b>",
    "{{ 7 * 7 }} {% raw %} {0} {x}",
)
AT = datetime(2026, 11, 29, 21, 0, tzinfo=UTC)


def tags(html: str) -> set[str]:
    return {t.lower() for t in re.findall(r"</?([A-Za-z0-9]+)", html)}


def test_the_buttons_of_a_block_stand_directly_below_it() -> None:
    html = card(Reply((Text("Which?"), Actions((Button("A", Call("pick")),)), Text("Read on")), (Button("B", "x:"),)))
    assert html.index("Which?") < html.index(">A</button>") < html.index("Read on")


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_hostile_becomes_markup_wherever_it_stands(text: str) -> None:
    reply = Reply(
        (
            Text(text),
            Text(markup.escape(text)),
            Text(f"{markup.name('u', text)} {markup.ping(text, text)} {markup.typed(text)} `{text}` **{text}**"),
            Fields(((text, text),)),
            Table((text,), ((text,),)),
            Quote(text),
            Subtext(text),
            Divider(),
            Listing(text),
            Image(text, {text: text}, text, text),
        ),
        (Button(text, Call("help", {"command": text})), Button(text, f"https://example.org/{text}")),
        title=text,
    )
    html = str(card(reply))
    known = "div h3 p span strong em code button a dl dt dd table thead tbody tr th td blockquote br pre img hr"
    assert tags(html) <= set(known.split())
    for tag in re.findall(r"<[a-z][^>]*>", html):
        names = re.findall(r'([a-z-]+)="[^"]*"', tag)
        assert not [n for n in names if n.startswith("on") or n == "autofocus"], tag
        assert re.sub(r'\s[a-z-]+="[^"<>]*"', "", tag).strip("<>/ ").isalnum(), tag


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "data:text/html,x", "//evil.example", "x"],
)
def test_only_web_addresses_become_links(url: str) -> None:
    assert not is_web(url)
    assert "href" not in card(say("x", buttons=(Button("Go", url),)))
    assert "href" not in markdown(f"[go]({url})")


def test_small_markdown_has_its_tags() -> None:
    html = markdown(
        "A **bold** _word_ and `code`, [a link](https://example.org/a?b=1&c=2)\nsecond\n\n- one\n- two\nend"
    )
    assert html == (
        "<p>A <strong>bold</strong> <em>word</em> and <code>code</code>, "
        '<a href="https://example.org/a?b=1&amp;c=2" target="_blank" rel="noopener noreferrer nofollow">a link</a>'
        "<br>second</p><ul><li>one</li><li>two</li></ul><p>end</p>"
    )


def test_an_instant_carries_its_utc_time_and_a_text_in_the_zone_asked_for() -> None:
    html = line(markup.moment(AT, "UTC"), "Europe/Berlin")
    assert html == (
        '<time datetime="2026-11-29T21:00:00Z" data-style="full">Sun 29 Nov 2026, 22:00 (Europe/Berlin)</time>'
    )
    assert "Asia/Tokyo" in line(markup.moment(AT, "Asia/Tokyo"))


def test_a_command_is_a_button_that_fills_the_line_and_a_ping_shows_its_name() -> None:
    assert 'data-line="checkin 45"' in line(markup.typed("checkin 45"))
    assert line(markup.ping("ada", "Ada")) == '<span class="name ping" data-who="ada">@Ada</span>'
    assert line(markup.name("ada", "Ada")) == '<span class="name">Ada</span>'


def test_a_button_carries_its_packed_call_and_its_style() -> None:
    html = card(say("x", buttons=(Button("Check in", Call("checkin", {"unit": "7"}, ask=True), "primary"),)))
    assert '<button type="button" class="button primary" data-call="1:checkin!?unit=7">Check in</button>' in html


def test_numbers_of_a_table_stand_right_and_its_heads_are_heads() -> None:
    html = card(Reply((Table(("Name", "Points"), (("Ada", "58"),), (1,)),)))
    assert '<th scope="col" class="number">Points</th>' in html
    assert '<td class="words">Ada</td><td class="number">58</td>' in html


def test_the_same_reply_gives_the_same_bytes() -> None:
    reply = Reply((Text("a"), Fields((("b", "c"),))), (Button("d", Call("help")),), "e", "good")
    assert card(reply) == card(reply)
    assert 'class="card good"' in card(reply)


def test_a_phase_gives_a_card_a_coloured_edge() -> None:
    assert '<div class="card plain accent-2">' in card(Reply(say("x").blocks, accent=2))
    assert '<div class="card plain accent-0">' in card(Reply(say("x").blocks, accent=6))
    assert '<div class="card plain">' in card(say("x"))


def test_a_picture_is_named_by_its_path_described_by_its_alt_and_opens_large() -> None:
    image = Image("figure", {"track": "small", "figure": "a&b"}, 'Five "boxes"', "_Figure:_ five boxes")
    html = str(card(Reply((image,))))
    assert html.count('="/drawn/figure?figure=a%26b&amp;track=small"') == 2
    assert 'alt="Five &#34;boxes&#34;"' in html and 'target="_blank"' in html
    assert "_Figure" not in html


def test_a_listing_keeps_its_lines_and_spaces() -> None:
    assert "<code>if x:\n    y()</code>" in str(card(Reply((Listing("if x:\n    y()"),))))


def test_a_file_is_saved_from_the_page_itself_under_its_name() -> None:
    shown = str(card(Reply((File('../"x".csv', "text/csv", "é,1"),))))
    assert 'download="x-.csv"' in shown
    data = re.search(r'href="data:text/csv;charset=utf-8;base64,([^"]+)"', shown)
    assert data is not None and b64decode(data[1]).decode() == "é,1"


def test_a_choice_is_the_button_with_its_call_whatever_the_button_says() -> None:
    pick = Call("quiz pick", {"pick": "A"})
    choices = Choices.of((Choice("A", "one", call=pick), Choice("B", "two", call=Call("quiz pick", {"pick": "B"}))))
    drawn = card(Reply((choices,), (Button("Take the first", pick), Button("B", Call("quiz stop")))))
    assert drawn.count("<button") == 2
    assert f'class="button choice" data-call="{pick.pack()}"' in drawn
    assert '<div class="choice">' in drawn, "no button has the second choice's Call"
    inside = card(Reply((choices, Actions((Button("A", pick),)))))
    assert inside.count("<button") == 1 and 'class="button choice"' in inside
