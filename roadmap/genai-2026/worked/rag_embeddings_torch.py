# needs: torch transformers
"""Masked mean pooling gives a text the same vector with and without padding; a mean that counts padding does not."""

import torch
from transformers import BertConfig, BertModel

torch.manual_seed(0)
config = BertConfig(vocab_size=100, hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32)
model = BertModel(config).eval()


def embed(ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """Average the vectors of the tokens that the mask keeps, and bring the mean to length 1."""
    with torch.no_grad():
        hidden = model(input_ids=ids, attention_mask=mask).last_hidden_state
    keep = mask.unsqueeze(-1).float()
    return torch.nn.functional.normalize((hidden * keep).sum(1) / keep.sum(1), dim=1)


short = torch.tensor([[5, 6, 7]])
padded = torch.tensor([[5, 6, 7, 0, 0]])
one = embed(short, torch.ones_like(short))
two = embed(padded, torch.tensor([[1, 1, 1, 0, 0]]))
assert one.shape == (1, 16)
assert torch.allclose(one, two, atol=1e-5)
assert torch.allclose(one.norm(dim=1), torch.ones(1))
assert not torch.allclose(one, embed(padded, torch.ones_like(padded)), atol=1e-3)
