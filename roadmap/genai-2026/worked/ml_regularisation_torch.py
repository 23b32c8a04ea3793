# needs: torch
"""Checks with PyTorch what the note on regularisation says of its dropout, weight decay and label smoothing."""

import math

import torch
from torch import nn

torch.manual_seed(0)
drop = nn.Dropout(p=0.2)
x = torch.full((100_000,), 10.0)
drop.train()
y = drop(x)
assert torch.allclose(y.unique(), torch.tensor([0.0, 12.5]))
assert abs(y.mean().item() - 10) < 0.1
drop.eval()
assert torch.equal(drop(x), x)

w = nn.Parameter(torch.tensor([1.0]))
optimiser = torch.optim.SGD([w], lr=0.1, weight_decay=0.01)
for _ in range(1000):
    w.grad = torch.zeros(1)
    optimiser.step()
assert abs(w.item() - 0.37) < 0.005

smooth = nn.CrossEntropyLoss(label_smoothing=0.1)
logits = torch.log(torch.tensor([[0.925, 0.025, 0.025, 0.025]]))
assert math.isclose(smooth(logits, torch.tensor([0])).item(), 0.349, abs_tol=5e-4)
