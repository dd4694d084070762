r"""The numbers quoted in the notes: each stands there as quoted, and is what comes out to its last digit.

A claim is a stretch of a note with its numbers between guillemets, and their values. Notation: ``q_1 = g²`` for unit
inputs, ``q_{l+1} = g² V(q_l)`` with ``g² = fan-in · Var W``, equal widths and no biases; chi is what a layer multiplies
the second moment of the gradient by where q has settled. What a paper reports is not computed here.
"""

import itertools
import math
import re
from pathlib import Path

import numpy as np
import pytest

from seedbed.figures.activations import ACTIVATIONS, expectation, piecewise_linear
from seedbed.figures.propagation import (
    Layers,
    predicted_second_moments,
    predicted_variance_across_inputs,
)
from seedbed.figures.xavier import truncation_factor, uniform_limit, weight_variance

NOTES = Path(__file__).resolve().parent.parent / "notes"
NUMBER = re.compile(r"(-?\d+(?:\.\d+)?)(?: \\times 10\^\{(-?\d+)\})?|(-?)\\tfrac(\d)(\d)")
TANH, SIGMOID, RELU = (ACTIVATIONS[name] for name in ("tanh", "sigmoid", "relu"))
XAVIER, HE, OLD = 1.0, 2.0, 1 / 3
"""g² of three rules in layers of equal width."""


def q(activation, factor, layer):
    return float(predicted_second_moments(activation, factor, Layers(layer, 256))[-1])


def gradient_ratio(activation, factor, depth):
    """Return the gradient's second moment at layer 1 over that at layer ``depth``."""
    moments = predicted_second_moments(activation, factor, Layers(depth, 256))[:-1]
    return math.prod(factor * activation.slope_moment(moment) for moment in moments)


def settled(activation, factor):
    moment = 1.0
    for _ in range(2000):
        moment = factor * activation.second_moment(moment)
    return moment


def chi(activation, factor):
    return factor * activation.slope_moment(settled(activation, factor))


def spread(factor):
    """Return the standard deviation of a sigmoid network's activations around one half."""
    return math.sqrt(SIGMOID.second_moment(settled(SIGMOID, factor)) - 0.25)


def std(fan_in, fan_out, scale, mode):
    return math.sqrt(weight_variance((fan_in, fan_out), scale=scale, mode=mode))


def loss_of_ten_classes(logit_std):
    """Return the mean loss of a classifier whose ten logits are independent normal numbers."""
    logits = logit_std * np.random.default_rng(1).standard_normal((400_000, 10))
    return float(np.mean(np.log(np.sum(np.exp(logits), axis=1))))


def slope_below(activation, slope):
    """Return the z > 0 beyond which the slope of an S-shaped function is less than ``slope``."""
    low, high = 0.0, 20.0
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (
            (middle, high) if activation.derivative(np.array(middle)) > slope else (low, middle)
        )
    return low


ROUND_TRIP = 4 * (64 / 512) / (1 + 64 / 512) ** 2
G_UNIT, G_TORCH, G_LEVEL = TANH.second_moment(1.0) ** -0.5, 5 / 3, 10.149264
VALUES = {function: ACTIVATIONS[function].function for function in ("tanh", "sigmoid")}
SLOPES = {function: ACTIVATIONS[function].derivative for function in ("tanh", "sigmoid")}


def at(function, *places):
    return [float(function(np.array(float(place)))) for place in places]


