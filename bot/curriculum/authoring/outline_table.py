"""Read a pasted table as rows of an outline: Markdown, tab-separated lines or CSV, with or without a head. Pure.

Sheets and Notion copy tables like that. Columns may stand in any order, under usual names in English, Spanish and
German. Without a known head the content says what a column holds.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from io import StringIO

from bot.curriculum.short_questions import ShortQuestion

LINE_MAX = 2000
MARKDOWN_ROW = re.compile(r"\|.*\|")
_ALIGNMENT = re.compile(r"[|: -]+")
_FEWEST_ROWS = 2
"""Fewest rows of a table without a known head."""

COLUMNS: Mapping[str, str] = {
    "title": "title, unit, name, topic, lesson, session, subject, content, titulo, tema, unidad, leccion, nombre, "
    "asunto, contenido, titel, thema, einheit, lektion, inhalt",
    "summary": "summary, description, text, about, what, notes, details, resumen, descripcion, notas, detalles, "
    "beschreibung, zusammenfassung, notizen",
    "hours": "hours, hour, h, time, duration, effort, horas, hora, tiempo, duracion, stunden, std, zeit, dauer, "
    "aufwand",
    "links": "links, link, urls, url, resources, resource, reading, material, materials, enlaces, enlace, recursos, "
    "recurso, lectura, lecturas, materiales, ressourcen, materialien, lekture, quellen, quelle",
    "phase": "phase, part, module, block, section, chapter, fase, parte, modulo, bloque, seccion, capitulo, teil, "
    "modul, abschnitt, kapitel",
    "goals": "goals, goal, objectives, objective, outcomes, outcome, objetivos, objetivo, metas, meta, ziele, ziel, "
    "lernziele, lernziel",
    "exercise": "exercise, exercises, task, tasks, homework, assignment, assignments, practice, ejercicio, "
    "ejercicios, tarea, tareas, practica, deberes, ubung, ubungen, aufgabe, aufgaben, hausaufgabe, hausaufgaben",
    "minutes": "minutes, min, minutos, minuten",
    "done when": "done when, done if, hecho cuando, hecho si, fertig wenn",
    "question": "question, questions, quiz, pregunta, preguntas, frage, fragen",
    "right answer": "right answer, right, answer, correct answer, correct, respuesta, respuesta correcta, correcta, "
    "antwort, richtige antwort, richtig",
    "wrong answers": "wrong answers, wrong answer, wrong, distractors, choices, options, respuestas incorrectas, "
    "incorrectas, opciones, falsche antworten, falsch, optionen",
    "why": "why, reason, explanation, por que, explicacion, razon, warum, grund, erklarung",
}
"""Usual names of columns without accents, by what such a column holds."""
_KINDS = {name: kind for kind, names in COLUMNS.items() for name in names.split(", ")}
NUMBERING = ("week", "no", "nr", "number", "#", "day", "date", "semana", "dia", "fecha", "woche", "tag", "datum")
"""Columns that number the rows. One of them holds the titles if no other column does."""


@dataclass(frozen=True)
class OutlineRow:
    """A row: its line, and the text of each cell by what the cell holds."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class OutlineTable:
    """A pasted table.

    Args:
        columns: the name of each column, and what it was taken for; "" if it was left out.
        starts: the line of the first row, from 1; what stands above is no part of the table.
        unclosed: the line of the first row in which a quotation mark isn't closed; 0 for none.
    """

    columns: tuple[tuple[str, str], ...]
    rows: tuple[OutlineRow, ...]
    starts: int
    unclosed: int = 0


