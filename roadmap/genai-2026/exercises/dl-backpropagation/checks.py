"""Checks of the exercise dl-backpropagation."""

import math
import time
from collections.abc import Callable
from types import ModuleType
from typing import Any

MINUTES = 120
Expression = Callable[[Any, Any], Any]


def share(a: Any, b: Any) -> Any:
    c = a * b
    return c * (c + a)


EXPRESSIONS: dict[str, Expression] = {
    "a * b + a": lambda a, b: a * b + a,
    "a * a * b": lambda a, b: a * a * b,
    "tanh(a * b) + exp(b)": lambda a, b: (a * b).tanh() + b.exp(),
    "tanh(exp(a) * b) * a": lambda a, b: (a.exp() * b).tanh() * a,
    "c * (c + a) with c = a * b": share,
}
POINT = (0.7, -0.4)


def differentiate(exercise: ModuleType, expression: Expression, i: int) -> float:
    """Central difference for a (i = 0) or b (i = 1)."""
    values = []
    for h in (1e-5, -1e-5):
        numbers = [x + h * (i == j) for j, x in enumerate(POINT)]
        values.append(expression(*(exercise.Value(x) for x in numbers)).data)
    return (values[0] - values[1]) / 2e-5


def check_forward(exercise: ModuleType) -> None:
    """The four operations compute the right numbers."""
    a, b = exercise.Value(0.5), exercise.Value(-2.0)
    for name, value, expected in (
        ("0.5 + -2", a + b, -1.5),
        ("0.5 × -2", a * b, -1.0),
        ("tanh 0.5", a.tanh(), math.tanh(0.5)),
        ("exp 0.5", a.exp(), math.exp(0.5)),
        ("3 × 0.5 + 1", 3 * a + 1, 2.5),
    ):
        assert math.isclose(value.data, expected), f"{name} gave {value.data:.4f}; expected {expected:.4f}."


def check_slopes(exercise: ModuleType) -> None:
    """Each operation alone passes back the right gradient."""
    for name, expression, expected in (
        ("a + b", lambda a, b: a + b, (1.0, 1.0)),
        ("a * b", lambda a, b: a * b, (-0.4, 0.7)),
        ("tanh(a)", lambda a, _: a.tanh(), (1 - math.tanh(0.7) ** 2, 0.0)),
        ("exp(a)", lambda a, _: a.exp(), (math.exp(0.7), 0.0)),
    ):
        a, b = (exercise.Value(x) for x in POINT)
        expression(a, b).backward()
        assert math.isclose(a.grad, expected[0]) and math.isclose(b.grad, expected[1]), (
            f"For {name} at a = 0.7, b = -0.4 the gradients are {expected[0]:.4f} and {expected[1]:.4f}; "
            f"you have {a.grad:.4f} and {b.grad:.4f}."
        )


def check_expressions(exercise: ModuleType) -> None:
    """Gradients agree with central differences to 1e-6 on five expressions."""
    for name, expression in EXPRESSIONS.items():
        inputs = [exercise.Value(x) for x in POINT]
        expression(*inputs).backward()
        for i, letter in enumerate("ab"):
            numeric = differentiate(exercise, expression, i)
            assert abs(inputs[i].grad - numeric) < 1e-6, (
                f"For {name} at a = 0.7, b = -0.4 the gradient of {letter} is {inputs[i].grad:.6f} and the central "
                f"difference is {numeric:.6f}; a value that is used twice collects both gradients first."
            )


def check_cost(exercise: ModuleType) -> None:
    """The backward pass visits each value once, however often it is used."""

    def time_backward(length: int) -> float:
        x = start = exercise.Value(1.0)
        for _ in range(length):
            x = x * 0.5 + x * 0.5
        before = time.process_time()
        x.backward()
        seconds = time.process_time() - before
        assert math.isclose(start.grad, 1.0), (
            f"After {length} steps of x = x × 0.5 + x × 0.5 the gradient is {start.grad:.4f}; expected 1."
        )
        return seconds

    short, long = min(time_backward(4) for _ in range(5)), min(time_backward(16) for _ in range(3))
    assert long < 100 * short, (
        f"A graph four times as long took {long / short:,.0f} times as long to run backwards; "
        "put each value into the order once, and visit it once."
    )


def check_network(exercise: ModuleType) -> None:
    """The 2-8-1 network has 33 parameters, and each has the right gradient."""
    network = exercise.Network(seed=3)
    parameters = network.parameters()
    assert len(parameters) == 33, f"The network has {len(parameters)} parameters; 2-8-1 makes 8 × 3 + 9 = 33."
    rows = [[value.data for value in row] for row in network.hidden]
    output = [value.data for value in network.output]
    for (x, y), _ in exercise.XOR:
        units = [math.tanh(a * x + b * y + bias) for a, b, bias in rows]
        expected = math.tanh(sum(w * unit for w, unit in zip(output, units, strict=False)) + output[-1])
        answer = network.predict((x, y)).data
        assert math.isclose(answer, expected, rel_tol=1e-9), (
            f"For the inputs {x:g} and {y:g} the network says {answer:.4f}; expected {expected:.4f}: tanh in both "
            "layers, and the last number of each list is the bias."
        )
    squares = [(network.predict(inputs).data - target) ** 2 for inputs, target in exercise.XOR]
    loss = network.loss()
    assert math.isclose(loss.data, sum(squares) / 4, rel_tol=1e-9), (
        f"The loss is {loss.data:.4f}; the mean of the four squared errors is {sum(squares) / 4:.4f}."
    )


def check_step(exercise: ModuleType) -> None:
    """A step starts from gradients of zero and moves each parameter against its gradient."""
    network, rate = exercise.Network(seed=5), 0.1
    exercise.train_step(network, rate)
    before = [parameter.data for parameter in network.parameters()]
    slopes = []
    for parameter in network.parameters():
        number = parameter.data
        parameter.data = number + 1e-5
        above = network.loss().data
        parameter.data = number - 1e-5
        slopes.append((above - network.loss().data) / 2e-5)
        parameter.data = number
    loss = network.loss().data
    returned = exercise.train_step(network, rate)
    assert math.isclose(returned, loss, rel_tol=1e-9), (
        f"`train_step` returned {returned}; the loss before the step was {loss:.4f}."
    )
    moves = [parameter.data - number for parameter, number in zip(network.parameters(), before, strict=True)]
    gap = max(abs(move + rate * slope) for move, slope in zip(moves, slopes, strict=True))
    assert gap < 1e-6, (
        f"In the second step a parameter moved by {gap:.2g} more or less than rate × gradient; set all gradients to 0 "
        "before each backward pass, and subtract."
    )


def check_xor(exercise: ModuleType) -> None:
    """The loss falls, and all four cases of XOR are classified correctly."""
    network, losses = exercise.train(seed=1)
    assert losses[-1] < losses[0] / 10, (
        f"The loss went from {losses[0]:.3f} to {losses[-1]:.3f}; expected a tenth or less."
    )
    wrong = [inputs for inputs, target in exercise.XOR if network.predict(inputs).data * target <= 0]
    assert not wrong, f"After training, the network is wrong on {wrong}."
