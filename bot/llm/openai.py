"""A chat model with the OpenAI protocol: OpenAI itself or any compatible server."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Literal

from bot.llm.base import THINKING_TOKENS, ChatResting, ChatUnavailable, Completion, Prompt, ReplyFormat, Usage
from bot.llm.service_status import Nonsense, ServiceStatus, describe_redirect, met

if TYPE_CHECKING:
    import httpx2
    from openai import AsyncAPIResponse, AsyncOpenAI
    from openai.resources.chat.completions import AsyncCompletions
    from openai.types import CompletionUsage
    from openai.types.chat import ChatCompletion, ChatCompletionMessageParam

log = logging.getLogger(__name__)

TOTAL_S = 15.0
"""Time-out for both attempts together; after that the answer uses the notes' own sentences."""

LONGEST_REPLY = 100_000
"""Most characters of a reply, far more than any request needs."""

LONGEST_BODY = 12 * LONGEST_REPLY
"""Most bytes of a reply; a JSON escape needs at most twelve bytes for a character."""

LONGEST_EXCUSE = 4096
"""Most bytes of an error body that are read, enough for the error code."""

EXCUSE_S = 1.0
EXCUSED = frozenset({400, 401, 402, 403, 404, 429})
"""Statuses whose error body contains a more specific code."""

Form = Literal["json_schema", "json_object", "text"]
FORMS: tuple[Form, ...] = ("json_schema", "json_object", "text")
"""Ways to request a reply format, most reliable first."""

REFUSED = frozenset({400, 404, 415, 422})
"""Statuses with which services reject an unknown format."""

FAILURES_TO_OPEN = 3
REST_S = 60.0

LONGEST_PATIENCE_S = 2.0
"""Longest Retry-After between two attempts; for more, answering from the notes is better."""

LONGEST_REST_S = 600.0
"""Longest rest, even if the server asks for more, because its limit may have been raised."""


class Breaker:
    """A circuit breaker: opens for a minute after three failures in a row, or for as long as the server asks."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures = 0
        self._closed_at = float("-inf")

    @property
    def is_open(self) -> bool:
        """Whether requests are blocked now."""
        return self._clock() < self._closed_at

    def succeed(self) -> None:
        """Record a success and reset the count."""
        self._failures = 0

    def fail(self) -> None:
        """Record a failure. After a rest, one failure is enough to open again."""
        self._failures += 1
        if self._failures >= FAILURES_TO_OPEN:
            self.rest(REST_S)

    def rest(self, seconds: float) -> None:
        """Open for some seconds."""
        self._closed_at = self._clock() + min(seconds, LONGEST_REST_S)


class OpenAIChat:
    """Chat completions with a time-out, one retry and a circuit breaker."""

    def __init__(
        self,
        key: str,
        model: str,
        base_url: str | None = None,
        *,
        http_client: httpx2.AsyncClient | None = None,
        clock: Callable[[], float] = time.monotonic,
        total_s: float = TOTAL_S,
        standing: ServiceStatus | None = None,
    ) -> None:
        self._standing = standing or ServiceStatus()
        self._key = key
        self._model = model
        self._base_url = base_url
        self._http_client = http_client
        self._breaker = Breaker(clock)
        self._total_s = total_s
        self._client: AsyncOpenAI | None = None
        self._form: Form = FORMS[0]
        self._opening = asyncio.Lock()

    async def complete(self, prompt: Prompt) -> Completion:
        """Answer the prompt.

        Raises:
            ChatUnavailable: for every failure, and immediately while the breaker is open.
        """
        if self._breaker.is_open:
            raise ChatResting("the chat model failed and is left alone for a while")
        try:
            async with asyncio.timeout(self._total_s):
                completion = await self._ask(prompt)
        except Exception as error:  # noqa: BLE001  (every cause means the same here: answer without the model)
            self._breaker.fail()
            self._standing.note(met(error), describe_redirect(error))
            log.warning("The chat model did not answer: %s", _describe_failure(error))
            if (wait := _read_retry_after(getattr(error, "response", None))) > LONGEST_PATIENCE_S:
                self._breaker.rest(wait)
                raise ChatResting(_describe_failure(error)) from None
            raise ChatUnavailable(_describe_failure(error)) from None
        self._breaker.succeed()
        self._standing.note(None)
        return completion

    async def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.close()

    async def _ask(self, prompt: Prompt) -> Completion:
        """Send one request, with one retry in the client; remembers which formats the service rejects.

        A format counts as rejected only if the same request succeeds without it.
        """
        form: Form = self._form if prompt.shape is not None else "text"
        while True:
            try:
                completion = await self._send(prompt, form)
            except Exception as error:
                if getattr(error, "status_code", None) not in REFUSED or form == "text":
                    raise
                form = FORMS[FORMS.index(form) + 1]
                continue
            if prompt.shape is not None:
                self._form = form
            return completion

    async def _send(self, prompt: Prompt, form: Form) -> Completion:
        completions = await self._open()
        messages, shape = _build_messages(prompt, form), prompt.shape
        given: dict[str, Any] = {"max_tokens": prompt.max_tokens}  # most other servers know the old name only
        if self._base_url is None:  # newer models refuse `max_tokens` and a temperature
            given = {"max_completion_tokens": prompt.max_tokens + THINKING_TOKENS}
        if form != "text" and shape is not None:
            given["response_format"] = _build_format(shape, form)
        asked = completions.with_streaming_response.create(model=self._model, messages=messages, **given)
        async with asked as response:
            answer = await _read(response)
        text = answer.choices[0].message.content
        return Completion(_fit(text or ""), _convert_usage(answer.usage))

    async def _open(self) -> AsyncCompletions:
        """Return the client's completions, built on a thread at first use, because the import takes a second."""
        async with self._opening:
            if self._client is None:
                self._client = await asyncio.to_thread(self._build)
        return self._client.chat.completions

    def _build(self) -> AsyncOpenAI:
        from openai import AsyncOpenAI, DefaultAsyncHttpxClient

        # a redirect would send the question and the passages to an unknown host
        http = self._http_client or DefaultAsyncHttpxClient(timeout=self._total_s, follow_redirects=False)
        http.event_hooks["response"] += [_limit_retry_wait, _limit_error_body]
        client = AsyncOpenAI(
            api_key=self._key,
            base_url=self._base_url,
            timeout=self._total_s,
            max_retries=1,
            http_client=http,
        )
        _ = client.chat.completions  # the SDK imports half of itself at this attribute
        return client


