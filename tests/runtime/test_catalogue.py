"""Every command on every platform, within what each of them takes."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, cast

import pytest

from bot.base.clock import MovableClock
from bot.chat.feed import Feed
from bot.commands.command import Command, FormerName
from bot.commands.form import Form, Opening, form_of
from bot.commands.parsing import NeedsForm, Ready, plan
from bot.messages.call import Call
from bot.platforms.discord import commands as discord_commands
from bot.platforms.discord import form as discord_form
from bot.platforms.slack import form as slack_form
from bot.platforms.slack.decode import Route
from bot.platforms.web.render import PageViews
from bot.runtime.catalogue import registry
from bot.runtime.composition import PEOPLE
from bot.understanding.intents import hear
from tests.harness import MONDAY
from tests.tour import tour

TAG = "abcdefghij0123456789"
REGISTRY = registry()
COMMANDS = tuple(REGISTRY)
WITH_FORM = [c for c in COMMANDS if c.form]
NAME = re.compile(r"[a-z_]{1,32}")


def forms(command: Command) -> list[Form]:
    """Return a command's form empty, and filled to the brim."""
    full = {p.key: (p.choices[0] if p.choices else "x" * p.characters) for p in command.form_params}
    return [form_of(command, Call(command.name, {}, 10**9), Opening(filled)) for filled in ({}, full)]


def test_there_is_a_command_for_free_text_and_one_for_an_empty_line() -> None:
    assert REGISTRY.find(REGISTRY.fallback) is not None
    assert REGISTRY.find(REGISTRY.root) is not None


def test_a_commands_own_example_works() -> None:
    for command in COMMANDS:
        if command.hidden or (command.form and not any(p.required for p in command.params)):
            continue
        call = hear(REGISTRY, command.example, "mention")
        assert call.name == command.name
        assert isinstance(plan(command, call, MONDAY.date()), Ready), command.name


def test_an_example_of_a_parameter_is_one() -> None:
    for command in COMMANDS:
        for param in command.params:
            raw = {p.key: p.example for p in command.params if p.required} | {param.key: param.example}
            expected = NeedsForm if param.says.subject else Ready
            is_one = isinstance(plan(command, Call(command.name, raw), MONDAY.date()), expected)
            assert is_one, f"{command.name}: {param.key}"


def test_whoever_is_in_several_groups_can_say_to_every_command_which_is_meant() -> None:
    silent = [c.name for c in REGISTRY.shown if c.policy.group in ("needed", "choose") and c.which is None]
    assert not silent


def test_a_public_command_has_a_reason() -> None:
    assert {command.name for command in COMMANDS if not command.private} <= {
        "ask",
        "manage course write",
        "manage notes write",
    }


def test_discord_takes_every_command() -> None:
    wanted = discord_commands.registration(REGISTRY)
    assert len(wanted) <= 100
    assert len({one["name"] for one in wanted}) == len(wanted)
    for one in wanted:
        if one["type"] == discord_commands.ON_MESSAGE:
            assert 1 <= len(one["name"]) <= 32 and not {"description", "options"} & one.keys()
        else:
            _discord_command(one)


def _discord_command(one: dict[str, Any]) -> None:
    options = one.get("options", [])
    assert NAME.fullmatch(one["name"])
    assert 1 <= len(one["description"]) <= 100
    assert not one["description"].endswith("…"), f"{one['name']} is cut: {one['description']}"
    assert len(options) <= 25
    needed = [o.get("required", False) for o in options]
    assert needed == sorted(needed, reverse=True), f"{one['name']}: required options stand first"
    assert _count_characters(one) < 7500, f"{one['name']} is too large to register"
    for option in options:
        if option["type"] in (1, 2):
            _discord_command(option)
            continue
        assert NAME.fullmatch(option["name"])
        assert 1 <= len(option["description"]) <= 100
        assert len(option.get("choices", [])) <= 25
        assert not (option.get("choices") and option.get("autocomplete"))
        assert 1 <= option.get("max_length", 1) <= 6000


def _count_characters(one: dict[str, Any]) -> int:
    """Return what Discord counts of a command: names, descriptions and values of choices, 8,000 at most."""
    choices = sum(len(choice["name"]) + len(str(choice["value"])) for choice in one.get("choices", []))
    return len(one["name"]) + len(one["description"]) + choices + sum(map(_count_characters, one.get("options", [])))


