"""Light things in the air: soap bubbles, a kite on its string, a paper plane."""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from filmgate.animatic.camera import plane_matrix
from filmgate.animatic.colour import from_hex, mix, smoothstep, to_pixels
from filmgate.animatic.figures.actors import Mover
from filmgate.animatic.figures.puppet import Light, Shape, outline, paint, standing
from filmgate.animatic.figures.role import Castings, Member, Role, one_by_one
from filmgate.animatic.figures.stage import Actor, Setting
from filmgate.animatic.raster import Floats, Matrix, Pixels, apply, paste, place, stroke, then
from filmgate.animatic.scene import START_SECONDS, Moment

BUBBLES = 16
BUBBLE_PX = 160
OUTSIDE = 0.25  # bases beyond the frame where a bubble bursts and another is blown
KITE_COLOURS = ("e0483a", "f2b03a", "3a8ad8", "e87ab0")
TAIL_BOWS, TAIL_LENGTH = 7, 1.5


@dataclass(frozen=True, slots=True, eq=False)
class Bubbles:
    """Soap bubbles at every distance: they rise, drift, and tremble."""

    where: str
    setting: Setting
    drawings: tuple[Pixels, ...]
    paths: Floats  # (n, 4): x and y in pixels, nearness, phase; the farthest first
    size: float
    wind: float

    def paint(self, target: Pixels, moment: Moment) -> None:
        seconds = moment.seconds - START_SECONDS
        canvas, horizon = self.setting.stage.canvas, self.setting.stage.horizon
        top, tall = -OUTSIDE * canvas.base, canvas.height + 2 * OUTSIDE * canvas.base
        for index, (x, y, near, phase) in enumerate(self.paths.tolist()):
            size = self.size * near
            row = top + (y - (0.045 + 0.05 * near) * canvas.base * seconds) % tall
            column = x + 0.5 * size * math.sin(0.6 * seconds + phase) + 0.12 * self.wind * size * seconds
            column = (column + size) % (canvas.width + 2 * size) - size
            tremble = 1 + 0.025 * math.sin(3.1 * seconds + 2 * phase)
            drawing = self.drawings[index % len(self.drawings)]
            half, step = drawing.shape[0] / 2, size / drawing.shape[0]
            own = np.array(
                [
                    [step * tremble, 0.0, column - half * step * tremble],
                    [0.0, step / tremble, row - half * step / tremble],
                ]
            )
            turn = place(half, half, 1.0, 0.25 * math.sin(0.5 * seconds + phase), (half, half))
            paste(target, drawing, then(then(turn, own), plane_matrix(canvas, horizon, 0.1 + 0.6 * near, moment.view)))


@dataclass(frozen=True, slots=True, eq=False)
class Kite:
    """A kite that swings at the end of its string, with a tail of bows."""

    where: str
    setting: Setting
    light: Light
    x: float
    y: float
    size: float
    colours: tuple[Floats, Floats]
    phase: float

    def paint(self, target: Pixels, moment: Moment) -> None:
        seconds = moment.seconds - START_SECONDS
        time = seconds + self.phase
        lean = 0.22 * math.sin(0.8 * time) + 0.08 * math.sin(1.9 * time + 1)
        x = self.x + self.size * (0.35 * math.sin(0.8 * time - 0.6) + 0.05 * seconds)
        y = self.y + self.size * (0.16 * math.sin(1.3 * time) - 0.02 * seconds)
        view = self.setting.screen(moment.view)
        matrix = then(standing(x, y, self.size, 1.0, lean), view)
        self._string(target, matrix, view, time)
        paint(target, [*_tail(time, self.colours), *_sail(self.colours)], matrix, self.light)

    def _string(self, target: Pixels, matrix: Matrix, view: Matrix, time: float) -> None:
        canvas = self.setting.stage.canvas
        bridle = apply(matrix, np.array([[0.0, 0.05]]))[0]
        ground = apply(view, np.array([[self.x - 0.30 * canvas.width, canvas.height * 1.05]]))[0]
        share = np.linspace(0, 1, 24)[:, None]
        line = bridle + (ground - bridle) * share
        line[:, 1] += 0.05 * canvas.base * np.sin(math.pi * share[:, 0]) * (1 + 0.1 * math.sin(time))
        stroke(target, line, np.clip(self.light.flat(from_hex("e8e4dc")) * 0.9, 0, 1), max(1, round(0.9 * canvas.unit)))


def _sail(colours: tuple[Floats, Floats]) -> list[Shape]:
    first, second = colours
    top, left, right, low = (0.0, 0.62), (-0.42, 0.16), (0.42, 0.16), (0.0, -0.62)
    middle = (0.0, 0.16)
    return [
        Shape(outline(top, left, low, right), first, rounded=False),
        Shape(outline(top, left, middle), second, rounded=False),
        Shape(outline(low, right, middle), second, rounded=False),
        Shape(outline(left, (0.0, 0.172), right, (0.0, 0.148)), first * 0.5, rounded=False),
        Shape(outline(top, (0.010, 0.0), low, (-0.010, 0.0)), first * 0.5, rounded=False),
    ]


