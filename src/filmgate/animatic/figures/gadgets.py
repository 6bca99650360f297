"""Things with a face of their own: a phone, a watch, headphones, a camera."""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from filmgate.animatic.colour import from_hex, gradient, to_pixels
from filmgate.animatic.figures.cutout import Patch, Piece, smooth
from filmgate.animatic.figures.exhibit import Bench, Thing, exhibited
from filmgate.animatic.figures.puppet import ellipse, outline, point
from filmgate.animatic.figures.role import Castings
from filmgate.animatic.figures.turnery import WHITE
from filmgate.animatic.figures.vapour import build_sparkles
from filmgate.animatic.figures.workshop import drawn, rounded_box
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


@dataclass(frozen=True, slots=True, eq=False)
class Hands:
    """The hands of a watch, the second hand without a tick."""

    centre: tuple[float, float]
    radius: float
    colour: Floats
    start: float  # seconds past twelve

    def paint(self, target: Pixels, seconds: float, matrix: Matrix) -> None:
        now = self.start + seconds
        for period, length, width, tone in (
            (43200.0, 0.50, 0.050, self.colour),
            (3600.0, 0.74, 0.036, self.colour),
            (60.0, 0.84, 0.014, from_hex("e0452f")),
        ):
            angle = now / period * 2 * math.pi
            along = np.array([math.sin(angle), math.cos(angle)]) * self.radius
            across = np.array([along[1], -along[0]]) * width
            middle = np.array(self.centre)
            hand = np.stack(
                [
                    middle - 0.14 * along - across,
                    middle + length * along - 0.4 * across,
                    middle + length * along + 0.4 * across,
                    middle - 0.14 * along + across,
                ]
            )
            fill(target, apply(matrix, hand), tone)


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
    return Thing(
        [drawn(bench, buttons, frame, glass)],
        0.22,
        before=(Screen(field, to_pixels(table)[None], mask, from_screen),),
        hover=0.06,
    )


def _watch(bench: Bench) -> Thing:
    steel, strap = from_hex("c8ccd4"), bench.colour("3a2a22", "1c2430", "6a3a24")
    y, radius = 0.52, 0.29
    pieces: list[Piece] = []
    for low, high, near in ((0.76, 1.04, 0.85), (0.0, 0.28, 1.0)):
        narrow = 0.135
        corners = (
            (-0.185, high if low < 0.5 else low),
            (0.185, high if low < 0.5 else low),
            (narrow, low if low < 0.5 else high),
            (-narrow, low if low < 0.5 else high),
        )
        stitches = tuple(
            Patch(
                np.array([(side * 0.150, low + 0.03 + 0.05 * step), (side * 0.146, low + 0.055 + 0.05 * step)]),
                np.clip(strap * 1.6 + 0.25, 0, 1),
                0.0,
                0.9,
                0.008,
            )
            for step in range(5)
            for side in (-0.92, 0.92)
        )
        pieces.append(Piece(outline(*corners), strap * near, stitches, 0.05))
    pieces.append(
        Piece(
            outline((radius, y - 0.035), (radius + 0.055, y - 0.035), (radius + 0.055, y + 0.035), (radius, y + 0.035)),
            steel * 0.9,
            (),
            0.02,
        )
    )
    pieces.append(
        Piece(
            ellipse(point(0, y), radius + 0.035, radius + 0.035, 72),
            steel,
            (Patch(ellipse(point(-0.09, y + 0.10), 0.2, 0.2), WHITE, 0.09, 0.6),),
            0.05,
        )
    )
    face = from_hex("14202e")
    patches = [Patch(ellipse(point(-0.05, y + 0.07), 0.2, 0.2), from_hex("33506a"), 0.10, 0.8)]
    for hour in range(60):
        angle, major = hour / 60 * 2 * math.pi, hour % 5 == 0
        along = np.array([math.sin(angle), math.cos(angle)]) * radius
        patches.append(
            Patch(
                np.array([(0, y), (0, y)]) + np.stack([along * (0.78 if major else 0.87), along * 0.92]),
                from_hex("f2ead8") if major else from_hex("8a94a0"),
                0.0,
                1.0,
                0.014 if major else 0.005,
            )
        )
    pieces.append(Piece(ellipse(point(0, y), radius - 0.005, radius - 0.005, 72), face, tuple(patches), 0.0))
    shine = Piece(
        smooth((-0.22, y + 0.04), (-0.10, y + 0.24), (0.06, y + 0.26), (-0.16, y - 0.08)), WHITE, (), 0.0, 0.10
    )
    hub = Piece(ellipse(point(0, y), 0.020, 0.020), from_hex("d8b070"), (), 0.006)
    pieces += [shine, hub]
    return Thing(
        [drawn(bench, *pieces)], 0.20, before=(Hands((0.0, y), radius, from_hex("f6f0e2"), 36548.0),), hover=0.06
    )


def _headphones(bench: Bench) -> Thing:
    own = bench.colour("2c2e36", "e6ded2", "b8564a", "4a6a8a")
    accent = from_hex("d8b070")
    turn = np.linspace(math.pi * 1.02, -math.pi * 0.02, 40)
    outer = np.stack([0.40 * np.cos(turn), 0.46 + 0.46 * np.sin(turn)], 1)
    inner = np.stack([0.345 * np.cos(turn), 0.46 + 0.395 * np.sin(turn)], 1)[::-1]
    band = Piece(
        np.concatenate([outer, inner]),
        own,
        (Patch(outer * 0.985 + [0, 0.003], np.clip(own * 1.8 + 0.2, 0, 1), 0.006, 0.7, 0.010),),
        0.022,
    )
    pad = Piece(
        np.concatenate(
            [
                np.stack([0.36 * np.cos(turn[8:-8]), 0.46 + 0.42 * np.sin(turn[8:-8])], 1),
                np.stack([0.325 * np.cos(turn[8:-8]), 0.46 + 0.365 * np.sin(turn[8:-8])], 1)[::-1],
            ]
        ),
        own * 0.7,
        (),
        0.014,
    )
    pieces = [pad, band]
    for side in (-1, 1):
        x = 0.385 * side
        pieces.append(
            Piece(
                outline((x - 0.018, 0.40), (x + 0.018, 0.40), (x + 0.018, 0.56), (x - 0.018, 0.56)), accent, (), 0.012
            )
        )
        pieces.append(Piece(ellipse(point(x - 0.065 * side, 0.27), 0.085, 0.185, 48), own * 0.62, (), 0.04))
        cup = ellipse(point(x + 0.010 * side, 0.27), 0.105, 0.200, 56)
        ring = Patch(ellipse(point(x + 0.030 * side, 0.27), 0.058, 0.140, 40), accent, 0.0, 0.9, 0.010)
        sheen = Patch(ellipse(point(x - 0.03, 0.35), 0.05, 0.07), WHITE, 0.03, 0.35)
        pieces.append(Piece(cup, own, (ring, sheen), 0.05))
    return Thing([drawn(bench, *pieces)], 0.36, hover=0.07)


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
    red = Piece(ellipse(point(0.33, 0.33), 0.022, 0.022), from_hex("d83a2f"), (), 0.008)
    sparkle = build_sparkles(bench.rng, [(-0.035, 0.25)], 0.22)
    return Thing([drawn(bench, *knobs, top, body, *rings, iris, red)], 0.42, before=(sparkle,), hover=0.05)


CASTINGS: Castings = MappingProxyType(
    {
        "phone": exhibited(_phone, 0.85),
        "watch": exhibited(_watch, 0.85),
        "headphones": exhibited(_headphones, 0.9),
        "camera": exhibited(_camera, 0.95),
    }
)
