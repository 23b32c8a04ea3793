"""The README's table of commands, made from the catalogue: `python -m tools.readme_table` prints it."""

from __future__ import annotations

from bot.commands.command import Command, ParamSpec
from bot.runtime.catalogue import registry

HEAD = ("| Command | Parameters | Who | Slash menu | What |", "| --- | --- | --- | --- | --- |")


def table() -> str:
    """Return one row for each command that people type, in the order of help."""
    commands = registry()
    return "\n".join([*HEAD, *(_row(one, is_listed=one in commands.menu) for one in commands.shown)])


def _row(one: Command, *, is_listed: bool) -> str:
    parameters = " ".join(_parameter(param) for param in one.offered)
    listed = "yes" if is_listed else "no"
    return f"| `{one.name}` | {parameters} | {one.role} | {listed} | {one.summary.replace('|', chr(92) + '|')} |"


def _parameter(param: ParamSpec) -> str:
    return f"`{param.key.upper()}`" if param.required else f"`[{param.key}=]`"


if __name__ == "__main__":
    print(table())
