"""The process's log: each line with the event that it belongs to, for a person or as JSON for a machine.

What is logged, ours and the libraries', goes through the standard library, which also writes it down.
"""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Literal, TextIO

from bot.console import above_progress
from bot.core.event import present
from bot.core.traces import FoldingHandler, trace

Form = Literal["json", "text"]
CHATTY = ("apscheduler", "alembic", "discord", "slack_bolt", "slack_sdk", "aiohttp", "httpx2", "openai")
"""Loggers of libraries, of which faults alone are written."""


class _Marked(logging.Filter):
    """Notes on each record which event it belongs to, where it is known: a repeat is written in another one."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Mark it."""
        record.event_id = present()
        return True


def log_to(stream: TextIO, *, is_running: bool, form: Form | None = None) -> None:
    """Have everything be logged to a stream, and nothing to another.

    Args:
        is_running: whether this is the bot itself, which tells what it does; a verb tells what is wrong.
        form: of the lines; without one JSON where the bot itself writes to no terminal.
    """
    is_text = form == "text" or (form is None and not (is_running and not stream.isatty()))
    handler = FoldingHandler(above_progress(stream))
    handler.setFormatter(Lines("text" if is_text else "json"))
    handler.addFilter(_Marked())
    logging.basicConfig(level=logging.INFO if is_running else logging.WARNING, handlers=[handler], force=True)
    for chatty in CHATTY:
        logging.getLogger(chatty).setLevel(logging.ERROR)


class Lines(logging.Formatter):
    """Writes a record as a line, and an exception without its text.

    Args:
        form: of the lines.
    """

    def __init__(self, form: Form) -> None:
        super().__init__()
        self._form = form

    def format(self, record: logging.LogRecord) -> str:
        """Return a record's line; below the line for a person stands the trace."""
        event, _, below = record.getMessage().partition("\n")
        error = record.exc_info[1] if record.exc_info else None
        traced = "\n".join(part.rstrip() for part in (below, trace(error) if error else "") if part)
        at = datetime.fromtimestamp(record.created, UTC).isoformat().removesuffix("+00:00") + "Z"
        said = {"event": event, "level": record.levelname.lower(), "logger": record.name, "at": at}
        said |= {"event_id": getattr(record, "event_id", ""), "trace": traced}
        if self._form == "json":
            return json.dumps(
                {name: value for name, value in said.items() if value or name == "event"}, ensure_ascii=False
            )
        about, under = (f" [{said['event_id']}]" if said["event_id"] else ""), (f"\n{traced}" if traced else "")
        return f"{at} {record.levelname} {record.name}{about}: {event}{under}"


def log_to_stderr(verb: str | None, form: Form | None = None) -> None:
    """Log to standard error as a verb of the command line does."""
    log_to(sys.stderr, is_running=verb in (None, "run"), form=form)
