"""The other verbs: chat over a pipe, questions as JSON, checks, manifests."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot import cli
from bot.__main__ import _sentence, main
from bot.base.clock import SystemClock
from bot.chat.installs import Install
from bot.cli import evaluate
from bot.cli.parser import Parser, parse, parser
from bot.delivery.installs import SqlInstalls
from bot.maintenance import migrate
from bot.runtime import settings as settings_of
from bot.storage.token_encryption import Vault
from bot.storage.unit_of_work import Database
from tests.command_line import LIMIT_S, ROOT, here, trailmate


def chat(
    folder: Path,
    who: str,
    *lines: str,
    moderator: bool = False,
    run: Callable[..., subprocess.CompletedProcess[str]] = here,
) -> str:
    words = ["chat", "--as", who, *(["--moderator"] if moderator else [])]
    done = run(folder, *words, lines="\n".join(lines) + "\n")
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout


@pytest.mark.parametrize("flags", [["--port", "8123", "--host", "::1"], ["--host=::1", "--port=8123"]])
def test_the_flags_of_the_default_verb_may_stand_without_it(flags: list[str]) -> None:
    given = parse(flags)
    assert (given.verb, given.host, given.port) == ("run", "::1", 8123)
    assert parse([]).verb is None


@pytest.mark.parametrize("run", [here, pytest.param(trailmate, marks=pytest.mark.nightly)])
def test_a_week_begins_over_a_pipe(tmp_path: Path, run: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    said = chat(
        tmp_path,
        "Mo",
        "cohort create name=Owls timezone=UTC start=today",
        "press 1",
        "report",
        moderator=True,
        run=run,
    )
    assert "New group: Owls" in said
    assert "[Confirm]  press: 1" in said
    assert "Owls is set up" in said
    assert "Welcome to Owls" in said
    assert "Report on Owls" in said
    said = chat(
        tmp_path,
        "Ada",
        "progress",
        "join",
        "settings reminders=yes",
        "away until=tomorrow",
        "help",
        "quit",
    )
    assert "That's for members of the group." in said
    assert "You're in Owls" in said
    assert "Saved" in said


def test_a_form_is_asked_line_by_line(tmp_path: Path) -> None:
    chat(tmp_path, "Mo", "cohort create name=Owls timezone=UTC confirm=yes", moderator=True)
    said = chat(
        tmp_path, "Mo", "cohort edit", "Larks", "Europe/Berln", "Europe/Berlin", "", "", "", "press 1", moderator=True
    )
    assert "press Enter to keep the value in brackets. Type `cancel` to stop." in said
    assert "Group name [Owls]" in said
    assert "Time zone [UTC]" in said
    assert "did you mean Europe/Berlin?" in said
    assert "Change Owls?" in said
    assert "Name: Larks" in said
    assert "Time zone: Europe/Berlin" in said
    assert "updated" in said
    said = chat(tmp_path, "Mo", "cohort create", "", "cancel", moderator=True)
    assert "This is needed. Example: Night owls." in said
    assert "Cancelled. Nothing was changed." in said


def test_input_that_ends_inside_a_form_changes_nothing(tmp_path: Path) -> None:
    assert "Cancelled. Nothing was changed." in chat(tmp_path, "Mo", "cohort create", "Owls", moderator=True)
    assert "There's no group here yet" in chat(tmp_path, "Mo", "report", moderator=True)


def test_a_guest_without_the_flag_is_no_moderator(tmp_path: Path) -> None:
    assert "That's for people who manage the" in chat(tmp_path, "Mo", "cohort create name=Owls timezone=UTC")


def test_a_question_is_answered_as_json(indexed: Path) -> None:
    done = here(indexed, "ask", "--json", "What", "is", "a", "generator?")
    said: dict[str, Any] = json.loads(done.stdout)
    assert list(said) == ["answer", "declined", "citations", "latency_ms"]
    assert said["declined"] is False
    assert said["answer"]
    assert said["citations"]
    assert all(list(c) == ["note", "heading", "quote"] and c["quote"] for c in said["citations"])
    assert said["latency_ms"] > 0


def test_a_question_off_the_notes_is_declined(indexed: Path) -> None:
    said = json.loads(here(indexed, "ask", "--json", "Who won the football world cup in 1998?").stdout)
    assert said["declined"] is True
    assert said["citations"] == []


def test_a_question_that_is_cut_says_so(indexed: Path) -> None:
    done = here(indexed, "ask", "What is a generator? " + "x" * 600)
    assert (done.returncode, done.stderr) == (0, "I read only the first 600 characters of a question.\n")


def test_a_question_with_bytes_that_are_no_text_is_answered(indexed: Path) -> None:
    done = here(indexed, "ask", "What is a generator \udcff?")
    assert done.returncode == 0 and "Traceback" not in done.stderr


def test_a_question_is_answered_as_text_with_its_notes(indexed: Path) -> None:
    done = here(indexed, "ask", "What is a generator?")
    assert done.returncode == 0
    assert "[1]" in done.stdout


def test_a_stream_of_questions_is_one_json_line_each(indexed: Path) -> None:
    asked = [
        {"id": "a", "turns": ["What is a generator?"]},
        {"id": 7, "turns": ["What is a dataclass?", "And how is it compared?"]},
        {"id": "ü", "turns": ["Who won the football world cup in 1998?"]},
    ]
    lines = "\n".join(json.dumps(one, ensure_ascii=False) for one in asked) + "\n\n"
    done = here(indexed, "ask", "--jsonl", lines=lines)
    said = [json.loads(line) for line in done.stdout.splitlines()]
    assert [s["id"] for s in said] == ["a", 7, "ü"]
    assert [list(s) for s in said] == [["id", "answer", "declined", "citations", "latency_ms"]] * 3
    assert [s["declined"] for s in said][::2] == [False, True]
    assert done.returncode == 0


WRONG_LINES = (
    "nonsense",
    "[]",
    '{"id": 1}',
    '{"id": 1, "turns": []}',
    '{"id": 1, "turns": "text"}',
    "[" * 100_000,
    '{"id": ' + "[" * 100_000 + "]" * 100_000 + ', "turns": ["what is a set?"]}',
    r'{"id": "\ud800", "turns": ["what is a set?"]}',
    r'{"id": 1, "turns": ["what is \udfff?"]}',
)


def test_each_wrong_line_is_named_and_the_others_are_answered(indexed: Path) -> None:
    good = json.dumps({"id": "good", "turns": ["What is a generator?"]})
    done = here(indexed, "ask", "--jsonl", lines="\n".join([*WRONG_LINES, good, ""]))
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["good"]
    said = [f'line {number}: write {{"id": "...", "turns": ["..."]}}' for number, _ in enumerate(WRONG_LINES, 1)]
    assert done.stderr.splitlines() == said
    assert done.returncode == 2


def test_a_line_that_is_no_text_is_named_and_the_others_are_answered(indexed: Path) -> None:
    good = json.dumps({"id": "good", "turns": ["What is a generator?"]}).encode()
    done = here(indexed, "ask", "--jsonl", lines=b'{"id": "\xff", "turns": ["why?"]}\n' + good)
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["good"]
    assert done.stderr.startswith("line 1: write") and done.returncode == 2


GOLDEN = """\
covered:
  - q: what does yield do
    topic: advanced-python
    style: short
    at: [{note: py-iterators, heading: Generator functions pause at yield}]
  - q: who won the football world cup in 1998
    topic: advanced-python
    style: short
    at: [{note: py-iterators, heading: What a for loop does}]
