"""Slack's Web API: two clients, and the translation of its errors."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

import aiohttp
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.base.rate_limiter import LimiterBusy, LimiterStore, LocalLimiterStore, Rate, RateLimiter
from bot.chat.platform import DeliveryUnknown, Gone, Later, PersonGone, Refused, ThreadGone, TokenRejected
from bot.platforms.reply_channel import RetryPause, retry

REQUEST_S, ANSWER_S = 15.0, 4.0
"""Time-outs of a request, and of one that somebody waits for."""
CHANNEL_S = 1.05
MESSAGES, CHANGES = Rate(4.9, 3), Rate(0.8, 10)
"""Rates of messages and of changes of messages in a workspace; a channel takes a message a second.

This makes about three hundred messages and fifty changes a minute, including bursts.

Source: https://docs.slack.dev/apis/web-api/rate-limits and the tier of chat.update, November 2026.
"""
T = TypeVar("T")
PATIENCE_S, FAULT_S = 60.0, 1.0
"""How long an answer waits in all if Slack asks to, and how long after a fault."""
UNHEARD_S = 5.0
"""Seconds before a retry of a request that never reached Slack."""

sdk_log = logging.getLogger("bot.platforms.slack.sdk")
"""The SDK's log; above DEBUG, where it would print what members wrote."""
bolt_log = logging.getLogger("bot.platforms.slack.bolt")
"""Bolt's log, errors only, because its warnings quote events."""

_WAITS = {"ratelimited", "rate_limited", "message_limit_exceeded", "team_added_to_org"}
SPENT = "used_url"
"""The code of a response_url that is used up."""
_NONSENSE = "nonsense"
_HICCUPS = {"internal_error", "fatal_error", "request_timeout", "service_unavailable"}

INVITE = "Type /invite @Trailmate there, or choose another channel."
REINSTALL = (
    "Install the app again: at my address under /slack/install, or under OAuth & Permissions at api.slack.com/apps, "
    "and then start me with the new token."
)
GONE = {
    "channel_not_found": f"I can't see the channel. It was deleted, or it's private and I'm not in it. {INVITE}",
    "not_in_channel": f"I'm not in the channel. {INVITE}",
    "is_archived": "The channel is archived. Unarchive it, or choose another channel.",
    "restricted_action": "Slack doesn't let me post in the channel. Allow apps under its posting permissions.",
    "restricted_action_read_only_channel": "The channel is read-only. Allow apps under its posting permissions.",
    "restricted_action_thread_only_channel": "The channel only allows replies. Allow apps to post, or choose another.",
    "method_not_supported_for_channel_type": "Slack doesn't let me post here. Choose a channel.",
    "user_not_found": "Slack can't find this person here. Ask them to message me.",
    "user_disabled": "The account is deactivated. Reactivate it, or let the member leave.",
    "user_not_visible": "Slack doesn't show me this person. Ask them to message me.",
    "cannot_dm_bot": "A bot can't get direct messages. Remove it from the group.",
    "messages_tab_disabled": "Direct messages are off. Turn on the Messages tab under App Home of the app.",
    "not_allowed_token_type": f"Slack doesn't accept this kind of token. {REINSTALL}",
    "token_revoked": f"My token was revoked. {REINSTALL}",
    "token_expired": f"My token has expired. {REINSTALL}",
    "invalid_auth": f"Slack rejects my token. {REINSTALL}",
    "not_authed": f"Slack rejects my token. {REINSTALL}",
    "account_inactive": f"The app was removed from the workspace. {REINSTALL}",
    "missing_scope": f"A permission is missing. {REINSTALL} `trailmate manifest slack` lists what I need.",
    "no_permission": f"A permission is missing. {REINSTALL} `trailmate manifest slack` lists what I need.",
    "team_access_not_granted": "The app is not approved for this workspace. Ask an administrator to approve it.",
    "ekm_access_denied": "An administrator has suspended posting. Ask them to allow it again.",
}
"""Errors that last until somebody fixes them, each with its fix.

Source: https://docs.slack.dev/reference/methods/chat.postMessage, November 2026.
"""
THREAD_GONE = {
    "thread_not_found": "The thread's first message was deleted.",
    "message_not_found": "The thread's first message was deleted.",
    "cannot_reply_to_message": "The thread's first message doesn't accept replies.",
    "restricted_action_thread_locked": "The thread is locked. An administrator can unlock it.",
    "restricted_action_non_threadable_channel": "The channel has no threads. Allow them there.",
}
"""Errors of a thread that say nothing about its channel. Source: as above."""

