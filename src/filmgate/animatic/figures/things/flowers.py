"""Flowers close to us, on stems that give way to the wind; those that stand in water, and those in a vase."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType

import numpy as np

from filmgate.animatic.colour import from_hex
from filmgate.animatic.figures.cutout import Card, Cutout, Patch, Piece, draw_cutout, flatten, smooth, turned
from filmgate.animatic.figures.puppet import Light, ellipse, point
from filmgate.animatic.figures.role import Castings, Member, one_by_one
from filmgate.animatic.figures.things.exhibit import Bench, Thing, exhibited
from filmgate.animatic.figures.things.petals import KINDS, Kind, lotus
from filmgate.animatic.figures.things.sway import Plant, Pliancy, Shed, build_plant, stir
from filmgate.animatic.figures.things.tableware import GLAZES
from filmgate.animatic.figures.things.turnery import WHITE, Material, profile
from filmgate.animatic.figures.things.workshop import IN_PLACE, seen, shifted, solid
from filmgate.animatic.raster import Floats, Matrix, Pixels, then

LEAF, STEM = from_hex("4f8a3a"), from_hex("5a8a3c")
MOST_PX = 1200.0  # of a plant's height, when it is drawn
IN_FRONT = 0.62  # bases: how tall flowers at the lower edge of the frame are


def _bunch(member: Member, kind: Kind) -> Plant:
    """A clump of flowers at the lower edge of the frame, row behind row, the tallest at the back."""
    role, rng = member.role, member.role.rng
    canvas, light = role.canvas, _fair(role.setting.light)
    height = IN_FRONT * canvas.base
    unit_px = min(height, MOST_PX)
    heads = _heads(rng, kind, light, unit_px, role.subject.colour)
    cards: list[Card] = []
    for row, (share, tone) in enumerate(((0.40, 0.78), (0.35, 0.90), (0.25, 1.0))):
        count = max(2, round(kind.count * share))
        places = (rng.permutation(count) + rng.uniform(0.25, 0.75, count)) / count * 2 - 1
        stems: list[Piece] = []
        blooms: list[Card] = []
        for across in places.tolist():
            x = (0.62 - 0.05 * row) * across
            top = 0.90 - 0.21 * row - 0.16 * abs(across) ** 1.5 - float(rng.uniform(0, 0.10))
            stems += _stem(rng, 0.55 * x, x, top, kind.broad, tone)
            size = kind.radius * float(rng.uniform(0.85, 1.1)) * (0.86 + 0.08 * row)
            lean = float(rng.uniform(-0.25, 0.25)) - 0.3 * across
            blooms.append(
                (heads[int(rng.integers(len(heads)))], turned(x, top, lean, size, size * float(rng.uniform(0.82, 1.0))))
            )
        for _ in range(9):
            x = float(rng.uniform(-0.62, 0.62))
            stems += _blade(rng, x, 0.42 - 0.10 * row, LEAF * tone * float(rng.uniform(0.7, 1.05)))
        cards += [(draw_cutout(stems, light, unit_px), IN_PLACE), *blooms]
    plant = build_plant(member, flatten(cards, unit_px), height, Pliancy(0.045, 0.006, 0.05, pace=1.1))
    return replace(plant, y=canvas.height + 0.05 * canvas.base, shadow=None)


def _heads(rng: np.random.Generator, kind: Kind, light: Light, unit_px: float, own: str | None) -> list[Cutout]:
    """A few drawings of a flower's head, of radius 1, to be used many times."""
    colours = (own, own) if own is not None else kind.colours[:3]
    drawn: list[Cutout] = []
    for colour in colours:
        tone = float(rng.uniform(0.93, 1.06))
        pieces = kind.head(0.0, 0.0, 1.0, np.clip(from_hex(colour) * tone, 0, 1), float(rng.uniform(0, 6)))
        drawn.append(draw_cutout(pieces, light, unit_px * kind.radius))
    return drawn


def _fair(light: Light) -> Light:
    """Petals let light through: they are never mere silhouettes."""
    return replace(light, backlight=min(light.backlight, 0.30))


