# needs: torch
"""What the note on gradients says of autograd."""

import torch

w, x, b = (torch.tensor(value, requires_grad=True) for value in (2.0, 3.0, 1.0))
((w * x + b - 5) ** 2).backward()
assert (w.grad, b.grad, x.grad) == (12, 4, 8)

scores = torch.tensor([[2.0, 1.0, 0.0]], requires_grad=True)
torch.nn.functional.cross_entropy(scores, torch.tensor([0])).backward()
assert torch.allclose(scores.grad, torch.tensor([[-0.3348, 0.2447, 0.0900]]), atol=5e-5)

kink = torch.tensor(0.0, requires_grad=True)
torch.relu(kink).backward()
assert kink.grad == 0  # the slope that PyTorch fixes at the kink
