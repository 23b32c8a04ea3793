"""Words and beginnings by which a line is of people and what they do, rather than of what notes hold."""

from __future__ import annotations

import re

ABOUT_ONESELF = {"i", "i'm", "im", "i've", "ive", "i'll", "me", "my", "mine", "we", "we're", "we've", "us", "our"}

YOU = {"you", "your", "yours", "you're", "u", "ur", "ya", "y'all"}

IN_SENTENCES = {
    "is", "was", "were", "are", "am", "isn't", "wasn't", "will", "won't", "would", "has", "have", "had", "did",
    "didn't", "does", "doesn't", "don't", "can't", "cannot", "couldn't", "go", "going", "gone", "went", "got", "let",
    "let's", "it's", "that's", "sorry", "please", "maybe", "today", "tomorrow", "tonight", "yesterday", "later",
    "soon", "lol",
}  # a table of data # fmt: skip
"""Words that a sentence of chat has and the name of a thing has not."""

ANYBODY = {"anyone", "anybody", "someone", "somebody", "everyone", "everybody", "guys", "folks", "team", "y'all"}

AT_HOME = {
    "boss",
    "wife",
    "husband",
    "girlfriend",
    "boyfriend",
    "partner",
    "mom",
    "dad",
    "sister",
    "brother",
    "team",
    "boys",
    "girls",
}

_PERSONAL = frozenset({
    "we", "we're", "us", "our", "he", "she", "him", "her", "his", "everyone", "anyone", "me", "myself", "sick", "ill",
    "holiday", "vacation", "family", "kids", "late", "leave", "meeting", "monday", "tuesday", "wednesday", "thursday",
    "friday", "saturday", "sunday", "weekend", "today", "tonight", "tomorrow", "yesterday", "deadline", "group", "exam",
})  # a table of data # fmt: skip
AMONG_PEOPLE = _PERSONAL | {
    "we've", "we'll", "ours", "they", "surgery", "hospital", "doctor", "health", "depression", "anxiety", "tired",
    "sad", "job", "money", "quit", "leaving", "meet", "call", "week",
}  # a table of data # fmt: skip
"""Words of what people tell each other of themselves: a line that has one asks only as `is_question` has it."""
AT_LEISURE = _PERSONAL | {
    "somebody",
    "someone",
    "guys",
    "folks",
    "lunch",
    "dinner",
    "coffee",
    "party",
    "join",
}
"""Words of what people arrange: a line that has one asks nothing in its midst."""

NAMES_NOTHING = {
    "it", "this", "that", "these", "those", "them", "is", "are", "means", "does", "a", "an", "the", "something",
    "anything", "everything", "happened", "happens", "happening", "to", "do", "going", "on", "go", "say",
}  # a table of data # fmt: skip

POINTING = {"it", "this", "that", "they", "them", "these", "those"}

DECLINES = {
    "no", "not", "now", "wait", "stop", "nothing", "never", "mind", "cancel", "need", "worries", "problem",
    "way", "idea", "good", "fine", "ok", "okay", "enough", "all", "everything", "thanks",
}  # a table of data # fmt: skip
"""Words of a line that wants nothing, where others put something in the place of what was answered."""

TELLS_OF_DOING = re.compile(
    r"^\W*(?:finally|just|still|solved|skipped|completed|started|tried|made|went|took|got|feel(?:ing)?|gave|told|wrote"
    r"|showed|taught|walked|talked|learn(?:ed|t)|summari[sz]ed|explained|struggled|broke|forgot|been|wanna|gonna"
    r"|need an?|id like|say (?:hi|hello)|trouble|lost(?! in)|(?:gimme|give me) an? (?:min|sec|minute|second|moment))\b"
    r"|^\W*(?:my )?plan:",
    re.IGNORECASE,
)

TELLS_OF_WORK = re.compile(
    r"^\W*(?:i )?(?:just )?(?:read|did|done|finished|watched|studied|learn(?:ed|t)|worked|wrote|spent|log|today"
    r"|yesterday|was|were|am(?! (?:\w+ )?(?:stuck|confused)\b)|talked|discussed|asked|said|told"
    r"|(?:my |the )?(?:plan|goal|task|notes?|homework|reading|title|link|chapter|part|unit|section|paper))\b",
    re.IGNORECASE,
)
