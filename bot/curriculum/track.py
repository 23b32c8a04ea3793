"""A track: a course with its notes and question banks; and lookup of tracks by name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from bot.curriculum.bank import Bank, BankItem
from bot.curriculum.content import Roadmap
from bot.curriculum.exercises import ExerciseFiles
from bot.curriculum.note import Note
from bot.curriculum.pace import CompletionPace
from bot.messages import markup
from bot.messages.errors import NotFound


@dataclass(frozen=True, eq=False)
class Track:
    """A course with its notes and question banks.

    Args:
        notes: by id, in the order of the units.
        banks: by unit id, in the order of the files.
        figures: the .svg files of figures by name, each with a .png beside it.
        pace: completion statistics of people elsewhere.
        exercises: the files of exercises by unit id.
        derived_from: the id of the track that it is derived from; empty if it stands alone.
    """

    roadmap: Roadmap
    notes: Mapping[str, Note]
    banks: Mapping[str, Bank]
    figures: Mapping[str, Path] = field(default_factory=dict)
    derived_from: str = ""
    pace: CompletionPace | None = None
    exercises: Mapping[str, ExerciseFiles] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Return the roadmap's id."""
        return self.roadmap.id

    @property
    def title(self) -> str:
        """Return the roadmap's title."""
        return self.roadmap.title

    @property
    def origin(self) -> str:
        """The id of the track that owns its banks: its own, or the one that it is derived from."""
        return self.derived_from or self.id

    def find_bank(self, unit_id: str) -> Bank | None:
        """Return the questions on a unit; those of its heir on a retired one."""
        return self.banks.get(self.roadmap.heir(unit_id))

    @cached_property
    def items(self) -> Mapping[str, BankItem]:
        """Return every question of its banks by its id."""
        return {item.id: item for bank in self.banks.values() for item in bank.items}


_WORD = re.compile(r"[^\W_]+")
Library = Mapping[str, Track]
"""Every track by its id."""
NONE = (
    "No course is installed. Ask the bot's operator to put a course's folder into `roadmaps` in the data directory, "
    "check it with `trailmate roadmap check`, and restart me."
)


def find(library: Library, text: str) -> Track | None:
    """Return the track with this id or title, or the only one whose title has all the words; else None."""
    name = text.strip().casefold()
    named = next((track for track in library.values() if name in (track.id.casefold(), track.title.casefold())), None)
    words = set(_WORD.findall(name))
    fits = [track for track in library.values() if words <= set(_WORD.findall(track.title.casefold()))] if words else []
    return named or (fits[0] if len(fits) == 1 else None)


def get(library: Library, text: str) -> Track:
    """Return the track that a person names by id or title.

    Raises:
        NotFound: no track matches; lists all.
    """
    track = find(library, text)
    if track is None:
        titles = ", ".join(markup.escape(track.title, 100) for track in library.values())
        raise NotFound(f"There is no course “{markup.escape(text, 40)}”. I have {titles}.", field="course")
    return track


def choose(library: Library, text: str | None) -> Track | None:
    """Return the named track, or the only one; None if there are several and none is named.

    Raises:
        NotFound: none is installed or matches.
    """
    if not library:
        raise NotFound(NONE)
    return get(library, text) if text else only(library)


def only(library: Library) -> Track | None:
    """Return the only track, not counting derived ones; None if there are several."""
    tracks = whole(library)
    return tracks[0] if len(tracks) == 1 else None


def whole(library: Library) -> list[Track]:
    """Return the tracks that aren't derived from another."""
    return [track for track in library.values() if not track.derived_from]
