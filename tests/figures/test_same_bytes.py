"""Every kind of figure, made twice from nothing: the same drawing and table, to the byte."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from figure_checks import with_id

from seedbed.figures import drawn
from seedbed.figures.job import THREADS, Job, Limits
from seedbed.figures.kinds import KINDS

pytestmark = pytest.mark.timeout(60)

# What is left out stands at its default: sizes at which BLAS would use its threads.
FEWER = {
    "training-curves": "steps: 40\nseeds: 1\n",
    "saturation-over-training": "steps: 200\n",
    "symmetry-breaking": "steps: 60\n",
    "variance-by-depth": "seeds: 1\n",
    "gradient-by-depth": "seeds: 1\n",
}
MAKE = """
import os, sys
from pathlib import Path
os.environ.update(dict.fromkeys(%r, sys.argv[2]))
from seedbed.figures.drawn import to_json
from seedbed.figures.job import Job
from seedbed.figures.making import make
folder = Path(sys.argv[1])
job = Job.from_json((folder / "job.json").read_text("utf-8"))
(folder / "made").write_bytes(to_json(make(job.frames, job.numbers, lambda at: None)))
"""


def made(block: str, folder: Path, threads: int) -> drawn.Drawn:
    """Return what a process of its own makes of a block, with so many threads and an empty cache."""
    folder.mkdir()
    job = Job(with_id(block, "a").frames(), (folder / "numbers",), Limits())
    (folder / "job.json").write_text(job.to_json(), "utf-8")
    subprocess.run(
        [sys.executable, "-P", "-c", MAKE % (THREADS,), str(folder), str(threads)],
        env={**os.environ, "PYTHONHASHSEED": str(threads)},
        check=True,
    )
    (frame,) = drawn.from_json((folder / "made").read_bytes())
    return frame


@pytest.mark.parametrize("kind", KINDS)
def test_one_and_two_threads_draw_the_same(kind: str, tmp_path: Path) -> None:
    block = f"kind: {kind}\n{FEWER.get(kind, '')}"
    one, two = (made(block, tmp_path / str(threads), threads) for threads in (1, 2))
    assert one.drawing == two.drawing
    assert one.table == two.table
    assert one.description == two.description
