"""Whether a line asks: as it begins, in a clause of its own, in the order of a chat, or somewhere within. Pure."""

from __future__ import annotations

from bot.core.speech.around import stripped
from bot.core.speech.courtesy import courtesy
from bot.core.speech.tables import asking as table
from bot.core.speech.tables import people
from bot.core.speech.tables.around import ON, RETURNS
from bot.core.speech.words import words_in

TOPIC_WORDS = 6
"""Words of a bare topic, such as `attention heads`; longer text says something."""
MORE_WORDS = 3
"""Words that `and` may add to what was asked before."""
FEW, MANY = 3, 20
"""Words from which on a line may ask in its midst, and up to which one only names things."""
_ONESELF = people.ABOUT_ONESELF - {"my"}
"""What is asked of one's own is still of a thing: `my loss`."""


def is_question(said: str) -> bool:
    """Whether a line asks something: by its mark, or by how it begins where more than one word follows."""
    if table.MARK.search(said):
        return True
    if len(words_in(said)) < 2 or said.rstrip().endswith("!"):
        return False
    return bool(table.VERSUS.search(said) or (table.ASKS.match(said) and not table.TELLS.match(said)))


def asks_after_all(said: str) -> bool:
    """Whether a line that does not begin as a question asks: `my loss is nan, what do i do`, `I don't get what X is`.

    It is judged for a line that is put to the bot; among people much of this is talk.
    """
    if table.WANTS_HINT.match(said):
        return True
    asked = stripped(said)
    if asked != said and is_question(asked):
        return True
    if (returning := RETURNS.match(asked)) is not None:
        return is_question(returning["asked"])
    is_of_people = not (people.AMONG_PEOPLE | people.YOU).isdisjoint(words_in(said))
    if said.rstrip().endswith("!") or is_of_people or people.TELLS_OF_WORK.match(asked):
        return False
    if found := table.ASKS_LATER.search(said):
        return not table.TELLS.match(said[found.start() :])
    return _understands_not(asked) or _chats(asked) or (ON.match(asked) is not None and is_topic(asked))


def _chats(said: str) -> bool:
    """Whether a line without a mark asks as one does in a chat: `lora rank 8 or 64`, `in pandas 3 what changed`."""
    if not (_ONESELF | people.AT_HOME).isdisjoint(words_in(said)) or tells_of_doing(said):
        return False
    if found := table.AND.match(said):
        more = found["more"]
        return len(more.split()) <= MORE_WORDS and is_topic(more) and courtesy(more) is None
    return table.CHATTED.match(said) is not None and not table.TELLS.match(said)


def _understands_not(said: str) -> bool:
    """Whether a line says what is not understood: `I don't get what X is`."""
    found = table.UNDERSTANDS_NOT.match(said)
    if found is None:
        return False
    about = found[found.lastgroup or 0]
    named = {*words_in(about)} - people.NAMES_NOTHING
    is_clear = _ONESELF.isdisjoint(named) if found.lastgroup == "clause" else is_topic(about)
    return bool(named) and is_clear


def asks_within(said: str, terms: int, *, is_known: bool) -> bool:
    """Whether a line that is put to the bot asks though it neither begins nor ends so: `recall@5 how to compute`.

    Args:
        terms: of the notes that it names.
        is_known: whether the notes may well know what it is about; else it asks of what was spoken of, or of no notes.
    """
    words = {*words_in(said)}
    if len(words) < FEW or said.rstrip().endswith("!") or not (is_known or people.POINTING & words):
        return False
    if table.LEADS.match(said):
        return not people.AT_LEISURE & words or terms > 1
    if table.TELLS_FIRST.match(said) or table.REPORTS.search(said) or people.AT_LEISURE & words:
        return False
    return table.INSIDE.search(said) is not None or (terms > 1 and len(words) <= MANY)


def is_topic(said: str) -> bool:
    """Whether a line is a few words about a thing, and nothing about whoever says it."""
    words = words_in(said)
    of_people = people.ABOUT_ONESELF | people.YOU | people.IN_SENTENCES
    return 0 < len(words) <= TOPIC_WORDS and of_people.isdisjoint(words)


def is_about_people(said: str) -> bool:
    """Whether words are of people and their days, or of whoever says them."""
    return not (people.AMONG_PEOPLE | people.YOU | _ONESELF).isdisjoint(words_in(said))


def tells_of_doing(said: str) -> bool:
    """Whether a line begins as one does that tells what somebody did or is about to do."""
    return people.TELLS_OF_DOING.match(said) is not None


def is_to_bot(said: str) -> bool:
    """Whether `you` in a line is one that explains: `can you give an example?`."""
    return table.TO_BOT.search(said) is not None


def is_to_anybody(said: str) -> bool:
    """Whether a line is put to whoever of those present knows: `does anybody have the link?`."""
    return not people.ANYBODY.isdisjoint(words_in(said))


def is_to_people(said: str) -> bool:
    """Whether a line speaks to somebody: what is asked of `you` is not one for the notes."""
    return not people.YOU.isdisjoint(words_in(said))


def is_to_members(said: str) -> bool:
    """Whether a line that names the bot is still said to others: `@jonas can you share it?`, `anyone up for a call?`.

    It is judged for a line in public; a joke that answers itself is said to others too.
    """
    if people.ADDRESS.match(said):
        return True
    if people.MENTION.search(said) and is_to_people(said):
        return True
    if people.TO_ALL.match(said):
        return people.TO_ALL_ABOUT.search(said) is None
    if _answers_itself(said):
        return True
    if is_to_bot(said):
        return False
    name = people.VOCATIVE.match(said)
    return (name is not None and name["name"] not in people.NO_NAMES) or people.PERSONAL_YOU.search(said) is not None


def _answers_itself(said: str) -> bool:
    """Whether words behind the last question mark answer it, as a joke does."""
    *_, rest = table.MARK.split(said)
    words = words_in(people.LAUGHS.sub("", rest))
    if rest == said or not words or not people.ABOUT_ONESELF.isdisjoint(words):
        return False
    return any((people.LAUGHS.search(rest), people.ANSWERS_ITSELF.match(rest), people.RIDDLE.match(said)))
