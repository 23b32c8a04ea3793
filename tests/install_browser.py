"""Install the browser that the page's tests drive, unless the machine has one: `python -m tests.install_browser`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence

from tests.browser import NAMES, find_installed

Run = Callable[[Sequence[str]], bool]
_QUIET = {"DEBIAN_FRONTEND": "noninteractive"}


def ways(*, is_root: bool, has_apt: bool) -> list[list[list[str]]]:
    """Return the ways to get a browser, best first; each is a list of commands that must all succeed."""
    found: list[list[list[str]]] = []
    if is_root and has_apt:
        found.append([["apt-get", "update", "-q"], ["apt-get", "install", "-q", "-y", "chromium", "fonts-noto-core"]])
    # the library's own build; the system's libraries come with it where we may install them
    with_libraries = ["--with-deps"] if is_root else []
    found.append([[sys.executable, "-m", "playwright", "install", *with_libraries, "chromium"]])
    return found


def run(command: Sequence[str]) -> bool:
    """Run a command that asks nothing and shows what it does; say whether it succeeded."""
    print("+", *command, flush=True)
    environment = {**os.environ, **_QUIET}
    return subprocess.run(command, stdin=subprocess.DEVNULL, env=environment, check=False).returncode == 0


def install(run: Run = run) -> str | None:
    """Return the path of a browser, installed if there was none; None if no way led to one."""
    if path := find_installed():
        return path
    for way in ways(is_root=hasattr(os, "geteuid") and os.geteuid() == 0, has_apt=shutil.which("apt-get") is not None):
        if all(run(command) for command in way) and (path := find_installed()):
            return path
    return None


def main() -> int:
    """Install a browser; say where it is, or what a person can do."""
    if path := install():
        print(f"The tests use {path}.")
        return 0
    print(f"No browser could be installed. Put one of {', '.join(NAMES)} on the PATH and run the line again.")
    return 1


if __name__ == "__main__":
    sys.exit(main())
