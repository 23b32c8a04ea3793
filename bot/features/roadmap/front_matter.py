"""The front matter of a Markdown file: YAML between two lines of `---`."""

from __future__ import annotations

YAML_LINE = 2
"""The line of the file on which the YAML begins."""


class NoFrontMatter(ValueError):
    """The text does not begin with front matter; `str` says what is missing."""


def split(text: str) -> tuple[str, str, int]:
    """Cut a text into its YAML, its body, and the line on which the body begins, counted from 1.

    Line breaks of any system become a single newline, so that lines are counted as editors count them.

    Raises:
        NoFrontMatter: the first line is not `---`, or no later one is.
    """
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if lines[0].rstrip() != "---":
        raise NoFrontMatter("The file does not begin with front matter between two lines of ---.")
    close = next((index for index, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), None)
    if close is None:
        raise NoFrontMatter("The front matter is not closed by a line of ---.")
    return "\n".join(lines[1:close]), "\n".join(lines[close + 1 :]), close + 2
