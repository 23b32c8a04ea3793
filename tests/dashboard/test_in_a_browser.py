"""Every page of the dashboard in a Chromium: on a phone and a desk, light and dark, by keyboard, without scripts."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from random import SystemRandom
from typing import Literal

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Page, ViewportSize, expect

from bot.curriculum.bank import BankItem, SingleChoice
from bot.dashboard.pages import PAGES
from tests.browser import chromium
from tests.dashboard.browsing import Site, served
from tests.examples import sample
from tests.features.quiz.player import answer, posed
from tests.harness import World, text, world

pytestmark = pytest.mark.asyncio(loop_scope="module")
MOVABLE = sorted((Path(__file__).parents[2] / "roadmap/genai-2026/figures").glob("*.html"))
PHONE, DESK = ViewportSize(width=390, height=844), ViewportSize(width=1280, height=900)
CUT_OFF = """() => [...document.querySelectorAll('body *:not(.table *, .pages *, .chart *, pre *, .hidden, .skip)')]
    .filter(one => one.getBoundingClientRect().right > innerWidth + 1).map(one => one.outerHTML.slice(0, 120))"""
LAYOUT = (Path(__file__).parent / "layout.js").read_text(encoding="utf-8")
UNKNOWN = "where do we park the bicycles?"
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
        await page.wait_for_load_state()  # a key that is pressed before the scripts have run does nothing
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
    await w.say("ada", f"ask {UNKNOWN}")
    for who in ("ada", "ben", "mo"):
        await miss_a_quiz(w, who)


async def miss_a_quiz(w: World, who: str) -> None:
    """Have somebody answer all questions on a unit, each of them wrong."""
    await w.say(who, "quiz 1 count=20")
    asked = sorted(await posed(w), key=lambda one: one.place)
    for one in asked:
        await answer(w, who, one, right=False)
        await w.press(who, "Next" if one is not asked[-1] else "Result")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def opened(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Opened]:
    async with world(tmp_path_factory.mktemp("dashboard"), TRAILMATE_PORT=0) as w:
        await story(w)
        async with served(w) as site, chromium() as browser:
            yield Opened(site, browser)


@pytest.mark.parametrize(
    ("size", "schemes"),
    [
        pytest.param(PHONE, ("light", "dark"), id="phone, in turns"),
        pytest.param(PHONE, ("light",), id="phone", marks=pytest.mark.nightly),
        pytest.param(DESK, ("dark",), id="desk", marks=pytest.mark.nightly),
    ],
)
async def test_every_page_is_whole_and_has_no_fault_that_axe_finds(
    opened: Opened, size: ViewportSize, schemes: Sequence[Literal["light", "dark"]]
) -> None:
    context, page = await opened.signed_in("mo", viewport=size)
    troubles: list[str] = []
    page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
    forms = [await page.get_by_role("link", name="Check in").first.get_attribute("href")]
    group = await page.get_by_role("link", name="Night owls").get_attribute("href")
    assert group is not None
    query = group.partition("?")[2]
    note, unit = f"/dashboard/notes?{query}&note=tf-attention", f"/dashboard/roadmap?{query}&unit=2"
    paths = [*(f"{page.address()}?{query}" for page in PAGES), *forms, note, unit]
    for path, scheme in zip(sample(paths, 3), cycle(schemes), strict=False):
        await page.emulate_media(color_scheme=scheme)
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


@pytest.mark.parametrize("who", ["mo", pytest.param("ada", marks=pytest.mark.nightly)])
@pytest.mark.parametrize(
    ("size", "scheme"),
    [
        pytest.param(PHONE, "dark", id="phone"),
        pytest.param(DESK, "light", id="desk", marks=pytest.mark.nightly),
    ],
)
async def test_no_page_overflows_clips_a_button_breaks_a_word_or_has_content_above_its_heading(
    opened: Opened, who: str, size: ViewportSize, scheme: str
) -> None:
    context, page = await opened.signed_in(who, viewport=size, color_scheme=scheme)
    if who == "mo":
        await page.get_by_role("link", name="Night owls").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Night owls")
    pages = page.get_by_role("navigation", name="Pages").get_by_role("link")
    addresses = [await page.get_attribute("href") for page in await pages.all()]
    query = str(addresses[0]).partition("?")[2]
    inner = [f"/dashboard/notes?{query}&note=tf-attention", f"/dashboard/roadmap?{query}&unit=2"]
    faults = {}
    for address in [*addresses, *inner]:
        await page.goto(opened.site.base + str(address))
        await page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        faults[address] = await page.evaluate(LAYOUT)
        if "/questions?" in str(address):
            missed = page.get_by_role("region", name="Most missed in quizzes")
            await expect(missed.locator("pre").first).to_be_visible()
            await expect(missed).not_to_contain_text("`")
    await page.goto(f"{opened.site.base}/dashboard/ask?{query}")
    await page.get_by_label("Your question").fill("what is attention?")
    await page.get_by_role("button", name="Ask the notes").click()
    await expect(page.get_by_role("status")).to_be_visible()
    faults["an answer"] = await page.evaluate(LAYOUT)
    assert {address: found for address, found in faults.items() if found} == {}
    await context.close()


@pytest.mark.parametrize(
    ("size", "scheme"),
    [pytest.param(PHONE, "dark", id="phone"), pytest.param(DESK, "light", id="desk", marks=pytest.mark.nightly)],
)
async def test_figures_are_moved_by_keys_and_say_what_they_show(
    opened: Opened, size: ViewportSize, scheme: Literal["dark", "light"]
) -> None:
    context, page = await opened.signed_in("ada", viewport=size, color_scheme=scheme)
    troubles: list[str] = []
    page.on("console", lambda message: troubles.append(message.text))
    page.on("pageerror", lambda error: troubles.append(str(error)))
    assert len(MOVABLE) == 10
    for file in sample(MOVABLE, 5):
        await page.goto(f"{opened.site.base}/dashboard/movable/genai-2026/{file.name}")
        before = await page.locator("#reading").inner_text()
        assert before and await page.locator("ol li").count() == 3, file.name
        for slider in await page.locator("input[type=range]").all():
            await slider.press("End")
            await slider.press("ArrowLeft")
        assert await page.locator("#reading").inner_text() != before, file.name
        if file in sample(MOVABLE, 3):
            assert (await Axe().run(page, options={"preload": False})).response["violations"] == [], file.name
        assert await page.evaluate(CUT_OFF) == [], file.name
    assert troubles == []
    await context.close()


@pytest.mark.nightly
async def test_the_button_for_colours_names_those_that_it_brings(opened: Opened) -> None:
    context, page = await opened.signed_in("ada", viewport=DESK, color_scheme="dark")
    await page.get_by_role("button", name="Light colours").click()
    await expect(page.locator("html")).to_have_attribute("data-theme", "light")
    await expect(page.get_by_role("button", name="Dark colours")).to_be_visible()
    await context.close()


async def test_the_local_page_leads_to_the_dashboard_of_whom_one_is_there(opened: Opened) -> None:
    page = await opened.browser.new_page(viewport=DESK)
    await page.goto(opened.site.base)
    await page.get_by_role("radio", name="Ada").check()
    await page.get_by_role("button", name="Dashboard", exact=True).click()
    link = await page.get_by_role("link", name="Open dashboard").get_attribute("href")
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
    await page.get_by_label("Time spent").select_option("45")
    await page.get_by_label("What did you do?").fill("read by keyboard")
    await page.get_by_label("What did you do?").press("Tab")
    await page.get_by_role("button", name="Send").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status")).to_contain_text("Checked in")
    await page.get_by_role("button", name="Undo the check-in").first.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status")).to_contain_text("Undone")
    await context.close()


async def test_a_moderator_s_monday_is_seen_in_the_chat(opened: Opened) -> None:
    w = opened.site.w
    await w.say("ada", f"ask {UNKNOWN}")
    context, page = await opened.signed_in("mo", viewport=DESK)
    pages, status = page.get_by_role("navigation", name="Pages"), page.get_by_role("status")
    await page.get_by_role("link", name="Night owls").click()
    await pages.get_by_role("link", name="This week").click()
    await page.get_by_role("region", name="Not yet").get_by_role("link", name="Ada").click()
    await page.get_by_role("link", name="Excuse").first.click()
    await page.get_by_label("Reason").fill("was ill")
    await page.locator("form.fill button").click()
    await expect(status).to_contain_text("Ada")
    await expect(page.get_by_role("main")).to_contain_text("Excused: was ill")
    await pages.get_by_role("link", name="Schedule").click()
    await page.get_by_role("button", name="Skip a week").click()
    await status.get_by_role("button", name="Confirm").click()
    await expect(status).to_contain_text("I'll post that in the channel.")
    await pages.get_by_role("link", name="Unanswered questions").click()
    asked = page.get_by_role("listitem").filter(has_text=UNKNOWN)
    await asked.get_by_role("link", name="Write an answer").click()
    await page.get_by_label("Title").fill("Bicycles")
    await page.get_by_label("Text, in Markdown").fill("Park them behind the library.")
    await page.locator("form.fill button").click()
    await expect(status).to_contain_text("Added “Bicycles”")
    await pages.get_by_role("link", name="Members").click()
    async with page.expect_download() as taking:
        await page.get_by_role("link", name="CSV").click()
    table = (await (await taking.value).path()).read_text(encoding="utf-8")
    assert [line.rsplit(",", 1)[1] for line in table.splitlines() if line.startswith("Ada,")] == ["excused"]
    units = await w.press("ada", "All units", of=await w.say("ada", "progress"))
    assert "was ill" in text(units) and "was ill" in text(await w.say("mo", "manage audit"))
    assert "pause" in text(await w.say("mo", "manage status")).casefold()
    assert "behind the library" in text(await w.say("ada", "notes show Bicycles"))
    await context.close()


@pytest.mark.nightly
async def test_a_learner_s_sunday_on_a_phone_is_seen_in_the_chat(opened: Opened) -> None:
    w = opened.site.w
    context, page = await opened.signed_in("ben", viewport=PHONE)
    status = page.get_by_role("status")
    await page.get_by_role("link", name="Check in").first.click()
    await page.get_by_label("Time spent").select_option("45")
    await page.get_by_label("What did you do?").fill("read on the sofa")
    await page.get_by_role("button", name="Send").click()
    await expect(status).to_contain_text("Checked in")
    await page.get_by_role("link", name="Quiz", exact=True).click()
    await page.get_by_role("region", name="A quiz on a unit").get_by_role("button", name="Quiz").first.click()
    await expect(status).to_contain_text("1 of 5")
    await page.get_by_role("link", name="My progress", exact=True).click()
    ledger = page.get_by_role("region", name="Units").locator(".table").first
    assert await ledger.evaluate("table => table.scrollWidth <= table.clientWidth"), "points are the last column"
    await page.get_by_role("main").get_by_role("link", name=re.compile("^Read")).first.click()
    await expect(page.get_by_role("main")).to_contain_text("In this note")
    assert await page.evaluate(CUT_OFF) == []
    assert "Streak 1" in text(await w.say("ben", "progress"))
    assert "five questions left" in text(await w.say("ben", "quiz"))
    await context.close()


async def test_a_quiz_is_answered_by_keys_and_marks_the_choices_in_place(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    def put_choices_first(_: SystemRandom, items: list[BankItem]) -> None:
        items.sort(key=lambda item: not isinstance(item.form, SingleChoice))

    monkeypatch.setattr(SystemRandom, "shuffle", put_choices_first)
    context, page = await opened.signed_in("ada", viewport=DESK)
    await page.get_by_role("link", name="Quiz", exact=True).click()
    await page.get_by_role("region", name="A quiz on a unit").get_by_role("button", name="unit 2").first.click()
    await page.goto(page.url)
    status = page.get_by_role("status")
    assert await status.locator("button.choice").count() >= 2
    await page.keyboard.press("2")
    await expect(status.locator(".choice.is-right").first).to_be_visible()
    assert await status.locator("button.choice").count() == 0
    assert (await Axe().run(page)).violations_count == 0
    await page.keyboard.press("Enter")
    await expect(status).to_contain_text("Question 2 of 5")
    await context.close()


async def test_the_palette_finds_units_notes_commands_and_only_people_who_are_shown(opened: Opened) -> None:
    context, page = await opened.signed_in("ben", viewport=DESK)
    await page.keyboard.press("/")
    dialog, line = page.get_by_role("dialog", name="Search"), page.get_by_role("combobox", name="Search")
    await expect(line).to_be_focused()
    await line.fill("iterators")
    await expect(dialog.get_by_role("option").first).to_contain_text("Iterators")
    assert (await Axe().run(page)).violations_count == 0
    await line.fill("check in")
    await expect(dialog.get_by_role("option", name="Check in Command")).to_be_visible()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Check in")
    await page.goto(f"{opened.site.base}/dashboard/board")
    shown = await page.get_by_role("main").inner_text()
    await page.keyboard.press("Control+k")
    await line.fill("person")
    await expect(dialog.get_by_role("option").first).to_be_visible()
    found = dialog.get_by_role("option").filter(has=page.get_by_text("Person", exact=True))
    people = await found.locator("span:first-child").all_inner_texts()
    assert people and all(name in shown for name in people)
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    await context.close()
