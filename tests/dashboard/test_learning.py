"""What a learner reads and does on a Sunday: the roadmap, the notes, a search, each at an address of its own."""

from __future__ import annotations

import re

from bot.messages.call import Call
from bot.messages.reply import Button
from tests.dashboard.browsing import Site
from tests.dashboard.test_access import EVIL
from tests.harness import text


async def test_the_way_is_folded_by_phase_with_the_group_s_days_and_what_a_member_did(site: Site) -> None:
    w = site.w
    await w.say("ada", "checkin 45 read it")
    await w.after(days=7)
    ada, _ = await site.signed_in("ada")
    way = await ada.get("/dashboard/roadmap")
    said = text(await w.say("ada", "roadmap phase=all"))
    track = w.app.library["genai-2026"]
    for phase in track.roadmap.phases:
        assert phase.title in way.text
    assert way.html.count("<details") == len(track.roadmap.phases) and way.html.count(" open>") == 1
    assert "1 of them done" in way.text and "completed, by 8 Mar" in way.text
    assert all(unit.title in way.text and unit.title in said for unit in track.roadmap.units)
    first, second = track.roadmap.units[:2]
    unit = await ada.get(re.findall(r'href="(/dashboard/roadmap[^"]+unit=[^"]+)"', way.html)[0].replace("&amp;", "&"))
    assert first.objectives[0] in unit.text and f"{second.number} {second.title}" in unit.text
    assert "Notes" in (await ada.press(unit, "Read the notes")).text
    assert (await ada.get("/dashboard/roadmap?unit=nonsense-unit")).status == 403


async def test_the_page_of_a_unit_hands_out_its_starter_and_asks_before_the_solution(site: Site) -> None:
    ada, _ = await site.signed_in("ada")
    unit = await ada.get("/dashboard/roadmap?unit=tf-attention")
    assert "The exercise has a starter with a checker." in unit.text
    given = await ada.press(unit, "Get the starter")
    assert 'download="tf-attention.zip"' in given.html
    early = await ada.press(given, "Show solution")
    assert "Show the solution anyway?" in early.text
    assert 'download="tf-attention-solution.py"' in (await ada.press(early, "Show solution")).html


async def test_a_note_is_read_whole_and_found_by_the_index_of_answers(site: Site) -> None:
    ada, _ = await site.signed_in("ada")
    contents = await ada.get("/dashboard/notes")
    track = site.w.app.library["genai-2026"]
    note = track.notes[track.roadmap.units[0].notes[0]]
    assert note.title in contents.text
    shown = await ada.get(f"/dashboard/notes?note={note.id}")
    for section in note.sections:
        assert section.heading in shown.text
    assert shown.html.count("<summary>Answer") == len(note.sections[-1].questions) >= 4
    assert shown.text.count(note.sections[-1].questions[0].text) == 1
    found = await ada.get(f"/dashboard/notes?q={note.sections[1].heading.replace(' ', '+')}")
    assert f"note={note.id}#s2" in found.html and note.sections[1].heading in found.text
    assert "No note matches “zzzqqq”" in (await ada.get("/dashboard/notes?q=zzzqqq")).text
    assert (await ada.get("/dashboard/notes?note=nothing-such")).status == 403


async def test_a_figure_that_can_be_moved_has_a_page_alone_in_a_sandbox(site: Site) -> None:
    ada, _ = await site.signed_in("ada")
    note = await ada.get("/dashboard/notes?note=tf-positions")
    assert note.html.count("Move this figure") == 1
    page = await ada.get("/dashboard/movable/genai-2026/rope-turn.html")
    assert "RoPE: positions as turns" in page.text
    assert "sandbox allow-scripts" in page.headers["Content-Security-Policy"]
    assert (await ada.get("/dashboard/movable/genai-2026/movable.js")).status == 200
    for path in (
        "genai-2026/kv-cach.html",
        "genai-2026/drawing.py",
        "genai-2026/..%2froadmap.yaml",
        "no/rope-turn.html",
    ):
        assert (await ada.get(f"/dashboard/movable/{path}")).status == 404
    await site.w.say("ada", "settings pictures=no")
    assert "Move this figure" not in (await ada.get("/dashboard/notes?note=tf-positions")).text


