# needs: torch
"""A small VAE learns, and its KL is that of torch's own distributions."""

import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(256, 1) @ torch.tensor([[1.0, 2.0, -1.0, 0.5]]) + 0.1 * torch.randn(256, 4)
enc = nn.Sequential(nn.Linear(4, 32), nn.Tanh(), nn.Linear(32, 4))  # 2 means, 2 log-variances
dec = nn.Sequential(nn.Linear(2, 32), nn.Tanh(), nn.Linear(32, 4))
opt = torch.optim.Adam([*enc.parameters(), *dec.parameters()], lr=0.01)
losses = []
for _ in range(500):
    mu, logvar = enc(x).chunk(2, dim=1)
    z = mu + torch.exp(0.5 * logvar) * torch.randn_like(mu)
    rec = 0.5 * ((x - dec(z)) / 0.1).pow(2).sum(1).mean()  # noise 0.1, constant left out
    kl_dims = 0.5 * (mu**2 + logvar.exp() - 1 - logvar).mean(0)
    loss = rec + kl_dims.sum()
    losses.append(loss.item())
    opt.zero_grad()
    loss.backward()
    opt.step()
assert losses[-1] < losses[0] / 20
assert kl_dims.max() > 1.0  # at least one dimension is in use
exact = torch.distributions.kl_divergence(
    torch.distributions.Normal(mu, torch.exp(0.5 * logvar)), torch.distributions.Normal(0.0, 1.0)
)
assert torch.allclose(exact.mean(0), kl_dims, atol=1e-3)
