"""The icon as chats take it: `python -m tools.icon` draws the page's SVG as a square PNG beside it."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.browser import chromium

SOURCE = Path(__file__).parents[1] / "bot/html/static/icon.svg"
DRAWN = SOURCE.with_suffix(".png")
PIXELS = 1024
"""Slack takes 512 to 2,000. Source: https://docs.slack.dev/reference/methods/apps.icon.set, November 2026."""


async def draw() -> bytes:
    """Return the icon as PNG, to its corners: each chat rounds them in its own way."""
    square = SOURCE.read_text(encoding="utf-8").replace('rx="9"', "").replace("<svg ", f'<svg width="{PIXELS}" ')
    async with chromium() as browser:
        page = await browser.new_page(viewport={"width": PIXELS, "height": PIXELS})
        await page.set_content(f"<style>*{{margin:0}}svg{{display:block}}</style>{square}")
        return await page.screenshot()


if __name__ == "__main__":
    DRAWN.write_bytes(asyncio.run(draw()))
