"""Computed figures: the content of a `figure` block -> a figure in the page.

`parse` a block, give the spec an id, `compute` all specs of a site at once, put each figure's
`html` into its page and its files beside it. This door knows nothing of notes; what notes need
to know of figures is here and nowhere deeper. Importing it loads neither numpy nor matplotlib.
"""

from __future__ import annotations

from seedbed.figures.catalogue import catalogue
from seedbed.figures.figure import Figure, failure_html
from seedbed.figures.job import Limits
from seedbed.figures.problem import FigureProblem
from seedbed.figures.spec import FigureSpec, id_taken, parse
from seedbed.figures.style import stylesheet
from seedbed.figures.workshop import compute

__all__ = [
    "Figure",
    "FigureProblem",
    "FigureSpec",
    "Limits",
    "catalogue",
    "compute",
    "failure_html",
    "id_taken",
    "parse",
    "stylesheet",
]
