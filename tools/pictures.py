"""Takes the pictures of README and docs: `python -m tools.pictures [NAME...]` writes them into docs/images.

Starts the demo, signs in by the links of its chat and takes each page; this takes some three minutes. With the weekly
post it stores a hash of how the program renders that post, so that a test can tell when the picture is old.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
import re
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PIL import Image
from playwright.async_api import Browser, Page, ViewportSize, expect

from bot.base.files import bundled
from bot.curriculum.shelf import library
from bot.demo import WEEKS
from bot.features.groups.calendar.pacing import Slot
from bot.features.groups.calendar.timeline import Opened, Timeline
from bot.features.groups.preview import DEFAULT_RHYTHM
from bot.features.groups.tables import Group
from bot.features.schedule import wording
from bot.html.render import card
from tests.browser import chromium
from tests.runtime.test_process import Process

FOLDER = Path(__file__).parent.parent / "docs" / "images"
SIZE = ViewportSize(width=1280, height=860)
PHONE = ViewportSize(width=460, height=1200)
COLOURS = 128
BEGUN_S = 600
"""How long the demo may take to play its six weeks."""
POST, POST_HASH = "weekly-post", FOLDER / "weekly-post.sha256"
LINES = {
    "Mo": ("join",),
    "Ada": ("leaderboard", "ask where do we park the bicycles?", "plan read two papers, Sat 7pm", "progress"),
}
"""What people say in the demo, so that no page is empty."""
TAKEN_AFTER = {"leaderboard": "page", "progress": "chat-progress"}
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
NAMES = (POST, *TAKEN_AFTER.values(), *(view.name for view in VIEWS))


def hash_post() -> str:
    """Return a hash of the weekly post in the picture, as the page renders it at a fixed time."""
    roadmap = library(bundled("roadmap"))["genai-2026"].roadmap
    group = Group(id=1, name="Night owls", zone="UTC", rhythm=DEFAULT_RHYTHM, pace="1 week")
    unit, opens_at = roadmap.units[WEEKS], datetime(2026, 3, 2, 9, tzinfo=UTC)
    due_at = opens_at + timedelta(days=6, hours=12)
    slot = Slot(unit.id, unit.number, opens_at, due_at, due_at)
    post = wording.render_weekly(Timeline(group, roadmap, (), ()), Opened(slot), "3 of 11 checked in")
    return hashlib.sha256(card(post, "UTC").encode()).hexdigest()


async def take(address: str, names: frozenset[str]) -> None:
    """Write the pictures of these names."""
    async with chromium() as browser:
        if POST in names:
            await _take_post(browser, address)
        if names == {POST}:
            return
        pages = {who: await _sign_in(browser, address, who, names) for who in LINES}
        for view in VIEWS:
            if view.name in names:
                page = pages[view.who]
                await page.goto(f"{address.rstrip('/')}/dashboard{view.path}")
                _write(view.name, await page.screenshot())


async def _take_post(browser: Browser, address: str) -> None:
    """Take the newest weekly post as a phone shows it, and store the hash of its rendering."""
    page = await browser.new_page(viewport=PHONE, color_scheme="light", device_scale_factor=2)
    page.set_default_timeout(60_000)
    await page.goto(address)
    post = page.locator("#messages .card[class*=accent-]").last
    await expect(post.locator("img").first).to_be_visible()
    await page.wait_for_load_state("networkidle")
    _write(POST, await post.screenshot())
    POST_HASH.write_text(f"{hash_post()}\n", encoding="utf-8")


async def _sign_in(browser: Browser, address: str, who: str, names: frozenset[str]) -> Page:
    """Have somebody say their lines in the chat, take the pictures of the chat, and follow their link."""
    page = await browser.new_page(viewport=SIZE, color_scheme="light", device_scale_factor=1.2)
    page.set_default_timeout(60_000)
    await page.goto(address)
    await page.get_by_role("radio", name=re.compile(rf"^{who}\b")).check()
    for line in LINES[who]:
        await page.locator("#line").fill(f"trailmate, {line}")
        await page.locator("#line").press("Enter")
        await expect(page.locator("#line")).to_have_value("")
        if TAKEN_AFTER.get(line) in names:
            await expect(page.locator("#messages img, #messages picture").last).to_be_visible()
            await page.wait_for_load_state("networkidle")
            await page.locator("#messages .message").last.evaluate("shown => shown.scrollIntoView({block: 'end'})")
            _write(TAKEN_AFTER[line], await page.screenshot())
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
    """Play the demo and take its pictures."""
    names = frozenset(sys.argv[1:] or NAMES)
    if unknown := names - set(NAMES):
        print(f"No such picture: {', '.join(sorted(unknown))}. Choose from {', '.join(NAMES)}.", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder, Process(Path(folder), "demo") as bot:
        address = bot.until("Trailmate is at ", seconds=BEGUN_S).partition("Trailmate is at ")[2].split()[0]
        asyncio.run(take(address, names))
    return 0


if __name__ == "__main__":
    sys.exit(main())
