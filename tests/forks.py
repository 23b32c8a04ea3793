"""Runs one program after the other in interpreters of their own, which all begin with the same modules imported.

`python -P tests/forks.py MODULE ...` imports the modules once and forks itself for each program that it is told on
standard input: what a program does to its interpreter no other one sees, and none waits for an import.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any


class Forks:
    """The interpreter that is forked.

    Args:
        modules: imported before the first fork.
        flags: of the interpreter.
        environment: its own and that of its programs; this one's by default.
    """

    def __init__(
        self, modules: Sequence[str], *, flags: Sequence[str] = (), environment: dict[str, str] | None = None
    ) -> None:
        self._server = subprocess.Popen(
            [sys.executable, *flags, "-P", __file__, *modules],
            env=environment,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def run(self, program: str, folder: Path, *, within_s: int) -> subprocess.CompletedProcess[str]:
        """Run a program in a folder and return its exit code, -14 where it took too long, and all that it printed."""
        assert self._server.stdin is not None and self._server.stdout is not None
        with tempfile.NamedTemporaryFile("r", encoding="utf-8", errors="replace") as said:
            order = {"program": program, "folder": str(folder), "said": said.name, "within_s": within_s}
            self._server.stdin.write(json.dumps(order) + "\n")
            self._server.stdin.flush()
            answer = self._server.stdout.readline()
            assert answer, f"the interpreter that is forked ended with {self._server.wait()}"
            return subprocess.CompletedProcess(program, int(answer), said.read())

    def close(self) -> None:
        """End it."""
        self._server.communicate()


@contextlib.contextmanager
def forks(*modules: str, **options: Any) -> Iterator[Forks]:
    """Keep an interpreter to be forked until the block ends; see `Forks`."""
    server = Forks(modules, **options)
    try:
        yield server
    finally:
        server.close()


def _serve(modules: Sequence[str]) -> None:
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for name in modules:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if not child:
            _become(**order)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), file=answers, flush=True)


def _become(program: str, folder: str, said: str, within_s: int) -> None:
    signal.alarm(within_s)
    out, nothing = os.open(said, os.O_WRONLY), os.open(os.devnull, os.O_RDONLY)
    for file, number in ((nothing, 0), (out, 1), (out, 2)):
        os.dup2(file, number)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115  (what was read ahead are orders to others)
    os.chdir(folder)
    sys.path.insert(0, str(Path.cwd()))
    code = 0
    try:
        exec(compile(program, "program", "exec", dont_inherit=True), {"__name__": "__main__"})
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:  # noqa: BLE001  (as an interpreter does)
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    _serve(sys.argv[1:])
