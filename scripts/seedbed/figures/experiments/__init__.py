"""The computing half of each kind of figure, a module a kind.

Each has `measure(parameters, seed)`, the numbers as named arrays (cached under everything they
depend on), and `present(parameters, measured, theory=…)`, those numbers as chart, description
and table. Separate from `kinds`, which must stay free of numpy.
"""

from __future__ import annotations

import importlib
from typing import Protocol, cast

import numpy as np
from numpy.typing import NDArray

from seedbed.figures.chart import Presentation
from seedbed.figures.kinds.parameters import Parameters

Measured = dict[str, NDArray[np.float64]]


class Experiment(Protocol):
    """What a module of this package offers."""

    def measure(self, parameters: Parameters, seed: int) -> Measured:
        """Compute the numbers."""

    def present(self, parameters: Parameters, measured: Measured, *, theory: bool) -> Presentation:
        """Turn the numbers into what a reader gets."""


def module_name(kind: str) -> str:
    """Return the name, in this package, of the module that computes a kind."""
    return kind.replace("-", "_")


def experiment(kind: str) -> Experiment:
    """Load the module that computes a kind."""
    return cast(Experiment, importlib.import_module(f"{__name__}.{module_name(kind)}"))


def child_seeds(seed: int, kind: str, count: int) -> list[np.random.SeedSequence]:
    """Return a seed a repeat, which all its curves share so that they differ by scheme alone."""
    return np.random.SeedSequence([seed, *kind.encode()]).spawn(count)
