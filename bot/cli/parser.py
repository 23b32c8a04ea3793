"""The arguments of `trailmate`, with the help of each command.

Importing this module must stay cheap: `trailmate --version` and `--help` import nothing else of the program.
"""

from __future__ import annotations

import argparse
import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from typing import Any, NoReturn

from bot.platforms import LOCAL, REMOTE

USAGE = 2
EXIT_CODES: Mapping[int, str] = {
    0: "Done.",
    1: "The command found a problem or could not finish.",
    USAGE: "The command line or a setting is wrong.",
    130: "You stopped it with Ctrl-C.",
    143: "The system stopped it (SIGTERM).",
}
"""What an exit code means, unless a command says otherwise."""
INTERRUPTED = 130
BY_SIGNAL = 128
"""What a shell adds to a signal's number in an exit code."""

_PLAIN = (
    (r"argument (\S+): expected (?:one|at least one) argument", r"\1 needs a value."),
    (r"argument (\S+): ignored explicit argument .*", r"\1 takes no value."),
    (r"argument (\S+): (.*)", r"\1: \2"),
)
"""What argparse says about a mistake, each with a plain sentence."""


class Parser(argparse.ArgumentParser):
    """Parses a command. A mistake gets a sentence that says how to fix it.

    Args:
        examples: lines to type.
        exits: exit codes that mean something particular for this command.
    """

    def __init__(self, *, examples: Sequence[str] = (), exits: Mapping[int, str] | None = None, **given: Any) -> None:
        super().__init__(
            add_help=False, allow_abbrev=False, formatter_class=argparse.RawDescriptionHelpFormatter, **given
        )
        self.add_argument("-h", "--help", action="help", help="Show this help.")
        self._positionals.title = "arguments"
        self.examples = tuple(examples)
        self.exits = {code: EXIT_CODES[code] for code in (0, 1, USAGE)} | dict(exits or {})

    @property
    def actions(self) -> Mapping[str, Parser]:
        """The commands below this one, by name."""
        found = (action.choices for action in self._actions if isinstance(action, argparse._SubParsersAction))
        return next(found, {})

    @property
    def options(self) -> list[str]:
        """The options of this command, each with its dashes."""
        return [option for action in self._actions for option in action.option_strings]

    def walk(self) -> Iterator[Parser]:
        """Yield this command and all commands below it."""
        yield self
        for command in self.actions.values():
            yield from command.walk()

    def format_help(self) -> str:
        """Return the help, with examples and exit codes at its end."""
        codes = {} if self.actions else self.exits
        parts = {"Example:": self.examples, "Exit codes:": [f"{code}  {meaning}" for code, meaning in codes.items()]}
        lines = (line for head, part in parts.items() if part for line in ("", head, *(f"  {line}" for line in part)))
        return super().format_help() + "\n".join([*lines, ""])

    def error(self, message: str) -> NoReturn:
        """Print a plain sentence and the usage, and exit."""
        if missing := re.fullmatch(r"the following arguments are required: (.*)", message):
            message = self._describe_missing(missing[1])
        for pattern, plain in _PLAIN:
            message = re.sub(pattern, plain, message)
        self.exit(USAGE, f"{message}\n{self.format_usage()}Help: {self.prog} --help\n")

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse the arguments of this command, and refuse those that it doesn't have."""
        given, rest = super().parse_known_args(args, namespace)
        if rest:
            self.error(self._describe_unknown(rest[0]))
        return given, rest

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is None or value in action.choices:
            return
        kind = action.metavar if isinstance(action.metavar, str) else action.dest.upper()
        names = [str(name) for name in action.choices]
        fix = _guess(str(value), names) or f"Choose {list_choices(names)}."
        self.error(f'There is no {kind.lower()} "{value}". {fix}')

    def _describe_missing(self, names: str) -> str:
        example = f" Example: {self.examples[0]}" if self.examples else ""
        if self.actions:
            return f"{names} is missing. Choose {list_choices(list(self.actions))}."
        return f"{names} {'are' if ', ' in names else 'is'} missing.{example}"

    def _describe_unknown(self, word: str) -> str:
        if not word.startswith("-"):
            return f'"{word}" is one argument too many.'
        option = word.split("=")[0]
        return f"There is no option {option}. {_guess(option, self.options)}".rstrip()


