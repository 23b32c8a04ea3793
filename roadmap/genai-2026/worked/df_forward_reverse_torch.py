# needs: torch
"""Three hundred steps of training on two moons, and samples from the result."""

import math

import torch
from torch import nn

torch.manual_seed(0)
torch.set_num_threads(1)  # fastest for such a small network
T = 200
beta = torch.linspace(5e-4, 0.1, T)
abar = torch.cumprod(1 - beta, 0)
angle = math.pi * torch.rand(10_000)
up = (torch.rand(10_000) < 0.5).float()[:, None]
arc = torch.stack([angle.cos(), angle.sin()], 1)
data = up * arc + (1 - up) * (torch.tensor([1.0, 0.5]) - arc)  # two moons
data = (data - data.mean(0)) / data.std(0)


def embed(t, dim=32):
    freq = torch.exp(-math.log(10_000) * torch.arange(dim // 2) / (dim // 2))
    phase = t[:, None] * freq
    return torch.cat([phase.sin(), phase.cos()], 1)


layers = [nn.Linear(2 + 32, 128), nn.SiLU(), nn.Linear(128, 128), nn.SiLU(), nn.Linear(128, 2)]
net = nn.Sequential(*layers)
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
losses = []
for _ in range(300):
    x0 = data[torch.randint(0, len(data), (256,))]
    t = torch.randint(0, T, (256,))  # a random step for every example
    eps = torch.randn_like(x0)
    a = abar[t].view(-1, *[1] * (x0.dim() - 1))  # one level for each example
    xt = a.sqrt() * x0 + (1 - a).sqrt() * eps
    loss = ((net(torch.cat([xt, embed(t)], 1)) - eps) ** 2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    losses.append(loss.item())
assert losses[0] > 0.8 and sum(losses[-50:]) / 50 < 0.4

x = torch.randn(500, 2)  # sampling: from pure noise back to step 0
with torch.no_grad():
    for i in reversed(range(T)):
        guess = net(torch.cat([x, embed(torch.full((500,), i))], 1))
        x = (x - beta[i] / (1 - abar[i]).sqrt() * guess) / (1 - beta[i]).sqrt()
        if i > 0:  # no fresh noise in the last step
            var = beta[i] * (1 - abar[i - 1]) / (1 - abar[i])
            x = x + var.sqrt() * torch.randn_like(x)
assert x.mean(0).abs().max() < 0.3 and (x.std(0) - 1).abs().max() < 0.3
