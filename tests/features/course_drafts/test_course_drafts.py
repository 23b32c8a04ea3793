"""A model drafts a course from material; a moderator sees the cost, what to check, and accepts unit by unit."""

from __future__ import annotations

import asyncio
import re
import zlib
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.answers.model.drafting import split_material
from bot.features.course_drafts.worker import CLAIM, DraftWorker
from bot.features.courses.tables import OwnRoadmap
from bot.llm.metered import Charged
from bot.messages import attachment
from bot.messages.call import Call
from tests.features.course_drafts.drafting_model import INVENTED, MATERIAL, DraftingModel, play
from tests.harness import World, text, world
from tests.storage.fixtures import run_alone

DRAFT = Call("manage course draft", {"text": MATERIAL})
ACCEPT = Call("manage course drafting", {"of": "1", "action": "accept", "unit": "2"})
SHOW = Call("manage course drafts", {"of": "1"})


async def test_material_becomes_a_group_with_notes_and_questions(w: World) -> None:
    assert "No chat model is set up here, so write the course by hand" in text(await w.call("mo", DRAFT))
    worker = play(w, model := DraftingModel())
    offered = text(await w.call("mo", DRAFT))
    assert "I read 2 passages in Pasted text. About 1 unit and" in offered and "300,000 are left" in offered
    await worker.run()
    assert model.prompts == []
    await w.press("mo", "Start drafting")
    await worker.run()
    progress = await w.call("mo", SHOW)
    assert progress.title == "Kubernetes" and "2 of 2 units drafted, 0 accepted." in text(progress)
    unit = await w.press("mo", "Review unit")
    assert "1 sentence to check" in text(unit) and "All containers" not in text(unit).split("Check this")[0]
    assert f"Check this: {INVENTED} [1] > [1] Pods: A pod runs one or more containers" in text(unit)
    following = await w.press("mo", "Accept unit")
    assert "Pods is in the course, with its note and questions." in text(following)
    assert following.title == "Unit 2 of 2: Services"
    assert "2 of 2 units drafted, 2 accepted." in text(await w.press("mo", "Accept unit", zone="UTC"))
    await w.press("mo", "Start a group", zone="UTC")
    await w.press("mo", "Start the group", zone="UTC")
    await w.say("ada", "join")
    await w.after(days=1)
    read = text(await w.say("ada", "unit 1"))
    assert "Start one on your machine." in read and "Start it" in read
    assert "Pods" in text(await w.say("mo", "notes list")) and "what is that" in text(await w.say("ada", "quiz"))
    assert "tokens" in text(await w.say("mo", "usage"))
    await w.call("mo", Call("manage course drafting", {"of": "1", "action": "discard"}))
    assert "There are no drafts." in text(await w.say("mo", "manage course drafts"))


async def test_work_goes_on_at_the_next_unit_after_a_kill_and_stops_when_told(w: World) -> None:
    worker = play(w, model := DraftingModel())
    await w.call("mo", DRAFT)
    await w.press("mo", "Start drafting")
    model.gate.clear()
    killed = asyncio.create_task(worker.run())
    while len(model.prompts) < 2:
        await asyncio.sleep(0.01)
    killed.cancel()
    with pytest.raises(asyncio.CancelledError):
        await killed
    model.gate.set()
    fresh = DraftWorker(w.app.database, Charged(model.chat()), worker._meter, w.clock)
    await fresh.run()
    assert len(model.prompts) == 2, "another process may still be at it"
    w.clock.move_to(w.clock.now() + CLAIM + timedelta(seconds=1))
    model.gate.clear()
    going_on = asyncio.create_task(fresh.run())
    while len(model.prompts) < 3:
        await asyncio.sleep(0.01)
    await w.call("mo", Call("manage course drafting", {"of": "1", "action": "stop"}))
    model.gate.set()
    await going_on
    assert sum(prompt.endswith("limit.") for prompt in model.prompts) == 1, "the outline isn't asked for again"
    assert "1 of 2 units drafted" in text(await w.call("mo", SHOW))
    await w.press("mo", "Continue")
    await fresh.run()
    assert "2 of 2 units drafted" in text(await w.call("mo", SHOW)) and len(model.prompts) == 4


