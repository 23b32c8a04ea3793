"""The embedder that travels inside the package: all-MiniLM-L6-v2 in 8 bits, on the processor.

`WordPiece` is the uncased tokenizer of BERT, in plain Python.
Source: https://github.com/google-research/bert/blob/master/tokenization.py (Apache-2.0), 2018-10-31; rewritten.
"""

from __future__ import annotations

import hashlib
import importlib
import os
import unicodedata
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from bot.llm.base import Matrix, Vector

LONGEST_WORD = 100
"""Characters; the reference gives a longer word up as unknown."""

CJK = ((0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x2A700, 0x2CEAF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F))


def is_cjk(char: str) -> bool:
    """Say whether a character is an ideograph, which stands alone as a token."""
    return any(low <= ord(char) <= high for low, high in CJK)


def is_punctuation(char: str) -> bool:
    """Say whether BERT splits at a character: Unicode punctuation and every ASCII symbol."""
    return unicodedata.category(char).startswith("P") or (char.isascii() and char.isprintable() and not char.isalnum())


def split_words(text: str) -> Iterator[str]:
    """Yield lower-case words without accents; punctuation and ideographs are words of their own."""
    word: list[str] = []
    for char in unicodedata.normalize("NFD", _clean(text).lower()):
        if unicodedata.category(char) == "Mn":
            continue
        is_alone = char != " " and (is_punctuation(char) or is_cjk(char))
        if (char == " " or is_alone) and word:
            yield "".join(word)
            word.clear()
        if is_alone:
            yield char
        elif char != " ":
            word.append(char)
    if word:
        yield "".join(word)


def _clean(text: str) -> str:
    """Turn white space into blanks and drop control characters."""
    out: list[str] = []
    for char in text:
        category = unicodedata.category(char)
        if char in "\t\n\r" or category == "Zs":
            out.append(" ")
        elif not category.startswith("C") and char != "�":
            out.append(char)
    return "".join(out)


class WordPiece:
    """Turns text into the token numbers of a vocabulary file."""

    def __init__(self, vocabulary: Path) -> None:
        lines = vocabulary.read_text(encoding="utf-8").splitlines()
        self._ids = {token: number for number, token in enumerate(lines)}
        self.pad, self.unknown, self.start, self.end = (
            self._ids[token] for token in ("[PAD]", "[UNK]", "[CLS]", "[SEP]")
        )

    def encode(self, text: str, limit: int) -> list[int]:
        """Return the token numbers of a text, opened and closed, at most `limit` of them."""
        ids: list[int] = []
        for word in split_words(text):
            ids += self._split_word(word)
            if len(ids) >= limit - 2:
                break
        return [self.start, *ids[: limit - 2], self.end]

    def _split_word(self, word: str) -> list[int]:
        """Cut a word into the longest pieces the vocabulary has, from the left."""
        if len(word) > LONGEST_WORD:
            return [self.unknown]
        pieces: list[int] = []
        start = 0
        while start < len(word):
            mark = "##" if start else ""
            for end in range(len(word), start, -1):
                token = self._ids.get(mark + word[start:end])
                if token is not None:
                    pieces.append(token)
                    start = end
                    break
            else:
                return [self.unknown]
        return pieces


FOLDER = Path(__file__).parent / "minilm"
MODEL_FILE = "minilm-l6-v2-int8.onnx"
VOCABULARY_FILE = "vocab.txt"
DIM = 384
MAX_TOKENS = 256
"""What the model was trained for; longer text is cut."""

HOW = b"one text a run"
"""What else a vector depends on: vectors made another way are not mixed with these."""

NO_REPORTS = "ORT_DISABLE_TELEMETRY"
"""Read by onnxruntime as it is imported. Without it version 1.32 makes a device id and a queue of events below the home
folder and sends them to its maker; `disable_telemetry_events()` comes too late for the files."""

THREADS = min(2, os.cpu_count() or 1)
Ids = npt.NDArray[np.int64]


class OnnxSession(Protocol):
    """The one call of an onnxruntime session that is used here."""

    def run(self, outputs: list[str], inputs: dict[str, Ids]) -> list[Matrix]:
        """Run the graph once. Safe from several threads."""


class MiniLM:
    """all-MiniLM-L6-v2, English, 384 components; about 4 ms for a question."""

    def __init__(self, folder: Path = FOLDER) -> None:
        """Load model and vocabulary.

        Raises:
            ImportError: onnxruntime cannot be imported here.
            OSError: a file is missing.
        """
        self._session = _open_session(folder / MODEL_FILE)
        self._words = WordPiece(folder / VOCABULARY_FILE)
        self._name = name_of(folder)

    @property
    def name(self) -> str:
        """Name the model with a short hash of its files and of how it is run."""
        return self._name

    @property
    def dim(self) -> int:
        """Return the number of components of a vector."""
        return DIM

    def embed(self, texts: Sequence[str]) -> Matrix:
        """Embed texts, in their order: float32 [n, 384], rows of unit length.

        Each runs alone, two at a time: the model scales its activations by the largest of a run, so texts that share a
        run would change each other's vectors, and vectors are kept by their text alone.
        """
        if len(texts) < 2:
            return np.array([self._embed_one(text) for text in texts], dtype=np.float32).reshape(len(texts), DIM)
        with ThreadPoolExecutor(THREADS) as threads:
            return np.stack(list(threads.map(self._embed_one, texts)))

    def _embed_one(self, text: str) -> Vector:
        ids = np.array([self._words.encode(text, MAX_TOKENS)], dtype=np.int64)
        mask = np.ones_like(ids)
        row: Vector = self._session.run(["embedding"], {"input_ids": ids, "attention_mask": mask})[0][0]
        return row


def name_of(folder: Path) -> str:
    """Name the model of a folder with a short hash of its files and of how it is run."""
    with (folder / MODEL_FILE).open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
    digest.update((folder / VOCABULARY_FILE).read_bytes() + HOW)
    return f"minilm-l6-v2-int8-{digest.hexdigest()[:8]}"


def quiet_runtime(module: str = "onnxruntime") -> Any:
    """Import onnxruntime, or a part of it, so that it reports to nobody: the one way in, for tools as well."""
    os.putenv(NO_REPORTS, "1")
    return importlib.import_module(module)  # here, not above: no wheel exists for musl


def _open_session(path: Path) -> OnnxSession:
    """Open the model on the processor, without spinning threads that would starve the loop."""
    runtime = quiet_runtime()
    options = runtime.SessionOptions()
    options.intra_op_num_threads = 1  # two texts run side by side instead
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # it keeps what the longest text took
    options.log_severity_level = 3  # errors only; it warns about missing graphics cards
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    if not path.is_file():
        raise FileNotFoundError(path)
    session: OnnxSession = runtime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    return session


def ordinary_words() -> dict[str, int]:
    """Read the whole words of the vocabulary: some 20,000 that English text is full of. Needs no onnxruntime.

    Each with its place among them, from 1 on: the vocabulary has the commonest first.
    """
    lines = (FOLDER / VOCABULARY_FILE).read_text(encoding="utf-8").splitlines()
    return {line: n for n, line in enumerate((line for line in lines if line.isascii() and line.isalpha()), 1)}
