"""Checks of the LoRA layer: start, gradients, merge, counts, 4-bit weights and the table of ranks."""

import csv
import tempfile
import tracemalloc
from pathlib import Path
from types import ModuleType

import numpy as np

MINUTES = 120


def make_layer(exercise: ModuleType, trained: bool, rank: int = 4, alpha: float = 12.0) -> tuple:
    """A layer 24 to 16 with its weight and 10 inputs; a trained one has values in B."""
    rng = np.random.default_rng(1)
    weight = rng.standard_normal((16, 24)).astype(np.float32)
    layer = exercise.LoraLinear(weight.copy(), rank, alpha, rng)
    missing = [name for name in ("weight", "a", "b") if not hasattr(layer, name)]
    assert not missing, f"`LoraLinear` has no {' and no '.join(missing)}; call the three matrices weight, a and b."
    if trained:
        layer.b = rng.standard_normal((16, rank)).astype(np.float32)
    return layer, weight, rng.standard_normal((10, 24)).astype(np.float32)


def check_start(exercise: ModuleType) -> None:
    """An untrained layer gives the outputs of the frozen weight, and can still learn."""
    layer, weight, x = make_layer(exercise, trained=False)
    gap = np.abs(layer.forward(x) - x @ weight.T).max()
    assert gap < 1e-5, f"At the start the output differs by {gap:.3f} from the frozen layer: B must be zero."
    assert layer.a.shape == (4, 24) and layer.b.shape == (16, 4), (
        f"For 24 to 16 and rank 4, A is (4, 24) and B (16, 4), not {layer.a.shape} and {layer.b.shape}."
    )
    for name in ("weight", "a", "b"):
        dtype = getattr(layer, name).dtype
        assert dtype == np.float32, f"`{name}` is {dtype}; store all three matrices as float32."
    assert np.abs(layer.a).max() > 0, "If A is zero too, neither matrix ever gets a gradient."
    assert 0.1 < layer.a.std() < 0.3, f"A has the standard deviation {layer.a.std():.2f}, not 1 / sqrt(24) = 0.20."


def check_forward(exercise: ModuleType) -> None:
    """The worked example gives (0, -1)."""
    layer = exercise.LoraLinear(np.eye(2), 1, 2.0, np.random.default_rng(0))
    layer.a, layer.b = np.array([[0.5, -1.0]], dtype=np.float32), np.array([[1.0], [2.0]], dtype=np.float32)
    output = layer.forward(np.array([[1.0, 1.0]], dtype=np.float32))
    assert np.allclose(output, [[0, -1]]), (
        f"W the identity, A (0.5, -1), B (1, 2), r = 1, alpha = 2 and x = (1, 1) give (0, -1), "
        f"not {output.tolist()[0]}."
    )
    layer, weight, x = make_layer(exercise, trained=True)
    expected = x @ weight.T + 3 * x @ layer.a.T @ layer.b.T
    gap = np.abs(layer.forward(x) - expected).max()
    assert gap < 1e-3, f"With rank 4 and alpha 12 the output differs by {gap:.2f}: the factor is alpha / r = 3."
    wide = exercise.LoraLinear(np.zeros((1500, 1500), dtype=np.float32), 2, 4, np.random.default_rng(0))
    tracemalloc.start()
    wide.forward(np.ones((1, 1500), dtype=np.float32))
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    assert peak < 5, (
        f"`forward` of one input of 1,500 numbers took {peak:.0f} MB: it must not form the product B A; "
        "multiply x by A and the result by B."
    )


def check_gradients(exercise: ModuleType) -> None:
    """The gradients of A and B equal central differences."""
    layer, _, x = make_layer(exercise, trained=True)
    upstream = np.random.default_rng(2).standard_normal((10, 16))
    layer.weight, layer.a, layer.b, x = (part.astype(float) for part in (layer.weight, layer.a, layer.b, x))
    grads = layer.gradients(x, upstream)
    for name, matrix, grad in (("A", layer.a, grads[0]), ("B", layer.b, grads[1])):
        assert grad.shape == matrix.shape, (
            f"The gradient of {name} must have the shape {matrix.shape}, not {grad.shape}."
        )
        for place in ((0, 0), (3, 2), (1, 3)):
            kept = matrix[place]
            sides = []
            for step in (1e-4, -1e-4):
                matrix[place] = kept + step
                sides.append((layer.forward(x) * upstream).sum())
            matrix[place] = kept
            expected = (sides[0] - sides[1]) / 2e-4
            assert abs(grad[place] - expected) < 1e-3 * max(1, abs(expected)), (
                f"The gradient of {name} at {place} is {grad[place]:.3f}, but central differences give {expected:.3f}; "
                "follow W x + (alpha / r) B A x backwards, with the factor."
            )


