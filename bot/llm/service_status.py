"""The status of the chat model's service: the lasting errors of the last requests.

Stored in a file of the data directory, because the command line is another process than the bot. The status belongs to
one key, model and URL; with other settings it starts empty.
"""

from __future__ import annotations

import hashlib
import json
import re
import socket
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

PATIENCE = 3
"""Failures in a row before a transient error is reported, if the service has answered before."""


class Nonsense(ValueError):
    """A service responded with success, but not with a chat model's reply."""


@dataclass(frozen=True)
class ServiceTrouble:
    """A kind of error.

    Args:
        what: as a phrase after "Answers:", without a full stop.
        fix: how the operator can fix it, in sentences.
        passes: whether it may be transient, so that one occurrence isn't reported.
    """

    what: str
    fix: str
    passes: bool = False


TROUBLES: Mapping[str, ServiceTrouble] = {
    "key": ServiceTrouble(
        "the chat model's service refuses the key",
        "Set a valid key in OPENAI_API_KEY and start again.",
    ),
    "money": ServiceTrouble(
        "the chat model's account has no money or quota left",
        "Add money or raise the account's limit. I'll retry automatically. A new key doesn't help.",
    ),
    "region": ServiceTrouble(
        "the chat model's service doesn't serve this machine's country",
        "Set another service in OPENAI_BASE_URL, or run the bot elsewhere. The key may be fine.",
    ),
    "model": ServiceTrouble(
        "the chat model's service knows no such model or address",
        "Set a model of the service in TRAILMATE_CHAT_MODEL, check OPENAI_BASE_URL, and start again.",
    ),
    "redirect": ServiceTrouble(
        "the chat model's service answers with a redirect",
        "I don't follow redirects, because they would send questions to another address. If you trust the new address, "
        "set it in OPENAI_BASE_URL and start again.",
    ),
    "page": ServiceTrouble(
        "a web page answers where the chat model's service should be",
        "OPENAI_BASE_URL is probably wrong. It must name the API and often ends in /v1. A proxy or firewall on "
        "the way may have answered.",
    ),
    "nonsense": ServiceTrouble(
        "the address doesn't answer like a chat model's service",
        "Check OPENAI_BASE_URL. It must name an OpenAI-compatible API for chat completions, and often ends in /v1.",
        passes=True,
    ),
    "request": ServiceTrouble(
        "the chat model's service rejects the request",
        "TRAILMATE_CHAT_MODEL must be a model for chat completions. Check OPENAI_BASE_URL too.",
        passes=True,
    ),
    "often": ServiceTrouble(
        "the chat model's service has rate-limited the bot",
        "This usually passes. If not, raise the account's limit, or lower TRAILMATE_TOKENS_PER_DAY.",
        passes=True,
    ),
    "down": ServiceTrouble(
        "the chat model's service has failed several times in a row",
        "Check its status page, or its log if you run it. I'll retry automatically.",
        passes=True,
    ),
    "slow": ServiceTrouble(
        "the chat model's service has timed out several times in a row",
        "Check its status page or its load, or set a faster model in TRAILMATE_CHAT_MODEL.",
        passes=True,
    ),
    "unreached": ServiceTrouble(
        "I can't connect to the chat model's service",
        "Check that it runs. Check OPENAI_BASE_URL, and this machine's firewall and proxy.",
        passes=True,
    ),
    "name": ServiceTrouble(
        "I can't resolve the name of the chat model's service",
        "Check OPENAI_BASE_URL and this machine's DNS.",
        passes=True,
    ),
    "certificate": ServiceTrouble(
        "the chat model's service has an invalid certificate",
        "Check this machine's date. Renew the certificate, or trust its authority here. A proxy that "
        "inspects TLS has its own certificate.",
    ),
    "plain": ServiceTrouble(
        "the chat model's service doesn't use TLS",
        "Check OPENAI_BASE_URL. Without TLS the address starts with http:// and has its own port.",
    ),
}
"""All kinds of errors, in the words of `doctor` and `/healthz`."""

_BY_CODE = {
    "insufficient_quota": "money",
    "billing_not_active": "money",
    "billing_hard_limit_reached": "money",
    "unsupported_country_region_territory": "region",
    "model_not_found": "model",
    "invalid_api_key": "key",
}
"""Error codes in a response that are more specific than the status."""
_BY_STATUS = {401: "key", 402: "money", 403: "key", 404: "model", 405: "model", 408: "slow", 429: "often", 504: "slow"}
_HOST = re.compile(r"[\w.:-]{1,100}")
_PAGES = frozenset({200, 401, 403, 404, 405})
"""Statuses with which an HTML page means that another server answered; with other statuses, a failing service may."""


