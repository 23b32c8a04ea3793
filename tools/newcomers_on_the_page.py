"""Asks the newcomers' questions on the local page, as a person would: `python -m tools.newcomers_on_the_page`.

Starts the bot on an empty data directory, waits until its notes are indexed, types each question into the page in a
headless Chromium, reads the answer, and prints which answers name a passage that answers. Takes some four minutes.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import tempfile
import time
from pathlib import Path

from playwright.async_api import Page, TimeoutError

from bot.answers.compose.values import Passage
from bot.answers.evaluation.golden import Covered, GoldenPassage, read_golden
from bot.base.files import bundled
from bot.curriculum.note import Note
from bot.curriculum.shelf import library
from bot.features.ask.wording import name_passage
from tests.browser import chromium
from tests.runtime.test_process import Process, get

FILE = Path(__file__).parents[1] / "benchmarks/questions/newcomers.yaml"
NAMED = re.compile(r"^Sources: (.+)$", re.MULTILINE)
ANSWERED = """question => {
    const last = [...document.querySelectorAll('#messages .message')].at(-1)?.innerText ?? '';
    return last.includes(question) && (last.includes('Sources: ') || last.includes('not in our notes'));
}"""
INDEXED_S = 600
ANSWER_MS = 20_000


def main() -> int:
    """Print a line for each question whose answer names none of its passages, and the count; 1 where there are any."""
    tracks = library(bundled("roadmap")).values()
    notes = [note for track in tracks for note in track.notes.values()]
    names = {GoldenPassage(note.id, heading): _named(note, heading) for note in notes for heading in note.headings}
    topics = {topic.id for track in tracks for topic in track.roadmap.topics}
    asked = read_golden(FILE, names, topics).covered
    with tempfile.TemporaryDirectory() as folder, Process(Path(folder), "run") as bot:
        _wait_for_index(bot)
        cited = asyncio.run(_ask(bot.address, [question.text for question in asked]))
    vain = [(one, got) for one, got in zip(asked, cited, strict=True) if not _wanted(one, names) & got]
    for question, got in vain:
        print(f"{question.topic}: {question.text}\n    got {' / '.join(sorted(got)) or 'no answer'}")
    print(f"{len(asked) - len(vain)} of {len(asked)} answers name a passage that answers the question")
    return 1 if vain else 0


def _named(note: Note, heading: str) -> str:
    """Return how an answer names a passage: by its heading, or by its note's title."""
    title, _, named = name_passage(Passage(note.id, note.title, heading)).replace("\\", "").partition(" › ")
    return named or title


def _wanted(question: Covered, names: dict[GoldenPassage, str]) -> set[str]:
    return {names[place] for place in question.places}


def _wait_for_index(bot: Process) -> None:
    until = time.monotonic() + INDEXED_S
    while json.loads(get(bot.address + "/healthz")[1])["index"] != "ready":
        assert time.monotonic() < until, "the notes are still not indexed"
        time.sleep(1)


async def _ask(address: str, questions: list[str]) -> list[set[str]]:
    """Type each question and return the passages that its answer names."""
    async with chromium() as browser:
        page = await browser.new_page(viewport={"width": 1100, "height": 1000})
        await page.goto(address)
        await page.get_by_role("radio", name="Ada").check()
        return [await _answer(page, question) for question in questions]


async def _answer(page: Page, question: str) -> set[str]:
    line = page.locator("#line")
    await line.fill(f"trailmate, {question}")
    await line.press("Enter")
    try:
        await page.wait_for_function(ANSWERED, arg=question, timeout=ANSWER_MS)
    except TimeoutError:
        return set()
    match = NAMED.search(await page.locator("#messages .message").last.inner_text())
    by_note = (part.partition(" › ") for part in match[1].split("; ")) if match else ()
    return {name.strip() for title, _, headings in by_note for name in (headings or title).split(" · ")}


if __name__ == "__main__":
    sys.exit(main())
