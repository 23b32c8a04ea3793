"""A group with two members, and its dashboard over real HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.dashboard.browsing import Site, served
from tests.harness import world


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    """Ada and Ben in a group that Mo moderates, on a free port."""
    async with world(tmp_path, TRAILMATE_PORT=0) as w:
        await w.begin("ada", "ben")
        async with served(w) as made:
            yield made
