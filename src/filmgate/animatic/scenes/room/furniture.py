"""Furniture that stands against the wall or hangs on it. Every piece is painted at its place, in room units."""

from __future__ import annotations

import math

import numpy as np

from filmgate.animatic.colour import from_hex, mix
from filmgate.animatic.raster import Floats, Points
from filmgate.animatic.scenes.room.panel import Lamp, Panel, disc, rectangle, rounded
from filmgate.animatic.scenes.room.plants import CLAY, LEAF, leaf
from filmgate.animatic.scenes.room.tones import Tones

BOOKS = ("7d2f2a", "2f4a5e", "3f5a41", "b08a4a", "5a3a52", "8a5a36", "d0c2a0", "27303f", "a0593c", "61705f")
BRASS, PAPER = from_hex("c9a45a"), from_hex("ece4d2")
LAMPLIGHT = np.array([1.0, 0.72, 0.40], np.float32)


def bookcase(panel: Panel, rng: np.random.Generator, left: float, right: float, top: float, tones: Tones) -> None:
    """Shelves full of books from the floor to `top`, with a few gaps and ornaments."""
    panel.shadow(left - 0.02, 0.0, right + 0.02, top, 0.5, 0.05)
    panel.box(left, 0.0, right, top, tones.wood * 0.9)
    bays = max(1, round((right - left) / 0.30))
    bay = (right - left) / bays
    shelf = 0.125
    for index in range(bays):
        for row in range(math.ceil((top - 0.05) / shelf)):
            x, y = left + index * bay + 0.012, 0.045 + row * shelf
            upper = min(y + shelf - 0.014, top - 0.012)
            if upper - y > 0.05:
                panel.box(x, y, x + bay - 0.024, upper, tones.wood * 0.30)
                _shelf_of_books(panel, rng, (x + 0.004, y, x + bay - 0.028, upper))
                panel.shadow(x, upper - 0.016, x + bay - 0.024, upper + 0.004, 0.7, 0.012)
    panel.solid([rectangle(left - 0.008, top - 0.018, right + 0.008, top + 0.010)], tones.wood * 1.05, 0.006)


def _shelf_of_books(panel: Panel, rng: np.random.Generator, room: tuple[float, float, float, float]) -> None:
    x, bottom, right, top = room
    tall = top - bottom
    while x < right - 0.012:
        chance = rng.uniform()
        if chance < 0.06:
            x += float(rng.uniform(0.012, 0.04))
            continue
        if chance < 0.10 and right - x > 0.06:
            vase(panel, x + 0.025, bottom, tall * 0.6, from_hex(BOOKS[int(rng.integers(len(BOOKS)))]))
            x += 0.055
            continue
        width = min(float(rng.uniform(0.010, 0.022)), right - x)
        height = tall * float(rng.uniform(0.62, 0.92))
        colour = from_hex(BOOKS[int(rng.integers(len(BOOKS)))]) * float(rng.uniform(0.75, 1.15))
        lean = 0.012 if chance > 0.96 else 0.0
        spine = np.array(
            [
                [x, bottom],
                [x + width - 0.001, bottom],
                [x + width + lean - 0.001, bottom + height],
                [x + lean, bottom + height],
            ]
        )
        panel.shape(spine, np.clip(colour, 0, 1))
        panel.box(
            x + lean * 0.6 + 0.001,
            bottom + height * 0.72,
            x + width - 0.003 + lean * 0.7,
            bottom + height * 0.76,
            np.clip(colour * 1.6, 0, 1),
        )
        panel.box(
            x + width * 0.72 + lean * 0.2, bottom, x + width, bottom + height * 0.98, np.clip(colour * 0.72, 0, 1)
        )
        x += width + lean


