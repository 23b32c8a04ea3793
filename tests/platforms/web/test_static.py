"""The page as people meet it: in a real browser, by keyboard, on a phone, in the dark."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Route, expect

from bot.chat.feed import RoomMessage
from bot.chat.platform import Post
from bot.commands.context import Place
from bot.messages.errors import TryLater
from bot.messages.reply import say
from bot.runtime.health import Health, Here
from tests.browser import chromium
from tests.dashboard.test_in_a_browser import LAYOUT
from tests.platforms.local import FakeDemo, Local, weekly_post
from tests.platforms.web.conftest import Served, serving

pytestmark = pytest.mark.asyncio(loop_scope="module")
GENERAL = Place("local", "local", "general")
DESK, PHONE = {"width": 1200, "height": 800}, {"width": 360, "height": 740}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as one:
        yield one


@asynccontextmanager
async def page_of(
    browser: Browser, served: Served, size: dict[str, int] = DESK, allowed: str = "", **options: Any
) -> AsyncIterator[Page]:
    """Open the page as a new visitor; anything that the console complains about fails the test.

    Args:
        allowed: an expression for complaints that the test provokes.
    """
    context = await browser.new_context(viewport=size, timezone_id="Asia/Tokyo", reduced_motion="reduce", **options)  # type: ignore[arg-type]
    context.set_default_timeout(8000)
    page = await context.new_page()
    complaints: list[str] = []
    page.on("console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda e: complaints.append(str(e)))
    try:
        await page.goto(served.url)
        await expect(page.locator("#messages > li").first).to_be_visible()
        yield page
    finally:
        await context.close()
    assert not [c for c in complaints if not (allowed and re.search(allowed, c))]


async def type_line(page: Page, text: str) -> None:
    await page.locator("#line").fill(text)
    await page.locator("#line").press("Enter")


@pytest_asyncio.fixture(loop_scope="module")
async def week() -> AsyncIterator[Served]:
    """A page with a weekly post, its thread, and a reminder for Ben."""
    async with serving() as served:
        post = Post("unit", "t" * 20, "post", GENERAL, weekly_post(), thread_title="Unit 7: Backpropagation")
        thread = (await served.page.deliver(post, False)).thread
        place = Place("local", "local", "general", thread)
        await served.page.deliver(Post("prompt", "t" * 20, "post", place, say("What surprised you?")), False)
        ben = Place("local", "local", "@ben")
        await served.page.deliver(Post("left", "t" * 20, "post", ben, say("One day left")), False)
        yield served


async def test_an_empty_page_greets_and_its_button_opens_the_form(browser: Browser) -> None:
    async with serving() as served, page_of(browser, served) as page:
        await expect(page.get_by_role("heading", name="Welcome to Trailmate")).to_be_visible()
        await page.get_by_role("radio", name="Mo").check()
        await page.get_by_role("button", name="Start a group").click()
        dialog = page.get_by_role("dialog", name="Create a cohort")
        await dialog.get_by_label("Name").fill("Night owls")
        zone = dialog.get_by_label("Time zone")
        await zone.focus()
        await expect(dialog.locator('datalist option[value="Asia/Tokyo"]').first).to_be_attached()
        await zone.fill("Europe/Berlin")
        await dialog.get_by_role("button", name="Send").click()
        await expect(page.get_by_text("Night owls is ready, in Europe/Berlin.")).to_be_visible()


async def test_a_private_answer_stays_until_it_is_dismissed_and_only_its_caller_sees_it(
    browser: Browser, week: Served
) -> None:
    async with page_of(browser, week) as page, page_of(browser, week) as other:
        await type_line(page, "checkin 45 read two papers")
        note = page.locator("li.private")
        await expect(note).to_contain_text("Only you can see this")
        await expect(page.locator("#line")).to_have_value("")
        await page.get_by_role("link", name="Unit 7: Backpropagation").first.click()
        await expect(page.locator("#room-title")).to_have_text("Unit 7: Backpropagation")
        await expect(note).to_have_count(0)
        await page.get_by_role("link", name="Back to general").click()
        await expect(note).to_contain_text("Checked in")
        await expect(other.locator("li.private")).to_have_count(0)
        await note.get_by_role("button", name="Dismiss").click()
        await expect(note).to_have_count(0)
        await expect(page.locator("#line")).to_be_focused()


@pytest.mark.nightly
async def test_a_private_answer_finds_its_caller_who_has_left_meanwhile(browser: Browser, week: Served) -> None:
    for n in range(30):
        await week.local.feed.add(f"line {n}", "general", None, say(f"line {n}"))
    async with page_of(browser, week) as page:
        answered = asyncio.Event()

        async def hold(route: Route) -> None:
            if '"ada"' in (route.request.post_data or ""):
                await answered.wait()
            await route.continue_()

        await page.route("**/say*", hold)
        await type_line(page, "checkin 45 read two papers")
        await expect(page.locator("li.waiting")).to_be_visible()
        assert await page.evaluate("document.documentElement.scrollHeight <= innerHeight")
        await page.get_by_role("radio", name="Mo").check()
        await expect(page.locator("li.waiting")).to_have_count(0)
        await type_line(page, "hello from Mo")
        await expect(page.locator("li.said").last).to_contain_text("hello from Mo")
        answered.set()
        await expect(page.locator("#line:not([data-busy])")).to_be_visible()
        await expect(page.locator("li.private")).to_have_count(0)
        await page.get_by_role("radio", name="Ada").check()
        await expect(page.locator("li.private")).to_contain_text("Checked in")


@pytest.mark.nightly
async def test_a_thread_still_shows_its_first_message_after_a_hundred_others(browser: Browser) -> None:
    async with serving() as served:
        week = await served.local.feed.add("week", "general", None, say("Unit 7 opens"))
        await served.local.feed.open_thread(week, "Unit 7")
        for n in range(101):
            await served.local.feed.add(f"reply {n}", "general", week, say(f"reply {n}"))
            await served.local.feed.add(f"line {n}", "general", None, say(f"line {n}"))
        async with page_of(browser, served) as page:
            await page.goto(f"{served.url}/#general/{week}")
            await expect(page.locator("li.root")).to_contain_text("Unit 7 opens")
            await expect(page.get_by_text("101 replies")).to_be_visible()
            await expect(page.get_by_text("no longer here")).to_have_count(0)


async def test_a_public_question_is_seen_by_another_person_at_once(browser: Browser, week: Served) -> None:
    async with page_of(browser, week) as page, page_of(browser, week) as other:
        await other.get_by_role("radio", name="Ben").check()
        await type_line(page, "trailmate, what is <b>backpropagation</b>?")
        for one in (page, other):
            said = one.locator("li.said")
            await expect(said).to_contain_text("Ada")
            await expect(said).to_contain_text("trailmate, what is <b>backpropagation</b>?")
            await expect(one.locator("li.bot").last).to_contain_text("chain rule")
        await page.locator("li.bot").last.get_by_role("button", name="Remove").click()
        await expect(other.locator("li.bot").last).to_contain_text("taken away")


async def test_a_click_that_replaces_changes_the_private_answer_in_place(browser: Browser, week: Served) -> None:
    async with page_of(browser, week) as page:
        await type_line(page, "checkin 45 read")
        await page.get_by_role("button", name="Undo").dblclick()
        await expect(page.locator("li.private")).to_have_count(1)
        await expect(page.locator("li.private")).to_contain_text("taken back")
        assert week.local.world.said.count("undone") == 1


async def test_a_form_keeps_what_was_typed_and_says_what_is_wrong_beside_its_field(
    browser: Browser, week: Served
) -> None:
    async with page_of(browser, week) as page:
        button = page.get_by_role("button", name="Check in")
        await button.click()
        dialog = page.get_by_role("dialog")
        minutes, note = dialog.get_by_label("Time spent"), dialog.get_by_label("What you did")
        await expect(minutes).to_be_focused()
        await expect(dialog.get_by_label("Unit")).to_have_value("7")
        await minutes.fill("soon")
        await note.fill("read two papers")
        await dialog.get_by_role("button", name="Send").click()
        await expect(minutes).to_be_focused()
        await expect(minutes).to_have_attribute("aria-invalid", "true")
        await expect(dialog.locator("#f-minutes-error")).to_contain_text("“soon” is not a length of time")
        await expect(note).to_have_value("read two papers")
        await minutes.fill("800")
        await minutes.press("Enter")
        await expect(dialog.get_by_role("alert")).to_contain_text("1 to 720 minutes")
        await expect(minutes).not_to_have_attribute("aria-invalid", "true")
        await minutes.fill("45")
        await note.press("Control+Enter")
        await expect(dialog).to_be_hidden()
        await expect(page.locator("li.private")).to_contain_text("Checked in")
        await expect(button).to_be_focused()
        assert week.local.world.said == ["Ada 45 read two papers"]


async def test_the_line_is_completed_by_keyboard(browser: Browser, week: Served) -> None:
    async with page_of(browser, week) as page:
        line, options = (
            page.get_by_role("combobox", name="Write to the channel, or to Trailmate"),
            page.get_by_role("option"),
        )
        await expect(line).to_be_focused()
        await line.press_sequentially("ch")
        await expect(options).to_have_count(1)
        await expect(line).to_have_attribute("aria-expanded", "true")
        await line.press("Tab")
        await expect(line).to_have_value("checkin ")
        await expect(page.locator("#usage b")).to_have_text("MINUTES")
        await line.press_sequentially("45 read unit=")
        await expect(options.filter(has_text="Unit 3: Tokenizers")).to_be_visible()
        await line.press("ArrowDown")
        await line.press("ArrowDown")
        await expect(options.nth(1)).to_have_attribute("aria-selected", "true")
        await expect(line).to_have_attribute("aria-activedescendant", "option-1")
        await line.press("Enter")
        await expect(line).to_have_value("checkin 45 read unit=2 ")
        await expect(options.filter(has_text="link=")).to_be_visible()
        await line.press("Escape")
        await expect(page.get_by_role("listbox")).to_be_hidden()
        await line.press("Enter")
        await expect(page.locator("li.private")).to_contain_text("Unit 2")
        await line.press("ArrowUp")
        await expect(line).to_have_value("checkin 45 read unit=2")


@pytest.mark.nightly
async def test_the_menu_of_commands_works_by_keyboard(browser: Browser, week: Served) -> None:
    async with page_of(browser, week) as page:
        await page.get_by_role("button", name="Commands").press("Enter")
        await expect(page.get_by_role("menuitem")).to_have_count(len(week.local.registry.shown))
        await expect(page.get_by_role("menuitem", name="help")).to_be_focused()
        await page.keyboard.press("l")
        await expect(page.get_by_role("menuitem", name="leaderboard")).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(page.locator("li.private").get_by_role("table")).to_be_visible()
        await page.get_by_role("button", name="Commands").press("Enter")
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("button", name="Commands")).to_be_focused()
        await page.get_by_role("button", name="Commands").press("Enter")
        await page.get_by_role("menuitem", name="settings").click()
        await expect(page.get_by_label("Time zone")).to_have_value("Europe/Berlin")


async def test_a_command_in_a_text_fills_the_line(browser: Browser, week: Served) -> None:
    async with page_of(browser, week) as page:
        await type_line(page, "help")
        await page.get_by_role("button", name="checkin 45 read two papers").click()
        await expect(page.locator("#line")).to_have_value("checkin 45 read two papers")
        await expect(page.locator("#line")).to_be_focused()


@pytest.mark.nightly
async def test_another_person_has_their_own_messages_and_is_remembered(browser: Browser, week: Served) -> None:
    async with page_of(browser, week) as page:
        await expect(page.get_by_text("has a new direct message")).to_have_count(3)
        await expect(page.locator('[data-unread-of="ben"]')).to_be_visible()
        await page.get_by_role("radio", name="Ada").press("ArrowDown")
        await expect(page.get_by_role("radio", name="Ben")).to_be_checked()
        await page.get_by_role("link", name="Direct messages").click()
        await expect(page.get_by_text("One day left")).to_be_visible()
        await expect(page.locator('[data-unread-of="ben"]')).to_be_hidden()
        await page.reload()
        await expect(page.get_by_role("radio", name="Ben")).to_be_checked()
        await expect(page.get_by_text("One day left")).to_be_visible()


async def test_times_are_shown_in_the_browsers_own_zone(browser: Browser, week: Served) -> None:
    async with page_of(browser, week) as page:
        deadline = page.locator('.card time[data-style="full"]')
        await expect(deadline).to_have_text("Mon 30 Nov, 06:00")
        await expect(deadline).to_have_attribute("title", "Mon 30 Nov, 06:00 (Asia/Tokyo)")
        await expect(page.locator('.card time[data-style="relative"]')).to_have_text("in 7 days")
        await expect(page.locator(".by time")).to_have_text("18:00")


async def test_what_changes_meanwhile_appears_and_keeps_ones_place(browser: Browser, week: Served) -> None:
    async with page_of(browser, week) as page:
        await page.get_by_role("button", name="Details").focus()
        ref = (await week.local.feed.list_messages("general"))[0].ref
        week.local.clock.move_to(week.local.clock.now() + timedelta(hours=1))
        edited = week.local.feed.messages[ref].reply
        edit = Post(
            "e", "t" * 20, "edit", GENERAL, type(edited)((*say("24 of 60").blocks, *edited.blocks), edited.buttons)
        )
        await week.page.deliver(Post("e", "t" * 20, "edit", GENERAL, edit.reply, ref=ref), False)
        await expect(page.get_by_text("24 of 60")).to_be_visible()
        await expect(page.get_by_role("button", name="Details")).to_be_focused()
        await week.page.deliver(Post("n", "t" * 20, "post", GENERAL, say("A late word")), False)
        await expect(page.locator("#messages li").last).to_contain_text("A late word")


async def test_new_messages_are_shown_from_the_first_one_on(browser: Browser, week: Served) -> None:
    async def post(title: str) -> None:
        body = say(*(f"{title}, part {n}" for n in range(12)))
        await week.page.deliver(Post(title, "t" * 20, "post", GENERAL, body), False)
        await expect(page.get_by_text(f"{title}, part 11")).to_be_attached()

    async with page_of(browser, week, PHONE) as page:
        await post("An early word")
        await page.locator("#log").evaluate("log => { log.scrollTop = 0; }")
        await post("The post")
        await post("The certificate")
        await page.get_by_role("button", name="New messages").click()
        await expect(page.get_by_text("The post, part 0")).to_be_in_viewport()
        await expect(page.get_by_text("The certificate, part 11")).not_to_be_in_viewport()
        await page.locator("#log").evaluate("log => { log.scrollTop = log.scrollHeight; }")
        await post("The next post")
        await expect(page.get_by_text("The next post, part 0")).to_be_in_viewport()


@pytest.mark.nightly
async def test_a_phones_menu_closes_once_another_person_is_chosen(browser: Browser, week: Served) -> None:
    async with page_of(browser, week, PHONE) as page:
        await page.get_by_role("button", name="You are").click()
        await page.get_by_role("radio", name="Ben").check()
        await expect(page.get_by_role("navigation", name="Channels")).to_be_hidden()
        await expect(page.get_by_role("button", name="You are Ben")).to_be_focused()


@pytest.mark.parametrize("size", [DESK, {"width": 390, "height": 844}], ids=["desk", "phone"])
async def test_the_layout_of_the_page_has_no_fault(browser: Browser, week: Served, size: dict[str, int]) -> None:
    async with page_of(browser, week, size) as page:
        await expect(page.get_by_role("button", name="Details")).to_be_visible()
        assert await page.evaluate(LAYOUT) == []


@pytest.mark.nightly
async def test_the_demo_moves_time_by_a_button(browser: Browser) -> None:
    local = Local()
    async with serving(local, demo=FakeDemo(local)) as served, page_of(browser, served) as page:
        bar = page.get_by_role("region", name="The demo's time")
        await expect(bar).to_contain_text("Mon 23 Nov, 18:00")
        await bar.get_by_role("button", name="Next hour").click()
        await expect(bar.get_by_role("progressbar")).to_be_visible()
        await expect(bar).to_contain_text("Mon 23 Nov, 19:00")
        await expect(bar.get_by_role("progressbar")).to_be_hidden()


@pytest.mark.nightly
async def test_a_lost_connection_is_said_and_mended(browser: Browser) -> None:
    local = Local()
    async with serving(local) as served:
        port = int(served.url.rsplit(":", 1)[1])
        async with page_of(browser, served, allowed="ERR_|Failed to load") as page:
            await served.stop()
            toast = page.get_by_text("The connection to Trailmate is lost")
            await expect(toast).to_be_visible()
            await type_line(page, "undo")
            await expect(page.get_by_text("Nothing was sent")).to_be_visible()
            await expect(page.locator("#line")).to_have_value("undo")
            async with serving(local, port=port):
                await expect(page.get_by_text("Connected again.")).to_be_visible()
                await expect(toast).to_have_count(0)
                await page.locator("#line").press("Enter")
                await expect(page.locator("li.private")).to_contain_text("taken back")


@pytest.mark.nightly
async def test_a_room_that_cannot_be_read_just_now_is_shown_as_soon_as_it_can(
    browser: Browser, week: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> list[RoomMessage]:
        raise TryLater("I can't reach my database. Please try again in a minute.")

    async with page_of(browser, week, allowed="Failed to load|503") as page:
        with monkeypatch.context() as patch:
            patch.setattr(week.local.feed, "list_messages", away)
            await week.page.deliver(Post("n", "t" * 20, "post", GENERAL, say("A late word")), False)
            await expect(page.get_by_text("I can't reach my database.")).to_be_visible()
        await expect(page.get_by_text("A late word")).to_be_visible()


@pytest.mark.nightly
async def test_health_is_a_dot_with_a_word_and_its_details(browser: Browser) -> None:
    async with serving() as served:
        at, states = datetime(2026, 11, 23, 9, 0, tzinfo=UTC), {"local": "ready", "discord": "refused"}
        found = Health(
            None, True, at, 200.4, -90.0, states, 4.2, "words only", Here(refusals=("Copy the token again.",))
        )
        served.health.update(found.to_json())
        async with page_of(browser, served, allowed="503") as page:
            await page.get_by_role("button", name="Health: Needs attention").click()
            card = page.get_by_role("region", name="Health")
            labels, told = [await card.locator(part).all_inner_texts() for part in ("dt", "dd")]
            assert list(zip(labels, told, strict=True)) == [
                ("To fix", "Copy the token again."),
                ("Database", "well"),
                ("Its lock", "ours"),
                ("Schedule ran", "3 min ago, Mon 23 Nov, 18:00"),
                ("Clock was set", "90 s back"),
                ("Messages", "the oldest waits for 4 s"),
                ("Search", "by words alone"),
                ("Local", "ready"),
                ("Discord", "refused"),
            ]
            await page.keyboard.press("Escape")
            await expect(card).to_be_hidden()


@pytest.mark.nightly
async def test_dark_follows_the_system_and_the_switch_is_remembered(browser: Browser, week: Served) -> None:
    async with page_of(browser, week, color_scheme="dark") as page:
        root, switch = page.locator("html"), page.get_by_role("button", name="Light colours")
        await expect(root).to_have_attribute("data-theme", "dark")
        await switch.click()
        await expect(page.get_by_role("button", name="Dark colours")).to_be_visible()
        await expect(root).to_have_attribute("data-theme", "light")
        await page.reload()
        await expect(root).to_have_attribute("data-theme", "light")
        await expect(page.locator("#messages > li").first).to_be_visible()


LOOK = (Path(__file__).parent / "look.js").read_text("utf-8")


@pytest.mark.parametrize(
    ("theme", "size"),
    [
        ("light", PHONE),
        ("dark", DESK),
        pytest.param("dark", PHONE, marks=pytest.mark.nightly),
        pytest.param("light", DESK, marks=pytest.mark.nightly),
    ],
)
async def test_every_state_can_be_read_has_names_and_fits(browser: Browser, theme: str, size: dict[str, int]) -> None:
    local = Local()
    async with serving(local, demo=FakeDemo(local)) as served:
        await served.page.deliver(
            Post("unit", "t" * 20, "post", GENERAL, weekly_post(), thread_title="Unit 7: " + "propagation" * 9), False
        )
        await served.local.feed.add(
            "long", "general", None, say("w" * 400 + " https://example.org/" + "a" * 300), "Ben"
        )
        async with page_of(browser, served, size, color_scheme=theme) as page:

            async def check(state: str) -> None:
                assert await page.evaluate(LOOK) == [], state

            await check("at rest")
            for line in ("what is attention?", "checkin 45 read", "leaderboard", "undo nothing", "help"):
                await type_line(page, line)
                await expect(page.locator("#line")).to_have_value("")
            await check("after talking")
            await page.locator("#line").press_sequentially("c")
            await expect(page.get_by_role("listbox")).to_be_visible()
            await check("completing")
            await page.locator("#line").fill("")
            await page.locator("#open-commands").click()
            await check("the menu")
            await page.keyboard.press("Escape")
            await page.locator("#health").click()
            await check("health")
            await page.keyboard.press("Escape")
            await page.get_by_role("button", name="Check in").first.click()
            await page.get_by_role("dialog").get_by_role("button", name="Send").click()
            await expect(page.locator(".error:not([hidden])").first).to_be_visible()
            await check("a form with errors")
            await page.keyboard.press("Escape")
            if size is PHONE:
                await page.get_by_role("button", name="Channels and people").click()
                await expect(page.get_by_role("radio", name="Ben")).to_be_visible()
                await check("rooms")
                await page.get_by_role("radio", name="Ben").check()
                await page.keyboard.press("Escape")
            await page.get_by_role("link", name=re.compile("Unit 7")).last.click()
            await expect(page.locator("li.root")).to_be_visible()
            await check("a thread")


async def test_the_page_has_its_landmarks_and_a_skip_link(browser: Browser, week: Served) -> None:
    async with page_of(browser, week) as page:
        for role, name in (
            ("main", None),
            ("navigation", "Channels"),
            ("log", re.compile("Messages in")),
            ("banner", None),
        ):
            await expect(page.get_by_role(role, name=name) if name else page.get_by_role(role)).to_have_count(1)  # type: ignore[arg-type]
        await expect(page.get_by_role("log")).to_have_attribute("aria-live", "polite")
        await expect(page.get_by_role("heading", level=1)).to_have_count(1)
        await expect(page).to_have_title("general · Trailmate")
        first = await page.evaluate("document.querySelector('a, button, input').id")
        assert first == "skip"
        await page.get_by_role("link", name="Skip to the chat line").focus()
        await page.keyboard.press("Enter")
        await expect(page.locator("#line")).to_be_focused()
        await expect(page.get_by_role("group", name="You are")).to_be_visible()
