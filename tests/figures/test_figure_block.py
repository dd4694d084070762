"""A figure block without mistakes: what scalars mean, defaults, and what a worker is told of it."""

import dataclasses
import re
from typing import Annotated, ClassVar

import pytest
from figure_checks import mistakes, spec_of

from seedbed.figures import catalogue
from seedbed.figures.block import read_block
from seedbed.figures.fields import About, integer
from seedbed.figures.kinds import KINDS
from seedbed.figures.kinds.variance_by_depth import VarianceByDepth
from seedbed.figures.kinds.weight_distribution import WeightDistribution
from seedbed.figures.scheme import INIT_NAMES, Scheme
from seedbed.figures.spec import as_written, from_json, to_json
from seedbed.placed_yaml import Mapping, Scalar

DEPTH = "kind: variance-by-depth\n"
WEIGHTS = "kind: weight-distribution\n"


def depth_of(block: str) -> VarianceByDepth:
    parameters = spec_of(DEPTH + block).parameters
    assert isinstance(parameters, VarianceByDepth)
    return parameters


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1e-2", 0.01),
        ("1.0e-2", 0.01),
        (".5", 0.5),
        ("-3", -3),
        ("+3", 3),
        ("010", 10),
        ("0o10", 8),
        ("0x10", 16),
        ("1_000", "1_000"),
        ("12:30:00", "12:30:00"),
        ("2026-01-01", "2026-01-01"),
        ("no", "no"),
        ("yes", "yes"),
        ("True", True),
        ("false", False),
        ("~", None),
        ("null", None),
        ("'1'", "1"),
        ('"true"', "true"),
        ("=", "="),
        ("-.inf", float("-inf")),
        ("1" * 5000, float("inf")),
    ],
)
def test_scalars_mean_what_yaml_1_2_says(written: str, value: object) -> None:
    tree = read_block(f"a: {written}\n")
    assert isinstance(tree, Mapping)
    node = tree.entries[0].node
    assert isinstance(node, Scalar)
    assert (type(value), value) == (type(node.value), node.value)


def test_a_block_with_only_its_kind_has_the_documented_defaults() -> None:
    defaults = depth_of("")
    assert (
        defaults.activations,
        defaults.depth,
        defaults.width,
        defaults.batch,
        defaults.seeds,
        defaults.bias_std,
        defaults.quantity,
        defaults.ylim,
    ) == (("tanh", "relu"), 30, 256, 64, 5, 0.0, "preactivation", (1e-12, 1e4))
    labels = [scheme.label for scheme in defaults.inits]
    assert labels == ["std 0.01", "std 1", "standard", "Xavier", "He"]
    weights = spec_of(WEIGHTS).parameters
    assert isinstance(weights, WeightDistribution)
    assert (weights.fan_in, weights.fan_out, weights.bins) == (300, 100, 81)
    assert [s.distribution for s in weights.inits] == ["uniform", "normal", "truncated_normal"]


def test_common_fields_have_their_defaults_and_words_of_the_kind() -> None:
    spec = spec_of(DEPTH)
    assert (
        spec.id,
        spec.alt,
        spec.seed,
        spec.theory,
        spec.table,
        spec.size,
    ) == (None, None, 0, True, True, "normal")
    assert spec.title == "Second moment of the pre-activations by layer"
    assert spec.caption.startswith("Width 256, 64 inputs, median (line) and range (band) of 5 net")


def test_common_fields_are_taken_from_the_block() -> None:
    spec = spec_of(
        DEPTH + "id: relu-variance\ntitle: A title\ncaption: |\n  Two\n  lines [[He]]\n"
        "alt: A description of twenty and more\nseed: 7\ntheory: false\ntable: false\nsize: wide\n"
    )
    assert (
        spec.id,
        spec.title,
        spec.caption,
        spec.seed,
        spec.theory,
        spec.table,
        spec.size,
    ) == ("relu-variance", "A title", "Two lines [[He]]", 7, False, False, "wide")
    assert spec.alt == "A description of twenty and more"


def test_width_means_units_where_the_kind_has_them_and_the_size_elsewhere() -> None:
    assert depth_of("width: 128\n").width == 128
    assert spec_of(WEIGHTS + "width: wide\n").size == "wide"


@dataclasses.dataclass(frozen=True, slots=True)
class Pictures(WeightDistribution):
    """A kind that has a size of its own."""

    kind: ClassVar[str] = "pictures"
    size: Annotated[int, integer(1, 64), About("height and width")] = 16


def test_where_size_is_something_else_that_of_the_drawing_is_its_width(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(KINDS, "pictures", Pictures)
    block = "kind: pictures\nwidth: wide\nsize: 20\n"
    spec = spec_of(block)
    assert isinstance(spec.parameters, Pictures)
    assert (spec.parameters.size, spec.size, spec.line_of("size")) == (20, "wide", 2)
    written = "".join(f"{name}: {value}\n" for name, value in as_written(spec))
    again = spec_of(written)
    assert (spec.parameters, spec.size) == (again.parameters, again.size)
    rows = re.findall(r"^  (size|width) ", catalogue("pictures"), re.MULTILINE)
    assert sorted(rows) == ["size", "width"]
    swept = spec_of("kind: pictures\nsweep: {size: [8, 9]}\n")
    assert [getattr(frame.parameters, "size", 0) for frame in swept.frames()] == [8, 9]
    ((_, message),) = mistakes("kind: pictures\nsweep: {width: [8, 9]}\n")
    assert message.startswith("'width' cannot be swept (one of inits, fan_in, ")


@pytest.mark.parametrize("name", INIT_NAMES)
def test_every_named_init_is_accepted(name: str) -> None:
    assert len(depth_of(f"inits: [{name}]\n").inits) == 1


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("xavier", Scheme("scale", 1.0, "Xavier", "fan_avg", "uniform")),
        ("kaiming", Scheme("scale", 2.0, "He", "fan_in", "normal")),
        ("torch-default", Scheme("scale", 1.0 / 3.0, "torch default", "fan_in", "uniform")),
        ("{std: 1e-2}", Scheme("std", 0.01, "std 0.01")),
        ("{uniform: 0.1, gain: 2}", Scheme("uniform", 0.1, "uniform ±0.1 × 2", gain=2.0)),
        ("{constant: 0.05}", Scheme("constant", 0.05, "constant 0.05")),
        (
            "{scale: 16, mode: fan_avg, label: ours}",
            Scheme("scale", 16.0, "ours", "fan_avg", "normal"),
        ),
        (
            "{scale: 2, mode: fan_in, distribution: truncated_normal}",
            Scheme("scale", 2.0, "scale 2 fan_in trunc.", "fan_in", "truncated_normal"),
        ),
    ],
)
def test_inits_mean_what_they_say(written: str, expected: Scheme) -> None:
    assert (expected,) == depth_of(f"inits: [{written}]\n").inits


@pytest.mark.parametrize(
    "block",
    [
        DEPTH,
        WEIGHTS + "inits: [orthogonal, {std: 0.1, gain: 2, label: é}]\nid: a\n",
        DEPTH + "ylim: [1e-3, 2]\nalt: something that is long enough\ninits: [zeros]\nsize: wide\n",
    ],
)
def test_a_worker_is_told_exactly_what_was_parsed(block: str) -> None:
    spec = spec_of(block)
    assert spec == from_json(to_json(spec))


def test_a_spec_takes_its_id_from_the_caller() -> None:
    assert dataclasses.replace(spec_of(DEPTH), id="he-fig-1").id == "he-fig-1"