def armchair(panel: Panel, x: float, tones: Tones, size: float = 1.0) -> None:
    """Seen from the front, a little plump."""
    half, cloth = 0.155 * size, tones.cloth
    panel.shadow(x - half, -0.01, x + half, 0.05, 0.8, 0.03)
    for foot in (-0.11, 0.11):
        panel.solid([rectangle(x + foot * size - 0.008, 0.0, x + foot * size + 0.008, 0.05)], tones.dark, 0.004)
    panel.solid([rounded(x - half * 0.80, 0.08, x + half * 0.80, 0.36 * size, 0.07)], cloth, 0.030)
    panel.shadow(x - half * 0.7, 0.15, x + half * 0.7, 0.19, 0.35, 0.02)
    panel.solid(
        [rounded(x - half * 0.72, 0.10, x + half * 0.72, 0.185 * size, 0.03)], np.clip(cloth * 1.10, 0, 1), 0.016
    )
    panel.solid([rounded(x - half * 0.74, 0.04, x + half * 0.74, 0.115 * size, 0.02)], cloth * 0.86, 0.012)
    for side in (-1, 1):
        edges = sorted((x + side * half * 0.62, x + side * half))
        panel.solid([rounded(edges[0], 0.04, edges[1], 0.225 * size, 0.03)], cloth * 0.96, 0.018)
    panel.solid([_tilted(rounded(-0.055, 0.0, 0.055, 0.10, 0.025), x - 0.02, 0.175 * size, 0.16)], tones.second, 0.016)


def sofa(panel: Panel, x: float, tones: Tones, half: float = 0.30) -> None:
    panel.shadow(x - half, -0.01, x + half, 0.04, 0.8, 0.03)
    panel.solid([rounded(x - half * 0.93, 0.05, x + half * 0.93, 0.30, 0.05)], tones.cloth, 0.026)
    for cushion in (-1, 0, 1):
        middle = x + cushion * half * 0.56
        panel.solid(
            [rounded(middle - half * 0.29, 0.09, middle + half * 0.29, 0.165, 0.025)],
            np.clip(tones.cloth * 1.1, 0, 1),
            0.014,
        )
        panel.solid(
            [rounded(middle - half * 0.28, 0.15, middle + half * 0.28, 0.285, 0.04)],
            np.clip(tones.cloth * 1.04, 0, 1),
            0.02,
        )
    panel.solid([rounded(x - half * 0.92, 0.03, x + half * 0.92, 0.10, 0.015)], tones.cloth * 0.82, 0.01)
    for side in (-1, 1):
        edges = sorted((x + side * half * 0.84, x + side * half))
        panel.solid([rounded(edges[0], 0.03, edges[1], 0.205, 0.025)], tones.cloth * 0.94, 0.016)
    panel.solid([_tilted(rounded(-0.055, 0.0, 0.055, 0.10, 0.025), x - half * 0.6, 0.155, 0.2)], tones.second, 0.016)
    panel.solid(
        [_tilted(rounded(-0.05, 0.0, 0.05, 0.095, 0.025), x + half * 0.62, 0.155, -0.25)],
        mix(tones.second, tones.wood, 0.4),
        0.016,
    )


def bed(panel: Panel, x: float, tones: Tones, half: float = 0.34) -> None:
    """Its foot towards us: headboard, two pillows, a blanket with soft folds."""
    panel.shadow(x - half - 0.02, -0.01, x + half + 0.02, 0.06, 0.8, 0.04)
    panel.solid([rounded(x - half * 1.04, 0.0, x + half * 1.04, 0.33, 0.03)], tones.wood, 0.012)
    panel.solid([rounded(x - half, 0.03, x + half, 0.17, 0.03)], np.clip(tones.second * 1.02, 0, 1), 0.02)
    for side in (-1, 1):
        middle = x + side * half * 0.46
        panel.shadow(middle - 0.1, 0.15, middle + 0.1, 0.2, 0.3, 0.03)
        panel.solid(
            [_tilted(rounded(-half * 0.38, 0.0, half * 0.38, 0.115, 0.05), middle, 0.155, side * 0.06)], PAPER, 0.024
        )
    folds = np.linspace(-1, 1, 60)
    edge = 0.168 + 0.012 * np.sin(folds * 7) + 0.006 * np.sin(folds * 17 + 1)
    cover = np.stack([x + folds * half * 1.06, edge], 1)
    drape = np.stack([x + folds[::-1] * half * 1.10, 0.012 + 0.008 * np.sin(folds * 23)], 1)
    panel.solid([np.concatenate([cover, drape])], tones.cloth, 0.024)
    for fold in (-0.62, -0.2, 0.3, 0.7):
        bottom, middle = x + fold * half * 1.06, x + fold * half
        crease = np.array(
            [
                [middle, 0.15],
                [middle + 0.012, 0.11],
                [bottom + 0.016, 0.02],
                [bottom - 0.010, 0.02],
                [middle - 0.004, 0.11],
            ]
        )
        panel.solid([crease], tones.cloth * 0.90, 0.010)
    panel.solid(
        [np.concatenate([cover, np.stack([x + folds[::-1] * half * 1.06, edge[::-1] - 0.036], 1)])],
        np.clip(mix(tones.cloth, PAPER, 0.55), 0, 1),
        0.010,
    )


