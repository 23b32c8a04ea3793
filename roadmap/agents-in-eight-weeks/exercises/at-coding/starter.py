"""Build the tools of a small coding agent and the loop that repairs a program with them.

`search_files` finds code, `replace_once` and `check_syntax` make an edit safe, `run_tests` says which tests pass, and
`repair` lets a model edit until all tests pass. `to_screen` is for an agent that clicks: it turns a point of a
screenshot into a point of the screen. `ScriptedModel` stands for the language model.

Run this file to see a repair. It takes about 120 minutes to write.
Check it: python check.py at-coding
"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Edit:
    """Replace `old`, which must occur exactly once in a file, with `new`."""

    file: str
    old: str
    new: str


@dataclass(frozen=True)
class Repair:
    """How a repair ended: the files, whether all tests pass, and how many edits the model asked for."""

    files: dict[str, str]
    passed: bool
    steps: int


class EditError(Exception):
    """An edit that can't be made; the text tells the model why."""


Model = Callable[[list[str]], Edit | None]
"""Gets all messages so far and returns the next edit, or None if it gives up."""


class ScriptedModel:
    """A model that returns the edits of a list, and keeps the messages that it was given."""

    def __init__(self, edits: list[Edit]) -> None:
        self.edits, self.messages = iter(edits), list[str]()

    def __call__(self, messages: list[str]) -> Edit | None:
        self.messages = list(messages)
        return next(self.edits, None)


def search_files(files: dict[str, str], text: str, limit: int = 5) -> list[str]:
    """Return `name:line: content` for each line that contains `text`, at most `limit`; then `N more` if N are left."""
    raise NotImplementedError("collect `name:line: content` of each line with the text, cut at the limit")


def replace_once(content: str, old: str, new: str) -> str:
    """Replace `old` with `new`; raise EditError, with the count in its text, unless `old` occurs exactly once."""
    raise NotImplementedError("count `old`, raise EditError unless it occurs once, else replace it")


def check_syntax(name: str, content: str) -> None:
    """Raise EditError, with the file and the line in its text, if the content isn't Python."""
    raise NotImplementedError("parse the content with ast, turn a SyntaxError into an EditError")


def run_tests(files: dict[str, str], tests: dict[str, str], seconds: float = 2) -> set[str]:
    """Return the names of the tests that pass.

    Each test is a Python process of its own, which runs all files and then the test, and is stopped after `seconds`.
    """
    raise NotImplementedError("run the files and each test with `python -I -c`; keep those that end with 0 in time")


def repair(files: dict[str, str], tests: dict[str, str], model: Model, max_steps: int = 6) -> Repair:
    """Let the model edit until all tests pass; an edit that breaks a passing test is undone.

    The model reads which tests fail, and after each edit what became of it. The given files stay as they are.
    """
    raise NotImplementedError("loop: ask the model, edit safely, run the tests, undo what breaks one, append a message")


def to_screen(point: tuple[int, int], shown: tuple[int, int], screen: tuple[int, int]) -> tuple[int, int]:
    """Turn a point of a screenshot of the size `shown` into a point of the screen, both as width and height.

    Raise ValueError if the point lies outside the screenshot.
    """
    raise NotImplementedError("refuse a point outside, scale x and y each by its own ratio, round down")


if __name__ == "__main__":
    PROGRAM = {"cart.py": "def total(prices, discount):\n    return sum(prices) - discount / 100\n"}
    TESTS = {
        "no discount": "assert total([10, 20], 0) == 30",
        "ten percent": "assert total([10, 20], 10) == 27",
    }
    scripted = ScriptedModel(
        [
            Edit("cart.py", "- discount / 100", "* discount / 100"),
            Edit("cart.py", "- discount / 100", "* (1 - discount / 100)"),
        ]
    )
    result = repair(PROGRAM, TESTS, scripted)
    print(*scripted.messages, f"passed: {result.passed} after {result.steps} edits", sep="\n")
