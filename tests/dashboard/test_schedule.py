"""The schedule's page: what comes when, the next post as it will look, and buttons that are the chat's commands."""

from __future__ import annotations

from bot.core.call import Call
from tests.dashboard.browsing import Site
from tests.harness import text


async def test_a_moderator_plans_the_weeks_on_the_page(site: Site) -> None:
    w = site.w
    browser, _ = await site.signed_in("mo")
    page = await browser.get("/dashboard/schedule")
    assert page.status == 200 and "How the post will look" in page.text and "What comes when" in page.text
    later = await browser.get("/dashboard/schedule?unit=no-such-unit")
    assert later.status == 200 and "How the post will look" in later.text
    table = await browser.get("/dashboard/schedule.csv?cohort=1")
    assert table.html.startswith("unit,title,opens_at,due_at\n1,") and table.status == 200
    asked = await browser.press(page, "Leave out a week")
    assert "Pause Night owls?" in asked.text
    paused = await browser.press(asked, "Confirm")
    assert "The channel is told." in paused.text and "Go on now" in paused.text
    assert "pauses" in text((await w.posts())[-1]) or "pause" in text(await w.say("mo", "cohort status")).lower()
    gone_on = await browser.press(paused, "Go on now")
    assert "goes on" in gone_on.text and "Leave out a week" in gone_on.text


async def test_a_live_hour_is_planned_and_answered_on_the_page(site: Site) -> None:
    w = site.w
    browser, _ = await site.signed_in("mo")
    page = await browser.get("/dashboard/schedule")
    shown = await browser.press(page, "Plan one", at="tomorrow 18:00", topic="On *attention* <b>")
    planned = await browser.press(shown, "Post it")
    assert "On *attention* <b>" in planned.text and "0 come" in planned.text
    ada, _ = await site.signed_in("ada")
    page = await ada.get("/dashboard/schedule")
    assert "Leave out a week" not in page.text and "How the post will look" not in page.text
    assert "Move it" not in page.text and "Cancel it" not in page.text
    coming = await ada.press(page, "Coming")
    assert "1 come" in coming.text and "You come." in coming.text
    assert "you come" in text(await w.call("ada", Call("session next")))