async def test_a_group_s_note_is_added_replaced_and_removed_as_in_the_chat(site: Site) -> None:
    w = site.w
    mo, _ = await site.signed_in("mo")
    empty = await mo.get("/dashboard/notes?cohort=1")
    assert "Nothing yet" in empty.text
    added = await mo.press(empty, "Add a note", title="How we deploy", text=f"## Steps\n\nPush on Friday. {EVIL}")
    assert "Added “How we deploy” to Night owls" in added.text
    assert "by mo" in text(await w.say("mo", "notes list")).casefold()
    ada, _ = await site.signed_in("ada")
    seen = await ada.get("/dashboard/notes?note=1")
    assert "Push on Friday" in seen.text and "<script>alert" not in seen.html and "Replace" not in seen.text
    form = await mo.press(await mo.get("/dashboard/notes?cohort=1"), "Replace")
    assert "Push on Friday" in form.text
    asked = await mo.post("/dashboard/do", {"do": form.carried, "note": "1", "text": "## Steps\n\nPush on Monday."})
    assert "delete the old text" in asked.text
    assert "Push on Friday" in (await ada.get("/dashboard/notes?note=1")).text
    assert "Updated “" in (await mo.press(asked, "Replace")).text
    assert "Push on Monday" in text(await w.say("ada", "notes show 1"))
    sure = await mo.press(await mo.get("/dashboard/notes?cohort=1"), "Remove")
    assert "removed" in (await mo.press(sure, "Remove")).text
    assert "no notes of its own" in text(await w.say("ada", "notes list"))


async def test_what_an_answer_rests_on_opens_marked_at_an_address(site: Site) -> None:
    w = site.w
    reply = await w.say("ada", "ask what is a token?")
    listed = await w.press("ada", "Sources", of=reply)
    passage = next(b for b in listed.buttons if isinstance(b.target, Call) and b.target.name == "passage")
    assert isinstance(passage, Button) and isinstance(passage.target, Call)
    ada, _ = await site.signed_in("ada")
    shown = await ada.get(f"/dashboard/notes?of={passage.target.args['of']}")
    assert "The answer uses the text in bold" in shown.text and "<strong>" in shown.html


async def test_a_question_is_answered_on_the_page_from_the_group_s_notes_alone(site: Site) -> None:
    ada, _ = await site.signed_in("ada")
    empty = await ada.get("/dashboard/ask?question=what+is+a+token%3F")
    assert "what is a token?" in empty.html
    answer = await ada.post("/dashboard/do", {"do": empty.carried, "question": "what is a token?"})
    assert "/dashboard/ask?" in answer.url and "token" in answer.text
    sources = await ada.press(answer, "Sources")
    assert "/dashboard/ask?" in sources.url and sources.html.count("/dashboard/notes?") > 1
    assert "This answer was removed" in (await ada.press(answer, "Remove")).text
    unknown = await ada.post("/dashboard/do", {"do": (await ada.get("/dashboard/ask")).carried, "question": EVIL})
    assert "<script>alert" not in unknown.html and "&lt;script&gt;" in unknown.html
    unit = await ada.get("/dashboard/roadmap?unit=1")
    assert unit.button("Ask")[0].startswith("/dashboard/ask")


async def test_a_quiz_is_taken_on_the_page_and_is_the_chat_s_own(site: Site) -> None:
    w = site.w
    ada, _ = await site.signed_in("ada")
    begun = await ada.press(await ada.get("/dashboard/roadmap?unit=1"), "Take a quiz")
    assert "/dashboard/quiz?" in begun.url and "question 1 of 5" in begun.text.casefold()
    assert "five questions left" in text(await w.say("ada", "quiz"))
    waiting = await ada.get("/dashboard/quiz")
    shown = await ada.press(waiting, "Continue quiz")
    for _ in range(40):
        labels = [one for one in ("Next", "Result", "Done", "A", "Answer") if f">{one}</" in shown.html]
        if not labels:
            break
        number = {"number": "1"} if labels[0] == "Answer" else {}
        shown = await ada.press(shown, labels[0], **number)
    assert "Your result" in shown.text
    page = await ada.get("/dashboard/quiz")
    assert "Quiz in progress" not in page.text and re.search(r"\d of \d+ right", page.text)
