"""The verbs of the command line, imported lazily."""

from __future__ import annotations

import argparse
import gc
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, cast

from bot.platforms import REMOTE

if TYPE_CHECKING:
    from bot.runtime.settings import Settings

Verb = Callable[["Settings", argparse.Namespace], int]
"""Runs a verb and returns the exit code."""


def run(settings: Settings, given: argparse.Namespace) -> int:
    """Serve until stopped; garbage collection is off during the start, because its objects are long-lived."""
    import asyncio

    gc.disable()
    try:
        from bot.runtime.process import serve

        return asyncio.run(serve(settings))
    finally:
        gc.enable()


def demo(settings: Settings, given: argparse.Namespace) -> int:
    """Serve the page with a seeded group and a movable clock, on a database of its own."""
    import asyncio

    from bot.runtime import console

    console.tell("Starting the demo: twelve members live through six weeks. This takes half a minute.")
    from bot.demo import serve

    return asyncio.run(serve(settings, given.port))


VERBS: Mapping[str, str | Verb] = {
    "run": run,
    "demo": demo,
    "chat": "chat:chat",
    "ask": "ask:ask",
    "eval": "evaluate:evaluate",
    "roadmap": "roadmap:roadmap",
    "db": "db:db",
    "backup": "backup:backup",
    "restore": "backup:restore",
    "people": "people:people",
    **{entry.name: "platforms:token_keys" for entry in REMOTE if entry.stores_tokens},
    "doctor": "doctor:doctor",
    "manifest": "platforms:manifest",
}
"""Each verb with its function, or `module:function` in this package."""


def verb(name: str) -> Verb:
    """Return the function of a verb; imports its module lazily to keep other verbs fast."""
    target = VERBS[name]
    if not isinstance(target, str):
        return target
    module, function = target.split(":")
    return cast(Verb, getattr(import_module(f"{__name__}.{module}"), function))


def expected() -> tuple[type[Exception], ...]:
    """Return the exceptions whose text is a sentence for people; imported lazily."""
    from bot.chat.platform import Refused
    from bot.curriculum.faults import NoSuchRoadmap, RoadmapFault
    from bot.maintenance.backup import BackupError
    from bot.maintenance.migrate import MigrationError
    from bot.storage.engine import Unreachable
    from bot.storage.lock import AlreadyRunning

    files = (FileNotFoundError, FileExistsError, NotADirectoryError, PermissionError)
    return (AlreadyRunning, Unreachable, MigrationError, BackupError, RoadmapFault, NoSuchRoadmap, Refused, *files)


def find_fix(wrong: Exception) -> str:
    """Return the fix for a storage fault; "" for any other error."""
    from bot.storage.engine import is_broken_off
    from bot.storage.faults import AWAY, StorageTrouble, diagnose

    fault = wrong.fault if isinstance(wrong, StorageTrouble) else diagnose(wrong)
    fault = fault or (AWAY if is_broken_off(wrong) else None)
    return fault.fix if fault else ""
