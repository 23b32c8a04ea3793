"""What moderators do about questions, by page and by chat alike."""

from __future__ import annotations

from tests.dashboard.browsing import Site
from tests.dashboard.test_access import EVIL
from tests.harness import text

UNKNOWN = "where do we park the bicycles?"


async def test_a_moderator_answers_what_the_notes_do_not_and_it_becomes_a_note(site: Site) -> None:
    w = site.w
    await w.say("ada", f"ask {UNKNOWN}")
    await w.say("ben", f"ask how do I hang {EVIL} curtains?")
    mo, _ = await site.signed_in("mo")
    page = await mo.get("/dashboard/questions")
    assert UNKNOWN in page.text and "<script>alert" not in page.html and "Most missed in quizzes" in page.text
    assert UNKNOWN in text(await w.say("mo", "gaps"))
    dismissed = await mo.press(page, "Dismiss")
    assert "off the list" in dismissed.text and "Undo" in dismissed.text
    assert "back on the list" in (await mo.press(dismissed, "Undo")).text
    while UNKNOWN not in (form := await mo.press(await mo.get("/dashboard/questions"), "Write an answer")).html:
        assert "off the list" in (await mo.press(await mo.get("/dashboard/questions"), "Dismiss")).text
    sent = {"do": form.carried, "title": "Bicycles", "text": "Park the bicycles behind the library."}
    written = await mo.post("/dashboard/do", sent)
    assert "Added “Bicycles” to Night owls" in written.text and "notes?cohort=1&amp;note=1" in written.html
    assert UNKNOWN not in text(await w.say("mo", "gaps"))
    assert "behind the library" in text(await w.say("ada", "notes show Bicycles"))


async def test_ratings_are_counted_without_names_and_only_moderators_see_them(site: Site) -> None:
    w = site.w
    answer = await w.say("ada", "ask what is a token?")
    await w.press_call("ada", w.button("ada", "Rate", answer).target, None)  # type: ignore[arg-type]
    rated = await w.press("ada", "Incomplete")
    assert "incomplete" in text(rated)
    mo, _ = await site.signed_in("mo")
    page = await mo.get("/dashboard/questions")
    ratings = page.text.partition("Ratings of answers")[2].partition("Missed most")[0]
    assert ratings.split()[:2] == ["1", "incomplete"] and "Ada" not in page.text
    ada, _ = await site.signed_in("ada")
    refused = await ada.get("/dashboard/questions")
    assert refused.status == 403 and "Ratings of answers" not in refused.text
    assert "Members who missed it" in (await mo.get("/dashboard/questions.csv")).html
