"""The worked numbers of the note on models that read images."""

from math import exp, log

# cited: 400 million pairs of image and caption (Radford et al. 2021)
# cited: 336 pixels, patches of 14, 576 tokens (Liu et al. 2023, LLaVA-1.5)


def patches(width: int, height: int, size: int) -> int:
    """How many whole patches an image holds."""
    return (width // size) * (height // size)


assert patches(224, 224, 16) == 14 * 14 == 196 and 16 * 16 * 3 == 768
assert patches(448, 448, 16) == 784 == 4 * 196
assert patches(336, 336, 14) == 576
assert 768 * 768 + 768 == 590_592


def softmax(row: list[float], temperature: float) -> list[float]:
    """Probabilities of some similarities."""
    scaled = [exp(value / temperature) for value in row]
    return [value / sum(scaled) for value in scaled]


SIMILAR = [[0.8, 0.3, 0.2], [0.4, 0.7, 0.1], [0.1, 0.2, 0.6]]  # images down, captions across
first = softmax(SIMILAR[0], 0.1)
assert [round(p, 3) for p in first] == [0.991, 0.007, 0.002] and round(-log(first[0]), 3) == 0.009
flat = softmax(SIMILAR[0], 1.0)
assert [round(p, 2) for p in flat] == [0.46, 0.28, 0.25]

# A projector of two layers from the width of the encoder to that of the language model
assert 1_024 * 4_096 + 4_096 + 4_096 * 4_096 + 4_096 == 20_979_712  # about 21 million
assert round(20_979_712 / 7e9, 3) == 0.003


def merged(width: int, height: int) -> int:
    """Tokens of an image with patches of 14 pixels, four of which are merged into one token."""
    return patches(width, height, 28)


assert merged(1_120, 840) == 40 * 30 == 1_200 and merged(560, 420) == 20 * 15 == 300
assert merged(1_680, 2_380) == 60 * 85 == 5_100 and 500 / 0.75 < 700
assert 1_200 * 60 == 72_000 and 300 * 60 == 18_000
assert 2 * 1_200 * 1_000 / 1_000_000 == 2.4  # euros for 1,000 images at 2 euros a million tokens

# Check yourself
assert merged(840, 840) == 900

# the answers to Check yourself
assert (672 // 14) ** 2 == 2_304

# Check yourself
assert (392 // 14) ** 2 == 784 and (784 // 14) ** 2 == 3_136
for temperature, shares in ((1, (0.55, 0.45)), (0.1, (0.88, 0.12))):
    e = [exp(s / temperature) for s in (0.6, 0.4)]
    assert tuple(round(x / sum(e), 2) for x in e) == shares
