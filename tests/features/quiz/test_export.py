"""Questions as a file that Anki imports."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

from bot.curriculum.bank import AnswerChoice, BankItem, NumericAnswer, Ordering, QuestionSource, SingleChoice
from bot.curriculum.track import Track
from bot.features.quiz.export import CARDS, render_csv
from bot.messages.reply import FILE_MAX, File, Reply
from tests.features.quiz.player import answer, posed
from tests.features.quiz.test_warm_up import plain
from tests.harness import World, text

ITEM = BankItem(
    "x-01",
    "recall",
    "easy",
    'Which, "if" any?',
    SingleChoice((AnswerChoice("=SUM(A1)", True, ""), AnswerChoice("b", False, "too small"))),
    "Because.",
    QuestionSource("note", "Heading"),
    code="a = 1",
)


def read(file: str) -> list[list[str]]:
    """Return the rows of a file as its importer reads them."""
    lines = file.splitlines()
    assert lines[:4] == ["#separator:Comma", "#html:false", "#columns:Front,Back,Source,Tags", "#tags column:4"]
    return list(csv.reader(io.StringIO(file.split("\n", 4)[4])))


async def test_a_card_has_the_question_the_reason_the_place_and_tags_and_computes_nothing(w: World) -> None:
    track = w.app.library["genai-2026"]
    forms = (
        ITEM,
        replace(ITEM, form=Ordering(("mix", "bake"))),
        replace(ITEM, prompt="@me", form=NumericAnswer(0.5, 0, "kg")),
        replace(ITEM, prompt="+1", why="- no"),
    )
    one, steps, number, plus = read(render_csv(track, forms))
    front, back, source, tags = one
    assert front.startswith('Which, "if" any?\n\na = 1\n\nA. ') and "=SUM(A1)" in front
    assert (
        "=SUM(A1)" in back.split("\n")[0]
        and "Because." in back
        and "too small" in back
        and back.endswith("Source: Heading")
    )
    assert (source, tags) == ("Heading", "genai-2026 easy")
    assert "mix" in steps[0] and steps[1].split("\n")[0] in ("A, B", "B, A")
    assert number[0].startswith("'@me") and number[1].startswith("0.5 kg")
    assert plus[0].startswith("'+1")
    every = list(track.items.values())
    found = read(render_csv(track, every))
    assert len(found) == len(every) and all(len(row) == 4 for row in found)
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in found for cell in row)
    assert len(render_csv(track, sorted(every, key=lambda item: -len(render_csv(track, [item])))[:CARDS])) < FILE_MAX


def file(reply: Reply) -> File:
    (one,) = reply.files
    return one


async def test_who_missed_something_takes_it_along_and_who_missed_nothing_is_led_to_a_quiz(w: World) -> None:
    await w.begin("ada")
    none = await w.say("ada", "anki")
    assert "You haven't got any questions wrong yet" in text(none) and [b.label for b in none.buttons] == [
        "Take a quiz",
        "Export all",
    ]
    track: Track = w.app.library["genai-2026"]
    every = await w.press("ada", "Export all")
    bank = track.banks[track.roadmap.units[0].id]
    assert len(read(file(every).text)) == len(bank.items)
    await w.say("ada", "quiz 1 count=3")
    asked = await posed(w)
    for one in asked:
        await answer(w, "ada", one, right=one.place != 2)
        await w.press("ada", "Next" if one.place < 3 else "Result")
    for line in ("anki", "quiz export anki", "quiz export", "export to anki"):
        told = await w.say("ada", line)
        assert told.audience == "private" and "One question you got wrong last time" in text(told), line
        (row,) = read(file(told).text)
        assert row[0].startswith(asked[1].item.prompt) and row[3].startswith("genai-2026 ")
    assert file(told).name == "genai-2026-missed.csv"
    assert plain(track, 1)
