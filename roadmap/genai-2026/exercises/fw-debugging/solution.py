"""Five planted faults in a training, found by readings in a fixed order."""

import math
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
    return abs(training.loss(training.x, training.y) - math.log(CLASSES))


def repeat_difference(training: Training) -> float:
    """The largest difference between two predictions for the same validation inputs."""
    x = training.validation_x
    return (training.predict(x) - training.predict(x)).abs().max().item()


def update_ratio(training: Training) -> float:
    """The norm of the change of all weights in one step on all training data, over their norm before the step."""
    before = nn.utils.parameters_to_vector(training.model.parameters()).detach().clone()
    training.step(training.x, training.y)
    after = nn.utils.parameters_to_vector(training.model.parameters()).detach()
    return ((after - before).norm() / before.norm()).item()


def gradient_growth(training: Training, steps: int = 20) -> float:
    """The global gradient norm of the last of several steps on all training data, over that of the first step."""
    norms = []
    for _ in range(steps):
        training.step(training.x, training.y)
        norms.append(math.sqrt(sum(p.grad.square().sum().item() for p in training.model.parameters())))
    return norms[-1] / norms[0]


def overfit_one_batch(training: Training, steps: int = 300) -> float:
    """The loss on the first eight training examples after training on only these eight."""
    x, y = training.x[:8], training.y[:8]
    for _ in range(steps):
        training.step(x, y)
    return training.loss(x, y)


def validation_accuracy(training: Training, steps: int = 100) -> float:
    """The accuracy on the validation data after steps on all training data."""
    for _ in range(steps):
        training.step(training.x, training.y)
    right = training.predict(training.validation_x).argmax(dim=1) == training.validation_y
    return right.float().mean().item()


def find_fault(make: Callable[[], Training]) -> str | None:
    """The fault of the trainings that `make` returns, each untrained and equal; None for a healthy one.

    Take the readings in the order of FAULTS: a high rate, for example, also spoils all readings after it.
    """
    if repeat_difference(make()) > 1e-6:
        return "no eval"
    if update_ratio(make()) > 0.2:
        return "rate too high"
    if gradient_growth(make()) > 2:
        return "no zero_grad"
    if overfit_one_batch(make()) > 0.1:
        return "softmax twice"
    if validation_accuracy(make()) < 0.5:
        return "shuffled labels"
    return None
