"""Build multi-head self-attention with causal and padding masks, and a test for leaks from later positions.

You copy the weights of a `torch.nn.MultiheadAttention` into your own module and compare the outputs.
In all masks here True means visible. `torch.nn.MultiheadAttention` means the opposite.
It takes about two hours.

Check it: python check.py tf-multi-head
"""

from collections.abc import Callable

import torch
from torch import nn


def split_heads(x: torch.Tensor, heads: int) -> torch.Tensor:
    """(batch, n, d) to (batch, heads, n, d / heads)."""
    raise NotImplementedError("reshape, then transpose")


def merge_heads(x: torch.Tensor) -> torch.Tensor:
    """(batch, heads, n, d_h) back to (batch, n, heads * d_h)."""
    raise NotImplementedError("transpose, then reshape")


def causal_mask(n: int) -> torch.Tensor:
    """Boolean (n, n): query i sees the keys 0 to i."""
    raise NotImplementedError("the lower triangle with its diagonal")


def padding_mask(lengths: torch.Tensor, n: int) -> torch.Tensor:
    """Boolean (batch, 1, n): the first `lengths[b]` of n tokens are real."""
    raise NotImplementedError("compare positions with lengths")


class SelfAttention(nn.Module):
    """Multi-head self-attention with biases."""

    def __init__(self, d: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value, self.output = (nn.Linear(d, d) for _ in range(4))

    def copy_from(self, layer: nn.MultiheadAttention) -> None:
        """Take over all weights; `layer.in_proj_weight` holds those of query, key and value one below the other."""
        raise NotImplementedError("three parts of in_proj_weight and in_proj_bias, and out_proj")

    def forward(self, x: torch.Tensor, visible: torch.Tensor) -> torch.Tensor:
        """(batch, n, d) to (batch, n, d); `visible` is boolean, (n, n) or (batch, 1 or n, n)."""
        raise NotImplementedError("project, split, attend with the mask, merge, project")


def find_leak(model: Callable[[torch.Tensor], torch.Tensor], x: torch.Tensor) -> tuple[int, int] | None:
    """The first (changed token, earlier position whose output moved), or None. x has the shape (batch, n, d).

    For each t, change token t of a copy of x and compare all outputs before t with a tolerance of 1e-5.
    """
    raise NotImplementedError("change one token at a time, never x itself")
