from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest
from yarl import URL

from bot.chat.feed import RoomMessage
from bot.messages.call import Call
from bot.messages.errors import TryLater
from bot.messages.reply import Button, say
from tests.platforms.local import weekly_post
from tests.platforms.web.conftest import Served


async def test_what_people_say_to_each_other_is_a_message_of_theirs_without_an_answer(served: Served) -> None:
    for thread in ({}, {"thread": "5"}):
        told = await served.post("/say", {"text": "see you <b>on</b> Tuesday", **thread})
        assert told == {"do": "posted"}
        (only,) = await served.local.feed.list_messages("general", thread.get("thread"))
        assert (only.author, only.reply.plain()) == ("Ada", "see you <b>on</b> Tuesday")
    assert "see you &lt;b&gt;on&lt;/b&gt; Tuesday" in await served.room(**{"as": "ben"})


async def test_what_sounds_like_a_question_to_the_room_gets_a_word_aside_for_its_writer(served: Served) -> None:
    told = await served.post("/say", {"text": "what is attention?"})
    assert told["do"] == "posted" and "Only you can see this" in told["html"]
    (only,) = await served.local.feed.list_messages("general")
    assert only.author == "Ada" and "chain rule" not in await served.room()


async def test_a_line_that_is_repeated_is_said_once(served: Served) -> None:
    for _ in range(2):
        assert (await served.post("/say", {"text": "see you", "key": "same-key-2"}))["do"] == "posted"
    assert len(served.local.feed.messages) == 1


@pytest.mark.parametrize("line", ["/sick this week", "trailmate, thanks", "chekin 45 felt stupid"])
async def test_what_is_put_to_the_bot_and_not_understood_is_answered_privately(served: Served, line: str) -> None:
    told = await served.post("/say", {"text": line})
    assert told["do"] == "private" and "Heard" in told["html"]
    assert not served.local.feed.messages


async def test_a_direct_message_is_always_for_the_bot(served: Served) -> None:
    assert (await served.post("/say", {"text": "attention heads", "room": "@ada"}))["do"] == "posted"
    said, answer = await served.local.feed.list_messages("@ada")
    assert (said.author, answer.author) == ("Ada", "") and "chain rule" in answer.reply.plain()


async def test_a_private_command_is_answered_to_the_caller_and_leaves_no_trace_in_the_room(served: Served) -> None:
    told = await served.post("/say", {"text": "checkin 45 read two papers"})
    assert told["do"] == "private"
    assert "Only you can see this" in told["html"]
    assert '<code class="echo" dir="auto">' in told["html"], "a line that runs from right to left is read from there"
    assert served.local.world.said == ["Ada 45 read two papers"]
    assert not served.local.feed.messages


async def test_a_public_commands_question_and_answer_are_messages_of_the_room(served: Served) -> None:
    assert (await served.post("/say", {"text": "trailmate, what is <attention>?"}))["do"] == "posted"
    said, answer = await served.local.feed.list_messages("general")
    assert (said.author, answer.author) == ("Ada", "")
    html = await served.room(**{"as": "ben"})
    assert "what is &lt;attention&gt;?" in html
    assert "chain rule" in html


async def test_an_error_of_a_public_command_is_private_and_nothing_is_posted(served: Served) -> None:
    told = await served.post("/say", {"text": "ask a recipe"})
    assert told["do"] == "private"
    assert "nothing about that" in told["html"]
    assert not served.local.feed.messages


async def test_a_double_click_is_one(served: Served) -> None:
    body = {"packed": "1:checkin?minutes=45&note=x", "key": "same-key-1"}
    assert (await served.post("/call", body))["do"] == "private"
    assert (await served.post("/call", body))["do"] == "nothing"
    assert len(served.local.world.said) == 1


async def test_a_click_on_a_message_that_replaces_edits_it(served: Served) -> None:
    await served.post("/say", {"text": "trailmate, what is attention?"})
    ref = (await served.local.feed.list_messages("general"))[-1].ref
    assert (await served.post("/call", {"packed": "1:remove", "ref": ref}))["do"] == "posted"
    assert "taken away" in await served.room()


