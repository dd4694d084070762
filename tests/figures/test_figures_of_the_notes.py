"""The figures that this repository's own notes show: every kind, and what is claimed of those that train networks."""

import re
from dataclasses import replace
from pathlib import Path

import figure_checks as figures
import numpy as np
import pytest

from seedbed import drawings
from seedbed.figures.kinds import KINDS
from seedbed.vault import look, read

pytestmark = pytest.mark.timeout(120)

ROOT = Path(__file__).parents[2]
LN3 = np.log(3.0)


@pytest.fixture(scope="module")
def vault():
    return read(look(ROOT / "notes", ["templates/*"]))


@pytest.fixture(scope="module")
def specs(vault):
    """Return every figure of the notes by its id."""
    planned = drawings.plan(vault.notes)
    assert planned.failed == {}
    return {spec.id: spec for spec in planned.specs.values()}


def test_every_kind_is_shown_in_a_note(specs):
    assert {spec.kind for spec in specs.values()} == set(KINDS)


def test_every_figure_has_an_id_and_a_caption_of_its_own(specs, vault):
    blocks = [block.source for note in vault.notes.values() for block in note.figures]
    assert len(specs) == len(blocks)
    assert all(re.search(rf"^{name}:", block, re.MULTILINE) for block in blocks for name in ("id",))
    assert all(spec.caption for spec in specs.values())


def test_the_sheet_shows_every_kind_under_its_name(vault):
    sheet = (ROOT / "docs" / "guide" / "figure-sheet.md").read_text("utf-8")
    sections = re.split(r"^### ", sheet, flags=re.MULTILINE)[1:]
    shown = {}
    for section in sections:
        name = section.partition("\n")[0]
        shown[name] = set()
        for note, block in re.findall(r"!\[\[([^#\]]+)#\^([^\]]+)\]\]", section):
            (found,) = (each for each in vault.notes.values() if each.title == note)
            start = found.blocks[block].start
            (figure,) = (each for each in found.figures if each.token == start)
            shown[name].add(re.search(r"^kind: (\S+)", figure.source, re.MULTILINE)[1])
    assert {name: {name} for name in KINDS} == shown


def final(specs, name, **fields):
    """Return the median over runs of the mean loss of the last 20 steps, (inits, activations)."""
    measured = figures.run(replace(specs[name].parameters, **fields)).measured
    return np.median(measured["loss"][..., -20:].mean(axis=-1), axis=-1)


def test_in_relu_networks_each_better_start_ends_lower(specs):
    losses = final(specs, "training-by-scheme", activations=("relu",), seeds=1)
    small, standard, xavier, he = losses[:, 0]
    assert small > 0.98 * LN3
    assert small > 1.5 * standard
    assert standard > 1.5 * xavier
    assert xavier > 1.5 * he


def test_thirty_relu_layers_learn_with_he_alone(specs):
    xavier, he = final(specs, "he-thirty-layers", seeds=1)[:, 0]
    assert xavier > 0.98 * LN3
    assert he < 0.6 * LN3


def test_a_sigmoid_network_learns_with_gain_four_alone(specs):
    xavier, larger = final(specs, "sigmoid-training", seeds=1)[:, 0]
    assert xavier > 0.98 * LN3
    assert larger < 0.7 * LN3


def test_the_top_layer_of_sigmoids_saturates_and_those_below_rise(specs):
    mean = figures.run(specs["sigmoid-saturates"].parameters).measured["mean"]
    lowest = mean[3].argmin()
    assert mean[3, lowest] < 0.05
    assert mean[2, lowest] > 0.6
