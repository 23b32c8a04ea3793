"""Every page of the dashboard."""

from __future__ import annotations

from bot.dashboard.page import Page
from bot.dashboard.pages.audit import AUDIT
from bot.dashboard.pages.board import BOARD
from bot.dashboard.pages.my_way import MY_WAY
from bot.dashboard.pages.notes import NOTES
from bot.dashboard.pages.roadmap import ROADMAP

PAGES: tuple[Page, ...] = (MY_WAY, ROADMAP, NOTES, BOARD, AUDIT)
"""In the order of the navigation; the first is where people come in."""
