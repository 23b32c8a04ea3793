"""Correct the spelling of a question by the words of the notes, and expand abbreviations such as `lr` and `ckpt`."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from rapidfuzz.distance import OSA

from bot.answers.index.words import SHORT_FORMS, STOP_WORDS, content, stem, words

ABBREVIATIONS = {
    "acc": "accuracy", "attn": "attention", "aug": "augmentation", "batchnorm": "batch norm", "bn": "batch norm",
    "bs": "batch size", "ce": "cross-entropy", "cfg": "classifier-free guidance", "ckpt": "checkpoint",
    "ckpts": "checkpoints", "conv": "convolution", "cot": "chain of thought", "ctx": "context", "dim": "dimension",
    "dims": "dimensions", "emb": "embedding", "embs": "embeddings", "feats": "features", "finetune": "fine-tune",
    "finetuning": "fine-tuning", "ft": "fine-tuning", "grad": "gradient", "grad acc": "gradient accumulation",
    "grad accum": "gradient accumulation", "grads": "gradients", "hf": "Hugging Face", "hparam": "hyperparameter",
    "hparams": "hyperparameters", "layernorm": "layer norm", "lm": "language model", "lr": "learning rate",
    "lrs": "learning rates", "matmul": "matrix multiplication", "mem": "memory", "mha": "multi-head attention",
    "moe": "mixture of experts", "nn": "neural network", "nns": "neural networks", "oom": "out of memory",
    "optim": "optimiser", "ppl": "perplexity", "preds": "predictions", "quant": "quantisation", "sched": "schedule",
    "seq": "sequence", "seq len": "sequence length", "seqs": "sequences", "sft": "supervised fine-tuning",
    "std": "standard deviation", "temp": "temperature", "tok": "token", "toks": "tokens", "val": "validation",
    "vec": "vector", "vecs": "vectors", "vocab": "vocabulary", "wd": "weight decay", "xent": "cross-entropy",
    "whats": "what is",
}  # a table of data # fmt: skip
"""Only unambiguous ones: `inf` may be infinity or inference, `cv` vision or validation."""

_SHORT = re.compile(
    r"(?<![\w.'@/-])(?:(?P<people>(?:(?<=do )|(?<=some )|(?<=most )|(?<=many ))ppl"
    r"|ppl(?= (?:use|do|say|think|who|usually|are|get|pick|take|call|have|prefer|like|mean|talk)\b))"
    rf"|(?P<short>{'|'.join(sorted(ABBREVIATIONS, key=len, reverse=True))}))(?![\w(='/-]|\.\w)",
    re.IGNORECASE,
)
"""An abbreviation that isn't part of a name in code; `ppl` before a verb means people."""


def written_out(text: str, known: Collection[str] | None = None) -> str:
    """Expand the abbreviations in a text.

    Args:
        known: lower-case words; an abbreviation with other words in its expansion stays.
    """

    def expand(match: re.Match[str]) -> str:
        if match["people"]:
            return "people"
        whole = ABBREVIATIONS[match["short"].lower()]
        return whole if known is None or all(word in known for word in content(whole)) else match[0]

    return _SHORT.sub(expand, text)


SHORTEST = 5
"""Letters of a word; shorter ones have too many neighbours."""

SHORTEST_OFFERED = 3
"""Letters of a word that is only offered, as in "Did you mean LoRA?"."""

SHORTEST_ROOT = 6
"""Letters of a stem, for the same reason."""

ENDING = 3
"""Letters in which the endings of the two may differ besides, where it is the stem that fits."""

LONG = 8
"""Letters from which on two slips are believed instead of one."""

MOST_MENDED = 12
"""Words of one question that are looked at: a line with more strange words is not misspelt, and each costs time."""

LETTERS = re.compile(r"[A-Za-z]+")
INFLECTED = re.compile(r"(.{4,}?)(?:s|es|d|ed|ing|r|er|ers|ly)")


