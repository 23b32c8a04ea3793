"""The Web API: two clients, and what its many ways to fail mean."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Mapping
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.base.rate_limiter import LimiterBusy, LimiterStore, LocalLimiterStore, Rate, RateLimiter
from bot.chat.platform import DeliveryUnknown, Gone, Later, PersonGone, Refused, ThreadGone

REQUEST_S, ANSWER_S = 15.0, 4.0
"""How long a request may take, and one for which somebody waits."""
CHANNEL_S = 1.05
MESSAGES, CHANGES = Rate(4.9, 3), Rate(0.8, 10)
"""A message a second for each channel, several hundred a minute for each workspace, 50 changes of messages a minute.

Three hundred in any minute, with the few that go out at once.

Source: https://docs.slack.dev/apis/web-api/rate-limits and the tier of chat.update, November 2026.
"""
UNHEARD_S = 5.0
"""How long to wait before trying again what never reached Slack."""

sdk_log = logging.getLogger("bot.platforms.slack.sdk")
"""The SDK's log; above DEBUG, where it would print what members wrote."""
bolt_log = logging.getLogger("bot.platforms.slack.bolt")
"""Bolt's log, of errors alone: its warnings quote what arrived."""

_WAITS = {"ratelimited", "rate_limited", "message_limit_exceeded", "team_added_to_org"}
SPENT = "used_url"
"""The code of a response_url that takes nothing any more."""
_NONSENSE = "nonsense"
_HICCUPS = {"internal_error", "fatal_error", "request_timeout", "service_unavailable"}

INVITE = "Type /invite @Trailmate there, or choose another channel."
REINSTALL = (
    "Install the app again: at my address under /slack/install, or under OAuth & Permissions at api.slack.com/apps, "
    "and then start me with the new token."
)
GONE = {
    "channel_not_found": f"I cannot see the channel: it is gone, or private and without me. {INVITE}",
    "not_in_channel": f"I am not in the channel. {INVITE}",
    "is_archived": "The channel is archived. Unarchive it, or choose another channel.",
    "restricted_action": "Slack does not let me post in the channel. Allow apps under its posting permissions.",
    "restricted_action_read_only_channel": "The channel is read-only. Allow apps under its posting permissions.",
    "restricted_action_thread_only_channel": "The channel takes replies only. Allow apps to post, or choose another.",
    "method_not_supported_for_channel_type": "Slack does not let me post in a room of this kind. Choose a channel.",
    "user_not_found": "Slack knows no such person here. They can write to me to be found again.",
    "user_disabled": "The account is deactivated. Reactivate it, or let the member leave.",
    "user_not_visible": "Slack does not show me this person. They can write to me to be found again.",
    "cannot_dm_bot": "A bot takes no direct messages. Let it leave the cohort.",
    "messages_tab_disabled": "Direct messages are off. Switch on the Messages tab under App Home of the app.",
    "not_allowed_token_type": f"Slack refuses the kind of my token. {REINSTALL}",
    "token_revoked": f"My token was revoked. {REINSTALL}",
    "token_expired": f"My token has expired. {REINSTALL}",
    "invalid_auth": f"Slack refuses my token. {REINSTALL}",
    "not_authed": f"Slack refuses my token. {REINSTALL}",
    "account_inactive": f"The app was removed from the workspace. {REINSTALL}",
    "missing_scope": f"A permission is missing. {REINSTALL} `trailmate manifest slack` prints all that I need.",
    "no_permission": f"A permission is missing. {REINSTALL} `trailmate manifest slack` prints all that I need.",
    "team_access_not_granted": "The app is not approved for this workspace. Ask an administrator to approve it.",
    "ekm_access_denied": "An administrator has suspended posting. Ask them to allow it again.",
}
"""Errors that last until somebody mends them, each with the mend.

Source: https://docs.slack.dev/reference/methods/chat.postMessage, November 2026.
"""
THREAD_GONE = {
    "thread_not_found": "The message that the thread hangs on is gone.",
    "message_not_found": "The message that the thread hangs on is gone.",
    "cannot_reply_to_message": "The message that the thread hangs on takes no replies.",
    "restricted_action_thread_locked": "The thread is locked. An administrator can unlock it.",
    "restricted_action_non_threadable_channel": "The channel has no threads. Allow them there.",
}
"""Errors of a thread that say nothing about its channel. Source: as above."""

LEFT = {"user_not_found", "user_disabled"}
"""Those of them that mean that a person is no longer in the workspace."""

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
    """Keep what members wrote, and codes and tokens, out of the log."""
    sdk_log.setLevel(logging.WARNING)
    bolt_log.setLevel(logging.ERROR)


