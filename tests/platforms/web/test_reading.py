"""A note is read on the page of a real process, on a phone: its figure loads, nothing is cut off, Next goes on.

An answer's number opens its passage there, with the supporting words marked.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, Route, ViewportSize, expect

from tests.browser import chromium
from tests.runtime.test_process import Process

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.nightly]
PHONE = ViewportSize(width=390, height=844)
LOADED = "image => image.decode().then(() => image.naturalWidth)"
CUT_OFF = """card => [...card.querySelectorAll(':not(.table *, pre *)')]
    .filter(one => one.getBoundingClientRect().right > innerWidth).map(one => one.textContent)"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def page(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Page]:
    folder = tmp_path_factory.mktemp("read")
    with Process(folder, "run") as bot:
        async with chromium() as browser:
            page = await browser.new_page(viewport=PHONE, is_mobile=True, has_touch=True)
            await page.goto(bot.address)
            yield page


async def read(page: Page, note: str) -> Locator:
    """Type the command and return the card that answers."""
    await page.locator("#line").fill(f"read note={note} roadmap=genai-2026")
    await page.get_by_role("button", name="Send").tap()
    return page.locator("#messages .message").last.locator(".card")


async def test_a_figure_of_a_note_loads_and_next_goes_on(page: Page) -> None:
    card = await read(page, "tf-kv-cache")
    await expect(card).to_contain_text("What the KV cache stores (1 of 14)")
    figure = card.get_by_role("img")
    await expect(figure).to_have_attribute("alt", re.compile("^A triangle of seven rows"))
    assert await figure.evaluate(LOADED) > 0
    await card.get_by_role("button", name="Next").tap()
    await expect(card).to_contain_text("(2 of 14)")
    await expect(card.get_by_role("img")).to_have_count(0)


async def test_a_wide_table_keeps_its_numbers_on_a_phone_and_nothing_is_cut_off(page: Page) -> None:
    card = await read(page, "ops-cost.6")
    await expect(card).to_contain_text("Utilisation sets the price of a token")
    table = card.locator(".table")
    assert await table.evaluate("one => one.scrollWidth <= one.clientWidth")
    assert await card.evaluate(CUT_OFF) == []


async def test_the_sources_of_an_answer_open_their_passage_for_the_asker_with_the_words_marked(page: Page) -> None:
    await page.locator("#line").fill("ask when does a set beat a list roadmap=genai-2026")
    await page.get_by_role("button", name="Send").tap()
    answer = page.locator("#messages .message", has_text="Sources: ").last.locator(".card")
    await expect(answer).to_contain_text("When a set beats a list")
    assert await answer.evaluate(CUT_OFF) == []
    await answer.get_by_role("button", name="Sources", exact=True).tap()
    private = page.locator("#messages .message", has_text="Only you can see this")
    sources = private.last.locator(".card")
    await expect(sources).to_contain_text("1. Python data structures › When a set beats a list")
    assert await sources.evaluate(CUT_OFF) == []
    await sources.get_by_role("button", name="Read 1", exact=True).tap()
    passage = private.last.locator(".card")
    await expect(passage.locator("strong").first).to_have_text("When a set beats a list")
    said = await answer.inner_text()
    marked = [text for text in await passage.locator("strong").all_inner_texts() if text in said]
    assert marked and await passage.evaluate(CUT_OFF) == []
    await passage.get_by_role("button", name="Next").tap()
    await expect(passage).to_contain_text("(6 of 14)")
    await expect(answer).to_contain_text("Sources: ")


async def test_a_line_that_is_sent_while_another_is_answered_is_told_and_waits_in_its_box(page: Page) -> None:
    answered = asyncio.Event()

    async def hold(route: Route) -> None:
        await answered.wait()
        await route.continue_()

    await page.route("**/say*", hold)
    for line in ("what is a set?", "and a list?"):
        await page.fill("#line", line)
        await page.press("#line", "Enter")
    await page.get_by_text("I am still at your last line").wait_for()
    assert await page.input_value("#line") == "and a list?"
    answered.set()
