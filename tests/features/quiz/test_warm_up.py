"""The question below a unit's post, from its choice to what is told of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from bot.curriculum.bank import BankItem, SingleChoice
from bot.curriculum.track import Track
from bot.features.quiz.tables import QuizAnswer, QuizCard
from bot.features.quiz.warm_up import Warmed, WarmUp, WarmUps
from bot.messages.call import Call
from bot.messages.reply import Actions, Button, Reply, plain_block
from bot.storage.unit_of_work import Work
from tests.harness import MONDAY, World, text


def plain(track: Track, number: int) -> list[BankItem]:
    """Return what a unit's bank has for a warm-up."""
    bank = track.banks[track.roadmap.units[number - 1].id]
    return [item for item in bank.items if isinstance(item.form, SingleChoice) and not item.code]


async def missing(w: World, item: BankItem, *people: int) -> None:
    """Have these accounts miss a question in a quiz."""

    def miss(work: Work) -> None:
        common = {"group_id": 1, "roadmap_id": "genai-2026", "item_id": item.id, "given": "A", "at": MONDAY}
        work.session.add_all(QuizAnswer(account_id=person, is_right=False, rating=1, **common) for person in people)

    await w.app.database.run(miss)


async def asked(w: World, number: int) -> WarmUp:
    """Return the warm-up of a unit."""
    track = w.app.library["genai-2026"]
    unit_id = track.roadmap.units[number - 1].id
    found = await w.app.database.run(lambda work: WarmUps(work).find(1, track, unit_id), writes=False)
    assert found is not None
    return found


async def post(w: World, number: int) -> Reply:
    """Return the post of a unit as it reads now."""
    unit = w.app.library["genai-2026"].roadmap.units[number - 1]
    return next(post for post in await w.posts() if post.accent is not None and unit.title in post.title)


async def below(w: World, number: int) -> Reply:
    """Return the message with the warm-up in a unit's thread as it reads now; an empty one if there is none."""
    title = w.app.library["genai-2026"].roadmap.units[number - 1].label
    messages = next(messages for named, messages in await w.threads() if named == title)
    return next((reply for reply in messages if "arm-up" in text(reply)), Reply())


def letters(reply: Reply) -> list[Button]:
    return [button for button in reply.all_buttons if len(button.label) == 1]


async def test_a_warm_up_is_what_the_group_missed_answered_once_by_each_and_resolved_with_the_next_post(
    w: World,
) -> None:
    await w.begin("ada", "ben", "chloe")
    w.app.tick = replace(w.app.tick, count_every_s=0)
    track = w.app.library["genai-2026"]
    first, *_, missed = plain(track, 1)
    assert letters(await post(w, 1)) == letters(await below(w, 1)) == []
    await missing(w, missed, 2, 3, 4)
    await w.after(days=7)
    shown = await below(w, 2)
    one = await asked(w, 2)
    assert one.posed.item == missed and one.about.number == 1
    assert [button.label for button in letters(shown)] == [*one.posed.letters]
    assert shown.blocks[-1] == Actions(tuple(letters(shown)))
    assert "Only you'll see your result" in plain_block(shown.blocks[-2])
    assert [button.label for button in (await post(w, 2)).all_buttons] == ["Check in", "Ask", "Details"]
    assert all(f"{letter}. " in shown.plain() for letter in one.posed.letters) and "answered" not in text(shown)

    stranger = await w.press("dev", one.posed.right, of=shown)
    assert stranger.tone == "error" and stranger.buttons[0].label == "Join"
    wrong = next(letter for letter in one.posed.letters if letter != one.posed.right)
    told = await w.press("ada", wrong, of=shown)
    assert one.posed.why(wrong).split("`")[0] in text(told) and missed.source.heading in text(told)
    assert told.audience in (None, "private") and "1 answer" in text(told) and f"{wrong} 1" not in text(told)
    again = await w.press("ada", one.posed.right, of=shown)
    assert f"You've already chosen {wrong}" in text(again)
    await w.press("ben", one.posed.right, of=shown)
    await w.after(minutes=2)
    assert "2 answers" in text(await below(w, 2)) and f"{wrong} 1" not in text(await below(w, 2))
    assert "Right." in text(await w.press("chloe", one.posed.right, of=shown))
    await w.after(minutes=2)
    edited = await below(w, 2)
    assert "3 answers: A " in text(edited) and f"{wrong} 1" in text(edited) and f"{one.posed.right} 2" in text(edited)
    assert letters(edited) == letters(shown) and missed.why.split("`")[0] not in text(edited)
    assert await kept(w) == [(wrong, False), (one.posed.right, True), (one.posed.right, True)]

    await w.after(days=7)
    closed = text(await below(w, 3))
    assert (
        f"The answer is {one.posed.right}." in closed
        and missed.why.split("`")[0] in closed
        and "3 answers: A " in closed
    )
    after = await asked(w, 3)
    assert after.about.number == 2 and after.posed.item == plain(track, 2)[0], "what was not asked for longest"
    assert f"This warm-up has closed. You chose {wrong}" in text(await w.press("ada", one.posed.right, of=shown))
    await w.say("dev", "join")
    assert "so it doesn't count" in text(await w.press("dev", one.posed.right, of=shown))
    await w.say("mo", "cohort end")
    await w.press("mo", "End group")
    await w.after(hours=1)
    ended = text((await w.posts())[-1])
    assert "has finished" in ended and f"The answer is {after.posed.right}." in ended
    assert "so it doesn't count" in text(await w.press("ben", "A", of=await below(w, 3)))
    gone = await w.call("ada", Call("warmup", {"unit": "no-such", "pick": "A"}, 1))
    assert "That question is gone." in text(gone) and first.id != after.posed.item.id


