# needs: torch
"""A tiny GAN learns where a normal distribution lies."""

import torch
from torch import nn
from torch.nn.functional import softplus

torch.manual_seed(0)
G = nn.Sequential(nn.Linear(4, 32), nn.ReLU(), nn.Linear(32, 1))
D = nn.Sequential(nn.Linear(1, 32), nn.LeakyReLU(0.2), nn.Linear(32, 1))  # gives a logit
opt_g = torch.optim.Adam(G.parameters(), lr=1e-3, betas=(0.5, 0.999))
opt_d = torch.optim.Adam(D.parameters(), lr=1e-3, betas=(0.5, 0.999))
for _ in range(1500):
    real = 3 + 0.5 * torch.randn(128, 1)
    fake = G(torch.randn(128, 4))
    loss_d = softplus(-D(real)).mean() + softplus(D(fake.detach())).mean()
    opt_d.zero_grad()
    loss_d.backward()
    opt_d.step()
    loss_g = softplus(-D(G(torch.randn(128, 4)))).mean()  # non-saturating: -log D(G(z))
    opt_g.zero_grad()
    loss_g.backward()
    opt_g.step()
with torch.no_grad():
    sample = G(torch.randn(2000, 4))
assert abs(sample.mean().item() - 3) < 0.5
