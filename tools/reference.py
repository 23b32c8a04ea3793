"""The reference pages in docs/, made from the program's own declarations.

`python -m tools.reference` writes them. With `--check` it writes nothing and exits with 1 if a page is out of date.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from bot.cli.parser import EXIT_CODES, Parser, parser
from bot.commands.command import Command
from bot.commands.parameter_types import Kind
from bot.dashboard.pages import PAGES as DASHBOARD_PAGES
from bot.runtime.catalogue import registry
from tools.permissions import STANDS, may, may_see

DOCS = Path(__file__).parents[1] / "docs"
VALUES: Mapping[Kind, tuple[str, tuple[str, ...]]] = {
    Kind.MINUTES: ("Length of time", ("45", "45m", "1h30")),
    Kind.DATE: ("Day", ("today", "next monday", "in 1 week", "2026-12-01")),
    Kind.TIME: ("Time of day", ("19:00", "7pm")),
    Kind.BOOL: ("Yes or no", ("yes", "no", "on", "off")),
    Kind.ZONE: ("Time zone", ("Europe/Berlin", "UTC")),
    Kind.MEMBER: ("Member", ("@ada", "ada")),
}
"""Kinds of value, each with a title and examples that people may type."""
MADE = "<!-- `python -m tools.reference` makes this page. -->"

COMMANDS = """\
# Chat commands

For members and organisers: every command that you can type.

| Where | How to type a command |
| --- | --- |
| Discord | `/checkin`; or `@Trailmate checkin`; or `checkin` in a direct message |
| Slack | `/study checkin`; or `@Trailmate checkin`; or `checkin` in a direct message |
| Local page and terminal | `checkin` |

- Type words in CAPITALS in their order. The bot opens a form if one is missing.
- Options are optional. Type them as `name=value` in any place: `checkin 45 read two papers unit=7`.
- Most commands also take `group=`. You only need it if you are in several groups.
- Only you can read a reply, except for answers to `ask` in a channel.
- `help COMMAND` explains a command, such as `help checkin`.

{values}

## Members

{member_menu}

These are not in the slash menu. Type them:

{member_typed}

## Moderators

[Permissions](permissions.md) says who is a moderator. Commands that change dates or delete data show a preview first.

{moderator_menu}

These are not in the slash menu. Type them:

{moderator_typed}
"""


def commands_page() -> str:
    """Return the page of commands that people type in a chat."""
    commands = registry()
    typed = [command for command in commands.shown if command not in commands.menu]
    tables = {
        f"{reader}_{place}": _command_table(c for c in listed if (c.role == "moderator") is (reader == "moderator"))
        for reader in ("member", "moderator")
        for place, listed in (("menu", commands.menu), ("typed", typed))
    }
    values = table(("Value", "Examples"), ((title, spans(examples)) for title, examples in VALUES.values()))
    return COMMANDS.format(values=values, **tables)


def _command_table(commands: Iterable[Command]) -> str:
    rows = []
    for command in commands:
        required = [param.key.upper() for param in command.offered if param.required]
        optional = [f"{p.key}=" for p in command.offered if not p.required and p is not command.which]
        rows.append((span(" ".join([command.name, *required])), spans(optional), command.summary))
    return table(("Command", "Options", "What it does"), rows)


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Return a Markdown table."""
    lines = (head, tuple("---" for _ in head), *rows)
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


def span(text: str) -> str:
    """Return a text as code."""
    return f"`{text}`"


def spans(texts: Iterable[str]) -> str:
    """Return texts as code, separated by spaces."""
    return " ".join(map(span, texts))


CLI = """# Command line

For operators: every `trailmate` command. `trailmate COMMAND --help` prints the same.
`trailmate --version` prints the version.

{summaries}

## Exit codes

{exit_codes}

If a code means something else for a command, the section of that command says so.

{commands}
"""


def cli_page() -> str:
    """Return the page of the command line."""
    commands = [command for command in parser().walk() if not command.actions]
    summaries = ((f"[{span(c.prog)}](#{c.prog.replace(' ', '-')})", c.description or "") for c in commands)
    return CLI.format(
        summaries=table(("Command", "What it does"), summaries),
        exit_codes=_code_table(EXIT_CODES),
        commands="\n\n".join(map(_describe_command, commands)),
    )


