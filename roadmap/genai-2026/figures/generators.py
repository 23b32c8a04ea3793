"""Figures of the notes on latent diffusion, audio, VAE and GAN."""

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
    PALE_ORANGE,
    PALE_VIOLET,
    RED,
    VIOLET,
    arrow,
    blank,
    box,
    figure,
)
from matplotlib.colors import to_rgb
from matplotlib.patches import Circle, Ellipse, Polygon, Rectangle
from worked.df_audio import RATE, WINDOW, mel_bank, spectrogram
from worked.df_latent import latent, numbers
from worked.gm_choosing import fid
from worked.gm_gan import CLUSTERS


def picture(axes: Any, at: tuple[float, float], side: float, *, is_fake: bool = False) -> None:
    """Draw a hill below a sun in a square; a fake has the sun in the hill, and the hill is torn."""
    x, y = at
    axes.add_patch(Rectangle(at, side, side, facecolor=PALE_BLUE, edgecolor=BLUE, linewidth=1.2))
    hill: tuple[tuple[float, float], ...] = ((0, 0), (0.4, 0.6), (0.62, 0.33), (0.8, 0.48), (1, 0))
    sun = (0.77, 0.77)
    if is_fake:
        hill = ((0, 0.2), (0.15, 0.75), (0.3, 0.25), (0.5, 0.55), (0.55, 0.05), (0.85, 0.8), (1, 0.1))
        sun = (0.35, 0.42)
    axes.add_patch(Polygon([(x + side * a, y + side * b) for a, b in hill], facecolor=GREEN, edgecolor="none"))
    axes.add_patch(Circle((x + sun[0] * side, y + sun[1] * side), 0.1 * side, facecolor=ORANGE, edgecolor="none"))


def dots(axes: Any, at: tuple[float, float], side: float, seed: int) -> None:
    """Draw a small square of cells, darker and lighter at random."""
    shares = np.random.default_rng(seed).integers(1, 9, size=(4, 4)) / 10
    for (i, j), share in np.ndenumerate(shares):
        cell = (at[0] + side / 4 * j, at[1] + side / 4 * i)
        axes.add_patch(Rectangle(cell, side / 4, side / 4, facecolor=(*to_rgb(VIOLET), float(share)), linewidth=0))


def coder(axes: Any, at: tuple[float, float], word: str, *, narrows: bool) -> None:
    """Draw an encoder, which narrows to the right, or a decoder, which widens."""
    x, y = at
    a, b = (0.85, 0.4) if narrows else (0.4, 0.85)
    shape = ((x, y - a), (x, y + a), (x + 1.45, y + b), (x + 1.45, y - b))
    axes.add_patch(Polygon(shape, facecolor=PALE_ORANGE, edgecolor=ORANGE, linewidth=1.2))
    axes.text(x + 0.72, y, word, size=9, ha="center", va="center")


@figure("latent-diffusion", size=(4.6, 3.4))
def latent_diffusion(fig: Any) -> None:
    axes = blank(fig, 9.2, 6.8)
    image, small = (512, 512, 3), latent(512, 512, 4)
    above = "the encoder makes a picture small (here Stable Diffusion 1.5)"
    axes.text(0.2, 6.5, above, size=9, color=MUTED, va="center")
    axes.text(0.2, 3.6, "to generate: all steps in the small space", size=9, color=MUTED, va="center")
    picture(axes, (0.25, 4.35), 1.7)
    arrow(axes, (1.98, 5.2), (2.62, 5.2), color=INK)
    coder(axes, (2.6, 5.2), "encoder", narrows=True)
    arrow(axes, (4.05, 5.2), (4.72, 5.2), color=INK)
    dots(axes, (4.75, 4.85), 0.7, 3)
    fewer = numbers(image) // numbers(small)
    axes.text(5.75, 5.6, f"512 × 512 × 3 = {numbers(image):,}", size=9, va="center")
    axes.text(
        5.75, 5.1, f"{small[0]} × {small[1]} × {small[2]} = {numbers(small):,}", size=9, va="center", color=VIOLET
    )
    axes.text(5.75, 4.6, f"{fewer} times fewer numbers", size=9, va="center", color=VIOLET)
    dots(axes, (0.45, 1.4), 0.7, 8)
    axes.text(0.8, 1.15, "noise", size=9, ha="center", va="top")
    arrow(axes, (1.17, 1.75), (2.02, 1.75), color=INK)
    box(axes, (2.0, 1.2), (2.0, 1.1), "remove a\nlittle noise", fill=PALE_VIOLET, edge=VIOLET, size=9)
    arrow(axes, (3.8, 1.2), (2.2, 1.2), color=VIOLET, bend=-0.55)
    axes.text(3.0, 0.45, "again and again", size=9, color=VIOLET, ha="center", va="center")
    axes.text(3.0, 2.75, "“a hill at noon”", size=9, ha="center", va="center", color=BLUE)
    arrow(axes, (3.0, 2.6), (3.0, 2.27), color=BLUE)
    arrow(axes, (4.0, 1.75), (4.57, 1.75), color=INK)
    dots(axes, (4.6, 1.4), 0.7, 3)
    arrow(axes, (5.33, 1.75), (5.67, 1.75), color=INK)
    coder(axes, (5.65, 1.75), "decoder", narrows=False)
    arrow(axes, (7.1, 1.75), (7.42, 1.75), color=INK)
    picture(axes, (7.4, 0.95), 1.6)


