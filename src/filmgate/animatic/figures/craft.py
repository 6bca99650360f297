"""Craft and landmarks: boats, cars, balloons, planes, rockets, a lighthouse, a tent."""

from __future__ import annotations

import math

import numpy as np

from filmgate.animatic.colour import from_hex, mix
from filmgate.animatic.figures.puppet import Shape, capsule, ellipse, outline, point
from filmgate.animatic.raster import Floats

HULL, SAIL, WOOD = from_hex("6d3b2a"), from_hex("f3ead6"), from_hex("4a3526")
GLASS, TYRE, STEEL = from_hex("8fb2c8"), from_hex("15161a"), from_hex("9aa3ad")
WHITE, RED, LAMP = from_hex("eef0f2"), from_hex("b8362c"), from_hex("ffe9ad")
FLAME = (from_hex("ff7a2a"), from_hex("ffd46a"), from_hex("fff6d8"))
CAR_COLOURS = ("b3271e", "1f4f8a", "d9dce0", "20242a", "c98a1f")
BALLOON_COLOURS = (
    ("d8443a", "f4e6c8", "e88a3a"),
    ("2f6fb0", "f6efe0", "f2b84a"),
    ("7a3f8a", "f2d0d8", "e0587a"),
    ("1f7a70", "f4f0d8", "e8763a"),
)


def sailboat_shapes(seconds: float) -> list[Shape]:
    """A sloop under sail; the sails breathe with the wind."""
    belly = 0.035 * math.sin(seconds * 0.9)
    leech = np.linspace(0, 1, 10)
    main = np.concatenate(
        [
            outline((-0.03, 0.98), (-0.03, 0.20)),
            np.stack([-0.36 + 0.33 * leech - (0.05 + belly) * np.sin(leech * math.pi), 0.20 + 0.78 * leech], 1),
        ]
    )
    jib = np.concatenate(
        [
            outline((0.0, 0.90), (0.03, 0.22)),
            np.stack([0.40 - 0.40 * leech + (0.03 + belly) * np.sin(leech * math.pi), 0.19 + 0.71 * leech], 1),
        ]
    )
    hull = outline((-0.42, 0.15), (0.48, 0.17), (0.36, 0.0), (0.24, -0.03), (-0.30, -0.03), (-0.37, 0.0))
    return [
        Shape(capsule(point(-0.015, 0.12), point(-0.015, 1.0), 0.011, 0.006), WOOD, rounded=False),
        Shape(main, SAIL, rounded=False),
        Shape(jib, SAIL * 0.93, rounded=False),
        Shape(hull, HULL, rounded=False),
        Shape(outline((-0.42, 0.15), (0.48, 0.17), (0.465, 0.145), (-0.415, 0.125)), SAIL, rounded=False),
    ]


def ship_shapes(lit: bool) -> list[Shape]:
    """A freighter, one unit from keel to mast; windows glow when it is dark."""
    hull = outline(
        (-0.95, 0.20), (-0.92, 0.02), (-0.88, -0.03), (0.80, -0.03), (0.98, 0.24), (0.62, 0.19), (-0.50, 0.19)
    )
    shapes = [
        Shape(outline((-0.80, 0.18), (-0.80, 0.52), (-0.46, 0.52), (-0.46, 0.18)), WHITE, rounded=False),
        Shape(outline((-0.76, 0.52), (-0.76, 0.64), (-0.52, 0.64), (-0.52, 0.52)), WHITE, rounded=False),
        Shape(outline((-0.70, 0.64), (-0.69, 0.82), (-0.58, 0.82), (-0.57, 0.64)), RED, rounded=False),
        Shape(capsule(point(0.45, 0.18), point(0.45, 0.70), 0.012, 0.008), STEEL, rounded=False),
        Shape(hull, from_hex("27384a"), rounded=False),
        Shape(outline((-0.90, 0.0), (0.81, 0.0), (0.80, -0.03), (-0.88, -0.03)), RED, rounded=False),
    ]
    for index in range(5):
        left = -0.34 + 0.19 * index
        box = outline((left, 0.18), (left, 0.30), (left + 0.17, 0.30), (left + 0.17, 0.18))
        shapes.append(Shape(box, from_hex(("b5632f", "3f6b8a", "8a8f3f")[index % 3]), rounded=False))
    for row, column in ((r, c) for r in range(3) for c in range(5)):
        left, low = -0.775 + 0.062 * column, 0.25 + 0.09 * row
        pane = outline((left, low), (left, low + 0.035), (left + 0.035, low + 0.035), (left + 0.035, low))
        shapes.append(Shape(pane, LAMP if lit else GLASS * 0.6, rounded=False, glow=lit))
    return shapes


