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
        "Put a key that it takes into OPENAI_API_KEY and start again.",
    ),
    "money": ServiceTrouble(
        "the chat model's service says that the account's money or quota is used up",
        "Pay in or raise the account's limit with the service; I ask again by myself. A new key does not help.",
    ),
    "region": ServiceTrouble(
        "the chat model's service does not serve the country that this machine is in",
        "Name one that does in OPENAI_BASE_URL, or run the bot elsewhere. The key may be good.",
    ),
    "model": ServiceTrouble(
        "the chat model's service knows no such model or address",
        "Put a model that it has into TRAILMATE_CHAT_MODEL, look at OPENAI_BASE_URL, and start again.",
    ),
    "redirect": ServiceTrouble(
        "the chat model's service answers with a redirect",
        "I follow no redirect, because it would take the questions to another address. If you trust the new address, "
        "put it into OPENAI_BASE_URL and start again.",
    ),
    "page": ServiceTrouble(
        "a web page answers where the chat model's service should be",
        "OPENAI_BASE_URL is probably wrong: it has to name the API, often by /v1 at its end. A proxy or firewall on "
        "the way can have answered.",
    ),
    "nonsense": ServiceTrouble(
        "what answers is no chat model's service, or a broken one",
        "Look at OPENAI_BASE_URL: it has to name an API for chat completions as OpenAI has, often by /v1 at its end.",
        passes=True,
    ),
    "request": ServiceTrouble(
        "the chat model's service does not take what it is asked",
        "TRAILMATE_CHAT_MODEL has to be a model for chat completions; look at OPENAI_BASE_URL too.",
        passes=True,
    ),
    "often": ServiceTrouble(
        "the chat model's service says that it is asked too often",
        "It passes by itself. If it does not, raise the account's limit, or lower TRAILMATE_TOKENS_PER_DAY.",
        passes=True,
    ),
    "down": ServiceTrouble(
        "the chat model's service has failed at each of the last tries",
        "Look at its status page, or at its log if you run it. I ask it again by myself.",
        passes=True,
    ),
    "slow": ServiceTrouble(
        "the chat model's service did not answer in time at the last tries",
        "Look at its status page or its load, or put a faster model into TRAILMATE_CHAT_MODEL.",
        passes=True,
    ),
    "unreached": ServiceTrouble(
        "the chat model's service cannot be connected to",
        "Look whether it runs, and at OPENAI_BASE_URL, firewall and proxy of this machine.",
        passes=True,
    ),
    "name": ServiceTrouble(
        "the name of the chat model's service is not found",
        "Look at OPENAI_BASE_URL, and at the DNS of this machine.",
        passes=True,
    ),
    "certificate": ServiceTrouble(
        "the certificate of the chat model's service does not hold",
        "Look at this machine's date, and have the certificate renewed or its authority trusted here; a proxy that "
        "opens connections has one of its own.",
    ),
    "plain": ServiceTrouble(
        "the address of the chat model's service speaks no TLS",
        "Look at OPENAI_BASE_URL: a server without TLS is written http://, and has a port of its own.",
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
        return f"{trouble.what}{answer}, so the notes answer alone", trouble.fix

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
