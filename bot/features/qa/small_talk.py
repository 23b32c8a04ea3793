"""Lines that ask for nothing that could be written into a note. Pure."""

from __future__ import annotations

from bot.core import speech
from bot.features.qa.index.words import content


def is_small_talk(said: str) -> bool:
    """Whether a line asks for nothing that could be written into a note."""
    return not content(said) or speech.read(said).is_manners
