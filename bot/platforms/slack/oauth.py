"""Let workspaces install the app by OAuth, and forget those that remove it."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Iterable

from aiohttp import web
from markupsafe import Markup
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.error import BoltError
from slack_bolt.oauth.async_callback_options import AsyncCallbackOptions, AsyncFailureArgs, AsyncSuccessArgs
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore

from bot.chat.installs import Install, Installs, Sealed
from bot.chat.platform import Refused, ReportUsable
from bot.commands.context import Place
from bot.html.render import render_document
from bot.platforms.slack.client import ApiError, bolt_log, final, receive
from bot.platforms.slack.decode import Payload, StateSigner, tenant_of
from bot.platforms.slack.manifest import ALL_SCOPES, COMMAND, INSTALL_PATH, LEAVING, REDIRECT_PATH
from bot.platforms.slack.token import event_of
from bot.platforms.slack.workspace import ConnectionServices

STATE_S = 600
"""How long an installation may take from the link to the return from Slack."""
COOKIE = "__Host-trailmate-install"
"""The `__Host-` prefix makes browsers accept it from this exact host only."""
LEFT_S = 2.0
"""Time-out for checking a token; Slack waits three seconds."""

_WHY = {
    "access_denied": "You cancelled, so nothing was installed.",
    "invalid_browser": "Open the link in the same browser, and allow its cookie.",
    "invalid_state": "This link was already used, or is older than ten minutes.",
    "storage_error": "Trailmate works in a single workspace, not in a whole organization. Choose one.",
}
_AGAIN = "Slack did not confirm it."
_AWAY = "Slack is not answering just now. Reload this page in a minute."

log = logging.getLogger(__name__)


class States(AsyncOAuthStateStore):
    """OAuth states: signed, so that unused ones need no storage, and stored once used, so that none works twice.

    Args:
        secret: the same in every process.
    """

    def __init__(self, installs: Installs, secret: str) -> None:
        self._installs, self._seal = installs, StateSigner(f"state:{secret}")

    async def async_issue(self, *_: object, **__: object) -> str:
        """Return a fresh state."""
        return self._seal.close(f"{int(time.time()) + STATE_S}-{secrets.token_urlsafe(16)}")

    async def async_consume(self, state: str) -> bool:
        """Whether the state is ours, recent and unused; marks it as used."""
        try:
            until = int(self._seal.open(state).split("-")[0])
        except ValueError:
            return False
        return time.time() < until and await self._installs.once(f"slack:state:{state}")

    async def release(self, state: str) -> None:
        """Make a used state valid again."""
        await self._installs.release(f"slack:state:{state}")


class _Flow(AsyncOAuthFlow):
    """Bolt's flow, which also distinguishes a refused code from an unreachable Slack."""

    async def run_installation(self, code: str) -> Installation | None:
        """Return the installation of a code, None if Slack refuses it; raise ApiError if Slack cannot be reached."""
        asked = self.settings
        try:
            response = await receive(
                self.client.oauth_v2_access(
                    code=code,
                    client_id=asked.client_id,
                    client_secret=asked.client_secret,
                    redirect_uri=asked.redirect_uri,
                )
            )
            team, token = response.get("team") or {}, response.get("access_token")
            bot = await receive(self.client.auth_test(token=token)) if token else {}
        except ApiError as error:
            if error.is_unsure or error.after_s is not None:
                raise
            return None
        return Installation(
            user_id=(response.get("authed_user") or {}).get("id") or "",
            team_id=team.get("id"),
            team_name=team.get("name"),
            bot_token=token,
            bot_id=bot.get("bot_id"),
            bot_user_id=response.get("bot_user_id"),
            is_enterprise_install=response.get("is_enterprise_install") or False,
        )


class _Kept(AsyncInstallationStore):
    """Stores the bot's token of an installation."""

    def __init__(self, installs: Installs, report_usable: ReportUsable) -> None:
        self._installs, self._report_usable = installs, report_usable

    async def async_save(self, installation: Installation) -> None:
        """Store the token, and retry posts that wait for that workspace."""
        team, token = installation.team_id, installation.bot_token
        if installation.is_enterprise_install or not team or not token:
            raise BoltError("an installation in a whole organization")
        name, user, bot = installation.team_name or "", installation.bot_user_id or "", installation.bot_id or ""
        await self._installs.keep(Install(team, name, token, user, bot))
        log.info("Slack: installed in workspace %s", team)
        await self._report_usable(Place("slack", team, ""))


