from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from answers.cite import Answer
from answers.measure import ask as status_of
from answers.measure import measure, percentile
from answers.model import ModelError
from answers.serve import LONGEST, Server, Service

HERE = Path(__file__).resolve()
FOLDER = next(place / "documents" for place in HERE.parents if (place / "documents").is_dir())


@contextmanager
def serving(ask: Callable[[str], Answer], **limits: Any) -> Iterator[str]:
    server = Server(Service(ask, **limits))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def send(url: str, body: bytes | None = None) -> tuple[int, dict[str, Any]]:
    try:
        with urlopen(Request(url, body), timeout=20) as reply:
            return reply.status, json.load(reply)
    except HTTPError as error:
        with error:
            return error.code, json.load(error)


def post(url: str, question: str) -> tuple[int, dict[str, Any]]:
    return send(f"{url}/ask", json.dumps({"question": question}).encode())


def echo(question: str) -> Answer:
    return Answer(f"You asked: {question}", [])


class Gate:
    """A model that waits until it is told to go on."""

    def __init__(self) -> None:
        self.arrived, self.open = threading.Semaphore(0), threading.Event()

    def ask(self, question: str) -> Answer:
        self.arrived.release()
        assert self.open.wait(5)
        return Answer("At last.", [])


def test_questions_are_answered_and_health_is_told_before_and_after() -> None:
    with serving(echo) as url:
        assert send(f"{url}/health") == (200, {"ok": True})
        assert post(url, " Grüezi? ") == (200, {"text": "You asked: Grüezi?", "refused": False, "cites": []})
        assert send(f"{url}/health") == (200, {"ok": True})


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b'{"question": 7}',
        b'{"question": "  "}',
        b"\xff",
        b"null",
        b"",
        b"[" * 9_000,
    ],
)
def test_what_is_no_question_is_a_bad_request(body: bytes) -> None:
    with serving(echo) as url:
        assert send(f"{url}/ask", body)[0] == 400
        assert post(url, "Still there?")[0] == 200


def test_an_unknown_page_is_not_found() -> None:
    with serving(echo) as url:
        assert send(f"{url}/secrets")[0] == 404 and send(f"{url}/secrets", b"{}")[0] == 404


def test_a_question_that_is_too_long_is_refused() -> None:
    with serving(echo) as url:
        assert post(url, "x" * LONGEST)[0] == 200
        assert post(url, "x" * (LONGEST + 1))[0] == 413
        assert post(url, "x" * 50_000)[0] == 413


def test_the_seventeenth_question_in_flight_is_refused() -> None:
    gate = Gate()
    with serving(gate.ask) as url, ThreadPoolExecutor(16) as pool:
        waiting = [pool.submit(post, url, "?") for _ in range(16)]
        assert all(gate.arrived.acquire(timeout=5) for _ in range(16))
        assert post(url, "And me?")[0] == 429
        assert send(f"{url}/health")[0] == 200, "health is told while all slots are taken"
        gate.open.set()
        assert [one.result()[0] for one in waiting] == [200] * 16
        assert post(url, "And now?")[0] == 200


def test_a_model_that_hangs_is_given_up_and_keeps_its_slot() -> None:
    gate = Gate()
    with serving(gate.ask, in_flight=1, timeout_s=0.2) as url:
        begin = time.monotonic()
        assert post(url, "?")[0] == 504
        assert time.monotonic() - begin < 5
        assert post(url, "?")[0] == 429, "the model still works on the first question"
        gate.open.set()


@pytest.mark.parametrize(("error", "status"), [(ModelError("The model is away."), 502), (KeyError("my question"), 500)])
def test_an_error_is_told_and_frees_the_slot(error: Exception, status: int) -> None:
    def broken(question: str) -> Answer:
        raise error

    with serving(broken, in_flight=1) as url:
        for _ in range(3):
            code, said = post(url, "my question")
            assert code == status and "my question" not in said["error"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGTERM to catch")
def test_it_ends_when_it_is_told_to() -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "answers.serve", str(FOLDER), "0"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            status, said = post(process.stdout.readline().strip(), "May I bring a dog?")
            assert status == 200 and said["cites"][0]["source"] == "faq.md"
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0
        finally:
            process.kill()


def test_a_request_in_flight_is_finished() -> None:
    gate = Gate()
    server = Server(Service(gate.ask))
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(post, f"http://127.0.0.1:{server.server_port}", "?")
        arrived = gate.arrived.acquire(timeout=5)
        server.shutdown()
        gate.open.set()
        server.server_close()
        assert arrived and waiting.result()[0] == 200


def test_percentiles_are_times_that_were_measured() -> None:
    times = [float(number) for number in range(100, 0, -1)]
    assert (percentile(times, 0.5), percentile(times, 0.95), percentile(times, 1.0)) == (50.0, 95.0, 100.0)
    assert percentile([3.0], 0.95) == 3.0


def test_a_load_test_counts_statuses_and_times_answers_alone() -> None:
    statuses = iter([200, 429, 200, 200])
    ticks = iter(range(100))
    times, counted = measure(lambda: next(statuses), clients=1, requests=4, clock=lambda: float(next(ticks)))
    assert times == [1.0, 1.0, 1.0] and counted == {200: 3, 429: 1}


def test_a_load_test_of_the_service() -> None:
    with serving(echo) as url:
        times, counted = measure(lambda: status_of(url, "?"), clients=4, requests=20)
    assert len(times) == counted[200] == 20
