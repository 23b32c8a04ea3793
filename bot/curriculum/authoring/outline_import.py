"""Import an outline, Markdown or a table, as a title, phases and units. Pure.

Sheets and Notion copy tables as Markdown, tab-separated lines or CSV. Columns may stand in any order, under usual names
in English, Spanish and German. Without a known head the content says what a column holds.
"""

from __future__ import annotations

import csv
import html
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from io import StringIO
from itertools import chain, pairwise
from textwrap import dedent

from bot.commands import durations
from bot.commands.parameter_types import parse_url
from bot.curriculum.authoring.course_files import read_folder
from bot.curriculum.authoring.parsed_outline import (
    DONE_MAX,
    EXERCISE_MAX,
    FAULTS_MAX,
    FILE_MAX,
    LINK_TITLE_MAX,
    PHASE,
    SUMMARY_MAX,
    TEXT_MAX,
    UNIT,
    WHOLE,
    OutlineBuilder,
    OutlineLink,
    OutlinePart,
    ParsedOutline,
    ParsedUnit,
    is_written,
    read_written,
    shorten_url,
)
from bot.curriculum.faults import LineRemark
from bot.curriculum.outline_reader import HOURS, MINUTES, TITLE_MAX
from bot.curriculum.short_questions import (
    ShortQuestion,
    read_question_row,
    read_questions,
)
from bot.messages import markup
from bot.messages.attachment import is_joined
from bot.messages.errors import BadInput
from bot.messages.spreadsheet import read_cell

LINE_MAX, NAME_MAX = 2000, 120
"""Most characters of a line that are read, and of a heading without marks."""

_LINK = re.compile(r"!?\[(?P<label>[^\[\]]*)\]\((?P<target>[^\s()]*(?:\([^\s()]*\)[^\s()]*)*)(?:\s+\"[^\"]*\")?\)")

_BARE = re.compile(r"<?(?P<target>https?://[^\s<>|]*[^\s<>|.,;:!?)\]'\"])>?")

_BRACKETS = re.compile(r"[(\[](?:about |ca\.? |~ ?)?(?P<length>[^()\[\]]{1,24})[)\]]$")

_NUMBER = re.compile(r"\d{1,4}(?:[.,]\d{1,2})?")

_DURATION = r"(?:about |ca\.? |~ ?)?(?P<length>\d[^()\[\]\t|·:;]{0,22}?[a-zé]\.?)"

_AFTER_LABEL = re.compile(rf"[(\[]{_DURATION}[)\]](?=\s*[:·|–—-])", re.IGNORECASE)
_AT_END = re.compile(rf"(?: ?[\t|·,:]| [–—-])\s{{0,3}}{_DURATION}$", re.IGNORECASE)

_OWN_LINE = re.compile(
    rf"\W*(?:time|duration|effort|dauer|zeit|aufwand|durée|duración|durata)\s*:\s*{_DURATION}$", re.IGNORECASE
)

IN_TITLE, IN_TEXT = (_BRACKETS, _AT_END, _AFTER_LABEL), (_BRACKETS, _OWN_LINE)
"""Where the title of a unit and a line below it state how long the unit takes."""

