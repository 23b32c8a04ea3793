"""What the environment says, and what is said about a wrong value."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.__main__ import main
from bot.runtime import settings as settings_module
from bot.runtime.settings import RENAMED, Settings, SettingsError, load, misspelt

SECRET = "xoxb-1-very-secret"
KEY = "k" * 43 + "="


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in (*RENAMED, *(str(field.validation_alias) for field in Settings.model_fields.values())):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def wrong(monkeypatch: pytest.MonkeyPatch, **values: str) -> str:
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as told:
        load()
    return str(told.value)


def test_nothing_configured_runs_the_page_on_loopback_with_a_file_in_the_home() -> None:
    settings = load()
    assert settings.host == "127.0.0.1"
    assert settings.url == f"sqlite:///{Path.home()}/.local/share/trailmate/trailmate.db"
    assert settings.discord_token is settings.slack_bot_token is settings.openai_api_key is None


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TRAILMATE_DATA_DIR", str(tmp_path / "here"))
    monkeypatch.setenv("TRAILMATE_PORT", "0")
    monkeypatch.setenv("TRAILMATE_MODERATORS", "slack:U012AB3CD, discord:123456789 local:ada")
    settings = load()
    assert settings.url == f"sqlite:///{tmp_path}/here/trailmate.db"
    assert settings.port == 0
    assert settings.moderators == {"slack:U012AB3CD", "discord:123456789", "local:ada"}


def test_a_dot_env_file_is_read_and_the_environment_wins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("TRAILMATE_PORT=4000\nTRAILMATE_HOST=::1\nSOMETHING_ELSE=1\n")
    monkeypatch.setenv("TRAILMATE_PORT", "5000")
    settings = load()
    assert (settings.port, settings.host) == (5000, "::1")


def test_an_empty_value_is_none_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISCORD_TOKEN", "SLACK_BOT_TOKEN", "TRAILMATE_PORT", "TRAILMATE_DATABASE_URL", "OPENAI_API_KEY"):
        monkeypatch.setenv(name, "")
    settings = load()
    assert settings.discord_token is None
    assert settings.port == 8321


@pytest.mark.parametrize(
    ("values", "name", "reason"),
    [
        ({"TRAILMATE_PORT": "http"}, "TRAILMATE_PORT", "whole number from 0 to 65535, such as 8321"),
        ({"TRAILMATE_PUBLIC_URL": "http://study.example"}, "TRAILMATE_PUBLIC_URL", "such as https://study.example.org"),
        ({"TRAILMATE_PUBLIC_URL": "https://x.example/path"}, "TRAILMATE_PUBLIC_URL", "without a path"),
        ({"TRAILMATE_PUBLIC_URL": "https://a@x.example"}, "TRAILMATE_PUBLIC_URL", "without a path"),
        ({"TRAILMATE_PORT": "70000"}, "TRAILMATE_PORT", "whole number from 0 to 65535, such as 8321"),
        ({"TRAILMATE_MODERATORS": "ada"}, "TRAILMATE_MODERATORS", "slack:U012AB3CD or discord:123456789"),
        ({"TRAILMATE_MODERATORS": "slakc:U012AB3CD"}, "TRAILMATE_MODERATORS", "slack:U012AB3CD or discord:123456789"),
        ({"TRAILMATE_MODERATORS": "slack:<@U1>"}, "TRAILMATE_MODERATORS", "slack:U012AB3CD or discord:123456789"),
        ({"TRAILMATE_DATABASE_URL": "mysql://x/y"}, "TRAILMATE_DATABASE_URL", "postgresql://USER:PASSWORD@HOST/NAME"),
        ({"TRAILMATE_TOKENS_PER_DAY": "lots"}, "TRAILMATE_TOKENS_PER_DAY", "number from 0 up, such as 300000"),
        ({"TRAILMATE_MEMBER_TOKEN_SHARE": "0"}, "TRAILMATE_MEMBER_TOKEN_SHARE", "number from 1 to 100, such as 20"),
        ({"TRAILMATE_TRUST_PROXY": "maybe"}, "TRAILMATE_TRUST_PROXY", "Use yes or no"),
        ({"TRAILMATE_LOG_FORMAT": "xml"}, "TRAILMATE_LOG_FORMAT", "Use json or text"),
        ({"TRAILMATE_METRICS_TOKEN": "short"}, "TRAILMATE_METRICS_TOKEN", "at least 16 characters, such as"),
        ({"DISCORD_SHARDS": "many"}, "DISCORD_SHARDS", "such as 4"),
        ({"SLACK_API_URL": "proxy:80"}, "SLACK_API_URL", "Use a full address, such as https://"),
        ({"DISCORD_GATEWAY_URL": "gateway"}, "DISCORD_GATEWAY_URL", "Use a full address, such as https://"),
        ({"SLACK_BOT_TOKEN": SECRET}, "SLACK_APP_TOKEN", "is missing"),
        ({"SLACK_APP_TOKEN": "xapp-1"}, "SLACK_BOT_TOKEN", "is missing"),
        ({"SLACK_BOT_TOKEN": "xoxp-1", "SLACK_APP_TOKEN": "xapp-1"}, "SLACK_BOT_TOKEN", "must start with xoxb-"),
        ({"SLACK_BOT_TOKEN": SECRET, "SLACK_APP_TOKEN": "xoxb-2"}, "SLACK_APP_TOKEN", "must start with xapp-"),
    ],
)
def test_a_wrong_value_is_named_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, str], name: str, reason: str
) -> None:
    told = wrong(monkeypatch, **values)
    assert name in told
    assert reason in told
    assert len(told.split("\n")) == 1
    assert told.endswith(".")
    assert not told.endswith("..")


@pytest.mark.parametrize("value", ["?", "-1", "1e9999", "yes,no", "\udcff"])
def test_no_wrong_value_shows_a_message_of_pydantic(value: str) -> None:
    for name in (str(field.validation_alias) for field in Settings.model_fields.values()):
        try:
            load(**{name: value}, _env_file=None)
        except SettingsError as error:
            assert not re.search(r"\b(?:Input|Value|String|validation|items|parse)\b", str(error)), error
            assert re.search(r"\b(?:[A-Z]+_)+[A-Z]+\b", str(error)) and str(error).endswith("."), error


def test_a_file_of_settings_that_is_not_text_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"TRAILMATE_HOST=caf\xe9\n")
    with pytest.raises(SettingsError, match=r"^I can't read \.env\. Save it as UTF-8 text\.$"):
        load()


def test_several_wrong_values_are_a_line_each(monkeypatch: pytest.MonkeyPatch) -> None:
    told = wrong(monkeypatch, TRAILMATE_PORT="x", TRAILMATE_MODERATORS="y")
    assert sorted(line.split(":")[0] for line in told.split("\n")) == ["TRAILMATE_MODERATORS", "TRAILMATE_PORT"]


@pytest.mark.parametrize(
    "values",
    [
        {"SLACK_BOT_TOKEN": SECRET},
        {"SLACK_BOT_TOKEN": "wrong-" + SECRET, "SLACK_APP_TOKEN": "xapp-2-very-secret"},
        {"TRAILMATE_DATABASE_URL": "mysql://me:very-secret@host/db"},
        {"TRAILMATE_DATABASE_URL": "postgresql://me:p@very-secret@host/db"},
        {"TRAILMATE_PORT": "x", "OPENAI_API_KEY": "sk-very-secret", "DISCORD_TOKEN": "MTIz.very-secret"},
    ],
)
def test_no_refusal_shows_a_secret(monkeypatch: pytest.MonkeyPatch, values: dict[str, str]) -> None:
    assert "secret" not in wrong(monkeypatch, **values)


def test_no_printed_form_shows_a_secret() -> None:
    given: dict[str, Any] = {
        "DISCORD_TOKEN": "MTIz.very-secret",
        "SLACK_BOT_TOKEN": SECRET,
        "SLACK_APP_TOKEN": "xapp-2-very-secret",
        "OPENAI_API_KEY": "sk-very-secret",
        "TRAILMATE_DATABASE_URL": "postgresql://me:very-secret@host/db",
        "TRAILMATE_SLACK_TOKEN_KEYS": KEY,
    }
    over_http = {
        "SLACK_BOT_TOKEN": None,
        "SLACK_APP_TOKEN": None,
        "SLACK_CLIENT_ID": "1.2",
        "SLACK_SIGNING_SECRET": "very-secret",
        "SLACK_CLIENT_SECRET": "very-secret",
        "TRAILMATE_PUBLIC_URL": "https://x.example",
    }
    for settings in (load(**given), load(**{**given, **over_http})):
        assert not [said for said in ("very-secret", KEY) if said in f"{settings!r} {settings}"]


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"SLACK_SIGNING_SECRET": "s"}, "SLACK_BOT_TOKEN is missing"),
        ({"SLACK_SIGNING_SECRET": "s", "SLACK_BOT_TOKEN": SECRET}, "TRAILMATE_PUBLIC_URL is missing"),
        ({"SLACK_CLIENT_ID": "1.2", "SLACK_SIGNING_SECRET": "s"}, "SLACK_CLIENT_SECRET is missing"),
        ({"SLACK_CLIENT_SECRET": "s", "SLACK_SIGNING_SECRET": "s"}, "SLACK_CLIENT_ID is missing"),
        ({"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "s"}, "SLACK_SIGNING_SECRET is missing"),
        ({"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "s"}, "TRAILMATE_SLACK_TOKEN_KEYS is missing"),
        ({"SLACK_APP_TOKEN": "xapp-1", "SLACK_SIGNING_SECRET": "s", "SLACK_BOT_TOKEN": SECRET}, "not both"),
        ({"SLACK_CLIENT_ID": "1.2", "SLACK_BOT_TOKEN": SECRET}, "not both"),
        ({"SLACK_CLIENT_ID": "acme"}, "SLACK_CLIENT_ID: Copy the Client ID"),
        (
            {"TRAILMATE_SLACK_TOKEN_KEYS": f"{KEY},short"},
            "TRAILMATE_SLACK_TOKEN_KEYS: Use keys that `trailmate",
        ),
    ],
)
def test_what_slack_still_needs_is_told_at_once(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, str], reason: str
) -> None:
    told = wrong(monkeypatch, **values)
    assert reason in told and KEY not in told and len(told.split("\n")) == 1


def test_slack_has_three_ways() -> None:
    at: dict[str, Any] = {"SLACK_SIGNING_SECRET": "s", "TRAILMATE_PUBLIC_URL": "https://x.example"}
    many = {"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "s", "TRAILMATE_SLACK_TOKEN_KEYS": f"{KEY}, {KEY}"}
    assert load(SLACK_BOT_TOKEN=SECRET, SLACK_APP_TOKEN="xapp-1").keys == ()
    assert load(SLACK_BOT_TOKEN=SECRET, **at).public_url == "https://x.example"
    assert load(**at, **many).keys == (KEY, KEY)


POSTGRES = "postgresql://somebody@localhost/trailmate"


@pytest.mark.parametrize(
    ("words", "roles"),
    [
        ("all", {"gateway", "worker", "web"}),
        ("", {"gateway", "worker", "web"}),
        ("worker", {"worker"}),
        (" Gateway, web ", {"gateway", "web"}),
    ],
)
def test_a_process_has_the_roles_that_are_named(monkeypatch: pytest.MonkeyPatch, words: str, roles: set[str]) -> None:
    monkeypatch.setenv("TRAILMATE_DATABASE_URL", POSTGRES)
    monkeypatch.setenv("TRAILMATE_ROLES", words)
    assert load().roles == roles


def test_a_role_that_there_is_not_is_named_with_those_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    told = wrong(monkeypatch, TRAILMATE_DATABASE_URL=POSTGRES, TRAILMATE_ROLES="worker,cook")
    assert told == "TRAILMATE_ROLES: Use all, or some of gateway, worker and web, such as gateway,worker."


def test_on_sqlite_one_process_does_all(monkeypatch: pytest.MonkeyPatch) -> None:
    told = wrong(monkeypatch, TRAILMATE_ROLES="worker")
    assert "SQLite works for one process only" in told and "TRAILMATE_DATABASE_URL" in told


def test_a_file_of_the_folder_of_secrets_holds_a_setting_and_the_environment_comes_before_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "OPENAI_API_KEY").write_text("from-a-file\n")
    (tmp_path / "secrets" / "TRAILMATE_PORT").write_text("4000")
    monkeypatch.setenv("TRAILMATE_SECRETS_DIR", str(tmp_path / "secrets"))
    monkeypatch.setenv("TRAILMATE_PORT", "5000")
    settings = load()
    assert settings.openai_api_key is not None
    assert (settings.openai_api_key.get_secret_value(), settings.port) == ("from-a-file", 5000)


def test_a_folder_of_secrets_that_is_none_or_cannot_be_read_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert "There is no such folder" in wrong(monkeypatch, TRAILMATE_SECRETS_DIR=str(tmp_path / "nowhere"))
    (tmp_path / "DISCORD_TOKEN").write_bytes(b"\xff\xfesecret")
    told = wrong(monkeypatch, TRAILMATE_SECRETS_DIR=str(tmp_path))
    assert told == "TRAILMATE_SECRETS_DIR: I can't read a file that is not text."


@pytest.mark.parametrize(
    ("named", "module", "package"),
    [
        ({"DISCORD_TOKEN": "a"}, "discord", "discord-py"),
        ({"SLACK_BOT_TOKEN": "xoxb-a", "SLACK_APP_TOKEN": "xapp-a"}, "slack_bolt", "slack-bolt"),
        ({"OPENAI_API_KEY": "a"}, "openai", "openai"),
        ({"OPENAI_BASE_URL": "http://127.0.0.1:1"}, "openai", "openai"),
        ({"TRAILMATE_DATABASE_URL": "postgresql://a@b/c"}, "psycopg", "psycopg[binary]"),
    ],
)
def test_what_was_left_out_is_asked_for_where_it_is_set_alone(
    monkeypatch: pytest.MonkeyPatch, named: dict[str, str], module: str, package: str
) -> None:
    monkeypatch.setattr(settings_module, "find_spec", lambda name: None if name == module else name)
    monkeypatch.setattr(sys, "executable", "/opt/a b/python")
    load()
    told = wrong(monkeypatch, **named)
    installs = f"'/opt/a b/python' -m pip install '{package}"
    said = f"{next(iter(named))} is set, but its library is not installed. Run {installs}"
    assert re.fullmatch(rf"{re.escape(said)}[<>=].*'\.", told)
    monkeypatch.setattr(settings_module, "find_spec", lambda _: None)
    installing = settings_module.find_install_command(module)
    assert installing.startswith(f"uv pip install --python '/opt/a b/python' '{package}")


def test_a_misspelt_name_is_told_wherever_it_stands_and_others_are_left_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (secrets := tmp_path / "secrets").mkdir()
    (secrets / "..data").mkdir()
    for name in ("DISCORD_TOKN", "OPENAI_API_KEY", "POSTGRES_PASSWORD", "slack_bot_tokn"):
        (secrets / name).write_text("xoxb-very-secret")
    (tmp_path / ".env").write_text("TRAILMATE_MODERATOR=discord:1\nDISCORD_TOKN=very-secret\n")
    monkeypatch.setenv("TRAILMATE_SECRETS_DIR", str(secrets))
    monkeypatch.setenv("TRAILMATE_PROT", "1")
    monkeypatch.setenv("TRAILMATE_TYPO", "1")  # near to TRAILMATE_PORT only by the prefix
    monkeypatch.setenv("TRAILMATE_WEB_PORT", "tcp://10.0.0.1:80")  # of a service in Kubernetes
    assert misspelt(load()) == [
        "TRAILMATE_PROT in the environment is not a setting. Did you mean TRAILMATE_PORT?",
        "DISCORD_TOKN in .env is not a setting. Did you mean DISCORD_TOKEN?",
        "TRAILMATE_MODERATOR in .env is not a setting. Did you mean TRAILMATE_MODERATORS?",
        "SLACK_BOT_TOKN in the folder of secrets is not a setting. Did you mean SLACK_BOT_TOKEN?",
    ]
    monkeypatch.undo()
    assert misspelt(load(_env_file=None)) == []


@pytest.mark.parametrize(("old", "new"), RENAMED.items(), ids=RENAMED)
def test_a_former_name_stops_the_start_and_doctor_and_tells_the_new_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str], old: str, new: str
) -> None:
    assert new in {str(field.validation_alias) for field in Settings.model_fields.values()}
    rename = f"is now called {new}. Rename it."
    assert wrong(monkeypatch, **{old: "very-secret"}) == f"{old} in the environment {rename}"
    assert main(["doctor"]) == 2
    assert capsys.readouterr().err == f"{old} in the environment {rename}\n"
    monkeypatch.delenv(old)
    (tmp_path / ".env").write_text(f"{old}=very-secret\n")
    assert wrong(monkeypatch) == f"{old} in .env {rename}"
    (tmp_path / ".env").write_text(f"{old}=\n")
    assert misspelt(load()) == [f"{old} in .env is not a setting. Did you mean {new}?"]
    (tmp_path / ".env").unlink()
    (secrets := tmp_path / "secrets").mkdir()
    (secrets / old.lower()).write_text("very-secret")
    assert wrong(monkeypatch, TRAILMATE_SECRETS_DIR=str(secrets)) == f"{old} in the folder of secrets {rename}"
