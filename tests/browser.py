"""A real headless Chromium for tests."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, async_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")


def find_chromium() -> str:
    """Return the path of a Chromium; without one the tests fail with a sentence that says what to install."""
    for name in NAMES:
        if path := shutil.which(name):
            return path
    raise AssertionError(f"The page's tests need a browser: install one of {', '.join(NAMES)} and put it on the PATH.")


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
