"""Remove interaction tokens from the log: anyone who has one can answer as the bot."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable


class _WithoutTokens(logging.Filter):
    """Removes interaction tokens from the addresses that the SDK logs."""

    _ADDRESS: Callable[..., str] = re.compile(r"(/(?:webhooks|interactions)/\d+)/[^/\s?]+").sub

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        clean = type(self)._ADDRESS(r"\1/…", message)
        if clean != message:
            record.msg, record.args = clean, ()
        return True


def hide_tokens() -> None:
    """Add the filter to the SDK's logger, once."""
    sdk = logging.getLogger("discord.http")
    if not any(isinstance(filter_, _WithoutTokens) for filter_ in sdk.filters):
        sdk.addFilter(_WithoutTokens())
