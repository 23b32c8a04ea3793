"""Writes a page of all drawings, hard cases as well: `python -m tools.gallery [FOLDER]`.

With `--shots` it is also taken in Chromium: light, dark, and as wide as a phone.
"""

from __future__ import annotations

import argparse
import asyncio
from html import escape
from pathlib import Path

from bot.drawing.drawings import png, svg
from tests.browser import chromium
from tests.drawing.cases import CASES

HEAD = """<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>Drawings</title>
<style>body { font: 15px/1.5 system-ui, sans-serif; margin: 16px; display: flex; flex-wrap: wrap; gap: 28px; }
figure { margin: 0; width: min(480px, 100%); } img { width: 100%; height: auto; }
@media (prefers-color-scheme: dark) { body { background: #131816; color: #e7ebe6; } }</style>
"""
WAYS = {"light": ("light", 1560), "dark": ("dark", 1560), "phone": ("light", 390), "phone-dark": ("dark", 390)}


def page(folder: Path) -> Path:
    """Write the page, the SVG of each drawing and its PNG."""
    figures = []
    for number, (name, artwork) in enumerate(CASES.items()):
        drawn = svg(artwork)
        (folder / f"{number}.svg").write_bytes(drawn)
        (folder / f"{number}.png").write_bytes(png(drawn))
        pictured = f'<img src="{number}.svg" alt=""><figcaption>{escape(name)} (<a href="{number}.png">PNG</a>)'
        figures.append(f"<figure>{pictured}</figcaption></figure>\n")
    path = folder / "gallery.html"
    path.write_text(HEAD + "".join(figures), encoding="utf-8")
    return path


async def shots(path: Path) -> None:
    """Take the page in each way that people see it."""
    async with chromium() as browser:
        for name, (scheme, width) in WAYS.items():
            shown = await browser.new_page(
                color_scheme="dark" if scheme == "dark" else "light", viewport={"width": width, "height": 900}
            )
            await shown.goto(path.as_uri())
            await shown.screenshot(path=path.with_name(f"{name}.png"), full_page=True)
            await shown.close()


def main() -> None:
    """Write it into a folder and say where."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=Path("gallery"))
    parser.add_argument("--shots", action="store_true")
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    path = page(asked.folder)
    if asked.shots:
        asyncio.run(shots(path))
    print(path)


if __name__ == "__main__":
    main()
