"""The table of a page, which is taken along as all tables are."""

from bot.core.sheet import Sheet

__all__ = ["Sheet"]
