from __future__ import annotations

from bot.commands.context import MODERATES, Place
from bot.platforms.web.people import PagePerson, account_of, find_person, known_zone, place_of

ADA, MO = PagePerson("ada", "Ada"), PagePerson("mo", "Mo", True)


def test_a_moderator_of_the_page_carries_the_grant_and_nobody_else_does() -> None:
    assert account_of(MO, None).grants == {MODERATES}
    assert account_of(ADA, None).grants == frozenset()


def test_the_browsers_zone_is_kept_and_an_odd_one_is_dropped() -> None:
    assert account_of(ADA, "Asia/Kathmandu").zone == "Asia/Kathmandu"
    for odd in ("Nowhere/Land", "../etc/passwd", "/etc/passwd", "", "a" * 5000, "America", "\x00"):
        assert known_zone(odd) is None


def test_a_browser_that_does_not_know_where_it_is_says_nothing_of_its_person() -> None:
    account = account_of(ADA, "UTC")
    assert (account.zone, account.zone_source) == (None, "") and known_zone("UTC") == "UTC"


def test_people_read_general_its_threads_and_their_own_direct_messages_only() -> None:
    assert place_of(ADA, "general", "7") == Place("local", "local", "general", "7")
    assert place_of(ADA, "@ada", None) == Place("local", "local", "@ada")
    assert place_of(ADA, "@mo", None) is None
    assert place_of(ADA, "cellar", None) is None


def test_a_person_is_found_by_id() -> None:
    assert find_person((ADA, MO), "mo") is MO
    assert find_person((ADA, MO), "Mo") is None