def _describe_command(command: Parser) -> str:
    usage = " ".join(command.format_usage().removeprefix("usage: ").split()).replace(" [-h]", "")
    arguments = [_describe_argument(action) for action in command._actions if action.dest != "help"]
    own_codes = {code: meaning for code, meaning in command.exits.items() if meaning != EXIT_CODES[code]}
    parts = (
        f"## {command.prog}",
        command.description or "",
        f"Usage: {span(usage)}",
        table(("Argument", "What it does"), arguments) if arguments else "",
        "\n".join(("```sh", *command.examples, "```")),
        _code_table(own_codes) if own_codes else "",
    )
    return "\n\n".join(filter(None, parts))


def _describe_argument(action: argparse.Action) -> tuple[str, str]:
    name = action.metavar if isinstance(action.metavar, str) else action.dest.upper()
    if action.option_strings:
        name = action.option_strings[-1] + ("" if action.nargs == 0 else f" {name}")
    return span(name), (action.help or "") % {"default": action.default}


def _code_table(codes: Mapping[int, str]) -> str:
    return table(("Exit code", "Meaning"), ((str(code), meaning) for code, meaning in codes.items()))


PERMISSIONS = """\
# Permissions

For organisers and operators: who may use which command.

| Person | Who this is |
| --- | --- |
| Anybody | sees the group's channel |
| Member | has joined the group |
| Moderator | created the group, or was added with `manage edit moderators=@ada` |
| Manager | manages the Discord server, administers the Slack workspace, or is in `TRAILMATE_MODERATORS` |

- Managers can use the commands of moderators in all groups of their server.
- Moderators and managers need to join for the commands of members, such as `checkin`.
- `TRAILMATE_CHANNEL_OWNERS_CAN_CREATE_GROUPS=yes` lets people use the commands of managers in their own channel.
  On Slack they created the channel, on Discord they have *Manage Channels* there.
- Only its author and managers can change a course that your server added, with its units and its quiz questions.
- People on other servers cannot use, see or name a group.
- Buttons have the same rules. The bot checks them at each press.

## Commands

{commands}

## Pages of the dashboard

{pages}
"""


def permissions_page() -> str:
    """Return the page about who may do what. Commands with the same permissions share a row."""
    commands = [(span(command.name), [may(command, stands) for stands in STANDS]) for command in registry().shown]
    pages = [(page.title, [may_see(page, stands) for stands in STANDS]) for page in DASHBOARD_PAGES]
    return PERMISSIONS.format(
        commands=_permission_table("Commands", commands, " "), pages=_permission_table("Pages", pages, ", ")
    )


def _permission_table(title: str, entries: Iterable[tuple[str, list[bool]]], separator: str) -> str:
    names: dict[tuple[bool, ...], list[str]] = {}
    for name, permissions in entries:
        names.setdefault(tuple(permissions), []).append(name)
    rows = ((*("yes" if may_do else "–" for may_do in key), separator.join(names[key])) for key in sorted(names)[::-1])
    return table((*map(str.title, STANDS), title), rows)


PAGES: Mapping[str, Callable[[], str]] = {
    "cli.md": cli_page,
    "commands.md": commands_page,
    "permissions.md": permissions_page,
}
"""What makes each page of `docs/`."""


def render(name: str) -> str:
    """Return the text of a page, with a comment that says what makes it."""
    title, _, rest = PAGES[name]().partition("\n")
    return f"{title}\n\n{MADE}\n{rest}"


def main() -> int:
    """Write the pages, or check that they are current."""
    options = argparse.ArgumentParser(prog="python -m tools.reference", description=__doc__)
    options.add_argument("--check", action="store_true", help="write nothing; exit with 1 if a page is out of date")
    is_check = options.parse_args().check
    stale = [name for name in PAGES if not (DOCS / name).is_file() or (DOCS / name).read_text() != render(name)]
    for name in stale:
        if not is_check:
            (DOCS / name).write_text(render(name), encoding="utf-8")
        print(f"docs/{name} is out of date." if is_check else f"Wrote docs/{name}.")
    return 1 if is_check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
