"""The README's table of commands, made from the catalogue: `python -m tools.readme_table` prints it."""

from __future__ import annotations

from bot.commands.command import Command, ParamSpec
from bot.runtime.catalogue import registry

HEAD = ("| Command | Parameters | Who | What |", "| --- | --- | --- | --- |")


def table() -> str:
    """Return one row for each command that people type, in the order of help."""
    return "\n".join([*HEAD, *(_row(one) for one in registry().shown)])


def _row(one: Command) -> str:
    parameters = " ".join(_parameter(param) for param in one.params)
    return f"| `{one.name}` | {parameters} | {one.role} | {one.summary.replace('|', chr(92) + '|')} |"


def _parameter(param: ParamSpec) -> str:
    return f"`{param.key.upper()}`" if param.required else f"`[{param.key}=]`"


if __name__ == "__main__":
    print(table())
