"""Tables as people paste them from Sheets and Notion, with heads in three languages or none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.curriculum.authoring.course_files import write_course_files
from bot.curriculum.authoring.outline_import import read_outline
from bot.curriculum.authoring.parsed_outline import ParsedOutline, ParsedPhase, ParsedUnit, write_outline
from bot.curriculum.short_questions import ShortQuestion
from bot.features.courses import own_roadmap

NOTION = """\
| Semana | Tema | Horas | Objetivos | Ejercicio | Hecho cuando | Enlaces | Profesor | Pregunta |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
| 1 | Saludos | 2 | Saludar; Despedirse | Graba un saludo (20 min) | Se entiende | https://example.org/saludos | Ana | \
¿Cómo se dice “hello”? hola; adiós; gracias (porque es un saludo)<br>¿Y “bye”? adiós; hola |
| 2 | El pasado | 3 | Contar un viaje | Escribe diez frases | Hay diez | | Ana | |
"""
SAME = ParsedUnit("Sets", "What a set is and why it is fast", 2)


def test_a_spanish_table_from_notion_is_read_with_all_of_its_columns() -> None:
    outline = read_outline(f"# Español A2\n\n{NOTION}")
    assert outline.title == "Español A2" and outline.faults == () == outline.remarks
    first, second = outline.units
    assert (first.title, first.hours, first.goals) == ("Saludos", 2, ("Saludar", "Despedirse"))
    assert (first.exercise, first.minutes, first.done_when) == ("Graba un saludo", 20, "Se entiende")
    assert [link.url for link in first.links] == ["https://example.org/saludos"]
    assert first.questions == (
        ShortQuestion("¿Cómo se dice “hello”?", "hola", ("adiós", "gracias"), "Porque es un saludo"),
        ShortQuestion("¿Y “bye”?", "adiós", ("hola",)),
    )
    assert (second.title, second.hours, second.questions) == ("El pasado", 3, ())
    assert [kind for _, kind in outline.columns] == [
        "", "title", "hours", "goals", "exercise", "done when", "links", "", "question",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "Thema\tStd.\tBeschreibung\nSets\t2\tWhat a set is and why it is fast\nMaps\t1\t\n",
        "1\tSets\t2 h\tWhat a set is and why it is fast\n2\tMaps\t1 h\t\n",
        "Dauer;Lektion;Zusammenfassung\n2;Sets;What a set is and why it is fast\n1;Maps;\n",
        "| ? | A | B | C |\n|---|---|---|---|\n"
        "| 1 | Sets | 2 h | What a set is and why it is fast |\n| 2 | Maps | 1 h | |\n",
        "Título,Duración,Descripción\nSets,2,What a set is and why it is fast\nMaps,1,\n",
        "Woche\tStunden\tNotizen\nSets\t2\tWhat a set is and why it is fast\nMaps\t1\t\n",
    ],
)
def test_columns_are_found_by_name_or_by_what_they_hold(text: str) -> None:
    outline = read_outline(text)
    assert outline.faults == ()
    assert outline.units[0] == SAME and outline.units[1].title == "Maps" and outline.units[1].hours == 1


def test_questions_may_have_columns_and_rows_of_their_own() -> None:
    table = (
        "Unit,Question,Right answer,Wrong answers,Why\n"
        'Food,What is pan?,bread,"water, milk",You bake it.\n'
        ",What is agua?,water,bread; milk,\n"
        ",What is leche?,milk,,\n"
        "Drinks,,,,\n"
    )
    outline = read_outline(table)
    assert [unit.title for unit in outline.units] == ["Food", "Drinks"]
    assert [question.right for question in outline.units[0].questions] == ["bread", "water"]
    assert outline.units[0].questions[0].wrong == ("water", "milk")
    (remark,) = outline.remarks
    assert remark.line == 4
    assert remark.sentence.startswith("I left out a question. Wrong answers: write at least one wrong answer")


def test_labels_below_a_unit_say_the_same_as_columns() -> None:
    outline = read_outline(
        "# Spanish\n### Food\nWe eat.\nGoals:\n- Order a meal\n- Pay\nExercise (20 min): Write a menu.\n"
        "Done when: it has ten dishes\nQuestion: What is pan? bread; water\n"
    )
    (unit,) = outline.units
    assert (unit.summary, unit.goals) == ("We eat.", ("Order a meal", "Pay"))
    assert (unit.exercise, unit.minutes, unit.done_when) == ("Write a menu.", 20, "it has ten dishes")
    assert [question.right for question in unit.questions] == ["bread"]


def test_what_a_table_holds_becomes_the_course() -> None:
    (yaml,) = write_course_files(read_outline(f"# Español A2\n{NOTION}"), "own-1").values()
    track = own_roadmap.track("own-1", yaml)
    assert track is not None
    unit = track.roadmap.units[0]
    assert unit.objectives == ("Saludar", "Despedirse")
    assert (unit.exercise.task, unit.exercise.minutes, unit.exercise.done_when) == (
        "Graba un saludo",
        20,
        "Se entiende",
    )


@given(some.text(alphabet=some.sampled_from("|-\t,;?=ab1 \n(/)<br>"), max_size=200))
def test_no_table_breaks_the_reader(text: str) -> None:
    read_outline(text)
    read_outline(f"title\tquestion\thours\n{text}")


_WORDS = some.text(alphabet="abcdefgh ", min_size=1, max_size=20).map(lambda words: f"x{' '.join(words.split())}")
_QUESTIONS = some.builds(
    ShortQuestion,
    _WORDS.map(lambda words: f"{words}?"),
    _WORDS,
    some.lists(_WORDS, min_size=1, max_size=3, unique=True).map(tuple),
    _WORDS.map(str.capitalize) | some.just(""),
).filter(lambda question: question.right not in question.wrong)
_UNITS = some.builds(
    ParsedUnit,
    _WORDS,
    _WORDS | some.just(""),
    some.integers(0, 40),
    exercise=_WORDS,
    goals=some.lists(_WORDS, max_size=3).map(tuple),
    minutes=some.integers(0, 300),
    done_when=_WORDS | some.just(""),
    questions=some.lists(_QUESTIONS, max_size=3).map(tuple),
)


@given(some.lists(_UNITS, min_size=1, max_size=4))
def test_an_outline_that_was_written_is_read_as_it_was(units: list[ParsedUnit]) -> None:
    outline = ParsedOutline("Title", "", (ParsedPhase("Phase", "", tuple(units)),))
    read = read_outline(write_outline(outline))
    assert read.faults == () and read.phases == outline.phases


@pytest.mark.parametrize("table", ["title,hours\nSets,3\nMaps,2\n", "title\thours\nSets\t3\nMaps\t2\n"])
def test_a_line_above_a_table_is_the_title(table: str) -> None:
    outline = read_outline(f"# Maths\n\n{table}")
    assert (outline.title, [(unit.title, unit.hours) for unit in outline.units]) == (
        "Maths",
        [("Sets", 3), ("Maps", 2)],
    )
    assert outline.faults == () == outline.remarks


def test_weeks_of_the_same_title_stay_units_unless_a_row_only_asks_more() -> None:
    outline = read_outline(
        "title,summary,question\nRevision,Read again.,\nRevision,,\nSets,What a set is.,What is 1? one; two\n"
        "Sets,What a set is.,What is 2? two; three\nSets,,What is 3? three; four\nSets,Another one.,What is 4? 4; 5\n"
    )
    assert [(unit.title, len(unit.questions)) for unit in outline.units] == [
        ("Revision", 0),
        ("Revision", 0),
        ("Sets", 3),
        ("Sets", 1),
    ]


@pytest.mark.parametrize(
    ("table", "line"),
    [
        ('title,summary,hours\nSets,"Read this,2\nMaps,That,3\n', 2),
        ('title,summary,hours\nSets,"Read this,2\nMaps,"That",3\nTrees,,1\n', 2),
        ('# Maths\ntitle,summary\nSets,one\nMaps,"two\n', 4),
    ],
)
def test_a_row_with_an_open_quotation_mark_is_named(table: str, line: int) -> None:
    faults = read_outline(table).faults
    assert (faults[0].line, faults[0].sentence) == (
        line,
        "A quotation mark in this row isn't closed. Close it or leave it out.",
    )


def test_cells_with_quotation_marks_and_lines_are_read() -> None:
    outline = read_outline('title,summary\n"""Sets"" and maps","One\ntwo"\nA 5" pipe,"Said ""yes"", twice"\n')
    assert [unit.title for unit in outline.units] == ['"Sets" and maps', 'A 5" pipe'] and outline.faults == ()


def test_a_question_that_an_outline_repeats_gets_a_remark() -> None:
    outline = read_outline("# Maths\n- One\n  Question: What? a; b\n- Two\n  Question: what? a; c\n")
    (remark,) = outline.remarks
    assert (remark.line, remark.sentence) == (5, "The outline has this question twice. I'll ask it once.")
