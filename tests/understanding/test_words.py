"""The lists of words that several rules read."""

from __future__ import annotations

import ast
from pathlib import Path

from bot.understanding import words


def test_the_lists_that_several_rules_read_hold_no_rule() -> None:
    file = Path(words.__file__)
    nodes = ast.walk(ast.parse(file.read_text(encoding="utf-8")))
    rules = [node for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Lambda)]
    assert not rules, f"{file.name}, line {rules[0].lineno}: a rule stands beside the tables"
