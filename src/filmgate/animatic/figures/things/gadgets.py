"""Things that shine and see: a phone, a lamp, a camera."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from filmgate.animatic.colour import from_hex, gradient, mix, to_pixels
from filmgate.animatic.figures.cutout import Patch, Piece
from filmgate.animatic.figures.puppet import ellipse, outline, point
from filmgate.animatic.figures.role import Castings
from filmgate.animatic.figures.things.exhibit import Bench, Thing, exhibited
from filmgate.animatic.figures.things.turnery import WHITE, Material, Surface, profile
from filmgate.animatic.figures.things.vapour import build_sparkles
from filmgate.animatic.figures.things.workshop import (
    IN_PLACE,
    Lamplight,
    disc,
    drawn,
    pool_of_light,
    rounded_box,
    seen,
    solid,
)
from filmgate.animatic.noise import spectral
from filmgate.animatic.raster import (
    Floats,
    Matrix,
    Pixels,
    apply,
    blur_tile,
    fill,
    lookup,
    multiply,
    paste_light,
    resize,
    then,
    triple,
)

SCREEN_ROWS, SCREEN_COLUMNS = 160, 78


@dataclass(frozen=True, slots=True, eq=False)
class Screen:
    """A lit screen: colours that flow into each other behind the glass."""

    field: Pixels
    colours: Pixels  # a table that wraps round
    mask: Pixels
    to_units: Matrix

    def paint(self, target: Pixels, seconds: float, matrix: Matrix) -> None:
        table = np.roll(self.colours, -round(seconds * 11) % 256, axis=1)
        part = seconds * 11 - round(seconds * 11)
        following = np.roll(table, -1, axis=1)
        smooth_table = (table * (0.5 - part) + following * (0.5 + part)).astype(np.uint8)
        picture = multiply(lookup(triple(self.field), np.ascontiguousarray(smooth_table)), triple(self.mask))
        paste_light(target, picture, then(self.to_units, matrix))


def _phone(bench: Bench) -> Thing:
    body = bench.colour("2a2c34", "d8c8b4", "8a98b0")
    left, right, top = -0.235, 0.235, 0.98
    frame = Piece(
        rounded_box(left, 0.0, right, top, 0.075),
        body,
        (
            Patch(
                np.array([(left + 0.004, 0.06), (left + 0.004, 0.92)]),
                np.clip(body * 2.2 + 0.2, 0, 1),
                0.002,
                0.9,
                0.008,
            ),
        ),
        0.018,
    )
    buttons = Piece(
        outline((right, 0.62), (right + 0.010, 0.625), (right + 0.010, 0.735), (right, 0.74)), body * 0.8, (), 0.004
    )
    glass = Piece(rounded_box(left + 0.018, 0.018, right - 0.018, top - 0.018, 0.060), from_hex("0a0b10"), (), 0.0)
    return Thing([drawn(bench, buttons, frame, glass)], 0.22, before=(_wallpaper(bench, left, right, top),), hover=0.06)


def _wallpaper(bench: Bench, left: float, right: float, top: float) -> Screen:
    """Flowing colours, cut out for the camera, behind rows of icons."""
    rng = bench.rng
    own = bench.member.role.subject.colour
    stops = (
        ("2a1a6a", "7a3ad8", "ff6aa0", "ffb46a", "ff6aa0", "3a6af0", "2a1a6a")
        if own is None or int(own, 16) < 0x202020
        else ("101830", own, "f8e8f0", own, "101830")
    )
    table = gradient(
        [(index / (len(stops) - 1), from_hex(stop)) for index, stop in enumerate(stops)],
        np.linspace(0, 1, 256, dtype=np.float32),
    )
    field = to_pixels(resize(blur_tile(spectral(rng, (32, 16), 4.2, 1, 3), 1.5), SCREEN_COLUMNS * 2, SCREEN_ROWS * 2))
    mask = np.zeros((SCREEN_ROWS * 2, SCREEN_COLUMNS * 2), np.uint8)
    wide, tall = right - left - 0.044, top - 0.044
    to_screen = np.array(
        [
            [mask.shape[1] / wide, 0.0, -(left + 0.022) * mask.shape[1] / wide],
            [0.0, -mask.shape[0] / tall, (top - 0.022) * mask.shape[0] / tall],
        ]
    )
    fill(mask, apply(to_screen, rounded_box(left + 0.024, 0.024, right - 0.024, top - 0.024, 0.055)), 0.94)
    fill(mask, apply(to_screen, rounded_box(-0.055, top - 0.075, 0.055, top - 0.045, 0.015)), 0.0)
    for row in range(4):
        for column in range(4):
            x, y = -0.145 + 0.097 * column, 0.44 - 0.10 * row
            fill(
                mask,
                apply(to_screen, rounded_box(x - 0.032, y - 0.032, x + 0.032, y + 0.032, 0.010)),
                0.55 if (row + column) % 3 else 1.0,
            )
    from_screen = np.array([[1 / to_screen[0, 0], 0.0, left + 0.022], [0.0, 1 / to_screen[1, 1], top - 0.022]])
    return Screen(field, to_pixels(table)[None], mask, from_screen)


def _lamp(bench: Bench) -> Thing:
    own = bench.colour("2f5a5a", "b8863a", "8a3a2f")
    foot = profile(
        (0.20, 0.0), (0.205, 0.02), (0.19, 0.035), (0.06, 0.055), (0.026, 0.085), (0.024, 0.085), (0.022, 0.52)
    )
    shade = profile((0.33, 0.46), (0.33, 0.46), (0.17, 0.86), (0.17, 0.86))

    def glow(surface: Surface) -> tuple[Floats, Floats]:
        warm = np.exp(-(((surface.up - 0.35) / 0.38) ** 2) - (surface.around / 1.1) ** 2)
        return mix(from_hex("f0b060"), from_hex("fff4d0"), warm[..., None]), 0.55 + 0.45 * warm

    below = drawn(bench, Piece(disc(0, seen(0.46), 0.325), from_hex("fff0c0"), (), 0.0))
    cards = [
        (solid(bench, foot, Material(own, gloss=0.7, metal=0.5)), IN_PLACE),
        below,
        (
            solid(
                bench, shade, Material(from_hex("f4d8a0"), gloss=0.05, blur=0.4, glow=from_hex("6a4418"), pattern=glow)
            ),
            IN_PLACE,
        ),
    ]
    return Thing(cards, 0.22, 1.05, before=(Lamplight(pool_of_light(), (0.0, 0.44)),))


def _camera(bench: Bench) -> Thing:
    own, chrome = bench.colour("2a2a2e", "6a4a34", "3a4a3a"), from_hex("c8c6c2")
    top = Piece(
        outline(
            (-0.42, 0.38),
            (0.42, 0.38),
            (0.42, 0.47),
            (0.16, 0.48),
            (0.11, 0.56),
            (-0.11, 0.56),
            (-0.16, 0.48),
            (-0.42, 0.47),
        ),
        chrome,
        (Patch(outline((-0.07, 0.49), (0.07, 0.49), (0.07, 0.54), (-0.07, 0.54)), from_hex("1a2430"), 0.004),),
        0.03,
    )
    knobs = [
        Piece(
            rounded_box(x, 0.46, x + 0.12, 0.52, 0.015),
            chrome * 0.92,
            tuple(
                Patch(np.array([(x + 0.01 * step, 0.46), (x + 0.01 * step, 0.52)]), from_hex("6a6a6a"), 0.0, 0.5, 0.003)
                for step in range(12)
            ),
            0.02,
        )
        for x in (-0.38, 0.24)
    ]
    grain = tuple(
        Patch(ellipse(point(x, y), 0.012, 0.010, 8), own * 1.35, 0.003, 0.5)
        for x in np.linspace(-0.41, 0.41, 24).tolist()
        for y in (0.06, 0.12, 0.18, 0.24, 0.30, 0.36)
    )
    body = Piece(rounded_box(-0.43, 0.0, 0.43, 0.41, 0.05), own, grain, 0.03)
    red = Piece(ellipse(point(0.33, 0.33), 0.022, 0.022), from_hex("d83a2f"), (), 0.008)
    sparkle = build_sparkles(bench.rng, [(-0.035, 0.25)], 0.22)
    return Thing([drawn(bench, *knobs, top, body, *_lens(), red)], 0.42, before=(sparkle,), hover=0.05)


def _lens() -> list[Piece]:
    """Rings of metal, and coated glass that mirrors a window."""
    rings: list[Piece] = []
    for radius, tone in ((0.205, 0.16), (0.180, 0.55), (0.165, 0.10), (0.125, 0.22), (0.110, 0.05)):
        rings.append(Piece(ellipse(point(0, 0.21), radius, radius, 64), WHITE * np.float32(tone), (), 0.014))
    iris = Piece(
        ellipse(point(0, 0.21), 0.10, 0.10, 48),
        from_hex("0c1020"),
        (
            Patch(ellipse(point(-0.02, 0.18), 0.06, 0.05), from_hex("5a3a8a"), 0.03, 0.8),
            Patch(ellipse(point(0.03, 0.24), 0.04, 0.04), from_hex("2a7a8a"), 0.02, 0.7),
            Patch(ellipse(point(-0.035, 0.25), 0.026, 0.018), WHITE, 0.008, 0.9),
        ),
        0.0,
    )
    return [*rings, iris]


CASTINGS: Castings = MappingProxyType(
    {
        "phone": exhibited(_phone, 0.85),
        "lamp": exhibited(_lamp, 0.95),
        "camera": exhibited(_camera, 0.95),
    }
)