CLAIMS = {
    "Xavier Initialization": [
        (r"$f = 1/3$ and $«4.9 \times 10^{-15}»$ of the signal is left", [OLD**30]),
        (r"it has grown to $«1.1 \times 10^{9}»$ times its size", [2.0**30]),
        (
            "gets variance «0.005», standard deviation «0.0707» and limit «0.1225»",
            [
                std(300, 100, 1, "fan_avg") ** 2,
                std(300, 100, 1, "fan_avg"),
                uniform_limit(std(300, 100, 1, "fan_avg")),
            ],
        ),
        ("All three laws have the variance $2/400 = «0.005»$", [2 / 400]),
        (
            (
                "With ReLU their second moment loses a factor of «2» per layer, "
                "with the [[Sigmoid]] a factor of «18»"
            ),
            [1 / chi(RELU, XAVIER), 1 / chi(SIGMOID, XAVIER)],
        ),
        (
            "«0.75» for the layer above, «0.395» for 512 to 64",
            [4 * (1 / 3) / (4 / 3) ** 2, ROUND_TRIP],
        ),
        (
            r"| $«2.6 \times 10^{-15}»$ | $«8.1 \times 10^{-15}»$ |",
            [q(TANH, OLD, 30), gradient_ratio(TANH, OLD, 30)],
        ),
        (
            "| Xavier | «0.0178» | «0.0248» |",
            [q(TANH, XAVIER, 30), gradient_ratio(TANH, XAVIER, 30)],
        ),
        ("| He | «0.618» | «7.89» |", [q(TANH, HE, 30), gradient_ratio(TANH, HE, 30)]),
        ("the signal stops falling at «0.265»", [settled(SIGMOID, XAVIER)]),
        ("divides the gradient's standard deviation by «4.24»", [chi(SIGMOID, XAVIER) ** -0.5]),
    ],
    "He Initialization": [
        (
            "the standard deviation is «0.0816» and the uniform limit «0.1414»",
            [std(300, 100, 2, "fan_in"), uniform_limit(std(300, 100, 2, "fan_in"))],
        ),
        (
            "get the standard deviations «0.059», «0.042», «0.029» and «0.021»",
            [math.sqrt(2 / (9 * channels)) for channels in (64, 128, 256, 512)],
        ),
        ("leave «0.0096» of the signal", [ROUND_TRIP**5]),
        ("keeps it at «2»", [q(RELU, HE, 30)]),
        (r"is down to $«1.9 \times 10^{-9}»$ at layer 30", [q(RELU, XAVIER, 30)]),
        ("halves it per layer ($2^{-29}$ at layer 30)", []),
        (
            "the default of PyTorch''s linear layers, divides it by «6»",
            [q(RELU, OLD, 1) / q(RELU, OLD, 2)],
        ),
        (
            "but mean «0.564» and variance «0.682» only",
            [RELU.mean(2.0), RELU.second_moment(2.0) - RELU.mean(2.0) ** 2],
        ),
        (
            r"about $\sqrt{5L/n}$ ([[Finite-Width Effects]]). At depth 30 and width 256 that is «0.77»",
            [math.sqrt(5 * 30 / 256)],
        ),
        ("The signal settles at «0.618»", [settled(TANH, HE)]),
        ("the gradient's second moment grows by «11» % per layer", [100 * (chi(TANH, HE) - 1)]),
    ],
    "Sigmoid": [
        (r"falls below 0.05 where $\lvert z\rvert > «2.89»$", [slope_below(SIGMOID, 0.05)]),
        ("| «0.5» | «0.731» | «0.881» | «0.982» |", at(VALUES["sigmoid"], 0, 1, 2, 4)),
        ("| «0.25» | «0.197» | «0.105» | «0.018» |", at(SLOPES["sigmoid"], 0, 1, 2, 4)),
        ("the pre-activations drops to «0.265» and stays there", [settled(SIGMOID, XAVIER)]),
        (
            "second moment is «0.265», of which «0.25» is the squared mean and only «0.015» varies",
            [
                SIGMOID.second_moment(settled(SIGMOID, XAVIER)),
                SIGMOID.mean(1.0) ** 2,
                spread(XAVIER) ** 2,
            ],
        ),
        ("each layer leaves about one eighteenth of it", []),
        (
            (
                "multiplies the second moment of the gradient by «0.0557», "
                "and its standard deviation by «0.236»"
            ),
            [chi(SIGMOID, XAVIER), math.sqrt(chi(SIGMOID, XAVIER))],
        ),
        (r"Ten layers leave $«5 \times 10^{-7}»$ of it", [chi(SIGMOID, XAVIER) ** 5]),
        (
            r"to $«4 \times 10^{-12}»$ of variance at layer 10",
            [float(predicted_variance_across_inputs(SIGMOID, XAVIER, Layers(10, 256))[-1])],
        ),
        (
            r"| 1 | «0.121» | «0.0557» | $«5.4 \times 10^{-7}»$ |",
            [spread(1.0), chi(SIGMOID, 1.0), chi(SIGMOID, 1.0) ** 5],
        ),
        (
            r"| 4 | «0.341» | «0.399» | $«1.0 \times 10^{-2}»$ |",
            [spread(16.0), chi(SIGMOID, 16.0), chi(SIGMOID, 16.0) ** 5],
        ),
        (
            "| «10.15» | «0.439» | «1» | «1» |",
            [G_LEVEL, spread(G_LEVEL**2), chi(SIGMOID, G_LEVEL**2), chi(SIGMOID, G_LEVEL**2) ** 5],
        ),
        ("with a spread of «0.439»", [spread(G_LEVEL**2)]),
    ],
    "Hyperbolic Tangent": [
        (r"is below 0.05 for $\lvert z\rvert > «2.18»$", [slope_below(TANH, 0.05)]),
        ("| «0.462» | «0.762» | «0.964» | «0.995» |", at(VALUES["tanh"], 0.5, 1, 2, 3)),
        ("| «0.786» | «0.420» | «0.071» | «0.010» |", at(SLOPES["tanh"], 0.5, 1, 2, 3)),
        (
            "$q_{10} = «0.0580»$, $q_{30} = «0.0178»$ and $q_{100} = «0.0051»$",
            [q(TANH, XAVIER, layer) for layer in (10, 30, 100)],
        ),
        (
            "is «14» % low at layer 10 and «2» % low at layer 100",
            [100 * (1 - 1 / (2 * layer * q(TANH, XAVIER, layer))) for layer in (10, 100)],
        ),
        ("their second moment falls to «0.0248»", [gradient_ratio(TANH, XAVIER, 30)]),
        (
            "the larger gains settle at «1» and at «1.178»",
            [settled(TANH, G_UNIT**2), settled(TANH, G_TORCH**2)],
        ),
        *(
            (f"| «{settles}» | «{rms}» | «{factor}» |", [moment, math.sqrt(moment) / gain, growth])
            for settles, rms, factor, gain in (
                ("0.618", "0.556", "1.106", math.sqrt(2)),
                ("1", "0.628", "1.178", G_UNIT),
                ("1.178", "0.651", "1.210", G_TORCH),
            )
            for moment in [settled(TANH, gain**2)]
            for growth in [chi(TANH, gain**2)]
        ),
        (r"$\mathbb{E}[\tanh^2 \xi] = «0.3943»$", [expectation(lambda z: np.tanh(z) ** 2, 1.0)]),
        (r"The value «1.5925» is $1/\sqrt{\mathbb{E}[\tanh^2 \xi]}$", [G_UNIT]),
        ("second moment grow by «18» % per layer", [100 * (chi(TANH, G_UNIT**2) - 1)]),
        ("makes gradients grow by «21» % per layer", [100 * (chi(TANH, G_TORCH**2) - 1)]),
        (r"after 30 layers $«2.6 \times 10^{-15}»$ of a unit signal is left", [q(TANH, OLD, 30)]),
        ("the second moment settles at «0.382»", [settled(ACTIVATIONS["lecun-tanh"], XAVIER)]),
    ],
    "Deep Learning": [
        (
            r"| $«9.3 \times 10^{-10}»$ | «0.042» | «1» | «17.4» | $«1.1 \times 10^{9}»$ |",
            [factor**30 for factor in (0.5, 0.9, 1.0, 1.1, 2.0)],
        ),
        (
            (
                r"multiplies it by $«\tfrac13»$ per layer, [[Xavier Initialization|Xavier]] by «1» and "
                r"[[He Initialization|He]], which allows for a ReLU that is not there, by «2»"
            ),
            [
                256 * weight_variance((256, 256), scale=scale, mode=mode)
                for scale, mode in ((1 / 3, "fan_in"), (1, "fan_avg"), (2, "fan_in"))
            ],
        ),
    ],
    "Weight Initialization": [
        ("| mean of the fans | uniform | «0.0707» |", [std(300, 100, 1, "fan_avg")]),
        ("| 2 | fan-in | normal | «0.0816» |", [std(300, 100, 2, "fan_in")]),
        ("| 1 | fan-in | normal | «0.0577» |", [std(300, 100, 1, "fan_in")]),
        ("| 1/3 | fan-in | uniform | «0.0333» |", [std(300, 100, 1 / 3, "fan_in")]),
        (
            r"by $«\tfrac13»$ without an activation and by $«\tfrac16»$ with ReLU",
            [q(ACTIVATIONS["linear"], OLD, 1), q(RELU, OLD, 2) / q(RELU, OLD, 1)],
        ),
        (r"$\ln(0.01/0.99) = «-4.595»$", [math.log(0.01 / 0.99)]),
        (r"should have the loss $\ln 10 = «2.303»$", [math.log(10)]),
        (
            "the loss is about «2.73»; with 0.1 it is «2.307»",
            [loss_of_ten_classes(1.0), loss_of_ten_classes(0.1)],
        ),
        ("widened by $1/«0.8796»$ beforehand", [truncation_factor()]),
        (
            "a standard deviation of «0.0176», which is «22.6» % less variance",
            [0.02 * truncation_factor(), 100 * (1 - truncation_factor() ** 2)],
        ),
    ],
}
FROM_PAPERS = {
    "Xavier Initialization": [
        "27.15 % to 15.60 %",
        "82.61 % test error",
        "about 0.8 with its own rule and 0.5",
    ],
}
ROWS = [(note, text, values) for note, claims in CLAIMS.items() for text, values in claims]


