"""Metrics, traces and alerts for the service: `python -m answers.monitor FOLDER [PORT]`."""

from __future__ import annotations

import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from answers.chunk import Passage
from answers.cite import CITATIONS, Answer, Assistant, Quoter
from answers.evaluate import Question, scores
from answers.measure import percentile
from answers.model import StandIn, choose_model
from answers.protocol import Model
from answers.retrieve import Retriever, index
from answers.serve import Reply, Service, run

Clock = Callable[[], float]
BUCKETS_S = (0.1, 0.5, 1.0, 5.0, 10.0)
WINDOW_S, FEWEST, DAY_S = 300.0, 10, 86_400.0


@dataclass
class Trace:
    """One answer's id, when it was asked for, and the seconds of each stage; `other` is what no stage took."""

    clock: Clock
    id: str = field(default_factory=lambda: uuid4().hex)
    stages: dict[str, float] = field(default_factory=dict)
    passages: int = 0

    def __post_init__(self) -> None:
        self.begun = self.clock()

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Add the time of the block to a stage, also if the block fails."""
        raise NotImplementedError("add the time of the block, also when it fails")

    def end(self) -> float:
        """Return the seconds since the trace was begun, of which the stages and `other` are the parts."""
        raise NotImplementedError("the total, and what no stage took as other")


@dataclass(frozen=True)
class Record:
    """What the log keeps of a question: numbers and names, never its text."""

    trace: str
    at: float
    status: int
    seconds: float
    stages: dict[str, float]
    passages: int
    refused: bool


class TimedRetriever:
    """A retriever whose time and findings a trace keeps."""

    def __init__(self, retriever: Retriever, trace: Trace) -> None:
        self.retriever, self.trace = retriever, trace

    def find(self, question: str, k: int) -> list[Passage]:
        """Find as the retriever behind it."""
        with self.trace.stage("find"):
            found = self.retriever.find(question, k)
        self.trace.passages = len(found)
        return found


class TimedModel:
    """A model whose time a trace keeps."""

    def __init__(self, model: Model, trace: Trace) -> None:
        self.model, self.trace = model, trace

    def answer(self, prompt: str) -> str:
        """Answer as the model behind it."""
        with self.trace.stage("model"):
            return self.model.answer(prompt)


class Metrics:
    """Counts answers by status and sorts their seconds into buckets."""

    def __init__(self) -> None:
        self.statuses: Counter[int] = Counter()
        self.buckets: Counter[float] = Counter()
        self.seconds = 0.0

    def add(self, record: Record) -> None:
        """Count one answer; it is in every bucket that is large enough."""
        raise NotImplementedError("count the status, the seconds and every bucket that is large enough")

    def text(self) -> str:
        """Return all numbers in the text form of Prometheus."""
        total = self.statuses.total()
        counts = [f'answers_total{{status="{status}"}} {n}' for status, n in sorted(self.statuses.items())]
        buckets = [f'answer_seconds_bucket{{le="{limit}"}} {self.buckets[limit]}' for limit in BUCKETS_S]
        lines = [
            "# TYPE answers_total counter",
            *counts,
            "# TYPE answer_seconds histogram",
            *buckets,
            f'answer_seconds_bucket{{le="+Inf"}} {total}',
            f"answer_seconds_sum {self.seconds:.6f}",
            f"answer_seconds_count {total}",
        ]
        return "\n".join(lines) + "\n"


class Monitored(Service):
    """The service with a trace for each question, metrics at /metrics and a log of numbers."""

    def __init__(
        self, retriever: Retriever, model: Model, log: Callable[[str], None], clock: Clock = time.monotonic
    ) -> None:
        super().__init__(lambda question: self.traced(question, Trace(clock)))
        self.retriever, self.model, self.log, self.clock = retriever, model, log, clock
        self.metrics = Metrics()
        self.records: list[Record] = []
        self.pages["/metrics"] = self.metrics.text

    def traced(self, question: str, trace: Trace) -> Answer:
        """Answer with a clock in front of each stage."""
        return Assistant(TimedRetriever(self.retriever, trace), TimedModel(self.model, trace)).ask(question)

    def reply(self, question: str) -> Reply:
        """Reply as the service does, with the id of the trace, and keep a record of it."""
        trace = Trace(self.clock)
        one = Service(lambda asked: self.traced(asked, trace), timeout_s=self.timeout_s)
        one.slots = self.slots
        status, said = one.reply(question)
        seconds = trace.end()
        stages = {name: round(value, 6) for name, value in list(trace.stages.items())}
        refused = bool(said.get("refused"))
        record = Record(trace.id, trace.begun, status, seconds, stages, trace.passages, refused)
        self.metrics.add(record)
        self.records = [*(kept for kept in self.records if kept.at >= record.at - WINDOW_S), record]
        self.log(json.dumps(vars(record)))
        return status, {**said, "trace": trace.id}


def alerts(records: Sequence[Record], now: float, usual_p95: float) -> list[str]:
    """Return the alerts of the last five minutes; fewer than ten answers say nothing.

    The index is empty if half of the answers found nothing, the service slow if its 95th percentile is half as long
    again as usual, and failing if one answer in twenty is an error of ours.
    """
    raise NotImplementedError("look at the last five minutes, and apply the three rules")


def is_due(last: float | None, now: float) -> bool:
    """Return whether the daily quality run is due."""
    return last is None or now - last >= DAY_S


def quality(ask: Callable[[str], Answer], questions: Sequence[Question]) -> dict[str, float]:
    """Return the scores of step 04 for what the service answers now."""
    raise NotImplementedError("ask all questions and give the texts to scores()")


def main(arguments: list[str]) -> int:
    """Serve the documents of a folder, with /metrics and a log on standard error."""
    if len(arguments) not in (1, 2):
        print("usage: python -m answers.monitor FOLDER [PORT]", file=sys.stderr)
        return 2
    chosen = choose_model(os.environ)
    model = Quoter() if isinstance(chosen, StandIn) else chosen
    service = Monitored(index(Path(arguments[0])), model, lambda line: print(line, file=sys.stderr))
    run(service, int(arguments[1]) if arguments[1:] else 8080)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
