# needs: torch transformers
"""Greedy output of a tiny random GPT-2 is the same with a cache, without one, and from the library."""

import inspect

import torch
from transformers import DynamicCache, GPT2Config, GPT2LMHeadModel

torch.manual_seed(0)
config = GPT2Config(
    n_layer=2,
    n_head=4,
    n_embd=64,
    vocab_size=100,
    n_positions=128,
    bos_token_id=None,
    eos_token_id=None,
    pad_token_id=0,
)
model = GPT2LMHeadModel(config).eval()
names = inspect.signature(model.forward).parameters
argument = "cache" if "cache" in names else "past_key_values"  # renamed in newer releases
prompt = torch.randint(1, 100, (1, 16))


@torch.no_grad()
def greedy(new_tokens, use_cache):
    cache = DynamicCache(config=config)
    ids = feed = prompt
    for _ in range(new_tokens):
        options = {argument: cache} if use_cache else {"use_cache": False}
        token = model(feed, **options).logits[:, -1].argmax(-1, keepdim=True)
        ids = torch.cat([ids, token], dim=1)
        feed = token if use_cache else ids
    return ids, cache


cached, cache = greedy(20, use_cache=True)
plain, _ = greedy(20, use_cache=False)
library = model.generate(prompt, attention_mask=torch.ones_like(prompt), do_sample=False, max_new_tokens=20)
assert torch.equal(cached, plain) and torch.equal(cached, library)
assert cache.get_seq_length() == 16 + 19  # the last token was never fed back
print(argument)
