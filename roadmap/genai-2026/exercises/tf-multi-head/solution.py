"""Multi-head self-attention with masks, and a leak test."""

from collections.abc import Callable

import torch
from torch import nn


def split_heads(x: torch.Tensor, heads: int) -> torch.Tensor:
    """(batch, n, d) to (batch, heads, n, d / heads)."""
    batch, n, d = x.shape
    return x.reshape(batch, n, heads, d // heads).transpose(1, 2)


def merge_heads(x: torch.Tensor) -> torch.Tensor:
    """(batch, heads, n, d_h) back to (batch, n, heads * d_h)."""
    return x.transpose(1, 2).flatten(2)


def causal_mask(n: int) -> torch.Tensor:
    """Boolean (n, n): query i sees the keys 0 to i."""
    return torch.ones(n, n, dtype=torch.bool).tril()


def padding_mask(lengths: torch.Tensor, n: int) -> torch.Tensor:
    """Boolean (batch, 1, n): the first `lengths[b]` of n tokens are real."""
    return (torch.arange(n) < lengths[:, None])[:, None]


class SelfAttention(nn.Module):
    """Multi-head self-attention with biases."""

    def __init__(self, d: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value, self.output = (nn.Linear(d, d) for _ in range(4))

    def copy_from(self, layer: nn.MultiheadAttention) -> None:
        """Take over all weights; `layer.in_proj_weight` holds those of query, key and value one below the other."""
        weights, biases = layer.in_proj_weight.chunk(3), layer.in_proj_bias.chunk(3)
        with torch.no_grad():
            for own, weight, bias in zip((self.query, self.key, self.value), weights, biases, strict=True):
                own.weight.copy_(weight)
                own.bias.copy_(bias)
            self.output.weight.copy_(layer.out_proj.weight)
            self.output.bias.copy_(layer.out_proj.bias)

    def forward(self, x: torch.Tensor, visible: torch.Tensor) -> torch.Tensor:
        """(batch, n, d) to (batch, n, d); `visible` is boolean, (n, n) or (batch, 1 or n, n)."""
        q, k, v = (split_heads(project(x), self.heads) for project in (self.query, self.key, self.value))
        scores = q @ k.transpose(-2, -1) / q.shape[-1] ** 0.5
        if visible.dim() == 3:
            visible = visible[:, None]
        weights = scores.masked_fill(~visible, float("-inf")).softmax(dim=-1)
        return self.output(merge_heads(weights @ v))


def find_leak(model: Callable[[torch.Tensor], torch.Tensor], x: torch.Tensor) -> tuple[int, int] | None:
    """The first (changed token, earlier position whose output moved), or None. x has the shape (batch, n, d)."""
    with torch.no_grad():
        before = model(x)
        for t in range(x.shape[1]):
            changed = x.clone()
            changed[:, t] += 1
            moved = (model(changed) - before)[:, :t].abs().amax(dim=(0, 2)) > 1e-5
            if moved.any():
                return t, int(moved.nonzero()[0])
    return None
