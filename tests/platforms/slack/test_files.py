"""Files that come with a message or a form, and the menu of a message."""

from __future__ import annotations

from typing import Any

from tests.platforms.slack.conftest import Desk
from tests.platforms.slack.test_listen import said


def held(desk: Desk, name: str, data: bytes, **more: Any) -> dict[str, Any]:
    """Return what Slack says of a file that it holds."""
    desk.slack.held[name] = data
    return {"id": "F1", "name": name, "size": len(data), "url_private": f"{desk.slack.base}/held/{name}", **more}


async def test_a_file_comes_with_a_direct_message(desk: Desk) -> None:
    file = held(desk, "notes.md", "Grüße".encode())
    await desk.ada.say("keep", "D1", "message", subtype="file_share", files=[file])
    (answer,) = await desk.slack.until(lambda: desk.slack.sent("chat.postMessage"))
    assert "Kept notes.md: Grüße by None" in said(answer)


async def test_a_file_is_asked_for_in_a_form_and_a_refusal_stands_below_its_field(desk: Desk) -> None:
    await desk.ada.slash("keep")
    (opened,) = await desk.slack.until(lambda: desk.slack.sent("views.open"))
    kinds = {block["block_id"]: block["element"]["type"] for block in opened["view"]["blocks"]}
    assert kinds["file"] == "file_input"
    large = await desk.ada.submit_file(opened["view"], "file", held(desk, "big.md", b"x" * 2000))
    assert "at most 1 kB are taken" in str(large)
    await desk.ada.submit_file(opened["view"], "file", held(desk, "n.txt", b"owls"))
    (answer,) = await desk.slack.until(lambda: desk.slack.responses)
    assert "Kept n.txt: owls" in said(answer)


async def test_a_file_that_says_it_is_smaller_than_it_is_is_not_taken_whole(desk: Desk) -> None:
    file = held(desk, "big.md", b"x" * 5_000_000, size=10)
    await desk.ada.say("keep", "D1", "message", subtype="file_share", files=[file])
    (answer,) = await desk.slack.until(lambda: desk.slack.sent("chat.postMessage"))
    assert "at most 1 kB are taken" in said(answer)


async def test_nobody_but_slack_is_shown_the_token(desk: Desk) -> None:
    for url in ("http://127.0.0.1:9/x", "https://slack.com.evil.example/x", "http://slack.com/x", "file:///etc/passwd"):
        file = {"id": "F1", "name": "a.md", "size": 3, "url_private": url}
        await desk.ada.say("keep", "D1", "message", subtype="file_share", files=[file])
        answers = await desk.slack.until(lambda: desk.slack.sent("chat.postMessage"))
        assert "could not be fetched" in said(answers.pop())


async def test_the_menu_of_a_message_opens_the_form_with_what_it_says(desk: Desk) -> None:
    await desk.ada.menu("keep", "owls &lt;meet&gt; <@U2BOB|bob> by night", "U2BOB")
    (opened,) = await desk.slack.until(lambda: desk.slack.sent("views.open"))
    fields = {block["block_id"]: block["element"] for block in opened["view"]["blocks"]}
    assert fields["text"]["initial_value"] == "owls <meet> @bob by night"
    await desk.ada.submit(opened["view"], text="owls meet by day")
    (answer,) = await desk.slack.until(lambda: desk.slack.responses)
    assert "Kept owls meet by day by U2BOB" in said(answer)


async def test_a_menu_that_is_not_ours_is_left_alone(desk: Desk) -> None:
    await desk.ada.menu("other", "owls", "U2BOB")
    await desk.ada.slash("shout done")
    (answer,) = await desk.slack.until(lambda: desk.slack.responses)
    assert "done" in said(answer) and not desk.slack.sent("views.open")
