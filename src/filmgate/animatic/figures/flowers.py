"""Flowers close to us: heads of many petals on stems that give way to the wind, and those that stand in water."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType

import numpy as np

from filmgate.animatic.colour import from_hex, mix
from filmgate.animatic.figures.cutout import Cutout, Patch, Piece, draw_cutout, smooth
from filmgate.animatic.figures.exhibit import Bench, Thing, exhibited
from filmgate.animatic.figures.puppet import ellipse, point
from filmgate.animatic.figures.role import Castings, Member, one_by_one
from filmgate.animatic.figures.sway import Plant, Pliancy, Shed, build_plant, stir
from filmgate.animatic.figures.tableware import GLAZES, IN_PLACE, disc, opening, seen, shifted, solid
from filmgate.animatic.figures.turnery import WHITE, Material, profile
from filmgate.animatic.raster import Floats, Matrix, Pixels, Points, then

LEAF, STEM, YOLK = from_hex("4f8a3a"), from_hex("5a8a3c"), from_hex("f0b428")
IN_FRONT = 0.62  # bases: how tall flowers at the lower edge of the frame are
Head = Callable[[float, float, float, Floats, float], list[Piece]]
"""A flower's head: pieces from x, y, radius, colour and a turn in radians."""


def petal(x: float, y: float, angle: float, length: float, width: float, colour: Floats, start: float = 0.0) -> Piece:
    """One petal from (x, y) at `angle` from straight up, darker at its root."""
    shape = np.array([(0.0, start), (-0.42, 0.42), (-0.50, 0.72), (-0.26, 0.97), (0.0, 1.02), (0.26, 0.97), (0.50, 0.72), (0.42, 0.42)])
    cosine, sine = math.cos(angle), math.sin(angle)
    turned = np.array([[cosine, -sine], [sine, cosine]])

    def put(corners: Points) -> Points:
        return smooth(*(tuple(corner) for corner in corners * np.array([width, length]) @ turned + [x, y]), steps=5)

    root = Patch(put(shape * np.array([0.7, 0.5])), colour * 0.62, soft=0.12 * length, strength=0.7)
    light = Patch(put(shape * np.array([0.45, 0.30]) + [0.0, 0.60]), np.clip(colour * 1.25 + 0.08, 0, 1), soft=0.08 * length, strength=0.6)
    return Piece(put(shape), colour, (root, light), 0.10 * length)


def _daisy(x: float, y: float, radius: float, colour: Floats, turn: float) -> list[Piece]:
    rings = [(16, 1.0, 0.0, 0.86), (16, 0.90, math.pi / 16, 1.0)]
    pieces = [
        petal(x, y, turn + angle + shift, radius * reach, radius * 0.36, np.clip(colour * tone, 0, 1))
        for count, reach, shift, tone in rings
        for angle in np.linspace(0, 2 * math.pi, count, endpoint=False).tolist()
    ]
    return [*pieces, _eye(x, y, radius * 0.30, YOLK)]


def _sunflower(x: float, y: float, radius: float, colour: Floats, turn: float) -> list[Piece]:
    pieces = [
        petal(x, y, turn + angle + shift, radius * reach, radius * 0.26, np.clip(colour * tone, 0, 1))
        for count, reach, shift, tone in ((22, 1.0, 0.0, 0.84), (22, 0.92, math.pi / 22, 1.0))
        for angle in np.linspace(0, 2 * math.pi, count, endpoint=False).tolist()
    ]
    return [*pieces, _eye(x, y, radius * 0.50, from_hex("5a3214"))]


def _eye(x: float, y: float, radius: float, colour: Floats) -> Piece:
    """The middle of a composite flower: florets in a golden spiral."""
    dots: list[Patch] = [Patch(ellipse(point(x, y), radius * 0.45, radius * 0.45), colour * 0.55, radius * 0.2, 0.8)]
    for index in range(70):
        angle, away = 2.39996 * index, radius * 0.96 * math.sqrt((index + 0.5) / 70)
        spot = point(x + away * math.cos(angle), y + away * math.sin(angle))
        dots.append(Patch(ellipse(spot, radius * 0.045, radius * 0.045, 7), np.clip(colour * 1.45 + 0.04, 0, 1), 0.0, 0.8))
    return Piece(ellipse(point(x, y), radius, radius, 40), colour, tuple(dots), radius * 0.35)


def _tulip(x: float, y: float, radius: float, colour: Floats, turn: float) -> list[Piece]:
    low = y - 0.75 * radius
    backs = [petal(x + side * 0.30 * radius, low, side * -0.06 + turn * 0.1, 1.75 * radius, 0.85 * radius, colour * 0.78) for side in (-1, 1)]
    sides = [petal(x + side * 0.16 * radius, low, side * -0.26 + turn * 0.1, 1.62 * radius, 0.95 * radius, colour * 0.92, -0.1) for side in (-1, 1)]
    front = petal(x, low - 0.02 * radius, turn * 0.1, 1.50 * radius, 1.15 * radius, np.clip(colour * 1.06, 0, 1), -0.08)
    return [*backs, *sides, front]