class Distribution:
    """A TokenSource of all workspaces that have installed the app.

    Args:
        public_url: this server's address, without a trailing slash.
        styles: addresses of the pages' style sheets.
    """

    def __init__(
        self, installs: Installs, client_id: str, client_secret: str, public_url: str, styles: Iterable[str] = ()
    ) -> None:
        self._installs, self._client_id, self._client_secret = installs, client_id, client_secret
        self._public_url, self._styles = public_url, tuple(styles)
        self._ground: ConnectionServices | None = None

    @property
    def absent(self) -> str:
        """How to install the app, for people in a workspace without it."""
        link = f"{self._public_url}{INSTALL_PATH}"
        return f"I'm not installed in this workspace. Ask somebody with permission to install apps to open {link}"

    async def begin(self, ground: ConnectionServices, /) -> None:
        """Check that all tokens can be decrypted; log an error if not."""
        if sealed := await self._installs.sealed():
            log.error(
                "Slack: the tokens of %d workspaces were kept with a key that TRAILMATE_SLACK_TOKEN_KEYS does not "
                "name: add that key behind the others; trailmate doctor tells more",
                len(sealed),
            )
        self._ground = ground

    async def watch(self, _ground: ConnectionServices, /) -> None:
        """Wait until cancelled: each workspace ends by itself."""
        await asyncio.Event().wait()

    def tenant(self, body: Payload, /) -> str:
        """Return the workspace whose installation a request names."""
        return tenant_of(body)

    async def find(self, tenant: str, /) -> Install | None:
        """Return a workspace's installation, None if there is none."""
        return await self._installs.find(tenant) if tenant else None

    async def leaves(self, body: Payload, ground: ConnectionServices, /) -> bool:
        """Delete a token that an event says has ended, if it no longer works.

        The event may be old or repeated, and the app reinstalled since, so the token itself is checked.
        """
        event, tenant = event_of(body), tenant_of(body)
        if event.get("type") not in LEAVING:
            return False
        try:
            install = await self.find(tenant)
        except Sealed:
            await self._installs.remove(tenant, None)
            return True
        bots = (event.get("tokens") or {}).get("bot") or ()
        if install is None or (event["type"] == "tokens_revoked" and install.bot_user not in bots):
            return True
        if not await _has_ended(ground, install.token):
            raise web.HTTPServiceUnavailable(text="The token still works. Tell me again.")
        if await self._installs.remove(tenant, install.at):
            log.info("Slack: removed from workspace %s", tenant)
        return True

    def routes(self, report_usable: ReportUsable, /) -> Iterable[web.RouteDef]:
        """Return the routes to Slack's consent page and back."""

        async def install(_request: web.Request) -> web.StreamResponse:
            # query parameters are dropped, because Bolt would copy them into Slack's address
            return await _respond(await self._make_flow(report_usable).handle_installation(AsyncBoltRequest(body="")))

        async def come_back(request: web.Request) -> web.StreamResponse:
            asked = AsyncBoltRequest(body="", query=request.query_string, headers=dict(request.headers))
            try:
                answer = await self._make_flow(report_usable).handle_callback(asked)
            except ApiError:
                await States(self._installs, self._client_secret).release(request.query.get("state", ""))
                answer = self._draw_refusal(503, _AWAY)
            return await _respond(answer)

        return web.get(INSTALL_PATH, install), web.get(REDIRECT_PATH, come_back)

    def _make_flow(self, report_usable: ReportUsable) -> AsyncOAuthFlow:
        if self._ground is None:
            raise web.HTTPServiceUnavailable(text="I'm not ready yet. Try again in a minute.")
        settings = AsyncOAuthSettings(
            client_id=self._client_id,
            client_secret=self._client_secret,
            scopes=ALL_SCOPES,
            user_scopes=(),
            redirect_uri=f"{self._public_url}{REDIRECT_PATH}",
            install_page_rendering_enabled=False,
            callback_options=AsyncCallbackOptions(success=self._confirm, failure=self._failed),
            installation_store=_Kept(self._installs, report_usable),
            installation_store_bot_only=True,
            state_store=States(self._installs, self._client_secret),
            state_cookie_name=COOKIE,
            state_expiration_seconds=STATE_S,
            logger=bolt_log,
        )
        return _Flow(client=self._ground.api("").posts, logger=bolt_log, settings=settings)

    async def _confirm(self, args: AsyncSuccessArgs) -> BoltResponse:
        where = args.installation.team_name or "your workspace"
        body = Markup(
            "<p>Trailmate is installed in {}.</p>\n<p>In the channel of your group type "
            "<code>/invite @Trailmate</code>, then <code>{} setup</code>.</p>"
        ).format(where, COMMAND)
        over = {"Set-Cookie": [args.settings.state_utils.build_set_cookie_for_deletion()]}
        return self._draw_page(200, "Installed", body, over)

    async def _failed(self, args: AsyncFailureArgs) -> BoltResponse:
        return self._draw_refusal(args.suggested_status_code, _WHY.get(args.reason, _AGAIN))

    def _draw_refusal(self, status: int, why: str) -> BoltResponse:
        body = Markup('<p>{}</p>\n<p><a href="{}">Begin again</a></p>').format(why, INSTALL_PATH)
        return self._draw_page(status, "Not installed", body, {})

    def _draw_page(self, status: int, title: str, body: Markup, headers: dict[str, list[str]]) -> BoltResponse:
        page = render_document(title, body, self._styles)
        return BoltResponse(status=status, body=page, headers={"Content-Type": ["text/html; charset=utf-8"], **headers})


async def _respond(answer: BoltResponse) -> web.Response:
    response = await to_aiohttp_response(answer)
    for cookie in response.cookies.values():
        cookie["samesite"] = "Lax"  # not Strict: the way back from Slack is a link of another site
    return response


async def _has_ended(ground: ConnectionServices, token: str) -> bool:
    """Whether Slack refuses a token for good; False if it accepts it or does not answer."""
    try:
        await asyncio.wait_for(receive(ground.api(token).posts.auth_test()), LEFT_S)
    except ApiError as error:
        return isinstance(final(error, is_app_token=False), Refused)
    except TimeoutError:
        return False
    return False