def check_counts(exercise: ModuleType) -> None:
    """Rank 8 trains 12,288 parameters of a 768 by 768 layer, 2.08%."""
    layer = exercise.LoraLinear(np.zeros((768, 768), dtype=np.float32), 8, 16, np.random.default_rng(0))
    assert layer.trainable() == 12_288, f"8 x (768 + 768) = 12,288 parameters are trained, not {layer.trainable():,}."
    block = [(4096, 4096)] * 4 + [(11008, 4096)] * 2 + [(4096, 11008)]
    count = exercise.count_lora(block * 32, 16)
    assert count == 39_976_960, (
        f"Rank 16 on all seven linear layers of Llama 2 7B trains 39,976,960 parameters, "
        f"not {count:,}: r x (d + k) each."
    )


def check_memory(exercise: ModuleType) -> None:
    """LoRA on 6.74 billion parameters takes 14.1 GB before activations, not 107.8."""
    memory = exercise.training_memory(6.74e9, 40.0e6) / 1e9
    assert abs(memory - 14.12) < 0.01, f"6.74 billion x 2 and 40 million x 16 bytes are 14.1 GB, not {memory:.1f}."


def check_merge(exercise: ModuleType) -> None:
    """Merged and unmerged outputs agree within 1e-3 in float32."""
    layer, weight, x = make_layer(exercise, trained=True)
    merged = layer.merged()
    assert np.array_equal(layer.weight, weight), "`merged` changed the frozen weight; give a new matrix."
    gap = np.abs(x @ merged.T - layer.forward(x)).max()
    assert gap < 1e-3, f"The merged weight changes the outputs by up to {gap:.3f}; add (alpha / r) B A to W."
    again = np.abs(layer.merged() - merged).max()
    assert again == 0, "A second call of `merged` gave another matrix."


def check_quantise(exercise: ModuleType) -> None:
    """4-bit weights are off by at most half a step of their block."""
    rng = np.random.default_rng(4)
    weight = rng.standard_normal((32, 128)).astype(np.float32)
    weight[0, 0] = 40
    weight[1, 64:] = 0
    with np.errstate(invalid="ignore", divide="ignore"):
        _, zero_scales = exercise.quantise(np.zeros((1, 64), dtype=np.float32), 64)
    assert zero_scales[0] == 1, (
        f"A block of zeros has the scale {zero_scales[0]}; let it be 1, because the codes divide by it."
    )
    codes, scales = exercise.quantise(weight, 64)
    assert codes.shape == (64, 64) and scales.shape == (64,), (
        f"4,096 weights in blocks of 64 make codes (64, 64) and 64 scales, not {codes.shape} and {scales.shape}."
    )
    assert codes.dtype == np.uint8 and codes.max() <= 14, "Codes must be uint8 from 0 to 14."
    back = exercise.dequantise(codes, scales, weight.shape)
    assert np.isfinite(back).all(), "A block of zeros gives NaN: let its scale be 1."
    error = np.abs(back - weight).reshape(-1, 64).max(axis=1)
    bound = np.abs(weight).reshape(-1, 64).max(axis=1) / 14
    worst = int((error - bound).argmax())
    assert (error <= bound + 1e-5).all(), (
        f"In block {worst} a weight is off by {error[worst]:.3f}, more than half a step, {bound[worst]:.3f}: "
        "round to the nearest code, and give each block its own scale so that one outlier spoils only its block."
    )
    bits = exercise.bits_per_weight(64)
    assert bits == 4.5, f"4 bits and a 32-bit scale for 64 weights are 4.5 bits per weight, not {bits}."


def check_merge_then_quantise(exercise: ModuleType) -> None:
    """QLoRA: the adapter stands on the 4-bit weight, which stays as it is while A and B learn."""
    rng = np.random.default_rng(5)
    weight = rng.standard_normal((16, 64)).astype(np.float32)
    frozen = exercise.dequantise(*exercise.quantise(weight, 64), weight.shape)
    layer = exercise.LoraLinear(frozen.copy(), 8, 16, rng)
    x = rng.standard_normal((200, 64)).astype(np.float32)
    losses = exercise.train(layer, x, x @ weight.T)
    assert np.array_equal(layer.weight, frozen), "Training changed the frozen weight; only A and B may move."
    assert losses[-1] < 0.8 * losses[0], (
        f"The adapter should repair part of the rounding error, but the loss went from {losses[0]:.4f} "
        f"to {losses[-1]:.4f}."
    )