def _blade(rng: np.random.Generator, x: float, tall: float, colour: Floats) -> list[Piece]:
    """A long narrow leaf from the ground."""
    lean = float(rng.normal(0, 0.10))
    top = tall * float(rng.uniform(0.6, 1.1))
    blade = smooth(
        (x - 0.016, -0.12),
        (x + 0.3 * lean - 0.014, 0.5 * top),
        (x + lean, top),
        (x + 0.4 * lean + 0.016, 0.45 * top),
        (x + 0.016, -0.12),
        steps=4,
    )
    vein = Patch(
        np.array([(x, -0.1), (x + 0.35 * lean, 0.5 * top), (x + lean, top)]),
        np.clip(colour * 1.5, 0, 1),
        0.002,
        0.5,
        0.005,
    )
    return [Piece(blade, colour, (vein,), 0.008)]


def _stem(rng: np.random.Generator, root: float, x: float, top: float, broad: bool, tone: float = 1.0) -> list[Piece]:
    line = smooth((root, -0.12), (0.6 * root + 0.4 * x, 0.35 * top), (x, top), steps=14, closed=False)
    across = np.array([0.0085, 0.0])
    pieces = [
        Piece(
            np.concatenate([line + across, (line - across)[::-1]]),
            STEM * tone * float(rng.uniform(0.8, 1.05)),
            (),
            0.006,
        )
    ]
    for side in (-1, 1):
        at = float(rng.uniform(0.20, 0.50)) * top
        foot = np.interp(at, line[:, 1], line[:, 0])
        reach, rise = (0.13, 0.24) if broad else (0.11, 0.10)
        leaf = smooth(
            (foot, at),
            (foot + side * reach * 0.45, at + rise * 0.35),
            (foot + side * reach, at + rise),
            (foot + side * reach * 0.70, at + rise * 0.40),
        )
        vein = Patch(
            smooth(
                (foot, at),
                (foot + side * reach * 0.6, at + rise * 0.40),
                (foot + side * reach, at + rise),
                closed=False,
            ),
            np.clip(LEAF * 1.6, 0, 1),
            0.002,
            0.6,
            0.005,
        )
        pieces.append(Piece(leaf, LEAF * tone * float(rng.uniform(0.75, 1.05)), (vein,), 0.016))
    return pieces


def _lotuses(member: Member) -> Plant:
    """Pads on the water and blossoms over them."""
    role, rng = member.role, member.role.rng
    height = max(role.size * 1.5, 0.48 * role.canvas.base)
    colour = from_hex(role.subject.colour or ("f2a0bc", "f6b8cc", "f8e8ee")[member.scheme % 3])
    pieces: list[Piece] = []
    pads = sorted(
        (
            (float(rng.uniform(-1.15, 1.15)), float(rng.uniform(-0.24, 0.16)), float(rng.uniform(0.16, 0.30)))
            for _ in range(13)
        ),
        key=lambda pad: -pad[1],
    )
    for x, y, radius in pads:
        tone = float(rng.uniform(0.75, 1.1))
        veins = tuple(
            Patch(
                np.array([(x, y), (x + radius * 0.9 * math.cos(angle), y + radius * 0.24 * math.sin(angle))]),
                from_hex("9ac880"),
                0.002,
                0.35,
                0.006,
            )
            for angle in np.linspace(0, 2 * math.pi, 11).tolist()
        )
        notch = Patch(
            np.array([(x, y), (x + radius, y - 0.03), (x + radius, y - 0.09)]), from_hex("1e3a34"), 0.004, 0.7
        )
        pieces.append(
            Piece(ellipse(point(x, y), radius, radius * 0.27, 40), from_hex("4a8a58") * tone, (*veins, notch), 0.012)
        )
    for x, y, radius in ((-0.52, 0.34, 0.17), (0.60, 0.30, 0.15), (0.04, 0.50, 0.25)):
        across = np.array([0.010, 0.0])
        line = np.array([(x * 0.9, -0.06), (x * 0.97, y * 0.5), (x, y - 0.3 * radius)])
        pieces.append(Piece(np.concatenate([line + across, (line - across)[::-1]]), from_hex("5a8a4a"), (), 0.008))
        pieces += lotus(x, y, radius, colour, float(rng.uniform(-1, 1)))
    cutout = draw_cutout(pieces, _fair(role.setting.light), min(height, MOST_PX))
    return build_plant(member, cutout, height, Pliancy(0.018, 0.003, 0.10), shadow_reach=0.8)


