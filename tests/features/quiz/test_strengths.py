"""What answers say of topics to their person, and of questions to moderators."""

from __future__ import annotations

from bot.messages.call import Call
from tests.features.quiz.player import answer, posed
from tests.harness import World, text


async def test_who_answers_sees_their_topics_and_moderators_see_no_name(w: World) -> None:
    await w.begin("ada", "ben", "chloe")
    prompts: dict[str, str] = {}
    for who in ("ada", "ben", "chloe"):
        assert "Quiz questions people got wrong" not in text(await w.say("mo", "report")), (
            "fewer than three have answered"
        )
        await w.say(who, "quiz 1 count=20")
        asked = sorted(await posed(w), key=lambda one: one.place)
        prompts |= {one.item.id: one.item.prompt for one in asked}
        missed = min(prompts), *([max(prompts)] if who == "ada" else [])
        for one in asked:
            await answer(w, who, one, right=one.item.id not in missed)
            await w.press(who, "Next" if one is not asked[-1] else "Result")
    topic = w.app.library["genai-2026"].roadmap.topics[0].title
    assert f"{topic}: {len(prompts) - 2} of {len(prompts)} right" in text(await w.call("ada", Call("ledger")))
    assert "quiz results" not in text(await w.say("mo", "progress ada"))
    report = await w.say("mo", "report")
    told = report.plain().split("Quiz questions people got wrong")[1]
    assert [line[-8:] for line in told.split("\n") if line.startswith("- ")] == ["(3 of 3)", "(1 of 3)"]
    assert prompts[min(prompts)].replace("`", "") in told and "Ada" not in told
    await w.after(days=7)
    assert "Quiz questions people got wrong" in text(await w.say("mo", "digest"))
    await w.after(days=7)
    assert "Quiz questions people got wrong" not in text(await w.say("mo", "digest")), "each is told once"
    assert "Quiz questions people got wrong" in text(await w.say("mo", "report"))
