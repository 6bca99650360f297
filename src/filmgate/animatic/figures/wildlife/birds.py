"""How birds fly: in loose flocks, in a V, in slow circles."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from filmgate.animatic.figures.cutout import Card, Cutout, draw_cutout, flatten, hazed, mirrored
from filmgate.animatic.figures.role import Casting, Role
from filmgate.animatic.figures.stage import Actor
from filmgate.animatic.figures.wildlife.plumage import PLUMAGES, Plumage, body_pieces, tail_pieces, wing_pieces
from filmgate.animatic.figures.wildlife.troupe import Placement, Solo, Swarm, flock_size, submerged
from filmgate.animatic.figures.wildlife.wings import (
    Attitude,
    Wing,
    body_axes,
    facing_matrix,
    level_card,
    split_wing,
    upright_card,
    wing_cards,
)
from filmgate.animatic.raster import Floats, Matrix

POSES = 40  # of one wing beat: enough for a slow one
FLOCK_VIEW = Attitude(yaw=0.42, pitch=0.04, elevation=-0.30)  # a little towards us, seen from below
WRIST = 0.46
HAZE_BY_TIER = (0.42, 0.20, 0.0)  # far to near


@dataclass(frozen=True, slots=True, eq=False)
class Flight:
    """How a kind flies. `span` is half a wing span over a person's height; `glide` beats to every rest, 0 for none."""

    span: float
    usual: int
    beats: float  # a second
    stroke: float  # radians to either side of level
    glide: int
    speed: float  # half spans a second
    spread: tuple[float, float] = (7.0, 2.4)


@dataclass(frozen=True, slots=True, eq=False)
class Bird:
    """The cut-outs of one bird."""

    body: Cutout
    tail: Cutout
    wing: Wing

    def cards(self, attitude: Attitude, lift: float, curl: float, sweep: float = 0.0) -> list[Card]:
        axes = body_axes(attitude)
        far, near = (1.0, -1.0) if math.cos(attitude.yaw) >= 0 else (-1.0, 1.0)
        return [
            *wing_cards(self.wing, axes, far, lift, curl, sweep),
            level_card(self.tail, axes),
            upright_card(self.body, axes),
            *wing_cards(self.wing, axes, near, lift, curl, sweep),
        ]


FLIGHTS = {
    "birds": Flight(0.24, 11, 2.6, 0.75, 6, 3.0),
    "seagull": Flight(0.62, 4, 1.3, 0.50, 3, 1.3, (3.4, 1.2)),
    "crow": Flight(0.38, 9, 2.1, 0.70, 8, 2.2),
    "dove": Flight(0.5, 5, 2.8, 0.85, 8, 1.9, (4.0, 1.6)),
    "owl": Flight(1.0, 1, 1.4, 0.60, 5, 0.9, (1.6, 0.6)),
    "parrot": Flight(0.85, 2, 2.2, 0.70, 8, 1.1, (1.3, 0.7)),
    "bat": Flight(0.36, 9, 4.2, 0.80, 0, 2.4),
    "duck": Flight(0.36, 3, 2.6, 0.55, 0, 1.6),
    "swan": Flight(0.62, 3, 1.3, 0.55, 0, 1.1),
    "goose": Flight(0.42, 9, 1.7, 0.55, 0, 1.6),
    "crane": Flight(0.62, 7, 1.2, 0.55, 0, 1.1),
    "eagle": Flight(1.5, 1, 0.8, 0.45, 0, 0.8),
}


def bird(plumage: Plumage, light_of: Role, span_px: float, facing: float, haze: float = 0.0) -> Bird:
    light, water = mirrored(submerged(light_of), facing), light_of.brief.palette.haze
    body, tail, wing = (
        hazed(draw_cutout(pieces(plumage), light, span_px), water, haze)
        for pieces in (body_pieces, tail_pieces, wing_pieces)
    )
    return Bird(body, tail, split_wing(wing, WRIST, (0.06, 0.03, 0.045)))


def stroke(flight: Flight, cycle: float) -> tuple[float, float]:
    """Lift and curl of the wings: the tips lag behind the arms, and fold on the way up."""
    turn = 2 * math.pi * cycle
    lift = 0.10 + flight.stroke * math.sin(turn)
    return lift, -0.14 - flight.stroke * 0.62 * math.cos(turn) * (1.0 if math.cos(turn) > 0 else 0.45)


