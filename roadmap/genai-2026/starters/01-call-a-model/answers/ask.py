"""Ask a model a question, about a file if you like: `python -m answers.ask QUESTION [FILE]`."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from answers.model import ModelError, RemoteModel, StandIn, choose_model

USAGE = "usage: python -m answers.ask QUESTION [FILE]"
PAST = Path("past.json")


def recall(path: Path) -> dict[str, str]:
    """Return the past answers that a file keeps by their prompts, none if there is no file yet."""
    raise NotImplementedError("read the JSON file into a dict, or return an empty one")


def ask(prompt: str, model: StandIn | RemoteModel, past: dict[str, str]) -> str:
    """Return the answer to a prompt; the model is asked only for what is not among the past answers."""
    raise NotImplementedError("look into the dict first, and ask the model only for what is not there")


def main(arguments: list[str], model: StandIn | RemoteModel, path: Path = PAST) -> int:
    """Print the answer and return 0; 2 with the usage for no question, 1 with one sentence if the model fails."""
    raise NotImplementedError("check the arguments, ask, print, save, and turn a ModelError into one sentence")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], choose_model(os.environ)))
