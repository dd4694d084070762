"""Regions of the map: communities that are there, with names and colours that stay."""

from collections import Counter, defaultdict
from contextlib import closing
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seedbed.store import Store
from seedbed.vaultmap import SIDE, Chart, Links, chart
from seedbed.vaultmap.regions import APART, COLOURS, regions


def planted(groups, size, *, loose=6, inner=4):
    """Return documents in groups of ``size``, ``inner`` links from each into its own and ``loose`` links in all."""
    chance = Random(groups)  # noqa: S311 -- the same each time
    paths = [[f"{group}/{each}.md" for each in range(size)] for group in range(groups)]
    targets = {path: chance.sample(group, inner) for group in paths for path in group}
    for _ in range(loose):
        targets[chance.choice(chance.choice(paths))].append(chance.choice(chance.choice(paths)))
    return targets


def charted(targets):
    with closing(Store(None)) as store:
        return chart(Links.of(targets), store)


def regions_of(targets, tags=None, titles=None):
    made = charted(targets)
    return regions({path: path for path in targets} | (titles or {}), tags or {}, made)


@pytest.mark.parametrize(("groups", "size", "loose"), [(8, 20, 40), (3, 10, 6), (20, 40, 400)])
def test_communities_that_are_there_are_found(groups, size, loose):
    made = charted(planted(groups, size, loose=loose))
    pairs = Counter(
        zip([path.split("/")[0] for path in made.links.paths], made.communities, strict=True)
    )
    for side in (0, 1):
        best = defaultdict(int)
        for pair, count in pairs.items():
            best[pair[side]] = max(best[pair[side]], count)
        assert sum(best.values()) >= 0.95 * groups * size


def test_regions_hold_each_document_once_by_title_and_the_rest_last():
    targets = planted(3, 10) | planted(1, 14, loose=0) | {"p.md": ["q.md"], "q.md": [], "x.md": []}
    titles = {"p.md": "É", "q.md": "f", "x.md": "E"}
    found = regions_of(targets, titles=titles)
    assert sorted(path for each in found for path in each.paths) == sorted(targets)
    *large, rest = found
    assert [len(each.paths) for each in large] == sorted(
        (len(each.paths) for each in large), reverse=True
    )
    assert all(len(each.paths) > 2 and each.colour is not None for each in large)
    assert (rest.name, rest.colour) == (APART, None)
    assert rest.paths == ("x.md", "q.md", "p.md")
    assert all(0 <= number <= SIDE for each in found for number in each.place)


def test_a_region_is_called_by_the_tag_that_tells_it_from_the_rest():
    targets = planted(3, 10, loose=0)
    everywhere = {path: ["all"] for path in targets}
    tags = {
        path: [*everywhere[path], "Wet" if each % 2 else "wet"]
        for each, path in enumerate(targets)
        if path[0] == "0"
    }
    names = [each.name for each in regions_of(targets, everywhere | tags)]
    assert len([name for name in names if name.lower() == "#wet"]) == 1
    assert "#all" not in names


def test_a_tag_that_two_regions_bear_alike_names_neither_however_it_is_written():
    targets = planted(2, 10, loose=0)
    tags = {path: ["Wet" if path[0] == "0" else "wet"] for path in targets}
    assert all(each.name in each.paths for each in regions_of(targets, tags))


def star(number, size):
    """Return documents that are all linked with the first of them."""
    return {f"{number}/{each:02}.md": [f"{number}/00.md"] for each in range(size)}


def stars(sizes):
    return {
        path: of for number, size in enumerate(sizes) for path, of in star(number, size).items()
    }


def test_a_region_without_such_a_tag_is_called_after_the_document_most_links_lead_to():
    targets = {path: [] if path == "0/00.md" else of for path, of in star(0, 8).items()}
    targets = {
        path.replace("00", "90"): [to.replace("00", "90") for to in of]
        for path, of in targets.items()
    }
    tags = {"0/01.md": ["rare"]}
    (region,) = regions_of(targets, tags, {"0/90.md": "The middle"})
    assert region.name == "The middle"


def test_the_ten_largest_regions_differ_in_colour():
    found = regions_of(stars(range(4, 27)))
    colours = [each.colour for each in found]
    assert len(found) == 23
    assert sorted(colours[:10]) == sorted(colours[10:20]) == list(range(COLOURS))
    assert len(set(colours[20:])) == 3


@given(st.permutations(range(4, 14)))
def test_a_colour_stays_while_the_head_does(sizes):
    targets = stars(sizes)
    links = Links.of(targets)
    groups = tuple(int(path.split("/")[0]) for path in links.paths)
    made = Chart(links, ((0, 0),) * len(groups), groups)
    found = regions({path: path for path in targets}, {}, made)
    assert {each.name: each.colour for each in found} == COLOURED


COLOURED = {each.name: each.colour for each in regions_of(stars([5] * 10))}
"""Ten regions of one size."""
