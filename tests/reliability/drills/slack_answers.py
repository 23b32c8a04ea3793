"""Slack answering badly to answers: it refuses for a while, fails, speaks nonsense, cuts, is silent."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import Any

from aiohttp import web

from bot.platforms.slack.client import REQUEST_S
from tests.platforms.slack.stub import TEAM
from tests.reliability.drills.frame import Scene, drill, expect
from tests.reliability.drills.slack import Slack

TROUBLES = ("429", "500", "500 after", "malformed", "text", "nonsense", "cut", "cut after", "silent", "silent after")
"""What goes wrong with one request; with `after` and with nonsense it has been carried out all the same."""
UNDONE = {"429", "500", "cut", "silent"}
SILENT_S, TRIGGER_S = 40.0, 3.0
TWICE = "may see this twice"
"""Of what is said in a message that is given once more because nobody can look whether it had arrived."""


@dataclass
class Said:
    """What one person alone reads, and the forms that opened for them."""

    alone: list[str] = field(default_factory=list)
    forms: int = 0


class Upset(Slack):
    """A Slack of which some requests go wrong, each once, by what they are about; or all of a kind, while it lasts."""

    def __init__(self) -> None:
        super().__init__()
        self.upsets: dict[tuple[str, str], str] = {}
        self.lasting: dict[str, str] = {}
        self.read: dict[str, Said] = {}
        self.standing: dict[str, dict[str, str]] = {}
        self.triggers: dict[str, tuple[str, float]] = {}
        self.owners: dict[str, str] = {}

    def of(self, who: str) -> Said:
        """Return what somebody has read."""
        return self.read.setdefault(who, Said())

    def below(self, room: str) -> list[str]:
        """Return what stands in a room by now, as it was edited."""
        return list(self.standing.get(room, {}).values())

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        said = (await request.json()) if request.content_type == "application/json" else {}
        said |= dict(request.query) | dict(await request.post())
        about = next((str(said[key]) for key in ("trigger_id", "user", "channel") if said.get(key)), "")
        trouble = self.lasting.get(method) or self.upsets.pop((method, about), "")
        return await self._fails(request, trouble, super()._api) if trouble else await super()._api(request)

    async def _hook(self, request: web.Request) -> web.Response:
        kind = str((await request.json()).get("response_type"))
        trouble = self.upsets.pop((kind, request.match_info["name"]), "")
        return await (self._fails(request, trouble, self._told) if trouble else self._told(request))

    async def _fails(self, request: web.Request, trouble: str, carry_out: Any) -> Any:
        if trouble not in UNDONE:
            await carry_out(request)
        match trouble:
            case "429":
                return web.Response(status=429, headers={"Retry-After": "1"})
            case "500" | "500 after":
                return web.Response(status=500, text="<html>oops</html>", content_type="text/html")
            case "malformed":
                return web.Response(text='{"ok": tr', content_type="application/json")
            case "text":
                return web.Response(text="<html>Everything works</html>", content_type="text/html")
            case "nonsense":
                return web.json_response({"ok": True})
            case "silent" | "silent after":
                await asyncio.sleep(SILENT_S)
        if request.transport is not None:
            request.transport.abort()
        return web.Response()

    async def _told(self, request: web.Request) -> web.Response:
        said, name = await request.json(), request.match_info["name"]
        if said.get("delete_original"):  # the promise of an answer, once the answer is there
            self.of(self.owners[name]).alone.clear()
        elif said.get("response_type") == "in_channel":
            self._stands(f"R{name}", said)
        else:
            self.of(self.owners[name]).alone.append(str(said["text"]))
        return web.Response(text="ok")

    def _stands(self, room: str, body: dict[str, Any]) -> str:
        ts = self.ts()
        self.messages.setdefault(room, []).append({**body, "ts": ts})
        self.standing.setdefault(room, {})[ts] = str(body.get("text", ""))
        return ts

    def _chat_postMessage(self, body: dict[str, Any]) -> dict[str, Any]:
        answer = super()._chat_postMessage(body)
        self.standing.setdefault(body["channel"], {})[answer["ts"]] = str(body.get("text", ""))
        return answer

    def _chat_update(self, body: dict[str, Any]) -> dict[str, Any]:
        self.standing[body["channel"]][body["ts"]] = str(body.get("text", ""))
        return super()._chat_update(body)

    def _chat_delete(self, body: dict[str, Any]) -> dict[str, Any]:
        if self.standing[body["channel"]].pop(body["ts"], None) is None:
            return {"ok": False, "error": "message_not_found"}
        return super()._chat_delete(body)

    def _chat_postEphemeral(self, body: dict[str, Any]) -> dict[str, Any]:
        self.of(body["user"]).alone.append(str(body["text"]))
        return super()._chat_postEphemeral(body)

    def _views_open(self, body: dict[str, Any]) -> dict[str, Any]:
        who, until = self.triggers.pop(body["trigger_id"], ("", 0.0))
        if not who:
            return {"ok": False, "error": "exchanged_trigger_id"}
        if until < time.monotonic():
            return {"ok": False, "error": "expired_trigger_id"}
        self.of(who).forms += 1
        return super()._views_open(body)

    async def types(self, name: str, text: str, who: str, room: str) -> None:
        """Have somebody type a command, whose trigger lives for three seconds."""
        self.owners[name], self.triggers[f"{name}.1.x"] = who, (who, time.monotonic() + TRIGGER_S)
        assert await self.command(name, text, who, room), f"{name!r} was not acknowledged"

    async def mentions(self, text: str, who: str, room: str) -> None:
        """Have somebody say a line to the bot in a channel."""
        await self.event("app_mention", user=who, text=f"<@U0BOT> {text}", channel=room, ts=self.ts())


@drill(
    does="Slack meets answers, forms and look-ups with 429, 500, half a JSON, a web page, nothing, a cut or silence",
    sees="One answer within 15 s, a form within 5 s. A repeated private answer says so. Other people don't wait",
    holds="Each person who joined is in the group once. People whose look-up failed aren't",
)
async def slack_answers_people_badly(s: Scene) -> None:
    slack = Upset()
    await slack.start()
    s.stack.push_async_callback(slack.stop)
    s.given |= slack.settings
    await s.live()
    s.change(f"UPDATE tenant SET platform = 'slack', external_id = '{TEAM}'")
    s.change("UPDATE study_group SET room = 'C1'")
    bot = s.bot()
    await bot.begin(said="slack is ready")
    await bot.says("the note index is ready")
    before, troubled = s.count("membership"), (_alone, _for_all, _whispered, _form, _edited, _known)
    async with asyncio.TaskGroup() as group:
        all_told = [group.create_task(told(s, slack, n, one)) for n, one in enumerate(TROUBLES) for told in troubled]
        group.create_task(_others(s, slack, all_told))
        group.create_task(_looks(s, slack))
    await asyncio.sleep(3)  # for what is said once more because nobody said that it had arrived
    assert not slack.upsets, f"each trouble was met: {slack.upsets}"
    for n, trouble in enumerate(TROUBLES):
        _compare(slack, n, trouble)
    assert s.count("membership") == before + 2 * len(TROUBLES) + 1, s.count("membership")
    assert "Traceback" not in bot.log_so_far


async def _others(s: Scene, slack: Upset, meanwhile: list[asyncio.Task[None]]) -> None:
    """See that who meets no trouble is answered at once meanwhile."""
    for n in count():
        if all(task.done() for task in meanwhile):
            break
        who = f"UO{n}"
        await slack.types(f"other{n}", "help", who, f"Rother{n}")
        await s.until(partial(getattr, slack.of(who), "alone"), 4, "others are answered at once")
        await asyncio.sleep(0.5)


async def _within(s: Scene, is_so: Any, within_s: float, what: str) -> None:
    at = time.monotonic()
    await s.until(is_so, within_s, what)
    print(f"{what}: {time.monotonic() - at:.1f} s")


async def _alone(s: Scene, slack: Upset, n: int, trouble: str) -> None:
    """Have a command be answered to one person alone."""
    slack.upsets["ephemeral", f"alone{n}"] = trouble
    await slack.types(f"alone{n}", "join", f"UA{n}", "C1")
    await _within(s, lambda: slack.of(f"UA{n}").alone, 15, f"a private answer after {trouble}")


async def _for_all(s: Scene, slack: Upset, n: int, trouble: str) -> None:
    """Have a slow command be answered to all."""
    name = f"all{n}"
    slack.upsets |= {("chat.postMessage", f"R{name}"): trouble, ("users.info", f"UB{n}"): "silent"}
    await slack.types(name, "ask what is a tuple?", f"UB{n}", f"R{name}")
    await _within(s, lambda: "uple" in str(slack.below(f"R{name}")), 15, f"an answer for all after {trouble}")


async def _whispered(s: Scene, slack: Upset, n: int, trouble: str) -> None:
    """Have a mention be answered to one person alone."""
    slack.upsets["chat.postEphemeral", f"UC{n}"] = trouble
    await slack.mentions("help", f"UC{n}", f"Rwhisper{n}")
    await _within(s, lambda: slack.of(f"UC{n}").alone, 15, f"a whisper after {trouble}")


async def _form(s: Scene, slack: Upset, n: int, trouble: str) -> None:
    """Have a command want its form."""
    await slack.types(f"joins{n}", "join", f"UD{n}", "C1")
    await s.until(lambda: slack.of(f"UD{n}").alone, 15, "joined")
    slack.of(f"UD{n}").alone.clear()
    slack.upsets["views.open", f"form{n}.1.x"] = trouble
    await slack.types(f"form{n}", "settings", f"UD{n}", f"Rform{n}")
    await _within(s, lambda: slack.of(f"UD{n}").forms or slack.of(f"UD{n}").alone, 5, f"a form after {trouble}")


async def _edited(s: Scene, slack: Upset, n: int, trouble: str) -> None:
    """Have an answer take the place of its first word."""
    room = f"Redit{n}"
    slack.upsets |= {("chat.update", room): trouble, ("users.info", f"UE{n}"): "silent"}
    await slack.mentions("ask what is a tuple?", f"UE{n}", room)
    await _within(s, lambda: "uple" in str(slack.below(room)), 15, f"an edited answer after {trouble}")


async def _known(s: Scene, slack: Upset, n: int, trouble: str) -> None:
    """Have somebody be unknown who types a command."""
    slack.upsets["users.info", f"UF{n}"] = trouble
    await slack.types(f"known{n}", "help", f"UF{n}", f"Rknown{n}")
    await _within(s, lambda: slack.of(f"UF{n}").alone, 5, f"an answer to somebody unknown after {trouble}")


async def _looks(s: Scene, slack: Upset) -> None:
    """Have a room be looked at in vain, and then not, for people who ask for their group in direct messages."""
    for n, trouble in enumerate(("500", "malformed", "text", "nonsense", "cut", "silent")):
        slack.lasting["conversations.info"] = trouble
        await slack.types(f"look{n}", "join", f"UG{n}", f"D{n}")
        await _within(s, partial(slack.below, f"D{n}"), 8, f"a look after {trouble}")
        expect(slack.below(f"D{n}")[-1], "can't check right now")
    slack.lasting.clear()
    await asyncio.sleep(REQUEST_S)  # who asks again waits for the same look
    await slack.types("look", "join", "UG0", "Dlook")
    await _within(s, partial(slack.below, "Dlook"), 8, "a look that is answered")
    expect(slack.below("Dlook")[-1], "You're in")


def _compare(slack: Upset, n: int, trouble: str) -> None:
    """Compare what people have read with what they should."""
    for who in (f"UA{n}", f"UC{n}"):
        told = slack.of(who).alone
        plain = [one for one in told if TWICE not in one]
        assert len(plain) <= 1 and len(told) - len(plain) <= 1, (trouble, who, told)
    asked = slack.of(f"UD{n}")
    assert (asked.forms, len(asked.alone)) == (1, 0), (trouble, asked)
    for room in (f"Rall{n}", f"Redit{n}"):
        below = slack.below(room)
        assert len(below) == 1 and "uple" in below[0], (trouble, room, below)
    assert len(slack.of(f"UF{n}").alone) == 1, (trouble, slack.of(f"UF{n}"))
    expect(slack.of(f"UF{n}").alone[0], "cohort", "study")