async def test_headings_of_the_material_that_are_in_no_unit_are_named(w: World) -> None:
    worker = play(w, model := DraftingModel())
    model.planned_units = 1
    await w.call("mo", DRAFT)
    assert "In no unit" not in text(await w.press("mo", "Start drafting"))
    await worker.run()
    progress = text(await w.call("mo", SHOW))
    assert "1 of 1 unit drafted" in progress and "In no unit: Services." in progress


async def begin_group(w: World) -> None:
    """Have Mo accept the first unit and start a group on it, then accept the second unit, which hasn't opened."""
    worker = play(w, DraftingModel())
    await w.call("mo", DRAFT)
    await w.press("mo", "Start drafting")
    await worker.run()
    await w.call("mo", Call(ACCEPT.name, {**ACCEPT.args, "unit": "1"}))
    await w.start(extra="course=own-1")
    await w.after(hours=2)
    assert "Undo" in [button.label for button in (await w.call("mo", ACCEPT)).buttons]


async def test_accepting_a_unit_is_undone_with_its_note_and_repeated(w: World) -> None:
    await begin_group(w)
    assert "Services" in text(await w.say("mo", "notes list"))
    undo = Call(ACCEPT.name, {**ACCEPT.args, "action": "undo"})
    undone = await w.call("mo", undo)
    assert "Services is no longer in the course." in text(undone) and undone.buttons[0].label == "Accept unit"
    assert "1 unit and" in text(await w.say("mo", "outline show"))
    assert "Services" not in text(await w.say("mo", "notes list"))
    assert "This unit isn't in the course." in text(await w.call("mo", undo))
    assert "2 of 2 units drafted, 1 accepted." in text(await w.call("mo", SHOW))
    await w.call("mo", ACCEPT)
    assert "Services" in text(await w.say("mo", "notes list"))
    assert "2 units and 12 questions" in text(await w.say("mo", "outline show"))
    new = {"note": "Services", "text": "Our own words about services and their pods.", "confirm": "yes"}
    await w.call("mo", Call("manage notes replace", new))
    await w.call("mo", undo)
    assert "Services" in text(await w.say("mo", "notes list")), "somebody has changed the note"
    assert "That's for people who manage" in text(await w.call("ada", undo))


async def test_a_version_before_an_accepted_unit_is_restored_and_the_unit_accepted_again(w: World) -> None:
    await begin_group(w)
    restore = Call("manage course restore", {"course": "own-1", "version": "1", "seen": "2"})
    assert "The course is as it was before." in text(await w.call("mo", restore))
    assert "2 of 2 units drafted, 1 accepted." in text(await w.call("mo", SHOW))
    await w.call("mo", ACCEPT)
    assert "2 of 2 units drafted, 2 accepted." in text(await w.call("mo", SHOW))


async def test_an_opened_unit_stays_in_the_course_with_what_was_posted(w: World) -> None:
    await begin_group(w)
    posted = [text(post) for post in await w.posts()]
    assert any("Pods" in post for post in posted)
    refused = await w.call("mo", Call(ACCEPT.name, {**ACCEPT.args, "action": "undo", "unit": "1"}))
    assert "must keep “Pods”" in text(refused) and refused.tone == "error"
    assert "Start one on your machine." in text(await w.say("mo", "unit 1"))
    assert "2 units and 12 questions" in text(await w.say("mo", "outline show"))
    assert [text(post) for post in await w.posts()] == posted


