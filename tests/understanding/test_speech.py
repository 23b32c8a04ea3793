"""The tables that several rules of speech read."""

from __future__ import annotations

import ast
from pathlib import Path

from bot.understanding import speech


def test_tables_that_several_rules_read_hold_no_rule() -> None:
    for name in ("people.py", "languages.py"):
        file = Path(speech.__path__[0]) / name
        written = ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        rules = [node for node in written if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Lambda)]
        assert not rules, f"{file.name}, line {rules[0].lineno}: a rule stands beside the tables"
