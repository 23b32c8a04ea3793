"""Count what images and speech cost, measure word error rate, time a voice loop and write the table of results.

The model, the recogniser and the voice are yours: these functions stand around them. When all checks pass, ask a
small vision-language model ten questions on five photos and a scanned page at two resolutions, transcribe five
minutes of your speech with Whisper, and write your numbers with `write_table`.
It takes about two hours, and two more with the models.

Check it: python check.py mm-multimodal
"""

import csv
import math
import string
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np


class Answer(NamedTuple):
    """One answer of the vision-language model."""

    question: str
    width: int  # of the image that the model got, in pixels; 0: asked without the image
    height: int
    right: bool


def to_patches(image: np.ndarray, size: int) -> np.ndarray:
    """Cut an image (height, width, 3) row by row into patches (count, size * size * 3)."""
    raise NotImplementedError("reshape to rows and columns of patches, swap axes, flatten each patch")


def image_tokens(width: int, height: int, patch: int = 14, merge: int = 2) -> int:
    """Tokens of an image if merge by merge patches become one token; each side is rounded up to whole tokens."""
    raise NotImplementedError("tokens along each side, rounded up, multiplied")


def image_cost(tokens: int, turns: int, price: float) -> float:
    """Euros for an image that is read again at each turn, at `price` euros per million input tokens."""
    raise NotImplementedError("tokens times turns times the price of a token")


def audio_frames(seconds: float, hop_ms: float) -> int:
    """Frames of a spectrogram with one frame for each hop."""
    raise NotImplementedError("milliseconds of sound by milliseconds of a hop")


def to_words(text: str) -> list[str]:
    """The words in lower case without punctuation at their ends; "it's" and "well-known" stay one word."""
    raise NotImplementedError("lower case, split at spaces, strip punctuation, drop empty words")


def word_error_rate(reference: str, transcript: str) -> float:
    """Fewest words changed, missing or added, divided by the words of the reference."""
    raise NotImplementedError("edit distance of the two lists of words, divided by the words that were said")


def time_stages(
    stages: dict[str, Callable[[object], object]], sound: object, clock: Callable[[], float]
) -> tuple[object, dict[str, float]]:
    """Run the stages in order, each on the result of the one before; give the last result and ms for each stage.

    `clock` gives seconds, such as `time.perf_counter`.
    """
    raise NotImplementedError("for each stage: read the clock, run it on the last result, read the clock again")


def percentile_95(delays: list[float]) -> float:
    """The smallest measured delay that at least 95% of the delays don't exceed."""
    raise NotImplementedError("sort, then the position that 95% don't exceed")


def write_table(path: Path, answers: list[Answer]) -> None:
    """Write a CSV file with the columns width, height, tokens, questions, right: a row for each resolution.

    The answers without the image are a row too, with width, height and tokens 0.
    """
    raise NotImplementedError("group the answers by size and write a row each")
