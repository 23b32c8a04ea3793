"""Asking: the notes answer with their sources or decline, the group's questions get the group's answers."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

import pytest

from bot.answers.compose.answers import DECLINED, Answerer
from bot.answers.compose.values import Answer, Citation
from bot.answers.index.chunks import SourceId
from bot.features.ask.answering import Answering
from bot.messages.call import Call
from bot.messages.reply import Quote, Reply
from bot.runtime.catalogue import registry
from tests.examples import sample
from tests.harness import World, text

TIMES = Citation("py-sets", "Sets", "When a set beats a list", "A set finds a member in constant time.")
KNOWN = Answer("A set finds a member in constant time. [1]", "covered", (TIMES,), "notes")


class Parrot(Answerer):
    """Gives one answer to everything and remembers what it was asked."""

    def __init__(self, answer: Answer) -> None:
        self.given, self.asked, self.sources = answer, list[str](), list[SourceId]()
        self.reads, self.takes_s, self.is_read_meanwhile = False, 0.01, False

    @property
    def is_reading(self) -> bool:
        return self.reads

    @property
    def lacks_meaning(self) -> bool:
        return self.reads

    async def answer(
        self, turns: Sequence[str], sources: Collection[SourceId], show: object = None, **more: object
    ) -> Answer:
        await asyncio.sleep(self.takes_s)
        self.reads = self.reads and not self.is_read_meanwhile
        self.asked += turns
        self.sources += sources
        return self.given

    async def quoted(self, turns: Sequence[str], sources: Collection[SourceId]) -> Answer:
        return await self.answer(turns, sources)

    async def covers(self, question: str, sources: Collection[SourceId]) -> bool:
        return False

    async def elsewhere(self, question: str, sources: Sequence[SourceId]) -> SourceId | None:
        return None

    async def surest(self, turns: Sequence[str], several: Sequence[Collection[SourceId]]) -> tuple[int, None]:
        return 0, None


def parrot(w: World, answer: Answer = KNOWN) -> Parrot:
    """Put a parrot in the place of the answerer."""
    made = Parrot(answer)
    answering(w, made)
    return made


def answering(w: World, answerer: Answerer) -> None:
    """Have another answerer answer."""
    lasting: Any = w.app.dispatcher._supply
    lasting._lasting[Answerer] = answerer
    lasting._lasting[Answering] = replace(lasting._lasting[Answering], answerer=answerer)


async def test_an_answer_is_public_begins_with_the_question_and_names_its_sources(w: World) -> None:
    await w.begin("ada")
    parrot(w)
    reply = await w.say("ada", "ask why is a set faster than a list?")
    assert (reply.audience, [b.label for b in reply.buttons]) == ("public", ["Rate", "Remove"])
    assert reply.plain() == (
        "> why is a set faster than a list?\n> Asked by Ada\n\n"
        "A set finds a member in constant time.\n\n"
        "Sources: Sets › When a set beats a list"
    )


async def test_an_answer_opens_with_one_sentence_and_goes_on_in_short_paragraphs(w: World) -> None:
    await w.begin("ada")
    costs = replace(TIMES, heading="What a set costs", quote="q")
    said = "One. [1] Two. [1] Three [1]. [1] Four. [1] Five. [2]"
    parrot(w, Answer(said, "covered", (TIMES, costs), "notes"))
    paragraphs = (await w.say("ada", "ask why?")).plain().split("\n\n")
    assert paragraphs[1:] == [
        *("One.", "Two. Three [1].", "Four.", "Five."),
        "Sources: Sets › When a set beats a list · What a set costs",
    ]


async def test_a_model_s_answer_has_120_words_at_most(w: World) -> None:
    await w.begin("ada")
    sentence = f"{'word ' * 49}end. [1]"
    parrot(w, Answer(f"{sentence} {sentence} {sentence}", "covered", (TIMES,), "model"))
    assert text(await w.say("ada", "ask why?")).count("end.") == 2
    parrot(w, Answer(f"{'word ' * 149}end. [1] More. [1]", "covered", (TIMES,), "model"))
    said = text(await w.say("ada", "ask why?"))
    assert "end." in said and "More." not in said


async def test_a_plain_line_is_a_question(w: World) -> None:
    await w.begin("ada")
    bird = parrot(w)
    await w.say("ada", "why is a set faster than a list?")
    assert bird.asked == ["why is a set faster than a list?"]


async def test_also_a_guest_and_a_place_without_a_group_are_answered(w: World) -> None:
    parrot(w)
    assert "constant time" in text(await w.say("ada", "ask why is a set faster?"))


async def test_while_it_looks_the_question_is_shown_already(w: World) -> None:
    await w.begin("ada")
    parrot(w)
    shown: list[Reply] = []

    async def show(reply: Reply) -> None:
        shown.append(reply)

    invocation = w.invocation("ada", Call("ask", {"question": "why?"}))
    assert await w.app.dispatcher.answer(invocation, show)
    assert [text(r) for r in shown] == ["> why? > Asked by Ada Searching our notes…"]


async def test_while_the_notes_are_still_being_read_the_answer_says_so(
    w: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.features.ask.answering.READING_S", 0.02)
    bird = parrot(w, Answer(DECLINED, "foreign"))
    bird.reads, shown = True, list[Reply]()

    async def show(reply: Reply) -> None:
        shown.append(reply)

    reply = await w.app.dispatcher.answer(w.invocation("ada", Call("ask", {"question": "why?"})), show)
    assert "I'm still reading our notes" in text(shown[0])
    assert reply is not None and text(reply).endswith("may have missed it. Please ask again in a minute.")
    bird.given = KNOWN
    assert text(await w.say("ada", "ask why?")).endswith("so I matched words only. In a minute I'll find more.")


async def test_a_question_waits_for_notes_that_are_soon_read(w: World) -> None:
    bird, shown = parrot(w), list[str]()
    bird.reads = True

    async def show(reply: Reply) -> None:
        shown.append(text(reply))
        bird.reads = False  # they are read while it waits

    reply = await w.app.dispatcher.answer(w.invocation("ada", Call("ask", {"question": "why?"})), show)
    assert [one.split(" Asked by Ada ")[1][:12] for one in shown] == ["I'm still re", "Searching ou"]
    assert reply is not None and "constant time" in text(reply) and "words only" not in text(reply)


@pytest.mark.parametrize("is_kept", [True, False])
async def test_what_was_looked_for_in_notes_that_were_not_read_is_no_gap(
    w: World, monkeypatch: pytest.MonkeyPatch, *, is_kept: bool
) -> None:
    monkeypatch.setattr("bot.features.ask.answering.READING_S", 0.005)
    await w.begin("ada")
    bird = parrot(w, Answer(DECLINED, "foreign"))
    bird.reads = bird.is_read_meanwhile = not is_kept  # by the end of the search they are read
    reply = await w.say("ada", "ask what is a semaphore?")
    assert ("still reading" in text(reply)) is not is_kept
    assert ("semaphore" in text(await w.say("mo", "gaps"))) is is_kept


async def test_a_running_unit_without_notes_says_so(w: World) -> None:
    await w.begin("ada", extra="first_unit=58")
    parrot(w, Answer(DECLINED, "foreign"))
    unit = next(iter(w.app.library.values())).roadmap.units[57]
    notes = unit.notes
    object.__setattr__(unit, "notes", ())
    try:
        reply = await w.say("ada", "ask what is a release?")
    finally:
        object.__setattr__(unit, "notes", notes)
    assert text(reply).endswith(
        f"{unit.label} has no notes yet. `unit` shows its resources. Moderators can add notes: `manage notes add`."
    )


@pytest.mark.parametrize(
    ("question", "told", "button"),
    sample(
        [
            ("when is the deadline?", "is due Sun 8 Mar 2026, 21:00 (UTC).", "Show unit"),
            ("this week", "Unit 1: Python data structures (1 of 7 in part 1) is due", "Show unit"),
            ("what are we working on?", "Unit 1: Python data structures (1 of 7 in part 1) is due", "Show unit"),
            ("when does the next unit come?", "Next is Unit 2: Classes", "Show unit"),
            ("my streak", "Only you can see your progress.", "My progress"),
            ("how many points do I have?", "Only you can see your progress.", "My progress"),
            ("who is leading?", "Only members can see the leaderboard.", "Leaderboard"),
            ("when do we start unit 3?", "Unit 3: ", "Show unit"),
            ("when was unit 1 posted", "Unit 1: Python data structures: starts Mon 2 Mar 2026, 09:00", "Show unit"),
            ("is unit 99 due", "The course has 58 units.", "Show course"),
            ("what comes next", "Next is Unit 2: Classes", "Show unit"),
            ("when does the course end?", "The last unit is Unit 58: ", "Show unit"),
            ("who has not checked in?", "Only Mo can see who has checked in.", "My progress"),
            ("what roadmap are we on", "Night owls follows ", "Show course"),
            ("how do I leave", "Example: `leave`", "Leave"),
            ("whats due this week", "is due Sun 8 Mar 2026, 21:00 (UTC).", "Show unit"),
            ("give me the exercise", "(1 of 7 in part 1) Remove duplicates from n random", "Show unit"),
            ("whats the task for unit 6", "Unit 6: ", "Show unit"),
            ("whats the task for unit 99", "The course has 58 units.", "Show course"),
            ("where do i find the resources for this week", "(1 of 7 in part 1) - ", "Show unit"),
            (
                "how much time does this unit take?",
                "exercise. The required reading takes about 60 minutes.",
                "Show unit",
            ),
            ("how many people checked in already", "0 of 1 have checked in to Unit 1", "Check in"),
            ("how many points do i get for a late checkin", "8 up to 12 hours late, and 4 after that", "My progress"),
            ("what can you do?", "Show what comes next and what you can do.", "Help"),
        ],
        3,
    ),
)
async def test_a_question_about_the_group_gets_its_answer_or_its_button(
    w: World, question: str, told: str, button: str
) -> None:
    await w.begin("ada")
    bird = parrot(w)
    reply = await w.say("ada", f"ask {question}")
    assert told in text(reply) and not bird.asked
    assert text(reply).startswith(f"> {question} > Asked by Ada")
    assert [b.label for b in reply.buttons] == [button, "Remove"]
    if button != "Check in":
        assert (await w.press("ada", button)).audience == "private"


async def test_in_two_groups_each_answers_in_a_direct_message_and_elsewhere_the_asker_chooses(w: World) -> None:
    await w.begin("ada")
    await w.start(name="Early birds", room="birds")
    await w.say("ada", "join", room="birds")
    bird = parrot(w)
    for question in ("when does the next unit come?", "what do I have to do this week?", "when is it due?"):
        said = text(await w.say("ada", question, room="@ada"))
        assert "Night owls: " in said and "Early birds: " in said and not bird.asked
    points = await w.say("ada", "how many points do I have", room="@ada")
    assert "Night owls: You haven't checked in yet this week." in text(points) and "0 points" in text(points)
    assert "My progress: Early birds" in [b.label for b in points.buttons]
    assert (await w.press("ada", "My progress: Night", room="@ada")).title == "Your progress"
    assert "Early birds: " in text(await w.say("mo", "ask when is it due?", room="@mo"))
    chosen = await w.say("ada", "ask when is it due?", room="elsewhere")
    assert (text(chosen), chosen.audience) == ("Which group do you mean?", "private")
    assert "is due Sun" in text(await w.press("ada", "Night owls"))


async def test_who_a_group_is_is_told_to_those_who_may_know(w: World) -> None:
    outside = "Only members can see how many take part."
    await w.begin("ada")
    parrot(w)
    assert text(await w.say("ada", "ask how many of us are there?")).endswith("Night owls has 1 member.")
    assert text(await w.say("zoe", "ask how many of us are there?")).endswith(outside)
    assert text(await w.say("zoe", "ask who is the moderator here?")).endswith("Mo can help. They moderate this group.")
    assert text(await w.say("zoe", "ask how many checkins do we have so far")).endswith(outside)
    assert "No live sessions are planned. Mo can plan one" in text(await w.say("ada", "ask is there a meeting"))
    await w.say("mo", "session plan at='2026-03-06 18:00'")
    await w.press("mo", "Post it")
    assert text(await w.say("ada", "ask is there a meeting?")).endswith("Live session: Fri 6 Mar 2026, 18:00 (UTC)")
    lapse = await w.say("ada", "ask do i lose my streak if im sick")
    assert "A missed unit uses up a freeze. Without one, the streak starts again." in text(lapse)
    assert [b.label for b in lapse.buttons] == ["My progress", "Be away", "Remove"]
    rule = "A check-in earns 10 points on time"
    assert rule in text(await w.say("ada", "ask how are points counted?"))
    assert rule in text(await w.say("zoe", "ask how are points counted?", room="elsewhere")), "it holds in any group"


async def test_how_to_check_in_is_told_by_the_page_of_that_command(w: World) -> None:
    await w.begin("ada")
    bird = parrot(w)
    told = await w.say("ada", "ask how do I check in?")
    page = await w.say("ada", "help checkin")
    assert text(told).endswith(text(page).removeprefix("checkin ")) and not bird.asked
    assert [b.label for b in told.buttons] == [*(b.label for b in page.buttons), "Remove"]


async def test_only_a_moderator_is_led_to_who_has_not_checked_in(w: World) -> None:
    await w.begin("ada")
    parrot(w)
    reply = await w.say("mo", "ask who has not checked in?")
    assert [b.label for b in reply.buttons] == ["Report", "Remove"] and "Ada" not in text(reply)
    assert (await w.press("mo", "Report")).audience == "private"
    assert (await w.press("ada", "Report", of=reply)).tone == "error"


async def test_what_the_bot_can_do_is_told_where_no_group_meets(w: World) -> None:
    bird = parrot(w)
    assert "what you can do" in text(await w.say("ada", "ask what can you do?")) and not bird.asked


async def test_without_a_group_a_deadline_is_one_for_the_notes(w: World) -> None:
    bird = parrot(w)
    await w.say("ada", "ask when is the deadline?")
    assert bird.asked == ["when is the deadline?"]


async def test_the_asker_and_moderators_remove_an_answer_and_nobody_else(w: World) -> None:
    await w.begin("ada", "ben")
    parrot(w)
    answer = await w.say("ada", "ask why?")
    refused = await w.press("ben", "Remove", of=answer)
    assert (refused.tone, refused.audience) == ("error", "private")
    assert text(refused) == "Only the person who asked, or Mo, can remove an answer."
    for who in ("ada", "mo"):
        gone = await w.press(who, "Remove", of=answer)
        assert (text(gone), gone.replaces, gone.audience) == ("This answer was removed.", True, "public")


async def test_whose_answer_it_is_is_not_taken_from_who_presses(w: World) -> None:
    await w.begin("ada", "ben")
    parrot(w)
    theirs = w.button("ada", "Remove", await w.say("ada", "ask why?")).target
    assert isinstance(theirs, Call) and set(theirs.args) == {"turn"}
    for number in range(1, 6):
        forged = Call("remove", {**theirs.args, "by": str(number)}, theirs.group)
        assert (await w.call("ben", forged)).tone == "error"
    assert text(await w.call("ada", theirs)) == "This answer was removed."


async def test_in_a_direct_message_the_answer_is_private_and_needs_no_name(w: World) -> None:
    await w.begin("ada")
    parrot(w)
    reply = await w.say("ada", "ask why?", room="@ada")
    assert reply.audience == "private" and text(reply).startswith("> why? A set")


async def test_a_question_is_words_and_never_markup_a_mention_or_several_lines(w: World) -> None:
    await w.begin("ada")
    parrot(w)
    hostile = "**bold** [x](https://evil.example) `c` <@everyone> @here\n# big\n\x02p|1|boss\x03 _i_ \\"
    reply = await w.call("ada", Call("ask", {"question": hostile}))
    head = reply.blocks[0]
    assert isinstance(head, Quote) and "\x02p" not in head.markdown
    said = "**bold** [x](https://evil.example) `c` <@everyone> @here # big p|1|boss _i_ \\"
    assert reply.plain().startswith(f"> {said}\n> Asked by Ada")


async def test_what_a_model_or_a_note_wrote_is_words_too(w: World) -> None:
    await w.begin("ada")
    cited = Citation("n", "**T** <@1>", "[h](https://evil.example) \x02p|1|b\x03", "q")
    parrot(w, Answer("**@everyone** [here](https://evil.example) \x02p|1|boss\x03 `x = 1` [1]", "covered", (cited,)))
    reply = await w.say("ada", "ask why?")
    assert "\x02p" not in str(reply.to_json())
    assert "**@everyone** [here](https://evil.example) p|1|boss x = 1" in text(reply)
    assert "Sources: **T** <@1> › [h](https://evil.example) p|1|b" in text(reply)


async def test_a_question_over_500_characters_is_refused_privately_and_kept(w: World) -> None:
    await w.begin("ada")
    bird = parrot(w)
    reply = await w.say("ada", "ask " + "why " * 200)
    assert reply.audience == "private" and "799 characters, 500 fit" in text(reply) and not bird.asked
    assert "constant time" in text(await w.press("ada", "Correct it", {"question": "why?"}))


async def test_without_a_question_the_form_says_where_the_answer_appears(w: World) -> None:
    await w.say("ada", "ask")
    form = await w.form("ada", w.button("ada", "Ask the notes").target)
    assert form.note.startswith("The answer appears here, or in the post's thread")


async def test_a_question_asked_again_by_the_platform_is_answered_once(w: World) -> None:
    await w.begin("ada")
    bird = parrot(w)
    call = Call("ask", {"question": "why?"})
    assert await w.maybe("ada", call, key="q:1") and await w.maybe("ada", call, key="q:1") is None
    assert bird.asked == ["why?"]


async def test_a_fault_of_the_answerer_is_told_privately_under_a_reference(
    w: World, caplog: pytest.LogCaptureFixture
) -> None:
    await w.begin("ada")

    class Broken(Parrot):
        async def answer(
            self, turns: Sequence[str], sources: Collection[SourceId], show: object = None, **more: object
        ) -> Answer:
            raise RuntimeError("secret question text")

    answering(w, Broken(KNOWN))
    reply = await w.say("ada", "ask my very private question")
    assert (reply.tone, reply.audience) == ("error", "private")
    reference = text(reply).split("Fault ")[1].split()[0]
    assert reference in caplog.text and "my very private question" not in caplog.text


def test_only_asking_is_public() -> None:
    assert [c.name for c in registry().shown if not c.private] == ["ask"]


async def test_the_menu_of_a_message_asks_about_it_for_oneself(w: World) -> None:
    await w.begin("ada")
    bird = parrot(w)
    command = w.app.registry.find("consult")
    assert command is not None and command in w.app.registry.on_message
    call = command.upon("why is a set faster? " + "x" * 600, "ben")
    form = await w.form("ada", call)
    assert [(f.key, len(f.value)) for f in form.fields] == [("question", 500)]
    reply = await w.press_call("ada", replace(call, args={"question": "why is a set faster?"}))
    assert reply.audience == "private" and bird.asked == ["why is a set faster?"]


async def test_a_question_in_another_language_is_told_which_the_notes_are_in_and_is_no_gap(w: World) -> None:
    await w.begin("ada")
    parrot(w, Answer(DECLINED, "foreign", meant="dropout"))
    said = text(await w.say("ada", "ask wie funktioniert ein Toaster?"))
    assert "Unsere Notizen sind auf Englisch" in said and "ask me in English" in said and DECLINED not in said
    assert "Toaster" not in text(await w.say("mo", "gaps"))
    assert DECLINED in text(await w.say("ada", "ask how does a toaster work?"))
