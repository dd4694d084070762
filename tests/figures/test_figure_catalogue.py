"""The catalogue of figures, and what the door to them loads."""

import dataclasses
import subprocess
import sys

from figure_checks import spec_of

from seedbed.figures import catalogue
from seedbed.figures.kinds import KINDS


def test_the_catalogue_lists_every_kind_and_field_with_its_default() -> None:
    text = catalogue()
    for name, kind in KINDS.items():
        assert f"{name}: {kind.about}" in text
        assert all(f"  {field.name} " in text for field in dataclasses.fields(kind))
    for default in ("30", "[tanh, relu]", "[{std: 0.01}, {std: 1}, standard, xavier, he]"):
        assert f"default {default}\n" in text


def test_importing_the_door_loads_neither_numpy_nor_matplotlib() -> None:
    code = "import sys, seedbed.figures; print(sorted({'numpy', 'matplotlib'} & set(sys.modules)))"
    found = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:0] = {sys.path!r}; {code}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout == "[]\n"


def test_the_example_in_the_catalogue_is_a_figure() -> None:
    example = catalogue().partition("```figure\n")[2].partition("```")[0]
    assert spec_of(example).id == "relu-variance"
