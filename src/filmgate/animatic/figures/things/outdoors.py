"""What is built in the open: a campfire, a fountain, a treasure chest, a bench, a street lamp."""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from filmgate.animatic.colour import from_hex
from filmgate.animatic.figures.cutout import Patch, Piece, smooth, trace
from filmgate.animatic.figures.puppet import ellipse, outline, point
from filmgate.animatic.figures.role import Castings
from filmgate.animatic.figures.things.exhibit import Bench, Thing, exhibited
from filmgate.animatic.figures.things.turnery import WHITE, Material, profile
from filmgate.animatic.figures.things.vapour import build_fire, build_sparkles
from filmgate.animatic.figures.things.workshop import IN_PLACE, Lamplight, drawn, pool_of_light, seen, solid
from filmgate.animatic.raster import Floats, Matrix, Pixels, apply, fill_all

WOOD, STONE, COAL = from_hex("7a5436"), from_hex("9a948a"), from_hex("221e22")


@dataclass(frozen=True, slots=True, eq=False)
class Sparks:
    """Embers that leave a fire, rise in curls and go out."""

    phases: Floats
    reach: float

    def paint(self, target: Pixels, seconds: float, matrix: Matrix) -> None:
        life = 2.6
        share = np.mod(seconds / life + self.phases, 1.0)
        x = 0.12 * np.sin(self.phases * 40) + 0.22 * share * np.sin(self.phases * 23 + 4 * share + seconds * 0.4)
        y = 0.25 + self.reach * share**0.8
        size = 0.011 * np.sin(math.pi * share) ** 0.5
        corners = np.stack(
            [np.stack([x + size * dx, y + size * dy], 1) for dx, dy in ((1, 0), (0, 1.6), (-1, 0), (0, -1.6))], 1
        )
        placed = apply(matrix, corners.reshape(-1, 2)).reshape(corners.shape)
        fill_all(target, list(placed), from_hex("ffb048"))


@dataclass(frozen=True, slots=True, eq=False)
class Jets:
    """Drops of a fountain on their parabolas: each is born, falls, and is born again out of sight."""

    starts: Floats  # (n, 2)
    speeds: Floats  # (n, 2), units a second
    phases: Floats
    life: float
    colour: Floats

    def paint(self, target: Pixels, seconds: float, matrix: Matrix) -> None:
        age = np.mod(seconds / self.life + self.phases, 1.0)[:, None] * self.life
        outlines: list[Floats] = []
        fall = np.array([0.0, -1.0])
        for lag in (0.0, 0.045):
            then_at = np.maximum(0, age - lag)
            outlines.append(self.starts + self.speeds * then_at + 0.5 * 2.2 * fall * then_at**2)
        head, tail = outlines
        half = np.array([[0.0075, 0.0]])
        corners = np.stack([head - half, head + half, tail + 0.5 * half, tail - 0.5 * half], 1)
        placed = apply(matrix, corners.reshape(-1, 2)).reshape(corners.shape)
        fill_all(target, list(placed[::2]), self.colour)
        fill_all(target, list(placed[1::2]), np.clip(self.colour * 0.84, 0, 1))


def _campfire(bench: Bench) -> Thing:
    pieces: list[Piece] = []
    for index in range(11):
        angle = math.pi * (0.02 + 0.96 * index / 10)
        x, y = 0.42 * math.cos(angle), 0.03 + 0.11 * math.sin(angle)
        pieces.append(Piece(ellipse(point(x, y), 0.085, 0.062, 14), STONE * (0.55 + 0.1 * (index % 3)), (), 0.03))
    for (x, y), (end_x, end_y) in (
        ((-0.34, 0.02), (0.20, 0.20)),
        ((0.34, 0.03), (-0.20, 0.21)),
        ((-0.26, 0.06), (0.30, 0.08)),
    ):
        along = np.array([end_x - x, end_y - y])
        across = np.array([-along[1], along[0]]) / np.hypot(*along) * 0.045
        start, end = np.array([x, y]), np.array([end_x, end_y])
        bark = tuple(
            Patch(np.stack([start + across * level, end + across * level]), WOOD * 0.35, 0.003, 0.7, 0.008)
            for level in (-0.4, 0.1, 0.5)
        )
        pieces.append(
            Piece(np.stack([start + across, end + across, end - across, start - across]), WOOD * 0.75, bark, 0.02)
        )
        pieces.append(
            Piece(
                ellipse(point(x, y), 0.030, 0.046, 16),
                from_hex("d8a870"),
                (Patch(ellipse(point(x, y), 0.014, 0.022), from_hex("8a5a34")),),
                0.008,
            )
        )
    front = [
        Piece(
            ellipse(point(0.42 * math.cos(angle), 0.03 + 0.10 * math.sin(angle)), 0.090, 0.066, 14),
            STONE * (0.62 + 0.1 * (index % 3)),
            (),
            0.03,
        )
        for index, angle in enumerate(np.linspace(math.pi + 0.25, 2 * math.pi - 0.25, 7).tolist())
    ]
    fire = build_fire(bench.rng, (0.0, 0.06), (0.62, 0.86))
    return Thing([drawn(bench, *pieces, *front)], 0.46, before=(fire, Sparks(bench.rng.uniform(0, 1, 26), 1.5)))


