"""A page that stands by itself and says the same to everybody.

The files that every page of the bot is made of: colours, type, buttons, and the icon.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from markupsafe import Markup

STATIC = Path(__file__).parent / "static"


def files(*folders: Path) -> dict[str, Path]:
    """Return what a page may ask for by its name: what all pages share, and its own."""
    return {path.name: path for folder in (STATIC, *folders) for path in folder.iterdir()}


_PAGE = Markup(
    '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    '<meta name="color-scheme" content="light dark">\n<title>{}</title>\n{}\n</head>\n'
    '<body class="document">\n<main>\n<h1>{}</h1>\n{}\n</main>\n</body>\n</html>\n'
)


def document(title: str, body: Markup, styles: Iterable[str] = ()) -> str:
    """Return the whole page.

    Args:
        styles: addresses of the sheets that it is drawn with.
    """
    links = Markup("\n").join(Markup('<link rel="stylesheet" href="{}">').format(style) for style in styles)
    return str(_PAGE.format(title, links, title, body))
