"""The worked numbers of the note on diffusers."""

# cited: billions of parameters of Stable Diffusion XL: U-Net 2.6, text encoders 0.82, autoencoder 0.08 (Podell et al.)
SDXL = {"U-Net": 2.6, "text encoders": 0.82, "autoencoder": 0.08}


def weights_gb(billions, size):
    """Memory of weights with a number of bytes for each."""
    return billions * size


total = sum(SDXL.values())
assert round(total, 2) == 3.5
assert round(weights_gb(total, 4), 1) == 14.0 and round(weights_gb(total, 2), 1) == 7.0
assert weights_gb(max(SDXL.values()), 2) == 5.2  # with model offloading, in 16 bits

rank, width = 16, 1_280
added = rank * (width + width)
assert width + width == 2_560 and added == 40_960 and 100 * added / width**2 == 2.5
# a strength of 0.8 and a guidance scale of 7.5 are settings

# Check yourself
assert weights_gb(12, 2) == 24
