# needs: torch
"""PyTorch's normalisation layers do what the note says."""

import torch

torch.manual_seed(0)
x = torch.randn(8, 10)
ours = (x - x.mean(1, keepdim=True)) / torch.sqrt(x.var(1, unbiased=False, keepdim=True) + 1e-5)
assert torch.allclose(torch.nn.LayerNorm(10)(x), ours, atol=1e-5)
one = torch.tensor([1.0, 2.0, 3.0, 4.0])
assert torch.allclose(torch.nn.RMSNorm(4)(one), torch.tensor([0.365, 0.730, 1.095, 1.461]), atol=1e-3)

bn = torch.nn.BatchNorm1d(10)
bn(x + 5)  # training mode updates the statistics
assert torch.allclose(bn.running_mean, 0.1 * (x + 5).mean(0), atol=1e-5)
bn.eval()
assert torch.allclose(bn(x)[:1], bn(x[:1]), atol=1e-6)  # no dependence on the batch
try:
    bn.train()(x[:1])
    refused = False
except ValueError:
    refused = True
assert refused
