"""A file under examination: its YAML read strictly, key by key, every fault noted with its line.

YAML composed into nodes, which know their lines: without aliases and without bottomless nesting.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import NoReturn

import yaml
from yaml.composer import Composer
from yaml.constructor import SafeConstructor
from yaml.resolver import Resolver

from bot.commands.parameter_types import parse_url
from bot.curriculum.faults import Fault
from bot.messages import markup
from bot.messages.errors import BadInput

MAX_DEPTH = 20

TROUBLES = (yaml.YAMLError, ValueError, OverflowError)
_FIXES = {"mapping values are not allowed here": "put a text with “: ” in quotes"}
"""How to fix a problem that PyYAML reports."""

"""What comes of a text that is no YAML; an escape such as "\\UFFFFFFFF" ends in the last."""


class _Strict(Composer):
    """Refuses what no honest roadmap has."""

    _depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):  # type: ignore[attr-defined]  # the parser's, which each loader has
            self._refuse("remove the alias (*name)")
        if self._depth > MAX_DEPTH:
            self._refuse("it is nested too deeply")
        self._depth += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self._depth -= 1

    def _refuse(self, problem: str) -> NoReturn:
        mark = self.peek_event().start_mark  # type: ignore[attr-defined]
        raise yaml.MarkedYAMLError(problem=problem, problem_mark=mark)


class Loader(_Strict, yaml.SafeLoader):
    """Says plainly what is wrong, and on which line."""


def sound(text: str) -> yaml.Node | None:
    """Return the root of a text by the parser in C, five times as quick; None where it has trouble or is missing."""
    if _QuickLoader is not None:
        with suppress(*TROUBLES):
            return _QuickLoader(text).get_single_node()
    return None


def _find_quick_loader() -> Callable[[str], _Strict] | None:
    """Return the loader over libyaml, which PyYAML can be built without."""
    try:
        from yaml.cyaml import CParser  # type: ignore[attr-defined]
    except ImportError:
        return None

    class QuickLoader(_Strict, CParser, SafeConstructor, Resolver):
        def __init__(self, text: str) -> None:
            CParser.__init__(self, text)
            Composer.__init__(self)
            SafeConstructor.__init__(self)
            Resolver.__init__(self)

    return QuickLoader


_QuickLoader = _find_quick_loader()


MAX_BYTES = 2_000_000

ID_MAX = 32

ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")

_SURROGATE = re.compile("[\ud800-\udfff]")

_TAG = "tag:yaml.org,2002:"


@lru_cache(maxsize=256)
def quoted(text: str) -> str:
    """Return hostile text fit to stand in a fault's sentence: one short line in quotation marks."""
    return f"“{_to_line(text, 60)}”"


