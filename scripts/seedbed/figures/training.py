"""Inputs with labels, and a dense network -> its training by gradient descent, step by step.

Layer l computes ``z_l = h_{l-1} W_l + b_l`` and ``h_l = φ(z_l)`` with ``h_0 = x``; the last layer's
``z`` are the logits of a softmax with cross-entropy. Everything is float64 and nothing random
but what is drawn from the seeds given. A run that diverges ends in values that are not finite;
it does not raise. Separate from `propagation`, which never changes a weight, and from the
experiments, which know what to watch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from seedbed.figures import laws
from seedbed.figures.activations import Activation
from seedbed.figures.datasets import DataSet, Examples, Labels
from seedbed.figures.scheme import Scheme

Values = NDArray[np.float64]

# What the backward pass has at hand is h; where φ' follows from it, z need not be looked at again.
_SLOPE_OF_OUTPUT: dict[str, Callable[[Values], Values]] = {
    "tanh": lambda h: 1.0 - h * h,
    "sigmoid": lambda h: h - h * h,
    "relu": np.sign,
}


@dataclass(frozen=True, slots=True)
class Network:
    """Weights and biases, which training changes in place."""

    activation: Activation
    """φ of every layer but the last, which has none."""
    weights: tuple[Values, ...]
    """(fan_in, fan_out) each."""
    biases: tuple[Values, ...]
    """(fan_out,) each."""

    def activations(self, inputs: Values) -> list[Values]:
        """Return ``h_1, h_2, …`` and, last, the logits, each (len(inputs), units)."""
        return self._forward(inputs)[1][1:]

    def accuracy(self, examples: Examples) -> float:
        """Return the share of examples whose largest logit is their class's; nan if one is not finite."""
        with np.errstate(all="ignore"):
            logits = self.activations(examples.inputs)[-1]
        return share_right(logits, examples.labels)

    def gradients(self, examples: Examples) -> tuple[Values, list[Values], list[Values]]:
        """Return the logits and the derivatives of the mean cross-entropy.

        Parameters
        ----------
        examples : Examples
            B inputs (B, features) and their classes (B,).

        Returns
        -------
        tuple
            Logits (B, classes), then a derivative for each of the weights and of the biases, of their
            shapes. ``∂C/∂z_L = (softmax(z_L) - onehot) / B``, ``∂C/∂W_l = h_{l-1}ᵀ ∂C/∂z_l``,
            ``∂C/∂z_{l-1} = (∂C/∂z_l W_lᵀ) φ'(z_{l-1})``.
        """
        z, h = self._forward(examples.inputs)
        slope_of_output = _SLOPE_OF_OUTPUT.get(self.activation.name)
        signal = _softmax(h[-1])
        signal[np.arange(len(signal)), examples.labels] -= 1.0
        signal /= len(signal)
        weight_gradients, bias_gradients = [], []
        for layer in range(len(self.weights) - 1, -1, -1):
            weight_gradients.append(h[layer].T @ signal)
            bias_gradients.append(signal.sum(axis=0))
            if layer:
                signal = signal @ self.weights[layer].T
                if slope_of_output is None:
                    signal *= self.activation.derivative(z[layer - 1])
                else:
                    signal *= slope_of_output(h[layer])
        return h[-1], weight_gradients[::-1], bias_gradients[::-1]

    def _forward(self, inputs: Values) -> tuple[list[Values], list[Values]]:
        """Return ``z_1, …, z_{L-1}`` and ``h_0, …, h_{L-1}, z_L``."""
        z: list[Values] = []
        h = [inputs]
        last = len(self.weights) - 1
        for layer, (weights, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            sums = h[-1] @ weights
            sums += bias
            if layer < last:
                z.append(sums)
                h.append(self.activation.function(sums))
            else:
                h.append(sums)
        return z, h


def initial_network(
    widths: Sequence[int],
    schemes: Sequence[Scheme],
    activation: Activation,
    seed: Sequence[np.random.SeedSequence],
) -> Network:
    """Return a network before training, its biases 0.

    Parameters
    ----------
    widths : sequence of int
        Features, units of each hidden layer, classes.
    schemes : sequence of Scheme
        How each layer's weights are drawn, one fewer than `widths`.
    activation : Activation
        φ of the hidden layers.
    seed : sequence of numpy.random.SeedSequence
        One a layer, so that how one is drawn does not change what another gets.

    Raises
    ------
    ValueError
        Unless there are as many schemes and seeds as layers.
    """
    shapes = list(pairwise(widths))
    return Network(
        activation,
        tuple(
            laws.draw(scheme, shape, np.random.Generator(np.random.PCG64(child)))
            for scheme, shape, child in zip(schemes, shapes, seed, strict=True)
        ),
        tuple(np.zeros(units) for units in widths[1:]),
    )


def seeds_of_run(
    seed: np.random.SeedSequence, layers: int
) -> tuple[list[np.random.SeedSequence], np.random.SeedSequence]:
    """Return a seed for the weights of each layer, and the one for the order of examples.

    ``seed`` must be fresh: spawning from it changes it.
    """
    weight_seed, order = seed.spawn(2)
    return weight_seed.spawn(layers), order


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to descend."""

    rate: float
    """The learning rate."""
    batch: int
    """Examples a step."""
    steps: int
    momentum: float = 0.0


@dataclass(frozen=True, slots=True)
class History:
    """What each step saw of its batch, before it changed anything; nan from where a run diverged."""

    loss: Values
    """(steps,), mean cross-entropy in nats."""
    accuracy: Values
    """(steps,), share of the batch that was classified right."""


Watch = Callable[[int, Network], None]
"""Takes the number of steps done and the network as it is then."""


def train(
    network: Network,
    dataset: DataSet,
    recipe: Recipe,
    order: np.random.SeedSequence,
    watch: Watch | None = None,
) -> History:
    """Train a network in place by stochastic gradient descent with momentum.

    Parameters
    ----------
    network : Network
        Where to start, and what is changed.
    dataset : DataSet
        Whose training examples are taken, in rounds: each round in a new random order, what does not
        fill a batch left out.
    recipe : Recipe
        ``v ← momentum v - rate ∂C/∂w``, ``w ← w + v`` for every weight and bias w.
    order : numpy.random.SeedSequence
        Source of the order; the same for runs that are to be compared.
    watch : callable, optional
        Called before the first step and after each, until the run diverges.

    Returns
    -------
    History
        Loss and accuracy of every step. A run ends at the first loss that is not finite; what
        follows is nan.

    Raises
    ------
    ValueError
        If a batch is larger than the data set.
    """
    loss = np.full(recipe.steps, np.nan)
    accuracy = np.full(recipe.steps, np.nan)
    parameters = (*network.weights, *network.biases)
    velocities = [np.zeros_like(values) for values in parameters]
    if watch is not None:
        watch(0, network)
    with np.errstate(all="ignore"):
        for step, batch in enumerate(batches(dataset.training, recipe, order)):
            logits, *gradients = network.gradients(batch)
            mean = cross_entropy(logits, batch.labels)
            if not np.isfinite(mean):
                break
            loss[step], accuracy[step] = mean, share_right(logits, batch.labels)
            for at, slope in enumerate((*gradients[0], *gradients[1])):
                _descend(parameters[at], velocities[at], slope, recipe)
            if watch is not None:
                watch(step + 1, network)
    return History(loss, accuracy)


def cross_entropy(logits: Values, labels: Labels) -> float:
    """Return the mean of ``-ln softmax(z)[label]`` over rows of logits; in nats."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    normaliser = np.log(np.exp(shifted).sum(axis=1))
    return float(np.mean(normaliser - shifted[np.arange(len(labels)), labels]))


def share_right(logits: Values, labels: Labels) -> float:
    """Return the share of rows whose largest logit is the label's; nan if one is not finite."""
    if not np.isfinite(logits).all():
        return float("nan")
    return float(np.mean(logits.argmax(axis=1) == labels))


def running_mean(values: Values, window: int) -> Values:
    """Return the mean of each step and up to ``window - 1`` before it, along the last axis.

    Not finite from the first value that is not; the shape is that of `values`.
    """
    sums = np.cumsum(np.concatenate((np.zeros((*values.shape[:-1], 1)), values), axis=-1), axis=-1)
    ends = np.arange(1, values.shape[-1] + 1)
    starts = np.maximum(ends - window, 0)
    means: Values = (sums[..., ends] - sums[..., starts]) / (ends - starts)
    return means


def thinned(count: int, most: int = 120) -> list[int]:
    """Return at most so many of the indices below `count`, evenly, the first and the last included."""
    return sorted({round(at) for at in np.linspace(0.0, count - 1.0, min(count, most)).tolist()})


def _descend(values: Values, velocity: Values, slope: Values, recipe: Recipe) -> None:
    """Take one step with one array, in place; `slope` is used up."""
    slope *= recipe.rate
    if recipe.momentum == 0.0:
        values -= slope
        return
    velocity *= recipe.momentum
    velocity -= slope
    values += velocity


def _softmax(logits: Values) -> Values:
    powers: Values = np.exp(logits - logits.max(axis=1, keepdims=True))
    powers /= powers.sum(axis=1, keepdims=True)
    return powers


def batches(
    examples: Examples, recipe: Recipe, order: np.random.SeedSequence
) -> Iterator[Examples]:
    """Yield the batch of every step, in rounds as `train` says."""
    count = len(examples.labels)
    if recipe.batch > count:
        raise ValueError(f"a batch of {recipe.batch} is more than all {count} examples")
    rng = np.random.Generator(np.random.PCG64(order))
    a_round = count // recipe.batch
    for step in range(recipe.steps):
        at = step % a_round
        if at == 0:
            places = rng.permutation(count)
        chosen = places[at * recipe.batch : (at + 1) * recipe.batch]
        yield Examples(examples.inputs[chosen], examples.labels[chosen])
