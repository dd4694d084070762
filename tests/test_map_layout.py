"""Where documents lie on the map: always somewhere, near to what they are linked with, and there still tomorrow."""

import hashlib
import math
import os
import statistics
import subprocess
import sys
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seedbed.vaultmap import SIDE, Links
from seedbed.vaultmap.layout import places

pytestmark = pytest.mark.timeout(60)  # thousands of documents are laid out

MIDDLE = SIDE / 2, SIDE / 2
ALIKE = ["Fern.md", "fern.md", "a/Fern.md", "a fern.md", "a-fern.md", "Élan.md", "E\u0301lan.md"]
HALVES = ["\ud800.md", "\ud801.md", "\udc80.md", "a/\udcff.md"]
PATHS = st.one_of(st.sampled_from(ALIKE + HALVES), st.text(max_size=6).map("{}.md".format))


@st.composite
def graphs(draw):
    """Return any documents, with any of them as targets of each, themselves and twice included."""
    paths = draw(st.lists(PATHS, max_size=30, unique=True))
    linked = st.lists(st.sampled_from(paths), max_size=5) if paths else st.just([])
    return {path: draw(linked) for path in paths}


def names(count):
    return [f"Note {number}.md" for number in range(count)]


def graph(count, *pairs):
    """Return ``count`` documents of which ``pairs`` are linked."""
    paths = names(count)
    targets = {path: [] for path in paths}
    for one, other in pairs:
        targets[paths[one]].append(paths[other])
    return targets


