"""Who goes through a quiz knowing what is right."""

from __future__ import annotations

from sqlalchemy import select

from bot.curriculum.bank import MultipleChoice, NumericAnswer, Ordering
from bot.features.quiz.attempt import Posed
from bot.features.quiz.tables import QuizAttempt, QuizItem
from bot.messages.reply import Reply
from bot.storage.unit_of_work import Work
from tests.harness import World


async def posed(w: World) -> list[Posed]:
    """Return the questions of the newest attempt."""

    def read(work: Work) -> list[Posed]:
        newest = select(QuizAttempt).order_by(QuizAttempt.id.desc()).limit(1)
        attempt = work.session.scalars(newest).one()
        items = w.app.library[attempt.roadmap_id].items
        rows = select(QuizItem).where(QuizItem.attempt_id == attempt.id).order_by(QuizItem.place)
        return [Posed(items[row.item_id], row.seed, row.place, row.chosen) for row in work.session.scalars(rows)]

    return await w.app.database.run(read, writes=False)


async def answer(w: World, who: str, one: Posed, *, right: bool = True) -> Reply:
    """Answer the question that the person's last reply shows."""
    form = one.item.form
    if isinstance(form, NumericAnswer):
        return await w.press(who, "Answer", {"number": str(form.value + (0 if right else form.within + 1))})
    if isinstance(form, Ordering):
        for letter in (one.right if right else one.right[::-1])[:-2]:
            await w.press(who, letter)
        return await w.press(who, (one.right if right else one.right[::-1])[-2])
    wrong = next(letter for letter in one.letters if letter not in one.right)
    if isinstance(form, MultipleChoice):
        for letter in one.right if right else wrong:
            await w.press(who, letter)
        return await w.press(who, "Done")
    return await w.press(who, one.right if right else wrong)
