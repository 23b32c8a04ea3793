"""Whether notes are being read."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Reading:
    """Notes being read, by one thread or several: until the last is done less may be found than in a minute."""

    def __init__(self) -> None:
        self._lock, self._count = threading.Lock(), 0

    @property
    def is_on(self) -> bool:
        """Say whether some are."""
        return self._count > 0

    @contextmanager
    def on(self) -> Iterator[None]:
        """Be reading until the block ends, which may be in another thread."""
        with self._lock:
            self._count += 1
        try:
            yield
        finally:
            with self._lock:
                self._count -= 1
