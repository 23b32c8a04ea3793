"""Thanks among members: whom, how often, and what the group reads of it."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import Update, update

from bot.features.people.tables import AccountRow
from bot.features.thanks import service
from bot.messages.call import Call
from bot.messages.errors import NotFound
from bot.storage.unit_of_work import Work
from bot.understanding import intents
from tests.harness import MONDAY, World, text

WEEK = timedelta(weeks=1)

WILL_SEE = "will see your thanks the next time they use Trailmate."


@pytest.mark.parametrize(
    ("line", "member", "reason"),
    [
        ("thanks @ben", "@ben", None),
        ("Thanks <@12345>!", "<@12345>!", None),
        ("thanks @ben for explaining sets", "@ben", "for explaining sets"),
        ("thanks member=ben for=sets", "ben", "sets"),
    ],
)
def test_thanks_that_name_somebody_are_the_command(w: World, line: str, member: str, reason: str | None) -> None:
    call = intents.hear(w.app.registry, line, "mention")
    assert (call.name, call.args.get("member"), call.args.get("for")) == ("thanks", member, reason)


@pytest.mark.parametrize("line", ["thanks", "thanks a lot", "thanks, that helped", "thanks ben", "thank you!"])
def test_thanks_that_name_nobody_stay_manners(w: World, line: str) -> None:
    call = intents.hear(w.app.registry, line, "mention")
    assert call.name == "heard" and intents.is_courtesy(w.app.registry, call)


@pytest.mark.parametrize(
    ("line", "args"),
    [
        ("thanks", {}),
        ("thanks zorro", {"member": "zorro"}),
        ("thanks lou reed!", {"member": "lou reed"}),
        ("/study thanks zorro for the link", {"member": "zorro", "for": "the link"}),
    ],
)
def test_typed_after_a_slash_thanks_are_the_command_also_by_a_bare_name(
    w: World, line: str, args: dict[str, str]
) -> None:
    assert intents.hear(w.app.registry, line, "slash") == Call("thanks", args)


@pytest.mark.parametrize("line", ["thanks!", "thanks a lot", "thanks max pooling is clear now", "thx zorro"])
def test_typed_after_a_slash_what_is_plainly_manners_stays_so(w: World, line: str) -> None:
    assert intents.hear(w.app.registry, line, "slash").name == "heard"


async def test_thanks_to_a_name_that_nobody_bears_say_so_and_who_may_be_meant(w: World) -> None:
    await w.begin("ada", "benjamin")
    assert text(await w.say("ada", "thanks member=zorro")).endswith("“zorro” is not a member of Night owls.")
    told = text(await w.say("ada", "thanks member=benjamn"))
    assert told.endswith("“benjamn” is not a member of Night owls. Do you mean Benjamin?")
    await w.say("benjamin", "settings shown=no")
    assert "Do you mean" not in text(await w.say("ada", "thanks member=benjamn"))


async def test_thanks_by_a_name_in_a_direct_message_find_the_group_of_who_is_in_several(w: World) -> None:
    await w.begin("ada", "ben")
    await w.say("mo", "cohort create name=Larks timezone=UTC confirm=yes", room="lobby")
    await w.say("ada", "join", room="lobby")
    asked = await w.say("ada", "thanks ben for the hashes", room="@ada")
    assert "Is that for ben?" in text(asked)
    assert "Ben will see your thanks" in text(await w.press("ada", "Say thanks", of=asked))
    assert "You're welcome!" in text(await w.say("ada", "thanks zoe", room="@ada"))


def test_a_question_may_begin_or_end_with_thanks(w: World) -> None:
    for line in ("thanks @ben but why is my loss nan?", "my loss is not falling, what do i do thanks"):
        assert intents.hear(w.app.registry, line, "mention").name == "ask"


async def _unit_texts(w: World) -> str:
    """Return the newest unit's post and all messages of its thread."""
    return " ".join(text(reply) for reply in ((await w.posts())[-1], *(await w.threads())[-1][1]))