def car_shapes(distance: float, colour: Floats, lit: bool) -> list[Shape]:
    """A saloon of height one; wheels turn with the `distance` driven (car heights)."""
    body = outline(
        (-1.55, 0.30), (-1.56, 0.56), (-1.48, 0.64), (-1.08, 0.68), (-0.72, 0.97), (-0.10, 1.0), (0.36, 0.95),
        (0.80, 0.68), (1.36, 0.60), (1.54, 0.50), (1.56, 0.30), (1.30, 0.20), (-1.35, 0.20),
    )  # fmt: skip
    rear = outline((-0.92, 0.67), (-0.66, 0.90), (-0.20, 0.93), (-0.20, 0.67))
    front = outline((-0.12, 0.67), (-0.12, 0.93), (0.30, 0.89), (0.62, 0.67))
    shapes = [Shape(body, colour, rounded=False), Shape(rear, GLASS, rounded=False), Shape(front, GLASS, rounded=False)]
    shapes.append(Shape(outline((-1.54, 0.42), (1.54, 0.42), (1.50, 0.36), (-1.52, 0.36)), colour * 0.6, rounded=False))
    for centre in (-0.95, 0.95):
        hub = point(centre, 0.22)
        shapes.append(Shape(ellipse(hub, 0.27, 0.27), colour * 0.25, rounded=False))
        shapes.append(Shape(ellipse(hub, 0.225, 0.225), TYRE, rounded=False))
        shapes.append(Shape(ellipse(hub, 0.13, 0.13, 18), STEEL, rounded=False))
        for spoke in range(5):
            angle = -distance / 0.225 + spoke * 2 * math.pi / 5
            end = hub + np.array([math.cos(angle), math.sin(angle)]) * 0.12
            shapes.append(Shape(capsule(hub, end, 0.022, 0.014), TYRE * 1.6, rounded=False))
    shapes.append(Shape(ellipse(point(1.47, 0.52), 0.075, 0.055, 14), LAMP, rounded=False, glow=lit))
    shapes.append(Shape(ellipse(point(-1.51, 0.54), 0.05, 0.06, 14), RED, rounded=False, glow=lit))
    return shapes


def balloon_shapes(scheme: int, seconds: float) -> list[Shape]:
    """A hot-air balloon: gores of three colours, ropes, a basket, and now and then the burner."""
    colours = [from_hex(value) for value in BALLOON_COLOURS[scheme % len(BALLOON_COLOURS)]]
    top, mouth, radius, middle = 1.0, 0.20, 0.36, 0.64
    height = np.linspace(0, 1, 28)
    upper = middle + np.sin(height * math.pi / 2) * (top - middle)
    upper_half = radius * np.cos(height * math.pi / 2)
    lower = middle - height * (middle - mouth)
    lower_half = radius * (1 - 0.80 * (height * height * (3 - 2 * height)))
    y = np.concatenate([upper[::-1], lower])
    half = np.concatenate([upper_half[::-1], lower_half])
    ropes = [capsule(point(side * 0.07, mouth), point(side * 0.05, 0.09), 0.004, 0.004) for side in (-1, 1)]
    shapes = [Shape(rope, WOOD, rounded=False) for rope in ropes]
    gores = 9
    for gore in range(gores):
        first, last = (math.sin(math.pi * (edge / gores - 0.5)) for edge in (gore, gore + 1))
        edge = np.concatenate([np.stack([half * first, y], 1), np.stack([half * last, y], 1)[::-1]])
        turn = math.sin(math.pi * ((gore + 0.5) / gores - 0.5))
        shapes.append(Shape(edge, colours[gore % 3] * (1.0 - 0.32 * max(0.0, turn) - 0.10 * abs(turn)), rounded=False))
    if math.sin(seconds * 0.9 + scheme) > 0.75:
        shapes.append(Shape(ellipse(point(0, 0.17), 0.018, 0.045, 12), FLAME[1], rounded=False, glow=True))
    shapes.append(
        Shape(outline((-0.058, 0.09), (0.058, 0.09), (0.046, 0.0), (-0.046, 0.0)), from_hex("7a4f2a"), rounded=False)
    )
    return shapes


def plane_shapes() -> list[Shape]:
    """An airliner seen from the side, length about two."""
    tail = outline((-0.92, 0.06), (-1.06, 0.40), (-0.90, 0.40), (-0.66, 0.08))
    wing = outline((0.14, -0.03), (-0.42, -0.24), (-0.52, -0.22), (-0.18, 0.0))
    far_wing = outline((0.10, 0.03), (-0.24, 0.17), (-0.30, 0.165), (-0.14, 0.04))
    shapes = [
        Shape(far_wing, STEEL * 0.8, rounded=False),
        Shape(capsule(point(-0.95, 0.04), point(0.90, 0.0), 0.045, 0.095), WHITE),
        Shape(tail, from_hex("2f5f9a"), rounded=False),
        Shape(capsule(point(-0.10, -0.13), point(0.08, -0.125), 0.042, 0.045), STEEL),
        Shape(wing, STEEL, rounded=False),
    ]
    shapes += [
        Shape(ellipse(point(-0.62 + 0.11 * index, 0.035), 0.016, 0.018, 8), GLASS * 0.45, rounded=False)
        for index in range(13)
    ]
    return shapes


