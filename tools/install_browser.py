"""Install the browser that the page's tests drive, unless the machine has one: `python -m tools.install_browser`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence

from tests.browser import NAMES, can_drive, find_installed

Run = Callable[[Sequence[str]], bool]
_QUIET = {"DEBIAN_FRONTEND": "noninteractive"}
PACKAGES = ("chromium", "libatomic1", "fonts-noto-core")
"""Of Debian: the browser, what the Node needs by which playwright drives it, and letters of every language."""


def ways(*, is_root: bool, has_apt: bool) -> list[list[list[str]]]:
    """Return the ways to get a browser, best first; each is a list of commands that must all succeed."""
    found: list[list[list[str]]] = []
    if is_root and has_apt:
        found.append([["apt-get", "update", "-q"], ["apt-get", "install", "-q", "-y", *PACKAGES]])
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
    """Return the path of a browser that can be driven, installed if there was none; None if no way led to one."""
    if (path := find_installed()) and can_drive():
        return path
    for way in ways(is_root=hasattr(os, "geteuid") and os.geteuid() == 0, has_apt=shutil.which("apt-get") is not None):
        if all(run(command) for command in way) and (path := find_installed()) and can_drive():
            return path
    return None


def what_to_type() -> str:
    """Return the sentence for who has no browser that can be driven."""
    if shutil.which("apt-get"):
        return f"The tests need a browser: type `sudo apt-get install {' '.join(PACKAGES)}`, then this line again."
    return f"The tests need a browser: put one of {', '.join(NAMES)} on the PATH, then type this line again."


def main() -> int:
    """Install a browser; say where it is, or what a person can do."""
    if path := install():
        print(f"The tests use {path}.")
        return 0
    print(what_to_type())
    return 1


if __name__ == "__main__":
    sys.exit(main())
