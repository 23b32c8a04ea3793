"""`trailmate ask`: one question of the notes, or a stream of them."""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.messages.characters import clean, make_valid
from bot.runtime.console import progress
from bot.runtime.settings import Settings


def ask(settings: Settings, given: argparse.Namespace) -> int:
    """Answer one question, or a stream of them."""
    question = make_valid(" ".join(given.question)).strip()
    if given.jsonl == bool(question):
        print('Give a question or --jsonl. Example: trailmate ask "What is a generator?"', file=sys.stderr)
        return 2
    return asyncio.run(_ask(settings, question, given.roadmap, as_json=given.json, is_stream=given.jsonl))


async def _ask(settings: Settings, question: str, roadmap: str | None, *, as_json: bool, is_stream: bool) -> int:
    from bot.runtime.answer_engine import open_notebook

    notebook = open_notebook(settings)
    try:
        if roadmap is not None:
            notebook.track(roadmap)

        async def answer(turns: list[str]) -> Any:
            return await notebook.answer(turns, roadmap)

        with progress("Indexing notes", "texts") as show:
            await asyncio.get_running_loop().run_in_executor(notebook.pool, notebook.embed, show)
        if is_stream:
            return await _answer_stream(answer)
        result = await _answer(answer, [question])
        if as_json:
            print(json.dumps(result, ensure_ascii=False))
        else:
            print(clean(_format_answer(result)))
    finally:
        await notebook.close()
    return 0


async def _answer(answer: Callable[[list[str]], Awaitable[Any]], turns: list[str]) -> dict[str, Any]:
    from bot.answers.model.prompts import LONGEST_QUESTION

    if any(len(turn) > LONGEST_QUESTION for turn in turns):
        print(f"I read only the first {LONGEST_QUESTION} characters of a question.", file=sys.stderr)
    began = time.perf_counter()
    answered = await answer(turns)
    return {
        "answer": answered.text,
        "declined": answered.declined,
        "citations": [{"note": c.note, "heading": c.heading, "quote": c.quote} for c in answered.citations],
        "latency_ms": round((time.perf_counter() - began) * 1000, 1),
    }


def _format_answer(result: Mapping[str, Any]) -> str:
    """Format an answer for people; a declined answer with citations is shown as the nearest match."""
    from bot.answers.compose.values import UNSURE

    cited = [
        f"[{number}] {citation['note']}: {citation['heading']}"
        for number, citation in enumerate(result["citations"], 1)
    ]
    return "\n".join([*([UNSURE] if result["declined"] and cited else []), result["answer"], *cited])


async def _answer_stream(answer: Callable[[list[str]], Awaitable[Any]]) -> int:
    exit_code = 0
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="surrogateescape")  # only the line with bytes that are not text is wrong
    for number, line in enumerate(sys.stdin, 1):
        if not line.strip():
            continue
        try:
            key, turns = _parse_line(line)
        except (ValueError, KeyError, TypeError, RecursionError):
            print(f'line {number}: write {{"id": "...", "turns": ["..."]}}', file=sys.stderr)
            exit_code = 2
            continue
        print(json.dumps({"id": key, **await _answer(answer, turns)}, ensure_ascii=False), flush=True)
    return exit_code


def _parse_line(line: str) -> tuple[Any, list[str]]:
    """Return a line's id, which is echoed unchanged, and its turns."""
    asked = json.loads(line)
    key, turns = asked["id"], asked["turns"]
    if not (isinstance(turns, list) and turns and all(isinstance(turn, str) for turn in turns)):
        raise ValueError
    # JSON escapes can contain lone surrogates, which text can't
    json.dumps([key, turns], ensure_ascii=False).encode()
    return key, turns
