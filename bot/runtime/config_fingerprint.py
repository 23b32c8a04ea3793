"""What all processes of one bot should have alike, each as a mark that tells nothing of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import blake2b

from pydantic import SecretStr

from bot.curriculum.track import Track
from bot.runtime.settings import Settings, shared_settings

ROADMAPS = "roadmaps"


def of_settings(settings: Settings) -> dict[str, str]:
    """Return a mark of each setting that all should have alike."""
    given = {str(field.validation_alias): getattr(settings, name) for name, field in Settings.model_fields.items()}
    return {name: _hash_text(_format_value(given[name])) for name in shared_settings()}


def of_roadmaps(tracks: Iterable[Track]) -> Mapping[str, str]:
    """Return a mark of which roadmaps are installed, with which units and notes."""
    parts = sorted((track.id, *(unit.id for unit in track.roadmap.units), *track.notes) for track in tracks)
    return {ROADMAPS: _hash_text(str(parts))}


def _format_value(value: object) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return str(sorted(map(str, value)) if isinstance(value, frozenset) else value)


def _hash_text(text: str) -> str:
    """Return four letters: enough to see a difference, too few to guess a secret by."""
    return blake2b(text.encode(), digest_size=2).hexdigest()
