"""Who gets in, and what somebody tries who should not: the list of attacks."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from yarl import URL

from bot.commands.refusals import unread
from bot.delivery.processed_events import SqlDrafts
from bot.features.dashboard_access.service import Visits
from bot.messages.call import Call
from bot.messages.picture import PATH as PICTURE
from tests.dashboard.browsing import Browser, Site, served
from tests.examples import sample
from tests.harness import text, world

EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


def advance_machine(site: Site, **span: float) -> None:
    """Advance the machine's clock, by which links and visits end."""
    database = site.w.app.database
    before = database.machine_now
    database.machine_now = lambda: before() + timedelta(**span)


async def test_a_link_works_once_and_only_by_its_button(site: Site) -> None:
    link, browser = await site.link("ada"), site.browser()
    for _ in range(3):  # a chat that looks into a link
        preview = await site.browser().get(link.removeprefix(site.base))
        assert preview.status == 200 and "Set-Cookie" not in preview.headers and "Ada" not in preview.text
    entered = await browser.enter(link)
    assert "My progress" in entered.text and link.rsplit("/", 1)[1] not in entered.url
    again = await site.browser().enter(link)
    assert again.status == 403 and "That link has expired" in again.text


async def test_a_forged_an_old_and_a_replaced_link_lead_nowhere(site: Site) -> None:
    link = await site.link("ada")
    forged = f"{site.base}/dashboard/enter/{'A' * 43}"
    newer = await site.link("ada")
    assert (await site.browser().enter(forged)).status == 403
    assert (await site.browser().enter(link)).status == 403
    advance_machine(site, minutes=11)
    assert (await site.browser().enter(newer)).status == 403


async def test_nobody_sees_anything_without_a_visit_and_after_it(site: Site) -> None:
    stranger = site.browser(Cookie=f"trailmate-{URL(site.base).port}=guess")
    for path in ("/dashboard", "/dashboard/form?do=x"):
        assert (await stranger.get(path)).status == 401
    assert (await stranger.post("/dashboard/do", {"do": "x"})).status == 401
    assert (await stranger.get(f"/dashboard{PICTURE}/figure?track=genai-2026")).status == 401
    browser, page = await site.signed_in("ada")
    other, _ = await site.signed_in("ada")
    assert "You're signed out" in (await browser.press(page, "Sign out")).text
    assert (await browser.get("/dashboard")).status == 401
    assert (await other.get("/dashboard")).status == 200
    assert "signed you out of one browser" in text(await site.w.say("ada", "dashboard logout"))
    assert (await other.get("/dashboard")).status == 401


@pytest.mark.nightly
async def test_a_visit_ends_after_half_a_day_without_a_request_and_after_a_week(site: Site) -> None:
    idle, _ = await site.signed_in("ada")
    busy, _ = await site.signed_in("ben")
    seen = []
    for _ in range(17):
        advance_machine(site, hours=10)
        seen.append((await busy.get("/dashboard")).status)
        if len(seen) == 2:
            assert (await idle.get("/dashboard")).status == 401
    assert seen == [200] * 16 + [401]


async def test_a_cookie_is_hidden_from_scripts_and_other_sites_and_no_answer_may_be_framed_or_kept(site: Site) -> None:
    browser = site.browser()
    link = await site.link("ada")
    entered = await browser.post("/dashboard/enter", {"token": link.rsplit("/", 1)[1]}, follow=False)
    cookie = entered.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Domain" not in cookie
    page = await browser.get("/dashboard")
    policy = page.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy and "form-action 'self'" in policy and "unsafe" not in policy
    assert page.headers["Cache-Control"] == "no-store"


@pytest.mark.nightly
async def test_two_bots_on_one_machine_do_not_sign_each_other_out(site: Site, tmp_path: Path) -> None:
    browser, _ = await site.signed_in("ada")
    (folder := tmp_path / "other").mkdir()
    async with world(folder, TRAILMATE_PORT=0) as w:
        await w.begin("ada")
        async with served(w) as other:
            link = await other.link("ada")
            there = Browser(other.base, browser.http)  # one browser, which sends its cookies to all ports of a host
            assert "My progress" in (await there.enter(link)).text
            assert (await there.get("/dashboard")).status == 200
            assert (await browser.get("/dashboard")).status == 200


