"""What people say when they may want a command, though they do not name it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Hint:
    """Free text that suggests a command, though it does not name it.

    Args:
        pattern: a regular expression, case aside; its named groups are arguments.
        button: the label of the button that does it; the command's title if empty.
        asks: the sentence that offers it.
        args: what the command is called with besides.
    """

    pattern: str
    button: str = ""
    asks: str = ""
    args: tuple[tuple[str, str], ...] = ()
