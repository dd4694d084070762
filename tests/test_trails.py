"""What lies above each note and how much below it, compared with one walk upwards from every note."""

import hypothesis
import pytest
from counting import calls_in
from hypothesis import strategies as st

from seedbed.trails import Trails

NOTES = [f"{name}.md" for name in "abcdefghijkl"]


def walked(upstream, path):
    """Return all notes above ``path``, nearest first."""
    above = []
    while (path_above := upstream.get(above[-1] if above else path)) not in {None, path, *above}:
        above.append(path_above)
    return above


@st.composite
def upstreams(draw):
    notes = draw(st.permutations(NOTES))
    above = st.one_of(st.none(), st.sampled_from(NOTES[:4]), st.sampled_from(NOTES))
    chosen = {note: draw(above) for note in notes}
    return {note: top for note, top in chosen.items() if top not in {None, note}}


@hypothesis.given(upstreams())
def test_a_trail_shows_its_top_and_its_end(upstream):
    trails = Trails(upstream)
    for path in NOTES:
        whole = tuple(reversed(walked(upstream, path)))
        shown = whole if len(whole) <= 6 else (whole[0], None, *whole[-4:])
        assert trails.trail(path) == shown


@hypothesis.given(upstreams())
def test_what_is_below_a_note_has_it_in_its_trail(upstream):
    trails = [walked(upstream, path) for path in NOTES]
    below = {above: sum(above in trail for trail in trails) for above in upstream.values()}
    assert Trails(upstream).below == below


@pytest.mark.parametrize("is_circle", [False, True])
def test_ten_times_the_days_of_a_diary_are_ten_times_the_work(is_circle):
    def work(days):
        upstream = {f"{day}.md": f"{day - 1}.md" for day in range(1, days)}
        if is_circle:
            upstream["0.md"] = f"{days - 1}.md"
        trails = Trails(upstream)
        for path in upstream:
            trails.trail(path)

    assert calls_in(lambda: work(1_000)) < 12 * calls_in(lambda: work(100))
