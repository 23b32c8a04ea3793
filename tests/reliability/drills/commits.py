"""A proxy before PostgreSQL that lets a COMMIT through and loses its answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.reliability.drills.proxy import Line, Proxy


class Commits(Proxy):
    """Stands before a server, and cuts a connection once the server has committed, before the client hears of it.

    Args:
        wanted: words of statements; the next transaction that has some of them is cut so, each of the words once.
    """

    def __init__(self, to: int | Path) -> None:
        super().__init__(to)
        self.wanted: list[str] = []

    def line(self) -> Line:
        """Return what follows one connection."""
        return _Followed(self)


class _Followed(Line):
    """Reads what a client says: each statement, whether it was prepared before or not."""

    def __init__(self, proxy: Commits) -> None:
        self._proxy, self._left = proxy, b""
        self._prepared: dict[bytes, str] = {}
        self._run = ""
        self._is_lost = False

    def asked(self, data: bytes) -> None:
        """Read what the client sends."""
        self._left += data
        for letter, body in self._messages():
            if letter == b"P":
                name, query, _ = body.split(b"\0", 2)
                self._prepared[name] = query.decode()
            elif letter == b"B":
                self._took(self._prepared.get(body.split(b"\0", 2)[1], ""))
            elif letter == b"Q":
                self._took(body.rstrip(b"\0").decode())

    def may_answer(self, data: bytes) -> bool:
        """Return whether the client gets what the server says."""
        return not self._is_lost

    def _took(self, query: str) -> None:
        if query.startswith("BEGIN"):
            self._run = ""
        elif query != "COMMIT":
            self._run += query
        elif words := next((one for one in self._proxy.wanted if one in self._run), None):
            self._proxy.wanted.remove(words)
            self._is_lost = True

    def _messages(self) -> Iterator[tuple[bytes, bytes]]:
        """Yield each whole message with its letter; what opens a connection has none, and begins with its length."""
        while len(self._left) >= 5:
            at = 1 if self._left[0] else 0
            size = at + int.from_bytes(self._left[at : at + 4])
            if len(self._left) < size:
                return
            message, self._left = self._left[:size], self._left[size:]
            yield message[:at], message[at + 4 :]
