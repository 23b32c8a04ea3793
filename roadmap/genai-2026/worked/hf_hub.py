"""Works the numbers of the note on the Hugging Face Hub."""

import json
import pickle
import struct

import numpy as np

# cited: PyTorch 2.6 loads weights only by default (PyTorch release notes, 2025)


def gigabytes(parameters, bytes_each):
    """Memory of the weights alone."""
    return parameters * bytes_each / 1e9


# a file by hand: eight bytes of length, a header, the numbers
w = np.arange(6, dtype="<f4").reshape(2, 3)
assert w.nbytes == 2 * 3 * 4 == 24
header = json.dumps({"w": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}}).encode()
blob = struct.pack("<Q", len(header)) + header + w.tobytes()

(n,) = struct.unpack("<Q", blob[:8])
info = json.loads(blob[8 : 8 + n])["w"]
start, end = info["data_offsets"]
back = np.frombuffer(blob[8 + n + start : 8 + n + end], dtype="<f4").reshape(info["shape"])
assert np.array_equal(back, w) and int(np.prod(info["shape"])) == 6
assert (24, 24 + 4 * 2) == (24, 32)  # a second tensor, four numbers in 16 bits, begins where the first ends


class Trap:
    """A pickle may name any function to be called on loading."""

    def __reduce__(self):
        return str.upper, ("this ran on loading",)


assert pickle.loads(pickle.dumps(Trap())) == "THIS RAN ON LOADING"  # noqa: S301 - the trap is our own

# 8 billion parameters: size and download at 100 megabits per second
size = gigabytes(8e9, 2)
seconds = size * 1e9 * 8 / 100e6
assert size == 16 and seconds == 1_280 and round(seconds / 60) == 21
assert 16 * 8_000 / 100 == 1_280
assert gigabytes(8e9, 0.5) == 4