def _guess(word: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(word, known, 1)
    return f"Did you mean {near[0]}?" if near else ""


def list_choices(names: Sequence[str]) -> str:
    """Return names as a choice: `a, b or c`."""
    return " or ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f'"{text}" is not a port. Give a number from 0 to 65535, such as 8321.')
    return int(text)


def _count(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f'"{text}" is not a number of backups. Give 1 or more, such as 14.')
    return int(text)


def _share(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f'"{text}" is not a share. Give a number from 0 to 1, such as 0.9.') from None


def parser() -> Parser:
    """Return the parser of the whole command line."""
    top = Parser(
        prog="trailmate",
        description="Run Trailmate, a study-group bot for Discord and Slack.",
        epilog="Settings come from the environment or a .env file. .env.example explains each setting.",
        examples=["trailmate demo", "trailmate backup --help"],
    )
    top.add_argument(
        "--version", action="version", version=f"trailmate {version('trailmate')}", help="Show the version."
    )
    commands = top.add_subparsers(dest="verb", metavar="COMMAND", title="commands", parser_class=Parser)
    _add_run(commands)
    _add_questions(commands)
    _add_roadmap(commands)
    _add_db(commands)
    _add_backup(commands)
    _add_people(commands)
    _add_platforms(commands)
    return top


_Commands = argparse._SubParsersAction


def _add(commands: _Commands[Parser], name: str, summary: str, *examples: str, **exits: str) -> Parser:
    """Add a command.

    Args:
        exits: what an exit code means for it, as `exit_1="…"`.
    """
    codes = {int(code.removeprefix("exit_")): meaning for code, meaning in exits.items()}
    return commands.add_parser(name, help=summary, description=summary, examples=examples, exits=codes)


def _add_group(commands: _Commands[Parser], name: str, summary: str) -> _Commands[Parser]:
    group = commands.add_parser(name, help=summary, description=summary)
    return group.add_subparsers(dest="action", metavar="ACTION", title="actions", required=True, parser_class=Parser)


def _add_run(commands: _Commands[Parser]) -> None:
    run = _add(
        commands,
        "run",
        "Run the bot (default).",
        "trailmate run --port 8400",
        exit_0="You or the system stopped the bot.",
        exit_1="The bot could not start. The message says why.",
    )
    run.add_argument("--host", help="Address to listen on (default: TRAILMATE_HOST, or 127.0.0.1).")
    run.add_argument("--port", type=_port, help="Port, 0 for any free one (default: TRAILMATE_PORT, or 8321).")
    demo = _add(
        commands,
        "demo",
        "Run a demo: a group of twelve, and a clock to move.",
        "trailmate demo",
        exit_0="You stopped the demo.",
    )
    demo.add_argument("--port", type=_port, help="Port of the page (default: any free one).")
    chat = _add(
        commands,
        "chat",
        "Talk to the bot here. Type a button's number to press it.",
        "trailmate chat --as Ada",
    )
    chat.add_argument("--as", dest="name", required=True, metavar="NAME", help="Your name in the chat.")
    chat.add_argument("--moderator", action="store_true", help="Speak as a manager, who can start groups.")
    doctor = _add(
        commands,
        "doctor",
        "Check settings, database, courses and models, or a channel.",
        "trailmate doctor",
        exit_0="Everything is fine.",
        exit_1="At least one line starts with FIX.",
    )
    doctor.add_argument(
        "--live", metavar="LINK", help="Post in this channel of Discord or Slack, and list what to check."
    )


def _add_questions(commands: _Commands[Parser]) -> None:
    ask = _add(
        commands,
        "ask",
        "Ask the notes a question.",
        'trailmate ask "What is a generator?"',
        exit_0="Answered, or the notes don't have the answer.",
        exit_2="The question is missing, or a line of --jsonl is wrong.",
    )
    ask.add_argument("question", nargs="*", metavar="QUESTION", help="The question.")
    ask.add_argument("--roadmap", metavar="ID", help="Course to search (default: all).")
    ask.add_argument("--json", action="store_true", help="Print the answer as JSON.")
    ask.add_argument("--jsonl", action="store_true", help="Read questions from standard input, one JSON object a line.")
    evaluate = _add(
        commands,
        "eval",
        "Measure how well the notes answer questions.",
        "trailmate eval questions.yaml --at-least 0.9",
        exit_1="A figure is below --at-least.",
    )
    evaluate.add_argument(
        "questions",
        nargs="*",
        metavar="FILE",
        help="Files, or the project's sets: questions, facts, acceptance (default: questions).",
    )
    evaluate.add_argument("--roadmap", metavar="ID", help="Course to measure (default: the longest).")
    evaluate.add_argument("--failures", action="store_true", help="List each question that went wrong.")
    evaluate.add_argument("--json", action="store_true", help="Print the figures of questions with facts as JSON.")
    evaluate.add_argument(
        "--endpoint", action="store_true", help="Let the chat model of the settings word the answers."
    )
    evaluate.add_argument(
        "--at-least",
        type=_share,
        default=0.0,
        metavar="SHARE",
        help="Lowest recall@5, or share of facts shown, that passes (default: %(default)s).",
    )


def _add_roadmap(commands: _Commands[Parser]) -> None:
    actions = _add_group(commands, "roadmap", "Check, create, reload or export courses.")
    check = _add(
        actions,
        "check",
        "Check courses and list what is still to do.",
        "trailmate roadmap check roadmaps/book-club",
        exit_0="No course has a fault.",
        exit_1="A course has a fault.",
    )
    check.add_argument("name", nargs="?", metavar="DIR", help="Folder of one course (default: all courses).")
    new = _add(
        actions,
        "new",
        "Create a course, from an outline if you have one.",
        "trailmate roadmap new book-club --from club.md",
        exit_1="The outline has a fault. The message names the line.",
        exit_2="The id is wrong or already used, or the outline cannot be read.",
    )
    new.add_argument("name", metavar="ID", help="Id of the course: lower-case words joined by hyphens.")
    new.add_argument("--title", help="Title (default: the outline's, or the words of the id).")
    new.add_argument(
        "--from", dest="outline", metavar="FILE", help="Outline in Markdown or CSV. - reads standard input."
    )
    new.add_argument(
        "--in", dest="into", metavar="DIR", help="Folder to write to (default: roadmaps in the data folder)."
    )
    _add(
        actions,
        "reload",
        "Reload changed courses into the running bot.",
        "trailmate roadmap reload",
        exit_1="A course has a fault, or the bot did not answer.",
    )
    export = _add(
        actions,
        "export",
        "Export a course that moderators made as a folder.",
        "trailmate roadmap export own-3 my-roadmaps",
        exit_2="There is no such course, the folder exists, or the database is not ready.",
    )
    export.add_argument("name", nargs="?", metavar="ID", help="Id of the course (default: list all).")
    export.add_argument("place", nargs="?", metavar="DIR", help="Folder to put the course's folder in (default: here).")


def _add_db(commands: _Commands[Parser]) -> None:
    actions = _add_group(commands, "db", "Upgrade, check, repair or move the database.")
    _add(actions, "upgrade", "Upgrade the database to this version.", "trailmate db upgrade")
    check = _add(
        actions,
        "check",
        "Check the database, or repair it.",
        "trailmate db check --repair",
        exit_0="The database is sound.",
        exit_1="There is no database, or a problem remains.",
    )
    check.add_argument("--repair", action="store_true", help="Repair what can be restored from other data.")
    check.add_argument("--yes", action="store_true", help="Repair without asking.")
    move = _add(
        actions,
        "move",
        "Copy the database to an empty one.",
        "trailmate db move trailmate.db postgresql://USER:PASSWORD@HOST/NAME",
        exit_1="The target is not empty, a bot is running, or a database cannot be opened.",
    )
    move.add_argument("source", metavar="SOURCE", help="SQLite file, or address as in TRAILMATE_DATABASE_URL.")
    move.add_argument("target", metavar="TARGET", help="File or address of an empty database.")


def _add_backup(commands: _Commands[Parser]) -> None:
    backup = _add(
        commands,
        "backup",
        "Back up the database, even while the bot runs.",
        "trailmate backup backups --keep 14",
        exit_0="The backup is written and verified.",
    )
    backup.add_argument("file", metavar="FILE", help="File such as copy.zip, or folder for a file named by the date.")
    backup.add_argument("--force", action="store_true", help="Replace the file if it exists.")
    backup.add_argument(
        "--keep", type=_count, metavar="N", help="Keep the newest N dated backups in the folder, delete older ones."
    )
    restore = _add(
        commands,
        "restore",
        "Restore a backup, while the bot is stopped.",
        "trailmate restore backups/trailmate-20261201-030000.zip --replace",
        exit_1="The backup is damaged, the bot is running, or the database is not empty.",
    )
    restore.add_argument("file", metavar="BACKUP_FILE", help="Backup to restore.")
    restore.add_argument("--replace", action="store_true", help="Replace a database with data, and keep a copy of it.")
    restore.add_argument("--yes", action="store_true", help="Replace it without asking.")


def _add_people(commands: _Commands[Parser]) -> None:
    actions = _add_group(commands, "people", "Delete the data of people.")
    forget = _add(
        actions,
        "forget",
        "Show a person's data, and delete it at their request.",
        "trailmate people forget discord 123456789012345678 --yes",
        exit_0="Shown, or deleted with --yes.",
        exit_1="There is no such person, or the id stands for several.",
    )
    choices = [*(entry.name for entry in REMOTE), LOCAL.name]
    forget.add_argument("platform", metavar="PLATFORM", choices=choices, help=f"The platform: {list_choices(choices)}.")
    forget.add_argument("id", metavar="ID", help="The account's id on the platform, not its name.")
    forget.add_argument("--tenant", metavar="ID", help="Slack workspace, if several have this id.")
    forget.add_argument("--yes", action="store_true", help="Delete the data.")


def _add_platforms(commands: _Commands[Parser]) -> None:
    for entry in (entry for entry in REMOTE if entry.stores_tokens):
        about = f"Manage the keys that encrypt {entry.title} tokens."
        actions = _add_group(commands, entry.name, about)
        _add(actions, "new-key", "Print a new key to encrypt tokens with.", f"trailmate {entry.name} new-key")
        _add(
            actions,
            "rotate-keys",
            "Encrypt all tokens with the newest key.",
            f"trailmate {entry.name} rotate-keys",
            exit_1="The settings lack the key of a token.",
            exit_2="The settings have no key.",
        )
    manifest = _add(
        commands,
        "manifest",
        "Print Discord's invite link or Slack's app manifest.",
        "trailmate manifest discord",
        "trailmate manifest slack",
        exit_1="The platform's library is not installed.",
        exit_2="A setting or an option is missing.",
    )
    manifest.add_argument(
        "platform", metavar="PLATFORM", choices=[entry.name for entry in REMOTE], help="The platform: discord or slack."
    )
    manifest.add_argument("--http", action="store_true", help="Slack over HTTP, at TRAILMATE_PUBLIC_URL.")
    manifest.add_argument(
        "--many", action="store_true", help="The same, for workspaces that install the app themselves."
    )
    manifest.add_argument(
        "--client-id", metavar="ID", help="Id of the Discord application (default: from DISCORD_TOKEN)."
    )


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Return what the command line says. The options of `run` work without its name."""
    is_run = bool(arguments) and arguments[0].startswith(("--host", "--port"))
    return parser().parse_args(["run", *arguments] if is_run else arguments)
