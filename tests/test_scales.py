"""Scales: round ticks, numbers in their place, figures side by side where claimants differ."""

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html
from lxml.html import HtmlElement

from conftest import Project, make_entry
from pages import select, text_of
from wartimeline.pipeline import Checked
from wartimeline.records import Figure
from wartimeline.render import make_environment
from wartimeline.scales import Axis, Scale, list_numbers, make_axis, make_scales, place_figure

NUMBERS = st.decimals(0, 10**9, allow_nan=False, places=2) | st.integers(0, 10**12).map(Decimal)


def make_figure(value: Decimal | str | int, unit: str = "people") -> Figure:
    return Figure.model_validate({"measure": "killed", "value": value, "unit": unit})


def make_axis_of(*values: Decimal | str | int, most: int = 4) -> Axis:
    return make_axis([make_figure(value) for value in values], most)


@given(st.lists(NUMBERS, min_size=1, max_size=8))
def test_numbers_keep_their_order_on_an_axis_and_stay_on_it(numbers: list[Decimal]) -> None:
    axis = make_axis_of(*numbers)
    places = [axis.find(number) for number in sorted(set(numbers))]
    assert all(0 <= place <= 1 for place in places)
    assert places == sorted(places)
    if not axis.is_logarithmic:
        assert all(a < b for a, b in pairwise(places))


@given(st.lists(NUMBERS, min_size=1, max_size=8), st.integers(2, 6))
def test_ticks_are_few_round_and_hold_all_numbers_between_them(
    numbers: list[Decimal], most: int
) -> None:
    axis = make_axis_of(*numbers, most=most)
    assert axis.ticks[0] <= min(numbers)
    assert axis.ticks[-1] >= max(numbers)
    steps = [b - a for a, b in pairwise(axis.ticks)]
    if axis.is_logarithmic:
        powers = [tick for tick in axis.ticks if tick]
        assert all(set(tick.as_tuple().digits) <= {0, 1} for tick in powers)
        assert len(powers) <= most + 1
    else:
        assert len(set(steps)) == 1
        assert str(steps[0].normalize().as_tuple().digits[0]) in "125"
        assert len(steps[0].normalize().as_tuple().digits) == 1
        assert len(steps) <= most
    assert axis.find(axis.ticks[-1]) == 1


@pytest.mark.parametrize(
    ("values", "ticks"),
    [
        ([7], "0 2 4 6 8"),
        ([1], "0 1"),
        ([0], "0 1"),
        (["0.5"], "0 0.2 0.4 0.6"),
        ([98, 40], "0 50 100"),
        ([100, 2], "0 50 100"),
        ([102, 2], "1 10 100 1000"),
        ([102, 2, 0], "0 1 10 100 1000"),
        ([1, 1000], "1 10 100 1000"),
        (["0.05", 30], "0.01 0.1 1 10 100"),
        ([3, 500_000], "1 100 10000 1000000"),
    ],
)
def test_axes_have_the_ticks_one_would_draw_by_hand(values: list[int], ticks: str) -> None:
    axis = make_axis_of(*values)
    assert " ".join(map(str, axis.ticks)) == ticks


def test_an_axis_is_logarithmic_only_where_numbers_are_far_apart() -> None:
    assert not make_axis_of(2, 100).is_logarithmic
    assert make_axis_of(2, 101).is_logarithmic
    assert not make_axis_of(0, 1000).is_logarithmic


def test_zero_stands_apart_on_a_logarithmic_axis() -> None:
    axis = make_axis_of(0, 1, 1000)
    assert axis.find(Decimal(0)) == 0
    assert 0.05 < axis.find(Decimal(1)) < 0.1
    assert axis.find(Decimal(10)) - axis.find(Decimal(1)) == pytest.approx(
        axis.find(Decimal(1000)) - axis.find(Decimal(100))
    )


def test_shares_stand_on_an_axis_up_to_the_whole() -> None:
    axis = make_axis(
        [make_figure("0.5", "percent of the wall"), make_figure(90, "percent of the wall")]
    )
    assert axis.ticks == (0, 25, 50, 75, 100)
    assert not axis.is_logarithmic


@pytest.mark.parametrize(
    ("measure", "unit"), [("injured", "people"), ("killed", "soldiers")], ids=["measure", "unit"]
)
def test_what_is_not_the_same_is_never_put_on_one_scale(measure: str, unit: str) -> None:
    other = Figure.model_validate({"measure": measure, "value": 3, "unit": unit})
    with pytest.raises(ValueError, match="one measure and one unit"):
        make_axis([make_figure(3), other])


def test_there_is_no_axis_of_nothing() -> None:
    with pytest.raises(ValueError, match="one measure"):
        make_axis([])


def test_a_figure_has_a_place_for_each_number_in_it() -> None:
    axis = make_axis_of(40, 100)
    figure = Figure.model_validate({"measure": "killed", "low": 50, "high": 75, "unit": "people"})
    placed = place_figure(figure, axis)
    assert (placed.value, placed.low, placed.high) == (None, 0.5, 0.75)
    assert placed.is_range
    assert not placed.is_least
    assert not placed.is_most


def write_claims(*claims: str) -> str:
    """Write claims given as `who: figure`, such as `salt-company: value 3, unit people`."""
    lines = []
    for i, claim in enumerate(claims):
        who, _, figure = claim.partition(": ")
        key = "by" if "-" in who else "claimant"
        fields = ", ".join(
            f"{part.partition(' ')[0]}: {part.partition(' ')[2]}" for part in figure.split(", ")
        )
        lines.append(
            f"- {{{key}: {who}, said: statement {i}, "
            f"figure: {{measure: killed, unit: people, {fields}}}, sources: [post]}}"
        )
    return "\n".join([*lines, ""])