async def test_a_form_of_another_site_another_person_or_another_purpose_does_nothing(site: Site) -> None:
    w = site.w
    await w.say("ada", "checkin 30 mine")
    ada, page = await site.signed_in("ada")
    ben, _ = await site.signed_in("ben")
    undo = page.button("Undo")[1]
    for site_says in ("cross-site", "same-site", "none"):
        assert (await ada.post("/dashboard/do", {"do": undo}, Sec_Fetch_Site=site_says)).status == 403
    for origin in ("https://evil.example", "null", site.base + ".evil.example"):
        assert (await ada.post("/dashboard/do", {"do": undo}, Origin=origin)).status == 403
    body, mark = undo.split(".")
    for closed in ("", body, f"{body}.", f"{body}.{'A' * len(mark)}", f"e30.{mark}", undo + "x", "é.é"):
        refused = await ada.post("/dashboard/do", {"do": closed})
        assert refused.status == 403 and "belongs to another visit" in refused.text, closed
    assert (await ben.post("/dashboard/do", {"do": undo})).status == 403
    assert (await ada.post("/dashboard/leave", {"do": undo})).status == 403
    assert (await ada.get(f"/dashboard/form?do={undo}")).status == 403
    assert (await ada.get("/dashboard/do")).status in (404, 405)
    w.set_clock(hours=11)
    await ada.get("/dashboard")
    w.set_clock(hours=2)
    refused = await ada.post("/dashboard/do", {"do": undo})
    assert refused.status == 403 and "open for too long" in refused.text
    assert "Streak 1" in text(await w.say("ada", "progress"))


async def test_a_form_fills_its_own_fields_and_no_others(site: Site) -> None:
    await site.w.say("ada", "checkin 30 first")
    await site.w.say("ben", "checkin 30 untouched")
    ada, page = await site.signed_in("ada")
    form = await ada.press(page, "Edit")
    sent = {"do": form.carried, "minutes": "31", "note": "second", "id": "2", "cohort": "9", "draft": "x"}
    assert "second" in (await ada.post("/dashboard/do", sent)).text
    _, bens = await site.signed_in("ben")
    assert "untouched" in bens.text


async def test_another_name_for_this_machine_is_refused(site: Site) -> None:
    browser, _ = await site.signed_in("ada")
    for host in ("evil.example", "evil.example:80", "127.0.0.1.evil.example"):
        assert (await browser.get("/dashboard", Host=host)).status == 403


async def test_no_address_leads_elsewhere(site: Site) -> None:
    browser, _ = await site.signed_in("ada")
    for path in (
        "//evil.example/dashboard",
        "/dashboard//evil.example",
        "/dashboard?next=//evil.example",
        "/dashboard?said=//evil.example&back=https://evil.example",
        "/dashboard/enter/https://evil.example",
    ):
        shown = await browser.get(path)
        assert shown.url.startswith(site.base)
        assert not re.search(r'(?:href|action)="(?:https?:)?//', shown.html)


async def test_a_group_of_others_is_not_there(site: Site) -> None:
    await site.w.start(name="Secret larks", room="lobby")
    browser, page = await site.signed_in("ada")
    for query in ("2", "99", "1e3", "-1", "%C2%B2", "9" * 40):
        found = await browser.get(f"/dashboard?cohort={query}")
        assert found.status in (403, 404) and "Secret larks" not in found.text, query
    assert "Secret larks" not in page.text


async def test_what_a_member_wrote_is_words(site: Site) -> None:
    w = site.w
    who = EVIL.lower()
    await w.say(who, "join")
    await w.say(who, "settings zone=Europe/Berlin")
    await w.call(who, Call("checkin", {"minutes": "30", "note": EVIL}))
    _, page = await site.signed_in(who)
    assert "&lt;script&gt;alert(1)" in page.html
    assert "<script>alert" not in page.html and "<img src=x" not in page.html