def _fountain(bench: Bench) -> Thing:
    stone = Material(bench.colour("d8d2c6"), gloss=0.12, blur=0.3)
    rng = bench.rng
    water = from_hex("8ac4d8")
    basin = profile((0.66, 0.0), (0.68, 0.02), (0.68, 0.02), (0.68, 0.15), (0.72, 0.16), (0.72, 0.16), (0.72, 0.20))
    column = profile((0.12, 0.14), (0.08, 0.20), (0.065, 0.40), (0.09, 0.52), (0.20, 0.58), (0.30, 0.64), (0.31, 0.66))
    upper = profile((0.05, 0.64), (0.035, 0.72), (0.05, 0.82), (0.12, 0.86), (0.15, 0.90))
    pools = [
        Piece(
            ellipse(point(0.0, seen(level)), radius, radius * 0.238, 64),
            water * 0.8,
            (Patch(ellipse(point(-0.2 * radius, seen(level)), radius * 0.5, radius * 0.10), WHITE, 0.05, 0.35),),
            0.0,
        )
        for level, radius in ((0.19, 0.67), (0.655, 0.285), (0.895, 0.135))
    ]
    count = 150
    around = rng.uniform(0, 2 * math.pi, count)
    tier = np.arange(count) % 2
    starts = np.stack(
        [np.where(tier == 1, 0.0, 0.27 * np.cos(around)), np.where(tier == 1, 0.90, 0.66 + 0.06 * np.sin(around))], 1
    )
    speeds = np.stack(
        [np.where(tier == 1, 0.22, 0.28) * np.cos(around), np.where(tier == 1, 0.98, 0.18) + 0.06 * np.sin(around)], 1
    )
    colour = np.clip(bench.light.flat(from_hex("e8f6ff")) * 1.25, 0, 1)
    jets = Jets(starts, speeds, rng.uniform(0, 1, count), 1.0, colour)
    cards = [
        (solid(bench, basin, stone), IN_PLACE),
        drawn(bench, pools[0]),
        (solid(bench, column, stone), IN_PLACE),
        drawn(bench, pools[1]),
        (solid(bench, upper, stone), IN_PLACE),
        drawn(bench, pools[2]),
    ]
    return Thing(cards, 0.70, 1.0, before=(jets,))


def _chest(bench: Bench) -> Thing:
    iron = from_hex("b89a5a")
    planks = tuple(Patch(np.array([(-0.5, y), (0.5, y)]), WOOD * 0.4, 0.003, 0.8, 0.010) for y in (0.10, 0.20))
    bands = tuple(
        Patch(outline((x, 0.0), (x + 0.06, 0.0), (x + 0.06, 0.34), (x, 0.34)), iron, 0.002) for x in (-0.42, 0.36)
    )
    box = Piece(outline((-0.46, 0.0), (0.46, 0.0), (0.49, 0.32), (-0.49, 0.32)), WOOD, (*planks, *bands), 0.03)
    lid = Piece(
        trace("-0.49,0.4 -0.51,0.62 -0.42,0.74 0.42,0.74 0.51,0.62 0.49,0.4", steps=5),
        WOOD * 0.62,
        tuple(
            Patch(outline((x, 0.4), (x + 0.06, 0.4), (x + 0.05, 0.76), (x + 0.01, 0.76)), iron * 0.8, 0.002)
            for x in (-0.42, 0.36)
        ),
        0.05,
    )
    inside = Piece(outline((-0.47, 0.30), (0.47, 0.30), (0.46, 0.46), (-0.46, 0.46)), from_hex("2a1a10"), (), 0.0)
    lock = Piece(
        outline((-0.06, 0.17), (0.06, 0.17), (0.06, 0.31), (-0.06, 0.31)),
        iron,
        (
            Patch(ellipse(point(0.0, 0.25), 0.018, 0.018), COAL),
            Patch(outline((-0.008, 0.20), (0.008, 0.20), (0.008, 0.25), (-0.008, 0.25)), COAL),
        ),
        0.016,
    )
    glints = build_sparkles(bench.rng, [(-0.25, 0.44), (0.05, 0.47), (0.28, 0.42), (0.16, 0.36), (-0.08, 0.40)], 0.20)
    glow = Lamplight(pool_of_light(), (0.0, 0.46))
    return Thing([drawn(bench, lid, inside, *_riches(bench.rng), box, lock)], 0.48, before=(glow, glints))


