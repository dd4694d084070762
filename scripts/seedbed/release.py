"""The code of Seedbed itself -> a name for it, to the byte.

Separate because what was kept is of use, and what others send can be trusted, only if the code is
the same: the store asks, and so do the members of a cluster.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

_PACKAGE = Path(__file__).parent


def code_digest(size: int) -> str:
    """Return a name for all modules of the package, as twice ``size`` hexadecimal digits."""
    found = hashlib.blake2b(digest_size=size)
    for file in sorted(_PACKAGE.rglob("*.py")):
        found.update(file.relative_to(_PACKAGE).as_posix().encode() + b"\0" + file.read_bytes())
    return found.hexdigest()
