"""What a refusal's reader is still to be told: a refusal is an answer too."""

from __future__ import annotations

from typing import TypeVar

from bot.core.policy import WHOEVER
from bot.core.ports import Epilogue, Identify, Run
from bot.core.refusal import fault
from bot.core.reply import Reply
from bot.core.turn import Turn

W = TypeVar("W")


async def with_more(turn: Turn, reply: Reply, epilogue: Epilogue[W], run: Run[W], identify: Identify[W]) -> Reply:
    """Return a refusal with what else there is to tell; on any trouble it stands alone, and that waits."""

    def tell(work: W) -> Reply | None:
        return epilogue(work, turn.context(identify(work, turn.invocation, WHOEVER)), reply)

    try:
        return await run(tell, writes=False) or await run(tell, writes=True) or reply
    except Exception:  # noqa: BLE001  (the refusal is the answer; what else there is to tell waits for the next one)
        fault(f"telling more with a refusal of {turn.command.name}")
        return reply
