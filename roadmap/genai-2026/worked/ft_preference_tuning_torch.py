# needs: torch
"""DPO on three possible answers raises the chosen and lowers the rejected one."""

import torch
import torch.nn.functional as F

ref = torch.log_softmax(torch.tensor([0.0, 0.0, 0.0]), 0)  # three possible answers
logits = torch.zeros(3, requires_grad=True)
opt = torch.optim.SGD([logits], lr=1.0)
for step in range(50):
    d = torch.log_softmax(logits, 0) - ref
    loss = -F.logsigmoid(0.1 * (d[0] - d[1]))  # answer 0 preferred to answer 1
    if step == 0:
        assert abs(loss.item() - 0.6931) < 1e-4
    opt.zero_grad()
    loss.backward()
    opt.step()
p = torch.softmax(logits, 0)
assert p[0] > p[2] > p[1] and loss.item() < 0.5
