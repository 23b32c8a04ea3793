"""The command line: `trailmate run | chat | ask | eval | roadmap | db | backup | restore | people | doctor | ...`."""

from __future__ import annotations

import argparse
import gc
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

RARELY = (100_000, 50, 50)
"""How often garbage is looked for until the bot runs: what a start makes lasts, and to look at it again and again
took a fifth of its time."""
_BY_SIGNAL = 128
"""What shells add to a signal's number to tell by an exit code that it ended a program."""
INTERRUPTED = _BY_SIGNAL + signal.SIGINT
EPILOG = "Settings come from the environment or a .env file; .env.example explains each."


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    from importlib.metadata import version

    top = argparse.ArgumentParser(prog="trailmate", description="A study-group bot.", epilog=EPILOG)
    top.add_argument("--version", action="version", version=f"trailmate {version('trailmate')}")
    verbs = top.add_subparsers(dest="verb", metavar="VERB")
    run = verbs.add_parser("run", help="run the bot (the default)")
    run.add_argument("--host", help="where the page and /healthz answer; TRAILMATE_HOST if not given")
    run.add_argument("--port", type=int, help="their port, 0 for any free one; TRAILMATE_PORT if not given")
    chat = verbs.add_parser("chat", help="talk to the bot on standard input")
    chat.add_argument("--as", dest="name", required=True, metavar="NAME", help="who speaks")
    chat.add_argument("--moderator", action="store_true", help="speak as a moderator")
    ask = verbs.add_parser("ask", help="ask the notes")
    ask.add_argument("--roadmap", metavar="ID", help="whose notes answer, without it the surest")
    ask.add_argument("--json", action="store_true", help="print the answer as JSON")
    ask.add_argument("--jsonl", action="store_true", help="read questions as JSON lines from standard input")
    ask.add_argument("question", nargs="*", help="the question")
    evaluate = verbs.add_parser("eval", help="measure how well the notes are found, and what is declined")
    evaluate.add_argument(
        "questions",
        nargs="?",
        metavar="FILE",
        help="questions; ours by default, `facts` for those of strangers, `acceptance` for those nothing is fitted on",
    )
    evaluate.add_argument("--roadmap", metavar="ID", help="whose notes are measured, without it the longest's")
    evaluate.add_argument("--failures", action="store_true", help="name every question that went wrong")
    evaluate.add_argument("--json", action="store_true", help="print the figures of questions with facts as JSON")
    evaluate.add_argument(
        "--endpoint", action="store_true", help="have the chat model of the settings word the answers to facts"
    )
    evaluate.add_argument(
        "--keep", action="store_true", help="keep what is shown as that which later runs must not fall below"
    )
    evaluate.add_argument(
        "--at-least",
        type=float,
        default=0.0,
        metavar="SHARE",
        help="fail where recall@5, or facts shown on test, is below",
    )
    _add_roadmap(verbs.add_parser("roadmap", help="check, begin, reload or export roadmaps"))
    _add_db(verbs.add_parser("db", help="migrate, check or move the database, or write a migration in a checkout"))
    _add_keeping(
        verbs.add_parser("backup", help="back the database up"), verbs.add_parser("restore", help="put it back")
    )
    _add_people(verbs.add_parser("people", help="forget a person at their request"))
    _add_token_keys(verbs)
    verbs.add_parser("doctor", help="check settings, database, roadmap and index")
    _add_manifest(verbs.add_parser("manifest", help="print the invite link or the app manifest"))
    demo = verbs.add_parser("demo", help="a seeded group of twelve with a clock you can move")
    demo.add_argument("--port", type=int, help="the page's port")
    return top


def _add_db(db: argparse.ArgumentParser) -> None:
    actions = db.add_subparsers(dest="action", metavar="ACTION", required=True)
    actions.add_parser("upgrade", help="migrate the database to this version")
    check = actions.add_parser("check", help="say how the database differs from what it should be")
    check.add_argument("--repair", action="store_true", help="mend what follows from what else is kept")
    check.add_argument("--yes", action="store_true", help="mend it without being asked")
    revision = actions.add_parser("revision", help="write a migration, in a checkout")
    revision.add_argument("why", nargs="?", help="what it is for, in a few words")
    move = actions.add_parser("move", help="copy the database into an empty one of the other engine")
    move.add_argument("source", metavar="SOURCE", help="a SQLite file, or an address as in TRAILMATE_DATABASE_URL")
    move.add_argument("target", metavar="TARGET", help="the same of a database that is empty")


def _add_keeping(backup: argparse.ArgumentParser, restore: argparse.ArgumentParser) -> None:
    backup.add_argument("file", metavar="FILE", help="where to, or a folder, in which it is named by its date")
    backup.add_argument("--force", action="store_true", help="replace the file if it is there")
    backup.add_argument("--keep", type=_some, metavar="N", help="keep the newest N backups of the folder, and no more")
    restore.add_argument("file", metavar="FILE", help="a backup")
    restore.add_argument("--replace", action="store_true", help="also where something is kept, which stays beside")
    restore.add_argument("--yes", action="store_true", help="replace it without being asked")