def cabinet(panel: Panel, left: float, right: float, top: float, tones: Tones, colour: Floats, doors: int = 2) -> None:
    panel.shadow(left - 0.01, -0.01, right + 0.01, top, 0.5, 0.03)
    panel.solid([rectangle(left, 0.02, right, top)], colour, 0.006)
    step = (right - left) / doors
    for door in range(doors):
        x = left + door * step
        panel.solid([rounded(x + 0.010, 0.035, x + step - 0.010, top - 0.020, 0.006)], colour * 0.92, 0.006)
        panel.solid([rounded(x + 0.022, 0.050, x + step - 0.022, top - 0.035, 0.004)], colour * 1.0, 0.004)
        knob = x + (step - 0.022 if door % 2 == 0 else 0.022)
        panel.solid([disc(knob, top * 0.6, 0.006)], BRASS, 0.003)
    panel.solid(
        [rectangle(left - 0.012, top - 0.012, right + 0.012, top + 0.010)], np.clip(tones.wood * 1.12, 0, 1), 0.005
    )
    panel.shadow(left, top - 0.035, right, top - 0.012, 0.45, 0.012)


def desk(panel: Panel, left: float, right: float, tones: Tones) -> None:
    """A top on two legs, drawers at one end."""
    top = 0.235
    panel.shadow(left, 0.0, right, 0.20, 0.45, 0.05)
    for x in (left + 0.02, right - 0.02):
        panel.solid([rectangle(x - 0.009, 0.0, x + 0.009, top)], tones.dark, 0.005)
    panel.solid([rectangle(right - 0.15, 0.03, right - 0.03, top - 0.01)], tones.wood * 0.85, 0.006)
    for row in range(3):
        panel.solid(
            [rounded(right - 0.142, 0.042 + row * 0.06, right - 0.038, 0.092 + row * 0.06, 0.004)], tones.wood, 0.005
        )
    panel.solid(
        [rectangle(left - 0.015, top - 0.008, right + 0.015, top + 0.014)], np.clip(tones.wood * 1.15, 0, 1), 0.005
    )


def monitor(panel: Panel, x: float, y: float, colour: Floats, rng: np.random.Generator) -> None:
    """A screen on its stand with a few lines of something on it."""
    black = from_hex("1d2126")
    panel.solid(
        [rectangle(x - 0.012, y, x + 0.012, y + 0.05), rounded(x - 0.055, y, x + 0.055, y + 0.010, 0.005)],
        black * 1.4,
        0.004,
    )
    panel.solid([rounded(x - 0.135, y + 0.04, x + 0.135, y + 0.205, 0.008)], black, 0.006)
    panel.glow(rectangle(x - 0.127, y + 0.049, x + 0.127, y + 0.197), colour * 0.42)
    for row in range(7):
        indent, length = float(rng.uniform(0, 0.03)), float(rng.uniform(0.04, 0.17))
        line = y + 0.178 - row * 0.018
        panel.glow(
            rectangle(x - 0.112 + indent, line, x - 0.112 + indent + length, line + 0.006),
            np.clip(colour * rng.uniform(0.7, 1.1), 0, 1),
        )
    panel.lamps.append(Lamp(x, y + 0.12, 0.24, colour * 0.45))


