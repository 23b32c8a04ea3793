"""Anybody's Markdown is read: headings of any level cut it, and only what cannot be used is a fault."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.answers.index.sentences import split
from bot.curriculum import note_renderer
from bot.curriculum.markdown_body import Body
from bot.curriculum.plain_note_reader import MOST_BYTES, PlainNote, _expand_links, read_plain_note
from bot.messages import markup
from bot.messages.markup import Link, Span, Styled
from bot.messages.reply import plain_block
from tests.examples import examples, sample


def headings(found: PlainNote) -> list[str]:
    assert found.note is not None, found.faults
    return [section.heading for section in found.note.sections]


def test_a_text_without_headings_is_one_section_under_its_title() -> None:
    found = read_plain_note("Owls meet at nine.\nThey sleep by day.", "owls.txt")
    assert (found.title, headings(found)) == ("owls", ["owls"])


def test_the_first_heading_is_the_title_and_the_others_cut_whatever_their_level() -> None:
    assert headings(read_plain_note("# Owls\n\nText.\n\n### Night\n\nText.\n\n### Day\n\nText.")) == [
        "Owls",
        "Night",
        "Day",
    ]
    assert headings(read_plain_note("Owls\n====\n\nNight\n-----\n\nText.\n")) == ["Night"]
    assert headings(read_plain_note("# One\n\nText.\n\n# Two\n\nText.\n\n## Three\n\nText.")) == ["One", "Two", "Three"]


def test_a_heading_that_stands_twice_is_numbered() -> None:
    assert headings(read_plain_note("## Night\n\nText.\n\n## Night\n\nText.", title="Owls")) == ["Night", "Night (2)"]


def test_front_matter_gives_title_and_questions_and_its_other_keys_are_left_alone() -> None:
    said = (
        "---\ntitle: Owls\ntags: [a, b]\nanswers: [{q: when do owls meet, heading: Night}]\n---\n## Night\n\nAt nine."
    )
    found = read_plain_note(said)
    assert found.title == "Owls" and found.note is not None
    assert found.note.sections[0].asked == ("when do owls meet",)


def test_a_rule_above_a_text_is_no_front_matter() -> None:
    assert headings(read_plain_note("---\n\nOwls meet at nine.", "owls.md")) == ["owls"]


@pytest.mark.parametrize(
    ("said", "line", "sentence"),
    [
        ("", 1, "The note has no text."),
        ("# Title\n", 1, "The note has no text."),
        ("# Title\n```\n\n```\n---\n", 1, "The note has no text."),
        ("Text.\n\n~~~\nnever closed", 3, "This code block has no closing line."),
        ("Text.\nmore\x00", 2, "This is not text: remove the control character."),
        ("---\na: [\n---\nText.", 2, "This is not YAML: check the quotes, colons and indentation."),
        ("x" * (MOST_BYTES + 1), 1, "The note has 101 kB. The limit is 100 kB."),
        ("\n".join(f"## h{n}\n\ntext" for n in range(101)), 301, "The note has 101 headings. The limit is 100."),
    ],
)
def test_what_cannot_be_used_is_told_by_its_line(said: str, line: int, sentence: str) -> None:
    found = read_plain_note(said)
    assert found.note is None
    assert [(fault.line, fault.sentence) for fault in found.faults] == [(line, sentence)]


def test_a_short_quote_under_a_heading_is_a_gist_and_a_long_one_is_text() -> None:
    found = read_plain_note(
        "## A\n\n> Owls meet at nine.\n\nText here.\n\n## B\n\n> " + "owls and gulls " * 40, title="Owls"
    )
    assert found.note is not None
    assert found.note.sections[0].gist == "Owls meet at nine."
    assert found.note.sections[1].gist == "" and "owls and gulls" in found.note.sections[1].paragraphs[0]


def test_a_link_shows_where_it_leads() -> None:
    found = read_plain_note(
        "See [our bank](https://evil.example) and [this](x.md), and `[code](https://a.example)` stays."
    )
    assert found.note is not None
    assert found.note.sections[0].text == (
        "See our bank (https://evil.example) and this, and `[code] (https://a.example)` stays."
    )


def links(found: PlainNote) -> list[Link]:
    """Return every link in what is shown of a note, or quoted from it."""
    sections = found.note.sections if found.note is not None else ()
    shown = [getattr(b, "markdown", "") for section in sections for b in note_renderer.blocks(None, section)]
    quoted = [
        note_renderer.inline(said)
        for section in sections
        for p in (*section.paragraphs, section.gist)
        for said in (p, *split(p))
    ]
    return [span for said in (*shown, *quoted) for line in markup.parse(said) for span in flat(line.spans)]


def flat(spans: tuple[Span, ...]) -> Iterator[Link]:
    for span in spans:
        if isinstance(span, Link):
            yield span
        elif isinstance(span, Styled):
            yield from flat(span.spans)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("See [our\nbank](https://evil.example).", "See our bank (https://evil.example)."),
        ("See [our [good] bank](https://evil.example).", "See [our [good] bank] (https://evil.example)."),
        (
            "See [![logo](https://a.example/x.png)](https://evil.example).",
            "See logo (https://a.example/x.png) (https://evil.example).",
        ),
        ("See ![our bank](https://evil.example/x.png).", "See our bank (https://evil.example/x.png)."),
        ("See [our bank](<https://evil.example> 'ours').", "See our bank (https://evil.example)."),
        ("See [our bank][1].\n\n[1]: https://evil.example", "[1]: https://evil.example"),
        ("See <https://evil.example>.", "See <https://evil.example>."),
        ('See <a href="https://evil.example">our bank</a>.', 'See <a href="https://evil.example">our bank</a>.'),
        ("A `tick.\n` [our bank](https://evil.example) ` more.", "A tick. our bank (https://evil.example)"),
        ("A `tick`` [our bank](https://evil.example) ` more.", "our bank (https://evil.example)"),
        ("[~~~](x.md)\n~~~\n[our bank](https://evil.example)\n~~~\nmore\n~~~", "[our bank] (https://evil.example)"),
        ("## A\n    ~~~\n~~~\n[our bank](https://evil.example)\n~~~", "[our bank] (https://evil.example)"),
        ("![[our bank](https://evil.example) ](../figures/x.svg)", "our bank (https://evil.example)"),
    ],
)
def test_no_kind_of_link_hides_where_it_leads(said: str, shown: str) -> None:
    found = read_plain_note(said, title="Owls")
    assert found.note is not None, found.faults
    drawn = [plain_block(b) for section in found.note.sections for b in note_renderer.blocks(None, section)]
    assert shown in " ".join(drawn) and links(found) == []


PIECES = (
    "[", "]", "(", ")", "](", "![", "](<", "`", "``", "```\n", "~~~\n", "\n", "\n\n", " ", "    ", "<", ">", "\\", "**",
    "_", "> ", "- ", "| ", "|--|\n", "## ", "<!--", "-->", "https://evil.example", "https://evil.example)", "our bank.",
    "Our bank", "[1]: ", '<a href="', "../figures/x.svg)", "\u202e", "\u200b", "== \n",
)  # a table of data # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=24).map("".join))
@examples(300)
@example("## A\n    ~~~\n~~~\n[our bank](https://evil.example)\n~~~")
def test_no_text_makes_a_link_and_none_moves_a_line(said: str) -> None:
    assert links(read_plain_note(said, title="Owls")) == []
    assert len(_expand_links(Body(said)).lines) == said.count("\n") + 1


@pytest.mark.parametrize(
    "piece",
    sample(
        [
            "[",
            "[a](",
            "[a](" + " " * 50,
            "`",
            "``a",
            "# ",
            "> ",
            "- ",
            "| ",
            "**a",
            "_",
            "---\n",
            "<!--",
            "\\",
            "a\u0301",
            "== \n",
        ],
        5,
    ),
)
def test_no_text_takes_long_to_be_read(piece: str) -> None:
    began = time.process_time()
    read_plain_note(piece * (MOST_BYTES // len(piece.encode())))
    assert time.process_time() - began < 2


def test_the_name_of_a_file_is_a_title_without_markup() -> None:
    assert read_plain_note("Some text.", "deploy[x](y) *notes*_v2.md").title == "deploy x y notes v2"
    assert read_plain_note("Some text.", "[].md").title == "Note"