async def _limit_retry_wait(response: httpx2.Response) -> None:
    """Disable the client's retry if the server asks for a long wait."""
    if _read_retry_after(response) > LONGEST_PATIENCE_S:
        response.headers["x-should-retry"] = "false"


def _read_retry_after(response: httpx2.Response | None) -> float:
    """Return the Retry-After of an error response in seconds; 0 if there is none."""
    if response is None or response.is_success:
        return 0.0
    asked, sent = response.headers.get("retry-after", ""), response.headers.get("date", "")
    with suppress(ValueError):
        return (
            float(response.headers["retry-after-ms"]) / 1000 if "retry-after-ms" in response.headers else float(asked)
        )
    with suppress(ValueError, TypeError):  # by the server's own clock, for ours may be another
        return (parsedate_to_datetime(asked) - parsedate_to_datetime(sent)).total_seconds()
    return 0.0


async def _limit_error_body(response: httpx2.Response) -> None:
    """Read a short error body and drop a long one: only the code in it matters, and it may be endless."""
    if response.is_success:
        return
    from httpx2 import AsyncByteStream, ByteStream

    stream, body, is_whole = response.stream, bytearray(), False
    assert isinstance(stream, AsyncByteStream)
    if response.status_code in EXCUSED and "json" in response.headers.get("content-type", ""):
        with suppress(TimeoutError):
            async with asyncio.timeout(EXCUSE_S):
                async for piece in stream:
                    body += piece
                    if len(body) > LONGEST_EXCUSE:
                        break
                else:
                    is_whole = True
    response.stream = ByteStream(bytes(body) if is_whole else b"")
    if not is_whole:
        response.headers.pop("content-encoding", None)
    await stream.aclose()


def _look_at(headers: httpx2.Headers) -> None:
    """Raise Nonsense for an HTML response."""
    if "html" in headers.get("content-type", ""):
        raise Nonsense("html")


async def _read(response: AsyncAPIResponse[ChatCompletion]) -> ChatCompletion:
    """Read a reply, up to `LONGEST_BODY`."""
    from openai.types.chat import ChatCompletion

    _look_at(response.headers)
    body = bytearray()
    async for piece in response.iter_bytes():
        body += piece
        if len(body) > LONGEST_BODY:
            raise ValueError("an answer without end")
    try:  # as lenient as the client: other servers leave fields out
        answer = ChatCompletion.construct(**json.loads(body))
        _ = answer.choices[0].message.content, answer.usage
    except (ValueError, TypeError, LookupError, AttributeError):
        raise Nonsense("no reply of a chat model") from None
    return answer


def _fit(text: str) -> str:
    if not text.strip():
        raise ValueError("empty answer, or a refusal")
    if len(text) > LONGEST_REPLY:
        raise ValueError("an answer without end")
    return text


def _convert_usage(counted: CompletionUsage | None) -> Usage | None:
    return Usage(counted.prompt_tokens, counted.completion_tokens) if counted else None


def _build_messages(prompt: Prompt, form: Form) -> list[ChatCompletionMessageParam]:
    system = prompt.system
    if prompt.shape is not None:
        system += "\n\n" + (prompt.shape.plain if form == "text" else prompt.shape.structured)
    messages: list[ChatCompletionMessageParam] = [{"role": "system", "content": system}]
    for turn in prompt.turns:
        if turn.role == "user":
            messages.append({"role": "user", "content": turn.text})
        else:
            messages.append({"role": "assistant", "content": turn.text})
    return messages


def _build_format(shape: ReplyFormat, form: Form) -> dict[str, object]:
    if form == "json_object":
        return {"type": "json_object"}
    return {"type": "json_schema", "json_schema": {"name": shape.name, "schema": dict(shape.schema), "strict": True}}


def _describe_failure(error: Exception) -> str:
    """Describe a failure without quoting the server, which may repeat the question or the key."""
    status = getattr(error, "status_code", None)
    detail = describe_redirect(error) or (f"status {status}" if status else "")
    return f"{type(error).__name__}, {detail}" if detail else type(error).__name__