async def test_on_postgresql_a_draft_goes_into_a_running_group(tmp_path: Path, postgres_url: str) -> None:
    run_alone(postgres_url, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
    async with world(tmp_path, TRAILMATE_DATABASE_URL=postgres_url) as w:
        await w.call("mo", Call("manage course add", {"text": "# Kubernetes\n- Containers\n"}))
        await w.press("mo", "Confirm")
        await w.start(extra="course=own-1")
        await w.say("ada", "join")
        await w.after(hours=2)
        worker = play(w, DraftingModel())
        await w.call("mo", Call(DRAFT.name, {**DRAFT.args, "course": "own-1"}))
        await w.press("mo", "Start drafting")
        fresh = DraftWorker(w.app.database, worker._drafter._chat, worker._meter, w.clock)  # type: ignore[union-attr]
        await asyncio.gather(worker.run(), fresh.run())
        assert "2 of 2 units drafted, 0 accepted." in text(await w.call("mo", SHOW))
        first = Call(ACCEPT.name, {**ACCEPT.args, "unit": "1"})
        await asyncio.gather(w.call("mo", first), w.call("sue", ACCEPT, moderator=True))
        assert "3 units and 12 questions" in text(await w.say("mo", "outline show"))
        assert [text(await w.say("mo", "notes list")).count(name) for name in ("Pods", "Services")] == [1, 1]
        await w.after(weeks=1)
        assert any("Pods" in text(post) for post in await w.posts())
        assert "Start one on your machine." in text(await w.say("ada", "unit 2"))
        assert "Services is no longer" in text(await w.call("mo", Call(ACCEPT.name, {**ACCEPT.args, "action": "undo"})))
        assert "2 units and" in text(await w.say("mo", "outline show"))


async def test_two_moderators_who_accept_a_unit_at_once_make_one_course(w: World) -> None:
    worker = play(w, DraftingModel())
    await w.call("mo", DRAFT)
    await w.press("mo", "Start drafting")
    await worker.run()
    accepted = await asyncio.gather(w.call("mo", ACCEPT), w.call("sue", ACCEPT, moderator=True))
    assert [reply.tone for reply in accepted] == ["good", "good"]
    await w.call("mo", Call(ACCEPT.name, {**ACCEPT.args, "unit": "1"}))
    outlines = await w.app.database.run(lambda work: work.session.scalars(select(OwnRoadmap.outline)).all())
    assert len(outlines) == 1 and re.findall(r"^### .*", outlines[0], re.MULTILINE) == ["### Pods", "### Services"]
    assert "That's for people who manage" in text(await w.call("ada", ACCEPT))


async def test_a_model_that_replies_nonsense_is_given_up_after_some_tries(w: World) -> None:
    worker = play(w, model := DraftingModel())
    model._respond = lambda said: DraftingModel._respond(model, '{"units": []}')  # type: ignore[method-assign]
    await w.call("mo", DRAFT)
    await w.press("mo", "Start drafting")
    for _ in range(6):
        await worker.run()
        w.clock.move_to(w.clock.now() + timedelta(hours=1))
    stopped = await w.call("mo", SHOW)
    assert "didn't give a reply that I can use" in text(stopped) and len(model.prompts) == 4


def make_pdf(content: bytes, *, pages: int = 1, filters: bytes = b"") -> bytes:
    """Return a PDF whose pages all show a content stream."""
    kids = b" ".join(b"%d 0 R" % (n + 5) for n in range(pages))
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 4 0 R/Resources<</Font<</F 3 0 R>>>>>>"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (pages, kids),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Length %d%s>>stream\n%s\nendstream" % (len(content), filters, content),
        *[page] * pages,
    ]
    body, places = b"%PDF-1.4\n", []
    for number, text_of_object in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, text_of_object)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    return (
        body + head + table + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(body))
    )


WORDS = b"BT /F 12 Tf 20 200 Td (A pod runs one or more containers on a node, and they share an address.) Tj ET"


@pytest.mark.parametrize(
    ("name", "data", "reply"),
    [
        ("a.pdf", make_pdf(WORDS, pages=3), "I read 3 passages in a.pdf."),
        ("a.pdf", make_pdf(WORDS, pages=301), "more than 300 pages"),
        ("a.pdf", make_pdf(zlib.compress(bytes(100_000_000)), filters=b"/Filter/FlateDecode"), "I can't read this PDF"),
        ("a.pdf", b"%PDF-1.4\nnothing", "I can't read this PDF"),
        ("a.svg", b"<svg/>" + b" word" * 100, "I read Markdown (.md), text (.txt) and PDF files."),
        ("a.md", b"word \x07 \xe2\x80\xae" * 9000, "I read 46 passages"),
    ],
    ids=["pages", "too many", "bomb", "broken", "svg", "control"],
)
async def test_a_file_is_read_within_limits(w: World, name: str, data: bytes, reply: str) -> None:
    play(w, DraftingModel())
    call = Call("manage course draft", {"file": attachment.raw_binary(name, data)})
    assert reply in text(await w.call("mo", call)).replace("\\", "")


def test_a_huge_line_and_many_headings_make_passages_of_a_size() -> None:
    huge = split_material("x" * 500_000)
    assert max(len(passage.text) for passage in huge) <= 2400 and sum(len(p.text) for p in huge) == 500_000
    headed = split_material("# A\nwords\n" * 20_000)
    assert len(headed) <= 1000 and {passage.name for passage in headed} == {"A"}
