# needs: torch
"""PyTorch's Adam follows the update of the note."""

import math

import torch

w = torch.tensor([1.0, 1.0], dtype=torch.float64, requires_grad=True)
opt = torch.optim.Adam([w], lr=0.01)
ours, m, v = [1.0, 1.0], [0.0, 0.0], [0.0, 0.0]
for t in range(1, 101):
    opt.zero_grad()
    (w[0] ** 2 + 50 * w[1] ** 2).backward()
    opt.step()
    for i, a in enumerate((2.0, 100.0)):
        g = a * ours[i]
        m[i] = 0.9 * m[i] + 0.1 * g
        v[i] = 0.999 * v[i] + 0.001 * g * g
        ours[i] -= 0.01 * (m[i] / (1 - 0.9**t)) / (math.sqrt(v[i] / (1 - 0.999**t)) + 1e-8)
assert all(abs(a - b) < 1e-6 for a, b in zip(w.tolist(), ours, strict=True))

for cls, expected in ((torch.optim.Adam, 0.90), (torch.optim.AdamW, 0.89)):
    p = torch.tensor(1.0, dtype=torch.float64, requires_grad=True)
    p.grad = torch.tensor(10.0, dtype=torch.float64)
    cls([p], lr=0.1, weight_decay=0.1).step()
    assert abs(p.item() - expected) < 1e-6
