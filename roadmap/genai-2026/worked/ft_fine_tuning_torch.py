# needs: torch transformers
"""The masked loss of a causal model is the mean over answer tokens, and NaN where none is left."""

import torch
from transformers import LlamaConfig, LlamaForCausalLM

torch.manual_seed(0)
config = LlamaConfig(
    vocab_size=50,
    hidden_size=32,
    intermediate_size=64,
    num_hidden_layers=1,
    num_attention_heads=4,
    num_key_value_heads=4,
)
model = LlamaForCausalLM(config).eval()
ids = torch.tensor([[5, 6, 7, 8, 9, 10, 2]])
labels = ids.clone()
labels[:, :4] = -100  # the prompt is not trained
with torch.no_grad():
    out = model(input_ids=ids, labels=labels)
logp = torch.log_softmax(out.logits, dim=-1)
by_hand = -torch.stack([logp[0, t - 1, ids[0, t]] for t in (4, 5, 6)]).mean()
assert torch.isclose(out.loss, by_hand, atol=1e-5)
nothing = torch.nn.functional.cross_entropy(out.logits[0], torch.full((7,), -100))
assert torch.isnan(nothing)
