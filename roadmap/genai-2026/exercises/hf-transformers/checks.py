"""Checks of padding, mask, batches, scores, chat template and revision."""

from types import ModuleType

import numpy as np

MINUTES = 135


def make_texts() -> list[str]:
    """100 texts of 1 to 40 words in mixed order."""
    rng = np.random.default_rng(5)
    words = ["the", "film", "plot", "was", "very", "good", "bad", "slow", "warm", "dull", "never", "always", "funny"]
    return [" ".join(rng.choice(words, size=rng.integers(1, 41))) for _ in range(100)]


def check_special_tokens(exercise: ModuleType) -> None:
    """A text gets START and END, also if it is cut to the model's limit."""
    start, end = exercise.START, exercise.END
    short = exercise.add_special_tokens([5, 6, 7], 8)
    assert list(short) == [start, 5, 6, 7, end], f"Ids 5, 6, 7 must become {[start, 5, 6, 7, end]}, not {list(short)}."
    long = exercise.add_special_tokens(list(range(5, 25)), 8)
    assert list(long) == [start, 5, 6, 7, 8, 9, 10, end], (
        f"With a limit of 8, START, six ids and END remain, but you have {list(long)}; special tokens count too."
    )


def check_pad(exercise: ModuleType) -> None:
    """A batch is padded on the right to its longest text, with 0 in the mask."""
    ids, mask = exercise.pad([[1, 5, 2], [1, 5, 6, 7, 2]])
    assert ids.shape == (2, 5), f"Texts of 3 and 5 tokens make a batch (2, 5), not {ids.shape}; pad to the longest."
    assert ids.tolist() == [[1, 5, 2, 0, 0], [1, 5, 6, 7, 2]], (
        f"The padded ids are {ids.tolist()}; fill up on the right."
    )
    assert mask.tolist() == [[1, 1, 1, 0, 0], [1] * 5], (
        f"The mask marks tokens with 1 and padding with 0, but it is {mask.tolist()}."
    )


def check_softmax(exercise: ModuleType) -> None:
    """Logits -1.5 and 2.5 give the score 0.982, and large logits don't overflow."""
    score = exercise.softmax(np.array([-1.5, 2.5]))
    assert abs(score[1] - 0.98201) < 1e-4, f"Logits -1.5 and 2.5 give 0.982 for the second, not {score[1]:.3f}."
    rows = exercise.softmax(np.array([[0.0, 0.0], [1.0, 1.0]]))
    assert np.allclose(rows, 0.5), f"Each row is a text of its own and must sum to 1, but you have {rows.tolist()}."
    with np.errstate(all="ignore"):
        large = exercise.softmax(np.array([1000.0, 1001.0]))
    assert np.isfinite(large).all(), "Logits of 1,000 overflow: subtract the largest logit before `np.exp`."


def check_attention(exercise: ModuleType) -> None:
    """Padding gets no attention, and the weights of the tokens sum to 1."""
    scores = np.zeros((1, 4, 4))
    scores[0, :, 3] = 5
    weights = exercise.attention_weights(scores, np.array([[1, 1, 0, 0]]))
    assert weights[0, :2, 2:].max() < 1e-6, (
        f"A padding position got the weight {weights[0, :2, 2:].max():.2f}; set masked scores to about -1e9."
    )
    assert np.allclose(weights[0, :2, :2], 0.5), (
        f"Two tokens with equal scores share the weight, 0.5 each, but they got {weights[0, 0, :2].round(3).tolist()}: "
        "mask before the softmax, not after it."
    )


def check_batches(exercise: ModuleType) -> None:
    """Texts of 6, 45, 9 and 50 tokens travel as (6, 9) and (45, 50)."""
    batches = [list(batch) for batch in exercise.batches_by_length([6, 45, 9, 50], 2)]
    assert batches == [[0, 2], [1, 3]], (
        f"Batches of two by length must have the indices [[0, 2], [1, 3]], but you have {batches}."
    )
    batches = [list(batch) for batch in exercise.batches_by_length([3, 1, 2], 2)]
    assert sorted(index for batch in batches for index in batch) == [0, 1, 2], (
        f"Three texts in batches of two: a text is missing in {batches}."
    )


