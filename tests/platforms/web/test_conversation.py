"""A conversation with the whole bot on its page: the thread of an answer, direct messages and buttons go on."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

import pytest

from bot.chat.feed import RoomMessage
from bot.commands.context import Place
from bot.messages.call import Call
from bot.platforms.web.adapter import LocalPage
from bot.platforms.web.answer import BrowserAction, WebCallRunner
from bot.platforms.web.decode import Submission
from bot.platforms.web.people import PagePerson, place_of
from bot.platforms.web.render import PageViews
from tests.features.ask.test_commands import Parrot, parrot
from tests.harness import World

DROPOUT, TESTING, TUPLE, AGAIN = "what is dropout?", "and at test time?", "what is a tuple?", "is it hashable?"
ADA, BEN = PagePerson("ada", "Ada", False), PagePerson("ben", "Ben", False)
_KEYS = itertools.count()


@dataclass
class Page:
    """The page's answering with the whole bot behind it."""

    w: World
    bird: Parrot
    answering: WebCallRunner = field(init=False)

    def __post_init__(self) -> None:
        app = self.w.app
        self.answering = WebCallRunner(
            app.registry, app.dispatcher, app.feed, app.clock, wake=lambda place: None, whisper=lambda said, reply: None
        )

    def said(self, who: PagePerson, room: str, thread: str | None, ref: str | None = None) -> Submission:
        place = place_of(who, room, thread)
        assert place is not None
        return Submission(who, place, None, f"key-{next(_KEYS)}", ref)

    async def say(
        self, who: PagePerson, line: str, *, room: str = "general", thread: str | None = None
    ) -> BrowserAction:
        return await self.answering.line(self.said(who, room, thread), line)

    async def last(self, thread: str | None = None) -> RoomMessage:
        return (await self.w.messages("general", thread))[-1]

    def heard(self) -> list[str]:
        turns, self.bird.asked = self.bird.asked, []
        return turns


@pytest.fixture
async def page(w: World) -> Page:
    await w.begin("ada", "ben")
    return Page(w, parrot(w))


async def asked(page: Page) -> str:
    """Have ada ask in #general, and return the answer's id, which is its thread's."""
    await page.say(ADA, f"ask {DROPOUT}")
    assert page.heard() == [DROPOUT]
    return (await page.last()).ref


async def test_the_thread_of_an_answer_goes_on_with_it_without_a_mention(page: Page) -> None:
    thread, turns = await asked(page), [DROPOUT]
    for who, line in ((ADA, "and at test time"), (BEN, TUPLE), (ADA, AGAIN)):
        turns.append(line)
        assert (await page.say(who, line, thread=thread)).do == "posted"
        assert page.heard() == turns
        question, answer = (await page.w.messages("general", thread))[-2:]
        assert (question.author, question.reply.plain()) == (who.name, line)
        assert "constant time" in answer.reply.plain()


async def test_what_people_say_to_each_other_there_is_left_to_them(page: Page) -> None:
    thread = await asked(page)
    for who, line in ((BEN, "I think that is wrong"), (ADA, "why?"), (BEN, "@ada which page?"), (ADA, "the tenth")):
        await page.say(who, line, thread=thread)
    assert page.heard() == []
    await page.say(BEN, f"trailmate, {TESTING}", thread=thread)
    assert page.heard() == [DROPOUT, TESTING]
    for line in ("no, it is only used at test time", "no, the mean"):
        await page.say(BEN, f"trailmate, {line}", thread=thread)
        assert page.heard()[-1:] == [line]


async def test_in_the_room_and_below_a_post_a_question_is_said_to_people(page: Page) -> None:
    await asked(page)
    posts = [m for m in await page.w.messages() if m.thread_title]
    for thread in (None, posts[-1].ref):
        aside = await page.say(BEN, TESTING, thread=thread)
        assert page.heard() == [] and aside.reply is not None


async def test_a_direct_message_goes_on(page: Page) -> None:
    for turns in (
        [DROPOUT],
        [DROPOUT, "and at test time"],
        [DROPOUT, "and at test time", "no, that is not true at all"],
        [DROPOUT, "and at test time", "no, that is not true at all", "no, 0.5"],
    ):
        await page.say(ADA, turns[-1], room="@ada")
        assert page.heard() == turns


async def test_a_button_on_an_answer_goes_on_with_it(page: Page) -> None:
    ref = await asked(page)
    message = await page.w.app.feed.find(ref)
    assert message is not None
    again = Call("ask", {"question": TESTING})
    shown = [b.target for b in message.reply.buttons if isinstance(b.target, Call)]
    await page.answering.click(page.said(ADA, "general", None, ref), again.pack())
    assert page.heard() == [TESTING], "a message goes on with nothing by a button that is not on it"
    removal = next(call for call in shown if call.name == "remove")
    assert (await page.answering.click(page.said(ADA, "general", None, ref), removal.pack())).do == "posted"
    await page.say(BEN, TESTING, thread=ref)
    assert page.heard() == []


async def test_an_answer_leads_to_its_thread_and_a_thread_to_nowhere_further(page: Page) -> None:
    thread = await asked(page)
    local = page.w.app.platforms["local"]
    assert isinstance(local, LocalPage)
    views = PageViews(page.w.app.feed, page.w.app.clock, (ADA, BEN), "Trailmate")
    room = await views.room(Place("local", "local", "general"), None, None)
    assert room.count("Ask further") == 1 and f'href="#general/{thread}"' in room
    await page.say(BEN, TESTING, thread=thread)
    assert "2 replies" in await views.room(Place("local", "local", "general"), None, None)
    inside = await views.room(Place("local", "local", "general", thread), None, None)
    assert "Ask further" not in inside and inside.count("constant time") == 2
    assert "Ask further" not in await views.rooms(ADA)
