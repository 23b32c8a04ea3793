"""How a refusal and a fault are told: privately, and a fault under a reference that the log carries too."""

from __future__ import annotations

import logging
import secrets
import sys

from bot.core.errors import TryLater, UserError
from bot.core.reply import Reply, say
from bot.core.traces import trace

log = logging.getLogger(__name__)


def refused(refusal: UserError) -> Reply:
    """Return the private message of a refusal."""
    return say(refusal.sentence, tone="error", buttons=refusal.buttons).settled("private")


def fault(doing: str) -> Reply:
    """Log the exception at hand under a short reference and return a private message that names it."""
    reference = secrets.token_hex(3)
    error = sys.exception()
    log.error("fault %s while %s\n%s", reference, doing, trace(error) if error else "")
    return say(
        f"Something went wrong on my side; nothing was changed. Fault `{reference}` in the log has the details.",
        tone="error",
    ).settled("private")


def busy() -> UserError:
    """Return the refusal for a database that does not answer."""
    return TryLater("I am busy at the moment and changed nothing. Please try again in a minute.")
