"""The published schemes by name: scale, mode and law of the weights, and nothing else.

Separate because two sides need the same numbers: `xavier` draws weights by them, and reading a
block must know them without loading numpy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Mode = Literal["fan_in", "fan_out", "fan_avg", "fan_geo"]
Distribution = Literal["uniform", "normal", "truncated_normal"]
MODES: tuple[Mode, ...] = get_args(Mode)
DISTRIBUTIONS: tuple[Distribution, ...] = get_args(Distribution)


@dataclass(frozen=True, slots=True)
class Preset:
    """A named case of variance scaling: ``Var W = scale / n``, n chosen by `mode`."""

    label: str
    scale: float
    mode: Mode
    distribution: Distribution


PRESETS: dict[str, Preset] = {
    "xavier-uniform": Preset("Xavier uniform", 1.0, "fan_avg", "uniform"),
    "xavier-normal": Preset("Xavier normal", 1.0, "fan_avg", "normal"),
    "he-normal": Preset("He normal", 2.0, "fan_in", "normal"),
    "he-uniform": Preset("He uniform", 2.0, "fan_in", "uniform"),
    "lecun-normal": Preset("LeCun normal", 1.0, "fan_in", "normal"),
    "lecun-uniform": Preset("LeCun uniform", 1.0, "fan_in", "uniform"),
    "standard": Preset("standard", 1.0 / 3.0, "fan_in", "uniform"),
}
"""Sources: Glorot & Bengio 2010, eqs 12 and 16 (Xavier) and 1 (standard); He et al. 2015, eq. 10;
LeCun et al. 1998. `standard` is also what torch's Linear and Conv layers do by default."""

ALIASES: dict[str, tuple[str, str]] = {
    "xavier": ("xavier-uniform", "Xavier"),
    "glorot": ("xavier-uniform", "Xavier"),
    "he": ("he-normal", "He"),
    "kaiming": ("he-normal", "He"),
    "lecun": ("lecun-normal", "LeCun"),
    "torch-default": ("standard", "torch default"),
}
"""Other names: the preset that each means, and its label in a legend."""
