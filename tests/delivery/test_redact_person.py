"""A name goes out of stored posts where the bot put it, and stays where it is a word."""

from __future__ import annotations

from datetime import date

import pytest

from bot.delivery.redact_person import NamedPerson
from bot.drawing.board_card import BoardCard, LeaderboardRow
from bot.drawing.certificate_card import CertificateCard
from bot.messages import markup

WILL = NamedPerson("discord", "42", "", frozenset({"Will", "on _x_", "W" * 60}))


@pytest.mark.parametrize(
    "told",
    [
        "_Unit 3 was kept by Will, Ada and 3 more; two had pledged it._",
        "_Unit 3 was kept by Ada, Will._",
        "_Thanks went to Will and 2 more._",
        "**Completed unit 3**: Will, Ada and 3 more. 🎉 Two of them had a plan for it. Thanks to Ada and Will.",
        "**Completed unit 3**: Ada and Will. 🎉 Thanks to Will and 2 more.",
        "- Will: 5 in a row",
        "**Longest streaks**\n- Will: 5 in a row",
        "**Will** worked for 30 minutes:",
        "Will",
        "Will (you)",
        "Will thanks you for sets.",
        "Certificate: Will completed part 1 of Way.",
        "From Will: how are you?",
        "_Will, who moderates Owls, asked me to send you this._",
        f"**{markup.escape('on _x_')}** asks the group",
        markup.clip("W" * 60, 24),
        f"**{markup.name('42', 'Will')}** asks",
        f"{markup.ping('42', 'Will')} and Ada",
    ],
)
def test_a_name_that_the_bot_wrote_is_gone(told: str) -> None:
    left = WILL.out_of(told)
    assert "Will" not in left and "on \\_x" not in left and "WW" not in left and "42" not in left
    assert "a former member" in left


@pytest.mark.parametrize(
    "told",
    ["Will you come?", "Who will, and who Will not?", "**Goodwill** counts", "Free Will is a topic", "willing, able"],
)
def test_a_word_that_is_also_a_name_stays(told: str) -> None:
    assert WILL.out_of(told) == told


@pytest.mark.parametrize(
    ("told", "left"),
    [
        ("Will was ill, as Will's sister said", "a former member was ill, as a former member's sister said"),
        ("with @Will, <@42> and @42", "with a former member, a former member and a former member"),
        ("who will, Willing and Goodwill, 420", "who will, Willing and Goodwill, 420"),
    ],
)
def test_a_name_is_gone_from_what_others_wrote_in_words_of_their_own(told: str, left: str) -> None:
    known = NamedPerson("discord", "42", "", frozenset({"Will"}), frozenset({"Will"}))
    assert known.out_of_words(told) == left
    assert known.out_of_all({"quote": told, "text": f"“{told}”"}) == {"quote": left, "text": f"“{left}”"}


@pytest.mark.parametrize(
    "name",
    [
        "Will",
        "Wolfeschlegelsteinhausenbergerdorff the Third of Somewhere Rather Far Away",
        "W" * 60,
        "Zoe\u0308 Lee",
        'The "Owl" \\ of  Minerva',
        "🦊 fox 👩‍👩‍👧 and others of a very large family in the woods",
        "विल्हेल्मिना " * 6,
    ],
)
def test_a_name_goes_out_of_the_data_of_pictures_also_where_it_was_cut(name: str) -> None:
    board = BoardCard(
        "Board", "Phase 1", (LeaderboardRow(1, name, 30, True, "you"), LeaderboardRow(2, "Ada Wolfe", 8))
    ).data()
    days = date(2026, 3, 2), date(2026, 3, 22)
    certificate = CertificateCard(name, 1, "Sets", "Way", "Owls", "sets", (True,), *days).data()
    alt = markup.clip(markup.clean(f"Certificate: {name} has walked leg 1 of Way."), 400)
    left = NamedPerson("discord", "42", "", frozenset({name})).out_of_all([board, certificate, alt])
    shown = BoardCard.read(left[0]).rows
    assert [one.name for one in shown if isinstance(one, LeaderboardRow)] == ["a former member", "Ada Wolfe"]
    assert CertificateCard.read(left[1]).name == "a former member"
    assert left[2] == "Certificate: a former member has walked leg 1 of Way."
