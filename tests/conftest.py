"""What tests of any folder may ask for: a running bot, and a PostgreSQL from a wheel."""

from __future__ import annotations

import asyncio
import gc
import os
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
from hypothesis.internal.conjecture import providers

from tests.beginnings import CHANGES

if TYPE_CHECKING:  # the fixtures import the bot, so that a test of a few rules need not wait for all of it
    from bot.runtime.answer_engine import AnswerEngine
    from tests.harness import World
    from tests.kit import Partner

ROOT = Path(__file__).resolve().parents[1]
BYTECODE = pytest.StashKey[Path]()
"""The folder of the bytecode that is of no use after this run: of all copies that tests make of the project."""

QUICK = tuple(
    f"tests/{name}/"
    for name in (
        "base",
        "messages",
        "commands",
        "chat",
        "understanding",
        "features",
        "answers",
        "curriculum",
        "html",
        "platforms/terminal",
    )
)
"""Where rules and conversations are; a file whose tests take long has the mark `long`."""
TOUR = (
    "tests/runtime/test_catalogue.py",
    "tests/test_catalogue_replies.py",
    "tests/test_golden.py",
    "tests/words/test_words.py",
)
"""What looks at the replies of one long dialogue, which is held once for each process."""
NOTES = (
    "tests/features/ask/test_asking_the_notes.py",
    "tests/features/ask/test_group_questions.py",
    "tests/shipped_notes/",
)
"""What asks the whole index for `noted`, which is opened once for each process."""
LINTED = (
    "tests/cli/test_cli.py",
    "tests/cli/test_db.py",
    "tests/cli/test_doctor.py",
    "tests/roadmap/test_shipped_courses.py",
)
"""What checks the shipped courses, which is done once for each process."""
HEAVY = (
    "tests/cli/test_backup.py",
    "tests/cli/test_db.py",
    "tests/dashboard/test_in_a_browser.py",
    "tests/demo/test_demo.py",
    "tests/features/digest/test_digest.py",
    "tests/features/privacy/test_forget.py",
    "tests/maintenance/test_migrations.py",
    "tests/maintenance/test_restore.py",
    "tests/platforms/web/test_static.py",
    "tests/roadmap/test_starters.py",
    "tests/runtime/test_hanging.py",
    "tests/runtime/test_process.py",
    "tests/shipped_notes/test_golden_set.py",
    "tests/test_golden.py",
    "tests/test_recipe.py",
)
"""What takes seconds for each test and is begun first, lest one core be left alone with it at the end."""
RARELY = (100_000, 50, 50)
"""How often garbage is looked for: with the defaults it took a sixteenth of the time of all tests."""
VARIANTS = 8
"""How many variants of one test a run of everything tries by day; a file that is named tries all of its own."""
SLOW = {"indexed", "postgres_url"}
"""Fixtures that take longer than most tests."""


hypothesis.settings.register_profile("nightly", deadline=None)  # a machine that others use as well takes its time
hypothesis.settings.register_profile("daily", hypothesis.settings.get_profile("nightly"), max_examples=15)
hypothesis.settings.load_profile("daily")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Have one option: on what the bots of tests keep their rows."""
    parser.addoption("--postgresql", action="store_true", help="run the bots of tests on PostgreSQL instead of SQLite")


def pytest_configure(config: pytest.Config) -> None:
    """Keep bytecode in pytest's cache where none is to lie beside the sources.

    Else each of two hundred processes compiles all that it imports, in each run again.
    """
    if not _is_night(config):
        # else hypothesis parses each source for constants to try, which takes longer than the examples of a day
        vars(providers)["is_local_module_file"] = lambda path: False
    if _is_worker(config):
        _begin_elsewhere(config)
        return
    config.option.loadscopereorder = False  # the order is ours
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", None) and "PYTHONPYCACHEPREFIX" not in os.environ:
        sys.pycache_prefix = os.environ["PYTHONPYCACHEPREFIX"] = _make_bytecode_folder(config)
        sys.dont_write_bytecode = False


def _make_bytecode_folder(config: pytest.Config) -> str:
    """Return a folder that lasts from run to run; one that goes with this run where the cache cannot be written."""
    if getattr(config, "cache", None) is not None:
        with suppress(OSError):
            lasting = config.cache.mkdir("bytecode")
            config.stash[BYTECODE] = lasting.joinpath(*Path(tempfile.gettempdir()).resolve().parts[1:])
            return str(lasting)
    config.stash[BYTECODE] = Path(tempfile.mkdtemp(prefix="trailmate-bytecode-"))
    return str(config.stash[BYTECODE])


def _begin_elsewhere(config: pytest.Config) -> None:
    """Have each worker collect another part first: what one has rewritten and compiled, the others find."""
    if config.args_source is not pytest.Config.ArgsSource.TESTPATHS:
        return
    given: dict[str, Any] = vars(config)["workerinput"]
    files = sorted(str(path) for path in (ROOT / "tests").rglob("test_*.py"))
    first = len(files) * int(given["workerid"].removeprefix("gw")) // given["workercount"]
    config.args = [*files[first:], *files[:first]]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave variants to the night, begin what takes long early, and mark what is quick."""
    if items:
        _leave_variants(items)
    sizes = Counter(map(_path, items))
    if items and _is_worker(items[0].config):
        items.sort(key=lambda item: ((path := _path(item)) not in HEAVY, -sizes[path], path))
    for item in items:
        path, wants = _path(item), set(getattr(item, "fixturenames", ()))
        is_slow = any(map(item.get_closest_marker, ("long", "nightly")))
        if path.startswith(QUICK) and not is_slow and not wants & SLOW:
            item.add_marker(pytest.mark.quick)