class YamlReader:
    """One file and what was found wrong in it.

    Args:
        file: what the faults name.
        above: lines of the file above the YAML that is read.
    """

    def __init__(self, file: Path, above: int = 0) -> None:
        self.file = file
        self.faults: list[Fault] = []
        self.above = above

    def fault(self, where: yaml.Node | int, sentence: str) -> None:
        """Note a fault at a node or at a line of the file."""
        self.faults.append(Fault(self.file, self.line(where), sentence))

    def in_order(self) -> list[Fault]:
        """Return what was found wrong, by line."""
        return sorted(self.faults, key=lambda fault: fault.line)

    def line(self, where: yaml.Node | int) -> int:
        """Return the line of the file on which a node begins."""
        return where if isinstance(where, int) else int(where.start_mark.line) + 1 + self.above

    def read(self) -> str | None:
        """Return the file's text, or None with a fault."""
        try:
            with self.file.open("rb") as stream:
                data = stream.read(MAX_BYTES + 1)
        except FileNotFoundError:
            self.fault(1, "The file is missing.")
            return None
        except OSError as error:
            self.fault(1, f"I can't read this file: {error.strerror or 'unknown reason'}.")
            return None
        if len(data) > MAX_BYTES:
            self.fault(1, f"This file is larger than {MAX_BYTES // 1_000_000} MB.")
            return None
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            self.fault(data.count(b"\n", 0, error.start) + 1, "This file is not UTF-8 text.")
            return None

    def root(self) -> yaml.Node | None:
        """Return the root of the file's YAML, or None with a fault."""
        text = self.read()
        return None if text is None else self.compose(text)

    def compose(self, text: str) -> yaml.Node | None:
        """Return the root of a YAML text, or None with a fault."""
        if (root := sound(text)) is not None:
            return root
        loader = None
        try:
            loader = Loader(text)
            root = loader.get_single_node()
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line, problem = mark.line if mark else 0, str(error.problem)
            if type(error) is not yaml.MarkedYAMLError:  # not our own refusal
                problem = _FIXES.get(problem, "check the quotes, colons and indentation")
        except yaml.reader.ReaderError as error:
            line, problem = text.count("\n", 0, error.position), "remove the control character"
        except TROUBLES:
            line, problem = loader.line if loader else 0, "I can't read the rest of the file"
        else:
            if root is None:
                self.fault(1 + self.above, "This is empty.")
            return root
        self.fault(line + 1 + self.above, f"This is not YAML: {_to_line(problem, 120)}.")
        return None

    def fields(self, node: yaml.Node, what: str, needed: Sequence[str], optional: Sequence[str] = ()) -> MappingReader:
        """Return the values of a mapping by key; unknown, repeated and missing keys are faults."""
        values: dict[str, yaml.Node] = {}
        if not isinstance(node, yaml.MappingNode):
            self.fault(node, f"{_capitalize(what)} must be keys and values.")
            return MappingReader(self, node, values)
        known = (*needed, *optional)
        for key, value in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else "?"
            if name in values:
                self.fault(key, f"The key {quoted(name)} appears twice.")
            elif name in known:
                values[name] = value
            else:
                close = difflib.get_close_matches(name[:40], known, 1)
                hint = f". Did you mean {quoted(close[0])}?" if close else "."
                self.fault(key, f"{_capitalize(what)} can't have the key {quoted(name)}{hint}")
        for name in needed:
            if name not in values:
                self.fault(node, f"{_capitalize(what)} needs the key {quoted(name)}.")
        return MappingReader(self, node, values)

    def text(self, node: yaml.Node, what: str, most: int) -> str:
        """Return a text in one line, of 1 to `most` characters; on a fault what there is of it."""
        if not isinstance(node, yaml.ScalarNode):
            self.fault(node, f"{what} must be text.")
            return ""
        text = " ".join(node.value.split())
        if not text or node.tag == _TAG + "null":
            self.fault(node, f"{what} is empty.")
            return ""
        if node.tag != _TAG + "str":
            self.fault(node, f"{what} must be text: put {quoted(text)} in quotation marks.")
        elif markup.clean(text) != text or _SURROGATE.search(text):
            self.fault(node, f"{what} contains an invisible character.")
        elif len(text) > most:
            self.fault(node, f"{what} has {len(text)} characters. The limit is {most}.")
        return text

    def ident(self, node: yaml.Node, what: str) -> str:
        """Return an id: lower-case words joined by hyphens, at most 32 characters."""
        before = len(self.faults)
        text = self.text(node, what, ID_MAX)
        if len(self.faults) == before and not ID.fullmatch(text):
            self.fault(node, f"{what} must be lower-case words joined by hyphens, not {quoted(text)}.")
        return text