def read_scales(project: Project, *claims: str) -> tuple[Scale, ...]:
    project.add(make_entry(claims=write_claims(*claims)))
    checked = project.check()
    assert checked.timeline is not None, checked.problems
    return make_scales(checked.timeline.entries[0].event, checked.timeline)


def render_scales(scales: tuple[Scale, ...]) -> HtmlElement:
    template = make_environment().from_string(
        '{% from "scales.html" import side_by_side with context %}'
        "<div>{{ side_by_side(scales) }}</div>"
    )
    return lxml_html.fragment_fromstring(template.render(scales=scales, root="../", paths=None))


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        (["salt-company: value 3", "town-watch: value 5"], 1),
        (["salt-company: value 3", "a baker: value 5"], 1),
        (["salt-company: low 3", "town-watch: low 3, high 6"], 1),
        (["salt-company: value 3", "town-watch: value 5", "salt-company: value 4"], 1),
        (["salt-company: value 3"], 0),
        (["salt-company: value 3", "salt-company: value 5"], 0),
        (["salt-company: value 3", "town-watch: value 3"], 0),
        (["salt-company: value 3", "town-watch: low 3"], 0),
        (["salt-company: value 3, scope in the west", "town-watch: value 5, scope in the east"], 0),
        (["salt-company: value 3, scope in the west", "town-watch: value 5"], 0),
        (
            [
                "salt-company: value 3, scope in the west",
                "town-watch: value 5, scope in the west",
                "salt-company: value 7",
                "town-watch: value 8",
            ],
            2,
        ),
    ],
    ids=[
        "two", "in words", "ranges", "one twice", "alone", "the same claimant", "agreed",
        "compatible", "scopes", "no scope", "two scales",
    ],
)  # fmt: skip
def test_figures_stand_side_by_side_only_where_claimants_differ(
    project: Project, claims: list[str], expected: int
) -> None:
    assert len(read_scales(project, *claims)) == expected


def test_a_scale_shows_every_claim_in_its_place(project: Project) -> None:
    [scale] = read_scales(
        project, "salt-company: low 40, high 60", "a baker: value 0", "town-watch: low 80",
        "salt-company: high 100",
    )  # fmt: skip
    assert [line.claimant for line in scale.lines] == [
        "Salt Company", "A baker", "Town Watch", "Salt Company",
    ]  # fmt: skip
    page = render_scales((scale,))
    ranged, exact, least, most = page.xpath(".//li")
    assert text_of(page.find(".//figcaption")) == "People killed: figures side by side"

    [bar] = ranged.xpath(".//line[@class='tl-scale__bar']")
    assert (bar.get("x1"), bar.get("x2")) == ("40.00%", "60.00%")
    assert ranged.xpath(".//svg/svg/@x") == ["40.00%", "60.00%"]
    assert not ranged.xpath(".//circle")
    assert exact.xpath(".//circle/@cx") == ["0.00%"]
    assert least.xpath(".//circle/@cx | .//svg/svg/@x") == ["80.00%", "80.00%"]
    assert select(least, "tl-scale__bar--up")[0].get("d").startswith("M0 10h16")
    assert most.xpath(".//circle/@cx") == ["100.00%"]
    assert select(most, "tl-scale__bar--down")[0].get("d").startswith("M0 10h-16")
    said = [text_of(item.find("b")) for item in (ranged, exact, least, most)]
    assert said == ["40–60", "0", "at least 80", "up to 100"]
    ticks = page.xpath(".//div[@class='tl-scale__axis']//text")
    assert [(tick.get("x"), tick.text) for tick in ticks] == [
        ("0.00%", "0"), ("50.00%", "50"), ("100.00%", "100"),
    ]  # fmt: skip


def test_drawings_are_hidden_from_those_who_hear_the_page(project: Project) -> None:
    page = render_scales(read_scales(project, "salt-company: value 3", "a baker: value 5"))
    outer = page.xpath(".//svg[not(ancestor::svg)]")
    assert outer
    assert all(svg.xpath("ancestor-or-self::*[@aria-hidden='true']") for svg in outer)


def test_a_logarithmic_scale_says_so(project: Project) -> None:
    page = render_scales(read_scales(project, "salt-company: value 3", "a baker: value 5000"))
    assert "Logarithmic scale: each step is 10 times the one before." in text_of(page)


def test_a_scale_says_what_it_counts_and_where(project: Project) -> None:
    page = render_scales(
        read_scales(
            project,
            "salt-company: value 3, scope <b>in</b> the west",
            "town-watch: value 5, scope <b>in</b> the west",
        )
    )
    caption = page.find(".//figcaption")
    assert text_of(caption) == "People killed, <b>in</b> the west: figures side by side"
    assert not caption.xpath(".//b")


def test_every_scale_of_the_real_site_can_be_trusted(aleppo: Checked) -> None:
    assert aleppo.timeline is not None, aleppo.problems
    count = 0
    for entry in aleppo.timeline.entries:
        for scale in make_scales(entry.event, aleppo.timeline):
            count += 1
            said = {(one.figure.measure, one.figure.unit, one.figure.scope) for one in scale.lines}
            assert len(said) == 1, entry.id
            assert len({one.claimant for one in scale.lines}) > 1, entry.id
            assert len({list_numbers(one.figure) for one in scale.lines}) > 1, entry.id
    assert count > 10
