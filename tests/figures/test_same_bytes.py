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

pytestmark = pytest.mark.timeout(120)

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
for folder in sorted(Path(sys.argv[1]).iterdir()):
    job = Job.from_json((folder / "job.json").read_text("utf-8"))
    (folder / "made").write_bytes(to_json(make(job.frames, job.numbers, lambda at: None)))
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """Return a folder for each number of threads: a process has made every kind there, from nothing."""
    folders = {threads: tmp_path_factory.mktemp(f"with-{threads}") for threads in (1, 2)}
    running = []
    for threads, folder in folders.items():
        for kind in KINDS:
            own = folder / kind
            own.mkdir()
            block = f"kind: {kind}\n{FEWER.get(kind, '')}"
            job = Job(with_id(block, "a").frames(), (own / "numbers",), Limits())
            (own / "job.json").write_text(job.to_json(), "utf-8")
        command = [sys.executable, "-P", "-c", MAKE % (THREADS,), str(folder), str(threads)]
        environment = {**os.environ, "PYTHONHASHSEED": str(threads)}
        running.append(subprocess.Popen(command, env=environment))
    assert [process.wait() for process in running] == [0, 0]
    return folders


@pytest.mark.parametrize("kind", KINDS)
def test_one_and_two_threads_draw_the_same(kind: str, made: dict[int, Path]) -> None:
    one, two = (
        frame
        for folder in made.values()
        for frame in drawn.from_json((folder / kind / "made").read_bytes())
    )
    assert one.drawing == two.drawing
    assert one.table == two.table
    assert one.description == two.description
