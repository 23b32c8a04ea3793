"""A process for one request after another: what it takes of memory goes with it, what befalls it ends there.

It begins when something is asked, and ends by itself when nothing has been for a while; the next one begins another.
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
"""What stands before a request and before an answer: its length in bytes."""


_END_S = 1.0
"""How long whoever asks may take to see that the process has ended."""


class Worker:
    """One such process. May be asked from several threads; they take turns."""

    def __init__(self, command: Sequence[str], most: int | None = None) -> None:
        """Begin nothing yet.

        Args:
            most: requests after which a process has served its time and another begins.
        """
        self._command, self._most, self._answered = command, most, 0
        self._process: subprocess.Popen[bytes] | None = None
        self._owner, self._ends = os.getpid(), 0
        self._lock = threading.Lock()

    def ask(self, said: bytes, patience_s: float) -> bytes:
        """Return what it answers; SubprocessError if a fresh process ends over it too, or one takes too long."""
        ends = self._ends
        with self._lock:
            if self._owner != os.getpid():  # this one was forked, and the pipes are those of who forked it
                self._process, self._owner = None, os.getpid()
            if self._answered == self._most:
                self._end()
            if (running := self._process) is not None:
                try:
                    return self._exchange(running, said, patience_s)
                except (OSError, EOFError):  # most often it ended by itself, as it had nothing to do
                    self._end()
            if self._ends != ends:
                raise subprocess.SubprocessError("the process was ended")
            try:
                return self._exchange(self._begin(), said, patience_s)
            except (OSError, EOFError) as trouble:
                self._end()
                raise subprocess.SubprocessError("the process has ended") from trouble

    @property
    def is_there(self) -> bool:
        """Whether the process runs."""
        return self._process is not None and self._process.poll() is None

    def end(self) -> None:
        """End the process, if there is one, and what is asked of it now: nobody waits for that any more."""
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

    def _exchange(self, process: subprocess.Popen[bytes], said: bytes, patience_s: float) -> bytes:
        assert process.stdin is not None and process.stdout is not None
        late = threading.Timer(patience_s, process.kill)
        late.daemon = True
        late.start()
        try:
            process.stdin.write(_SIZE.pack(len(said)) + said)
            process.stdin.flush()
            answer = _read(process.stdout, *_SIZE.unpack(_read(process.stdout, _SIZE.size)))
        except (OSError, EOFError):
            if late.finished.is_set():  # it was this that ended it: the next one would take as long
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
    """Be such a process: answer until nobody asks any more, or for so long."""
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
