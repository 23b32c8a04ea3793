"""A small bot of invented commands behind the real dispatcher, and Discord's side of it in process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Annotated, Any, Literal, TypeVar, cast

import simcord
from simcord.backend.models import ResponseKind

from bot.base.rate_limiter import LocalLimiterStore, Rate, Throttle
from bot.chat.platform import Tell
from bot.commands.command import Command, OnMessage, Param, SuggestedValue, command
from bot.commands.context import Context, Place
from bot.commands.parameter_types import Attachment, MemberRef, Minutes, RoomRef, Url, Zone
from bot.commands.ports import Show
from bot.messages import markup
from bot.messages.errors import BadInput, NotAllowed, TooMuch
from bot.messages.picture import EMPTY, Gallery
from bot.messages.reply import Button, Image, Reply, Text, say
from bot.platforms.discord.adapter import DiscordPlatform
from tests import kit
from tests.commands.sample_commands import HEARING

T = TypeVar("T")
ROW = Image("figure", {"figure": "row"}, "Five boxes in a row", "_Figure:_ five boxes")
HOSTILE = "@everyone @here <@1> <@&2> <#3> <:x:4> <t:0:F> **b** [a](http://evil.example) `c` ||s|| # h"


class Free(LocalLimiterStore):
    """A pace that keeps nobody waiting: time stands still here."""

    async def take(self, name: str, rate: Rate, count: int, most_s: float) -> float:
        return -1.0


@dataclass
class Stage:
    """What a slow command may hold: a way to show where it is, and what the test makes of it."""

    show: Show
    world: World


@command("help", writes=False)
def help_(ctx: Context, name: str = "") -> Reply:
    """Say what there is."""
    return say(f"Help for {markup.name(ctx.actor.external_id, ctx.actor.name)}")


@command("hello", writes=False)
def hello(ctx: Context) -> Reply:
    """Greet privately."""
    return say(f"Hello {markup.escape(ctx.actor.name)}", buttons=(Button("Again", bump.call(n=1)),))


@command("look", writes=False)
def look(ctx: Context, page: int = 1) -> Reply:
    """Show a picture privately, and on its second page none."""
    blocks = (Text("A row."), ROW) if page == 1 else (Text("No row."),)
    ways = (Button("Turn", look.call(page=3 - page)), Button("Stay", look.call(page=page)))
    return Reply(blocks, ways, title="Page", accent=1, replaces=True)


@command("shout", private=False, writes=False)
def shout(ctx: Context, words: str = "hey") -> Reply:
    """Say something to all."""
    return say(markup.escape(words), title="Shout", buttons=(Button("Count", bump.call(n=1)),))


@command("refuse", private=False)
def refuse(ctx: Context) -> Reply:
    """Refuse in public."""
    raise NotAllowed("Only on Sundays.")


@command("hurry", private=False)
def hurry(ctx: Context) -> Reply:
    """Be asked too fast."""
    raise TooMuch("Please go on in 9 seconds.")


@command("keep", form=True, initial=lambda ctx: {}, on_message=OnMessage("Keep it", "text", "author"))
def keep(
    ctx: Context,
    text: Annotated[str | None, Param("Text", long=True, max=3000)] = None,
    file: Annotated[Attachment | None, Param("File", max=1000)] = None,
    author: Annotated[str | None, Param("Author", in_form=False)] = None,
) -> Reply:
    """Keep a text or a file."""
    return say(f"Kept {markup.escape(file.name + ': ' + file.text if file else text or '')} by {author}")


@command("share")
def share(ctx: Context) -> Reply:
    """Answer a private command for all."""
    return say("For all to see").settled("public")


@command("crash", private=False)
def crash(ctx: Context) -> Reply:
    """Fail by mistake."""
    raise RuntimeError("boom")


@command("bump", hidden=True)
def bump(ctx: Context, n: int) -> Reply:
    """Count up in place."""
    return Reply(say(f"Count {n}").blocks, (Button("Count", bump.call(n=n + 1)),), audience="public", replaces=True)


@command("whisper", hidden=True)
def whisper(ctx: Context) -> Reply:
    """Change a message for one person."""
    return Reply(say("Between us").blocks, replaces=True)


@command("checkin", form=True, title="Check in", form_note="Moderators read the note.")
def checkin(
    ctx: Context,
    minutes: Annotated[Minutes, Param("Time spent", example="45m", note="Any way you like to write it")],
    note: Annotated[str, Param("What you did", long=True, max=500)],
    link: Annotated[Url | None, Param("Where it can be seen")] = None,
    mood: Annotated[Literal["fine", "tired"], Param("How it went")] = "fine",
    share_it: Annotated[bool, Param("Show it to all")] = False,
    unit: Annotated[str, Param("Unit", in_form=False)] = "",
) -> Reply:
    """Log what you did."""
    if minutes > 720:
        raise BadInput("A day has 720 minutes here.", field="minutes")
    return say(
        f"Logged {minutes} min: {markup.escape(note)} ({mood}, {share_it}, {markup.escape(unit)})",
        tone="good",
        buttons=(Button("Edit", checkin.ask(minutes=minutes)),),
    )


@command("ask", private=False, slow=True)
async def ask(ctx: Context, question: str, *, stage: Stage) -> Reply:
    """Answer a question slowly."""
    throttle = Throttle(stage.show, 0.0)
    throttle.offer(say("Looking…"))
    await asyncio.sleep(stage.world.slowness)
    for n in range(len(stage.world.states)):
        throttle.offer(say(" ".join(stage.world.states[: n + 1])))
        await asyncio.sleep(0.3)
    await throttle.stop()
    if question == "forbidden":
        raise NotAllowed("Not that one.")
    return say(f"You asked: {markup.escape(question)}")


@command("step", form=True, slow=True, in_place=True)
async def step(ctx: Context, n: Annotated[int, Param("Number")]) -> Reply:
    """Walk on in one message."""
    ways = (Button("Next", step.call(n=n + 1)), Button("Change", step.ask()))
    return replace(say(f"Step {n}", buttons=ways), replaces=True)


def suggest_names(ctx: Context, typed: str) -> list[SuggestedValue]:
    return [SuggestedValue(name, name.lower()) for name in ("Owls", "Larks") if typed.lower() in name.lower()]


@command("cohort create", form=True, role="moderator")
def group_create(
    ctx: Context,
    name: Annotated[str, Param("Name", suggest=suggest_names)],
    timezone: Annotated[Zone, Param("Time zone")],
    start: Annotated[date | None, Param("First day")] = None,
    channel: Annotated[RoomRef | None, Param("Channel")] = None,
    lead: Annotated[MemberRef | None, Param("Who leads")] = None,
    size: Annotated[int, Param("Size")] = 5,
    notes: Annotated[str, Param("Notes", max=600)] = "",
) -> Reply:
    """Make a group."""
    return say(f"{markup.escape(name)} in {timezone}, #{channel}, {lead}, {size}, {start}, {markup.escape(notes, 600)}")


@command("cohort end", role="moderator")
def group_end(ctx: Context) -> Reply:
    """End a group."""
    return say("Ended")


@command("show", hidden=True, writes=False)
def show(ctx: Context, id: str, *, drafts: kit.Drafts) -> Reply:
    """Show what was set aside."""
    found = drafts.kept[id]
    if found[0] != ctx.actor.account_id:
        raise NotAllowed("That answer is for somebody else.")
    assert found[2] is not None
    return found[2]


COMMANDS: tuple[Command, ...] = (
    help_,
    hello,
    look,
    shout,
    refuse,
    hurry,
    share,
    crash,
    bump,
    whisper,
    checkin,
    ask,
    step,
    group_create,
    group_end,
    show,
    keep,
    *HEARING,
)


@dataclass
class World(kit.Memory):
    """Everything that an app would give the dispatcher, in memory."""

    slowness: float = 0.0
    states: tuple[str, ...] = ()
    news: str = ""
    reports: list[str] = field(default_factory=list)
    usable: list[Place] = field(default_factory=list)
    let_in: list[tuple[Place, Place]] = field(default_factory=list)
    hello: Reply | None = None

    async def arrived(self, into: Place, read_in: Place, tell: Tell) -> None:
        self.let_in.append((into, read_in))
        if self.hello is not None:
            await tell(self.hello)

    def __post_init__(self) -> None:
        self.dispatcher = self.at(COMMANDS, epilogue=self.tell)
        self.registry = self.dispatcher.registry

    def tell(self, work: bool, ctx: Context, reply: Reply) -> Reply:
        return replace(reply, blocks=(*reply.blocks, Text(self.news))) if self.news else reply

    def given(self, show: Show) -> Mapping[type, object]:
        return {Stage: Stage(show, self), kit.Drafts: self.drafts}


@dataclass
class Server:
    """A server with a channel, two members and a moderator, and the bot connected to it."""

    env: simcord.Env
    world: World
    platform: DiscordPlatform
    guild: simcord.GuildHandle
    channel: simcord.ChannelHandle
    ada: simcord.MemberActor
    bo: simcord.MemberActor

    @property
    def me(self) -> str:
        """The bot's own id."""
        return str(self.env.backend.bot_user.id)

    def requests(self, method: str, path: str) -> list[Any]:
        """Return the bodies of the bot's requests whose path contains `path`."""
        return [r.json for r in self.env.http_requests if r.method == method and path in r.path]

    def no_form_answers_a_form(self) -> bool:
        """Whether Discord would have taken every modal: none was the answer to a submitted one."""
        interactions = self.env.backend.interactions.values()
        return not any(i.type == 5 and i.response_kind is ResponseKind.MODAL for i in interactions)


