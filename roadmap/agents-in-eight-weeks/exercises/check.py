"""Check an exercise: `python check.py UNIT [FILE]` says what holds and what is missing.

FILE is your version; without it, `UNIT/starter.py` is checked. Without UNIT, the units are listed.
Exit codes: 0 all checks pass, 1 something is missing, 2 nothing could be checked.
"""

from __future__ import annotations

import contextlib
import difflib
import importlib.util
import os
import sys
import threading
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

FOLDER = Path(__file__).resolve().parent
LIMIT_S = 60


class Unusable(Exception):
    """A file that can't be checked; the text is a sentence.

    Args:
        code: the exit code.
    """

    def __init__(self, sentence: str, code: int) -> None:
        super().__init__(sentence)
        self.code = code


def list_units() -> list[str]:
    """Return the units that have an exercise."""
    return sorted(file.parent.name for file in FOLDER.glob("*/checks.py"))


def find_line(error: BaseException, file: Path) -> str:
    """Return where in a file an error arose, like ` (line 12 of starter.py)`, or nothing."""
    if isinstance(error, SyntaxError) and error.filename == str(file):
        return f" (line {error.lineno} of {file.name})"
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(file)]
    return f" (line {lines[-1]} of {file.name})" if lines else ""


def find_check_line(error: BaseException) -> str:
    """Return the statement of a check at which an error arose, and what to compare, or nothing."""
    lines = [frame.line for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith("checks.py")]
    if not lines:
        return ""
    return f" (in the check, at `{lines[-1]}`). Compare your names, arguments and results with starter.py."


def describe_error(error: BaseException, file: Path) -> str:
    """Return a sentence on an error in the learner's file."""
    if isinstance(error, BaseExceptionGroup):
        gaps = error.subgroup(NotImplementedError)
        error = gaps or error
        while isinstance(error, BaseExceptionGroup):
            error = error.exceptions[0]
    if isinstance(error, NotImplementedError):
        return f"Not written yet: {error or 'raise NotImplementedError'}"
    if isinstance(error, AssertionError) and str(error):
        return str(error)
    words = error.msg if isinstance(error, SyntaxError) else error
    return f"{type(error).__name__}: {words}{find_line(error, file) or find_check_line(error)}"


def load_module(file: Path, name: str) -> ModuleType:
    """Import a file under a name.

    Raises:
        Unusable: it is missing, has an error, or needs a library that isn't installed.
    """
    if not file.is_file():
        raise Unusable(f"There is no file {file}.", 2)
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise Unusable(f"{file.name} is no Python file.", 2)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except ModuleNotFoundError as error:
        where = find_line(error, file)
        raise Unusable(
            f"The library {error.name} is missing{where}. Install it: pip install {error.name}", 2
        ) from error
    except (Exception, SystemExit) as error:
        raise Unusable(f"I can't import your file. {describe_error(error, file)}", 1) from error
    return module


@contextlib.contextmanager
def stop_after(seconds: float, doing: str) -> Iterator[None]:
    """End the program with a sentence if the body takes too long."""

    def stop() -> None:
        advice = "Look for a loop that never ends, or a step that is too slow."
        print(f"✗ {doing}\n    Stopped after {seconds:.0f} s. {advice}", flush=True)
        os._exit(1)

    timer = threading.Timer(seconds, stop)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def run_checks(unit: str, file: Path) -> int:
    """Print the result of each check; return how many failed."""
    with stop_after(LIMIT_S, f"Import {file.name}."):
        exercise = load_module(file, "exercise")
        checks = load_module(FOLDER / unit / "checks.py", "checks")
    failed = 0
    for name, check in list(vars(checks).items()):
        if not name.startswith("check_"):
            continue
        criterion = (check.__doc__ or name).strip()
        try:
            with stop_after(LIMIT_S, criterion):
                check(exercise)
        except (Exception, SystemExit) as error:  # noqa: BLE001  whatever the learner's code raises is a finding
            failed += 1
            print(f"✗ {criterion}\n    {describe_error(error, file)}", flush=True)
        else:
            print(f"✓ {criterion}", flush=True)
    return failed


def main(arguments: list[str]) -> int:
    """Check a unit and return the exit code."""
    units = list_units()
    if not arguments:
        print("Which exercise? Type `python check.py UNIT` with one of:", *units, sep="\n  ")
        return 2
    unit = arguments[0].strip("/")
    if unit not in units:
        nearest = difflib.get_close_matches(unit, units, 1, 0)
        print(f"There is no exercise {unit}." + (f" Do you mean {nearest[0]}?" if nearest else ""))
        return 2
    file = Path(arguments[1]).resolve() if len(arguments) > 1 else FOLDER / unit / "starter.py"
    try:
        failed = run_checks(unit, file)
    except Unusable as trouble:
        print(trouble)
        return trouble.code
    print(f"{failed} to go." if failed else "Done: everything holds.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")
    try:
        code = main(sys.argv[1:])
        sys.stdout.flush()
    except BrokenPipeError:  # the reader, like `head`, has read enough
        code = 1
    os._exit(code)  # a thread that the learner's code has left running doesn't keep the check open
