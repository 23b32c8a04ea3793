"""A note's Markdown in the language of replies: what is meant stays, what is hostile is shown as it stands."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.curriculum import note_renderer
from bot.curriculum.note import Section
from bot.curriculum.track import Track
from bot.messages import markup
from bot.messages.reply import Block, Image, Listing, Quote, Table, Text
from tests.curriculum.test_track import loaded, track


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Track:
    return loaded(track(tmp_path_factory.mktemp("tracks") / "small"))


def blocks(small: Track, text: str) -> list[Block]:
    return list(note_renderer.blocks(small, Section("Heading", text, (), ())))


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("a **bold** and *thin* or _thin_ word", "a **bold** and _thin_ or _thin_ word"),
        ("`x_1 * y` and ``a`b``", "`x_1 * y` and a\\`b"),
        ("4 * 3 * 2 and snake_case_name", "4 \\* 3 \\* 2 and snake\\_case\\_name"),
        ("**see `fit_it` now**", "**see fit\\_it now**"),
        ("**see `fit` now**", "**see `fit` now**"),
        ("[docs](https://a.org/x_(y)) and [a note](tf-attention.md)", "[docs](https://a.org/x_(y%29) and a note"),
        ("[bad](javascript:alert(1)) ![x](y.svg)", "bad x"),
        (r"\*not bold\* and W_Q, W_K", r"\*not bold\* and W\_Q, W\_K"),
        ("[1] and a[i]", "\\[1\\] and a\\[i\\]"),
        ("@everyone <@1> \x02p|1|x\x03", "@everyone <@1> p|1|x"),
    ],
)
def test_inline_marks_keep_their_meaning(written: str, said: str) -> None:
    assert note_renderer.inline(written) == said


def test_a_section_is_paragraphs_lists_tables_quotes_code_and_figures_in_order(small: Track) -> None:
    text = (
        "First line\nsecond line.\n\n- one\n  goes on\n- two `x`\n1. three\n\n### Under it\n\n> said\n> so\n\n"
        "| Name | Cost |\n| --- | ---: |\n| a\\|b `c` | 3 |\n| short |\n\n"
        "```python run\nif x:\n    y()\n```\n```\nagain\n```\n\n![Five boxes in a row](../figures/row.svg)\n\n"
        "<!-- figure: more -->\nThe end."
    )
    assert blocks(small, text) == [
        Text("First line second line."),
        Text("- one goes on\n- two `x`\n1. three"),
        Text("**Under it**"),
        Quote("said so"),
        Table(("Name", "Cost"), (("a|b c", "3"), ("short", "")), (1,)),
        Listing("if x:\n    y()"),
        Listing("again"),
        Image("figure", {"track": "small", "figure": "row"}, "Five boxes in a row", "_Figure:_ Five boxes in a row"),
        Text("The end."),
    ]


def test_what_no_person_would_write_is_cut(small: Track) -> None:
    (long,) = blocks(small, "word " * 2000)
    assert isinstance(long, Text) and len(long.markdown) <= note_renderer.PARAGRAPH_MAX
    (code,) = blocks(small, "```\n" + ("x" * 1000 + "\n") * 100 + "```")
    assert isinstance(code, Listing) and len(code.code) < 61 * 201
    (table,) = blocks(small, "| a |\n| --- |\n" + f"| {'w' * 999} |\n" * 200)
    assert (
        isinstance(table, Table)
        and len(table.rows) == note_renderer.ROWS
        and len(table.rows[0][0]) == note_renderer.CELL
    )


def test_code_that_is_never_closed_and_a_table_without_rows_are_shown_all_the_same(small: Track) -> None:
    assert blocks(small, "```\nx = 1\n") == [Listing("x = 1")]
    assert blocks(small, "| a | b |\n") == [Table(("a", "b"), ())]
    assert blocks(small, "") == blocks(small, "<!-- figure: x -->") == []


@given(st.text(alphabet="ab *_`[]()!\\|<@#->\n\x02\x03", max_size=80))
def test_whatever_is_written_no_token_and_no_unsafe_link_comes_of_it(written: str) -> None:
    spans = markup.inline(note_renderer.inline(written))
    assert not [s for s in spans if isinstance(s, markup.Ping | markup.Name | markup.Room | markup.TypedCommand)]
    assert all(s.url.startswith("http") for s in spans if isinstance(s, markup.Link))


@pytest.mark.parametrize(
    "text",
    ["See " + "`" * 1000 + "x" * 1000, " ".join("`" * length for length in range(1, 63)), "### a" + " " * 90_000 + "b"],
    ids=["unclosed", "runs", "heading"],
)
def test_a_hostile_section_is_read_in_little_time(small: Track, text: str) -> None:
    begun = time.process_time()
    assert blocks(small, text)
    assert time.process_time() - begun < 1
