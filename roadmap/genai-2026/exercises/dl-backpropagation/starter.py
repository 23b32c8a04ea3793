"""Write a scalar engine that records a graph and differentiates it backwards, and train a 2-8-1 network on XOR with it.

A `Value` holds a number, the values that it was computed from, and the derivative for each of them. `backward` runs
through the graph from the result to the inputs and adds up gradients. Run this file: it prints the loss during training
and the four answers.

It takes about 120 minutes.
Check it: python check.py dl-backpropagation
"""

from __future__ import annotations

import math
import random

XOR = [((0.0, 0.0), -1.0), ((0.0, 1.0), 1.0), ((1.0, 0.0), 1.0), ((1.0, 1.0), -1.0)]


class Value:
    """A number in a graph, with its gradient after `backward`."""

    def __init__(self, data: float, parents: tuple[Value, ...] = (), slopes: tuple[float, ...] = ()) -> None:
        self.data = data
        self.grad = 0.0
        self.parents = parents
        self.slopes = slopes  # the derivative of this value with respect to each parent

    def __add__(self, other: Value | float) -> Value:
        """The sum, with its two parents and their slopes."""
        other = wrap(other)
        raise NotImplementedError("return a Value of the sum; both slopes are 1")

    def __mul__(self, other: Value | float) -> Value:
        """The product, with its two parents and their slopes."""
        other = wrap(other)
        raise NotImplementedError("return a Value of the product; each slope is the other factor")

    def tanh(self) -> Value:
        """The hyperbolic tangent, with its parent and slope."""
        raise NotImplementedError("return a Value of math.tanh; the slope is 1 - tanh²")

    def exp(self) -> Value:
        """The exponential, with its parent and slope."""
        raise NotImplementedError("return a Value of math.exp; the slope is the value itself")

    def __radd__(self, other: float) -> Value:
        return self + other

    def __rmul__(self, other: float) -> Value:
        return self * other

    def __neg__(self) -> Value:
        return self * -1.0

    def __sub__(self, other: Value | float) -> Value:
        return self + -wrap(other)

    def backward(self) -> None:
        """Add the derivative of this value with respect to each value of the graph to its `grad`."""
        raise NotImplementedError(
            "order the graph so that parents come first; walk it backwards and add slope × gradient to each parent"
        )


def wrap(number: Value | float) -> Value:
    """The number as a Value."""
    return number if isinstance(number, Value) else Value(number)


class Network:
    """2 inputs, 8 tanh units and 1 tanh output; 33 parameters."""

    def __init__(self, seed: int = 0) -> None:
        rng = random.Random(seed)
        self.hidden = [[Value(rng.uniform(-1, 1)) for _ in range(3)] for _ in range(8)]  # two weights and a bias
        self.output = [Value(rng.uniform(-1, 1)) for _ in range(9)]  # eight weights and a bias

    def parameters(self) -> list[Value]:
        """All weights and biases."""
        return [value for row in self.hidden for value in row] + self.output

    def predict(self, inputs: tuple[float, float]) -> Value:
        """The answer, from -1 to 1; above 0 means true."""
        raise NotImplementedError(
            "tanh of weights times inputs plus bias for each hidden unit, then the same for the output"
        )

    def loss(self) -> Value:
        """Mean squared error over the four cases of XOR."""
        raise NotImplementedError("add up the squares of answer minus target and divide by 4")


def train_step(network: Network, rate: float) -> float:
    """One step of gradient descent; return the loss before it."""
    raise NotImplementedError(
        "set all gradients to 0, compute the loss, run it backwards, move each parameter against its gradient"
    )


def train(seed: int = 0, steps: int = 300, rate: float = 0.5) -> tuple[Network, list[float]]:
    """A trained network and its losses."""
    network = Network(seed)
    return network, [train_step(network, rate) for _ in range(steps)]


if __name__ == "__main__":
    trained, losses = train()
    print("loss", [round(loss, 4) for loss in losses[::50]], round(losses[-1], 4))
    for case, truth in XOR:
        print(case, truth, round(trained.predict(case).data, 3))
