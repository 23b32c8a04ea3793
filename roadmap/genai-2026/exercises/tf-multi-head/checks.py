"""Checks of multi-head attention against `torch.nn.MultiheadAttention`, and of the leak test."""

import torch
from torch import nn

MINUTES = 120


def check_split(exercise):
    """Head h of a token holds the entries h * d_h to (h + 1) * d_h of that token."""
    x = torch.arange(2 * 4 * 6.0).reshape(2, 4, 6)
    heads = exercise.split_heads(x, 3)
    assert tuple(heads.shape) == (2, 3, 4, 2), f"(2, 4, 6) in 3 heads has shape {tuple(heads.shape)}, not (2, 3, 4, 2)."
    assert torch.equal(heads[0, 1, 2], x[0, 2, 2:4]), (
        f"Head 1 of token 2 holds {heads[0, 1, 2].tolist()}, its entries are {x[0, 2, 2:4].tolist()}; reshape to "
        "(batch, n, heads, d_h) first, then transpose."
    )


def check_merge(exercise):
    """Merging undoes splitting."""
    x = torch.arange(2 * 4 * 6.0).reshape(2, 4, 6)
    merged = exercise.merge_heads(exercise.split_heads(x, 3))
    assert merged.shape == x.shape and torch.equal(merged, x), (
        f"Splitting and merging token 0 gave {merged[0, 0].tolist()}; expected {x[0, 0].tolist()}."
    )


def check_causal_mask(exercise):
    """A token sees itself and all earlier tokens."""
    mask = exercise.causal_mask(3)
    expected = [[True, False, False], [True, True, False], [True, True, True]]
    assert mask.tolist() == expected, f"`causal_mask(3)` is {mask.tolist()}; expected {expected}."


def check_padding_mask(exercise):
    """The padding mask hides the filler of each row."""
    mask = exercise.padding_mask(torch.tensor([3, 1]), 3)
    expected = [[[True, True, True]], [[True, False, False]]]
    assert mask.tolist() == expected, f"Lengths 3 and 1 gave {mask.tolist()}; expected {expected}."


def _layers(exercise):
    torch.manual_seed(0)
    library = nn.MultiheadAttention(12, 3, batch_first=True).eval()
    for bias in (library.in_proj_bias, library.out_proj.bias):
        nn.init.normal_(bias)
    own = exercise.SelfAttention(12, 3).eval()
    own.copy_from(library)
    return library, own


def check_same_output(exercise):
    """With copied weights the outputs agree with PyTorch within 1e-5."""
    library, own = _layers(exercise)
    x = torch.randn(2, 5, 12)
    with torch.no_grad():
        expected, output = library(x, x, x)[0], own(x, torch.ones(5, 5, dtype=torch.bool))
    assert output.shape == x.shape, f"The output has shape {tuple(output.shape)}; expected {tuple(x.shape)}."
    difference = (output - expected).abs().max().item()
    assert difference < 1e-5, f"Without a mask, outputs differ by up to {difference:.2g}; check biases, scaling, heads."


def check_padded_batch(exercise):
    """On a padded batch with a causal mask, the outputs of real tokens agree with PyTorch within 1e-5."""
    library, own = _layers(exercise)
    x, lengths = torch.randn(3, 6, 12), torch.tensor([6, 4, 2])
    real = torch.arange(6) < lengths[:, None]
    causal = torch.ones(6, 6, dtype=torch.bool).tril()
    with torch.no_grad():
        expected = library(x, x, x, attn_mask=~causal, key_padding_mask=~real)[0]
        output = own(x, exercise.causal_mask(6) & exercise.padding_mask(lengths, 6))
    difference = (output - expected)[real].abs().max().item()
    assert difference < 1e-5, f"With both masks, outputs of real tokens differ by up to {difference:.2g}."


def check_filler(exercise):
    """Changing filler tokens leaves the outputs of real tokens unchanged."""
    _, own = _layers(exercise)
    x, lengths = torch.randn(1, 5, 12), torch.tensor([3])
    other = x.clone()
    other[:, 3:] = 9.0
    with torch.no_grad():
        visible = exercise.padding_mask(lengths, 5)
        difference = (own(x, visible) - own(other, visible))[:, :3].abs().max().item()
    assert difference < 1e-5, f"Other filler moves the outputs of real tokens by {difference:.2g}; hide filler as keys."


def check_no_leak(exercise):
    """The leak test finds nothing in a causal model and does not change its input."""
    x = torch.randn(2, 5, 12)
    kept = x.clone()
    leak = exercise.find_leak(lambda x: x.cumsum(dim=1), x)
    assert leak is None, f"A running sum has no leak, but `find_leak` gave {leak}."
    assert torch.equal(x, kept), "`find_leak` changed its input; work on x.clone()."


def check_leak(exercise):
    """The leak test finds each planted leak: near, far, small, in one row, and the first of several."""
    cases = [([(t + 1, t)], slice(None), 1.0, "") for t in range(4)]
    cases += [
        ([(3, 1)], slice(None), 1.0, ", two ahead"),
        ([(3, 2)], 1, 1.0, ", in row 1 of the batch only"),
        ([(3, 2)], slice(None), 1e-3, ", times 0.001"),
        ([(4, 1), (4, 3)], slice(None), 1.0, ""),
        ([(4, 0), (2, 1)], slice(None), 1.0, ""),
    ]
    for pairs, row, factor, words in cases:

        def model(x, pairs=pairs, row=row, factor=factor):
            output = x.cumsum(dim=1)
            for token, position in pairs:
                output[row, position] += factor * x[row, token]
            return output

        torch.manual_seed(1)
        leak = exercise.find_leak(model, torch.randn(2, 5, 3))
        plants = " and ".join(f"the output at {position} reads token {token}" for token, position in pairs)
        assert leak is not None and tuple(leak) == min(pairs), (
            f"In a model where {plants}{words}, the first leak is {min(pairs)}; `find_leak` gave {leak}."
        )
