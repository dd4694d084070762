"""An `init` as authors write it (`he`, `{std: 0.01}`) -> a Scheme: how weights are to be drawn.

Separate from `fields` because its grammar is the subject's own, and from `xavier` because
reading a block must not load numpy.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, Literal, cast

from seedbed.figures.block import shown
from seedbed.figures.fields import Json, Rule, Written, as_written, number, quoted, text, word
from seedbed.figures.presets import (
    ALIASES,
    DISTRIBUTIONS,
    MODES,
    PRESETS,
    Distribution,
    Mode,
)
from seedbed.figures.problem import Report, suggestion
from seedbed.placed_yaml import Entry, Mapping, Scalar

Law = Literal["scale", "std", "uniform", "constant", "orthogonal"]


@dataclass(frozen=True, slots=True)
class Scheme:
    """How the weights of a layer are drawn."""

    law: Law
    """`scale` by the fans, or else an absolute rule."""
    amount: float
    """The scale, the standard deviation, the limit or the constant; 1 for orthogonal."""
    label: str
    mode: Mode | None = None
    distribution: Distribution | None = None
    gain: float = 1.0
    """Factor on the standard deviation."""

    @property
    def random(self) -> bool:
        """Whether two draws differ."""
        return self.law != "constant" and self.amount > 0.0


PLAIN_NAMES: dict[str, Scheme] = {
    "orthogonal": Scheme("orthogonal", 1.0, "orthogonal"),
    "zeros": Scheme("constant", 0.0, "zeros"),
}
INIT_NAMES: tuple[str, ...] = (*ALIASES, *PRESETS, *PLAIN_NAMES)


def named(name: str) -> Scheme:
    """Return the scheme of one of `INIT_NAMES`."""
    if name in PLAIN_NAMES:
        return PLAIN_NAMES[name]
    preset_name, label = ALIASES.get(name, (name, None))
    preset = PRESETS[preset_name]
    return Scheme(
        "scale",
        preset.scale,
        label or preset.label,
        mode=preset.mode,
        distribution=preset.distribution,
    )


_AMOUNTS: dict[Law, Rule[float]] = {
    "std": number(0.0, 1000.0),
    "uniform": number(0.0, 1000.0),
    "constant": number(-1000.0, 1000.0),
    "scale": number(0.0, 1000.0, above=True),
}
_SHARED: dict[str, Rule[Any]] = {"gain": number(0.0, 20.0, above=True), "label": text(1, 24)}
_SCALED: dict[str, Rule[Any]] = {
    "mode": word("mode", *MODES),
    "distribution": word("distribution", *DISTRIBUTIONS),
}


def init() -> Rule[Scheme]:
    """Accept a name, or a mapping with one of std, uniform, constant, scale."""
    return Rule(
        "each an init",
        _read,
        show=_as_written,
        name=lambda scheme: scheme.label,
        plain=lambda scheme: cast("Json", dataclasses.asdict(scheme)),
        restore=lambda plain: Scheme(**cast("dict[str, Any]", plain)),
    )


def _read(written: Written, report: Report) -> Scheme | None:
    node = written.node
    if isinstance(node, Mapping):
        return _mapped(node, report)
    name = node.value if isinstance(node, Scalar) else None
    if isinstance(name, str) and name in INIT_NAMES:
        return named(name)
    hint = suggestion(name, INIT_NAMES) if isinstance(name, str) else ""
    report(f"unknown init {shown(node)}{hint}", written.line)
    return None


def _as_written(scheme: Scheme) -> str:
    names = (name for name in INIT_NAMES if named(name) == scheme)
    return next(names, None) or _as_mapping(scheme)


def _as_mapping(scheme: Scheme) -> str:
    parts = {scheme.law: as_written(scheme.amount), "mode": scheme.mode}
    parts |= {"distribution": scheme.distribution, "label": quoted(scheme.label)}
    if scheme.gain != 1.0:
        parts["gain"] = as_written(scheme.gain)
    if scheme.label == _made_label(scheme):
        del parts["label"]
    return "{" + ", ".join(f"{name}: {part}" for name, part in parts.items() if part) + "}"


def _made_label(scheme: Scheme) -> str:
    """Return the label of a scheme that has none of its own."""
    law = {"truncated_normal": "trunc."}.get(scheme.distribution or "", scheme.distribution)
    made = {
        "std": f"std {scheme.amount:g}",
        "uniform": f"uniform ±{scheme.amount:g}",
        "scale": f"scale {scheme.amount:g} {scheme.mode} {law}",
    }.get(scheme.law, f"{scheme.law} {scheme.amount:g}")
    return made if scheme.gain == 1.0 else f"{made} × {scheme.gain:g}"


def _mapped(node: Mapping, report: Report) -> Scheme | None:
    names = [entry.name for entry in node.entries]
    laws = [law for law in _AMOUNTS if law in names]
    if len(laws) != 1:
        report("init mapping needs exactly one of std, uniform, constant, scale", node.place.line)
        return None
    law = laws[0]
    rules: dict[str, Rule[Any]] = {law: _AMOUNTS[law], **_SHARED}
    if law == "scale":
        rules |= _SCALED
    values = {entry.name: _value(entry, rules, report) for entry in node.entries}
    return None if None in values.values() else _built(law, values)


def _value(entry: Entry, rules: dict[str, Rule[Any]], report: Report) -> object:
    if entry.name not in rules:
        hint = suggestion(entry.name, rules)
        report(f"unknown field '{entry.name}' in an init mapping{hint}", entry.place.line)
        return None
    return rules[entry.name].read(Written(entry.name, entry.place.line, entry.node), report)


def _built(law: Law, values: dict[str, Any]) -> Scheme:
    scaled = law == "scale"
    unnamed = Scheme(
        law,
        values[law],
        "",
        mode=values.get("mode", "fan_in") if scaled else None,
        distribution=values.get("distribution", "normal") if scaled else None,
        gain=values.get("gain", 1.0),
    )
    return dataclasses.replace(unnamed, label=values.get("label") or _made_label(unnamed))


def init_help() -> tuple[str, ...]:
    """Return the lines that explain an `init` to authors."""
    same = [f"{alias} = {preset}" for alias, (preset, _) in ALIASES.items()]
    return (
        f"a name: {', '.join((*PRESETS, *PLAIN_NAMES))}",
        f"        ({', '.join(same)})",
        "or a mapping with one of std, uniform, constant, scale:",
        "        {std: 0.01} normal · {uniform: 0.1} limit · {constant: 0.05}",
        "        {scale: 2, mode: fan_in, distribution: truncated_normal}",
        f"        mode {_SCALED['mode'].allowed} (fan_in)",
        f"        distribution {_SCALED['distribution'].allowed} (normal)",
        f"        each with gain, {_SHARED['gain'].allowed} (1),",
        f"        and label, {_SHARED['label'].allowed}",
    )
