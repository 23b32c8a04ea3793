"""Replies that are too large for one message, divided into pages that keep every word and button."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.messages import markup
from bot.messages.call import Call
from bot.messages.paging import split_reply
from bot.messages.reply import Actions, Button, Fields, Listing, Quote, Reply, Table, Text, say
from tests.examples import examples
from tests.messages.test_reply import REPLIES

WORDS = st.lists(st.text("abc ", min_size=1, max_size=30), min_size=1, max_size=8).map("\n".join)
LABELS = st.text("abc ", min_size=1, max_size=30)
BLOCKS = st.one_of(
    st.builds(Text, WORDS),
    st.builds(Quote, WORDS),
    st.builds(Listing, WORDS),
    st.lists(st.tuples(LABELS, WORDS), min_size=1, max_size=8).map(lambda rows: Fields(tuple(rows))),
    st.lists(st.tuples(WORDS), min_size=1, max_size=8).map(lambda rows: Table(("a",), tuple(rows))),
)
LARGE = st.builds(Reply, st.lists(BLOCKS, max_size=6).map(tuple), st.just(()), st.just("T"))


def fits(reply: Reply) -> bool:
    return len(reply.plain()) <= 120 and len(reply.all_buttons) <= 8


def buttons(count: int) -> tuple[Button, ...]:
    return tuple(Button(str(n), Call("pick", {"n": str(n)})) for n in range(count))


def letters(*replies: Reply) -> str:
    said = "".join(reply.plain().removeprefix("T").split("\n\n", 1)[-1] for reply in replies)
    return "".join(letter for letter in said if letter in "abc")


@given(LARGE)
@examples(40)
def test_every_page_fits_and_together_they_say_all(reply: Reply) -> None:
    pages = split_reply(reply, fits)
    assert all(fits(page) for page in pages)
    said, shown = letters(reply), letters(*pages)
    assert all(shown.count(letter) >= said.count(letter) for letter in "abc")


@given(REPLIES)
@examples(20)
def test_a_reply_that_fits_is_its_only_page(reply: Reply) -> None:
    assert split_reply(reply, lambda _: True) == (reply,)


def test_a_text_is_divided_at_a_line_then_between_words_and_never_inside_markup() -> None:
    lines = split_reply(say("\n".join(f"line {n}" for n in range(40))), fits)
    assert all(page.plain().startswith("line ") and page.plain()[-1].isdigit() for page in lines)
    words = split_reply(say("word " * 60), fits)
    assert {word for page in words for word in page.plain().split()} == {"word"}
    link = f"[{'a b ' * 20}](https://example.org) "
    pages = split_reply(say(link * 4 + f"**{'bold ' * 10}** {markup.typed('help checkin')}"), fits)
    assert len(pages) > 2 and "[" not in "".join(page.plain() for page in pages)


def test_the_buttons_of_a_reply_stand_on_each_page_and_those_of_a_block_below_it() -> None:
    block, below = Text("x" * 90), Actions(buttons(2))
    pages = split_reply(Reply((Text("y" * 90), block, below), buttons(3)[2:]), fits)
    assert [page.blocks for page in pages] == [(Text("y" * 90),), (block, below)]
    assert all(len(page.buttons) == 1 for page in pages)


def test_more_buttons_than_a_message_has_are_spread_over_pages() -> None:
    pages = split_reply(Reply((Text("Which?"),), buttons(30)), fits)
    assert [button.label for page in pages for button in page.all_buttons] == [str(n) for n in range(30)]
    assert all(len(page.all_buttons) <= 6 for page in pages)
