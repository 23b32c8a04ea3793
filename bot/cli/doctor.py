"""`trailmate doctor`: check settings, database, courses, embedder and chat model."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from bot.base.thread_pool import run_in_thread
from bot.chat.platform import Finding
from bot.cluster.process_registry import ProcessInfo, ahead_s, differing, list_living
from bot.curriculum import loader, shelf, track
from bot.curriculum.authoring.lint import lint_course
from bot.curriculum.shelf import RefusedFolder
from bot.delivery.installs import is_open, list_installs
from bot.features.ask.group_notes_index import has_pgvector
from bot.features.groups.calendar.timeline import Astray, list_astray
from bot.llm.base import ChatMessage, ChatModel, ChatUnavailable, Prompt
from bot.maintenance import migrate, schema_differences
from bot.maintenance.schema_differences import Difference
from bot.messages.characters import clean
from bot.messages.numerals import numbered
from bot.messages.reply import say
from bot.platforms import REMOTE, PlatformEntry
from bot.runtime.health import DIFFERENT, UNDONE_FIX, describe_clock_fix, undone
from bot.runtime.roadmap_paths import installed, roots
from bot.runtime.settings import Settings, find_install_command, misspelt
from bot.server.guard import is_loopback
from bot.storage import faults
from bot.storage.engine import Unreachable, describe_orphaned_log, sqlite_file
from bot.storage.lock import is_in_use
from bot.storage.unit_of_work import Database
from bot.storage.write_probe import probe

DATABASE_S = 30.0
"""Time-out of each look at the database. Beside a busy bot the comparison of the tables alone may take ten seconds."""
NAMES_EACH = "Run `trailmate roadmap check` to see each fault."
UP_TO_DATE = Finding(True, "Database: up to date")


def doctor(settings: Settings, given: argparse.Namespace) -> int:
    """Check what can be checked without a chat platform, or try a real channel with `--live`."""
    if given.live:
        from bot.cli.live_check import check

        return asyncio.run(check(settings, given.live, is_asking=sys.stdin.isatty()))
    findings = examine(settings)
    for finding in findings:
        print(f"{'ok  ' if finding.ok else 'FIX '} {finding.sentences if finding.fix else finding.what}")
    return 0 if all(f.ok for f in findings) else 1


def examine(settings: Settings) -> list[Finding]:
    """Return findings in the order in which to fix them."""
    return [*_check_tokens(settings), *_check_database(settings), *_check_roadmaps(settings), _check_embedder()]


def _check_tokens(settings: Settings) -> list[Finding]:
    return [
        *(Finding(False, f"Settings: {warning}") for warning in misspelt(settings)),
        *(_check_platform(entry, settings) for entry in REMOTE),
        *_check_people(settings),
        _check_answers(settings),
    ]


def _check_platform(entry: PlatformEntry, settings: Settings) -> Finding:
    line, fix = entry.load_factory().describe_settings(settings)
    return Finding(not fix, line, fix)


def _check_people(settings: Settings) -> list[Finding]:
    """Report who may start groups and where browsers reach the bot, with the settings."""
    others = [*sorted(settings.moderators), *["channel owners"] * settings.channel_owners_can_create_groups]
    public = settings.public_url
    where = "on this machine only" if is_loopback(settings.host) else "nowhere"
    reach = f"at {public} (TRAILMATE_PUBLIC_URL)" if public else f"{where} (TRAILMATE_PUBLIC_URL is not set)"
    return [
        Finding(
            True,
            f"Can start groups: {', '.join(['managers of the server or workspace', *others])}. "
            "To add others, set TRAILMATE_MODERATORS or TRAILMATE_CHANNEL_OWNERS_CAN_CREATE_GROUPS.",
        ),
        Finding(True, f"Dashboard: opens {reach}"),
    ]


def _check_answers(settings: Settings) -> Finding:
    """Report what writes the answers, after one short request to the chat model."""
    from bot.runtime.answer_engine import build_chat_model, standing_of

    standing = standing_of(settings)
    if (chat := build_chat_model(settings, standing)) is None:
        return Finding(True, "Answers: only from the notes (OPENAI_API_KEY is not set)")
    reason = asyncio.run(_try_model(chat))
    if standing.problem is not None:
        return Finding(False, f"Answers: {standing.problem[0]}.", standing.problem[1])
    if reason:
        return Finding(
            False, f"Answers: the chat model didn't answer ({clean(reason)})", "Run `trailmate doctor` again."
        )
    if settings.answer_check == "quotes":
        return Finding(True, "Answers: sentences from the notes, chosen by a model (TRAILMATE_ANSWER_CHECK)")
    return Finding(True, "Answers: written by a model, each sentence judged by the notes (TRAILMATE_ANSWER_CHECK)")


async def _try_model(chat: ChatModel) -> str:
    """Return why the chat model didn't answer; empty if it did."""
    try:
        await chat.complete(Prompt("Reply with OK.", (ChatMessage("user", "OK?"),), max_tokens=5))
    except ChatUnavailable as reason:
        return str(reason)
    finally:
        await chat.close()
    return ""


