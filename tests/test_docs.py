"""The pages under docs/ show what works."""

from __future__ import annotations

import json
import logging
import re
from copy import deepcopy
from datetime import timedelta
from pathlib import Path

import yaml

from bot.answers.evaluation import golden
from bot.base import rate_limiter
from bot.chat.shards import MOST_GROUPS
from bot.cli.parser import parse
from bot.cluster import process_registry
from bot.cluster import shards as db_shards
from bot.curriculum import bank_reader, content, outline_reader, yaml_reader
from bot.curriculum.authoring.lint import check
from bot.delivery import outbox_lease
from bot.delivery.suspended_channels import FIRST_TRY, LAST_TRY
from bot.features.groups.calendar.pacing import GRACE
from bot.features.groups.calendar.timeline import POST_LATENESS
from bot.features.schedule import service as schedule
from bot.features.schedule.outage_detection import GAP
from bot.features.setup.wording import describe_length
from bot.maintenance import migrate
from bot.messages import markup
from bot.messages.numerals import counted, lasting, spelt
from bot.platforms.discord import connection, shards
from bot.platforms.discord import limits as discord
from bot.platforms.slack import client
from bot.runtime import process
from bot.runtime.app import UPKEEP_LASTS
from bot.runtime.logs import formatter
from tests.shipped import read_courses

DOCS = Path(__file__).parents[1] / "docs"


def blocks(page: str, language: str) -> list[str]:
    text = (DOCS / f"{page}.md").read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)\n```", text, re.DOTALL)


def test_the_roadmap_that_the_page_shows_has_no_fault(tmp_path: Path) -> None:
    folder = tmp_path / "my-path"
    (folder / "notes").mkdir(parents=True)
    (folder / "roadmap.yaml").write_text(blocks("course-files", "yaml")[0], encoding="utf-8")
    (folder / "notes" / "hello-world.md").write_text(blocks("course-files", "markdown")[0], encoding="utf-8")

    assert [str(fault) for fault in check(folder)] == []

    note = blocks("course-files", "markdown")[0]
    heading = re.findall("^## (.*)$", note, re.MULTILINE)[0]
    formulas = blocks("course-files", "yaml")[1].replace("Batches, steps and epochs", heading)
    with_formulas = note.replace("checked_on:", f"{formulas}\nchecked_on:", 1)
    (folder / "notes" / "hello-world.md").write_text(with_formulas, encoding="utf-8")

    assert [str(fault) for fault in check(folder)] == []

    (folder / "quizzes").mkdir()
    quiz = yaml.safe_load(blocks("course-files", "yaml")[2])
    (item,), (other,) = quiz["items"], yaml.safe_load(blocks("course-files", "yaml")[3])
    quiz["items"] = [
        {**deepcopy(item), "id": f"hello-world-{n}", "question": f"{item['question']} {n}", "kind": kind}
        for n, kind in enumerate(["recall", *["apply"] * 7])
    ]
    quiz["items"].append(other)
    (folder / "quizzes" / "hello-world.yaml").write_text(yaml.safe_dump(quiz), encoding="utf-8")
    cut = tmp_path / "errors-in-two-weeks"
    cut.mkdir()
    (cut / "roadmap.yaml").write_text(blocks("course-files", "yaml")[4], encoding="utf-8")
    assert [str(fault) for fault in check(cut)] == []

    coverage = blocks("course-files", "yaml")[5].replace("least: 700", "least: 7").replace("least: 8", "least: 1")
    (folder / "coverage.yaml").write_text(coverage, encoding="utf-8")

    assert [str(fault) for fault in check(folder)] == []


def test_the_questions_that_the_page_shows_can_be_read(tmp_path: Path) -> None:
    file = tmp_path / "questions.yaml"
    file.write_text(blocks("evaluation", "yaml")[0], encoding="utf-8")
    place = golden.GoldenPassage("hello-world", "Read a traceback from its end")

    read = golden.read_golden(file, {place}, {"first-steps"})

    assert (len(read.covered), len(read.foreign)) == (1, 1)
    page = (DOCS / "evaluation.md").read_text(encoding="utf-8").replace("\n", " ")
    assert all(word in page for word in (*golden.STYLES, *golden.KINDS))


def test_the_limits_that_the_page_names_are_those_of_the_check() -> None:
    page = (DOCS / "course-files.md").read_text(encoding="utf-8")

    assert f"note | {yaml_reader.ID_MAX} characters" in page
    assert f"| title | {outline_reader.TITLE_MAX} characters" in page
    assert f"together | {content.POST_MAX} characters" in page
    assert f"whole, {outline_reader.HOURS[0]} to {outline_reader.HOURS[1]} |" in page
    assert "two to five" in page
    assert f"{bank_reader.FEWEST} to {bank_reader.MOST} items" in page
    assert (outline_reader.RESOURCES.start, outline_reader.RESOURCES.stop - 1) == (2, 5)


def test_the_lines_for_backups_are_those_of_the_command_line() -> None:
    page = (DOCS / "operations.md").read_text(encoding="utf-8")
    lines = re.findall(r"\btrailmate ((?:backup|restore|db move) [^\n`]+)", page)
    assert len(lines) >= 5
    for line in lines:
        assert parse(line.split()).verb == line.split()[0]


