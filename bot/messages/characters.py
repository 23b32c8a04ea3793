"""Make text valid Unicode, and remove characters that hide, reverse or overlay text from hostile strings.

Invisible characters that scripts need stay: joiners in Arabic and Indic scripts and in emoji, variation selectors after
characters with variants, and the three flags that use tag characters.
Source: https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point, https://www.unicode.org/reports/tr51/
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

MARKS = 4
"""Most combining marks on one letter; Thai, Hindi, Burmese, Tibetan and pointed Hebrew need no more."""

_NONCHARACTERS = "".join(chr(plane << 16 | low) for plane in range(17) for low in (0xFFFE, 0xFFFF))
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # controls, line feed and tab apart
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    "\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e001f\U000e0080-\U000e00ff"
    f"\U000e01f0-\U000e0fff\ufdd0-\ufdef{_NONCHARACTERS}]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")

_JOINING = (  # Arabic, Syriac, N'Ko and what follows, Indic, Burmese, Khmer, Mongolian
    "[\u0620-\u074f\u0750-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u17b3\u17b6-\u17dd\u1820-\u18aa\ufb50-\ufdcf\ufdf0-\ufdff"
    "\ufe70-\ufefc]"
)
_PICTURE = (
    "[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u24c2\u25a0-\u27bf\u2900-\u297f\u2b00-\u2bff"
    "\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
)
_HAN = "[\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd]"
_TAG = "[\U000e0020-\U000e007f]"
_FLAG = "\U0001f3f4" + "(?:{})\U000e007f".format(
    "|".join("".join(chr(0xE0000 + ord(c)) for c in region) for region in ("gbeng", "gbsct", "gbwls"))
)
_OUT_OF_PLACE = re.compile(
    f"(?P<flag>{_FLAG})|{_TAG}"
    f"|(?<!{_JOINING})\u200c"
    f"|(?<!{_JOINING})(?:(?<!{_PICTURE})(?<!{_PICTURE}\ufe0f)\u200d|\u200d(?!{_PICTURE}))"
    f"|(?<!{_PICTURE})[\ufe0e\ufe0f](?!(?<=[0-9#*].)\u20e3)"
    f"|(?<!{_HAN})[\ufe00-\ufe0d\U000e0100-\U000e01ef]"
    "|(?<![\u1820-\u18aa])[\u180b-\u180d\u180f]"
)
_TRANSPARENT = re.compile("[\u180b-\u180d\u180f\u200c\u200d\ufe00-\ufe0f\U000e0020-\U000e007f\U000e0100-\U000e01ef]")


def clean(text: str) -> str:
    """Return `text` without characters that hide or reverse their neighbours, and with few marks on each letter.

    A lone surrogate becomes U+FFFD. Idempotent.
    """
    if text.isascii() and text.isprintable():
        return text
    text = _HIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    if text.isascii():
        return text
    text = _bound_marks(_SURROGATE.sub("\ufffd", text).replace("\u2800", " "))
    return _OUT_OF_PLACE.sub(lambda match: match["flag"] or "", text)


def _bound_marks(text: str) -> str:
    """Return `text` with at most `MARKS` combining marks on a letter, none of them twice in a row."""
    out: list[str] = []
    count, before = 0, ""
    for char in text:
        if char < "\u0300":
            count, before = 0, char
        elif not _TRANSPARENT.match(char):
            kind = unicodedata.category(char)
            if kind in {"Mn", "Me"}:
                count += 1
                if count > MARKS or char == before:
                    continue
            elif kind != "Mc":
                count = 0
            before = char
        out.append(char)
    return "".join(out)


def make_valid(text: str) -> str:
    """Return text that can be encoded as UTF-8: surrogate pairs are joined, and a lone surrogate becomes U+FFFD."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def make_valid_data(data: Any) -> Any:
    """Make every text in parsed JSON valid."""
    match data:
        case str():
            return make_valid(data)
        case list():
            return [make_valid_data(item) for item in data]
        case dict():
            return {make_valid(str(key)): make_valid_data(item) for key, item in data.items()}
        case _:
            return data