foreign:
  - {q: how do i bake bread, kind: everyday}
"""


def test_a_golden_set_is_measured(indexed: Path, tmp_path: Path) -> None:
    file = tmp_path / "questions.yaml"
    file.write_text(GOLDEN)
    done = here(indexed, "eval", str(file), "--failures")
    rows = {line.split()[0]: line.split()[1:] for line in done.stdout.splitlines() if line.strip()}
    assert done.returncode == 0, done.stderr
    assert rows["advanced-python"][:2] == ["2", "0.500"]
    assert rows["everyday"] == ["1", "1.000"]
    assert "1 declined, though covered:\n  who won the football world cup in 1998" in done.stdout
    done = here(indexed, "eval", str(file), "--at-least", "0.95")
    assert done.returncode == 1
    assert done.stderr == "recall@5 is below 0.95\n"


FACTS = """\
covered:
  - {q: what does yield do, topic: advanced-python, style: definition, facts: [generat, next | paus | resum]}
followups: []
foreign: []
"""


@pytest.mark.nightly
def test_questions_with_facts_are_measured_for_machines(indexed: Path, tmp_path: Path) -> None:
    file = tmp_path / "strangers.yaml"
    file.write_text(FACTS)
    done = here(indexed, "eval", str(file), "--json")
    assert done.returncode == 0, done.stderr
    row = json.loads(done.stdout)["definition"]
    assert row["n"] == row["in notes"] == row["sure"] == 1 and row["words"] > 5


def test_several_files_are_measured_one_after_the_other(indexed: Path, tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("others.yaml", "golden.yaml")]
    found = GOLDEN.replace("who won the football world cup in 1998", "what does a for loop do")
    for file, questions in zip(files, (found, GOLDEN), strict=True):
        file.write_text(questions)
    done = here(indexed, "eval", *map(str, files), "--at-least", "0.9")
    assert (done.returncode, done.stderr) == (1, "recall@5 is below 0.9\n")
    assert done.stdout.startswith("others.yaml\n") and "\n\ngolden.yaml\n" in done.stdout


def test_a_golden_set_with_a_slip_is_told_with_file_and_line(indexed: Path, tmp_path: Path) -> None:
    file = tmp_path / "questions.yaml"
    file.write_text(GOLDEN.replace("heading: What a for loop does", "heading: What a while loop does"))
    done = here(indexed, "eval", str(file))
    assert done.returncode == 1
    assert done.stderr == f"{file}:9: fault: There is no passage “py-iterators”, “What a while loop does”.\n"


def test_without_a_checkout_a_file_of_questions_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    installed(monkeypatch, tmp_path / "venv")
    monkeypatch.chdir(tmp_path)
    settings = settings_of.load(_env_file=None, TRAILMATE_DATA_DIR=tmp_path)
    assert evaluate.evaluate(settings, argparse.Namespace(questions=None)) == 2
    said = "Give a file of questions. A checkout has some in benchmarks/questions."
    assert capsys.readouterr().err.startswith(said)


def installed(monkeypatch: pytest.MonkeyPatch, environment: Path) -> None:
    """Have the package stand in an environment, as `pip install .` puts it there."""
    package = environment / "lib" / "site-packages" / "bot"
    monkeypatch.setattr("bot.cli.evaluate.__file__", str(package / "verbs" / "evaluate.py"))
    monkeypatch.setattr("sys.prefix", str(environment))


def test_an_installation_that_is_run_in_a_checkout_finds_the_questions(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    installed(monkeypatch, tmp_path / "venv")
    monkeypatch.chdir(ROOT)
    assert [evaluate._find_own(name) for name in evaluate.OWN] == [
        ROOT / evaluate.QUESTIONS / f"{name}.yaml" for name in evaluate.OWN
    ]


def test_an_environment_inside_a_checkout_finds_its_questions_wherever_it_is_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    installed(monkeypatch, ROOT / ".venv")
    monkeypatch.chdir(tmp_path)
    assert evaluate._find_own("questions") == ROOT / "benchmarks" / "questions" / "questions.yaml"


def test_every_verb_of_the_command_line_is_done_somewhere() -> None:
    assert set(parser().actions) == set(cli.VERBS)
    assert all(callable(cli.verb(name)) for name in cli.VERBS)


def test_asking_imports_no_database_and_no_platform() -> None:
    code = (
        "import sys\nfrom bot.__main__ import main\nimport bot.cli.ask, bot.runtime.answer_engine\n"
        "print([name for name in ('sqlalchemy', 'alembic', 'discord', 'slack_bolt', 'aiohttp') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.stdout == "[]\n", done.stderr


def test_a_question_needs_no_database(indexed: Path) -> None:
    here(indexed, "ask", "what is a set")
    assert not list(indexed.glob("trailmate.db*"))


def test_the_version_is_told(tmp_path: Path) -> None:
    assert trailmate(tmp_path, "--version").stdout.startswith("trailmate 0.")


def test_flags_of_run_come_before_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    seen: list[settings_of.Settings] = []

    def run(settings: settings_of.Settings, given: argparse.Namespace) -> int:
        seen.append(settings)
        return 0

    monkeypatch.setitem(cli.VERBS, "run", run)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRAILMATE_PORT", "1234")
    assert main(["run", "--port", "0", "--host", "::1"]) == main(["run"]) == main([]) == 0
    assert [(one.host, one.port) for one in seen] == [("::1", 0), ("127.0.0.1", 1234), ("127.0.0.1", 1234)]


def test_a_verb_that_is_told_to_end_cleans_up_after_itself(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    left = {"part of a backup"}

    def write(settings: settings_of.Settings, given: argparse.Namespace) -> int:
        try:
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(5)
        finally:
            left.clear()
        return 0

    monkeypatch.setitem(cli.VERBS, "doctor", write)
    monkeypatch.chdir(tmp_path)
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(SystemExit) as ended:
        main(["doctor"])
    assert (ended.value.code, left) == (143, set())
    assert signal.getsignal(signal.SIGTERM) == before


def test_no_question_is_said_so(tmp_path: Path) -> None:
    done = here(tmp_path, "ask")
    assert (done.returncode, done.stdout) == (2, "")
    assert "Give a question or --jsonl. Example: trailmate ask" in done.stderr


@pytest.mark.nightly
def test_our_own_roadmap_has_no_fault(tmp_path: Path) -> None:
    done = here(tmp_path, "roadmap", "check")
    assert done.returncode == 0
    assert "5 roadmaps, 0 faults" in done.stdout


def test_a_broken_roadmap_is_told_fault_by_fault_with_file_and_line(tmp_path: Path) -> None:
    text = (ROOT / "roadmap" / "genai-2026" / "roadmap.yaml").read_text()
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "roadmap.yaml").write_text(text.replace("prompt:", "promt:", 1))
    done = here(tmp_path, "roadmap", "check", str(broken))
    assert done.returncode == 1
    faults = [line for line in done.stdout.splitlines() if ": fault: " in line]
    assert any("promt" in line for line in faults)
    assert any("py-data-structures" in line for line in faults)
    for line in faults:
        assert line.split(":")[1].isdigit(), line
    assert "Traceback" not in done.stderr


def test_a_folder_without_a_roadmap_is_a_sentence(tmp_path: Path) -> None:
    done = here(tmp_path, "roadmap", "check", str(tmp_path / "nowhere"))
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "roadmap.yaml" in done.stdout + done.stderr


def test_a_database_behind_the_code_is_named_line_by_line(tmp_path: Path) -> None:
    import sqlite3

    here(tmp_path, "db", "upgrade")
    with closing(sqlite3.connect(tmp_path / "trailmate.db")) as database, database:
        database.execute("DROP TABLE mute")
    database.close()
    done = here(tmp_path, "db", "check")
    assert done.returncode == 1
    assert "table mute is missing: Its data can't be recovered. Restore a backup" in done.stdout
    assert (
        "FIX  Database: table mute is missing. Run `trailmate db check` to see each" in here(tmp_path, "doctor").stdout
    )


def test_a_database_that_cannot_be_reached_is_a_sentence(tmp_path: Path) -> None:
    url = "postgresql://me:verysecret@127.0.0.1:9/nothing"
    for words in (("db", "upgrade"), ("db", "check"), ("doctor",)):
        done = here(tmp_path, *words, TRAILMATE_DATABASE_URL=url)
        assert done.returncode == 1, words
        said = done.stdout + done.stderr
        assert "cannot be opened" in said, words
        assert "Traceback" not in said, words
        assert "verysecret" not in said, words


def test_doctor_before_the_first_start_finds_nothing_to_mend(tmp_path: Path) -> None:
    done = here(tmp_path, "doctor")
    assert (
        "Can start groups: managers of the server or workspace. To add others, set TRAILMATE_MODERATORS" in done.stdout
        and "(TRAILMATE_PUBLIC_URL is not set)" in done.stdout
    )
    assert done.returncode == 0
    assert "Database: none yet" in done.stdout
    assert "Discord: not configured (DISCORD_TOKEN)" in done.stdout
    assert "Course genai-2026: 58 units, 0 faults" in done.stdout
    assert not (tmp_path / "trailmate.db").exists()


def test_discords_manifest_is_the_invite_link(tmp_path: Path) -> None:
    done = here(tmp_path, "manifest", "discord", "--client-id", "123456789012345678")
    [link] = done.stdout.splitlines()
    assert link.startswith("https://discord.com/")
    assert "client_id=123456789012345678" in link
    assert "applications.commands" in link
    assert "permissions=8&" not in link + "&"


def test_discords_manifest_without_its_library_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.cli.platforms.find_install_command", lambda _: "pip install 'discord.py'")
    done = here(tmp_path, "manifest", "discord", "--client-id", "123")
    assert (done.returncode, done.stderr) == (
        1,
        "Discord's library is not installed. Run pip install 'discord.py'.\n",
    )


def test_a_place_that_cannot_be_used_is_the_settings_only_where_it_is_inside(tmp_path: Path) -> None:
    own, other = (PermissionError(13, "Permission denied", str(one)) for one in (tmp_path / "a", "/nowhere.zip"))
    assert _sentence(own, tmp_path) == f"I can't use {tmp_path / 'a'}: permission denied. Check TRAILMATE_DATA_DIR."
    assert _sentence(other, tmp_path) == "I can't use /nowhere.zip: permission denied."


def test_discords_manifest_reads_the_id_from_the_token_and_never_prints_it(tmp_path: Path) -> None:
    token = "MTIzNDU2Nzg5MDEyMzQ1Njc4.verysecret.x"
    done = here(tmp_path, "manifest", "discord", DISCORD_TOKEN=token)
    assert "client_id=123456789012345678" in done.stdout
    assert "verysecret" not in done.stdout
    done = here(tmp_path, "manifest", "discord")
    assert done.returncode == 2
    assert "--client-id" in done.stderr


def test_slacks_manifest_over_http_needs_the_address_that_slack_sends_to(tmp_path: Path) -> None:
    done = here(tmp_path, "manifest", "slack", "--http")
    assert done.returncode == 2 and "TRAILMATE_PUBLIC_URL" in done.stderr
    public = {"TRAILMATE_PUBLIC_URL": "https://study.example"}
    for flags, comes_back in ((["--http"], False), (["--many"], True)):
        app = json.loads(here(tmp_path, "manifest", "slack", *flags, **public).stdout)
        assert app["settings"]["interactivity"]["request_url"] == "https://study.example/slack/events"
        assert ("redirect_urls" in app["oauth_config"]) is comes_back


def test_keys_of_workspaces_are_made_and_exchanged(tmp_path: Path) -> None:
    old, new = (here(tmp_path, "slack", "new-key").stdout.strip() for _ in range(2))
    assert "TRAILMATE_SLACK_TOKEN_KEYS" in here(tmp_path, "slack", "rotate-keys").stderr
    url = f"sqlite:///{tmp_path / 'trailmate.db'}"
    migrate.upgrade(url)
    with Database(url) as database:
        kept = SqlInstalls(database, Vault([old]), "slack", SystemClock().now)
        asyncio.run(kept.keep(Install("T1", "Acme", "xoxb-1", "U0BOT")))
    done = here(tmp_path, "slack", "rotate-keys", TRAILMATE_SLACK_TOKEN_KEYS=new)
    assert done.returncode == 1 and "the key of T1" in done.stderr
    for keys in (f"{new},{old}", new):
        done = here(tmp_path, "slack", "rotate-keys", TRAILMATE_SLACK_TOKEN_KEYS=keys)
        assert (done.returncode, done.stdout) == (0, "Encrypted with the newest key: 1 token.\n")
    assert not {old, new} & set(done.stdout.split() + done.stderr.split())


def test_slacks_manifest_is_json_with_one_command_and_its_scopes(tmp_path: Path) -> None:
    said = json.loads(here(tmp_path, "manifest", "slack").stdout)
    assert [c["command"] for c in said["features"]["slash_commands"]] == ["/study"]
    assert "commands" in said["oauth_config"]["scopes"]["bot"]
    assert said["settings"]["socket_mode_enabled"] is True


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("bakup", 'There is no command "bakup". Did you mean backup?'),
        ("db chek", 'There is no action "chek". Did you mean check?'),
        ("db drop", 'There is no action "drop". Choose upgrade, check or move.'),
        ("roadmap", "ACTION is missing. Choose check, new, reload or export."),
        ("roadmap new", "ID is missing. Example: trailmate roadmap new book-club --from club.md"),
        ("people forget discrod 1", 'There is no platform "discrod". Did you mean discord?'),
        ("chat", "--as is missing. Example: trailmate chat --as Ada"),
        ("backup --kep 3", "There is no option --kep. Did you mean --keep?"),
        ("backup b --keep 0", '--keep: "0" is not a number of backups. Give 1 or more, such as 14.'),
        ("run --port http", '--port: "http" is not a port. Give a number from 0 to 65535, such as 8321.'),
        ("run --port 70000", '--port: "70000" is not a port. Give a number from 0 to 65535, such as 8321.'),
        ("run --port", "--port needs a value."),
        ("eval --at-least most", '--at-least: "most" is not a share. Give a number from 0 to 1, such as 0.9.'),
        ("backup b --force=yes", "--force takes no value."),
        ("db upgrade now", '"now" is one argument too many.'),
    ],
)
def test_a_mistake_on_the_command_line_is_explained_and_exits_with_2(
    capsys: pytest.CaptureFixture[str], words: str, sentence: str
) -> None:
    with pytest.raises(SystemExit) as end:
        parse(words.split())
    output = capsys.readouterr()
    said = output.err.splitlines()
    assert (end.value.code, output.out, said[0]) == (2, "", sentence)
    assert said[1].startswith("usage: trailmate") and said[-1].startswith("Help: trailmate")


COMMANDS = [command for command in parser().walk() if not command.actions]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.prog)
def test_each_command_has_a_summary_an_example_that_works_and_exit_codes(command: Parser) -> None:
    summary = command.description or ""
    assert summary[0].isupper() and summary.endswith(".") and len(summary) <= 60
    assert command.examples
    for example in command.examples:
        assert example.startswith(command.prog)
        parse(shlex.split(example)[1:])
    assert {0, 1, 2} <= command.exits.keys()
    assert all(meaning.endswith(".") for meaning in command.exits.values())
    assert [action.dest for action in command._actions if not action.help] == []
    assert f"Example:\n  {command.examples[0]}\n" in command.format_help()
    assert f"Exit codes:\n  0  {command.exits[0]}\n" in command.format_help()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("ask", 2),
        ("ask --jsonl", 0),
        ("eval nowhere.yaml", 1),
        ("roadmap check nowhere", 1),
        ("roadmap new Wrong", 2),
        ("roadmap new club", 0),
        ("roadmap new club --from nowhere.md", 2),
        ("roadmap export own-9", 2),
        ("db check", 1),
        ("db move nowhere.db other.db", 1),
        ("backup backup.zip", 1),
        ("restore nowhere.zip", 1),
        ("people forget slack U1", 1),
        ("slack new-key", 0),
        ("slack rotate-keys", 2),
        ("manifest slack", 0),
        ("manifest slack --http", 2),
        ("doctor", 0),
    ],
)
def test_a_command_exits_with_the_code_that_its_help_names(
    indexed: Path, tmp_path: Path, words: str, code: int
) -> None:
    done = here(indexed if words.startswith(("ask", "eval")) else tmp_path, *words.split())
    (command,) = (command for command in COMMANDS if f"trailmate {words} ".startswith(f"{command.prog} "))
    assert done.returncode == code, done.stderr
    assert code in command.exits


def test_version_and_help_import_nothing_else_of_the_program() -> None:
    code = (
        "import sys\nfrom bot.__main__ import main\ntry: main([sys.argv[1]])\nexcept SystemExit: pass\n"
        "print(sorted(name for name in sys.modules if name.split('.')[0] in ('bot', 'pydantic', 'asyncio')))"
    )
    for option in ("--version", "--help"):
        done = subprocess.run(
            [sys.executable, "-c", code, option], cwd=ROOT, capture_output=True, text=True, timeout=LIMIT_S, check=True
        )
        loaded = ["bot", "bot.__main__", "bot.cli", "bot.cli.parser", "bot.platforms"]
        assert done.stdout.splitlines()[-1] == str(loaded)


def test_who_stops_a_verb_in_its_first_moments_sees_no_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(**_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(settings_of, "load", stop)
    assert main(["doctor"]) == 130
