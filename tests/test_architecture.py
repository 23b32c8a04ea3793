"""The shape of the code: who imports whom, who reads the clock."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest

from bot.platforms import NAMES, REMOTE

ROOT = Path(__file__).parents[1]
FILES = sorted((ROOT / "bot").rglob("*.py"))

SDKS = {
    "discord",
    "slack_bolt",
    "slack_sdk",
    "aiohttp",
    "openai",
    "apscheduler",
    "onnxruntime",
    "alembic",
    "jinja2",
    "psycopg",
}
BOTTOM = ("bot.base", "bot.messages", "bot.commands", "bot.chat", "bot.understanding")
"""Packages that import only each other and the standard library."""


def module(path: Path) -> str:
    """Return the dotted name of a file."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


@cache
def nodes(path: Path) -> Sequence[ast.AST]:
    """Return all nodes of a file's syntax tree, the module first."""
    return [*ast.walk(ast.parse(path.read_text()))]


def teardown_module() -> None:
    """Free the syntax trees."""
    nodes.cache_clear()


def statements(path: Path) -> Sequence[ast.stmt]:
    """Return the statements of a module, without those inside them."""
    module = nodes(path)[0]
    assert isinstance(module, ast.Module)
    return module.body


def imports(path: Path) -> Iterator[str]:
    """Yield the modules that a file imports, wherever it does."""
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            yield node.module or ""


def circles() -> list[set[str]]:
    """Return the modules that import each other, directly or through others; imports for types alone count as well."""
    ours = {module(path).removesuffix(".__init__"): path for path in FILES}
    known = {name: {*imported(path), *imports(path)} & ours.keys() for name, path in ours.items()}
    reached = {name: _reached(name, known) for name in known}
    return [{b for b in reached[a] if a in reached[b]} for a in known if a in reached[a]]


def imported(path: Path) -> Iterator[str]:
    """Yield the names that a file imports out of modules: some of them are modules themselves."""
    for node in nodes(path):
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _reached(name: str, known: dict[str, set[str]]) -> set[str]:
    reached: set[str] = set()
    ahead = set(known[name])
    while ahead:
        reached.add(one := ahead.pop())
        ahead |= known[one] - reached
    return reached


