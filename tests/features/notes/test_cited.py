"""What a removed or changed note said goes from the messages that it was cited in, where they can be changed."""

from __future__ import annotations

from datetime import timedelta

from bot.commands.context import Place
from bot.features.ask.question_log import Retention
from bot.messages.attachment import raw
from bot.messages.call import Call
from bot.messages.reply import Reply
from bot.platforms.web.answer import WebCallRunner
from bot.platforms.web.decode import Submission
from bot.platforms.web.people import PagePerson
from tests.features.notes.test_commands import ASKED, DEPLOY, add
from tests.harness import World, text


async def ask(w: World, key: str) -> str:
    """Have Ada ask on the page; return where the answer stands."""
    page = WebCallRunner(
        w.app.registry, w.app.dispatcher, w.app.feed, w.clock, wake=lambda _: None, whisper=lambda *_: None
    )
    said = Submission(PagePerson("ada", "Ada", False), Place("local", "local", "general"), "UTC", key)
    assert (await page.line(said, f"ask {ASKED}?")).do == "posted"
    return (await w.messages())[-1].ref


async def standing(w: World, ref: str) -> Reply:
    await w.app.step()
    message = await w.app.feed.find(ref)
    assert message is not None
    return message.reply


async def test_a_removed_notes_words_go_from_the_answers_that_stand_in_the_channel(w: World) -> None:
    await w.begin("ada")
    await add(w)
    refs, taken = [await ask(w, "first"), await ask(w, "second")], await ask(w, "third")
    await w.press("ada", "Remove", of=await standing(w, taken))
    await w.call("ada", Call("consult", {"question": ASKED}))
    assert all(["zanzibar" in text(await standing(w, ref)) for ref in refs])
    await w.say("mo", "notes remove how we deploy")
    told = text(await w.press("mo", "Remove"))
    assert "Two answers that cited it will say so" in told and "I can't change one answer" in told
    for ref in refs:
        now = await standing(w, ref)
        assert text(now) == "This answer cited a note that was removed." and not now.buttons


async def test_a_changed_note_takes_back_only_the_answers_whose_words_are_gone(w: World) -> None:
    await w.begin("ada")
    await add(w)
    ref = await ask(w, "first")
    for said, is_there in ((DEPLOY + "\n## Oncall\n\nThe pager rings.\n", True), ("# Other\n\nNothing.\n", False)):
        await w.call("mo", Call("notes replace", {"note": "1", "file": raw("deploy.md", said.encode())}))
        told = text(await w.press("mo", "Replace"))
        assert ("will say so" in told) is not is_there
        assert ("zanzibar" in text(await standing(w, ref))) is is_there
    assert "was changed. Ask again" in text(await standing(w, ref))


async def test_where_an_answer_stands_is_kept_as_long_as_its_question(w: World) -> None:
    await w.begin("ada")
    await add(w)
    await ask(w, "first")
    later = w.clock.now() + timedelta(days=30)
    await w.app.database.run(lambda work: Retention().sweep(work, later))
    await w.say("mo", "notes remove how we deploy")
    assert "that cited" not in text(await w.press("mo", "Remove"))
