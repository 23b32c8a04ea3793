"""Two models behind one method: a stand-in that needs no network, and any OpenAI-compatible address."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.request import Request, urlopen

TIMEOUT_S = 30.0
SILENT = "The text does not say."
COMMON = frozenset(
    re.findall(
        r"\w+",
        "a an and are as at be by can did do does for from how i in is it its may my of on or the to was what when "
        "where which who will with you your",
    )
)


class ModelError(Exception):
    """A model could not answer; the message is one sentence for whoever asked."""


def words(text: str) -> set[str]:
    """Return the words of a text that carry meaning, in lower case and without a final s."""
    return {word.removesuffix("s") for word in re.findall(r"\w+", text.lower()) if word not in COMMON}


def sentences(text: str) -> list[str]:
    """Return the sentences of a text; a new line ends one as well."""
    return [one.strip() for one in re.split(r"(?<=[.!?])\s+|\n+", text) if one.strip()]


class StandIn:
    """Answers with the sentence that shares most words with the question, and knows nothing but the prompt."""

    def answer(self, prompt: str) -> str:
        """Answer the question behind the last `Question:` from the text that stands before it."""
        text, _, question = prompt.rpartition("Question:")
        asked = words(question)
        best = max(sentences(text), key=lambda one: len(words(one) & asked), default="")
        return best if words(best) & asked else SILENT


class RemoteModel:
    """A model behind an OpenAI-compatible address such as `http://localhost:8080/v1`."""

    def __init__(self, url: str, name: str, key: str = "", timeout_s: float = TIMEOUT_S) -> None:
        self.url, self.name, self.timeout_s = url.rstrip("/"), name, timeout_s
        self._key = key.strip()

    def answer(self, prompt: str) -> str:
        """Send one message and return the reply; whatever goes wrong is a ModelError that does not name the key."""
        body = {"model": self.name, "messages": [{"role": "user", "content": prompt}]}
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self._key}"}
        request = Request(f"{self.url}/chat/completions", json.dumps(body).encode(), headers)
        try:
            with urlopen(request, timeout=self.timeout_s) as reply:
                text = json.load(reply)["choices"][0]["message"]["content"]
        except HTTPError as error:
            error.close()  # unread: some servers repeat the key in their complaint
            raise ModelError(f"The model at {self.url} answered with status {error.code}.") from None
        except (OSError, HTTPException):
            raise ModelError(f"The model at {self.url} cannot be reached.") from None
        except (ValueError, LookupError, TypeError):
            text = None
        if not isinstance(text, str):
            raise ModelError(f"The model at {self.url} sent something else than an answer.")
        return text


def choose_model(environment: Mapping[str, str]) -> StandIn | RemoteModel:
    """Return the model that MODEL_URL, MODEL_NAME and MODEL_KEY describe, or the stand-in."""
    if url := environment.get("MODEL_URL"):
        return RemoteModel(url, environment.get("MODEL_NAME", "default"), environment.get("MODEL_KEY", ""))
    return StandIn()
