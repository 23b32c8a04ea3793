"""Which questions a group's own notes answer beside the longest roadmap, and which stay the roadmap's.

python -m benchmarks.own_notes [--failures]

Asks the questions of own_notes.yaml, with the vectors of both, and again with other values for own notes in
`answers/compose/coverage.py`.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from bot.answers.compose import coverage
from bot.answers.index import dense
from bot.answers.index.chunks import SourceId
from bot.answers.index.vectors import FileVectors
from bot.curriculum import plain_note_reader
from bot.curriculum.note import Note
from bot.runtime import settings
from bot.runtime.answer_engine import AnswerEngine, open_notebook

ROADMAP, OWN = SourceId("genai-2026"), SourceId("own")
SET = Path(__file__).with_name("questions") / "own_notes.yaml"
TRIED = {"OWN_NEAR": (0.3, 0.45), "OWN_AS_WELL": (0.1, 0.2), "OWN_ALONE": (0.06, 0.2), "ENOUGH": (0.6, 0.9)}


def put(notebook: AnswerEngine, kept: list[dict[str, str]]) -> None:
    """Put a group's notes beside the roadmap, with their rows."""
    made = (
        plain_note_reader.read_plain_note(one["text"], note_id=str(n), title=f"Ann's note: {one['title']}").note
        for n, one in enumerate(kept, 1)
    )
    notes: list[Note] = [note for note in made if note is not None]
    chunks, embedder = notebook.index.put(OWN, notes), notebook.index.embedder
    if embedder is None:
        raise SystemExit("There is no embedder.")
    with TemporaryDirectory() as folder:
        store = FileVectors(Path(folder, FileVectors.NAME))
        notebook.index.settle(OWN, chunks, dense.build(chunks, embedder, store)[0])


def begins(notebook: AnswerEngine, question: str) -> tuple[str, str]:
    """Return what the answer to a question is judged, and the id of the note that it begins with."""
    answerer = notebook.answerer
    found = answerer.retrieve([question], [ROADMAP, OWN])
    answer = (answerer.from_notes if found.verdict.is_covered else answerer.decline)(found)
    return answer.coverage, answer.citations[0].note if answer.citations else ""


def figures(notebook: AnswerEngine, asked: dict[str, Any], failing: list[str]) -> str:
    """Return the shares that begin with the right note, and of these what is claimed, as a line."""
    told = []
    for form in ("in_words", "in_others"):
        got = [begins(notebook, one[form]) for one in asked["own"]]
        right = [note == str(n) for n, (_, note) in enumerate(got, 1)]
        failing += [
            f"{one[form]} > {was}" for one, was, is_right in zip(asked["own"], got, right, strict=True) if not is_right
        ]
        claimed = sum(is_right and coverage == "covered" for is_right, (coverage, _) in zip(right, got, strict=True))
        told.append(f"{form.replace('_', ' ')} {sum(right)} of {len(right)}, {claimed} claimed")
    got = [begins(notebook, question) for question in asked["roadmap"]]
    right = [bool(note) and not note.isdecimal() for _, note in got]
    failing += [
        f"{one} > {was}" for one, was, is_right in zip(asked["roadmap"], got, right, strict=True) if not is_right
    ]
    return "; ".join([*told, f"the roadmap's {sum(right)} of {len(right)}"])


def main(given: list[str]) -> None:
    """Print the figures as it is, and with each other value."""
    notebook, asked = open_notebook(settings.load(_env_file=None)), yaml.safe_load(SET.read_text(encoding="utf-8"))
    notebook.embed()
    put(notebook, asked["own"])
    failing: list[str] = []
    print(f"as it is: {figures(notebook, asked, failing)}", flush=True)
    if "--failures" in given:
        print("  ", *failing, sep="\n   ")
    for name, values in TRIED.items():
        usual = getattr(coverage, name)
        for value in values:
            setattr(coverage, name, value)
            print(f"{name} {value} for {usual}: {figures(notebook, asked, [])}", flush=True)
        setattr(coverage, name, usual)


if __name__ == "__main__":
    main(sys.argv[1:])