def _check_database(settings: Settings) -> list[Finding]:
    """Check the database and its groups, with a time-out.

    Nothing else runs meanwhile, so the whole time-out is for the database.
    """
    try:
        finding = run_in_thread(lambda: database_finding(settings)).result(DATABASE_S)
        return [
            finding,
            *(run_in_thread(lambda: _check_groups(settings)).result(DATABASE_S) if finding is UP_TO_DATE else ()),
        ]
    except TimeoutError:
        busy = "The disk or the machine is too busy, or another program holds the file. Check again."
        fix = busy if settings.url.startswith("sqlite") else faults.AWAY.fix
        return [Finding(False, f"Database: no answer in {DATABASE_S:.0f} s", fix)]


def _check_groups(settings: Settings) -> list[Finding]:
    """Report groups whose course is missing or changed, and how group notes are compared."""
    library = installed(settings)
    with Database(settings.url) as database:
        astray = database.run_sync(lambda work: list_astray(work.session, library), writes=False)
        compares = database.run_sync(has_pgvector, writes=False)
        living = database.run_sync(list_living, writes=False)
        installs, ahead = _check_installs(settings, database), ahead_s(database)
    findings = (
        []
        if settings.url.startswith("sqlite")
        else [_check_vectors(compares), *_check_processes(living), _check_clock(ahead)]
    )
    return [*findings, *installs, *_check_astray(astray)]


def _check_installs(settings: Settings, database: Database) -> list[Finding]:
    """Report the number of installs, and whether their tokens can be decrypted."""
    if not settings.keys:
        return []
    return [_check_platform_installs(settings, database, entry) for entry in REMOTE if entry.stores_tokens]


def _check_platform_installs(settings: Settings, database: Database, entry: PlatformEntry) -> Finding:
    from bot.storage.token_encryption import Vault

    vault = Vault(settings.keys)
    rows = database.run_sync(lambda work: list_installs(work, entry.name), writes=False)
    sealed = [clean(row.tenant) for row in rows if not is_open(vault, row)]
    if not sealed:
        return Finding(True, f"{entry.title}: installed in {numbered(len(rows), 'workspace')}")
    whose = f"{entry.title}: the token of {', '.join(sealed)}"
    what = f"{whose} uses a key that TRAILMATE_SLACK_TOKEN_KEYS lacks"
    return Finding(False, what, "Add that key after the others, or install the app there again.")


def _check_processes(living: Sequence[ProcessInfo]) -> list[Finding]:
    """Report the live processes, and roles that none of them has."""
    if not living:
        return [Finding(True, "Processes: none is running on this database")]
    named = Finding(True, f"Running: {clean('; '.join(process.description for process in living))}")
    apart = [
        Finding(False, f"Processes: {_describe_difference(living, name)}", DIFFERENT.format(name))
        for name in differing(living)
    ]
    return [named, *(Finding(False, f"Processes: none {what}", UNDONE_FIX) for what in undone(living)), *apart]


def _describe_difference(living: Sequence[ProcessInfo], name: str) -> str:
    alike: dict[str, list[str]] = {}
    for process in living:
        if name in process.marks:
            alike.setdefault(process.marks[name], []).append(f"{process.pid} on {process.host}")
    return clean(f"{name} differs between {' and '.join(', '.join(group) for group in alike.values())}")


def _check_clock(ahead: float) -> Finding:
    fix = describe_clock_fix(ahead)
    return Finding(not fix, f"Clock: {'differs from' if fix else 'same as'} the database server's", fix)


def _check_vectors(compares: bool) -> Finding:
    if compares:
        return Finding(True, "Group notes: searched in the database by pgvector")
    return Finding(True, "Group notes: searched in memory (CREATE EXTENSION vector moves this to the database)")


def _check_astray(astray: Sequence[Astray]) -> list[Finding]:
    return [Finding(False, f"Group: {say(group.lack).plain(None)}", group.fix) for group in astray]


