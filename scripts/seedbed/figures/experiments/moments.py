"""Networks of dense layers, all of one width -> second moments by layer, simulated and predicted.

Separate from the kinds because signals and gradients are measured alike: of the same networks,
for every scheme and every activation.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from seedbed.figures.activations import ACTIVATIONS, Activation
from seedbed.figures.experiments import Measured, child_seeds
from seedbed.figures.experiments.curves import ByDepth
from seedbed.figures.laws import draw, variance
from seedbed.figures.propagation import Draw, Layers, Probe
from seedbed.figures.scheme import Scheme

Values = NDArray[np.float64]
Simulate = Callable[[Sequence[Activation], Draw, Layers, Probe, np.random.SeedSequence], Values]
Predict = Callable[[Activation, float, Layers], Values]


def moments_by_depth(
    parameters: ByDepth, seed: int, simulate: Simulate, predict: Predict
) -> Measured:
    """Simulate every curve, and predict it.

    ``simulate`` and ``predict`` are such as `propagation.simulated_moments` and
    `propagation.predicted_second_moments`. Returns ``simulated (inits, activations, seeds, depth)``
    and ``predicted (inits, activations, depth)``; nan where there is no prediction.
    """
    layers = Layers(parameters.depth, parameters.width, parameters.bias_std)
    functions = [ACTIVATIONS[name] for name in parameters.activations]
    shape = (parameters.width, parameters.width)
    simulated = [
        [
            simulate(
                functions,
                lambda rng, scheme=scheme: draw(scheme, shape, rng),  # type: ignore[misc]
                layers,
                Probe(parameters.batch, parameters.quantity),
                child,
            )
            for child in child_seeds(seed, parameters.kind, parameters.seeds)
        ]
        for scheme in parameters.inits
    ]
    factors = [weight_factor(scheme, parameters.width) for scheme in parameters.inits]
    predicted = [
        [
            np.full(layers.depth, np.nan) if math.isnan(factor) else predict(each, factor, layers)
            for each in functions
        ]
        for factor in factors
    ]
    return {
        "simulated": np.moveaxis(np.array(simulated), 1, 2),
        "predicted": np.array(predicted),
    }


def weight_factor(scheme: Scheme, width: int) -> float:
    """Return ``n * Var W`` of layers with n inputs and n outputs; nan for equal weights.

    Equal weights add up their inputs: there is no law of large numbers to predict with.
    """
    if scheme.law == "constant" and scheme.amount != 0.0:
        return math.nan
    return width * variance(scheme, (width, width))
