"""What every kind of figure has in common: its parameters, its words, and what it costs.

Nothing here computes or draws, and nothing loads numpy.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import ClassVar

from seedbed.figures.scheme import Scheme

ACTIVATION_NAMES = (
    "linear",
    "tanh",
    "sigmoid",
    "relu",
    "leaky-relu",
    "softsign",
    "elu",
    "selu",
    "gelu",
    "silu",
    "lecun-tanh",
)


class Parameters(ABC):
    """The parameters of one figure; each kind is a dataclass derived from this."""

    __slots__ = ()
    kind: ClassVar[str]
    about: ClassVar[str]
    """What the kind shows, in one line for the listing."""

    @abstractmethod
    def title(self) -> str:
        """Return the title of a figure whose block gives none; plain text."""

    @abstractmethod
    def caption(self) -> str:
        """Return the caption of a figure whose block gives none; inline Markdown."""

    @abstractmethod
    def seconds(self) -> float:
        """Return the estimated time on one processor core."""

    def faults(self) -> Iterator[tuple[str, str]]:
        """Yield field and message where allowed values do not go together."""
        yield from ()


def draw_seconds(scheme: Scheme, fan_in: int, fan_out: int) -> float:
    """Return the estimated time to draw one weight matrix on one core."""
    size = fan_in * fan_out
    if scheme.law == "constant":
        return 1e-9 * size
    if scheme.law == "orthogonal":
        return 2e-8 * size + 4e-10 * size * min(fan_in, fan_out)
    if scheme.law == "uniform" or scheme.distribution == "uniform":
        return 5e-9 * size
    return (2.6e-8 if scheme.distribution == "truncated_normal" else 2e-8) * size
