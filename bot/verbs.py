"""What each verb of the command line does."""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import os
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from bot.core.characters import clean
from bot.measuring import counted, evaluate
from bot.roadmap_verbs import roadmap
from bot.settings import Settings

Verb = Callable[[Settings, argparse.Namespace], int]


def expected() -> tuple[type[Exception], ...]:
    """Return the troubles whose text is a sentence for a person; their imports take longer than some verbs do."""
    from bot.core.platform import Refused
    from bot.db.archive import BackupError
    from bot.db.engine import Unreachable
    from bot.db.lock import AlreadyRunning
    from bot.db.migrate import MigrationError
    from bot.features.roadmap.faults import NoSuchRoadmap, RoadmapFault

    files = (FileNotFoundError, FileExistsError, NotADirectoryError, PermissionError)
    return (AlreadyRunning, Unreachable, MigrationError, BackupError, RoadmapFault, NoSuchRoadmap, Refused, *files)


def run(settings: Settings, given: argparse.Namespace) -> int:
    """Serve until told to stop."""
    from bot.process import serve

    return asyncio.run(serve(settings))


def demo(settings: Settings, given: argparse.Namespace) -> int:
    """Serve the page with a seeded group and a movable clock, on a database of its own."""
    from bot.demo import serve

    return asyncio.run(serve(settings, given.port))


def chat(settings: Settings, given: argparse.Namespace) -> int:
    """Answer lines from standard input."""
    return asyncio.run(_chat(settings, given.name, given.moderator))


async def _chat(settings: Settings, name: str, moderates: bool) -> int:
    from bot.app import build
    from bot.db.lock import AlreadyRunning, Lock
    from bot.platforms.terminal.adapter import chat as converse

    app = build(settings, chats={})
    reading = asyncio.create_task(app.notebook.read())

    async def step() -> None:
        """Do the schedule's work between two lines, unless a running bot does."""
        try:
            with Lock(settings.url, alone=True):
                await app.step()
        except AlreadyRunning:
            await asyncio.sleep(0)

    try:
        await step()
        await converse(
            app.registry, app.dispatcher, app.feed, name=name, moderates=moderates, lines=sys.stdin, out=sys.stdout,
            zone=local_zone(), after_line=step,
        )  # fmt: skip
    finally:
        reading.cancel()
        await app.close()
    return 0


def local_zone() -> str:
    """Return the machine's IANA zone, or UTC if it does not say."""
    named = os.environ.get("TZ", "").lstrip(":")
    from bot.core.values import zone_names

    if named in zone_names():
        return named
    link = Path("/etc/localtime")
    if link.is_symlink() and "zoneinfo/" in (target := str(link.resolve())):
        name = target.split("zoneinfo/", 1)[1]
        return name if name in zone_names() else "UTC"
    return "UTC"


def ask(settings: Settings, given: argparse.Namespace) -> int:
    """Answer one question, or a stream of them."""
    question = " ".join(given.question).strip()
    if given.jsonl == bool(question):
        print("Give a question, or --jsonl and questions on standard input.", file=sys.stderr)
        return 2
    return asyncio.run(_ask(settings, question, given.roadmap, as_json=given.json, is_stream=given.jsonl))


async def _ask(settings: Settings, question: str, roadmap: str | None, *, as_json: bool, is_stream: bool) -> int:
    from bot.notebook import open_notebook

    notebook = open_notebook(settings)
    try:
        if roadmap is not None:
            notebook.track(roadmap)

        async def answer(turns: list[str]) -> Any:
            return await notebook.answer(turns, roadmap)

        await asyncio.get_running_loop().run_in_executor(notebook.pool, notebook.embed, counted("passages indexed"))
        if is_stream:
            return await _answer_stream(answer)
        said = await _answer(answer, [question])
        if as_json:
            print(json.dumps(said, ensure_ascii=False))
        else:
            print(clean(_written(said)))
    finally:
        await notebook.close()
    return 0


async def _answer(answer: Callable[[list[str]], Awaitable[Any]], turns: list[str]) -> dict[str, Any]:
    began = time.perf_counter()
    said = await answer(turns)
    return {
        "answer": said.text,
        "declined": said.declined,
        "citations": [{"note": c.note, "heading": c.heading, "quote": c.quote} for c in said.citations],
        "latency_ms": round((time.perf_counter() - began) * 1000, 1),
    }


