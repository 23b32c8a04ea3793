"""A dialogue that takes up a beginning finds what one finds that lives it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.beginnings import BEGINNINGS
from tests.harness import World, text, world


async def told(w: World) -> list[str]:
    """Have two people begin, and return what is to be seen then."""
    await w.begin("ada", "ben", zone="Asia/Tokyo")
    said = [text(post) for post in await w.posts()]
    return [*said, text(w.last["ada"]), f"{w.clock.now()}", text(await w.say("ada", "progress"))]


async def test_what_is_taken_up_is_what_was_lived(tmp_path: Path) -> None:
    found = []
    for name in ("lived", "taken up"):
        (tmp_path / name).mkdir()
        async with world(tmp_path / name) as w:
            way = w.way("tests.harness.World.begin ('ada', 'ben') {'zone': 'Asia/Tokyo'}")
            assert (way in BEGINNINGS) == (name != "lived")
            found.append(await told(w))
    assert found[0] == found[1]


async def test_a_world_that_somebody_has_changed_lives_its_own(w: World) -> None:
    assert w.way("begin") is not None
    w.eyes.gone.add("general")
    assert w.way("begin") is None
    w.eyes.gone.clear()
    await w.tick()
    assert w.way("begin") is None, "something was written"


async def test_a_test_that_replaces_code_lives_its_own(w: World, monkeypatch: pytest.MonkeyPatch) -> None:
    assert w.way("begin") is None
