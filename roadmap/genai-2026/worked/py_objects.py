"""What the note on classes states: lookups, hashing, dataclasses, protocols, and classes counted with composition."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from math import prod
from typing import Protocol, runtime_checkable

# versions: typing.override is new in Python 3.12, copy.replace in 3.13


def with_subclasses(*variations: int) -> int:
    """One class for each combination."""
    return prod(variations)


def with_parts(*variations: int) -> int:
    """One class for each part; the class that joins them comes on top."""
    return sum(variations)


assert (with_subclasses(3, 4, 2), with_parts(3, 4, 2)) == (24, 9)
assert with_subclasses(1, 4, 2) == 8  # each new format of the story
assert (with_subclasses(5, 3, 4), with_parts(5, 3, 4)) == (60, 12)  # "Check yourself"


class Account:
    """A balance that only deposits change."""

    def __init__(self, balance: int) -> None:
        self._balance = balance

    @property
    def balance(self) -> int:
        """Read without brackets."""
        return self._balance

    @classmethod
    def from_text(cls, text: str) -> "Account":
        """A second way to build one."""
        return cls(int(text))

    def broken():  # type: ignore[misc]  # noqa: ANN201, D102, N805, RUF100
        pass


ACCOUNT = Account.from_text("10")
assert ACCOUNT.balance == 10
try:
    ACCOUNT.broken()
except TypeError as error:
    assert "takes 0 positional arguments but 1 was given" in str(error)
try:
    ACCOUNT.balance = -1  # type: ignore[misc]
except AttributeError:
    BLOCKED = True
assert BLOCKED


class Point:
    """Equality without a hash."""

    def __init__(self, x: int) -> None:
        self.x = x

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Point) and self.x == other.x


assert Point(1) == Point(1)
assert Point.__hash__ is None


@dataclass
class Plain:
    """Annotations are not checked at run time."""

    age: int


assert Plain("ten").age == "ten"  # type: ignore[arg-type, comparison-overlap]
assert Plain.__hash__ is None
try:
    dataclass(type("Shared", (), {"__annotations__": {"tags": list}, "tags": []}))
except ValueError:
    REFUSED = True
assert REFUSED


@runtime_checkable
class Sender(Protocol):
    """Anything that sends a text."""

    def send(self, text: str) -> None:
        """Send it."""


class WrongSignature:
    """The right name with the wrong arguments."""

    def send(self) -> None:
        """Sends nothing."""


assert isinstance(WrongSignature(), Sender)  # names only


class Club(ABC):
    """Refuses instances until the method is there."""

    @abstractmethod
    def rule(self) -> str:
        """To be written by members."""


try:
    Club()  # type: ignore[abstract]
except TypeError:
    STOPPED = True
assert STOPPED


class Cart:
    """One list for every instance."""

    items: list[str] = []  # noqa: RUF012


A, B = Cart(), Cart()
A.items.append("tea")
assert B.items == ["tea"]
