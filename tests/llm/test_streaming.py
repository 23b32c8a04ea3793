"""The chat client against a server that streams, drips, breaks off or refuses to stream."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence

import httpx2
import pytest

from bot.llm.base import ChatUnavailable, Usage
from bot.llm.openai import FAILURES_TO_OPEN, LONGEST_REPLY
from tests.llm.test_openai import PROMPT, SHAPED, Make, Played, chat_with, form, said

__all__ = ["chat_with"]


def event(piece: str | None, finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": {"content": piece} if piece is not None else {}, "finish_reason": finish}
    return chunk([choice])


def chunk(choices: Sequence[object], usage: object = None) -> bytes:
    made = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": choices}
    return f"data: {json.dumps(made | {'usage': usage})}\n\n".encode()


END = event(None, "stop")
COUNTED = chunk([], {"prompt_tokens": 812, "completion_tokens": 61, "total_tokens": 873})
DONE = b"data: [DONE]\n\n"


class Streaming(Played):
    """A server that streams events, or answers whole where that is not asked for; it may fail in between."""

    def __init__(self, *events: bytes, trouble: Exception | None = None, every_s: float = 0.0) -> None:
        super().__init__(said("whole"))
        self.events, self.trouble, self.every_s = events, trouble, every_s
        self.refuses = False

    async def __call__(self, request: httpx2.Request) -> httpx2.Response:
        whole = await super().__call__(request)
        if not json.loads(request.content).get("stream"):
            return whole
        if self.refuses:
            return httpx2.Response(400, json={"error": {"message": "no streams"}})
        return httpx2.Response(200, headers={"content-type": "text/event-stream"}, content=self._events())

    async def _events(self) -> AsyncIterator[bytes]:
        for event in self.events:
            await asyncio.sleep(self.every_s)
            yield event
        if self.trouble is not None:
            raise self.trouble


async def test_the_text_is_heard_as_it_comes_and_returned_whole_with_what_was_counted(chat_with: Make) -> None:
    server, heard = Streaming(event(""), event("Sets "), event("hash."), END, COUNTED, DONE), list[str]()
    completion = await chat_with(server).complete(PROMPT, heard.append)
    assert (heard, completion.text, completion.usage) == (["Sets ", "hash."], "Sets hash.", Usage(812, 61))
    assert json.loads(server.asked[0].content)["stream_options"] == {"include_usage": True}


async def test_where_nobody_listens_nothing_is_streamed(chat_with: Make) -> None:
    server = Streaming(event("piece"), END)
    assert (await chat_with(server).complete(PROMPT)).text == "whole"
    assert "stream" not in json.loads(server.asked[0].content)


async def test_a_server_that_does_not_count_is_taken_at_its_word(chat_with: Make) -> None:
    completion = await chat_with(Streaming(event("yes"), END, DONE)).complete(PROMPT, lambda piece: None)
    assert (completion.text, completion.usage) == ("yes", None)


@pytest.mark.parametrize(
    "server",
    [
        Streaming(event("half")),
        Streaming(event("half"), DONE),
        Streaming(event("half"), trouble=httpx2.ReadError("cut")),
        Streaming(event("half"), b"data: {broken\n\n"),
        Streaming(event("half"), b'data: {"error": {"message": "secret question"}}\n\n'),
        Streaming(END, DONE),
        Streaming(event("  "), END),
        Streaming(*[event("x" * (LONGEST_REPLY // 10))] * 51, END),
    ],
    ids=["ends", "done too soon", "cut", "broken json", "error", "no text", "blank", "5 MB"],
)
async def test_a_stream_that_does_not_come_to_its_end_is_no_answer(
    chat_with: Make, server: Streaming, caplog: pytest.LogCaptureFixture
) -> None:
    heard: list[str] = []
    with pytest.raises(ChatUnavailable) as caught:
        await chat_with(server).complete(PROMPT, heard.append)
    assert len("".join(heard)) <= LONGEST_REPLY
    assert "secret" not in str(caught.value) + caplog.text
    assert len(server.asked) == 1, "what was begun is not asked for again"


async def test_a_server_that_drips_is_given_up(chat_with: Make) -> None:
    server = Streaming(*[event("drop")] * 100, END, every_s=0.01)
    with pytest.raises(ChatUnavailable, match="TimeoutError"):
        await chat_with(server, total_s=0.1).complete(PROMPT, lambda piece: None)


async def test_broken_streams_open_the_breaker(chat_with: Make) -> None:
    server = Streaming(event("half"))
    chat = chat_with(server)
    for _ in range(FAILURES_TO_OPEN + 1):
        with pytest.raises(ChatUnavailable):
            await chat.complete(PROMPT, lambda piece: None)
    assert len(server.asked) == FAILURES_TO_OPEN


async def test_a_server_that_refuses_to_stream_answers_whole_and_is_not_asked_to_again(chat_with: Make) -> None:
    server, heard = Streaming(event("piece"), END), list[str]()
    server.refuses = True
    chat = chat_with(server)
    assert (await chat.complete(SHAPED, heard.append)).text == "whole"
    assert form(server.asked[-1]) == "json_schema", "it has refused to stream, not the form"
    server.asked.clear()
    assert (await chat.complete(SHAPED, heard.append)).text == "whole"
    assert len(server.asked) == 1 and heard == []
