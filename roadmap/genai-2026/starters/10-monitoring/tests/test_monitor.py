from __future__ import annotations

import json
from pathlib import Path

import pytest

from answers.chunk import Passage
from answers.cite import Assistant, Quoter
from answers.evaluate import read_questions
from answers.monitor import DAY_S, WINDOW_S, Metrics, Monitored, Record, Trace, alerts, is_due, quality
from answers.retrieve import index

HERE = Path(__file__).resolve()
HOME = next(place for place in HERE.parents if (place / "documents").is_dir())
DOGS = "May I bring a dog?"


class Clock:
    """A clock that stands still until it is moved."""

    now = 1_000.0

    def __call__(self) -> float:
        return self.now


class Slow(Quoter):
    """A model for which the clock moves on by some seconds."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self.clock, self.seconds = clock, seconds

    def answer(self, prompt: str) -> str:
        self.clock.now += self.seconds
        return super().answer(prompt)


class Nothing:
    def find(self, question: str, k: int) -> list[Passage]:
        return []


@pytest.fixture
def clock() -> Clock:
    return Clock()


def record(at: float, seconds: float = 1.0, status: int = 200, passages: int = 5) -> Record:
    return Record("id", at, status, seconds, {}, passages, False)


def test_a_trace_adds_up_to_the_total(clock: Clock) -> None:
    trace = Trace(clock)
    for name, seconds in (("find", 2.0), ("model", 5.0), ("find", 1.0)):
        with trace.stage(name):
            clock.now += seconds
    clock.now += 0.5
    assert trace.end() == 8.5
    assert trace.stages == {"find": 3.0, "model": 5.0, "other": 0.5}
    assert trace.id != Trace(clock).id


def test_a_stage_that_fails_is_timed_too(clock: Clock) -> None:
    trace = Trace(clock)
    with pytest.raises(KeyError), trace.stage("model"):
        clock.now += 3.0
        raise KeyError
    assert trace.end() == 3.0 and trace.stages["model"] == 3.0


def test_counters_and_buckets_in_the_form_of_prometheus() -> None:
    metrics = Metrics()
    for seconds, status in ((0.05, 200), (0.5, 200), (0.7, 429), (60.0, 504)):
        metrics.add(record(0.0, seconds, status))
    lines = metrics.text().splitlines()
    assert 'answers_total{status="200"} 2' in lines and 'answers_total{status="504"} 1' in lines
    buckets = [line.split()[1] for line in lines if line.startswith("answer_seconds_bucket")]
    assert buckets == ["1", "2", "3", "3", "3", "4"], "each bucket holds the smaller ones"
    assert "answer_seconds_sum 61.250000" in lines and "answer_seconds_count 4" in lines


def test_no_question_is_in_log_or_metrics(clock: Clock) -> None:
    log: list[str] = []
    service = Monitored(index(HOME / "documents"), Slow(clock, 2.0), log.append, clock)
    status, said = service.reply(f"{DOGS} My name is Zebulon.")
    assert status == 200
    kept = json.loads(log[0])
    assert kept["trace"] == said["trace"] and kept["seconds"] == 2.0
    assert sum(kept["stages"].values()) == pytest.approx(kept["seconds"])
    for text in (*log, service.pages["/metrics"]()):
        assert "Zebulon" not in text and "dog" not in text.lower()


def test_what_is_refused_by_a_limit_is_counted(clock: Clock) -> None:
    service = Monitored(Nothing(), Quoter(), lambda _: None, clock)
    assert service.reply("x" * 2_000)[0] == 413
    assert 'answers_total{status="413"} 1' in service.pages["/metrics"]()


def test_an_emptied_index_raises_its_alert_in_five_minutes(clock: Clock) -> None:
    service = Monitored(index(HOME / "documents"), Slow(clock, 1.0), lambda _: None, clock)
    for _ in range(20):
        service.reply(DOGS)
        clock.now += 9.0
    assert alerts(service.records, clock.now, usual_p95=1.0) == []
    service.retriever = Nothing()
    until = clock.now + WINDOW_S
    while not alerts(service.records, clock.now, usual_p95=1.0) and clock.now < until:
        service.reply(DOGS)
        clock.now += 9.0
    assert "index is empty" in alerts(service.records, clock.now, usual_p95=1.0)


def test_doubled_latency_raises_its_alert_in_five_minutes(clock: Clock) -> None:
    model = Slow(clock, 1.0)
    service = Monitored(index(HOME / "documents"), model, lambda _: None, clock)
    for _ in range(20):
        service.reply(DOGS)
        clock.now += 9.0
    assert alerts(service.records, clock.now, usual_p95=1.0) == []
    model.seconds, until = 2.0, clock.now + WINDOW_S
    while not alerts(service.records, clock.now, usual_p95=1.0) and clock.now < until:
        service.reply(DOGS)
        clock.now += 9.0
    assert alerts(service.records, clock.now, usual_p95=1.0) == ["service is slow"]


def test_old_records_and_few_records_raise_nothing() -> None:
    slow = [record(float(at), seconds=9.0) for at in range(9)]
    assert alerts(slow, 9.0, usual_p95=1.0) == []
    slow.append(record(9.0, seconds=9.0))
    assert alerts(slow, 9.0, usual_p95=1.0) == ["service is slow"]
    assert alerts(slow, 9.0 + WINDOW_S + 1, usual_p95=1.0) == []


def test_errors_raise_their_alert() -> None:
    mixed = [record(1.0, status=502 if number == 0 else 200) for number in range(20)]
    assert alerts(mixed, 2.0, usual_p95=1.0) == ["service is failing"]
    assert alerts([*mixed, record(1.0)], 2.0, usual_p95=1.0) == []


def test_quality_is_measured_once_a_day() -> None:
    assert is_due(None, 0.0) and is_due(5.0, 5.0 + DAY_S) and not is_due(5.0, 4.0 + DAY_S)
    assistant = Assistant(index(HOME / "documents"), Quoter())
    measured = quality(assistant.ask, read_questions(HOME / "questions.json"))
    assert measured["right refusals"] == 1.0 and measured["token F1"] > 0.2
