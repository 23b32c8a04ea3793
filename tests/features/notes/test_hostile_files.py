"""Files that nobody wrote to be read: each is refused in a sentence or becomes a note, in bounded time and memory."""

from __future__ import annotations

import time
import tracemalloc

import pytest

from bot.curriculum import reading_pages
from bot.curriculum.plain_note_reader import MOST_BYTES
from bot.features.notes.service import checked
from bot.messages.attachment import Attachment, fetch, parse
from bot.messages.errors import BadInput
from tests.examples import sample

LONGEST_S, MOST_HELD = 2.5, 30_000_000
"""What one file may take: the machine of a test may be busy with others."""


async def brought(name: str, data: bytes) -> Attachment:
    """Return a file as a command gets it."""

    async def read() -> bytes:
        return data

    return parse(await fetch(name, len(data), MOST_BYTES, read))


async def kept(name: str, data: bytes) -> str:
    """Return the title of the note that a file becomes, shown from its first page to its last, or its refusal."""
    try:
        file = await brought(name, data)
        read = checked("", file.text, file.name)
    except BadInput as refusal:
        assert refusal.field == "file"
        return refusal.sentence
    assert read.note is not None and reading_pages.pages(None, read.note)
    return read.title


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("big.md", b"x" * 1_000_000, "“big.md” has 1000 kB, and at most 100 kB are taken."),
        ("line.md", b"word " * 40_000, "“line.md” has 200 kB, and at most 100 kB are taken."),
        ("nul.md", b"\0" * 90_000, "“nul.md” is not UTF-8 text (line 1): attach Markdown or plain text."),
        ("heads.md", b"".join(b"## h%d\n\nt\n\n" % n for n in range(5000)), "5000 headings. The limit is 100."),
        ("same.md", b"# h\n" * 5000 + b"t", "headings. The limit is 100."),
        ("\u202egpj.\u2066exe\u2069.md\n# x", b"Owls meet.", "gpj.exe"),
        ("a" * 5000 + ".md", b"Owls meet.", "a" * 79 + "…"),
    ],
    ids=lambda given: given[:10] if isinstance(given, str) else "",
)
async def test_a_file_is_a_note_or_a_sentence(name: str, data: bytes, told: str) -> None:
    began = time.process_time()
    said = await kept(name, data)
    assert time.process_time() - began < LONGEST_S
    assert said.startswith(told) or said.endswith(told)
    assert not {"\u202e", "\u2066", "\x00", "\n# "} & set(said)


@pytest.mark.parametrize(
    ("part", "longest_s"), [(5, 1.0), pytest.param(1, LONGEST_S, marks=pytest.mark.nightly)], ids=["a fifth", "whole"]
)
@pytest.mark.parametrize(
    "piece",
    sample([b"word ", b"a\n\n", b"- a\n", b"|a|b|\n", b"> a\n", b"[a](https://b.c)\n", b"**a`_["], 4),
    ids=sample(["words", "blanks", "items", "cells", "quotes", "links", "marks"], 4),
)
async def test_the_largest_file_is_a_note_in_time(piece: bytes, part: int, longest_s: float) -> None:
    began = time.process_time()
    assert await kept("large.md", piece * (MOST_BYTES // len(piece) // part)) == "large"
    assert time.process_time() - began < longest_s


@pytest.mark.parametrize("part", [10, pytest.param(1, marks=pytest.mark.nightly)])
async def test_no_file_takes_much_memory(part: int) -> None:
    for piece in sample((b"## h\n\nt\n\n", b"a\n\n", b"- a\n", b"[a](https://b.c)\n"), 4):
        tracemalloc.start()
        try:
            await kept("a.md", piece * (MOST_BYTES // len(piece) // part))
            assert tracemalloc.get_traced_memory()[1] < MOST_HELD // part
        finally:
            tracemalloc.stop()
