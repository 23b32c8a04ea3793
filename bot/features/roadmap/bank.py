"""A unit's question bank as a value."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer to choose; `why` says what is wrong with it, and is empty where it is right."""

    text: str
    is_right: bool
    why: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where to read: a note and one of its headings."""

    note: str
    heading: str


@dataclass(frozen=True, slots=True)
class Item:
    """A question with three or four choices, of which exactly one is right.

    Args:
        id: no other item of the roadmap has it.
        kind: recall, apply or compute.
        difficulty: easy, medium or hard.
        why: the reason for the right answer, in plain text.
    """

    id: str
    kind: str
    difficulty: str
    prompt: str
    choices: tuple[Choice, ...]
    why: str
    source: Source


@dataclass(frozen=True, slots=True)
class Bank:
    """The items of one unit, in the order of the file."""

    unit_id: str
    items: tuple[Item, ...]
