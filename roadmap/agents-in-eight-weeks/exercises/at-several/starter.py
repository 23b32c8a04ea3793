"""Build an orchestrator that gives orders to several agents, with the cards and task states of Agent2Agent (A2A).

`find_agents` reads cards, `write_order` writes an order that stands alone, `change_state` keeps the rules of a task,
`send` sends one message, `run_order` follows one order to its end, and `run_all` runs all orders at once within a
budget of tokens. The agents are given and scripted; a real one would be reached through HTTP.

Run this file to see three orders. It takes about 120 minutes to write.
Check it: python check.py at-several
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

INTERRUPTED = ("input-required", "auth-required")
TERMINAL = ("completed", "failed", "canceled", "rejected")
STATES = ("submitted", "working", *INTERRUPTED, *TERMINAL)


@dataclass(frozen=True)
class Card:
    """What an agent says about itself."""

    name: str
    skills: tuple[str, ...]


@dataclass(frozen=True)
class Reply:
    """An agent's answer to a message: the new state of the task, a text, and the tokens that it cost."""

    state: str
    text: str
    tokens: int


@dataclass
class Task:
    """A piece of work at one agent, with all messages sent to it and, at its end, the artifact."""

    state: str = "submitted"
    messages: list[str] = field(default_factory=list)
    artifact: str = ""


@dataclass(frozen=True)
class Order:
    """What a helper has to do: the goal, the skill, the form of the result, and what to leave alone."""

    goal: str
    skill: str
    output: str
    limits: str


@dataclass(frozen=True)
class Outcome:
    """How an order ended: the agent and its artifact, or "" for both and the problems."""

    agent: str
    artifact: str
    problems: tuple[str, ...] = ()


@dataclass
class Budget:
    """Tokens that may still be spent by all orders together."""

    left: int


class ScriptedAgent:
    """An agent that gives its replies one after the other, and keeps what it was sent."""

    def __init__(self, name: str, skills: tuple[str, ...], replies: list[Reply | Exception]) -> None:
        self.card, self.replies, self.received = Card(name, skills), iter(replies), list[list[str]]()

    async def answer(self, messages: list[str]) -> Reply:
        """Return the next reply to the messages of a task, or raise the next exception."""
        self.received.append(list(messages))
        await asyncio.sleep(0.02)
        reply = next(self.replies, None)
        assert reply is not None, f"Agent {self.card.name} was sent a message too many: {messages[-1]!r}."
        if isinstance(reply, Exception):
            raise reply
        return reply


def find_agents(agents: list[ScriptedAgent], skill: str) -> list[ScriptedAgent]:
    """Return the agents whose card lists exactly this skill, in the order in which they are given."""
    raise NotImplementedError("keep the agents whose card has the skill")


def write_order(order: Order) -> str:
    """Return the lines `Goal: …`, `Output: …` and `Limits: …`; raise ValueError with the names of empty fields."""
    raise NotImplementedError("refuse an order with an empty field and name it, else join three lines")


def change_state(task: Task, state: str) -> None:
    """Give a task a new state; raise ValueError if the state is unknown or the task has ended."""
    raise NotImplementedError("refuse an unknown state and a task that has ended, else set the state")


async def send(agent: ScriptedAgent, task: Task, message: str) -> Reply:
    """Send a message to a task and return the reply; set its state, and its artifact once it is completed.

    While the agent works, the state is "working". An agent that raises ConnectionError makes the task "failed".
    """
    raise NotImplementedError("set working, append the message, await the answer, set state and artifact")


async def run_order(
    order: Order, agents: list[ScriptedAgent], ask_person: Callable[[str], str], budget: Budget
) -> Outcome:
    """Give an order to one suitable agent after the other, each with a new task, until one completes it.

    A question (input-required) goes to a person, and the answer into the same task. Any other end is a problem, also
    auth-required: the orchestrator passes no keys on. No message is sent once the budget is used up.
    """
    raise NotImplementedError("for each suitable agent: a new task, send, answer questions, return what is completed")


async def run_all(
    orders: list[Order], agents: list[ScriptedAgent], ask_person: Callable[[str], str], tokens: int
) -> list[Outcome]:
    """Run all orders at once, with one budget for them together; the outcomes stand in the order of the orders."""
    raise NotImplementedError("make one budget and gather run_order of all orders")


if __name__ == "__main__":
    READERS = [
        ScriptedAgent("alpha", ("read-report",), [Reply("rejected", "I read no scans", 50)]),
        ScriptedAgent("beta", ("read-report",), [Reply("completed", "Rent rose by 4%.", 900)]),
        ScriptedAgent(
            "gamma",
            ("translate",),
            [Reply("input-required", "Which spelling?", 80), Reply("completed", "Colour.", 300)],
        ),
    ]

    ORDERS = [
        Order("Find the rise of rents in report 7", "read-report", "one sentence with the page", "read report 7 only"),
        Order("Translate the summary into English", "translate", "plain text", "change no numbers"),
        Order("Draw the rise as a chart", "draw", "an SVG file", "use two colours"),
    ]
    for outcome in asyncio.run(run_all(ORDERS, READERS, lambda question: "British", 5_000)):
        print(outcome)
