"""A Call: a command with its raw arguments, made from a slash command, a button, a form or a line of text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from urllib.parse import quote, unquote

from bot.messages.characters import make_valid

PACKED_MAX = 76
"""Most characters of a packed Call: 100 on the strictest platform, less a post's tag (21) and a reserve."""


DRAFT = "draft"
"""The argument with the id of stored arguments that don't fit on a button; every command takes it."""

INSTEAD, SEEN = "instead", "seen"
"""Hidden arguments of a form: the draft whose preview it corrects, and the state that it was made from."""

WRONG = "wrong"
"""The argument with the fields to correct, for a form that doesn't always ask for all of them."""

MORE = "more"
"""The argument with the page number of an answer too large for one message; every command takes it."""

TURN = "turn"
"""The argument on an answer's buttons that names the answered turn of the conversation."""

GROUP_DIGITS = 18
"""Most digits of a group id, which must fit the database's integer."""


@dataclass(frozen=True)
class Call:
    """A command's name and its arguments as text.

    Args:
        name: one or two words, as declared.
        args: raw values by parameter name; never trusted.
        group: the group of the call, for buttons that are pressed outside the group's room.
        ask: whether to open the command's form instead of running it.
    """

    name: str
    args: Mapping[str, str] = field(default_factory=dict)
    group: int | None = None
    ask: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", make_valid(self.name))
        object.__setattr__(self, "args", MappingProxyType({make_valid(k): make_valid(v) for k, v in self.args.items()}))

    def __hash__(self) -> int:
        return hash(self.pack())

    @property
    def wrong(self) -> tuple[str, ...]:
        """The fields to correct, which its form asks for in addition to the usual ones."""
        return tuple(filter(None, self.args.get(WRONG, "").split(",")))

    def pack(self) -> str:
        """Return the stored text form, `1:name!@group?key=value`, which is the id of a button."""
        name = self.name.replace(" ", ".")
        where = f"@{self.group}" if self.group is not None else ""
        # a tilde separates a packed call from a post's tag, so a packed call must contain none
        pairs = "&".join(f"{k}={quote(v, safe=' :/,+').replace('~', '%7E')}" for k, v in self.args.items())
        return f"1:{name}{'!' if self.ask else ''}{where}{'?' + pairs if pairs else ''}"

    @classmethod
    def unpack(cls, packed: str) -> Call:
        """Parse the text form; an unknown version or shape raises ValueError."""
        version, colon, rest = packed.partition(":")
        if version != "1" or not colon:
            raise ValueError("not a packed call")
        head, _, query = rest.partition("?")
        head, at, group = head.partition("@")
        if at and not (group.isascii() and group.isdigit() and len(group) <= GROUP_DIGITS):
            raise ValueError("not a packed call")
        ask = head.endswith("!")
        name = head.removesuffix("!").replace(".", " ")
        if not name:
            raise ValueError("not a packed call")
        args = {}
        for pair in filter(None, query.split("&")):
            key, _, value = pair.partition("=")
            args[key] = unquote(value)
        return cls(name, args, int(group) if at else None, ask)


def turn_on(buttons: Iterable[Call]) -> str:
    """Return the turn that a message answers, from the Calls of its buttons; "" if it is no answer."""
    return next((turn for call in buttons if (turn := call.args.get(TURN, ""))), "")


def spelled(args: Mapping[str, object]) -> dict[str, str]:
    """Return arguments as text, without those that are None."""
    return {
        key: ("yes" if value else "no") if isinstance(value, bool) else str(value)
        for key, value in args.items()
        if value is not None
    }
