"""One long dialogue that draws every reply the bot has: for tests that look at them all."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import select

from bot.commands.context import Invocation, Place
from bot.commands.dispatcher import Dispatcher
from bot.commands.form import Form
from bot.commands.ports import Show
from bot.delivery.outbox import OutboxRow
from bot.features.courses.tables import ContentVersion
from bot.features.people.tables import AccountRow
from bot.features.quiz.tables import QuizAnswer
from bot.features.setup.greeting import greeting
from bot.features.token_budget.service import Asker, Budget, Ledger, Meter, Reservation
from bot.llm.base import Usage
from bot.messages.attachment import raw
from bot.messages.call import INSTEAD, MORE, SEEN, WRONG, Call
from bot.messages.reply import Reply
from bot.storage.unit_of_work import Work
from tests.features.quiz.player import answer, posed
from tests.harness import World, world


@dataclass
class Seen:
    """What came by: every reply with what it answers ("post" for what the outbox sent), and every form.

    Args:
        answers: final replies with the Call that each answers.
        posts: what the outbox sent, with the key of each message.
        shapes: of the Calls that were answered with something other than an error.
    """

    replies: list[tuple[str, Reply]] = field(default_factory=list)
    answers: list[tuple[Call, Reply]] = field(default_factory=list)
    posts: list[tuple[str, Reply]] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)
    shapes: set[tuple[str, ...]] = field(default_factory=set)

    @property
    def calls(self) -> list[Call]:
        """Every Call that stands on a button."""
        return [b.target for _, reply in self.replies for b in reply.all_buttons if isinstance(b.target, Call)]

    @property
    def answered(self) -> set[str]:
        """The commands that were answered with something other than an error."""
        return {name for name, reply in self.replies if reply.tone != "error"}


def shape_of(call: Call) -> tuple[str, ...]:
    """Return a Call's name and which arguments it has, but for those that any command takes."""
    return call.name, *sorted({*call.args} - {INSTEAD, SEEN, WRONG, MORE, "confirm"})


Stop = Callable[[World, Seen], Awaitable[None]]


def _listen(dispatcher: Dispatcher[Work], seen: Seen) -> None:
    answer, form = dispatcher.answer, dispatcher.form

    async def answering(invocation: Invocation, show: Show) -> Reply | None:
        async def showing(reply: Reply) -> None:
            seen.replies.append((invocation.call.name, reply))
            await show(reply)

        reply = await answer(invocation, showing)
        if reply is not None:
            if reply.tone != "error":
                seen.shapes.add(shape_of(invocation.call))
            seen.replies.append((invocation.call.name, reply))
            seen.answers.append((invocation.call, reply))
        return reply

    async def forming(invocation: Invocation, keys: Collection[str] = ()) -> Form:
        seen.forms.append(await form(invocation, keys))
        return seen.forms[-1]

    dispatcher.answer, dispatcher.form = answering, forming  # type: ignore[method-assign]


@cache
def tour() -> Seen:
    """Live through the dialogue once and return what came by."""
    seen = Seen()
    with TemporaryDirectory() as folder:
        asyncio.run(live_season(Path(folder, "a"), seen))
        asyncio.run(_live(Path(folder, "b"), seen, _begin))
        asyncio.run(_live(Path(folder, "c"), seen, _crowd))
    return seen


async def live_season(folder: Path, seen: Seen) -> None:
    """Live through the season of one group, of which the database stays in a new folder."""
    stops = (_before, _start, _join, _work, _look, _quiz, _meet, _moderate, _season, _legs, _show, _review, _end)
    await _live(folder, seen, *stops)


async def _live(folder: Path, seen: Seen, *stops: Stop) -> None:
    folder.mkdir()
    async with world(folder) as at:
        _listen(at.app.dispatcher, seen)
        for stop in stops:
            await stop(at, seen)
        rows = await at.app.database.run(lambda work: list(work.session.scalars(select(OutboxRow))), writes=False)
        seen.posts += [(row.key, Reply.from_json(row.reply)) for row in rows if row.action != "delete"]
        seen.replies += [("post", Reply.from_json(row.reply)) for row in rows if row.action != "delete"]


