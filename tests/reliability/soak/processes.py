"""The processes of a soak: real ones, forked ready to begin and killed by a signal, or one inside this process."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import logging
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any, Protocol

from bot.runtime.answer_engine import AnswerEngine
from tests.harness import share_statements
from tests.reliability.soak.bot import Deliver, Living

log = logging.getLogger(__name__)
Answer = Callable[[dict[str, Any]], Awaitable[Any]]


class Dead(Exception):
    """The process was killed meanwhile."""


class Process(Protocol):
    """What the drive does with a process."""

    async def ask(self, what: str, **given: Any) -> Any:
        """Have it do something that `Living` can; raises Dead."""
        ...

    async def kill(self) -> None:
        """End it at once, in the middle of whatever it does."""
        ...


class Inside:
    """A process that is none: killed by giving up whatever it waits for, without another word to its database."""

    def __init__(self, living: Living) -> None:
        self._living, self._dead = living, asyncio.Event()
        self._doing = set[asyncio.Task[Any]]()

    @classmethod
    async def begin(cls, url: str, folder: Path, at: datetime, notebook: AnswerEngine, deliver: Deliver) -> Inside:
        """Start."""
        made: list[Inside] = []

        async def hand_over(post: dict[str, Any], again: bool) -> dict[str, Any]:
            found = await deliver(post, again)
            if found["verdict"] == "die":
                made[0]._dead.set()
                await asyncio.Event().wait()
            return found

        made.append(cls(Living.begin(url, folder, at, notebook, hand_over)))
        share_statements(made[0]._living.app.database)
        return made[0]

    async def ask(self, what: str, **given: Any) -> Any:
        """Have it do something, or die in its middle."""
        if self._dead.is_set():
            raise Dead
        doing, dying = asyncio.create_task(getattr(self._living, what)(**given)), asyncio.create_task(self._dead.wait())
        self._doing.add(doing)
        await asyncio.wait((doing, dying), return_when=asyncio.FIRST_COMPLETED)
        dying.cancel()
        if self._dead.is_set():
            await self.kill()
            raise Dead
        self._doing.remove(doing)
        return doing.result()

    async def kill(self) -> None:
        """Let go of all that it does, then of its database; the transactions that are under way end by themselves."""
        self._dead.set()
        for doing in self._doing:
            doing.cancel()
        if self._doing:
            await asyncio.wait(self._doing)
        await asyncio.to_thread(self._living.app.database.close, 5.0)


class Peer:
    """Questions and answers in both directions over one stream, a line each."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, answer: Answer) -> None:
        self._reader, self._writer, self._answer = reader, writer, answer
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._numbers, self._tasks, self.is_over = count(), set[asyncio.Task[None]](), False

    async def ask(self, **order: Any) -> Any:
        """Ask the other side; raises Dead once that is gone."""
        if self.is_over:
            raise Dead
        number = next(self._numbers)
        answered = self._waiting[number] = asyncio.get_running_loop().create_future()
        self._send({"asks": number, **order})
        return await answered

    def _send(self, said: dict[str, Any]) -> None:
        self._writer.write(json.dumps(said).encode() + b"\n")

    async def listen(self) -> None:
        """Answer until the other side is gone."""
        try:
            while line := await self._reader.readline():
                said = json.loads(line)
                if "asks" in said:
                    self._tasks.add(task := asyncio.create_task(self._reply(said.pop("asks"), said)))
                    task.add_done_callback(self._tasks.discard)
                else:
                    self._waiting.pop(said["answers"]).set_result(said["result"])
        except ConnectionError:
            pass
        self.is_over = True
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(Dead())

    async def _reply(self, number: int, order: dict[str, Any]) -> None:
        try:
            result = await self._answer(order)
        except Exception:
            log.exception("there is no answer")
            result = "lost"
        self._send({"answers": number, "result": result})


class Forked:
    """A real process at the other end of a socket."""

    def __init__(self, peer: Peer, pid: int) -> None:
        self._peer, self._pid = peer, pid

    async def ask(self, what: str, **given: Any) -> Any:
        """Have it do something; raises Dead if it is killed meanwhile."""
        return await self._peer.ask(what=what, given=given)

    async def kill(self) -> None:
        """Kill it with signal 9, and wait until its end is seen."""
        os.kill(self._pid, signal.SIGKILL)
        while not self._peer.is_over:
            await asyncio.sleep(0.005)


class Nursery:
    """Forks processes that have everything imported and read, and each statement compiled.

    Args:
        copied: the address of a database like theirs, in which a few weeks are rehearsed before the first is forked.
    """

    def __init__(self, folder: Path, url: str, copied: str, deliver: Deliver) -> None:
        self._folder, self._urls, self._deliver = folder, (url, copied), deliver
        self._born: asyncio.Queue[Forked] = asyncio.Queue()
        self._listening = set[asyncio.Task[None]]()

    async def open(self) -> None:
        """Begin the interpreter that is forked."""
        self._server = await asyncio.start_unix_server(self._greet, self._folder / "socket", limit=1 << 24)
        log = (self._folder / "processes.log").open("ab")
        self._forking = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.reliability.soak.processes",
            *self._urls,
            self._folder,
            stdin=asyncio.subprocess.PIPE,
            stderr=log,
        )

    async def begin(self, at: datetime) -> Forked:
        """Start a process and wait until it is there."""
        assert self._forking.stdin is not None
        self._forking.stdin.write(f"{at.timestamp()}\n".encode())
        return await self._born.get()

    async def _greet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        pid = int(await reader.readline())

        async def answer(order: Mapping[str, Any]) -> dict[str, Any]:
            found = await self._deliver(order["post"], order["again"])
            if found["verdict"] == "die":
                with contextlib.suppress(ProcessLookupError):  # killed for another reason a moment before
                    os.kill(pid, signal.SIGKILL)
            return found

        peer = Peer(reader, writer, answer)
        self._listening.add(asyncio.create_task(peer.listen()))
        self._born.put_nowait(Forked(peer, pid))

    async def close(self) -> None:
        """End the interpreter that is forked; its processes are killed one by one."""
        assert self._forking.stdin is not None
        self._forking.stdin.close()
        await self._forking.wait()
        self._server.close()


async def _live(url: str, folder: Path, at: datetime, notebook: AnswerEngine) -> None:
    reader, writer = await asyncio.open_unix_connection(str(folder / "socket"), limit=1 << 24)
    writer.write(f"{os.getpid()}\n".encode())

    async def hand_over(post: dict[str, Any], again: bool) -> Any:
        return await peer.ask(post=post, again=again)

    living = Living.begin(url, folder, at, notebook, hand_over)
    share_statements(living.app.database)

    async def answer(order: dict[str, Any]) -> Any:
        return await getattr(living, order["what"])(**order["given"])

    peer = Peer(reader, writer, answer)
    await peer.listen()


def _fork_on_demand(url: str, copied: str, folder: Path) -> None:
    from datetime import UTC

    from bot.runtime import settings as settings_of
    from bot.runtime.answer_engine import open_notebook
    from tests.reliability.soak.inside import rehearse

    notebook = open_notebook(settings_of.load(_env_file=None, TRAILMATE_DATA_DIR=folder))
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for told in (signal.SIGINT, signal.SIGTERM):
        signal.signal(told, signal.SIG_IGN)
    asyncio.run(rehearse(copied, folder, notebook))
    gc.freeze()
    for line in sys.stdin:
        if not os.fork():
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            asyncio.run(_live(url, folder, datetime.fromtimestamp(float(line), UTC), notebook))
            os._exit(0)


if __name__ == "__main__":
    _fork_on_demand(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