def text_of(note):
    return " ".join((NOTES / f"{note}.md").read_text(encoding="utf-8").split())


def printed(number):
    """Return a number as written, and half of one in its last digit."""
    match = NUMBER.fullmatch(number)
    if match[1] is None:
        return int(match[4]) / int(match[5]), 1e-12
    power = 10.0 ** int(match[2] or 0)
    digits = len(match[1].partition(".")[2])
    return float(match[1]) * power, 0.5 * 10.0**-digits * power


@pytest.mark.parametrize(("note", "text"), [(note, text) for note, text, _ in ROWS])
def test_a_claim_stands_in_its_note(note, text):
    assert text.replace("«", "").replace("»", "") in text_of(note)


@pytest.mark.parametrize(
    ("note", "text"), [(note, each) for note, texts in FROM_PAPERS.items() for each in texts]
)
def test_what_a_paper_reports_stands_in_its_note(note, text):
    assert text in text_of(note)


@pytest.mark.parametrize(
    ("text", "values"), [row[1:] for row in ROWS], ids=[row[1][:60] for row in ROWS]
)
def test_a_claim_holds_to_its_last_digit(text, values):
    numbers = re.findall("«(.*?)»", text)
    assert len(numbers) == len(values)
    for number, value in zip(numbers, values, strict=True):
        claimed, margin = printed(number)
        assert abs(claimed - value) <= margin * (1 + 1e-9), (number, value)


