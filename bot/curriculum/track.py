"""A track: a roadmap with its notes and question banks, and how a person names one of several."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from bot.curriculum.bank import Bank, BankItem
from bot.curriculum.content import Roadmap
from bot.curriculum.note import Note
from bot.curriculum.pace import CompletionPace
from bot.messages import markup
from bot.messages.errors import NotFound


@dataclass(frozen=True, eq=False)
class Track:
    """What a group learns from.

    Args:
        notes: by their ids, in the order of the units that list them.
        banks: by the ids of their units, in the order of the files.
        figures: the drawing of each that notes show, an .svg beside which stands a .png, by its name.
        pace: how those went who have finished it elsewhere.
        cut_from: the id of the track whose units, notes and banks it shares; empty where all are its own.
    """

    roadmap: Roadmap
    notes: Mapping[str, Note]
    banks: Mapping[str, Bank]
    figures: Mapping[str, Path] = field(default_factory=dict)
    cut_from: str = ""
    pace: CompletionPace | None = None

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
        """Return the id of the track whose banks it has: its own, or the one that it is cut out of."""
        return self.cut_from or self.id

    @cached_property
    def items(self) -> Mapping[str, BankItem]:
        """Return every question of its banks by its id."""
        return {item.id: item for bank in self.banks.values() for item in bank.items}


_WORD = re.compile(r"[^\W_]+")
Library = Mapping[str, Track]
"""Every track by its id."""
NONE = (
    "No roadmap is installed. Whoever runs me puts the folder of one into `roadmaps` in the data directory, looks it "
    "through with `trailmate roadmap check`, and restarts."
)


def find(library: Library, text: str) -> Track | None:
    """Return the track that a person means by its id, its title, or words that no other's title has; or None."""
    name = text.strip().casefold()
    named = next((track for track in library.values() if name in (track.id.casefold(), track.title.casefold())), None)
    words = set(_WORD.findall(name))
    fits = [track for track in library.values() if words <= set(_WORD.findall(track.title.casefold()))] if words else []
    return named or (fits[0] if len(fits) == 1 else None)


def get(library: Library, text: str) -> Track:
    """Return the track that a person means by its id or its title.

    Raises:
        NotFound: there is none; names those that there are.
    """
    track = find(library, text)
    if track is None:
        titles = ", ".join(markup.escape(track.title, 100) for track in library.values())
        raise NotFound(f"**Roadmap**: I have {titles}; “{markup.escape(text, 40)}” is none of them.", field="roadmap")
    return track


def choose(library: Library, text: str | None) -> Track | None:
    """Return the track that a person names, or the only one; None where one of several has to be named.

    Raises:
        NotFound: none is installed, or none of those that are is called so.
    """
    if not library:
        raise NotFound(NONE)
    return get(library, text) if text else only(library)


def only(library: Library) -> Track | None:
    """Return the track that is meant where nobody names one: the only one, what is cut out of it aside."""
    tracks = whole(library)
    return tracks[0] if len(tracks) == 1 else None


def whole(library: Library) -> list[Track]:
    """Return the tracks that are not cut out of another."""
    return [track for track in library.values() if not track.cut_from]
