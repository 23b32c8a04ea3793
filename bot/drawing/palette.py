"""The colours of drawings, by day and by night; those of the local page."""

from collections.abc import Mapping

from bot.drawing.shapes import Look

Palette = Mapping[Look, str]
LIGHT: Palette = {
    "paper": "#fffefb", "sunk": "#eeece4", "line": "#ddd8cb", "soft": "#5a655f", "ink": "#1d2724",
    "pale": "#cfe3d8", "mild": "#93c2ac", "strong": "#52977c", "accent": "#1f6a50",
}  # a table of data # fmt: skip
DARK: Palette = {
    "paper": "#1b221f", "sunk": "#27302c", "line": "#435049", "soft": "#a3b0a8", "ink": "#e7ebe6",
    "pale": "#234438", "mild": "#2f6a54", "strong": "#519c7e", "accent": "#7fc9a8",
}  # a table of data # fmt: skip
