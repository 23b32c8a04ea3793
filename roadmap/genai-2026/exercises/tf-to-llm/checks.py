"""Checks of the tokeniser and of bits per byte."""

import math
import random

MINUTES = 180

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


def check_bits(exercise):
    """Four tokens with a loss of 1.213 nats that cover 14 bytes cost 0.5 bits per byte."""
    value = exercise.bits_per_byte(1.75 * math.log(2), 4, "fourteen bytes")
    assert abs(value - 0.5) < 1e-9, f"4 tokens, 1.213 nats each, 14 bytes: got {value:.3f} bits per byte; expected 0.5."
    value = exercise.bits_per_byte(1.75 * math.log(2), 4, "seven é" * 2)
    assert abs(value - 7 / 16) < 1e-9, (
        f"14 characters with two é are 16 bytes, so 7 bits make {7 / 16:.4f} bits per byte; got {value:.4f}."
    )


def check_bigram(exercise):
    """The bigram model is smoothed, and its bits per byte are worked by hand on a short text."""
    value = exercise.score_bigram(b"abab", b"aba")
    expected = (8 - math.log2(3 / 258) - math.log2(2 / 257)) / 3
    assert abs(value - expected) < 1e-9, (
        f'Trained on "abab", "aba" costs 8 bits and the surprise of 3/258 and 2/257, {expected:.4f} bits per byte; '
        f"got {value:.4f}."
    )
    book = _make_book(20_000).encode()
    value = exercise.score_bigram(book[:80_000], book[80_000:])
    assert value < 5, f"The words use ten different symbols, but the bigram model costs {value:.2f} bits per byte."
    unseen = exercise.score_bigram(book[:80_000], "🚀".encode())
    assert math.isfinite(unseen) and unseen >= 7, f"Unseen bytes cost {unseen:.2f} bits each; expected about 8."


def check_budget(exercise):
    """Width 256, 6 blocks and 1,256 tokens make 5.04 million parameters, and training takes 6 operations each."""
    parameters = exercise.count_parameters(1256, 256, 6)
    assert parameters == 5_040_128, f"Width 256, 6 blocks, 1,256 tokens: got {parameters:,}; expected 5,040,128."
    operations = exercise.training_operations(5_000_000, 1_000_000)
    assert operations == 3 * 10**13, (
        f"5 million parameters and a million tokens take 3e13 operations; got {operations:.1e}."
    )