async def test_who_has_left_is_shown_out_and_of_whom_nothing_can_be_said_is_a_member_only(
    site: Site,
) -> None:
    w = site.w
    browser, _ = await site.signed_in("ada")
    w.eyes.trouble = OSError("away")
    assert "open" in (await browser.get("/dashboard")).text
    w.eyes.trouble = None
    w.eyes.left.add("ada")
    assert (await browser.get("/dashboard")).status == 401
    w.eyes.left.clear()
    assert (await browser.get("/dashboard")).status == 401


@pytest.mark.parametrize("proto", sample(["https", "http", "", "http, https"], 2))
async def test_behind_a_proxy_a_cookie_is_sent_over_tls_alone(tmp_path: Path, proto: str) -> None:
    public = "https://study.example/"
    async with world(tmp_path, TRAILMATE_PUBLIC_URL=public, TRAILMATE_TRUST_PROXY="yes", TRAILMATE_PORT=0) as w:
        await w.begin("ada")
        async with served(w) as site:
            link = await site.link("ada")
            assert link.startswith("https://study.example/dashboard/enter/")
            browser = site.browser(Host="study.example", X_Forwarded_Proto=proto)
            token = {"token": link.rsplit("/", 1)[1]}
            for path in ("/", "/rooms", "/static/main.js"):  # whoever reaches the local page speaks as anybody
                assert (await browser.get(path)).status == 404
                assert (await browser.get(path, Host="127.0.0.1")).status == 404
            assert (await browser.get("/dashboard", Host="127.0.0.1")).status == 403
            entered = await browser.post("/dashboard/enter", token, follow=False, Origin="https://study.example")
            if proto == "https":
                cookie = entered.headers["Set-Cookie"]
                assert cookie.startswith("__Host-trailmate=") and "Secure" in cookie and "Path=/" in cookie
            else:
                assert entered.status == 403 and "Set-Cookie" not in entered.headers
                assert "TRAILMATE_TRUST_PROXY" in entered.text


async def test_a_database_that_does_not_answer_is_told_on_a_page_with_a_way_back(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hang(*_: object) -> None:
        raise unread()

    ada, _ = await site.signed_in("ada")
    for hung in (SqlDrafts, Visits):  # while a page is read, and while its reader is looked up
        monkeypatch.setattr(hung, "find", hang)
        page = await ada.get("/dashboard/notes?cohort=1&q=%22x&said=abcdefgh")
        assert page.status == 503 and "I'm busy at the moment. Please try again in a minute." in page.text
        assert "kept" not in page.text and '<a class="brand"' in page.html
        assert page.button("Try again")[0] == "/dashboard/notes?cohort=1&q=%22x&said=abcdefgh"


async def test_a_form_that_cannot_be_read_is_refused_quietly(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    ada, _ = await site.signed_in("ada")
    own = {"Origin": ada.base, "Sec-Fetch-Site": "same-origin", "Content-Type": "multipart/form-data; boundary=z"}
    torn = '--z\r\nContent-Disposition: form-data; name="do"\r\nno header\r\n\r\nx\r\n--z--\r\n'
    async with ada.http.post(f"{ada.base}/dashboard/do", data=torn, headers=own) as answer:
        assert (answer.status, await answer.text()) == (400, "I can't read this form.")
    assert "Traceback" not in caplog.text


async def test_a_link_opens_the_group_in_whose_room_it_was_asked_for(site: Site) -> None:
    await site.w.start(name="Larks", room="lobby")
    await site.w.say("ada", "join", room="lobby")
    for room, group in (("lobby", 2), ("general", 1)):
        page = await site.browser().enter(await site.link("ada", room=room))
        assert page.url.endswith(f"?cohort={group}") and "My progress" in page.text, room
    forged = f"{(await site.link('guest')).rsplit('.', 1)[0]}.2"
    assert "Larks" not in (await site.browser().enter(forged)).text


async def test_a_link_brings_who_moderates_and_is_no_member_to_a_page_for_them(site: Site) -> None:
    await site.w.start(name="Larks", room="lobby")
    page = await site.browser().enter(await site.link("mo", room="lobby"))
    assert page.url.endswith("?cohort=2")
    assert page.status == 200 and "This week" in page.text and "You can't open this page" not in page.text