_IN_ENGLISH = ((re.compile(r"\b(?:std|stunden?|heures?|horas?|ore)\b\.?"), "h"), (re.compile(r"\bminut\w+"), "min"))

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=!?\[|<?https?://)")

_LEAD = re.compile(r"(?<!\S)[^\s:]+(?: [^\s:]+){0,3}:(?!\S)")
"""What says before a link what it is, as in `Read: https://example.org`."""

_EMPHASIS = re.compile(r"(\*\*|__)(.+?)\1|(?<![\w*])([*_])(\S.*?)\3(?![\w*])")


def addresses(cell: str) -> list[str]:
    """Return the links of a table cell, without the text between them."""
    links = [match[0] for match in _LINK.finditer(cell)]
    return [*links, *(match["target"] for match in _BARE.finditer(_LINK.sub(" ", cell)))]


def strip_links(text: str, keep: Callable[[OutlineLink], None], lose: Callable[[str], None]) -> str:
    """Replace the links of a text by their labels.

    Args:
        keep: called with each web link.
        lose: called with each other address.
    """

    def replace_link(label: str, target: str) -> str:
        try:
            url = parse_url(target)
        except BadInput:
            lose(target)
        else:
            keep(OutlineLink(markup.clip(plain(label) or shorten_url(url), LINK_TITLE_MAX), url))
        return label

    rest = _LINK.sub(lambda match: replace_link(match["label"], match["target"]), text)
    return _BARE.sub(lambda match: replace_link("", match["target"]), rest)


def is_lone_link(text: str) -> bool:
    """Whether a line has links and no other words."""
    rest = _BARE.sub("", _LINK.sub("", text))
    words = _LEAD.sub("", split_duration(rest)[0].replace(" and ", ""))
    return rest != text and re.search(r"\w", words) is None


def pieces(text: str) -> list[str]:
    """Split a line before each link that follows the end of a sentence."""
    return _SENTENCE_END.split(text)


def split_duration(text: str, forms: Sequence[re.Pattern[str]] = IN_TITLE) -> tuple[str, int]:
    """Return a text without the duration that it states, and the duration in minutes; 0 for none. Links may follow."""
    line = text.rstrip()
    words = _blank_links(line).rstrip(" ,;:–—-")
    if len(words) < len(line):
        rest, took = split_duration(line[: len(words)], forms)
        return (rest + line[len(words) :], took) if took else (text, 0)
    for form in forms:
        match = form.search(line)
        if match and not _NUMBER.fullmatch(match["length"].strip()) and (took := minutes(match["length"])):
            return line[: match.start()].rstrip() + line[match.end() :], took
    return text, 0


def _blank_links(text: str) -> str:
    """Replace links by spaces; the length stays the same."""
    bare = _LINK.sub(lambda match: " " * len(match[0]), text)
    return _BARE.sub(lambda match: " " * len(match[0]), bare)


def minutes(duration: str) -> int:
    """Return a duration in minutes, the upper end of a range; a bare number is hours."""
    longest = re.split(r"[-–—]|\bto\b", duration.casefold())[-1].strip(" ~")
    for word, english in _IN_ENGLISH:
        longest = word.sub(english, longest)
    return durations.minutes(f"{longest} h" if _NUMBER.fullmatch(longest) else longest) or 0


def plain(text: str) -> str:
    """Return one line without emphasis marks."""
    return " ".join(_EMPHASIS.sub(lambda match: match[2] or match[4], text).split())


_HEADING = re.compile(r" {0,3}(#{1,6})\s+(\S.*)")

_ITEM = re.compile(r"( *)(?:[-*+]|\d{1,3}[.)]|[a-z][.)])\s+(?:\[[ xX]\]\s+)?(\w.*|\S.*\w.*)")

_RULE = re.compile(r"\s*(?:-[- ]+-|\*[* ]+\*|_[_ ]+_|=[= ]+=)\s*")

_UNDERLINE = re.compile(r"(=+|-{3,})\s*")

_BULLET = re.compile(r"^( *)[•◦▪▫●○‣⁃∙■□·–—](?= )")

_EMOJI = "[\u2190-\u21ff\u2300-\u259f\u25b6-\u25c0\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff\ufe0f\u200d\u20e3]"

_DECORATION = re.compile(rf"( *)((?:#{{1,6}}|[-*+]) +)?{_EMOJI}+ *")

_UNIT_NAMES = (
    "week unit session lesson lecture meeting day class woche einheit sitzung lektion vorlesung termin tag semaine "
    "séance leçon jour semana sesión lección clase día settimana lezione giorno sessão aula"
)
"""What people call the units that they number, in English, German, French, Spanish, Italian and Portuguese."""

_UNIT = f"(?:{'|'.join(_UNIT_NAMES.split())})"
_NUMBERS = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten)\b|\d{1,3}(?:\.\d{1,3})*(?:\s?[-–]\s?\d{1,3}(?=\s*[:.)]))?\b"
)
_MONTH = r"(?:jan|feb|m[aä]r|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz])[a-z]*\.?"
_DAY = r"\d{1,2}(?:st|nd|rd|th|\.)?"
_DATE = (
    r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[.,]?\s+)?"
    rf"(?:{_DAY}\s+{_MONTH}|{_MONTH}\s+{_DAY}|\d{{4}}-\d\d-\d\d|\d{{1,2}}[./]\d{{1,2}}[./]?)(?:,?\s*\d{{4}})?"
)

_WEEK = re.compile(
    rf"(?:{_UNIT}s?\s*#?(?:{_NUMBERS})|\d{{1,3}}\.\s?{_UNIT}\b)(?:\s*\({_DATE}\))?\s*[:.)·|–—-]*\s*|{_DATE}\s*[:|–—-]\s+",
    re.IGNORECASE,
)
"""The number or the date with which the title of a unit begins."""

_CHAPTER = re.compile(r"(?:chapter|kapitel|chapitre|cap[ií]tulo|episode|step)\s*\d", re.IGNORECASE)
"""How a unit begins whose number is part of its title."""

_MODULE = re.compile(
    r"(?:module?|part|phase|block|section|book|modul|teil|partie)\s+(?:\d{1,3}|[ivx]{1,5}|[a-h]|one|two|three|four)\b",
    re.IGNORECASE,
)