def find_table(text: str, minutes: Callable[[str], int]) -> OutlineTable | None:
    """Return the table that a text holds; None if it holds none.

    Args:
        minutes: reads a duration; 0 if there is none.
    """
    lines = text.split("\n")
    first = next((at for at, line in enumerate(lines) if line.strip()), 0)
    top = first
    if lines[first].startswith("# "):  # the title
        top = next((at for at in range(first + 1, len(lines)) if lines[at].strip()), first)
    if not lines[top].lstrip().startswith(("#", "- ", "* ", "|")):
        for mark in ",;\t":
            head = _split_cells(lines[top], mark)
            rows = _read_rows(lines[top:], mark, top)
            if _is_head(head) or (mark == "\t" and _is_even([row for _, row in rows])):
                is_headed = _is_head(head)
                table = _make_table(head if is_headed else (), rows[is_headed:], top + 1, minutes)
                return replace(table, unclosed=_find_unclosed(lines[top:], mark, top))
    at_row = [(number, line.strip()) for number, line in enumerate(lines, 1) if MARKDOWN_ROW.fullmatch(line.strip())]
    cells = [(number, _split_markdown(line)) for number, line in at_row]
    if len(cells) < _FEWEST_ROWS:
        return None
    body = [(number, row) for number, row in cells[1:] if not all(_ALIGNMENT.fullmatch(cell or "-") for cell in row)]
    if _is_head(cells[0][1]):
        return _make_table(cells[0][1], body, cells[0][0], minutes)
    below = [line for line in lines[cells[0][0] - 1 :] if line.strip()]
    if len(below) > len(cells) or not _is_even([row for _, row in cells]):
        return None
    has_head = len(body) < len(cells) - 1  # a line of hyphens stands below it
    return _make_table(cells[0][1] if has_head else (), body if has_head else cells, cells[0][0], minutes)


def _is_head(cells: Sequence[str]) -> bool:
    """Whether cells name columns: one holds titles, or two are known."""
    known = {kind for cell in cells if (kind := _kind_of(cell))}
    return "title" in known or len(known) > 1


def _is_even(rows: Sequence[Sequence[str]]) -> bool:
    """Whether rows have the same number of cells, two or more."""
    widths = {len(row) for row in rows}
    return len(rows) >= _FEWEST_ROWS and len(widths) == 1 and widths.pop() > 1


def _normalise(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.casefold().replace("ß", "ss"))
    words = re.findall(r"[a-z#]+", "".join(letter for letter in letters if not unicodedata.combining(letter)))
    return " ".join(words)


def _kind_of(name: str) -> str:
    """Return what a column of this name holds; "" if the name is unknown."""
    return _KINDS.get(_normalise(re.sub(r"\(.*?\)", "", name)), "")


def _split_cells(line: str, mark: str) -> list[str]:
    with suppress(csv.Error):
        return next(csv.reader([line], delimiter=mark), [])
    return []


def _split_markdown(line: str) -> list[str]:
    cells = re.split(r"(?<!\\)\|", line.strip().removeprefix("|").removesuffix("|"))
    return [re.sub(r"<br\s*/?>", "\n", cell.strip().replace("\\|", "|")) for cell in cells]


def _read_rows(lines: Sequence[str], mark: str, above: int) -> list[tuple[int, list[str]]]:
    """Return the readable rows, each with its first line number.

    Args:
        above: lines above them.
    """
    return [(begins, row) for begins, _, row in _walk_rows(lines, mark, above) if any(cell.strip() for cell in row)]


def _walk_rows(lines: Sequence[str], mark: str, above: int) -> Iterator[tuple[int, int, list[str]]]:
    """Yield the readable rows, each with its first and its last line number."""
    rows = csv.reader(StringIO("\n".join(lines)), delimiter=mark)
    begins = above + 1
    with suppress(csv.Error):
        for row in rows:
            yield begins, above + rows.line_num, row
            begins = above + rows.line_num + 1


def _find_unclosed(lines: Sequence[str], mark: str, above: int) -> int:
    """Return the first line of a row in which a quotation mark isn't closed, so that it takes text of the next row.

    A mark of a later row may seem to close it; then text follows that mark. Return 0 for no such row.
    """
    for begins, ends, _ in _walk_rows(lines, mark, above):
        try:
            [*csv.reader(StringIO("\n".join(lines[begins - above - 1 : ends - above])), delimiter=mark, strict=True)]
        except csv.Error as trouble:
            if ends > begins or "unexpected end" in str(trouble):
                return begins
    return 0


def _make_table(
    head: Sequence[str], rows: Sequence[tuple[int, list[str]]], starts: int, minutes: Callable[[str], int]
) -> OutlineTable:
    width = max((len(row) for _, row in rows), default=len(head))
    kinds: list[str] = []
    for name in head:
        kind = _kind_of(name)
        kinds.append(kind if kind not in kinds else "")
    kinds += [""] * (width - len(kinds))
    if "title" not in kinds:
        columns = [[row[at].strip() if at < len(row) else "" for _, row in rows] for at in range(width)]
        _infer_kinds(kinds, head, columns, minutes)
    names = (*head, *(f"column {at + 1}" for at in range(len(head), width)))
    listed = tuple((" ".join(name.split()) or f"column {at + 1}", kinds[at]) for at, name in enumerate(names))
    return OutlineTable(
        listed,
        tuple(
            OutlineRow(line, {kind: row[at].strip()[:LINE_MAX] for at, kind in enumerate(kinds[: len(row)]) if kind})
            for line, row in rows
        ),
        starts,
    )


