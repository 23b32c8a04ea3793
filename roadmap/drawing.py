"""Draws the figures of notes: `python roadmap/drawing.py [NAME ...]` writes each as SVG and as PNG.

A track's `figures/*.py` holds one function for each figure, marked with `@figure`; its numbers come from `worked/`.
The SVG follows the reader's light or dark theme, the PNG is for chats, which show no SVG. `--check` writes nothing and
names what differs from its script. What was drawn and found right is kept in `drawn.json`, so that a test need not.
"""

from __future__ import annotations

import argparse
import importlib.util
import io
import logging
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("svg")

import drawn as drawn_from
import matplotlib.pyplot as plt
from cycler import cycler
from matplotlib import font_manager
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from PIL import Image

INK, MUTED, LINE, PAPER = "#1d2724", "#5a655f", "#ddd8cb", "#fffefb"
BLUE, ORANGE, GREEN, RED, VIOLET = "#2a6a9c", "#b05a14", "#1f6a50", "#b13a45", "#6b4fa6"
PALE_BLUE, PALE_ORANGE, PALE_GREEN, PALE_RED, PALE_VIOLET = "#d8e6ef", "#f5e3d0", "#cfe3d8", "#f4dcdb", "#e5def0"
DARK = {
    INK: "#e7ebe6",
    MUTED: "#a3b0a8",
    LINE: "#435049",
    PAPER: "#1b221f",
    BLUE: "#86bde6",
    ORANGE: "#f0a868",
    GREEN: "#7fc9a8",
    RED: "#f2949a",
    VIOLET: "#bda6ec",
    PALE_BLUE: "#22404f",
    PALE_ORANGE: "#47321e",
    PALE_GREEN: "#234438",
    PALE_RED: "#4a2a2c",
    PALE_VIOLET: "#393150",
}
"""What each colour becomes on a dark page. Ink, paper and green are those of cards (`bot/drawing/drawings.py`)."""
FONT_PT = 10
for _font in (Path(__file__).resolve().parents[1] / "bot" / "drawing" / "fonts").glob("Inter-*.ttf"):
    font_manager.fontManager.addfont(_font)
logging.getLogger(font_manager.__name__).setLevel(
    logging.ERROR
)  # where a sign comes from another font, at its nearest weight
DPI = 200
STYLE: dict[str, Any] = {
    "axes.edgecolor": MUTED,
    "axes.facecolor": "none",
    "axes.labelcolor": INK,
    "axes.prop_cycle": cycler(color=[GREEN, ORANGE, BLUE, VIOLET, RED]),
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlecolor": INK,
    "axes.titlesize": FONT_PT + 1,
    "figure.constrained_layout.use": True,
    "figure.facecolor": PAPER,
    "font.family": ["Inter", "DejaVu Sans"],
    "font.size": FONT_PT,
    "grid.color": LINE,
    "legend.frameon": False,
    "lines.linewidth": 2,
    "savefig.facecolor": PAPER,
    "svg.fonttype": "path",
    "text.color": INK,
    "xtick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.color": MUTED,
    "ytick.labelcolor": INK,
}


@dataclass(frozen=True)
class Figure:
    """A figure that can be drawn.

    Args:
        draw: puts it onto a matplotlib figure.
        size: width and height in inches; 4.6 wide is as large as on a phone.
    """

    name: str
    draw: Callable[[Any], None]
    size: tuple[float, float]


def figure(name: str, *, size: tuple[float, float] = (4.6, 3.0)) -> Callable[[Callable[[Any], None]], Figure]:
    """Mark a function as the figure of a name; it is given an empty matplotlib figure."""
    return lambda draw: Figure(name, draw, size)


def blank(fig: Any, width: float = 10, height: float = 6) -> Any:
    """Return axes without a frame, for boxes and arrows, with the given coordinates."""
    fig.set_layout_engine("none")
    axes = fig.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, width), ylim=(0, height))
    axes.axis("off")
    return axes


Point = tuple[float, float]


def box(
    axes: Any, at: Point, extent: Point, text: str, *, fill: str = PALE_GREEN, edge: str = GREEN, **font: Any
) -> None:
    """Draw a rounded box from its lower left corner, with a text in its middle; `font` goes to the text."""
    (x, y), (w, h) = at, extent
    style = "round,pad=0,rounding_size=.12"
    axes.add_patch(FancyBboxPatch((x, y), w, h, boxstyle=style, facecolor=fill, edgecolor=edge, linewidth=1.2))
    axes.text(x + w / 2, y + h / 2, text, ha="center", va="center", **font)


