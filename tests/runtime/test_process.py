"""The real process: it says where it is, answers, shares its database with nobody, and ends when told to."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from bot.runtime.process import TICK_S
from bot.runtime.settings import Settings
from bot.storage.lock import AlreadyRunning, Lock
from tests.command_line import ROOT, here
from tests.storage.fixtures import run_alone
from tests.storage.test_lock import restart

PATIENCE_S = 90.0
"""How long a process may take to begin: what a busy machine does is no matter of these tests."""


class Process:
    """`python -m bot ...` in a folder of its own, with its output gathered as it comes."""

    def __init__(self, folder: Path, *words: str, **environment: str) -> None:
        names = {str(f.validation_alias) for f in Settings.model_fields.values()}
        inherited = {k: v for k, v in os.environ.items() if k not in names}
        given = {"TRAILMATE_DATA_DIR": str(folder), "TRAILMATE_PORT": "0", "PYTHONPATH": str(ROOT), **environment}
        self.folder, self.began = folder, time.monotonic()
        self.out: list[str] = []
        self.err: list[str] = []
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bot", *words],
            cwd=folder,
            env={**inherited, **given},
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.pid = self._process.pid
        self._readers = [
            threading.Thread(target=self._read, args=(pipe, lines), daemon=True)
            for pipe, lines in ((self._process.stdout, self.out), (self._process.stderr, self.err))
        ]
        for reader in self._readers:
            reader.start()

    @staticmethod
    def _read(pipe: Any, lines: list[str]) -> None:
        with pipe:
            for line in pipe:
                lines.append(line)  # noqa: PERF402  (the others read along)

    def __enter__(self) -> Process:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self.wait()

    def wait(self, seconds: float = PATIENCE_S) -> int:
        """Return the exit code."""
        code = self._process.wait(seconds)
        for reader in self._readers:
            reader.join(5)
        return code

    def tell(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    def until(self, text: str, lines: list[str] | None = None, seconds: float = PATIENCE_S) -> str:
        """Wait for a line that holds `text` and return it."""
        lines = self.out if lines is None else lines
        while True:
            for line in list(lines):
                if text in line:
                    return line.strip()
            assert self._process.poll() is None, "".join(self.err)
            assert time.monotonic() - self.began < seconds, "".join(self.err)
            time.sleep(0.05)

    @property
    def address(self) -> str:
        return self.until("Trailmate is at ").removeprefix("Trailmate is at ").split()[0]

    @property
    def all(self) -> str:
        return "".join([*self.out, *self.err])


def get(address: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.read().decode()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """One process that several tests look at."""
    folder = tmp_path_factory.mktemp("running")
    with Process(folder, "run") as process:
        yield process
        ends(process, signal.SIGTERM)


def test_it_prints_its_address_and_the_page_answers_there(running: Process) -> None:
    assert running.address.startswith("http://127.0.0.1:")
    status, page = get(running.address)
    assert status == 200
    assert "Trailmate" in page


def test_healthz_names_database_scheduler_platforms_and_lag(running: Process) -> None:
    status, body = get(running.address + "/healthz")
    said = json.loads(body)
    assert status == 200
    assert said["ok"] is True
    assert said["database"] == "ok"
    assert said["scheduler"]["ok"] is True
    assert said["scheduler"]["last_tick"]
    assert said["platforms"] == {"local": "ready"}
    assert said["outbox_lag_s"] == 0.0


def test_a_second_process_on_the_same_file_is_refused_with_a_sentence(running: Process) -> None:
    assert running.address
    second = here(running.folder, "run", TRAILMATE_PORT="0")
    assert (second.returncode, second.stdout) == (1, "")
    [sentence] = [line for line in second.stderr.splitlines() if "already running" in line]
    assert f"process {running.pid}" in sentence
    assert "Traceback" not in second.stderr


def test_chat_goes_on_beside_a_running_bot(running: Process) -> None:
    assert running.address
    lines = "cohort create name=Owls timezone=UTC confirm=yes\nreport\n"
    done = here(running.folder, "chat", "--as", "Mo", "--moderator", lines=lines)
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
    assert "Report on Owls" in done.stdout


def test_a_port_in_use_is_said_in_a_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = here(tmp_path, "run", TRAILMATE_PORT=str(port))
    assert done.returncode == 1
    assert f"The page needs port {port} on 127.0.0.1, which is in use: set TRAILMATE_PORT" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.nightly
def test_a_signal_ends_it_within_ten_seconds_and_it_starts_again_on_what_it_left(tmp_path: Path) -> None:
    with Process(tmp_path, TRAILMATE_HOST="0.0.0.0") as process:
        address = process.address.replace("0.0.0.0", "127.0.0.1")  # the index is being built at this moment
        assert get(address + "/healthz")[0] == 200
        assert get(address)[0] == 404, "on another host there is health and no page"
        ends(process, signal.SIGTERM)
    assert "Traceback" not in process.all

    nowhere = "http://127.0.0.1:9"
    tokens = {
        "DISCORD_TOKEN": "MTIzNDU2Nzg5MDEyMzQ1Njc4.verysecretone.x",
        "SLACK_BOT_TOKEN": "xoxb-verysecrettwo",
        "SLACK_APP_TOKEN": "xapp-verysecretthree",
        "OPENAI_API_KEY": "sk-verysecretfour",
    }
    addresses = {"DISCORD_API_URL": nowhere, "SLACK_API_URL": nowhere + "/api/", "OPENAI_BASE_URL": nowhere}
    with Process(tmp_path, "run", **tokens, **addresses) as process:
        assert process.address
        process.until("slack fell", process.err)
        process.until("discord fell", process.err)
        platforms = json.loads(get(process.address + "/healthz")[1])["platforms"]
        assert platforms["local"] == "ready", "those that cannot be reached fall alone"
        assert set(platforms) == {"local", "discord", "slack"}
        ends(process, signal.SIGINT)
    assert "verysecret" not in process.all


def ends(process: Process, number: signal.Signals) -> None:
    """Tell a process to end, which it does within ten seconds."""
    process.tell(number)
    assert process.wait(10) == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [("TRAILMATE_PORT", "high"), ("TRAILMATE_DATABASE_URL", "oracle://x"), ("TRAILMATE_MODERATORS", "me")],
)
def test_a_wrong_setting_is_named_in_one_sentence(tmp_path: Path, name: str, value: str) -> None:
    done = here(tmp_path, "run", **{name: value})
    assert (done.returncode, done.stdout) == (2, "")
    [sentence] = done.stderr.splitlines()
    assert sentence.startswith(f"{name}: ")


def test_a_data_directory_that_cannot_be_made_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no directory")
    done = here(tmp_path, "run", TRAILMATE_DATA_DIR=str(tmp_path / "file" / "data"))
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert str(tmp_path / "file") in done.stderr


@pytest.mark.nightly
def test_on_postgresql_others_work_beside_it_and_without_its_lock_it_stops_until_it_has_it_again(
    tmp_path: Path, postgres_url: str
) -> None:
    run_alone(postgres_url, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
    with Process(tmp_path, "run", TRAILMATE_DATABASE_URL=postgres_url) as process:
        address = process.address + "/healthz"
        said = json.loads(get(address)[1])
        assert (said["database"], said["lock"]) == ("ok", "held")
        (tmp_path / "other").mkdir()
        given = {"TRAILMATE_DATABASE_URL": postgres_url, "TRAILMATE_ROLES": "worker"}
        with Process(tmp_path / "other", "run", **given) as second:
            assert get(second.address)[0] == 404, "without the role there is health and no page"
            roles = [load["roles"] for load in json.loads(get(second.address + "/healthz")[1])["processes"]]
            assert roles == [["gateway", "web", "worker"], ["worker"]]
            ends(second, signal.SIGTERM)
        assert len(json.loads(get(address)[1])["processes"]) == 1
        with taken(postgres_url):
            process.until("the lock on the database is lost", process.err)
            status, text = get(address)
            assert (status, json.loads(text)["lock"]) == (503, "lost")
            before = json.loads(get(address)[1])["scheduler"]["last_tick"]
            time.sleep(TICK_S + 1)
            assert json.loads(get(address)[1])["scheduler"]["last_tick"] == before
        process.until("the lock on the database is ours again", process.err)
        assert json.loads(get(address)[1])["lock"] == "held"
        ends(process, signal.SIGTERM)
    assert not (tmp_path / "trailmate.db").exists()


@contextmanager
def taken(url: str) -> Iterator[None]:
    """End the connection that holds the lock, and take the lock before it is taken back."""
    with ExitStack() as held:
        for _ in range(100):
            restart(url)
            with suppress(AlreadyRunning):
                held.enter_context(Lock(url, alone=True))
                break
        yield
