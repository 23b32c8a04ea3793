"""Figures of the notes on retrieval: the pipeline, chunks, fused ranks, two indexes and a measure."""

from __future__ import annotations

from itertools import pairwise
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
    RED,
    VIOLET,
    arrow,
    blank,
    box,
    figure,
)
from worked.rag_chunking import spans
from worked.rag_embeddings import info_nce
from worked.rag_evaluation import GOT, IDEAL, shares
from worked.rag_retrieval import factor, rrf
from worked.rag_vector_databases import GRAPH_QUERY, PLANE, PLANE_CENTRES, PLANE_QUERY, home_of, layers, nearest, probed

ONCE = (("chunk", "answer cut in two"), ("embed", "wrong meaning"), ("index", "page out of date"))
ASKED = (
    ("question", "“and how long?”\nlacks its subject"),
    ("rewrite", "subject guessed\nwrongly"),
    ("retrieve + filter", "name missed, secret\npassage let in"),
    ("rerank", "right passage\nranked too low"),
    ("prompt", "too many\npassages"),
    ("answer", "passage ignored,\nfact invented"),
)


@figure("rag-pipeline", size=(4.6, 3.15))
def pipeline(fig: Any) -> None:
    axes = blank(fig, 9.2, 6.3)
    axes.text(0.2, 6.05, "once, before any question", va="center", size=8, color=MUTED)
    axes.text(0.2, 3.95, "for each question", va="center", size=8, color=MUTED)
    axes.text(9, 6.05, "red: what goes wrong here", ha="right", va="center", size=8, color=RED)
    for place, (name, fault) in enumerate(ONCE + ASKED):
        row, column = divmod(place, 3)
        x, y = 0.2 + 3.1 * column, (5.05, 2.95, 0.8)[row]
        fill, edge = (PALE_ORANGE, ORANGE) if row == 0 else (PALE_BLUE, BLUE)
        if name == "answer":
            fill, edge = PALE_GREEN, GREEN
        box(axes, (x, y), (2.6, 0.7), name, fill=fill, edge=edge, size=10)
        axes.text(x + 1.3, y - 0.13, fault, ha="center", va="top", size=8.5, color=RED, linespacing=1.1)
        if column < 2:
            arrow(axes, (x + 2.6, y + 0.35), (x + 3.15, y + 0.35), color=INK)
    arrow(axes, (7.7, 4.55), (7.7, 3.63), color=ORANGE)
    axes.plot((9.0, 9.08, 9.08, 1.5), (3.3, 3.3, 1.8, 1.8), color=INK, linewidth=1.4)
    arrow(axes, (1.5, 1.82), (1.5, 1.46), color=INK)


@figure("chunk-overlap", size=(4.6, 2.2))
def overlap(fig: Any) -> None:
    axes = blank(fig, 9.2, 4.4)
    scale, left, text, answer = 8.8 / 704, 0.2, 704, (240, 280)
    for top, lap in ((3.05, 0), (0.7, 32)):
        title = (
            f"overlap {lap}: the answer stands whole in chunk 2"
            if lap
            else "no overlap: the cut goes through the answer"
        )
        axes.text(left, top + (1.52 if lap else 1.0), title, va="center", size=9)
        for place, (start, end) in enumerate(spans(text, 256, lap)):
            y = top + (0.55 if lap and place % 2 else 0)
            box(axes, (left + start * scale, y), ((end - start) * scale, 0.5), "", fill=PALE_BLUE, edge=BLUE)
            label = f"chunk {place + 1}: {start} to {end}"
            axes.text(left + (start + end) / 2 * scale, y + 0.25, label, ha="center", va="center", size=8)
        a, b = (left + end * scale for end in answer)
        axes.fill_between(
            (a, b), top - 0.12, top + (1.15 if lap else 0.62), color=GREEN if lap else RED, alpha=0.35, linewidth=0
        )
        word = "answer, 40 tokens"
        axes.text((a + b) / 2, top - 0.35, word, ha="center", va="center", size=8, color=GREEN if lap else RED)


