"""Checks of the samplers and of the KV cache."""

import numpy as np

MINUTES = 120

LOGITS = np.array([0.5, 2.0, -1.0, 1.0])  # water, tea, rust, milk


def check_temperature(exercise):
    """Tea with the largest of four logits has 0.842, 0.609 and 0.434 at temperatures 0.5, 1 and 2."""
    for temperature, expected in ((0.5, 0.842), (1, 0.609), (2, 0.434)):
        p = exercise.probabilities(LOGITS, temperature)
        assert np.isclose(p.sum(), 1), f"At temperature {temperature} the probabilities sum to {p.sum():.3f}."
        assert np.isclose(p[1], expected, atol=1e-3), (
            f"Logits 0.5, 2, -1, 1 at temperature {temperature}: the second token has {p[1]:.3f}; expected {expected}."
        )


def check_temperature_zero(exercise):
    """Temperature 0 is greedy, without a division by 0."""
    with np.errstate(all="ignore"):
        p = exercise.probabilities(LOGITS, 0)
    assert p.tolist() == [0, 1, 0, 0], f"At temperature 0 the probabilities are {p.tolist()}; expected [0, 1, 0, 0]."


def check_top_k(exercise):
    """Top-k 2 keeps tea with 0.731 and milk with 0.269, in their places."""
    p = exercise.keep_top_k(np.array([0.136, 0.609, 0.030, 0.225]), 2)
    assert np.allclose(p, [0, 0.730, 0, 0.270], atol=2e-3), (
        f"From 0.136, 0.609, 0.030 and 0.225, top-k 2 gave {np.round(p, 3).tolist()}; expected 0, 0.730, 0 and 0.270."
    )


def check_top_p(exercise):
    """Top-p 0.9 keeps three of four tokens, with the one that crosses the limit."""
    p = exercise.keep_top_p(np.array([0.136, 0.609, 0.030, 0.225]), 0.9)
    assert (p > 0).tolist() == [True, True, False, True], (
        f"The running sums are 0.609, 0.834 and 0.970, so three tokens stay at 0.9; got {np.round(p, 3).tolist()}."
    )
    assert np.isclose(p.sum(), 1), f"The kept probabilities sum to {p.sum():.3f}; rescale them to 1."
    p = exercise.keep_top_p(np.array([0.05, 0.95]), 0.5)
    assert p.tolist() == [0, 1], (
        f"From 0.05 and 0.95, top-p 0.5 gave {p.tolist()}; the most probable token always stays."
    )
    p = exercise.keep_top_p(np.array([0.5, 0.25, 0.25]), 0.5)
    assert p.tolist() == [1, 0, 0], f"From 0.5, 0.25 and 0.25 the first token reaches 0.5 by itself; got {p.tolist()}."


def check_draw(exercise):
    """Draws follow the probabilities, and a token with probability 0 is never drawn."""
    rng = np.random.default_rng(0)
    counts = np.bincount([exercise.draw(np.array([0.2, 0.0, 0.8]), rng) for _ in range(5000)], minlength=3)
    assert counts[1] == 0, f"A token with probability 0 was drawn {counts[1]} times."
    assert abs(counts[0] / 5000 - 0.2) < 0.03, (
        f"A token with probability 0.2 was drawn in {counts[0] / 50:.0f}% of cases."
    )


def check_cached_logits(exercise):
    """With the cache, the logits equal those of the full pass, for the prompt and for each new id."""
    model, ids = exercise.make_model(0), [3, 14, 15, 9, 26, 5, 35]
    full, cache = exercise.forward(model, ids), []
    parts = [exercise.forward_cached(model, part, cache) for part in (ids[:4], ids[4:5], ids[5:])]
    for name, part, expected in zip(
        ("the prompt", "one id", "two ids"), parts, (full[:4], full[4:5], full[5:]), strict=True
    ):
        assert np.shape(part) == expected.shape, (
            f"For {name} the logits have shape {np.shape(part)}, not {expected.shape}."
        )
        difference = np.abs(part - expected).max()
        assert difference < 1e-9, (
            f"For {name} the logits differ by up to {difference:.3f} from the full pass; check positions, mask and the "
            "keys of earlier tokens."
        )


def check_cache_shape(exercise):
    """The cache holds keys and values of each layer for all tokens so far."""
    model, cache = exercise.make_model(1), []
    exercise.forward_cached(model, [1, 2, 3], cache)
    exercise.forward_cached(model, [4], cache)
    shapes = [tuple(np.shape(part) for part in layer) for layer in cache]
    assert shapes == [((4, 16), (4, 16))] * 2, (
        f"After 3 and 1 ids, the keys and values of the two layers have the shapes {shapes}; expected (4, 16) each."
    )


def check_work(exercise):
    """With the cache, the prompt is read once and each later step gets only the newest id."""
    original, fed = exercise.forward_cached, []

    def counted(model, new, cache):
        fed.append(len(new))
        return original(model, new, cache)

    exercise.forward_cached = counted
    try:
        exercise.generate(exercise.make_model(0), [1, 2, 3, 4, 5], 4, True)
    finally:
        exercise.forward_cached = original
    assert fed == [5, 1, 1, 1], (
        f"4 new ids after a prompt of 5: `forward_cached` got {fed} ids; expected 5, then 1, 1 and 1."
    )


def check_same_output(exercise):
    """Greedy output is identical with and without cache."""
    for seed in range(5):
        model, prompt = exercise.make_model(seed), [seed, 7, 21, 40]
        slow, fast = (list(exercise.generate(model, prompt, 30, cached)) for cached in (False, True))
        assert len(slow) == 30, f"30 new ids were asked for, without the prompt; got {len(slow)}."
        ids = list(prompt)
        for _ in range(30):
            ids.append(int(np.argmax(exercise.forward(model, ids)[-1])))
        assert slow == ids[4:], f"Without cache the output begins {slow[:5]}; the largest logits give {ids[4:9]}."
        assert slow == fast, f"Without cache the output begins {slow[:5]}, with cache {fast[:5]}."


def check_sizes(exercise):
    """GPT-2 needs 37,748,736 bytes at 1,024 tokens, and Llama 3 8B 131,072 bytes per token."""
    for layers, heads, width, tokens, expected in ((12, 12, 64, 1024, 37_748_736), (32, 8, 128, 1, 131_072)):
        value = exercise.cache_bytes(layers, heads, width, tokens)
        assert value == expected, (
            f"{layers} layers, {heads} heads of width {width}, {tokens} tokens: got {value:,}; expected {expected:,}."
        )
    value = exercise.cache_bytes(32, 8, 128, 8192, sequences=16)
    assert value == 17_179_869_184, f"16 chats of 8,192 tokens with Llama 3 8B: got {value:,}; expected 17,179,869,184."


def check_positions(exercise):
    """100 tokens after a prompt of 512 process 56,150 positions without cache and 611 with it."""
    for cached, expected in ((False, 56_150), (True, 611)):
        value = exercise.count_positions(512, 100, cached)
        assert value == expected, (
            f"Prompt 512, 100 new tokens, cached = {cached}: got {value:,}; expected {expected:,}."
        )
