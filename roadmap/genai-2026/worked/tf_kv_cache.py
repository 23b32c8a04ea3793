"""The numbers of the note on the KV cache."""

import math

# cited: GPT-2 small has 12 layers and 12 heads of width 64; Llama 3 8B has 32 layers and 8 key-value heads of
# width 128 (Grattafiori et al. 2024); Mistral 7B has 32 layers and a window of 4,096 (Jiang et al. 2023)
LLAMA_3_8B = {"layers": 32, "heads": 8, "width": 128}


def cache_bytes(layers, heads, width, tokens, batch=1, size=2):
    """Bytes of keys and values; heads are the key-value heads."""
    return 2 * layers * heads * width * tokens * batch * size


def positions(prompt, new):
    """Token positions that pass through the model with and without a cache."""
    return prompt + new - 1, sum(prompt + i for i in range(new))


def waste(used, reserved, block):
    """Share of slots wasted when room is reserved, and when it is handed out in blocks."""
    blocks = -(-used // block)
    return (reserved - used) / reserved, blocks, (blocks * block - used) / (blocks * block)


assert cache_bytes(12, 12, 64, 1_024) == 37_748_736 and round(37_748_736 / 1e6, 1) == 37.7
assert cache_bytes(**LLAMA_3_8B, tokens=1) == 131_072 == 128 * 1024
assert round(cache_bytes(**LLAMA_3_8B, tokens=8_192) / 1e9, 2) == 1.07
assert round(cache_bytes(**LLAMA_3_8B, tokens=8_192, batch=16) / 1e9, 1) == 17.2
assert round(cache_bytes(**LLAMA_3_8B, tokens=131_072) / 1e9, 1) == 17.2
assert round(cache_bytes(**LLAMA_3_8B, tokens=4_096) / 1e9, 2) == 0.54 and 32 * 4_096 == 131_072
assert [round(cache_bytes(32, heads, 128, 8_192) / 1e9, 2) for heads in (32, 8, 1)] == [4.29, 1.07, 0.13]
assert cache_bytes(**LLAMA_3_8B, tokens=1, size=1) * 2 == cache_bytes(**LLAMA_3_8B, tokens=1)

cached, plain = positions(512, 100)
assert (cached, plain) == (611, 56_150) and 512 + 99 == 611 and round(plain / cached) == 92

assert 2 * 8e9 * 2_000 == 3.2e13 and 3.2e13 / 4e14 == 0.08  # seconds of prefill
assert 16e9 / 2e12 == 0.008 and 1 / 0.008 == 125  # seconds of a decode step, tokens per second

reserved, blocks, paged = waste(300, 2_048, 16)
assert 2_048 - 300 == 1_748 and round(reserved, 2) == 0.85
assert blocks == 19 and 19 * 16 - 300 == 4 and round(paged * 100, 1) == 1.3
assert round(2_000 / 2_200, 2) == 0.91

# Check yourself
assert 2 * 24 * 16 * 64 * 2_048 * 2 == 201_326_592
assert math.ceil(500 / 16) == 32 and 32 * 16 - 500 == 12 and round(100 * 12 / 512, 1) == 2.3
assert round(1 / 0.014) == 71  # 14 GB at 1 TB/s