def check_train(exercise: ModuleType) -> None:
    """Rank 4 learns a change of rank 4, and the loss before the first step is that of the frozen weight."""
    layer, weight, _ = make_layer(exercise, trained=False, rank=4, alpha=8)
    rng = np.random.default_rng(6)
    change = 0.3 * rng.standard_normal((16, 4)) @ rng.standard_normal((4, 24))
    x = rng.standard_normal((300, 24)).astype(np.float32)
    target = (x @ (weight + change).T).astype(np.float32)
    start_a, own_adam, runs = layer.a.copy(), exercise.Adam, []

    class Recorder(own_adam):
        def __init__(self, *arguments, **named) -> None:
            super().__init__(*arguments, **named)
            self.gradients: list[np.ndarray] = []
            runs.append(self.gradients)

        def step(self, gradient: np.ndarray) -> None:
            self.gradients.append(np.array(gradient))
            super().step(gradient)

    exercise.Adam = Recorder
    try:
        losses = exercise.train(layer, x, target)
    finally:
        exercise.Adam = own_adam
    if runs:  # the learner used the given Adam
        assert len(runs) == 2, (
            f"`train` made {len(runs)} optimisers; make one for A and one for B before the loop, because Adam keeps "
            "its averages from step to step."
        )
        error = x @ weight.T - target
        expected = 2 * (2 * error / error.size).T @ (x @ start_a.T)
        firsts = [grads[0] for grads in runs if grads and grads[0].shape == expected.shape]
        assert firsts, "`train` gave no gradient of B to its optimiser."
        assert np.allclose(firsts[0], expected, rtol=1e-2, atol=1e-4), (
            f"The first gradient of B is {np.abs(firsts[0]).max() / np.abs(expected).max():.3g} times what it should "
            "be: the mean squared error has the gradient 2 × error / number of outputs."
        )
    first = float(((x @ weight.T - target) ** 2).mean())
    assert len(losses) == 400 and abs(losses[0] - first) < 1e-3 * first, (
        f"400 losses are expected, the first {first:.2f} before any step, but you gave {len(losses)} "
        f"from {losses[0]:.2f}."
    )
    assert losses[-1] < 0.01 * losses[0], (
        f"A change of rank 4 fits into an adapter of rank 4, but the loss only fell from "
        f"{losses[0]:.3f} to {losses[-1]:.3f}."
    )


def check_table(exercise: ModuleType) -> None:
    """The table gives the trained share and the test loss for each rank; the highest rank isn't the best."""
    rng = np.random.default_rng(7)
    weight = rng.standard_normal((64, 64)).astype(np.float32)
    change = 0.1 * rng.standard_normal((64, 10)) @ rng.standard_normal((10, 64))
    data = {}
    for name, count in (("train", 100), ("test", 500)):
        x = rng.standard_normal((count, 64)).astype(np.float32)
        data[name] = (x, (x @ (weight + change).T + 0.5 * rng.standard_normal((count, 64))).astype(np.float32))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "results.csv"
        own_layer, alphas = exercise.LoraLinear, {}

        class Recorder(own_layer):
            def __init__(self, weight: np.ndarray, rank: int, alpha: float, rng: np.random.Generator) -> None:
                super().__init__(weight, rank, alpha, rng)
                alphas[rank] = alpha

        exercise.LoraLinear = Recorder
        try:
            exercise.write_table(path, weight, data)
        finally:
            exercise.LoraLinear = own_layer
        with path.open(newline="") as file:
            rows = {row["rank"]: {key: float(value) for key, value in row.items()} for row in csv.DictReader(file)}
    assert list(rows) == ["4", "16", "64"], f"The table must have the ranks 4, 16 and 64, not {list(rows)}."
    for rank, alpha in alphas.items():
        assert alpha == 2 * rank, f"Rank {rank} was trained with alpha {alpha:g}; take alpha = 2 r = {2 * rank}."
    for rank, expected in (("4", 0.125), ("16", 0.5), ("64", 2.0)):
        share = rows[rank]["share"]
        assert abs(share - expected) < 0.001, f"Rank {rank} trains {expected:.1%} of 64 by 64, not {share:.1%}."
    assert rows["4"]["train_loss"] > rows["16"]["train_loss"], "Rank 16 must fit the training data better than rank 4."
    for rank, row in rows.items():
        assert row["test_loss"] > row["train_loss"], (
            f"Rank {rank} has the test loss {row['test_loss']}, below its training loss: measure it on data['test']."
        )
    assert rows["16"]["test_loss"] < rows["4"]["test_loss"], (
        "The change has rank 10, so rank 16 must beat rank 4 in the test."
    )
    assert rows["64"]["test_loss"] > rows["16"]["test_loss"], (
        "On 100 noisy examples rank 64 overfits: its test loss must lie above that of rank 16."
    )
