"""Checks of the training loop: gradients, modes, averages, checkpoints and resume."""

import contextlib
import copy
import io
import math
import tempfile
from pathlib import Path
from types import ModuleType

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

MINUTES = 150
torch.set_num_threads(1)


class Probe(nn.Module):
    """A linear classifier that notes the mode and whether gradients are recorded."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(3)
        self.linear = nn.Linear(5, 3)
        self.modes: list[bool] = []
        self.recording: list[bool] = []

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        self.modes.append(self.training)
        self.recording.append(torch.is_grad_enabled())
        return self.linear(inputs)


def make_probe_loader(count: int = 40) -> DataLoader:
    generator = torch.Generator().manual_seed(4)
    inputs = torch.randn(count, 5, generator=generator)
    inputs[32:] *= 4
    return DataLoader(TensorDataset(inputs, torch.randint(0, 3, (count,), generator=generator)), 32)


def train_reference(model: Probe, loader: DataLoader, clear: bool = True) -> tuple[torch.Tensor, float, float]:
    """Weights after one epoch of SGD, the mean loss over examples and the mean over batches."""
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    losses, sizes = [], []
    for inputs, labels in loader:
        if clear:
            optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(inputs), labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        sizes.append(len(labels))
    weighted = sum(loss * size for loss, size in zip(losses, sizes, strict=True)) / sum(sizes)
    return model.linear.weight.detach(), weighted, sum(losses) / len(losses)


def run_fit(exercise: ModuleType, folder: str, epochs: int, resume: bool = False) -> dict[str, torch.Tensor]:
    with contextlib.redirect_stdout(io.StringIO()):
        return copy.deepcopy(exercise.fit(Path(folder), epochs, resume=resume).state_dict())


def check_count_parameters(exercise: ModuleType) -> None:
    """The network has 612 trainable parameters; batch normalisation's running averages don't count."""
    count = exercise.count_parameters(exercise.Network())
    expected = (9 * 8 + 8) + (8 + 8) + (128 * 4 + 4)
    assert count == expected, (
        f"`count_parameters(Network())` gave {count}, but the layers have 80 + 16 + 516 = {expected} trainable numbers."
    )
    frozen = nn.Linear(4, 2)
    frozen.bias.requires_grad_(False)
    count = exercise.count_parameters(frozen)
    assert count == 8, f"A 4 to 2 linear layer with a frozen bias has 8 trainable numbers, but you counted {count}."


def check_gradients(exercise: ModuleType) -> None:
    """Each batch starts from cleared gradients and takes one optimiser step."""
    loader, model = make_probe_loader(), Probe()
    start = model.linear.weight.detach().clone()
    expected = train_reference(Probe(), loader)[0]
    piled = train_reference(Probe(), loader, clear=False)[0]
    exercise.train_epoch(model, torch.optim.SGD(model.parameters(), lr=0.5), loader)
    weight = model.linear.weight.detach()
    assert not torch.equal(weight, start), "`train_epoch` left the weights unchanged: call `backward` and `step`."
    assert not torch.allclose(weight, piled, atol=1e-5), (
        "The second batch added its gradient to that of the first: call `optimizer.zero_grad()` for every batch."
    )
    assert torch.allclose(weight, expected, atol=1e-5), (
        "After two batches the weights differ from one SGD step per batch on the mean cross-entropy of the logits."
    )


def check_train_mode(exercise: ModuleType) -> None:
    """Training switches to train mode, also after an evaluation."""
    model = Probe()
    model.eval()
    exercise.train_epoch(model, torch.optim.SGD(model.parameters(), lr=0.1), make_probe_loader())
    assert all(model.modes), "A model in eval mode was trained without dropout: call `model.train()` in `train_epoch`."


def check_train_loss(exercise: ModuleType) -> None:
    """The training loss weighs each batch by its number of examples."""
    loader, model = make_probe_loader(), Probe()
    _, weighted, unweighted = train_reference(Probe(), loader)
    loss = exercise.train_epoch(model, torch.optim.SGD(model.parameters(), lr=0.5), loader)
    assert isinstance(loss, float), "`train_epoch` must return a float: use `loss.item()`, or every graph stays alive."
    assert math.isclose(loss, weighted, rel_tol=1e-4), (
        f"Batches of 32 and 8 examples have the mean loss {weighted:.3f} over examples, but you returned {loss:.3f}"
        + (", the mean over batches." if math.isclose(loss, unweighted, rel_tol=1e-4) else ".")
    )


def check_evaluate(exercise: ModuleType) -> None:
    """Evaluation uses eval mode without gradients, and averages over examples."""
    loader, model = make_probe_loader(), Probe()
    loss, accuracy = exercise.evaluate(model, loader)
    assert not any(model.modes), "`evaluate` ran in train mode, where dropout is random: call `model.eval()`."
    assert not any(model.recording), "`evaluate` recorded gradients, which costs memory: use `torch.no_grad()`."
    inputs, labels = loader.dataset.tensors
    with torch.no_grad():
        logits = model.linear(inputs)
    expected = nn.functional.cross_entropy(logits, labels).item()
    share = (logits.argmax(1) == labels).float().mean().item()
    assert math.isclose(loss, expected, rel_tol=1e-4), (
        f"The mean loss of 40 examples is {expected:.3f}, not {loss:.3f}."
    )
    assert math.isclose(accuracy, share, rel_tol=1e-4), (
        f"{round(share * 40)} of 40 examples are right, {share:.3f}, but `evaluate` gave {accuracy:.3f}."
    )


def check_learns(exercise: ModuleType) -> None:
    """Four epochs reach 88% validation accuracy on the given shapes."""
    with tempfile.TemporaryDirectory() as folder:
        run_fit(exercise, folder, 4)
        model, (images, labels) = exercise.Network(), exercise.make_data(200, 2).tensors
        exercise.load_checkpoint(Path(folder) / "last.pt", model, torch.optim.Adam(model.parameters()))
        model.eval()
        accuracy = (model(images).argmax(1) == labels).float().mean().item()
    assert accuracy >= 0.88, f"After four epochs {accuracy:.0%} of the validation images are right; 88% are needed."


def check_best(exercise: ModuleType) -> None:
    """best.pt holds the epoch with the highest validation accuracy, also across a resume."""
    original = exercise.evaluate
    results = iter([(0.5, 0.6), (0.3, 0.9), (0.4, 0.7), (0.4, 0.8)])
    exercise.evaluate = lambda *_: next(results, (9.9, 0.0))
    try:
        with tempfile.TemporaryDirectory() as folder:
            run_fit(exercise, folder, 3)
            model = exercise.Network()
            optimizer = torch.optim.Adam(model.parameters())
            epoch, _ = exercise.load_checkpoint(Path(folder) / "best.pt", model, optimizer)
            assert epoch == 2, (
                f"With accuracies 0.6, 0.9 and 0.7, best.pt must hold epoch 2, but it holds epoch {epoch}."
            )
            run_fit(exercise, folder, 4, resume=True)
            assert next(results, None) is None, "A run resumed after epoch 3 of 4 must train one epoch, the fourth."
            epoch, _ = exercise.load_checkpoint(Path(folder) / "best.pt", model, optimizer)
            assert epoch == 2, (
                "A resumed run with accuracy 0.8 replaced best.pt of accuracy 0.9: save the best accuracy in last.pt."
            )
    finally:
        exercise.evaluate = original


def check_resume(exercise: ModuleType) -> None:
    """A run that stops after epoch 2 and resumes ends with the weights of an unbroken run."""
    with tempfile.TemporaryDirectory() as unbroken, tempfile.TemporaryDirectory() as broken:
        expected = run_fit(exercise, unbroken, 4)
        run_fit(exercise, broken, 2)
        model = exercise.Network()
        optimizer = torch.optim.Adam(model.parameters())
        torch.manual_seed(99)
        exercise.load_checkpoint(Path(broken) / "last.pt", model, optimizer)
        state = torch.get_rng_state()
        assert optimizer.state_dict()["state"], (
            "After loading, Adam starts with empty averages: save and restore the optimiser's `state_dict`."
        )
        torch.manual_seed(99)
        assert not torch.equal(state, torch.get_rng_state()), (
            "Loading left the random generator as it was, so dropout differs: restore it with `torch.set_rng_state`."
        )
        weights = run_fit(exercise, broken, 4, resume=True)
    for name, tensor in expected.items():
        assert torch.equal(tensor, weights[name]), (
            f"`{name}` differs between four epochs and two plus two: resume at epoch 3 with the same order of examples."
        )
