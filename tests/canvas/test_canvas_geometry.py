"""Where lines begin, run and end, and that the board has room for all of it."""

import json
import re

import pytest
from canvas_writers import canvas_of, html_of
from hypothesis import given
from hypothesis import strategies as st

from seedbed.canvas.geometry import Point, line_of, middle_of, room_for, sides_of

SIDES = ("top", "right", "bottom", "left")


def source_of(boxes, edges=()):
    """Return a canvas of text cards ``(x, y, width, height)``, named by number, and of edges."""
    nodes = [
        dict(zip(("x", "y", "width", "height"), box, strict=True)) | {"id": str(n), "type": "group"}
        for n, box in enumerate(boxes)
    ]
    return json.dumps({"nodes": nodes, "edges": [{"id": "e", **edge} for edge in edges]})


def edge_of(one, other, **fields):
    return canvas_of(source_of((one, other), [{"fromNode": "0", "toNode": "1", **fields}])).edges[0]


@pytest.mark.parametrize(
    ("side", "place"),
    [
        ("top", Point(60, 10)),
        ("right", Point(110, 30)),
        ("bottom", Point(60, 50)),
        ("left", Point(10, 30)),
    ],
)
def test_lines_meet_a_box_in_the_middle_of_a_side(side, place):
    node = canvas_of(source_of([(10, 10, 100, 40)])).nodes[0]
    assert place == middle_of(node, side)


@pytest.mark.parametrize(
    ("other", "sides"),
    [
        ((300, 0, 100, 100), ("right", "left")),
        ((-300, 0, 100, 100), ("left", "right")),
        ((0, 300, 100, 100), ("bottom", "top")),
        ((0, -300, 100, 100), ("top", "bottom")),
        ((300, 300, 100, 100), ("right", "top")),
    ],
)
def test_without_sides_the_nearest_are_taken(other, sides):
    assert sides == sides_of(edge_of((0, 0, 100, 100), other))


def test_one_side_given_leaves_the_other_to_be_found():
    edge = edge_of((0, 0, 100, 100), (300, 0, 100, 100), fromSide="top")
    assert sides_of(edge) == ("top", "left")


def test_a_line_to_its_own_box_ends_on_another_side():
    source = source_of([(0, 0, 100, 40)], [{"fromNode": "0", "toNode": "0"}])
    start, end = sides_of(canvas_of(source).edges[0])
    assert start != end


@pytest.mark.parametrize(
    ("distance", "reach"), [(10, 70), (100, 70), (200, 100), (300, 150), (9000, 150)]
)
def test_handles_reach_half_the_way_within_limits(distance, reach):
    edge = edge_of((0, 0, 100, 100), (100 + distance, 0, 100, 100), toEnd="none")
    curve = line_of(edge).curve
    assert Point(100 + reach, 50) == curve.first_handle
    assert Point(100 + distance - reach, 50) == curve.second_handle


@pytest.mark.parametrize("start", ["none", "arrow"])
@pytest.mark.parametrize("end", ["none", "arrow"])
def test_arrows_touch_the_box_and_lines_end_at_their_foot(start, end):
    edge = edge_of((0, 0, 100, 100), (300, 0, 100, 100), fromEnd=start, toEnd=end)
    line = line_of(edge)
    touching = [tip[0] for tip in line.tips]
    touching += [line.curve.start] * (start == "none") + [line.curve.end] * (end == "none")
    assert {(100, 50), (300, 50)} == {(point.x, point.y) for point in touching}
    assert (start, end).count("arrow") == len(line.tips)


def test_a_tip_points_at_its_box():
    edge = edge_of((0, 0, 100, 100), (300, 0, 100, 100))
    (tip,) = line_of(edge).tips
    assert (Point(300, 50), {289}, {44, 56}) == (
        tip[0],
        {point.x for point in tip[1:]},
        {point.y for point in tip[1:]},
    )


def test_the_middle_of_a_straight_line_is_half_way():
    edge = edge_of((0, 0, 100, 100), (300, 0, 100, 100), toEnd="none")
    assert Point(200, 50) == line_of(edge).curve.middle


BOXES = st.tuples(
    st.integers(-2000, 2000), st.integers(-2000, 2000), st.integers(1, 900), st.integers(1, 900)
)
EDGES = st.fixed_dictionaries(
    {"fromNode": st.sampled_from("012"), "toNode": st.sampled_from("012")},
    optional={
        "fromSide": st.sampled_from(SIDES),
        "toSide": st.sampled_from(SIDES),
        "fromEnd": st.sampled_from(["none", "arrow"]),
        "toEnd": st.sampled_from(["none", "arrow"]),
        "label": st.just("words"),
    },
)


@given(boxes=st.lists(BOXES, min_size=3, max_size=3), edges=st.lists(EDGES, max_size=4))
def test_everything_lies_on_the_board(boxes, edges):
    canvas = canvas_of(source_of(boxes, edges))
    lines = [line_of(edge) for edge in canvas.edges]
    room = room_for(canvas.nodes, lines, 0)
    points = [point for line in lines for point in (*line.curve.points, line.curve.middle)]
    points += [point for line in lines for tip in line.tips for point in tip[:1]]
    for node in canvas.nodes:
        points += [Point(node.x, node.y), Point(node.x + node.width, node.y + node.height)]
    assert [
        point
        for point in points
        if not (
            room.x <= point.x <= room.x + room.width and room.y <= point.y <= room.y + room.height
        )
    ] == []


@given(boxes=st.lists(BOXES, min_size=3, max_size=3), edges=st.lists(EDGES, max_size=4))
def test_boxes_and_lines_share_one_system_of_coordinates(boxes, edges):
    shown = html_of(source_of(boxes, edges))
    width, height = map(int, re.search(r'viewBox="0 0 (\d+) (\d+)"', shown).groups())
    assert f"--width:{width};--height:{height}" in shown
    places = re.findall(r"left:(-?\d+)px;top:(-?\d+)px;width:(\d+)px;height:(\d+)px", shown)
    assert len(boxes) == len(places)
    for left, top, across, down in (map(int, place) for place in places):
        assert 0 <= left <= left + across <= width
        assert 0 <= top <= top + down <= height