class ApiError(Exception):
    """Slack said no: its code, how long to wait if it asks to, and whether the request may have been carried out."""

    def __init__(self, code: str, *, after_s: float | None = None, is_unsure: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.after_s = after_s
        self.is_unsure = is_unsure


class SlackApi:
    """The clients of one connection.

    `posts` never sends a request twice by itself; `reads` waits once where Slack asks to.
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
        answer = await _heard(hook.send_dict(body), ANSWER_S)
        if answer.status_code in {404, 410}:
            raise ApiError(SPENT)
        if answer.status_code != 200:
            raise _failed(answer.status_code, f"HTTP {answer.status_code}", answer.headers)
        if (code := _taken(answer.body)) is not None:
            raise ApiError(code, is_unsure=code == _NONSENSE)


class SlackResponse(dict[str, Any]):
    """What Slack has said; where a part is missing nobody knows what was done, which is a fault of Slack's."""

    def __missing__(self, key: str) -> Any:
        raise ApiError(f"an answer without {key}", is_unsure=True)

    def part(self, key: str) -> SlackResponse:
        """Return a person or channel, which has an id: one that says nothing would pass for one without limits."""
        found = self[key]
        if not isinstance(found, dict) or not found.get("id"):
            self.__missing__(key)
        return SlackResponse(found)


async def settle(request: Awaitable[Any], within_s: float = REQUEST_S) -> SlackResponse:
    """Return the data of a Web API call; every failure becomes an ApiError."""
    return SlackResponse((await _heard(request, within_s)).data)


async def _heard(request: Awaitable[Any], within_s: float) -> Any:
    try:
        async with asyncio.timeout(within_s):
            return await request
    except SlackApiError as error:
        raise _read(error) from None
    except aiohttp.ClientConnectorError:
        raise ApiError("unreachable", after_s=UNHEARD_S) from None
    except (aiohttp.ClientError, OSError, TimeoutError, SlackRequestError, ValueError) as error:
        raise ApiError(type(error).__name__, is_unsure=True) from None
    except AttributeError:  # the SDK asks whatever came whether it is "ok"
        raise ApiError(_NONSENSE, is_unsure=True) from None


def _taken(body: str) -> str | None:
    """Return why a response_url has not taken what it answers 200 to; None if it has."""
    if body.strip().lower() in {"", "ok"}:
        return None
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return _NONSENSE
    if not isinstance(said, dict):
        return _NONSENSE
    return None if said.get("ok") else str(said.get("error") or _NONSENSE)


def _read(error: SlackApiError) -> ApiError:
    response = error.response
    status = int(getattr(response, "status_code", 0) or getattr(response, "status", 0))
    data = getattr(response, "data", None)
    code = str(data.get("error") or "") if isinstance(data, dict) else ""
    return _failed(status, code, getattr(response, "headers", None) or {})


def _failed(status: int, code: str, headers: Mapping[str, Any]) -> ApiError:
    if status == 429 or code in _WAITS:
        asked = str({str(k).lower(): v for k, v in headers.items()}.get("retry-after", ""))
        return ApiError("ratelimited", after_s=float(asked) if asked.isdigit() else 30.0)
    if status >= 500 or code in _HICCUPS or not code:
        return ApiError(code or f"HTTP {status}", is_unsure=True)
    return ApiError(code)


def undeliverable(error: ApiError) -> Exception:
    """Return what a failed post is to the relay: Later, Unsure, Gone, ThreadGone, or a fault of ours."""
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
    """Return what a failed start is: Refused where only a person can mend it, else a reason to try again."""
    if error.code in _TOKENS or (is_app_token and error.code in {"missing_scope", "no_permission"}):
        return Refused(f"Slack refuses the token ({error.code}): {_APP if is_app_token else _BOT}.")
    return ConnectionError(f"Slack does not let me in: {error.code}")


class Pacer:
    """Keeps a little over a second between two messages in one channel, and the workspace's pace.

    Args:
        paces: where both are kept, perhaps with other processes.
        every_s: seconds between two messages of a channel.
        patience_s: how long one may wait for its channel.
        team: the workspace, once it is known.
    """

    def __init__(
        self, paces: LimiterStore | None = None, *, every_s: float = CHANNEL_S, patience_s: float = 5.0, team: str = ""
    ) -> None:
        self._paces, self._rate, self._patience_s = paces or LocalLimiterStore(), Rate(1 / every_s), patience_s
        self._team = team
        self._gates: dict[str, RateLimiter] = {}

    def of(self, team: str) -> None:
        """Take the pace of a workspace."""
        self._team = team

    async def turn(self, channel: str, *, is_due: bool = False) -> None:
        """Wait for a message's turn; ApiError with `after_s` if that is far away.

        Args:
            is_due: whether nobody waits for it at this moment; it lets answers go first.
        """
        wait_s = await self._paces.take(self._named(channel), self._rate, 1, self._patience_s)
        if wait_s > self._patience_s:
            raise ApiError("paced", after_s=wait_s)
        if wait_s > 0:
            await asyncio.sleep(wait_s)
        await self._pass("chat.postMessage", MESSAGES, is_due=is_due)

    async def change(self) -> None:
        """Wait until the outbox may change one more message; ApiError as above."""
        await self._pass("chat.update", CHANGES, is_due=True)

    async def _pass(self, method: str, rate: Rate, *, is_due: bool) -> None:
        gate = self._gates.setdefault(method, RateLimiter(self._paces, self._named(method), rate))
        try:
            await gate.turn(is_due=is_due)
        except LimiterBusy as paced:
            raise ApiError("paced", after_s=paced.after_s) from None

    def _named(self, what: str) -> str:
        return f"slack {self._team} {what}"[:80]
