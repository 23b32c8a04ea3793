"""A roadmap as a value, and the unit that people mean by what they type."""

from dataclasses import FrozenInstanceError
from datetime import date

import pytest

from bot.curriculum.content import Exercise, Phase, Roadmap, Topic, Unit
from bot.messages import markup
from bot.messages.errors import NotFound

TITLES = {
    "py-lists": "Lists and tuples",
    "py-async": "Asynchronous programming",
    "math-vectors": "Vectors, dot products and norms",
    "dl-backpropagation": "Backpropagation",
    "tf-attention": "Self-attention and the original paper",
    "tf-multi-head": "Multi-head attention and masks",
    "tf-cross": "Cross-attention",
    "tf-flash": "Fast attention kernels",
    "ft-lora": "LoRA and QLoRA",
    "rag-vector": "Vector databases",
    "ops-cafe": "Café_monitoring [live]",
}


def build() -> Roadmap:
    units = [
        Unit(i, n, title, "", (), "", Exercise("", "", ""), 4, (), (), "first" if n < 4 else "second", "only")
        for n, (i, title) in enumerate(TITLES.items(), 1)
    ]
    topics = (Topic("first", "First", "", tuple(units[:3])), Topic("second", "Second", "", tuple(units[3:])))
    return Roadmap("small", "Small", "", (Phase("only", "Only", date(2025, 1, 1), date(2025, 6, 30), "", topics),))


ROADMAP = build()


def refusal(said: str) -> str:
    with pytest.raises(NotFound) as raised:
        ROADMAP.find(said)
    return raised.value.sentence


def test_units_stand_in_order_with_their_phase() -> None:
    assert [unit.id for unit in ROADMAP.units] == list(TITLES)
    unit = ROADMAP.unit("dl-backpropagation")
    assert unit.label == "Unit 4: Backpropagation"
    assert ROADMAP.phase_of(unit).id == "only"
    assert [topic.id for topic in ROADMAP.topics] == ["first", "second"]


def test_a_roadmap_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        ROADMAP.title = "Other"  # type: ignore[misc]
    assert hash(ROADMAP) == hash(build())


def test_a_unit_is_got_by_exactly_its_id() -> None:
    assert ROADMAP.unit("py-async").number == 2
    assert ROADMAP.has("py-async")
    assert not ROADMAP.has("2")
    with pytest.raises(NotFound, match=r"There is no unit “dl-backprop”. Did you mean unit 4 \(Backpropagation\)\?"):
        ROADMAP.unit("dl-backprop")


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("py-lists", 1),
        ("PY-LISTS", 1),
        (" 7 ", 7),
        ("unit 7", 7),
        ("Unit 07", 7),
        ("#7", 7),
        ("no. 7", 7),
        ("unit #7", 7),
        ("Unit 4: Backpropagation", 4),
        ("4 of 6 in part 1", 4),
        ("4 of 6 in leg 1", 4),
        ("backpropagation", 4),
        ("Unit backpropagation", 4),
        ("lists and tuples", 1),
        ("tuples", 1),
        ("async", 2),
        ("lora", 9),
        ("self attention", 5),
        ("masks", 6),
        ("“Cross–attention”", 7),
        ("dot products", 3),
        ("products dot", 3),
        ("propag", 4),
        ("cafe monitoring", 11),
        ("backpropogation", 4),
        ("bakcprop", 4),
        ("asynchronus programing", 2),
        ("vector databses", 10),
        ("tf attention", 5),
    ],
)
def test_a_unit_is_found_by_what_people_type(said: str, number: int) -> None:
    assert ROADMAP.find(said).number == number


def test_what_fits_several_units_names_them() -> None:
    assert refusal("vector") == (
        "“vector” fits 2 units: unit 3 (Vectors, dot products and norms) and unit 10 (Vector databases). "
        "Choose one by its number."
    )


def test_of_many_units_that_fit_three_are_named() -> None:
    assert refusal("attention").startswith("“attention” fits 4 units, among them unit 5 (")
    assert "unit 8" not in refusal("attention")


def test_a_slip_that_is_near_to_two_titles_is_not_guessed() -> None:
    assert refusal("atention").startswith("“atention” fits 4 units")


@pytest.mark.parametrize("said", ["0", "12", "unit 999"])
def test_a_number_outside_the_roadmap_is_told_with_the_range(said: str) -> None:
    assert refusal(said).endswith("The course has units 1 to 11.")


def test_what_fits_nothing_is_told_with_the_way_to_name_a_unit() -> None:
    assert refusal("zebra crossing") == (
        "There is no unit “zebra crossing”. Name a unit by its number, 1 to 11, or by its title."
    )
    assert refusal("  ") == "Name a unit by its number, 1 to 11, or by its title."
    assert refusal("!?").startswith("There is no unit “!?”")


def test_hostile_text_is_escaped_and_bounded_in_the_refusal() -> None:
    said = "**@everyone** [x](http://evil.example) \x02p|1|x\x03" + "y" * 5000
    sentence = refusal(said)
    assert len(sentence) < 300
    assert all(isinstance(span, markup.Plain) for span in markup.inline(sentence))


def test_a_title_is_escaped_in_the_refusal() -> None:
    assert markup.escape("Café_monitoring [live]") in refusal("monitring live stage")


def test_nothing_typed_suggests_the_first_units() -> None:
    assert ROADMAP.suggestions("", most=2) == [
        ("Unit 1: Lists and tuples", "py-lists"),
        ("Unit 2: Asynchronous programming", "py-async"),
    ]


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("1", [1, 10, 11]),
        ("unit 1", [1, 10, 11]),
        ("vec", [3, 10]),
        ("attention", [5, 6, 7, 8]),
        ("bakc", [4]),
        ("databases vector", [10]),
        ("ra", [10]),
        ("zebra", []),
        ("99", []),
    ],
)
def test_what_is_typed_so_far_suggests_what_fits_best_first(typed: str, numbers: list[int]) -> None:
    assert [ROADMAP.unit(unit_id).number for _, unit_id in ROADMAP.suggestions(typed)] == numbers


def test_suggestions_fit_every_platform() -> None:
    found = ROADMAP.suggestions("a" * 5000) + ROADMAP.suggestions("a")
    assert len(ROADMAP.suggestions("", most=3)) == 3
    assert all(len(label) <= 100 for label, _ in found)
