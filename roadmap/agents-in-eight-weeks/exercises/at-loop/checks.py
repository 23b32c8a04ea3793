"""Checks of the loop with scripted models."""

import threading

MINUTES = 90

SCHEMA = {
    "properties": {
        "city": {"type": "string"},
        "days": {"type": "integer"},
        "unit": {"type": "string", "enum": ["celsius", "fahrenheit"]},
    },
    "required": ["city"],
}


def call(number, name="weather", **arguments):
    """A call as a model asks for it."""
    return {"id": f"c{number}", "name": name, "arguments": arguments}


def asks(*calls, tokens=100):
    """A reply with calls."""
    return {"content": "", "calls": list(calls), "tokens": tokens}


def answers(text="Done."):
    """A reply without calls."""
    return {"content": text, "calls": [], "tokens": 100}


def make_tools(exercise, run=lambda city, days=1, unit="celsius": f"{city}: 12", reads=True):
    """A weather tool that runs a function."""
    return {"weather": exercise.Tool("weather", SCHEMA, run, reads)}


def check_good_arguments_pass(exercise):
    """Arguments that fit the schema give no sentence."""
    found = exercise.check_arguments(SCHEMA, {"city": "Oslo", "days": 3, "unit": "celsius"})
    assert found == [], f"City, days and unit fit the schema, but the check said {found}."


def check_each_fault_is_named(exercise):
    """Missing, unknown, wrongly typed and unlisted arguments each get a sentence with their name."""
    for arguments, name, what in (
        ({"days": 3}, "city", "missing"),
        ({"city": "Oslo", "town": "Oslo"}, "town", "unknown"),
        ({"city": "Oslo", "days": "3"}, "days", "a string instead of an integer"),
        ({"city": "Oslo", "days": True}, "days", "True, which is no integer here"),
        ({"city": "Oslo", "unit": "kelvin"}, "unit", "not in the enum"),
    ):
        found = exercise.check_arguments(SCHEMA, arguments)
        assert len(found) == 1 and name in found[0], (
            f"In {arguments} the argument {name} is {what}; expected one sentence that names it, got {found}."
        )


def check_bad_arguments_do_not_run(exercise):
    """A tool doesn't run with arguments that don't fit, and the model reads why."""
    ran = []
    tools = make_tools(exercise, lambda **arguments: ran.append(arguments))
    result = exercise.run_call(tools, call(1, days=2))
    assert not ran, "The tool ran although the argument city was missing; check the arguments first."
    assert result["id"] == "c1" and result["is_error"] and "city" in result["content"], (
        f"Expected an error for c1 that names city, got {result}."
    )


def check_failures_become_results(exercise):
    """An unknown tool and an exception become results that say what was wrong."""
    unknown = exercise.run_call(make_tools(exercise), call(1, "wether", city="Oslo"))
    assert unknown["is_error"] and "weather" in unknown["content"], (
        f"For the unknown tool wether the result should be an error that lists the known tools; got {unknown}."
    )

    def fail(city):
        raise LookupError("no station in Oslo")

    failed = exercise.run_call(make_tools(exercise, fail), call(2, city="Oslo"))
    assert failed["is_error"] and "no station in Oslo" in failed["content"], (
        f"The tool raised LookupError('no station in Oslo'); the result should say so, got {failed}."
    )
    fine = exercise.run_call(make_tools(exercise), call(3, city="Oslo"))
    assert fine == {"id": "c3", "content": "Oslo: 12", "is_error": False}, f"A call that works gave {fine}."


def check_long_results_are_cut(exercise):
    """A long result is cut, and the model reads how much is missing."""
    result = exercise.run_call(make_tools(exercise, lambda city: "x" * 1000), call(1, city="Oslo"))
    content = result["content"]
    assert content.count("x") == exercise.MAX_RESULT, (
        f"Of 1,000 characters {content.count('x')} arrived; expected {exercise.MAX_RESULT}."
    )
    assert "600" in content, f"600 characters were cut; say so in the result, which ends in {content[-40:]!r}."


def check_reading_calls_run_together(exercise):
    """Calls that only read run at the same time, and their results keep the order of the calls."""
    barrier = threading.Barrier(2)

    def wait(city):
        barrier.wait(timeout=3)
        return city

    results = exercise.run_calls(make_tools(exercise, wait), [call(1, city="Oslo"), call(2, city="Rome")])
    assert [result["is_error"] for result in results] == [False, False], (
        "Two reading calls waited for each other in vain; run them at the same time, each in a thread."
    )
    assert [(result["id"], result["content"]) for result in results] == [("c1", "Oslo"), ("c2", "Rome")], (
        f"Expected the results of c1 and c2 in this order, got {results}."
    )


