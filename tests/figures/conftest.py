"""Makes numpy compute here as it does in a worker: with one thread, set before it is loaded.

Checks that tests share say as much when they fail as those of the tests themselves.
"""

import os

import pytest

from seedbed.figures.job import THREADS

os.environ.update(dict.fromkeys(THREADS, "1"))
pytest.register_assert_rewrite("figure_checks")
