"""A small track on statistics beside the shipped one, written to a folder."""

from __future__ import annotations

from pathlib import Path

import yaml

from bot.curriculum.loader import load_track
from bot.curriculum.track import Track
from tests.curriculum.test_track import outline

NOTES = {
    "boxplots": """\
---
id: boxplots
title: Boxplots
unit: lists
topics: [topic]
answers:
  - {q: what do the whiskers show, heading: What the whiskers show}
  - {q: how is a boxplot drawn, heading: How a boxplot is drawn}
sources: [{title: Exploratory Data Analysis, authors: John W. Tukey, year: 1977}]
---

## How a boxplot is drawn

A boxplot draws a box from the first quartile to the third, with a line at the median. Half of the observations lie
inside the box, so its height is the interquartile range.

## What the whiskers show

The whiskers of a boxplot reach to the furthest observation within one and a half interquartile ranges of the box.
An observation beyond the whiskers is drawn as a point and called an outlier.
""",
    "censuses": """\
---
id: censuses
title: Censuses and surveys
unit: lists
topics: [topic]
answers:
  - {q: why not ask everybody, heading: A census asks everybody}
  - {q: how do i train somebody to interview, heading: Training interviewers}
sources: [{title: Sampling Techniques, authors: William G. Cochran, year: 1977}]
---

## A census asks everybody

A census asks every household of a country, which is slow and dear. A survey asks a random sample of households and
states how far its estimate may be off.

## Training interviewers

An interviewer is trained to read each question out word by word, because a changed wording changes the answers.
""",
}


def statistics(folder: Path) -> Track:
    """Write the track into a folder of its own below this one, and read it."""
    place = folder / "statistics"
    (place / "notes").mkdir(parents=True)
    said = outline(id="statistics", title="Small statistics", unit={"notes": list(NOTES)})
    (place / "roadmap.yaml").write_text(yaml.safe_dump(said, sort_keys=False), encoding="utf-8")
    for note_id, text in NOTES.items():
        (place / "notes" / f"{note_id}.md").write_text(text, encoding="utf-8")
    track, faults = load_track(place)
    assert track is not None, faults
    return track