def _dandelion(member: Member) -> Plant:
    """Clocks at the lower edge of the frame, whose seeds leave one by one."""
    role, rng = member.role, member.role.rng
    height = IN_FRONT * role.canvas.base
    pieces: list[Piece] = []
    heads = ((-0.34, 0.62, 0.10), (0.36, 0.70, 0.11), (0.02, 0.88, 0.15))
    for x, top, radius in heads:
        pieces += _stem(rng, 0.4 * x, x, top, broad=False)
        for index in range(150):
            angle, away = 2.39996 * index, math.sqrt((index + 0.5) / 150)
            tip = point(x + radius * away * math.cos(angle), top + radius * away * math.sin(angle))
            middle = point(x, top)
            across = np.array([-(tip - middle)[1], (tip - middle)[0]]) / (radius * away + 1e-6) * 0.0012
            pieces.append(
                Piece(
                    np.stack([middle + across, tip + across, tip - across, middle - across]),
                    from_hex("f2f0ea"),
                    (),
                    0.0,
                    0.28,
                )
            )
            pieces.append(Piece(ellipse(tip, 0.016, 0.016, 10), WHITE, (), 0.0, 0.30))
        pieces.append(Piece(ellipse(point(x, top), 0.022, 0.022), from_hex("7a6a4a"), (), 0.008))
    cutout = draw_cutout(pieces, _fair(role.setting.light), min(height, MOST_PX))
    starts = np.array([heads[index % 3][:2] for index in range(26)]) + rng.normal(0, 0.06, (26, 2))
    shed = Shed(
        starts,
        rng.uniform(0, 6, 26),
        (np.clip(role.setting.light.flat(WHITE) * 1.2, 0, 1),),
        0.011,
        fall=-0.05,
        drift=0.24,
    )
    plant = build_plant(member, cutout, height, Pliancy(0.040, 0.004, 0.05), shed=shed)
    return replace(plant, y=role.canvas.height + 0.05 * role.canvas.base, shadow=None)


@dataclass(frozen=True, slots=True, eq=False)
class Swaying:
    """Flowers in a vase: a cut-out that stirs a little."""

    cutout: Cutout
    foot: float

    def paint(self, target: Pixels, seconds: float, matrix: Matrix) -> None:
        lifted = then(shifted(0.0, self.foot), matrix)
        stir(target, self.cutout, lifted, Pliancy(0.030, 0.004), seconds, 0.8)


def _vase(bench: Bench) -> Thing:
    glaze = bench.colour(*GLAZES) if bench.member.role.subject.colour is None else from_hex(GLAZES[0])
    body = profile((0.12, 0.0), (0.14, 0.015), (0.21, 0.15), (0.215, 0.27), (0.14, 0.40), (0.095, 0.47), (0.125, 0.53))
    rng, kind = bench.rng, KINDS[("rose", "tulip", "flower", "poppy")[bench.member.scheme % 4]]
    heads = _heads(rng, kind, bench.light, bench.unit_px, bench.member.role.subject.colour)
    flowers: list[Card] = []
    for x, top in (
        (-0.36, 0.30),
        (0.36, 0.33),
        (-0.19, 0.50),
        (0.22, 0.52),
        (0.02, 0.62),
        (-0.24, 0.18),
        (0.23, 0.19),
        (0.0, 0.36),
    ):
        stem = draw_cutout(_stem(rng, 0.08 * x, x, top, broad=False), bench.light, bench.unit_px)
        size = kind.radius * float(rng.uniform(1.0, 1.2))
        flowers += [(stem, IN_PLACE), (heads[int(rng.integers(len(heads)))], turned(x, top, -1.1 * x, size, size))]
    bouquet = flatten(flowers, bench.unit_px)
    cards = [(solid(bench, body, Material(glaze, gloss=0.6)), IN_PLACE)]
    return Thing(cards, 0.19, behind=(Swaying(bouquet, seen(0.50)),))


CASTINGS: Castings = MappingProxyType(
    {
        **{name: one_by_one(partial(_bunch, kind=kind)) for name, kind in KINDS.items()},
        "lotus": one_by_one(_lotuses),
        "dandelion": one_by_one(_dandelion),
        "vase": exhibited(_vase, 0.88),
    }
)
