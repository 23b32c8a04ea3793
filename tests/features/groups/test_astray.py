"""A group whose roadmap, or a unit of it that is out, is not installed any more: what still works, and who is told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.curriculum.content import Retired, Roadmap
from bot.curriculum.track import Track
from tests.harness import World, text
from tests.kit import OTHER, ROOM, Partner

HERE: dict[str, Any] = {"platform": "slack", "tenant": "T1", "room": ROOM}
THERE: dict[str, Any] = {"platform": "slack", "tenant": "T1", "room": OTHER}
TRACK = "genai-2026"
GONE = "Night owls can't continue: its course genai-2026 is missing or unusable."
MEND = "restore or fix the folder genai-2026, then run trailmate roadmap reload."


def take_away(w: World) -> Track:
    """Start anew without the roadmap's folder; return the track to put it back."""
    library: Any = w.app.library
    return library.pop(TRACK)  # type: ignore[no-any-return]


def put_back(w: World, track: Track) -> None:
    library: Any = w.app.library
    library[TRACK] = track


def without_first_unit(roadmap: Roadmap) -> Roadmap:
    """Return a roadmap of which somebody has removed the first unit, and the legs that began with it."""
    first = roadmap.phases[0]
    topic = replace(first.topics[0], units=first.topics[0].units[1:])
    phase = replace(first, topics=(topic, *first.topics[1:]))
    return replace(roadmap, phases=(phase, *roadmap.phases[1:]), part_starts=())


def with_units_joined(roadmap: Roadmap, joined: str, first: str, second: str) -> Roadmap:
    """Return the roadmap from before a unit was split: one unit in the place of both halves."""
    whole = replace(roadmap.unit(first), id=joined, title="Both in one")
    phases = []
    for phase in roadmap.phases:
        topics = []
        for topic in phase.topics:
            units = (whole if unit.id == first else unit for unit in topic.units if unit.id != second)
            topics.append(replace(topic, units=tuple(units)))
        phases.append(replace(phase, topics=tuple(topics)))
    retired = tuple(unit for unit in roadmap.retired if unit.id != joined and unit.into not in (first, second))
    return replace(roadmap, phases=tuple(phases), retired=retired)


async def test_posts_go_on_minutes_after_the_roadmap_is_back(w: World, caplog: pytest.LogCaptureFixture) -> None:
    await w.start()
    track = take_away(w)
    await w.after(hours=1)
    assert "Group 1 waits: restore or fix the folder genai-2026, then run trailmate roadmap reload." in caplog.text
    assert "Night owls" not in caplog.text, "what people typed is never in the log"
    assert len(await w.posts()) == 1
    put_back(w, track)
    await w.after(minutes=5)
    assert [p.title[:6] for p in await w.posts()] == ["Welcom", "Unit 1"]


async def test_members_health_and_the_doctor_name_the_roadmap_that_is_gone(w: World) -> None:
    await w.start()
    track = take_away(w)
    assert text(await w.say("ada", "roadmap")) == f"{GONE} Ask the bot's operator to restore it: {MEND}"
    assert f"✗ {GONE} Ask the bot's operator to restore it: {MEND}" in text(await w.say("mo", "doctor"))
    assert f"Group 1 waits: {MEND}" in (await w.app.health({}))["fixes"]
    put_back(w, track)
    assert (await w.app.health({}))["fixes"] == []


async def test_a_unit_that_is_out_and_gone_from_the_roadmap_is_named_to_those_of_its_group_alone(
    wide: World, partner: Partner
) -> None:
    await wide.start(**HERE)
    await wide.after(hours=2)
    track = take_away(wide)
    put_back(wide, replace(track, roadmap=without_first_unit(track.roadmap)))
    unit = track.roadmap.units[0].id
    await wide.start(name="Larks", **THERE)
    for line in ("roadmap", "topic", "topic 3", "ask where are we"):
        said = text(await wide.say("ada", line, **HERE))
        assert f"Night owls can't continue: its course no longer has the unit {unit}" in said
        assert (
            f"give genai-2026/roadmap.yaml the unit {unit} again under its id, then run trailmate roadmap reload."
            in said
        )
    chart = text(await wide.say("mo", "doctor", **THERE))
    assert f"its course no longer has the unit {unit}" in chart
    assert "Next: Unit" in chart
    assert "waits: give genai-2026/roadmap.yaml the unit" in str((await wide.app.health({}))["fixes"])


async def test_a_group_goes_on_when_another_unit_has_taken_in_the_one_that_runs(w: World) -> None:
    await w.begin("ada")
    await w.say("ada", "checkin 30 read it all")
    before = text(await w.say("ada", "progress"))
    track = take_away(w)
    first, second, third = track.roadmap.units[:3]
    merged = replace(without_first_unit(track.roadmap), retired=(Retired(first.id, "The old title", second.id),))
    put_back(w, replace(track, roadmap=merged))
    assert "The old title (1 of 7 in part 1) is due" in text(await w.say("ada", "roadmap"))
    assert text(await w.say("ada", "progress")) == before
    await w.after(days=8)
    assert (await w.posts())[-1].title.startswith(f"Unit 3: {third.title}")


async def test_the_doctor_looks_at_the_other_groups_of_the_server(wide: World, partner: Partner) -> None:
    await wide.start(**HERE)
    await wide.start(name="Larks", **THERE)
    take_away(wide)
    said = text(await wide.say("mo", "doctor", **HERE))
    assert said.count("is missing or unusable") == 2
    assert "✓ I can post here." in said


async def test_such_a_group_can_be_ended_and_members_taken_out_of_it(w: World) -> None:
    await w.begin("ada", "ben")
    track = take_away(w)
    assert "take Ben out of the counts" in text(await w.say("mo", "cohort remove ben"))
    assert "is no longer in Night owls" in text(await w.press("mo", "Remove"))
    asked = await w.say("mo", "cohort end")
    assert GONE in text(asked) and "at once, with no closing post" in text(asked)
    assert (await w.press("mo", "End group")).title == "Night owls has ended"
    assert "Cohort" not in " ".join((await w.app.health({}))["fixes"])
    put_back(w, track)
    await w.tick()
    assert len(await w.posts()) == 2
    assert "ended on" in text(await w.say("ada", "roadmap"))
    await w.start(name="Night owls 2")


async def test_a_group_in_its_ninth_week_goes_on_when_its_unit_is_split_in_two(w: World) -> None:
    track = take_away(w)
    put_back(
        w, replace(track, roadmap=with_units_joined(track.roadmap, "fw-pytorch", "fw-pytorch-loop", "fw-keras-fit"))
    )
    await w.begin("ada", extra="first_unit=12")
    await w.after(days=56)
    assert (await w.posts())[-1].title.startswith("Unit 19: Both in one")
    await w.say("ada", "checkin 30 trained it")
    before = text(await w.say("ada", "progress"))
    put_back(w, track)
    assert text(await w.say("ada", "progress")) == before
    assert (await w.say("ada", "quiz")).title.startswith("Question 1")
    await w.after(days=7)
    assert (await w.posts())[-1].title.startswith(f"Unit 20: {track.roadmap.unit('fw-keras-fit').title}")
