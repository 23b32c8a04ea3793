# needs: torch
"""What PyTorch does with the gradients of the worked neuron."""

import torch

w = torch.tensor(0.5, requires_grad=True)
for expected in (-1.6921, -3.3841):  # the second call adds to the first
    loss = (torch.tanh(w * 2.0 - 0.5) - 1.0) ** 2
    loss.backward()
    assert abs(w.grad.item() - expected) < 1e-3
w.grad = None
assert (w * 2.0).detach().requires_grad is False