async def test_a_click_counts_for_a_message_only_where_that_message_has_the_button(served: Served) -> None:
    feed = served.local.feed
    await served.post("/say", {"text": "trailmate, what is attention?"})
    said, answer = await feed.list_messages("general")
    post = await feed.add("post", "general", None, weekly_post())
    direct = await feed.add("direct", "@ada", None, answer.reply)
    before = dict(feed.messages)
    for ref in (said.ref, post, direct, "999"):
        for body in ({"packed": "1:remove"}, {"packed": "1:remove", "values": {}}):
            assert (await served.post("/call", {**body, "ref": ref}))["do"] == "posted"
    others: tuple[dict[str, Any], ...] = ({"packed": "1:remove?x=1"}, {"values": {}}, {"thread": "5"})
    for more in others:
        assert (await served.post("/call", {"packed": "1:remove", **more, "ref": answer.ref}))["do"] == "posted"
    assert {ref: feed.messages[ref] for ref in before} == before


async def test_a_form_counts_for_the_message_whose_button_opened_it(served: Served) -> None:
    feed = served.local.feed
    buttons = (Button("Edit", Call("settings", {"zone": "UTC", "id": "7"}, ask=True)),)
    ref = await feed.add("own", "@ada", None, say("Your settings.", buttons=buttons))
    body = {"packed": "1:settings?id=8", "values": {"zone": "Asia/Tokyo"}, "ref": ref, "room": "@ada"}
    await served.post("/call", body)
    assert feed.messages[ref].reply.plain() == "Your settings."
    await served.post("/call", {**body, "packed": "1:settings?id=7"})
    assert "Asia/Tokyo" in feed.messages[ref].reply.plain()


async def test_a_thread_has_the_buttons_of_the_message_that_it_hangs_on(served: Served) -> None:
    feed = served.local.feed
    ref = await feed.add("own", "general", None, say("An answer.", buttons=(Button("Remove", Call("remove")),)))
    await served.post("/call", {"packed": "1:remove", "ref": ref, "thread": ref})
    assert feed.messages[ref].reply.plain() == "This answer was taken away."


async def test_a_private_answer_never_replaces_what_the_room_reads(served: Served) -> None:
    await served.post("/say", {"text": "hello all"})
    ref = (await served.local.feed.list_messages("general"))[-1].ref
    assert (await served.post("/call", {"packed": "1:undo", "ref": ref}))["do"] == "private"
    assert "hello all" in await served.room()


async def test_a_click_that_replaces_a_private_answer_says_so(served: Served) -> None:
    told = await served.post("/call", {"packed": "1:undo"})
    assert (told["do"], told["replaces"]) == ("private", True)


async def test_in_direct_messages_everything_is_said_in_the_room(served: Served) -> None:
    assert (await served.post("/say", {"text": "checkin 45 read", "room": "@ada"}))["do"] == "posted"
    assert [m.author for m in await served.local.feed.list_messages("@ada")] == ["Ada", ""]


async def test_in_a_thread_the_answer_stands_in_the_thread(served: Served) -> None:
    await served.post("/say", {"text": "@trailmate what is attention?", "thread": "5"})
    assert len(await served.local.feed.list_messages("general", "5")) == 2


async def test_a_command_that_lacks_something_opens_its_form_with_what_was_typed(served: Served) -> None:
    told = await served.post("/say", {"text": "checkin 45"})
    assert (told["do"], told["packed"]) == ("form", "1:checkin")
    assert 'value="45"' in told["html"]


async def test_wrong_values_of_a_form_come_back_beside_their_fields(served: Served) -> None:
    values = {"minutes": "soon", "note": "x", "link": "javascript:alert(1)", "unit": ""}
    told = await served.post("/call", {"packed": "1:checkin", "values": values})
    assert told["do"] == "errors"
    assert set(told["errors"]) == {"minutes", "link"}
    assert told["errors"]["minutes"].startswith("“soon” is not a length of time.")
    missing = await served.post("/call", {"packed": "1:checkin", "values": {"minutes": "", "note": ""}})
    assert set(missing["errors"]) == {"minutes", "note"}
    nothing = await served.post("/call", {"packed": "1:settings", "values": {"zone": "", "reminders": ""}})
    assert nothing["errors"] == {"": "Nothing is filled in."}