def _riches(rng: np.random.Generator) -> list[Piece]:
    """A heap of coins, and three gems on it."""
    gold, coins = from_hex("f2c04a"), list[Piece]()
    for index in range(60):
        x = float(rng.uniform(-0.42, 0.42))
        y = 0.30 + (0.17 * math.sqrt(max(0.0, 1 - (x / 0.46) ** 2))) * float(rng.uniform(0.1, 1.0)) * (1 - index / 90)
        coins.append(
            Piece(
                ellipse(point(x, y), 0.052, 0.028, 20),
                gold * float(rng.uniform(0.72, 1.1)),
                (Patch(ellipse(point(x, y), 0.034, 0.017, 16), gold * 0.8, 0.002, 0.6),),
                0.008,
            )
        )
    for x, y, colour in ((-0.2, 0.45, "d8304a"), (0.14, 0.46, "2fa06a"), (0.30, 0.40, "3a6ad8")):
        gem = from_hex(colour)
        coins.append(
            Piece(
                outline((x - 0.04, y), (x - 0.02, y + 0.035), (x + 0.02, y + 0.035), (x + 0.04, y), (x, y - 0.045)),
                gem,
                (Patch(outline((x - 0.02, y + 0.03), (x + 0.02, y + 0.03), (x, y)), np.clip(gem * 1.8 + 0.2, 0, 1)),),
                0.004,
            )
        )
    return coins


def _bench(bench: Bench) -> Thing:
    wood, iron = bench.colour("9a6a40"), from_hex("2e3034")
    pieces: list[Piece] = []
    for side in (-1, 1):
        x = 0.60 * side
        for leg in (
            smooth((x - 0.02, 0.0), (x - 0.04, 0.20), (x - 0.02, 0.34), (x + 0.02, 0.34), (x, 0.20), (x + 0.02, 0.0)),
            smooth(
                (x - 0.02 + 0.06 * side, 0.10),
                (x - 0.02 + 0.07 * side, 0.5),
                (x + 0.09 * side, 0.74),
                (x + 0.03 + 0.09 * side, 0.74),
                (x + 0.03 + 0.07 * side, 0.5),
                (x + 0.02 + 0.06 * side, 0.10),
            ),
        ):
            pieces += [Piece(leg, iron, (), 0.010)]
    for y in (0.46, 0.56, 0.66):
        grain = Patch(np.array([(-0.7, y + 0.03), (0.7, y + 0.036)]), wood * 0.7, 0.004, 0.5, 0.008)
        pieces += [Piece(outline((-0.72, y), (0.72, y), (0.72, y + 0.075), (-0.72, y + 0.075)), wood, (grain,), 0.014)]
    for index, y in enumerate((0.355, 0.315, 0.27)):
        wide = 0.70 + 0.02 * index
        pieces.append(
            Piece(
                outline((-wide, y), (wide, y), (wide, y + 0.036), (-wide, y + 0.036)),
                wood * (0.92 + 0.06 * index),
                (),
                0.008,
            )
        )
    return Thing([drawn(bench, *pieces)], 0.70)


def _street_lamp(bench: Bench) -> Thing:
    iron = from_hex("2c3034")
    post = profile(
        (0.10, 0.0),
        (0.10, 0.05),
        (0.06, 0.08),
        (0.05, 0.22),
        (0.03, 0.26),
        (0.026, 0.26),
        (0.022, 1.55),
        (0.05, 1.58),
        (0.06, 1.62),
    )
    glass = outline((-0.065, 1.60), (0.065, 1.60), (0.105, 1.86), (-0.105, 1.86))
    lit = bench.member.role.setting.dark or bench.member.role.setting.light.backlight > 0.3
    warm = np.clip(from_hex("ffe0a0") * (2.0 if lit else 0.95), 0, 3)
    pieces = [
        Piece(glass, warm, (), 0.0),
        Piece(outline((-0.13, 1.85), (0.13, 1.85), (0.05, 1.95), (0.0, 2.02), (-0.05, 1.95)), iron, (), 0.02),
    ]
    for x, top in ((-0.065, -0.105), (0.0, 0.0), (0.065, 0.105)):
        pieces.append(
            Piece(
                outline((x - 0.006, 1.60), (x + 0.006, 1.60), (top + 0.006, 1.86), (top - 0.006, 1.86)), iron, (), 0.0
            )
        )
    glow = (Lamplight(pool_of_light(), (0.0, 1.72)),) if lit else ()
    return Thing(
        [(solid(bench, post, Material(iron, gloss=0.4, metal=0.4)), IN_PLACE), drawn(bench, *pieces)], 0.12, before=glow
    )


CASTINGS: Castings = MappingProxyType(
    {
        "campfire": exhibited(_campfire, 1.2),
        "fountain": exhibited(_fountain, 1.4),
        "chest": exhibited(_chest, 1.1),
        "bench": exhibited(_bench, 0.95),
        "street_lamp": exhibited(_street_lamp, 1.5),
    }
)
