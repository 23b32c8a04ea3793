"""Checks of the exercise at-coding."""

from types import ModuleType

MINUTES = 120

CART = """def total(prices, discount):
    return sum(prices) - discount / 100


def count(prices):
    return len(prices)
"""
FILES = {"cart.py": CART}
TESTS = {
    "count": "assert count([10, 20]) == 2",
    "no discount": "assert total([10, 20], 0) == 30",
    "ten percent": "assert total([10, 20], 10) == 27",
}


def expect_edit_error(exercise: ModuleType, function: str, *arguments: str) -> str:
    """Return the text of the EditError that a function raises, or "" if it raises none."""
    try:
        getattr(exercise, function)(*arguments)
    except exercise.EditError as error:
        return str(error) or "EditError without a text"
    return ""


def check_search(exercise: ModuleType) -> None:
    """The search lists file, line number and line, and says how many hits it left out."""
    files = {"a.py": "x = 1\ny = 2\n", "b.py": "# start\nx = 3\nprint(x)\n"}
    hits = exercise.search_files(files, "x", 5)
    expected = ["a.py:1: x = 1", "b.py:2: x = 3", "b.py:3: print(x)"]
    assert hits == expected, (
        f"A search for `x` in two files gave {hits}; expected {expected}, with lines counted from 1."
    )
    hits = exercise.search_files(files, "x", 2)
    assert hits == [*expected[:2], "1 more"], (
        f"With a limit of 2, three hits gave {hits}; expected two lines and `1 more`."
    )


def check_replace_once(exercise: ModuleType) -> None:
    """An edit is made only if its old text occurs exactly once."""
    content = exercise.replace_once("a = 1\nb = 2\n", "b = 2", "b = 3")
    assert content == "a = 1\nb = 3\n", f"Replacing `b = 2` by `b = 3` gave {content!r}."
    for old, count in (("c = 1", 0), ("1", 2)):
        words = expect_edit_error(exercise, "replace_once", "a = 1\nb = 1\n", old, "c")
        assert words, f"The text {old!r} occurs {count} times and was replaced; raise EditError unless it occurs once."
        assert str(count) in words, f"The EditError says {words!r}; name how often the text occurs ({count})."


def check_syntax(exercise: ModuleType) -> None:
    """An edit that leaves broken Python is refused, with file and line."""
    words = expect_edit_error(exercise, "check_syntax", "cart.py", "x = 1\nif x\n    y = 2\n")
    assert words, "`if x` without a colon passed check_syntax; raise EditError if ast.parse fails."
    assert "cart.py" in words and "2" in words, f"The EditError says {words!r}; name the file and the line (2)."
    assert not expect_edit_error(exercise, "check_syntax", "cart.py", CART), "check_syntax refused valid Python."


def check_tests(exercise: ModuleType) -> None:
    """Each test runs by itself, any exception is a failure, and an endless loop is stopped."""
    passing = exercise.run_tests(FILES, TESTS)
    assert passing == {"count", "no discount"}, (
        f"run_tests gave {passing}; only `ten percent` fails for the given file."
    )
    order = {"writes": "state = 1\nassert state", "reads": "assert 'state' not in globals()"}
    passing = exercise.run_tests(FILES, order)
    assert passing == set(order), (
        "A test saw a name that an earlier test had set; run each test in a process of its own."
    )
    passing = exercise.run_tests({"broken.py": "raise ValueError('at import')"}, {"one": "pass"})
    assert passing == set(), "A file that raises when it runs let a test pass; a test passes only if nothing is raised."
    passing = exercise.run_tests({"loop.py": "while True:\n    pass\n"}, {"one": "pass"}, 0.3)
    assert passing == set(), "A test that was stopped by the time limit counts as passed; it counts as failed."


def check_repair(exercise: ModuleType) -> None:
    """The loop edits until all tests pass, and leaves the given files alone."""
    given = dict(FILES)
    model = exercise.ScriptedModel([exercise.Edit("cart.py", "- discount / 100", "* (1 - discount / 100)")])
    result = exercise.repair(given, TESTS, model)
    assert result.passed and result.steps == 1, f"One right edit ended as {result}; expected passed and 1 step."
    assert "* (1 - discount / 100)" in result.files["cart.py"], "The files of the result lack the edit."
    assert given == FILES, "repair changed the dictionary that it was given; work on a copy."
    done = exercise.repair(result.files, TESTS, exercise.ScriptedModel([exercise.Edit("cart.py", "sum", "max")]))
    assert done.passed and done.steps == 0, (
        "All tests passed from the start, and the model was still asked for an edit."
    )


def check_undo(exercise: ModuleType) -> None:
    """An edit that breaks a passing test is undone, and the model reads which one."""
    edits = [exercise.Edit("cart.py", "- discount / 100", "* discount / 100")]
    model = exercise.ScriptedModel(edits)
    result = exercise.repair(FILES, TESTS, model)
    assert result.files == FILES, (
        "An edit broke the test `no discount` and stayed; go back to the file before the edit."
    )
    assert not result.passed, "The repair says that all tests pass, although `ten percent` fails."
    last = model.messages[-1]
    assert "no discount" in last, (
        f"After an edit that broke `no discount` the model read {last!r}; name the broken test."
    )


def check_messages(exercise: ModuleType) -> None:
    """The model reads the failing tests first, and the reason if an edit can't be made."""
    edits = [
        exercise.Edit("shop.py", "sum", "max"),
        exercise.Edit("cart.py", "prices", "items"),
        exercise.Edit("cart.py", "return sum(prices)", "return sum(prices"),
    ]
    model = exercise.ScriptedModel(edits)
    result = exercise.repair(FILES, TESTS, model)
    assert result.steps == 3, f"Three edits that can't be made counted as {result.steps} steps; each request is a step."
    assert result.files == FILES, "An edit that can't be made changed a file."
    assert len(model.messages) == 4, (
        f"The model had {len(model.messages)} messages after three refused edits; expected 4."
    )
    start, *rest = model.messages
    assert "ten percent" in start, f"The first message is {start!r}; it names the failing tests."
    for words, needed in zip(rest, ("shop.py", "4", "line"), strict=True):
        assert needed in words, f"A refused edit gave the message {words!r}; pass on the text of the EditError."


def check_limit(exercise: ModuleType) -> None:
    """The loop ends after `max_steps` edits."""
    asked = []

    def stubborn(messages: list[str]) -> object:
        asked.append(1)
        assert len(asked) < 50, "The model was asked 50 times with max_steps=4; count every edit as a step and stop."
        return exercise.Edit("cart.py", "not there", "x")

    result = exercise.repair(FILES, TESTS, stubborn, 4)
    assert (result.steps, result.passed) == (4, False), f"A model that is stuck ended as {result}; expected 4 steps."


def check_points(exercise: ModuleType) -> None:
    """A point of a screenshot becomes the right point of the screen, in both directions."""
    point = exercise.to_screen((640, 200), (1280, 800), (2560, 1440))
    assert point == (1280, 360), (
        f"(640, 200) of 1280 × 800 on a screen of 2560 × 1440 gave {point}; expected (1280, 360)."
    )
    corner = exercise.to_screen((2999, 1999), (3000, 2000), (1500, 1000))
    assert corner == (1499, 999), f"The last pixel of the screenshot gave {corner}, outside 1500 × 1000; round down."
    try:
        outside = exercise.to_screen((1280, 10), (1280, 800), (2560, 1440))
    except ValueError:
        return
    raise AssertionError(f"x = 1280 lies outside a screenshot of width 1280 and gave {outside}; raise ValueError.")
