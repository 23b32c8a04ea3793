"""The Home tab: drawn where it is opened, and anew for whoever changes something."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from slack_sdk.models.views import View

from tests.platforms.slack.conftest import Desk


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.platforms.slack.listen.SETTLE_S", 0.05)


def published(desk: Desk) -> list[str]:
    """Return what the tabs of ada have shown, in order."""
    return [json.dumps(one["view"]) for one in desk.slack.sent("views.publish") if one["user_id"] == "U1ADA"]


async def test_a_tab_that_is_opened_is_drawn_and_checked_in_from_and_drawn_anew(desk: Desk) -> None:
    await desk.ada.opens_home("messages")
    await desk.ada.opens_home()
    (first,) = await desk.slack.until(lambda: published(desk))
    assert "0 minutes so far." in first and json.loads(first)["type"] == "home"
    await desk.ada.click_view(json.loads(first)["blocks"][-1]["elements"][0]["value"])
    (opened,) = await desk.slack.until(lambda: desk.slack.sent("views.open"))
    assert await desk.ada.submit(opened["view"], minutes="25", note="read") is None
    (receipt,) = await desk.slack.until(lambda: desk.slack.sent("chat.postMessage"))
    assert receipt["channel"] == "U1ADA" and "Logged 25 minutes" in receipt["text"]
    await desk.slack.until(lambda: "25 minutes so far." in published(desk)[-1])
    assert desk.world.invocations[-1].place.room == "@U1ADA"


async def test_what_changes_nothing_on_a_tab_draws_none_and_a_tab_never_opened_stays_away(desk: Desk) -> None:
    await desk.bob.slash("checkin 30 read")
    await desk.ada.opens_home()
    await desk.slack.until(lambda: published(desk))
    await desk.ada.slash("undo")
    await desk.ada.slash("help")
    await desk.slack.until(lambda: [invocation.call.name for invocation in desk.world.invocations].count("home") == 2)
    assert len(desk.slack.sent("views.publish")) == 1


async def test_a_tab_that_slack_does_not_take_harms_nothing(desk: Desk, caplog: Any) -> None:
    desk.slack.fail("views.publish", "not_enabled")
    await desk.ada.opens_home()
    await desk.slack.until(lambda: desk.slack.sent("views.publish"))
    await desk.ada.slash("checkin 25 read")
    await desk.slack.until(lambda: len(desk.slack.sent("views.publish")) == 2)
    assert "Logged 25 minutes" in desk.slack.responses[0]["text"] and "Traceback" not in caplog.text


async def test_a_click_on_a_view_is_answered_there_and_by_message_where_that_fails(desk: Desk) -> None:
    await desk.ada.click_view("1:help")
    (opened,) = await desk.slack.until(lambda: desk.slack.sent("views.open"))
    View(**opened["view"]).validate_json()
    assert "Type " in json.dumps(opened["view"]["blocks"]) and not desk.slack.sent("chat.postMessage")
    await desk.ada.click_view("1:help", "modal")
    (updated,) = await desk.slack.until(lambda: desk.slack.sent("views.update"))
    assert updated["view_id"] == "V2"
    await desk.ada.click_view("1:checkin!", "modal")
    (pushed,) = await desk.slack.until(lambda: desk.slack.sent("views.push"))
    assert pushed["view"]["title"]["text"] == "Check in"
    desk.slack.fail("views.open", "expired_trigger_id")
    await desk.ada.click_view("1:help")
    (answer,) = await desk.slack.until(lambda: desk.slack.sent("chat.postMessage"))
    assert answer["channel"] == "U1ADA" and "Type " in answer["text"]


async def test_a_tab_has_no_table(desk: Desk) -> None:
    await desk.bob.opens_home()
    (tab,) = await desk.slack.until(lambda: desk.slack.sent("views.publish"))
    assert [block["type"] for block in tab["view"]["blocks"]] == ["rich_text"]


async def test_a_shortcut_opens_its_form_from_anywhere(desk: Desk) -> None:
    await desk.ada.shortcut("undo")
    await desk.ada.shortcut("checkin")
    (opened,) = await desk.slack.until(lambda: desk.slack.sent("views.open"))
    assert await desk.ada.submit(opened["view"], minutes="25", note="read") is None
    (receipt,) = await desk.slack.until(lambda: desk.slack.sent("chat.postMessage"))
    assert receipt["channel"] == "U1ADA" and "Logged 25 minutes" in receipt["text"]


@pytest.mark.parametrize("way", ["shortcut", "home"])
async def test_a_member_of_two_groups_chooses_one_in_front_of_the_form(desk: Desk, way: str) -> None:
    await (desk.ada.shortcut("plan") if way == "shortcut" else desk.ada.click_view("1:plan!"))
    (opened,) = await desk.slack.until(lambda: desk.slack.sent("views.open"))
    owls, larks = opened["view"]["blocks"][-1]["elements"]
    assert "Which group do you mean?" in json.dumps(opened["view"]) and owls["text"]["text"] == "Owls"
    await desk.ada.click_view(larks["value"], "modal", opened["view"]["callback_id"])
    (form,) = await desk.slack.until(lambda: desk.slack.sent("views.update"))
    assert "of group 2" in json.dumps(form["view"]["blocks"])
    assert await desk.ada.submit(form["view"], note="read") is None
    (receipt,) = await desk.slack.until(lambda: desk.slack.sent("chat.postMessage"))
    assert "Planned in group 2: read" in receipt["text"]


async def test_a_form_that_is_sent_twice_counts_once(desk: Desk) -> None:
    await desk.ada.shortcut("checkin")
    (opened,) = await desk.slack.until(lambda: desk.slack.sent("views.open"))
    view = {**opened["view"], "id": "V9"}
    assert "errors" in await desk.ada.submit(view, minutes="soon", note="read")
    assert "errors" in await desk.ada.submit(view, minutes="soon", note="read")
    await asyncio.gather(*(desk.ada.submit(view, minutes="25", note="read") for _ in range(2)))
    await desk.slack.until(lambda: desk.slack.sent("chat.postMessage"))
    assert desk.world.logged == [25]
