"""Train a small convolutional network with your own PyTorch loop: validation each epoch, best checkpoint, exact resume.

The given images are small drawings of four shapes, so that the loop runs in seconds. When all checks pass, replace
`make_data` by Fashion-MNIST (28 by 28 pixels, 10 classes) and train to 88% validation accuracy.
It takes about two and a half hours, with Fashion-MNIST.

Check it: python check.py fw-pytorch-loop
"""

from pathlib import Path

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

SEED = 7
BATCH = 32


def make_data(count: int, seed: int) -> TensorDataset:
    """Images (count, 1, 8, 8) of a horizontal bar, a vertical bar, a diagonal or a frame, with labels 0 to 3."""
    generator = torch.Generator().manual_seed(seed)
    labels = torch.randint(0, 4, (count,), generator=generator)
    places = torch.randint(1, 7, (count,), generator=generator)
    images = 0.4 * torch.randn(count, 1, 8, 8, generator=generator)
    for image, label, place in zip(images, labels.tolist(), places.tolist(), strict=True):
        if label == 0:
            image[0, place] += 1
        elif label == 1:
            image[0, :, place] += 1
        elif label == 2:
            image[0] += torch.eye(8)
        else:
            image[0, 1, 1:7] += 1
            image[0, 6, 1:7] += 1
            image[0, 2:6, 1] += 1
            image[0, 2:6, 6] += 1
    return TensorDataset(images, labels)


def make_loader(data: TensorDataset, epoch: int | None = None) -> DataLoader:
    """Batches in a fixed order, or shuffled by the base seed plus the epoch."""
    if epoch is None:
        return DataLoader(data, BATCH)
    return DataLoader(data, BATCH, shuffle=True, generator=torch.Generator().manual_seed(SEED + epoch))


class Network(nn.Module):
    """A convolution, dropout and a linear layer: images (batch, 1, 8, 8) to logits (batch, 4)."""

    def __init__(self) -> None:
        super().__init__()
        self.convolution = nn.Conv2d(1, 8, 3, padding=1)
        self.normalisation = nn.BatchNorm2d(8)
        self.dropout = nn.Dropout(0.2)
        self.last = nn.Linear(8 * 4 * 4, 4)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        features = torch.relu(self.normalisation(self.convolution(images)))
        return self.last(self.dropout(nn.functional.max_pool2d(features, 2).flatten(1)))


def count_parameters(model: nn.Module) -> int:
    """Count the trainable numbers; the running averages of batch normalisation are none."""
    raise NotImplementedError("add up the sizes of the parameters that are trained")


def train_epoch(model: nn.Module, optimizer: torch.optim.Optimizer, loader: DataLoader) -> float:
    """Take one optimiser step for each batch; give the mean cross-entropy over all examples."""
    raise NotImplementedError("train mode; per batch clear gradients, predict, loss, backward, step; mean by examples")


def evaluate(model: nn.Module, loader: DataLoader) -> tuple[float, float]:
    """Give the mean cross-entropy and the accuracy (0 to 1) over all examples, without training."""
    raise NotImplementedError("eval mode, no gradients; average loss and accuracy by examples")


def save_checkpoint(
    path: Path, model: nn.Module, optimizer: torch.optim.Optimizer, epoch: int, best: float = 0.0
) -> None:
    """Save everything that an exact resume needs: weights, optimiser, random state, epoch, best accuracy so far."""
    raise NotImplementedError("save the state_dicts of model and optimiser, the random state, epoch and best accuracy")


def load_checkpoint(path: Path, model: nn.Module, optimizer: torch.optim.Optimizer) -> tuple[int, float]:
    """Restore what `save_checkpoint` saved; give the number of the finished epoch and the best accuracy so far."""
    raise NotImplementedError("load the file and restore model, optimiser and random state")


def fit(folder: Path, epochs: int, resume: bool = False) -> Network:
    """Train until epoch `epochs` (counted from 1); keep last.pt and best.pt (best validation accuracy) in `folder`.

    Set the seed SEED, then build the network. Use Adam with rate 0.01, 400 images of seed 1 for training and 200 of
    seed 2 for validation. Call `evaluate` once in each epoch. With `resume`, go on after the epoch of last.pt.
    """
    raise NotImplementedError("loop over the epochs: train, evaluate, save best.pt and last.pt; resume from last.pt")