def check_writing_calls_run_in_order(exercise):
    """Calls that change something run one after the other."""
    running, most, order = [], [], []

    def write(city):
        running.append(city)
        threading.Event().wait(0.02)
        most.append(len(running))
        order.append(running.pop())
        return city

    calls = [call(number, city=city) for number, city in enumerate(("Oslo", "Rome", "Bonn"))]
    exercise.run_calls(make_tools(exercise, write, reads=False), calls)
    assert max(most) == 1 and order == ["Oslo", "Rome", "Bonn"], (
        f"Up to {max(most)} writing calls ran at once, in the order {order}; run them one by one, in the order given."
    )


def check_run_answers(exercise):
    """A run sends each call and each result back to the model and ends with its answer."""
    model = exercise.ScriptedModel([asks(call(1, city="Oslo"), call(2, city="Rome")), answers("12 and 12.")])
    run = exercise.run_agent(model, make_tools(exercise), "Compare.")
    assert (run.reason, run.answer) == ("answer", "12 and 12."), f"The run ended with {run.reason}: {run.answer!r}."
    roles = [message["role"] for message in model.seen[1]]
    assert roles == ["user", "assistant", "tool"], (
        f"At its second turn the model saw {roles}; expected the task, its own reply and one message of results."
    )
    ids = [result["id"] for result in model.seen[1][2]["results"]]
    assert ids == ["c1", "c2"], f"The model got results for {ids}; expected c1 and c2."


def check_limits(exercise):
    """Steps, tokens and repetition end a run, and the run says which it was."""
    different = [asks(call(number, city=f"City {number}"), tokens=1000) for number in range(20)]
    tools = make_tools(exercise)
    run = exercise.run_agent(exercise.ScriptedModel(different), tools, "Go.", max_steps=5)
    assert run.reason == "steps", f"20 different calls with max_steps=5 ended with {run.reason!r}."
    replies = sum(message["role"] == "assistant" for message in run.messages)
    assert replies == 5, f"With max_steps=5 the model replied {replies} times."
    run = exercise.run_agent(exercise.ScriptedModel(different), tools, "Go.", max_tokens=3000)
    replies = sum(message["role"] == "assistant" for message in run.messages)
    assert (run.reason, replies) == ("tokens", 3), (
        f"Replies of 1,000 tokens with max_tokens=3000 ended with {run.reason!r} after {replies} replies; expected 3."
    )
    same = [
        asks({"id": f"c{number}", "name": "weather", "arguments": order})
        for number, order in enumerate(
            ({"city": "Oslo", "days": 2}, {"days": 2, "city": "Oslo"}, {"city": "Oslo", "days": 2})
        )
    ]
    run = exercise.run_agent(exercise.ScriptedModel([*same, answers()]), tools, "Go.")
    assert run.reason == "repeated", (
        f"The same call came three times, once with its arguments in another order; the run ended with {run.reason!r}."
    )


def check_repetition_is_of_calls(exercise):
    """Three calls of one tool with different arguments are no repetition."""
    replies = [asks(call(number, city=city)) for number, city in enumerate(("Oslo", "Rome", "Bonn"))]
    run = exercise.run_agent(exercise.ScriptedModel([*replies, answers()]), make_tools(exercise), "Go.")
    assert run.reason == "answer", f"Three different cities ended the run with {run.reason!r}; count equal arguments."


def check_every_call_is_answered(exercise):
    """Each call gets one result, also the one at which a limit stops the run, which is not run."""
    ran = []
    tools = make_tools(exercise, lambda city: ran.append(city))
    replies = [asks(call(number, city=f"City {number}")) for number in range(9)]
    run = exercise.run_agent(exercise.ScriptedModel(replies), tools, "Go.", max_steps=3)
    asked = [one["id"] for message in run.messages for one in message.get("calls", [])]
    answered = [one["id"] for message in run.messages for one in message.get("results", [])]
    assert asked == answered, f"The calls were {asked}, the results {answered}; give each call one result."
    assert len(ran) == 2, f"With max_steps=3 the tool ran {len(ran)} times; the calls of the last reply are not run."
    last = run.messages[-1]["results"][0]
    assert last["is_error"] and last["content"].startswith("Not run"), (
        f"The call that was not run should get an error that begins with 'Not run'; got {last}."
    )
