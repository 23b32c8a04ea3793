"""A real headless Chromium for tests."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, async_playwright, expect
from playwright.sync_api import sync_playwright

expect.set_options(timeout=20_000)  # a busy machine draws a page in seconds
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_on_path() -> str | None:
    """Return the path of a Chromium that the machine has, else None."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def can_drive() -> bool:
    """Say whether playwright's Node starts, which drives any browser; a small Debian lacks a library of it."""
    return subprocess.run([sys.executable, "-m", "playwright", "--version"], capture_output=True).returncode == 0


def find_installed() -> str | None:
    """Return the path of a Chromium on the PATH, else of playwright's own build, else None."""
    if path := find_on_path():
        return path
    if not can_drive():
        return None
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


def find_chromium() -> str:
    """Return the path of a Chromium; without one the tests fail with a sentence that says what to do."""
    # playwright's blocking half refuses to run where an event loop does, so it is asked on a thread of its own
    with ThreadPoolExecutor(1) as thread:
        path = thread.submit(find_installed).result()
    assert path, "The page's tests need a browser: run `python -m tools.install_browser`."
    return path


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Run a browser that asks nothing of the network beyond the page."""
    path = find_chromium()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-background-networking"]
        )
        try:
            yield browser
        finally:
            await browser.close()