def beats_with_rests(flight: Flight, seconds: Floats) -> Floats:
    """Wing beats after `seconds`: bursts of `glide` beats between moments of gliding on level wings."""
    if not flight.glide:
        return flight.beats * seconds
    bursts = flight.beats / flight.glide
    return flight.beats * seconds - flight.glide * 0.97 / (2 * math.pi) * np.sin(2 * math.pi * bursts * seconds)


def flocking(kind: str) -> Casting:
    """A casting for birds that fly together, each keeping its place loosely."""

    def cast(role: Role) -> Sequence[Actor]:
        flight, rng = FLIGHTS[kind], role.rng
        count = flock_size(role.subject, flight.usual)
        facing = 1.0 if rng.uniform() < 0.5 else -1.0
        depth = np.sort(rng.uniform(0, 1, count)) if count > 2 else np.ones(count)
        span = _span(role, flight)
        turn = 2.39996 * np.arange(count) + rng.uniform(0, 6.28)
        reach = rng.permutation(np.sqrt((np.arange(count) + 0.5) / count)) if count > 1 else np.zeros(1)
        spread_x = min(flight.spread[0] * span, 0.34 * role.canvas.width)
        spread_y = min(flight.spread[1] * span, 0.16 * role.canvas.height)
        x, y = spread_x * reach * np.cos(turn), spread_y * reach * np.sin(turn)
        return [_swarm(role, kind, depth, np.stack([x, y]), facing, 1.0)]

    return cast


def formation(kind: str) -> Casting:
    """A casting for birds that fly in a V, far away and in time."""

    def cast(role: Role) -> Sequence[Actor]:
        flight = FLIGHTS[kind]
        count = flock_size(role.subject, flight.usual)
        facing = 1.0 if role.rng.uniform() < 0.5 else -1.0
        span = min(_span(role, flight), 1.2 * role.canvas.width / (count + 4))
        rank = (np.arange(count) + 1) // 2
        arm = np.where(np.arange(count) % 2 == 0, 1.0, -0.62)  # the far arm is foreshortened
        x = facing * (0.30 * rank.max() - rank) * span * 1.15
        y = arm * rank * span * 0.42
        order = np.argsort(y, kind="stable")
        depth = np.interp(y[order], [y.min() - 1e-6, y.max() + 1e-6], [0.55, 1.0])
        return [_swarm(role, kind, depth, np.stack([x, y])[:, order], facing, 0.25)]

    return cast


def soaring(kind: str) -> Casting:
    """A casting for one great bird that circles on still wings, banking into the turn."""

    def cast(role: Role) -> Sequence[Actor]:
        flight, rng = FLIGHTS[kind], role.rng
        span = min(_span(role, flight), 0.26 * role.canvas.width)
        sense = 1.0 if rng.uniform() < 0.5 else -1.0
        actors: list[Actor] = []
        for index in range(role.subject.count):
            share = (1.0, 0.6, 0.42, 0.75, 0.5)[index % 5]
            drawn = bird(PLUMAGES[kind], role, span * share, 1.0, 0.35 * (1 - share))
            start = float(rng.uniform(0, 6.28)) if index else -0.9 * sense
            actors.insert(0, _soarer(role, flight, drawn, span * share, sense, start, index))
        return actors

    return cast


