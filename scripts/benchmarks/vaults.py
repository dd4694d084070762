"""Made-up vaults of any size, the same for the same size and seed.

Each note has what notes have: properties, an upstream note, sections with links, formulas, callouts, code, lists and
tables, some 4 KB in all. Few notes are linked often and most seldom, as in vaults that people write.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

_WORDS = (
    *("activation", "backward", "basis", "batch", "bias", "bound", "chain", "condition"),
    *("converge", "curve", "data", "deep", "depth", "determinant", "dimension"),
    *("distribution", "dropout", "eigenvalue", "epoch", "explode", "forward"),
    *("function", "gain", "gradient", "hidden", "identity", "input", "kernel", "layer"),
    *("learning", "limit", "linear", "loss", "matrix", "mean", "measure", "model"),
    *("moment", "network", "neuron", "noise", "norm", "normal", "orthogonal", "output"),
    *("product", "random", "rank", "rate", "residual", "rule", "sample", "saturate"),
    *("scale", "shallow", "signal", "slope", "sparse", "spectral", "stable", "sum"),
    *("symmetric", "tensor", "test", "trace", "train", "uniform", "unit", "vanish"),
    *("variance", "vector", "weight", "width"),
)
_FORMULAS = (
    r"\mathrm{Var}(w) = \frac{2}{n_\mathrm{in} + n_\mathrm{out}}",
    r"\sigma(z) = \frac{1}{1 + e^{-z}}",
    r"q_{l+1} = \int \phi\left(\sqrt{q_l}\, z\right)^2 \frac{e^{-z^2/2}}{\sqrt{2\pi}} \,\mathrm{d}z",
    r"h_j = \phi\Bigl(\sum_{i=1}^{n} w_{ij} x_i + b_j\Bigr)",
    r"\nabla_\theta L = \mathbb{E}\bigl[x^\top \delta\bigr]",
    r"\lVert W x \rVert_2 \le \sqrt{\lambda_\max}\, \lVert x \rVert_2",
)
_CALLOUTS = ("note", "tip", "warning", "example", "question", "quote")
_FOLDERS = ("", "concepts", "daily", "papers", "people", "projects/roots", "projects/leaves")
_FRONT = "Index"
_STEEPNESS = 0.8
"""The n-th note is linked in proportion to n to the power of minus this."""
_FIRST_WORD = re.compile(r"^(## .*\n\n)(\w+)", re.MULTILINE)
_FIRST_HEADING = re.compile(r"^## (\w+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Titles:
    """All notes of a vault, and how often each is linked."""

    names: tuple[str, ...]
    weights: tuple[float, ...]
    """Added up: each includes those before it."""

    def drawn(self, random: Random, count: int) -> list[str]:
        return random.choices(self.names, cum_weights=self.weights, k=count)


def write_vault(folder: Path, count: int, seed: int = 0) -> None:
    """Write a vault of ``count`` notes into ``folder``; the first is its front page, ``index.md``."""
    random = Random(seed)  # noqa: S311 -- nothing is kept secret by it
    names = (_FRONT, *(f"{_title(random)} {number}" for number in range(1, count)))
    weights = itertools.accumulate((number + 1) ** -_STEEPNESS for number in range(count))
    titles = _Titles(names, tuple(weights))
    for number, name in enumerate(names):
        file = Path("index.md") if number == 0 else Path(random.choice(_FOLDERS), f"{name}.md")
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        text = "\n".join(_note(name, number, titles, random))
        (folder / file).write_text(text, encoding="utf-8", newline="\n")


def midmost(folder: Path) -> Path:
    """Return the note of ``folder`` than which as many are longer as shorter."""
    notes = sorted(folder.rglob("*.md"), key=lambda file: (file.stat().st_size, str(file)))
    return notes[len(notes) // 2]


def with_word(source: str, word: str) -> str:
    """Return the source of a note with its first word of text replaced."""
    return _FIRST_WORD.sub(rf"\g<1>{word}", source, count=1)


def with_heading(source: str, word: str) -> str:
    """Return the source of a note with the first word of its first section's heading replaced."""
    return _FIRST_HEADING.sub(f"## {word}", source, count=1)


def _note(name: str, number: int, titles: _Titles, random: Random) -> Iterator[str]:
    links = titles.drawn(random, random.randint(3, 10))
    yield from ("---", f"aliases: [{name} in short]")
    yield from (f"tags: [{random.choice(_WORDS)}, field/{random.choice(_WORDS)}]", "---", "")
    if number:
        yield from (f"upstream: [[{links.pop()}]]", "")
    yield from (f"# {name}", "")
    for section in range(random.randint(2, 5)):
        yield from (f"## {_title(random)} {section}", "")
        for _ in range(random.randint(1, 3)):
            yield from (_paragraph(links, random), "")
        yield from (*_block(number, random), "")


def _paragraph(links: list[str], random: Random) -> str:
    sentences = [_sentence(random) for _ in range(random.randint(2, 5))]
    if links:
        link = links.pop()
        sentences.insert(1, f"See [[{link}]], or its [[{link}|{random.choice(_WORDS)}]].")
    if random.random() < 0.3:  # noqa: PLR2004 -- about as often as in the notes of this repository
        sentences.append(f"Here ${_formula(random)}$ holds.")
    return " ".join(sentences)


def _block(number: int, random: Random) -> tuple[str, ...]:
    kind = random.choices(("formula", "callout", "code", "list", "table"), (5, 4, 3, 5, 3))[0]
    if kind == "formula":
        return ("$$", _formula(random), "$$")
    if kind == "callout":
        return (f"> [!{random.choice(_CALLOUTS)}] {_title(random)}", f"> {_sentence(random)}")
    if kind == "code":
        drawn = f"weights = generator.normal(scale={random.random():.3f}, size=({number}, 3))"
        return ("```python", "import numpy as np", drawn, "print(weights.var())", "```")
    if kind == "list":
        return (*(f"- {_sentence(random)}" for _ in range(4)), f"    - {_sentence(random)}")
    rows = (f"| {random.choice(_WORDS)} | {random.random():.3f} |" for _ in range(4))
    return ("| layer | variance |", "|---|---|", *rows)


def _formula(random: Random) -> str:
    """Return a formula; hardly any two are the same, as in notes that people write."""
    return rf"{random.choice(_FORMULAS)} + c_{{{random.randrange(100_000)}}}"


def _title(random: Random) -> str:
    return f"{random.choice(_WORDS).title()} {random.choice(_WORDS)}"


def _sentence(random: Random) -> str:
    return f"{' '.join(random.choices(_WORDS, k=random.randint(8, 22)))}.".capitalize()
