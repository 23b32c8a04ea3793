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
    raise NotImplementedError("missing, unknown, wrong type, not in enum: a sentence for each")


def run_call(tools: dict[str, Tool], call: Call) -> dict[str, Any]:
    """Run one call and return {"id", "content", "is_error"}; nothing that goes wrong leaves as an exception.

    The content is a string of at most MAX_RESULT characters and, if more was cut, a sentence with their number.
    """
    raise NotImplementedError("unknown tool, bad arguments and exceptions become results; long results are cut")


def run_calls(tools: dict[str, Tool], calls: Sequence[Call]) -> list[dict[str, Any]]:
    """Return the results in the order of the calls: at the same time if all of them read, else one after the other."""
    raise NotImplementedError("a thread for each call if all read, else a plain loop")


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
    raise NotImplementedError("ask the model, append, run the calls, append the results, check the three limits")
