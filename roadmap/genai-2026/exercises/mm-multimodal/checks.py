"""Checks of patches, token counts, word error rate, stage times and the table."""

import csv
import tempfile
from pathlib import Path
from types import ModuleType

import numpy as np

MINUTES = 120


def check_patches(exercise: ModuleType) -> None:
    """A 224 by 224 image becomes 196 patches of 768 values, in reading order."""
    image = np.arange(224 * 224 * 3).reshape(224, 224, 3)
    patches = exercise.to_patches(image, 16)
    assert patches.shape == (196, 768), f"224 by 224 pixels in patches of 16 gave {patches.shape}, not (196, 768)."
    assert np.array_equal(patches[15].reshape(16, 16, 3), image[16:32, 16:32]), (
        "Patch 15 must be the second patch of the second row, with its own 16 by 16 pixels; swap axes before the last "
        "reshape."
    )
    wide = exercise.to_patches(np.zeros((32, 64, 3)), 16)
    assert wide.shape == (8, 768), f"An image of height 32 and width 64 has 8 patches of 16, not {wide.shape[0]}."


def check_image_tokens(exercise: ModuleType) -> None:
    """1,120 by 840 pixels cost 1,200 tokens, and half the sides a quarter."""
    for width, height, expected in ((1120, 840, 1200), (560, 420, 300), (1680, 2380, 5100), (100, 28, 4)):
        tokens = exercise.image_tokens(width, height)
        assert tokens == expected, (
            f"{width} by {height} pixels at 28 by 28 for a token cost {expected} tokens, not {tokens}."
        )
    tokens = exercise.image_tokens(336, 336, patch=14, merge=1)
    assert tokens == 576, f"Without merging, 336 by 336 pixels in patches of 14 cost 576 tokens, not {tokens}."


def check_image_cost(exercise: ModuleType) -> None:
    """An image is paid again at every turn."""
    cost = exercise.image_cost(1200, 1, 2.0)
    assert abs(cost - 0.0024) < 1e-9, f"1,200 tokens at 2 euros per million cost 0.0024 euros, not {cost}."
    cost = exercise.image_cost(1200, 5, 2.0)
    assert abs(cost - 0.012) < 1e-9, f"Over five turns 1,200 tokens cost 0.012 euros, not {cost}."


def check_audio_frames(exercise: ModuleType) -> None:
    """30 seconds at a hop of 10 ms are 3,000 frames."""
    for seconds, hop, expected in ((30, 10, 3000), (60, 80, 750), (0.29, 10, 29)):
        frames = exercise.audio_frames(seconds, hop)
        assert frames == expected, f"{seconds} s at a hop of {hop} ms are {expected} frames, not {frames}."


def check_words(exercise: ModuleType) -> None:
    """Case and punctuation don't count as errors, and apostrophes stay."""
    words = exercise.to_words('He said: "It\'s a well-known fact", twice. - ')
    expected = ["he", "said", "it's", "a", "well-known", "fact", "twice"]
    assert words == expected, f"The words must be {expected}, but you have {words}."


def check_error_rate(exercise: ModuleType) -> None:
    """The example with a wrong, a split and a missing word has a word error rate of 40%."""
    said = "Please send the invoice to Mister Meyer before Friday noon."
    heard = "please send the in voice to mister maier before friday"
    for reference, transcript, expected in (
        (said, heard, 0.4),
        (said, said.upper(), 0.0),
        ("do not operate", "do operate", 1 / 3),
        ("thank you", "", 1.0),
        ("stop", "please do stop now", 3.0),
    ):
        rate = exercise.word_error_rate(reference, transcript)
        assert abs(rate - expected) < 1e-9, (
            f"Said {reference!r}, heard {transcript!r}: the rate is {expected:.2f}, not {rate:.2f}; take the fewest "
            "changed, missing and added words, divided by the words that were said."
        )


def check_stages(exercise: ModuleType) -> None:
    """Each stage gets the result of the one before and is timed in milliseconds."""
    now = [100.0]

    def take(seconds: float, word: str):
        def stage(result: object) -> str:
            now[0] += seconds
            return f"{result} {word}"

        return stage

    stages = {"recognise": take(0.2, "text"), "answer": take(0.6, "reply"), "speak": take(0.15, "voice")}
    result, delays = exercise.time_stages(stages, "sound", lambda: now[0])
    assert result == "sound text reply voice", (
        f"The stages must run as sound, text, reply, voice, but the result is {result!r}."
    )
    assert list(delays) == list(stages), f"A delay is needed for each of {list(stages)}, but you have {list(delays)}."
    expected = [200, 600, 150]
    assert np.allclose(list(delays.values()), expected), (
        f"Stages of 0.2, 0.6 and 0.15 s must give 200, 600 and 150 ms, not {[round(d, 1) for d in delays.values()]}."
    )


def check_percentile(exercise: ModuleType) -> None:
    """The 95th percentile is a measured delay near the slow end, whatever the order."""
    delays = [float(delay) for delay in range(100, 0, -1)]
    for part, expected in ((delays, 95), (delays[:20], 99), ([7.0], 7)):
        value = exercise.percentile_95(part)
        assert value == expected, (
            f"Of {len(part)} delays from {min(part):.0f} to {max(part):.0f} ms the 95th percentile is {expected}, "
            f"not {value}."
        )


def check_table(exercise: ModuleType) -> None:
    """The table gives tokens and right answers for each resolution and without the image."""
    answers = [exercise.Answer(f"q{n}", 560, 420, n < 6) for n in range(10)]
    answers += [exercise.Answer(f"q{n}", 1120, 840, n < 9) for n in range(10)]
    answers += [exercise.Answer(f"q{n}", 0, 0, n < 3) for n in range(10)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "results.csv"
        exercise.write_table(path, answers[::-1])
        with path.open(newline="") as file:
            rows = {
                (row["width"], row["height"]): (row["tokens"], row["questions"], row["right"])
                for row in csv.DictReader(file)
            }
    for size, expected, name in (
        (("560", "420"), ("300", "10", "6"), "560 by 420 pixels"),
        (("1120", "840"), ("1200", "10", "9"), "1,120 by 840 pixels"),
        (("0", "0"), ("0", "10", "3"), "no image"),
    ):
        assert size in rows, f"The table has no row for {name}; without it you can't tell seeing from guessing."
        assert rows[size] == expected, (
            f"The row for {name} must have tokens, questions, right {', '.join(expected)}, not {', '.join(rows[size])}."
        )
    assert len(rows) == 3, f"Two resolutions and no image make three rows, but the table has {len(rows)}."
