"""A Slack small enough to read: Web API, Socket Mode and response_url, recording what it is sent."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import WSMsgType, web

TEAM, BOT = "T1", "U0BOT"
BOT_TOKEN, APP_TOKEN = "xoxb-good", "xapp-good"


class StubSlack:
    """Answers one app; `fail` makes the next calls of a method go wrong."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.responses: list[dict[str, Any]] = []
        self.users: dict[str, dict[str, Any]] = {}
        self.messages: dict[str, list[dict[str, Any]]] = {"C1": []}
        self.channels: dict[str, dict[str, Any]] = {"C1": {"id": "C1", "name": "study", "is_member": True}}
        self.scopes = "chat:write"
        self.is_enterprise = False
        self.tokens = {BOT_TOKEN: (TEAM, "Acme", BOT, "B1")}
        self.codes: dict[str, dict[str, Any]] = {}
        self.used: list[tuple[str, str]] = []
        self.delay: dict[str, float] = {}
        self.url_status = 200
        self.hooks: list[Callable[[], web.Response]] = []
        self.files: list[bytes] = []
        self.held: dict[str, bytes] = {}
        self.upload_status = 200
        self.looks: dict[str, int] = {}
        self.processing = 0
        self.sockets: list[web.WebSocketResponse] = []
        self.connected = asyncio.Event()
        self.connections = 0
        self._failures: list[tuple[str, str | Callable[[], web.Response]]] = []
        self._acks: dict[str, asyncio.Future[Any]] = {}
        self._ts = 0
        self.base = ""

    async def start(self) -> None:
        app = web.Application()
        app.router.add_route("*", "/api/{method}", self._api)
        app.router.add_get("/link", self._link)
        app.router.add_post("/upload/{file}", self._upload)
        app.router.add_get("/held/{file}", self._held)
        app.router.add_post("/hook/{name}", self._hook)
        self._runner = web.AppRunner(app, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.base = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        await self._runner.cleanup()

    @property
    def api_url(self) -> str:
        return f"{self.base}/api/"

    def url(self, name: str = "one") -> str:
        return f"{self.base}/hook/{name}"

    def fail(self, method: str, error: str | Callable[[], web.Response], times: int = 1) -> None:
        self._failures += [(method, error)] * times

    def sent(self, method: str) -> list[dict[str, Any]]:
        return [body for called, body in self.calls if called == method]

    def ts(self) -> str:
        self._ts += 1
        return f"1790000000.{self._ts:06d}"

    async def until(self, found: Callable[[], Any], seconds: float = 4.0) -> Any:
        for _ in range(int(seconds / 0.02)):
            if value := found():
                return value
            await asyncio.sleep(0.02)
        raise AssertionError("it did not come to pass")

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        body: dict[str, Any] = dict(request.query)
        if request.content_type == "application/json":
            body |= await request.json()
        else:
            body |= dict(parse_qsl((await request.read()).decode()))
        self.calls.append((method, body))
        await asyncio.sleep(self.delay.get(method, 0))
        for i, (failing, error) in enumerate(self._failures):
            if failing == method:
                del self._failures[i]
                return web.json_response({"ok": False, "error": error}) if isinstance(error, str) else error()
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        is_known = token == APP_TOKEN if method == "apps.connections.open" else token in self.tokens
        if method != "oauth.v2.access" and not is_known:
            return web.json_response({"ok": False, "error": "invalid_auth"})
        self.used.append((method, token))
        if method == "auth.test":
            team, name, user, bot = self.tokens[token]
            body |= {"team_id": team, "team": name, "user_id": user, "bot_id": bot}
            body |= {"is_enterprise_install": self.is_enterprise}
        answer = getattr(self, "_" + method.replace(".", "_"))(body)
        return web.json_response({"ok": True, **answer}, headers={"x-oauth-scopes": self.scopes})

    def _auth_test(self, body: dict[str, Any]) -> dict[str, Any]:
        return body

    def _oauth_v2_access(self, body: dict[str, Any]) -> dict[str, Any]:
        given = self.codes.pop(body["code"], None)
        return given or {"ok": False, "error": "invalid_code"}

    def _apps_connections_open(self, body: dict[str, Any]) -> dict[str, Any]:
        return {"url": f"{self.base.replace('http', 'ws')}/link"}

    def _users_info(self, body: dict[str, Any]) -> dict[str, Any]:
        return {"user": self.users.get(body["user"], {"id": body["user"], "name": "someone"})}

    def _views_open(self, body: dict[str, Any]) -> dict[str, Any]:
        return {"view": {"id": "V1"}}

    def _views_update(self, body: dict[str, Any]) -> dict[str, Any]:
        return {"view": {"id": body["view_id"]}}

    def _views_push(self, body: dict[str, Any]) -> dict[str, Any]:
        return {"view": {"id": "V3"}}

    def _views_publish(self, body: dict[str, Any]) -> dict[str, Any]:
        return {"view": {"id": "V2", "type": "home"}}

    def _chat_postMessage(self, body: dict[str, Any]) -> dict[str, Any]:
        message = {**body, "ts": self.ts()}
        self.messages.setdefault(body["channel"], []).append(message)
        return {"ts": message["ts"], "channel": body["channel"]}

    def _chat_postEphemeral(self, body: dict[str, Any]) -> dict[str, Any]:
        return {"message_ts": self.ts()}

    def _chat_update(self, body: dict[str, Any]) -> dict[str, Any]:
        return {"ts": body["ts"]}

    def _chat_delete(self, body: dict[str, Any]) -> dict[str, Any]:
        return {"ts": body["ts"]}

    def _conversations_open(self, body: dict[str, Any]) -> dict[str, Any]:
        return {"channel": {"id": "D" + body["users"]}}

    def _conversations_join(self, body: dict[str, Any]) -> dict[str, Any]:
        return {"channel": {"id": body["channel"]}}

    def _conversations_info(self, body: dict[str, Any]) -> dict[str, Any]:
        return {"channel": self.channels[body["channel"]]}

    def _conversations_members(self, body: dict[str, Any]) -> dict[str, Any]:
        return {"members": ["U1"]}

    def _conversations_history(self, body: dict[str, Any]) -> dict[str, Any]:
        newest = list(reversed(self.messages.get(body["channel"], [])))
        start, limit = int(body.get("cursor", 0)), int(body["limit"])
        following = str(start + limit) if start + limit < len(newest) else ""
        return {"messages": newest[start : start + limit], "response_metadata": {"next_cursor": following}}

    def _conversations_replies(self, body: dict[str, Any]) -> dict[str, Any]:
        root = str(body["ts"])
        found = [m for m in self.messages[body["channel"]] if m.get("thread_ts") == root or m.get("ts") == root]
        return {"messages": found}

    def _files_getUploadURLExternal(self, body: dict[str, Any]) -> dict[str, Any]:
        return {"upload_url": f"{self.base}/upload/F{len(self.files)}", "file_id": f"F{len(self.files)}"}

    def _files_info(self, body: dict[str, Any]) -> dict[str, Any]:
        self.looks[body["file"]] = self.looks.get(body["file"], 0) + 1
        is_processed = self.looks[body["file"]] > self.processing
        return {"file": {"id": body["file"], "mimetype": "image/png" if is_processed else ""}}

    def _files_completeUploadExternal(self, body: dict[str, Any]) -> dict[str, Any]:
        return {"files": []}

    async def _held(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {BOT_TOKEN}":
            return web.Response(status=403)
        return web.Response(body=self.held[request.match_info["file"]])

    async def _upload(self, request: web.Request) -> web.Response:
        self.files.append(await request.read())
        return web.Response(status=self.upload_status)

    async def _hook(self, request: web.Request) -> web.Response:
        self.responses.append(await request.json())
        if self.hooks:
            return self.hooks.pop(0)()
        return web.Response(text="ok", status=self.url_status)

    async def _link(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.sockets.append(socket)
        self.connections += 1
        await socket.send_json({"type": "hello", "num_connections": 1, "connection_info": {"app_id": "A1"}})
        self.connected.set()
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                data = json.loads(message.data)
                if (waiting := self._acks.pop(data.get("envelope_id"), None)) and not waiting.done():
                    waiting.set_result(data.get("payload"))
        self.sockets.remove(socket)
        return socket

    async def envelope(self, kind: str, payload: dict[str, Any], seconds: float = 3.0) -> Any:
        """Send one envelope and return what the app acknowledges it with."""
        await self.connected.wait()
        name = self.ts()
        self._acks[name] = waiting = asyncio.get_running_loop().create_future()
        await self.sockets[-1].send_json({"type": kind, "envelope_id": name, "payload": payload})
        return await asyncio.wait_for(waiting, seconds)
