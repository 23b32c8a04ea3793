# needs: torch
"""A small encoder-decoder learns to write a sequence backwards under teacher forcing, and then generates it."""

import torch
from torch import nn

torch.manual_seed(0)
BOS, EOS, V, D = 1, 2, 12, 32  # tokens 3 to 11 are characters


class Seq2Seq(nn.Module):
    def __init__(self):
        super().__init__()
        self.tok, self.pos = nn.Embedding(V, D), nn.Embedding(16, D)
        self.core = nn.Transformer(D, 4, 1, 1, 64, dropout=0.0, batch_first=True)
        self.head = nn.Linear(D, V)

    def embed(self, ids):
        return self.tok(ids) + self.pos(torch.arange(ids.shape[1]))

    def forward(self, src, dec):
        mask = nn.Transformer.generate_square_subsequent_mask(dec.shape[1])
        return self.head(self.core(self.embed(src), self.embed(dec), tgt_mask=mask))


src = torch.randint(3, V, (16, 4))
start, end = torch.full((16, 1), BOS), torch.full((16, 1), EOS)
labels = torch.cat([src.flip(1), end], dim=1)
dec = torch.cat([start, labels[:, :-1]], dim=1)  # teacher forcing: shifted by one
model = Seq2Seq()
opt = torch.optim.Adam(model.parameters(), lr=0.01)
for _ in range(50):
    loss = nn.functional.cross_entropy(model(src, dec).flatten(0, 1), labels.flatten())
    opt.zero_grad()
    loss.backward()
    opt.step()
out = start
with torch.no_grad():
    for _ in range(5):  # greedy generation from the model's own output
        out = torch.cat([out, model(src, out)[:, -1:].argmax(-1)], dim=1)
assert (out[:, 1:] == labels).all()
