"""Answers that a model chooses from the sentences of the notes: one call, and nothing in them can be untrue."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.answers.compose.citations import Quotes
from bot.answers.index.retrieval import Hit
from bot.answers.index.sentences import without_links
from bot.answers.model.prompts import PASSAGES, write_quoting_prompt
from bot.answers.model.replies import strip_reply
from bot.llm.base import Prompt

MOST_CHOSEN = 8
_ID = re.compile(r"\b(\d{1,2})\.(\d{1,3})\b")


def write_candidates_prompt(turns: Sequence[str], hits: Sequence[Hit]) -> Prompt:
    """Write a prompt with every statement of the first passages, each with an id: passage.statement, from 1."""
    chunks = [hit.chunk for hit in hits[:PASSAGES]]
    named = [(f"{chunk.title}: {chunk.heading}", [*map(without_links, chunk.statements)]) for chunk in chunks]
    return write_quoting_prompt(turns, named)


def read_choice(text: str, hits: Sequence[Hit]) -> list[tuple[str, Quotes]]:
    """Return the chosen statements in the order of the reply, each once; ids that don't exist are passed over."""
    chosen: dict[str, Quotes] = {}
    for match in _ID.finditer(strip_reply(text)):
        hit, place = int(match[1]) - 1, int(match[2]) - 1
        if 0 <= hit < min(PASSAGES, len(hits)) and 0 <= place < len(hits[hit].chunk.statements):
            statement = hits[hit].chunk.statements[place]
            chosen.setdefault(statement, ((hit, statement),))
    return [*chosen.items()][:MOST_CHOSEN]