async def _before(at: World, seen: Seen) -> None:
    empty = await at.app.database.run(lambda work: greeting(work, at.app.library, "local", "local"), writes=False)
    assert empty is not None
    seen.replies.append(("greeting", empty))
    for line in (
        "help",
        "home",
        "groups",
        "roadmap",
        "topic",
        "join",
        "checkin 45 read",
        "what is attention?",
        "cohort",
        "chekin",
    ):
        await at.say("ada", line)
    await at.press("ada", "Ask privately")
    await at.press("ada", "Mastering", of=await at.say("ada", "roadmap"))
    await at.press("ada", "Core machine learning")
    topic = await at.press("ada", "Mastering", of=await at.say("ada", "topic"))
    for label in ("Read the notes", "Take a quiz"):
        await at.press("ada", label, of=topic)
    await at.press("ada", "New questions", of=await at.press("ada", "Take a quiz", of=topic))
    await at.press("ada", "Python data structures", of=await at.press("ada", "Read the notes", of=topic))
    await at.say("mo", "help")
    await _set_up(at)
    await at.press("mo", "Cancel")
    await at.call("ada", Call("gone"))
    await at.call("ada", Call("cohort create", {"draft": "none", "confirm": "yes"}))


async def _start(at: World, seen: Seen) -> None:
    await at.say("mo", "cohort create")
    await at.say("mo", "cohort create name=Owls timezone=Europe/Berln")
    await at.press("mo", "Correct it", {"timezone": "Europe/London", "name": "Night owls"})
    await at.form("mo", at.button("mo", "Change").target)
    await at.press("mo", "Confirm")
    await at.tick()


async def _join(at: World, seen: Seen) -> None:
    for who in ("ada", "ben", "chloe", "mo"):
        await at.say(who, "join")
    await at.press("ada", "Turn on reminders")
    for who in ("ada", "ben", "chloe"):
        await at.say(who, "buddies")
        await at.press(who, "Pair me")
    await at.press("chloe", "Stop buddies")
    await at.say("ada", "settings")
    await at.press("ada", "My settings", {"alias": "Night reader", "timezone": "Pacific/Kiritimati"})
    await at.press("ada", "Change", {"quiet": "whenever"})
    await at.say("guest", "checkin 45 read")


async def _work(at: World, seen: Seen) -> None:
    await at.after(hours=30)
    await _pledge(at)
    await at.say("ada", "checkin")
    await at.press("ada", "Check in", {"minutes": "soon", "note": "read *two* <papers> @everyone"})
    await at.press("ada", "Correct it", {"minutes": "1h30", "link": "https://example.org/notebook"})
    receipt = at.last["ada"]
    await at.press("ada", "Edit", {"note": "read three papers"})
    await at.press("ada", "Share")
    at.last["ada"] = receipt
    await at.press("ada", "Share")
    await at.say("ben", "checkin 30 read one paper")
    await at.press("ben", "Undo")
    await at.press("ben", "Check in again", {"minutes": "30", "note": "read one paper"})
    await at.say("ben", "undo")
    await at.say("ben", "undo")
    await at.say("ben", "away in 1 week exams")
    await at.say("ben", "away today")
    await at.say("ben", "away 2027-12-01")
    await at.tick()
    posts = (post for _, thread in await at.threads() for post in thread)
    shared = next(post for post in posts if any(button.label == "Say thanks" for button in post.all_buttons))
    await at.press("ben", "Say thanks", of=shared)
    await _focus(at)
    until = at.clock.now() + timedelta(days=5)
    await _play_round(at)
    await at.to(until)
    await at.say("ada", "buddies")
    await at.press("ada", "We met")
    await at.press("ben", "We didn't meet", of=await at.say("ben", "buddies"))
    for who in ("mo", "ben"):
        await at.call(who, Call("digest lead"))
    await at.call("mo", Call("manage edit", {"moderators": "ben"}))


