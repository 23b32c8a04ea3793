"""Makes the pictures of the documentation: `python -m tools.pictures [NAME...]` writes them into docs/images.

Starts the demo, signs in by the links of its chat, and takes each page as it looks; takes some three minutes.
"""

from __future__ import annotations

import asyncio
import io
import re
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.async_api import Browser, Page, ViewportSize, expect

from tests.browser import chromium
from tests.runtime.test_process import Process

FOLDER = Path(__file__).parent.parent / "docs" / "images"
SIZE = ViewportSize(width=1280, height=860)
COLOURS = 128
BEGUN_S = 600
"""How long six weeks of the demo may take to be lived."""
LINES = {
    "Mo": ("join",),
    "Ada": ("leaderboard", "ask where do we park the bicycles?", "plan read two papers, Sat 7pm", "progress"),
}
"""What the demo's people say besides, so that no page is empty."""
SHOWN = {"leaderboard": "page", "progress": "chat-progress"}
"""Lines after which the chat is taken, and the name of the picture."""


@dataclass(frozen=True)
class View:
    """A page as one person sees it, at a path below the address of the dashboard."""

    name: str
    who: str
    path: str


VIEWS = (
    View("dashboard-my-way", "Ada", ""),
    View("dashboard-group", "Mo", "/group"),
    View("dashboard-members", "Mo", "/members"),
    View("dashboard-schedule", "Mo", "/schedule"),
    View("dashboard-questions", "Mo", "/questions"),
    View("dashboard-roadmap", "Ada", "/roadmap"),
)


async def take(address: str, names: list[str]) -> None:
    """Write the pictures of these names; of all where none is given."""
    async with chromium() as browser:
        pages = {who: await _signed_in(browser, address, who) for who in LINES}
        for view in VIEWS:
            if not names or view.name in names:
                page = pages[view.who]
                await page.goto(f"{address.rstrip('/')}/dashboard{view.path}")
                _write(view.name, await page.screenshot())


async def _signed_in(browser: Browser, address: str, who: str) -> Page:
    """Have somebody say their lines in the chat, take the pictures of the chat, and follow their link."""
    page = await browser.new_page(viewport=SIZE, color_scheme="light", device_scale_factor=1.2)
    page.set_default_timeout(60_000)
    await page.goto(address)
    await page.get_by_role("radio", name=re.compile(rf"^{who}\b")).check()
    _write("weekly-post", await page.locator("#messages .card[class*=accent-]").last.screenshot())
    for line in LINES[who]:
        await page.locator("#line").fill(f"trailmate, {line}")
        await page.locator("#line").press("Enter")
        await expect(page.locator("#line")).to_have_value("")
        if line in SHOWN:
            await expect(page.locator("#messages img, #messages picture").last).to_be_visible()
            await page.wait_for_load_state("networkidle")
            await page.locator("#messages .message").last.evaluate("shown => shown.scrollIntoView({block: 'end'})")
            _write(SHOWN[line], await page.screenshot())
    await page.get_by_role("button", name="Dashboard", exact=True).click()
    link = page.get_by_role("link", name="Open dashboard")
    await expect(link).to_be_visible()
    await page.goto(str(await link.get_attribute("href")))
    await page.get_by_role("button", name="Continue").click()
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    return page


def _write(name: str, png: bytes) -> None:
    path = FOLDER / f"{name}.png"
    Image.open(io.BytesIO(png)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"{path.stat().st_size:>8}  {path.name}")


def main() -> int:
    """Live the demo and take its pictures."""
    with tempfile.TemporaryDirectory() as folder, Process(Path(folder), "demo") as bot:
        address = bot.until("Trailmate is at ", seconds=BEGUN_S).partition("Trailmate is at ")[2]
        asyncio.run(take(address, sys.argv[1:]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
