"""What the rest of the program asks of a model."""

from __future__ import annotations

from typing import Protocol


class Model(Protocol):
    """Anything that answers a prompt; a class satisfies it by having the method, without inheriting."""

    # TODO: declare the one method that StandIn and RemoteModel share, with its types and `...` as its body
