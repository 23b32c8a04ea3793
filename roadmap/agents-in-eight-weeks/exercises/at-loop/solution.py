"""Write the loop of an agent: calls that are checked, run, answered by id, and stopped in time.

A reply of the model holds its text, its calls and the tokens that the request has cost. A call has an id, the name of
a tool and its arguments. The results of a turn are one message. `ScriptedModel` takes the part of the LLM.
The functions take about 90 minutes.

Check it: python check.py at-loop
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

MAX_RESULT = 400
"""Most characters of a result that the model gets."""
TYPES = {"string": str, "integer": int, "number": (int, float), "boolean": bool, "array": list, "object": dict}

Call = dict[str, Any]
Message = dict[str, Any]


@dataclass(frozen=True)
class Tool:
    """A function that the model may call; `schema` describes its arguments, `reads` says that it changes nothing."""

    name: str
    schema: dict[str, Any]
    run: Callable[..., Any]
    reads: bool = True


@dataclass
class ScriptedModel:
    """Gives its replies one after the other, the last one for ever, and keeps what it was sent."""

    replies: Sequence[Message]
    seen: list[list[Message]] = field(default_factory=list)

    def __call__(self, messages: list[Message]) -> Message:
        self.seen.append(json.loads(json.dumps(messages)))
        return json.loads(json.dumps(self.replies[min(len(self.seen), len(self.replies)) - 1]))


@dataclass
class Run:
    """What a run leaves: its messages, the answer or "", and why it ended: answer, steps, tokens or repeated."""

    messages: list[Message]
    answer: str
    reason: str


def check_arguments(schema: dict[str, Any], arguments: dict[str, Any]) -> list[str]:
    """Return a sentence for each argument that is missing, unknown, of a wrong type or none of the values of `enum`.

    A schema has `properties` (name: {"type": ..., "enum": [...]}) and `required`. True is no integer and no number.
    """
    properties = schema.get("properties", {})
    problems = [f"The argument {name} is missing." for name in schema.get("required", []) if name not in arguments]
    for name, value in arguments.items():
        if name not in properties:
            problems.append(f"There is no argument {name}. Known: {', '.join(properties)}.")
            continue
        kind, choices = properties[name].get("type"), properties[name].get("enum")
        fits = kind is None or (isinstance(value, TYPES[kind]) and isinstance(value, bool) == (kind == "boolean"))
        if not fits:
            problems.append(f"The argument {name} must be of the type {kind}, but it is {value!r}.")
        elif choices is not None and value not in choices:
            problems.append(f"The argument {name} must be one of {choices}, but it is {value!r}.")
    return problems


def run_call(tools: dict[str, Tool], call: Call) -> dict[str, Any]:
    """Run one call and return {"id", "content", "is_error"}; nothing that goes wrong leaves as an exception.

    The content is a string of at most MAX_RESULT characters and, if more was cut, a sentence with their number.
    """
    tool = tools.get(call["name"])
    if tool is None:
        content, is_error = f"There is no tool {call['name']}. Known: {', '.join(tools)}.", True
    elif problems := check_arguments(tool.schema, call["arguments"]):
        content, is_error = " ".join(problems), True
    else:
        try:
            content, is_error = str(tool.run(**call["arguments"])), False
        except Exception as error:  # noqa: BLE001  whatever went wrong, the model reads it
            content, is_error = f"{type(error).__name__}: {error}", True
    if len(content) > MAX_RESULT:
        content = f"{content[:MAX_RESULT]} [{len(content) - MAX_RESULT} more characters were cut.]"
    return {"id": call["id"], "content": content, "is_error": is_error}


def run_calls(tools: dict[str, Tool], calls: Sequence[Call]) -> list[dict[str, Any]]:
    """Return the results in the order of the calls: at the same time if all of them read, else one after the other."""
    if all(call["name"] in tools and tools[call["name"]].reads for call in calls):
        with ThreadPoolExecutor(max_workers=len(calls) or 1) as pool:
            return list(pool.map(lambda call: run_call(tools, call), calls))
    return [run_call(tools, call) for call in calls]


def run_agent(
    model: Callable[[list[Message]], Message],
    tools: dict[str, Tool],
    task: str,
    *,
    max_steps: int = 8,
    max_tokens: int = 50_000,
    max_same: int = 3,
) -> Run:
    """Run the loop until the model answers without a call, or until a limit stops it.

    A reply counts as a step. Calls are not run any more when the tokens of the replies reach `max_tokens`, when the
    reply is number `max_steps`, or when a call with the same name and arguments comes for the `max_same`th time. A call
    that is not run gets a result, too: an error that begins with "Not run".
    """
    messages: list[Message] = [{"role": "user", "content": task}]
    tokens, counts = 0, Counter[str]()
    for step in range(1, max_steps + 1):
        reply = model(messages)
        calls = reply.get("calls", [])
        messages.append({"role": "assistant", "content": reply.get("content", ""), "calls": calls})
        if not calls:
            return Run(messages, reply.get("content", ""), "answer")
        tokens += reply.get("tokens", 0)
        counts.update(json.dumps([call["name"], call["arguments"]], sort_keys=True) for call in calls)
        reason = ""
        if max(counts.values()) >= max_same:
            reason = "repeated"
        elif tokens >= max_tokens:
            reason = "tokens"
        elif step == max_steps:
            reason = "steps"
        if reason:
            results = [{"id": call["id"], "content": f"Not run: {reason}.", "is_error": True} for call in calls]
        else:
            results = run_calls(tools, calls)
        messages.append({"role": "tool", "results": results})
        if reason:
            return Run(messages, "", reason)
    raise ValueError("max_steps must be at least 1")