@figure("mel-spectrogram", size=(4.6, 3.4))
def mel_picture(fig: Any) -> None:
    top, below = fig.subplots(2, 1, height_ratios=(1, 1.7))
    time = np.arange(int(0.6 * RATE)) / RATE
    glide = np.sin(2 * np.pi * (250 * time + 1_000 * time**2)) * np.minimum(1, 12 * time)
    shown = time < 0.2
    top.plot(1_000 * time[shown][::2], glide[shown][::2], color=BLUE, linewidth=0.8)
    for start, height in ((20, 1.25), (40, 1.5), (60, 1.75)):
        top.plot((start, start + 1_000 * WINDOW / RATE), (height, height), color=ORANGE, linewidth=3)
    top.text(128, 1.5, "windows of 64 ms", size=9, color=ORANGE, va="center")
    top.set(xlim=(0, 200), ylim=(-1.1, 1.95), yticks=[], xticks=(0, 100, 200), ylabel="sound")
    top.set_xlabel("milliseconds", labelpad=0)
    bank, _ = mel_bank(24)
    loud = np.log(np.maximum(spectrogram(glide, hop=320) ** 2 @ bank.T, 1e-2))
    share = (loud - loud.min()) / (loud.max() - loud.min())
    for (frame, band), value in np.ndenumerate(share[:-2, :16]):
        if value > 0.08:
            shade = (*to_rgb(BLUE), round(float(value), 1))
            below.add_patch(Rectangle((frame, band), 1, 1, facecolor=shade, linewidth=0))
    below.set(xlim=(0, len(share) - 2), ylim=(0, 16), yticks=[], xticks=[])
    below.set(ylabel="mel band (pitch)", xlabel="frame (time)")
    below.text(0.6, 14.6, "a rising whistle: loud cells climb", size=9, va="center")


@figure("vae-code", size=(4.6, 2.7))
def vae(fig: Any) -> None:
    axes = blank(fig, 9.2, 5.4)
    picture(axes, (0.2, 2.1), 1.4)
    arrow(axes, (1.6, 2.8), (1.97, 2.8), color=INK)
    coder(axes, (1.95, 2.8), "encoder", narrows=True)
    arrow(axes, (3.4, 2.8), (3.77, 2.8), color=INK)
    middle = (4.75, 2.8)
    for radius in (1.9, 1.25, 0.65):
        axes.add_patch(Circle(middle, radius * 0.55, facecolor=LINE, edgecolor="none", alpha=0.35))
    cloud = (5.1, 3.05)
    for scale, share in ((1, 0.25), (0.6, 0.4)):
        ellipse = Ellipse(cloud, 1.1 * scale, 0.75 * scale, facecolor=VIOLET, edgecolor="none", alpha=share)
        axes.add_patch(ellipse)
    axes.scatter(*cloud, marker="+", s=40, color=VIOLET)
    axes.scatter(5.3, 2.85, s=26, color=RED, zorder=3)
    arrow(axes, (5.33, 2.84), (6.07, 2.8), color=RED)
    coder(axes, (6.05, 2.8), "decoder", narrows=False)
    arrow(axes, (7.5, 2.8), (7.77, 2.8), color=INK)
    picture(axes, (7.75, 2.1), 1.3)
    word = "cloud of codes: mu and sigma\n(what the encoder says)"
    axes.text(4.9, 4.75, word, size=9, color=VIOLET, ha="center", va="center")
    axes.plot((5.05, 5.1), (4.3, 3.45), color=VIOLET, linewidth=0.9)
    axes.text(5.95, 1.35, "z = mu + sigma × eps,\none draw", size=9, color=RED, va="center")
    axes.plot((5.95, 5.33), (1.6, 2.77), color=RED, linewidth=0.9)
    axes.text(0.3, 1.05, "grey: the prior, N(0, 1);\nKL keeps the cloud near it", size=9, color=MUTED, va="center")
    axes.text(4.6, 0.3, "loss = reconstruction error + KL", size=10, ha="center", va="center")


