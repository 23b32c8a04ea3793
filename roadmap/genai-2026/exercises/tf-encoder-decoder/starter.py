"""Write what stands around an encoder-decoder that turns written dates into ISO dates.

It is the batch with its masks, teacher forcing, the loss, cross-attention, greedy decoding and the score.
`make_reader` is a stand-in for a trained model, so that you can test decoding; then train your own model with these
functions. Symbols are characters, with one id each in VOCABULARY. It takes about two hours.

Check it: python check.py tf-encoder-decoder
"""

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
    raise NotImplementedError("drop repeated dates first, then cut")


def pad_batch(texts: Sequence[str]) -> tuple[Array, Array]:
    """Ids (batch, longest) filled up with PAD on the right, and a mask that is True at real symbols."""
    raise NotImplementedError("the ids of each text, filled up to the longest")


def force_teacher(target: str) -> tuple[list[int], list[int]]:
    """The decoder's input, which begins with START, and its labels, which finish with END."""
    raise NotImplementedError("the same ids, shifted by one")


def mean_loss(probabilities: Array, labels: Array) -> float:
    """The mean of -ln p of the labels, over all labels but PAD. Shapes: (batch, n, vocabulary) and (batch, n)."""
    raise NotImplementedError("pick the probability of each label, leave out PAD")


def cross_attend(queries: Array, keys: Array, values: Array, real: Array) -> tuple[Array, Array]:
    """Output (n, d_v) and weights (n, m) of n decoder queries over m source symbols; `real` (m,) is the source mask."""
    raise NotImplementedError("scaled dot-product attention in which filler has weight 0")


def decode_greedily(next_logits: Callable[[Sequence[int]], Array], most: int = 20) -> str:
    """The text that the model writes from START until END or until `most` symbols, without START and END."""
    raise NotImplementedError("append the id with the largest logit and ask again")


def exact_match(outputs: Sequence[str], targets: Sequence[str]) -> float:
    """The share of outputs that equal their target in every character; ValueError if the lengths differ."""
    raise NotImplementedError("compare pair by pair")


def strongest_sources(weights: Array, source: str, output: str) -> list[tuple[str, str]]:
    """For each symbol of the output, the source symbol with the largest weight. Weights: (output, source or longer)."""
    raise NotImplementedError("the largest weight of each row, within the length of the source")
