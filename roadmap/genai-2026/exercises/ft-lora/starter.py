"""Write a LoRA layer by hand: forward, gradients, merge, parameter counts and 4-bit weights, and train three ranks.

Everything is NumPy in float32. When all checks pass, compare the layer with PEFT, train adapters of rank 4, 16 and 64
on a model of about 0.5 billion parameters, and write the same table for it.
It takes about two hours, and several more with the model.

Check it: python check.py ft-lora
"""

import csv
from pathlib import Path

import numpy as np

CODES = np.linspace(-1, 1, 15).astype(np.float32)  # 4 bits: codes 0 to 14 mean -1, -6/7, and so on to 1


class LoraLinear:
    """h = W x + (alpha / r) B A x with a frozen W (d, k), A (r, k) and B (d, r)."""

    def __init__(self, weight: np.ndarray, rank: int, alpha: float, rng: np.random.Generator) -> None:
        """Set `weight`, `a`, `b` (all float32) and the factor.

        Draw A with standard deviation 1 / sqrt(k); choose B so that the layer starts unchanged.
        """
        raise NotImplementedError("keep the frozen weight, draw A, choose B, compute the factor")

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Inputs (n, k) to outputs (n, d), without forming the product B A."""
        raise NotImplementedError("the wide road plus the scaled detour through A and B")

    def gradients(self, x: np.ndarray, upstream: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Gradients of A and B, given inputs (n, k) and the gradient of the outputs (n, d)."""
        raise NotImplementedError("go backwards through B and A; the factor belongs to both")

    def trainable(self) -> int:
        """The number of trained parameters."""
        raise NotImplementedError("the sizes of A and B")

    def merged(self) -> np.ndarray:
        """The one matrix (d, k) that does the same as the layer; the layer itself stays as it is."""
        raise NotImplementedError("the frozen weight plus the scaled product")


def count_lora(shapes: list[tuple[int, int]], rank: int) -> int:
    """Trained parameters for adapted matrices with shapes (d, k)."""
    raise NotImplementedError("r x (d + k) for each shape")


def training_memory(base: float, adapter: float) -> float:
    """Bytes before activations: 2 for each frozen parameter of the base, 16 for each of the adapter."""
    raise NotImplementedError("bytes of frozen and of trained parameters")


def quantise(weight: np.ndarray, block: int = 64) -> tuple[np.ndarray, np.ndarray]:
    """Absmax in 4 bits: codes (n / block, block) of uint8 from 0 to 14 and a float32 scale for each block.

    The weight is cut row by row into blocks; a block's scale is its largest absolute value, 1 if all are 0.
    """
    raise NotImplementedError("blocks, their largest absolute values, the nearest codes")


def dequantise(codes: np.ndarray, scales: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """The float32 weight that codes and scales stand for."""
    raise NotImplementedError("look up the codes, multiply by the scales, restore the shape")


def bits_per_weight(block: int) -> float:
    """Bits stored for each weight: 4 for the code and the block's 32-bit scale shared by its weights."""
    raise NotImplementedError("the code and the share of the scale")


class Adam:
    """The Adam optimiser for one matrix; `step` changes the matrix in place."""

    def __init__(self, matrix: np.ndarray, rate: float = 0.01) -> None:
        self.matrix, self.rate, self.count = matrix, rate, 0
        self.mean, self.square = np.zeros_like(matrix), np.zeros_like(matrix)

    def step(self, gradient: np.ndarray) -> None:
        self.count += 1
        self.mean = 0.9 * self.mean + 0.1 * gradient
        self.square = 0.999 * self.square + 0.001 * gradient**2
        mean, square = self.mean / (1 - 0.9**self.count), self.square / (1 - 0.999**self.count)
        self.matrix -= self.rate * mean / (np.sqrt(square) + 1e-8)


def train(layer: LoraLinear, x: np.ndarray, target: np.ndarray, steps: int = 400) -> list[float]:
    """Adam on the mean squared error of all outputs, for A and B only; the loss before each step."""
    raise NotImplementedError("loss, gradient of the mean squared error, a step on A and B")


def write_table(path: Path, weight: np.ndarray, data: dict[str, tuple[np.ndarray, np.ndarray]]) -> None:
    """Train ranks 4, 16 and 64 (alpha = 2 r) on data["train"]; write the columns rank, share, train_loss, test_loss.

    Share is trained parameters divided by those of the weight; test_loss is measured on data["test"].
    """
    raise NotImplementedError("a new layer for each rank: train, test, write")
