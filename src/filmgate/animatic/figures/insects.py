"""Butterflies, bees and dragonflies."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from filmgate.animatic.colour import from_hex
from filmgate.animatic.figures.cutout import Card, Cutout, Patch, Piece, draw_cutout, flatten, hazed, mirrored, smooth
from filmgate.animatic.figures.puppet import Light, capsule, ellipse, point
from filmgate.animatic.figures.role import Casting, Role
from filmgate.animatic.figures.stage import Actor
from filmgate.animatic.figures.troupe import Placement, Swarm, showing_colours
from filmgate.animatic.figures.wings import Attitude, Wing, body_axes, upright_card, wing_cards
from filmgate.animatic.raster import Floats, Points

FORE = ((0.03, 0.0), (0.30, 0.34), (0.56, 0.80), (0.52, 0.96), (0.32, 0.94), (0.06, 0.74), (-0.10, 0.42), (-0.08, 0.04))
HIND = ((0.0, 0.02), (0.0, 0.36), (-0.06, 0.64), (-0.26, 0.74), (-0.50, 0.62), (-0.60, 0.40), (-0.46, 0.16), (-0.16, 0.02))


@dataclass(frozen=True, slots=True)
class Pattern:
    """Colours of a butterfly: at the root, of the wing, of its edge, and of the dots on the edge."""

    root: str
    wing: str
    edge: str
    dots: str


@dataclass(frozen=True, slots=True, eq=False)
class Insect:
    """One kind. `span` is a wing's length over a person's height; `stroke` the lowest and highest lift, in radians."""

    wings: Callable[[Pattern], list[list[Piece]]]  # of one side; later ones lie on top
    body: Callable[[Pattern], list[Piece]]
    patterns: tuple[Pattern, ...]
    usual: int
    span: float
    view: Attitude
    beats: float  # a second
    stroke: tuple[float, float]
    speed: float  # spans a second
    flutter: float  # how far it strays, in spans
    poses: int = 20


BUTTERFLIES = (
    Pattern("f6c04a", "ee7a1c", "1c120e", "fff6e6"),
    Pattern("8fe0ff", "1f78e6", "0c1226", "d6f2ff"),
    Pattern("fff2a8", "f6cf3a", "2a2014", "4a7ad0"),
    Pattern("ffd6ea", "e86aa8", "3a1430", "fff0f8"),
    Pattern("ffffff", "f2f4ee", "4a4a50", "30303a"),
)
DRAGONFLIES = (Pattern("d6382a", "eaf4f8", "8a2018", "5a1410"), Pattern("2aa0c8", "e6f6fa", "14607a", "0c3040"), Pattern("3cae5a", "ecf8f0", "1c6a34", "0c3018"))
BEES = (Pattern("f2b01c", "eef4fa", "2a1c10", "f8d878"),)


def butterfly_wings(pattern: Pattern) -> list[list[Piece]]:
    root, wing, edge, dots = (from_hex(value) for value in (pattern.root, pattern.wing, pattern.edge, pattern.dots))
    sides: list[list[Piece]] = []
    for corners, centre, tips in ((HIND, point(-0.05, 0.10), HIND[2:7]), (FORE, point(0.02, 0.08), FORE[1:7])):
        shape = smooth(*corners)
        middle = np.array(corners).mean(0)
        inner = Patch(middle + (shape - middle) * 0.72, wing, 0.030)
        warm = Patch(centre + (shape - centre) * 0.42, root, 0.10, 0.9)
        veins = tuple(Patch(np.stack([centre, np.array(tip) * 0.97]), edge, 0.002, 0.75, 0.011) for tip in tips)
        spots = tuple(
            Patch(ellipse(middle + (spot - middle) * 0.88, 0.020, 0.020, 10), dots, 0.003)
            for spot in (shape[index] for index in range(10, len(shape) - 12, 4))
        )
        eye = (Patch(ellipse(middle + point(0.02, 0.10), 0.06, 0.06), edge, 0.006), Patch(ellipse(middle + point(0.025, 0.105), 0.032, 0.032), dots, 0.006))
        sides.append([Piece(shape, edge, (inner, warm, *veins, *spots, *(eye if corners is HIND else ())), 0.0, 0.98)])
    return [[*sides[0], *sides[1]]]


def butterfly_body(pattern: Pattern) -> list[Piece]:
    dark = from_hex(pattern.edge) + 0.06
    feelers = [Piece(_thread((0.20, 0.03), (0.34, 0.12 + lean), (0.44, 0.14 + lean), 0.008), dark, (), 0.0) for lean in (0.0, 0.07)]
    return [*feelers, Piece(capsule(point(-0.34, -0.02), point(0.05, 0.0), 0.026, 0.05), dark, (), 0.02), Piece(ellipse(point(0.14, 0.015), 0.09, 0.055), dark, (), 0.02), Piece(ellipse(point(0.22, 0.025), 0.035, 0.035), dark, (), 0.01)]


def dragonfly_wings(pattern: Pattern) -> list[list[Piece]]:
    clear, vein = from_hex(pattern.wing), from_hex(pattern.edge)
    sides: list[list[Piece]] = []
    for sweep, length in ((-0.22, 0.92), (0.14, 1.0)):
        shape = smooth((0.03, 0.0), (0.05 + sweep * 0.3, 0.3), (0.07 + sweep * 0.8, 0.75 * length), (sweep, length), (-0.10 + sweep * 0.8, 0.80 * length), (-0.13 + sweep * 0.4, 0.35), (-0.04, 0.0))
        veins = tuple(Patch(np.array([(0.02 - 0.03 * i, 0.02), (sweep - 0.03 * i + 0.03, length)]), vein, 0.0, 0.7, 0.008) for i in range(3))
        spot = Patch(ellipse(point(0.02 + sweep * 0.95, 0.90 * length), 0.025, 0.05), vein, 0.004)
        sides.append([Piece(shape, clear, (*veins, spot), 0.0, 0.46)])
    return sides


def dragonfly_body(pattern: Pattern) -> list[Piece]:
    main, dark = from_hex(pattern.root), from_hex(pattern.edge)
    rings = tuple(Patch(np.array([(-0.95 + 0.11 * i, 0.1), (-0.95 + 0.11 * i, -0.1)]), dark, 0.004, 0.8, 0.022) for i in range(8))
    return [
        Piece(smooth((-0.10, 0.035), (-0.55, 0.022), (-0.98, 0.034), (-1.02, 0.0), (-0.98, -0.028), (-0.55, -0.020), (-0.10, -0.035)), main, rings, 0.02),
        Piece(smooth((0.18, 0.0), (0.13, 0.085), (-0.02, 0.085), (-0.14, 0.03), (-0.10, -0.05), (0.05, -0.075), (0.15, -0.05)), main, (Patch(ellipse(point(0.02, 0.06), 0.08, 0.03), dark, 0.02),), 0.03),
        Piece(ellipse(point(0.21, 0.03), 0.062, 0.058), from_hex(pattern.dots), (Patch(ellipse(point(0.23, 0.05), 0.018, 0.015), np.ones(3), 0.004, 0.7),), 0.02),
    ]


def bee_wings(pattern: Pattern) -> list[list[Piece]]:
    clear = from_hex(pattern.wing)
    return [[Piece(smooth((0.05, 0.0), (0.22, 0.4), (0.20, 0.85), (0.02, 0.98), (-0.16, 0.80), (-0.14, 0.35), (-0.05, 0.0)), clear, (Patch(np.array([(0.0, 0.0), (0.1, 0.9)]), clear * 0.5, 0, 0.5, 0.015),), 0.0, 0.5)]]


def bee_body(pattern: Pattern) -> list[Piece]:
    gold, dark, fuzz = from_hex(pattern.root), from_hex(pattern.edge), from_hex(pattern.dots)
    stripes = tuple(Patch(smooth((x, 0.5), (x + 0.05, 0.0), (x, -0.5), (x - 0.09, -0.5), (x - 0.05, 0.0), (x - 0.09, 0.5)), dark, 0.012) for x in (-0.18, -0.38, -0.58))
    legs = [Piece(_thread((x, -0.15), (x - 0.05, -0.28), (x - 0.12, -0.34), 0.018), dark, (), 0.0) for x in (0.05, -0.08, 0.18)]
    return [
        *legs,
        Piece(smooth((0.02, 0.12), (-0.20, 0.24), (-0.50, 0.16), (-0.74, -0.06), (-0.50, -0.20), (-0.20, -0.24), (0.02, -0.14)), gold, stripes, 0.07),
        Piece(ellipse(point(0.12, 0.04), 0.22, 0.20), dark + 0.1, (Patch(ellipse(point(0.10, 0.10), 0.17, 0.14), fuzz, 0.06, 0.95),), 0.05),
        Piece(ellipse(point(0.36, -0.02), 0.12, 0.125), dark, (Patch(ellipse(point(0.40, 0.02), 0.05, 0.06), from_hex("4a3a30"), 0.01),), 0.03),
        Piece(_thread((0.42, 0.08), (0.52, 0.16), (0.60, 0.12), 0.016), dark, (), 0.0),
    ]


INSECTS = {
    "butterfly": Insect(butterfly_wings, butterfly_body, BUTTERFLIES, 6, 0.46, Attitude(0.62, 0.42, 0.0, 0.50), 4.6, (0.05, 1.38), 0.7, 0.8),
    "dragonfly": Insect(dragonfly_wings, dragonfly_body, DRAGONFLIES, 3, 0.52, Attitude(0.40, 0.04, 0.0, 0.80), 11.0, (0.05, 0.26), 0.9, 0.5, 8),
    "bee": Insect(bee_wings, bee_body, BEES, 6, 0.16, Attitude(0.45, 0.15, 0.0, 0.30), 10.3, (0.20, 1.0), 1.6, 1.6, 8),
}


def fluttering(kind: str) -> Casting:
    """A casting for insects; half of them fly the other way."""

    def cast(role: Role) -> Sequence[Actor]:
        insect, rng = INSECTS[kind], role.rng
        given = role.subject.count
        count = insect.usual if given == 1 else min(20, given)
        span = insect.span * max(role.size, 0.16 * role.canvas.base)
        first = int(rng.integers(len(insect.patterns)))
        swarms: list[Actor] = []
        for facing, members in ((-1.0, count // 2), (1.0, count - count // 2)):
            if members:
                swarms.append(_swarm(role, insect, span, facing, members, first))
                first += members
        return swarms

    return cast


def _swarm(role: Role, insect: Insect, span: float, facing: float, count: int, first: int) -> Swarm:
    rng, canvas = role.rng, role.canvas
    variants = min(len(insect.patterns), count)
    light = showing_colours(mirrored(role.setting.light, facing), 0.16)
    share = np.sort(rng.uniform(0.62, 1.05, count))
    sets = tuple(_poses(role, insect, insect.patterns[(first + at) % len(insect.patterns)], light, span) for at in range(variants))
    speed = min(insect.speed * span, 0.30 * canvas.width / max(1.5, role.brief.duration_seconds))
    turn = 2.39996 * (np.arange(count) + first) + rng.uniform(0, 6.28)
    reach = np.sqrt((np.arange(count) + 0.7) / count)
    home_x = role.setting.spot.x * canvas.width + 0.24 * canvas.width * reach * np.cos(turn)
    home_y = role.y + 0.15 * canvas.height * reach * np.sin(turn)
    phase, pace = rng.uniform(0, 6.28, (3, count)), rng.uniform(0.8, 1.2, count)
    stray = insect.flutter * span

    def place_at(seconds: float) -> tuple[Floats, Floats]:
        clock = pace * seconds
        x = home_x + facing * (speed * (seconds - role.middle) + 0.4 * stray * np.sin(1.3 * clock + phase[0]))
        y = home_y + stray * (0.55 * np.sin(1.1 * clock + phase[1]) + 0.22 * np.sin(2.7 * clock + phase[2]))
        return x, y

    def placed(seconds: float) -> Placement:
        x, y = place_at(seconds)
        later_x, later_y = place_at(seconds + 0.05)
        ahead = np.maximum(facing * (later_x - x), speed * 0.05)
        angle = np.clip(np.arctan2(y - later_y, ahead), -0.7, 0.7) * 0.7
        beat = insect.beats * pace * seconds + 0.25 * np.sin(1.7 * seconds + phase[1]) + phase[0]
        bounce = 0.07 * span * np.cos(2 * math.pi * beat) if insect.poses > 8 else 0.0  # each stroke lifts a butterfly
        return Placement(x, y + bounce, span * share, angle, beat)

    return Swarm(role.where, role.setting, sets, tuple(at % variants for at in range(count)), placed, facing)


def _poses(role: Role, insect: Insect, pattern: Pattern, light: Light, span: float) -> tuple[Cutout, ...]:
    if role.subject.colour is not None:
        pattern = Pattern(pattern.root, role.subject.colour, pattern.edge, pattern.dots)
    far_haze = 0.06
    body = draw_cutout(insect.body(pattern), light, span * 1.1)
    sides = [hazed(draw_cutout(pieces, light, span * 1.1), role.brief.palette.haze, far_haze) for pieces in insect.wings(pattern)]
    axes = body_axes(insect.view)
    low, high = insect.stroke

    def cards(cycle: float) -> list[Card]:
        lift = (low + high) / 2 + (high - low) / 2 * math.sin(2 * math.pi * cycle)
        wings = [Wing(side, None, 1.0, (0.04, 0.02, 0.03)) for side in sides]
        far = [card for wing in wings for card in wing_cards(wing, axes, 1.0, lift)]
        near = [card for wing in wings for card in wing_cards(wing, axes, -1.0, lift)]
        return [*far, upright_card(body, axes), *near]

    return tuple(flatten(cards(pose / insect.poses), span * 1.05) for pose in range(insect.poses))


def _thread(start: tuple[float, float], middle: tuple[float, float], end: tuple[float, float], width: float) -> Points:
    line = smooth(start, middle, end, closed=False)
    thickness = np.array([0.0, width])
    return np.concatenate([line + thickness, line[::-1] - thickness])
