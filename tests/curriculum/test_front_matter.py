"""Front matter: where a file's YAML ends and its body begins."""

import pytest

from bot.curriculum.markdown_body import YAML_LINE, NoFrontMatter, split


def test_the_yaml_the_body_and_the_bodys_line_are_told_apart() -> None:
    assert split("---\nid: a\ntitle: b\n---\n\n## One\n") == ("id: a\ntitle: b", "\n## One\n", 5)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_lines_are_counted_alike_whatever_ends_them(newline: str) -> None:
    text = newline.join(["---", "id: a", "---", "Body"])
    assert split(text) == ("id: a", "Body", 4)


def test_the_yaml_begins_on_the_line_that_is_promised() -> None:
    text = "---\nid: a\n---\n"
    assert text.split("\n")[YAML_LINE - 1] == split(text)[0]


def test_a_byte_order_mark_and_spaces_after_the_dashes_do_no_harm() -> None:
    assert split("\ufeff---  \nid: a\n--- \nBody") == ("id: a", "Body", 4)


def test_a_rule_in_the_body_is_not_taken_for_the_end() -> None:
    assert split("---\nid: a\n---\nBody\n---\nMore")[1] == "Body\n---\nMore"


@pytest.mark.parametrize("text", ["", "# A heading\n", "\n---\nid: a\n---\n", " ---\nid: a\n---\n"])
def test_a_text_that_begins_otherwise_is_refused(text: str) -> None:
    with pytest.raises(NoFrontMatter, match="must start with front matter"):
        split(text)


def test_front_matter_that_never_ends_is_refused() -> None:
    with pytest.raises(NoFrontMatter, match="needs a closing line"):
        split("---\nid: a\n\nBody")
