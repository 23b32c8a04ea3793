"""One member's crowd of questions is theirs to wait for."""

from __future__ import annotations

import asyncio

from bot.messages.call import Call
from tests.harness import World, text

QUESTION = Call("consult", {"question": "what is a list?"})


async def test_a_crowd_of_questions_is_answered_in_part_and_costs_no_other_member_anything(w: World) -> None:
    await w.begin("ada", "ben")
    crowd = [asyncio.create_task(w.call("ada", QUESTION)) for _ in range(40)]
    await asyncio.sleep(0)
    assert "Checked in" in text(await w.say("ben", "checkin 30 read two papers"))
    assert not all(one.done() for one in crowd), "ben did not wait for all of them"
    said = [text(reply) for reply in await asyncio.gather(*crowd)]
    refused = [line for line in said if line.startswith("You have 7 questions waiting.")]
    assert len(refused) == 33
    assert "questions waiting" not in text(await w.call("ada", QUESTION))
