"""The numbers of the note on fine-tuning."""

import math
from math import ceil, exp, log, prod, sqrt

answer, prompt = [0.5, 0.25, 0.8], [0.1, 0.2, 0.05, 0.1]
assert round(-log(prod(answer)) / 3, 3) == 0.768
assert round(-log(prod(answer + prompt)) / 7, 3) == 1.645

messages = [("user", "Capital of Peru ?"), ("assistant", "Lima"), ("user", "And Chile ?")]
messages.append(("assistant", "Santiago"))
vocab = {}
ids, labels = [], []
for role, text in messages:
    body = [vocab.setdefault(w, len(vocab)) for w in [*text.split(), "<end>"]]
    head = [vocab.setdefault(f"<{role}>", len(vocab))]
    ids += head + body
    labels += [-100] * len(head) + (body if role == "assistant" else [-100] * len(body))
words = {i: w for w, i in vocab.items()}
assert [words[i] for i in labels if i != -100] == ["Lima", "<end>", "Santiago", "<end>"]
assert len(ids) == len(labels) and all(b in (a, -100) for a, b in zip(ids, labels, strict=True))

assert ceil(1_000 / 16) == 63 and 63 * 3 == 189  # steps per epoch and in all
assert 7e9 * 16 == 112e9 and 2e8 * 16 == 3.2e9 and 7e9 * 2 == 14e9
assert round(1.96 * sqrt(0.85 * 0.15 / 300), 2) == 0.04


def softmax(z, temperature):
    e = [exp(v / temperature) for v in z]
    return [round(v / sum(e), 2) for v in e]


assert softmax([4, 2, 0], 1) == [0.87, 0.12, 0.02]
assert softmax([4, 2, 0], 2) == [0.67, 0.24, 0.09]
assert 1_000 * (1_500 - 200) == 1_300_000 and 400 / 0.80 * 1_000 == 500_000
assert 1_000 * (1_500 - 200) / 1e6 == 1.3
# cited: 13,000 prompts of InstructGPT (Ouyang et al. 2022), 1,000 of LIMA (Zhou et al. 2023)

# the answers to Check yourself
assert (round(-math.log(0.1), 3), round(-math.log(0.5 * 0.25 * 0.8) / 3, 3)) == (2.303, 0.768)

# Check yourself
assert round(-math.log(0.5 * 0.2) / 2, 3) == 1.151
assert 1.5 * 16 == 24
redraws = 2_000  # of the case numbers, for an interval
