"""What all kinds that train networks share: data sets, fields, and what a step costs.

Separate from `parameters` because most kinds train nothing.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Annotated

from seedbed.figures.fields import About, AlsoCalled, integer, number, word

SIZES = {"shapes": (144, 3), "digits": (64, 10), "spirals": (2, 3)}
"""Features and classes of each data set."""

# Fields that several of these kinds have in the same form; a kind adds its default.
Dataset = Annotated[
    str,
    word("dataset", *SIZES),
    About("what is learnt; digits needs scikit-learn"),
    AlsoCalled(("data",)),
]
LearningRate = Annotated[
    float,
    number(0.0, 10.0, above=True),
    About("learning rate"),
    AlsoCalled(("rate", "learning_rate", "learning-rate")),
]
Examples = Annotated[
    int, integer(1, 512), About("examples a step"), AlsoCalled(("batch_size", "batch-size"))
]
Steps = Annotated[int, integer(10, 2000), About("steps of training")]


def lacking(name: str) -> Iterator[tuple[str, str]]:
    """Yield field and message where a data set is not to be had here."""
    if name == "digits" and importlib.util.find_spec("sklearn") is None:
        yield "dataset", "dataset 'digits' needs scikit-learn, which is not installed"


def widths(name: str, depth: int, width: int) -> tuple[int, ...]:
    """Return features, units of each hidden layer, and classes."""
    features, classes = SIZES[name]
    return (features, *(width,) * depth, classes)


def step_seconds(sizes: Sequence[int], batch: int, activation: str) -> float:
    """Return the estimated time of one step of training on one core."""
    products = sum(first * second for first, second in pairwise(sizes))
    # Forward and back; other functions than these have no slope that follows from their value.
    cost = {"relu": 4e-9, "tanh": 1.2e-8, "sigmoid": 1.2e-8, "gelu": 2.6e-7}.get(activation, 4e-8)
    return (
        6.0 * batch * products / 3e10
        + 4e-9 * products
        + cost * batch * sum(sizes[1:-1])
        + 2.5e-5 * len(sizes)
    )
