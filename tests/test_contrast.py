"""The colours of the style sheets can be told apart, in both schemes and in print (WCAG 2.2)."""

import re
from functools import cache

import pytest

from conftest import ROOT

ASSETS = ROOT / "hooks" / "wartimeline" / "theme" / "assets"
LIGHT = '[data-md-color-scheme="default"] {'
DARK = '[data-md-color-scheme="slate"] {'
PRINT = re.compile(r"@media print \{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
PROPERTY = re.compile(r"(--tl-[\w-]+):\s*(#[0-9a-f]{3,6})\b")

TEXT = (  # 4.5:1, success criterion 1.4.3
    ("ink", "paper"), ("ink", "wash"), ("ink", "rule"), ("ink", "differ-wash"),
    ("soft", "paper"), ("soft", "wash"), ("soft", "differ-wash"),
    ("accent", "paper"), ("accent", "wash"), ("accent", "differ-wash"),
    ("differ", "paper"), ("differ", "differ-wash"),
    ("paper", "ink"),
)  # fmt: skip
SHAPES = (  # 3:1, success criterion 1.4.11
    ("bar", "paper"), ("soft", "paper"), ("accent", "paper"), ("ink", "paper"),
    ("v1", "paper"), ("v2", "paper"), ("v3", "paper"), ("v4", "paper"), ("v5", "paper"),
    ("v6", "paper"), ("f-bombardment", "paper"), ("differ", "paper"),
)  # fmt: skip


@cache
def read_colours(scheme: str) -> dict[str, str]:
    """Read the custom properties of a scheme from all style sheets."""
    colours: dict[str, str] = {}
    for sheet in sorted(ASSETS.glob("*.css")):
        text = sheet.read_text("utf-8")
        printed = "".join(PRINT.findall(text))
        if scheme == "print":
            blocks = re.findall(r"\[data-md-color-scheme\][^{]*\{([^}]*)\}", printed)
        else:
            marker = re.escape(DARK if scheme == "dark" else LIGHT)
            blocks = re.findall(marker + r"([^}]*)\}", PRINT.sub("", text))
        for block in blocks:
            colours |= {name.removeprefix("--tl-"): c for name, c in PROPERTY.findall(block)}
    return colours


def measure_luminance(colour: str) -> float:
    digits = colour.removeprefix("#")
    pairs = [d * 2 for d in digits] if len(digits) == 3 else re.findall("..", digits)
    channels = [int(pair, 16) / 255 for pair in pairs]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def measure_contrast(a: str, b: str) -> float:
    low, high = sorted(map(measure_luminance, (a, b)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(
    ("a", "b", "contrast"),
    [("#fff", "#000", 21), ("#767676", "#ffffff", 4.54), ("#abc", "#abc", 1)],
)
def test_contrast_is_measured_as_wcag_says(a: str, b: str, contrast: float) -> None:
    assert measure_contrast(a, b) == pytest.approx(contrast, abs=0.01)


@pytest.mark.parametrize("scheme", ["light", "dark", "print"])
@pytest.mark.parametrize(("front", "back"), TEXT)
def test_text_can_be_read(scheme: str, front: str, back: str) -> None:
    colours = read_colours(scheme)
    assert measure_contrast(colours[front], colours[back]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("front", "back"), SHAPES)
def test_shapes_and_borders_can_be_seen(scheme: str, front: str, back: str) -> None:
    colours = read_colours(scheme)
    assert measure_contrast(colours[front], colours[back]) >= 3


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_colour_of_the_light_scheme_has_one_in_the_dark(scheme: str) -> None:
    assert set(read_colours(scheme)) == set(read_colours("light")) | set(read_colours("dark"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_solid_families_of_kinds_differ_in_lightness(scheme: str) -> None:
    """Neighbours in a bar: whoever sees no colours must still see where one part ends."""
    colours = read_colours(scheme)
    order = ("accent", "ink", "f-people", "paper")  # fighting, harm, people, after
    for a, b in ((order[0], order[2]), (order[1], order[2]), (order[2], order[3])):
        assert measure_contrast(colours[a], colours[b]) >= 1.5, (a, b)