async def _focus(at: World) -> None:
    await at.say("ada", "focus 25")
    await at.tick()
    post = next(post for post in await at.posts() if post.title.startswith("Focus"))
    await at.press("ben", "Join", of=post)
    await at.press("ben", "Leave", of=post)
    await at.after(minutes=25)
    ended = next(post for _, thread in await at.threads() for post in thread if post.title == "Time's up")
    await at.press("ada", "Check in", {"note": "read on"}, of=ended)


async def _play_round(at: World) -> None:
    await at.call("mo", Call("manage edit", {"weekly_round": "yes", "confirm": "yes"}))
    for _ in range(9):
        await at.after(hours=12)
        posts = [post for _, thread in await at.threads() for post in thread]
        if play := next((post for post in posts if any(button.label == "Play" for button in post.buttons)), None):
            await at.press("ada", "Play", of=play)
            return


async def _pledge(at: World) -> None:
    await at.say("ada", "pledge")
    await at.press("ada", "Make a plan", {"text": "read *two* <papers> @everyone, in the evening"})
    shown = at.last["ada"]
    await at.press("ada", "Share plan")
    await at.press("ada", "Change time", {"day": "Sun", "at": "3pm"}, of=shown)
    await at.press("ada", "Edit plan", of=shown)
    await at.press("ada", "Delete plan", of=await at.say("ada", "pledge"))
    await at.say("ben", "pledge read one paper, today at 11pm")
    await at.after(hours=8)
    [*_, reminder] = await at.posts("@ben")
    await at.press("ben", "Remind me later", of=reminder)


async def _look(at: World, seen: Seen) -> None:
    for line in (
        "home",
        "groups",
        "dashboard",
        "dashboard logout",
        "help",
        "help checkin",
        "help cohort create",
        "help nothing",
        "roadmap",
        "topic",
        "topic 2",
        "topic nothing",
        "read",
        "read tf-attention.1",
        "read tf-attention.5",
        "read backpropagation",
        "read nothing at all",
        "progress",
        "usage",
        "leaderboard",
        "leaderboard week",
        "leaderboard season",
        "leaderboard year",
        "thanks @ben for sets",
        "when is the deadline?",
        "my streak",
        "who is first?",
        "this week",
        "how do I bake bread?",
        "what is backpropagation?",
        "what is a neural network?",
    ):
        await at.say("ada", line)
        await at.say("guest", line)
    for line in ("sick this week", "I quit", "stop", "thanks!", "hello", "log 45 read on", "frobnicate", "undi"):
        await at.say("ada", line)
        await at.say("guest", line)
    await at.press("ada", "Core machine learning", of=await at.say("ada", "roadmap"))
    for label in ("Read the notes", "Take a quiz"):
        await at.press("ada", label, of=await at.say("ada", "topic"))
    await at.press("ada", "Hide leaderboard", of=await at.say("ada", "leaderboard"))
    await at.call("ada", Call("settings", {"board": "yes"}))
    await at.call("ada", Call("repair"))
    await at.call("ada", Call("heard", {"text": "what is a tensor?", "aloud": "yes"}))
    await at.call("ada", Call("consult", {"question": "what is a tensor?"}))
    await at.press("ada", "Ask publicly")
    asked = await at.say("ada", "ask zanzibar sourdough kumquats?")
    await at.press("ada", "Ask the group", of=asked)
    await at.press("ada", "Post question")
    asked = await at.say("ben", "ask does converting a list to a set not pay off")
    await at.press("ben", "Show answer", of=asked)
    await at.say("ben", "ask how do *stochastic* zanzibars <@1> ferment?")
    await at.press("ben", "Ask the group")
    await at.press("ben", "Post question")
    asked = await at.say("ada", "ask what is gradient descent?")
    await at.press("ada", "Read 1", of=await at.press("ada", "Sources", of=asked))
    await _gaps(at, asked)
    await at.press("ada", "Remove", of=asked)
    await at.call("mo", Call("manage notes add", {"text": "# Owls & <@1>\n\nOwls here meet by night.\n\n## More\n\nx"}))
    for line in ("notes list", "notes show owls", "notes show gulls"):
        await at.say("ada", line)
    await at.press("ada", "Next", of=await at.say("ada", "notes show owls"))
    await at.say("mo", "notes replace owls text=Owls meet by day now.")
    await at.press("mo", "Replace")
    written = {"note": "owls", "field": "text", "before": "Owls meet by day now."}
    for words in ("Owls <@1> sleep.", "Owls wake."):
        await at.call("mo", Call("manage notes write", {**written, "text": words}))
    newest = await at.app.database.run(lambda work: max(work.session.scalars(select(ContentVersion.id))))
    await at.call("mo", Call("manage notes restore", {"note": "owls", "version": str(newest - 1), "seen": str(newest)}))
    await at.say("mo", "notes remove owls")
    await at.press("mo", "Remove")
    await at.call("ada", Call("kept"))
    await at.call("ada", Call("mute", {"unit": (await _unit(at, 0))}))
    await at.call("ada", Call("remind", {"on": "no"}))
    event = Invocation(Call("progress"), at.account("ada"), Place("local", "local", "general"), "aside")
    aside = await at.app.dispatcher.set_aside(event, at.last["ada"])
    seen.replies.append(("aside", aside))
    at.last["ada"] = aside
    await at.press("ada", "Show me")


