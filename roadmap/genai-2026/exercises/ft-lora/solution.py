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
        d, k = weight.shape
        self.weight = weight.astype(np.float32)
        self.a = (rng.standard_normal((rank, k)) / np.sqrt(k)).astype(np.float32)
        self.b = np.zeros((d, rank), dtype=np.float32)
        self.scale = alpha / rank

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Inputs (n, k) to outputs (n, d), without forming the product B A."""
        return x @ self.weight.T + self.scale * (x @ self.a.T) @ self.b.T

    def gradients(self, x: np.ndarray, upstream: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Gradients of A and B, given inputs (n, k) and the gradient of the outputs (n, d)."""
        grad_a = self.scale * (upstream @ self.b).T @ x
        grad_b = self.scale * upstream.T @ (x @ self.a.T)
        return grad_a, grad_b

    def trainable(self) -> int:
        """The number of trained parameters."""
        return self.a.size + self.b.size

    def merged(self) -> np.ndarray:
        """The one matrix (d, k) that does the same as the layer; the layer itself stays as it is."""
        return self.weight + self.scale * self.b @ self.a


def count_lora(shapes: list[tuple[int, int]], rank: int) -> int:
    """Trained parameters for adapted matrices with shapes (d, k)."""
    return sum(rank * (d + k) for d, k in shapes)


def training_memory(base: float, adapter: float) -> float:
    """Bytes before activations: 2 for each frozen parameter of the base, 16 for each of the adapter."""
    return 2 * base + 16 * adapter


def quantise(weight: np.ndarray, block: int = 64) -> tuple[np.ndarray, np.ndarray]:
    """Absmax in 4 bits: codes (n / block, block) of uint8 from 0 to 14 and a float32 scale for each block.

    The weight is cut row by row into blocks; a block's scale is its largest absolute value, 1 if all are 0.
    """
    blocks = weight.reshape(-1, block)
    scales = np.abs(blocks).max(axis=1).astype(np.float32)
    scales[scales == 0] = 1
    codes = np.round((blocks / scales[:, None] + 1) * 7).astype(np.uint8)
    return codes, scales


def dequantise(codes: np.ndarray, scales: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """The float32 weight that codes and scales stand for."""
    return (CODES[codes] * scales[:, None]).reshape(shape)


def bits_per_weight(block: int) -> float:
    """Bits stored for each weight: 4 for the code and the block's 32-bit scale shared by its weights."""
    return 4 + 32 / block


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
    optimisers = Adam(layer.a), Adam(layer.b)
    losses = []
    for _ in range(steps):
        error = layer.forward(x) - target
        losses.append(float((error**2).mean()))
        for optimiser, gradient in zip(optimisers, layer.gradients(x, 2 * error / error.size), strict=True):
            optimiser.step(gradient)
    return losses


def write_table(path: Path, weight: np.ndarray, data: dict[str, tuple[np.ndarray, np.ndarray]]) -> None:
    """Train ranks 4, 16 and 64 (alpha = 2 r) on data["train"]; write the columns rank, share, train_loss, test_loss.

    Share is trained parameters divided by those of the weight; test_loss is measured on data["test"].
    """
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["rank", "share", "train_loss", "test_loss"])
        for rank in (4, 16, 64):
            layer = LoraLinear(weight, rank, 2 * rank, np.random.default_rng(rank))
            losses = train(layer, *data["train"])
            x, target = data["test"]
            test = float(((layer.forward(x) - target) ** 2).mean())
            writer.writerow([rank, round(layer.trainable() / weight.size, 4), round(losses[-1], 6), round(test, 6)])