def _poppy(x: float, y: float, radius: float, colour: Floats, turn: float) -> list[Piece]:
    pieces = [petal(x, y, turn + angle, radius, radius * 1.15, np.clip(colour * tone, 0, 1)) for angle, tone in ((0.4, 0.85), (2.4, 0.9), (4.4, 0.85), (1.4, 1.0), (3.5, 1.02), (5.5, 1.0))]
    return [*pieces, _eye(x, y, radius * 0.20, from_hex("1e1a22"))]


def _rose(x: float, y: float, radius: float, colour: Floats, turn: float) -> list[Piece]:
    pieces: list[Piece] = []
    for ring, (count, reach, wide) in enumerate(((7, 1.0, 0.95), (6, 0.82, 0.90), (5, 0.64, 0.80), (4, 0.47, 0.66), (3, 0.32, 0.50))):
        for angle in np.linspace(0, 2 * math.pi, count, endpoint=False).tolist():
            tone = (0.80, 0.88, 0.94, 0.90, 0.78)[ring] + 0.10 * math.cos(angle + turn + ring)
            pieces.append(petal(x, y + 0.03 * ring * radius, angle + turn + 1.1 * ring, radius * reach, radius * wide, np.clip(colour * tone, 0, 1)))
    curl = smooth((x - 0.10 * radius, y + 0.12 * radius), (x, y + 0.22 * radius), (x + 0.10 * radius, y + 0.12 * radius), (x, y + 0.05 * radius))
    return [*pieces, Piece(curl, colour * 0.6, (), 0.03 * radius)]


def _lotus(x: float, y: float, radius: float, colour: Floats, turn: float) -> list[Piece]:
    pieces: list[Piece] = []
    for count, reach, spread, tone, drop in ((9, 1.0, 1.45, 0.86, 0.0), (7, 0.95, 1.0, 0.95, 0.04), (5, 0.85, 0.62, 1.03, 0.10)):
        sides = sorted(np.linspace(-spread, spread, count).tolist(), key=abs)
        for angle in sides if tone < 0.9 else sides[::-1]:
            own = mix(colour * tone, WHITE, 0.10)
            pieces.append(petal(x, y - 0.40 * radius - drop * radius, -angle + 0.05 * turn, radius * reach * (1 - 0.16 * abs(angle)), radius * 0.44, np.clip(own, 0, 1), -0.05))
    return pieces


@dataclass(frozen=True, slots=True)
class Kind:
    head: Head
    colours: tuple[str, ...]
    radius: float
    count: int
    broad: bool = False  # whether the leaves are


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "flower": Kind(_daisy, ("f4f0f4", "f28ab0", "f6c83a", "b088e0", "f2704a"), 0.105, 9),
        "tulip": Kind(_tulip, ("e0404a", "f2b03a", "e87ab0", "8a4ab0"), 0.095, 9, broad=True),
        "poppy": Kind(_poppy, ("e03a2a", "e8502a", "d82a34"), 0.120, 8),
        "rose": Kind(_rose, ("c81e34", "e0405a", "f0a0b4"), 0.120, 7),
        "sunflower": Kind(_sunflower, ("f6b81e", "fac832"), 0.185, 4, broad=True),
    }
)


def _bunch(member: Member, kind: Kind) -> Plant:
    """A handful of flowers at the lower edge of the frame, the nearest in the middle."""
    role, rng = member.role, member.role.rng
    canvas, light = role.canvas, role.setting.light
    single = role.subject.count == 1 and kind.count <= 4
    height = IN_FRONT * canvas.base
    own = role.subject.colour
    pieces: list[Piece] = []
    count = kind.count if not single else 3
    order = np.argsort(-np.abs(np.linspace(-1, 1, count)))
    for index in order.tolist():
        across = (index / max(1, count - 1)) * 2 - 1
        x = 0.42 * across + float(rng.normal(0, 0.02))
        top = 0.90 - 0.26 * abs(across) ** 1.3 - float(rng.uniform(0, 0.12)) * (abs(across) > 0.05)
        chosen = own or kind.colours[int(rng.integers(len(kind.colours)))]
        radius = kind.radius * float(rng.uniform(0.88, 1.12))
        pieces += _stem(rng, 0.45 * x, x, top, kind.broad)
        pieces += kind.head(x, top, radius, np.clip(from_hex(chosen) * float(rng.uniform(0.93, 1.05)), 0, 1), float(rng.uniform(0, 6)))
    cutout = draw_cutout(pieces, light, min(height, 1200.0))
    plant = build_plant(member, cutout, height, Pliancy(0.045, 0.006, 0.05, pace=1.1))
    return replace(plant, y=canvas.height + 0.05 * canvas.base, shadow=None)


