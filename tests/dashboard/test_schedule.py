"""The schedule's page: what comes when, the next post as it will look, and buttons that are the chat's commands."""

from __future__ import annotations

from bot.messages.call import Call
from tests.dashboard.browsing import Site
from tests.harness import text


async def test_a_moderator_plans_the_weeks_on_the_page(site: Site) -> None:
    w = site.w
    browser, _ = await site.signed_in("mo")
    page = await browser.get("/dashboard/schedule")
    assert page.status == 200 and "Preview of the post" in page.text and "Coming up" in page.text
    later = await browser.get("/dashboard/schedule?unit=no-such-unit")
    assert later.status == 200 and "Preview of the post" in later.text
    table = await browser.get("/dashboard/schedule.csv?cohort=1")
    assert table.html.startswith("Unit,Title,Posted (UTC),Due (UTC)\n1,") and table.status == 200
    asked = await browser.press(page, "Skip a week")
    assert "Pause Night owls?" in asked.text
    paused = await browser.press(asked, "Confirm")
    assert "I'll post that in the channel." in paused.text and "Resume now" in paused.text
    assert "pause" in text((await w.posts())[-1]) or "pause" in text(await w.say("mo", "manage status")).lower()
    gone_on = await browser.press(paused, "Resume now")
    assert "is cancelled" in gone_on.text and "Skip a week" in gone_on.text


async def test_a_unit_that_is_left_out_stays_in_sight_and_comes_back_from_there(site: Site) -> None:
    w = site.w
    mo, page = await site.signed_in("mo")
    page = await mo.press(await mo.press(await mo.get("/dashboard/schedule"), "Skip unit Unit"), "Confirm")
    assert (
        "is skipped. I'll post the new dates in the channel." in page.text
        and " skipped " in page.text.split("Coming up")[1]
    )
    way = await mo.get("/dashboard/roadmap")
    assert " skipped " in way.text and "composition (skipped)" in text(await w.say("ada", "course all"))
    assert "Your group skips this unit" in text(await w.say("ada", "unit 2"))
    assert "is skipped" in text(await w.say("mo", "manage preview 2"))
    ada, _ = await site.signed_in("ada")
    seen = await ada.get("/dashboard/schedule")
    assert " skipped " in seen.text and "Restore unit" not in seen.text
    await w.after(minutes=5)
    asked = await mo.press(way, "Restore unit")
    assert "New dates Unit 2: " in asked.text and "(was skipped)" in asked.text
    back = await mo.press(asked, "Confirm")
    assert "Unit 2: " in back.text and ": starts " in back.text and " skipped " not in back.text
    await w.tick()
    told = text((await w.posts())[-1])
    assert "is back in the schedule" in told and told.index("Unit 2: ") < told.index("Unit 3: ")


async def test_what_is_wrong_with_an_hour_is_told_in_the_zone_in_which_it_is_typed(site: Site) -> None:
    w = site.w
    for line in ("join", "settings zone=Asia/Tokyo"):
        await w.say("mo", line)
    mo, _ = await site.signed_in("mo")
    form = await mo.press(await mo.get("/dashboard/schedule"), "Extend deadline")
    wrong = await mo.post("/dashboard/do", {"do": form.carried, "at": "2026-03-02 09:00"})
    assert "after Mon 9 Mar 2026, 06:00 (Asia/Tokyo)" in wrong.text and "UTC" not in wrong.text


async def test_a_live_hour_is_planned_and_answered_on_the_page(site: Site) -> None:
    w = site.w
    browser, _ = await site.signed_in("mo")
    page = await browser.get("/dashboard/schedule")
    shown = await browser.press(page, "Plan a session", at="tomorrow 18:00", topic="On *attention* <b>")
    planned = await browser.press(shown, "Post it")
    assert "On *attention* <b>" in planned.text and "0 come" in planned.text
    ada, _ = await site.signed_in("ada")
    page = await ada.get("/dashboard/schedule")
    assert "Skip a week" not in page.text and "Preview of the post" not in page.text
    assert "Move session" not in page.text and "Cancel session" not in page.text
    coming = await ada.press(page, "I'll come")
    assert "1 comes." in coming.text and "You're coming." in coming.text
    assert "You're coming" in text(await w.call("ada", Call("session next")))
