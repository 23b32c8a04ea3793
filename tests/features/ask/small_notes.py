"""Three small notes and the real embedder, for the tests of this folder."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from bot.answers.index.chunks import SourceId
from bot.answers.index.retrieval import Index
from bot.curriculum.note import Note, read_page
from bot.curriculum.yaml_reader import YamlReader
from bot.llm.base import Matrix, Vector
from bot.llm.embedded import MiniLM, ordinary_words

SMALL = SourceId("small")
"""Whose the three notes are."""

HERE = [SMALL]

CONTAINERS = """\
---
id: containers
title: "Lists, tuples and sets"
unit: containers
topics: [python]
answers:
  - q: when should i use a set instead of a list
    heading: When a set beats a list
  - q: can a list be a dictionary key
    heading: Which objects can be keys
sources:
  - {title: The Python Tutorial, authors: Python Software Foundation, year: 2025, url: "https://docs.python.org/3/"}
checked_on:
---

## Lists and tuples

A list is an ordered row of items that can be changed. A tuple is an ordered row of items that cannot be changed.
A tuple suits a small fixed record, while a list suits items that come and go.

## When a set beats a list

Use a set when you test membership many times, because each test is a hash lookup rather than a scan. A list of
10,000 items needs up to 10,000 comparisons for one lookup. A list remains better when order matters.

```python
## not a heading, a comment
seen = set(frobnicate(items))
```

## Which objects can be keys

A dictionary key must be hashable, so its hash never changes. Lists are changeable, so they are unhashable and raise
`TypeError`. Convert a list to a tuple when you need its contents as a key.

## Check yourself

1. When does a set beat a list?
"""

COROUTINES = """\
---
id: coroutines
title: Coroutines
unit: coroutines
topics: [python]
answers:
  - q: what does await do
    heading: What await does
---

## What await does

The `await` keyword waits for a result and lets the event loop run other tasks meanwhile. Between two awaits no other
task on the same loop can run.

## Blocking calls freeze the loop

A blocking call such as `time.sleep` stops every task on the loop until it returns. Move blocking work to a thread
with `asyncio.to_thread`.
"""

BREAD = """\
---
id: bread
title: Sourdough
unit: bread
topics: [baking]
---

## Feeding the starter

A sourdough starter is a culture of flour and water that is fed every day. Feed the starter with equal weights of
flour and water.
"""


class Written(YamlReader):
    """A note that stands in a test and in no file."""

    def __init__(self, text: str) -> None:
        match = re.search(r"^id: (.+)$", text, re.MULTILINE)
        assert match
        super().__init__(Path(f"{match[1]}.md"))
        self._text = text

    def read(self) -> str:
        """Return the text."""
        return self._text


def read(text: str) -> Note:
    """Read the text of a note that has no fault."""
    sheet = Written(text)
    page = read_page(sheet, 2030)
    assert page is not None and not sheet.faults, sheet.faults
    return page.note


def notes() -> list[Note]:
    """Read the three notes."""
    return [read(text) for text in (CONTAINERS, COROUTINES, BREAD)]


class OnceEmbedder(MiniLM):
    """The real embedder, which computes the vector of a text once for all tests."""

    def __init__(self) -> None:
        super().__init__()
        self._vectors: dict[str, Vector] = {}

    def _embed_one(self, text: str) -> Vector:
        if text not in self._vectors:
            self._vectors[text] = super()._embed_one(text)
        return self._vectors[text]


@cache
def model() -> MiniLM:
    """Load the embedder once for all tests."""
    return OnceEmbedder()


@cache
def ready() -> Index:
    """Build an index of the three notes with both legs; tests that change the notes build their own."""
    index = Index({SMALL: notes()}, model(), ordinary_words())
    index.embed(MemoryStore())
    return index


class MemoryStore:
    """Keeps vectors for the life of the process."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], Vector] = {}

    def get(self, hashes: Sequence[str], model: str) -> dict[str, Vector]:
        """Return the vectors that are there, by row hash."""
        return {key: self._kept[model, key] for key in hashes if (model, key) in self._kept}

    def find(self, hashes: Sequence[str], model: str) -> None:
        """Return nothing: no row lies packed."""

    def at(self, places: object, model: str) -> None:
        """Return nothing, for the same reason."""

    def put(self, vectors: Mapping[str, Vector], model: str) -> None:
        """Keep vectors by row hash."""
        self._kept.update({(model, key): vector for key, vector in vectors.items()})


class Counting:
    """The real embedder, counting what it is given."""

    name = "counting"
    dim = 384

    def __init__(self) -> None:
        self.embedded = 0

    def embed(self, texts: Sequence[str]) -> Matrix:
        """Embed and count."""
        self.embedded += len(texts)
        return model().embed(texts)
