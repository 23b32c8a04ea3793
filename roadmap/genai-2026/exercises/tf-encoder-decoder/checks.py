"""Checks of batches, teacher forcing, loss, cross-attention, decoding and score."""

import numpy as np

MINUTES = 120


def check_split(exercise):
    """No date is both in the training part and in the held-out part."""
    dates = exercise.make_dates(300, 0)
    pairs = [*dates, *exercise.make_dates(100, 1), *dates[:100]]
    train, held_out = exercise.split_dates(pairs, 100)
    both = set(train) & set(held_out)
    assert not both, f"{next(iter(both))[0]} is in both parts; drop repeated dates before you cut."
    assert len(set(held_out)) == 100, f"100 different dates should be held out; got {len(set(held_out))}."
    assert set(train) | set(held_out) == set(pairs), "Some dates are in neither part."


def check_padding(exercise):
    """A batch is filled up on the right, and its mask is True at real symbols only."""
    ids, real = exercise.pad_batch(["1 May", "12 June"])
    assert np.shape(ids) == np.shape(real) == (2, 7), (
        f"Texts of 5 and 7 symbols gave shapes {np.shape(ids)} and {np.shape(real)}; expected (2, 7)."
    )
    assert real.sum(axis=1).tolist() == [5, 7] and real[0].tolist() == [True] * 5 + [False] * 2, (
        f'The mask of "1 May" next to a text of 7 is {real[0].tolist()}; expected five times True, then False.'
    )
    text = "".join(exercise.VOCABULARY[i] for i in ids[0][:5])
    assert text == "1 May" and np.all(ids[0][5:] == exercise.PAD), (
        f'The ids of "1 May" read {text!r} before the filler.'
    )


def check_teacher(exercise):
    """The decoder's input begins with START, its labels finish with END, and both are shifted by one."""
    given, labels = map(list, exercise.force_teacher("2026"))
    digits = [exercise.IDS[symbol] for symbol in "2026"]
    assert given == [exercise.START, *digits], (
        f'The input for "2026" is {given}; expected START and the four digits, {[exercise.START, *digits]}.'
    )
    assert labels == [*digits, exercise.END], (
        f'The labels for "2026" are {labels}; expected the four digits and END, {[*digits, exercise.END]}.'
    )


def check_loss(exercise):
    """Labels with probabilities 0.5, 0.8, 0.25 and 0.9 have a loss of 0.602, and filler does not count."""
    labels = np.array([[5, 6, 7, exercise.END, exercise.PAD, exercise.PAD]])
    probabilities = np.full((1, 6, len(exercise.VOCABULARY)), 0.001)
    for position, p in enumerate((0.5, 0.8, 0.25, 0.9)):
        probabilities[0, position, labels[0, position]] = p
    loss = exercise.mean_loss(probabilities, labels)
    assert abs(loss - 0.602) < 0.001, (
        f"Labels with probabilities 0.5, 0.8, 0.25 and 0.9, END included, and two fillers gave {loss:.3f}; "
        "expected 0.602. END counts, PAD does not."
    )


def check_cross_attention(exercise):
    """Each decoder query spreads a weight of 1 over the source, and filler gets none."""
    rng = np.random.default_rng(0)
    queries, keys, values = rng.normal(size=(4, 6)), rng.normal(size=(7, 6)), rng.normal(size=(7, 3))
    real = np.arange(7) < 5
    output, weights = exercise.cross_attend(queries, keys, values, real)
    assert np.shape(weights) == (4, 7), f"4 queries and 7 symbols gave weights of shape {np.shape(weights)}."
    assert np.all(weights[:, 5:] == 0), f"Filler has a weight of {weights[:, 5:].max():.3f}; hide it before softmax."
    assert np.allclose(weights.sum(axis=1), 1), f"The weights of a query sum to {weights.sum(axis=1)[0]:.3f}, not to 1."
    ratio, score = weights[0, 1] / weights[0, 0], queries[0] @ (keys[1] - keys[0]) / 6**0.5
    assert np.isclose(ratio, np.exp(score)), (
        f"Two weights have the ratio {ratio:.3f}; scores divided by the root of the key width give {np.exp(score):.3f}."
    )
    assert np.allclose(output, weights @ values), "The output is not the average of the values with these weights."


def check_source_length(exercise):
    """More filler in the source leaves the output of cross-attention unchanged."""
    rng = np.random.default_rng(1)
    queries, keys, values = rng.normal(size=(2, 4)), rng.normal(size=(9, 4)), rng.normal(size=(9, 3))
    short, _ = exercise.cross_attend(queries, keys[:5], values[:5], np.ones(5, bool))
    longer, _ = exercise.cross_attend(queries, keys, values, np.arange(9) < 5)
    assert np.allclose(short, longer), (
        f"Four more fillers moved the output by {np.abs(short - longer).max():.3f}; a source must not depend on them."
    )


def check_decoding(exercise):
    """Greedy decoding reads the model's own output and stops at END."""
    for written, iso in exercise.make_dates(20, 2):
        output = exercise.decode_greedily(exercise.make_reader(written))
        assert output == iso, f'"{written}" was decoded as {output!r}; the stand-in writes {iso!r} and then END.'


def check_limit(exercise):
    """Decoding stops after `most` symbols if the model never writes END."""
    calls = []

    def endless(so_far):
        calls.append(list(so_far))
        if len(calls) > 50:
            raise AssertionError("With most = 5 the model was asked more than 50 times; stop after 5 symbols.")
        logits = np.zeros(len(exercise.VOCABULARY))
        logits[exercise.IDS["7"]] = 1
        return logits

    output = exercise.decode_greedily(endless, most=5)
    assert output == "77777", f"A model that always writes 7 gave {output!r} with most = 5; expected '77777'."
    assert calls[0] == [exercise.START], f"The first call got the ids {calls[0]}; expected only START."


def check_score(exercise):
    """Exact match counts whole outputs, on 1,000 held-out dates of the stand-in all of them."""
    share = exercise.exact_match(["2026-03-14", "2026-03-1", "2026-03-15"], ["2026-03-14"] * 3)
    assert np.isclose(share, 1 / 3), f"One of three outputs equals its target; `exact_match` gave {share:.3f}."
    try:
        exercise.exact_match(["2026-03-14"], ["2026-03-14", "2026-03-15"])
    except ValueError:
        pass
    else:
        raise AssertionError("One output for two targets was scored; raise ValueError, or missing outputs go unseen.")
    pairs = exercise.make_dates(1000, 3)
    share = exercise.exact_match(
        [exercise.decode_greedily(exercise.make_reader(written)) for written, _ in pairs], [iso for _, iso in pairs]
    )
    assert share >= 0.98, f"The stand-in's exact match on 1,000 dates is {share:.1%}; expected at least 98%."


def check_sources(exercise):
    """The reading of the weights names the source symbol for each output symbol, never filler."""
    weights = np.zeros((4, 8))
    for row, column in enumerate((3, 2, 5, 4)):
        weights[row, column] = 0.6
    weights[:, 7] = 0.9
    pairs = [tuple(pair) for pair in exercise.strongest_sources(weights, "5 2062", "2026")]
    expected = [("2", "0"), ("0", "2"), ("2", "2"), ("6", "6")]
    assert pairs == expected, (
        f'For "5 2062" the strongest sources at columns 3, 2, 5 and 4 are {expected}; got {pairs}.'
    )
