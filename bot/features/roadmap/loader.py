"""YAML composed into nodes, which know their lines: without aliases and without bottomless nesting."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn

import yaml
from yaml.composer import Composer
from yaml.constructor import SafeConstructor
from yaml.resolver import Resolver

MAX_DEPTH = 20

TROUBLES = (yaml.YAMLError, ValueError, OverflowError)
"""What comes of a text that is no YAML; an escape such as "\\UFFFFFFFF" ends in the last."""


class _Strict(Composer):
    """Refuses what no honest roadmap has."""

    _depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):  # type: ignore[attr-defined]  # the parser's, which each loader has
            self._refuse("aliases (*name) are not used here")
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


def _quick_loader() -> Callable[[str], _Strict] | None:
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


_QuickLoader = _quick_loader()
