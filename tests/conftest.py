"""Settings that hold for every test."""

import os

from hypothesis import settings

# No test asserts on the clock, and CI tries the same examples each time, so that a red run is red
# again; on a person's machine each run looks for new ones.
settings.register_profile("seedbed", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("seedbed")


def pytest_addoption(parser):
    """Let golden cases be written anew."""
    parser.addoption("--golden", action="store_true", help="write golden cases as they come out")
