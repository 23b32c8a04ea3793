"""Every page of the dashboard in a Chromium: on a phone and a desk, light and dark, by keyboard, without scripts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Page, ViewportSize, expect

from bot.dashboard.pages import PAGES
from tests.browser import chromium
from tests.dashboard.browsing import Site, served
from tests.harness import World, world

pytestmark = pytest.mark.asyncio(loop_scope="module")
PHONE, DESK = ViewportSize(width=390, height=844), ViewportSize(width=1280, height=900)
CUT_OFF = """() => [...document.querySelectorAll('body *:not(.table *, .pages *, .chart *, pre *, .hidden, .skip)')]
    .filter(one => one.getBoundingClientRect().right > innerWidth + 1).map(one => one.outerHTML.slice(0, 120))"""
LONG = "A very long note that goes on, with a wordofahundredlettersandmore" + "x" * 60


@dataclass
class Opened:
    """A browser, and the dashboard of a group in its fourth week."""

    site: Site
    browser: Browser

    async def signed_in(self, who: str, **how: object) -> tuple[BrowserContext, Page]:
        """Sign somebody in by the link of the chat, as a person does."""
        context = await self.browser.new_context(**how)  # type: ignore[arg-type]
        page = await context.new_page()
        await page.goto(await self.site.link(who))
        await page.get_by_role("button", name="Continue").click()
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        return context, page


async def story(w: World) -> None:
    """Have two groups, a member of both who moderates, and three weeks of what members do."""
    await w.start(name="Larks", room="lobby")
    await w.begin("ada", "ben", "mo")
    await w.say("mo", "join", room="lobby")
    for week, who in enumerate(("mo", "ada", "mo")):
        await w.say(who, f"checkin 45 {LONG} {week}")
        await w.after(days=7)
    await w.say("mo", "pledge read two papers, Sat 7pm")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def opened(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Opened]:
    async with world(tmp_path_factory.mktemp("dashboard"), TRAILMATE_PORT=0) as w:
        await story(w)
        async with served(w) as site, chromium() as browser:
            yield Opened(site, browser)


@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "light"), (DESK, "dark")], ids=["phone", "desk"])
async def test_every_page_is_whole_and_has_no_fault_that_axe_finds(
    opened: Opened, size: ViewportSize, scheme: str
) -> None:
    context, page = await opened.signed_in("mo", viewport=size, color_scheme=scheme)
    troubles: list[str] = []
    page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
    forms = [await page.get_by_role("link", name="Check in").first.get_attribute("href")]
    group = await page.get_by_role("link", name="Night owls").get_attribute("href")
    assert group is not None
    query = group.partition("?")[2]
    note, unit = f"/dashboard/notes?{query}&note=tf-attention", f"/dashboard/roadmap?{query}&unit=2"
    for path in [*(f"{one.address()}?{query}" for one in PAGES), *forms, note, unit]:
        await page.goto(opened.site.base + str(path))
        found = (await Axe().run(page)).response["violations"]
        assert [(v["id"], [n["html"][:160] for n in v["nodes"]]) for v in found] == [], path
        assert await page.evaluate(CUT_OFF) == [], path
        await expect(page.get_by_role("main")).to_be_visible()
    await page.goto(f"{opened.site.base}/dashboard/roadmap?{query}")
    await page.get_by_role("link", name="Paste an outline").click()
    await page.get_by_label("Outline (").fill("# Ours\n- One\n- Two")
    await page.get_by_role("button", name="Send").click()
    await expect(page.get_by_role("status")).to_contain_text("2 units")
    assert (await Axe().run(page)).response["violations"] == []
    assert await page.evaluate(CUT_OFF) == []
    assert troubles == []
    await context.close()


async def test_the_local_page_leads_to_the_dashboard_of_whom_one_is_there(opened: Opened) -> None:
    page = await opened.browser.new_page(viewport=DESK)
    await page.goto(opened.site.base)
    await page.get_by_role("radio", name="Ada").check()
    await page.get_by_role("button", name="Dashboard", exact=True).click()
    link = await page.get_by_role("link", name="Open the dashboard").get_attribute("href")
    await page.goto(str(link))
    await page.get_by_role("button", name="Continue").click()
    await expect(page.get_by_role("banner")).to_contain_text("Ada")
    await page.context.close()


async def test_without_scripts_and_by_keyboard_alone_somebody_checks_in(opened: Opened) -> None:
    context, page = await opened.signed_in("ben", viewport=PHONE, java_script_enabled=False)
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    await page.keyboard.press("Enter")
    await page.get_by_role("link", name="Check in").first.focus()
    await page.keyboard.press("Enter")
    await page.get_by_label("Time spent").fill("45")
    await page.get_by_label("What you did").fill("read by keyboard")
    await page.get_by_label("What you did").press("Tab")
    await page.get_by_role("button", name="Send").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status")).to_contain_text("Checked in")
    await page.get_by_role("button", name="Undo the check-in").first.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status")).to_contain_text("Undone")
    await context.close()
