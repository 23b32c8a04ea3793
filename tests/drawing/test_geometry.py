"""Where shapes stand: nothing is cut, nothing lies upon what is read, everything is within its frame."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.drawing import board_card, header_card, map_card, motif, progress_card, text
from bot.drawing.drawings import svg
from bot.drawing.shapes import Artwork, Box, Disc, Label, Plate
from tests.drawing.cases import CASES, LONG, NAMES, board, course, header, progress
from tests.examples import examples, sample

MARGIN = 12.0


def faults(artwork: Artwork) -> list[str]:
    """Return what is wrong with a drawing: what leaves its frame, and labels that meet another or a mark."""
    frame = Box(MARGIN, MARGIN, artwork.width - MARGIN, artwork.height - MARGIN)
    shapes = artwork.shapes[1:]
    labels = [shape for shape in shapes if isinstance(shape, Label)]
    marks = [shape for shape in shapes if isinstance(shape, Disc | Plate)]
    outside = [f"{shape} is outside" for shape in shapes if not frame.holds(shape.box)]
    met = [f"{a.text} meets {b.text}" for a, b in combinations(labels, 2) if a.box.overlaps(b.box)]
    return outside + met + [f"{a.text} meets {b}" for a in labels for b in marks if a.box.overlaps(b.box)]


@pytest.mark.parametrize("name", sample(CASES, 4))
def test_what_is_hard_to_draw_is_drawn_within_its_frame(name: str) -> None:
    assert faults(CASES[name]) == []


@examples(30)
@given(st.integers(0, 130), st.integers(0, 130), st.integers(0, 40), st.sampled_from(NAMES), st.integers(0, 99))
def test_any_way_is_drawn_whole(done: int, coming: int, weeks: int, name: str, seed: int) -> None:
    shown = progress(done, coming, name=name, weeks=weeks, seed=seed)
    artwork = progress_card.draw(shown)
    assert faults(artwork) == []
    assert progress_card.draw(progress_card.ProgressCard.read(shown.data())) == artwork


@examples(30)
@given(st.integers(0, 14), st.integers(0, 99), st.text(max_size=80))
def test_any_board_is_drawn_whole(names: int, seed: int, title: str) -> None:
    shown = board(names, seed=seed, title=title)
    artwork = board_card.draw(board_card.BoardCard.read(shown.data()))
    assert faults(artwork) == []
    ElementTree.fromstring(svg(artwork))


@examples(30)
@given(st.text(max_size=60), st.text(max_size=80), st.integers(1, 60))
def test_the_head_of_any_unit_is_drawn_whole(phase_id: str, title: str, number: int) -> None:
    shown = header_card.HeaderCard.read(header(title, phase_id=phase_id, number=number, of=60).data())
    assert faults(header_card.draw(shown)) == []


def test_a_phase_has_one_kind_of_pattern_and_each_unit_its_own_form() -> None:
    frame = Box(0, 0, 152, 128)
    ways = [path.stem for path in Path("roadmap").glob("*") if (path / "roadmap.yaml").exists()]
    assert len(ways) > 2
    for way in ways:
        ids = re.findall(r"^  - id: (\S+)", Path("roadmap", way, "roadmap.yaml").read_text(), re.M)
        assert len({motif.pattern(one) for one in ids}) == len(ids), way
    assert motif.motif("search", frame) == motif.motif("search", frame) != motif.motif("searches", frame)
    drawn = [tuple(motif.motif("search", frame, n)) for n in range(1, 9)]
    assert len(set(drawn)) == 8
    for n in range(60):
        assert all(frame.holds(shape.box) for shape in motif.motif(str(n), frame)), n


def test_each_unit_has_its_mark_and_the_trail_turns_at_the_end_of_a_row() -> None:
    marks = [
        shape
        for shape in CASES["53 units, all of them done"].shapes
        if isinstance(shape, Disc) and shape.radius >= progress_card.RADIUS - 1
    ]
    assert len(marks) == 53
    a_row = progress_card.A_ROW
    assert marks[a_row - 1].x == marks[a_row].x and marks[a_row].y > marks[a_row - 1].y
    assert marks[a_row + 1].x < marks[a_row].x


def test_of_a_way_that_is_too_long_the_newest_units_are_shown() -> None:
    units: list[progress_card.Unit] = [*(["kept"] * 300), *(["to come"] * 100)]  # type: ignore[list-item]
    start, shown = progress_card.window(units)
    assert (start, len(shown)) == (220, progress_card.UNITS)
    assert shown.count("to come") == progress_card.A_ROW


def test_the_bars_are_as_long_as_the_points() -> None:
    rows = tuple(board_card.LeaderboardRow(n, "x", points) for n, points in ((1, 200), (2, 100), (3, 0)))
    bars = [
        shape for shape in board_card.draw(board_card.BoardCard("", "", rows)).shapes[1:] if isinstance(shape, Plate)
    ]
    tracks, filled = [b for b in bars if b.fill == "sunk"], [b for b in bars if b.fill != "sunk"]
    assert len(tracks) == 3 and [b.width / tracks[0].width for b in filled] == [1.0, 0.5]


def test_the_weeks_begin_with_that_in_which_somebody_did_and_are_half_a_year_at_most() -> None:
    shown = progress(3, 3, weeks=1)
    assert len(shown.days) <= 14 and shown.since.weekday() == 0
    assert len(progress(3, 3, weeks=143).days) <= 7 * progress_card.WEEKS


def test_a_square_is_a_week_and_is_deeper_with_each_day_of_study() -> None:
    card = progress_card.ProgressCard("Ada", "Owls", (), 1, 1, 1, 10, date(2026, 9, 7), [0] * 7 + [1, 0, 4] + [0] * 4)
    drawn = progress_card.draw(card).shapes
    assert [shape.fill for shape in drawn[1:] if isinstance(shape, Plate)] == ["sunk", "mild"]
    assert "1 of 2 weeks with study" in [shape.text for shape in drawn if isinstance(shape, Label)]


def test_a_map_keeps_the_parts_around_the_group_and_is_drawn_the_same_from_its_data() -> None:
    whole = course((20,) * 30, at=401, done=400)
    shown = map_card.MapCard.read(whole.data())
    assert sum(len(part.units) for part in shown.parts) <= map_card.UNITS
    assert shown.first <= 401 < shown.first + 20 * len(shown.parts) and shown.first == 20 * (shown.number - 1) + 1
    assert faults(map_card.draw(shown)) == []


@pytest.mark.parametrize("name", [*NAMES, "👩‍👩‍👧" * 30, LONG])
def test_a_name_is_cut_between_whole_characters_and_fits(name: str) -> None:
    for most in (40.0, 90.0, 200.0):
        shown = text.fit(name, most, 16)
        assert text.width(shown, 16) <= most + 1e-6 or shown == "…"
        assert shown == name or shown.endswith("…")
        assert not shown.removesuffix("…").endswith("\u200d")


@pytest.mark.parametrize("since", [date(2026, 11, 30), date(2026, 6, 22), date(2026, 7, 6)])
def test_a_progress_card_labels_every_month_in_which_a_second_week_begins(since: date) -> None:
    days = [1] * (7 * progress_card.WEEKS)
    card = progress_card.ProgressCard("Ada", "Owls", ["kept"], 1, 1, 1, 10, since, days)
    told = [shape.text for shape in progress_card.draw(card).shapes if isinstance(shape, Label)]
    mondays = [f"{since + timedelta(weeks=n):%b}" for n in range(progress_card.WEEKS)]
    assert [m for m in dict.fromkeys(mondays) if mondays.count(m) > 1 and m not in told] == []
    assert faults(progress_card.draw(card)) == []