def fresh(code: str) -> str:
    """Run code in an interpreter of its own and return what it prints."""
    ran = subprocess.run([sys.executable, "-B", "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.strip()


def test_the_import_contracts_hold() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    ran = subprocess.run([linter], cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert ran.returncode == 0, ran.stdout


def test_no_file_imports_one_that_imports_it() -> None:
    assert circles() == []


def test_no_script_of_the_page_imports_one_that_imports_it() -> None:
    scripts = {path.name: path for path in (ROOT / "bot/platforms/web/static").glob("*.js")}
    known = {name: set(re.findall(r'from "\./([\w.]+)"', path.read_text())) for name, path in scripts.items()}
    assert len(known) > 5
    assert not [name for name in known if name in _reached(name, known)]


def test_the_packages_at_the_bottom_import_only_each_other_and_the_standard_library() -> None:
    for path in FILES:
        if module(path).startswith(BOTTOM):
            foreign = [
                name
                for name in imports(path)
                if not name.startswith(BOTTOM) and name.split(".")[0] not in sys.stdlib_module_names
            ]
            assert not foreign, f"{path.name} imports {foreign}"


def test_no_feature_and_no_package_at_the_bottom_names_a_platform() -> None:
    neutral = [p for p in FILES if module(p).startswith((*BOTTOM, "bot.features", "bot.answers", "bot.curriculum"))]
    assert {module(p): found for p in neutral if (found := _platforms(p.read_text(), nodes(p)))} == {}


def _platforms(text: str, parsed: Sequence[ast.AST]) -> set[str]:
    """Return the platforms that a source names: in any word of it, or as the whole of a string that prose may hold."""
    constants = {str(node.value) for node in parsed if isinstance(node, ast.Constant)}
    names = {*NAMES, *(package.parent.name for package in (ROOT / "bot/platforms").glob("*/__init__.py"))}
    words = {"local", "web", "terminal"}  # these have an everyday meaning too
    return {*re.findall("|".join(sorted(names - words)), text.lower()), *(constants & names & words)}


@pytest.mark.parametrize(
    ("code", "named"),
    [
        ("# as Discord has it", {"discord"}),
        ("def f(slack_id: str) -> None: ...", {"slack"}),
        ('is_page = place.platform == "local"', {"local"}),
        ('"""Return the local day of a web page."""', set()),
    ],
)
def test_a_platform_is_found_wherever_it_is_named(code: str, named: set[str]) -> None:
    assert _platforms(code, [*ast.walk(ast.parse(code))]) == named


def test_only_the_clock_reads_the_clock() -> None:
    readers = set()
    for path in FILES:
        for node in nodes(path):
            if isinstance(node, ast.Attribute) and node.attr in {"now", "utcnow", "today"}:
                owner = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
                if owner in {"datetime", "date"}:
                    readers.add(module(path))
    assert readers == {"bot.base.clock"}


def test_only_the_settings_read_the_environment() -> None:
    readers = {
        module(path)
        for path in FILES
        for node in nodes(path)
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}
    }
    # the command line asks for the machine's time zone, which is no setting of ours
    assert readers <= {"bot.runtime.settings", "bot.cli.chat"}


def test_only_the_embedder_loads_the_runtime_that_would_report_to_its_maker() -> None:
    loaders = {module(path) for path in FILES if re.search(r"import(_module\(\"|\s+)onnxruntime", path.read_text())}
    assert not loaders


def test_importing_the_catalogue_starts_and_opens_nothing_and_needs_no_sdk() -> None:
    code = (
        "import sys, threading, builtins\n"
        "opened = []\n"
        "sys.addaudithook(lambda event, args: opened.append((event, str(args[0])[:80])) "
        "if event in {'socket.connect', 'socket.bind', 'sqlite3.connect', 'subprocess.Popen', 'os.mkdir'} "
        "or (event == 'open' and isinstance(args[1], str) and set(args[1]) & set('wax+') "
        "and '__pycache__' not in str(args[0])) else None)\n"
        "import bot.runtime.catalogue\n"
        "print(opened, threading.active_count())\n"
        "print(*{name.split('.')[0] for name in sys.modules})"
    )
    changed, loaded = fresh(code).splitlines()
    assert changed == "[] 1"
    assert not SDKS & set(loaded.split())


def test_no_module_holds_what_lives_as_long_as_the_process() -> None:
    makers = {"create_engine", "Database", "Dispatcher", "ThreadPoolExecutor", "AsyncIOScheduler", "AsyncApp", "Client"}
    for path in FILES:
        for node in statements(path):
            for call in [n for n in ast.walk(node) if isinstance(n, ast.Call)] if _runs_on_import(node) else []:
                named = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
                assert named not in makers, f"{module(path)} makes a {named} when it is imported"


def _runs_on_import(node: ast.stmt) -> bool:
    return not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)


def test_no_two_public_classes_of_modules_have_one_name() -> None:
    places: dict[str, list[str]] = {}
    for path in FILES:
        for node in statements(path):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places.setdefault(node.name, []).append(module(path))
    assert {name: modules for name, modules in places.items() if len(modules) > 1} == {}


def test_nothing_but_its_folder_and_its_settings_names_a_remote_platform() -> None:
    names = {entry.name for entry in REMOTE}
    outside = [path for path in FILES if "platforms" not in path.parts and path.name != "settings.py"]
    for path in outside:
        literals = {node.value for node in nodes(path) if isinstance(node, ast.Constant)}
        assert not names & literals, f"{module(path)} names a platform: ask its entry in bot/platforms/__init__.py"
        own = [name for name in imports(path) if name.split(".")[:2] == ["bot", "platforms"]]
        assert not [name for name in own if set(name.split(".")) & names], f"{module(path)} imports a platform"


PARTS = {
    "Actions",
    "Button",
    "Divider",
    "EventBlock",
    "Fields",
    "Image",
    "Listing",
    "Quote",
    "Reply",
    "Subtext",
    "Table",
    "Text",
    "say",
}
"""What a message consists of; only a feature's wording.py makes these. A File holds data, so others may make it."""


def made_parts(parsed: Sequence[ast.AST]) -> Iterator[tuple[int, str]]:
    """Yield the line and the name of each part of a message that a module makes, except those that an error carries."""
    names = [(n.module, alias) for n in parsed if isinstance(n, ast.ImportFrom) for alias in n.names]
    parts = {a.asname or a.name for source, a in names if source == "bot.messages.reply" and a.name in PARTS}
    errors = {a.asname or a.name for source, a in names if source == "bot.messages.errors"}

    def visit(node: ast.AST) -> Iterator[tuple[int, str]]:
        called = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
        if isinstance(node, ast.Raise) or called in errors:
            return
        if isinstance(node, ast.Call) and called in parts:
            yield node.lineno, called
        for child in ast.iter_child_nodes(node):
            yield from visit(child)

    return visit(parsed[0]) if parts else iter(())


def test_only_the_wording_of_a_feature_makes_parts_of_messages() -> None:
    features = ROOT / "bot/features"
    made = [
        f"{path.relative_to(ROOT)}:{line} makes a {name}"
        for path in sorted(features.rglob("*.py"))
        if path.name != "wording.py"
        for line, name in made_parts(nodes(path))
    ]
    assert made == []


def test_a_part_of_a_message_is_found_unless_an_error_carries_it() -> None:
    made = (
        "from bot.messages.errors import BadInput\n"
        "from bot.messages.reply import Button, File, Text as Words\n"
        "Words(Button(1))\n"
        "raise BadInput('no', buttons=(Button(2),))\n"
        "refusal = BadInput('no', buttons=(Button(3),))\n"
        "File()"
    )
    assert list(made_parts([*ast.walk(ast.parse(made))])) == [(3, "Words"), (3, "Button")]
    assert not list(made_parts([*ast.walk(ast.parse("from sqlalchemy import Text\nText()"))]))