def office_chair(panel: Panel, x: float, tones: Tones) -> None:
    black = from_hex("2a2d33")
    panel.shadow(x - 0.10, -0.01, x + 0.10, 0.02, 0.7, 0.03)
    panel.line(np.array([[x - 0.09, 0.012], [x, 0.035], [x + 0.09, 0.012]]), black, 0.012)
    panel.solid([rectangle(x - 0.010, 0.03, x + 0.010, 0.14)], black * 1.3, 0.004)
    panel.solid([rounded(x - 0.10, 0.125, x + 0.10, 0.165, 0.018)], tones.cloth * 0.9, 0.012)
    panel.solid([rounded(x - 0.085, 0.175, x + 0.085, 0.335, 0.03)], tones.cloth, 0.02)


def bistro_table(panel: Panel, x: float, tones: Tones) -> None:
    """A small round table on one leg, a cup on it, and a bentwood chair at either side."""
    iron = from_hex("2b2826")
    for side in (-1, 1):
        _bentwood_chair(panel, x + side * 0.165, -side, tones)
    panel.shadow(x - 0.10, -0.012, x + 0.10, 0.01, 0.7, 0.025)
    panel.solid([disc(x, 0.008, 0.075, 0.012)], iron, 0.005)
    panel.solid([rectangle(x - 0.009, 0.01, x + 0.009, 0.225)], iron * 1.3, 0.004)
    panel.solid([disc(x, 0.228, 0.125, 0.019)], tones.wood * 0.72, 0.006)
    panel.solid([disc(x, 0.234, 0.125, 0.018)], np.clip(tones.wood * 1.25, 0, 1), 0.006)
    panel.solid([disc(x + 0.03, 0.238, 0.024, 0.005)], PAPER * 0.9, 0.003)
    panel.solid([rounded(x + 0.016, 0.239, x + 0.044, 0.266, 0.007)], PAPER, 0.006)


def _bentwood_chair(panel: Panel, x: float, facing: float, tones: Tones) -> None:
    """Seen from its side."""
    wood = np.clip(tones.wood * 0.8, 0, 1)
    panel.shadow(x - 0.07, -0.01, x + 0.07, 0.01, 0.6, 0.02)
    for foot, knee in ((-0.065, -0.050), (0.060, 0.048)):
        panel.line(np.array([[x + facing * foot, 0.0], [x + facing * knee, 0.135]]), wood * 0.9, 0.010)
    back = np.linspace(0, 1, 12)
    panel.line(np.stack([x - facing * (0.050 + 0.030 * back**1.5), 0.13 + 0.19 * back], 1), wood, 0.011)
    panel.solid([rounded(x - 0.062, 0.130, x + 0.062, 0.150, 0.009)], np.clip(wood * 1.2, 0, 1), 0.006)


def floor_lamp(panel: Panel, x: float, lit: bool) -> None:
    panel.shadow(x - 0.05, -0.01, x + 0.05, 0.01, 0.6, 0.02)
    panel.solid([rounded(x - 0.045, 0.0, x + 0.045, 0.012, 0.006)], BRASS * 0.7, 0.004)
    panel.solid([rectangle(x - 0.005, 0.0, x + 0.005, 0.44)], BRASS * 0.8, 0.003)
    _shade(panel, x, 0.42, 0.085, 0.115, lit)


def table_lamp(panel: Panel, x: float, y: float, colour: Floats, lit: bool) -> None:
    vase(panel, x, y, 0.085, colour)
    _shade(panel, x, y + 0.075, 0.060, 0.075, lit)


def pendant(panel: Panel, x: float, y: float, lit: bool, colour: Floats, strength: float = 1.0) -> None:
    """A lamp on a cord from the ceiling; `y` is its lower rim."""
    panel.line(np.array([[x, y + 0.05], [x, panel.top + 0.1]]), from_hex("2a2420"), 0.004)
    dome = np.array(
        [
            [x - 0.068, y],
            [x - 0.056, y + 0.032],
            [x - 0.022, y + 0.060],
            [x + 0.022, y + 0.060],
            [x + 0.056, y + 0.032],
            [x + 0.068, y],
        ]
    )
    panel.solid([dome], colour, 0.014)
    if lit:
        panel.glow(disc(x, y + 0.001, 0.026, 0.012), np.array([1.0, 0.93, 0.74], np.float32))
        panel.lamps.append(Lamp(x, y - 0.10, 0.85, LAMPLIGHT * 0.80 * strength))