@figure("ivf-cells", size=(4.6, 2.85))
def ivf_cells(fig: Any) -> None:
    fig.set_layout_engine("none")
    lines = np.linspace(0, 1, 161)
    grid = np.stack(np.meshgrid(lines, lines), axis=-1).reshape(-1, 2)
    found = nearest(PLANE, PLANE_QUERY)
    for place, probes in enumerate((1, 3)):
        axes = fig.add_axes((0.02 + 0.49 * place, 0.085, 0.47, 0.47 * 4.6 / 2.85))
        axes.set(xlim=(0, 1), ylim=(0, 1), xticks=[], yticks=[])
        axes.spines[:].set_visible(False)
        cells = probed(probes)
        home = home_of(grid)
        for cell in range(len(PLANE_CENTRES)):
            mask = (home == cell).astype(float).reshape(161, 161)
            if cell in cells:
                axes.contourf(lines, lines, mask, levels=[0.5, 2], colors=[PALE_BLUE])
            axes.contour(lines, lines, mask, levels=[0.5], colors=[LINE], linewidths=1)
        read = np.isin(home_of(PLANE), list(cells))
        axes.scatter(*PLANE[~read].T, s=9, color=MUTED, alpha=0.55)
        axes.scatter(*PLANE[read].T, s=9, color=BLUE)
        axes.scatter(*PLANE_CENTRES.T, s=40, marker="+", color=ORANGE, linewidths=1.6)
        axes.scatter(*PLANE_QUERY, s=70, marker="*", color=INK, zorder=4)
        hit = bool(read[found])
        axes.scatter(*PLANE[found], s=90, facecolor="none", edgecolor=GREEN if hit else RED, linewidth=2, zorder=4)
        verdict = "found" if hit else "missed"
        axes.set_title(f"nprobe {probes}: {verdict}", size=10, color=GREEN if hit else RED, pad=3)
        axes.text(0.5, -0.05, f"{read.sum()} of {len(PLANE)} points compared", ha="center", va="top", size=8.5)
    fig.text(0.5, 0.965, "★ query    + centre of a cell    ○ its nearest point", ha="center", va="center", size=8.5)


@figure("hnsw-layers", size=(4.6, 3.4))
def hnsw_layers(fig: Any) -> None:
    axes = blank(fig, 9.2, 6.8)
    names = ("top: few points, long jumps", "middle", "bottom: all points, short steps")
    last = None
    for level, (points, links, path) in enumerate(layers()):
        base = 4.75 - 2.15 * level

        def at(point: Any, base: float = base) -> tuple[float, float]:
            return 0.35 + 6.6 * point[0] + 1.9 * point[1], base + 1.45 * point[1]

        corners = [at(corner) for corner in ((-0.03, -0.05), (1.03, -0.05), (1.03, 1.05), (-0.03, 1.05))]
        axes.fill(*zip(*corners, strict=True), color=PALE_BLUE, alpha=0.5, linewidth=0)
        for a, b in links:
            axes.plot(*zip(at(points[a]), at(points[b]), strict=True), color=LINE, linewidth=1)
        axes.scatter(*zip(*map(at, points), strict=True), s=11, color=BLUE, zorder=3)
        steps = [at(points[step]) for step in path]
        if last is not None:
            axes.plot(*zip(last, steps[0], strict=True), color=ORANGE, linewidth=1.2, linestyle=":")
        for a, b in pairwise(steps):
            arrow(axes, a, b, color=ORANGE, width=2)
        last = steps[-1]
        axes.text(0.15, base + 1.55, names[level], size=8.5, va="center")
        axes.scatter(*at(GRAPH_QUERY), s=70, marker="*", color=INK if level == 2 else MUTED, zorder=4)
    axes.scatter(*last, s=90, facecolor="none", edgecolor=GREEN, linewidth=2, zorder=4)
    axes.text(9.05, 6.55, "★ query", size=8.5, ha="right", va="center")


