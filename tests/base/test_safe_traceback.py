"""What the log says of an exception: where and what kind, never its text."""

from __future__ import annotations

import io
import logging

from bot.base.safe_traceback import MOST_FOLDED, FoldingHandler, trace

SECRET = "what ada wrote"


def _caught() -> Exception:
    try:
        try:
            raise KeyError(SECRET)
        except KeyError as cause:
            raise ValueError(SECRET) from cause
    except ValueError as error:
        return error


def test_a_trace_names_kinds_and_places_and_never_the_text() -> None:
    said = trace(_caught())
    assert SECRET not in said
    assert said.index("builtins.KeyError") < said.index("builtins.ValueError")
    assert "in _caught" in said


def test_a_cause_that_was_set_aside_is_not_told() -> None:
    error = _caught()
    error.__cause__, error.__suppress_context__ = None, True
    assert "KeyError" not in trace(error)


def test_the_members_of_a_group_are_told() -> None:
    said = trace(ExceptionGroup(SECRET, [_caught(), OSError(SECRET)]))
    assert "ExceptionGroup" in said and "OSError" in said and "ValueError" in said
    assert SECRET not in said


def test_a_ring_of_causes_ends() -> None:
    error = ValueError(SECRET)
    error.__context__ = other = KeyError(SECRET)
    other.__context__ = error
    assert trace(error).count("ValueError") == 1


class _Desk:
    """A log of its own with a clock that the test moves."""

    def __init__(self) -> None:
        self.now, self.out = 0.0, io.StringIO()
        self.handler = FoldingHandler(self.out, monotonic=lambda: self.now)
        self.handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))

    def say(self, text: str, level: int = logging.ERROR) -> None:
        self.handler.handle(logging.LogRecord("x", level, __file__, 1, text, None, None))

    @property
    def lines(self) -> list[str]:
        return self.out.getvalue().splitlines()


def test_the_same_fault_within_a_minute_is_written_once_and_counted() -> None:
    desk = _Desk()
    for _ in range(1235):
        desk.say("out of file handles")
    desk.say("something else")
    assert desk.lines == ["ERROR out of file handles", "ERROR something else"]
    desk.now = 61
    desk.say("out of file handles")
    assert desk.lines[2:] == [
        "ERROR out of file handles … 1,234 more times within a minute",
        "ERROR out of file handles",
    ]


def test_what_is_counted_is_written_at_the_end_and_information_is_never_folded() -> None:
    desk = _Desk()
    for _ in range(3):
        desk.say("ready", logging.INFO)
        desk.say("busy", logging.WARNING)
    desk.handler.close()
    assert desk.lines == [
        "INFO ready",
        "WARNING busy",
        "INFO ready",
        "INFO ready",
        "WARNING busy … 2 more times within a minute",
    ]


def test_a_log_of_ever_new_faults_remembers_a_bounded_number() -> None:
    desk = _Desk()
    for number in range(2000):
        desk.say(f"fault {number}")
    assert len(desk.handler._recent) <= MOST_FOLDED + 1
    assert len(desk.lines) == 2000
