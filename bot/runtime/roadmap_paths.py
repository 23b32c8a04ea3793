"""Which roadmaps are installed: those of the package, and whoever runs the bot puts their own beside them."""

from __future__ import annotations

from pathlib import Path

from bot.base.files import bundled
from bot.curriculum import start_cache
from bot.curriculum.shelf import CourseShelf
from bot.curriculum.start_cache import StartCache
from bot.runtime.settings import Settings


def roots(settings: Settings) -> tuple[Path, ...]:
    """Return the folders in which roadmaps stand; where two have the same id, the first one's is used."""
    named = () if settings.roadmap_dir is None else (settings.roadmap_dir.expanduser(),)
    places = {place.resolve(): place for place in (*named, own_root(settings), bundled("roadmap"))}  # each once
    return tuple(reversed(places.values()))


def own_root(settings: Settings) -> Path:
    """Return the folder of own roadmaps that needs no setting; it need not be there."""
    return settings.data_dir.expanduser() / "roadmaps"


def installed(settings: Settings) -> CourseShelf:
    """Read every roadmap; a folder that cannot be used stands beside them with the reason."""
    return kept_of(settings).library


def kept_of(settings: Settings) -> StartCache:
    """Return the same with what an earlier start has made of it for the index."""
    from bot.llm.embedded import FOLDER, VOCABULARY_FILE  # its words are none that are misspelt

    return start_cache.load(roots(settings), settings.data_dir.expanduser(), [FOLDER / VOCABULARY_FILE])
