# needs: torch
"""What the note on matrices says of a linear layer."""

import torch

layer = torch.nn.Linear(768, 3072)
assert layer.weight.shape == (3072, 768)
assert sum(p.numel() for p in layer.parameters()) == 2_362_368
x = torch.randn(4, 768)
assert torch.allclose(layer(x), x @ layer.weight.T + layer.bias, atol=1e-5)