async def test_what_a_service_refuses_keeps_the_form_open_without_a_way_back(served: Served) -> None:
    told = await served.post("/call", {"packed": "1:checkin", "values": {"minutes": "800", "note": "x"}})
    assert told["do"] == "refused"
    assert "1 to 720 minutes" in told["html"]
    assert "Correct it" not in told["html"]


async def test_a_form_that_is_right_runs_its_command(served: Served) -> None:
    told = await served.post("/call", {"packed": "1:checkin", "values": {"minutes": "1h30", "note": "x", "link": ""}})
    assert told["do"] == "private"
    assert served.local.world.said == ["Ada 90 x"]
    public = await served.post("/call", {"packed": "1:ask", "values": {"question": "what is it?"}})
    assert public["do"] == "posted"
    assert "ask what is it?" in await served.room()


async def test_a_member_is_refused_what_moderators_may(served: Served) -> None:
    body: dict[str, Any] = {"packed": "1:cohort.create", "values": {"name": "Owls", "timezone": "Europe/Berlin"}}
    assert (await served.post("/call", body))["do"] == "refused"
    assert (await served.post("/call", {**body, "as": "mo"}))["do"] == "private"


async def test_two_people_whose_submissions_have_one_key_are_both_heard(served: Served) -> None:
    for who in ("ada", "ben"):
        told = await served.post("/say", {"as": who, "text": "see you on Tuesday", "key": "same-key"})
        assert told["do"] == "posted"
        answered = await served.post("/say", {"as": who, "text": "checkin 45 read", "key": "other-key"})
        assert answered["do"] == "private"
    assert (await served.room()).count("see you on Tuesday") == 2
    assert served.local.world.said == ["Ada 45 read", "Ben 45 read"]


async def test_a_slow_answer_is_seen_growing_by_everybody(served: Served) -> None:
    served.local.world.gate.clear()
    asking = asyncio.create_task(served.post("/say", {"text": "trailmate, what is attention?"}))
    for _ in range(100):
        if "Reading the notes" in (html := await served.room(**{"as": "ben"})):
            break
        await asyncio.sleep(0.01)
    assert "what is attention?" in html
    served.local.world.gate.set()
    assert (await asking)["do"] == "posted"
    html = await served.room()
    assert "Reading the notes" not in html
    assert html.count("chain rule") == 1


async def test_a_button_of_an_unknown_version_is_one_private_sentence(served: Served) -> None:
    for packed in ("9:later", "", "1:", "1:gone"):
        told = await served.post("/call", {"packed": packed})
        assert told["do"] == "private"
        assert "button is from an older version" in told["html"]
        form = await served.post("/call", {"packed": packed, "values": {}})
        assert form["do"] == "refused"


