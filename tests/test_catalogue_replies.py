"""Every reply of a long dialogue on every platform, within what each of them takes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache, reduce
from html import unescape
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.commands.context import Account
from bot.commands.parsing import Ready, plan
from bot.curriculum.track import Library
from bot.features.digest import wording as digest_wording
from bot.features.groups.calendar.pacing import Slot
from bot.features.groups.calendar.timeline import Opened
from bot.features.groups.service import Groups
from bot.features.groups.tables import Group
from bot.features.schedule import wording
from bot.html import render as web_render
from bot.messages.call import DRAFT, INSTEAD, MORE, PACKED_MAX, SEEN, WRONG
from bot.messages.paging import Fits, split_reply
from bot.messages.reply import File, Image, Reply
from bot.platforms.discord import limits as discord_limits
from bot.platforms.discord import markdown as discord_text
from bot.platforms.discord import render as discord_render
from bot.platforms.discord.markdown import UNREGISTERED, Commands, Registered
from bot.platforms.slack import limits as slack_limits
from bot.platforms.slack import render as slack_render
from bot.platforms.terminal.adapter import _Chat
from bot.runtime.catalogue import registry
from bot.storage.unit_of_work import Work
from bot.understanding.intents import hear
from tests.examples import sample
from tests.harness import MONDAY, world
from tests.tour import GROUPS, shape_of, tour

pytestmark = pytest.mark.xdist_group("tour")  # one process lives through the dialogue
TAG = "abcdefghij0123456789"
REGISTRY = registry()


def numbered(replies: list[tuple[str, Reply]]) -> list[Any]:
    """Return one parameter for each distinct reply."""
    distinct = {json.dumps(reply.to_json(), sort_keys=True): (name, reply) for name, reply in replies}
    return list(distinct.values())


def paged(platform: str) -> list[tuple[str, Reply]]:
    """Return what each reply is on a platform: itself, or its pages."""
    return [(name, page) for name, reply in tour().replies for page in split_reply(reply, FITS[platform])]


def deep(value: object, key: str) -> Iterator[Any]:
    """Yield what stands under a key anywhere inside a payload."""
    if isinstance(value, dict):
        if key in value:
            yield value[key]
        for inner in value.values():
            yield from deep(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from deep(inner, key)


def test_the_dialogue_draws_a_reply_of_every_command() -> None:
    elsewhere = {"certificate link", "certificate unlink", "manage course drafting"}  # need a public address, a model
    assert {c.name for c in registry()} - tour().answered == elsewhere
    assert not [r.plain() for _, r in tour().replies if "Fault" in r.plain() and r.tone == "error"]


def test_no_reply_has_two_buttons_that_do_the_same() -> None:
    for name, reply in tour().replies:
        packed = [b.target if isinstance(b.target, str) else b.target.pack() for b in reply.all_buttons]
        assert len(set(packed)) == len(packed), f"{name}: {packed}"
        labels = [b.label for b in reply.all_buttons]
        assert len(set(labels)) == len(labels), f"{name}: {labels}"


def test_every_button_leads_to_a_command_in_few_characters() -> None:
    for call in tour().calls:
        assert len(call.pack()) <= PACKED_MAX, call.pack()
        command = REGISTRY.find(call.name)
        assert command is not None
        unknown = [k for k in call.args if k not in {DRAFT, INSTEAD, MORE, SEEN, WRONG} and command.param(k) is None]
        assert not unknown, f"{call.pack()} carries what {call.name} does not take"
        assert command.form or not call.ask


def test_a_button_that_opens_a_form_never_runs_without_it() -> None:
    for call in tour().calls:
        command = REGISTRY.find(call.name)
        assert command is not None
        if not call.ask and "draft" not in call.args:
            assert isinstance(plan(command, call, MONDAY.date()), Ready), call.pack()


def test_every_line_that_a_reply_tells_people_to_type_is_a_command() -> None:
    for name, reply in tour().replies:
        for line in typed_lines(reply):
            called = hear(REGISTRY, line, "mention").name
            assert line == called or line.startswith(called + " "), f"{name}: {line}"


REGISTERED: Commands = {one.name: Registered(str(700 + i), one) for i, one in enumerate(REGISTRY.shown)}
KEYED = re.compile(rf"(?<![\w?&/])(?:{'|'.join({p.key for c in REGISTRY.shown for p in c.params})})=")


def typed_lines(reply: Reply) -> list[str]:
    """Return the lines that a reply tells people to type."""
    told = json.dumps(reply.to_json(), ensure_ascii=False).replace("\\u0002", "\x02").replace("\\u0003", "\x03")
    return re.findall(r"\x02c\|([^\x03]*)\x03", told)


def test_each_platform_names_a_command_as_its_people_type_it() -> None:
    lines = [line for _, reply in tour().replies for line in typed_lines(reply)]
    assert any("=" in line for line in lines) and any(re.search(r" \d", line) for line in lines)
    for name, reply in numbered(tour().replies):
        for known in (REGISTERED, UNREGISTERED):
            body = discord_render.message(reply, commands=known)
            words = "\n".join([body["content"], *(e.get("description", "") for e in body["embeds"])])
            assert not KEYED.search(words), f"{name}: {words}"
            assert known is UNREGISTERED or "`/" not in words, f"{name}: {words}"
        for line in typed_lines(reply):
            assert f"`{line}`" in reply.plain()
            assert f"`/study {line}`" in reply.plain(prefix="/study ")


@pytest.mark.parametrize("tag", [None, TAG], ids=["answer", "post"])
def test_discord_draws_every_reply(tag: str | None) -> None:
    for name, reply in numbered(paged("discord")):
        body = discord_render.message(reply, tag=tag)
        size = sum(len(e.get("description", "")) for e in body["embeds"])
        assert len(body["content"]) + size >= 1, name
        assert len(body["content"]) <= 2000
        assert all(len(e.get("description", "")) <= 4096 for e in body["embeds"])
        assert size <= 6000
        assert body["allowed_mentions"]["parse"] == []
        _discord_rows(body["components"], [button.label for button in reply.all_buttons])


def _discord_rows(rows: list[dict[str, Any]], labels: list[str]) -> None:
    assert len(rows) <= 5
    assert all(1 <= len(row["components"]) <= 5 for row in rows)
    buttons = [b for row in rows for b in row["components"]]
    assert [one["label"] for one in buttons] == labels, "a button was left out or cut"
    ids = [b["custom_id"] for b in buttons if "custom_id" in b]
    assert len(set(ids)) == len(ids)
    for button in buttons:
        assert 1 <= len(button["label"]) <= 80
        assert len(button.get("custom_id", "")) <= 100
        assert len(button.get("url", "")) <= 512


@pytest.mark.parametrize("tag", ["", TAG], ids=["answer", "post"])
def test_slack_draws_every_reply(tag: str) -> None:
    for name, reply in numbered(paged("slack")):
        drawn = slack_render.render(reply, tag=tag)
        assert 1 <= len(drawn.text) <= 4000, name
        assert len(drawn.blocks) <= 50
        assert len(json.dumps(drawn.blocks)) <= 3 * slack_limits.MESSAGE
        ids = list(deep(drawn.blocks, "action_id"))
        assert len(ids) == len(set(ids)) == len(reply.all_buttons)
        assert all(len(i) <= 255 for i in ids)
        assert all(len(str(t)) <= 3000 for t in deep(drawn.blocks, "text") if isinstance(t, str))
        for block in drawn.blocks:
            _slack_block(block)


def _slack_block(block: dict[str, Any]) -> None:
    assert len(block.get("fields", [])) <= 10
    assert all(1 <= len(f["text"]) <= 2000 for f in block.get("fields", []))
    if block["type"] == "header":
        assert 1 <= len(block["text"]["text"]) <= 150
    if block["type"] == "section" and "text" in block:
        assert 1 <= len(block["text"]["text"]) <= 3000
    if block["type"] == "actions":
        assert 1 <= len(block["elements"]) <= 25
        for one in block["elements"]:
            assert 1 <= len(one["text"]["text"]) <= 75
            assert len(one.get("value", "")) <= 2000


def test_the_page_draws_every_reply() -> None:
    for name, reply in numbered(tour().replies):
        drawn = str(web_render.card(reply, "Europe/Berlin"))
        assert drawn.strip(), name
        assert "\x02" not in drawn and "\x03" not in drawn
        assert drawn.count("<button") + drawn.count("<a class") >= len(reply.all_buttons)


def test_no_reply_shows_a_token_or_a_live_mention_in_any_form() -> None:
    for _, reply in numbered(tour().replies):
        told = reply.plain()
        discord = json.dumps(discord_render.message(reply), ensure_ascii=False)
        slack = json.dumps(slack_render.render(reply).blocks, ensure_ascii=False)
        for drawn in (told, discord, slack):
            assert "\x02" not in drawn and "\\u0002" not in drawn
        assert "@everyone" not in discord
        assert not re.search(r"<!(channel|here|everyone)|<@[UW]", slack)


def test_every_reply_outlives_being_stored() -> None:
    for _, reply in tour().replies:
        assert Reply.from_json(json.loads(json.dumps(reply.to_json()))) == replace(reply, of="")


async def test_a_weekly_post_of_any_unit_fits_one_phone_screen(tmp_path: Path) -> None:
    async with world(tmp_path) as at:
        await at.start("America/Argentina/Buenos_Aires")
        posts = await at.app.database.run(lambda work: weekly_posts(work, at.app.library), writes=False)
    lengths = {unit: len(reply.plain()) for unit, reply in posts.items()}
    longest = max(lengths, key=lambda unit: lengths[unit])
    assert len(posts) >= 50
    assert lengths[longest] <= 1000, f"{longest} has {lengths[longest]} characters"
    assert all(len(reply.plain().split()) <= 120 and len(reply.all_buttons) == 3 for reply in posts.values())


def weekly_posts(work: Work, library: Library) -> dict[str, Reply]:
    """Return the post of every unit."""
    timeline = Groups(work, library).timeline(work.session.scalars(select(Group)).one())
    found = {}
    for unit in timeline.roadmap.units:
        opened = Opened(Slot(unit.id, unit.number, MONDAY, MONDAY, MONDAY))
        begins = wording.render_part_start(timeline, opened)
        found[unit.id] = wording.render_weekly(timeline, opened, "23 of 60 checked in", "", begins)
    return found


COMMANDS = {command.name: discord_text.Registered("9" * 19, command) for command in REGISTRY}
FITS: dict[str, Fits] = {
    "discord": lambda reply: discord_render.fits(reply, COMMANDS),
    "slack": slack_render.fits,
}
DRAW: dict[str, Callable[[Reply], Any]] = {
    "discord": lambda reply: discord_render.message(reply, commands=COMMANDS),
    "slack": lambda reply: slack_render.render(reply).blocks,
}
LONG = "Maximiliana Featherstonehaugh-Cholmondeley "


def with_long_names(reply: Reply) -> Reply:
    """Return a reply with the names of people in its text as long as names may be."""
    stored = reply.to_json()
    told = json.dumps(stored["blocks"], ensure_ascii=False)
    told = re.sub(r"(\\u0002[np]\|[^|]*?\|).*?(?=\\u0003)", lambda name: name[1] + (LONG * 2)[:80], told)
    return Reply.from_json({**stored, "blocks": json.loads(told)})


@cache
def largest() -> list[tuple[str, Reply]]:
    """Return every reply, also with long names, and the digest of as many groups as one person may have."""
    told = numbered(tour().replies)
    digest = next(reply for name, reply in told if name == "post" and reply.title.startswith(digest_wording.TITLE))
    told += [(name, with_long_names(reply)) for name, reply in told]
    return [*told, ("digests", reduce(digest_wording.gather, [with_long_names(digest)] * GROUPS))]


def list_words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text))


@pytest.mark.parametrize("platform", FITS)
def test_no_reply_is_cut_however_large_it_is(platform: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fits = FITS[platform]
    pages: list[Reply] = []
    for name, reply in sample(largest(), 3):
        shown = split_reply(reply, fits)
        assert all(map(fits, shown)), f"{name}: {reply.title}"
        assert name != "post" or len(shown) == 1, f"a post is too large: {reply.plain()[:200]}"
        assert set(reply.plain().split()) <= set(" ".join(page.plain() for page in shown).split()), name
        labels = {button.label for page in shown for button in page.all_buttons}
        assert labels == {button.label for button in reply.all_buttons}, name
        pages += shown
    drawn = [DRAW[platform](page) for page in pages]
    for limits in (discord_limits, slack_limits):
        monkeypatch.setattr(limits, "LIMITS", replace(limits.LIMITS, buttons=10**6))
        for limit in ("EMBED", "BLOCKS", "MESSAGE"):
            monkeypatch.setattr(limits, limit, 10**6, raising=False)
    for page, within in zip(pages, drawn, strict=True):
        assert DRAW[platform](page) == within, f"cut: {page.title}"


def test_the_page_and_the_terminal_show_every_word_and_button() -> None:
    for name, reply in sample(largest(), 3):
        reply = replace(reply, blocks=tuple(one for one in reply.blocks if not isinstance(one, Image | File)))
        card = re.sub(r"</?(?:b|code|em|i|span|strong)\b[^>]*>", "", str(web_render.card(reply, "UTC")))
        out = StringIO()
        chat = _Chat(REGISTRY, None, None, Account("local", "local", "ada", "Ada", "UTC"), None, out, None)  # type: ignore[arg-type]
        chat._print_reply(reply, None)
        words = list_words(" ".join([reply.plain("UTC"), *(button.label for button in reply.all_buttons)]))
        assert words - list_words(unescape(card)) == set(), name
        assert words - list_words(out.getvalue()) == set(), name


def test_every_button_of_a_reply_was_pressed() -> None:
    missing = {shape_of(call): call.pack() for call in tour().calls if not call.ask}
    assert {shape: call for shape, call in missing.items() if shape not in tour().shapes} == {}


def test_a_choice_among_the_most_groups_was_seen() -> None:
    assert max(len(reply.all_buttons) for name, reply in tour().replies if name == "checkin") == GROUPS
