"""Ask a model a question, about a file or a folder: `python -m answers.ask QUESTION [FILE or FOLDER]`."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from answers.cite import Assistant, Quoter
from answers.model import ModelError, RemoteModel, StandIn, choose_model
from answers.protocol import Model
from answers.retrieve import index

USAGE = "usage: python -m answers.ask QUESTION [FILE or FOLDER]"
PAST = Path("past.json")


def recall(path: Path) -> dict[str, str]:
    """Return the past answers that a file keeps by their prompts, none if there is no file yet."""
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}


def ask(prompt: str, model: Model, past: dict[str, str]) -> str:
    """Return the answer to a prompt; the model is asked only for what is not among the past answers."""
    if prompt not in past:
        past[prompt] = model.answer(prompt)
    return past[prompt]


def ask_folder(question: str, folder: Path, model: Model) -> str:
    """Return the answer from the documents of a folder and, below it, a line for each passage that it cites."""
    answer = Assistant(index(folder), Quoter() if isinstance(model, StandIn) else model).ask(question)
    lines = [f"[{number}] {one.document.source}: {one.document.title}" for number, one in enumerate(answer.cites, 1)]
    return "\n".join([answer.text, *lines])


def main(arguments: list[str], model: Model, path: Path = PAST) -> int:
    """Print the answer and return 0; 2 with the usage for no question, 1 with one sentence if the model fails."""
    if len(arguments) not in (1, 2) or not arguments[0].strip():
        print(USAGE, file=sys.stderr)
        return 2
    place = Path(arguments[1]) if arguments[1:] else None
    past = recall(path)
    try:
        if place and place.is_dir():
            print(ask_folder(arguments[0], place, model))
            return 0
        text = place.read_text(encoding="utf-8") if place else ""
        print(ask(f"{text}\n\nQuestion: {arguments[0]}", model, past))
    except ModelError as error:
        print(error, file=sys.stderr)
        return 1
    path.write_text(json.dumps(past, ensure_ascii=False, indent=2), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], choose_model(os.environ)))
