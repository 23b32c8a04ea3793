"""Keeps the tokens of interactions out of the log: whoever has one can answer in the bot's name."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable


class _WithoutTokens(logging.Filter):
    """Takes the tokens of interactions out of the addresses that the SDK logs."""

    _ADDRESS: Callable[..., str] = re.compile(r"(/(?:webhooks|interactions)/\d+)/[^/\s?]+").sub

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        clean = type(self)._ADDRESS(r"\1/…", said)
        if clean != said:
            record.msg, record.args = clean, ()
        return True


def hide_tokens() -> None:
    """Take tokens out of what the SDK logs from now on."""
    sdk = logging.getLogger("discord.http")
    if not any(isinstance(one, _WithoutTokens) for one in sdk.filters):
        sdk.addFilter(_WithoutTokens())
