"""The name of a data set -> its inputs and labels, standardised, the same for ever.

`shapes` and `spirals` are made here, from numpy alone; `digits` is read from scikit-learn where
that is installed. Separate from `training`, which takes any inputs with labels.
"""

from __future__ import annotations

import functools
import importlib
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
Labels = NDArray[np.int64]

SIDE = 12
"""Pixels of an image of `shapes` in each direction."""
_FINE = 3
"""Points at which a pixel is tested in each direction: edges get shades of grey."""
_HELD_OUT = 4
"""One in so many examples is kept back from training."""
_LEVELS = 0.01
"""What is added to the variance of an input before dividing: pixels that never change stay quiet."""


@dataclass(frozen=True, slots=True)
class Examples:
    """Inputs with the class that each belongs to."""

    inputs: Values
    """(examples, features)."""
    labels: Labels
    """(examples,), from 0 to one less than the number of classes."""


@dataclass(frozen=True, slots=True)
class DataSet:
    """What to learn from, and what to judge by."""

    training: Examples
    held_out: Examples
    classes: int

    @property
    def features(self) -> int:
        """Numbers in one input."""
        return int(self.training.inputs.shape[1])


@functools.cache
def load(name: str) -> DataSet:
    """Return a data set by name; its arrays cannot be written to.

    Parameters
    ----------
    name : {'shapes', 'spirals', 'digits'}
        Which.

    Returns
    -------
    DataSet
        Every fourth example is held out. Each feature is shifted and scaled to mean 0 and variance
        ``v / (v + 0.01)`` over the training examples, v being its variance as made: close to 1,
        and 0 for a feature that never changes.

    Raises
    ------
    KeyError
        For an unknown name.
    ModuleNotFoundError
        For `digits` where scikit-learn is not installed.
    """
    inputs, labels = _MAKERS[name]()
    held_out = np.arange(len(labels)) % _HELD_OUT == _HELD_OUT - 1
    seen = inputs[~held_out]
    standardised = (inputs - seen.mean(axis=0)) / np.sqrt(seen.var(axis=0) + _LEVELS)
    for array in (standardised, labels):
        array.flags.writeable = False
    return DataSet(
        _part(standardised, labels, ~held_out),
        _part(standardised, labels, held_out),
        int(labels.max()) + 1,
    )


def shapes(count: int, rng: np.random.Generator) -> tuple[Values, Labels]:
    """Draw small grey images, each of one ellipse, one parallelogram or one triangle.

    Parameters
    ----------
    count : int
        Number of images.
    rng : numpy.random.Generator
        Source of randomness.

    Returns
    -------
    tuple of ndarray
        Images (count, 144), one row of pixels after the other, and classes (count,): 0 ellipse,
        1 parallelogram, 2 triangle. Grey levels: 0 paper, up to 1 ink, plus noise.

    Notes
    -----
    Each image is a circle, a square or an equilateral triangle of area 1 under a random linear
    map and shift. The map has the same law for all three, so that neither size nor brightness nor
    direction gives a class away. The idea is Shapeset's (Glorot & Bengio 2010, section 2.1): examples
    without end whose classes no single pixel tells.
    """
    labels = rng.integers(0, len(_INSIDE), count)
    turn = rng.uniform(-0.3, 0.3, (count, 1))
    shear = rng.uniform(-0.3, 0.3, (count, 1))
    stretch = np.exp(rng.uniform(-0.25, 0.25, (count, 1)))
    size = np.sqrt(rng.uniform(20.0, 36.0, (count, 1)))
    shift = rng.uniform(-0.75, 0.75, (2, count, 1))
    ink = rng.uniform(0.6, 1.0, (count, 1))
    images = 0.1 * rng.standard_normal((count, SIDE * SIDE))
    for label, inside in enumerate(_INSIDE):
        chosen = np.flatnonzero(labels == label)
        x, y = (axis - shift[at, chosen] for at, axis in enumerate(_points()))
        # The inverse of the map, from the image back to the plain figure.
        cosine, sine = np.cos(turn[chosen]) / size[chosen], np.sin(turn[chosen]) / size[chosen]
        x, y = cosine * x + sine * y, cosine * y - sine * x
        x, y = (x - shear[chosen] * y) / stretch[chosen], y * stretch[chosen]
        images[chosen] += ink[chosen] * _coverage(inside(x, y))
    return images, labels


def spirals(count: int, rng: np.random.Generator) -> tuple[Values, Labels]:
    """Draw points on three arms that wind about each other.

    Parameters
    ----------
    count : int
        Number of points.
    rng : numpy.random.Generator
        Source of randomness.

    Returns
    -------
    tuple of ndarray
        Points (count, 2) and their arms (count,): at the fraction t of its length, arm k is at
        distance t from the middle and at the angle ``2π k / 3 + 2π t``, blurred by N(0, 0.04²).
    """
    labels = rng.integers(0, 3, count)
    t = np.sqrt(rng.uniform(0.02, 1.0, count))
    angles = 2.0 * math.pi * (labels / 3.0 + t)
    points = t[:, None] * np.stack((np.cos(angles), np.sin(angles)), axis=1)
    return points + 0.04 * rng.standard_normal((count, 2)), labels


def _points() -> tuple[Values, Values]:
    """Return where pixels are tested, (1, 36 * 36) each; one unit a pixel, 0 in the middle."""
    fine = SIDE * _FINE
    line = (np.arange(fine) + 0.5) / _FINE - SIDE / 2.0
    y, x = np.meshgrid(line, line, indexing="ij")
    return x.reshape(1, -1), y.reshape(1, -1)


def _coverage(inside: NDArray[np.bool_]) -> Values:
    """Return which part of each pixel is inside, from its points."""
    blocks = inside.reshape(-1, SIDE, _FINE, SIDE, _FINE)
    covered: Values = blocks.mean(axis=(2, 4)).reshape(len(inside), -1)
    return covered


# Each figure of area 1, its middle at 0.
_RADIUS = math.pi**-0.5
_HALF_SIDE = 0.5
_INNER_RADIUS = 3.0**-0.75
"""Of the circle in an equilateral triangle."""


def _in_circle(x: Values, y: Values) -> NDArray[np.bool_]:
    return np.asarray(x * x + y * y < _RADIUS**2)


def _in_square(x: Values, y: Values) -> NDArray[np.bool_]:
    return np.maximum(np.abs(x), np.abs(y)) < _HALF_SIDE


def _in_triangle(x: Values, y: Values) -> NDArray[np.bool_]:
    slant = 0.5 * math.sqrt(3.0) * np.abs(x) - 0.5 * y
    return np.maximum(slant, y) < _INNER_RADIUS


_INSIDE = (_in_circle, _in_square, _in_triangle)


def _part(inputs: Values, labels: Labels, chosen: NDArray[np.bool_]) -> Examples:
    part = Examples(inputs[chosen], labels[chosen])
    for array in (part.inputs, part.labels):
        array.flags.writeable = False
    return part


def _own(name: str) -> np.random.Generator:
    """Return the stream of a data set, which no figure's seed changes."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([*name.encode()])))


def _digits() -> tuple[Values, Labels]:
    source = importlib.import_module("sklearn.datasets").load_digits()
    return source.data.astype(np.float64), source.target.astype(np.int64)


_MAKERS = {
    "shapes": lambda: shapes(4000, _own("shapes")),
    "spirals": lambda: spirals(4000, _own("spirals")),
    "digits": _digits,
}
