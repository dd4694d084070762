"""Measure how long builds and edits take, how much memory, and what readers download, beside plain MkDocs.

    python3 scripts/bench.py                      vaults of 1,000, 5,000 and 10,000 notes, in half an hour
    python3 scripts/bench.py --quick              the same on small vaults, in a few minutes
    python3 scripts/bench.py --write-docs         all of it, and the results into docs/dev/performance.md

Sets up `.venv` with the test tools, as Chromium is driven by one of them. The rest is the package `benchmarks`.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import bootstrap


def main(arguments: Sequence[str]) -> int:
    """Run the benchmarks in the environment and return their exit code."""
    environment = bootstrap.prepare(bootstrap.ROOT, ["test"])
    command = [str(environment.python), "-m", "benchmarks", *arguments]
    return bootstrap.run(command, Path.cwd(), {"PYTHONPATH": str(bootstrap.ROOT / "scripts")})


if __name__ == "__main__":
    sys.exit(bootstrap.exit_code("bench.py", lambda: main(sys.argv[1:])))
