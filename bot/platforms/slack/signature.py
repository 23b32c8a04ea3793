"""What Slack has signed: a request's body, read only as far as it may be, and believed only if the signature holds."""

from __future__ import annotations

import asyncio

from aiohttp import web
from slack_sdk.signature import SignatureVerifier

BODY = 1_000_000
"""Bytes of a request: a form of ours, in letters that each become eight when they are sent, takes a third of that."""
READ_S = 3.0
"""How long a body may take to arrive; Slack itself waits no longer for the answer."""
DIGITS = 12
"""Of a timestamp in seconds since 1970."""
TIMESTAMP, SIGNATURE = "X-Slack-Request-Timestamp", "X-Slack-Signature"


class Signed:
    """Reads requests of an app.

    Args:
        secret: the app's signing secret.
    """

    def __init__(self, secret: str) -> None:
        self._verifier = SignatureVerifier(secret)

    async def read(self, request: web.Request) -> str:
        """Return the body; raises an HTTPException for what is not Slack's, or too old by five minutes."""
        timestamp, signature = request.headers.get(TIMESTAMP, ""), request.headers.get(SIGNATURE, "")
        if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= DIGITS and signature.isascii()):
            raise web.HTTPUnauthorized(text="This address takes requests that Slack has signed.")
        body = await _read(request)
        try:
            is_signed = self._verifier.is_valid(body, timestamp, signature)
        except ValueError:  # what is not UTF-8 has no signature
            is_signed = False
        if not is_signed:
            raise web.HTTPUnauthorized(text="The signature does not fit: check SLACK_SIGNING_SECRET and the clock.")
        return body.decode()


async def _read(request: web.Request) -> bytes:
    if (request.content_length or 0) > BODY:
        raise _too_large(request.content_length or 0)
    body = b""
    try:
        async with asyncio.timeout(READ_S):
            async for part in request.content.iter_chunked(65_536):
                body += part
                if len(body) > BODY:
                    raise _too_large(len(body))
    except TimeoutError:
        raise web.HTTPRequestTimeout(text="The request did not arrive in time.") from None
    return body


def _too_large(size: int) -> web.HTTPRequestEntityTooLarge:
    return web.HTTPRequestEntityTooLarge(BODY, size)