def _some(said: str) -> int:
    if not said.isdecimal() or not int(said):
        raise argparse.ArgumentTypeError("a whole number from 1 on")
    return int(said)


def _add_token_keys(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    from bot.platforms import REMOTE

    for entry in (entry for entry in REMOTE if entry.stores_tokens):
        about = f"the keys that the tokens of {entry.title}'s workspaces are kept with"
        verbs.add_parser(entry.name, help=about).add_argument("action", choices=["new-key", "rotate-keys"])


def _add_manifest(manifest: argparse.ArgumentParser) -> None:
    from bot.platforms import REMOTE

    manifest.add_argument("platform", choices=[entry.name for entry in REMOTE])
    manifest.add_argument("--http", action="store_true", help="Slack over HTTP at TRAILMATE_PUBLIC_URL")
    manifest.add_argument("--many", action="store_true", help="the same, for workspaces that install it themselves")
    manifest.add_argument("--client-id", metavar="ID", help="the Discord application's id")


def _add_people(people: argparse.ArgumentParser) -> None:
    from bot.platforms import LOCAL, REMOTE

    people.add_argument("action", choices=["forget"])
    people.add_argument("platform", choices=[*(entry.name for entry in REMOTE), LOCAL.name])
    people.add_argument("id", help="the account's id there")
    people.add_argument("--tenant", metavar="ID", help="the Slack workspace, where the id stands for several accounts")
    people.add_argument("--yes", action="store_true", help="do it; without it what goes and what stays is shown")


def _add_roadmap(roadmap: argparse.ArgumentParser) -> None:
    roadmap.add_argument("action", choices=["check", "new", "reload", "export"])
    roadmap.add_argument("name", nargs="?", metavar="DIR|ID", help="check: a folder, else all; new, export: the id")
    roadmap.add_argument("place", nargs="?", metavar="DIR", help="export: the folder that the roadmap's own goes into")
    roadmap.add_argument("--title", help="new: the title, instead of the outline's or the id's words")
    roadmap.add_argument("--from", dest="outline", metavar="FILE", help="new: an outline, Markdown or CSV; - reads it")
    roadmap.add_argument("--in", dest="into", metavar="DIR", help="new: where, if not in the data directory's roadmaps")


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Return what the command line says; the flags of the default verb may stand without it."""
    is_run = bool(arguments) and arguments[0].startswith(("--host", "--port"))
    return parser().parse_args(["run", *arguments] if is_run else arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb and return its exit code; what a person did wrong is one sentence on standard error.

    Whatever takes long to import is imported here: who stops it meanwhile is no fault.
    """
    try:
        return _main(arguments)
    except KeyboardInterrupt:
        return INTERRUPTED


def _main(arguments: Sequence[str] | None) -> int:
    import asyncio

    from bot.runtime import settings as settings_of

    gc.set_threshold(*RARELY)
    given = parse(sys.argv[1:] if arguments is None else arguments)
    try:
        settings = settings_of.load(**_flags(given))
    except settings_of.SettingsError as wrong:
        print(wrong, file=sys.stderr)
        return 2
    from bot import cli as verbs
    from bot.runtime import logs

    logs.log_to_stderr(given.verb, settings.log_format)

    try:
        with _ending(given.verb or "run"):
            return verbs.verb(given.verb or "run")(settings, given)
    except (asyncio.CancelledError, BrokenPipeError):
        return INTERRUPTED
    except verbs.expected() as wrong:
        print(_sentence(wrong, settings.data_dir), file=sys.stderr)
        return 1
    except Exception as wrong:
        if not (fix := verbs.find_fix(wrong)):
            raise
        print(fix, file=sys.stderr)
        return 1


@contextmanager
def _ending(verb: str) -> Iterator[None]:
    """Have a verb that is told to end clean up after itself; one that serves sees to that by itself."""
    if verb in ("run", "demo") or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, lambda number, _: sys.exit(_BY_SIGNAL + number))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _flags(given: argparse.Namespace) -> dict[str, object]:
    """Return what flags say in place of the environment."""
    if given.verb != "run":
        return {}
    flags = {"TRAILMATE_HOST": given.host, "TRAILMATE_PORT": given.port}
    return {name: value for name, value in flags.items() if value is not None}


def _sentence(wrong: Exception, data_dir: Path) -> str:
    if not isinstance(wrong, OSError) or wrong.filename is None:
        return str(wrong)
    told = f"{wrong.filename}: {(wrong.strerror or 'it cannot be used').lower()}."
    own = data_dir.expanduser().absolute()
    is_own = Path(os.fsdecode(wrong.filename)).absolute().is_relative_to(own)
    return f"{told} TRAILMATE_DATA_DIR names the place." if is_own else told


if __name__ == "__main__":
    sys.exit(main())
