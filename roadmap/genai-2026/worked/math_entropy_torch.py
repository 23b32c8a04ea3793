# needs: torch
"""What the note on entropy says of PyTorch's loss."""

import math

import torch

loss = torch.nn.CrossEntropyLoss()
right = torch.tensor([0])
scores = torch.log(torch.tensor([[0.8, 0.1, 0.1]]))
assert math.isclose(loss(scores, right).item(), 0.223, abs_tol=5e-4)  # nats, from scores

perfect = torch.tensor([[1.0, 0.0, 0.0, 0.0]])
assert round(loss(perfect, right).item(), 3) == 0.744  # probabilities go through softmax again
assert perfect.softmax(dim=-1)[0, 0].item() < 0.48
