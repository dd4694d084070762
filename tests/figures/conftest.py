"""Makes numpy compute here as it does in a worker: with one thread, set before it is loaded."""

import os

from seedbed.figures.job import THREADS

os.environ.update(dict.fromkeys(THREADS, "1"))
