"""`trailmate roadmap`: check, new, reload and export courses."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path

from bot.base import fsync
from bot.curriculum import loader, shelf
from bot.curriculum.authoring import lint
from bot.curriculum.authoring.lint import LintReport, lint_course
from bot.curriculum.authoring.outline_import import read_outline
from bot.curriculum.authoring.parsed_outline import TEXT_MAX, ParsedOutline
from bot.curriculum.faults import Fault
from bot.curriculum.folder import OUTLINE, PACE
from bot.messages.characters import clean
from bot.messages.numerals import numbered
from bot.runtime.roadmap_paths import own_root, roots
from bot.runtime.settings import Settings


def roadmap(settings: Settings, given: argparse.Namespace) -> int:
    """Do what is named: check, new, reload or export."""
    return ACTIONS[given.action](settings, given)


def check(settings: Settings, given: argparse.Namespace) -> int:
    """Print faults, missing parts and statistics of courses."""
    from bot.base.clock import SystemClock
    from bot.curriculum.authoring.stats import table

    places, read = roots(settings), cache(loader.read_course)
    folders = [Path(given.name)] if given.name else [folder for root in places for folder in shelf.folders(root)]
    twice = (
        {}
        if given.name
        else {entry.folder: entry.faults for entry in shelf.library(*places, read=read).refused if entry.is_double}
    )
    today, fault_count = SystemClock().now().date(), 0
    for folder in folders:
        examined = lint_course(folder, places, read)
        faults = [*twice.get(folder, ()), *examined.faults]
        fault_count += len(faults)
        _print(faults)
        still = (("to do", sentence) for sentence in lint.describe_missing_parts(examined.todo))
        print(clean(folder.resolve().name), *table((*examined.list_statistics(today), *still)), sep="\n")
    print(f"{numbered(len(folders), 'roadmap')}, {numbered(fault_count, 'fault')}")
    return 1 if fault_count else 0


def new(settings: Settings, given: argparse.Namespace) -> int:
    """Write a new course, optionally from an outline, and print the next steps."""
    from bot.curriculum.authoring.course_files import EXAMPLE, slug, write_course_files
    from bot.curriculum.yaml_reader import ID, ID_MAX

    ident = given.name or ""
    if not ID.fullmatch(ident) or len(ident) > ID_MAX:
        example = slug(ident, set(), "my-path")
        return _refuse(
            f"An id is lower-case words joined by hyphens, at most {ID_MAX} characters. "
            f"Example: trailmate roadmap new {example}"
        )
    places = roots(settings)
    folder = (Path(given.into).expanduser() if given.into else own_root(settings)) / ident
    taken = next((folder for root in places for folder in shelf.folders(root) if folder.name == ident), folder)
    if taken.exists():
        return _refuse(f"The roadmap {ident} already exists in {taken}. Choose another id, or edit that one.")
    sketch = EXAMPLE
    if given.outline is not None:
        try:
            read = _read(given.outline)
        except OSError as wrong:
            why = (wrong.strerror or "unknown reason").lower()
            return _refuse(f"I can't read {given.outline}: {why}.")
        if read is None:
            return 1
        sketch = read
    for name, text in write_course_files(sketch, ident, clean(given.title or "").strip()).items():
        fsync.write(folder / name, text.encode())
    examined = lint_course(folder, places)
    _print(examined.faults)
    _say_next(folder, examined, is_found=folder.parent.resolve() in {root.resolve() for root in places})
    return 1 if examined.faults else 0


def _say_next(folder: Path, examined: LintReport, *, is_found: bool) -> None:
    print(f"Wrote {folder / 'roadmap.yaml'}.", "", "Still to do (the course works without it):", sep="\n")
    print(*(f"  {sentence}" for sentence in lint.describe_missing_parts(examined.todo)), "", "Next:", sep="\n")
    steps = [
        ("trailmate roadmap reload", "load it now; a restart also loads it"),
        (f'manage create name="..." course={folder.name}', "type this in the group's channel"),
        ("trailmate roadmap check", "check it after a change"),
    ]
    if not is_found:
        steps.insert(0, (f"TRAILMATE_ROADMAP_DIR={folder.parent}", "set this, so that the bot finds it"))
    width = max(len(words) for words, _ in steps)
    print(*(f"  {words:<{width}}  {why}" for words, why in steps), sep="\n")


def reload(settings: Settings, given: argparse.Namespace) -> int:
    """Make the running bot reload changed courses, and print the result."""
    from bot.runtime.reload import PATIENCE_S, ask
    from bot.storage.engine import is_sqlite, sqlite_file
    from bot.storage.lock import is_in_use

    runs = not is_sqlite(settings.url) or is_in_use(sqlite_file(settings.url))
    if not runs:
        print("No bot runs on this data directory. The next start will read the roadmaps. Checking them now:")
        given.name = None
        return check(settings, given)
    if (answer := ask(settings.data_dir.expanduser())) is None:
        print(f"The bot has not answered in {PATIENCE_S:.0f} s. Check its log, or restart it.")
        return 1
    print(*(clean(line) for line in answer.lines or ("Nothing has changed.",)), sep="\n")
    return 0 if answer.is_well else 1


def export(settings: Settings, given: argparse.Namespace) -> int:
    """Write a server's own course as a folder; without an id, list all."""
    from bot.cli.doctor import UP_TO_DATE, database_finding
    from bot.features.courses.own_roadmap import make_id, of_all_servers
    from bot.features.standings.trend import find_course_pace
    from bot.storage.unit_of_work import Database

    if (finding := database_finding(settings)) is not UP_TO_DATE:
        return _refuse(finding.sentences)
    with Database(settings.url) as database:
        known = {
            make_id(row.id): row for row in database.run_sync(lambda work: of_all_servers(work.session), writes=False)
        }
        pace = database.run_sync(lambda work: find_course_pace(work.session, given.name or ""), writes=False)
    if given.name not in known:
        lines = [f"  {course_id}  {clean(row.title)}  ({row.server})" for course_id, row in known.items()]
        lines = lines or ["  none yet"]
        print("Courses made by servers:", *lines, sep="\n")
        return 2 if given.name else 0
    folder = Path(given.place or ".").expanduser() / given.name
    if folder.exists():
        return _refuse(f"{folder} already exists. Choose another folder.")
    files = {OUTLINE: known[given.name].yaml, **({PACE: pace.spelled() + "\n"} if pace is not None else {})}
    for name, text in files.items():
        fsync.write(folder / name, text.encode())
    print(
        f"Wrote {' and '.join(str(folder / name) for name in files)}.",
        "",
        "Put it into the bot's roadmaps folder: it replaces the server's own course, with your changes.",
        "Its groups continue with it, and every server can choose it.",
        "Quiz questions aren't exported yet.",
        sep="\n",
    )
    return 0


def _read(file: str) -> ParsedOutline | None:
    """Return an imported outline, or None after printing its faults; `-` is standard input."""
    if file == "-":
        text = sys.stdin.read(TEXT_MAX + 1)
    else:
        with Path(file).expanduser().open(encoding="utf-8", errors="replace") as stream:
            text = stream.read(TEXT_MAX + 1)
    sketch = read_outline(text)
    for slip in (*sketch.faults, *sketch.remarks):
        word = "fault" if slip in sketch.faults else "shortened"
        print(clean(f"{file}:{slip.line}: {word}: {slip.sentence}"), file=sys.stderr)
    for heading in sketch.left_out:
        print(clean(f"{file}:{heading.line}: left out: “{heading.sentence}” has no unit."), file=sys.stderr)
    return None if sketch.faults else sketch


def _print(faults: Iterable[Fault]) -> None:
    for fault in faults:
        print(fault)


def _refuse(sentence: str) -> int:
    print(clean(sentence), file=sys.stderr)
    return 2


ACTIONS: Mapping[str, Callable[[Settings, argparse.Namespace], int]] = {
    "check": check,
    "new": new,
    "reload": reload,
    "export": export,
}
