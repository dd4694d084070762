"""Values as bytes, for the store and for other processes.

Pickle, but for frozen dataclasses, of which nearly all our values are made: by itself it asks each for its fields one
by one, both ways. Here each is written as a call of its class, which costs a third.
"""

from __future__ import annotations

import functools
import io
import operator
import pickle
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from typing import Any

_PROTOCOL = 5

loads = pickle.loads
"""Return the value that ``dumps`` wrote; for our own files alone, as it can call anything."""


def dumps(value: object) -> bytes:
    """Return ``value`` as bytes."""
    written = io.BytesIO()
    _Pickler(written, _PROTOCOL).dump(value)
    return written.getvalue()


class _Pickler(pickle.Pickler):
    def reducer_override(self, value: Any) -> Any:  # noqa: ANN401 -- whatever is pickled
        """Return how ``value`` is made again; NotImplemented for pickle's own way."""
        kind: type = type(value)
        arguments = _arguments(kind)
        return NotImplemented if arguments is None else (kind, arguments(value))


@functools.cache
def _arguments(kind: type) -> Callable[[Any], tuple[Any, ...]] | None:
    """Return what takes from a dataclass of ``kind`` the arguments that make it; None for other kinds."""
    frozen = is_dataclass(kind) and kind.__dataclass_params__.frozen  # type: ignore[attr-defined]
    if not frozen or any(each.kw_only for each in fields(kind) if each.init):
        return None
    names = [each.name for each in fields(kind) if each.init]
    if len(names) == 1:
        only = operator.attrgetter(names[0])
        return lambda value: (only(value),)
    return operator.attrgetter(*names) if names else lambda _: ()