def met(error: BaseException) -> str:
    """Return the kind of an error; "" if it says nothing about the service."""
    status = getattr(error, "status_code", None)
    if isinstance(status, int):
        return _classify_status(status, error)
    causes = list(_walk_causes(error))
    for kind, name in (
        (ssl.SSLCertVerificationError, "certificate"),
        (ssl.SSLError, "plain"),
        (socket.gaierror, "name"),
        (TimeoutError, "slow"),
        (Nonsense, "nonsense"),
    ):
        if any(isinstance(cause, kind) for cause in causes):
            return "page" if kind is Nonsense and "html" in str(error) else name
    named = {kind.__name__ for cause in causes for kind in type(cause).__mro__}  # the SDK's, which is imported late
    return "slow" if "APITimeoutError" in named else "unreached" if "APIConnectionError" in named else ""


def describe_redirect(error: BaseException) -> str:
    """Return the status and target origin of a redirect, without path or password; "" for other errors."""
    response = getattr(error, "response", None)
    if response is None or not response.has_redirect_location:
        return ""
    try:
        target = urlsplit(urljoin(str(response.url), response.headers["location"]))
        host, port = target.hostname or "", f":{target.port}" if target.port else ""
    except ValueError:
        host = port = ""
    named = f" to {target.scheme}://{host}{port}" if _HOST.fullmatch(host) else ""
    return f"status {response.status_code}{named}"


def _classify_status(status: int, error: BaseException) -> str:
    codes = {str(getattr(error, name, None)) for name in ("code", "type")}
    for code, name in _BY_CODE.items():
        if code in codes:
            return name
    if 300 <= status < 400:
        return "redirect"
    headers = getattr(getattr(error, "response", None), "headers", {})
    if status in _PAGES and "html" in headers.get("content-type", ""):
        return "page"
    return _BY_STATUS.get(status, "down" if status >= 500 else "request")


def _walk_causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


class ServiceStatus:
    """The status of a service after the last requests.

    Args:
        file: the file for other processes; None keeps the status in memory.
        of: key, model and URL of the service.
    """

    NAME = "chat-model.json"

    def __init__(self, file: Path | None = None, *of: str | None) -> None:
        self._file = file
        self._of = hashlib.sha256("\n".join(part or "" for part in of).encode()).hexdigest()[:12]
        self._met, self._answer = self._read()
        self._patience = 1  # a service that has not answered yet is probably set up wrongly

    @property
    def problem(self) -> tuple[str, str] | None:
        """The problem as a phrase and its fix in sentences; None if there is none."""
        trouble = TROUBLES.get(self._met)
        if trouble is None:
            return None
        answer = f" ({self._answer})" if self._answer else ""
        return f"{trouble.what}{answer}, so I answer only from the notes", trouble.fix

    @property
    def fixes(self) -> tuple[str, ...]:
        """The problem and its fix, in sentences."""
        return (
            (f"{self.problem[0][:1].upper()}{self.problem[0][1:]}. {self.problem[1]}",)
            if self.problem is not None
            else ()
        )

    def note(self, met: str | None, answer: str = "") -> None:
        """Record a request: its kind of error, or None for success, and details of the service's response."""
        if met is None:
            self._patience = PATIENCE
            self._keep("")
        elif (trouble := TROUBLES.get(met)) is not None:
            self._patience -= 1
            if not trouble.passes or self._patience <= 0:
                self._keep(met, answer)

    def _keep(self, met: str, answer: str = "") -> None:
        if (met, answer) == (self._met, self._answer):
            return
        self._met, self._answer = met, answer
        if self._file is not None:
            try:
                self._file.write_text(json.dumps({"of": self._of, "met": met, "answer": answer}), encoding="utf-8")
            except OSError:
                return  # the bot itself knows it all the same

    def _read(self) -> tuple[str, str]:
        try:
            stored = json.loads(self._file.read_text(encoding="utf-8")) if self._file is not None else {}
        except (OSError, ValueError):
            return "", ""
        is_ours = isinstance(stored, dict) and stored.get("of") == self._of
        return (str(stored.get("met", "")), str(stored.get("answer", ""))) if is_ours else ("", "")
