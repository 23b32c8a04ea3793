"""The page's limits, chosen for good reading on a phone."""

from __future__ import annotations

from bot.chat.platform import Limits
from bot.html import render

LIMITS = Limits(text=8000, buttons=100, label=render.LABEL, choices=25, field_label=80, form_title=80)

FILE = 200_000
"""Characters of a form's file."""

LINE = 4000
"""Characters of a line, and of one value of a form."""
