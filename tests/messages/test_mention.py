import pytest

from bot.messages import mention
from bot.messages.mention import Mention


@pytest.mark.parametrize(
    ("said", "who"),
    [
        ("<@U1|ada>", Mention("person", "U1", "ada")),
        ("<@!0123>", Mention("person", "123")),
        (" <@&42> ", Mention("role", "42")),
        ("<#C1|study>", Mention("room", "C1", "study")),
        ("<@&0>", Mention("role", "")),
        ("<@&9223372036854775808>", Mention("role", "")),
    ],
)
def test_a_mention_says_whom_it_points_at(said: str, who: Mention) -> None:
    assert mention.find(said) == who


@pytest.mark.parametrize("said", ["ada", "@ada", "<@>", "<@a b>", "<!here>", "<@1> and <@2>", "<@" + "1" * 41 + ">"])
def test_what_only_looks_like_a_mention_is_none(said: str) -> None:
    assert mention.find(said) is None


def test_a_text_is_taken_apart_at_its_mentions_and_nothing_is_lost() -> None:
    assert list(mention.parts("ada, <@U1|b|c> <@&2>!")) == [
        "ada, ",
        Mention("person", "U1", "b|c"),
        " ",
        Mention("role", "2"),
        "!",
    ]
    assert list(mention.parts("<!everyone>")) == ["<!everyone>"]


@pytest.mark.parametrize("said", ["123456789012345678", " U0123ABCD "])
def test_an_id_that_a_list_of_people_sends_is_known_from_a_name(said: str) -> None:
    assert mention.is_id(said)


@pytest.mark.parametrize("said", ["ada", "ADALOVELACE", "1234567", "ada lovelace 12"])
def test_a_name_is_no_id(said: str) -> None:
    assert not mention.is_id(said)
