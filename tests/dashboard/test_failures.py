"""What did not arrive, as moderators see it, and that it is tried again by the chat's command."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from bot.commands.context import Place
from bot.delivery.outbox import OutboxRow
from bot.delivery.suspended_channels import park_room
from bot.features.schedule.outage_detection import GAP
from bot.features.schedule.tables import PlatformBeat
from bot.runtime.app import LOCAL
from bot.storage.unit_of_work import Work
from tests.dashboard.browsing import Site
from tests.harness import text


async def test_a_platform_that_nobody_is_connected_to_is_told_of_there_alone(site: Site) -> None:
    w = site.w
    browser, _ = await site.signed_in("mo")
    since = w.clock.now() - GAP - timedelta(seconds=1)

    async def told(platform: str) -> bool:
        def away(work: Work) -> None:
            work.session.add(PlatformBeat(platform=platform, at=since))

        await w.app.database.run(away)
        return "has had no connection to Local since" in (await browser.get("/dashboard/failures")).text

    assert not await told("discord")
    assert await told(LOCAL)


async def test_what_did_not_arrive_is_told_and_tried_again(site: Site) -> None:
    w = site.w
    browser, _ = await site.signed_in("mo")
    page = await browser.get("/dashboard/failures")
    assert "Everything was delivered" in page.text
    assert "nothing to retry" in text(await w.say("mo", "retry"))

    def break_it(work: Work) -> None:
        row = work.session.scalars(select(OutboxRow).where(OutboxRow.key == "c1:welcome")).one()
        row.state, row.sent_ref, row.error = "failed", None, "I may not <b>write</b> here."
        row.expires_at = w.clock.now() + timedelta(days=1)
        park_room(work, Place(LOCAL, LOCAL, "general"), "Invite me *again*.", work.made_at)

    await w.app.database.run(break_it)
    page = await browser.get("/dashboard/failures")
    assert "A message for the channel" in page.text and "I may not <b>write</b> here." in page.text
    assert "are on hold since" in page.text and "given up" in page.text
    checked = await browser.press(page, "Run all checks")
    assert "to fix" in checked.text or "Everything works" in checked.text
    tried = await browser.press(await browser.get("/dashboard/failures"), "Try again")
    assert "one message again" in tried.text
    await w.tick()
    again = await browser.get("/dashboard/failures")
    assert "Everything was delivered" in again.text and "Try again" not in again.text
    ada, _ = await site.signed_in("ada")
    assert (await ada.get("/dashboard/failures")).status == 403
    assert "moderator" in text(await w.say("ada", "retry")).lower()
