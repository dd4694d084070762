"""What can be said of a formula before it is computed: names that nothing answers to, patterns that are none.

Turns a tree into findings with their offsets. Separate from the parser, which knows only the grammar, and from the
evaluator, which would say the same once a row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from seedbed.bases.evaluation import no_such_function, no_such_method
from seedbed.bases.expression import Call, Item, Literal, Member, Method, Name, Node, Pattern, walk
from seedbed.bases.functions import FILE_FIELDS, GIVEN_EXPRESSIONS, GLOBAL, method_names
from seedbed.bases.regexps import problem_of
from seedbed.bases.values import Regexp
from seedbed.diagnostics import Code
from seedbed.text import did_you_mean, nearest

_GLOBALS = GLOBAL.keys() | GIVEN_EXPRESSIONS.keys() - {"filter", "map", "reduce"} | {"random"}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with an expression."""

    message: str
    at: int
    code: Code = Code.BASE_INVALID
    is_fatal: bool = True
    """Whether the expression can have no value."""


def check(tree: Node, formulas: Iterable[str]) -> Iterator[Finding]:
    """Yield what is wrong with ``tree``, in a base that has ``formulas``."""
    names = frozenset(formulas)
    for node in walk(tree):
        match node:
            case Call(name=name, at=at):
                yield from _check_call(name, node, at)
            case Method(of=of, name=name, at=at):
                kind = "file" if of == Name("file", of.at) else None
                if name not in method_names(kind):
                    yield Finding(no_such_method(name, kind, "a file" if kind else "a value"), at)
            case Member(of=Name(name="file"), name=name, at=at) if name not in FILE_FIELDS:
                known = did_you_mean(nearest(name, FILE_FIELDS))
                yield Finding(f'files have no property "{name}"{known}', at)
            case Pattern(source=source, flags=flags, at=at):
                problem = problem_of(Regexp(source, flags))
                if problem is not None:
                    yield Finding(problem, at)
            case _:
                formula = formula_named(node)
                if formula is not None and formula not in names:
                    known = did_you_mean(nearest(formula, names))
                    yield Finding(f'no formula is called "{formula}"{known}', node.at)


def _check_call(name: str, node: Call, at: int) -> Iterator[Finding]:
    if name not in _GLOBALS:
        yield Finding(no_such_function(name), at)
    elif name in GLOBAL:
        refusal = GLOBAL[name].refusal(name, len(node.arguments))
        if refusal is not None:
            yield Finding(refusal, at)
    if name == "icon":
        message = "icon() is not drawn; the icon's name is shown"
        yield Finding(message, at, Code.BASE_UNSUPPORTED, is_fatal=False)


def formula_named(node: Node) -> str | None:
    """Return the formula that a node refers to, as ``formula.x`` or ``formula["x"]``."""
    match node:
        case Member(of=Name(name="formula"), name=name):
            return name
        case Item(of=Name(name="formula"), index=Literal(value=str(name))):
            return name
        case _:
            return None


def circles(trees: Mapping[str, Node]) -> Iterator[tuple[str, ...]]:
    """Yield every circle of formulas that refer to each other, each beginning with its first in order."""
    refers = {
        name: [each for node in walk(tree) if (each := formula_named(node)) in trees]
        for name, tree in trees.items()
    }
    done: set[str] = set()
    for start in trees:
        trail: dict[str, int] = {}
        waiting: list[tuple[str, int]] = [(start, 0)]
        while waiting:
            name, next_one = waiting.pop()
            if next_one == 0:
                if name in done:
                    continue
                trail[name] = len(trail)
            if next_one < len(refers[name]):
                waiting.append((name, next_one + 1))
                follower = refers[name][next_one]
                if follower in trail:
                    yield tuple(trail)[trail[follower] :]
                elif follower is not None and follower not in done:
                    waiting.append((follower, 0))
            else:
                done.add(name)
                del trail[name]
