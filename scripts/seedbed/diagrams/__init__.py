"""Mermaid source to drawings that stand in a page, without a browser and without a script.

A diagram is drawn twice, in light and in dark colours, and both become one drawing whose colours follow the page.
Knows nothing of notes: which page a node leads to, and what is said of a diagram that cannot be drawn, is for the
article to say.
"""

from __future__ import annotations

import functools
from collections.abc import Callable

from seedbed.diagrams.costs import is_too_large
from seedbed.diagrams.engine import draw_raw
from seedbed.diagrams.problem import TOO_LARGE, Problem
from seedbed.diagrams.svg import Drawing, Node, convert
from seedbed.diagrams.themes import themes

__all__ = ["Drawing", "Node", "Problem", "draw"]


@functools.lru_cache(maxsize=256)
def draw(source: str, is_safe: Callable[[str], bool]) -> Drawing | Problem:
    """Return the drawing of ``source``; ``is_safe`` judges the addresses its nodes link to."""
    if is_too_large(source):
        return TOO_LARGE
    light_theme, dark_theme = themes(source)
    light = draw_raw(source, light_theme)
    if isinstance(light, Problem):
        return light
    dark = draw_raw(source, dark_theme)
    try:
        return convert(light, light if isinstance(dark, Problem) else dark, is_safe)
    except ValueError as error:
        return Problem(f"the drawing cannot be read ({error})")