def _leave_variants(items: list[pytest.Item]) -> None:
    config = items[0].config
    if config.args_source is not pytest.Config.ArgsSource.TESTPATHS or _is_night(config):
        return
    tests: dict[str, list[pytest.Item]] = {}
    for item in items:
        if item.get_closest_marker("nightly") is None:
            tests.setdefault(item.nodeid.split("[")[0], []).append(item)
    left = {
        item
        for variants in tests.values()
        for item in variants
        if item not in variants[:: -(-len(variants) // VARIANTS)]
    }
    items[:] = [item for item in items if item not in left]
    config.hook.pytest_deselected(items=list(left))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Return one worker more than there are cores: a third of the time of all tests is waiting for others."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Keep on one worker what shares something that is made once.

    xdist 3.8 writes the group of a test behind its id, which pytest 9.2 does not let it do: each test went by itself,
    and both workers ran the code of every note and held the long dialogue.
    """
    from xdist.scheduler import LoadScopeScheduling

    def group(test: str) -> str:
        path = test.split("::")[0]
        groups = {**dict.fromkeys(TOUR, "tour"), **dict.fromkeys(LINTED, "lint")}
        return "notes" if path.startswith(NOTES) else groups.get(path, path)

    scheduler = LoadScopeScheduling(config, log)
    scheduler._split_scope = group
    return scheduler


def pytest_collection_finish(session: pytest.Session) -> None:
    """Spare the collector what lasts."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*RARELY)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the bytecode that no later run can use."""
    if BYTECODE in config.stash:
        shutil.rmtree(config.stash[BYTECODE], ignore_errors=True)


def _path(item: pytest.Item) -> str:
    return item.nodeid.split("::")[0]


def _is_night(config: pytest.Config) -> bool:
    return bool(config.getoption("--hypothesis-profile", default=None) == "nightly")


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Say whether a test replaces something of the code."""
    CHANGES.are_there = "monkeypatch" in getattr(item, "fixturenames", ())


@pytest.fixture(autouse=True, scope="session")
def _hasty() -> Iterator[None]:
    """Commit without waiting for the disk and make tables without migrations in the tests' own process.

    Processes that tests start do neither, and `tests/maintenance` migrates.
    """
    with pytest.MonkeyPatch.context() as patch:
        if "bot.storage.engine" in sys.modules:
            patch.setattr("bot.storage.engine.SYNCHRONOUS", "OFF")
        if "bot.maintenance.migrate" in sys.modules:
            from tests.storage.filling import migrate_quickly

            patch.setattr("bot.maintenance.migrate._migrate", migrate_quickly)
        if "tests.harness" in sys.modules:
            from bot.curriculum import shelf
            from tests.shipped import read_course, share_words_of

            patch.setattr(shelf.library, "__kwdefaults__", {"read": read_course})
            patch.setattr("bot.answers.index.retrieval.words_of", share_words_of)
        yield


@pytest.fixture(autouse=True, scope="session")
def _engine(request: pytest.FixtureRequest) -> Iterator[None]:
    """Run every bot on PostgreSQL if the option asks for it."""
    if not request.config.getoption("--postgresql"):
        yield
        return
    from tests.harness import CLUSTERS
    from tests.postgres_server import Cluster

    CLUSTERS.append(Cluster(request.getfixturevalue("postgres_url")))
    yield
    CLUSTERS.clear()


@pytest.fixture
async def w(tmp_path: Path) -> AsyncIterator[World]:
    """A running bot on the local page; its clock stands at a Monday, 08:00 UTC."""
    from tests.harness import world

    async with world(tmp_path) as made:
        yield made


@pytest.fixture
def partner() -> Partner:
    """A chat platform that only stores what it was sent."""
    from tests.kit import Partner

    return Partner()


@pytest.fixture
async def wide(tmp_path: Path, partner: Partner) -> AsyncIterator[World]:
    """A running bot that is also on a chat platform with several rooms."""
    from tests.harness import world

    async with world(tmp_path, chat=partner) as made:
        yield made


@pytest.fixture(scope="session")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory for all who ask the notes, whose vectors are carried."""
    return tmp_path_factory.mktemp("indexed")


@pytest.fixture(scope="session")
def noted(indexed: Path) -> Iterator[AnswerEngine]:
    """What answers from every note, by words and by meaning."""
    from bot.runtime import settings
    from bot.runtime.answer_engine import open_notebook

    notebook = open_notebook(settings.load(_env_file=None, TRAILMATE_DATA_DIR=indexed))
    notebook.embed()
    yield notebook
    asyncio.run(notebook.close())


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of an empty PostgreSQL that ends with the session."""
    from tests.postgres_server import postgresql

    with postgresql() as url:
        yield url


@pytest.fixture(scope="session")
def desk_url(postgres_url: str) -> str:
    """The address of a PostgreSQL database that keeps its tables from test to test."""
    from tests.storage.fixtures import make_desk

    return make_desk(postgres_url)
