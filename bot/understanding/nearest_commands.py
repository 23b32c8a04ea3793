"""Commands that come nearest to a line in meaning, to offer where nothing else is understood."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Lock
from typing import Any

from bot.commands.command import Command
from bot.commands.registry import Registry

MOST = 3
LIKENESS = 0.42
"""Cosine of a line with a command's title and summary, from which on the command is offered.

`python -m benchmarks.understanding dev` prints to whom it offers one: 35 % of wishes, 38 % of questions about the
group, 2 % of questions about the subject, and nobody who writes of private matters.
"""

Vectors = Callable[[Sequence[str]], Any]
"""Embeds texts: float32 [n, dim], unit rows; None if unavailable."""


class NearestCommands:
    """Finds commands by meaning.

    Args:
        vectors: embeds texts; the commands' own are embedded at the first line.
    """

    def __init__(self, registry: Registry, vectors: Vectors) -> None:
        self._vectors = vectors
        self._commands = [command for command in registry.shown if command.name != registry.fallback]
        self._rows: Any = None
        self._lock = Lock()

    def find(self, text: str, is_open: Callable[[Command], bool] = lambda _: True) -> list[Command]:
        """Return the nearest commands, nearest first, at most `MOST`; none if none is near.

        Args:
            is_open: whether a command may be offered.
        """
        line = self._vectors([text])
        if line is None or (rows := self._embed_commands()) is None:
            return []
        cosines = (rows @ line[0]).tolist()
        ranked = sorted(zip(cosines, self._commands, strict=True), key=lambda pair: -pair[0])
        return [command for cosine, command in ranked if cosine >= LIKENESS and is_open(command)][:MOST]

    def _embed_commands(self) -> Any:
        with self._lock:
            if self._rows is None:
                self._rows = self._vectors([f"{command.title}: {command.summary}" for command in self._commands])
            return self._rows