async def kept(w: World) -> list[tuple[str, bool]]:
    """Return what was answered to warm-ups, each with a card that brings the question back."""

    def read(work: Work) -> list[tuple[str, bool]]:
        answers = work.session.scalars(select(QuizAnswer).where(QuizAnswer.warm_up_id.is_not(None))).all()
        for answer in answers:
            assert work.session.get(QuizCard, (answer.account_id, answer.roadmap_id, answer.item_id)) is not None
        return [(answer.given, answer.is_right) for answer in answers]

    return await w.app.database.run(read, writes=False)


async def test_nothing_is_asked_where_nothing_was_learnt_and_what_was_asked_comes_again_last(w: World) -> None:
    await w.begin("ada")
    track = w.app.library["genai-2026"]
    first, second = (unit.id for unit in track.roadmap.units[:2])
    bare = replace(track, banks={})
    few = replace(track, banks={first: replace(track.banks[first], items=tuple(plain(track, 1)[:2]))})

    def choose(work: Work) -> list[str]:
        warm_ups, chosen = WarmUps(work), list[str]()
        for of, before in ((track, []), (bare, [first]), (few, [second])):
            assert warm_ups.choose(1, of, "any", before) is None
        for week in range(4):
            found = warm_ups.choose(1, few, f"week-{week}", [first, second])
            assert found is not None
            chosen.append(found.posed.item.id)
            Warmed(found, MONDAY + timedelta(weeks=week)).store(work)
        return chosen

    one, two = (item.id for item in plain(track, 1)[:2])
    assert await w.app.database.run(choose) == [one, two, one, two]


async def test_a_group_that_wants_no_warm_up_gets_none_and_the_one_that_is_out_stays(w: World) -> None:
    await w.begin("ada")
    await w.after(days=7)
    assert "Warm-up from unit 1" in text(await below(w, 2))
    assert "Warm-ups in threads: off" in text(await w.say("mo", "cohort edit warmups=no"))
    await w.press("mo", "Confirm")
    await w.say("ada", "checkin 30 read")
    await w.after(days=7)
    assert "Warm-up from unit 1" in text(await below(w, 2)) and "Warm-up" not in text(await below(w, 3))
    assert "Warm-ups in threads: off" in text(await w.say("mo", "cohort status"))


async def test_who_is_in_two_groups_reads_whose_warm_up_it_was_whether_right_or_wrong(w: World) -> None:
    await w.begin("ada", "ben")
    await w.say("mo", "cohort create name=Larks timezone=UTC confirm=yes", room="larks")
    for who in ("ada", "ben"):
        await w.say(who, "join", room="larks")
    await w.after(days=7)
    found = await asked(w, 2)
    right = [letter for letter in found.posed.letters if replace(found.posed, given=letter).is_right]
    wrong = [letter for letter in found.posed.letters if letter not in right]
    for who, pick in (("ada", right[0]), ("ben", wrong[0])):
        told = await w.call(who, Call("warmup", {"unit": found.unit_id, "pick": pick}, 1))
        assert (told.tone == "good") is (pick in right) and text(told).count("In Night owls.") == 1