@figure("gan-game", size=(4.6, 2.8))
def gan(fig: Any) -> None:
    axes = blank(fig, 9.2, 5.6)
    dots(axes, (0.25, 3.75), 0.7, 8)
    axes.text(0.6, 3.5, "noise", size=9, ha="center", va="top")
    arrow(axes, (0.97, 4.1), (1.52, 4.1), color=INK)
    box(axes, (1.5, 3.55), (2.0, 1.1), "generator", fill=PALE_VIOLET, edge=VIOLET, size=10)
    arrow(axes, (3.5, 4.1), (4.02, 4.1), color=INK)
    picture(axes, (4.0, 3.5), 1.2, is_fake=True)
    axes.text(4.6, 4.95, "fake", size=9, ha="center", va="center", color=RED)
    picture(axes, (4.0, 0.75), 1.2)
    axes.text(4.6, 0.45, "real", size=9, ha="center", va="center", color=GREEN)
    box(axes, (6.0, 2.15), (2.9, 1.1), "discriminator:\nreal or fake?", fill=PALE_ORANGE, edge=ORANGE, size=10)
    arrow(axes, (5.2, 4.0), (6.6, 3.22), color=INK)
    arrow(axes, (5.2, 1.4), (6.6, 2.18), color=INK)
    axes.plot((8.6, 8.6, 2.5), (3.25, 5.25, 5.25), color=VIOLET, linewidth=1.6)
    arrow(axes, (2.5, 5.27), (2.5, 4.62), color=VIOLET, width=1.6)
    axes.text(8.45, 4.55, "its verdict on fakes\nteaches the generator", size=9, color=VIOLET, ha="right", va="center")
    axes.text(7.45, 1.1, "mistakes teach the\ndiscriminator", size=9, color=ORANGE, ha="center", va="center")
    axes.text(1.9, 1.6, "a forger and a judge\nlearn in turns", size=9, color=MUTED, ha="center", va="center")
    arrow(axes, (7.45, 1.45), (7.45, 2.13), color=ORANGE, width=1.6)


@figure("mode-collapse", size=(4.6, 2.8))
def collapse(fig: Any) -> None:
    draws = np.random.default_rng(1)
    fig.set_layout_engine("none")
    angles = np.pi / 2 - np.arange(8) * np.pi / 4
    centres = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    real = np.full(8, 125)
    for place, (counts, colour, title) in enumerate(
        ((real, GREEN, "real points"), (CLUSTERS, RED, "a collapsed generator"))
    ):
        axes = fig.add_axes((0.01 + 0.5 * place, 0.01, 0.48, 0.48 * 4.6 / 2.8))
        axes.set(xlim=(-1.62, 1.62), ylim=(-1.62, 1.62), xticks=[], yticks=[])
        axes.spines[:].set_visible(False)
        for centre, count in zip(centres, counts, strict=True):
            spots = centre + 0.09 * draws.standard_normal((-(-count // 5), 2))
            axes.scatter(*spots.T, s=5, color=colour, alpha=0.6, linewidth=0)
            axes.text(
                *(1.4 * centre), str(count), size=9.5, ha="center", va="center", color=INK if count > 19 else MUTED
            )
        fig.text(0.25 + 0.5 * place, 0.94, title, size=10, ha="center", va="center", color=colour)
    fig.text(0.25, 0.42, "1,000 in\n8 clusters", size=9, ha="center", va="center", color=MUTED)
    fig.text(0.75, 0.42, "1,000, but\n3 clusters", size=9, ha="center", va="center", color=MUTED)


@figure("fid-bells", size=(4.6, 2.5))
def bells(fig: Any) -> None:
    axes = fig.subplots()
    line = np.linspace(-5, 9, 281)
    for mean, width, colour, word in ((1, 2, BLUE, "real"), (3, 1, RED, "generated")):
        height = np.exp(-(((line - mean) / width) ** 2) / 2) / width
        axes.plot(line, height, color=colour)
        axes.fill_between(line, height, color=colour, alpha=0.12, linewidth=0)
        axes.plot((mean, mean), (0, 1 / width), color=colour, linewidth=1, linestyle=":")
        axes.text(
            *{"real": (-1.9, 0.33), "generated": (4.3, 0.62)}[word],
            word,
            size=10,
            color=colour,
            ha="right" if word == "real" else "left",
        )
    arrow(axes, (1, 0.08), (3, 0.08), color=INK)
    axes.text(2, 0.13, "2", size=10, ha="center")
    total = fid([1], [4], [3], [1])
    word = f"gap of means: (1 − 3)² = 4\ngap of widths: (2 − 1)² = 1\nFID = {total:.0f}"
    axes.text(5.4, 0.4, word, size=9, va="center")
    axes.set(xticks=(-3, 1, 3, 7), yticks=[], ylim=(0, 1.08), xlim=(-5, 10.4), xlabel="one feature of the pictures")
    axes.spines["left"].set_visible(False)
