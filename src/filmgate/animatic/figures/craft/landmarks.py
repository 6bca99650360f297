"""What people build and leave standing, and the lighthouse, whose beam sweeps over the sea."""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from filmgate.animatic.colour import from_hex, to_pixels
from filmgate.animatic.figures.craft import dwellings, monuments, temples
from filmgate.animatic.figures.craft.craft import (
    INK,
    IRON,
    LAMP,
    STEEL,
    WHITE,
    WOOD,
    Paintbox,
    bar,
    box,
    curve,
    disc,
    lamp_glow,
    paintbox,
)
from filmgate.animatic.figures.craft.machine import mirrored_in_water, rippled, upright
from filmgate.animatic.figures.cutout import Cutout, Patch, Piece, draw_cutout
from filmgate.animatic.figures.puppet import outline
from filmgate.animatic.figures.role import Castings, Member, one_by_one
from filmgate.animatic.figures.stage import Setting
from filmgate.animatic.raster import Floats, Matrix, Pixels, apply, paste_light, resize, screen, then, tint
from filmgate.animatic.scene import START_SECONDS, Moment

LAMP_AT = 0.835  # of the height of a lighthouse
BEAM_ART = 5  # how much smaller the beam is drawn
BEAM_TURNS = 1.05  # radians a second


@dataclass(frozen=True, slots=True, eq=False)
class Lighthouse:
    """A tower on a rock; after dark its lamp turns. Its units are its own height."""

    where: str
    setting: Setting
    art: Cutout
    mirror: Cutout | None
    place: Matrix
    halo: Pixels

    def paint(self, target: Pixels, moment: Moment) -> None:
        own = then(self.place, self.setting.screen(moment.view))
        seconds = moment.seconds - START_SECONDS
        if self.setting.dark:
            _paint_beam(target, own, seconds)
        if self.mirror is not None:
            rippled(self.mirror, seconds, 1.2).paint(target, own)
        self.art.paint(target, own)
        if self.setting.dark:
            flash = math.exp(-((math.cos(_beam_angle(seconds)) / 0.22) ** 2))
            step = 0.56 / self.halo.shape[1]
            lamp = np.array([[step, 0.0, -0.28], [0.0, -step, LAMP_AT + 0.28]])
            paste_light(target, self.halo, then(lamp, own), 0.62 + 0.38 * flash)


def _lighthouse(member: Member) -> Lighthouse:
    role = member.role
    height = role.size * 1.9
    paint = paintbox(role)
    art = draw_cutout(_tower(paint, role.colour("b8362c")), paint.light, height)
    mirror = mirrored_in_water(art) if role.where in ("shore", "water") else None
    halo = to_pixels(lamp_glow(48, from_hex("ffe6b0")))
    return Lighthouse(role.where, role.setting, art, mirror, upright(member.x, role.y, height), halo)