def _written(said: Mapping[str, Any]) -> str:
    """Write an answer for people; one that is declined and still cites is only what comes nearest."""
    from bot.features.qa.answer.values import UNSURE

    cited = [f"[{number}] {one['note']}: {one['heading']}" for number, one in enumerate(said["citations"], 1)]
    return "\n".join([*([UNSURE] if said["declined"] and cited else []), said["answer"], *cited])


async def _answer_stream(answer: Callable[[list[str]], Awaitable[Any]]) -> int:
    exit_code = 0
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="surrogateescape")  # bytes that are no text are a fault of their line alone
    for number, line in enumerate(sys.stdin, 1):
        if not line.strip():
            continue
        try:
            key, turns = _asked(line)
        except (ValueError, KeyError, TypeError, RecursionError):
            print(f'line {number}: write {{"id": "...", "turns": ["..."]}}', file=sys.stderr)
            exit_code = 2
            continue
        print(json.dumps({"id": key, **await _answer(answer, turns)}, ensure_ascii=False), flush=True)
    return exit_code


def _asked(line: str) -> tuple[Any, list[str]]:
    """Return a line's id, which is written back as it came, and its turns."""
    asked = json.loads(line)
    key, turns = asked["id"], asked["turns"]
    if not (isinstance(turns, list) and turns and all(isinstance(turn, str) for turn in turns)):
        raise ValueError
    # half a character can be written in JSON's escapes, and not as text
    json.dumps([key, turns], ensure_ascii=False).encode()
    return key, turns


def db(settings: Settings, given: argparse.Namespace) -> int:
    """Do what is named with the database; its imports take longer than some verbs do."""
    from bot.db_verbs import db

    return db(settings, given)


def backup(settings: Settings, given: argparse.Namespace) -> int:
    """Write a backup."""
    from bot.keep_verbs import backup

    return backup(settings, given)


def restore(settings: Settings, given: argparse.Namespace) -> int:
    """Put a backup back."""
    from bot.keep_verbs import restore

    return restore(settings, given)


def doctor(settings: Settings, given: argparse.Namespace) -> int:
    """Check what can be checked without a chat platform."""
    from bot.upkeep_report import examine

    findings = examine(settings)
    for finding in findings:
        print(f"{'ok  ' if finding.ok else 'MEND'} {finding.what} {finding.mend}".rstrip())
    return 0 if all(f.ok for f in findings) else 1


def manifest(settings: Settings, given: argparse.Namespace) -> int:
    """Print what a platform needs to let the bot in, with the few permissions it uses."""
    if given.platform == "slack":
        from bot.catalogue import registry
        from bot.platforms.slack.manifest import manifest as app_manifest

        many = given.many or settings.slack_client_id is not None
        over_http = many or given.http or settings.slack_signing_secret is not None
        if over_http and settings.public_url is None:
            print("Set TRAILMATE_PUBLIC_URL: the https address at which Slack reaches this server.", file=sys.stderr)
            return 2
        print(app_manifest(registry(), settings.public_url if over_http else None, is_shared=many))
        return 0
    from bot.platforms.discord.manifest import invite_link

    client_id = given.client_id or _client_id(settings)
    if client_id is None:
        print("Name the application's id with --client-id, or set DISCORD_TOKEN.", file=sys.stderr)
        return 2
    print(invite_link(client_id))
    return 0


def _client_id(settings: Settings) -> str | None:
    """Return the application's id, which a bot token begins with, in base64."""
    import base64
    import binascii

    if settings.discord_token is None:
        return None
    first = settings.discord_token.get_secret_value().split(".")[0]
    try:
        decoded = base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)).decode()
    except (binascii.Error, ValueError):
        return None
    return decoded if decoded.isdigit() else None


def people(settings: Settings, given: argparse.Namespace) -> int:
    """Forget a person who has asked for it; its imports take longer than some verbs do."""
    from bot.people_verbs import people

    return people(settings, given)


def slack(settings: Settings, given: argparse.Namespace) -> int:
    """Make a key for the tokens of workspaces, or have all of them kept with the newest one."""
    from bot.slack_verbs import slack

    return slack(settings, given)


VERBS: Mapping[str, Verb] = {
    **{
        verb.__name__: verb
        for verb in (run, chat, ask, roadmap, db, backup, restore, people, slack, doctor, manifest, demo)
    },
    "eval": evaluate,
}
