"""Small Markdown in Discord's, and hostile text in it."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import markup
from bot.platforms.discord import markdown as text
from tests.platforms.discord.world import HOSTILE, checkin, group_create

_LIVE = re.compile(r"(?<!\\)<(?:[@#:/]|a:|t:|id:)|@(?:everyone|here)", re.IGNORECASE)


def drawn(markdown: str) -> str:
    return "\n".join(text.lines(markdown))


def test_bold_italic_code_links_and_bullets_are_drawn() -> None:
    assert drawn("**a _b_** and `c`\n- [d](https://e.org/f)") == "**a *b*** and `c`\n- [d](<https://e.org/f>)"


def test_tokens_are_drawn_as_discord_has_them() -> None:
    at = datetime(2026, 12, 1, 9, tzinfo=UTC)
    styles = [drawn(markup.moment(at, "UTC", style)) for style in ("full", "day", "time", "relative")]
    assert styles == ["<t:1796115600:F>", "<t:1796115600:D>", "<t:1796115600:t>", "<t:1796115600:R>"]
    assert drawn(markup.name("123", "Ada")) == "<@123>"
    assert drawn(markup.ping("123", "Ada")) == "<@123>"
    assert drawn(markup.typed("checkin 45")) == "`/checkin 45`"


def test_a_name_without_an_id_of_discord_is_plain_words() -> None:
    assert drawn(markup.name("ada", "*Ada*")) == r"\*Ada\*"


def test_a_role_is_shown_by_its_name_where_its_id_is_one() -> None:
    assert drawn(markup.name("role:123", "a role")) == "<@&123>"
    assert drawn(markup.name("role:@everyone", "a role")) == "a role"
    assert text.pings(markup.ping("role:123", "a role")) == ["role:123"]
    assert text.pings(markup.name("role:123", "a role")) == []


def test_hostile_text_is_shown_as_it_stands() -> None:
    shown = drawn(markup.escape(HOSTILE))
    assert not _LIVE.search(shown)
    assert r"\*\*b\*\*" in shown
    assert r"\[a](<http://evil.example>)" in shown
    assert r"\|\|s\|\|" in shown


@given(st.lists(st.sampled_from([*HOSTILE.split(), "@everyone", "@HERE", "\\", "`", "<", "@", "http://x/", ")"])))
def test_no_mixture_of_hostile_pieces_becomes_live(pieces: list[str]) -> None:
    for glue in ("", " "):
        said = glue.join(pieces)
        assert not _LIVE.search(_outside_code(text.escape(said, starts_line=True)))
        assert not _LIVE.search(_outside_code(drawn(markup.escape(said))))


def _outside_code(shown: str) -> str:
    """Take away escaped backslashes, which escape nothing that follows them."""
    return shown.replace("\\\\", "")


def test_what_would_begin_a_heading_quote_or_list_does_not() -> None:
    lines = ["# big", "> quote", "-# small", "+ list", "12. list", "3) list", "plain"]
    shown = [text.escape(line, starts_line=True) for line in lines]
    assert shown == [r"\# big", r"\> quote", r"\-# small", r"\+ list", r"12\. list", r"3\) list", "plain"]
    assert text.escape("a # b") == "a # b"


def test_addresses_in_plain_text_stay_links_without_a_preview() -> None:
    assert text.escape("see https://x.org/a_b_c, ok") == "see <https://x.org/a_b_c>, ok"
    assert text.escape("(https://x.org/Set_(maths))") == "(<https://x.org/Set_(maths)>)"
    assert "@everyone" not in text.escape("https://x.org/@everyone")


def test_a_link_whose_label_is_an_address_is_shown_as_its_target() -> None:
    assert text.link("https://good.org", "https://evil.org") == "<https://evil.org>"
    assert text.link("the ] docs", "https://x.org/>") == r"[the \] docs](<https://x.org/%3E>)"


def test_code_keeps_nothing_that_could_end_it() -> None:
    assert "`" not in text.code("a`b")[1:-1]
    assert text.fence(["a```b", "@everyone"]).count("```") == 2
    assert "@everyone" not in text.fence(["@everyone"])


def test_a_long_line_is_cut_between_its_spans_and_never_inside_one() -> None:
    (one,) = markup.parse("word " * 20 + "**bold words that are long** end")
    for limit in range(20, 130):
        shown = text.line(one, limit)
        assert len(shown) <= limit
        assert shown.count("**") in (0, 2)
    assert text.line(one).endswith("end")


def test_pings_are_found_wherever_they_stand() -> None:
    said = f"**{markup.ping('1', 'A')}** {markup.name('2', 'B')}\n- {markup.ping('3', 'C')}{markup.ping('x', 'D')}"
    assert text.pings(said) == ["1", "3"]


def test_a_countdown_stands_beside_the_instant_that_it_runs_to() -> None:
    at = datetime(2026, 12, 1, 9, tzinfo=UTC)
    assert drawn(markup.moment(at, "UTC", "countdown")) == "<t:1796115600:F> (<t:1796115600:R>)"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("checkin", "</checkin:77>"),
        ("checkin 45 read *two*", "</checkin:77> `minutes: 45 note: read *two*`"),
        ("checkin 1h share_it=no read on", "</checkin:77> `minutes: 1h share_it: False note: read on`"),
        ("cohort create name=Night owls timezone=UTC", "</cohort create:88> `name: Night owls timezone: UTC`"),
        ("checkin MINUTES NOTE [link=] [share_it=]", "</checkin:77> `minutes note [link] [share_it]`"),
        ("undo", "`@Trailmate undo`"),
        ("undo name=me", "`@Trailmate undo name=me`"),
    ],
)
def test_a_command_is_named_as_discord_takes_it(typed: str, shown: str) -> None:
    known = {"checkin": text.Registered("77", checkin), "cohort create": text.Registered("88", group_create)}
    assert text.lines(markup.typed(typed), known) == [shown]


def test_a_room_is_a_mention_that_leads_there() -> None:
    assert drawn(markup.room("123", "#study")) == "<#123>"
    assert drawn(markup.room("general", "#general")) == "#general"