@figure("ndcg-discount", size=(4.6, 2.7))
def ndcg(fig: Any) -> None:
    panels = fig.subplots(1, 2, sharey=True)
    for axes, grades, title in zip(
        panels, ([3, 0, 2, 1], [3, 2, 1, 0]), (f"as found: DCG {GOT:.3f}", f"ideal: DCG {IDEAL:.3f}"), strict=True
    ):
        ranks, counted = np.arange(1, 5), np.array(shares(grades))
        axes.bar(ranks, grades, width=0.7, facecolor="none", edgecolor=MUTED, linewidth=1, linestyle="--")
        axes.bar(ranks, counted, width=0.7, color=BLUE)
        for rank, grade, share in zip(ranks, grades, counted, strict=True):
            axes.text(
                rank, grade + 0.08, f"{share:.3g}" if share else "0", ha="center", va="bottom", size=9, color=BLUE
            )
        axes.set(title=title, xlabel="rank", xticks=ranks, ylim=(0, 3.6), yticks=range(4))
    panels[0].set_ylabel("grade")
    panels[0].text(2.55, 2.75, "dashed: the grade\nblue: what counts", size=8.5, color=MUTED, va="center", ha="left")
    panels[1].text(4.4, 2.75, f"nDCG = {GOT / IDEAL:.3f}", size=10, ha="right", va="center", color=GREEN)


@figure("rrf-sums", size=(4.6, 2.1))
def fused(fig: Any) -> None:
    axes = fig.subplots()
    ranks = {"B": (2, 2), "A": (1, 5), "C": (None, 1)}
    total = rrf(["A", "B", "X", "Y", "Z"], ["C", "B", "U", "V", "A"])
    for y, (name, (lexical, dense)) in enumerate(reversed(ranks.items())):
        left = 0.0
        for rank, colour, source in ((lexical, ORANGE, "BM25"), (dense, BLUE, "dense")):
            if rank:
                axes.barh(y, 1 / (60 + rank), left=left, color=colour, height=0.62, edgecolor="none")
                word = f"{source} rank {rank}: 1/{60 + rank}"
                axes.text(left + 1 / (60 + rank) / 2, y, word, ha="center", va="center", size=9, color=PALE_BLUE)
                left += 1 / (60 + rank)
        axes.text(left + 0.0004, y, f"{total[name]:.5f}", va="center", size=9, color=GREEN if name == "B" else INK)
    axes.set(yticks=range(3), yticklabels=["C", "A", "B"], xlim=(0, 0.0385), xticks=[])
    axes.set_xlabel("sum of 1 / (60 + rank): second in both lists wins (k = 60)", size=9)
    axes.spines[["bottom", "left"]].set_visible(False)
    axes.tick_params(left=False)


@figure("bm25-saturation", size=(4.6, 2.5))
def saturation(fig: Any) -> None:
    axes = fig.subplots()
    counts = np.arange(0, 21)
    for length, colour, word, place in (
        (1.0, BLUE, "average length", (3.6, 2.0)),
        (2.0, VIOLET, "twice as long", (8.6, 1.55)),
    ):
        values = [factor(int(count), length) if count else 0.0 for count in counts]
        axes.plot(counts, values, color=colour, marker="o", markersize=3)
        axes.text(*place, word, color=colour, size=9)
    axes.axhline(2.2, color=MUTED, linewidth=1, linestyle="--")
    axes.text(20, 2.24, "limit k1 + 1 = 2.2", size=8.5, color=MUTED, ha="right", va="bottom")
    axes.set(xlabel="times the word occurs", ylabel="factor on its weight", ylim=(0, 2.55), xticks=range(0, 21, 5))


@figure("contrastive-temperature", size=(4.6, 2.3))
def contrastive(fig: Any) -> None:
    likeness = [0.8, 0.6, 0.2]
    for axes, temperature in zip(fig.subplots(1, 2, sharey=True), (0.5, 0.05), strict=True):
        shares = np.exp(np.array(likeness) / temperature)
        shares /= shares.sum()
        axes.bar(range(3), shares, color=(GREEN, RED, RED), width=0.62)
        for place, share in enumerate(shares):
            axes.text(place, share + 0.03, f"{share:.2f}", size=9.5, ha="center")
        axes.set_title(f"t = {temperature}: loss {info_nce(likeness, temperature):.3f}", size=10)
        axes.set(ylim=(0, 1.15), yticks=[])
        axes.set_xticks(range(3), labels=("right\n0.8", "wrong\n0.6", "wrong\n0.2"))
        axes.spines["left"].set_visible(False)
        axes.tick_params(bottom=False)
