"""The carried embedder in processes of their own, which take 80 MB only while something is embedded."""

from __future__ import annotations

import atexit
import importlib.util
import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from functools import cache, cached_property
from pathlib import Path

import numpy as np

from bot.base.worker_process import Worker, work
from bot.llm import embedded
from bot.llm.base import EmbeddingFailed, Matrix
from bot.llm.embedded import DIM, FOLDER, MODEL_FILE, VOCABULARY_FILE, MiniLM

log = logging.getLogger(__name__)
FEW = 4
"""Texts of a question with all that it leans on; more are a batch, which the process for questions never waits for."""
IDLE_S, NICE = (60.0, 5.0), (0, 10)
"""After how long without work the process of questions and that of batches end, and how far each steps back."""
PATIENCE_S, EACH_S = 30.0, 1.0
"""How long the process may take to begin, and for each text."""
REST_S = 60.0
"""How long nothing is tried again after a failure: answers come from words alone meanwhile."""
_PROGRAM = f"import sys; sys.path.insert(0, sys.argv[1]); from {__name__} import main; main(*sys.argv[2:])"


class Aside:
    """`MiniLM`, somewhere else. May be asked from several threads."""

    def __init__(self, folder: Path) -> None:
        """Begin nothing yet; FileNotFoundError if a file of the model is missing."""
        for name in (MODEL_FILE, VOCABULARY_FILE):
            (folder / name).stat()
        self._folder, self._rests_until = folder, 0.0
        root = str(Path(__file__).parents[2])
        self._lanes = tuple(
            Worker([sys.executable, "-P", "-c", _PROGRAM, root, str(folder), str(idle_s), str(nice)])
            for idle_s, nice in zip(IDLE_S, NICE, strict=True)
        )

    @cached_property
    def name(self) -> str:
        """Name the model with a short hash of its files and of how it is run."""
        return embedded.name_of(self._folder)

    @property
    def dim(self) -> int:
        """Return the number of components of a vector."""
        return DIM

    def embed(self, texts: Sequence[str]) -> Matrix:
        """Embed texts, in their order: float32 [n, 384], rows of unit length; EmbeddingFailed if it cannot be done."""
        if not texts:
            return np.zeros((0, DIM), dtype=np.float32)
        if time.monotonic() < self._rests_until:
            raise EmbeddingFailed
        try:
            made = self._lanes[len(texts) > FEW].ask(json.dumps([*texts]).encode(), PATIENCE_S + EACH_S * len(texts))
        except (OSError, subprocess.SubprocessError) as trouble:
            self._rests_until = time.monotonic() + REST_S
            log.warning("Nothing can be embedded for now (%s): answers come from word search alone.", trouble)
            raise EmbeddingFailed from trouble
        return np.frombuffer(made, dtype=np.float32).reshape(len(texts), DIM)

    def end(self) -> None:
        """End the processes."""
        for lane in self._lanes:
            lane.end()


def load_embedder(folder: Path = FOLDER) -> Aside | None:
    """Return the embedder, or warn and return None where it cannot run; its model is loaded when it is asked."""
    if importlib.util.find_spec("onnxruntime") is None:
        log.warning(
            "onnxruntime is not installed, so I search the notes by words only. "
            "A small install leaves it out, and musl systems such as Alpine have no build of it."
        )
        return None
    try:
        return _shared(folder)
    except OSError as fault:
        log.warning(
            "The embedding model could not be loaded (%s): answers come from word search alone and will find less.",
            type(fault).__name__,
        )
        return None


@cache
def _shared(folder: Path) -> Aside:
    embedder = Aside(folder)
    atexit.register(embedder.end)
    return embedder


def main(folder: str, idle_s: str, nice: str) -> None:
    """Embed what is asked for, as the process that `Aside` begins."""
    if hasattr(os, "nice"):
        os.nice(int(nice))
    model = MiniLM(Path(folder))
    work(lambda request: model.embed(json.loads(request)).tobytes(), float(idle_s))
