"""Figures of the notes on adapting models: LoRA, quantisation, preferences and reasoning."""

from __future__ import annotations

from typing import Any

import numpy as np
from drawing import (
    BLUE,
    GREEN,
    INK,
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
from worked.ft_fine_tuning import ids, labels, words
from worked.ft_lora import lora_size
from worked.ft_preference_tuning import sigmoid
from worked.ft_quantisation import TRAINING_GB, absmax
from worked.ft_reasoning import GROUP, advantages, majority


def matrix(axes: Any, at: tuple[float, float], extent: tuple[float, float], fill: str, edge: str, name: str) -> None:
    axes.add_patch(Rectangle(at, *extent, facecolor=fill, edgecolor=edge, linewidth=1.4))
    axes.text(at[0] + extent[0] / 2, at[1] + extent[1] / 2, name, ha="center", va="center", size=11, color=edge)


@figure("lora-detour", size=(4.6, 2.9))
def detour(fig: Any) -> None:
    axes = blank(fig, 9.2, 5.8)
    axes.text(0.75, 1.0, "input x", ha="center", va="center", size=9.5)
    axes.add_patch(Rectangle((0.6, 1.4), 0.3, 2.6, facecolor=PALE_BLUE, edgecolor=BLUE, linewidth=1.4))
    matrix(axes, (2.4, 2.75), (2.6, 2.6), PALE_ORANGE, ORANGE, "W")
    axes.text(5.2, 5.1, f"frozen: 768 × 768\n= {768 * 768:,} numbers", va="top", size=9, color=ORANGE)
    matrix(axes, (2.4, 1.0), (2.6, 0.32), PALE_VIOLET, VIOLET, "")
    axes.text(3.7, 0.72, "A, 8 × 768: squeezes", ha="center", va="top", size=9, color=VIOLET)
    matrix(axes, (5.75, 0.2), (0.32, 2.0), PALE_VIOLET, VIOLET, "")
    axes.text(6.25, 0.75, "B, 768 × 8: expands", va="center", size=9, color=VIOLET)
    axes.text(6.25, 0.25, f"A + B trained: {lora_size(768, 768, 8):,}", size=9, va="center", color=VIOLET)
    arrow(axes, (1.0, 3.4), (2.35, 4.05), color=INK)
    arrow(axes, (1.0, 2.0), (2.35, 1.25), color=INK)
    arrow(axes, (5.05, 1.16), (5.7, 1.16), color=INK)
    axes.text(8.1, 3.0, "+", ha="center", va="center", size=15)
    axes.add_patch(Rectangle((8.65, 1.7), 0.3, 2.6, facecolor=PALE_GREEN, edgecolor=GREEN, linewidth=1.4))
    axes.text(9.05, 4.6, "output h", ha="right", va="center", size=9.5)
    arrow(axes, (5.05, 3.6), (7.85, 3.1), color=INK)
    arrow(axes, (6.12, 1.3), (7.95, 2.72), color=INK)
    arrow(axes, (8.3, 3.0), (8.62, 3.0), color=INK)
    axes.text(7.25, 1.75, "× alpha / r", ha="left", va="center", size=9)


@figure("training-memory", size=(4.6, 2.2))
def memory(fig: Any) -> None:
    axes = fig.subplots()
    for y, (frozen, trained) in enumerate(reversed(TRAINING_GB.values())):
        axes.barh(y, frozen, color=ORANGE, height=0.6)
        axes.barh(y, trained, left=frozen, color=VIOLET, height=0.6)
        word = f"{frozen + trained:.3g} GB"
        axes.text(frozen + trained + 1.5, y, word, va="center", size=9.5)
        if frozen:
            axes.text(frozen + trained + 23, y, f"= {frozen:.3g} frozen", va="center", size=9.5, color=ORANGE)
            axes.text(frozen + trained + 57, y, f"+ {trained:.2f} trained", va="center", size=9.5, color=VIOLET)
    axes.text(56, 2, "all trained: weights, gradients, Adam", color=PALE_VIOLET, size=9.5, va="center", ha="center")
    axes.set(yticks=range(3), yticklabels=reversed(TRAINING_GB), xlim=(0, 133), xticks=[])
    axes.spines[["bottom", "left"]].set_visible(False)
    axes.tick_params(left=False)


def minus(number: str) -> str:
    return number.replace("-", "−")


@figure("quantisation-outlier", size=(4.6, 3.4))
def outlier(fig: Any) -> None:
    axes = blank(fig, 9.2, 6.8)
    scale, zero = 1.35, 4.6
    rows = (
        ("one block: the outlier 3.0 makes the steps wide", (0.5, -1.2, 3.0, 0.1), 5.25),
        ("two blocks: fine steps in the first …", (0.5, -1.2), 3.0),
        ("… the outlier spoils only its own", (3.0, 0.1), 0.75),
    )
    axes.text(0.2, 5.8, "weights", size=9, color=BLUE, va="center")
    axes.text(0.2, 4.83, "restored", size=9, color=BLUE, va="center")
    for title, numbers, y in rows:
        codes, step = absmax(np.array(numbers), 7)
        axes.text(0.2, y + 1.15, title, size=9.5, va="center")
        axes.text(9.0, y + 1.15, f"step {step[0]:.3f}", size=9.5, va="center", ha="right", color=ORANGE)
        edge = 7 * step[0] * scale
        axes.plot((zero - edge, zero + edge), (y, y), color=ORANGE, linewidth=1)
        for level in range(-7, 8):
            x = zero + level * step[0] * scale
            axes.plot((x, x), (y - 0.14, y + 0.14), color=ORANGE, linewidth=1.2)
        for number, code in zip(numbers, codes, strict=True):
            back = float(code * step[0])
            lost = abs(number - back) > 0.5 * abs(number)
            colour = RED if lost else BLUE
            x = zero + number * scale
            arrow(axes, (x, y + 0.42), (zero + back * scale, y + 0.05), color=colour)
            axes.scatter(x, y + 0.45, s=22, color=colour, zorder=3)
            axes.text(
                x + (-0.16 if number == 0.1 else 0.16),
                y + 0.62,
                minus(f"{number:g}"),
                size=9,
                color=colour,
                ha="right" if number == 0.1 else "left",
                va="center",
            )
            axes.text(
                zero + back * scale, y - 0.42, minus(f"{back:.3g}"), size=9, color=colour, ha="center", va="center"
            )


SEEK = "reinforcement learning:\nseek high marks, pay\n(KL penalty) for leaving\nthe SFT model"


@figure("rlhf-stages", size=(4.6, 3.2))
def stages(fig: Any) -> None:
    axes = blank(fig, 9.2, 6.4)
    rows = (
        (4.95, "prompts with\ngood answers", "supervised fine-tuning:\nimitate the answers", "SFT model"),
        (2.85, "people rank\nB > A > C", "train a reward model:\nguess their choice", "reward\nmodel"),
        (
            0.2,
            "new prompts,\nSFT model",
            SEEK,
            "policy",
        ),
    )
    for place, (y, given, work, made) in enumerate(rows, 1):
        tall = 1.75 if place == 3 else 1.15
        axes.text(0.3, y + tall / 2, str(place), size=13, ha="center", va="center", color=MUTED)
        box(axes, (0.65, y), (2.15, tall), given, fill=PALE_BLUE, edge=BLUE, size=8.5)
        box(axes, (3.35, y), (3.3, tall), work, fill="none", edge=MUTED, size=8.5)
        box(axes, (7.2, y), (1.8, tall), made, fill=PALE_VIOLET, edge=VIOLET, size=9)
        arrow(axes, (2.8, y + tall / 2), (3.38, y + tall / 2), color=INK)
        arrow(axes, (6.65, y + tall / 2), (7.23, y + tall / 2), color=INK)
    axes.plot((8.1, 8.1, 1.7), (4.95, 4.45, 4.45), color=VIOLET, linewidth=1.4)
    arrow(axes, (1.7, 4.47), (1.7, 3.97), color=VIOLET)
    axes.text(5, 4.53, "writes the answers that are ranked", size=8.5, color=VIOLET, ha="center", va="bottom")
    axes.plot((8.1, 8.1, 5), (2.85, 2.38, 2.38), color=VIOLET, linewidth=1.4)
    arrow(axes, (5, 2.4), (5, 1.92), color=VIOLET)
    axes.text(6.55, 2.32, "gives the marks", size=8.5, color=VIOLET, ha="center", va="top")


@figure("grpo-group", size=(4.6, 2.9))
def group(fig: Any) -> None:
    panels = fig.subplots(1, 3, sharey=True, width_ratios=(3.2, 1, 1))
    for axes, rewards, title in zip(
        panels, (GROUP, [1.0] * 8, [0.0] * 8), ("two of eight right", "all right", "all wrong"), strict=True
    ):
        mean = float(np.mean(rewards))
        axes.axhline(mean, color=MUTED, linewidth=1.2, linestyle="--")
        for place, (reward, advantage) in enumerate(zip(rewards, advantages(rewards), strict=True)):
            colour = MUTED if advantage == 0 else GREEN if advantage > 0 else RED
            if advantage:
                arrow(axes, (place, mean), (place, reward), color=colour, width=2)
            axes.scatter(place, reward, s=20, color=colour, zorder=3)
            if advantage > 0:
                axes.text(place, reward + 0.08, f"+{advantage:.2f}", ha="center", size=9, color=colour)
        axes.set(xlim=(-0.7, 7.7), ylim=(-0.32, 1.3), xticks=[], yticks=(0, 1))
        axes.set_title(title, size=9.5)
        axes.spines[["bottom"] if rewards is GROUP else ["bottom", "left"]].set_visible(False)
        axes.tick_params(left=rewards is GROUP)
    panels[0].text(4.5, -0.13, "each wrong answer: −0.58", ha="center", va="center", size=9, color=RED)
    panels[0].text(7.6, 0.29, "mean 0.25", ha="right", size=9, color=MUTED, va="bottom")
    panels[0].set_ylabel("reward")
    panels[0].set_xlabel("eight answers to one prompt", size=9)
    for axes, height in zip(panels[1:], (0.8, 0.2), strict=True):
        axes.text(3.5, height, "advantage 0:\nno signal", ha="center", va="center", size=8, color=MUTED)


@figure("bradley-terry", size=(4.6, 2.4))
def bradley_terry(fig: Any) -> None:
    axes = fig.subplots()
    gaps = np.linspace(-4, 4, 121)
    axes.plot(gaps, [sigmoid(gap) for gap in gaps], color=BLUE)
    axes.plot((0.8, 0.8, -4), (0, sigmoid(0.8), sigmoid(0.8)), color=GREEN, linewidth=1, linestyle="--")
    axes.scatter(0.8, sigmoid(0.8), color=GREEN, s=30, zorder=3)
    axes.text(
        0.95, 0.6, f"marks 1.2 and 0.4:\n{sigmoid(0.8):.0%} that the first wins", size=9, color=GREEN, va="center"
    )
    axes.set(xlabel="difference of the two rewards", ylabel="P(first wins)", yticks=(0, 0.5, 1), xlim=(-4, 4))
    axes.grid(axis="y", color=LINE, linewidth=0.6)


@figure("majority-vote", size=(4.6, 2.4))
def votes(fig: Any) -> None:
    axes = fig.subplots()
    counts = list(range(1, 26, 2))
    for chance, colour in ((0.6, GREEN), (0.4, RED)):
        values = [majority(chance, count) for count in counts]
        axes.plot(counts, values, color=colour, marker="o", markersize=3)
        word = f"one answer right {chance:.0%} of the time"
        axes.text(8, values[4] + (-0.1 if chance > 0.5 else 0.06), word, size=9, color=colour)
        axes.text(25.4, values[-1], f"{values[-1]:.2f}", size=9.5, color=colour, va="center")
    axes.set(xlabel="answers that vote", ylabel="P(majority right)", ylim=(0, 1), xlim=(0, 27.6), xticks=(1, 5, 15, 25))


@figure("loss-mask", size=(4.6, 2.3))
def mask(fig: Any) -> None:
    axes = blank(fig, 9.2, 4.6)
    x, y, turns = 0.2, 2.75, 0
    for token, label in zip(ids, labels, strict=True):
        word, learned = words[token].strip("<>"), label != -100
        turns += word == "user"
        if turns == 2 and y > 1:
            x, y = 0.2, 0.9
        wide = max(0.74, 0.3 + 0.13 * len(word))
        fill, edge = (PALE_GREEN, GREEN) if learned else ("none", LINE)
        box(axes, (x, y), (wide, 0.75), word, fill=fill, edge=edge, size=8.5)
        tone, mark = (GREEN, "✓") if learned else (MUTED, "−100")
        axes.text(x + wide / 2, y - 0.25, mark, size=8.5, ha="center", va="center", color=tone)
        x += wide + 0.07
    axes.text(0.2, 4.15, "only what the assistant writes counts in the loss", size=9.5, va="center")
    axes.text(0.2, 0.25, "−100: the loss ignores this label   ✓: learned", size=8.5, va="center", color=MUTED)


@figure("prompt-parts", size=(4.6, 3.2))
def prompt_parts(fig: Any) -> None:
    axes = blank(fig, 10, 6.95)
    parts = (
        ("task", "Classify the message from a customer\nof a bicycle shop.", 1.15, PALE_BLUE, BLUE),
        (
            "constraints",
            'Labels: order, repair, other. If two fit, take\nthe first. If it is empty, answer "other".',
            1.15,
            PALE_ORANGE,
            ORANGE,
        ),
        ("example", '"I would like two tyres." → order', 0.8, PALE_VIOLET, VIOLET),
        (
            "input",
            "<message>The chain came off again.\nAlso, where is my helmet?</message>",
            1.15,
            PAPER,
            MUTED,
        ),
        ("format", "Answer with the label only.", 0.8, PALE_GREEN, GREEN),
    )
    top = 6.8
    for name, text, height, fill, edge in parts:
        top -= height
        box(axes, (2.35, top), (7.5, height), text, fill=fill, edge=edge, size=9)
        axes.text(2.1, top + height / 2, name, size=9.5, color=edge, ha="right", va="center")
        top -= 0.2
    axes.text(6.1, top - 0.25, "the model's answer: repair", size=9.5, color=MUTED, ha="center", va="center")
