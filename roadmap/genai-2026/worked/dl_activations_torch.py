# needs: torch
"""What PyTorch's activations and losses give."""

import torch
import torch.nn.functional as F

z = torch.tensor([1.0, -1.0])
assert torch.allclose(F.gelu(z), torch.tensor([0.8413, -0.1587]), atol=1e-4)
assert torch.allclose(F.silu(z), torch.tensor([0.7311, -0.2689]), atol=1e-4)
big = torch.tensor([[1000.0, 0.0]])
assert torch.isinf(torch.log(torch.softmax(big, dim=-1))).any()
assert torch.isfinite(F.log_softmax(big, dim=-1)).all()
logits = torch.linspace(-9, 9, 50)
twice = F.binary_cross_entropy_with_logits(torch.sigmoid(logits), torch.zeros(50), reduction="none")
assert twice.min() > 0.693
