"""Figures of the notes on neural networks and their training."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from drawing import (
    BLUE,
    GREEN,
    LINE,
    MUTED,
    ORANGE,
    PALE_BLUE,
    PALE_RED,
    PALE_VIOLET,
    PAPER,
    RED,
    VIOLET,
    arrow,
    blank,
    box,
    figure,
)
from matplotlib.patches import Circle, Rectangle
from worked.dl_activations import gelu, relu, sigmoid, silu, slope
from worked.dl_backpropagation import neuron
from worked.dl_initialisation import rms_by_depth
from worked.dl_learning_rate import cosine, linear, step_decay, wsd
from worked.dl_networks import dense, perceptron
from worked.dl_optimisers import CURVES, ONES, adam, momentum, path, sgd, training_bytes


@figure("neuron-backward", size=(4.6, 3.1))
def backward(fig: Any) -> None:
    w, x, b, t = 0.5, 2.0, -0.5, 1.0
    one = neuron(w, x, b, t)
    axes = blank(fig, 10, 6.75)
    forward = {"size": 9, "ha": "center", "va": "center", "color": BLUE}
    back = forward | {"color": RED}
    for at, name, value, gradient in (
        ((0.1, 4.2), "w", w, one["dw"]),
        ((0.1, 2.2), "x", x, None),
        ((4.0, 1.3), "b", b, one["db"]),
    ):
        fill, edge = (PALE_BLUE, BLUE) if gradient is None else (PALE_VIOLET, VIOLET)
        box(axes, at, (0.9, 0.9), name, fill=fill, edge=edge, weight=600)
        axes.text(at[0] + 0.45, at[1] + 1.15 if name != "b" else at[1] - 0.3, f"{value:g}".replace("-", "−"), **forward)
        if gradient is not None:
            axes.text(
                at[0] + (0.45 if name == "w" else 1.6),
                at[1] - (0.3 if name == "w" else -0.45),
                f"{gradient:.3f}".replace("-", "−"),
                **back,
            )
    for x_at, name in ((2.05, "×"), (4.0, "+"), (5.95, "tanh"), (8.6, "loss")):
        fill, edge = (PALE_RED, RED) if name == "loss" else ("none", MUTED)
        box(axes, (x_at, 3.2), (0.9 if len(name) == 1 else 1.25, 0.9), name, fill=fill, edge=edge)
    for start, end in (((1.0, 4.6), (2.05, 3.9)), ((1.0, 2.7), (2.05, 3.4)), ((4.45, 2.2), (4.45, 3.2))):
        arrow(axes, start, end)
    for start_x, end_x, value, gradient in (
        (2.95, 4.0, w * x, one["dz"]),
        (4.9, 5.95, one["z"], one["dz"]),
        (7.2, 8.6, one["y"], one["dy"]),
    ):
        arrow(axes, (start_x, 3.65), (end_x, 3.65))
        axes.text((start_x + end_x) / 2, 4.4, f"{value:.3g}", **forward)
        axes.text((start_x + end_x) / 2, 2.9, f"{gradient:.3f}".replace("-", "−"), **back)
    axes.text(9.2, 4.4, f"{one['loss']:.3f}", **forward)
    axes.text(9.2, 2.85, f"target {t:g}", **(forward | {"color": MUTED}))
    axes.text(5.0, 6.2, "forward: values", **(forward | {"size": 10}))
    arrow(axes, (2.0, 5.7), (8.0, 5.7), color=BLUE)
    axes.text(5.0, 0.2, "backward: slopes of the loss", **(back | {"size": 10}))
    arrow(axes, (8.0, 0.65), (2.0, 0.65), color=RED)


@figure("optimiser-paths", size=(4.6, 4.6))
def paths(fig: Any) -> None:
    rules = (
        ("plain gradient descent", sgd(0.019), RED),
        ("momentum 0.9", momentum(0.01), VIOLET),
        ("Adam", adam(0.1), GREEN),
    )
    across, up = np.meshgrid(np.linspace(-0.45, 1.15, 200), np.linspace(-1.1, 1.1, 200))
    height = (CURVES[0] * across**2 + CURVES[1] * up**2) / 2
    for axes, (name, rule, colour) in zip(fig.subplots(3, 1, sharex=True, sharey=True), rules, strict=True):
        points = path(rule, ONES, CURVES, 40)
        axes.contour(across, up, height, levels=[0.1, 0.5, 2, 8, 20, 40], colors=LINE, linewidths=1)
        axes.plot(*points.T, "o-", color=colour, markersize=3, linewidth=1.2)
        axes.plot(0, 0, "x", color=MUTED, markersize=8)
        left = np.linalg.norm(points[-1])
        axes.set_title(f"{name}: {left:.2f} from the minimum after 40 steps", size=9, loc="left", color=colour)
        axes.set(xticks=(0, 1), yticks=(-1, 0, 1))


@figure("normalisation-axes", size=(4.6, 4.7))
def axes_of_norms(fig: Any) -> None:
    axes = blank(fig, 16, 16.3)
    every = slice(None)
    kinds: tuple[tuple[str, str, tuple[Any, ...], str], ...] = (
        ("batch norm", "one channel,\nall examples", (every, 1, every), ORANGE),
        ("layer norm", "one token,\nall channels", (1, every, 2), BLUE),
        ("group norm", "one example,\nsome channels", (1, slice(2), every), GREEN),
        ("instance norm", "one example,\none channel", (1, 1, every), VIOLET),
    )
    for example in range(3):
        axes.text(6.2 + 3.7 * example, 15.7, f"example {example + 1}", ha="center", va="center", size=9)
    for row, (name, over, shared, colour) in enumerate(kinds):
        together = np.zeros((3, 4, 5), dtype=bool)
        together[shared] = True
        top = 15.1 - 3.5 * row
        axes.text(0.2, top - 0.6, name, va="center", weight=600, color=colour)
        axes.text(0.2, top - 1.7, over, va="center", size=9)
        for n, c, p in np.ndindex(together.shape):
            corner = (4.6 + 3.7 * n + 0.65 * p, top - 0.65 * (c + 1))
            fill = colour if together[n, c, p] else "none"
            axes.add_patch(Rectangle(corner, 0.65, 0.65, facecolor=fill, edgecolor=LINE, linewidth=0.8))
    axes.text(4.6, 1.2, "rows: channels; columns: positions", va="center", size=8, color=MUTED)
    axes.text(4.6, 0.5, "coloured: cells that share one mean", va="center", size=8, color=MUTED)


def tanh(z: float) -> float:
    """Return the hyperbolic tangent as the note writes it."""
    return 2 * sigmoid(2 * z) - 1


@figure("activations", size=(4.6, 3.9))
def activations(fig: Any) -> None:
    grid = fig.subplots(2, 2, sharex=True)
    z = np.linspace(-4, 4, 401)
    groups = (
        ((sigmoid, "sigmoid", RED, (1.6, 0.55), (1.6, 0.22)), (tanh, "tanh", VIOLET, (-3.9, -0.8), (0.8, 0.75))),
        (
            (relu, "ReLU", BLUE, (0.2, 3.2), (-3.6, 0.08)),
            (gelu, "GELU", GREEN, (-3.9, 0.3), (1.8, 1.17)),
            (silu, "SiLU", ORANGE, (-3.6, -0.62), (-1.1, -0.3)),
        ),
    )
    for column, group in enumerate(groups):
        above, below = grid[:, column]
        for function, name, colour, here, there in group:
            above.plot(z, [function(float(v)) for v in z], color=colour)
            below.plot(z, [slope(function, float(v)) for v in z], color=colour)
            above.text(*here, name, size=9, color=colour)
            below.text(*there, name, size=9, color=colour)
        below.set(
            xlabel="z", xticks=(-4, 0, 4), ylim=(-0.35, 1.35), yticks=(0, 0.25, 1), yticklabels=("0", "0.25", "1")
        )
        above.set(ylim=((-1.1, 1.1), (-0.9, 4))[column], yticks=((-1, 0, 1), (0, 2, 4))[column])
        for axes in (above, below):
            axes.axhline(0, color=LINE, linewidth=1, zorder=0)
    grid[0, 0].set_ylabel("value")
    grid[1, 0].set_ylabel("slope")


@figure("learning-rate-schedules", size=(4.6, 3.4))
def schedules(fig: Any) -> None:
    steps = range(0, 1_001, 2)
    kinds = (
        ("warm-up and cosine", VIOLET, cosine),
        ("warm-up and linear", BLUE, linear),
        ("step decay", ORANGE, lambda t: step_decay(t, start=3e-4, every=334)),
        ("warm-up, stable, decay", GREEN, wsd),
    )
    for axes, (name, colour, rate) in zip(fig.subplots(2, 2, sharex=True, sharey=True).flat, kinds, strict=True):
        rates = [rate(t) * 1e4 for t in steps]
        axes.fill_between(steps, rates, color=colour, alpha=0.15, linewidth=0)
        axes.plot(steps, rates, color=colour)
        axes.set_title(name, size=9, color=colour)
        if axes.get_subplotspec().is_first_col():
            axes.set_ylabel("rate × 10⁴")
        axes.set(xticks=(0, 100, 550, 1_000), yticks=(0, 1.5, 3), ylim=(0, 3.3))
        axes.set_xticklabels(("0", "100", "550", "1,000"), size=8)
    fig.supxlabel("step", size=10)


@figure("signal-by-depth", size=(4.6, 2.9))
def signal(fig: Any) -> None:
    axes = fig.subplots()
    width = 256
    for deviation, name, colour, lift in (
        ((2 / width) ** 0.5, "He: √(2/n)", GREEN, 1e1),
        (width**-0.5, "1/√n", ORANGE, 1e-5),
        (0.01, "0.01", RED, 1e3),
    ):
        found = rms_by_depth(deviation)
        axes.plot(found, color=colour)
        axes.text(17, found[17] * lift, name, color=colour, va="bottom")
    axes.set(
        yscale="log",
        xlabel="ReLU layer",
        ylabel="size of the signal (RMS)",
        xticks=(0, 10, 20, 30),
        yticks=(1, 1e-10, 1e-20, 1e-30),
        ylim=(1e-31, 1e5),
    )


@figure("perceptron", size=(4.6, 3.4))
def layers(fig: Any) -> None:
    axes = blank(fig, 10, 7.4)
    columns = (
        (1.2, 3, "input X", "(N, 3)", BLUE),
        (5.0, 4, "hidden H", "(N, 4)", GREEN),
        (8.8, 2, "output Z", "(N, 2)", ORANGE),
    )
    spots = [[(x, 4.2 + 1.1 * ((units - 1) / 2 - unit)) for unit in range(units)] for x, units, *_ in columns]
    for left, right in pairwise(spots):
        for start in left:
            for end in right:
                axes.plot(*zip(start, end, strict=True), color=VIOLET, linewidth=0.8, alpha=0.6, zorder=0)
    for (x, _, name, shape, colour), places in zip(columns, spots, strict=True):
        for place in places:
            axes.add_patch(Circle(place, 0.33, facecolor=PAPER, edgecolor=colour, linewidth=1.8))
        axes.text(x, 6.95, name, ha="center", va="center", color=colour, weight=600)
        axes.text(x, 6.4, shape, ha="center", va="center", size=9)
    for x, name, inputs, outputs in ((3.1, "W1 (3, 4)", 3, 4), (6.9, "W2 (4, 2)", 4, 2)):
        axes.text(x, 1.75, name, ha="center", va="center", color=VIOLET)
        count = f"{inputs} × {outputs} + {outputs} = {dense(inputs, outputs)}"
        axes.text(x, 1.2, count, ha="center", va="center", size=9, color=VIOLET)
    axes.text(5.0, 0.4, f"{perceptron(3, 4, 2)} parameters", ha="center", va="center", weight=600, color=VIOLET)


@figure("adam-memory", size=(4.6, 2.0))
def memory(fig: Any) -> None:
    axes = fig.subplots()
    start = 0
    stored = (
        (2, "weight", BLUE),
        (2, "gra-\ndient", RED),
        (4, "float32\ncopy", MUTED),
        (8, "Adam’s two states", VIOLET),
    )
    for each, name, colour in stored:
        axes.barh(0, each, left=start, height=0.8, color=colour, alpha=0.25, edgecolor=colour)
        axes.text(start + each / 2, 0.12, name, ha="center", va="center", size=9, color=colour)
        axes.text(start + each / 2, -0.27, f"{7 * each} GB", ha="center", va="center", size=9)
        start += each
    total = training_bytes(7e9) / 1e9
    axes.set_title(f"7 billion parameters: {total:.0f} GB before activations", size=10, loc="left")
    axes.set(yticks=(), xticks=(0, 2, 4, 8, 16), xlabel="bytes per parameter", xlim=(0, 16.2))
    axes.spines["left"].set_visible(False)
