"""Moderators write a course on its page: it saves by itself, merges what others change, and goes back to a version."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import BrowserContext, FilePayload, Page, expect

from bot.messages.call import Call
from tests.browser import chromium
from tests.dashboard.browsing import Browser, Site, served
from tests.dashboard.test_in_a_browser import Opened
from tests.features.course_drafts.drafting_model import DraftingModel, play
from tests.features.course_drafts.test_course_drafts import WORDS, make_pdf
from tests.harness import World, text, world

pytestmark = pytest.mark.asyncio(loop_scope="module")
CLUB = "# Kubernetes\n## First steps\n- Pods (2 h)\n- Services\n## In depth\n- Storage\n"
SERVICES = "?at=unit%3Aservices"


async def begin(w: World) -> None:
    """Have Mo bring a course, and start a group with Ada on it; the first unit has opened."""
    await w.call("mo", Call("manage course add", {"text": CLUB}))
    await w.press("mo", "Confirm")
    await w.start(extra="course=own-1")
    await w.say("ada", "join")
    await w.after(hours=2)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def opened(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Opened]:
    async with world(tmp_path_factory.mktemp("editor"), TRAILMATE_PORT=0) as w:
        await begin(w)
        async with served(w) as site, chromium() as browser:
            yield Opened(site, browser)


async def save(browser: Browser, field: str, before: str, new: str, place: str = "unit:services") -> dict[str, Any]:
    state = json.loads((await browser.get(f"/dashboard/editor/state?at={place}")).html)
    sent = {"do": state["do"]["course"], "place": place, "field": field, "before": before, "text": new}
    answer: dict[str, Any] = json.loads((await browser.post(f"/dashboard/editor/save?at={place}", sent)).html)
    return answer


async def write(site: Site, label: str, page: Page, words: str) -> None:
    await page.get_by_label(label, exact=True).fill(words)
    await expect(page.get_by_role("status")).to_have_text("Not saved yet")
    await expect(page.get_by_role("status")).to_contain_text("Saved ")


async def open_unit(opened: Opened, who: str = "mo") -> tuple[BrowserContext, Page]:
    context, page = await opened.signed_in(who)
    await page.goto(f"{opened.site.base}/dashboard/editor{SERVICES}")
    await expect(page.get_by_role("heading", name="Unit 2: Services")).to_be_visible()
    return context, page


async def test_only_those_who_may_change_a_course_write_it(opened: Opened) -> None:
    site = opened.site
    mo, _ = await site.signed_in("mo")
    first = await save(mo, "summary", "", "One  sentence.")
    assert (first["tone"], first["stored"]) == ("good", "One sentence.")
    merged = await save(mo, "prompt", "", "Why?")
    assert merged["tone"] == "plain" and merged["values"]["unit:services summary"] == "One sentence."
    conflict = await save(mo, "summary", "", "Another one.")
    assert conflict["tone"] == "warn" and conflict["values"]["unit:services summary"] == "One sentence."
    refused = await save(mo, "hours", "", "many")
    assert refused["tone"] == "error" and "write a whole number" in refused["message"]
    removed = await mo.press(await mo.get("/dashboard/editor?at=unit:pods"), "Remove unit")
    assert "because a group has opened it" in removed.text
    assert "manage course write" in (await mo.get("/dashboard/audit")).text
    ada, _ = await site.signed_in("ada")
    assert "You can't open this page." in (await ada.get("/dashboard/editor")).text
    state = json.loads((await mo.get(f"/dashboard/editor/state{SERVICES}")).html)
    stolen = {
        "do": state["do"]["course"],
        "place": "unit:services",
        "field": "title",
        "before": "Services",
        "text": "X",
    }
    assert (await ada.post("/dashboard/editor/save", stolen)).status == 403


async def test_a_field_saves_by_itself_and_a_session_that_is_over_loses_nothing(opened: Opened) -> None:
    context, page = await open_unit(opened)
    await write(opened.site, "Goals", page, "Expose a pod; find it by name")
    assert "Expose a pod; find it by name" in text(await opened.site.w.say("mo", "unit 2"))
    await context.clear_cookies()
    await page.get_by_label("Exercise", exact=True).fill("Publish a port")
    await expect(page.get_by_role("status")).to_contain_text("You're signed out. Your text stays on this page.")
    again = await context.new_page()
    await again.goto(await opened.site.link("mo"))
    await again.get_by_role("button", name="Continue").click()
    await expect(again.get_by_role("heading", level=1)).to_be_visible()
    await page.get_by_role("button", name="Save again").click()
    await expect(page.get_by_role("status")).to_contain_text("Saved ")
    assert "Publish a port" in text(await opened.site.w.say("mo", "unit 2"))
    await context.close()


async def test_two_editors_of_one_field_see_both_texts(opened: Opened) -> None:
    one, mine = await open_unit(opened)
    two, theirs = await open_unit(opened)
    await mine.get_by_label("Done when", exact=True).click()
    await write(opened.site, "Done when", theirs, "their text")
    await write(opened.site, "Minutes of the exercise", theirs, "20")
    await mine.get_by_label("Done when", exact=True).fill("my text")
    await expect(mine.get_by_role("alert").filter(has_text="Somebody else")).to_contain_text("their text")
    await expect(mine.get_by_label("Minutes of the exercise")).to_have_value("20")
    await expect(mine.get_by_label("Done when", exact=True)).to_have_value("my text")
    await mine.get_by_role("button", name="Keep my text").click()
    await expect(mine.get_by_role("status")).to_contain_text("Saved ")
    assert "my text" in text(await opened.site.w.say("mo", "unit 2"))
    await one.close()
    await two.close()


async def test_questions_are_added_one_after_another(opened: Opened) -> None:
    context, page = await open_unit(opened)
    for question in ("What names a group of pods?", "What routes to it?"):
        form = page.locator("#add-question")
        await form.get_by_label("Question").fill(question)
        await form.get_by_label("Right answer").fill("A service")
        await form.get_by_label("Wrong answers").fill("A pod")
        await form.get_by_role("button", name="Add question").click()
        await expect(page.get_by_role("heading", name="Question added")).to_be_in_viewport()
        await expect(form.get_by_label("Question")).to_be_focused()
        await expect(form.get_by_label("Question")).to_have_value("")
    await page.reload()
    await expect(page.get_by_role("strong").filter(has_text="What routes to it?")).to_be_visible()
    await expect(page.get_by_text("Question added")).to_have_count(0)
    await context.close()


async def test_a_change_is_undone_by_its_version(opened: Opened) -> None:
    w = opened.site.w
    context, page = await open_unit(opened)
    await w.after(minutes=6)
    await write(opened.site, "Title", page, "Ingress")
    await page.locator("summary", has_text="Versions").last.click()
    await expect(page.locator("#versions li").first).to_contain_text("Mo: Unit 2: title")
    await page.get_by_role("button", name="Undo").click()
    await expect(page.get_by_role("status", name="Result")).to_contain_text("The course is as it was before.")
    await expect(page.get_by_label("Title", exact=True)).to_have_value("Services")
    await page.get_by_role("button", name="Undo").first.click()
    await expect(page.get_by_label("Title", exact=True)).to_have_value("Ingress")
    await context.close()


async def test_an_old_title_that_another_course_has_by_now_does_not_come_back(w: World) -> None:
    await w.call("mo", Call("manage course add", {"text": CLUB}))
    await w.press("mo", "Confirm")
    await w.start(extra="course=own-1")
    title = {"course": "own-1", "field": "title", "before": "Kubernetes", "text": "Containers"}
    await w.call("mo", Call("manage course write", title))
    await w.call("mo", Call("manage course add", {"text": CLUB.replace("Pods", "Jobs")}))
    await w.press("mo", "Confirm")
    restored = await w.call("mo", Call("manage course restore", {"course": "own-1", "version": "1", "seen": "2"}))
    assert "a course “Kubernetes” already exists" in text(restored)


async def test_a_pdf_is_uploaded_and_its_units_are_proposed(opened: Opened) -> None:
    w = opened.site.w
    worker = play(w, DraftingModel())
    context, page = await opened.signed_in("mo")
    await page.goto(f"{opened.site.base}/dashboard/editor")
    await page.get_by_role("link", name="Draft units").click()
    pdf: FilePayload = {"name": "pods.pdf", "mimeType": "application/pdf", "buffer": make_pdf(WORDS, pages=3)}
    await page.locator('input[type="file"]').set_input_files(pdf)
    await page.locator("#fill button[type=submit]").first.click()
    await expect(page.get_by_text("I read 3 passages in pods.pdf.")).to_be_visible()
    await page.get_by_role("button", name="Start drafting").click()
    await expect(page.get_by_text("I'm planning the units")).to_be_visible()
    await worker.run()
    await page.goto(f"{opened.site.base}/dashboard/editor")
    await page.get_by_role("listitem").get_by_role("link", name="Kubernetes").click()
    await expect(page.get_by_text("3 of 3 units drafted, 0 accepted.")).to_be_visible()
    units = page.get_by_role("region", name="Drafted unit")
    await expect(units).to_have_count(3)
    await expect(units.first).to_contain_text("A pod runs one or more containers on a node")
    await units.first.get_by_role("button", name="Accept unit").click()
    await expect(page.get_by_text("3 of 3 units drafted, 1 accepted.")).to_be_visible()
    await context.close()
