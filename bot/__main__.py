"""The command line, `trailmate COMMAND`. `bot.cli.parser` has the commands and their help."""

from __future__ import annotations

import argparse
import gc
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bot.cli.parser import BY_SIGNAL, INTERRUPTED, USAGE, parse

RARELY = (100_000, 50, 50)
"""Thresholds of the garbage collector during the start. The objects of a start live long, and collecting them took a
fifth of its time."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code. A person's mistake is one sentence on standard error.

    Slow imports are inside, so that Ctrl-C during an import prints no traceback.
    """
    try:
        return _main(arguments)
    except KeyboardInterrupt:
        return INTERRUPTED


def _main(arguments: Sequence[str] | None) -> int:
    gc.set_threshold(*RARELY)
    given = parse(sys.argv[1:] if arguments is None else arguments)
    import asyncio

    from bot.runtime import settings as settings_of

    try:
        settings = settings_of.load(**_flags(given))
    except settings_of.SettingsError as wrong:
        print(wrong, file=sys.stderr)
        return USAGE
    from bot import cli as verbs
    from bot.runtime import logs

    logs.log_to_stderr(given.verb, settings.log_format)

    try:
        with _ending(given.verb or "run"):
            return verbs.verb(given.verb or "run")(settings, given)
    except (asyncio.CancelledError, BrokenPipeError):
        return INTERRUPTED
    except verbs.expected() as wrong:
        print(_sentence(wrong, settings.data_dir), file=sys.stderr)
        return 1
    except Exception as wrong:
        if not (fix := verbs.find_fix(wrong)):
            raise
        print(fix, file=sys.stderr)
        return 1


@contextmanager
def _ending(verb: str) -> Iterator[None]:
    """Let a command clean up after SIGTERM. A command that serves handles the signal itself."""
    if verb in ("run", "demo") or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, lambda number, _: sys.exit(BY_SIGNAL + number))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _flags(given: argparse.Namespace) -> dict[str, object]:
    """Return the settings that options of `run` replace."""
    if given.verb != "run":
        return {}
    flags = {"TRAILMATE_HOST": given.host, "TRAILMATE_PORT": given.port}
    return {name: value for name, value in flags.items() if value is not None}


def _sentence(wrong: Exception, data_dir: Path) -> str:
    if not isinstance(wrong, OSError) or wrong.filename is None:
        return str(wrong)
    sentence = f"I can't use {os.fsdecode(wrong.filename)}: {(wrong.strerror or 'unknown reason').lower()}."
    own = data_dir.expanduser().absolute()
    is_own = Path(os.fsdecode(wrong.filename)).absolute().is_relative_to(own)
    return f"{sentence} Check TRAILMATE_DATA_DIR." if is_own else sentence


if __name__ == "__main__":
    sys.exit(main())
