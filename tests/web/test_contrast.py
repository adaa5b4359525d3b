"""The pairs of the look's §2, from the stylesheet itself: text needs 4.5, edges and shapes 3 (WCAG 2.2)."""

import re

import pytest

from app.web.static_files import FOLDER

TEXT = [
    ("ink", "paper"), ("ink", "surface"), ("ink", "wait-tint"),
    ("ink-soft", "paper"), ("ink-soft", "sunk"), ("ink-soft", "action-tint"),
    ("action", "paper"), ("action", "surface"), ("action", "wait-tint"), ("on-action", "action"),
    ("good", "good-tint"), ("calm", "calm-tint"), ("wait", "wait-tint"), ("must", "must-tint"),
    ("on-must", "must-fill"),
]  # fmt: skip
SHAPES = [("must-fill", "surface"), ("edge", "surface"), ("edge", "paper"), ("edge", "sunk"), ("focus", "paper")]


def tokens() -> dict[str, dict[str, str]]:
    css = (FOLDER / "app.css").read_text()
    roots = [
        dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", block)) for block in re.findall(r":root {(.*?)}", css, re.S)
    ]
    return {"light": roots[0], "dark": roots[0] | roots[1]}


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_pair_can_be_read_in_both_schemes(scheme: str) -> None:
    colours = tokens()[scheme]
    needs = [(4.5, pair) for pair in TEXT] + [(3.0, pair) for pair in SHAPES]
    weak = {
        pair: round(contrast(*map(colours.__getitem__, pair)), 1)
        for need, pair in needs
        if contrast(*map(colours.__getitem__, pair)) < need
    }
    assert weak == {}


def test_the_formula_gives_what_the_look_was_measured_with() -> None:
    light = tokens()["light"]
    assert round(contrast(light["ink"], light["paper"]), 1) == 14.2
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