@asynccontextmanager
async def connected(
    world: World | None = None, gallery: Gallery = EMPTY, *, shows_all: bool = False
) -> AsyncIterator[Server]:
    """Yield a server with the bot in it; at the end no modal may have answered a modal.

    Args:
        shows_all: whether the commands of moderators are shown to everybody.
    """
    world = world or World()

    async def usable(place: Place) -> None:
        world.usable.append(place)

    platform = DiscordPlatform(
        "token", limiter_store=Free(), report_usable=usable, arrived=world.arrived, gallery=gallery, shows_all=shows_all
    )
    client = platform.open(world.registry, world.dispatcher, world.reports.append)
    async with simcord.run(client, shard_count=1, settle_timeout=8) as env:
        _as_discord_has_threads(env)
        guild = env.create_guild("Study hall")
        channel = guild.create_text_channel("general")
        ada = guild.add_member(env.create_user("ada", global_name="Ada"))
        bo = guild.add_member(env.create_user("bo", global_name="Bo"))
        await env.settle()
        server = Server(env, world, platform, guild, channel, ada, bo)
        yield server
        assert server.no_form_answers_a_form()


_HAS_THREAD = 1 << 5


def _as_discord_has_threads(env: simcord.Env) -> None:
    """Mark a message that has a thread, and give a forum post one id with its first message: simcord does neither."""
    opened, fresh, begun = env.backend.create_forum_post, env.backend.snowflake, env.backend.create_thread

    def begin(parent: int, name: str, owner: int, **more: Any) -> Any:
        if message := more.get("message_id"):
            env.backend.messages[parent][message].flags |= _HAS_THREAD
        return begun(parent, name, owner, **more)

    env.backend.create_thread = begin  # type: ignore[method-assign, assignment]

    def create(forum: int, name: str, starter: Any, **more: Any) -> Any:
        ids = iter((starter.id,))
        env.backend.snowflake = lambda: next(ids, None) or fresh()  # type: ignore[method-assign]
        try:
            return opened(forum, name, starter, **more)
        finally:
            env.backend.snowflake = fresh  # type: ignore[method-assign]

    env.backend.create_forum_post = create  # type: ignore[method-assign, assignment]


def said(message: Any) -> str:
    """Return everything that a message says."""
    assert message is not None
    return "\n".join(filter(None, [message.content, *(e.description or "" for e in message.embeds)]))


def fields_of(modal: dict[str, Any] | None) -> dict[str, dict[str, Any]]:
    """Return a modal's controls by the key of what they ask for."""
    assert modal is not None
    controls = [c["component"] for c in modal["components"] if c["type"] == 18]
    return {str(c["custom_id"]).partition("~")[0]: cast(dict[str, Any], c) for c in controls}