_BOLD = re.compile(r"(\*{1,2}|__?)(?!\s)([^*]+?):?\1:?")

_NUMBERINGS = {
    "1.1": (re.compile(r"\s*\d{1,2}\.\d{1,2}[.)]?\s+(?=\D)"), ("1.1", "1.2")),
    "1": (re.compile(r"\s*\d{1,2}[.)]?\s+(?=\D)"), ("1.1", "1.2")),
    "I": (re.compile(r"\s*[IVX]{1,5}[.)]\s+"), ("I.", "II.")),
    "A": (re.compile(r"\s*[A-K][.)]\s+"), ("A.", "B.")),
}
"""The numbers of headings by their style, and how two lines begin where there is that style."""

_LIST_NUMBER = re.compile(r"\d{1,3}[.)]\s+")


def parts(text: str, table: OutlineTable | None = None) -> Iterator[OutlinePart]:
    """Yield the parts of an outline in order; the text must be cleaned.

    Args:
        table: the one that the text holds, if it holds one.
    """
    if table is not None:
        above = "\n".join(text.split("\n")[: table.starts - 1])
        return chain(_parse_markdown(_add_headings(_tidy_lines(above))) if above.strip() else (), _parse_table(table))
    return _parse_markdown(_add_headings(_tidy_lines(text)))


def strip_number(title: str) -> str:
    """Return a title without the week number or the date at its beginning, because units are numbered anyway."""
    rest = title[match.end() :] if (match := _WEEK.match(title)) else title
    return _LIST_NUMBER.sub("", rest or title, count=1) or title


def _tidy_lines(text: str) -> list[str]:
    """Return the lines of an outline as Markdown writes them: bullets and underlined headings too.

    Emoji before a line are left out, and what all lines begin with, such as the `>` of a quoted mail.
    """
    lines = [_clip_line(re.sub(r"^[ \t]+", lambda match: match[0].expandtabs(4), line)) for line in text.split("\n")]
    if all(line.startswith(">") for line in lines if line):
        lines = [line[1:].removeprefix(" ") for line in lines]
    lines = dedent("\n".join(lines)).split("\n")
    least = min((len(item[1]) for line in lines if (item := _match_item(_BULLET.sub(r"\1-", line)))), default=0)
    lines = [line.removeprefix(" " * least) for line in lines]
    first = next((at for at, line in enumerate(lines) if line), 0)
    lines[first] = re.sub(rf"\s*{_EMOJI}+$", "", lines[first])
    for at, line in enumerate(lines):
        if at and _is_bare(lines[at - 1]) and (mark := _UNDERLINE.fullmatch(line)):
            lines[at - 1], line = f"{'#' if mark[1][0] == '=' else '##'} {lines[at - 1].strip()}", ""
        if (emoji := _DECORATION.match(line)) and (rest := line[emoji.end() :]):
            mark_of_item = "" if at == first or _find_label(rest) else "- "
            line = f"{emoji[1]}{emoji[2] or mark_of_item}{rest}"
        lines[at] = _BULLET.sub(r"\1-", line)
    return lines


def _is_bare(line: str) -> bool:
    return bool(line) and not (_HEADING.fullmatch(line) or _match_item(line) or _RULE.fullmatch(line))


def _is_like_title(line: str) -> bool:
    """Whether a line without marks could be a title: it is short and ends no sentence."""
    return _is_bare(line) and line[0] != " " and len(split_duration(line)[0]) <= TITLE_MAX and line[-1] not in ".,;:!"


def _find_label(line: str) -> str:
    """Return the style of a heading that says by its words or marks that it is one, or ""."""
    words = plain(line)
    if _WEEK.match(words) or _CHAPTER.match(words):
        return "unit"
    is_bold = _BOLD.fullmatch(line) and not _LABEL.fullmatch(line)
    return "module" if _MODULE.match(words) else "bold" if is_bold else ""


def _find_styles(lines: Sequence[str]) -> dict[int, str]:
    """Return the style of each line that is a heading without `#`, by its place; headings of a style are of a level."""
    styles = {at: style for at, line in enumerate(lines) if len(line) <= NAME_MAX and (style := _find_label(line))}
    for style, (number, firsts) in _NUMBERINGS.items():
        if all(any(line.lstrip().startswith(first) for line in lines) for first in firsts):
            styles = {at: style for at, line in enumerate(lines) if number.match(line)} | styles
    first_item = next((at for at, line in enumerate(lines) if at not in styles and _match_item(line)), len(lines))
    units = [at for at, style in styles.items() if style == "unit"]
    if len(units) < 2 or first_item < units[0]:
        styles = {at: style for at, style in styles.items() if style != "unit"}
    if not styles:
        filled = [at for at, line in enumerate(lines) if line]
        styles = {
            at: "bare"
            for at, after in pairwise(filled)
            if _is_like_title(lines[at]) and (_match_item(lines[after]) or lines[after].startswith(" "))
        }
        if len(styles) == 1 and any(map(_HEADING.match, lines)):
            styles = {}  # a line above the only list
        bare = [at for at in filled if not _HEADING.match(lines[at])]
        if not styles and len(bare) > 2 and all(_is_like_title(lines[at]) for at in bare):
            styles = dict.fromkeys(bare, "bare")
    return dict(sorted(styles.items()))


