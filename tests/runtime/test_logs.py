"""The log: a line for a person or a machine, with its event, and with nothing that anybody wrote."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.base.event import event, present
from bot.runtime.logs import Form, log_to
from bot.storage.unit_of_work import Work
from tests.harness import text, world

SECRET = "zebra-of-a-secret"
log = logging.getLogger("bot.somewhere")


@pytest.fixture
def out() -> Iterator[io.StringIO]:
    """What is logged, at every level; afterwards the log is as it was."""
    root, stream = logging.getLogger(), io.StringIO()
    was = root.handlers[:], root.level
    root.handlers = []
    yield stream
    root.handlers, root.level = was


def said(out: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


def fail() -> None:
    try:
        raise RuntimeError(SECRET)
    except RuntimeError:
        log.exception("it %s", "failed")


def test_a_line_for_a_machine_has_its_parts_apart(out: io.StringIO) -> None:
    log_to(out, is_running=True, form="json")
    with event() as id_:
        fail()
    log.info("all is well")
    logging.getLogger("apscheduler.executors").info("chatter")
    first, second = said(out)
    assert {"event": "it failed", "level": "error", "logger": "bot.somewhere", "event_id": id_}.items() <= first.items()
    assert first["trace"].endswith("builtins.RuntimeError") and "in fail" in first["trace"]
    assert SECRET not in first["trace"].replace("raise RuntimeError(SECRET)", "")
    assert (second["event"], "event_id" in second, "trace" in second) == ("all is well", False, False)


def test_a_line_for_a_person_reads_as_ever(out: io.StringIO) -> None:
    log_to(out, is_running=True, form="text")
    with event() as id_:
        fail()
    head, *below = out.getvalue().splitlines()
    assert head.endswith(f"Z ERROR bot.somewhere [{id_}]: it failed")
    assert below[-1] == "builtins.RuntimeError"


@pytest.mark.parametrize(
    ("is_running", "form", "is_json"),
    [(True, None, True), (True, "text", False), (False, None, False), (False, "json", True)],
)
def test_what_runs_writes_json_where_nobody_looks_on_and_a_verb_writes_for_a_person(
    out: io.StringIO, is_running: bool, form: Form | None, is_json: bool
) -> None:
    log_to(out, is_running=is_running, form=form)
    log.warning("careful")
    assert out.getvalue().startswith("{") is is_json


def test_one_event_inside_another_is_the_same_one() -> None:
    with event() as outer, event() as inner:
        assert outer == inner == present() and len(outer) == 6
    assert present() == ""
    with event() as other:
        assert other != outer


async def test_a_fault_is_told_and_logged_under_the_id_of_its_event_also_on_a_thread_of_the_database(
    tmp_path: Path, out: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with world(tmp_path) as w:
        await w.begin("Ada")
        log_to(out, is_running=True, form="json")

        def crash(_self: object, _work: Work, *_: object) -> bool:
            log.warning("about to fail")
            raise RuntimeError(SECRET)

        monkeypatch.setattr(type(w.app.dispatcher._inbox), "accept", crash)
        told = text(await w.say("Ada", f"checkin 30 {SECRET}"))
    here = [line for line in said(out) if line["event"] == "about to fail" or line["event"].startswith("fault ")]
    assert [line["event_id"] in told for line in here] == [True, True]
    assert here[0]["event_id"] == here[1]["event_id"]


async def test_a_long_dialogue_leaves_nothing_of_what_was_said_in_the_log(
    tmp_path: Path, out: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with world(tmp_path) as w:
        log_to(out, is_running=True, form="json")
        logging.getLogger().setLevel(logging.DEBUG)
        await w.begin(f"{SECRET}-ada", "Ben")
        for line in (
            "checkin 30 {0}",
            "ask what does {0} mean?",
            "note add {0}: {0} is a word",
            "thanks @ben {0}",
            "pledge {0}",
            "progress {0}",
            "{0}",
            "settings zone={0}",
            "cohort edit name={0}",
            "quiz {0}",
            "nonsense `{0}` <@{0}>",
        ):
            await w.say(f"{SECRET}-ada", line.format(SECRET))
        monkeypatch.setattr(w.app.relays["local"], "_deliver", _broken)
        await w.after(days=7)
    failed = [line for line in said(out) if "outbox row" in line["event"]]
    assert failed and all("event_id" in line for line in failed), "something is logged at all, each delivery by itself"
    assert SECRET not in out.getvalue()
    assert "Night owls" not in out.getvalue()


async def _broken(*_: object) -> Any:
    raise ValueError(SECRET)
