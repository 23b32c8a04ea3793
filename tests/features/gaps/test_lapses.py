"""A heading whose question many missed, from the list to the line that is written on it."""

from __future__ import annotations

from bot.curriculum.bank import BankItem, NumericAnswer, Ordering, QuestionSource
from bot.features.gaps.service import Lapse
from bot.messages.call import Call
from tests.features.quiz.test_warm_up import missing, plain
from tests.harness import World, text


async def test_what_many_missed_is_shown_with_what_was_asked_on_it_and_becomes_a_note(w: World) -> None:
    await w.begin("ada", "ben", "chloe")
    track = w.app.library["genai-2026"]
    one, *_, two = plain(track, 1)
    await missing(w, one, 2, 3)
    assert "No open questions" in text(await w.say("mo", "gaps")), "two are not many"
    await missing(w, one, 2, 4)
    shown = await w.say("mo", "gaps")
    heading = one.source.heading
    assert shown.title == "Notes to improve"
    assert f"> {heading} 3 of 3 people got this quiz question wrong" in text(shown)
    assert "Ada" not in text(shown) and "Also asked" not in text(shown)

    answer = await w.say("ada", f"ask {one.prompt}")
    await w.press("ben", "Rate", of=answer)
    await w.press("ben", "Unclear")
    shown = await w.say("mo", "gaps")
    assert shown.title == "1 open question in Night owls" and "Also asked: “" in text(shown)

    form = await w.form("mo", w.button("mo", "Write note on").target)
    filled = {field.key: field.value for field in form.fields}
    assert filled["title"] == heading and filled["text"].startswith(one.why)
    wrong = [choice for choice in one.form.choices if choice.why]  # type: ignore[union-attr]
    assert all(f"- {choice.text}: {choice.why}" in filled["text"] for choice in wrong)
    assert (await w.say("ada", "gaps")).tone == "error"
    refused = await w.call("ada", Call("gap line", {"item": one.id, "text": "x"}, 1))
    assert refused.tone == "error"
    written = await w.press("mo", "Write note on", of=shown)
    assert written.tone == "good" and f"Added “{heading}” to Night owls" in written.title
    assert "got this quiz question wrong" not in text(await w.say("mo", "gaps"))
    assert "closed already" in text(await w.call("mo", Call("gap line", {"item": one.id, "text": "x"}, 1)))

    await missing(w, two, 2, 3, 4)
    await w.say("mo", "gaps")
    left = await w.press("mo", "Skip")
    assert "got this quiz question wrong" not in text(await w.say("mo", "gaps"))
    await w.press("mo", "Undo", of=left)
    assert "got this quiz question wrong" in text(await w.say("mo", "gaps"))


def test_a_draft_says_the_reason_and_what_each_form_of_question_has_beside_it() -> None:
    def draft(form: Ordering | NumericAnswer) -> str:
        return Lapse(
            BankItem("x-01", "recall", "easy", "Which?", form, "Because.", QuestionSource("n", "H")), "N", 3, 4
        ).draft

    assert draft(Ordering(("mix", "bake"))) == "Because.\n\n1. mix\n2. bake"
    assert draft(NumericAnswer(0.5, 0.1, "kg")) == "Because.\n\n- It is 0.5 kg."