async def test_completion_and_suggestions_come_as_data(served: Served) -> None:
    found = await (await served.get("/complete", text="checkin 45 read unit=tok")).json()
    assert found["options"] == [{"line": "checkin 45 read unit=3 ", "label": "Unit 3: Tokenizers", "note": "Unit"}]
    zones = await (await served.get("/suggest", packed="1:settings", param="zone", typed="berl")).json()
    assert zones == [{"label": "Europe/Berlin", "value": "Europe/Berlin"}]
    assert await (await served.get("/suggest", packed="1:settings", param="nothing", typed="")).json() == []


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/say", {"text": ""}, 400),
        ("/say", {"text": "x" * 5000}, 400),
        ("/say", {"text": 5}, 400),
        ("/say", {"text": "help", "key": "../../x"}, 400),
        ("/say", {"text": "help", "as": "eve"}, 404),
        ("/say", {"text": "help", "room": "@mo"}, 404),
        ("/call", {"packed": 5}, 400),
        ("/call", {"packed": "1:help", "values": "x"}, 400),
        ("/demo", {"to": "past"}, 400),
    ],
)
async def test_what_no_page_of_ours_sends_is_refused(
    served: Served, path: str, body: dict[str, Any], status: int
) -> None:
    headers = {"X-Trailmate-Token": served.token}
    said = {"as": "ada", "key": "12345678", **body}
    async with served.http.post(served.url + path, json=said, headers=headers) as response:
        assert response.status == status
    for raw in (b"{", b"[]", b"\xff"):
        async with served.http.post(served.url + path, data=raw, headers=headers) as response:
            assert response.status == 400


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        ("[" * 100_000 + "]" * 100_000, 400, "nested too deep"),
        ('{"a":' * 40_000 + "1" + "}" * 40_000, 400, "nested too deep"),
        (b"\xff\xfe", 400, "not JSON"),
        ('{"as": "ada", "key": "abcd", "text": "help", "ref": "9' + "9" * 40 + '"}', 400, "number"),
        ('{"as": "ada", "key": "abcd", "text": "help", "thread": "9' + "9" * 40 + '"}', 404, "no such channel"),
        ('{"as": "ada", "key": "abcd", "text": "help", "thread": "\\ud800"}', 404, "no such channel"),
    ],
)
async def test_a_body_that_no_page_sends_is_refused_with_a_sentence(
    served: Served, body: str | bytes, status: int, says: str
) -> None:
    headers = {"X-Trailmate-Token": served.token, "Content-Type": "application/json"}
    async with served.http.post(served.url + "/say", data=body, headers=headers) as response:
        assert response.status == status
        assert says in await response.text()


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "none"])
async def test_a_body_that_says_it_is_compressed_and_is_not_is_refused(
    served: Served, encoding: str, caplog: pytest.LogCaptureFixture
) -> None:
    headers = {"X-Trailmate-Token": served.token, "Content-Encoding": encoding}
    async with served.http.post(served.url + "/say", data=b"no JSON", headers=headers) as response:
        assert (response.status, await response.text()) == (400, "The body is not JSON.")
    assert not caplog.text


@pytest.mark.parametrize("name", ["", "x" * 300, "%C3%A9" * 200, "%00", "nothing.js", "..%2Froutes.py", "main.js/x"])
async def test_a_file_that_the_page_has_not_is_not_found(served: Served, name: str) -> None:
    async with served.http.get(URL(f"{served.url}/static/{name}", encoded=True)) as response:
        assert response.status == 404
    assert (await served.get("/static/main.js")).status == 200


async def test_what_asks_for_a_form_without_fields_runs_where_it_is_sent_and_is_refused_where_it_is_looked_at(
    served: Served,
) -> None:
    looked = await (await served.get("/form", packed="1:undo!")).json()
    assert (looked["do"], served.local.world.said) == ("private", []) and "nothing to fill in" in looked["html"]
    assert (await served.post("/call", {"packed": "1:undo!"}))["do"] == "private"
    assert served.local.world.said == ["undone"]


async def test_a_call_that_names_an_endless_group_is_no_call(served: Served) -> None:
    response = await served.get("/form", packed="1:checkin!@" + "9" * 40)
    assert response.status == 400


async def test_a_header_that_is_no_text_is_refused_and_not_a_fault(served: Served) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(served.url.rsplit(":", 1)[1]))
    writer.write(
        b"POST /say HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2\r\nX-Trailmate-Token: \xff\xc3\xa9\r\n\r\n{}"
    )
    assert b" 403 " in await reader.readline()
    writer.close()


async def test_while_the_feed_is_away_every_look_is_a_sentence_and_then_it_is_back(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> list[RoomMessage]:
        raise TryLater("I can't reach my database, so I saved nothing. Please try again in a minute.")

    with monkeypatch.context() as patch:
        patch.setattr(served.local.feed, "list_messages", away)
        response = await served.get("/room/general")
        assert (response.status, await response.text()) == (
            503,
            "I can't reach my database, so I saved nothing. Please try again in a minute.",
        )
    assert (await served.get("/room/general")).status == 200


async def test_a_fault_of_the_page_is_a_reference_that_the_log_has_too(
    served: Served, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*_: object) -> list[RoomMessage]:
        raise ValueError(" ".join(("what", "Ada", "wrote")))

    monkeypatch.setattr(served.local.feed, "list_messages", broken)
    response = await served.get("/room/general")
    assert response.status == 500
    said = await response.text()
    match = re.search(r"Fault `?([0-9a-f]{6})", said)
    assert match and match[1] in caplog.text
    assert "what Ada wrote" not in caplog.text + said
