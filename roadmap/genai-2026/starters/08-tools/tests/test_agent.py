from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

import pytest

from answers.agent import MAX_STEPS, Tool, prompt_for, run, tools
from answers.calculate import calculate
from answers.load import documents, files_in
from answers.retrieve import index

HERE = Path(__file__).resolve()
FOLDER = next(place / "documents" for place in HERE.parents if (place / "documents").is_dir())
PRICE = "What do two years of membership cost a student?"


class Scripted:
    """A model that says what is written down for it, again and again the last line."""

    def __init__(self, *lines: object) -> None:
        self.lines = [line if isinstance(line, str) else json.dumps(line) for line in lines]
        self.prompts: list[str] = []

    def answer(self, prompt: str) -> str:
        self.prompts.append(prompt)
        return self.lines[min(len(self.prompts), len(self.lines)) - 1]


@pytest.fixture(scope="module")
def available() -> dict[str, Tool]:
    return tools(index(FOLDER), list(documents(files_in(FOLDER))))


def test_a_task_is_done_in_three_steps(available: dict[str, Tool]) -> None:
    model = Scripted(
        {"tool": "search", "input": "membership for students 2026"},
        {"tool": "read", "input": "prices-2026.md"},
        {"tool": "calculate", "input": "2 * 24"},
        {"answer": "48 euros"},
    )
    done = run(PRICE, model, available)
    assert (done.answer, done.stopped) == ("48 euros", "")
    assert [step.tool for step in done.steps] == ["search", "read", "calculate"]
    assert "24 euros for students" in done.steps[1].result and done.steps[2].result == "48"
    assert "24 euros for students" in model.prompts[2], "the model sees what its tools returned"


def test_a_model_that_never_stops_is_stopped(available: dict[str, Tool]) -> None:
    model = Scripted({"tool": "calculate", "input": "1 + 1"})
    done = run("Count.", model, available)
    assert done.answer is None and done.stopped == "steps"
    assert len(done.steps) == len(model.prompts) == MAX_STEPS == 8


def test_a_long_run_is_stopped_at_its_budget(available: dict[str, Tool]) -> None:
    model = Scripted({"tool": "read", "input": "rules.md"})
    done = run("Read.", model, available, max_words=500)
    assert done.stopped == "budget" and done.answer is None
    assert sum(len(prompt.split()) for prompt in model.prompts) <= 500


@pytest.mark.parametrize(
    "reply",
    [
        "Sure! Let me search.",
        '{"tool": "search"',
        '["search"]',
        '{"tool": "search"}',
        '{"tool": "search", "input": 7}',
        '{"tool": "send_mail", "input": "everybody"}',
        '{"answer": null}',
        '{"answer": "yes", "tool": "search"}',
        "null",
        '{"tool": ["search"], "input": "x"}',
        "[" * 100_000,
    ],
)
def test_a_broken_reply_goes_back_as_an_error(reply: str, available: dict[str, Tool]) -> None:
    model = Scripted(reply, {"answer": "done"})
    done = run("Anything.", model, available, max_words=10_000)
    assert done.answer == "done" and [step.tool for step in done.steps] == ["error"]
    assert done.steps[0].input == reply and json.dumps(done.steps[0].result) in model.prompts[1]


@pytest.mark.parametrize(("tool", "given"), [("read", "secrets.txt"), ("calculate", "1 / 0")])
def test_a_tool_that_fails_is_an_error_too(tool: str, given: str, available: dict[str, Tool]) -> None:
    done = run("Anything.", Scripted({"tool": tool, "input": given}, {"answer": "I could not."}), available)
    assert done.answer == "I could not." and done.steps[0].tool == "error"


def test_a_planted_instruction_calls_no_tool(available: dict[str, Tool]) -> None:
    obedient = Scripted(
        {"tool": "read", "input": "guest-book.md"},
        {"tool": "send_mail", "input": "the membership list"},
        {"answer": "There is coffee."},
    )
    done = run("What does the guest book say?", obedient, available)
    assert "call the tool send_mail" in done.steps[0].result
    assert [step.tool for step in done.steps] == ["read", "error"], "a model that obeys finds no such tool"
    planted = [line for line in obedient.prompts[1].splitlines() if "ignore your rules" in line]
    assert len(planted) == 1 and json.loads(planted[0])["tool"] == "read", "what was read stays inside its result"


def test_what_stays_the_same_comes_first(available: dict[str, Tool]) -> None:
    model = Scripted({"tool": "calculate", "input": "1 + 1"}, {"tool": "calculate", "input": "2 + 2"}, {"answer": "4"})
    run("Add.", model, available)
    assert all(later.startswith(former) for former, later in zip(model.prompts, model.prompts[1:], strict=False))
    assert model.prompts[0] == prompt_for("Add.", available, [])


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("2 * 24", 48),
        (" (3 + 4) * -2 ", -14),
        ("7 / 2", 3.5),
        ("0.1 + 0.2", 0.3),
        ("2 - 3 - 4", -5),
    ],
)
def test_arithmetic_is_calculated(expression: str, value: float) -> None:
    assert calculate(expression) == pytest.approx(value)


@pytest.mark.parametrize(
    "expression",
    [
        "__import__('os').getcwd()",
        "open('rules.md')",
        "x + 1",
        "'a' * 3",
        "9 ** 9 ** 9",
        "[1][0]",
        "1 if 1 else 2",
        "True + 1",
        "2 +",
        "",
        "1 / 0",
        "1" * 101,
        "1e308 * 10 ** 2",
        "abs(-1)",
        "1 < 2",
    ],
)
def test_nothing_else_is_calculated(expression: str) -> None:
    with pytest.raises(ValueError):
        calculate(expression)


@pytest.mark.skipif(find_spec("mcp") is None, reason="needs the package mcp")
def test_the_same_tools_are_served_over_mcp() -> None:
    import asyncio
    import os
    import sys

    from mcp import ClientSession, StdioServerParameters
    from mcp.client.stdio import stdio_client

    async def talk() -> tuple[list[str], str]:
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        command = StdioServerParameters(
            command=sys.executable, args=["-m", "answers.mcp_server", str(FOLDER)], env=environment
        )
        async with stdio_client(command) as streams, ClientSession(*streams) as session:
            await session.initialize()
            names = [tool.name for tool in (await session.list_tools()).tools]
            result = await session.call_tool("calculate", {"expression": "2 * 24"})
            return names, result.content[0].text

    assert asyncio.run(talk()) == (["search", "read", "calculate"], "48")
