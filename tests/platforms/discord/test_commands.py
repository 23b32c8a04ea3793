"""What is registered, what comes back, what is suggested."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Annotated, Any

from discord import Locale
from discord.app_commands import TranslationContextTypes, Translator, locale_str

from bot.commands.command import Param, command
from bot.commands.context import Context
from bot.commands.registry import Registry
from bot.messages.reply import Reply, say
from bot.platforms.discord import commands
from bot.platforms.discord.commands import AsWritten, translated
from bot.runtime import catalogue
from tests.platforms.discord.world import COMMANDS

WANTED = commands.registration(Registry(COMMANDS))


def found(name: str) -> dict[str, Any]:
    return next(one for one in WANTED if one["name"] == name)


def test_every_shown_command_is_registered_once_and_no_hidden_one() -> None:
    assert [one["name"] for one in WANTED] == [
        "help",
        "hello",
        "look",
        "shout",
        "refuse",
        "hurry",
        "share",
        "crash",
        "checkin",
        "ask",
        "step",
        "cohort",
        "keep",
        "Keep it",
    ]


def test_two_words_become_a_subcommand_of_their_first() -> None:
    group = found("cohort")
    assert group["description"] == "Cohort: create, end"
    assert [(o["type"], o["name"]) for o in group["options"]] == [(1, "create"), (1, "end")]


def test_a_hidden_command_of_two_words_leaves_the_shown_one_of_one_word_as_it_is() -> None:
    @command("quiz")
    def quiz(ctx: Context, size: int = 5) -> Reply:
        """Ask some questions."""
        return Reply()

    answer = replace(quiz, name="quiz answer", hidden=True)
    for registry in (Registry([quiz, answer]), Registry([answer, quiz])):
        (drawn,) = commands.registration(registry)
        assert [option["name"] for option in drawn["options"]] == ["size"]
        assert commands.known([{**drawn, "id": "7"}], registry)["quiz"].id == "7"


def test_options_have_the_type_of_their_kind() -> None:
    options = {o["name"]: o for o in found("cohort")["options"][0]["options"]}
    kinds = {name: option["type"] for name, option in options.items()}
    assert kinds == {"name": 3, "timezone": 3, "start": 3, "channel": 7, "lead": 6, "size": 4, "notes": 3}
    assert options["channel"]["channel_types"] == [0, 5, 15]
    assert options["notes"]["max_length"] == 600
    assert [n for n, o in options.items() if o.get("autocomplete")] == ["name", "timezone", "start"]


def test_choices_and_flags_are_offered() -> None:
    options = {o["name"]: o for o in found("checkin")["options"]}
    assert options["mood"]["choices"] == [{"name": "fine", "value": "fine"}, {"name": "tired", "value": "tired"}]
    assert options["share_it"]["type"] == 5


def test_a_command_with_a_form_requires_nothing_and_others_require_first() -> None:
    assert not any(o["required"] for o in found("checkin")["options"])
    assert [o["required"] for o in found("ask")["options"]] == [True]

    @command("mixed")
    def mixed(ctx: Context, first: str, *, kept: int) -> Reply:
        """Mix."""
        return Reply()

    assert commands.registration(Registry([mixed]))[0]["options"][0]["required"]


def test_only_what_people_would_see_counts_as_a_difference() -> None:
    held = [{**copy.deepcopy(one), "id": "1", "version": "2", "nsfw": False, "dm_permission": True} for one in WANTED]
    for one in held:
        for option in one.get("options", []):
            option.pop("required", None) if option.get("required") is False else None
    assert not commands.differs(WANTED, list(reversed(held)))
    held[0]["description"] = "Something else"
    assert commands.differs(WANTED, held)
    assert commands.differs(WANTED, held[1:])


def test_what_only_moderators_do_is_shown_to_those_who_manage_the_server_unless_all_are_to_see_it() -> None:
    shown = {one["name"]: one["default_member_permissions"] for one in commands.registration(catalogue.registry())}
    assert {name for name, held in shown.items() if held == str(1 << 5)} == {
        "setup",
        "manage",
        "Save as note",
        "Use in quiz",
    }
    assert shown["notes"] is shown["checkin"] is shown["Ask about this"] is shown["Say thanks"] is None
    for_all = commands.registration(catalogue.registry(), shows_all=True)
    assert {one["default_member_permissions"] for one in for_all} == {None}
    assert commands.differs(for_all, commands.registration(catalogue.registry()))


async def test_words_stay_english_and_a_translator_would_give_others() -> None:
    class Swapped(Translator):
        async def translate(self, string: locale_str, locale: Locale, context: TranslationContextTypes) -> str | None:
            return string.message[::-1] if locale is Locale.german else None

    drawn = found("checkin")
    assert await translated(drawn, AsWritten()) == drawn
    german = await translated(drawn, Swapped())
    assert german["name_localizations"] == {"de": "nikcehc"}
    mood = next(o for o in german["options"] if o["name"] == "mood")
    assert mood["description_localizations"] == {"de": mood["description"][::-1]}
    assert mood["choices"][0]["name_localizations"] == {"de": "enif"}
    assert commands.differs([german], [drawn]) and not commands.differs([german], [copy.deepcopy(german)])


def test_a_number_carries_its_bounds() -> None:
    @command("pause")
    def pause(ctx: Context, weeks: Annotated[int, Param("How many weeks", min=1, max=26)] = 1) -> Reply:
        """Rest."""
        return say("")

    (drawn,) = commands.registration(Registry((pause,), fallback="pause", root="pause"))
    (option,) = drawn["options"]
    assert (option["type"], option["min_value"], option["max_value"]) == (4, 1, 26)
    held = [{**drawn, "id": "1", "options": [{**option, "max_value": 52}]}]
    assert commands.differs([drawn], held)
