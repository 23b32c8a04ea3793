"""The body of a note: headings and links, code left out."""

from bot.curriculum.markdown_body import Body, Figure, Heading, NumberedLink, paragraphs


def test_headings_carry_level_text_and_the_files_line() -> None:
    body = Body("# Top\n\n## Two words ##\nText\n### `dict.get`\n#hash\n", first_line=10)
    assert body.headings == (Heading(1, "Top", 10), Heading(2, "Two words", 12), Heading(3, "`dict.get`", 14))


def test_code_is_neither_heading_nor_link() -> None:
    body = Body("```python\n## comment\nx[0](y)\n```\nText `a[0](b)` and [real](c.md)\n~~~~\n~~~\n# no\n~~~~\n")
    assert body.headings == ()
    assert body.links == (NumberedLink("c.md", 5),)
    assert body.open_fence is None


def test_a_line_of_code_in_marks_opens_no_fence() -> None:
    body = Body("```x = 1``` is code.\n## After")
    assert body.open_fence is None and body.headings == (Heading(2, "After", 2),)


def test_only_marks_that_stand_apart_close_a_heading() -> None:
    assert [heading.text for heading in Body("## What C# is ##\n## C#\n## ##\n##  Two   words").headings] == [
        "What C# is",
        "C#",
        "##",
        "Two words",
    ]


def test_a_fence_that_never_ends_is_told_by_its_first_line() -> None:
    assert Body("Text\n```python\nx = 1\n", first_line=20).open_fence == 21


def test_a_shorter_or_labelled_fence_does_not_close_a_longer_one() -> None:
    assert Body("````\n```\n```python\n````\n## After").headings == (Heading(2, "After", 5),)


def test_anchors_are_made_as_github_makes_them() -> None:
    body = Body("## When a set beats a list\n## What's `x[0]`, really?\n### Twice\n### Twice\n")
    assert body.anchors == {"when-a-set-beats-a-list", "whats-x0-really", "twice", "twice-1"}


def test_links_images_and_definitions_are_found_with_their_lines() -> None:
    body = Body(
        '[a](one.md#x "Title") and ![b](<two.png>)\n[c\nd](three.md)\n\n[ref]: four.md\n'
        "[wiki](https://example.org/a_(b)) [e]( five.md )"
    )
    targets = [(link.target, link.line) for link in body.links]
    assert targets == [
        ("one.md#x", 1),
        ("two.png", 1),
        ("three.md", 3),
        ("four.md", 5),
        ("https://example.org/a_(b)", 6),
        ("five.md", 6),
    ]


def test_headings_alone_are_no_text() -> None:
    assert Body("\n## Heading\n\n```\ncode\n```\n").is_empty
    assert not Body("## Heading\nA sentence.").is_empty


def test_hostile_lines_are_read_in_linear_time() -> None:
    many = 200_000
    for line in (
        "[" * many,
        "](" * many,
        "`" * many,
        "# " + " " * many + "x",
        "#" * many,
        "# x" + " #" * many + "y",
        "[a]:" + " " * many,
        "![" * many + "](../figures/a",
        "<!--" + " -->" * many,
        "## a\n" + ">" * many,
    ):
        Body(line).links  # noqa: B018
        assert Body(line).headings is not None
        assert [part.gist and part.figures for part in Body(line).parts]


def test_prose_is_read_without_code_tables_headings_and_marks_of_lists() -> None:
    text = "First line\nsecond line.\n\n- an item\n- another\n\n### Sub\n\n| a | b |\n\n"
    text += "```python\ncode\n```\n> said\n1. one"
    assert list(paragraphs(text)) == ["First line second line.", "an item", "another", "one"]


def test_a_longer_fence_holds_a_shorter_one() -> None:
    assert list(paragraphs("````\n```\ncode\n```\nstill code\n````\nprose")) == ["prose"]


def test_a_gist_stands_directly_under_a_heading_and_apart_from_the_section() -> None:
    body = Body("> No gist.\n## A\n\n> A list keeps\n> its `order`.\n\nProse.\n\n> A quote.\n## B\nProse.\n> Said.\n")
    top, first, second = body.parts
    assert (top.gist, top.text) == ("", "> No gist.")
    assert (first.gist, first.text) == ("A list keeps its `order`.", "Prose.\n\n> A quote.")
    assert (second.gist, second.text) == ("", "Prose.\n> Said.")
    assert [line.number for line in first.gist_lines] == [4, 5]


def test_a_heading_in_code_or_of_a_lower_level_begins_no_gist() -> None:
    body = Body("## A\n```\n## B\n> code\n```\n> after code\n### C\n> under a lower heading\n")
    assert [part.gist for part in body.parts] == ["", ""]


def test_figures_and_comments_are_no_prose() -> None:
    text = "## A\n![A loss that [0, 1] bounds](../figures/loss-1.svg)\n<!-- figure: more -->\n"
    text += "Prose ![x](../figures/b.svg).\n"
    (_, part) = Body(text).parts
    assert part.figures == (Figure("loss-1", "A loss that [0, 1] bounds", 2),)
    assert list(paragraphs(part.text)) == ["Prose ![x](../figures/b.svg)."]
    assert "<!--" not in part.text and "loss-1.svg" in part.text
    assert [line.comment for line in part.lines] == [None, "figure: more", None, None]
    assert sum(len(line.text.split()) for line in Body(text).lines if line.is_counted) == 4


def test_quotes_under_numbered_questions_are_their_answers() -> None:
    text = """\
## Check yourself

1. How long is a list
   of three?
   > Three items.
   > `len` says so.
2. And of none?

> A quote of its own.
"""
    (_, part) = Body(text).parts
    assert [(question.text, question.line, question.answer) for question in part.questions] == [
        ("How long is a list of three?", 3, ("Three items.", "`len` says so.")),
        ("And of none?", 7, ()),
    ]
    assert "Three items" not in part.text_without_answers and "A quote of its own." in part.text_without_answers
    assert sum(line.is_counted and bool(line.text) for line in part.lines) == 4


def test_a_quote_under_a_plain_list_is_no_answer() -> None:
    (_, part) = Body("## Rules\n- Be kind.\n  > They were.\n").parts
    assert part.questions == () and part.text_without_answers == part.text
