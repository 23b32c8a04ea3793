"""From a typed line to a Call, and from a Call to typed arguments."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.command import Command, Param, ParamSpec
from bot.commands.parameter_types import Kind
from bot.commands.parsing import NeedsForm, Ready, Wrong, complete, plan, split, value, with_file
from bot.commands.registry import Registry
from bot.messages import markup
from bot.messages.call import Call
from bot.messages.errors import BadInput
from bot.understanding.intents import hear
from tests.commands import sample_commands
from tests.commands.sample_commands import REGISTRY, away, checkin, excuse, group_create
from tests.examples import examples

TODAY = date(2026, 3, 4)
WORDS = st.lists(
    st.sampled_from(
        [
            "45",
            "1h30",
            "read",
            "two",
            "papers",
            "https://x.org/a",
            '"in',
            'quotes"',
            '""',
            '"whole"',
            "unit=7",
            "note=",
            "minutes=",
            "link=https://y.org",
            "unknown=1",
            "=",
            "from=monday",
            "until=today",
            "@ada",
            "#study",
            "yes",
            "timezone=Berlin",
            "–",
            "“curly”",
            "lin\u212a=x",
            "\x02t|1\x03",
            "\u202e",
        ]
    ),
    max_size=9,
).map(" ".join)
LINES = st.one_of(WORDS, st.text(max_size=80))


def read(registry: Registry, line: str) -> Call:
    """Return the Call of a line that is put to the bot where others read."""
    return hear(registry, line, "mention")


def args(line: str) -> dict[str, object]:
    """Return what a line runs its command with."""
    call = read(REGISTRY, line)
    command = REGISTRY.find(call.name)
    assert command is not None
    ready = plan(command, call, TODAY)
    assert isinstance(ready, Ready), ready
    return {k: v for k, v in ready.args.items() if v not in (None, "")}


@pytest.mark.parametrize(
    ("said", "minutes"), [("45", 45), ("45m", 45), ("1h30", 90), ("1.5 h", 90), ("1 h 30", 90), ("45 minutes", 45)]
)
def test_time_and_note_are_typed_in_order(said: str, minutes: int) -> None:
    assert args(f"checkin {said} read two papers") == {"minutes": minutes, "note": "read two papers"}


@pytest.mark.parametrize(
    ("line", "minutes", "note"),
    [
        ("Check-in: 1 hour, did the exercise", 60, "did the exercise"),
        ("check in 45 minutes, read two papers", 45, "read two papers"),
        ("checkin 1 h 30 min read a paper", 90, "read a paper"),
        ("checkin 45, read two papers", 45, "read two papers"),
        ("checkin half an hour: sets", 30, "sets"),
        ("checkin an hour and a half. Sets", 90, "Sets"),
        ("checkin 1 hour and 30 minutes; sets", 90, "sets"),
        ("checkin minutes=45, note=read", 45, "read"),
        ("checkin 1 hour 2 papers", 60, "2 papers"),
        ("checkin 45 hard exercises", 45, "hard exercises"),
    ],
)
def test_a_comma_or_a_space_changes_no_length_of_time(line: str, minutes: int, note: str) -> None:
    assert args(line) == {"minutes": minutes, "note": note}


LENGTHS = st.one_of(
    st.builds(
        "{}{}{}{}".format,
        st.integers(1, 99),
        st.sampled_from(["", " ", "-"]),
        st.sampled_from(["m", "min", "mins", "minute", "minutes", "h", "hr", "hrs", "hour", "hours", "seconds"]),
        st.sampled_from([""] * 3 + [" 30", " 30 min", " 5 minutes", " and 5 minutes", ", 30 min", " and a half"]),
    ),
    st.sampled_from(["45", "1:30", "1.5 h", "1,5 hours", "an hour", "half an hour", "an hour and 10 minutes"]),
)


@examples(300)
@given(LENGTHS, st.sampled_from(["", ",", ";", ":", ".", " "]))
def test_a_note_never_begins_with_the_unit_of_a_length(length: str, mark: str) -> None:
    raw = split(checkin, f"{length}{mark} papers of two kinds")
    first = raw.get("note", "").split()[0].strip(",.;:").lower()
    assert first not in {"m", "min", "mins", "minute", "minutes", "h", "hr", "hrs", "hour", "hours", "seconds"}
    assert raw["note"].endswith("papers of two kinds")


@pytest.mark.parametrize(
    "line",
    [
        "checkin minutes=45 note=read two papers",
        "checkin note=read two papers minutes=45",
        "checkin minutes=45 read two papers",
        "checkin note=read two papers 1 minutes=45",
        'checkin 45 "read two papers"',
        "checkin 45 note='read two papers'",
        "checkin note='read two papers' 45",
        'checkin note="read two papers" 45',
        "/checkin 45 read two papers",
        "  CHECKIN   45   read two   papers ",
        "checkin 45 “read two papers”",
    ],
)
def test_names_may_stand_first_or_in_order(line: str) -> None:
    found = args(line)
    assert found["minutes"] == 45
    assert str(found["note"]).removesuffix(" 1") == "read two papers"


def test_a_unit_named_first_leaves_the_rest_to_the_others() -> None:
    assert args("checkin unit=7 45 read two papers") == {"unit": "7", "minutes": 45, "note": "read two papers"}
    assert args("excuse unit=7 @ada ill all week") == {"unit": "7", "member": "ada", "reason": "ill all week"}


def test_a_link_can_be_named() -> None:
    found = args("checkin 45 read two papers link=https://x.org/a unit=7")
    assert found == {"minutes": 45, "note": "read two papers", "link": "https://x.org/a", "unit": "7"}


@pytest.mark.parametrize("address", ["https://x.org/a", "<https://x.org/a>", "<https://x.org/a|x.org>"])
def test_a_link_in_a_note_becomes_the_link(address: str) -> None:
    assert args(f"checkin 45 read {address} twice") == {"minutes": 45, "note": "read twice", "link": "https://x.org/a"}


def test_a_note_that_is_only_a_link_stays_a_note_too() -> None:
    assert args("checkin 45 https://x.org") == {"minutes": 45, "note": "https://x.org", "link": "https://x.org"}


def test_the_punctuation_around_a_link_in_a_note_is_not_part_of_it() -> None:
    assert args("checkin 45 read (https://x.org/a), twice")["link"] == "https://x.org/a"
    assert args("checkin 45 read `https://x.org/a`.")["link"] == "https://x.org/a"


def test_what_only_looks_like_a_link_stays_in_the_note() -> None:
    assert args("checkin 45 read http:///") == {"minutes": 45, "note": "read http:///"}


def test_a_file_is_the_link_and_says_what_was_done_where_only_that_is_missing() -> None:
    link = "https://files.example/1"
    assert with_file(checkin, read(REGISTRY, "checkin 25"), link, "board.png").args == {
        "minutes": "25",
        "note": "board.png",
        "link": link,
    }
    assert "note" not in with_file(checkin, read(REGISTRY, "checkin"), link, "board.png").args
    assert with_file(checkin, read(REGISTRY, "checkin 25 sets"), link, "board.png").args["note"] == "sets"
    assert with_file(checkin, read(REGISTRY, "checkin 25"), "x" * 600, "board.png").args == {"minutes": "25"}
    assert len(with_file(checkin, read(REGISTRY, "checkin 25"), link, "b" * 900).args["note"]) <= 500


def test_a_link_that_is_named_leaves_the_one_in_the_note_alone() -> None:
    found = args("checkin 45 read https://x.org/a link=https://y.org")
    assert found == {"minutes": 45, "note": "read https://x.org/a", "link": "https://y.org"}


def test_words_that_look_like_a_name_but_are_none_stay_in_the_text() -> None:
    assert args("checkin 45 solved x=2 and y=3") == {"minutes": 45, "note": "solved x=2 and y=3"}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("away today", {"until": TODAY}),
        ("away until=today", {"until": TODAY}),
        ("away 2026-12-01", {"until": date(2026, 12, 1)}),
        ("away next monday", {"until": date(2026, 3, 9)}),
        ("away in 2 weeks exams and such", {"until": date(2026, 3, 18), "reason": "exams and such"}),
        ("away from=tomorrow until=friday", {"from_": date(2026, 3, 5), "until": date(2026, 3, 6)}),
        ("away friday from=tomorrow exams", {"until": date(2026, 3, 6), "from_": date(2026, 3, 5), "reason": "exams"}),
        ("away until friday", {"until": date(2026, 3, 6)}),
        ("away until=until friday", {"until": date(2026, 3, 6)}),
        ("away till next monday, exams", {"until": date(2026, 3, 9), "reason": "exams"}),
        ("away from tomorrow until friday", {"from_": date(2026, 3, 5), "until": date(2026, 3, 6)}),
        ("away until friday from tomorrow", {"from_": date(2026, 3, 5), "until": date(2026, 3, 6)}),
        ("away tomorrow to friday exams", {"from_": date(2026, 3, 5), "until": date(2026, 3, 6), "reason": "exams"}),
        ("away exams until friday", {"until": date(2026, 3, 6), "reason": "exams"}),
        ("away until friday, back to monday hours", {"until": date(2026, 3, 6), "reason": "back to monday hours"}),
        ("away this week", {"until": date(2026, 3, 8)}),
        ("away from_=tomorrow friday", {"from_": date(2026, 3, 5), "until": date(2026, 3, 6)}),
    ],
)
def test_days_are_typed_in_words(line: str, expected: dict[str, object]) -> None:
    assert args(line) == expected


def test_an_optional_value_that_does_not_read_is_left_to_the_text() -> None:
    assert args("away friday because of exams") == {"until": date(2026, 3, 6), "reason": "because of exams"}


def test_dashes_and_quotes_of_chat_clients_are_straightened_in_values_and_stay_in_prose() -> None:
    assert args("checkin 45 read “A – B”, it’s  good link=https://x.org")["note"] == "read “A – B”, it’s good"
    kept = plan(checkin, Call("checkin", {"minutes": "45", "note": "„Faust“ – I"}), TODAY)
    assert isinstance(kept, Ready) and kept.args["note"] == "„Faust“ – I"
    assert args("cohort create name=“Night owls” timezone=berlin") == {
        "name": "Night owls",
        "timezone": "Europe/Berlin",
    }


@pytest.mark.parametrize(
    ("line", "note"),
    [
        ('checkin 20 "Zauberberg" chapter 1', '"Zauberberg" chapter 1'),
        ("checkin 20 „Zauberberg“ Kapitel 1", "„Zauberberg“ Kapitel 1"),
        ('checkin 20 "A" and "B" unit=3', '"A" and "B"'),
        ('checkin 20 "read two papers"', "read two papers"),
        ('checkin 20 "read" https://x.org', "read"),
    ],
)
def test_a_text_that_begins_with_a_quoted_piece_goes_on_after_it(line: str, note: str) -> None:
    assert args(line)["note"] == note


def test_a_choice_may_be_shortened() -> None:
    assert args("board wee") == {"period": "week"}
    assert args("board") == {"period": "phase"}


def test_a_slip_in_a_zone_is_answered_with_field_suggestion_and_example() -> None:
    wrong = plan(sample_commands.settings, read(REGISTRY, "settings zone=Europe/Berln"), TODAY)
    assert wrong == Wrong({"zone": "**Time zone**: Europe/Berln: did you mean Europe/Berlin? Example: `Europe/Berlin`"})


def test_a_wrong_value_is_answered_with_field_reason_and_example() -> None:
    wrong = plan(checkin, Call("checkin", {"minutes": "soon", "note": "read"}), TODAY)
    assert wrong == Wrong({"minutes": "**Time spent**: “soon” is not a length of time. Example: `45m`"})


@pytest.mark.parametrize("weeks", ["27", "0", "-1", "999999999"])
def test_a_number_outside_its_bounds_is_refused_and_never_taken_for_text(weeks: str) -> None:
    for line in (f"pause {weeks} holidays", f"pause weeks={weeks}"):
        wrong = plan(sample_commands.pause, read(REGISTRY, line), TODAY)
        assert wrong == Wrong({"weeks": f"**Weeks**: {int(weeks)} is not between 1 and 26. Example: `2`"})


def test_a_number_within_its_bounds_is_taken_and_one_without_bounds_may_be_large() -> None:
    assert args("pause 26 holidays") == {"weeks": 26, "reason": "holidays"}
    assert args("pause 1") == {"weeks": 1}
    unbound = ParamSpec("id", Kind.INT, True, None, Param("Number"))
    assert value(unbound, "123456789", TODAY) == 123456789
    for says, said in (
        (Param("N", min=2), "too small. The least is 2"),
        (Param("N", max=0), "too large. The most is 0"),
    ):
        with pytest.raises(BadInput, match=said):
            value(replace(unbound, says=says), "1", TODAY)


def test_minutes_have_a_least_and_a_greatest_value_too() -> None:
    spent = ParamSpec("minutes", Kind.MINUTES, True, None, Param("Time spent", min=1, max=720))
    assert value(spent, "12 hours", TODAY) == 720
    for said in ("13h", "0"):
        with pytest.raises(BadInput, match="is not between 1 and 720"):
            value(spent, said, TODAY)
    assert spent.characters == 200, "its bounds say nothing about how long it may be written"


def test_every_wrong_value_is_named_at_once() -> None:
    wrong = plan(checkin, Call("checkin", {"minutes": "soon", "note": "x" * 501, "link": "x"}), TODAY)
    assert isinstance(wrong, Wrong)
    assert list(wrong.errors) == ["minutes", "note", "link"]
    assert "501 characters, 500 fit" in wrong.errors["note"]


def test_a_value_given_twice_is_told_not_guessed() -> None:
    wrong = plan(checkin, read(REGISTRY, "checkin 45 minutes=50 read"), TODAY)
    assert isinstance(wrong, Wrong)
    assert "“45 50”" in wrong.errors["minutes"]


def test_words_too_many_are_told_not_dropped() -> None:
    wrong = plan(sample_commands.board, read(REGISTRY, "board week please"), TODAY)
    assert isinstance(wrong, Wrong)
    assert "“week please”" in wrong.errors["period"]


def test_a_command_with_a_form_asks_for_what_is_missing() -> None:
    assert plan(checkin, read(REGISTRY, "checkin 45"), TODAY) == NeedsForm(("note",))
    assert plan(checkin, read(REGISTRY, "checkin"), TODAY) == NeedsForm(("minutes", "note"))


def test_a_command_without_a_form_says_what_is_missing() -> None:
    wrong = plan(away, read(REGISTRY, "away"), TODAY)
    assert wrong == Wrong({"until": f"**Last day away** is missing. Example: {markup.typed('away in 1 week')}"})


def test_a_form_that_opens_filled_opens_when_nothing_is_given() -> None:
    assert plan(sample_commands.settings, read(REGISTRY, "settings"), TODAY) == NeedsForm(())
    assert isinstance(plan(sample_commands.settings, read(REGISTRY, "settings berlin"), TODAY), Ready)


def test_a_call_that_asks_for_its_form_gets_it_whatever_it_carries() -> None:
    assert plan(checkin, Call("checkin", {"minutes": "45", "note": "x"}, ask=True), TODAY) == NeedsForm(())


def test_a_line_is_completed_with_the_commands_that_begin_so() -> None:
    assert complete(REGISTRY, "/co") == ["cohort create", "cohort end"]
    assert "postnow" not in complete(REGISTRY, "")


@examples(300)
@given(st.sampled_from(sample_commands.ALL), LINES)
def test_splitting_never_raises_and_always_ends(command: Command, line: str) -> None:
    raw = split(command, line)
    assert set(raw) <= {p.key for p in command.params}
    plan(command, Call(command.name, raw), TODAY)


@examples(300)
@given(st.sampled_from([checkin, away, excuse, group_create, sample_commands.board, sample_commands.ask]), LINES)
def test_what_was_typed_is_never_lost(command: Command, line: str) -> None:
    raw = split(command, line)
    kept = " ".join(raw.values()).replace('"', " ")
    keys = "|".join(p.key for p in command.params)
    for word in sample_commands.typed_words(line, keys):
        assert word in kept


def test_an_endless_question_is_refused_by_its_length_not_by_the_parser() -> None:
    line = "checkin 45 " + "word " * 20_000
    wrong = plan(checkin, read(REGISTRY, line), TODAY)
    assert isinstance(wrong, Wrong)
