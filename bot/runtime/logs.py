"""The process's log: each line with the event that it belongs to, for a person or as JSON for a machine.

What is logged, ours and the libraries', goes through the standard library; structlog only writes it down.
"""

from __future__ import annotations

import logging
import sys
from typing import Any, Literal, TextIO

import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.types import EventDict, Processor

from bot.base.event import present
from bot.base.safe_traceback import FoldingHandler, trace
from bot.platforms import REMOTE
from bot.runtime.console import above_progress

Form = Literal["json", "text"]
_SDKS = (logger for entry in REMOTE for logger in entry.loggers)
CHATTY = ("apscheduler", "alembic", "aiohttp", "httpx2", "openai", *_SDKS)
"""Loggers of libraries, of which faults alone are written."""


class _EventFilter(logging.Filter):
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
    handler.setFormatter(formatter("text" if is_text else "json"))
    handler.addFilter(_EventFilter())
    logging.basicConfig(level=logging.INFO if is_running else logging.WARNING, handlers=[handler], force=True)
    for chatty in CHATTY:
        logging.getLogger(chatty).setLevel(logging.ERROR)


def formatter(form: Form) -> ProcessorFormatter:
    """Return what writes records of the standard library as lines; an exception without its text."""
    stamped = structlog.processors.TimeStamper("iso", utc=True, key="at")
    known: list[Processor] = [structlog.stdlib.add_log_level, structlog.stdlib.add_logger_name, stamped, _split_trace]
    written: Processor = _render_line if form == "text" else structlog.processors.JSONRenderer(ensure_ascii=False)
    return ProcessorFormatter(
        foreign_pre_chain=known, processors=[ProcessorFormatter.remove_processors_meta, written], keep_exc_info=False
    )


def _split_trace(_logger: Any, _method: str, fields: EventDict) -> EventDict:
    """Separate a line from the trace below it, and return the reference of its event."""
    fields["event"], _, below = str(fields["event"]).partition("\n")
    error = (fields.pop("exc_info", None) or (None, None))[1]
    traced = "\n".join(part.rstrip() for part in (below, trace(error) if error else "") if part)
    event_id = getattr(fields["_record"], "event_id", "")
    return {**fields, **({"event_id": event_id} if event_id else {}), **({"trace": traced} if traced else {})}


def _render_line(_logger: Any, _method: str, fields: EventDict) -> str:
    about = f" [{fields['event_id']}]" if "event_id" in fields else ""
    below = f"\n{fields['trace']}" if "trace" in fields else ""
    return f"{fields['at']} {fields['level'].upper()} {fields['logger']}{about}: {fields['event']}{below}"


def log_to_stderr(verb: str | None, form: Form | None = None) -> None:
    """Log to standard error as a verb of the command line does."""
    log_to(sys.stderr, is_running=verb in (None, "run"), form=form)
