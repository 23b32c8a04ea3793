"""The name that a member may choose for the board."""

from __future__ import annotations

import pytest

from tests.harness import World, text


@pytest.fixture
async def owls(w: World) -> World:
    await w.begin("ada", "ben")
    return w


@pytest.mark.parametrize(
    ("alias", "why"),
    [
        ("\u0301\u0302", "use at least one letter that can be seen"),
        ("Trailmate", "that is my name"),
        ("TrаiImаte", "that is my name"),
        ("Ben", "someone here goes by it already"),
        ("Вen", "someone here goes by it already"),
        ("B\u200be\u0336n", "someone here goes by it already"),
    ],
)
async def test_a_name_that_hides_or_deceives_is_refused(owls: World, alias: str, why: str) -> None:
    reply = await owls.press_call("ada", owls.app.registry.commands["settings"].ask(), {"alias": alias})
    assert why in text(reply), text(reply)


async def test_a_name_of_nothing_leaves_the_one_before(owls: World) -> None:
    await owls.say("ada", 'settings alias="Night reader"')
    form = owls.app.registry.commands["settings"].ask()
    assert "as Night reader" in text(await owls.press_call("ada", form, {"alias": "\u3164\u3164"}))


async def test_ones_own_name_and_any_other_may_be_chosen(owls: World) -> None:
    for alias in ("Ada", "Night reader", "夜の読者", "🔥 reader"):
        assert (await owls.say("ada", f'settings alias="{alias}"')).title == "Saved"


async def test_a_person_whose_name_cannot_be_seen_is_shown_as_someone(owls: World) -> None:
    from dataclasses import replace

    from bot.core.call import Call
    from bot.core.reply import Reply

    event = owls.invocation("eve", Call("join"))

    async def show(reply: Reply) -> None: ...

    await owls.app.dispatcher.answer(replace(event, account=replace(event.account, name="\u3164\u0301")), show)
    assert "someone" in text(await owls.say("mo", "report"))
