"""Releases that can be rebuilt, compared and taken back.

python -m answers.release make FOLDER      prints the id of a new release
python -m answers.release publish ID       makes it the current one, unless the gate blocks it
python -m answers.release rollback         makes the former one current again
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from statistics import fmean
from typing import Any

from answers.chunk import all_passages
from answers.cite import CITATIONS, RULES, THRESHOLD, Answer, Assistant, Quoter
from answers.embed import HashingEmbedder
from answers.evaluate import Question, points, read_questions
from answers.load import documents, files_in
from answers.model import StandIn, choose_model
from answers.protocol import Model
from answers.retrieve import BM25, OVERLAP, SIZE, Dense, Fused

STORE = Path("releases")
MOST_LOST = 0.05


@dataclass(frozen=True)
class Settings:
    """What is neither text nor model and changes answers all the same."""

    size: int = SIZE
    overlap: int = OVERLAP
    threshold: float = THRESHOLD


def fingerprint(data: bytes) -> str:
    """Return the SHA-256 of some bytes."""
    return sha256(data).hexdigest()


def canonical(manifest: dict[str, Any]) -> bytes:
    """Return a manifest in the one form that its hash is taken of: keys sorted, no spaces that may vary."""
    raise NotImplementedError("JSON with sorted keys and fixed separators, as bytes")


def described(folder: Path, prompt: str, settings: Settings, model: str) -> dict[str, Any]:
    """Return the manifest of a release: a hash of each part, and what is short enough in full."""
    raise NotImplementedError("hash the prompt, each document and the passages; name settings and model")


def make(
    store: Path, folder: Path, prompt: str = RULES, settings: Settings | None = None, model: str = "quoter"
) -> str:
    """Keep everything that a release needs under its id, the first twelve digits of the manifest's hash."""
    manifest = described(folder, prompt, settings or Settings(), model)
    id = fingerprint(canonical(manifest))[:12]
    home = store / id
    if not home.exists():
        shutil.copytree(folder, home / "documents")
        (home / "prompt.txt").write_bytes(prompt.encode())
        (home / "release.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    return id


def rebuild(store: Path, id: str, model: Model) -> Assistant:
    """Return the assistant of a release; if a kept part is not what its hash says, that is a ValueError."""
    raise NotImplementedError("read what is kept, compare it with its hashes, and put an Assistant together")


def measured(assistant: Assistant, questions: Sequence[Question]) -> list[float]:
    """Return the points of a release, question by question."""
    given = {one.id: assistant.ask(one.question) for one in questions}
    texts = {id: None if one.refused else CITATIONS.sub("", one.text).strip() for id, one in given.items()}
    return points(questions, texts)


def passes(current: Sequence[float], candidate: Sequence[float]) -> bool:
    """Return whether a candidate loses less than five points of a hundred against the current release."""
    raise NotImplementedError("compare the means, with a little room for floats")


def history(store: Path) -> list[str]:
    """Return the ids that were published, the current one last."""
    file = store / "history.json"
    return list(json.loads(file.read_text(encoding="utf-8"))) if file.exists() else []


def _keep(store: Path, ids: Sequence[str]) -> None:
    """Replace the history in one step: a crash leaves the old one or the new one."""
    part = store / "history.part"
    part.write_text(json.dumps(list(ids)), encoding="utf-8")
    part.replace(store / "history.json")


def publish(store: Path, id: str, model: Model, questions: Sequence[Question]) -> bool:
    """Make a release the current one, if it passes the gate or is the first; returns whether it did."""
    raise NotImplementedError("the first release passes; any other is measured against the current one")


def rollback(store: Path) -> str:
    """Make the release before the current one current again and return its id; without one, that is a ValueError."""
    raise NotImplementedError("drop the last id of the history, if there is one before it")


def ask(store: Path, question: str, model: Model) -> tuple[str, Answer]:
    """Return the id of the current release, for the log, and its answer."""
    id = history(store)[-1]
    return id, rebuild(store, id, model).ask(question)


def main(arguments: list[str], store: Path = STORE, questions: Path = Path("questions.json")) -> int:
    """Make, publish or take back a release."""
    chosen = choose_model(os.environ)
    model: Model = Quoter() if isinstance(chosen, StandIn) else chosen
    name = "quoter" if isinstance(chosen, StandIn) else chosen.name
    match arguments:
        case ["make", folder]:
            print(make(store, Path(folder), model=name))
        case ["publish", id]:
            if not publish(store, id, model, read_questions(questions)):
                print(f"Release {id} loses five points or more and is not published.", file=sys.stderr)
                return 1
        case ["rollback"]:
            print(rollback(store))
        case _:
            print("usage: python -m answers.release make FOLDER | publish ID | rollback", file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