async def _quiz(at: World, seen: Seen) -> None:
    """Go through every kind of question, stop, and go on."""
    banks = next(iter(at.app.library.values())).banks
    # of those with most kinds the smallest, so that one quiz asks all of it
    most = max(banks, key=lambda bank: (len({type(item.form) for item in banks[bank].items}), -len(banks[bank].items)))
    await at.say("ada", f"quiz {most} count=20")
    first, has_cleared = at.last["ada"], False
    while at.last["ada"].title.startswith("Question"):
        labels = [button.label for button in at.last["ada"].buttons]
        ahead = ["Next", "Result", "Done", "Answer", *(["Start over"] if not has_cleared else []), labels[0]]
        chosen = next(label for label in ahead if label in labels)
        has_cleared = has_cleared or chosen == "Start over"
        await at.press("ada", chosen, {"number": "0"} if chosen == "Answer" else None)
    await at.press("ada", "Stop for now", of=first)
    await at.press("ada", at.last["ada"].buttons[0].label)
    await at.press("ada", "Repeat missed")
    await at.press("ada", "Stop for now")
    for line in ("quiz", "quiz 99", "quiz nothing", "anki", "review", "review cap=3 hour=9pm nudge=daily"):
        await at.say("ada", line)
        await at.say("guest", line)
    await at.press("ada", "Export all", of=await at.say("ada", "anki"))
    await at.call("ada", Call("review", {"nudge": "no"}))
    await at.press("ada", "New questions", of=await at.say("ada", "quiz"))


