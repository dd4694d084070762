"""Which code the numbers and the drawing of a figure depend on."""

from pathlib import Path

import pytest

from seedbed.figures import sources
from seedbed.figures.kinds import KINDS

APART = frozenset({"chart", "fields", "scheme", "block", "problem"})
PACKAGE = Path(sources.__file__).parent


@pytest.mark.parametrize("kind", KINDS)
def test_numbers_depend_on_what_computes_them_and_not_on_how_they_are_drawn(kind: str) -> None:
    own = f"experiments/{kind.replace('-', '_')}"
    found = sources.modules_of(own, APART)
    assert {own, "experiments/__init__"} <= found
    assert not found & {"draw", "marks", "style", "svg", "chart", "figure", "workshop"}
    # A kind may say how often something is repeated; what other kinds say is nothing to it.
    assert f"kinds/{kind.replace('-', '_')}" in found
    assert "kinds/__init__" not in found


def test_weights_count_for_what_draws_them() -> None:
    found = sources.modules_of("experiments/weight_distribution", APART)
    assert {"laws", "xavier", "presets"} <= found


def test_a_drawing_depends_on_marks_and_palette() -> None:
    assert {"draw", "marks", "style", "svg", "chart"} <= sources.modules_of("draw", frozenset())


def test_another_byte_anywhere_in_the_code_is_another_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = sources.code_of.__wrapped__("experiments/weight_distribution", APART)
    for file in PACKAGE.rglob("*.py"):
        copied = tmp_path / file.relative_to(PACKAGE)
        copied.parent.mkdir(parents=True, exist_ok=True)
        copied.write_bytes(file.read_bytes())
    monkeypatch.setattr(sources, "_HERE", tmp_path)
    assert sources.code_of.__wrapped__("experiments/weight_distribution", APART) == before
    for name, counts in (("xavier", True), ("presets", True), ("style", False)):
        file = tmp_path / f"{name}.py"
        file.write_bytes(file.read_bytes() + b"\n")
        after = sources.code_of.__wrapped__("experiments/weight_distribution", APART)
        assert (after != before) == counts
        before = after
