"""The look of figures: colours for light, dark and print, dashes, markers, and the stylesheet.

The one place of the palette. matplotlib knows colours but no CSS variables, so a drawing is made
in stand-in colours that cannot occur by accident, and `paint` says what replaces each. Separate
so that `draw`, `svg` and the page agree without knowing each other.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Series:
    """How one series looks; never told apart by colour alone."""

    stand_in: str
    light: str
    dark: str
    dashes: tuple[float, ...]
    """Lengths on and off in units of the line width; none for a solid line."""
    marker: str


SERIES: tuple[Series, ...] = (
    Series("#0a0b01", "#0072b2", "#56b4e9", (), "s"),
    Series("#0a0b02", "#c24e00", "#e69f00", (5.0, 1.8), "^"),
    Series("#0a0b03", "#00785a", "#2fc9a0", (1.6, 1.5), "D"),
    Series("#0a0b04", "#a3348a", "#f08ac0", (7.0, 1.8, 1.6, 1.8), "v"),
    Series("#0a0b05", "#6a3be0", "#a58bff", (3.2, 1.4, 1.2, 1.4, 1.2, 1.4), "X"),
)
FOREGROUND = "#010203"
MUTED = "#040506"
GRID = "#070809"

SHADES = 25
"""Shades of a heat map, the middle one for 0; the same on light and dark, as their order carries the meaning."""
_COLD, _MIDDLE, _WARM = (10, 78, 138), (244, 244, 240), (156, 58, 0)
ON_LIGHT = "#0c0d01"
"""Words on a light shade."""
ON_DARK = "#0c0d02"
_ON = ("#16191d", "#ffffff")


def shade(place: float) -> str:
    """Return the stand-in of the shade at ``place``, from -1 to 1; 0 is the middle."""
    nearest = round((min(max(place, -1.0), 1.0) + 1.0) / 2.0 * (SHADES - 1))
    return f"#0b0c{nearest:02x}"


def ink(place: float) -> str:
    """Return the stand-in for words on the shade at ``place``."""
    return ON_LIGHT if abs(place) < _DARK_FROM else ON_DARK


_DARK_FROM = 0.62
"""Where words in white stand out better than words in black: contrast at least 4.5 on both sides."""


def _shade_colour(number: int) -> str:
    place = 2.0 * number / (SHADES - 1) - 1.0
    end = _COLD if place < 0 else _WARM
    mixed = (round(m + (e - m) * abs(place)) for m, e in zip(_MIDDLE, end, strict=True))
    return "#" + "".join(f"{part:02x}" for part in mixed)


_INK = ("#1f2328", "#e6edf3")
_SUBDUED = {"muted": ("#57606a", "#9aa4af"), "grid": ("#e3e7eb", "#30363d")}


def paint() -> dict[str, str]:
    """Return the CSS colour that replaces each stand-in, with the light one to fall back on."""
    colours = {FOREGROUND: "currentColor"}
    for stand_in, name in ((MUTED, "muted"), (GRID, "grid")):
        colours[stand_in] = f"var(--fig-{name},{_SUBDUED[name][0]})"
    for number, series in enumerate(SERIES, 1):
        colours[series.stand_in] = f"var(--fig-{number},{series.light})"
    for number in range(SHADES):
        colours[f"#0b0c{number:02x}"] = f"var(--fig-shade-{number},{_shade_colour(number)})"
    colours[ON_LIGHT] = f"var(--fig-on-light,{_ON[0]})"
    colours[ON_DARK] = f"var(--fig-on-dark,{_ON[1]})"
    return colours


def variables(*, dark: bool) -> str:
    """Return the CSS declarations of the palette for one background."""
    colours = [(str(n), s.dark if dark else s.light) for n, s in enumerate(SERIES, 1)]
    colours += [(name, pair[dark]) for name, pair in _SUBDUED.items()]
    return "".join(f"--fig-{name}:{colour};" for name, colour in colours)


def standalone_style() -> str:
    """Return the style inside an SVG file: it follows the reader's system, and prints light."""
    light, dark = _INK
    return (
        f":root{{color:{light};background:#fff;{variables(dark=False)}}}"
        "@media screen and (prefers-color-scheme:dark)"
        f"{{:root{{color:{dark};background:#161b22;{variables(dark=True)}}}}}"
    )


def stylesheet() -> str:
    """Return the CSS for pages with figures: palette, layout, the box of a failed figure.

    The dark colours hold on screen alone, so that print falls back to the light ones.
    """
    return (
        f".seedbed-figure{{{variables(dark=False)}}}\n"
        f'@media screen{{[data-md-color-scheme="slate"] .seedbed-figure{{{variables(dark=True)}}}}}'
        f"\n{_LAYOUT}"
    )


