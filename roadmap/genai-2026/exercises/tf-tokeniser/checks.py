"""Checks of the tokeniser."""

import math
import random

MINUTES = 120

TEXT = (
    "The sea was calm, and the seal slept on a real rock by the sea. Naïve readers of the tale — there were many — "
    "asked for a deal: “Tell us the real tale!” 🙂\n\n\tA café by the sea sold tea, and the seals had a meal.\n"
)


def _make_book(words):
    rng = random.Random(0)
    vocabulary = ["".join(rng.choice("etaoinshr") for _ in range(rng.randint(1, 7))) for _ in range(800)]
    weights = [1 / rank for rank in range(1, 801)]
    return " ".join(rng.choices(vocabulary, weights, k=words))


def check_merge(exercise):
    """A pair is merged from left to right, and no id is used twice."""
    for ids, pair, expected in (([5, 5, 5], (5, 5), [256, 5]), ([1, 2, 1, 2, 1], (1, 2), [256, 256, 1])):
        merged = list(exercise.merge_pair(ids, pair, 256))
        assert merged == expected, f"`merge_pair({ids}, {pair}, 256)` gave {merged}; expected {expected}."


def check_first_merges(exercise):
    """For sea (4), seal (3), real (5) and deal (2) the first merges are e + a, ea + l and r + eal."""
    text = "\n".join(["sea"] * 4 + ["seal"] * 3 + ["real"] * 5 + ["deal"] * 2)
    expected = [(ord("e"), ord("a")), (256, ord("l")), (ord("r"), 257)]
    merges = [tuple(pair) for pair in exercise.train_merges(text, 3)]
    assert merges == expected, f"The first three merges are {merges}; expected {expected}."


def check_chunks(exercise):
    """No merge crosses a chunk, and training stops when no pair is left."""
    merges = [tuple(pair) for pair in exercise.train_merges("ab ab ab", 10)]
    expected = [(ord("a"), ord("b")), (ord(" "), 256)]
    assert merges == expected, (
        f'"ab ab ab" has the chunks "ab", " ab" and " ab", so there are two merges, {expected}; got {merges}.'
    )


def check_round_trip(exercise):
    """Decoding restores every text byte for byte, accents and emoji included."""
    merges = exercise.train_merges(TEXT, 60)
    for text in (TEXT, "Zürich 🚀 was not in the training text.", "", "  two  spaces "):
        restored = exercise.decode(exercise.encode(text, merges), merges)
        same = next((i for i, (a, b) in enumerate(zip(text, restored, strict=False)) if a != b), len(restored))
        assert restored == text, (
            f"After {same} characters {text[same : same + 12]!r} was restored as {restored[same : same + 12]!r}; "
            "join the bytes of all ids, then decode once."
        )


def check_shorter(exercise):
    """Merges shorten the text, and encoding uses them in the order in which they were learned."""
    merges = exercise.train_merges(TEXT, 60)
    ids = exercise.encode(TEXT, merges)
    assert len(ids) < 0.75 * len(TEXT.encode()), (
        f"60 merges turn {len(TEXT.encode())} bytes into {len(ids)} tokens; expected less than three quarters."
    )
    a, b, c = b"abc"
    ids = list(exercise.encode("abc", [(b, c), (a, b)]))
    assert ids == [a, 256], f'With the merges b + c, then a + b, "abc" is encoded as {ids}; expected {[a, 256]}.'
    ids = list(exercise.encode("abc", [(a, b), (256, c)]))
    assert ids == [257], f'With the merges a + b, then ab + c, "abc" is encoded as {ids}; expected [257].'


def check_half_character(exercise):
    """An incomplete character becomes the replacement character instead of an error."""
    try:
        text = exercise.decode(list("🙂".encode()[:2]), [])
    except UnicodeDecodeError as error:
        raise AssertionError("Two of the four bytes of 🙂 raised an error; decode with errors='replace'.") from error
    assert "\ufffd" in text, f"Two of the four bytes of 🙂 gave {text!r}; expected the replacement character."


def check_work(exercise):
    """Training merges each different chunk once, however often the book has it."""
    book, original, calls = _make_book(20_000), exercise.merge_pair, []

    def counted(ids, pair, new):
        calls.append(new)
        return original(ids, pair, new)

    exercise.merge_pair = counted
    try:
        merges = exercise.train_merges(book, 20)
    finally:
        exercise.merge_pair = original
    different = len(set(exercise.split_chunks(book)))
    assert len(merges) == 20, f"20 merges were asked for; got {len(merges)}."
    assert len(calls) <= 2 * 20 * different, (
        f"20 merges of a book with {different} different chunks called `merge_pair` {len(calls):,} times; keep each "
        "different chunk once, with its count."
    )
