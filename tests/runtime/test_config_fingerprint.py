"""What processes of one bot should have alike, and who is told where they have not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bot.cli.doctor import _check_processes
from bot.cluster.process_registry import ProcessInfo
from bot.runtime import composition
from bot.runtime import settings as settings_of
from bot.runtime.health import Health, Here
from tests.harness import World

NOW = datetime(2026, 3, 2, tzinfo=UTC)
ONE = ProcessInfo(
    "one", "host", 1, ("gateway", "worker"), "1", (), NOW, 0.0, {"DISCORD_TOKEN": "ab12", "roadmaps": "12ab"}
)
TWO = replace(ONE, id="two", pid=2, marks={"DISCORD_TOKEN": "cd34", "roadmaps": "12ab"})


def marks(folder: Path, **given: str) -> dict[str, str]:
    settings = settings_of.load(_env_file=None, TRAILMATE_DATA_DIR=folder, **given)
    return composition.fingerprint_settings(settings)


def test_a_mark_tells_a_difference_and_nothing_of_a_secret(tmp_path: Path) -> None:
    one, two = marks(tmp_path, DISCORD_TOKEN="first"), marks(tmp_path, DISCORD_TOKEN="second")
    assert {name for name in one if one[name] != two[name]} == {"DISCORD_TOKEN"}
    assert all(len(mark) == 4 for mark in one.values())
    both = [marks(tmp_path, TRAILMATE_MODERATORS=said) for said in ("local:mo, local:ada", "local:ada, local:mo")]
    assert both[0] == both[1]


def test_of_each_setting_it_is_said_whether_processes_may_differ_in_it() -> None:
    places = {"DATA_DIR", "ROADMAP_DIR", "SECRETS_DIR", "DATABASE_URL", "HOST", "PORT", "TRUST_PROXY"}
    own = {f"TRAILMATE_{name}" for name in places | {"ROLES", "LOG_FORMAT", "METRICS_TOKEN"}}
    own |= {"DISCORD_SHARDS", "DISCORD_API_URL", "DISCORD_GATEWAY_URL", "SLACK_API_URL"}
    names = {str(field.validation_alias) for field in settings_of.Settings.model_fields.values()}
    assert names - own == set(settings_of.shared_settings())


def test_doctor_and_healthz_name_what_processes_have_not_alike() -> None:
    assert all(found.ok for found in _check_processes([ONE, replace(TWO, marks=ONE.marks)]))
    (wrong,) = (found for found in _check_processes([ONE, TWO]) if not found.ok)
    assert "DISCORD_TOKEN differs between 1 on host and 2 on host" in wrong.what
    health = Health(None, True, NOW, 1.0, 0.0, {"local": "ready"}, 0.0, "ready", Here(), (), (ONE, TWO))
    (said,) = health.fixes
    assert "differ in DISCORD_TOKEN" in said and "host" not in said


async def test_a_process_says_which_roadmaps_it_has(w: World) -> None:
    tracks = [*w.app.library.values()]
    assert w.app.presence.marks()["roadmaps"] == composition.fingerprint_roadmaps(tracks)["roadmaps"]
    assert composition.fingerprint_roadmaps(tracks[:-1]) != composition.fingerprint_roadmaps(tracks)
