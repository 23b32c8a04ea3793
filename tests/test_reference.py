"""The reference pages in docs/ are current."""

from __future__ import annotations

from datetime import date

import pytest

from bot.commands.parameter_types import Kind, parse
from bot.commands.parsing import split
from bot.runtime.catalogue import registry
from tools.reference import DOCS, PAGES, VALUES, render


@pytest.mark.parametrize("name", PAGES)
def test_a_reference_page_is_current(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == render(name), "run `python -m tools.reference`"


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, (_, texts) in VALUES.items() for text in texts])
def test_the_examples_of_values_can_be_typed(kind: Kind, text: str) -> None:
    parse(kind, text, date(2026, 12, 1))


def test_an_option_may_be_typed_after_the_text() -> None:
    checkin = registry().find("checkin")
    assert checkin is not None

    assert split(checkin, "45 read two papers unit=7") == {"minutes": "45", "note": "read two papers", "unit": "7"}
