"""Compare names by how they look (confusable characters), and check that a name is legible."""

from __future__ import annotations

import unicodedata

from bot.messages import markup

BOT = "Trailmate"
_NEAR_LETTERS = 4
"""Least letters of a name for a typo check; shorter names are too close to everyday words."""
_UNSEEN = {"Mn", "Me", "Mc", "Cf", "Cc", "Cn", "Co", "Cs", "Zl", "Zp", "Zs"}
_BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800")
"""Letters and symbols that are drawn as blank."""
_TELLING = {"Lu", "Ll", "Lt", "Lm", "Lo", "Nd", "Nl", "No", "So"}
_PICTURES = "\U0001f300"
_LIKE = str.maketrans(
    {
        "а": "a",
        "ɑ": "a",
        "α": "a",
        "в": "b",
        "ь": "b",
        "β": "b",
        "с": "c",
        "ϲ": "c",
        "ԁ": "d",
        "е": "e",
        "ε": "e",
        "є": "e",
        "ғ": "f",
        "ɡ": "g",
        "н": "h",
        "һ": "h",
        "і": "i",
        "ї": "i",
        "ι": "i",
        "ı": "i",
        "l": "i",
        "|": "i",
        "1": "i",
        "!": "i",
        "ӏ": "i",
        "ј": "j",
        "к": "k",
        "κ": "k",
        "м": "m",
        "η": "n",
        "ո": "n",
        "п": "n",
        "о": "o",
        "ο": "o",
        "σ": "o",
        "0": "o",
        "օ": "o",
        "р": "p",
        "ρ": "p",
        "ԛ": "q",
        "г": "r",
        "ѕ": "s",
        "5": "s",
        "$": "s",
        "т": "t",
        "τ": "t",
        "υ": "u",
        "ս": "u",
        "ц": "u",
        "ν": "v",
        "ѵ": "v",
        "ѡ": "w",
        "ω": "w",
        "х": "x",
        "χ": "x",
        "у": "y",
        "γ": "y",
        "ү": "y",
        "ᴢ": "z",
        "3": "e",
        "4": "a",
        "7": "t",
        "8": "b",
        "@": "a",
        "ø": "o",
        "ł": "i",
        "đ": "d",
        "ħ": "h",
    }
) | str.maketrans(
    "ꓮꓐꓚꓓꓒꓰꓝꓖꓧꓲꓙꓗꓡꓟꓠꓳꓑꓣꓢꓔꓴꓦꓪꓫꓬꓜᎪᏴᏟᎠᎬᏀᎻᎥᎫᏦᏞᎷᏢᎡᏒᏚᏕᎢᏙᎳᏔᎩᎽᏃᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏ",
    "abcddefghijkimnoprstuvwxyzabcdeghijkimprrsstvwwyyzabcdefghijkimnoprstuvwy",
)
"""Characters that look like a Latin letter; a small part of Unicode's list.

Source: https://www.unicode.org/reports/tr39/#Confusable_Detection, November 2026.
"""
_CAPITALS = str.maketrans("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX")
"""Greek capitals that look like other Latin letters than their lower case does."""
_RESERVED = ("everyone", "here", "channel", "moderator", "moderators", "admin", "admins", "administrator", "someone")


def skeleton(name: str) -> str:
    """Return a form that is equal for names that look alike; empty for an invisible name."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", markup.clean(name)).casefold())
    seen = "".join(c for c in folded if unicodedata.category(c) not in _UNSEEN and c not in _BLANK)
    return seen.translate(_LIKE).replace("rn", "m").replace("vv", "w")


def shapes(name: str) -> frozenset[str]:
    """Return the skeletons of a name with and without the marks around it, and by the look of its capitals."""
    plain = unicodedata.normalize("NFKC", markup.clean(name))
    readings = {
        reading for variant in (plain, plain.translate(_CAPITALS)) for reading in (variant, _strip_marks(variant))
    }
    return frozenset(map(skeleton, readings)) - {""}


def _strip_marks(name: str) -> str:
    """Return a name from its first to its last letter, digit or picture."""
    visible = [at for at, c in enumerate(name) if unicodedata.category(c) in _TELLING or c >= _PICTURES]
    return name[visible[0] : visible[-1] + 1] if visible else ""


def is_legible(name: str) -> bool:
    """Whether a name has at least one visible letter, digit or symbol."""
    cleaned = unicodedata.normalize("NFKC", markup.clean(name))
    return any(unicodedata.category(c)[0] in "LNS" and c not in _BLANK for c in cleaned)


def looks_like(name: str, other: str) -> bool:
    """Whether a reader may confuse the names."""
    return not shapes(name).isdisjoint(shapes(other))


def poses_as_bot(name: str) -> bool:
    """Whether a reader may confuse the name with the bot's."""
    return any(skeleton(BOT) in shape for shape in shapes(name))


def is_reserved(name: str) -> bool:
    """Whether a reader may confuse the name with a word such as "everyone" or "admin"."""
    return any(looks_like(name, word) for word in _RESERVED)


def replace_illegible(name: str) -> str:
    """Return the name if it is legible, else "someone"."""
    return name if is_legible(name) else "someone"


def is_near(typed: str, name: str) -> bool:
    """Whether two words differ by one inserted, deleted, replaced or swapped letter."""
    if typed == name or abs(len(typed) - len(name)) > 1:
        return False
    at = next((i for i, (a, b) in enumerate(zip(typed, name, strict=False)) if a != b), min(len(typed), len(name)))
    left, right = typed[at:], name[at:]
    is_swapped = len(left) > 1 and left[1::-1] == right[:2] and left[2:] == right[2:]
    if len(name) < _NEAR_LETTERS:
        return is_swapped
    return is_swapped or left[1:] == right or left == right[1:] or left[1:] == right[1:]
