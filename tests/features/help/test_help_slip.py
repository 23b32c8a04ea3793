"""A slip in a command's name."""

from __future__ import annotations

from tests.harness import World, text


async def test_a_slip_is_answered_with_the_nearest_commands_only(w: World) -> None:
    assert "Did you mean `checkin`?" in text(await w.say("ada", "help chekin"))


async def test_a_name_like_no_other_is_answered_with_the_list(w: World) -> None:
    said = text(await w.say("ada", "help xyzzy"))
    assert "no command “xyzzy”" in said and "`help all` lists every command" in said
