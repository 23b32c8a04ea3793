"""Checks of the distillation loss, its gradient, the filters, model collapse and the table of mixes."""

import csv
import tempfile
from pathlib import Path
from types import ModuleType

import numpy as np

MINUTES = 120
TEACHER, STUDENT = np.array([[4.0, 2.0, 0.0]]), np.array([[2.0, 2.0, 0.0]])


def check_soften(exercise: ModuleType) -> None:
    """Logits 4, 2 and 0 give 0.87, 0.12, 0.02 at T = 1 and 0.67, 0.24, 0.09 at T = 2."""
    for temperature, expected in ((1, [0.8668, 0.1173, 0.0159]), (2, [0.6652, 0.2447, 0.0900])):
        p = exercise.soften(TEACHER, temperature)[0]
        assert np.allclose(p, expected, atol=0.001), (
            f"At T = {temperature} the probabilities are {expected}, not {p.round(3).tolist()}: divide the logits by T."
        )
    rows = exercise.soften(np.array([[0.0, 0.0], [1000.0, 1000.0]]), 1.0)
    assert np.allclose(rows, 0.5), f"Two rows of equal logits must give 0.5 everywhere, not {rows.tolist()}."


def check_loss(exercise: ModuleType) -> None:
    """The worked example has the loss 0.62, of which 0.48 is T^2 times the KL divergence."""
    labels = np.array([0])
    soft = exercise.distillation_loss(STUDENT, TEACHER, labels, 2.0, 0.0)
    assert abs(soft - 0.4771) < 0.002, (
        f"Without the label the loss is 4 x 0.119 = 0.477, not {soft:.3f}: T^2 times KL(teacher || student), both "
        "at T = 2."
    )
    hard = exercise.distillation_loss(STUDENT, TEACHER, labels, 2.0, 1.0)
    assert abs(hard - 0.7586) < 0.002, (
        f"With the label alone the loss is -ln 0.468 = 0.759, not {hard:.3f}: T is 1 there."
    )
    both = exercise.distillation_loss(STUDENT, TEACHER, labels, 2.0, 0.5)
    assert abs(both - 0.6178) < 0.002, f"Half and half the loss is 0.618, not {both:.3f}."
    two = exercise.distillation_loss(
        np.vstack([STUDENT, TEACHER]), np.vstack([TEACHER] * 2), np.array([0, 0]), 2.0, 0.0
    )
    assert abs(two - 0.2385) < 0.002, f"With a second, perfect example the mean loss is half, 0.239, not {two:.3f}."


def check_gradient(exercise: ModuleType) -> None:
    """The gradient equals central differences of the loss."""
    rng = np.random.default_rng(1)
    student, teacher, labels = rng.standard_normal((3, 4)), 3 * rng.standard_normal((3, 4)), np.array([0, 3, 1])
    for temperature, share in ((3.0, 0.0), (3.0, 1.0), (2.0, 0.3)):
        gradient = exercise.loss_gradient(student, teacher, labels, temperature, share)
        expected = np.zeros_like(student)
        for place in np.ndindex(3, 4):
            step = np.zeros_like(student)
            step[place] = 1e-5
            sides = [
                exercise.distillation_loss(student + sign * step, teacher, labels, temperature, share)
                for sign in (1, -1)
            ]
            expected[place] = (sides[0] - sides[1]) / 2e-5
        ratio = float((gradient * expected).sum() / (expected**2).sum())
        assert np.allclose(gradient, expected, atol=1e-5), (
            f"With T = {temperature} and share {share} the gradient is about {ratio:.2f} times the central "
            "differences of "
            "your loss; the soft part is T x (student_T - teacher_T), and the mean divides by the examples."
        )


def check_train(exercise: ModuleType) -> None:
    """A student of a few hundred texts agrees with the truth in 85% of new texts."""
    rng = np.random.default_rng(2)
    texts, labels = exercise.make_texts(400, rng)
    test, truth = exercise.make_texts(500, rng)
    weights = exercise.train_student(texts, exercise.teacher_logits(texts), labels)
    assert weights.shape == (exercise.WIDTH, exercise.CLASSES), (
        f"The weights must have the shape ({exercise.WIDTH}, {exercise.CLASSES}), not {weights.shape}."
    )
    accuracy = ((exercise.features(test) @ weights).argmax(axis=1) == truth).mean()
    assert accuracy >= 0.85, f"The student is right in {accuracy:.0%} of 500 new texts; 85% are needed."