def database_finding(settings: Settings) -> Finding:
    """Check whether the database fits this version."""
    from bot.runtime.catalogue import tables

    if settings.url.startswith("sqlite") and not (file := sqlite_file(settings.url)).exists():
        return _check_missing_file(file)
    fault = probe(settings.url)
    if fault is not None and fault != faults.AWAY:
        return Finding(False, f"Database: {fault.name}", fault.fix)
    try:
        if not settings.url.startswith("sqlite") and migrate.is_empty(settings.url):
            return _check_empty_server(settings.url)
        wrong = schema_differences.check(settings.url, tables())
    except migrate.MigrationError as trouble:
        return Finding(False, f"Database: {trouble}")
    except Unreachable as trouble:
        return Finding(False, f"Database: {trouble}", "Check TRAILMATE_DATABASE_URL, and check that the server is up.")
    return _summarize_differences(wrong) if wrong else UP_TO_DATE


def _check_missing_file(file: Path) -> Finding:
    if is_in_use(file):
        return Finding(False, f"Database: {faults.MOVED.name}", faults.MOVED.fix)
    if orphaned := describe_orphaned_log(file):
        return Finding(False, f"Database: {orphaned}")
    there = next(folder for folder in file.absolute().parents if folder.exists())
    if there.is_dir() and os.access(there, os.W_OK | os.X_OK):
        return Finding(True, f"Database: none yet; the first start creates one in {file.parent}")
    return Finding(False, f"Database: none yet, and I can't create one in {file.parent}", faults.READ_ONLY.fix)


def _check_empty_server(url: str) -> Finding:
    """Check whether the first start can create tables in an empty server database."""
    with migrate.connected(url) as connection:
        asked = "SELECT has_schema_privilege(current_schema(), 'CREATE')"
        may = connection.exec_driver_sql(asked).scalar()
        connection.rollback()
    if may:
        return Finding(True, "Database: empty; the first start creates the tables")
    return Finding(False, f"Database: {faults.NOT_ALLOWED.name}", faults.NOT_ALLOWED.fix)


def _summarize_differences(wrong: Sequence[Difference]) -> Finding:
    """Report the differences from this version's schema, with the command that fixes them."""
    summary = f"Database: {wrong[0].problem}{f', and {len(wrong) - 1} more' if wrong[1:] else ''}"
    if wrong[0].fix == schema_differences.UPGRADE:
        return Finding(False, summary, "Run `trailmate db upgrade`.")
    if all(difference.index is not None for difference in wrong):
        return Finding(False, summary, "Run `trailmate db check --repair`.")
    return Finding(False, summary, "Run `trailmate db check` to see each with its fix.")


def _check_roadmaps(settings: Settings) -> list[Finding]:
    """Report the state of each course; missing parts are no fault."""
    places = roots(settings)
    read = cache(loader.read_course)
    library = shelf.library(*places, read=read)
    findings = [_report_refused(refused) for refused in library.refused]
    unused = {refused.folder for refused in library.refused}
    for folder in (folder for root in places for folder in shelf.folders(root) if folder not in unused):
        examined = lint_course(folder, places, read)
        units = numbered(len(library[folder.name].roadmap.units), "unit")
        what = f"Course {folder.name}: {units}, {numbered(len(examined.faults), 'fault')}"
        what += f", {numbered(len(examined.todo), 'thing')} still to do" if examined.todo else ""
        findings.append(Finding(not examined.faults, what, NAMES_EACH if examined.faults else ""))
    if settings.roadmap_dir is not None and not settings.roadmap_dir.expanduser().is_dir():
        what = f"Courses: there is no folder {settings.roadmap_dir}"
        findings.append(Finding(False, what, "Create it, or set another in TRAILMATE_ROADMAP_DIR."))
    none = Finding(False, "Course: none is installed", track.NONE.replace("`", ""))
    return findings if library else [*findings, none]


def _report_refused(refused: RefusedFolder) -> Finding:
    return Finding(False, f"Course {clean(refused.id)}: not loaded: {refused.describe_faults()}", NAMES_EACH)


def _check_embedder() -> Finding:
    from bot.llm.base import EmbeddingFailed
    from bot.llm.embedder_process import load_embedder

    if line := find_install_command("onnxruntime"):
        return Finding(True, f"Search: only by words, without onnxruntime ({line} installs it on supported systems)")
    try:
        if (embedder := load_embedder()) is None:
            raise EmbeddingFailed
        embedder.embed(["a question"])
    except EmbeddingFailed:
        return Finding(False, "Search: only by words", "The embedder doesn't run here. Install trailmate again.")
    return Finding(True, "Search: by words and by meaning")