def _infer_kinds(
    kinds: list[str], head: Sequence[str], columns: Sequence[Sequence[str]], minutes: Callable[[str], int]
) -> None:
    """Say what each unknown column holds by its content; every table gets a column of titles."""
    free = [at for at, kind in enumerate(kinds) if not kind and any(columns[at])]

    def take(kind: str, fits: Callable[[Sequence[str]], bool]) -> None:
        if kind not in kinds and (at := next((at for at in free if fits(columns[at])), None)) is not None:
            kinds[at] = kind
            free.remove(at)

    numbers = [at for at in free if _is_numbering(columns[at])]
    free = [at for at in free if at not in numbers]
    take("links", lambda cells: _share(cells, lambda cell: "http://" in cell or "https://" in cell) > 0.5)
    take("hours", lambda cells: _share(cells, lambda cell: len(cell) < 20 and minutes(cell) > 0) > 0.8)
    take("question", lambda cells: _share(cells, lambda cell: "?" in cell and len(cell) > 8) > 0.7)
    take("phase", lambda cells: 1 < len(set(cells)) <= len(cells) // 2 and bool(free[1:]))
    named = [at for at in free if at < len(head) and _normalise(head[at]) in NUMBERING]
    titles = [at for at in free if at not in named] or free or numbers
    if titles:
        kinds[titles[0]] = "title"
        free = [at for at in free if at != titles[0] and at not in named]
    take("summary", lambda cells: any(len(cell) > 20 for cell in cells))


def _is_numbering(cells: Sequence[str]) -> bool:
    """Whether cells count up from 0 or 1."""
    counted = [int(cell.rstrip(".)")) for cell in cells if cell.rstrip(".)").isdecimal()]
    return len(counted) == len(cells) and counted in ([*range(len(cells))], [*range(1, len(cells) + 1)])


def _share(cells: Sequence[str], fits: Callable[[str], bool]) -> float:
    filled = [cell for cell in cells if cell]
    return sum(map(fits, filled)) / len(filled) if filled else 0.0


_AFTER_PROMPT = re.compile(r"(?<=\?)\s*(?:=|->|→|:)?\s*|\s+(?:=|->|→)\s+")
_BETWEEN_ANSWERS = re.compile(r"\s*[;|\n]\s*|\s+/\s+")
_REASON = re.compile(
    r"\s*\((?:(?:why|reason|por qué|razón|warum|grund):\s*(?P<why>.+)|(?P<because>(?:because|porque|weil)\s.+))\)\s*$",
    re.IGNORECASE,
)


def read_questions(cell: str) -> list[ShortQuestion]:
    """Return the questions of a cell: a line each, such as `What is 2 + 2? four; three; five (why: it adds up)`.

    The first answer is the right one.
    """
    questions = []
    for line in re.split(r"\n+", cell):
        match = _REASON.search(line)
        why = (match["why"] or match["because"]) if match else ""
        words = line[: match.start()] if match else line
        prompt, *rest = _AFTER_PROMPT.split(words.strip(" -*•"), maxsplit=1)
        answers = [answer for answer in _BETWEEN_ANSWERS.split("".join(rest)) if answer.strip()]
        if prompt.strip():
            right = answers[0] if answers else ""
            questions.append(ShortQuestion(prompt.strip(), right, tuple(answers[1:]), why[:1].upper() + why[1:]))
    return questions


def read_question_row(cells: Mapping[str, str]) -> list[ShortQuestion]:
    """Return the questions of a row: of columns for question and answers, or of one cell that holds all."""
    prompt = cells.get("question", "")
    if not prompt:
        return []
    if not (cells.get("right answer") or cells.get("wrong answers")):
        return read_questions(prompt)
    right = cells.get("right answer", "")
    wrong = [answer for answer in _BETWEEN_ANSWERS.split(cells.get("wrong answers", "")) if answer.strip()]
    if len(wrong) == 1 and "," in wrong[0]:
        wrong = [answer.strip() for answer in wrong[0].split(",") if answer.strip()]
    others = tuple(answer for answer in wrong if answer.casefold() != right.casefold())
    return [ShortQuestion(prompt, right, others, cells.get("why", ""))]
