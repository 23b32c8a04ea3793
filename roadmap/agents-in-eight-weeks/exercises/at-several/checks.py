"""Checks of the exercise at-several."""

import asyncio
from types import ModuleType
from typing import Any

MINUTES = 120


def make_order(exercise: ModuleType, skill: str = "read") -> Any:
    """Return a complete order."""
    return exercise.Order("Find the date", skill, "one line", "read report 7 only")


def run(
    exercise: ModuleType, agents: list[Any], orders: list[Any], answer: str = "British", tokens: int = 10_000
) -> Any:
    """Run orders; a person answers each question in the same way."""
    return asyncio.run(asyncio.wait_for(exercise.run_all(orders, agents, lambda question: answer, tokens), 10))


def expect_value_error(function: Any, *arguments: Any) -> str:
    """Return the text of the ValueError that a function raises, or "" if it raises none."""
    try:
        function(*arguments)
    except ValueError as error:
        return str(error) or "ValueError without a text"
    return ""


def check_cards(exercise: ModuleType) -> None:
    """An agent is chosen by a skill that its card lists, and by no part of its name."""
    agents = [
        exercise.ScriptedAgent(name, skills, []) for name, skills in (("a", ("read", "sum")), ("b", ("reading",)))
    ]
    chosen = [agent.card.name for agent in exercise.find_agents(agents, "read")]
    assert chosen == ["a"], f"For the skill `read` the agents {chosen} were chosen; only `a` lists exactly this skill."


def check_order(exercise: ModuleType) -> None:
    """An order names goal, output and limits, and one that lacks a part is refused."""
    text = exercise.write_order(make_order(exercise))
    for words in ("Goal: Find the date", "Output: one line", "Limits: read report 7 only"):
        assert words in text.splitlines(), f"The order reads {text!r}; the line {words!r} is missing."
    words = expect_value_error(exercise.write_order, exercise.Order("Find the date", "read", " ", ""))
    assert words, "An order without output and limits was accepted; raise ValueError."
    assert "output" in words and "limits" in words, f"The ValueError says {words!r}; name each empty field."


def check_states(exercise: ModuleType) -> None:
    """A task that has ended never changes again, and unknown states are refused."""
    for end in exercise.TERMINAL:
        task = exercise.Task(state=end)
        assert expect_value_error(exercise.change_state, task, "working"), f"A task that is {end} became working again."
    task = exercise.Task()
    assert expect_value_error(exercise.change_state, task, "done"), (
        "The state `done` was accepted; A2A has no such state."
    )
    for state in ("working", "input-required", "working", "completed"):
        exercise.change_state(task, state)
        assert task.state == state, f"After change_state(task, {state!r}) the task is {task.state!r}."


def check_send(exercise: ModuleType) -> None:
    """A message joins the task, the reply sets its state, and the artifact is kept at the end."""
    replies = [exercise.Reply("input-required", "Which page?", 5), exercise.Reply("completed", "3 May", 7)]
    agent, task = exercise.ScriptedAgent("a", ("read",), replies), exercise.Task()
    asyncio.run(exercise.send(agent, task, "Find the date"))
    assert (task.state, task.artifact) == ("input-required", ""), f"After a question the task is {task}."
    reply = asyncio.run(exercise.send(agent, task, "page 2"))
    assert reply.tokens == 7, f"send returned {reply}; it returns the agent's reply."
    assert (task.state, task.artifact) == ("completed", "3 May"), f"After the result the task is {task}."
    assert agent.received[-1] == ["Find the date", "page 2"], (
        f"The agent was sent {agent.received[-1]}; it needs all messages of the task, in their order."
    )
    try:
        asyncio.run(exercise.send(agent, task, "And the year?"))
    except ValueError:
        return
    raise AssertionError("A message was sent to a completed task; a follow-up needs a new task.")


def check_question(exercise: ModuleType) -> None:
    """A question goes to the person, and the answer goes into the same task."""
    replies = [exercise.Reply("input-required", "Which spelling?", 5), exercise.Reply("completed", "colour", 5)]
    agent = exercise.ScriptedAgent("a", ("read",), replies)
    (outcome,) = run(exercise, [agent], [make_order(exercise)])
    assert outcome.artifact == "colour", f"After a question and its answer the outcome is {outcome}."
    sent = agent.received[-1]
    assert len(sent) == 2 and sent[1] == "British", f"The agent was sent {sent}; expected the order and the answer."


def check_next_agent(exercise: ModuleType) -> None:
    """An agent that fails, refuses, wants a key or can't be reached is followed by the next one, with a new task."""
    for state in ("failed", "rejected", "auth-required", "unreachable"):
        first = ConnectionError("refused") if state == "unreachable" else exercise.Reply(state, "sorry", 5)
        agents = [
            exercise.ScriptedAgent("a", ("read",), [first, first, first]),
            exercise.ScriptedAgent("b", ("read",), [exercise.Reply("completed", "3 May", 5)]),
        ]
        (outcome,) = run(exercise, agents, [make_order(exercise)])
        assert (outcome.agent, outcome.artifact) == ("b", "3 May"), (
            f"The first agent was {state}: {outcome}; ask the next."
        )
        assert len(agents[0].received) == 1, f"An agent that was {state} was sent {len(agents[0].received)} messages."
        assert len(agents[1].received[0]) == 1, (
            "The second agent got messages of the first one's task; make a new task."
        )
        assert any("a" in problem for problem in outcome.problems), f"{outcome} doesn't say which agent had a problem."


def check_none(exercise: ModuleType) -> None:
    """An order that nobody completes says why, and does not spoil the others."""
    agents = [
        exercise.ScriptedAgent("a", ("read",), [exercise.Reply("failed", "no such file", 5)]),
        exercise.ScriptedAgent("b", ("sum",), [exercise.Reply("completed", "12", 5)]),
    ]
    orders = [make_order(exercise, skill) for skill in ("read", "sum", "draw")]
    outcomes = run(exercise, agents, orders)
    assert [outcome.artifact for outcome in outcomes] == ["", "12", ""], (
        f"Three orders, of which only the second can be completed, gave {outcomes}; keep their order."
    )
    assert any("no such file" in problem for problem in outcomes[0].problems), (
        f"{outcomes[0]} lacks what the agent said."
    )
    assert outcomes[2].problems, f"{outcomes[2]} doesn't say that no agent has the skill."


def check_parallel(exercise: ModuleType) -> None:
    """The orders run at the same time."""
    working = peak = 0

    class BusyAgent(exercise.ScriptedAgent):  # type: ignore[misc,name-defined]
        async def answer(self, messages: list[str]) -> Any:
            nonlocal working, peak
            working += 1
            peak = max(peak, working)
            reply = await super().answer(messages)
            working -= 1
            return reply

    agent = BusyAgent("a", ("read",), [exercise.Reply("completed", str(number), 5) for number in range(4)])
    run(exercise, [agent], [make_order(exercise)] * 4)
    assert peak == 4, f"Of four orders {peak} ran at the same time; start all before you await the first."


def check_budget(exercise: ModuleType) -> None:
    """Once the budget is used up, no further message is sent."""
    replies = [exercise.Reply("input-required", "Which page?", 60)] * 50
    agent = exercise.ScriptedAgent("a", ("read",), replies)
    (outcome,) = run(exercise, [agent], [make_order(exercise)], tokens=100)
    assert len(agent.received) == 2, (
        f"Each message cost 60 tokens of 100, and {len(agent.received)} were sent; after two nothing is left."
    )
    assert not outcome.artifact and any("budget" in problem for problem in outcome.problems), (
        f"{outcome} doesn't name the budget as the problem."
    )
