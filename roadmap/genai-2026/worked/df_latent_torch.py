# needs: torch diffusers
"""Sizes and the scaling factor of an autoencoder, on a tiny untrained one."""

import torch
from diffusers import AutoencoderKL

torch.manual_seed(0)  # a tiny untrained stand-in for from_pretrained("stabilityai/sd-vae-ft-mse")
vae = AutoencoderKL(
    down_block_types=("DownEncoderBlock2D",) * 4,
    up_block_types=("UpDecoderBlock2D",) * 4,
    block_out_channels=(32, 32, 32, 32),
    latent_channels=4,
)
photo = torch.rand(1, 3, 64, 64) * 2 - 1  # pixels from -1 to 1
factor = vae.config.scaling_factor
assert factor == 0.18215
with torch.no_grad():
    z = vae.encode(photo).latent_dist.mean * factor
    back = vae.decode(z / factor).sample
assert z.shape == (1, 4, 8, 8) and back.shape == photo.shape
assert photo.numel() / z.numel() == 48
pixels = ((back.clamp(-1, 1) + 1) * 127.5).round().byte()  # 0 to 255, ready for PSNR
assert pixels.dtype == torch.uint8
