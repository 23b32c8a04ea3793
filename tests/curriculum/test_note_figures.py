"""The figures of notes as pictures: those that a note shows, and nothing else that lies in a folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.curriculum import note_renderer
from bot.curriculum.track import Track
from bot.messages.picture import Picture, Unknown
from tests.curriculum.test_track import loaded, track


@pytest.fixture
def small(tmp_path: Path) -> Track:
    """A track with three drawings, of which its second note shows two, the first as its main one."""
    folder = track(tmp_path / "small")
    (folder / "figures").mkdir()
    for name in ("row", "tree", "orphan"):
        (folder / "figures" / f"{name}.svg").write_text(f"<svg>{name}</svg>", encoding="utf-8")
        (folder / "figures" / f"{name}.png").write_bytes(name.encode())
    note = folder / "notes" / "more-lists.md"
    text = note.read_text(encoding="utf-8").replace("topics:", "figure: row\ntopics:")
    text += "\n![Five boxes in *one* row](../figures/row.svg)\n\n![A tree of seven boxes](../figures/tree.svg)\n"
    note.write_text(text, encoding="utf-8")
    return loaded(folder)


def test_a_figure_that_a_note_shows_is_drawn_from_its_files(small: Track) -> None:
    draw = note_renderer.figures({"small": small})
    assert draw({"track": "small", "figure": "tree"}) == Picture(b"tree", b"<svg>tree</svg>")


@pytest.mark.parametrize(
    "data",
    [
        {"track": "small", "figure": "orphan"},
        {"track": "small", "figure": "../notes/lists"},
        {"track": "small"},
        {"track": "../small", "figure": "row"},
        {"track": "small", "figure": "row.svg"},
        {},
    ],
)
def test_nothing_else_is_a_figure(small: Track, data: dict[str, str]) -> None:
    with pytest.raises(Unknown):
        note_renderer.figures({"small": small})(data)


def test_the_main_figure_of_a_unit_is_that_of_its_first_note_that_has_one(small: Track) -> None:
    image = note_renderer.main_image(small, small.roadmap.units[0])
    assert image is not None
    assert (dict(image.data), image.alt) == ({"track": "small", "figure": "row"}, "Five boxes in *one* row")
    assert image.text == "_Figure:_ Five boxes in \\*one\\* row"


def test_a_unit_without_a_figure_has_none(tmp_path: Path) -> None:
    plain = loaded(track(tmp_path / "small"))
    assert note_renderer.main_image(plain, plain.roadmap.units[0]) is None