# Claims without a number


@pytest.mark.parametrize(("layer", "margin"), [(10, 0.15), (100, 0.03), (1000, 0.005)])
def test_the_signal_of_tanh_fades_like_one_over_two_l(layer, margin):
    assert abs(2 * layer * q(TANH, XAVIER, layer) - 1) < margin * 1.1


@pytest.mark.parametrize("moment", [0.001, 0.003, 0.01])
def test_tanh_squared_is_q_less_two_q_squared(moment):
    assert abs(TANH.second_moment(moment) - (moment - 2 * moment**2)) < 6 * moment**3


@pytest.mark.parametrize("slope", [0.0, 0.01, 0.25, 1.0])
def test_a_leaky_relu_keeps_half_of_one_plus_its_slope_squared(slope):
    assert piecewise_linear("leaky", slope).second_moment(3.0) == pytest.approx(
        3 * (1 + slope**2) / 2
    )


def test_xavier_in_a_square_relu_layer_is_two_to_the_minus_29_at_layer_30():
    assert q(RELU, XAVIER, 30) == pytest.approx(2.0**-29)


def test_about_two_fifths_and_one_eighteenth_are_left_by_a_layer():
    left = [chi(SIGMOID, 16.0), chi(SIGMOID, 1.0)]
    assert left == pytest.approx([2 / 5, 1 / 18], rel=0.01)


