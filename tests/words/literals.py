"""The texts that stand in `bot/`: string literals that people may read, each with its file and line."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from html import unescape
from pathlib import Path

from tests.words.rules import VALUE, split_sentences

ROOT = Path(__file__).parents[2]
_SILENT_CALLS = frozenset(
    {
        "CommandLink",
        "Call",
        "ScheduledPost",
        "Unless",
        "TypeAlias",
        "TypeVar",
        "NewType",
        "cast",
        "Literal",
        "find",
        "make_key",
        "join_path",
        "add_argument",
    }
    | {"compile", "match", "search", "fullmatch", "sub", "findall", "finditer", "split", "removeprefix", "removesuffix"}
    | {"startswith", "endswith", "getattr", "setattr", "hasattr", "encode", "decode", "strptime", "strftime", "field"}
    | {"text", "execute", "mapped_column", "ForeignKey", "Index", "UniqueConstraint", "CheckConstraint", "bindparam"}
    | {"getLogger", "debug", "info", "warning", "error", "exception", "critical", "log"}
    | {"ValueError", "TypeError", "RuntimeError", "AssertionError", "KeyError", "LookupError", "OSError"}
)
"""Functions whose texts people don't read: names, patterns, log lines, internal errors."""
_COMMANDS = frozenset(
    {"command", "member_command", "moderator_command", "member_action", "moderator_action", "step_command", "step_form"}
)
"""What declares a command: its name is no text, and the first line of its docstring is."""
_SILENT_KEYWORDS = frozenset(
    {"formerly", "asked", "answers", "spoken", "hints", "pattern", "name", "key", "kind", "menu", "names", "example"}
)
_PROSE = re.compile(r"[A-Za-z’']{2,}[\s,.:;!?…]+\S|[A-Z][a-z]+|¤ [a-z]{2,}")
_REGEX = re.compile(r"\\[bsdwWSB]|\(\?|\[\^|\.\*|[a-z]\|[a-z]|\.\+|\)\?")
_CODE = re.compile(
    r"\b(?:SELECT|INSERT|CREATE|ALTER|DELETE|UPDATE) [A-Za-z*]|^[<{]|^\.?[\w.-]+\.(?:py|md|yaml|html|json)$"
)


_NO_TEXT = (
    "bot/answers/compose/coverage.py",
    "bot/answers/compose/language_detection.py",
    "bot/answers/evaluation/",
    "bot/answers/model/",
    "bot/curriculum/start_cache.py",
    "bot/features/ask/group_questions.py",
    "bot/understanding/intents.py",
    "bot/understanding/words.py",
)
"""Files with words to recognise, prompts and names of features: nobody reads them."""
FOR_OPERATORS = ("bot/__main__.py", "bot/cli/", "bot/curriculum/", "bot/maintenance/", "bot/runtime/", "bot/storage/")
"""Files whose texts only authors of courses and operators read."""


@dataclass(frozen=True)
class Literal:
    """A text in the source.

    Args:
        text: the text, a value that is filled in as `VALUE`.
        file: relative to the repository.
        kind: "text", or "summary" of a command.
    """

    text: str
    file: str
    line: int
    kind: str = "text"


@cache
def read_literals(root: Path = ROOT) -> tuple[Literal, ...]:
    """Read the texts of all modules and templates below `bot/`."""
    texts: list[Literal] = []
    for path in sorted((root / "bot").rglob("*.py")):
        file = path.relative_to(root).as_posix()
        if not file.startswith(_NO_TEXT):
            texts += _Reader(file).read(path.read_text(encoding="utf-8"))
    for path in sorted((root / "bot").rglob("templates/*.html")):
        texts += _read_template(path.read_text(encoding="utf-8"), path.relative_to(root).as_posix())
    return tuple(texts)


def _read_template(source: str, file: str) -> Iterator[Literal]:
    for number, line in enumerate(source.splitlines(), 1):
        text = re.sub(r"\{\{.*?\}\}", VALUE, re.sub(r"\{%.*?%\}|\{#.*?#\}", " ", line))
        for attribute in re.findall(r'(?:aria-label|placeholder|title|alt)="([^"]+)"', text):
            yield Literal(unescape(attribute), file, number)
        plain = " ".join(unescape(re.sub(r"<[^>]*>?|^[^<]*\">", " ", text)).split())
        if _PROSE.search(plain):
            yield Literal(plain, file, number)


