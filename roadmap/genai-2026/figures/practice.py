"""Figures of the notes on PyTorch, debugging and the Hugging Face libraries."""

from __future__ import annotations

from typing import Any

from drawing import (
    BLUE,
    GREEN,
    LINE,
    MUTED,
    ORANGE,
    PALE_BLUE,
    PALE_GREEN,
    PALE_ORANGE,
    PALE_VIOLET,
    PAPER,
    RED,
    VIOLET,
    arrow,
    blank,
    box,
    figure,
)
from matplotlib.patches import Rectangle
from worked.fw_debugging import rising_rate
from worked.fw_keras import small_network
from worked.fw_pytorch import fit
from worked.hf_datasets import lengths as rows
from worked.hf_diffusers import SDXL, weights_gb
from worked.hf_transformers import lengths, slots


@figure("learning-rate-test", size=(4.6, 2.9))
def rate_test(fig: Any) -> None:
    axes = fig.subplots()
    rates, losses = rising_rate()
    axes.plot(rates, losses, color=RED)
    up = rates[losses > 1][0]
    chosen = up / 10
    axes.plot(chosen, losses[rates >= chosen][0], "o", color=VIOLET, markersize=8)
    axes.annotate(
        "choose about here:\na tenth of that rate",
        (chosen, losses[rates >= chosen][0]),
        (-12, -14),
        textcoords="offset points",
        ha="right",
        va="center",
        size=9,
        color=VIOLET,
    )
    axes.axvline(up, color=LINE, zorder=0)
    axes.text(up * 1.15, 0.45, f"blows up\nat {up:.2g}", size=9, color=RED)
    axes.text(1.2e-5, 1.06, "flat: steps too small", size=9, color=MUTED, ha="center")
    axes.text(1.6e-3, 0.93, "falls", size=9, color=MUTED)
    axes.set(
        xscale="log",
        xlabel="learning rate, raised at each step",
        ylabel="loss",
        ylim=(0.2, 1.5),
        xlim=(1e-6, 1),
        yticks=(0.5, 1, 1.5),
    )


@figure("forgotten-zero-grad", size=(4.6, 2.7))
def piling_up(fig: Any) -> None:
    axes = fig.subplots()
    steps = range(21)
    for name, clear, colour, place in (
        ("without: swings on and on", False, RED, (4.2, 4.45)),
        ("with: settles at 2", True, GREEN, (6.3, 2.2)),
    ):
        axes.plot(steps, [0.0, *fit(20, clear)], "o-", color=colour, markersize=4)
        axes.text(*place, name, size=9, color=colour)
    axes.axhline(2, color=LINE, zorder=0)
    axes.set(
        xlabel="step",
        ylabel="weight w",
        title="with and without zero_grad",
        xticks=(0, 5, 10, 15, 20),
        yticks=(0, 2, 4),
        ylim=(-0.2, 4.8),
    )


