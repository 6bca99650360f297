"""Butterflies, bees and dragonflies."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from filmgate.animatic.figures.cutout import Card, Cutout, Piece, draw_cutout, flatten, hazed, mirrored
from filmgate.animatic.figures.puppet import Light
from filmgate.animatic.figures.role import Casting, Role
from filmgate.animatic.figures.stage import Actor
from filmgate.animatic.figures.wildlife.insect_art import (
    BEES,
    BUTTERFLIES,
    DRAGONFLIES,
    Pattern,
    bee_body,
    bee_wings,
    butterfly_body,
    butterfly_wings,
    dragonfly_body,
    dragonfly_wings,
)
from filmgate.animatic.figures.wildlife.troupe import Placement, Swarm, showing_colours
from filmgate.animatic.figures.wildlife.wings import Attitude, Wing, body_axes, upright_card, wing_cards
from filmgate.animatic.raster import Floats


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


INSECTS = {
    "butterfly": Insect(
        butterfly_wings,
        butterfly_body,
        BUTTERFLIES,
        6,
        0.46,
        Attitude(0.62, 0.42, 0.0, 0.50),
        4.6,
        (0.05, 1.38),
        0.7,
        0.8,
    ),
    "dragonfly": Insect(
        dragonfly_wings,
        dragonfly_body,
        DRAGONFLIES,
        3,
        0.52,
        Attitude(0.40, 0.04, 0.0, 0.80),
        11.0,
        (0.05, 0.26),
        0.9,
        0.5,
        8,
    ),
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
    sets = tuple(
        _poses(role, insect, insect.patterns[(first + at) % len(insect.patterns)], light, span)
        for at in range(variants)
    )
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
    sides = [
        hazed(draw_cutout(pieces, light, span * 1.1), role.brief.palette.haze, far_haze)
        for pieces in insect.wings(pattern)
    ]
    axes = body_axes(insect.view)
    low, high = insect.stroke

    def cards(cycle: float) -> list[Card]:
        lift = (low + high) / 2 + (high - low) / 2 * math.sin(2 * math.pi * cycle)
        wings = [Wing(side, None, 1.0, (0.04, 0.02, 0.03)) for side in sides]
        far = [card for wing in wings for card in wing_cards(wing, axes, 1.0, lift)]
        near = [card for wing in wings for card in wing_cards(wing, axes, -1.0, lift)]
        return [*far, upright_card(body, axes), *near]

    return tuple(flatten(cards(pose / insect.poses), span * 1.05) for pose in range(insect.poses))
