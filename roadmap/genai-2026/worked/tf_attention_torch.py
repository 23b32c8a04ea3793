# needs: torch
"""Attention written out agrees with PyTorch's own."""

import math

import torch
import torch.nn.functional as F

torch.manual_seed(0)
for n, m, d in [(3, 3, 2), (5, 7, 16), (1, 9, 64)]:
    q, k, v = torch.randn(2, n, d), torch.randn(2, m, d), torch.randn(2, m, d)
    mask = torch.rand(n, m) > 0.3
    mask[:, 0] = True  # every query sees at least one key
    scores = q @ k.transpose(-2, -1) / math.sqrt(d)
    w = scores.masked_fill(~mask, float("-inf")).softmax(dim=-1)
    assert torch.allclose(w.sum(-1), torch.ones(2, n))
    ref = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
    assert torch.allclose(w @ v, ref, atol=1e-5)

blind = F.scaled_dot_product_attention(q, k, v, attn_mask=torch.zeros(1, 9, dtype=torch.bool))
assert torch.equal(blind, torch.zeros_like(blind))  # zeros where every key is hidden