def _find_title(lines: Sequence[str], styles: Mapping[int, str]) -> int:
    """Return the place of the line without marks that is the title of the whole, or -1."""
    at = next((at for at, line in enumerate(lines) if line), -1)
    if at < 0 or not styles or any(map(_HEADING.match, lines)):
        return -1
    style, after = styles.get(at), next((n for n in range(at + 1, len(lines)) if lines[n]), -1)
    if style is None:
        return at if _is_like_title(lines[at]) else -1
    is_single = [*styles.values()].count(style) == 1 or (after in styles and after - at > 1)
    return at if style in ("bold", "bare") and is_single else -1


def _add_headings(lines: list[str]) -> list[str]:
    """Write headings that have other marks, or none, with `#`, unless those with `#` are units."""
    headings = [(len(match[1]), match[2]) for line in lines if (match := _HEADING.fullmatch(line))]
    styles = _find_styles(lines)
    if any(level > 1 for level, _ in headings):
        if any(level > 2 or _WEEK.match(heading) for level, heading in headings):
            return lines
        styles = {at: style for at, style in styles.items() if style == "unit"}
    title = _find_title(lines, styles)
    styles.pop(title, None)
    order = list(dict.fromkeys(styles.values()))
    items = {at for at, line in enumerate(lines) if at not in styles and _match_item(line)}
    if order == ["bare"] and not items:
        items = {at for at, line in enumerate(lines) if line.startswith(" ")}
        lines = [f"- {line.strip()}" if at in items else line for at, line in enumerate(lines)]
    if "unit" in order:
        phases, units = ["", *order][order.index("unit")], "unit"
    elif len(order) > 1 or not order:
        phases, units, *_ = *order, "", ""
    else:
        phases, units = (order[0], "") if items else ("", order[0])
    marks = {phases: "## ", units: "### "} if order else {}
    headed = {at: marks[style] for at, style in styles.items() if style in marks} | {title: "# "}
    lines = [headed[at] + _unmark(line, styles.get(at, "")) if at in headed else line for at, line in enumerate(lines)]
    for at, style in styles.items():
        after = lines[at + 1] if at + 1 < len(lines) else ""
        if style == "unit" and _WEEK.fullmatch(lines[at].lstrip("# ")) and after and _is_like_title(after):
            lines[at : at + 2] = [f"{lines[at]}: {after}", ""]
    return lines


def _unmark(line: str, style: str) -> str:
    """Return the words of a heading, without its number and the marks around it."""
    if style in _NUMBERINGS:
        line = _NUMBERINGS[style][0].sub("", line, count=1)
    bold = _BOLD.fullmatch(line)
    return (bold[2] if bold else line).strip().removesuffix(":")


def _parse_markdown(lines: Sequence[str]) -> Iterator[OutlinePart]:
    """Yield the parts of a Markdown outline; which level is a unit depends on the outline."""
    levels = [len(match[1]) for line in lines if (match := _HEADING.fullmatch(line))]
    of_units = _find_unit_level(lines)
    beside = _find_loose_items(lines) if of_units == 3 else frozenset()
    has_title = levels.count(1) == 1 or 2 in levels
    part = OutlinePart(WHOLE, 1, "")
    for number, line in enumerate(lines, 1):
        heading, item = _HEADING.fullmatch(line), _match_item(line)
        if heading and (level := len(heading[1])) <= max(of_units, 2):
            yield part
            is_title = level == 1 and has_title and part.level == WHOLE and not part.title
            part = OutlinePart(
                WHOLE if is_title else UNIT if level == of_units else PHASE, number, _strip_closing_marks(heading[2])
            )
        elif item and len(item[1]) < 2 and (of_units == 0 or number in beside):
            yield part
            part = OutlinePart(UNIT, number, item[2])
        elif not _RULE.fullmatch(line) and (content := (heading or item or ["", "", line.strip()])[2]):
            part.text.append((number, content.lstrip("> ")))
    yield part