LEFT = {"user_not_found", "user_disabled"}
"""Errors in `GONE` that mean that a person left the workspace."""

_TOKENS = {"invalid_auth", "not_authed", "not_allowed_token_type", "account_inactive", "token_revoked", "token_expired"}
_APP = (
    "SLACK_APP_TOKEN must be an app-level token (xapp-...) with the scope connections:write, "
    "made under Basic Information at api.slack.com/apps"
)
_BOT = (
    "SLACK_BOT_TOKEN must be the Bot User OAuth Token (xoxb-...) of an installed app, "
    "found under OAuth & Permissions at api.slack.com/apps"
)


def quiet() -> None:
    """Keep members' messages, codes and tokens out of the log."""
    sdk_log.setLevel(logging.WARNING)
    bolt_log.setLevel(logging.ERROR)


class ApiError(Exception):
    """Slack refused a request.

    `code` is Slack's error code, `after_s` how long it asks to wait, and `is_unsure` whether it may have done it.
    """

    def __init__(self, code: str, *, after_s: float | None = None, is_unsure: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.after_s = after_s
        self.is_unsure = is_unsure


class SlackApi:
    """The clients of one connection.

    `posts` never repeats a request by itself; `reads` waits and repeats once if Slack asks to wait.
    """

    def __init__(self, bot_token: str, api_url: str | None, session: aiohttp.ClientSession) -> None:
        url = api_url or AsyncWebClient.BASE_URL
        self.session = session
        self.posts = AsyncWebClient(bot_token, url, session=session, logger=sdk_log, retry_handlers=[])
        limited = AsyncRateLimitErrorRetryHandler(max_retry_count=1)
        self.reads = AsyncWebClient(bot_token, url, session=session, logger=sdk_log, retry_handlers=[limited])

    async def respond(self, url: str, body: dict[str, Any]) -> None:
        """Post to a response_url; raises ApiError."""
        hook = AsyncWebhookClient(url, session=self.session, logger=sdk_log, retry_handlers=[])
        answer = await _request(hook.send_dict(body), ANSWER_S)
        if answer.status_code in {404, 410}:
            raise ApiError(SPENT)
        if answer.status_code != 200:
            raise _make_error(answer.status_code, f"HTTP {answer.status_code}", answer.headers)
        if (code := _find_refusal(answer.body)) is not None:
            raise ApiError(code, is_unsure=code == _NONSENSE)


class SlackResponse(dict[str, Any]):
    """A response of Slack; a missing key raises an unsure ApiError, because the outcome is unknown."""

    def __missing__(self, key: str) -> Any:
        raise ApiError(f"an answer without {key}", is_unsure=True)

    def part(self, key: str) -> SlackResponse:
        """Return a person or channel; raise ApiError without an id, because an empty one would pass as unrestricted."""
        value = self[key]
        if not isinstance(value, dict) or not value.get("id"):
            self.__missing__(key)
        return SlackResponse(value)


async def receive(request: Awaitable[Any], within_s: float = REQUEST_S) -> SlackResponse:
    """Return the data of a Web API call; raise ApiError for every failure."""
    return SlackResponse((await _request(request, within_s)).data)


async def _request(request: Awaitable[Any], within_s: float) -> Any:
    try:
        async with asyncio.timeout(within_s):
            return await request
    except SlackApiError as error:
        raise _translate(error) from None
    except aiohttp.ClientConnectorError:
        raise ApiError("unreachable", after_s=UNHEARD_S) from None
    except (aiohttp.ClientError, OSError, TimeoutError, SlackRequestError, ValueError) as error:
        raise ApiError(type(error).__name__, is_unsure=True) from None
    except AttributeError:  # the SDK reads "ok" of any JSON value
        raise ApiError(_NONSENSE, is_unsure=True) from None


async def retry_request(request: Callable[[], Awaitable[T]], within_s: float = PATIENCE_S) -> T:
    """Make a request of an answer; repeat it after waits that Slack asks for, `within_s` in all, and after a fault."""
    return await retry(request, find_pause, within_s)


def find_pause(error: Exception, fault_s: float | None = None) -> RetryPause | None:
    """Return how long to wait after an error, which is `FAULT_S` if Slack names no time; None if it is final."""
    if not isinstance(error, ApiError) or (error.after_s is None and not error.is_unsure):
        return None
    fault_s = FAULT_S if fault_s is None else fault_s
    return RetryPause(fault_s, is_fault=True) if error.after_s is None else RetryPause(error.after_s)


def _find_refusal(body: str) -> str | None:
    """Return the error code in a response_url's 200 response; None if it accepted the message."""
    if body.strip().lower() in {"", "ok"}:
        return None
    try:
        response = json.loads(body)
    except (ValueError, RecursionError):
        return _NONSENSE
    if not isinstance(response, dict):
        return _NONSENSE
    return None if response.get("ok") else str(response.get("error") or _NONSENSE)


def _translate(error: SlackApiError) -> ApiError:
    response = error.response
    status = int(getattr(response, "status_code", 0) or getattr(response, "status", 0))
    data = getattr(response, "data", None)
    code = str(data.get("error") or "") if isinstance(data, dict) else ""
    return _make_error(status, code, getattr(response, "headers", None) or {})


def _make_error(status: int, code: str, headers: Mapping[str, Any]) -> ApiError:
    if status == 429 or code in _WAITS:
        asked = str({str(k).lower(): v for k, v in headers.items()}.get("retry-after", ""))
        return ApiError("ratelimited", after_s=float(asked) if asked.isdigit() else 30.0)
    if status >= 500 or code in _HICCUPS or not code:
        return ApiError(code or f"HTTP {status}", is_unsure=True)
    return ApiError(code)


def undeliverable(error: ApiError, *, parks: bool) -> Exception:
    """Return the relay's exception for a failed post: Later, DeliveryUnknown, Gone, ThreadGone, or our own fault.

    Args:
        parks: whether the message is a post in a channel, which waits for a token with its channel.
    """
    if error.code in _TOKENS and not parks:
        return TokenRejected()
    if error.after_s is not None:
        return Later(error.after_s, f"Slack: {error.code}")
    if error.is_unsure:
        return DeliveryUnknown(f"Slack: {error.code}")
    if error.code in LEFT:
        return PersonGone(GONE[error.code])
    if error.code in GONE:
        return Gone(GONE[error.code])
    if error.code in THREAD_GONE:
        return ThreadGone(THREAD_GONE[error.code])
    return RuntimeError(f"Slack refuses a message: {error.code}")


def final(error: ApiError, *, is_app_token: bool) -> Exception:
    """Return the exception for a failed start: Refused if only a person can fix it, else ConnectionError to retry."""
    if error.code in _TOKENS or (is_app_token and error.code in {"missing_scope", "no_permission"}):
        return Refused(f"Slack refuses the token ({error.code}): {_APP if is_app_token else _BOT}.")
    return ConnectionError(f"Slack rejects the connection: {error.code}")


class Pacer:
    """Keeps the rate limits of each channel and of the workspace.

    Args:
        limiter_store: the store of the limits, which processes may share.
        every_s: seconds between two messages of a channel.
        patience_s: how long one may wait for its channel.
        team: the workspace, once it is known.
    """

    def __init__(
        self,
        limiter_store: LimiterStore | None = None,
        *,
        every_s: float = CHANNEL_S,
        patience_s: float = 5.0,
        team: str = "",
    ) -> None:
        self._limiter_store, self._rate, self._patience_s = (
            limiter_store or LocalLimiterStore(),
            Rate(1 / every_s),
            patience_s,
        )
        self._team = team
        self._gates: dict[str, RateLimiter] = {}

    def of(self, team: str) -> None:
        """Set the workspace whose limits apply."""
        self._team = team

    async def turn(self, channel: str, *, is_due: bool = False) -> None:
        """Wait until a message may go out; raise ApiError with `after_s` if that takes too long.

        Args:
            is_due: whether it is the outbox's; then answers go first.
        """
        wait_s = await self._limiter_store.take(self._name_limit(channel), self._rate, 1, self._patience_s)
        if wait_s > self._patience_s:
            raise ApiError("paced", after_s=wait_s)
        if wait_s > 0:
            await asyncio.sleep(wait_s)
        await self._wait_for("chat.postMessage", MESSAGES, is_due=is_due)

    async def change(self) -> None:
        """Wait until the outbox may change one more message; raise ApiError like `turn`."""
        await self._wait_for("chat.update", CHANGES, is_due=True)

    async def _wait_for(self, method: str, rate: Rate, *, is_due: bool) -> None:
        gate = self._gates.setdefault(method, RateLimiter(self._limiter_store, self._name_limit(method), rate))
        try:
            await gate.turn(is_due=is_due)
        except LimiterBusy as paced:
            raise ApiError("paced", after_s=paced.after_s) from None

    def _name_limit(self, what: str) -> str:
        return f"slack {self._team} {what}"[:80]
