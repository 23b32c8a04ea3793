"""The tables by which a line is read."""

from __future__ import annotations

import ast
from pathlib import Path

from bot.understanding import speech


def test_tables_hold_words_and_forms_and_no_rule() -> None:
    for file in Path(speech.__path__[0]).glob("*.py"):
        written = ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        rules = [node for node in written if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Lambda)]
        assert not rules, f"{file.name}, line {rules[0].lineno}: a rule stands beside the tables"
