"""What the log says of an exception: where and what kind, never its text."""

from __future__ import annotations

import logging
import sys

from bot.core.traces import TraceFormatter, trace

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


def test_a_record_is_formatted_without_the_text_of_its_exception() -> None:
    try:
        raise RuntimeError(SECRET)
    except RuntimeError:
        record = logging.LogRecord("x", logging.ERROR, __file__, 1, "it failed", None, sys.exc_info())
    said = TraceFormatter("%(message)s").format(record)
    assert said.startswith("it failed\n")
    assert said.endswith("builtins.RuntimeError")
    assert SECRET not in said.replace("raise RuntimeError(SECRET)", "")


def test_a_record_without_an_exception_is_formatted_as_ever() -> None:
    record = logging.LogRecord("x", logging.ERROR, __file__, 1, "it %s", ("failed",), (None, None, None))
    assert TraceFormatter("%(message)s").format(record) == "it failed"
