"""Rockets: on the ground they lift off in fire and smoke, in space they are on their way."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from filmgate.animatic.colour import from_hex, mix, to_pixels
from filmgate.animatic.figures.craft.craft import (
    INK,
    IRON,
    STEEL,
    WHITE,
    Paintbox,
    box,
    curve,
    disc,
    lamp_glow,
    paintbox,
    rounded,
)
from filmgate.animatic.figures.craft.jets import flame_light, jet, roar
from filmgate.animatic.figures.craft.machine import Machine, round_shine, upright
from filmgate.animatic.figures.craft.plume import Plume, build_puffs, steam_colours
from filmgate.animatic.figures.cutout import Card, Patch, Piece, draw_cutout
from filmgate.animatic.figures.puppet import outline
from filmgate.animatic.figures.role import Member, Role, one_by_one
from filmgate.animatic.figures.stage import Actor
from filmgate.animatic.raster import Floats, Matrix, place

LAUNCHES = frozenset({"launch", "fly", "jump"})


IGNITION = 0.12  # of the clip: until then it stands and steams


BILLOW_SECONDS = 0.19  # between two of the cloud around the pad
ROCKET_HEIGHTS = 1.75  # person heights, on the pad


def rocket_pieces(paint: Paintbox, own: Floats) -> list[Piece]:
    """A launcher with two boosters; twenty units from its nozzles to its tip."""
    core = curve("-1.25,0.8! -1.25,15.2 -1.15,16.6 -0.75,18.4 0,19.8 0.75,18.4 1.15,16.6 1.25,15.2 1.25,0.8!", 4)
    bands = (
        Patch(box(-9, 8.9, 9, 9.3), INK, 0.02, 0.8),
        Patch(box(-9, 14.9, 9, 15.2), own, 0.02, 0.9),
        Patch(box(-9, 4.6, 9, 4.8), INK, 0.02, 0.5),
        Patch(box(0.25, 10.2, 0.75, 14.2), own, 0.03, 0.85),
    )
    pieces: list[Piece] = []
    for side in (-1, 1):
        booster = rounded(
            [
                (side * x, y)
                for x, y in ((1.0, 0.6), (1.0, 0.6), (1.05, 8.6), (1.65, 10.9), (2.25, 8.6), (2.35, 0.6), (2.35, 0.6))
            ],
            4,
        )
        fin = outline((side * 2.2, 2.8), (side * 3.3, 0.2), (side * 2.2, 0.8))
        nozzle = outline((side * 1.35, 0.7), (side * 1.15, -0.1), (side * 2.2, -0.1), (side * 2.0, 0.7))
        pieces += [
            Piece(nozzle, IRON, (), 0.1),
            Piece(fin, own, (), 0.08),
            Piece(
                booster,
                WHITE,
                (Patch(box(-9, 7.9, 9, 8.3), own, 0.02, 0.9), Patch(box(-9, 0, 9, 1.3), STEEL * 0.7, 0.05, 0.9)),
                0.42,
            ),
        ]
    nozzle = outline((-0.7, 0.9), (-1.0, -0.2), (1.0, -0.2), (0.7, 0.9))
    window = [
        Piece(disc(0.0, 16.2, 0.42), STEEL, (), 0.05),
        Piece(disc(0.0, 16.2, 0.30), paint.shining(np.clip(paint.sky * 0.8, 0, 1)), (), 0.0),
    ]
    return [Piece(nozzle, IRON, (), 0.1), *pieces, Piece(core, WHITE, bands, 0.75), *window]


def rockets(role: Role) -> Sequence[Actor]:
    """On the ground, or told to launch, it lifts off; elsewhere it is on its way."""
    lifts_off = not role.setting.stage.weightless and bool(LAUNCHES & set(role.actions))
    ground = role.setting.stage.spots.get("ground")
    if (lifts_off or role.where != "air") and ground is not None and not role.setting.stage.weightless:
        on_pad = replace(role, where="ground", setting=replace(role.setting, spot=ground))
        return one_by_one(_launch)(on_pad)
    return one_by_one(_cruising_rocket)(role)


@dataclass(frozen=True, slots=True)
class Ascent:
    """A lift-off: it stands, then climbs ever faster until it leaves the frame."""

    x: float
    pad: float
    height: float
    duration: float
    above: float  # how far it climbs, in pixels

    @property
    def ignition(self) -> float:
        return IGNITION * self.duration

    def climb(self, seconds: float) -> float:
        share = max(0.0, seconds - self.ignition) / max(1e-6, self.duration - self.ignition)
        return self.above * share**2.2

    def nozzle(self, seconds: float) -> tuple[float, float]:
        return self.x, self.pad - self.climb(seconds)


def _launch(member: Member) -> Machine:
    role = member.role
    paint = paintbox(role, most_silhouette=0.35)
    height = role.size * ROCKET_HEIGHTS
    unit_px = height / 20
    pad = role.setting.foot(member.x)
    duration = max(1.5, role.brief.duration_seconds)
    ascent = Ascent(member.x, pad - 0.03 * height, height, duration, pad + 0.15 * height)
    art = draw_cutout(rocket_pieces(paint, role.colour("b8362c")), paint.light, unit_px)

    def cards(_seconds: float) -> list[Card]:
        return [(art, place(0.0, 0.0))]

    def matrix(seconds: float) -> Matrix:
        x, y = ascent.nozzle(seconds)
        shake = 0.0015 * height * math.sin(seconds * 37) * min(1.0, max(0.0, seconds - 0.5 * ascent.ignition))
        return upright(x + shake, y, unit_px)

    def burning(seconds: float) -> float:
        return roar(seconds) * min(1.0, max(0.0, (seconds - 0.6 * ascent.ignition) / (0.4 * ascent.ignition + 1e-6)))

    flame = flame_light()
    jets = tuple(
        jet(flame, x, 0.1, wide, long, 0.0, burning)
        for x, wide, long in ((0.0, 3.2, 12.0), (-1.68, 2.4, 9.0), (1.68, 2.4, 9.0))
    )
    glow = round_shine(to_pixels(lamp_glow(48, from_hex("ffb060"))), 0.0, -1.5, 11.0, burning)
    return Machine(
        role.where, role.setting, cards, matrix, _exhaust(role, ascent), (_ground_cloud(role, ascent),), (*jets, glow)
    )


def _exhaust(role: Role, ascent: Ascent) -> tuple[Plume, ...]:
    """The column that it leaves in the air."""
    lit, shade = _launch_smoke(role)
    puffs = build_puffs(role.rng, lit, shade, role.setting.light.towards)

    def source(seconds: float) -> tuple[float, float]:
        x, y = ascent.nozzle(seconds)
        return x, min(y + 0.40 * ascent.height, ascent.pad)

    size = 0.42 * ascent.height
    drift = 0.02 * ascent.height * role.brief.reading.wind
    return (
        Plume(
            puffs,
            source,
            0.16,
            4.2,
            size,
            (drift, 0.0),
            (0.0, 0.25 * ascent.height),
            0.6,
            0.9,
            since=0.8 * ascent.ignition,
        ),
    )


def _ground_cloud(role: Role, ascent: Ascent) -> Plume:
    """Billows that roll out to both sides of the pad."""
    lit, shade = _launch_smoke(role)
    puffs = build_puffs(role.rng, lit, mix(shade, lit, 0.2), role.setting.light.towards)

    def source(seconds: float) -> tuple[float, float]:
        number = round(seconds / BILLOW_SECONDS)
        side = 1.0 if number % 2 else -1.0
        reach = 0.10 + 0.55 * ((number * 0.618) % 1.0)
        return ascent.x + side * reach * ascent.height, ascent.pad - 0.05 * ascent.height

    return Plume(
        puffs,
        source,
        BILLOW_SECONDS,
        4.0,
        0.60 * ascent.height,
        (0.0, -0.03 * ascent.height),
        (0.0, 0.0),
        0.7,
        0.85,
        since=0.7 * ascent.ignition,
    )


def _launch_smoke(role: Role) -> tuple[Floats, Floats]:
    lit, shade = steam_colours(role.brief.palette)
    return np.clip(mix(lit, from_hex("ffd9a8"), 0.35), 0, 1), np.clip(mix(shade, from_hex("b07a58"), 0.25), 0, 1)


def _cruising_rocket(member: Member) -> Machine:
    role = member.role
    x, y, size = member.in_formation()
    facing = role.setting.heading
    paint = paintbox(role, most_silhouette=0.35)
    unit_px = size * 1.15 / 20
    art = draw_cutout(rocket_pieces(paint, role.colour("b8362c")), paint.light, unit_px)
    lean = -0.62 * facing

    def cards(_seconds: float) -> list[Card]:
        return [(art, place(0.0, -8.0))]

    def matrix(seconds: float) -> Matrix:
        gone = 0.15 * size * (seconds - role.middle)
        sway = 0.015 * math.sin(seconds * 0.8 + member.phase)
        return upright(x - math.sin(lean) * gone, y - math.cos(lean) * gone, unit_px, 1.0, lean + sway)

    flame = flame_light("eef6ff", "ff8a3a")
    jets = tuple(
        jet(flame, at, -8.0, wide, long, 0.0, roar)
        for at, wide, long in ((0.0, 3.0, 11.0), (-1.68, 2.2, 7.5), (1.68, 2.2, 7.5))
    )
    glow = round_shine(to_pixels(lamp_glow(32, from_hex("ffa860"))), 0.0, -8.5, 5.0, roar)
    return Machine(role.where, role.setting, cards, matrix, shines=(*jets, glow))