def _find_unit_level(lines: Sequence[str]) -> int:
    """Return the heading level of units; 0 if list items are units."""
    headings = [(len(match[1]), match[2]) for line in lines if (match := _HEADING.fullmatch(line))]
    if any(level == 3 for level, _ in headings):
        return 3
    seconds = [title for level, title in headings if level == 2]
    if sum(_WEEK.match(title) is not None for title in seconds) * 2 > len(seconds):
        return 2
    items = [match[2] for line in lines if (match := _match_item(line)) and len(match[1]) < 2]
    if any(not is_lone_link(item) for item in items):
        return 0
    firsts = sum(level == 1 for level, _ in headings)  # of several the links are theirs, below one they are the units
    return 2 if seconds else 0 if items and firsts < 2 else 1


def _find_loose_items(lines: Sequence[str]) -> frozenset[int]:
    """Return the lines of list items that are units although others are ### headings: those directly below a phase.

    Items with only links are units only if the phase has no ###.
    """
    beside: set[int] = set()
    items: set[int] = set()
    links: set[int] = set()
    follows = 0
    for number in range(len(lines), 0, -1):
        line = lines[number - 1]
        if heading := _HEADING.fullmatch(line):
            level = len(heading[1])
            beside |= items | (set() if follows == 3 else links) if level == 2 else set()
            items, links, follows = set(), set(), level if level <= 3 else follows
        elif item := _match_item(line):
            (links if is_lone_link(item[2]) else items).add(number)
    return frozenset(beside)


def _match_item(line: str) -> re.Match[str] | None:
    return None if _RULE.fullmatch(line) else _ITEM.fullmatch(line)


def _strip_closing_marks(heading: str) -> str:
    words = heading.split()
    return " ".join(words[:-1] if len(words) > 1 and not words[-1].strip("#") else words)


def _clip_line(line: str) -> str:
    return line[:LINE_MAX].rstrip()


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
    "question": "question, questions, quiz, front, prompt, pregunta, preguntas, frage, fragen",
    "right answer": "right answer, right, answer, back, correct answer, correct, respuesta, respuesta correcta, "
    "correcta, antwort, richtige antwort, richtig",
    "wrong answers": "wrong answers, wrong answer, wrong, distractors, choices, options, respuestas incorrectas, "
    "incorrectas, opciones, falsche antworten, falsch, optionen",
    "source": "source",
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


def find_table(text: str) -> OutlineTable | None:
    """Return the table that a text holds; None if it holds none."""
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
                table = _make_table(head if is_headed else (), rows[is_headed:], top + 1)
                return replace(table, unclosed=_find_unclosed(lines[top:], mark, top))
    at_row = [(number, line.strip()) for number, line in enumerate(lines, 1) if MARKDOWN_ROW.fullmatch(line.strip())]
    cells = [(number, _split_markdown(line)) for number, line in at_row]
    if len(cells) < _FEWEST_ROWS:
        return None
    body = [(number, row) for number, row in cells[1:] if not all(_ALIGNMENT.fullmatch(cell or "-") for cell in row)]
    if _is_head(cells[0][1]):
        return _make_table(cells[0][1], body, cells[0][0])
    below = [line for line in lines[cells[0][0] - 1 :] if line.strip()]
    if len(below) > len(cells) or not _is_even([row for _, row in cells]):
        return None
    has_head = len(body) < len(cells) - 1  # a line of hyphens stands below it
    return _make_table(cells[0][1] if has_head else (), body if has_head else cells, cells[0][0])


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


def _make_table(head: Sequence[str], rows: Sequence[tuple[int, list[str]]], starts: int) -> OutlineTable:
    width = max((len(row) for _, row in rows), default=len(head))
    kinds: list[str] = []
    for name in head:
        kind = _kind_of(name)
        kinds.append(kind if kind not in kinds else "")
    kinds += [""] * (width - len(kinds))
    if "title" not in kinds:
        columns = [[row[at].strip() if at < len(row) else "" for _, row in rows] for at in range(width)]
        _infer_kinds(kinds, head, columns)
    names = (*head, *(f"column {at + 1}" for at in range(len(head), width)))
    listed = tuple((" ".join(name.split()) or f"column {at + 1}", kinds[at]) for at, name in enumerate(names))
    return OutlineTable(
        listed,
        tuple(
            OutlineRow(
                line,
                {kind: read_cell(row[at].strip()[:LINE_MAX]) for at, kind in enumerate(kinds[: len(row)]) if kind},
            )
            for line, row in rows
        ),
        starts,
    )


def _infer_kinds(kinds: list[str], head: Sequence[str], columns: Sequence[Sequence[str]]) -> None:
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


_OF_QUESTION = frozenset({"question", "right answer", "wrong answers", "why", "source"})
"""The columns of a question."""


