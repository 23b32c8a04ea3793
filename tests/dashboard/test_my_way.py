"""A member's own page: what it shows, and that its buttons are the commands of the chat."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

from bot.curriculum import note_renderer
from bot.features.dashboard_access.service import DASHBOARD_PATH
from bot.html import render
from bot.messages.reply import Image
from tests.dashboard.browsing import Site
from tests.features.quiz.player import answer, posed
from tests.features.quiz.test_review_commands import go_through
from tests.harness import text


async def test_a_member_lives_a_week_on_the_page(site: Site) -> None:
    w = site.w
    browser, page = await site.signed_in("ada")
    assert page.status == 200
    for words in (
        "My progress",
        "Night owls",
        "You haven't checked in yet this week.",
        "Streak 0 units in a row",
        "No unit",
    ):
        assert (words in page.text) is (words != "No unit"), words
    done = await browser.press(page, "Check in", minutes="45", note="read *two* papers <b>")
    assert "Checked in: 45 min" in done.text
    assert "You've checked in." in done.text and "said=" in done.url
    assert "Streak 1" in text(await w.say("ada", "progress"))
    edited = await browser.press(done, "Edit", minutes="50", note="read three")
    assert "Changed: 50 min" in edited.text
    undone = await browser.press(edited, "Undo")
    assert "Undone" in undone.text and "read three" not in undone.text
    pledged = await browser.press(await browser.get("/dashboard"), "Make a plan", text="two papers, Tue 7pm")
    assert "two papers, Tue 7pm" in (await browser.get("/dashboard")).text and "Your plan for unit 1" in pledged.text


async def test_what_was_said_in_the_chat_is_undone_on_the_page_and_the_other_way_round(site: Site) -> None:
    w = site.w
    browser, page = await site.signed_in("ada")
    await w.say("ada", "checkin 30 read by night")
    undone = await browser.press(await browser.get("/dashboard"), "Undo")
    assert "Undone" in undone.text and "read by night" not in undone.text
    assert "Streak 0" in text(await w.say("ada", "progress"))

    mine = await browser.press(page, "Check in", minutes="45", note="read on the page")
    await w.say("ada", "checkin 20 and more")
    both = await browser.get("/dashboard")
    assert "and more" in both.text and "read on the page" in both.text
    left = await browser.press(mine, "Undo")
    assert "and more" in left.text and "read on the page" not in left.text, "a button takes back what it stood beside"
    assert (await w.say("ada", "undo")).title == "Undone"
    late = await browser.press(left, "Undo")
    assert "and more" not in late.text and "That check-in isn't yours, or you've undone it." in late.text


async def test_what_is_wrong_in_a_form_is_told_with_a_way_back_that_keeps_what_was_typed(site: Site) -> None:
    browser, page = await site.signed_in("ada")
    wrong = await browser.press(page, "Check in", minutes="ages", note="a long story")
    assert "“ages” is not a length of time" in wrong.text and "a long story" in wrong.html
    right = await browser.post("/dashboard/do", {"do": wrong.carried, "minutes": "20", "note": "a long story"})
    assert "Checked in" in right.text


async def test_a_button_that_is_pressed_twice_acts_once_and_says_the_same(site: Site) -> None:
    browser, page = await site.signed_in("ada")
    form = await browser.press(page, "Check in")
    values = {"do": form.carried, "minutes": "30", "note": "once"}
    first, second = [await browser.post("/dashboard/do", values) for _ in range(2)]
    assert first.url == second.url and "Checked in" in second.text
    assert second.html.count("once") == first.html.count("once")


async def test_a_note_is_read_on_the_page_and_pictures_are_for_who_is_signed_in(site: Site) -> None:
    await site.w.after(days=14)
    ada, page = await site.signed_in("ada")
    label = re.findall(r'>Read<span class="hidden"> (.*?)</span>', page.html)[0]
    shown = await ada.press(page, "Read")
    assert "In this note" in shown.text and unescape(label) in shown.text
    track = site.w.app.library["genai-2026"]
    image = Image(note_renderer.FIGURE, {"track": track.id, "figure": next(iter(track.figures))}, "A figure", "")
    drawing = str(render.figure(image, DASHBOARD_PATH))
    address = unescape(re.findall(r'<img src="([^"]+)"', drawing)[0])
    picture = await ada.get(address)
    assert picture.status == 200 and "<svg" in picture.html
    assert (await site.browser().get(address)).status == 401


async def test_my_progress_is_one_card_three_small_ones_and_a_table_in_two_hundred_words(site: Site) -> None:
    for _ in range(9):
        await site.w.say("ada", "checkin 45 read the notes")
        await site.w.after(days=7)
    _, page = await site.signed_in("ada")
    assert re.findall(r"<h2[^>]*>(.*?)</h2>", page.html)[1:] == ["Streak", "Review", "Plan", "Units"]
    seen = re.sub(r"(<details(?! open)[^>]*><summary>.*?</summary>).*?</details>", r"\1", page.html, flags=re.DOTALL)
    main = replace(page, html=seen.split("<main")[1])
    assert len(main.text.split()) <= 200, main.text


async def test_no_more_questions_are_told_for_a_day_than_are_asked(site: Site) -> None:
    w = site.w
    await w.say("ada", "quiz 1 count=4")
    assert await go_through(w) == 4
    w.set_clock(days=3)
    await w.say("ada", "review cap=1")
    assert "One question to review today." in (await site.signed_in("ada"))[1].text
    await w.say("ada", "review")
    await answer(w, "ada", (await posed(w))[0])
    assert "You've done today's one question." in (await site.signed_in("ada"))[1].text
