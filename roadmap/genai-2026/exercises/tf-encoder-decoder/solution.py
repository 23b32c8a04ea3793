"""What stands around an encoder-decoder: batches, teacher forcing, loss, cross-attention, decoding, score."""

import datetime
import random
from collections.abc import Callable, Sequence

import numpy as np

Array = np.ndarray

PAD, START, END = 0, 1, 2
VOCABULARY = ["<pad>", "<s>", "</s>", *" -0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"]
IDS = {symbol: number for number, symbol in enumerate(VOCABULARY)}


def make_dates(count: int, seed: int) -> list[tuple[str, str]]:
    """Pairs of a written date such as "14 March 2026" and its ISO date, from 1900 to 2099."""
    rng = random.Random(seed)
    first, last = datetime.date(1900, 1, 1).toordinal(), datetime.date(2099, 12, 31).toordinal()
    days = [datetime.date.fromordinal(rng.randint(first, last)) for _ in range(count)]
    return [(f"{day.day} {day:%B} {day.year}", day.isoformat()) for day in days]


def make_reader(written: str) -> Callable[[Sequence[int]], Array]:
    """A stand-in for a trained decoder: it takes the ids so far, START first, and returns the next logits.

    Like a real decoder, it continues what it is given, so a wrong id early on spoils the rest.
    """
    iso = datetime.datetime.strptime(written, "%d %B %Y").date().isoformat()  # noqa: DTZ007
    answer = [START, *(IDS[symbol] for symbol in iso), END]

    def next_logits(so_far: Sequence[int]) -> Array:
        logits = np.full(len(VOCABULARY), -2.0)
        known = list(so_far) == answer[: len(so_far)]
        logits[answer[len(so_far)] if known and len(so_far) < len(answer) else IDS["9"]] = 5.0
        return logits

    return next_logits


def split_dates(pairs: Sequence[tuple[str, str]], held_out: int) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Training and held-out pairs: the last `held_out` different dates are held out, and no date is in both parts."""
    unique = list(dict.fromkeys(pairs))
    return unique[:-held_out], unique[-held_out:]


def pad_batch(texts: Sequence[str]) -> tuple[Array, Array]:
    """Ids (batch, longest) filled up with PAD on the right, and a mask that is True at real symbols."""
    ids = np.full((len(texts), max(map(len, texts))), PAD)
    for row, text in zip(ids, texts, strict=True):
        row[: len(text)] = [IDS[symbol] for symbol in text]
    return ids, ids != PAD


def force_teacher(target: str) -> tuple[list[int], list[int]]:
    """The decoder's input, which begins with START, and its labels, which finish with END."""
    ids = [IDS[symbol] for symbol in target]
    return [START, *ids], [*ids, END]


def mean_loss(probabilities: Array, labels: Array) -> float:
    """The mean of -ln p of the labels, over all labels but PAD. Shapes: (batch, n, vocabulary) and (batch, n)."""
    p = np.take_along_axis(probabilities, labels[..., None], axis=-1)[..., 0]
    return float(-np.log(p[labels != PAD]).mean())


def cross_attend(queries: Array, keys: Array, values: Array, real: Array) -> tuple[Array, Array]:
    """Output (n, d_v) and weights (n, m) of n decoder queries over m source symbols; `real` (m,) is the source mask."""
    scores = np.where(real, queries @ keys.T / np.sqrt(keys.shape[1]), -np.inf)
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights = e / e.sum(axis=1, keepdims=True)
    return weights @ values, weights


def decode_greedily(next_logits: Callable[[Sequence[int]], Array], most: int = 20) -> str:
    """The text that the model writes from START until END or until `most` symbols, without START and END."""
    ids = [START]
    while len(ids) <= most:
        best = int(np.argmax(next_logits(ids)))
        if best == END:
            break
        ids.append(best)
    return "".join(VOCABULARY[i] for i in ids[1:])


def exact_match(outputs: Sequence[str], targets: Sequence[str]) -> float:
    """The share of outputs that equal their target in every character; ValueError if the lengths differ."""
    return sum(output == target for output, target in zip(outputs, targets, strict=True)) / len(targets)


def strongest_sources(weights: Array, source: str, output: str) -> list[tuple[str, str]]:
    """For each symbol of the output, the source symbol with the largest weight. Weights: (output, source or longer)."""
    best = weights[: len(output), : len(source)].argmax(axis=1)
    return [(symbol, source[i]) for symbol, i in zip(output, best, strict=True)]