class MappingReader:
    """The values of one mapping; a key that is not there was told already and reads as an empty value."""

    def __init__(self, reader: YamlReader, node: yaml.Node, values: dict[str, yaml.Node]) -> None:
        self.reader = reader
        self.node = node
        self._values = values

    def __contains__(self, key: str) -> bool:
        """Say whether the key is there, even without a value."""
        return key in self._values

    def has(self, key: str) -> bool:
        """Say whether the key is there with a value."""
        return key in self._values and self._values[key].tag != _TAG + "null"

    def has_list(self, key: str) -> bool:
        """Say whether the key is there with a list, even an empty one."""
        return isinstance(self._values.get(key), yaml.SequenceNode)

    def at(self, key: str) -> yaml.Node:
        """Return the node of the key's value, or of the whole mapping."""
        return self._values.get(key, self.node)

    def text(self, key: str, most: int) -> str:
        """Return a text in one line, of 1 to `most` characters."""
        return self.reader.text(self._values[key], quoted(key), most) if key in self._values else ""

    def may_text(self, key: str, most: int) -> str:
        """Return a text in one line, or nothing where it is still to be written."""
        node = self._values.get(key)
        is_blank = isinstance(node, yaml.ScalarNode) and not node.value.strip()
        return self.text(key, most) if self.has(key) and not is_blank else ""

    def may_items(self, key: str) -> list[yaml.Node]:
        """Return the nodes of a list, none where it is still to be written."""
        return self.items(key) if self.has(key) else []

    def ident(self, key: str = "id") -> str:
        """Return an id: lower-case words joined by hyphens, at most 32 characters."""
        return self.reader.ident(self._values[key], quoted(key)) if key in self._values else ""

    def items(self, key: str) -> list[yaml.Node]:
        """Return the nodes of a list."""
        node = self._values.get(key)
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode):
            self.reader.fault(node, f"{quoted(key)} must be a list; an empty one is written [].")
            return []
        return list(node.value)

    def whole(self, key: str, low: int, high: int) -> int:
        """Return a whole number from `low` to `high`."""
        node = self._values.get(key)
        if node is None:
            return low
        is_whole = isinstance(node, yaml.ScalarNode) and node.tag == _TAG + "int"
        if is_whole and re.fullmatch(r"\d{1,9}", node.value) and low <= int(node.value) <= high:
            return int(node.value)
        self.reader.fault(node, f"{quoted(key)} must be a whole number from {low} to {high}.")
        return low

    def decimal(self, key: str) -> float:
        """Return a number, written plainly or with an exponent."""
        node = self._values.get(key)
        if node is None:
            return 0.0
        if isinstance(node, yaml.ScalarNode) and re.fullmatch(r"-?\d{1,15}(\.\d{1,15})?(e[-+]?\d{1,2})?", node.value):
            return float(node.value)
        self.reader.fault(node, f"{quoted(key)} must be a number such as 0.25, 1200 or 1e-5.")
        return 0.0

    def block(self, key: str, lines: int, width: int) -> str:
        """Return a text of at most so many lines, each of at most so many characters, as it stands."""
        node = self._values.get(key)
        if node is None:
            return ""
        if not isinstance(node, yaml.ScalarNode) or node.tag != _TAG + "str" or not node.value.strip():
            self.reader.fault(node, f"{quoted(key)} must be lines of text.")
            return ""
        text = str(node.value).rstrip().expandtabs(4)
        rows = text.split("\n")
        if markup.clean(text) != text or _SURROGATE.search(text):
            self.reader.fault(node, f"{quoted(key)} contains an invisible character.")
        elif len(rows) > lines or max(map(len, rows)) > width:
            self.reader.fault(node, f"{quoted(key)} has at most {lines} lines of {width} characters.")
        return text

    def day(self, key: str) -> date | None:
        """Return a date."""
        node = self._values.get(key)
        if node is None:
            return None
        try:
            if isinstance(node, yaml.ScalarNode) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", node.value):
                return date.fromisoformat(node.value)
        except ValueError:
            pass
        self.reader.fault(node, f"{quoted(key)} must be a date such as 2026-12-31.")
        return None

    def url(self, key: str) -> str:
        """Return a web address that can stand in a link."""
        if key not in self._values:
            return ""
        before = len(self.reader.faults)
        text = self.text(key, 500)
        if len(self.reader.faults) == before:
            try:
                return parse_url(text)
            except BadInput:
                self.reader.fault(self.at(key), f"{quoted(text)} is not an http or https address that can be linked.")
        return text

    def one_of(self, key: str, choices: Sequence[str]) -> str:
        """Return one of the words that are allowed."""
        if key not in self._values:
            return ""
        node = self._values[key]
        if isinstance(node, yaml.ScalarNode) and node.value in choices:
            return str(node.value)
        self.reader.fault(node, f"{quoted(key)} must be one of {', '.join(choices)}.")
        return ""


def _to_line(text: str, most: int) -> str:
    """Return hostile text as one line that any terminal can print."""
    text = " ".join(markup.clean(_SURROGATE.sub("?", text)).split())
    return markup.clip(text, most)


def _capitalize(text: str) -> str:
    return text[:1].upper() + text[1:]
