"""The files of docs/deploy name what is there: settings, verbs, addresses, times."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.cli.parser import parse
from bot.runtime.process import CLOSE_S, DRAIN_S
from bot.runtime.settings import ALL_ROLES, Settings
from bot.server.health import health

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "docs" / "deploy"
NAMES = {str(field.validation_alias) for field in Settings.model_fields.values()}
PATHS = {route.path for route in health(lambda: None, "127.0.0.1").routes()}  # type: ignore[arg-type, return-value]
ENDS_S = DRAIN_S + CLOSE_S + 2
PORT = Settings.model_fields["port"].default


def stages() -> list[list[tuple[str, str]]]:
    """Return the instructions of each stage of the Containerfile."""
    text = re.sub(r"\\\n\s*", "", (DEPLOY / "Containerfile").read_text(encoding="utf-8"))
    lines = [line.split(maxsplit=1) for line in text.splitlines() if line and not line.startswith("#")]
    found: list[list[tuple[str, str]]] = []
    for name, rest in lines:
        if name == "FROM":
            found.append([])
        if found:
            found[-1].append((name, rest))
    return found


def unit(name: str) -> dict[str, list[str]]:
    lines = [line.partition("=") for line in (DEPLOY / name).read_text(encoding="utf-8").splitlines()]
    found: dict[str, list[str]] = {}
    for key, sign, value in lines:
        if sign and not key.startswith("#"):
            found.setdefault(key, []).append(value)
    return found


def compose() -> dict[str, Any]:
    return dict(yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8")))


def of_kind(kind: str) -> list[dict[str, Any]]:
    pages = yaml.safe_load_all((DEPLOY / "kubernetes.yaml").read_text(encoding="utf-8"))
    return [page for page in pages if page["kind"] == kind]


def test_the_image_runs_as_nobody_in_particular_and_carries_no_tools() -> None:
    build, last = stages()
    told = dict(last)

    assert told["USER"] == "10001:10001"
    assert told["EXPOSE"] == str(PORT)
    assert not re.search(r"\b(uv|pip|apt-get)\b", " ".join(rest for name, rest in last if name == "RUN"))
    assert any("--locked" in rest for name, rest in build if name == "RUN")


def test_the_image_asks_after_its_health_at_an_address_that_answers() -> None:
    asked = dict(stages()[-1])["HEALTHCHECK"]

    assert re.findall(r"'(/\w+)'", asked) == ["/livez"]
    compile(json.loads(asked.split("CMD", 1)[1])[-1], "HEALTHCHECK", "exec")


def test_all_that_the_image_takes_is_there_and_let_in() -> None:
    taken = [word for name, rest in stages()[0] if name == "COPY" for word in rest.split()[:-1]]
    let_in = (DEPLOY / "Containerfile.dockerignore").read_text(encoding="utf-8").splitlines()

    assert all((ROOT / name).exists() for name in taken)
    assert sorted(taken) == sorted(line[1:] for line in let_in if line.startswith("!"))


def test_the_services_say_what_the_bot_understands() -> None:
    said = compose()
    bots = [one for one in said["services"].values() if one["image"] == "trailmate"]

    assert len(bots) == 2
    for one in bots:
        assert set(one["environment"]) | set(one["secrets"]) <= NAMES
        assert set(one["secrets"]) <= set(said["secrets"])
        assert (one["read_only"], one["cap_drop"]) == (True, ["ALL"])
    assert parse(said["services"]["backup"]["command"]).verb == "backup"
    assert float(said["services"]["bot"]["stop_grace_period"].rstrip("s")) > ENDS_S


def test_each_role_is_run_and_probed_where_something_answers() -> None:
    roles = []
    for one in of_kind("Deployment"):
        pod = one["spec"]["template"]["spec"]
        (bot,) = pod["containers"]
        roles += [env["value"] for env in bot["env"]]
        probed = {bot[f"{probe}Probe"]["httpGet"]["path"] for probe in ("startup", "liveness", "readiness")}
        assert probed == {"/livez", "/readyz"}
        assert probed <= PATHS
        assert pod["securityContext"]["runAsUser"] == 10001
        assert pod["terminationGracePeriodSeconds"] > ENDS_S + bot["lifecycle"]["preStop"]["sleep"]["seconds"]

    assert sorted(roles) == sorted(ALL_ROLES)


def test_what_shall_not_go_all_at_once_is_there_twice() -> None:
    of = {
        one["spec"]["template"]["metadata"]["labels"]["role"]: one["spec"]["replicas"] for one in of_kind("Deployment")
    }
    kept = [one["spec"]["selector"]["matchLabels"]["role"] for one in of_kind("PodDisruptionBudget")]

    assert sorted(kept) == ["gateway", "worker"]
    assert all(of[role] == 2 for role in kept)


@pytest.mark.parametrize(("kind", "under"), [("ConfigMap", "data"), ("Secret", "stringData")])
def test_the_cluster_is_told_settings_alone(kind: str, under: str) -> None:
    (one,) = of_kind(kind)

    assert set(one[under]) <= NAMES


def test_what_draws_and_alarms_is_let_in_with_a_token_to_each_pod() -> None:
    (secret,), (policy,) = of_kind("Secret"), of_kind("NetworkPolicy")
    let_in = [
        (rule["from"][0]["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"], rule["ports"])
        for rule in policy["spec"]["ingress"]
    ]

    assert "TRAILMATE_METRICS_TOKEN" in secret["stringData"]
    assert let_in == [("ingress-nginx", [{"port": "http"}]), ("monitoring", [{"port": "http"}])]
    told = (DEPLOY / "kubernetes.yaml").read_text(encoding="utf-8").split("of its own:\n")[1]
    (scrape,) = yaml.safe_load(re.sub(r"(?m)^ {4}# {3}", "", told.split("    - from:")[0]))["scrape_configs"]
    assert {scrape["job_name"]} == set(re.findall(r'job="(\w+)"', (DEPLOY / "alerts.yaml").read_text(encoding="utf-8")))
    labels = {one["template"]["metadata"]["labels"]["app"] for one in (d["spec"] for d in of_kind("Deployment"))}
    assert labels == {scrape["relabel_configs"][0]["regex"]}


@pytest.mark.parametrize("name", ["trailmate.service", "trailmate-backup.service"])
def test_a_unit_shows_how_it_is_given_a_secret(name: str) -> None:
    shown = re.findall(r"(?m)^#(LoadCredential|Environment)=(\w+)", (DEPLOY / name).read_text(encoding="utf-8"))

    assert [key for key, _ in shown] == ["LoadCredential", "Environment"]
    assert {value for _, value in shown} <= NAMES


@pytest.mark.parametrize(("name", "verb"), [("trailmate.service", "run"), ("trailmate-backup.service", "backup")])
def test_a_unit_runs_a_verb_and_may_write_in_its_own_folder_alone(name: str, verb: str) -> None:
    said = unit(name)

    assert parse(shlex.split(said["ExecStart"][0])[1:]).verb == verb
    assert {one.split("=")[0] for one in said["Environment"]} <= NAMES
    assert said["ProtectSystem"] == ["strict"]
    assert f"TRAILMATE_DATA_DIR=/var/lib/{said['StateDirectory'][0].split()[0]}" in said["Environment"]


def test_the_backup_may_do_no_more_than_the_bot() -> None:
    bot, backup = unit("trailmate.service"), unit("trailmate-backup.service")
    limits = [
        key for key in bot if re.match("Private|Protect|Restrict|Capability|Ambient|SystemCall|NoNew|Memory", key)
    ]

    assert len(limits) > 20
    assert {key: backup.get(key) for key in limits} == {key: bot[key] for key in limits}


def test_a_production_install_takes_what_the_lock_file_names() -> None:
    shown = (DEPLOY / "README.md").read_text(encoding="utf-8")
    (uv,) = set(re.findall(r"uv==([\d.]+)", shown))

    assert "uv sync --locked" in shown and "pip install ." not in shown
    assert dict(line.partition("=")[::2] for name, line in stages()[0] if name == "ARG")["UV"] == uv


def test_the_unit_waits_for_an_orderly_end_and_lets_what_embeds_be_nicer() -> None:
    said = unit("trailmate.service")

    assert float(said["TimeoutStopSec"][0]) > ENDS_S
    assert "@resources" not in " ".join(said["SystemCallFilter"])
    assert said["RestartPreventExitStatus"] == ["2"]
