"""Data sets: the same for ever, standardised, balanced, and neither trivial nor hopeless."""

import importlib.util
import math

import numpy as np
import pytest
from figure_checks import GOLDEN

from seedbed.figures import datasets
from seedbed.figures.datasets import DataSet, Examples
from seedbed.figures.kinds import learning as declared

pytestmark = pytest.mark.timeout(60)

MADE = ("shapes", "spirals")
HAS_DIGITS = importlib.util.find_spec("sklearn") is not None


def stream(seed: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(seed))


def accuracy_of_least_squares(data: DataSet) -> float:
    """Return how well the best linear map to one-hot classes does on held-out examples."""

    def extended(examples: Examples) -> np.ndarray:
        return np.column_stack((examples.inputs, np.ones(len(examples.labels))))

    wanted = np.eye(data.classes)[data.training.labels]
    weights, *_ = np.linalg.lstsq(extended(data.training), wanted, rcond=None)
    found = (extended(data.held_out) @ weights).argmax(axis=1)
    return float(np.mean(found == data.held_out.labels))


def accuracy_of_neighbours(data: DataSet) -> float:
    """Return how well the class of the nearest training example does on held-out examples."""
    seen, asked = data.training.inputs, data.held_out.inputs
    distances = (seen**2).sum(axis=1) - 2.0 * asked @ seen.T
    return float(np.mean(data.training.labels[distances.argmin(axis=1)] == data.held_out.labels))


@pytest.mark.parametrize("name", MADE)
def test_sizes_are_those_that_the_kinds_reckon_with(name: str) -> None:
    data = datasets.load(name)
    assert declared.SIZES[name] == (data.features, data.classes)
    assert (len(data.training.labels), len(data.held_out.labels)) == (3000, 1000)
    assert data.training.inputs.dtype == np.float64


@pytest.mark.parametrize("name", MADE)
def test_training_inputs_are_standardised(name: str) -> None:
    inputs = datasets.load(name).training.inputs
    np.testing.assert_allclose(inputs.mean(axis=0), 0.0, atol=1e-12)
    variances = inputs.var(axis=0)
    assert (variances < 1.0).all()
    # v / (v + 0.01), the noise of shapes alone having v = 0.01 at a pixel.
    assert (variances > 0.45).all()


@pytest.mark.parametrize("name", MADE)
def test_held_out_examples_are_like_the_others_but_none_of_them(name: str) -> None:
    data = datasets.load(name)
    seen = {row.tobytes() for row in data.training.inputs}
    assert not any(row.tobytes() in seen for row in data.held_out.inputs)
    # 4.892 standard errors: one false alarm in a million a feature.
    assert (np.abs(data.held_out.inputs.mean(axis=0)) < 5.5 / math.sqrt(1000)).all()


@pytest.mark.parametrize("name", MADE)
def test_classes_are_about_equally_frequent(name: str) -> None:
    labels = datasets.load(name).training.labels
    shares = np.bincount(labels, minlength=3) / len(labels)
    np.testing.assert_allclose(shares, 1 / 3, atol=4.892 * math.sqrt(2 / 9 / len(labels)))


@pytest.mark.parametrize("name", MADE)
def test_nobody_can_write_into_a_data_set(name: str) -> None:
    data = datasets.load(name)
    for array in (data.training.inputs, data.training.labels, data.held_out.inputs):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


@pytest.mark.parametrize("name", MADE)
def test_a_data_set_is_the_same_whenever_it_is_made(name: str) -> None:
    first = datasets.load(name)
    datasets.load.cache_clear()
    again = datasets.load(name)
    assert first is not again
    np.testing.assert_array_equal(first.training.inputs, again.training.inputs)
    np.testing.assert_array_equal(first.held_out.labels, again.held_out.labels)


def test_other_seeds_make_other_images() -> None:
    first, second, again = (datasets.shapes(10, stream(seed))[0] for seed in (1, 2, 1))
    assert not np.array_equal(first, second)
    np.testing.assert_array_equal(first, again)


def test_no_class_of_shapes_is_darker_than_another() -> None:
    images, labels = datasets.shapes(3000, stream(3))
    darkness = images.sum(axis=1)
    means = [darkness[labels == label].mean() for label in range(3)]
    errors = darkness.std() / math.sqrt(1000)
    assert max(means) - min(means) < 2 * 4.892 * errors
    # Some 28 pixels of ink 0.8: the shapes are there, and inside the picture.
    assert pytest.approx(28 * 0.8, rel=0.05) == float(darkness.mean())


def test_images_are_grey_levels_with_noise() -> None:
    images, _ = datasets.shapes(500, stream(4))
    assert images.shape == (500, 144)
    assert pytest.approx(0.1, rel=0.1) == float(images[:, [0, 11, 132, 143]].std())
    assert images.max() < 1.0 + 6 * 0.1
    assert images.min() > -6 * 0.1


def test_shapes_are_no_matter_of_single_pixels_but_can_be_told() -> None:
    data = datasets.load("shapes")
    assert 0.4 < accuracy_of_least_squares(data) < 0.9
    assert accuracy_of_neighbours(data) > 0.6


def test_spirals_defeat_straight_lines_but_not_neighbours() -> None:
    data = datasets.load("spirals")
    assert accuracy_of_least_squares(data) < 0.6
    assert accuracy_of_neighbours(data) > 0.9


def test_an_unknown_data_set_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(KeyError):
        datasets.load("mnist")


@pytest.mark.skipif(HAS_DIGITS, reason="scikit-learn is installed")
def test_without_scikit_learn_there_are_no_digits() -> None:
    with pytest.raises(ModuleNotFoundError):
        datasets.load("digits")


@pytest.mark.skipif(not HAS_DIGITS, reason="scikit-learn is not installed")
def test_digits_have_the_declared_sizes() -> None:
    data = datasets.load("digits")
    assert declared.SIZES["digits"] == (data.features, data.classes)


@GOLDEN
def test_shapes_are_the_golden_images() -> None:
    data = datasets.load("shapes")
    inputs = data.training.inputs
    actual = [float(inputs[0] @ inputs[1]), float(np.abs(inputs).sum()), float(inputs[17, 66])]
    assert pytest.approx(GOLDEN_SHAPES, rel=1e-6) == actual
    assert data.training.labels[:12].tolist() == GOLDEN_LABELS


@GOLDEN
def test_spirals_are_the_golden_points() -> None:
    data = datasets.load("spirals")
    actual = data.training.inputs[0].tolist()
    assert pytest.approx(GOLDEN_SPIRAL, rel=1e-6) == actual


GOLDEN_SHAPES = [-4.576633856940399, 270956.98675927345, -0.12867003655508655]
GOLDEN_LABELS = [2, 0, 0, 2, 1, 0, 1, 1, 2, 0, 2, 2]
GOLDEN_SPIRAL = [0.6532050507918651, -1.5839471090438175]
