# needs: torch
"""A run that is resumed from a checkpoint ends where an unbroken one does."""

import io

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
x = torch.randn(103, 4)
data = TensorDataset(x, (x.sum(1) > 0).long())


def run(epochs: int, resume: io.BytesIO | None = None) -> tuple[float, io.BytesIO]:
    """Train, perhaps from a checkpoint on, and return the last loss and a new checkpoint."""
    torch.manual_seed(1)
    model = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Dropout(0.2), nn.Linear(16, 2))
    opt, first = torch.optim.AdamW(model.parameters(), lr=0.01), 0
    if resume:
        resume.seek(0)
        ckpt = torch.load(resume, weights_only=True)
        model.load_state_dict(ckpt["model"])
        opt.load_state_dict(ckpt["opt"])
        torch.set_rng_state(ckpt["rng"])
        first = ckpt["epoch"] + 1
    for epoch in range(first, epochs):
        model.train()
        gen = torch.Generator().manual_seed(100 + epoch)
        for xb, yb in DataLoader(data, batch_size=32, shuffle=True, generator=gen):
            opt.zero_grad()
            loss = nn.functional.cross_entropy(model(xb), yb)
            loss.backward()
            opt.step()
    file = io.BytesIO()
    state = {"model": model.state_dict(), "opt": opt.state_dict(), "epoch": epoch}
    torch.save(state | {"rng": torch.get_rng_state()}, file)
    model.eval()
    with torch.no_grad():
        out = model(x)
    return nn.functional.cross_entropy(out, data.tensors[1]).item(), file


whole, _ = run(5)
_, file = run(2)
resumed, _ = run(5, resume=file)
assert resumed == whole < 0.6
assert DataLoader(data).num_workers == 0
assert not DataLoader(data).pin_memory
assert int(torch.__version__.split(".")[1]) >= 6  # since 2.6 weights_only is the default
assert torch.from_numpy(x.numpy().astype("float64")).dtype == torch.float64


model = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 2))
full = nn.functional.cross_entropy(model(x[:64]), data.tensors[1][:64])
full.backward()
wanted = model[0].weight.grad.clone()
model.zero_grad()
for part in (slice(0, 32), slice(32, 64)):
    (nn.functional.cross_entropy(model(x[part]), data.tensors[1][part]) / 2).backward()
assert torch.allclose(model[0].weight.grad, wanted, atol=1e-6)  # two equal pieces make one batch