async def _spend(at: World) -> None:
    """Have a model answer both members, as far as the budget can see."""
    lasting: Any = at.app.dispatcher._supply
    lasting._lasting[Meter].has_model = True

    def spend(work: Work) -> None:
        for account in work.session.scalars(select(AccountRow)):
            asker = Asker(1, account.id, at.clock.now())
            held = Ledger(work).hold(asker, 9_000, Budget(0))
            assert isinstance(held, Reservation)
            Ledger(work).settle(asker, held, Usage(70_000 // account.id, 1_234))

    await at.app.database.run(spend)


async def _gaps(at: World, asked: Reply) -> None:
    await at.press("ada", "Rate", of=asked)
    await at.press("ada", "Off topic")
    await at.press("ada", "Add comment", {"line": "what is a *gradient* <@1>?"})
    await at.press("ada", "Edit comment")
    await at.press("ada", "Rate", of=asked)
    await at.press("ada", "Helpful")
    await at.press("ben", "Rate", of=asked)
    await at.press("ben", "Unclear")
    await at.say("mo", "gaps")
    await at.press("mo", "Dismiss 1")
    await at.press("mo", "Undo")
    await at.say("mo", "gaps")
    await _lapses(at)
    await at.say("mo", "gaps")
    await at.press("mo", "Answer 1", {"title": "Zanzibars & <@1>", "text": "They ferment by night."})
    await at.tick()


async def _lapses(at: World) -> None:
    """Have three people miss two questions, and a moderator write on one and leave the other."""
    bank = next(iter(at.app.library["genai-2026"].banks.values()))
    common = {"group_id": 1, "roadmap_id": "genai-2026", "given": "A", "is_right": False, "at": at.clock.now()}

    def miss(work: Work) -> None:
        accounts = work.session.scalars(select(AccountRow.id).limit(3)).all()
        for item in bank.items[:2]:
            work.session.add_all(
                QuizAnswer(account_id=account, item_id=item.id, rating=1, **common) for account in accounts
            )

    await at.app.database.run(miss)
    await at.say("mo", "gaps")
    await at.press("mo", "Write note on")
    await at.say("mo", "gaps")
    await at.press("mo", "Skip")
    await at.press("mo", "Undo")


async def _moderate(at: World, seen: Seen) -> None:
    previews: list[Reply] = []
    for line in (
        "home",
        "privacy show",
        "privacy export",
        "privacy forget",
        "report",
        "audit",
        "doctor",
        "preview",
        "cohort status",
        *(f"schedule move {unit} 'tomorrow 7pm'" for unit in range(2, 9)),  # one of them is the next
        "schedule skip 20 confirm=yes",
        "schedule restore 20 confirm=yes",
        *(f"schedule extend 'in {days} days 20:00' unit={unit}" for days, unit in ((3, 1), (9, 2), (50, 3))),
        "schedule extend '2020-01-01 10:00'",
        "retry",
        "export",
        "calendar",
        "calendar",
        "calendar new",
        "calendar off",
        "progress ada",
        "excuse",
        "excuse @chloe 1 ill all week",
        "excuse @chloe 1 ill all week",
        "void @ada 1 not for us",
        "excuse @nobody 1 ill",
        "correct @ada 1 slip minutes=20",
        "lift @chloe 1 she was there",
        "cohort remove @chloe",
    ):
        reply = await at.say("mo", line)
        if line.startswith(("schedule", "void")) and reply.buttons and reply.tone != "error":
            previews.append(reply)
    for reply in previews:
        await at.press("mo", reply.buttons[0].label, of=reply)
    await at.press("mo", "Show earlier", of=await at.say("mo", "audit"))
    for name in ("manage check", "privacy stored", "privacy readers"):
        await at.call("mo", Call(name))
    await _spend(at)
    for who in ("ada", "mo"):
        await at.say(who, "usage")
    await at.say("ada", "progress")
    await at.say("mo", "preview")
    await at.press("mo", "Next")
    await at.say("mo", "preview")
    await at.press("mo", "Post now")
    await at.press("mo", "Post it")
    await at.tick()
    await at.say("ada", "checkin 40 read on")
    edited = await at.press("ada", "Edit", {"note": "read it again"})
    await at.press("ada", "Move check-in", {"unit": "1"}, of=edited)
    await at.say("mo", "cohort edit")
    await at.press("mo", "Change the group", {"rhythm": "tue 10:00 - sun 20:00"})
    await at.press("mo", "Confirm")
    await at.say("mo", "cohort edit moderators=@ada reminders=off hints=off")
    await at.press("mo", "Confirm")
    await at.say("mo", "cohort pause 2 reason=holidays")
    await at.press("mo", "Confirm")
    await at.tick()
    await at.say("mo", "cohort status")
    await at.say("mo", "cohort resume")
    await at.tick()


async def _meet(at: World, seen: Seen) -> None:
    """Hold one live hour and cancel another."""
    await _write(at)
    for line in (
        "session next",
        "session host",
        "session plan",
        "session plan sat",
        "session plan 'sat 18:00' topic=*Q*",
    ):
        await at.say("ada", line)
        await at.say("mo", line)
    await at.press("mo", "Post it")
    await at.tick()
    posted = next(post for post in await at.posts() if post.title.startswith("Live session"))
    for label in ("Maybe", "Can't come", "I'll come", "I can host"):
        await at.press("ada", label, of=posted)
    for line in ("session next", "session host no"):
        await at.say("ada", line)
    await at.say("mo", "session next")
    await at.press("mo", "Move session", {"at": "sun 18:00"})
    await at.press("mo", "Move session")
    await at.after(days=7)
    for cancel in ("session next", "session cancel"):
        await at.say("mo", "session plan 'sat 18:00' confirm=yes")
        await at.press("mo", "Cancel session", of=await at.say("mo", cancel))
    await at.tick()


async def _write(at: World) -> None:
    """Have two who never started written to, after the first unit."""
    await at.say("mo", "digest")
    await at.say("ben", "undo")
    await at.after(days=3)
    for line in ("digest", "digest weekly=no", "digest weekly=yes", "digest"):
        await at.say("mo", line)
    read = at.last["mo"]
    (send, *_) = (button.label for button in read.all_buttons if button.label.startswith("Send to "))
    await at.press("mo", send, of=read)
    await at.press("mo", send, of=read)
    await at.press("mo", "Copy messages", of=read)
    await at.call("mo", Call("digest news", {"on": "yes"}))
    await at.tick()


async def _season(at: World, seen: Seen) -> None:
    for week in range(14):
        if (await at.say("ben", "pledge")).tone != "error":
            await at.press("ben", at.last["ben"].buttons[-1].label)
        if week % 3:
            await at.say("ada", f"checkin 45 week {week}")
        await at.after(days=7)
    posts = [post for _, thread in await at.threads() for post in thread]
    newest = next(post for post in reversed(posts) if any(button.label == "A" for button in post.all_buttons))
    for who in ("ada", "ben", "guest"):
        await at.press(who, "A", of=newest)
    await at.press("ada", "B", of=newest)
    await at.say("ada", "progress")
    await at.press("ada", "All units")
    await at.press("ada", "Show earlier")
    for line in ("report", "doctor", "cohort status"):
        await at.say("mo", line)
    await at.say("ada", "leaderboard season")


async def _legs(at: World, seen: Seen) -> None:
    """Catch up a leg, show its certificate, and go on with the next."""
    await at.say("ben", "certificate 1")
    for number in range(1, 8):
        await at.say("ada", f"checkin 30 unit={number} caught up")
    await at.press("ada", "Share certificate", of=await at.say("ada", "certificate 1"))
    await at.say("mo", "cohort pace")
    finished = next(post for post in await at.posts() if post.title.endswith("is complete"))
    await at.press("ada", "Continue", of=finished)


async def _show(at: World, seen: Seen) -> None:
    """Show solutions, give feedback and thanks, and take them back."""
    await at.press("ada", "Show my solution", {"text": "A *sorted* <list>"}, of=await at.say("ada", "solutions 1"))
    await at.say("chloe", "solutions 1")
    await at.say("guest", "solutions 1")
    await at.say("ben", "checkin 30 unit=1 tried it")
    seen_by_ben = await at.say("ben", "solutions 1")
    await at.press("ben", "Give feedback", {"done": "1", "sentence": "*Clear* <names>"}, of=seen_by_ben)
    await at.press("ben", "Thanks", of=seen_by_ben)
    await at.press("ben", "Show my solution", {"text": "Another", "seen": "group"}, of=seen_by_ben)
    others = await at.say("ada", "solutions 1")
    own = await at.press("ada", "Next solution", of=others)
    await at.press("ada", "Edit solution", {"link": "https://example.org/list"}, of=own)
    await at.press("ada", "Thanks", of=own)
    await at.press("mo", "Remove solution", of=await at.say("mo", "solutions 1"))
    await at.press("ada", "Remove solution", of=own)


async def _review(at: World, seen: Seen) -> None:
    """Review what is due, as far as the day's cap."""
    await at.say("ada", "review cap=2")
    await at.press("ada", "Review now")
    for one in await posed(at):
        told = await answer(at, "ada", one)
        await at.press("ada", "Was easy")
        await at.press("ada", "Guessed", of=told)
        await at.press("ada", "Next" if one.place == 1 else "Result")
    await at.say("ada", "review")


async def _end(at: World, seen: Seen) -> None:
    await at.say("mo", "cohort create name=Larks timezone=UTC confirm=yes", room="lobby")
    for line in ("transfer", "transfer Larks"):
        await at.say("ada", line)
    await at.press("ada", "Move")
    await at.say("mo", "report", room="lobby")
    await at.press("ada", "Move back")
    await at.press("ada", "Move")
    await at.say("ben", "leave")
    await at.say("mo", "cohort end")
    await at.press("mo", "End group")
    await at.after(days=8)
    await at.say("ada", "topic")
    await at.say("mo", "preview")
    await at.call("ada", Call("show post", {"of": "1"}))
    finished = next(one for one in await at.posts() if one.title.endswith("has finished"))
    await at.press("ada", "Certificate", of=finished)
    await at.press("mo", "Start next round", of=finished)


async def _set_up(at: World) -> None:
    """Walk through every step and change it."""
    await at.say("mo", "setup")
    await at.press("mo", "Paste outline", {"text": "# Club & <@1>\n## Part\n- One\n" + "- Two\n" * 150})
    await at.press("mo", "Use outline")
    await at.press("mo", "Choose a part", {"part": "2"})
    await at.press("mo", "Statistics")
    await at.press("mo", "Choose first unit", {"first_unit": "2"})
    for values in ({"name": "Owls & <@1>"}, {"timezone": "Europe/Berlin"}, {"pace": "2 weeks"}, {"channel": "general"}):
        await at.press("mo", "Next")
        await at.press("mo", "Choose" if "timezone" in values else "Change", values)
    await at.press("mo", "Next")
    await at.press("mo", "Change details", {"start": "today"})


async def _outlines(at: World) -> None:
    """Bring an outline, read it, change it, and remove it."""
    await at.say("mo", "outline show")
    for text in ("# Book *club*\n- One\n- Two", "# Other\n" + "- Unit\n" * 190):
        await at.call("mo", Call("outline add", {"text": text}))
        await at.press("mo", "Start a group", of=await at.press("mo", "Confirm"))
    for line in ("outline show", "outline show own-2", "outline edit own-1 text=# Book", "outline remove Other"):
        await at.say("mo", line)
    await at.say("mo", "outline show own-2 page=2")
    for line in ("manage course drafts", "manage course draft"):
        await at.say("mo", line)
    await at.say("mo", "manage course export")
    await at.press("mo", "Export Book club")
    for label in ("As a folder", "Questions as CSV", "Questions for Anki", "As Markdown"):
        await at.press("mo", label)
    table = "Unit,Question,Right answer,Choices\nOne,What?,a,b\nThree,Where?,a,b\n"
    await at.call("mo", Call("outline edit", {"outline": "own-1", "file": raw("questions.csv", table.encode())}))
    await at.press("mo", "Confirm")
    await at.say("mo", "outline show own-2 page=2")
    await at.press("mo", "Remove")
    await at.press("mo", "Remove")
    await at.call("mo", Call("outline edit", {"outline": "own-1", "text": "# Book club\n- One\n- Three"}))
    await at.press("mo", "Confirm")


async def _begin(at: World, seen: Seen) -> None:
    await _outlines(at)
    await _set_up(at)
    await at.press("mo", "Start the group")
    await at.press("mo", "Join")
    await at.say("mo", "setup")
    await at.say("ada", "join")
    await at.after(days=1)
    await at.say("mo", "manage create name=Readers timezone=UTC course=own-1 start=today confirm=yes", room="lobby")
    await at.say("ada", "join", room="lobby")
    await at.after(days=1)
    await _questions(at, "lobby")
    await _units(at, "lobby")


async def _questions(at: World, room: str) -> None:
    """Write, suggest, judge and list quiz questions of the server's own course."""

    def question(number: int) -> dict[str, str]:
        return {"question": f"What is *hola* <@{number}>?", "right": "hello", "wrong": "bye\nyes", "unit": "1"}

    await at.say("mo", "questions list", room=room)
    await at.press("mo", "Unit 1: One", room=room)
    await at.call("ada", Call("questions suggest", question(1)), room=room)
    await at.call("mo", Call("questions suggest", question(2)), room=room)
    await at.press("mo", "Accept question", room=room)
    await at.call("ada", Call("questions suggest", question(7)), room=room)
    await at.say("mo", "questions list", room=room)
    await at.press("mo", "Review suggestions", room=room)
    await at.press("mo", "Edit question", {"why": "It greets."}, room=room)
    await at.press("mo", "Refuse question", room=room)
    for number in range(3, 7):
        await at.call("mo", Call("manage course question", question(number)), room=room)
    await at.press("mo", "Next", of=await at.press("mo", "Show questions", room=room), room=room)
    await at.press("mo", "Previous", room=room)
    await at.press("mo", "Open question 1", room=room)
    await at.press("ada", "Take a quiz", of=await at.say("ada", "questions list", room=room), room=room)


async def _units(at: World, room: str) -> None:
    """Set the exercise of a unit, and copy the course."""
    choice = await at.say("mo", "manage course unit", room=room)
    await at.press("mo", choice.buttons[0].label, {"exercise": "Sing <@1>"}, room=room)
    await at.press("mo", "Show unit", room=room)
    written = {"course": "own-1", "place": "unit:one", "field": "goals", "text": "Sing *high* <@1>"}
    for goals in ("", "Hum"):
        await at.call("mo", Call("manage course write", {**written, "before": goals}), room=room)
    added = {"course": "own-1", "action": "add", "text": "One *more* <@1>"}
    await at.call("mo", Call("manage course arrange", added), room=room)
    await at.press("mo", "Undo", room=room)
    await at.say("mo", "manage course show own-1", room=room)
    await at.press("mo", "Copy course", room=room)
    await at.press("mo", "Show course", room=room)


async def _unit(at: World, index: int) -> str:
    return next(iter(at.app.library.values())).roadmap.units[index].id


GROUPS = 25
LONG_NAME = "maximiliana featherstonehaugh-cholmondeley of upper wherever and of nether where"


async def _crowd(at: World, seen: Seen) -> None:
    """Have one person with a long name in as many groups as she may have, and moderate them all."""
    rooms = [f"room-{number:02}" for number in range(GROUPS)]
    for room in rooms:
        name = f"{room}-{'of-an-evening-circle-' * 5}"[:60]  # one word: it counts in every reply's length
        await at.say("mo", f'cohort create name="{name}" timezone=UTC confirm=yes', room=room)
        await at.say(LONG_NAME, "join", room=room)
    await at.after(hours=2)
    for room in rooms[1:]:
        await at.say(LONG_NAME, f"checkin 45 {'all that I did, ' * 20}", room=room)
    for line in CROWDED:
        for who in (LONG_NAME, "mo"):
            for room in (f"@{who}", rooms[1]):
                reply = await at.say(who, line, room=room)
                if reply.plain() == "Which group do you mean?":
                    await at.press(who, reply.buttons[0].label, room=room)
    room = "@mo"
    await at.press("mo", "Next", of=await at.say("mo", "doctor", room=room), room=room)
    await at.press("mo", "Mastering", of=await at.say("mo", "quiz", room=room), room=room)


CROWDED = (
    "home",
    "groups",
    "help",
    "quiz",
    "roadmap",
    "topic",
    "progress",
    "leaderboard",
    "pledge",
    "checkin 45 read",
    "transfer",
    "leave",
    "review",
    "usage",
    "session next",
    "buddies",
    "certificate",
    "my streak",
    "when is the deadline?",
    "doctor",
    "report",
    "digest",
    "cohort status",
    "privacy show",
    "privacy export",
    "privacy forget",
    "dashboard",
)
"""What is asked by somebody who has many groups."""
