"""Find five planted faults in a training by readings, in a fixed order.

`Training` is a small classifier with at most one fault of FAULTS. You write the readings that expose the faults, and
`find_fault`, which names the fault of a fresh training without looking at its code or at `fault`.
Then plant the faults in a training script of your own, and log which reading proved each. It takes about two hours.

Check it: python check.py fw-debugging
"""

from collections.abc import Callable

import torch
from torch import nn

CLASSES = 5
FAULTS = ("no eval", "rate too high", "no zero_grad", "softmax twice", "shuffled labels")


class Training:
    """A small classifier with its data; a fault is planted where `fault` is in FAULTS."""

    def __init__(self, fault: str | None = None, seed: int = 0) -> None:
        torch.manual_seed(seed)
        self.fault = fault
        centres = torch.randn(CLASSES, 20)
        labels = torch.randint(0, CLASSES, (600,))
        inputs = centres[labels] + torch.randn(600, 20)
        self.x, self.y, self.validation_x, self.validation_y = inputs[:400], labels[:400], inputs[400:], labels[400:]
        if fault == "shuffled labels":
            self.y = self.y[torch.randperm(400)]
        self.model = nn.Sequential(nn.Linear(20, 64), nn.ReLU(), nn.Dropout(0.2), nn.Linear(64, CLASSES))
        rate = 10.0 if fault == "rate too high" else 0.1
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=rate)

    def predict(self, x: torch.Tensor) -> torch.Tensor:
        """The outputs (n, CLASSES) for inputs (n, 20), as in validation."""
        self.model.train(self.fault == "no eval")
        with torch.no_grad():
            return self.model(x)

    def loss(self, x: torch.Tensor, y: torch.Tensor) -> float:
        """The mean loss, as in validation."""
        return self._loss(self.predict(x), y).item()

    def step(self, x: torch.Tensor, y: torch.Tensor) -> None:
        """One step on a batch. Afterwards `model` holds the gradients that the step used."""
        self.model.train()
        if self.fault != "no zero_grad":
            self.optimizer.zero_grad()
        self._loss(self.model(x), y).backward()
        self.optimizer.step()

    def _loss(self, outputs: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        if self.fault == "softmax twice":
            outputs = outputs.softmax(dim=1)
        return nn.functional.cross_entropy(outputs, y)


def first_loss_gap(training: Training) -> float:
    """The distance of the loss of an untrained model on all training data from ln of the number of classes."""
    raise NotImplementedError("natural logarithm of CLASSES")


def repeat_difference(training: Training) -> float:
    """The largest difference between two predictions for the same validation inputs."""
    raise NotImplementedError("predict twice")


def update_ratio(training: Training) -> float:
    """The norm of the change of all weights in one step on all training data, over their norm before the step."""
    raise NotImplementedError("copy the weights before the step")


def gradient_growth(training: Training, steps: int = 20) -> float:
    """The global gradient norm of the last of several steps on all training data, over that of the first step."""
    raise NotImplementedError("the root of the sum of all squared gradients, after the first and the last step")


def overfit_one_batch(training: Training, steps: int = 300) -> float:
    """The loss on the first eight training examples after training on only these eight."""
    raise NotImplementedError("the same eight examples in each step")


def validation_accuracy(training: Training, steps: int = 100) -> float:
    """The accuracy on the validation data after steps on all training data."""
    raise NotImplementedError("train, predict, compare the largest output with the label")


def find_fault(make: Callable[[], Training]) -> str | None:
    """The fault of the trainings that `make` returns, each untrained and equal; None for a healthy one.

    Take the readings in the order of FAULTS: a high rate, for example, also spoils all readings after it.
    """
    raise NotImplementedError("a fresh training for each reading, a limit for each reading")
