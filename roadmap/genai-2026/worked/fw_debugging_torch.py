# needs: torch
"""What the one-batch test, modes and messages of PyTorch show."""

import math

import torch
from torch import nn
from torch.nn.functional import cross_entropy

torch.manual_seed(0)
x, y = torch.randn(8, 20), torch.arange(8)


def train(
    double_softmax: bool = False, zero_grad: bool = True, steps: int = 200, lr: float = 0.01
) -> tuple[list[float], list[float]]:
    """Return losses and gradient norms of a network that learns eight examples."""
    torch.manual_seed(1)
    model = nn.Sequential(nn.Linear(20, 64), nn.ReLU(), nn.Linear(64, 10))
    opt = torch.optim.Adam(model.parameters(), lr=lr)
    losses, norms = [], []
    for _ in range(steps):
        out = model(x)
        loss = cross_entropy(out.softmax(dim=1) if double_softmax else out, y)
        if zero_grad:
            opt.zero_grad()
        loss.backward()
        norms.append(nn.utils.clip_grad_norm_(model.parameters(), float("inf")).item())
        opt.step()
        losses.append(loss.item())  # .item() drops the graph
    return losses, norms


good, _ = train()
assert abs(good[0] - math.log(10)) < 0.3
assert good[-1] < 0.01
assert good == train()[0]  # same seed, same machine: same run
twice, _ = train(double_softmax=True)
assert 1.461 < twice[-1] < 1.5  # stuck at its floor
_, kept = train(zero_grad=False, steps=20, lr=1e-4)
_, clean = train(steps=20, lr=1e-4)
assert kept[-1] > 10 * clean[-1]  # gradients pile up while the weights hardly move

assert torch.isnan(cross_entropy(torch.zeros(3, 10), torch.full((3,), -100)))  # all masked
assert (torch.zeros(8, 1) - torch.zeros(8)).shape == (8, 8)  # broadcast by mistake
try:
    nn.Linear(64, 10)(torch.zeros(32, 50))
    message = ""
except RuntimeError as error:
    message = str(error)
assert "mat1 and mat2 shapes cannot be multiplied (32x50 and 64x10)" in message

drop = nn.Dropout(0.5)
ones = torch.ones(1000)
assert not torch.equal(drop.train()(ones), ones)
assert torch.equal(drop.eval()(ones), ones)