# Material sizes the root font by 125 to 150 %, hence pixels where a drawing's legibility is at
# stake: below that width its 9 point text would be too small, and the figure scrolls instead.
# Material styles figure, details, summary and bare tables, hence the repeated class.
_LAYOUT = """\
figure.seedbed-figure{display:block;width:auto;max-width:100%;margin:1.6em 0;text-align:start}
.seedbed-figure__scroll{overflow-x:auto;overscroll-behavior-x:contain}
.seedbed-figure__scroll svg{display:block;width:100%;max-width:720px;height:auto}
.seedbed-figure--wide .seedbed-figure__scroll svg{max-width:1000px}
.seedbed-figure__scroll>svg{min-width:540px}
.seedbed-figure--wide .seedbed-figure__scroll>svg{min-width:680px}
.seedbed-figure.seedbed-figure>figcaption{max-width:none;margin:.6em 0;font-style:normal;\
font-size:.9em;text-align:start}
.seedbed-figure__title{font-weight:700}
.seedbed-figure.seedbed-figure>details{margin:.4em 0;padding:0;border:0;box-shadow:none;\
background:none;font-size:.8em}
.seedbed-figure.seedbed-figure summary{display:inline-block;min-height:0;margin:0;padding:.2em 0;\
border:0;background:none;cursor:pointer;font-weight:400}
.seedbed-figure.seedbed-figure summary::before{content:"▸";position:static;display:inline-block;\
width:1.2em;height:auto;background:none;-webkit-mask:none;mask:none}
.seedbed-figure.seedbed-figure details[open]>summary::before{content:"▾"}
.seedbed-figure.seedbed-figure summary::after{display:none}
.seedbed-figure__table{overflow-x:auto}
.seedbed-figure__grid{border-collapse:collapse;font-variant-numeric:tabular-nums;line-height:1.35}
.seedbed-figure__grid caption{padding:.3em 0;text-align:start;font-weight:700}
.seedbed-figure__grid :is(th,td){padding:.25em .9em .25em 0;text-align:end;white-space:nowrap;\
border-bottom:1px solid var(--fig-grid);font-weight:400}
.seedbed-figure__grid thead th{min-width:5em;max-width:8em;vertical-align:bottom;\
white-space:normal;color:var(--fig-muted)}
.seedbed-figure__grid :is(tbody th,thead th:first-child){text-align:start}
.seedbed-figure.seedbed-figure .seedbed-figure__files{margin:.5em 0}
.seedbed-figure.seedbed-figure .seedbed-figure__recipe{display:grid;\
grid-template-columns:max-content minmax(0,1fr);gap:.15em 1.2em;margin:.3em 0 .6em;line-height:1.5}
.seedbed-figure__recipe>div{display:contents}
.seedbed-figure.seedbed-figure .seedbed-figure__recipe dt{margin:0;\
color:var(--fig-muted)}
.seedbed-figure.seedbed-figure .seedbed-figure__recipe dd{margin:0}
.seedbed-figure :is(.seedbed-figure__recipe,.seedbed-figure__command,.seedbed-figure__value,\
.seedbed-figure__control) code{padding:0;\
background:none;font-size:.95em;overflow-wrap:anywhere;white-space:pre-wrap}
.seedbed-figure.seedbed-figure :is(.seedbed-figure__made,.seedbed-figure__command){margin:.3em 0}
.seedbed-figure__frames{display:grid;gap:1.2em 1.6em;\
grid-template-columns:repeat(auto-fill,minmax(min(100%,300px),1fr))}
.seedbed-figure__frame{break-inside:avoid}
.seedbed-figure.seedbed-figure :is(.seedbed-figure__value,.seedbed-figure__control){margin:0 0 .4em;\
font-size:.8em}
.seedbed-figure__tables{display:grid;gap:.8em;grid-template-columns:minmax(0,1fr)}
@media screen{
.seedbed-figure__control:not([hidden]){display:flex;flex-wrap:wrap;align-items:center;gap:.2em .8em}
.seedbed-figure__control label{display:flex;flex:1 1 14em;align-items:center;gap:.8em;max-width:30em}
.seedbed-figure__control input{flex:1;min-width:6em;height:2.2em;margin:0;cursor:pointer;\
accent-color:var(--fig-1)}
.seedbed-figure__control input:focus-visible{outline:2px solid currentColor;outline-offset:2px;\
border-radius:2px}
.seedbed-figure__control output{font-variant-numeric:tabular-nums}
.is-stepping .seedbed-figure__frames{grid-template-columns:minmax(0,1fr)}
.is-stepping [data-frame]{grid-area:1/1;visibility:hidden}
.is-stepping [data-frame].is-shown{visibility:visible}
.is-stepping .seedbed-figure__value{display:none}
.is-stepping .seedbed-figure__frame>svg{min-width:540px}
.is-stepping.seedbed-figure--wide .seedbed-figure__frame>svg{min-width:680px}
}
@media print{
.seedbed-figure__control{display:none}
}
.seedbed-figure-error{margin:1.6em 0;padding:.6em 1em;border:1px solid #cf222e;\
border-inline-start-width:.3em;border-radius:.2em}
.seedbed-figure-error.seedbed-figure-error>p{margin:.2em 0}
.seedbed-figure-error>pre{margin:.6em 0 .2em;overflow-x:auto;font-size:.85em}
.seedbed-figure-error mark{color:inherit;background:rgba(207,34,46,.22)}
"""
