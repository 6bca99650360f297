"""What floats: it rocks on the waves, mirrors in the water and draws a wake."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from filmgate.animatic.colour import from_hex, mix, smoothstep, to_pixels
from filmgate.animatic.figures.craft.craft import Paintbox, lamp_glow, paintbox
from filmgate.animatic.figures.craft.hulls import awning_boat, raft, rowing_boat, sailboat, ship
from filmgate.animatic.figures.craft.machine import (
    Machine,
    Shine,
    mirrored_in_water,
    passing_speed,
    rippled,
    round_shine,
    upright,
)
from filmgate.animatic.figures.craft.plume import Plume, build_puffs, steam_colours
from filmgate.animatic.figures.craft.submarine import submarine
from filmgate.animatic.figures.cutout import Card, Cutout, Piece, draw_cutout, turned
from filmgate.animatic.figures.role import Castings, Member, Role, one_by_one
from filmgate.animatic.raster import Floats, Matrix, place

WAKE_ART = (40, 192)


BEHIND = 0.16  # how much smaller each further one of several is


@dataclass(frozen=True, slots=True)
class Vessel:
    """A boat in metres, its waterline at 0; `height` is `share` of a person's height on the screen."""

    build: Callable[[Paintbox, Floats], list[Piece]]
    colour: str
    length: float
    height: float
    share: float
    pace: float  # person heights a second
    heel: float = 0.02  # radians of roll
    smokes: tuple[float, float] | None = None  # its funnel
    lantern: tuple[float, float] | None = None


def _wake(role: Role, length: float) -> Cutout:
    """Foam at the bow and a fading band of it behind, as seen from low over the water."""
    rows, columns = WAKE_ART
    along = np.linspace(-1.7, 0.56, columns, dtype=np.float32)[None]  # hull lengths from its middle, forward
    across = np.linspace(-1, 1, rows, dtype=np.float32)[:, None]
    behind = np.clip(0.50 - along, 0, None)
    arm = 0.10 + 0.36 * behind
    line = np.exp(-(((np.abs(across) - arm) / (0.05 + 0.05 * behind)) ** 2)) * np.exp(-behind * 1.3) * 0.7
    churn = np.exp(-((across / 0.22) ** 2)) * np.asarray(smoothstep(0.55, 0.8, behind)) * np.exp(-behind * 1.1) * 0.55
    skirt = np.exp(-((across / 0.16) ** 2)) * np.clip((0.25 - np.abs(along) ** 4 * 4), 0, 1) * 1.6
    edge = (
        np.clip((along + 1.7) * 2.2, 0, 1)
        * np.clip((0.56 - along) * 16, 0, 1)
        * np.clip((1 - np.abs(across)) * 5, 0, 1)
    )
    cover = np.clip(line + churn + skirt, 0, 0.75) * edge
    palette = role.brief.palette
    white = np.clip(mix(palette.haze, palette.light, 0.35) * (0.75 if palette.dark else 1.05), 0, 1)
    step_x, high = 2.26 * length / columns, 0.13 * length
    pixels = np.dstack([to_pixels(cover[..., None] * white), to_pixels(cover)])
    return Cutout(pixels, np.array([[step_x, 0.0, -1.7 * length], [0.0, -high / rows, high * 0.42]]))


def _afloat(vessel: Vessel) -> Callable[[Member], Machine]:
    def build(member: Member) -> Machine:
        role = member.role
        unit_px = role.size * vessel.share / vessel.height * (1 - BEHIND * min(3, member.index))
        unit_px = min(unit_px, 0.72 * role.canvas.width / vessel.length)
        facing = role.setting.heading
        paint = paintbox(role, facing)
        art = draw_cutout(vessel.build(paint, role.colour(vessel.colour)), paint.light, unit_px)
        wet = role.where == "water"
        mirror, wake = (mirrored_in_water(art), _wake(role, vessel.length)) if wet else (None, None)
        speed = passing_speed(role, vessel.pace * role.size, 0.5)
        row = role.y if wet else role.setting.foot(member.x)

        def at(seconds: float) -> tuple[float, float]:
            return member.x + facing * speed * (seconds - role.middle) * (1.0 if wet else 0.0), row

        def cards(seconds: float) -> list[Card]:
            if mirror is None or wake is None:
                return [(art, place(0.0, 0.0))]
            bob = 0.010 * vessel.length * math.sin(seconds * 1.3 + member.phase)
            roll = vessel.heel * (math.sin(seconds * 0.9 + member.phase) + 0.4 * math.sin(seconds * 1.7))
            shown = rippled(mirror, seconds, vessel.length)
            return [(shown, turned(0.0, 0.0, -0.5 * roll)), (wake, place(0.0, 0.0)), (art, turned(0.0, bob, roll))]

        def matrix(seconds: float) -> Matrix:
            return upright(*at(seconds), unit_px, facing)

        plumes = (_funnel_smoke(role, vessel.smokes, at, unit_px, facing),) if vessel.smokes else ()
        lights = (_lantern(vessel.lantern),) if vessel.lantern and paint.dark else ()
        return Machine(role.where, role.setting, cards, matrix, plumes, (), lights)

    return build


def _lantern(at: tuple[float, float]) -> Shine:
    return round_shine(
        to_pixels(lamp_glow(24, from_hex("ff9a4a"))), *at, 1.4, lambda seconds: 0.85 + 0.08 * math.sin(seconds * 5.3)
    )


def _funnel_smoke(
    role: Role, funnel: tuple[float, float], at: Callable[[float], tuple[float, float]], unit_px: float, facing: float
) -> Plume:
    lit, shade = steam_colours(role.brief.palette)
    grey = build_puffs(role.rng, lit * 0.72, shade * 0.55, role.setting.light.towards)

    def source(seconds: float) -> tuple[float, float]:
        x, y = at(seconds)
        return x + facing * funnel[0] * unit_px, y - funnel[1] * unit_px

    wind = role.brief.reading.wind
    return Plume(
        grey,
        source,
        0.30,
        4.5,
        9.0 * unit_px,
        (-facing * 3.0 * unit_px * wind, -0.9 * unit_px),
        (0.0, -4.0 * unit_px),
        0.8,
        0.42,
    )


VESSELS = {
    "sailboat": Vessel(sailboat, "f4ead2", 10.0, 11.0, 1.10, 0.10, heel=0.028),
    "ship": Vessel(ship, "27384a", 61.0, 23.0, 0.62, 0.09, heel=0.004, smokes=(-21.8, 22.2)),
    "rowboat": Vessel(rowing_boat, "6a4428", 6.0, 2.3, 0.74, 0.09),
    "awning_boat": Vessel(awning_boat, "2a2420", 9.0, 2.5, 0.70, 0.08, lantern=(2.6, 1.22)),
    "raft": Vessel(raft, "a8a05a", 7.2, 2.2, 0.70, 0.10),
}


CASTINGS: Castings = MappingProxyType(
    {**{kind: one_by_one(_afloat(vessel)) for kind, vessel in VESSELS.items()}, "submarine": one_by_one(submarine)}
)
