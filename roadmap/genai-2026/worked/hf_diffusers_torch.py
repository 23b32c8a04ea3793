# needs: torch diffusers
"""A hand-written loop gives the pixels of the pipeline, on a tiny untrained one."""

import diffusers
import torch

torch.manual_seed(0)
unet = diffusers.UNet2DConditionModel(
    sample_size=8,
    block_out_channels=(32, 64),
    down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
    up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
    layers_per_block=1,
    attention_head_dim=2,
    cross_attention_dim=16,
)
vae = diffusers.AutoencoderKL(
    block_out_channels=(32, 64),
    down_block_types=("DownEncoderBlock2D",) * 2,
    up_block_types=("UpDecoderBlock2D",) * 2,
)
sched = diffusers.DDIMScheduler(beta_schedule="scaled_linear", beta_end=0.012, clip_sample=False, steps_offset=1)
pipe = diffusers.StableDiffusionPipeline(vae, None, None, unet, sched, None, None, requires_safety_checker=False)
pipe.set_progress_bar_config(disable=True)
text, empty = torch.randn(1, 77, 16), torch.zeros(1, 77, 16)  # stand-ins for encoded prompts


def run(seed):
    return pipe(
        prompt_embeds=text,
        negative_prompt_embeds=empty,
        guidance_scale=7.5,
        num_inference_steps=10,
        height=16,
        width=16,
        output_type="np",
        generator=torch.Generator("cpu").manual_seed(seed),
    ).images[0]


image = run(0)
assert (image == run(0)).all() and (image != run(1)).any()

with torch.no_grad():  # the same by hand
    x = torch.randn((1, 4, 8, 8), generator=torch.Generator("cpu").manual_seed(0))
    sched.set_timesteps(10)
    x = x * sched.init_noise_sigma
    for t in sched.timesteps:
        both = sched.scale_model_input(torch.cat([x, x]), t)
        e_u, e_c = unet(both, t, encoder_hidden_states=torch.cat([empty, text])).sample.chunk(2)
        x = sched.step(e_u + 7.5 * (e_c - e_u), t, x).prev_sample
    pixels = vae.decode(x / vae.config.scaling_factor).sample
mine = (pixels / 2 + 0.5).clamp(0, 1)[0].permute(1, 2, 0).numpy()
assert abs(mine - image).max() * 255 < 1

pipe.scheduler = diffusers.DPMSolverMultistepScheduler.from_config(pipe.scheduler.config)
assert pipe.scheduler.config.beta_schedule == "scaled_linear"  # settings carried over
assert abs(run(0) - image).max() > 0
