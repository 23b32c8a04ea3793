# needs: torch transformers peft
"""A LoRA adapter of PEFT is neutral at first, learns, and gives the same after merging."""

import torch
from peft import LoraConfig, get_peft_model
from transformers import LlamaConfig, LlamaForCausalLM

torch.manual_seed(0)
config = LlamaConfig(
    vocab_size=64,
    hidden_size=32,
    intermediate_size=64,
    num_hidden_layers=2,
    num_attention_heads=4,
    num_key_value_heads=4,
)
base = LlamaForCausalLM(config).eval()
ids = torch.tensor([[1, 5, 9, 2]])
with torch.no_grad():
    before = base(ids).logits.clone()

lora = LoraConfig(r=4, lora_alpha=8, target_modules=["q_proj", "v_proj"], task_type="CAUSAL_LM")
model = get_peft_model(base, lora).eval()
trained = [p for p in model.parameters() if p.requires_grad]
assert sum(p.numel() for p in trained) == 2 * 2 * 4 * (32 + 32)  # layers, targets, r (d + k)
with torch.no_grad():
    assert torch.allclose(model(ids).logits, before)  # unchanged at initialisation

optimizer = torch.optim.AdamW(trained, lr=1e-2)
for _ in range(10):
    optimizer.zero_grad()
    model(ids, labels=ids).loss.backward()
    optimizer.step()
with torch.no_grad():
    tuned = model(ids).logits
    merged = model.merge_and_unload()
    assert (tuned - before).abs().max() > 0.01
    assert (merged(ids).logits - tuned).abs().max() < 1e-5
