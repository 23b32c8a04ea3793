"""A chat model that plays a part behind the real SDK: it writes one reply, and judges by a function of its prompt."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import httpx2

from bot.answers.model.prompts import JUDGE
from bot.llm.openai import OpenAIChat

Sentences = Sequence[Mapping[str, Any]]
Judge = Callable[[Mapping[str, Any]], object]
"""Takes the question, passages and sentences of the judge's prompt; returns its reply, JSON or text."""

PROMPT_TOKENS, COMPLETION_TOKENS = 900, 100


def sentence(text: str, *passages: int, expression: str = "", unit: str = "") -> dict[str, object]:
    """Return a sentence of a writer's reply, by default of passage 1."""
    calculation = {"expression": expression, "unit": unit} if expression else None
    return {"text": text, "passages": list(passages or (1,)), "calculation": calculation}


def reply(*sentences: str | Mapping[str, object], coverage: str = "full", missing: str = "") -> str:
    """Return a writer's reply in JSON; a text is a sentence of passage 1."""
    items = [sentence(each) if isinstance(each, str) else each for each in sentences]
    return json.dumps({"coverage": coverage, "sentences": items, "missing": missing})


def verdicts(*judged: tuple[int, str, Sequence[str]]) -> Mapping[str, object]:
    """Return a judge's reply: the number of each sentence, the verdict, the words."""
    return {"verdicts": [{"sentence": n, "verdict": verdict, "words": [*words]} for n, verdict, words in judged]}


def support(*words: Sequence[str]) -> Judge:
    """Return a judge that says that sentence n is supported by the nth words, and others are not there."""

    def judge(data: Mapping[str, Any]) -> object:
        return verdicts(
            *(
                (each["number"], "supported", words[each["number"] - 1])
                if each["number"] <= len(words) and words[each["number"] - 1]
                else (each["number"], "not there", ())
                for each in data["sentences"]
            )
        )

    return judge


def literal(data: Mapping[str, Any]) -> object:
    """Judge as supported what stands word for word in a passage that the sentence names."""
    texts = {passage["number"]: " ".join(passage["text"].split()) for passage in data["passages"]}
    return verdicts(
        *(
            (each["number"], "supported", [each["text"]])
            if any(each["text"].rstrip(".") in texts[number] for number in each["passages"])
            else (each["number"], "not there", ())
            for each in data["sentences"]
        )
    )


def gullible(data: Mapping[str, Any]) -> object:
    """Judge everything as supported, by the first words of its passage."""
    texts = {passage["number"]: passage["text"] for passage in data["passages"]}
    first = {number: " ".join(text.split()[:12]) for number, text in texts.items()}
    return verdicts(*((each["number"], "supported", [first[each["passages"][0]]]) for each in data["sentences"]))


class ScriptedModel:
    """Serves the chat protocol to the real SDK in this process.

    Args:
        written: the writer's reply; an int is the status of a failure.
        judge: of its sentences; an int is the status of a failure.
    """

    def __init__(self, written: str | int, judge: Judge | int = literal) -> None:
        self.written, self.judge = written, judge
        self.prompts: list[str] = []
        self.judged: list[Mapping[str, Any]] = []

    async def __call__(self, request: httpx2.Request) -> httpx2.Response:
        """Answer one request."""
        await asyncio.sleep(0.02)  # as long as a state takes to be shown
        system, asked = (message["content"] for message in json.loads(request.content)["messages"])
        if not system.startswith(JUDGE):
            self.prompts.append(asked)
            return self._respond(self.written)
        data = json.loads(asked)
        self.judged.append(data)
        return self._respond(self.judge if isinstance(self.judge, int) else self.judge(data))

    def _respond(self, said: object) -> httpx2.Response:
        if isinstance(said, int):
            return httpx2.Response(said, json={"error": {"message": "no"}}, headers={"retry-after-ms": "1"})
        text = said if isinstance(said, str) else json.dumps(said)
        choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}
        usage = {
            "prompt_tokens": PROMPT_TOKENS,
            "completion_tokens": COMPLETION_TOKENS,
            "total_tokens": PROMPT_TOKENS + COMPLETION_TOKENS,
        }
        body = {"id": "1", "object": "chat.completion", "created": 0, "model": "m", "choices": [choice]}
        return httpx2.Response(200, json=body | {"usage": usage})

    def chat(self) -> OpenAIChat:
        """Return the real client of this model."""
        client = httpx2.AsyncClient(transport=httpx2.MockTransport(self))
        return OpenAIChat("sk-test", "m", "http://model.test/v1", http_client=client)
