# needs: torch
"""How PyTorch fills a linear layer."""

import torch

torch.manual_seed(0)
layer = torch.nn.Linear(256, 128)
assert layer.weight.abs().max() <= 1 / 16 + 1e-6
assert abs(layer.weight.std().item() - (1 / (3 * 256)) ** 0.5) < 0.001
torch.nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
torch.nn.init.zeros_(layer.bias)
assert abs(layer.weight.std().item() - (2 / 256) ** 0.5) < 0.002
