"""Load documents one by one and make a table of them: `python -m answers.load FOLDER [TABLE]`."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

COLUMNS = ("source", "title", "date", "words", "licence")
NOT_CONTENT = frozenset({"head", "nav", "header", "footer", "aside", "script", "style"})
BLOCKS = frozenset({"p", "h1", "h2", "h3", "li", "tr", "div", "br"})


@dataclass(frozen=True)
class Document:
    """One cleaned text and where it comes from; what a file does not say is None or `unknown`."""

    source: str
    title: str
    date: date | None
    licence: str
    text: str


class Page(HTMLParser):
    """Collects what an HTML page says, without its menus, and what its head tells about it."""

    def __init__(self) -> None:
        super().__init__()
        self.about: dict[str, str] = {}
        self.pieces: list[str] = []
        self._open: list[str] = []
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a new line at a block, remember what is no content, read the meta elements."""
        raise NotImplementedError(
            "new line at a block, remember elements that are no content, read <meta name= content=>"
        )

    def handle_endtag(self, tag: str) -> None:
        """Leave what was no content."""
        raise NotImplementedError("leave the element that was no content")

    def handle_data(self, data: str) -> None:
        """Keep text that is content, and the title."""
        raise NotImplementedError("keep the text outside menus and scripts, and the title in self.about")


def decode(raw: bytes) -> str:
    """Return the text of a file: UTF-8 where it is that, else Windows-1252, as old editors wrote it."""
    raise NotImplementedError("try UTF-8 with or without a byte order mark, then Windows-1252")


def tidy(text: str) -> str:
    """Return a text with single spaces, and with one empty line at most between two others."""
    lines = (" ".join(line.split()) for line in text.strip().splitlines())
    kept: list[str] = []
    for line in lines:
        if line or kept[-1]:
            kept.append(line)
    return "\n".join(kept)


def split_header(text: str) -> tuple[dict[str, str], str]:
    """Return the lines `Title: ...`, `Date: ...` and `Licence: ...` at the top of a text, and the rest."""
    head, _, rest = text.partition("\n\n")
    pairs = dict(line.split(": ", 1) for line in head.splitlines() if ": " in line)
    if pairs.keys() >= {"Title"} and len(pairs) == len(head.splitlines()):
        return {name.lower(): value.strip() for name, value in pairs.items()}, rest
    return {}, text


def read(file: Path) -> Document:
    """Return one file as a document, decoded and cleaned."""
    text = decode(file.read_bytes()).replace("\r\n", "\n")
    if file.suffix == ".html":
        page = Page()
        page.feed(text)
        about, text = page.about, "".join(page.pieces)
    else:
        about, text = split_header(text)
    day = about.get("date")
    return Document(
        source=file.name,
        title=about.get("title") or file.stem,
        date=date.fromisoformat(day) if day else None,
        licence=about.get("licence") or "unknown",
        text=tidy(text),
    )


def documents(files: Iterable[Path]) -> Iterator[Document]:
    """Yield a document for each file, as soon as it is read; without the empty ones and exact copies of former ones."""
    raise NotImplementedError("read file by file, leave out empty texts and exact copies, and yield")


def rows(found: Iterable[Document]) -> Iterator[dict[str, str]]:
    """Yield a row of the table for each document."""
    raise NotImplementedError("one dict with the keys of COLUMNS for each document")


def files_in(folder: Path) -> list[Path]:
    """Return the files of a folder in the order of their names."""
    return sorted(file for file in folder.iterdir() if file.is_file())


def main(arguments: list[str]) -> int:
    """Write the table of a folder's documents."""
    if len(arguments) not in (1, 2):
        print("usage: python -m answers.load FOLDER [TABLE]", file=sys.stderr)
        return 2
    table = Path(arguments[1]) if arguments[1:] else Path("table.csv")
    with table.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, COLUMNS)
        writer.writeheader()
        writer.writerows(rows(documents(files_in(Path(arguments[0])))))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
