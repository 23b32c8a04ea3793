"""Check a channel or the workspace, and say how to fix what is wrong."""

from __future__ import annotations

from typing import Any

from bot.chat.platform import Finding, Findings
from bot.commands.context import Place
from bot.platforms.slack.client import GONE, ApiError, SlackApi, settle
from bot.platforms.slack.manifest import PICTURE_SCOPES, PRIVATE_SCOPES, SCOPES

CHANNEL = ("chat:write", "channels:history", "channels:join", "channels:read")
DIRECT = ("chat:write", "im:write")
_WHY = {**SCOPES, **PRIVATE_SCOPES}
_MANIFEST = "Paste `trailmate manifest slack` under App Manifest at api.slack.com/apps, then install the app again."


async def inspect(api: SlackApi, place: Place, bot_user: str) -> Findings:
    """Check a channel, or the workspace if the place has no room."""
    try:
        held = await _fetch_scopes(api)
    except ApiError as error:
        return (Finding(False, f"Slack: {error.code}", GONE.get(error.code, "Try again in a minute.")),)
    if not place.room:
        bare = [
            Finding(True, f"without {picture_scope} I tell figures and files in words")
            for picture_scope in PICTURE_SCOPES
            if picture_scope not in held
        ]
        return (_check_scopes(held, tuple(SCOPES), "the app's permissions"), *bare)
    if place.is_direct:
        return (_check_scopes(held, DIRECT, "the permissions for direct messages"), await _check_person(api, place))
    return (
        _check_scopes(held, CHANNEL, "the permissions for channels"),
        *await _check_channel(api, place, bot_user, held),
    )


async def join(api: SlackApi, place: Place, bot_user: str) -> None:
    """Join a channel that is public and not archived; raises ApiError."""
    channel = (await settle(api.reads.conversations_info(channel=place.room))).part("channel")
    if channel.get("is_private") or channel.get("is_archived") or await _is_member(api, channel, bot_user):
        return
    await settle(api.posts.conversations_join(channel=place.room))


async def _fetch_scopes(api: SlackApi) -> set[str]:
    held: set[str] = set()

    async def test() -> Any:
        response = await api.reads.auth_test()
        headers = {str(k).lower(): str(v) for k, v in response.headers.items()}
        held.update(filter(None, (scope.strip() for scope in headers.get("x-oauth-scopes", "").split(","))))
        return response

    await settle(test())
    return held


def _check_scopes(held: set[str], needed: tuple[str, ...], what: str) -> Finding:
    missing = [f"{scope} (to {_WHY[scope]})" for scope in needed if scope not in held]
    if not missing:
        return Finding(True, f"{what} are complete")
    return Finding(False, f"{what} lack {', '.join(missing)}", _MANIFEST)


async def _check_person(api: SlackApi, place: Place) -> Finding:
    try:
        await settle(api.posts.conversations_open(users=place.reader))
    except ApiError as error:
        return Finding(False, f"direct messages to this person: {error.code}", GONE.get(error.code, ""))
    return Finding(True, "direct messages reach this person")


async def _check_channel(api: SlackApi, place: Place, bot_user: str, held: set[str]) -> list[Finding]:
    try:
        channel = (await settle(api.reads.conversations_info(channel=place.room))).part("channel")
        is_member = await _is_member(api, channel, bot_user)
    except ApiError as error:
        return [Finding(False, f"the channel: {error.code}", GONE.get(error.code, "Try again in a minute."))]
    called = f"#{channel.get('name') or place.room}"
    findings = []
    if channel.get("is_private"):
        findings.append(_check_scopes(held, tuple(PRIVATE_SCOPES), "the permissions for private channels"))
    if channel.get("is_archived"):
        findings.append(Finding(False, f"{called} is archived", GONE["is_archived"]))
    elif not is_member:
        findings.append(Finding(False, f"I am not in {called}", f"Type /invite @Trailmate in {called}."))
    else:
        findings.append(Finding(True, f"I am in {called} and may post there"))
    if channel.get("is_read_only"):
        findings.append(Finding(False, f"{called} is read-only", GONE["restricted_action_read_only_channel"]))
    return findings


async def _is_member(api: SlackApi, channel: dict[str, Any], bot_user: str) -> bool:
    if "is_member" in channel:
        return bool(channel["is_member"])
    members = await settle(api.reads.conversations_members(channel=channel["id"], limit=1000))
    return bot_user in members["members"]
