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
    raise NotImplementedError("both keys have to be there, and the version has to be one of the server's")


def discover(server: Server) -> Json:
    """Return supportedVersions, capabilities ({"tools": {}}) and the two fields of CACHING."""
    raise NotImplementedError("versions, capabilities and CACHING")


def list_tools(server: Server, cursor: str | None) -> Json:
    """Return a page of tools in the order of their names: {"tools": [...], "nextCursor": ..., and CACHING}.

    A tool has name, description and inputSchema. The cursor is a string of your own; the last page has none.

    Raises:
        RpcError: INVALID_PARAMS for a cursor that the server never gave.
    """
    raise NotImplementedError("sort, cut a page, give a cursor unless it is the last")


def call_tool(server: Server, params: Json) -> Json:
    """Run the tool params["name"] with params["arguments"]: {"content": [{"type": "text", "text": ...}], "isError"}.

    A ValueError of the tool, or a TypeError for arguments that it doesn't take, is an error for the model: isError is
    True and the text is that of the exception.

    Raises:
        RpcError: INVALID_PARAMS for an unknown tool.
    """
    raise NotImplementedError("unknown tool, ValueError, text")


def handle(server: Server, request: Json) -> Json | None:
    """Return the response to a request, with "jsonrpc", "id" and "result" or "error"; None if the request has no id.

    Methods are server/discover, tools/list and tools/call; another one is METHOD_NOT_FOUND. Each result gets
    "resultType": "complete", and SERVER_INFO ({"name": ..., "version": "1.0"}) in its `_meta`.
    """
    raise NotImplementedError("check _meta, choose by method, wrap result or error")


def authorise(server: Server, headers: Mapping[str, str], scope: str, now: float) -> tuple[int, str]:
    """Return the HTTP status of a request that needs a scope, and the WWW-Authenticate header or "".

    401 without a bearer token, and for one that is unknown, has expired (now is at or after `expires`) or was issued
    for another server. 403 if the token lacks the scope; its header has error="insufficient_scope". 200 otherwise.
    The header of 401 and 403 begins with "Bearer" and has resource_metadata="..." and scope="...".
    """
    raise NotImplementedError("token, expiry, audience, then scope")


def pick_version(reply: Json | None, own: Sequence[str]) -> str:
    """Return the version with which a client goes on after it has sent server/discover, or "initialize".

    Args:
        reply: the response, or None if none came in time.
        own: the versions without a handshake that the client speaks, the best first.

    Raises:
        ValueError: the server is of the new kind, and the two have no version in common.
    """
    raise NotImplementedError("three kinds of replies")