class _Reader(ast.NodeVisitor):
    def __init__(self, file: str) -> None:
        self.file = file
        self.texts: list[Literal] = []

    def read(self, source: str) -> list[Literal]:
        self.visit(ast.parse(source))
        return self.texts

    def _add(self, text: str, node: ast.AST, kind: str = "text") -> None:
        is_prose = _PROSE.search(text) and not _REGEX.search(text) and not _CODE.search(text)
        if kind != "text" or is_prose:
            self.texts.append(Literal(text, self.file, getattr(node, "lineno", 0), kind))

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str):
            self._add(node.value, node)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        parts = [part.value if isinstance(part, ast.Constant) else VALUE for part in node.values]
        self._add("".join(map(str, parts)), node)
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                self.visit(part.value)

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant | ast.JoinedStr):  # a docstring
            self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        name = _name(node.func)
        if name in _SILENT_CALLS:
            return
        if name in _COMMANDS:  # its name is no text
            node.args = node.args[1:]
        for child in (node.func, *node.args):
            self.visit(child)
        for keyword in node.keywords:
            if keyword.arg not in _SILENT_KEYWORDS:
                self.visit(keyword.value)

    def visit_Dict(self, node: ast.Dict) -> None:
        for key, value in zip(node.keys, node.values, strict=True):
            if key is not None and not isinstance(key, ast.Constant):
                self.visit(key)
            self.visit(value)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        self.visit(node.value)
        if not isinstance(node.slice, ast.Constant):
            self.visit(node.slice)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value:
            self.visit(node.value)

    def visit_Assert(self, node: ast.Assert) -> None:
        """Skip what only developers read."""

    def visit_Compare(self, node: ast.Compare) -> None:
        """Skip what is compared: a name."""

    def visit_arg(self, node: ast.arg) -> None:
        if node.annotation:
            for child in ast.walk(node.annotation):  # Annotated[str, Param("…")]
                if isinstance(child, ast.Call):
                    self.visit(child)

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        decorators = [
            item for item in node.decorator_list if isinstance(item, ast.Call) and _name(item.func) in _COMMANDS
        ]
        if decorators and (doc := ast.get_docstring(node)):
            self._add(doc.split("\n", 1)[0], node.body[0], "summary")
        for child in (*node.decorator_list, node.args, *node.body):
            self.visit(child)

    visit_AsyncFunctionDef = visit_FunctionDef


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


_MARKUP = re.compile(r"[*_`\\]|\x02[^\x03]*\x03")


def flatten(text: str) -> str:
    """Return a text without marks and with single spaces."""
    return " ".join(_MARKUP.sub("", text).split())


@cache
def _read_skeletons() -> tuple[tuple[int, tuple[str, ...], Literal], ...]:
    rows = []
    for literal in read_literals():
        for sentence in split_sentences(flatten(literal.text)):
            pieces = tuple(piece for part in sentence.split(VALUE) if (piece := part.strip()))
            if size := sum(map(len, pieces)):
                rows.append((size, pieces, literal))
    return tuple(sorted(rows, key=lambda row: (-row[0], "dashboard" in row[2].file)))


@cache
def locate(sentence: str, word: str = "", *, under: str = "bot/", share: float = 0.35) -> Literal | None:
    """Return the literal that a sentence comes from: the one of which most stands in it.

    Args:
        word: a word that the literal must contain.
        under: the folder in which to look.
        share: how much of the sentence it must make up. A sentence with no such literal is the text of a course or
            a person.
    """
    flat = flatten(sentence)
    least = max(4.0, share * len(flat))
    for size, pieces, literal in _read_skeletons():
        if size < least:
            return None
        if literal.file.startswith(under) and any(word in piece for piece in pieces) and _holds(flat, pieces):
            return literal
    return None


def _holds(text: str, pieces: Sequence[str]) -> bool:
    start = 0
    for piece in pieces:
        start = text.find(piece, start)
        if start < 0:
            return False
        start += len(piece)
    return True


def feature_of(file: str) -> str:
    """Return the part of the program that a file belongs to: a feature's folder, or a package."""
    parts = file.split("/")
    return parts[2] if parts[1] == "features" and len(parts) > 3 else parts[1].removesuffix(".py")
