"""The small Markdown: what hostile text can never become, and what our own text does become."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import markup
from bot.messages.markup import (
    Code,
    Line,
    Link,
    Moment,
    Name,
    Ping,
    Plain,
    Span,
    Styled,
    TypedCommand,
    escape,
    inline,
    parse,
)

AT = datetime(2026, 3, 8, 20, 0, tzinfo=UTC)
HOSTILE = [
    "**bold**", "_italic_", "`code`", "[click](https://evil.example)", "\x02p|1|x\x03", "\x02n|1|x\x03",
    "\\**bold**", "\\\\**bold**", "**", "_", "a\u202egnp.exe", "x\x00y", "two\nlines", "@everyone", "<!channel>",
    "\\", "[a]\\(https://x.org)", "`", "\x02", "\x03",
]  # a table of data # fmt: skip
TEXTS = st.one_of(
    st.lists(st.sampled_from([*HOSTILE, " ", "a"]), max_size=6).map("".join),
    st.text(max_size=60),
    st.text(alphabet="*_`[]()\\ \n\x02\x03|ptnc1https:/.a", max_size=60),
)


def spans(markdown: str) -> list[Span]:
    """Return the spans of all lines."""
    return [span for line in parse(markdown) for span in line.spans]


@pytest.mark.parametrize("text", HOSTILE)
def test_escaped_text_is_plain_and_says_what_it_said(text: str) -> None:
    wanted = " ".join(markup.clean(text).split())
    assert inline(escape(text)) in ((Plain(wanted),), ())


@pytest.mark.parametrize("text", ["Ready?", "Ready!", "Ready.", "Ready:", "Ready…"])
def test_a_sentence_gets_a_full_stop_only_if_it_lacks_a_mark(text: str) -> None:
    assert markup.end_sentence(text) == text
    assert markup.end_sentence("Ready ") == "Ready."


@given(TEXTS)
def test_no_text_whatever_becomes_markup_or_a_token(text: str) -> None:
    assert all(isinstance(span, Plain) for span in spans(escape(text)))
    assert all(isinstance(span, Plain) for span in spans(escape(text, lines=True)))


@given(TEXTS)
def test_escaping_loses_nothing_but_control_characters_and_spacing(text: str) -> None:
    said = markup.flat(inline(escape(text)))
    assert "".join(said.split()) == "".join(markup.clean(text).split())


@given(TEXTS)
def test_hostile_text_cannot_leave_the_markup_that_we_put_around_it(text: str) -> None:
    safe = escape(text)
    around = inline(f"**{safe}** and _{safe}_ end")
    live = [s for s in around if not isinstance(s, Plain | Styled)]
    inner = [s for span in around if isinstance(span, Styled) for s in span.spans]
    assert not live
    assert all(isinstance(s, Plain) for s in inner)
    link = inline(f"[{safe}](https://ours.example)")
    assert all(isinstance(s, Plain) or (isinstance(s, Link) and s.url == "https://ours.example") for s in link)


@given(TEXTS)
def test_notes_may_have_code_and_nothing_else(text: str) -> None:
    assert all(isinstance(span, Plain | Code) for span in spans(markup.prose(text)))


@given(TEXTS, TEXTS)
def test_a_name_stays_inside_its_token(account_id: str, name: str) -> None:
    for token, kind in ((markup.name(account_id, name), Name), (markup.ping(account_id, name), Ping)):
        (line,) = parse(f"{token}")
        (span,) = line.spans
        assert isinstance(span, kind)
        assert "\n" not in span.fallback


@given(TEXTS)
def test_a_typed_command_stays_inside_its_token(command: str) -> None:
    (line,) = parse(f"see {markup.typed(command)} there")
    assert [type(s) for s in line.spans] == [Plain, TypedCommand, Plain]


@given(st.text(max_size=200))
def test_parsing_never_raises(text: str) -> None:
    for line in parse(text):
        markup.flat(line.spans)


@pytest.mark.parametrize("inner", ["x|1", "t|now|full|UTC", "t|1|weekly|UTC", "n|1", "c", "p|1|2|3", ""])
def test_a_token_of_an_unknown_shape_is_nothing(inner: str) -> None:
    assert inline(f"a\x02{inner}\x03b") == (Plain("ab"),)


def test_text_is_bounded_before_it_is_escaped() -> None:
    said = markup.flat(inline(escape("*" * 5000, 100)))
    assert len(said) == 100
    assert said.endswith("…")


def test_a_cut_falls_between_words_where_it_can() -> None:
    assert markup.clip("read two long papers", 12) == "read two…"
    assert markup.clip("read", 12) == "read"
    assert markup.clip("a" * 20, 12) == "a" * 11 + "…"


def test_line_breaks_of_a_person_are_kept_only_where_they_may_stand() -> None:
    assert escape("a\r\nb\rc") == "a b c"
    assert escape("a\r\nb\rc", lines=True) == "a\nb\nc"


def test_characters_that_hide_or_turn_text_are_removed() -> None:
    assert escape("a\u202eb\u200bc\ufeffd\x07e") == "abcde"


def test_the_small_markdown_is_read() -> None:
    assert inline("a **b _c_** `d` [e](https://x.org) \\*f") == (
        Plain("a "),
        Styled("bold", (Plain("b "), Styled("italic", (Plain("c"),)))),
        Plain(" "),
        Code("d"),
        Plain(" "),
        Link("e", "https://x.org"),
        Plain(" *f"),
    )


def test_lines_that_start_with_a_dash_are_bullets() -> None:
    assert parse("a\n- b\n") == (Line((Plain("a"),)), Line((Plain("b"),), is_bullet=True), Line(()))


def test_an_underline_inside_a_word_is_none() -> None:
    assert inline("snake_case_name") == (Plain("snake_case_name"),)


def test_a_moment_is_told_in_the_zone_of_its_writer_or_its_reader() -> None:
    (span,) = inline(markup.moment(AT, "Europe/Berlin"))
    assert span == Moment(AT, "full", "Europe/Berlin")
    assert isinstance(span, Moment)
    assert span.text() == "Sun 8 Mar 2026, 21:00 (Europe/Berlin)"
    assert span.text("Pacific/Kiritimati") == "Mon 9 Mar 2026, 10:00 (Pacific/Kiritimati)"


def test_a_moment_may_be_a_day_or_a_time() -> None:
    said = f"{markup.moment(AT, style='day')} {markup.moment(AT, 'Asia/Kolkata', 'time')}"
    assert markup.flat(inline(said)) == "Sun 8 Mar 2026 01:30"


def test_names_commands_and_links_have_a_plain_form() -> None:
    said = f"{markup.name('1', 'Ada')}: {markup.typed('checkin 45')}, **see** [this](https://x.org)"
    assert markup.flat(inline(said), prefix="/study ") == "Ada: `/study checkin 45`, see this (https://x.org)"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("two words", "**two words**"),
        ("a **b** c", "**a b c**"),
        ("an _idea_ and `code`", "**an _idea_ and `code`**"),
        (r"2 \* 3 \[1\]", r"**2 \* 3 \[1\]**"),
        ("by `a * b` and", "**by** `a * b` **and**"),
        ("see [a page](https://a.example/b)", "**see [a page](https://a.example/b)**"),
        ("", ""),
    ],
)
def test_a_line_is_made_bold_and_says_the_same(written: str, shown: str) -> None:
    assert markup.bold(written) == shown
    assert markup.flat(markup.inline(shown)) == markup.flat(markup.inline(written))


@given(st.text())
def test_bold_words_are_the_same_words(text: str) -> None:
    written = markup.escape(text)
    assert markup.flat(markup.inline(markup.bold(written))) == markup.flat(markup.inline(written))