def test_what_healthz_answers_is_shown_as_json() -> None:
    shown, _ = blocks("operations", "json")

    assert set(json.loads(shown)) == {
        "ok",
        "ready",
        "database",
        "lock",
        "scheduler",
        "platforms",
        "last_event_s",
        "outbox_lag_s",
        "processes",
        "index",
        "fixes",
    }


def test_the_times_that_the_pages_name_are_those_of_the_rules() -> None:
    pages = (DOCS.parent / "README.md", DOCS / "operations.md")
    readme, operations = (" ".join(page.read_text(encoding="utf-8").split()) for page in pages)

    assert f"For another {lasting(GRACE)}, a check-in counts as late" in readme
    assert f"marked late, for up to {POST_LATENESS // timedelta(hours=1)} hours." in operations
    assert f"ten minutes, twenty, forty and so on, {lasting(LAST_TRY)} at most" in operations
    assert lasting(FIRST_TRY) == "ten minutes"


def test_the_readme_gives_the_size_of_each_shipped_course_as_setup_does() -> None:
    readme = " ".join((DOCS.parent / "README.md").read_text(encoding="utf-8").split())
    long, *short = sorted(read_courses().values(), key=lambda track: -len(track.roadmap.units))
    (units,) = {len(track.roadmap.units) for track in short}

    assert f"*{long.title}* ({describe_length(long)}) and {counted(len(short), 'course')} of {spelt(units)} units." in (
        readme
    )
    titles = sorted(f"*{track.title}*" for track in short)
    assert f"The short ones are {markup.series(titles)}." in readme
    told = [track.roadmap.summary for track in (long, *short)]
    assert not [text for text in told if re.search(r"\b(?:hours|units|phases|parts)\b", text)], "setup gives these"


def test_the_page_on_several_processes_names_the_times_and_paces_that_there_are() -> None:
    page = " ".join((DOCS / "scaling.md").read_text(encoding="utf-8").split())

    assert f"dead after {process_registry.DEAD_AFTER.seconds} seconds without a heartbeat" in page
    assert schedule.LEASE == outbox_lease.LEASE == timedelta(minutes=1) and "within a minute, when its leases" in page
    assert f"Continues after {UPKEEP_LASTS // timedelta(minutes=1)} minutes" in page
    assert lasting(GAP) == "ten minutes" and "none received events, for ten minutes" in page
    assert f"{discord.REQUESTS_A_SECOND} requests a second on Discord" in page
    assert f"{client.MESSAGES.a_second} messages a second in a Slack workspace" in page
    assert rate_limiter.TOGETHER_S == 1 / 5 and "the tokens of a fifth of a second" in page
    assert f"leased to one gateway for {db_shards.LASTS.seconds} seconds" in page
    assert shards.LOOK_S == 1 and "renews its leases every second" in page
    assert f"{shards.STUCK_S:.0f} seconds, plus {shards.EACH_S:.0f} seconds for each of its shards" in page
    assert f"one session every {shards.IDENTIFY.every_s} seconds" in page
    assert f"at most {connection.MOST_MISSED} messages of each" in page
    assert f"another {shards.SETTLED_S:.0f} seconds, the new gateway reads" in page
    assert f"more than {MOST_GROUPS} shards leases several" in page
    assert f"renew its leases for {shards.CUT_OFF_S:.0f} seconds" in page
    assert f"for up to {process.PART_S:.0f} seconds" in page
    assert f"waits up to {migrate.BEGINS_S:.0f} seconds" in page
    assert f"over {outbox_lease.LATE_AFTER // timedelta(minutes=1)} minutes late" in page


def test_each_decision_says_why_what_it_costs_and_stands_in_the_list() -> None:
    pages = {p.name: p.read_text(encoding="utf-8") for p in (DOCS / "decisions").glob("*.md") if p.name != "README.md"}
    listed = re.findall(r"\]\(([\w-]+\.md)\)", (DOCS / "decisions" / "README.md").read_text(encoding="utf-8"))

    assert sorted(listed) == sorted(pages)
    for name, page in pages.items():
        headings = re.findall(r"^\*\*(Decided|Why|Cost|Revisit when)\b", page, re.MULTILINE)
        assert headings == ["Decided", "Why", "Cost", "Revisit when"], name


def test_the_forge_runs_what_a_contributor_runs() -> None:
    ((_, job),) = yaml.safe_load((DOCS.parent / ".github/workflows/ci.yml").read_text(encoding="utf-8"))["jobs"].items()
    (command,) = [step["run"] for step in job["steps"] if "run" in step]

    assert (DOCS.parent / command).stat().st_mode & 0o111


def test_a_line_of_the_log_is_shown_with_the_parts_that_it_has() -> None:
    _, shown = blocks("operations", "json")

    record = logging.LogRecord("bot.somewhere", logging.ERROR, __file__, 1, "it failed\nhere", None, None)
    record.event_id = "3f9a1c"
    assert set(json.loads(shown)) == set(json.loads(formatter("json").format(record)))
