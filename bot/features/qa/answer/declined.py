"""What is said where the notes do not answer: that they do not, what to name, and which word may have been meant."""

from __future__ import annotations

from bot.features.qa.answer import turns as conversation
from bot.features.qa.answer.gists import EXAMPLE
from bot.features.qa.index.retrieval import Found
from bot.features.qa.index.words import stem

DECLINED = "That is not in our notes."
UNCLEAR = "What do you mean{}? Please name it in your question."
UNCLEAR_EXAMPLE = "An example of what? Please name it in your question, or reply to the answer that you mean."


def asked_back(query: conversation.Query) -> str | None:
    """Return what is asked of who names nothing; None where there is nothing to ask back about."""
    if (pointing := conversation.unclear(query)) is None:
        return None
    return UNCLEAR_EXAMPLE if EXAMPLE.search(query.last) else UNCLEAR.format(f' by "{pointing}"' if pointing else "")


def meant(found: Found) -> str | None:
    """Return the word, as the notes write it, that a strange word of a question may have been: likeliest a term."""
    offered = [
        (is_likely, written != word, found.words.holders(stem(word)), written)
        for word, is_likely in found.speller.offered(found.question)
        for written in [found.words.written(word)]
    ]
    return max(offered)[-1] if offered else None
