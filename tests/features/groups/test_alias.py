"""The name that a member may choose for the board."""

from __future__ import annotations

import pytest

from tests.examples import sample
from tests.harness import World, text

pytestmark = pytest.mark.long


@pytest.fixture
async def owls(w: World) -> World:
    await w.begin("ada", "ben")
    return w


@pytest.mark.parametrize(
    ("alias", "why"),
    sample(
        [
            ("\u0301\u0302", "use at least one visible letter"),
            ("Trailmate", "that is my name"),
            ("TrаiImаte", "that is my name"),
            ("@everyone", "that word means other people here"),
            ("Mоderator", "that word means other people here"),
            ("ꓐen.", "someone here has that name"),
            ("Ben", "someone here has that name"),
            ("Вen", "someone here has that name"),
            ("B\u200be\u0336n", "someone here has that name"),
        ],
        3,
    ),
)
async def test_a_name_that_hides_or_deceives_is_refused(owls: World, alias: str, why: str) -> None:
    reply = await owls.press_call("ada", owls.app.registry.commands["settings"].ask(), {"alias": alias})
    assert why in text(reply), text(reply)


async def test_a_name_of_nothing_leaves_the_one_before(owls: World) -> None:
    await owls.say("ada", 'settings alias="Night reader"')
    form = owls.app.registry.commands["settings"].ask()
    assert "leaderboard: Night reader" in text(await owls.press_call("ada", form, {"alias": "\u3164\u3164"}))


async def test_a_moderators_name_is_taken_whether_they_have_joined_or_not(owls: World) -> None:
    for alias in ("Mo", "Mо", "M\u200bо"):
        assert "someone here has that name" in text(await owls.say("ada", f'settings alias="{alias}"'))


async def test_whoever_bears_the_name_later_has_it_and_its_chooser_is_told(owls: World) -> None:
    await owls.say("ada", 'settings alias="Carl"')
    assert "Carl" in text(await owls.say("ben", "leaderboard"))
    await owls.say("carl", "join")
    board = text(await owls.say("ben", "leaderboard"))
    assert "Ada" in board
    assert board.count("Carl") == 1
    await owls.tick()
    told = text(await owls.say("ada", "progress"))
    assert "Someone else in Night owls is now called “Carl”" in told
    assert "called “Carl”" not in text(await owls.say("ada", "progress"))
    saved = text(await owls.press_call("ada", owls.app.registry.commands["settings"].ask(), {"quiet": "off"}))
    assert "because someone else here is called Carl too" in saved
    await owls.say("carl", "leave")
    assert "Carl" in text(await owls.say("ben", "leaderboard"))


async def test_a_moderator_who_is_named_later_has_their_name_too(owls: World) -> None:
    await owls.say("ada", 'settings alias="Carl"')
    await owls.say("mo", "cohort edit moderators=<@carl> confirm=yes")
    await owls.say("carl", "cohort edit reminders=on confirm=yes")
    assert "Carl" not in text(await owls.say("ben", "leaderboard"))


async def test_posts_show_no_name_that_somebody_else_bears(w: World) -> None:
    await w.begin("ada", "ben", "dev", "eve", extra="first_unit=55")
    await w.say("ada", 'settings alias="Carl"')
    await w.check_in_each_week("ada", 2)
    await w.say("carl", "join")
    await w.after(days=7)
    assert text((await w.threads())[-1][1][-1]).startswith("Completed unit 56: Ada.")
    await w.say("ada", "checkin 30 third week")
    receipt = w.last["ada"]
    await w.press("ada", "Share", {"note": "what I read"}, of=receipt)
    await w.tick()
    shared = [text(said) for _, thread in await w.threads() for said in thread if "what I read" in text(said)]
    assert [one.split()[0] for one in shared] == ["Ada"]
    await w.to(w.clock.now().replace(year=2027))
    closing = next(text(post) for post in await w.posts() if "has finished" in text(post))
    assert "Ada: 3 in a row" in closing
    assert "Carl" not in closing


async def test_ones_own_name_and_any_other_may_be_chosen(owls: World) -> None:
    for alias in ("Ada", "Night reader", "夜の読者", "🔥 reader"):
        assert (await owls.say("ada", f'settings alias="{alias}"')).title == "Saved"


async def test_a_person_whose_name_cannot_be_seen_is_shown_as_someone(owls: World) -> None:
    from dataclasses import replace

    from bot.messages.call import Call
    from bot.messages.reply import Reply

    event = owls.invocation("eve", Call("join"))

    async def show(reply: Reply) -> None: ...

    await owls.app.dispatcher.answer(replace(event, account=replace(event.account, name="\u3164\u0301")), show)
    assert "someone" in text(await owls.say("mo", "report"))
