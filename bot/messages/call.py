"""A command with its raw arguments: what a slash command, a button, a form and a line of text all are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from urllib.parse import quote, unquote

from bot.base.encoding import valid

PACKED_MAX = 76
"""Characters of a packed Call: 100 of the strictest platform, less a post's tag of 21 and a spare for upgrades."""


DRAFT = "draft"
"""The argument that names what was typed, where no button can carry it; every command takes it."""

INSTEAD, SEEN = "instead", "seen"
"""The arguments that a form carries unseen: the draft whose preview it corrects, and what it rests on."""

WRONG = "wrong"
"""The argument that names the fields to correct, where the form does not always ask for all of them."""

MORE = "more"
"""The argument that names the page to show of an answer that one message does not hold; every command takes it."""

TURN = "turn"
"""The argument that names the turn of a conversation whose answer a message is, on a button of that message."""

COHORT_DIGITS = 18
"""What a database's number holds; a longer one is no cohort."""


@dataclass(frozen=True)
class Call:
    """A command's name and its arguments as text.

    Args:
        name: one or two words, as declared.
        args: raw values by parameter name; never trusted.
        cohort: the cohort it was meant for, where a button leaves its room.
        ask: open the command's form instead of running it.
    """

    name: str
    args: Mapping[str, str] = field(default_factory=dict)
    cohort: int | None = None
    ask: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", valid(self.name))
        object.__setattr__(self, "args", MappingProxyType({valid(k): valid(v) for k, v in self.args.items()}))

    def __hash__(self) -> int:
        return hash(self.pack())

    @property
    def wrong(self) -> tuple[str, ...]:
        """The fields to correct that its form asks for beside the usual."""
        return tuple(filter(None, self.args.get(WRONG, "").split(",")))

    def pack(self) -> str:
        """Return the public text form, `1:name!@cohort?key=value`: a button's id, readable after any restart."""
        name = self.name.replace(" ", ".")
        where = f"@{self.cohort}" if self.cohort is not None else ""
        # a tilde parts a packed call from a post's tag, so none may stand inside one
        pairs = "&".join(f"{k}={quote(v, safe=' :/,+').replace('~', '%7E')}" for k, v in self.args.items())
        return f"1:{name}{'!' if self.ask else ''}{where}{'?' + pairs if pairs else ''}"

    @classmethod
    def unpack(cls, packed: str) -> Call:
        """Read the text form back; a form of an unknown version or shape raises ValueError."""
        version, colon, rest = packed.partition(":")
        if version != "1" or not colon:
            raise ValueError("not a packed call")
        head, _, query = rest.partition("?")
        head, at, cohort = head.partition("@")
        if at and not (cohort.isascii() and cohort.isdigit() and len(cohort) <= COHORT_DIGITS):
            raise ValueError("not a packed call")
        ask = head.endswith("!")
        name = head.removesuffix("!").replace(".", " ")
        if not name:
            raise ValueError("not a packed call")
        args = {}
        for pair in filter(None, query.split("&")):
            key, _, value = pair.partition("=")
            args[key] = unquote(value)
        return cls(name, args, int(cohort) if at else None, ask)


def turn_on(buttons: Iterable[Call]) -> str:
    """Return the turn whose answer a message is, by the Calls of its buttons; "" if it is no answer."""
    return next((turn for call in buttons if (turn := call.args.get(TURN, ""))), "")


def spelled(args: Mapping[str, object]) -> dict[str, str]:
    """Return arguments as text, without those that are None."""
    return {
        key: ("yes" if value else "no") if isinstance(value, bool) else str(value)
        for key, value in args.items()
        if value is not None
    }