def test_lecuns_tanh_maps_one_to_one_to_five_digits():
    assert at(ACTIVATIONS["lecun-tanh"].function, 1, -1) == pytest.approx([1, -1], abs=5e-6)


@pytest.mark.parametrize("factor", [OLD, 0.5, XAVIER, HE])
def test_weight_gradients_of_a_linear_network_are_alike_in_every_layer(factor):
    entering = [factor**layer for layer in range(10)]
    backward = [factor ** (9 - layer) for layer in range(10)]
    products = [signal * gradient for signal, gradient in zip(entering, backward, strict=True)]
    assert products == pytest.approx([products[0]] * 10)


def test_a_sigmoid_network_can_be_a_tanh_network():
    rng = np.random.default_rng(7)
    sizes = (5, 8, 8, 8, 3)
    weights = [rng.standard_normal(shape) for shape in itertools.pairwise(sizes)]
    biases = [rng.standard_normal(size) for size in sizes[1:]]
    inputs = rng.standard_normal((16, 5))
    with_tanh, with_sigmoid = inputs, inputs
    for layer, (weight, bias) in enumerate(zip(weights, biases, strict=True)):
        first, last = layer == 0, layer == len(weights) - 1
        with_tanh = with_tanh @ weight + bias
        offset = 0 if first else weight.sum(axis=0)
        factor = 2 if first or last else 4
        shift = bias - offset if last else 2 * bias - 2 * offset
        with_sigmoid = with_sigmoid @ (factor * weight) + shift
        if not last:
            with_tanh, with_sigmoid = np.tanh(with_tanh), VALUES["sigmoid"](with_sigmoid)
    assert np.abs(with_tanh - with_sigmoid).max() < 1e-12


def test_a_residual_block_with_he_in_its_branch_doubles_the_second_moment():
    rng = np.random.default_rng(3)
    width = 400
    signal = rng.standard_normal((400, width))
    hidden = np.maximum(0, signal @ rng.normal(0, math.sqrt(2 / width), (width, width)))
    branch = hidden @ rng.normal(0, math.sqrt(1 / width), (width, width))
    ratio = np.mean((signal + branch) ** 2) / np.mean(signal**2)
    assert ratio == pytest.approx(2, abs=0.05)


def test_with_zero_weights_only_the_output_bias_learns():
    rng = np.random.default_rng(5)
    signals = [rng.standard_normal((8, 4))]
    weights = [np.zeros((4, 6)), np.zeros((6, 6)), np.zeros((6, 2))]
    for weight in weights[:-1]:
        signals.append(np.tanh(signals[-1] @ weight))
    gradient = signals[-1] @ weights[-1] - rng.standard_normal((8, 2))
    learnt = {}
    for layer in (2, 1, 0):
        learnt[f"weight {layer}"] = np.abs(signals[layer].T @ gradient).max()
        learnt[f"bias {layer}"] = np.abs(gradient.sum(axis=0)).max()
        gradient = (gradient @ weights[layer].T) * (1 - signals[layer] ** 2)
    assert [name for name, size in learnt.items() if size > 0] == ["bias 2"]
