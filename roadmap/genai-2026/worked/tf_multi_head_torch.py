# needs: torch
"""Heads and masks written out agree with PyTorch's module, and nothing leaks from later tokens."""

import torch

torch.manual_seed(0)
b, n, d, h = 2, 6, 32, 4
mha = torch.nn.MultiheadAttention(d, h, batch_first=True).eval()
pad = torch.tensor([[False] * 6, [False] * 4 + [True] * 2])  # True: filler
causal = torch.ones(n, n).triu(1).bool()  # True: hidden, in this module


def ours(x):
    qkv = x @ mha.in_proj_weight.T + mha.in_proj_bias
    q, k, v = (t.view(b, n, h, d // h).transpose(1, 2) for t in qkv.chunk(3, dim=-1))
    hide = causal[None, None] | pad[:, None, None, :]
    w = (q @ k.transpose(-2, -1) / (d // h) ** 0.5).masked_fill(hide, float("-inf")).softmax(-1)
    return mha.out_proj((w @ v).transpose(1, 2).reshape(b, n, d))


with torch.no_grad():
    x = torch.randn(b, n, d)
    ref, w = mha(x, x, x, attn_mask=causal, key_padding_mask=pad, average_attn_weights=False)
    assert w.shape == (b, h, n, n) and torch.allclose(ours(x), ref, atol=1e-5)
    for t in range(n):
        y = x.clone()
        y[:, t] += 1
        assert torch.allclose(ours(y)[:, :t], ours(x)[:, :t], atol=1e-6)