def _shade(panel: Panel, x: float, y: float, half: float, height: float, lit: bool) -> None:
    cone = np.array([[x - half, y], [x + half, y], [x + half * 0.62, y + height], [x - half * 0.62, y + height]])
    if not lit:
        panel.solid([cone], from_hex("e6d9bf"), 0.022)
        return
    for share, colour in ((1.0, (1.0, 0.73, 0.40)), (0.80, (1.0, 0.80, 0.50)), (0.55, (1.0, 0.88, 0.64))):
        centre = np.array([x, y + height * 0.42])
        panel.glow((cone - centre) * np.array([share, min(1.0, share + 0.08)]) + centre, np.array(colour, np.float32))
    panel.lamps.append(Lamp(x, y + height * 0.4, 0.60, LAMPLIGHT * 1.5))


def vase(panel: Panel, x: float, y: float, height: float, colour: Floats) -> None:
    share = np.linspace(0, 1, 14)
    half = height * (0.20 + 0.20 * np.sin(share * 2.6 + 0.25) - 0.10 * share)
    body = np.concatenate(
        [np.stack([x - half, y + share * height], 1), np.stack([x + half, y + share * height], 1)[::-1]]
    )
    panel.solid([body], colour, height * 0.12)


def picture(
    panel: Panel, rng: np.random.Generator, x: float, y: float, half: tuple[float, float], tones: Tones
) -> None:
    """A small landscape in a frame."""
    wide, tall = half
    panel.shadow(x - wide, y - tall - 0.012, x + wide, y + tall - 0.01, 0.5, 0.015)
    panel.solid(
        [rectangle(x - wide, y - tall, x + wide, y + tall)], tones.dark if rng.uniform() < 0.6 else BRASS * 0.8, 0.004
    )
    panel.box(x - wide * 0.9, y - tall * 0.88, x + wide * 0.9, y + tall * 0.88, PAPER)
    inner = (x - wide * 0.68, y - tall * 0.66, x + wide * 0.68, y + tall * 0.66)
    panel.box(*inner, mix(tones.second, from_hex("9fc0cc"), float(rng.uniform(0.3, 0.8))))
    for level, colour in ((0.1, mix(tones.cloth, PAPER, 0.35)), (-0.25, mix(tones.cloth, tones.dark, 0.35))):
        share = np.linspace(0, 1, 12)
        crest = y + tall * (level + 0.22 * np.sin(share * float(rng.uniform(3, 6)) + float(rng.uniform(0, 6))))
        hill = np.stack([inner[0] + share * (inner[2] - inner[0]), np.clip(crest, inner[1], inner[3])], 1)
        panel.shape(np.concatenate([hill, [[inner[2], inner[1]], [inner[0], inner[1]]]]), colour)


def wall_shelf(panel: Panel, rng: np.random.Generator, left: float, right: float, y: float, tones: Tones) -> None:
    """A board with jars, books and a plant."""
    panel.shadow(left, y - 0.045, right, y, 0.5, 0.018)
    x = left + 0.02
    while x < right - 0.05:
        chance = rng.uniform()
        if chance < 0.45:
            colour = mix(from_hex(BOOKS[int(rng.integers(len(BOOKS)))]), PAPER, float(rng.uniform(0.1, 0.6)))
            vase(panel, x + 0.025, y, float(rng.uniform(0.05, 0.085)), colour)
            x += 0.06
        elif chance < 0.6:
            for _ in range(7):
                panel.shape(
                    leaf(x + 0.03, y + 0.035, float(rng.uniform(-1.2, 1.2)), 0.07, 0.22),
                    np.clip(LEAF * float(rng.uniform(0.7, 1.2)), 0, 1),
                )
            panel.solid([rounded(x + 0.008, y, x + 0.052, y + 0.045, 0.008)], CLAY, 0.01)
            x += 0.075
        else:
            _shelf_of_books(panel, rng, (x, y, min(right - 0.02, x + 0.10), y + 0.10))
            x += 0.115
    panel.solid([rectangle(left, y - 0.014, right, y)], tones.wood, 0.004)


def _tilted(outline: Points, x: float, y: float, angle: float) -> Points:
    turn = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    return outline @ turn + np.array([x, y])
