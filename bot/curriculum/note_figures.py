"""The figures of notes as pictures that a reply can name."""

from __future__ import annotations

from collections.abc import Mapping

from bot.curriculum.content import Unit
from bot.curriculum.markdown_body import Figure
from bot.curriculum.track import Library, Track
from bot.messages import markup
from bot.messages.picture import Drawing, Picture, Unknown
from bot.messages.reply import Image

FIGURE = "figure"
ALT_MAX = 1000


def figures(library: Library) -> Drawing:
    """Return what draws the figures that the notes of these tracks show, and nothing else that lies in a folder."""

    def draw(data: Mapping[str, str]) -> Picture:
        track = library.get(data.get("track", ""))
        file = track.figures.get(data.get("figure", "")) if track is not None else None
        if file is None:
            raise Unknown
        return Picture(file.with_suffix(".png").read_bytes(), file.read_bytes())

    return draw


def image(track: Track, figure: Figure) -> Image:
    """Return a figure of a track's notes as a block."""
    alt = markup.clip(markup.clean(figure.alt), ALT_MAX)
    return Image(FIGURE, {"track": track.id, "figure": figure.name}, alt, f"_Figure:_ {markup.prose(alt)}")


def main_image(track: Track, unit: Unit) -> Image | None:
    """Return the main figure of the unit's first note that has one."""
    mains = (track.notes[note_id].figure for note_id in unit.notes)
    return next((image(track, figure) for figure in mains if figure is not None), None)
