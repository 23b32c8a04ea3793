# needs: torch
"""What PyTorch's layers hold."""

import torch

layer = torch.nn.Linear(64, 32)
assert tuple(layer.weight.shape) == (32, 64)
assert sum(p.numel() for p in layer.parameters()) == 64 * 32 + 32
conv = torch.nn.Conv2d(3, 16, kernel_size=3, padding=1)
assert sum(p.numel() for p in conv.parameters()) == 448
assert tuple(conv(torch.zeros(1, 3, 32, 32)).shape) == (1, 16, 32, 32)
