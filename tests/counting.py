"""How much work something is, counted: it is the same on every machine, and a clock is not."""

import sys


def calls_in(work):
    """Return how many functions are called by ``work``, Python's own included."""
    count = 0

    def tally(_frame, event, _argument):
        nonlocal count
        count += event in {"call", "c_call"}

    sys.setprofile(tally)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count