def _soarer(role: Role, flight: Flight, drawn: Bird, span: float, sense: float, start: float, index: int) -> Solo:
    radius = min(1.5 * span, 0.27 * role.canvas.width) + 0.3 * span * (index % 3)
    turns = 0.42 * sense * (1 - 0.1 * (index % 3))  # radians a second
    middle_x = (0.5 + 0.16 * (0, 1, -1)[index % 3]) * role.canvas.width
    middle_y = role.y + (0.10 if index == 0 else -0.05 * index) * role.canvas.base

    def cards(seconds: float) -> list[Card]:
        around = start + turns * seconds
        # Every few seconds it beats its wings a few times to keep its height.
        effort = max(0.0, math.sin(0.8 * seconds + 1.2 + index)) ** 3
        lift, curl = stroke(flight, flight.beats * seconds)
        yaw = around + (math.pi if sense > 0 else 0.0)
        view = Attitude(yaw, 0.04 + 0.03 * math.sin(0.7 * seconds), 0.32 * sense, -0.42)
        return drawn.cards(
            view, 0.13 + 0.03 * math.sin(1.3 * seconds) + effort * (lift - 0.1), 0.06 + effort * curl, -0.05
        )

    def matrix(seconds: float) -> Matrix:
        around = start + turns * seconds
        # On its circle, seen from below: x across, z away from us.
        across, away = -math.sin(around) * sense, math.cos(around)
        near = 1 - 0.16 * away
        y = middle_y - 0.16 * radius * away - 0.02 * span * math.sin(1.1 * seconds)
        return facing_matrix(middle_x + radius * across * near, y, span * near)

    return Solo(role.where, role.setting, cards, matrix)


def _swarm(role: Role, kind: str, depth: Floats, offset: Floats, facing: float, freedom: float) -> Swarm:
    """Birds at `offset` (2, n) from the middle of the flock; `freedom` is how loosely each keeps there."""
    flight, rng, count = FLIGHTS[kind], role.rng, len(depth)
    span = _span(role, flight) if freedom > 0.5 else min(_span(role, flight), 1.2 * role.canvas.width / (count + 4))
    tiers = [min(2, int(3 * float(near))) for near in depth]
    used = sorted(set(tiers))
    sets = tuple(_pose_set(role, kind, span * (0.62, 0.85, 1.1)[tier], HAZE_BY_TIER[tier], facing) for tier in used)
    size = span * (0.55 + 0.5 * depth)
    phase = rng.uniform(0, 6.28, count)
    pace = 1 + freedom * rng.uniform(-0.12, 0.12, count)
    lag = phase * (1.0 if freedom > 0.5 else 0.25)
    speed = min(flight.speed * span, 0.42 * role.canvas.width / max(1.5, role.brief.duration_seconds))
    start = role.setting.spot.x * role.canvas.width

    def place_at(seconds: float) -> tuple[Floats, Floats]:
        clock = seconds - role.middle
        x = start + offset[0] * (1 + 0.08 * freedom * math.sin(0.5 * seconds)) + facing * speed * clock
        x = x + freedom * 0.5 * span * np.sin(0.6 * pace * seconds + phase)
        wave = 0.32 * span * np.sin(0.55 * seconds + 0.25 * offset[0] / span * facing)
        y = role.y + offset[1] * (1 + 0.10 * freedom * math.sin(0.43 * seconds + 2)) + wave - 0.07 * speed * clock
        return x, y + freedom * 0.35 * span * np.sin(0.9 * pace * seconds + 1.7 * phase)

    def placed(seconds: float) -> Placement:
        x, y = place_at(seconds)
        later_x, later_y = place_at(seconds + 0.08)
        ahead = np.maximum(facing * (later_x - x), 0.5 * speed * 0.08)
        angle = np.clip(np.arctan2(y - later_y, ahead), -0.5, 0.5) * 0.6
        cycle = beats_with_rests(flight, pace * seconds + lag)
        heave = 0.05 * size * np.cos(2 * math.pi * cycle)  # the body rises as the wings come down
        return Placement(x, y + heave, size, angle, cycle)

    return Swarm(role.where, role.setting, sets, tuple(used.index(tier) for tier in tiers), placed, facing)


def _pose_set(role: Role, kind: str, span: float, haze: float, facing: float) -> tuple[Cutout, ...]:
    plumage = PLUMAGES[kind]
    if role.subject.colour is not None:
        tint = role.subject.colour
        plumage = Plumage(tint, tint, tint, tint, plumage.tip, plumage.beak, plumage.chord, plumage.fingers)
    drawn = bird(plumage, role, span, facing, haze)
    return tuple(flatten(drawn.cards(FLOCK_VIEW, *stroke(FLIGHTS[kind], pose / POSES)), span) for pose in range(POSES))


def _span(role: Role, flight: Flight) -> float:
    return flight.span * max(role.size, 0.12 * role.canvas.base)
