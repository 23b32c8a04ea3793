"""Write the answers of an MCP server for the revision 2026-07-28, and what a client makes of them.

A request is a dictionary as JSON-RPC has it: jsonrpc, id, method and params. The server keeps no state between two
requests, so all that it has to know of the client is in `params["_meta"]`. A notification has no id and no answer.
The functions take about 120 minutes.

Check it: python check.py at-mcp
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

PREFIX = "io.modelcontextprotocol/"
VERSION, CAPABILITIES, SERVER_INFO = PREFIX + "protocolVersion", PREFIX + "clientCapabilities", PREFIX + "serverInfo"
METHOD_NOT_FOUND, INVALID_PARAMS, UNSUPPORTED_VERSION = -32601, -32602, -32022
PAGE = 2
"""Tools on a page."""
CACHING = {"ttlMs": 300_000, "cacheScope": "public"}

Json = dict[str, Any]


class RpcError(Exception):
    """An error of the protocol, which becomes the `error` of the response; `data` is left out if it is empty."""

    def __init__(self, code: int, message: str, data: Json | None = None) -> None:
        super().__init__(message)
        self.code, self.message, self.data = code, message, data or {}


@dataclass(frozen=True)
class Tool:
    """A tool; `run` returns a text, or raises ValueError with a sentence for the model."""

    name: str
    description: str
    schema: Json
    run: Callable[..., str]


@dataclass(frozen=True)
class Token:
    """What the authorisation server says of an access token; `audience` is the server for which it was issued."""

    audience: str
    scopes: frozenset[str]
    expires: float


@dataclass(frozen=True)
class Server:
    """A server with its tools, its canonical address and the tokens that its authorisation server knows."""

    name: str
    tools: Mapping[str, Tool]
    versions: Sequence[str] = ("2026-07-28",)
    uri: str = "https://tools.example/mcp"
    metadata: str = "https://tools.example/.well-known/oauth-protected-resource/mcp"
    tokens: Mapping[str, Token] = field(default_factory=dict)


def check_meta(server: Server, params: Json) -> None:
    """Check the `_meta` of a request.

    Raises:
        RpcError: INVALID_PARAMS if the version or the capabilities are missing; UNSUPPORTED_VERSION if the server does
            not speak the version, with the data {"supported": [...], "requested": ...}.
    """
    meta = params.get("_meta", {})
    for key in (VERSION, CAPABILITIES):
        if key not in meta:
            raise RpcError(INVALID_PARAMS, f"_meta lacks {key}")
    if meta[VERSION] not in server.versions:
        data = {"supported": list(server.versions), "requested": meta[VERSION]}
        raise RpcError(UNSUPPORTED_VERSION, "Unsupported protocol version", data)


def discover(server: Server) -> Json:
    """Return supportedVersions, capabilities ({"tools": {}}) and the two fields of CACHING."""
    return {"supportedVersions": list(server.versions), "capabilities": {"tools": {}}, **CACHING}


def list_tools(server: Server, cursor: str | None) -> Json:
    """Return a page of tools in the order of their names: {"tools": [...], "nextCursor": ..., and CACHING}.

    A tool has name, description and inputSchema. The cursor is a string of your own; the last page has none.

    Raises:
        RpcError: INVALID_PARAMS for a cursor that the server never gave.
    """
    names = sorted(server.tools)
    starts = {f"after:{names[at - 1]}": at for at in range(PAGE, len(names), PAGE)}
    if cursor is not None and cursor not in starts:
        raise RpcError(INVALID_PARAMS, "Unknown cursor")
    start = 0 if cursor is None else starts[cursor]
    page = [server.tools[name] for name in names[start : start + PAGE]]
    tools = [{"name": tool.name, "description": tool.description, "inputSchema": tool.schema} for tool in page]
    following = next((key for key, at in starts.items() if at == start + PAGE), None)
    return {"tools": tools, **({"nextCursor": following} if following else {}), **CACHING}


def call_tool(server: Server, params: Json) -> Json:
    """Run the tool params["name"] with params["arguments"]: {"content": [{"type": "text", "text": ...}], "isError"}.

    A ValueError of the tool, or a TypeError for arguments that it doesn't take, is an error for the model: isError is
    True and the text is that of the exception.

    Raises:
        RpcError: INVALID_PARAMS for an unknown tool.
    """
    tool = server.tools.get(params.get("name", ""))
    if tool is None:
        raise RpcError(INVALID_PARAMS, f"Unknown tool: {params.get('name')}")
    try:
        text, is_error = tool.run(**params.get("arguments", {})), False
    except (TypeError, ValueError) as error:
        text, is_error = str(error), True
    return {"content": [{"type": "text", "text": text}], "isError": is_error}


def handle(server: Server, request: Json) -> Json | None:
    """Return the response to a request, with "jsonrpc", "id" and "result" or "error"; None if the request has no id.

    Methods are server/discover, tools/list and tools/call; another one is METHOD_NOT_FOUND. Each result gets
    "resultType": "complete", and SERVER_INFO ({"name": ..., "version": "1.0"}) in its `_meta`.
    """
    if "id" not in request:
        return None
    params = request.get("params", {})
    response: Json = {"jsonrpc": "2.0", "id": request["id"]}
    try:
        check_meta(server, params)
        if request["method"] == "server/discover":
            result = discover(server)
        elif request["method"] == "tools/list":
            result = list_tools(server, params.get("cursor"))
        elif request["method"] == "tools/call":
            result = call_tool(server, params)
        else:
            raise RpcError(METHOD_NOT_FOUND, f"Method not found: {request['method']}")
    except RpcError as error:
        described: Json = {"code": error.code, "message": error.message}
        return {**response, "error": {**described, **({"data": error.data} if error.data else {})}}
    meta = {SERVER_INFO: {"name": server.name, "version": "1.0"}}
    return {**response, "result": {"resultType": "complete", **result, "_meta": meta}}


def authorise(server: Server, headers: Mapping[str, str], scope: str, now: float) -> tuple[int, str]:
    """Return the HTTP status of a request that needs a scope, and the WWW-Authenticate header or "".

    401 without a bearer token, and for one that is unknown, has expired (now is at or after `expires`) or was issued
    for another server. 403 if the token lacks the scope; its header has error="insufficient_scope". 200 otherwise.
    The header of 401 and 403 begins with "Bearer" and has resource_metadata="..." and scope="...".
    """
    kind, _, value = headers.get("Authorization", "").partition(" ")
    token = server.tokens.get(value) if kind == "Bearer" else None
    challenge = f'resource_metadata="{server.metadata}", scope="{scope}"'
    if token is None or token.expires <= now or token.audience != server.uri:
        return 401, f"Bearer {challenge}"
    if scope not in token.scopes:
        return 403, f'Bearer error="insufficient_scope", {challenge}'
    return 200, ""


def pick_version(reply: Json | None, own: Sequence[str]) -> str:
    """Return the version with which a client goes on after it has sent server/discover, or "initialize".

    Args:
        reply: the response, or None if none came in time.
        own: the versions without a handshake that the client speaks, the best first.

    Raises:
        ValueError: the server is of the new kind, and the two have no version in common.
    """
    if reply and "supportedVersions" in reply.get("result", {}):
        supported = reply["result"]["supportedVersions"]
    elif reply and reply.get("error", {}).get("code") == UNSUPPORTED_VERSION:
        supported = reply["error"]["data"]["supported"]
    else:
        return "initialize"
    common = [version for version in own if version in supported]
    if not common:
        raise ValueError(f"The server speaks {', '.join(supported)} only.")
    return common[0]
