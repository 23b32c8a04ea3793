"""A worker process that answers one request at a time, to isolate memory use and crashes.

It starts with the first request and ends after an idle time; the next request starts another.
"""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from typing import IO

_SIZE = struct.Struct(">I")
"""The header of a request or an answer: its length in bytes."""


_END_S = 1.0
"""How long a caller may take to notice that the process has ended."""


class Worker:
    """A worker process. Thread-safe; callers take turns."""

    def __init__(self, command: Sequence[str], most: int | None = None) -> None:
        """Store the command; the process starts with the first request.

        Args:
            most: requests after which the process is replaced.
        """
        self._command, self._most, self._answered = command, most, 0
        self._process: subprocess.Popen[bytes] | None = None
        self._owner, self._ends = os.getpid(), 0
        self._lock = threading.Lock()

    def ask(self, request: bytes, patience_s: float) -> bytes:
        """Return the answer; SubprocessError if a fresh process also dies, or on a time-out."""
        ends = self._ends
        with self._lock:
            if self._owner != os.getpid():  # after a fork, the pipes belong to the parent
                self._process, self._owner = None, os.getpid()
            if self._answered == self._most:
                self._end()
            if (running := self._process) is not None:
                try:
                    return self._exchange(running, request, patience_s)
                except (OSError, EOFError):  # usually it ended because it was idle
                    self._end()
            if self._ends != ends:
                raise subprocess.SubprocessError("the process was ended")
            try:
                return self._exchange(self._begin(), request, patience_s)
            except (OSError, EOFError) as trouble:
                self._end()
                raise subprocess.SubprocessError("the process has ended") from trouble

    @property
    def is_there(self) -> bool:
        """Whether the process runs."""
        return self._process is not None and self._process.poll() is None

    def end(self) -> None:
        """Kill the process, if it runs, and abort its current request."""
        self._ends += 1
        if (running := self._process) is not None and self._owner == os.getpid():
            running.kill()
        if self._lock.acquire(timeout=_END_S):
            try:
                self._end()
            finally:
                self._lock.release()

    def _begin(self) -> subprocess.Popen[bytes]:
        self._process = subprocess.Popen(  # noqa: S603 ours
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        return self._process

    def _exchange(self, process: subprocess.Popen[bytes], request: bytes, patience_s: float) -> bytes:
        assert process.stdin is not None and process.stdout is not None
        late = threading.Timer(patience_s, process.kill)
        late.daemon = True
        late.start()
        try:
            process.stdin.write(_SIZE.pack(len(request)) + request)
            process.stdin.flush()
            answer = _read(process.stdout, *_SIZE.unpack(_read(process.stdout, _SIZE.size)))
        except (OSError, EOFError):
            if late.finished.is_set():  # the time-out killed it; a retry would take as long
                self._end()
                raise subprocess.TimeoutExpired(self._command, patience_s) from None
            raise
        finally:
            late.cancel()
        self._answered += 1
        return answer

    def _end(self) -> None:
        process, self._process, self._answered = self._process, None, 0
        if process is not None and self._owner == os.getpid():
            process.kill()
            process.communicate()


def _read(stream: IO[bytes], size: int) -> bytes:
    read = stream.read(size)
    if len(read) < size:
        raise EOFError
    return read


def work(answer: Callable[[bytes], bytes], idle_s: float) -> None:
    """Run as a worker: answer requests until the input closes or none comes for `idle_s`."""
    while True:
        idle = threading.Timer(idle_s, os._exit, (0,))
        idle.daemon = True
        idle.start()
        head = sys.stdin.buffer.read(_SIZE.size)
        idle.cancel()
        if not head:
            return
        made = answer(_read(sys.stdin.buffer, *_SIZE.unpack(head)))
        sys.stdout.buffer.write(_SIZE.pack(len(made)) + made)
        sys.stdout.buffer.flush()
