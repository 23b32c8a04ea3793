"""Settings on the dashboard: one's own, and the group's by the checks that the chat has."""

from __future__ import annotations

from bot.features.groups.tables import Group
from bot.storage.unit_of_work import Work
from tests.dashboard.browsing import Site
from tests.harness import text


async def test_a_group_is_changed_by_forms_that_ask_for_what_belongs_together(site: Site) -> None:
    w = site.w
    browser, _ = await site.signed_in("mo")
    page = await browser.get("/dashboard/settings")
    assert "Night owls" in page.text and "Mine" not in page.text
    form = await browser.press(page, "Change posts")
    assert "Hints before exercise answers" in form.text and "Group name" not in form.text
    assert '<option value="yes" selected>' in form.html  # as it is now
    asked = await browser.post("/dashboard/do", {"do": form.carried, "hints": "no", "channel_shows": "goal"})
    assert "Change Night owls?" in asked.text
    done = await browser.press(asked, "Confirm")
    assert "updated" in done.text

    def read(work: Work) -> tuple[bool, str, bool, str]:
        row = work.session.get_one(Group, 1)
        return row.has_hints, row.channel_shows, row.has_reminders, row.name

    assert await w.app.database.run(read, writes=False) == (False, "goal", True, "Night owls")
    wrong = await browser.press(
        await browser.get("/dashboard/settings"), "Change notified role", notify="everyone here"
    )
    assert "I can't notify “everyone here”" in wrong.text and "Role to notify about each unit" in wrong.text
    assert "Time zone" not in wrong.text  # still the one field
    assert "hints: no" in text(await w.say("mo", "audit"))


async def test_a_member_sets_their_own_and_sees_no_switch_of_the_group(site: Site) -> None:
    w = site.w
    browser, _ = await site.signed_in("ada")
    page = await browser.get("/dashboard/settings")
    assert "Posts" not in page.text and "End the group" not in page.text
    saved = await browser.press(page, "Change my settings", timezone="Asia/Tokyo", quiet="off")
    assert "Asia/Tokyo" in saved.text and "Saved" in saved.text
    kept = await browser.press(saved, "See my data")
    assert "Your data" in kept.text
    assert "Asia/Tokyo" in text(await w.say("ada", "settings pictures=yes"))