def test_the_slash_menu_is_short() -> None:
    roots = {command.name.split(" ")[0]: command for command in REGISTRY.menu}
    members = {command.name.split(" ")[0] for command in REGISTRY.menu if command.role != "moderator"}
    assert len(members) <= 18 and roots.keys() - members == {"setup", "manage"}
    assert not [c.name for c in REGISTRY.menu if c.role == "moderator" and c.name.split(" ")[0] in members]
    assert not [c.name for c in REGISTRY if any(param.key == "confirm" for param in c.offered)]
    commands = {command.name for command in REGISTRY.shown}
    assert not commands & {name.rsplit(" ", 1)[0] for name in commands if " " in name}


def test_a_summary_begins_with_a_verb_and_is_short() -> None:
    no_verbs = {"a", "an", "the", "what", "who", "your", "all", "every", "where"}
    for command in COMMANDS:
        first = command.summary.split(" ")[0]
        assert len(command.summary) <= 60 and command.summary.endswith("."), command.name
        assert first.istitle() and first.lower() not in no_verbs, command.name


def test_discord_opens_every_form() -> None:
    for command in WITH_FORM:
        for form in forms(command):
            _discord_modal(discord_form.modal(form))


@pytest.mark.xdist_group("tour")
def test_discord_and_slack_open_every_form_of_a_real_dialogue() -> None:
    assert len(tour().forms) >= 10
    for form in tour().forms:
        _discord_modal(discord_form.modal(form))
        _slack_view(slack_form.view_of(form, REGISTRY.find(form.call.name), _route()))


def _discord_modal(body: dict[str, Any]) -> None:
    assert 1 <= len(body["title"]) <= 45
    assert not body["title"].endswith("…")
    assert 1 <= len(body["custom_id"]) <= 100
    assert 1 <= len(body["components"]) <= 5
    ids = [c["component"]["custom_id"] for c in body["components"] if "component" in c]
    assert len(ids) == len(set(ids))
    assert all(1 <= len(i) <= 100 for i in ids)
    for one in body["components"]:
        if "component" not in one:
            continue
        control = one["component"]
        assert 1 <= len(one["label"]) <= 45
        assert len(one.get("description", "")) <= 100
        assert len(control.get("placeholder", "")) <= 100
        assert 1 <= control.get("max_length", 1) <= 4000
        assert len(control.get("value", "")) <= control.get("max_length", 4000)
        assert len(control.get("options", [])) <= 25


def _route() -> Route:
    return Route("slash", "C" * 11, "U" * 11, "C" * 11, url="https://hooks.slack.com/commands/" + "x" * 60)


def test_slack_opens_every_form() -> None:
    for command in WITH_FORM:
        for form in forms(command):
            _slack_view(slack_form.view_of(form, command, _route()))


def _slack_view(view: dict[str, Any]) -> None:
    assert 1 <= len(view["title"]["text"]) <= 24
    assert not view["title"]["text"].endswith("…")
    assert len(view["submit"]["text"]) <= 24
    assert len(view["private_metadata"]) <= 3000
    assert 1 <= len(view["blocks"]) <= 100
    inputs = [b for b in view["blocks"] if b["type"] == "input"]
    assert len({b["block_id"] for b in inputs}) == len(inputs)
    for block in inputs:
        element = block["element"]
        assert len(block["label"]["text"]) <= 2000
        assert len(block["block_id"]) <= 255
        assert len(element.get("placeholder", {"text": ""})["text"]) <= 150
        assert 1 <= element.get("max_length", 1) <= 3000
        assert len(element.get("initial_value", "")) <= element.get("max_length", 3000)
        assert len(element.get("options", [])) <= 100
        assert all(len(o["text"]["text"]) <= 75 and len(o["value"]) <= 150 for o in element.get("options", []))


def test_the_page_opens_every_form() -> None:
    views = PageViews(cast(Feed, None), MovableClock(MONDAY), PEOPLE, "Trailmate")
    for form in (form for command in WITH_FORM for form in forms(command)):
        drawn = views.form(form)
        for field in form.fields:
            assert f'name="{field.key}"' in drawn, form.title


def test_a_form_keeps_its_notes_short_enough_for_a_phone() -> None:
    for command in WITH_FORM:
        assert len(command.form_note) <= 100
        assert all(len(p.says.note) <= 100 for p in command.params)


def test_renamed_commands_would_still_be_found() -> None:
    renamed = replace(WITH_FORM[0], name="newname", formerly=(FormerName(WITH_FORM[0].name),))
    others = [c for c in COMMANDS if c is not WITH_FORM[0]]
    found = type(REGISTRY)([renamed, *others]).find(WITH_FORM[0].name)
    assert found is renamed
