# needs: torch safetensors
"""Checks with safetensors and PyTorch what the note says of the file format and of loading."""

import io
import pickle

import torch
from safetensors.torch import load, save

raw = save({"w": torch.arange(6, dtype=torch.float32).reshape(2, 3)})
n = int.from_bytes(raw[:8], "little")
assert raw[8:9] == b"{" and len(raw) == 8 + n + 24
assert load(raw)["w"].tolist() == [[0, 1, 2], [3, 4, 5]]


class Trap:
    """Would run on loading."""

    def __reduce__(self):
        return str.upper, ("this ran on loading",)


file = io.BytesIO()
torch.save(Trap(), file)
file.seek(0)
try:
    torch.load(file)
    refused = False
except pickle.UnpicklingError:
    refused = True  # weights_only=True is the default
assert refused
