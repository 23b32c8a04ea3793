"""Every Call that the code writes out leads to a command that takes it."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.commands.command import Command
from bot.commands.registry import CommandLink
from bot.features import command_links
from bot.features.help.commands import help_
from bot.messages.call import DRAFT
from bot.runtime.catalogue import registry

ROOT = Path(__file__).parents[1]
FILES = sorted((ROOT / "bot").rglob("*.py"))
UNREADABLE = {"?", "unreadable"}
"""What adapters put in the place of a button that they cannot read: no command has these names."""


def written(tree: ast.AST) -> Iterator[tuple[str, set[str]]]:
    """Yield the name and the keys of each Call that is written out with a name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Call" and node.args:
            name, *rest = node.args
            given = next((k.value for k in node.keywords if k.arg == "args"), rest[0] if rest else None)
            keys = given.keys if isinstance(given, ast.Dict) else []
            if isinstance(name, ast.Constant):
                yield str(name.value), {str(k.value) for k in keys if isinstance(k, ast.Constant)}


def made(tree: ast.AST, names: Mapping[str, object]) -> Iterator[tuple[Command | CommandLink, set[str]]]:
    """Yield the command or link, and the keys, of each Call that is made by one of those that a module can name."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        match node.func:
            case ast.Attribute(value=ast.Name(id=name), attr="call" | "ask"):
                by = names.get(name)
            case ast.Attribute(value=ast.Attribute(value=ast.Name(id="command_links"), attr=name), attr="call" | "ask"):
                by = getattr(command_links, name)
            case _:
                continue
        if isinstance(by, Command | CommandLink):
            yield by, {keyword.arg for keyword in node.keywords if keyword.arg is not None}


def takes(by: Command | CommandLink) -> set[str]:
    """Return the keys that a Call may be made with."""
    keys = set(by.takes) if isinstance(by, CommandLink) else {n for p in by.params for n in (p.key, p.name)}
    return keys | {DRAFT}


def parsed(path: Path) -> ast.AST:
    return ast.parse(path.read_text())


def module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def test_a_call_that_is_written_out_leads_to_a_command_that_takes_it() -> None:
    commands, seen = registry(), 0
    for path in FILES:
        for name, keys in written(parsed(path)):
            seen += 1
            command = commands.find(name)
            assert name in UNREADABLE or command is not None, f"{module(path)} calls {name}"
            assert command is None or keys <= takes(command), f"{module(path)} calls {name} with {keys}"
    assert seen


def test_a_feature_has_its_calls_checked_where_it_makes_them() -> None:
    assert not {module(p) for p in FILES if module(p).startswith("bot.features") and list(written(parsed(p)))}
    seen = 0
    for path in FILES:
        if module(path).startswith("bot.features."):
            for by, keys in made(parsed(path), vars(importlib.import_module(module(path)))):
                seen += 1
                assert keys <= takes(by), f"{module(path)} calls {by.name} with {keys - takes(by)}"
    assert seen > 50


def test_a_link_that_nothing_uses_is_not_kept() -> None:
    gone = {node.attr for path in FILES for node in ast.walk(parsed(path)) if isinstance(node, ast.Attribute)}
    assert {name for name, one in vars(command_links).items() if isinstance(one, CommandLink)} <= gone


def test_a_wrong_name_and_a_wrong_parameter_are_seen() -> None:
    assert list(written(ast.parse('Call("chekin", {"unit": x, **more}, 7)'))) == [("chekin", {"unit"})]
    assert list(written(ast.parse('Call("checkin", args={"uint": x})'))) == [("checkin", {"uint"})]
    assert list(made(ast.parse("command_links.CHECKIN.ask(7, uint=3)"), {})) == [(command_links.CHECKIN, {"uint"})]
    assert list(made(ast.parse("help_.call(topic=3); other.call(x=1)"), {"help_": help_})) == [(help_, {"topic"})]
    assert "uint" not in takes(command_links.CHECKIN) and takes(help_) == {"command", DRAFT}