def check_soft_targets(exercise: ModuleType) -> None:
    """With share 0 the student learns from the teacher alone, whatever the labels say."""
    texts, labels = exercise.make_texts(300, np.random.default_rng(3))
    teacher = exercise.teacher_logits(texts)
    right = exercise.train_student(texts, teacher, labels, 2.0, 0.0)
    wrong = exercise.train_student(texts, teacher, (labels + 1) % 3, 2.0, 0.0)
    assert np.allclose(right, wrong), "With share 0 other labels changed the student: pass `share` on to the gradient."


def check_filters(exercise: ModuleType) -> None:
    """Short texts, copies and near copies of the test are removed and counted, each under one filter."""
    test = ["The brake of my red bicycle squeals in the rain."]
    texts = [
        "my chain is broken since last week",
        "Too short",
        "My chain is broken, since last week!",
        "Help: the brake of my red bicycle squeals",
        "my red bicycle is in the rain",
        "no idea",
        "help, the brake of my red bicycle squeals",
    ]
    kept, removed = exercise.filter_texts(texts, test)
    assert kept == [texts[0], texts[4]], (
        f"The texts 0 and 4 stay, one shares only shorter runs with the test, but you kept {kept}."
    )
    expected = {"short": 2, "duplicate": 1, "test": 2}
    assert removed == expected, f"The filters remove {expected}, but you counted {removed}."


def check_bootstrap(exercise: ModuleType) -> None:
    """85% of 300 has a 95% interval of about 0.81 to 0.89."""
    right = np.array([True] * 255 + [False] * 45)
    low, high = exercise.bootstrap(right, np.random.default_rng(4))
    assert abs(low - 0.81) < 0.015 and abs(high - 0.89) < 0.015, (
        f"The interval of 255 right of 300 is about 0.81 to 0.89, not {low:.3f} to {high:.3f}."
    )


def check_collapse(exercise: ModuleType) -> None:
    """Trained on itself alone the variance falls to a tenth in 50 generations; with half real data it stays."""
    rng = np.random.default_rng(5)
    alone = np.mean([exercise.collapse(50, 0, rng) for _ in range(100)])
    mixed = np.mean([exercise.collapse(50, 10, rng) for _ in range(100)])
    assert alone < 0.15, f"Without real data 0.95^50 = 0.08 of the variance is left on average, not {alone:.2f}."
    assert 0.85 < mixed < 1.15, f"With 10 real of 20 values the variance stays near 1, but you have {mixed:.2f}."


def check_table(exercise: ModuleType) -> None:
    """The table has test accuracy with interval for each mix, measured against the true classes."""
    rng = np.random.default_rng(6)
    pool, _ = exercise.make_texts(300, rng)
    test = exercise.make_texts(400, rng)
    mixes = {"100 labels": pool[:100], "300 teacher": pool, "few": pool[:15]}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "results.csv"
        exercise.write_table(path, mixes, test)
        with path.open(newline="") as file:
            rows = {row.pop("mix"): {key: float(value) for key, value in row.items()} for row in csv.DictReader(file)}
    assert list(rows) == list(mixes), f"The table must have a row for each of {list(mixes)}, not {list(rows)}."
    for name, mix in mixes.items():
        row = rows[name]
        assert row["examples"] == len(mix), f"The mix {name!r} has {len(mix)} examples, not {row['examples']:.0f}."
        teacher = exercise.teacher_logits(mix)
        weights = exercise.train_student(mix, teacher, teacher.argmax(axis=1))
        expected = ((exercise.features(test[0]) @ weights).argmax(axis=1) == test[1]).mean()
        assert abs(row["accuracy"] - expected) < 0.001, (
            f"The mix {name!r} has the test accuracy {expected:.3f}, but the table says {row['accuracy']:.3f}; "
            "measure it "
            "against the true classes."
        )
        assert row["low"] <= row["accuracy"] <= row["high"], f"The interval of {name!r} doesn't hold its accuracy."
    assert rows["300 teacher"]["accuracy"] > rows["few"]["accuracy"], "300 examples must beat 15."