def _stem(rng: np.random.Generator, root: float, x: float, top: float, broad: bool) -> list[Piece]:
    line = smooth((root, -0.12), (0.6 * root + 0.4 * x, 0.35 * top), (x, top), steps=14, closed=False)
    across = np.array([0.0085, 0.0])
    pieces = [Piece(np.concatenate([line + across, (line - across)[::-1]]), STEM * float(rng.uniform(0.8, 1.05)), (), 0.006)]
    for side in (-1, 1):
        at = float(rng.uniform(0.20, 0.50)) * top
        foot = np.interp(at, line[:, 1], line[:, 0])
        reach, rise = (0.13, 0.24) if broad else (0.11, 0.10)
        leaf = smooth((foot, at), (foot + side * reach * 0.45, at + rise * 0.35), (foot + side * reach, at + rise), (foot + side * reach * 0.70, at + rise * 0.40))
        vein = Patch(smooth((foot, at), (foot + side * reach * 0.6, at + rise * 0.40), (foot + side * reach, at + rise), closed=False), np.clip(LEAF * 1.6, 0, 1), 0.002, 0.6, 0.005)
        pieces.append(Piece(leaf, LEAF * float(rng.uniform(0.75, 1.05)), (vein,), 0.016))
    return pieces


def _lotuses(member: Member) -> Plant:
    """Pads on the water and blossoms over them."""
    role, rng = member.role, member.role.rng
    height = max(role.size * 1.15, 0.30 * role.canvas.base)
    colour = from_hex(role.subject.colour or ("f2a0bc", "f6b8cc", "f8e8ee")[member.scheme % 3])
    pieces: list[Piece] = []
    pads = sorted(((float(rng.uniform(-1.15, 1.15)), float(rng.uniform(-0.24, 0.16)), float(rng.uniform(0.16, 0.30))) for _ in range(13)), key=lambda pad: -pad[1])
    for x, y, radius in pads:
        tone = float(rng.uniform(0.75, 1.1))
        veins = tuple(Patch(np.array([(x, y), (x + radius * 0.9 * math.cos(angle), y + radius * 0.24 * math.sin(angle))]), from_hex("9ac880"), 0.002, 0.35, 0.006) for angle in np.linspace(0, 2 * math.pi, 11).tolist())
        notch = Patch(np.array([(x, y), (x + radius, y - 0.03), (x + radius, y - 0.09)]), from_hex("1e3a34"), 0.004, 0.7)
        pieces.append(Piece(ellipse(point(x, y), radius, radius * 0.27, 40), from_hex("4a8a58") * tone, (*veins, notch), 0.012))
    for x, y, radius in ((-0.52, 0.34, 0.17), (0.60, 0.30, 0.15), (0.04, 0.50, 0.25)):
        line = np.array([(x * 0.9, -0.06), (x * 0.97, y * 0.5), (x, y - 0.3 * radius)])
        pieces.append(Piece(np.concatenate([line + [0.010, 0], (line - [0.010, 0])[::-1]]), from_hex("5a8a4a"), (), 0.008))
        pieces += _lotus(x, y, radius, colour, float(rng.uniform(-1, 1)))
    cutout = draw_cutout(pieces, role.setting.light, min(height, 1200.0))
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
            pieces.append(Piece(np.stack([middle + across, tip + across, tip - across, middle - across]), from_hex("f2f0ea"), (), 0.0, 0.28))
            pieces.append(Piece(ellipse(tip, 0.016, 0.016, 10), WHITE, (), 0.0, 0.30))
        pieces.append(Piece(ellipse(point(x, top), 0.022, 0.022), from_hex("7a6a4a"), (), 0.008))
    cutout = draw_cutout(pieces, role.setting.light, min(height, 1000.0))
    starts = np.array([heads[index % 3][:2] for index in range(26)]) + rng.normal(0, 0.06, (26, 2))
    shed = Shed(starts, rng.uniform(0, 6, 26), (np.clip(role.setting.light.flat(WHITE) * 1.2, 0, 1),), 0.011, fall=-0.05, drift=0.24)
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
    rng, pieces = bench.rng, list[Piece]()
    kind = KINDS[("rose", "tulip", "flower", "poppy")[bench.member.scheme % 4]]
    for x, top in ((-0.30, 0.26), (0.30, 0.30), (-0.15, 0.42), (0.17, 0.45), (0.0, 0.30), (0.01, 0.55)):
        chosen = bench.member.role.subject.colour or kind.colours[int(rng.integers(len(kind.colours)))]
        pieces += _stem(rng, 0.1 * x, x, top, broad=False)
        pieces += kind.head(x, top, kind.radius * 1.05, from_hex(chosen), float(rng.uniform(0, 6)))
    bouquet = draw_cutout(pieces, bench.light, bench.unit_px)
    cards = [(solid(bench, body, Material(glaze, gloss=0.6)), IN_PLACE), opening(bench, 0.53, 0.118, glaze * 0.5, None)]
    return Thing(cards, 0.19, before=(Swaying(bouquet, seen(0.52)),))


CASTINGS: Castings = MappingProxyType(
    {
        **{name: one_by_one(partial(_bunch, kind=kind)) for name, kind in KINDS.items()},
        "lotus": one_by_one(_lotuses),
        "dandelion": one_by_one(_dandelion),
        "vase": exhibited(_vase, 1.0),
    }
)