@figure("padded-batches", size=(4.6, 3.1))
def padding(fig: Any) -> None:
    both = fig.subplots(2, 1, sharex=True)
    for axes, order, name in zip(both, (lengths, sorted(lengths)), ("as they come", "sorted by length"), strict=True):
        places = (3.2, 2.4, 1.0, 0.2)
        for place, length in enumerate(order):
            longest = max(order[place // 2 * 2 : place // 2 * 2 + 2])
            axes.barh(places[place], longest, height=0.7, color="none", edgecolor=LINE, hatch="////", linewidth=1)
            axes.barh(places[place], length, height=0.7, color=PALE_GREEN, edgecolor=GREEN, linewidth=1.2)
            axes.text(length / 2, places[place], str(length), ha="center", va="center", size=8)
        total = sum(slots(order))
        axes.set_title(f"{name}: {total} slots, {sum(lengths) / total:.0%} useful", size=10, loc="left")
        axes.set(yticks=(2.8, 0.6), yticklabels=("batch 1", "batch 2"), xticks=(0, 25, 50), ylim=(-0.3, 3.7))
        axes.tick_params(axis="y", length=0)
    both[1].set_xlabel("tokens; hatched: padding")


@figure("safetensors-file", size=(4.6, 2.7))
def safetensors(fig: Any) -> None:
    axes = blank(fig, 10, 5.85)
    parts = (
        (0.2, 1.6, "length", PALE_ORANGE, ORANGE, "8 bytes"),
        (1.8, 3.4, "JSON header", PALE_BLUE, BLUE, "names, types,\nshapes, offsets"),
        (5.2, 2.9, "(2, 3) F32", PALE_VIOLET, VIOLET, "24 bytes"),
        (8.1, 1.7, "(4,) F16", PALE_GREEN, GREEN, "8 bytes"),
    )
    for x, width, name, fill, edge, size in parts:
        axes.add_patch(Rectangle((x, 2.6), width, 1.1, facecolor=fill, edgecolor=edge, linewidth=1.2))
        axes.text(x + width / 2, 3.15, name, ha="center", va="center", size=9)
        axes.text(x + width / 2, 2.2, size, ha="center", va="top", size=9, color=edge)
    for x, offset in ((5.2, 0), (8.1, 24), (9.8, 32)):
        axes.plot([x, x], [3.7, 4.0], color=MUTED, linewidth=1.2)
        axes.text(x, 4.2, str(offset), ha="center", va="center", size=9)
    axes.text(7.5, 4.75, "offsets in the data", ha="center", va="center", size=9, color=MUTED)
    arrow(axes, (3.5, 3.75), (5.1, 4.15), color=BLUE, bend=-0.35)
    axes.text(2.6, 5.3, "read first: a table of contents", ha="center", va="center", size=9, color=BLUE)
    axes.plot([0.2, 0.2, 5.1, 5.1], [4.75, 4.95, 4.95, 4.75], color=BLUE, linewidth=1.2)
    axes.plot([5.3, 5.3, 9.8, 9.8], [1.1, 0.9, 0.9, 1.1], color=MUTED, linewidth=1.2)
    axes.text(7.5, 0.5, "weights: read only when needed", ha="center", va="center", size=9, color=MUTED)


@figure("collator-padding", size=(4.6, 2.4))
def collator(fig: Any) -> None:
    axes = fig.subplots()
    real, longest, short = sum(rows), max(rows), sorted(rows)
    kinds = (
        ("all to 512", 4 * 512),
        ("to the longest\nof the batch", 4 * longest),
        ("in pairs of\nlike length", 2 * short[1] + 2 * longest),
    )
    for place, (_, positions) in enumerate(kinds):
        look = {"height": 0.7, "color": "none", "edgecolor": MUTED, "hatch": "////", "linewidth": 0.8}
        axes.barh(2 - place, positions, **look, label="padding" if place == 0 else None)
        axes.barh(2 - place, real, height=0.7, color=GREEN, label="text" if place == 0 else None)
        share = f"{positions:,}: {real / positions:.0%} useful"
        axes.text(positions + 30 if positions < 1_500 else 1_980, 2 - place, share, **_label(positions))
    each = ", ".join(map(str, rows[:-1]))
    axes.set_xlabel(f"positions computed for texts of {each} and {rows[-1]} tokens", size=9)
    axes.set_xticks(range(0, 2_001, 500))
    axes.legend(loc="lower right", fontsize=9, reverse=True)
    axes.set_xticklabels(("0", "500", "1,000", "1,500", "2,000"))
    axes.set_yticks((2, 1, 0), [name for name, _ in kinds], size=9)
    axes.tick_params(axis="y", length=0)


def _label(positions: int) -> dict[str, Any]:
    """Return how the text beside a bar stands: inside, on paper, where the bar fills the picture."""
    inside = positions >= 1_500
    paper = {"facecolor": PAPER, "edgecolor": "none", "pad": 2} if inside else None
    return {"ha": "right" if inside else "left", "va": "center", "size": 9, "bbox": paper}


@figure("convolution-shapes", size=(4.6, 2.7))
def shapes(fig: Any) -> None:
    axes = blank(fig, 16, 9.4)
    sides, counts = small_network()
    kinds = (
        (1.9, 1, BLUE, "picture"),
        (5.2, 16, VIOLET, f"convolution\n{counts[0]}"),
        (8.0, 16, MUTED, "pooling\n0"),
        (10.5, 32, VIOLET, f"convolution\n{counts[1]:,}"),
        (12.8, 32, MUTED, "pooling\n0"),
    )
    stages = [
        (x, side, f"{side} × {side} × {channels}", colour, what)
        for side, (x, channels, colour, what) in zip(sides, kinds, strict=True)
    ]
    stages.append((15.0, 1, "10", ORANGE, f"dense\n{counts[2]:,}"))
    for place, (x, side, shape, colour, what) in enumerate(stages):
        size = 0.115 * side
        height = size if side > 1 else 2.4
        axes.add_patch(
            Rectangle((x - size / 2, 5.6 - height / 2), size, height, facecolor="none", edgecolor=colour, linewidth=1.8)
        )
        axes.text(x, 8.6 - 0.7 * (place % 2), shape, ha="center", va="center", size=8)
        axes.text(x, 3.0 - 1.5 * (place % 2), what, ha="center", va="center", size=8, color=colour)
    axes.text(0.3, 0.4, f"below: parameters, {sum(counts):,} in all", va="center", size=8, color=MUTED)


@figure("diffusers-parts", size=(4.6, 3.5))
def parts(fig: Any) -> None:
    axes = blank(fig, 10, 7.6)
    box(axes, (0.2, 6.5), (3.6, 0.8), "prompt", fill=PALE_BLUE, edge=BLUE)
    box(axes, (0.2, 4.7), (3.6, 1.0), "tokeniser and\ntext encoder", fill=PALE_BLUE, edge=BLUE, size=9)
    box(axes, (5.6, 6.5), (4.2, 0.8), "noise from a seed", fill="none", edge=MUTED)
    box(axes, (5.6, 4.7), (4.2, 1.0), "denoiser: U-Net\nor Transformer", fill=PALE_VIOLET, edge=VIOLET, size=9)
    box(axes, (5.6, 2.7), (4.2, 1.0), "scheduler takes\none step", fill=PALE_ORANGE, edge=ORANGE, size=9)
    box(axes, (5.6, 0.5), (4.2, 1.0), "autoencoder\ndecodes", fill=PALE_GREEN, edge=GREEN, size=9)
    box(axes, (0.2, 0.6), (3.6, 0.8), "picture", fill=PALE_GREEN, edge=GREEN)
    for start, end in (
        ((2, 6.5), (2, 5.7)),
        ((3.8, 5.2), (5.6, 5.2)),
        ((7.7, 6.5), (7.7, 5.7)),
        ((7.2, 4.7), (7.2, 3.7)),
    ):
        arrow(axes, start, end)
    arrow(axes, (8.6, 3.7), (8.6, 4.7), color=ORANGE, width=2)
    axes.text(5.3, 4.2, "again for each time step", ha="right", va="center", size=9, color=ORANGE)
    arrow(axes, (7.7, 2.7), (7.7, 1.5))
    arrow(axes, (5.6, 1.0), (3.8, 1.0))


@figure("sdxl-memory", size=(4.6, 2.0))
def weights(fig: Any) -> None:
    axes = fig.subplots()
    total, largest = sum(SDXL.values()), max(SDXL.values())
    kinds = (
        ("float32", weights_gb(total, 4), RED),
        ("float16", weights_gb(total, 2), ORANGE),
        ("float16,\nmodel offloading", weights_gb(largest, 2), GREEN),
    )
    for place, (_, gigabytes, colour) in enumerate(kinds):
        axes.barh(2 - place, gigabytes, height=0.65, color=colour)
        axes.text(gigabytes + 0.2, 2 - place, f"{gigabytes:.1f} GB", va="center", size=9, color=colour)
    axes.set_yticks((2, 1, 0), [name for name, _, _ in kinds], size=9)
    axes.tick_params(axis="y", length=0)
    axes.set(xlabel="weights on the card at once", xlim=(0, 16.5), xticks=(0, 5, 10, 15))