def arrow(axes: Any, start: Point, end: Point, *, color: str = MUTED, bend: float = 0, width: float = 1.4) -> None:
    """Draw an arrow between two points; `bend` curves it to one side or, below 0, to the other."""
    way: dict[str, Any] = {"arrowstyle": "-|>", "mutation_scale": 10, "connectionstyle": f"arc3,rad={bend}"}
    axes.add_patch(FancyArrowPatch(start, end, color=color, linewidth=width, **way))


def drawn(one: Figure, *, for_chats: bool = True) -> tuple[str, bytes]:
    """Return a figure as SVG and, for chats, as PNG; one version of matplotlib always gives the same SVG."""
    rules: Any = {**STYLE, "svg.hashsalt": one.name}
    with plt.rc_context(rules):
        fig = plt.figure(figsize=one.size)
        one.draw(fig)
        svg, png = io.StringIO(), io.BytesIO()
        fig.savefig(svg, format="svg", metadata={"Date": None, "Creator": None})
        if for_chats:
            fig.savefig(png, format="png", dpi=DPI)
        plt.close(fig)
    return themed(svg.getvalue()), _small(png) if for_chats else b""


def _small(png: io.BytesIO) -> bytes:
    """Return a PNG with 64 colours, which is a third of the size and looks the same."""
    out = io.BytesIO()
    Image.open(png).convert("RGB").quantize(64, dither=Image.Dither.NONE).save(out, format="png", optimize=True)
    return out.getvalue()


def themed(svg: str) -> str:
    """Return an SVG whose colours follow the theme of the page."""
    names = {colour: f"--c{place}" for place, colour in enumerate(DARK)}
    for colour, name in names.items():
        svg = re.sub(re.escape(colour), f"var({name})", svg, flags=re.IGNORECASE)
    light = "".join(f"{name}:{colour};" for colour, name in names.items())
    dark = "".join(f"{name}:{DARK[colour]};" for colour, name in names.items())
    style = f"<style>svg{{{light}}}@media(prefers-color-scheme:dark){{svg{{{dark}}}}}</style>"
    svg = re.sub(r"<metadata>.*?</metadata>\s*", "", svg, flags=re.DOTALL)
    return re.sub(r"(<svg[^>]*>)", rf"\1{style}", svg, count=1)


def figures(folder: Path) -> Iterator[Figure]:
    """Yield the figures that the scripts of a track's folder declare; no two have one name, which is their file's."""
    names = set[str]()
    sys.path.insert(0, str(folder))
    try:
        for script in sorted((folder / "figures").glob("*.py")):
            spec = importlib.util.spec_from_file_location(f"figures_{script.stem}", script)
            assert spec is not None and spec.loader is not None
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            for one in (value for value in vars(module).values() if isinstance(value, Figure)):
                if one.name in names:
                    sys.exit(f"{script.name} draws {one.name}, which another figure is called: choose another name")
                names.add(one.name)
                yield one
    finally:
        sys.path.remove(str(folder))
        for name in [name for name in sys.modules if name.partition(".")[0] == "worked"]:
            del sys.modules[name]


def main(words: list[str]) -> int:
    """Draw the figures that are named, or all; returns 1 where one differs from what is stored."""
    parser = argparse.ArgumentParser(description="Draw the figures of notes.")
    parser.add_argument("names", nargs="*", help="of figures; all where none is given")
    parser.add_argument("--check", action="store_true", help="write nothing, name what differs")
    given = parser.parse_args(words)
    differ = 0
    for folder in sorted(Path(__file__).resolve().parent.glob("*/figures")):
        for one in figures(folder.parent):
            if given.names and one.name not in given.names:
                continue
            svg, png = drawn(one, for_chats=not given.check)
            file = folder / f"{one.name}.svg"
            if given.check:
                if not file.exists() or file.read_text(encoding="utf-8") != svg:
                    differ += 1
                    print(f"{one.name} differs from its script: draw it again")
                continue
            file.write_text(svg, encoding="utf-8")
            file.with_suffix(".png").write_bytes(png)
            print(f"{one.name}: {len(svg) // 1000} kB as SVG, {len(png) // 1000} kB as PNG")
    if not given.names and not given.check:
        drawn_from.keep()
    return 1 if differ else 0


if __name__ == "__main__":
    sys.modules["drawing"] = sys.modules["__main__"]
    sys.exit(main(sys.argv[1:]))
