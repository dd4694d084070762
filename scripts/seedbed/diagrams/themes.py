"""The colours of diagrams, light and dark, as the variables Mermaid knows.

Quiet surfaces, so that a diagram is read as part of its page, and every text at a contrast of 4.5 or more. Separate
so that a change of taste is a change of this table.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

FONT = "Arial, Helvetica, sans-serif"
"""Letters of the widths that merman reckons with; the same on every system."""

_HUES = (
    ("#d9e6f8", "#264a73"),
    ("#d8efdd", "#22543a"),
    ("#fae6c3", "#6a4a18"),
    ("#e6defa", "#4c3878"),
    ("#f9dbe2", "#6d2d40"),
    ("#d2eeee", "#1b5358"),
    ("#f6dece", "#6a3f25"),
    ("#e4e8ee", "#3e4856"),
)
"""Fills that are told apart: of slices, sections, branches."""
_STRONG = (
    ("#3d6fb4", "#6aa3ea"),
    ("#2c8a57", "#58bd85"),
    ("#b97a10", "#dba548"),
    ("#7a55c7", "#a98af0"),
    ("#bf4564", "#e77f99"),
    ("#1f8a8f", "#4fc0c5"),
    ("#b3622f", "#de9467"),
    ("#64748b", "#9aa8bb"),
)
"""Lines that are told apart: of branches and series."""


@dataclass(frozen=True, slots=True)
class Theme:
    """One of the two sets of colours."""

    is_dark: bool
    is_authors: bool = False
    """The author chose colours for the diagram, which stay as Mermaid's own themes would show them."""

    @property
    def name(self) -> str:
        """Mermaid's theme that the variables are applied to."""
        if not self.is_authors:
            return "base"
        return "dark" if self.is_dark else "default"

    def variables(self) -> dict[str, object]:
        """Return Mermaid's variables."""
        found: dict[str, object] = {"fontFamily": FONT, "fontSize": "16px"}
        if not self.is_authors:
            found["darkMode"] = self.is_dark
            found |= {name: pair[self.is_dark] for name, pair in _ROLES.items()}
            found |= self._scales() | self._charts()
        return found

    def _scales(self) -> dict[str, str]:
        found: dict[str, str] = {}
        ink = _INK[self.is_dark]
        for number in range(12):
            fill = _HUES[number % len(_HUES)][self.is_dark]
            line = _STRONG[number % len(_STRONG)][self.is_dark]
            found[f"cScale{number}"] = found[f"pie{number + 1}"] = fill
            found[f"cScaleLabel{number}"] = ink
            found[f"cScaleInv{number}"] = found[f"cScalePeer{number}"] = line
            found[f"fillType{number}"] = fill
        for number in range(8):
            found[f"git{number}"] = found[f"gitInv{number}"] = _STRONG[number][self.is_dark]
            found[f"gitBranchLabel{number}"] = _PAPER[self.is_dark]
        return found

    def _charts(self) -> dict[str, object]:
        ink, grid = _INK[self.is_dark], _GROUP_EDGE[self.is_dark]
        axes = ("title", "xAxisLabel", "xAxisTitle", "yAxisLabel", "yAxisTitle")
        lines = ("xAxisTick", "xAxisLine", "yAxisTick", "yAxisLine")
        return {
            "pieOpacity": "1",
            "xyChart": {
                "backgroundColor": "transparent",
                "plotColorPalette": ",".join(pair[self.is_dark] for pair in _STRONG),
                **{f"{name}Color": ink for name in axes},
                **{f"{name}Color": _LINE[self.is_dark] for name in lines},
            },
            "radar": {"curveOpacity": 0.7, "graticuleColor": grid, "axisColor": grid},
        }


def themes(source: str) -> tuple[Theme, Theme]:
    """Return the light and the dark theme for a diagram."""
    is_authors = _CHOICE.search(source) is not None
    return Theme(is_dark=False, is_authors=is_authors), Theme(is_dark=True, is_authors=is_authors)


