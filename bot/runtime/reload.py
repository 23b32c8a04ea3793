"""Takes roadmaps anew while the bot runs: a verb leaves a wish in the data directory, and the process answers there.

Files rather than an address of the server: whoever may write the data directory may do this and nobody else, the
process is found wherever its page answers, and no row of the database tells of files that only this machine has.
"""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bot.answers.index.chunks import SourceId
from bot.cluster.pg_notify import ROADMAPS, tell
from bot.curriculum.faults import Fault
from bot.curriculum.folder import OUTLINE
from bot.curriculum.shelf import RefusedFolder
from bot.curriculum.track import Library, Track
from bot.features.groups.calendar.timeline import list_astray
from bot.messages.numerals import numbered
from bot.messages.reply import say
from bot.runtime.answer_engine import AnswerEngine
from bot.runtime.roadmap_paths import installed
from bot.runtime.settings import Settings
from bot.storage.unit_of_work import Database, Work

ASKED, ANSWERED = "reload.asked", "reload.answered"
PATIENCE_S, LOOK_S = 60.0, 0.2
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ReloadResult:
    """What came of it, a line for each roadmap that changed or that could not be used."""

    lines: tuple[str, ...]
    is_well: bool


@dataclass
class Reloading:
    """The side of the process: looks whether somebody asks, and takes what has changed and can be used."""

    settings: Settings
    database: Database
    notebook: AnswerEngine

    async def look(self) -> None:
        """Do what a verb asks for; most often nobody does."""
        asked = self.settings.data_dir.expanduser() / ASKED
        if not asked.exists():
            return
        key = asked.read_text(encoding="ascii", errors="replace")[:64]
        asked.unlink(missing_ok=True)
        answer = await self.reload()
        await self.database.run(lambda work: tell(work, ROADMAPS))
        answer_data = {"key": key, "lines": answer.lines, "is_well": answer.is_well}
        _write(asked.with_name(ANSWERED), json.dumps(answer_data))

    async def reload(self) -> ReloadResult:
        """Put what has changed in the place of what was there; what cannot be used leaves the version before it."""
        shelf = self.notebook.library
        fresh = await asyncio.to_thread(installed, self.settings)
        changed = {track.id: track for track in fresh.values() if not _is_same(shelf.get(track.id), track)}
        refused = list(fresh.refused)
        refused += await self.database.run(lambda work: list(_find_stranded(work, shelf, changed)), writes=False)
        unfit = {folder.id for folder in refused if not folder.is_double}
        changed = {ident: track for ident, track in changed.items() if ident not in unfit}
        lines = [_describe_track(shelf, track) for track in changed.values()]
        unchanged = {ident for ident in unfit if ident in shelf}
        outcomes = ((folder, "stays as it was" if folder.id in unchanged else "left out") for folder in refused)
        lines += [f"{folder.id}: {outcome}. {folder.describe_faults()}" for folder, outcome in outcomes]
        known = {*fresh, *(folder.id for folder in refused)}
        lines += [
            f"{gone}: its folder is gone. The course stays until the next start." for gone in shelf if gone not in known
        ]
        shelf.exchange(changed, refused)
        if changed:
            await self.notebook.renew({SourceId(track.id): track.notes.values() for track in changed.values()})
        for line in lines:
            log.info("roadmaps are read again: %s", line)
        return ReloadResult(tuple(lines), not refused)


def _is_same(old: Track | None, new: Track) -> bool:
    def content(track: Track) -> object:
        return track.roadmap, dict(track.notes), dict(track.banks), dict(track.figures), track.derived_from

    return old is not None and content(old) == content(new)


def _describe_track(shelf: Library, new: Track) -> str:
    what = "reloaded" if new.id in shelf else "new"
    return f"{new.id}: {what}, {numbered(len(new.roadmap.units), 'unit')}, {numbered(len(new.notes), 'note')}."


def _find_stranded(work: Work, shelf: Library, changed: Mapping[str, Track]) -> Iterable[RefusedFolder]:
    """Yield each changed course that a running group could not continue with."""
    lost = {group.waits for group in list_astray(work.session, shelf)}
    for ident, track in changed.items():
        left = [group for group in list_astray(work.session, {**shelf, ident: track}) if group.waits not in lost]
        if left:
            folder = Path(ident)
            faults = (Fault(folder / OUTLINE, 1, f"{say(group.lack).plain(None)} Fix: {group.fix}") for group in left)
            yield RefusedFolder(folder, tuple(faults))


def ask(data_dir: Path, patience_s: float = PATIENCE_S) -> ReloadResult | None:
    """Ask the running process to read the roadmaps again; None if none has answered in time."""
    key = secrets.token_hex(8)
    asked, answered = data_dir / ASKED, data_dir / ANSWERED
    _write(asked, key)
    until = time.monotonic() + patience_s
    while time.monotonic() < until:
        with suppress(OSError, ValueError, KeyError, TypeError):
            answer = json.loads(answered.read_text(encoding="utf-8"))
            if answer["key"] == key:
                answered.unlink(missing_ok=True)
                return ReloadResult(tuple(map(str, answer["lines"])), bool(answer["is_well"]))
        time.sleep(LOOK_S)
    asked.unlink(missing_ok=True)
    return None


def _write(file: Path, text: str) -> None:
    """Write a file atomically, because the other process may read it at any time."""
    draft = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
    draft.write_text(text, encoding="utf-8")
    draft.replace(file)