SHAPES = {
    "documents without links": graph,
    "a star": lambda count: graph(count, *((0, each) for each in range(1, count))),
    "a chain": lambda count: graph(count, *((each, each + 1) for each in range(count - 1))),
    "pairs": lambda count: graph(count, *((each, each + 1) for each in range(0, count - 1, 2))),
    "triangles": lambda count: graph(
        count, *((each, each - each % 3 + (each + 1) % 3) for each in range(count - count % 3))
    ),
    "two stars": lambda count: graph(count, *((each % 2, each) for each in range(2, count))),
    "a tree": lambda count: graph(count, *((each, each // 2) for each in range(1, count))),
    "a chain and others alone": lambda count: graph(
        count, *((each, each + 1) for each in range(count // 2))
    ),
    "all linked with all": lambda count: graph(
        count, *((one, other) for one in range(count) for other in range(one))
    ),
}


def clustered(count, size=20, seed=0, loose=0.1):
    """Return documents in clusters of ``size``, each with up to three links, a part of them ``loose``."""
    chance = Random(seed)  # noqa: S311 -- the same each time
    pairs = []
    for each in range(count):
        start = each - each % size
        for _ in range(3):
            near = chance.randrange(start, min(start + size, count))
            pairs.append((each, chance.randrange(count) if chance.random() < loose else near))
    return graph(count, *pairs)


def at_random(count, seed=0):
    """Return documents each of which is linked with up to three others, whichever they are."""
    return clustered(count, seed=seed, loose=1)


def places_of(targets):
    links = Links.of(targets)
    return dict(zip(links.paths, places(links, SIDE), strict=True))


@given(graphs())
def test_every_document_has_a_place_of_its_own_on_the_map(targets):
    found = places_of(targets)
    assert sorted(found) == sorted(targets)
    assert all(
        type(number) is int and 0 <= number <= SIDE for at in found.values() for number in at
    )
    assert len(set(found.values())) == len(found)


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 17, 40, 100, 300])
@pytest.mark.parametrize("shape", SHAPES)
def test_no_two_documents_lie_on_one_another(shape, count):
    found = list(places_of(SHAPES[shape](count)).values())
    nearest = min(
        (math.dist(one, other) for place, one in enumerate(found) for other in found[:place]),
        default=SIDE,
    )
    assert nearest > 0.18 * SIDE / math.sqrt(count)
    assert all(0 <= number <= SIDE for at in found for number in at)


def test_a_document_alone_is_in_the_middle_and_none_are_nowhere():
    assert list(places_of({"Fern.md": ["Fern.md"]}).values()) == [MIDDLE]
    assert places_of({}) == {}


@given(graphs(), st.randoms(use_true_random=False))
def test_the_order_of_documents_and_the_way_of_links_do_not_matter(targets, chance):
    turned = {path: [] for path in sorted(targets, key=lambda _: chance.random())}
    for path, linked in targets.items():
        for target in reversed(linked):
            turned[target].append(path)
            turned[path] += [target] * chance.randrange(2)
    assert Links.of(turned) == Links.of(targets)  # of which alone places are made


PROGRAM = """
from test_map_layout import clustered, digest
print(digest({path: set(linked) for path, linked in clustered(300).items()}))
"""


def digest(targets):
    """Return a name for places and communities of documents with these ``targets``."""
    from seedbed.vaultmap.communities import communities  # noqa: PLC0415

    links = Links.of(targets)
    return hashlib.sha256(repr((places(links, SIDE), communities(links))).encode()).hexdigest()


def test_another_process_finds_the_same():
    found = set()
    for seed in ("1", "2"):
        paths = os.pathsep.join(filter(None, sys.path))
        variables = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": paths}
        command = [sys.executable, "-c", PROGRAM]
        done = subprocess.run(command, env=variables, capture_output=True, text=True, check=True)
        found.add(done.stdout.strip())
    assert found == {digest(clustered(300))}


@pytest.mark.parametrize("count", [100, 300, 1000])
def test_linked_documents_lie_nearer_than_others(count):
    targets = clustered(count)
    at = places_of(targets)
    linked = [
        math.dist(at[path], at[target])
        for path, of in targets.items()
        for target in of
        if path != target
    ]
    chance = Random(1)  # noqa: S311 -- the same each time
    others = [math.dist(*chance.sample(list(at.values()), 2)) for _ in range(2000)]
    assert statistics.median(linked) < 0.5 * statistics.median(others)


@pytest.mark.parametrize(("linked", "alone"), [(20, 3), (60, 40), (300, 30), (1000, 300)])
def test_documents_without_links_lie_farther_out(linked, alone):
    targets = at_random(linked)
    lonely = [f"Lonely {number}.md" for number in range(alone)]
    at = places_of(targets | {path: [] for path in lonely})
    middle = statistics.median(math.dist(at[path], MIDDLE) for path in targets)
    assert min(math.dist(at[path], MIDDLE) for path in lonely) > middle


def moved(before, after):
    """Return how far those that are in both lie apart, as a part of the map's width: the median."""
    both = before.keys() & after.keys()
    return statistics.median(math.dist(before[path], after[path]) for path in both) / SIDE


def changed(targets, seed):
    """Yield a vault with one change: a note with one link or with five, or a note or a link less."""
    chance = Random(seed)  # noqa: S311 -- the same each time
    for count in (1, 5):
        yield targets | {"Another.md": chance.sample(list(targets), count)}
    gone = chance.choice(list(targets))
    yield {
        path: [target for target in linked if target != gone]
        for path, linked in targets.items()
        if path != gone
    }
    path = chance.choice([path for path, linked in targets.items() if {*linked} - {path}])
    lost = next(target for target in targets[path] if target != path)
    yield {
        each: [target for target in linked if {each, target} != {path, lost}]
        for each, linked in targets.items()
    }


@pytest.mark.parametrize("kind", [clustered, at_random])
@pytest.mark.parametrize(("count", "seeds"), [(30, 12), (100, 4), (1000, 2), (5000, 1)])
def test_one_change_leaves_the_others_where_they_were(kind, count, seeds):
    by_change = []
    for seed in range(seeds):
        targets = kind(count, seed=seed)
        before = places_of(targets)
        by_change.append([moved(before, places_of(each)) for each in changed(targets, seed)])
    of = statistics.median if count < 100 else max  # of thirty notes, one may be what holds all
    assert [of(each) < 0.05 for each in zip(*by_change, strict=True)] == [True] * 4


def test_a_note_that_comes_to_lie_far_out_does_not_shrink_the_rest():
    for seed in range(12):
        targets = at_random(100, seed=seed)
        added = targets | {"Another.md": [names(100)[7 * seed]]}
        assert moved(places_of(targets), places_of(added)) < 0.03
