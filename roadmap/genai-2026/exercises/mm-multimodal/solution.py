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
    height, width, colours = image.shape
    grid = image.reshape(height // size, size, width // size, size, colours).swapaxes(1, 2)
    return grid.reshape(-1, size * size * colours)


def image_tokens(width: int, height: int, patch: int = 14, merge: int = 2) -> int:
    """Tokens of an image if merge by merge patches become one token; each side is rounded up to whole tokens."""
    side = patch * merge
    return math.ceil(width / side) * math.ceil(height / side)


def image_cost(tokens: int, turns: int, price: float) -> float:
    """Euros for an image that is read again at each turn, at `price` euros per million input tokens."""
    return tokens * turns * price / 1_000_000


def audio_frames(seconds: float, hop_ms: float) -> int:
    """Frames of a spectrogram with one frame for each hop."""
    return round(seconds * 1000 / hop_ms)


def to_words(text: str) -> list[str]:
    """The words in lower case without punctuation at their ends; "it's" and "well-known" stay one word."""
    words = (word.strip(string.punctuation) for word in text.lower().split())
    return [word for word in words if word]


def word_error_rate(reference: str, transcript: str) -> float:
    """Fewest words changed, missing or added, divided by the words of the reference."""
    said, heard = to_words(reference), to_words(transcript)
    previous = list(range(len(heard) + 1))
    for row, word in enumerate(said, start=1):
        current = [row]
        for column, other in enumerate(heard, start=1):
            substituted = previous[column - 1] + (word != other)
            current.append(min(substituted, previous[column] + 1, current[column - 1] + 1))
        previous = current
    return previous[-1] / len(said)


def time_stages(
    stages: dict[str, Callable[[object], object]], sound: object, clock: Callable[[], float]
) -> tuple[object, dict[str, float]]:
    """Run the stages in order, each on the result of the one before; give the last result and ms for each stage.

    `clock` gives seconds, such as `time.perf_counter`.
    """
    result, delays = sound, {}
    for name, stage in stages.items():
        start = clock()
        result = stage(result)
        delays[name] = (clock() - start) * 1000
    return result, delays


def percentile_95(delays: list[float]) -> float:
    """The smallest measured delay that at least 95% of the delays don't exceed."""
    return sorted(delays)[math.ceil(0.95 * len(delays)) - 1]


def write_table(path: Path, answers: list[Answer]) -> None:
    """Write a CSV file with the columns width, height, tokens, questions, right: a row for each resolution.

    The answers without the image are a row too, with width, height and tokens 0.
    """
    sizes = sorted({(answer.width, answer.height) for answer in answers})
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["width", "height", "tokens", "questions", "right"])
        for width, height in sizes:
            marks = [answer.right for answer in answers if (answer.width, answer.height) == (width, height)]
            writer.writerow([width, height, image_tokens(width, height), len(marks), sum(marks)])
