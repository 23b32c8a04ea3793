"""Commands that come nearest to a line in meaning, to offer where nothing else is understood."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from threading import Lock
from typing import Any

from bot.commands.command import Command
from bot.commands.context import Role
from bot.commands.registry import Registry

MOST = 3
LIKENESS = 0.42
"""Cosine of a line with a command's title and summary, from which on the command is offered.

It was chosen on the first half of the typed lines. `python -m benchmarks.understanding dev` and `held` print to whom
commands are offered. Both halves together: 34 % of wishes, 37 % of questions about the group, 1 % of questions about
the subject and 9 % of private lines; only their writer sees the offer.
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

    def find(self, text: str, roles: Collection[Role]) -> list[Command]:
        """Return the nearest commands that somebody with these roles is offered, at most `MOST`, nearest first."""
        line = self._vectors([text])
        if line is None or (rows := self._embed_commands()) is None:
            return []
        cosines = (rows @ line[0]).tolist()
        ranked = sorted(zip(cosines, self._commands, strict=True), key=lambda pair: -pair[0])
        return [command for cosine, command in ranked if cosine >= LIKENESS and command.is_offered_to(roles)][:MOST]

    def _embed_commands(self) -> Any:
        with self._lock:
            if self._rows is None:
                self._rows = self._vectors([f"{command.title}: {command.summary}" for command in self._commands])
            return self._rows