class Speller:
    """Knows the words of the notes and finds the one that was meant.

    Args:
        vocabulary: the words of the notes, code included.
        ordinary: other words that are no slips, such as a list of English words.
    """

    def __init__(self, vocabulary: Iterable[str], ordinary: Collection[str] = frozenset()) -> None:
        self._vocabulary = {word for word in vocabulary if word.isalpha()}
        self._ordinary = ordinary
        self._vocabulary |= STOP_WORDS | SHORT_FORMS.keys()
        self._stems = {stem(word) for word in self._vocabulary}
        by_start: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        for word in sorted(self._vocabulary):
            if len(word) >= SHORTEST:
                by_start[word[0]].append((word, stem(word)))
        self._by_start = {first: tuple(known) for first, known in by_start.items()}

    def __getstate__(self) -> dict[str, Any]:
        """Return all that it knows but the ordinary words, which `knowing` gives it again."""
        return {**vars(self), "_ordinary": frozenset()}

    def knowing(self, ordinary: Collection[str]) -> Speller:
        """Take the words that are no slips, the same as those that it was made with, and return it."""
        self._ordinary = ordinary
        return self

    def correct(self, question: str) -> str:
        """Replace each word that the notes do not know and that is short for one of theirs, or a slip away from it."""
        question = written_out(question, self._vocabulary)
        strange = [word for word in dict.fromkeys(words(question)) if self._is_strange(word)]
        meant = {word: self._find_meant(word) for word in strange[:MOST_MENDED]}
        return LETTERS.sub(lambda match: meant.get(match[0].lower()) or match[0], question)

    def offered(self, question: str) -> list[tuple[str, bool]]:
        """List the words that a strange word of a question may have been, too short to be mended unasked.

        Each with whether letters were only swapped or left out, which is likelier than a changed one.
        """
        strange = [word for word in words(question) if len(word) >= SHORTEST_OFFERED and self._is_unknown(word)]
        return [
            (known, sorted(known) == sorted(word) or len(known) > len(word))
            for word in strange[:MOST_MENDED]
            if not any(OSA.distance(word, frame, score_cutoff=1) <= 1 for frame in STOP_WORDS)
            for known in self._vocabulary
            if (known not in self._ordinary or sorted(known) == sorted(word) or known.startswith(word))
            and known[0] == word[0]
            and len(known) >= SHORTEST_OFFERED
            and OSA.distance(word, known, score_cutoff=1) == 1
        ]

    def _find_meant(self, word: str) -> str | None:
        """Return the word whose letters are nearest, or else the one whose stem is."""
        root = stem(word)
        known = self._by_start.get(word[0], ())
        is_inflected = root in self._stems
        most = 2 if len(word) >= LONG and not is_inflected else 1
        near = (
            (OSA.distance(word, other, score_cutoff=most), its != root, sorted(other) != sorted(word), other)
            for other, its in known
        )
        best = min(near, default=None)
        if best is not None and best[0] <= most:
            return best[-1]
        if is_inflected or len(root) < SHORTEST_ROOT:
            return None
        most = 2 if len(root) >= LONG else 1
        alike = (
            (OSA.distance(root, its, score_cutoff=most), OSA.distance(word, other, score_cutoff=most + ENDING), other)
            for other, its in known
        )
        likest = min((candidate for candidate in alike if candidate[1] <= most + ENDING), default=None)
        return likest[-1] if likest is not None and likest[0] <= most else None

    def _is_strange(self, word: str) -> bool:
        """Say whether a word may be a slip: neither the notes nor ordinary English have it."""
        if len(word) < SHORTEST or not self._is_unknown(word):
            return False
        return not is_inflected(word, self._ordinary)

    def _is_unknown(self, word: str) -> bool:
        return word.isalpha() and word not in self._vocabulary and word not in self._ordinary


def is_inflected(word: str, known: Collection[str]) -> bool:
    """Say whether a word is a known one with an ending."""
    base = INFLECTED.fullmatch(word)
    return base is not None and (base[1] in known or base[1] + "e" in known)
