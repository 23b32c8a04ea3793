"""What a line is that asks nothing of the notes: a greeting, thanks, a look whether somebody is there. Pure."""

from __future__ import annotations

import re
from typing import Literal

Courtesy = Literal["hello", "thanks", "bye", "noted", "there", "who", "lost"]
"""What was meant: "there" asks whether the bot hears, "who" what it is, "lost" says nothing but that help is wanted."""

_HELLO = frozenset({
    "hi", "hello", "helo", "hey", "hiya", "hej", "hei", "heya", "howdy", "yo", "sup", "greetings", "welcome", "aloha",
    "morning", "evening", "afternoon",
    "hallo", "moin", "servus", "grüezi", "guten", "hola", "buenas", "buenos", "bonjour", "bonsoir", "salut", "coucou",
    "ciao", "salve", "buongiorno", "buonasera", "olá", "oi", "ahoj", "cześć", "czesc", "szia", "merhaba", "selam",
    "salam", "shalom", "namaste", "नमस्ते", "привет", "здравствуйте", "مرحبا", "السلام", "konnichiwa", "こんにちは",
    "annyeong", "안녕하세요", "안녕", "nihao", "你好", "您好",
})  # fmt: skip
_THANKS = frozenset({
    "thanks", "thank", "thankyou", "thanx", "thx", "thnx", "tnx", "ty", "tysm", "cheers", "danke", "dank", "dankeschön",
    "merci", "gracias", "grazie", "obrigado", "obrigada", "tack", "dzięki", "спасибо", "arigato", "ありがとう", "谢谢",
    "감사합니다", "شكرا",
})  # fmt: skip
_BYE = frozenset({
    "bye", "goodbye", "byebye", "night", "goodnight", "cya", "farewell", "tschüss", "tschüs", "adios", "adiós", "ade",
    "arrivederci", "revoir",
})  # fmt: skip
_NOTED = frozenset({
    "ok", "okay", "k", "cool", "great", "nice", "awesome", "perfect", "lol", "haha", "hahaha", "yay", "wow", "sure",
    "yes", "yep", "yeah", "no", "nope", "good", "done", "alright", "fine",
})  # fmt: skip
_THERE = frozenset({"test", "testing", "ping"})
_FILLERS = frozenset({
    "you", "all", "everyone", "everybody", "there", "trailmate", "bot", "guys", "team", "folks", "again", "so", "very",
    "much", "a", "lot", "lots", "many", "for", "the", "your", "that", "this", "help", "answer", "it", "and", "my",
    "day", "friend", "mate", "got", "see", "later", "to", "just", "only", "from", "me", "buddy", "dear",
    "tag", "abend", "morgen", "tardes", "días", "dias", "noches", "vielen", "schön", "sehr", "muchas",
    "beaucoup", "mille", "tout", "le", "monde", "au", "عليكم",
})  # fmt: skip
_MOST_WORDS = 8
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_EMOJI = re.compile(r":[a-z0-9_+-]+:", re.IGNORECASE)
_SIGNS: tuple[tuple[Courtesy, str], ...] = (("hello", r"👋|:wave:"), ("thanks", r"🙏|❤|:pray:|:heart:"))
"""What is meant by a picture where no word stands beside it."""

_BEFORE = r"^\W*(?:(?:hi|hello|hey|hallo|hola|ok|okay|so|and|but|um|please|sorry|trailmate)\b\W*)*"
_AFTER = r"(?:\W*\b(?:there|trailmate|bot|today|now|please|actually|really|again|then|mate|guys|all)\b)*\W*$"
_LINES: tuple[tuple[Courtesy, str], ...] = (
    (
        "who",
        r"(?:(?:are|r) (?:you|u)|is (?:this|that|it|trailmate)|am i (?:talking|speaking|writing|chatting) (?:to|with))"
        r"(?: really| actually| just| even)?(?: (?:an?|the))?(?: real| actual| live)?"
        r"(?: (?:bot|robot|ro?bot or (?:a )?human|human(?: being)?|person|real|machine|ai|a\.i\.|computer|program|llm"
        r"|chat ?bot|chat ?gpt|gpt|alive|man or (?:a )?machine))(?: or (?:an? )?(?:bot|human|person|real))?",
    ),
    ("who", r"(?:who|what) (?:are|r) (?:you|u)|who(?:'?s| is) this|what(?:'?s| is) your name"),
    ("who", r"(?:who|what)(?:'?s| is) (?:trailmate|this bot)"),
    ("hello", r"how(?:'?s| is) (?:it going|life|everything|your day)|how (?:are|r) (?:you|u)(?: doing)?"),
    ("hello", r"how do you do|what'?s up|wha?ss?up|nice to meet you|pleased to meet you|good to (?:see|meet) you"),
    ("there", r"(?:(?:are|r) )?(?:you|u) (?:still )?(?:there|here|awake|alive|online|up|listening|working|ok)"),
    ("there", r"(?:is )?any(?:one|body)(?: (?:is )?(?:there|here|home))?|is this (?:thing )?(?:on|working)"),
    ("there", r"(?:can|do) you (?:hear|read|see|understand) (?:me|this|us)|(?:do|does) (?:you|it|this bot) work"),
    ("lost", r"huh|what|eh|hm+|uh|what now|now what|idk|no (?:idea|clue)"),
    ("lost", r"(?:i'?m|i am|i feel) (?:so |totally |completely |a bit )?(?:lost|confused|stuck)"),
    ("lost", r"i (?:do not|don'?t) (?:know|understand|get it)(?: what to do)?"),
)  # fmt: skip
_READ = tuple((kind, re.compile(f"{_BEFORE}(?:{line}){_AFTER}", re.IGNORECASE)) for kind, line in _LINES)
_QUERY = re.compile(r"^[\s?¿!]*[?¿][\s?¿!]*$")


def courtesy(said: str) -> Courtesy | None:
    """Return what a line means by way of manners; None if it says anything else."""
    if _QUERY.match(said):
        return "lost"
    if found := next((kind for kind, line in _READ if line.match(said)), None):
        return found
    words = [_short(word) for word in _WORD.findall(_EMOJI.sub(" ", said))]
    if not words:
        return next((kind for kind, sign in _SIGNS if re.search(sign, said, re.IGNORECASE)), "noted")
    if said.strip(" !?.,").casefold() in _HELLO:
        return "hello"
    if len(words) > _MOST_WORDS or not all(word in _KNOWN or word.isdigit() for word in words):
        return None
    return next((kind for kind, heads in _HEADS if heads & set(words)), None)


_HEADS: tuple[tuple[Courtesy, frozenset[str]], ...] = (
    ("thanks", _THANKS), ("bye", _BYE), ("hello", _HELLO), ("there", _THERE), ("noted", _NOTED),
)  # fmt: skip
_KNOWN = frozenset(_FILLERS).union(*(heads for _, heads in _HEADS))


def _short(word: str) -> str:
    """Return a word in small letters, and none that somebody held: `heyyy`."""
    return re.sub(r"([^\W\d])\1{2,}", r"\1", word.casefold())
