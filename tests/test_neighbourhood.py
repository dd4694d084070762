"""What is around a note: the nearest of those that links join to it, and the picture of them."""

import itertools
import re

from counting import calls_in
from hypothesis import given
from hypothesis import strategies as st
from vaults import index_in_memory

from seedbed.localgraph import local_graph
from seedbed.neighbourhood import MOST, Surveyor

NAMES = st.sampled_from([f"{number}.md" for number in range(40)])
LINKS = st.dictionaries(NAMES, st.lists(NAMES, unique=True, max_size=30))


def surveyor(links):
    targets = {path: tuple(each for each in to if each != path) for path, to in links.items()}
    paths = dict.fromkeys([*targets, *(each for to in targets.values() for each in to)])
    linking = {path: tuple(each for each in targets if path in targets[each]) for path in paths}
    return targets, Surveyor(targets, linking)


def test_links_both_ways_and_shared_ones_count_most():
    many = [f"{number}.md" for number in range(MOST + 5)]
    links = {"hub.md": many, many[-1]: ["hub.md"], many[-2]: [many[0]]}
    around = surveyor(links)[1].around("hub.md")
    shown = [each.path for each in around.shown]
    assert shown[0] == many[-1]
    assert many[-2] in shown
    assert around.more == 5
    assert around.among == ((shown.index(many[0]), shown.index(many[-2])),)


@given(LINKS)
def test_neighbours_are_who_links_join_and_no_others(links):
    targets, found = surveyor(links)
    for path in targets:
        around = found.around(path)
        joined = {other for other in targets if path in targets[other]} | set(targets[path])
        shown = [each.path for each in around.shown]
        assert len(shown) == len(set(shown)) == min(len(joined), MOST)
        assert set(shown) <= joined
        assert around.more == len(joined) - len(shown)
        for each in around.shown:
            assert each.is_linked == (each.path in targets[path])
            assert each.links_here == (path in targets.get(each.path, ()))
        for one, other in around.among:
            ends = shown[one], shown[other]
            assert any(b in targets.get(a, ()) for a, b in (ends, ends[::-1]))


@given(st.lists(st.text(min_size=1, max_size=90), min_size=1, max_size=30))
def test_no_two_names_share_a_row(titles):
    notes = {f"{place}.md": f"---\ntitle: {title!r}\n---\n" for place, title in enumerate(titles)}
    links = " ".join(f"[[{place}]]" for place in range(len(titles)))
    html = local_graph("here.md", index_in_memory({**notes, "here.md": links}))
    starts = re.findall(r'<text x="(\d+)" y="(\d+)"( text-anchor="end")?>([^<]*)(<tspan)?', html)
    assert len(starts) == min(len(titles), MOST)
    for side in ("", ' text-anchor="end"'):
        ends = [
            (int(y), int(y) + (14 if more else 0)) for _, y, end, _, more in starts if end == side
        ]
        assert all(after[0] - before[1] >= 13 for before, after in itertools.pairwise(ends))


def test_ten_times_the_links_are_ten_times_the_work():
    def calls_for(count):
        names = [f"{number}.md" for number in range(count)]
        links = dict.fromkeys(names, ("a.md", "b.md")) | {
            "a.md": (*names, "b.md"),
            "b.md": tuple(names),
        }
        backlinks = dict.fromkeys(names, ("a.md", "b.md"))
        backlinks |= {"a.md": tuple(names), "b.md": ("a.md", *names)}
        found = Surveyor(links, backlinks)
        return calls_in(lambda: [found.around(path) for path in links])

    assert calls_for(1000) < 15 * calls_for(100)