def _parse_table(table: OutlineTable) -> Iterator[OutlinePart]:
    """Yield a part for each unit of a table, and one for each new phase.

    A row without title and hours goes on with the same unit, and so does a row that repeats the unit for one more
    question.
    """
    before, part = "", None
    first: Mapping[str, str] = {}
    for row in table.rows:
        cells, line = row.cells, row.line
        title = cells.get("title", "")
        if (phase := cells.get("phase", "")) and phase != before:
            if part is not None:
                yield part
            before, part = phase, None
            yield OutlinePart(PHASE, line, phase)
        if part is None or (not _repeats(cells, first) if title else cells.get("hours")):
            if part is not None:
                yield part
            first = cells
            part = OutlinePart(UNIT, line, title, hours=cells.get("hours", ""))
        texts = [*cells.get("summary", "").split("\n"), *addresses(cells.get("links", ""))]
        part.text += [(line, text) for text in texts if text.strip()]
        part.goals += [(line, goal) for goal in _split_goals(cells.get("goals", ""))]
        part.exercise += [(line, text) for text in cells.get("exercise", "").split("\n") if text.strip()]
        part.minutes = part.minutes or cells.get("minutes", "")
        part.done_when = part.done_when or " ".join(cells.get("done when", "").split())
        part.questions += [(line, question) for question in read_question_row(cells)]
    if part is not None:
        yield part


def _repeats(cells: Mapping[str, str], first: Mapping[str, str]) -> bool:
    """Whether a row has a question and otherwise only what the first row of the unit above says."""
    own = {kind: cell for kind, cell in cells.items() if cell and kind not in _OF_QUESTION}
    return bool(cells.get("question")) and all(first.get(kind) == cell for kind, cell in own.items())


def _split_goals(text: str) -> list[str]:
    """Return the goals of a cell or a line: one on each line, or with semicolons between them."""
    lines = [line for line in text.split("\n") if line.strip()]
    goals = re.split(r"\s*;\s*", lines[0]) if len(lines) == 1 else lines
    return [goal.strip(" -*•") for goal in goals if goal.strip(" -*•")]


_LABEL = re.compile(
    r"(?:\*\*|__)?(?:(?P<exercise>exercises?|tasks?|homework|assignments?|practice|labs?|übung|aufgabe|hausaufgabe|exercice|ejercicio|tarea)"
    r"|(?P<goals>goals?|objectives?|objetivos?|lernziele?|ziele?)|(?P<done>done when|hecho cuando|fertig,? wenn)"
    r"|(?P<question>questions?|quiz|preguntas?|fragen?)|reading|resources?|links?|notes?)"
    r"(?P<took>\s*\([^()]{1,20}\))?(?:\*\*|__)?\s*:(?:\*\*|__)?\s*(?P<rest>.*)",
    re.IGNORECASE,
)

"""A line below a unit that labels its content, such as an exercise."""

_LAB = re.compile(r"Lab\s+\w.*")
"""A line below a unit that is an exercise without a colon, such as `Lab on sockets` or `Lab 3: Sockets`."""

_LABELLED = ("exercise", "goals", "done", "question")


def read_outline(text: str) -> ParsedOutline:
    """Read an outline: # title, ## phase, ### or - unit; a table with a title column; or an export. Never raises."""
    is_export = is_joined(text) or is_written(text)
    most = FILE_MAX if is_export else TEXT_MAX
    if len(text.encode(errors="replace")) > most:
        return ParsedOutline(faults=(LineRemark(1, f"The outline is larger than {most // 1000} kB. Shorten it."),))
    cleaned = markup.clean(text)
    if is_export:
        return read_folder(cleaned) if is_joined(cleaned) else read_written(cleaned)
    table = find_table(cleaned)
    outline = _Reader().build(parts(cleaned, table))
    if table is None:
        return outline
    unclosed = LineRemark(table.unclosed, "A quotation mark in this row isn't closed. Close it or leave it out.")
    faults = (unclosed, *outline.faults) if table.unclosed else outline.faults
    return replace(outline, columns=table.columns, faults=faults[:FAULTS_MAX])


_ABOUT = re.compile(
    r"(?:course )?(?:grading|grades|polic(?:y|ies)|attendance|academic integrity|prerequisites?|instructors?"
    r"|office hours|contact|textbooks?)(?: polic(?:y|ies))?|evaluaci[oó]n|requisitos|asistencia|docente|bewertung"
    r"|benotung|voraussetzungen|dozent(?:in)?|sprechstunden?",
    re.IGNORECASE,
)
"""Headings of a syllabus that are about the course, so they are no units."""