def _tower(paint: Paintbox, own: Floats) -> list[Piece]:
    """A tapering tower with three bands, a gallery, a lantern room and a keeper's house, on a broken rock."""
    across = np.linspace(-0.60, 0.60, 56)
    crest = (
        0.105 * (1 - (across / 0.62) ** 2) ** 0.8
        + 0.012 * np.sin(across * 47)
        + 0.010 * np.sin(across * 91 + 1)
        + 0.006 * np.sin(across * 173)
    )
    rock = np.concatenate([outline((-0.64, -0.015)), np.stack([across, crest], 1), outline((0.64, -0.015))])
    stone = from_hex("5a534c")
    cracks = tuple(
        Patch(outline((x, 0.10), (x + 0.03 * math.sin(x * 40), 0.05), (x + 0.05, -0.02)), INK, 0.004, 0.5, 0.006)
        for x in np.arange(-0.55, 0.6, 0.075)
    )
    wet = Patch(box(-1, -0.1, 1, 0.018), INK, 0.010, 0.8)
    moss = Patch(np.stack([across, crest - 0.004], 1), from_hex("6a7a44"), 0.008, 0.55, 0.018)

    def half(y: float) -> float:
        return 0.088 - 0.054 * (y - 0.06) + 0.02 * max(0.0, 0.16 - y)

    shaft = outline(
        (-half(0.06), 0.06),
        (-half(0.16), 0.16),
        (-half(0.775), 0.775),
        (half(0.775), 0.775),
        (half(0.16), 0.16),
        (half(0.06), 0.06),
    )
    bands = tuple(Patch(box(-1, low, 1, low + 0.115), own, 0.001, 0.95) for low in (0.17, 0.39, 0.61))
    slits = [paint.glass(box(-0.010, y, 0.010, y + 0.030), lit=True) for y in (0.31, 0.53, 0.735)]
    house = outline((-0.33, 0.05), (-0.33, 0.150), (-0.155, 0.150), (-0.155, 0.05))
    roof = outline((-0.350, 0.145), (-0.300, 0.205), (-0.185, 0.205), (-0.135, 0.145))
    rails = [Piece(bar((x, 0.795), (x, 0.828), 0.003), INK, (), 0.0) for x in np.linspace(-0.078, 0.078, 11)]
    room = box(-0.042, 0.800, 0.042, 0.872)
    bright = Piece(
        room, paint.shining(LAMP), (Patch(disc(0, LAMP_AT, 0.02, 0.026), paint.shining(WHITE), 0.006, 1.0),), 0.0
    )
    dome = curve("-0.052,0.87! -0.046,0.905 0,0.94 0.046,0.905 0.052,0.87!")
    return [
        Piece(house, from_hex("e4dccb"), (Patch(box(-1, 0.13, 1, 1), INK, 0.012, 0.5),), 0.01),
        Piece(roof, own * 0.75, (), 0.01),
        *(paint.glass(box(x, 0.085, x + 0.026, 0.118), lit=True) for x in (-0.305, -0.255)),
        Piece(box(-0.205, 0.05, -0.178, 0.115), WOOD, (), 0.0),
        Piece(shaft, WHITE, bands, 0.055),
        *slits,
        Piece(outline((-0.060, 0.765), (-0.085, 0.790), (0.085, 0.790), (0.060, 0.765)), IRON, (), 0.012),
        bright if paint.dark else paint.glass(room),
        *(Piece(bar((x, 0.80), (x, 0.872), 0.004), INK, (), 0.0) for x in (-0.040, -0.014, 0.014, 0.040)),
        *rails,
        Piece(bar((-0.08, 0.828), (0.08, 0.828), 0.004), INK, (), 0.0),
        Piece(dome, own, (), 0.025),
        Piece(bar((0, 0.935), (0, 0.985), 0.008, 0.003), STEEL, (), 0.0),
        Piece(disc(0, 0.947, 0.010), STEEL, (), 0.004),
        Piece(rock, stone, (*cracks, moss, wet), 0.035),
    ]


def _beam_angle(seconds: float) -> float:
    return seconds * BEAM_TURNS + 0.6


def _paint_beam(target: Pixels, matrix: Matrix, seconds: float) -> None:
    """Two opposite beams that sweep around the lamp; only the band of rows that they reach is drawn."""
    lamp = apply(matrix, np.array([[0.0, LAMP_AT]]))[0]
    width = target.shape[1]
    reach = int(0.095 * width) + BEAM_ART
    top, bottom = max(0, int(lamp[1]) - reach), min(target.shape[0], int(lamp[1]) + reach)
    if bottom - top < BEAM_ART:
        return
    x = np.arange(0, width, BEAM_ART, dtype=np.float32)[None] - np.float32(lamp[0])
    y = np.arange(top, bottom, BEAM_ART, dtype=np.float32)[:, None] - np.float32(lamp[1])
    light = np.zeros((y.shape[0], x.shape[1]), np.float32)
    for turn in (0.0, math.pi):
        forward, drop = math.cos(_beam_angle(seconds) + turn), 0.055 * math.sin(_beam_angle(seconds) + turn)
        length = math.hypot(forward, drop) + 1e-4
        along = (x * forward + y * drop) / length
        across = np.abs(x * drop - y * forward) / length
        width_here = np.maximum(1.0, 2 + along * 0.075 * (0.5 + 0.5 * abs(forward)))
        fall = np.exp(np.minimum(0.0, -along) / (width * 0.55)) * (0.18 + 0.62 * abs(forward))
        light += np.where(along > 0, np.exp(-((across / width_here) ** 2) * 1.6) * fall, 0)
    light *= np.clip((reach - np.abs(y)) / (0.3 * reach), 0, 1)
    mask = resize(to_pixels(np.clip(light, 0, 1)), width, bottom - top)
    screen(target[top:bottom], tint(mask, np.array([1.0, 0.93, 0.74], np.float32)))


CASTINGS: Castings = MappingProxyType(
    {"lighthouse": one_by_one(_lighthouse), **dwellings.CASTINGS, **monuments.CASTINGS, **temples.CASTINGS}
)
