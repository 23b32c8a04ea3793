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
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other: Value | float) -> Value:
        """The product, with its two parents and their slopes."""
        other = wrap(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def tanh(self) -> Value:
        """The hyperbolic tangent, with its parent and slope."""
        t = math.tanh(self.data)
        return Value(t, (self,), (1 - t * t,))

    def exp(self) -> Value:
        """The exponential, with its parent and slope."""
        e = math.exp(self.data)
        return Value(e, (self,), (e,))

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
        order: list[Value] = []
        seen: set[Value] = set()

        def visit(value: Value) -> None:
            if value not in seen:
                seen.add(value)
                for parent in value.parents:
                    visit(parent)
                order.append(value)

        visit(self)
        self.grad = 1.0
        for value in reversed(order):
            for parent, slope in zip(value.parents, value.slopes, strict=True):
                parent.grad += slope * value.grad


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
        x, y = inputs
        units = [(a * x + b * y + bias).tanh() for a, b, bias in self.hidden]
        total = self.output[-1]
        for weight, unit in zip(self.output, units, strict=False):
            total = total + weight * unit
        return total.tanh()

    def loss(self) -> Value:
        """Mean squared error over the four cases of XOR."""
        total = Value(0.0)
        for inputs, target in XOR:
            error = self.predict(inputs) - target
            total = total + error * error
        return total * 0.25


def train_step(network: Network, rate: float) -> float:
    """One step of gradient descent; return the loss before it."""
    for parameter in network.parameters():
        parameter.grad = 0.0
    loss = network.loss()
    loss.backward()
    for parameter in network.parameters():
        parameter.data -= rate * parameter.grad
    return loss.data


def train(seed: int = 0, steps: int = 300, rate: float = 0.5) -> tuple[Network, list[float]]:
    """A trained network and its losses."""
    network = Network(seed)
    return network, [train_step(network, rate) for _ in range(steps)]


if __name__ == "__main__":
    trained, losses = train()
    print("loss", [round(loss, 4) for loss in losses[::50]], round(losses[-1], 4))
    for case, truth in XOR:
        print(case, truth, round(trained.predict(case).data, 3))
