from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from answers.ask import ask, main, recall
from answers.local_server import server
from answers.model import StandIn

KEY = "sk-do-not-print-me"
TEXT = "The shop opens at ten. It is closed on Sundays."


class Counting(StandIn):
    """A stand-in that counts how often it is asked."""

    asked = 0

    def answer(self, prompt: str) -> str:
        self.asked += 1
        return super().answer(prompt)


class Refusing(BaseHTTPRequestHandler):
    """A server that refuses everybody and repeats the key that it was sent."""

    def do_POST(self) -> None:
        self.send_error(401, "no", f"Incorrect key: {self.headers['Authorization']}")

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(params=[server, lambda: ThreadingHTTPServer(("127.0.0.1", 0), Refusing)], ids=["local", "refusing"])
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    with request.param() as running:
        threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}/v1"
        running.shutdown()


def run(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the command as you would type it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MODEL_")}
    environment = {**kept, "PYTHONPATH": os.pathsep.join(sys.path), **variables}
    command = [sys.executable, "-m", "answers.ask", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=30)


def test_a_question_about_a_file_is_answered_from_it(tmp_path: Path) -> None:
    (tmp_path / "shop.txt").write_text(TEXT, encoding="utf-8")
    done = run(tmp_path, "When is it closed?", "shop.txt")
    assert (done.returncode, done.stdout.strip()) == (0, "It is closed on Sundays.")


def test_without_a_question_the_usage_is_shown(tmp_path: Path) -> None:
    done = run(tmp_path)
    assert done.returncode == 2 and "usage" in done.stderr and not done.stdout


def test_the_same_question_asks_the_model_once() -> None:
    model, past = Counting(), {}
    first = ask(f"{TEXT}\n\nQuestion: When does it open?", model, past)
    assert ask(f"{TEXT}\n\nQuestion: When does it open?", model, past) == first
    assert model.asked == 1
    ask(f"{TEXT}\n\nQuestion: When is it closed?", model, past)
    assert model.asked == 2


def test_past_answers_outlive_the_process(tmp_path: Path) -> None:
    past = tmp_path / "past.json"
    assert recall(past) == {}
    model = Counting()
    assert main(["Wann öffnet es?"], model, past) == 0
    assert main(["Wann öffnet es?"], model, past) == 0
    assert model.asked == 1
    assert len(recall(past)) == 1 and recall(past) == json.loads(past.read_text(encoding="utf-8"))


def test_a_changed_file_is_asked_about_again(tmp_path: Path) -> None:
    model, shop = Counting(), tmp_path / "shop.txt"
    for text in (TEXT, "It is closed on Mondays."):
        shop.write_text(text, encoding="utf-8")
        assert main(["When is it closed?", str(shop)], model, tmp_path / "past.json") == 0
    assert model.asked == 2


def test_a_server_is_asked_and_its_failure_is_one_sentence(tmp_path: Path, url: str) -> None:
    (tmp_path / "shop.txt").write_text(TEXT, encoding="utf-8")
    done = run(tmp_path, "When does the shop open?", "shop.txt", MODEL_URL=url, MODEL_KEY=KEY, MODEL_NAME="any")
    if done.returncode == 0:
        assert done.stdout.strip() == "The shop opens at ten."
    else:
        assert done.returncode == 1 and not done.stdout
        assert len(done.stderr.splitlines()) == 1 and "401" in done.stderr
    assert KEY not in done.stdout + done.stderr


def test_a_server_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    done = run(tmp_path, "Anybody there?", MODEL_URL="http://127.0.0.1:9/v1", MODEL_KEY=KEY)
    assert done.returncode == 1 and not done.stdout
    assert len(done.stderr.splitlines()) == 1 and KEY not in done.stderr
    assert not (tmp_path / "past.json").exists()