async def test_thanks_are_told_to_whom_they_are_for_and_named_in_the_next_post(w: World) -> None:
    await w.begin("ada", "ben", "chloe", "dev")
    await w.say("chloe", "settings alias=Night reader")
    await w.say("dev", "settings shown=no")
    assert text(await w.say("ada", "thanks @ben for *sets*")) == f"Done! Ben {WILL_SEE}"
    assert "Ada thanks you: “*sets*”." in text(await w.say("ben", "progress"))
    assert "thanks you" not in text(await w.say("ben", "progress"))
    assert "Night reader will see" in text(await w.say("ada", 'thanks member="Night reader"'))
    assert "Dev will see" in text(await w.say("ben", "thanks @dev"))
    await w.to(MONDAY + WEEK + timedelta(hours=2))
    recap = await _unit_texts(w)
    assert "Thanks to Ben and 1 more." in recap and not re.search(r"\b(?:Dev|Chloe)\b", recap)
    assert "Night reader" not in recap, "who thanked @chloe alone would know whose alias it is"
    await w.say("ben", "thanks @chloe")
    await w.to(MONDAY + 2 * WEEK + timedelta(hours=2))
    assert "Thanks to one of us." in await _unit_texts(w)
    await w.to(MONDAY + 3 * WEEK + timedelta(hours=2))
    assert "Thanks to" not in await _unit_texts(w)
    await w.say("ada", "thanks @ben")
    await w.after(minutes=1)
    await w.say("mo", "cohort end confirm=yes")
    await w.tick()
    closing = (await w.posts())[-1]
    assert closing.title == "Night owls has finished"
    assert "Thanks to Ben." in text(closing), "of those whom a unit's post has thanked it says nothing again"


async def test_thanks_count_once_for_a_message_and_five_times_a_day_and_never_for_oneself(w: World) -> None:
    await w.begin("ada", "ben")
    assert "You can't thank yourself" in text(await w.say("ada", "thanks @ada"))
    assert "is not a member of Night owls" in text(await w.say("ada", "thanks @zoe"))
    assert "will see your thanks" in text(await w.say("ada", "thanks @ben"))
    assert "already thanked" in text(await w.say("ada", "thanks @ben"))
    for n in range(4):
        assert "will see your thanks" in text(await w.say("ada", f"thanks @ben for=answer {n}"))
    assert "already thanked" in text(await w.say("ada", "thanks @ben for=Answer  3"))
    assert "and that's the limit" in text(await w.say("ada", "thanks @ben for=more"))
    await w.after(days=1)
    assert "will see your thanks" in text(await w.say("ada", "thanks @ben for=more"))


async def test_thanks_by_a_bare_name_offer_to_tell_that_member_and_else_stay_manners(w: World) -> None:
    await w.begin("ada", "ben", "al")
    asked = await w.say("ada", "thanks ben for the help")
    assert "Is that for ben?" in text(asked)
    assert "Ben will see your thanks" in text(await w.press("ada", "Say thanks", of=asked))
    assert "“the help”" in text(await w.say("ben", "progress"))
    for manners in ("thanks a lot", "thanks be", "thanks ada", "thanks all"):
        assert "You're welcome!" in text(await w.say("ada", manners)), manners


def _carry_out(renamed: Update, work: Work) -> None:
    work.session.execute(renamed)


async def test_a_bare_name_is_taken_where_it_fits_one_member_alone(w: World) -> None:
    await w.begin("ada", "lou", "louise", "max", "reed", "rex")
    await w.say("max", 'settings alias="Night reader"')
    names = {"lou": "Lou Reed", "louise": "Louise", "reed": "Reed A", "rex": "Reed B"}
    for who, name in names.items():
        renamed = update(AccountRow).where(AccountRow.external_id == who).values(name=name)
        await w.app.database.run(partial(_carry_out, renamed))
    for line, member in (
        ("thanks Lou", "Lou Reed"),
        ("thank you lou reed, that helped a lot!", "Lou Reed"),
        ("thx Louise so much", "Louise"),
        ("thanks night reader", "Night reader"),
        ("thanks Reed B", "Reed B"),
    ):
        asked = await w.say("ada", line)
        assert text(asked).startswith("Is that for "), line
        told = text(await w.press("ada", "Say thanks", of=asked))
        assert told in (
            f"Done! {member} will see your thanks the next time they use Trailmate.",
            f"You've already thanked {member} for this.",
        )
    for line in ("thanks reed", "thanks max pooling is clear now", "thanks louis"):
        assert "Is that for" not in text(await w.say("ada", line)), line
    aside = await w.call("ada", Call("heard", {"text": "thanks Lou", "aloud": "yes"}))
    assert [button.label for button in aside.buttons] == ["Say thanks"]
    nobody = text(await w.call("ada", Call("heard", {"text": "thanks Zoe", "aloud": "yes"})))
    assert nobody == "Nobody here has that name. To thank a member, type `thanks @ben`."