def check_classify(exercise: ModuleType) -> None:
    """Labels match and scores agree within 1e-4 with single texts, for batch sizes 1, 8 and 32."""
    texts, model = make_texts(), exercise.TinyModel()
    expected = []
    for text in texts:
        ids = np.array([[exercise.START, *exercise.encode(text)[: exercise.LIMIT - 2], exercise.END]])
        logits = model(ids, np.ones_like(ids))[0]
        expected.append((exercise.LABELS[int(logits.argmax())], 1 / (1 + np.exp(-abs(logits[1] - logits[0])))))
    for size in (1, 8, 32):
        results = exercise.classify(model, texts, size)
        assert len(results) == 100, f"100 texts need 100 results, but you gave {len(results)}."
        labels = sum(result[0] != single[0] for result, single in zip(results, expected, strict=True))
        assert labels == 0, (
            f"At batch size {size}, {labels} of 100 labels differ from the text on its own; give the results in the "
            "order of the texts and hide padding."
        )
        gap = max(abs(result[1] - single[1]) for result, single in zip(results, expected, strict=True))
        assert gap < 1e-4, f"At batch size {size} a score differs by {gap:.4f}; the score is the label's probability."


def check_slots(exercise: ModuleType) -> None:
    """Batches of 8 run together and waste less than a fifth of their slots."""
    texts, model = make_texts(), exercise.TinyModel()
    exercise.classify(model, texts, 8)
    assert len(model.heard) == 13, (
        f"100 texts in batches of 8 need 13 runs of the model, but it ran {len(model.heard)}."
    )
    tokens = sum(min(len(exercise.encode(text)) + 2, exercise.LIMIT) for text in texts)
    slots = sum(rows * length for rows, length in model.heard)
    assert tokens / slots > 0.8, (
        f"Only {tokens / slots:.0%} of the slots hold tokens; sort by length and pad per batch."
    )


def check_speed(exercise: ModuleType) -> None:
    """The first run warms up and isn't timed."""
    now, seconds = [50.0], iter([9.0, 2.0, 2.0])

    def run(texts: list[str]) -> None:
        assert len(texts) == 100, "Run all texts each time."
        now[0] += next(seconds)

    speed = exercise.sentences_per_second(run, ["a"] * 100, lambda: now[0])
    assert abs(speed - 50) < 1e-9, (
        f"100 sentences took 9 s in the first run and 2 s in the second: 50 sentences per second, not {speed:.1f}."
    )


def check_chat(exercise: ModuleType) -> None:
    """The chat template marks every turn and opens the assistant's only on request."""
    messages = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}]
    text = exercise.render_chat(messages, add_generation_prompt=False)
    expected = "<|start|>system\nBe brief.<|end|>\n<|start|>user\nHi<|end|>\n"
    assert text == expected, f"Two messages must become {expected!r}, not {text!r}."
    text = exercise.render_chat(messages, add_generation_prompt=True)
    assert text == expected + "<|start|>assistant\n", (
        f"The text for generating must end with the opening '<|start|>assistant\\n', but it ends {text[-24:]!r}."
    )


def check_pinned(exercise: ModuleType) -> None:
    """Only a full commit hash pins a model."""
    full = "714eb0fa89d2f80546fda750413ed43d93601a13"
    assert exercise.is_pinned(full), f"{full} is a full commit hash and pins the files."
    for revision in (None, "main", "v1.0", full[:7], full + "\n", "g" * 40):
        assert not exercise.is_pinned(revision), (
            f"{revision!r} is no full commit hash, so the files may change, but you call it pinned."
        )
