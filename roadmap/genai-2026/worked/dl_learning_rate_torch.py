# needs: torch
"""A warm-up of four steps as PyTorch counts it."""

import torch

w = torch.nn.Parameter(torch.zeros(1))
opt = torch.optim.SGD([w], lr=0.4)
scheduler = torch.optim.lr_scheduler.LambdaLR(opt, lambda t: min(1.0, (t + 1) / 4))
rates = []
for _ in range(5):
    rates.append(round(opt.param_groups[0]["lr"], 6))
    w.grad = torch.ones(1)
    opt.step()
    scheduler.step()
assert rates == [0.1, 0.2, 0.3, 0.4, 0.4]