def _tail(time: float, colours: tuple[Floats, Floats]) -> list[Shape]:
    share = np.linspace(0, 1, 28)
    x = 0.30 * share * np.sin(4.5 * share - 2.4 * time) + 0.10 * share
    line = np.stack([x, -0.62 - TAIL_LENGTH * share], 1)
    across = np.array([0.010, 0.0])
    shapes = [Shape(np.concatenate([line + across, (line - across)[::-1]]), colours[0] * 0.7, rounded=False, part=1)]
    for bow in range(1, TAIL_BOWS):
        at = line[bow * 27 // TAIL_BOWS]
        turn = 0.5 * math.sin(3 * time - bow)
        wide, tall = 0.10 * math.cos(turn), 0.045
        for side in (-1, 1):
            wing = outline((0.0, 0.0), (side * wide, tall + 0.04 * turn), (side * wide, -tall + 0.04 * turn))
            shapes.append(Shape(wing + at, colours[bow % 2], rounded=False, part=1))
    return shapes


def _kite(member: Member) -> Kite:
    role = member.role
    x, y, size = member.in_formation()
    own = role.colour(KITE_COLOURS[member.scheme % len(KITE_COLOURS)])
    light = role.setting.light
    return Kite(
        role.where, role.setting, light, x, y, 0.62 * size, (own, mix(own, np.ones(3, np.float32), 0.72)), member.phase
    )


def _paper_plane(member: Member) -> Mover:
    """It glides in long waves, nose up where it slows."""
    role = member.role
    x, y, size = member.in_formation()
    canvas, duration = role.canvas, max(2.0, role.brief.duration_seconds)
    speed = 0.55 * canvas.width / duration
    paper = role.colour("f4f1ea")

    def glide(seconds: float) -> Matrix:
        time = seconds - role.middle
        wave = 1.4 * time + member.phase
        left = x + member.facing * (speed * time + 0.10 * size * math.sin(wave))
        return standing(
            left,
            y + size * (0.22 * math.sin(wave) + 0.03 * time),
            0.55 * size,
            member.facing,
            member.facing * 0.28 * math.cos(wave),
        )

    def shapes(seconds: float) -> list[Shape]:
        roll = 0.05 * math.sin(1.9 * seconds + member.phase)
        return [
            Shape(outline((0.80, 0.02), (-0.62, 0.30 + roll), (-0.50, 0.06)), paper * 0.88, rounded=False),
            Shape(
                outline((0.80, 0.02), (-0.52, 0.06), (-0.46, -0.20), (-0.30, -0.06)),
                paper * 0.62,
                rounded=False,
                part=1,
            ),
            Shape(outline((0.80, 0.02), (-0.72, 0.02 - roll), (-0.44, 0.06)), paper, rounded=False, part=2),
        ]

    return Mover(role.where, role.setting, shapes, glide)


def _bubbles(role: Role) -> list[Actor]:
    rng, canvas = role.rng, role.canvas
    near = 0.22 + 0.78 * np.linspace(0, 1, BUBBLES) ** 1.8
    columns = (rng.permutation(BUBBLES) + rng.uniform(0.1, 0.9, BUBBLES)) / BUBBLES * canvas.width
    rows = (
        (rng.permutation(BUBBLES) + rng.uniform(0.1, 0.9, BUBBLES))
        / BUBBLES
        * (canvas.height + canvas.base * 2 * OUTSIDE)
    )
    paths = np.stack([columns, rows, near, rng.uniform(0, 2 * math.pi, BUBBLES)], 1)
    size = max(0.55 * role.size, 0.11 * canvas.base)
    side = max(8, min(BUBBLE_PX * 2, round(size * 1.1)))
    drawings = tuple(_draw_bubble(side, hue, role.brief.palette.light) for hue in (0.0, 2.1, 4.2))
    return [Bubbles(role.where, role.setting, drawings, paths, size, role.brief.reading.wind)]


def _draw_bubble(side: int, hue: float, light: Floats) -> Pixels:
    """Hardly anything but its edge: bands of colour where the film is seen aslant, and two windows mirrored in it."""
    offset = (np.arange(side, dtype=np.float32) + 0.5) / side * 2.06 - 1.03
    x, y = offset[None, :], offset[:, None]
    away = np.hypot(x, y)
    inside = smoothstep(1.0 + 2.0 / side, 1.0 - 2.0 / side, away)
    edge = np.clip(away, 0, 1) ** 5
    angle = np.arctan2(y, x)
    phase = 9.0 * away + 1.3 * np.sin(angle * 2 + hue) + hue
    bands = 0.5 + 0.5 * np.cos(phase[..., None] + np.array([0.0, 2.1, 4.2], np.float32))
    colour = (bands * 0.75 + 0.25 * light) * (0.06 + 0.62 * edge)[..., None]
    window = (
        np.exp(-(((x + 0.42) / 0.16) ** 2) - ((y + 0.46) / 0.22) ** 2) * 0.85
        + np.exp(-(((x - 0.45) / 0.10) ** 2) - ((y - 0.52) / 0.10) ** 2) * 0.45
    )
    colour = colour + window[..., None] * light
    alpha = 0.04 + 0.30 * edge + 0.5 * window
    return np.ascontiguousarray(
        np.dstack([to_pixels(np.clip(colour * inside[..., None], 0, 1)), to_pixels(np.clip(alpha * inside, 0, 1))])
    )


CASTINGS: Castings = MappingProxyType(
    {"bubbles": _bubbles, "kite": one_by_one(_kite), "paper_plane": one_by_one(_paper_plane)}
)