_CHOICE = re.compile(r"\btheme(?:Variables)?[\"']?\s*:")
"""In a directive or the properties of a diagram, an author's own theme."""
_INK = ("#24292f", "#dfe3e8")
_PAPER = ("#ffffff", "#1e2129")
_LINE = ("#57606a", "#a2acb8")
_SURFACE = ("#eef2fb", "#2b3345")
_EDGE = ("#7b8fc0", "#7f93c4")
_GROUP = ("#f7f8fa", "#242833")
_GROUP_EDGE = ("#c3c9d2", "#4a5262")
_NOTE = ("#fff6d6", "#463f24")
_NOTE_EDGE = ("#d9be62", "#8d7a3a")
_ROLES = {
    "background": _PAPER,
    "primaryColor": _SURFACE,
    "primaryTextColor": _INK,
    "primaryBorderColor": _EDGE,
    "secondaryColor": _HUES[1],
    "secondaryTextColor": _INK,
    "secondaryBorderColor": _STRONG[1],
    "tertiaryColor": _GROUP,
    "tertiaryTextColor": _INK,
    "tertiaryBorderColor": _GROUP_EDGE,
    "lineColor": _LINE,
    "textColor": _INK,
    "titleColor": _INK,
    "mainBkg": _SURFACE,
    "nodeBorder": _EDGE,
    "nodeTextColor": _INK,
    "clusterBkg": _GROUP,
    "clusterBorder": _GROUP_EDGE,
    "defaultLinkColor": _LINE,
    "arrowheadColor": _LINE,
    "edgeLabelBackground": _PAPER,
    "noteBkgColor": _NOTE,
    "noteTextColor": _INK,
    "noteBorderColor": _NOTE_EDGE,
    "actorBkg": _SURFACE,
    "actorBorder": _EDGE,
    "actorTextColor": _INK,
    "actorLineColor": _EDGE,
    "signalColor": _LINE,
    "signalTextColor": _INK,
    "labelBoxBkgColor": _SURFACE,
    "labelBoxBorderColor": _EDGE,
    "labelTextColor": _INK,
    "loopTextColor": _INK,
    "activationBkgColor": _GROUP,
    "activationBorderColor": _EDGE,
    "sequenceNumberColor": _PAPER,
    "classText": _INK,
    "labelColor": _INK,
    "stateBkg": _SURFACE,
    "stateLabelColor": _INK,
    "transitionColor": _LINE,
    "transitionLabelColor": _INK,
    "labelBackgroundColor": _PAPER,
    "compositeBackground": _GROUP,
    "compositeTitleBackground": _SURFACE,
    "compositeBorder": _EDGE,
    "altBackground": _PAPER,
    "specialStateColor": _LINE,
    "innerEndBackground": _LINE,
    "errorBkgColor": _HUES[4],
    "errorTextColor": _INK,
    "rowOdd": _PAPER,
    "rowEven": _GROUP,
    "attributeBackgroundColorOdd": _PAPER,
    "attributeBackgroundColorEven": _GROUP,
    "sectionBkgColor": _GROUP,
    "altSectionBkgColor": _PAPER,
    "sectionBkgColor2": _GROUP,
    "excludeBkgColor": ("#e9ecf0", "#30353f"),
    "taskBkgColor": _HUES[0],
    "taskBorderColor": _STRONG[0],
    "taskTextColor": _INK,
    "taskTextLightColor": _INK,
    "taskTextDarkColor": _INK,
    "taskTextOutsideColor": _INK,
    "taskTextClickableColor": _INK,
    "activeTaskBkgColor": _HUES[5],
    "activeTaskBorderColor": _STRONG[5],
    "doneTaskBkgColor": _HUES[7],
    "doneTaskBorderColor": _STRONG[7],
    "critBkgColor": _HUES[4],
    "critBorderColor": _STRONG[4],
    "gridColor": _GROUP_EDGE,
    "todayLineColor": _STRONG[4],
    "vertLineColor": _STRONG[0],
    "pieTitleTextColor": _INK,
    "pieSectionTextColor": _INK,
    "pieLegendTextColor": _INK,
    "pieStrokeColor": _PAPER,
    "pieOuterStrokeColor": _GROUP_EDGE,
    "requirementBackground": _SURFACE,
    "requirementBorderColor": _EDGE,
    "requirementTextColor": _INK,
    "relationColor": _LINE,
    "relationLabelBackground": _PAPER,
    "relationLabelColor": _INK,
    "commitLabelColor": _INK,
    "commitLabelBackground": _PAPER,
    "tagLabelColor": _INK,
    "tagLabelBackground": _SURFACE,
    "tagLabelBorder": _EDGE,
    "personBkg": _SURFACE,
    "personBorder": _EDGE,
    "quadrant1Fill": _HUES[0],
    "quadrant2Fill": _HUES[1],
    "quadrant3Fill": _HUES[7],
    "quadrant4Fill": _HUES[2],
    "quadrant1TextFill": _INK,
    "quadrant2TextFill": _INK,
    "quadrant3TextFill": _INK,
    "quadrant4TextFill": _INK,
    "quadrantPointFill": _LINE,
    "quadrantPointTextFill": _INK,
    "quadrantXAxisTextFill": _INK,
    "quadrantYAxisTextFill": _INK,
    "quadrantTitleFill": _INK,
    "quadrantInternalBorderStrokeFill": _GROUP_EDGE,
    "quadrantExternalBorderStrokeFill": _GROUP_EDGE,
    "archEdgeColor": _LINE,
    "archEdgeArrowColor": _LINE,
    "archGroupBorderColor": _EDGE,
}
"""What Mermaid calls each part, and its colour in light and dark."""
