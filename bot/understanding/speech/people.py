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

_LEAD = (
    r"^\W*(?:(?:so|and|but|ok|okay|well|um|hm+|hey|hi|hiya|hello|yo|please|pls|also|sorry|thanks|thank you|thx)\b\W*)*"
)
_PERSON = r"(?:<@!?\w{1,40}(?:\|[^>]{0,80})?>|<!(?:channel|here|everyone)[^>]{0,40}>|(?<![\w.])@\w[\w.-]*)"
_YOU = r"(?:you|u|ya|y'?all)\b"

ADDRESS = re.compile(_LEAD.replace("|thanks|thank you|thx", "") + _PERSON, re.IGNORECASE)
"""A line that begins with a mention of somebody is to them; thanks may go to them and the rest to the bot."""
MENTION = re.compile(_PERSON, re.IGNORECASE)

_PERSONAL_YOU = (
    rf"(?:did|have|had|were) {_YOU}(?! (?:mean|got|have)\b)"
    rf"|(?:are|r) {_YOU}(?! (?:supposed|allowed|required|meant|sure|able|expected|forced|better|a|an|the)\b)"
    rf"|(?:do|would) {_YOU} (?:guys |also |already )?(?:want|wanna|like|mind|fancy|feel|agree|plan|happen)\b"
    rf"|(?:you|u) (?:all|both|two|three|guys|lot|folks)\b|y'?all\b"
    r"|(?:is|are|was|were|(?:what|how)'?s) your\b"
    rf"|(?:can|could|will|would) {_YOU} (?:please |also |maybe |possibly )*(?:share|send|lend|forward|upload|post|bring"
    r"|borrow|review|check|look|join|come|meet|call|ping|dm|message|swap|cover|host|present|help|show|give|pass)\b"
    r"(?! (?:me|us) (?:to )?(?:understand|learn|remember|grasp|see|get|with understanding|how|why|what|an? example))"
    r"(?=.*\b(?:me|us|my|our|your|ur|this|it|that|the|with|there|over)\b)"
)
"""Asks what one person did, has or wants: `how do you compute recall` asks it of nobody."""
PERSONAL_YOU = re.compile(rf"\b(?:{_PERSONAL_YOU})", re.IGNORECASE)
VOCATIVE = re.compile(
    r"^\W*(?:(?:[Hh]ey|[Hh]i|[Hh]ello|[Yy]o|[Tt]hanks|[Ss]orry)\W+)?(?P<name>[A-Z][a-z'-]+)(?: ?,|)\s+"
    rf"(?:can|could|will|would|do) {_YOU}"
)
"""Begins with what may be a name, and asks something of them."""
NO_NAMES = frozenset({
    "So", "And", "But", "Ok", "Okay", "Well", "Hey", "Hi", "Hello", "Yo", "Please", "Pls", "Also", "Sorry", "Thanks",
    "Question", "How", "What", "Why", "When", "Where", "Which", "Who", "Then", "Now", "Btw", "Quick", "Bot",
    "Trailmate", "Cool", "Great", "Nice", "Perfect", "Wait", "Maybe", "Alright", "Right", "Yes", "No", "Or", "If",
})  # a table of data # fmt: skip

_ANYBODY = r"(?:any ?one|anybody|some ?one|somebody|every ?one|everybody)\b"
TO_ALL = re.compile(
    _LEAD + rf"(?:(?:does|do|is|are|has|have|did|can|could|will|would|was|were) )?(?:there )?{_ANYBODY}"
    r"|"
    + _LEAD
    + r"(?:who(?: else|'?s| is)? (?:wants?|has|have|is|finds?|thinks?|got|up|in|coming|free|going|doing|did)"
    r"|is it (?:just|only) me)\b",
    re.IGNORECASE,
)
"""Asks whoever is present."""
TO_ALL_ABOUT = re.compile(
    rf"{_ANYBODY}(?: (?:here|else|please|pls|able|to|help|me|us))*"
    r" (?:know|knows|explain|explains|understand|understands|remember|remembers|tell|clarify|idea"
    r"|define|describe|summari[sz]e|compare)\b",
    re.IGNORECASE,
)
"""Asks whoever is present for an explanation, which the notes give as well."""

LAUGHS = re.compile(
    r"(?:\b(?:lol|lmao|rofl|(?:ba)?ha(?:ha)+h?|he(?:he)+|xd|jk)\b|[\U0001F600-\U0001F606\U0001F61B-\U0001F61D\U0001F923])"
    r"[\s.!)]*$",
    re.IGNORECASE,
)
ANSWERS_ITSELF = re.compile(
    r"^\W*(?:be?cause|cause|cuz|coz|to \w+|so (?:it|they|he|she|that)|none|nothing|nobody|neither|depends"
    r"|(?:just |only )?one)\b",
    re.IGNORECASE,
)
"""Begins what answers a question, behind its mark."""
RIDDLE = re.compile(
    _LEAD
    + r"(?:what do (?:you|u) call an?\b|how many .{1,60} does it take to\b|what did (?:the|an?|one) .{1,40}\bsay to\b"
    r"|why did the .{1,40}\bcross the\b|knock,? knock\b)",
    re.IGNORECASE,
)
"""Begins a joke of two parts."""