def rocket_shapes(seconds: float) -> list[Shape]:
    """A rocket with a flame that flickers, nose up, height one from its fins."""
    length = 0.34 + 0.05 * math.sin(seconds * 31) + 0.03 * math.sin(seconds * 47)
    shapes = [
        Shape(
            outline((-0.075 * width, 0.02), (0.075 * width, 0.02), (0.0, -length * reach)),
            colour,
            rounded=False,
            glow=True,
        )
        for width, reach, colour in ((1.0, 1.0, FLAME[0]), (0.7, 0.7, FLAME[1]), (0.4, 0.42, FLAME[2]))
    ]
    height = np.linspace(0, 1, 14)
    nose = 0.11 * np.sqrt(np.clip(1 - height**2, 0, 1))
    edge = np.stack([nose, 0.62 + 0.38 * height], 1)
    body = np.concatenate([outline((0.085, 0.02)), edge, (edge * [-1, 1])[::-1], outline((-0.085, 0.02))])
    fins = [outline((side * 0.08, 0.26), (side * 0.21, 0.0), (side * 0.08, 0.07)) for side in (-1, 1)]
    shapes += [Shape(fin, RED, rounded=False) for fin in fins]
    shapes += [
        Shape(body, WHITE, rounded=False),
        Shape(ellipse(point(0, 0.62), 0.045, 0.045, 18), STEEL, rounded=False),
    ]
    shapes.append(Shape(ellipse(point(0, 0.62), 0.032, 0.032, 18), GLASS * 0.7, rounded=False))
    return shapes


def lighthouse_shapes(lit: bool) -> list[Shape]:
    """A banded tower on a rock, height one; its beam is drawn apart."""
    across = np.linspace(-0.60, 0.60, 40)
    crest = 0.105 * (1 - (across / 0.62) ** 2) ** 0.8 + 0.012 * np.sin(across * 47) + 0.010 * np.sin(across * 91 + 1)
    rock = np.concatenate([outline((-0.64, -0.06)), np.stack([across, crest], 1), outline((0.64, -0.06))])

    def band(low: float, high: float) -> Floats:
        first, last = 0.085 - 0.05 * (low - 0.08), 0.085 - 0.05 * (high - 0.08)
        return outline((-first, low), (-last, high), (last, high), (first, low))

    house = outline((-0.30, 0.06), (-0.30, 0.155), (-0.22, 0.205), (-0.14, 0.155), (-0.14, 0.06))
    shapes = [Shape(house, mix(WHITE, WOOD, 0.25), rounded=False), Shape(band(0.06, 0.78), WHITE)]
    shapes += [Shape(band(low, low + 0.13), RED) for low in (0.20, 0.46)]
    shapes.append(Shape(outline((-0.078, 0.775), (-0.078, 0.80), (0.078, 0.80), (0.078, 0.775)), WOOD, rounded=False))
    lamp_room = outline((-0.042, 0.80), (-0.042, 0.89), (0.042, 0.89), (0.042, 0.80))
    shapes.append(Shape(lamp_room, LAMP if lit else GLASS, rounded=False, glow=lit))
    shapes.append(Shape(outline((-0.056, 0.885), (0, 0.965), (0.056, 0.885)), RED, rounded=False))
    shapes.append(Shape(rock, from_hex("4b4642"), rounded=False))
    return shapes


def tent_shapes(seconds: float, lit: bool) -> list[Shape]:
    """A ridge tent; by night someone has a lamp inside."""
    flicker = 0.92 + 0.05 * math.sin(seconds * 3.1) + 0.03 * math.sin(seconds * 7.3)
    cloth = from_hex("ffb35a") * flicker if lit else from_hex("c8642f")
    return [
        Shape(outline((-0.95, 0.0), (-0.30, 1.0), (0.55, 0.92), (0.95, 0.0)), cloth * 0.78, rounded=False, glow=lit),
        Shape(outline((-0.95, 0.0), (-0.30, 1.0), (0.22, 0.0)), cloth, rounded=False, glow=lit),
        Shape(outline((-0.46, 0.0), (-0.30, 0.78), (-0.10, 0.0)), cloth * 0.35, rounded=False, glow=lit),
    ]


def lamp_glow(radius: int, colour: Floats) -> Floats:
    """A round glow as light (0..1), for lamps and windows: (2 radius + 1, 2 radius + 1, 3)."""
    offset = np.arange(-radius, radius + 1, dtype=np.float32) / max(1, radius)
    distance = np.hypot(offset[None, :], offset[:, None])
    fall = np.exp(-distance * 7) * 0.9 + np.exp(-distance * 2.6) * 0.32 * np.clip(1 - distance, 0, 1)
    return np.clip(fall * np.clip((1 - distance) * 4, 0, 1), 0, 1)[..., None] * colour
