"""What /metrics says of a living bot, and that it names nobody."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from bot.messages.call import Call
from bot.messages.errors import TryLater
from tests.harness import World, world

SECRET = "the zebra book"


@pytest.fixture
async def w(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as living:
        yield living


async def read(w: World) -> dict[str, float]:
    """Return each sample by its name with its labels, as Prometheus would read them."""
    page = (await w.app.counts({"local": "ready", "discord": "connecting"})).decode()
    return {
        f"{sample.name}{{{','.join(sample.labels.values())}}}" if sample.labels else sample.name: sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
    }


async def test_commands_are_counted_by_their_declared_names_and_endings(w: World) -> None:
    await w.begin("Ada")
    before = await read(w)
    await w.say("Ada", f"checkin 30 {SECRET}", key="twice")
    assert await w.maybe("Ada", Call("checkin", {"minutes": "30"}), key="twice") is None
    await w.say("Zoe", "checkin 30 as a stranger")
    await w.say("Ada", "ask what is a list?")
    said = await read(w)

    def more(name: str) -> float:
        return said.get(name, 0) - before.get(name, 0)

    assert more("trailmate_commands_total{checkin,answered}") == 1
    assert (
        more("trailmate_commands_total{checkin,repeated}") == more("trailmate_duplicates_prevented_total{event}") == 1
    )
    assert more("trailmate_commands_total{checkin,refused}") == 1
    assert more("trailmate_command_duration_seconds_count{checkin}") == 2
    assert more("trailmate_commands_total{ask,answered}") == 1
    assert more("trailmate_answer_duration_seconds_count{embedded}") == 1


async def test_what_an_alert_waits_for_is_there_before_its_first_time(w: World) -> None:
    """Prometheus sees no increase in a series that begins at 1."""
    before = await read(w)
    text = (DOCS / "deploy" / "alerts.yaml").read_text(encoding="utf-8")
    watched = set(re.findall(r"(?:increase|rate)\((trailmate_\w+_total)(?:\{(\w+)=~?\"([\w|]+)\"\})?", text))
    assert ("trailmate_commands_total", "ending", "failed") in watched and len(watched) == 5
    w.app.metrics.commanded("checkin", "failed", 0.1)
    w.app.metrics.commanded(SECRET, "busy", 0.1)
    w.app.metrics.ticked(0.1, has_failed=True)
    for state in ("failed", "expired"):
        w.app.metrics.closed("local", state)
    counts = {name for name, *_ in watched}
    grown = {name for name, value in (await read(w)).items() if name.partition("{")[0] in counts and value == 1}
    assert len(grown) == 5 and all(before.get(name) == 0 for name in grown)


async def test_what_nobody_declares_and_what_people_wrote_are_no_label(w: World) -> None:
    await w.begin("Ada")
    await w.say("Ada", f"checkin 30 {SECRET}")
    w.app.metrics.commanded(SECRET, "failed", 0.1)
    page = (await w.app.counts({})).decode()
    assert 'command="unknown",ending="failed"' in page
    assert not [word for word in (SECRET, "Ada", "Night owls", "general") if word in page]


async def test_the_schedule_groups_members_and_processes_are_there(w: World) -> None:
    await w.begin("Ada", "Ben")
    await w.app.run_tick()
    await w.app.run_presence({"local": "ready"})
    said = await read(w)
    assert said["trailmate_tick_duration_seconds_count"] == 1
    assert said["trailmate_tick_age_seconds"] < 60
    assert (said["trailmate_groups"], said["trailmate_members"]) == (1, 2)
    assert [said[f"trailmate_processes{{{role}}}"] for role in ("gateway", "web", "worker")] == [1, 1, 1]
    assert (said["trailmate_platform_ready{local}"], said["trailmate_platform_ready{discord}"]) == (1, 0)
    assert (said["trailmate_database_ok"], said["trailmate_database_jobs_waiting"]) == (1, 0)
    assert [name for name in said if name.startswith("trailmate_build_info")]
    await w.say("Cleo", "join")
    assert (await read(w))["trailmate_members"] == 2  # counted once a minute


async def test_a_database_that_cannot_be_read_leaves_out_what_it_does_not_say(
    w: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "trailmate_members" in await read(w)

    async def refuse(*_: object, **__: object) -> None:
        raise TryLater("It is away.")

    monkeypatch.setattr(w.app.database, "run", refuse)
    said = await read(w)
    assert said["trailmate_database_ok"] == 0
    assert not {"trailmate_members", "trailmate_groups", "trailmate_tick_age_seconds"} & said.keys()
    assert said["trailmate_tick_duration_seconds_count"] == 0  # what this process counted is told all the same


DOCS = Path(__file__).parents[2] / "docs"


def named(text: str) -> set[str]:
    return set(re.findall(r"\b(?:trailmate|process)_[a-z_]+\b", text))


async def test_what_dashboard_rules_and_the_page_on_operations_name_is_there(w: World) -> None:
    await w.say("Ada", "help")
    await w.app.run_tick()
    there = {name.partition("{")[0] for name in await read(w)}
    there |= {name.removesuffix("_bucket") for name in there}
    dashboard = json.loads((DOCS / "deploy" / "grafana.json").read_text(encoding="utf-8"))
    (group,) = yaml.safe_load((DOCS / "deploy" / "alerts.yaml").read_text(encoding="utf-8"))["groups"]
    rules = group["rules"]
    drawn = " ".join(target["expr"] for panel in dashboard["panels"] for target in panel["targets"])
    watched = (DOCS / "operations.md").read_text(encoding="utf-8")
    assert len(rules) > 10 and all(rule["annotations"].keys() == {"summary", "fix"} for rule in rules)
    assert named(drawn) | named(" ".join(rule["expr"] for rule in rules)) | named(watched) <= there
    counted = {name for name in there if name.startswith("trailmate_") and name.endswith(("_bucket", "_total"))}
    ours = {name.removesuffix("_bucket") for name in counted}
    assert ours <= named(watched), "each is explained"
    assert ours <= {name.removesuffix("_bucket") for name in named(drawn)}, "each is drawn"
