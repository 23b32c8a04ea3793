"""A way to a command from code that stands below it, and so cannot import it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.call import DRAFT, Call, spelled


@dataclass(frozen=True)
class Way:
    """A command by its name; the registry refuses at start what leads to none.

    Args:
        takes: those of its parameters that are given on the way.
    """

    name: str
    takes: tuple[str, ...] = ()

    def call(self, cohort: int | None = None, **args: object) -> Call:
        """Return a Call that runs the command; a name that is not given on this way raises TypeError."""
        if wrong := args.keys() - {*self.takes, DRAFT}:
            raise TypeError(f"the way to {self.name} takes no {min(wrong)}")
        return Call(self.name, spelled(args), cohort)

    def ask(self, cohort: int | None = None, **args: object) -> Call:
        """Return a Call that opens the command's form, `args` filled in."""
        call = self.call(cohort, **args)
        return Call(call.name, call.args, call.cohort, ask=True)
