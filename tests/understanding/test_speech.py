"""The table that several rules of speech read."""

from __future__ import annotations

import ast
from pathlib import Path

from bot.understanding import speech


def test_the_table_that_several_rules_read_holds_no_rule() -> None:
    file = Path(speech.__path__[0]) / "people.py"
    nodes = ast.walk(ast.parse(file.read_text(encoding="utf-8")))
    rules = [node for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Lambda)]
    assert not rules, f"{file.name}, line {rules[0].lineno}: a rule stands beside the tables"
