"""What stands below a question that the notes do not answer, and below one whose answer comes later on the way."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.answers.compose.answers import DECLINED
from bot.answers.compose.values import Answer, Citation, Passage
from bot.messages.call import PACKED_MAX, Call
from bot.messages.reply import Reply
from tests.features.ask.test_commands import TIMES, parrot
from tests.harness import World, text

pytestmark = pytest.mark.long

FOREIGN = Answer(DECLINED, "foreign", near=(Passage("py-sets", "Sets", "When a set beats a list"),))
NEAR = Answer("A set finds a member in constant time. [1]", "near", (TIMES,), "notes", near=FOREIGN.near)
LONG = "who of you has ever seen the cup that they won in 1998, and " * 5


def labels(reply: Reply) -> list[str]:
    return [button.label for button in reply.buttons]


@pytest.fixture
async def group(w: World) -> World:
    """A group with Ada and Ben in its first unit."""
    await w.begin("ada", "ben")
    return w


async def test_a_foreign_question_is_declined_and_can_be_put_to_the_group(group: World) -> None:
    parrot(group, FOREIGN)
    reply = await group.say("ada", "ask who won the cup in 1998?")
    assert text(reply) == "> who won the cup in 1998? That's not in our notes."
    assert reply.audience == "private" and labels(reply) == ["Ask the group", "Remove"]


async def test_a_question_that_names_nothing_is_asked_back_about_and_is_no_gap(group: World) -> None:
    back = 'What do you mean by "it"? Please name it in your question.'
    parrot(group, Answer(back, "foreign", is_unclear=True))
    reply = await group.say("ada", "ask how do i notice it?")
    assert text(reply) == f"> how do i notice it? {back}"
    assert reply.audience == "private" and labels(reply) == ["Ask the group", "Remove"]
    assert "No open questions" in text(await group.say("mo", "gaps"))


async def test_a_near_question_is_shown_the_nearest_and_no_more(group: World) -> None:
    parrot(group, NEAR)
    reply = await group.say("ada", "ask how do i sort a set?")
    nearest = "A set finds a member in constant time. Sources: Sets › When"
    assert f"I'm not sure the notes cover this. The nearest: {nearest}" in text(reply)
    assert "Read next" not in text(reply)
    assert reply.audience == "private" and labels(reply) == ["Ask the group", "Remove"]


@pytest.mark.parametrize(
    ("asked", "mended"),
    [
        ("what is loar?", "what is LoRA?"),
        ("wat is (loar) and rank", "wat is (LoRA) and rank"),
        (LONG + "what is loar", LONG + "what is LoRA"),
    ],
)
async def test_a_word_that_was_meant_is_asked_with_one_press(group: World, asked: str, mended: str) -> None:
    bird = parrot(group, replace(NEAR, meant="LoRA"))
    reply = await group.say("ada", f"ask {asked}")
    assert labels(reply)[0] == "Did you mean LoRA?"
    again = await group.press("ada", "Did you mean LoRA?", of=reply)
    assert bird.asked[-1] == mended and text(again).startswith(f"> {mended}")
    of_ben = text(await group.press("ben", "Did you mean LoRA?", of=reply))
    assert of_ben.startswith(f"> {mended}") and "asks" not in of_ben


async def test_an_answer_without_doubt_is_public(group: World) -> None:
    parrot(group)
    reply = await group.say("ada", "ask what is a set?")
    assert reply.audience == "public" and labels(reply)[-1] == "Remove"


async def test_no_line_goes_on_with_a_non_answer_that_nobody_else_saw(group: World) -> None:
    bird = parrot(group, FOREIGN)
    await group.call("ada", Call("ask", {"question": "who won?"}), thread="7")
    await group.call("ben", Call("ask", {"question": "and who was second?"}), thread="7")
    assert bird.asked == ["who won?", "and who was second?"]


async def test_a_private_question_is_mended_privately(group: World) -> None:
    bird = parrot(group, replace(NEAR, meant="LoRA"))
    reply = await group.call("ada", Call("consult", {"question": "what is loar?"}))
    assert (await group.press("ada", "Did you mean", of=reply)).audience == "private"
    assert bird.asked[-1] == "what is LoRA?"


async def test_a_word_that_nothing_in_the_question_is_like_is_not_offered(group: World) -> None:
    parrot(group, replace(NEAR, meant="backpropagation"))
    assert labels(await group.say("ada", "ask what is it?")) == ["Ask the group", "Remove"]


async def test_a_hostile_word_stays_a_word(group: World) -> None:
    parrot(group, replace(NEAR, meant="loa*r\x02p|1|b\x03"))
    reply = await group.say("ada", "ask loar?")
    assert labels(reply)[0] == "Did you mean loa*rp|1|b?" and "\x02p" not in str(reply.to_json())


async def test_the_group_is_asked_once_in_the_thread_of_the_running_unit(group: World) -> None:
    parrot(group, FOREIGN)
    reply = await group.say("ada", "ask who *won* the cup <@1>?")
    preview = await group.press("ada", "Ask the group", of=reply)
    assert preview.audience == "private" and labels(preview) == ["Post question"]
    assert text(preview) == (
        "Post this question in the group's channel? It goes into the thread of Unit 1: Python data structures, "
        "signed Ada. > who *won* the cup <@1>?"
    )
    await group.tick()
    assert not any("asks the group" in text(post) for _, thread in await group.threads() for post in thread)
    told = await group.press("ada", "Post question", of=preview)
    assert (told.tone, told.audience) == ("good", "private")
    assert text(told) == "I'll post your question in the thread of Unit 1: Python data structures."
    await group.press("ada", "Ask the group", of=reply)
    assert text(await group.press("ada", "Post question")) == "You've already asked the group this."
    await group.tick()
    ((_, thread),) = await group.threads()
    asked = [post for post in thread if "asks the group" in text(post)]
    assert [text(post) for post in asked] == [
        "Ada asks the group. Our notes don't answer this: > who *won* the cup <@1>?"
    ]
    assert "who won" not in asked[0].plain()
    assert [button.label for button in asked[0].buttons] == ["Thank a helper"]


async def test_a_question_too_long_for_a_button_reaches_the_group_whole(group: World) -> None:
    parrot(group, FOREIGN)
    reply = await group.say("ada", f"ask {LONG}")
    assert all(len(b.target.pack()) <= PACKED_MAX for b in reply.buttons if isinstance(b.target, Call))
    await group.press("ada", "Ask the group", of=reply)
    await group.press("ada", "Post question")
    await group.tick()
    ((_, thread),) = await group.threads()
    assert LONG.strip() in text(thread[-1])


async def test_an_alias_stands_for_its_member(group: World) -> None:
    await group.say("ada", "settings alias=Owl")
    parrot(group, FOREIGN)
    reply = await group.call("ada", Call("consult", {"question": "who won?"}))
    await group.press("ada", "Ask the group", of=reply)
    await group.press("ada", "Post question")
    await group.tick()
    ((_, thread),) = await group.threads()
    assert text(thread[-1]).startswith("Owl asks the group")


@pytest.mark.parametrize("asked", ["who won?", LONG])
async def test_only_the_asker_puts_a_question_to_the_group(group: World, asked: str) -> None:
    parrot(group, FOREIGN)
    reply = await group.say("ada", f"ask {asked}")
    refused = await group.press("ben", "Ask the group", of=reply)
    assert text(refused) == "Only the person who asked can put this to the group." and refused.audience == "private"


async def test_a_guest_and_a_group_without_a_running_unit_are_offered_no_thread(w: World) -> None:
    parrot(w, FOREIGN)
    assert labels(await w.say("ada", "ask who won?")) == ["Remove"]
    await w.start()
    await w.say("ada", "join")
    assert labels(await w.say("ada", "ask who won?")) == ["Remove"]
    await w.after(hours=2)
    assert labels(await w.say("zoe", "ask who won?")) == ["Remove"]
    asked = await w.say("ada", "ask who won?")
    await w.say("mo", "cohort end")
    await w.press("mo", "End group")
    await w.after(days=10)
    refused = await w.press("ada", "Ask the group", of=asked)
    assert refused.tone == "error" and await w.threads()


async def test_an_answer_from_a_unit_to_come_says_when_it_comes(group: World) -> None:
    ahead = Citation("gen-vaes-gans", "VAEs and GANs", "What a GAN is", "q")
    track = group.app.library["genai-2026"]
    unit = next(unit for unit in track.roadmap.units if unit.number == 31)
    parrot(group, Answer("A GAN has two nets. [1]", "covered", (replace(ahead, note=unit.notes[0]), TIMES), "notes"))
    reply = await group.say("ada", "ask what is a gan?")
    assert "Sources: VAEs and GANs › What a GAN is (unit 31, opens Mon 26 Oct 2026)" in text(reply)


async def test_an_answer_from_a_unit_that_is_out_says_nothing_of_it(group: World) -> None:
    track = group.app.library["genai-2026"]
    first = replace(TIMES, note=track.roadmap.units[0].notes[0])
    later = replace(TIMES, note=track.roadmap.units[30].notes[0], heading="More")
    parrot(group, Answer("So it is. [1] And so. [2]", "covered", (first, later), "notes"))
    assert ", opens " not in text(await group.say("ada", "ask what is a set?"))


EXERCISE = "when does converting a list to a set not pay off"


def worked(w: World) -> Answer:
    """Return an answer to the exercise of the first unit, which rests on a passage of its notes."""
    cited = Citation("py-data-structures", "Sets", "When a set beats a list", "A conversion costs a walk.")
    return Answer("A conversion costs a walk. [1]", "covered", (cited,), "notes")


async def test_the_exercise_gets_a_hint_first_and_the_whole_on_a_second_press(group: World) -> None:
    bird = parrot(group, worked(group))
    hint = await group.say("ada", f"ask {EXERCISE}")
    assert "costs a walk" not in text(hint) and labels(hint) == ["Sources", "Show answer", "Remove"]
    assert text(hint).endswith("a hint first. Read this, then try it yourself. Sets › When a set beats a list")
    listed = await group.press("ada", "Sources", of=hint)
    assert text(listed) == "Sources Python data structures › When a set beats a list" and listed.audience == "private"
    opened = await group.press("ada", "Read passage", of=listed)
    assert opened.blocks[0].markdown.startswith("**When a set beats a list**")  # type: ignore[union-attr]
    whole = await group.press("ada", "Show answer", of=hint)
    assert (whole.audience, bird.asked[-1]) == ("private", EXERCISE)
    assert "A conversion costs a walk." in text(whole) and labels(whole) == ["Sources"]
    of_ben = await group.press("ben", "Show answer", of=hint)
    assert of_ben.audience == "private" and "A conversion costs a walk." in text(of_ben)
    await group.after(hours=1)
    late = await group.press("ben", "Show answer", of=hint)
    assert text(late) == "That's over an hour old or for somebody else. Please ask again with `ask`."


async def test_a_hint_comes_before_an_unsure_answer_too(group: World) -> None:
    for answer in (NEAR, FOREIGN):
        parrot(group, answer)
        hint = text(await group.say("ada", f"ask {EXERCISE}"))
        assert "a hint first" in hint and "When a set beats a list" in hint and "constant time" not in hint


async def test_who_only_names_the_exercise_is_shown_its_passages_and_its_answer_on_a_second_press(group: World) -> None:
    bird = parrot(group, worked(group))
    hint = await group.say("ada", "ask how do I do the exercise?")
    assert "a hint first" in text(hint) and bird.asked[-1].startswith("Remove duplicates from n random strings")
    whole = await group.press("ada", "Show answer", of=hint)
    assert "A conversion costs a walk." in text(whole) and bird.asked[-1].startswith("Remove duplicates")


async def test_a_hint_that_was_for_one_alone_is_opened_by_that_one_alone(group: World) -> None:
    parrot(group, worked(group))
    hint = await group.call("ada", Call("consult", {"question": EXERCISE}))
    refused = await group.press("ben", "Show answer", of=hint)
    assert text(refused) == "That's over an hour old or for somebody else. Please ask again with `ask`."
    assert "A conversion costs a walk." in text(await group.press("ada", "Show answer", of=hint))


async def test_a_question_on_the_subject_gets_its_answer_at_once(group: World) -> None:
    parrot(group, worked(group))
    assert "A conversion costs a walk." in text(await group.say("ada", "ask how do i convert a list to a set?"))


async def test_a_group_can_do_without_hints(group: World) -> None:
    parrot(group, worked(group))
    assert "Hints before exercise answers: off" in text(await group.say("mo", "cohort edit hints=off"))
    await group.press("mo", "Confirm")
    assert "Hints before exercise answers: off" in text(await group.say("mo", "cohort status"))
    assert "A conversion costs a walk." in text(await group.say("ada", f"ask {EXERCISE}"))
    await group.say("mo", "cohort edit hints=on confirm=yes")
    assert "a hint first" in text(await group.say("ada", f"ask {EXERCISE}"))


async def test_the_exercise_of_a_unit_that_is_over_gets_its_answer(group: World) -> None:
    parrot(group, worked(group))
    await group.after(days=8)
    assert "costs a walk." in text(await group.say("ada", f"ask {EXERCISE}"))