async def test_all_whom_one_line_names_are_thanked(w: World) -> None:
    await w.begin("ada", "bo", "cy", "dee")
    asked = await w.say("ada", "thanks bo, cy and dee for the hashes")
    assert "Is that for bo, cy and dee?" in text(asked)
    told = text(await w.press("ada", "Say thanks", of=asked))
    assert told == "Done! Bo, Cy and Dee will see your thanks the next time they use Trailmate."
    for who in ("bo", "cy", "dee"):
        assert "Ada thanks you: “the hashes”." in text(await w.say(who, "progress")), who
    assert text(await w.say("bo", "/study thanks ada and cy")) == f"Done! Ada and Cy {WILL_SEE}"
    told = text(await w.say("bo", "thanks @ada and @zorro, @bo"))
    assert told.startswith(
        "You've already thanked Ada for this. “zorro” is not a member of Night owls. You can't thank yourself"
    )
    told = text(await w.say("ada", "thanks @bo, @cy and @dee for the lists"))
    assert told.startswith(
        "Done! Bo and Cy will see your thanks the next time they use Trailmate. "
        "You've given five thanks today, and that's the limit. You can thank Dee tomorrow."
    )
    assert "Name fewer." in text(await w.say("cy", "thanks member='a, b, c, d, ada, bo'"))


@pytest.mark.parametrize(
    ("member", "reason", "named", "left"),
    [
        ("bo", "for sets", ["bo"], "sets"),
        ("bo and cy", "", ["bo", "cy"], ""),
        ("bo, cy & dee!", "", ["bo", "cy", "dee"], ""),
        ("lou and friends", "", ["lou and friends"], ""),
        ("max and moritz", "", ["max and moritz"], ""),
        ("@bo", "and @cy for sets", ["@bo", "@cy"], "sets"),
        ("<@1>", "<@2|cy> and <@3>", ["<@1>", "<@2|cy>", "<@3>"], ""),
        ("@bo", "and cy for sets", ["@bo", "cy"], "sets"),
        ("@bo", "and @cy told me why", ["@bo", "@cy"], "told me why"),
        ("@bo", "@cy told me why", ["@bo"], "@cy told me why"),
        ("@bo", "and all the others", ["@bo"], "and all the others"),
        ("@bo", "for being kind to @cy", ["@bo"], "being kind to @cy"),
        ("@bo", "and bo", ["@bo"], ""),
    ],
)
def test_whom_a_line_of_thanks_names(member: str, reason: str, named: list[str], left: str) -> None:
    known = {"bo", "cy", "dee", "lou and friends"}
    assert service.parse_names(member, reason, lambda said: said.lstrip("@") in known) == (named, left)


async def test_a_shared_note_has_a_button_that_thanks_whoever_shared_it_under_their_alias(w: World) -> None:
    await w.begin("ada", "ben")
    await w.say("ada", "settings alias=Night reader")
    await w.say("ada", "checkin 30 read")
    await w.press("ada", "Share")
    await w.tick()
    (_, thread), *_ = await w.threads()
    note = thread[-1]
    assert "ada" not in str([b.target for b in note.buttons])
    assert text(await w.press("ben", "Say thanks", of=note)) == f"Done! Night reader {WILL_SEE}"
    assert "already thanked" in text(await w.press("ben", "Say thanks", of=note))
    own = text(await w.press("ada", "Say thanks", of=note))
    assert "You can't thank yourself" in own and "Ben thanks you for a check-in that you shared." in own
    await w.say("ada", "leave")
    assert "has left the group" in text(await w.press("ben", "Say thanks", of=note))
    assert "has left the group" in text(await w.call("ben", Call("thank", {"of": "99"})))


async def test_thanks_on_a_message_of_the_bot_go_to_the_member_whom_it_names(w: World) -> None:
    await w.begin("ada", "ben", "cy")
    await w.say("cy", "settings alias=Owl")
    command = w.app.registry.find("thanks")
    assert command is not None
    for said, member in (("Ada, Ben and 1 more kept it.", "ben"), ("<@ben> shared", "ben"), ("*Owl* shared", "Owl")):
        form = await w.form("ada", command.upon(said, ""))
        assert form.fields[0].value == member, said
    assert (await w.form("ada", command.upon("Ben helped", "cy"))).fields[0].value == "cy", "who wrote it is thanked"
    with pytest.raises(NotFound, match="I wrote that message, and it names no other member"):
        await w.form("ada", command.upon("Welcome to Night owls, Ada! Benevolent hints.", ""))
