"""A declaration, and what a registry refuses at start."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal

import pytest

from bot.commands.command import Command, FormerName, Param, ParamSpec, command, needs_of
from bot.commands.context import Context
from bot.commands.parameter_types import Kind, Minutes, Url
from bot.commands.registry import CommandLink, Menu, Registry
from bot.messages.call import Call
from bot.messages.reply import Reply, say
from tests.commands.sample_commands import REGISTRY, checkin, group_create, help_, postnow


class Service:
    """Something that the app hands over."""


@command("log", form=True, title="Log it", formerly=("note",))
def log(
    ctx: Context,
    minutes: Annotated[Minutes, Param("Time", formerly=("time",))],
    from_: Annotated[str, Param("From", in_form=False)] = "",
    link: Url | None = None,
    kind: Literal["a", "b"] = "a",
    *,
    service: Service,
) -> Reply:
    """Log time.

    More that help does not show.
    """
    return say(str(minutes))


def named(name: str, **changes: object) -> Command:
    """Return a command that is well but for its changes."""
    return replace(postnow, name=name, **changes)  # type: ignore[arg-type]


def spec(name: str, label: str = "Label") -> ParamSpec:
    """Return a parameter."""
    return ParamSpec(name, Kind.TEXT, False, None, Param(label))


def test_a_declaration_says_what_is_typed_and_what_is_handed_over() -> None:
    assert log.summary == "Log time."
    assert [(p.key, p.kind, p.required) for p in log.params] == [
        ("minutes", Kind.MINUTES, True),
        ("from", Kind.TEXT, False),
        ("link", Kind.URL, False),
        ("kind", Kind.CHOICE, False),
    ]
    assert log.needs == {"service": Service}
    assert log.params[3].choices == ("a", "b")


def test_what_an_app_hands_over_is_read_from_behind_the_star() -> None:
    def suggest(ctx: Context, typed: str, *, service: Service, other: str) -> list[str]:
        return []

    assert needs_of(suggest) == {"service": Service, "other": str}


def test_a_label_that_nobody_gave_is_made_of_the_name() -> None:
    assert log.params[2].says.label == "Link"


def test_a_parameter_is_found_by_its_present_and_its_former_name() -> None:
    assert log.param("TIME") == log.param("minutes") == log.params[0]
    assert log.param("from_") == log.param("from") == log.params[1]
    assert log.param("nothing") is None


def test_a_call_is_made_with_the_commands_own_names() -> None:
    assert log.call(7, minutes=45, from_="home", link=None) == Call("log", {"minutes": "45", "from": "home"}, 7)
    assert log.ask(minutes=45) == Call("log", {"minutes": "45"}, ask=True)
    assert log.call(draft="d1", minutes=45) == Call("log", {"draft": "d1", "minutes": "45"})
    assert command("x")(_with_flag).call(on=True) == Call("x", {"on": "yes"})


def _with_flag(ctx: Context, on: bool) -> Reply:
    """Turn it on."""
    return say("on" if on else "off")


def test_a_name_that_the_command_does_not_take_is_refused_where_the_button_is_written() -> None:
    with pytest.raises(TypeError, match="log takes no minuets"):
        log.call(minuets=45)


def test_a_form_asks_for_the_required_first_and_for_five_at_most() -> None:
    assert [p.key for p in log.form_params] == ["minutes", "link", "kind"]
    many = replace(log, params=(*(spec(c) for c in "abcdef"), replace(spec("g"), required=True)))
    assert [p.key for p in many.form_params] == ["g", "a", "b", "c", "d"]


def test_usage_and_example_are_made_of_the_parameters() -> None:
    assert checkin.usage == "checkin MINUTES NOTE [link=] [unit=]"
    assert checkin.example == "checkin 45m read two papers"


def test_a_registry_finds_commands_by_present_and_former_names() -> None:
    registry = Registry([log])
    assert registry.find("log") is registry.find("note") is log
    assert registry.find("nothing") is None


def test_a_former_name_stands_for_arguments_unless_the_call_sets_them() -> None:
    hush = FormerName("hush", (("kind", "b"),))
    registry = Registry([replace(log, formerly=(hush, FormerName("note")))])
    assert registry.find("hush") is not None
    assert registry.present(Call("hush", {"time": "5"}, 7, ask=True)) == Call(
        "log", {"kind": "b", "minutes": "5"}, 7, ask=True
    )
    assert registry.present(Call("hush", {"kind": "a"})).args == {"kind": "a"}
    assert registry.present(Call("note")) == Call("log")
    assert registry.present(Call("log")) == Call("log")
    assert registry.present(Call("log", {"time": "5", "draft": "d"})) == Call("log", {"minutes": "5", "draft": "d"})
    assert registry.present(Call("nothing")) == Call("nothing")
    with pytest.raises(ValueError, match="sets sort, which it doesn't take"):
        Registry([replace(log, formerly=(FormerName("hush", (("sort", "b"),)),))])


def test_the_menu_lists_what_it_names_in_its_order() -> None:
    commands = [named(name, hidden=False) for name in ("look", "undo", "manage edit", "manage note add")]
    registry = Registry(
        commands,
        menu=Menu(("manage note add", "look"), {"manage": "Run your group", "manage note": "Notes of your group"}),
    )
    assert [command.name for command in registry.menu] == ["manage note add", "look"]
    assert [command.name for command in registry.shown] == [command.name for command in commands]
    assert Registry(commands).menu == Registry(commands).shown
    assert [command.name for command in registry.list_group("manage")] == ["manage edit", "manage note add"]
    with pytest.raises(ValueError, match="the menu has nothing, which nobody can type"):
        Registry(commands, menu=Menu(("nothing",)))
    with pytest.raises(ValueError, match="say what manage is for"):
        Registry(commands, menu=Menu(("manage edit",)))


def test_hidden_commands_are_not_shown() -> None:
    assert postnow in list(REGISTRY)
    assert postnow not in REGISTRY.shown


@pytest.mark.parametrize("name", ["", "Log", "log-it", "a b c d", "log ", "x" * 21, "naïve", "log2"])
def test_a_name_that_is_not_one_to_three_words_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="not one to three lower-case words"):
        Registry([named(name)])


def test_two_commands_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="two commands are called help"):
        Registry([help_, help_])


def test_a_former_name_that_is_taken_is_refused() -> None:
    with pytest.raises(ValueError, match="two commands are called help"):
        Registry([help_, named("later", formerly=(FormerName("help"),))])
    with pytest.raises(ValueError, match="two commands are called help"):
        Registry([named("later", formerly=(FormerName("help"),)), help_])


def test_a_command_that_is_named_as_a_group_is_refused() -> None:
    with pytest.raises(ValueError, match="share the name cohort"):
        Registry([group_create, named("cohort", hidden=False)])


def test_a_hidden_command_may_stand_beside_the_one_that_it_belongs_to() -> None:
    quiz, answer = named("quiz", hidden=False), named("quiz answer")
    registry = Registry([quiz, answer])
    assert registry.shown == [quiz]
    assert registry.find("quiz answer") is answer
    assert Registry([named("quiz"), named("quiz start", hidden=False)]).find("quiz") is not None


@pytest.mark.parametrize("summary", ["", "x" * 101])
def test_a_help_text_that_is_missing_or_too_long_is_refused(summary: str) -> None:
    with pytest.raises(ValueError, match="summary is not 1 to 100"):
        Registry([named("a", summary=summary)])


def test_more_parameters_than_a_platform_takes_are_refused() -> None:
    with pytest.raises(ValueError, match="over 25 parameters"):
        Registry([named("a", params=tuple(spec(f"p{chr(97 + i)}") for i in range(26)))])


def test_a_title_too_long_for_a_form_is_refused() -> None:
    with pytest.raises(ValueError, match="title is over 24"):
        Registry([named("a", title="x" * 25)])


def test_a_label_too_long_for_a_field_is_refused() -> None:
    with pytest.raises(ValueError, match="label of p is over 45"):
        Registry([named("a", params=(spec("p", "x" * 46),))])


def test_two_parameters_of_one_name_are_refused() -> None:
    former = ParamSpec("q", Kind.TEXT, False, None, Param("Q", formerly=("p",)))
    with pytest.raises(ValueError, match="two parameters are called p"):
        Registry([named("a", params=(spec("p"), former))])


def test_no_parameter_is_called_as_a_calls_draft_is() -> None:
    with pytest.raises(ValueError, match="draft is what a Call calls its draft"):
        Registry([named("a", params=(spec("draft"),))])


@pytest.mark.parametrize("link", [CommandLink("b"), CommandLink("a", ("q",)), CommandLink("a", ("p", "q"))])
def test_a_link_to_no_command_is_refused_at_start(link: CommandLink) -> None:
    assert Registry([named("a", params=(spec("p"),))], [CommandLink("a"), CommandLink("a", ("p",))])
    with pytest.raises(ValueError, match=f"no command fits the link to {link.name}"):
        Registry([named("a", params=(spec("p"),))], [link])


def test_a_link_gives_what_it_says_and_nothing_else() -> None:
    link = CommandLink("log", ("on", "unit"))
    assert link.call(7, on=True, unit=None) == Call("log", {"on": "yes"}, 7)
    assert link.ask(unit=3, draft="d1") == Call("log", {"unit": "3", "draft": "d1"}, ask=True)
    with pytest.raises(TypeError, match="the link to log takes no uint"):
        link.call(uint=3)


def test_more_choices_than_a_platform_shows_are_refused() -> None:
    many = replace(spec("p"), kind=Kind.CHOICE, choices=tuple(f"c{i}" for i in range(26)))
    with pytest.raises(ValueError, match="p has over 25 choices"):
        Registry([named("a", params=(many,))])


def test_a_form_that_cannot_ask_for_what_it_needs_is_refused() -> None:
    required = tuple(replace(spec(f"p{c}"), required=True) for c in "abcdef")
    with pytest.raises(ValueError, match="over five required"):
        Registry([named("a", form=True, params=required)])


def test_a_group_of_more_commands_than_a_platform_takes_is_refused() -> None:
    with pytest.raises(ValueError, match="group many has over 25 commands"):
        Registry([named(f"many {chr(97 + i)}", hidden=False) for i in range(26)])


def test_a_slow_command_that_is_not_async_is_refused() -> None:
    with pytest.raises(ValueError, match="slow exactly if it is async"):
        Registry([named("a", slow=True)])


def test_a_fallback_or_root_that_nobody_declared_is_found_by_the_catalogue_not_at_the_first_line() -> None:
    assert REGISTRY.find(REGISTRY.fallback) is not None
    assert REGISTRY.find(REGISTRY.root) is not None
