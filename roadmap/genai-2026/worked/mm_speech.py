"""The worked numbers of the note on speech."""

from itertools import groupby

# cited: 680,000 hours; 16 kHz, 30 s windows, 80 mel bands, 25 ms windows (Radford et al. 2022)
# cited: about 1% of the tested recordings held invented phrases (Koenecke et al. 2024)
# cited: 12.5 frames a second, 8 codebooks; 160 ms in theory and 200 ms in practice (Défossez et al. 2024, Moshi)

assert 16_000 * 30 == 480_000
assert 30_000 // 10 == 3_000 and 3_000 // 2 == 1_500 and 80 * 3_000 == 240_000
assert 16_000 * 25 // 1_000 == 400


def word_errors(reference: str, heard: str) -> int:
    """Fewest substituted, missing and added words between two texts."""
    ref, hyp = reference.split(), heard.split()
    row = list(range(len(hyp) + 1))
    for i, word in enumerate(ref, 1):
        last, row[0] = row[0], i
        for j, other in enumerate(hyp, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (word != other))
    return row[-1]


REFERENCE = "please send the invoice to mister meyer before friday noon"
HEARD = "please send the in voice to mister maier before friday"
assert len(REFERENCE.split()) == 10 and word_errors(REFERENCE, HEARD) == 4


def collapse(frames: str) -> str:
    """What CTC reads from frames: repetitions become one, then the blanks go."""
    return "".join(letter for letter, _ in groupby(frames) if letter != "-")


assert collapse("hh-e-ll-lo--") == "hello" and collapse("hhellloo") == "helo"

assert 12.5 * 8 * 11 == 1_100  # bits a second with 2,048 entries a codebook, 11 bits each
assert 2**11 == 2_048 and round(24_000 * 16 / 1_100) == 349
assert 12.5 * 60 == 750 and 150 / 0.75 == 200

STAGES = {"end of speech": 500, "recognition": 200, "first sentence": 600, "synthesis": 200, "network": 100}
assert sum(STAGES.values()) == 1_600
STREAMED = {"end of speech": 250, "recognition": 50, "first sentence": 300, "synthesis": 100, "network": 100}
assert sum(STREAMED.values()) == 800
WHOLE = {"end of speech": 500, "recognition": 200, "whole answer": 4_000, "synthesis": 1_500, "network": 100}
assert sum(WHOLE.values()) == 6_300
assert 0.5 * 60 == 30  # a real-time factor of 0.5: a minute of speech in 30 s

# Check yourself
assert 60_000 // 10 == 6_000 and collapse("ss-ee-ee-n") == "seen" and (5 + 2 + 1) / 80 == 0.1

# Check yourself
assert 400 + 150 + 500 + 150 + 100 == 1_300 and 1_300 - 500 // 2 == 1_050