class _Reader(OutlineBuilder):
    """Guesses what the text of a part says."""

    def build(self, parts: Iterable[OutlinePart]) -> ParsedOutline:
        return super().build(self._leave_out(parts))

    def _leave_out(self, parts: Iterable[OutlinePart]) -> Iterator[OutlinePart]:
        """Leave out parts that are about the course, and collect their headings; a phase takes its units along."""
        is_left_out = False
        for part in parts:
            title = plain(part.title).rstrip(" :")
            is_about = part.level != WHOLE and _ABOUT.fullmatch(strip_number(title)) is not None
            is_left_out = is_about if part.level == PHASE else is_left_out and part.level == UNIT
            if not is_about and not is_left_out:
                yield part
            elif title:
                self.left_out.append(LineRemark(part.line, title))

    def read_heading(self, part: OutlinePart) -> str:
        words = self._unlinked(part)
        return self.check_title(part, words if part.level == WHOLE else strip_number(words))

    def read_summary(self, part: OutlinePart) -> str:
        return self._text(part)[0]

    def read_unit(self, part: OutlinePart) -> ParsedUnit:
        links: list[OutlineLink] = []
        title, took = split_duration(part.title)
        words = self._words(part.line, title, links) or next((link.title for link in links), "")
        title = self.check_title(part, strip_number(words))
        labelled = _split_labels(part.text)
        summary, more = self._text(part, labelled.get("", []))
        task = [*part.exercise, *labelled.get("exercise", [])]
        exercise, linked = self._text(part, task, EXERCISE_MAX)
        goals = [*part.goals, *((n, goal) for n, text in labelled.get("goals", []) for goal in _split_goals(text))]
        asked = [(number, each) for number, text in labelled.get("question", []) for each in read_questions(text)]
        done = part.done_when or " ".join(text for _, text in labelled.get("done", []))
        took = self._hours(part, took)
        return ParsedUnit(
            title,
            summary,
            took,
            self.limit_links(part.line, [*links, *more, *linked]),
            exercise,
            self.limit_goals(part.line, [(number, plain(goal)) for number, goal in goals]),
            _count_minutes(part, task) if exercise else 0,
            self.clip(part.line, plain(done), DONE_MAX) if exercise else "",
            self.check_questions([*part.questions, *asked]),
        )

    def _hours(self, part: OutlinePart, in_title: int) -> int:
        """Return the hours of a unit, rounded up, and remark on any change."""
        in_text = next((stated for _, text in part.text if (stated := split_duration(text, IN_TEXT)[1])), 0)
        took = minutes(part.hours) or in_title or in_text
        whole = -(-took // 60)
        if whole <= HOURS[1] and took % 60:
            self.remarks.append(LineRemark(part.line, f"Units take whole hours, so {took} minutes became {whole} h."))
        return self.limit_hours(part.line, whole)

    def _words(self, line: int, text: str, links: list[OutlineLink]) -> str:
        """Return a text without links, collect its links, and remark on invalid ones."""

        return plain(strip_links(text, links.append, lambda target: self.remark_lost_link(line, target)))

    def _unlinked(self, part: OutlinePart) -> str:
        """Return the words of a title outside units, and remark on dropped links."""
        links: list[OutlineLink] = []
        words = self._words(part.line, part.title, links)
        self._check_unlinked(part.line, links)
        return words

    def _check_unlinked(self, line: int, links: list[OutlineLink]) -> None:
        if links:
            self.remarks.append(LineRemark(line, "Links belong to a unit. I left this one out."))

    def _text(
        self, part: OutlinePart, text: list[tuple[int, str]] | None = None, most: int = SUMMARY_MAX
    ) -> tuple[str, list[OutlineLink]]:
        """Return the text below a heading in one line, cut after a whole sentence, and its links."""
        text = part.text if text is None else text
        links: list[OutlineLink] = []
        paragraphs: list[str] = []
        rows = [number for number, line in text if MARKDOWN_ROW.fullmatch(line)]
        if rows:
            how = "Paste it as CSV, or make each row an item of a list"
            self.remarks.append(LineRemark(rows[0], f"I left out a Markdown table. {how}."))
        for number, line in text:
            if number in rows:
                continue
            line_links: list[OutlineLink] = []
            read = [
                (self._words(number, piece, line_links), is_lone_link(piece))
                for piece in pieces(split_duration(line, IN_TEXT)[0])
            ]
            if words := " ".join(piece for piece, is_link in read if piece and not is_link):
                paragraphs.append(words)
            if part.level != UNIT:
                self._check_unlinked(number, line_links)
            links += line_links
        whole = " ".join(
            piece if piece[-1] in ".!?:;," or len(paragraphs) == 1 else f"{piece}." for piece in paragraphs
        )
        if len(whole) <= most:
            return whole, links
        self.remarks.append(LineRemark(text[0][0], f"I used the first {most} characters of this text."))
        fits = whole[:most]
        end = max(fits.rfind(mark) for mark in (". ", "! ", "? "))
        return fits[: end + 1] if end > most // 3 else markup.clip(whole, most), links


def _split_labels(text: list[tuple[int, str]]) -> dict[str, list[tuple[int, str]]]:
    """Return the lines below a unit by what a label says of them, without the labels; "" has those without a label.

    Lines below a label that stands alone belong to it.
    """
    lines: dict[str, list[tuple[int, str]]] = {}
    goes_on = ""
    for number, line in text:
        label = _LABEL.fullmatch(line)
        kind = next((name for name in _LABELLED if label and label[name]), "")
        if label and kind:
            goes_on = kind if not label["rest"] else ""
            rest = f"{label['rest']}{label['took'] or ''}".strip() if kind == "exercise" else label["rest"]
            lines.setdefault(kind, []).extend([(number, rest)] if rest else [])
        elif not goes_on and _LAB.fullmatch(line):
            lines.setdefault("exercise", []).append((number, line))
        else:
            goes_on = goes_on if label is None else ""
            lines.setdefault(goes_on, []).append((number, line))
    return lines


def _count_minutes(part: OutlinePart, task: list[tuple[int, str]]) -> int:
    """Return how long an exercise takes in minutes, by its column or its text; 0 if neither says."""
    bare = part.minutes.strip()
    stated = int(bare) if bare.isdecimal() and len(bare) < 5 else minutes(bare)
    return min(stated or next((n for _, text in task if (n := split_duration(text, IN_TEXT)[1])), 0), MINUTES[1])


_SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|", "colon": ":", "space": " "}
_CHOICE = re.compile(r"([A-E])\. (.+)")
_TAG = re.compile(r"<[^>]{1,200}>")


def read_question_table(text: str) -> list[tuple[str, ShortQuestion]] | None:
    """Return the questions of a table that holds only questions, each with what says its unit; None for other texts.

    Such a table is our CSV of questions, or a text file of Anki, whose tags name the unit.
    """
    cleaned = markup.clean(text)
    is_anki = cleaned.startswith("#separator:")
    table = find_table(_tidy_anki(cleaned) if is_anki else cleaned)
    kinds = {kind for _, kind in table.columns if kind} if table is not None else set()
    if table is None or "question" not in kinds or not kinds <= {"title", *_OF_QUESTION}:
        return None
    return [
        (row.cells.get("title", ""), question)
        for row in table.rows
        for question in ([_read_card(row.cells)] if is_anki else read_question_row(row.cells))
    ]


def _tidy_anki(text: str) -> str:
    """Return a text file of Anki as CSV with a head.

    Source: rslib/src/import_export/text/csv/metadata.rs of github.com/ankitects/anki, November 2026.
    """
    lines, about = text.split("\n"), dict[str, str]()
    while lines and lines[0].startswith("#"):
        name, _, value = lines.pop(0)[1:].partition(":")
        about[name.strip().lower()] = value.strip()
    mark = _SEPARATORS.get(about["separator"].lower(), about["separator"][:1] or "\t")
    names = _split_cells(about["columns"], mark) if "columns" in about else ["Front", "Back"]
    if (tags := about.get("tags column", "")).isdecimal() and "columns" not in about:
        names += [""] * (int(tags[:2]) - 1 - len(names)) + ["Tags"]
    names = ["Unit" if name.lower() == "tags" else name for name in names]
    tidy = _strip_html if about.get("html") == "true" else str
    rows = [[tidy(cell) for cell in row] for _, row in _read_rows(lines, mark, 0)]
    out = StringIO()
    csv.writer(out, lineterminator="\n").writerows([names, *rows])
    return out.getvalue()


def _strip_html(text: str) -> str:
    return html.unescape(_TAG.sub("", re.sub(r"<br\s*/?>|</div>", "\n", text, flags=re.IGNORECASE)))


def _read_card(cells: Mapping[str, str]) -> ShortQuestion:
    """Return the question of a card; its front may list the choices, and its back begin with the right one."""
    if cells.get("wrong answers"):
        return read_question_row(cells)[0]
    prompt, choices = cells.get("question", ""), dict[str, str]()
    while (rest := prompt.rpartition("\n"))[1] and (choice := _CHOICE.fullmatch(rest[2].strip())):
        choices[choice[1]], prompt = choice[2], rest[0].rstrip()
    right, *reasons = re.split(r"\n\s*\n", cells.get("right answer", ""), maxsplit=1)
    if (choice := _CHOICE.fullmatch(right.strip())) and choices.get(choice[1]) == choice[2]:
        right = choice[2]
    wrong = tuple(answer for answer in reversed(choices.values()) if answer != right)
    why = cells.get("why", "") or re.sub(r"\s*Source: [^\n]*$", "", "".join(reasons))
    return ShortQuestion(prompt, right, wrong, why, cells.get("source", ""))
