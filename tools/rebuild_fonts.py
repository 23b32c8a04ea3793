"""Rebuild the carried fonts and `widths.json` from the packages that NOTICE names.

In the tests' environment, with Brotli beside it, and the packages unpacked into one folder:

    npm pack inter-ui@4.1.1 @fontsource/noto-sans-arabic@5.3.0 ...   # then tar xzf each into FOLDER/<its name>
    uv run --with brotli python -m tools.rebuild_fonts FOLDER
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import json
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

HERE = Path(__file__).parents[1] / "bot" / "drawing" / "fonts"
EVERYTHING = range(0x110000)
WRITTEN = [*range(0x20, 0x590), *range(0x1E00, 0x2150), *range(0x2190, 0x2300), *range(0x2C60, 0x2C80), 0xFFFD]
"""What Inter is cut to: Latin, Greek and Cyrillic, signs, arrows and signs of mathematics."""
FEATURES = [
    "kern", "mark", "mkmk", "ccmp", "rlig", "liga", "init", "medi", "fina", "isol", "locl", "nukt", "akhn", "rphf",
    "rkrf", "blwf", "half", "vatu", "cjct", "pres", "abvs", "blws", "psts", "haln", "abvm", "blwm", "dist",
]  # a table of data # fmt: skip
"""What shaping needs; styles to choose from are left out."""
SOURCES = {
    "Inter-Regular.ttf": ("inter-ui", "web/Inter-Regular.woff2", WRITTEN),
    "Inter-SemiBold.ttf": ("inter-ui", "web/Inter-SemiBold.woff2", WRITTEN),
    "NotoSansArabic-Regular.ttf": ("noto-sans-arabic", "files/noto-sans-arabic-arabic-400-normal.woff2", EVERYTHING),
    "NotoSansHebrew-Regular.ttf": ("noto-sans-hebrew", "files/noto-sans-hebrew-hebrew-400-normal.woff2", EVERYTHING),
    "NotoSansDevanagari-Regular.ttf": (
        "noto-sans-devanagari", "files/noto-sans-devanagari-devanagari-400-normal.woff2", EVERYTHING,
    ),
    "NotoSansThai-Regular.ttf": ("noto-sans-thai", "files/noto-sans-thai-thai-400-normal.woff2", EVERYTHING),
    "NotoEmoji-Regular.ttf": ("noto-emoji", "files/noto-emoji-emoji-400-normal.woff2", EVERYTHING),
}  # a table of data # fmt: skip
"""Each font: its package, the file in there, and the characters that are kept."""


def cut(source: Path, target: Path, characters: Any) -> Any:
    """Write a font without hints, with the characters that are kept and what shaping them needs; return it."""
    subset = importlib.import_module("fontTools.subset")
    options = subset.Options(
        hinting=False,
        flavor=None,
        notdef_outline=True,
        name_IDs=[0, 1, 2, 6, 13, 14, 16, 17],
        layout_features=FEATURES,
    )
    font = subset.load_font(str(source), options)
    cutter = subset.Subsetter(options)
    cutter.populate(
        unicodes=[code for code in font.getBestCmap() if code in set(characters)]
        if characters is WRITTEN
        else characters
    )
    cutter.subset(font)
    font.flavor = None
    for name_id in (1, 16):  # one of them calls itself by the weight that it was made of
        font["name"].setName(family(target.stem), name_id, 3, 1, 0x409)
    font.save(target, reorderTables=True)
    return font


def family(name: str) -> str:
    """Return "Noto Sans Thai" of NotoSansThai-Regular."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name.partition("-")[0])


def widths(font: Any) -> dict[str, int]:
    """Return the advance of each character in thousandths of the size."""
    unit = font["head"].unitsPerEm
    return {chr(code): round(font["hmtx"][name][0] * 1000 / unit) for code, name in font.getBestCmap().items()}


def main() -> None:
    """Write all of it and print what NOTICE says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    stored: dict[str, dict[str, str]] = {}
    for name, (package, file, characters) in SOURCES.items():
        (source,) = folder.glob(f"*{package}*/package/{file}")
        font = cut(source, HERE / name, characters)
        grouped = defaultdict[str, str](str)
        for char, advance in sorted(widths(font).items(), key=lambda item: (item[1], item[0])):
            grouped[str(advance)] += char
        stored[name.removesuffix(".ttf")] = dict(grouped)
        print(f"    {name:32}{hashlib.sha256((HERE / name).read_bytes()).hexdigest()}")
        print(f"        from {source.name}  {hashlib.sha256(source.read_bytes()).hexdigest()}")
    text = json.dumps(stored, ensure_ascii=True, indent=0)
    (HERE / "widths.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
