"""What drives on roads: cars of all kinds, lorries, buses and motorcycles; and the car that needs no road."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from filmgate.animatic.colour import from_hex, mix, to_pixels
from filmgate.animatic.figures.craft import coachwork
from filmgate.animatic.figures.craft.coachwork import Model
from filmgate.animatic.figures.craft.craft import LAMP, TAIL, beam_light, lamp_glow, metre, paintbox, soft_shadow, wheel
from filmgate.animatic.figures.craft.machine import Machine, Shine, in_file, passing_speed, round_shine, steady, upright
from filmgate.animatic.figures.craft.plume import Plume, build_puffs, dust_colours
from filmgate.animatic.figures.cutout import Card, draw_cutout, turned
from filmgate.animatic.figures.role import Castings, Member, Role, one_by_one
from filmgate.animatic.raster import Matrix, place

SCALE = 0.74  # of true scale beside people, so that a whole car fits the frame
DUST: Mapping[str, str] = MappingProxyType({"desert": "d0a878", "snowfield": "f2f4f8"})
STROBE_HZ = 1.6
UNDERGLOW = "4ad8ff"


@dataclass(frozen=True, slots=True)
class Drive:
    """A drive past the spot: constant speed, the ground underfoot."""

    role: Role
    x: float
    facing: float
    speed: float  # pixels a second

    def distance(self, seconds: float) -> float:
        """Pixels since half-way through the clip."""
        return self.speed * (seconds - self.role.middle)

    def at(self, seconds: float) -> tuple[float, float]:
        x = self.x + self.facing * self.distance(seconds)
        return x, self.role.setting.foot(x)


def _drive(member: Member, model: Model) -> tuple[Drive, float]:
    """A member's drive and its pixels to the metre."""
    role = member.role
    unit_px = metre(role, SCALE * model.scale)
    x, share = in_file(member, model.length * unit_px)
    speed = passing_speed(role, model.pace * role.size, 0.85)
    return Drive(role, x, role.setting.heading, speed), unit_px * share


def _driving(build: Callable[[str], Model], usual: tuple[str, ...]) -> Callable[[Member], Machine]:
    """A builder of machines; `build` draws one in a colour, `usual` are the colours when none is asked for."""

    def machine(member: Member) -> Machine:
        return _machine(member, build(usual[(member.scheme + member.index) % len(usual)]))

    return machine


def _machine(member: Member, model: Model) -> Machine:
    role = member.role
    drive, unit_px = _drive(member, model)
    paint = paintbox(role, drive.facing)
    body = draw_cutout(model.pieces(paint, role.colour(model.colour)), paint.light, unit_px)
    wheels = [(x, radius, wheel(paint, radius, unit_px, model.spokes)) for x, radius in model.wheels]
    shadow = soft_shadow(model.length * 1.12, model.length * 0.11, 1.25 * role.setting.stage.shadow + 0.15)

    def cards(seconds: float) -> list[Card]:
        rolled = drive.distance(seconds) / unit_px
        bounce = 0.008 * math.sin(rolled * 1.9 + member.phase) + 0.005 * math.sin(rolled * 4.3)
        turning: list[Card] = [(own, turned(x, radius, -rolled / radius)) for x, radius, own in wheels]
        return [(shadow, place(0.0, 0.0)), (body, turned(0.0, bounce, 0.0012 * math.sin(rolled * 1.3))), *turning]

    def matrix(seconds: float) -> Matrix:
        return upright(*drive.at(seconds), unit_px, drive.facing)

    plumes = (_dust(role, drive, model, unit_px),) if role.brief.reading.scene in DUST else ()
    return Machine(role.where, role.setting, cards, matrix, plumes, (), _shines(model, paint.dark))


def _shines(model: Model, dark: bool) -> tuple[Shine, ...]:
    shines: list[Shine] = []
    if dark:
        beam = beam_light(LAMP * 0.55)
        x, y = model.headlamp
        long, high = 6.5 * model.beam, 2.2
        to_units = np.array([[long / 128, 0.0, x], [-0.35 * y / 128, -high / 64, y + high / 2]])
        shines.append(Shine(beam, to_units, steady(0.9)))
        shines.append(round_shine(to_pixels(lamp_glow(24, LAMP)), x, y, 0.8, steady(0.9)))
        shines.append(round_shine(to_pixels(lamp_glow(24, TAIL)), *model.tail_lamp, 0.7, steady(0.75)))
    for index, (x, y, colour) in enumerate(model.beacons):
        shines.append(round_shine(to_pixels(lamp_glow(24, from_hex(colour))), x, y, 1.3, _strobe(index)))
    if model.hovers:
        glow = to_pixels(lamp_glow(32, from_hex(UNDERGLOW)))
        flat = np.array([[model.length * 1.2 / 65, 0.0, -model.length * 0.6], [0.0, -1.3 / 65, 0.62]])
        shines.append(Shine(glow, flat, lambda seconds: 0.85 + 0.12 * math.sin(seconds * 2.1)))
    return tuple(shines)


def _strobe(index: int) -> Callable[[float], float]:
    def strength(seconds: float) -> float:
        beat = 0.5 + 0.5 * math.sin(2 * math.pi * STROBE_HZ * seconds + math.pi * index)
        return beat**3

    return strength


def _dust(role: Role, drive: Drive, model: Model, unit_px: float) -> Plume:
    palette, light = role.brief.palette, role.setting.light
    lit, shade = dust_colours(palette, from_hex(DUST[role.brief.reading.scene]))
    behind = model.wheels[0][0] - 0.3

    def source(seconds: float) -> tuple[float, float]:
        x, y = drive.at(seconds)
        return x + drive.facing * behind * unit_px, y - 0.22 * unit_px

    return Plume(
        build_puffs(role.rng, lit, mix(shade, lit, 0.3), light.towards),
        source,
        interval=0.10,
        life=1.7,
        size=1.9 * unit_px,
        drift=(0.0, -0.35 * unit_px),
        speed=(drive.facing * 0.35 * drive.speed, -0.3 * unit_px),
        strength=0.34,
    )


def _flying_car(member: Member) -> Machine:
    role = member.role
    model = coachwork.flying_car("3a7fd8" if member.scheme % 2 else "c8ccd4")
    x, y, size = member.in_formation()
    unit_px = size / 1.75 * 0.95
    facing = role.setting.heading
    paint = paintbox(role, facing)
    body = draw_cutout(model.pieces(paint, role.colour(model.colour)), paint.light, unit_px)
    speed = passing_speed(role, 1.4 * size, 0.6)

    def matrix(seconds: float) -> Matrix:
        gone = seconds - role.middle
        bob = 0.05 * size * math.sin(seconds * 1.2 + member.phase)
        return upright(x + facing * speed * gone, y + bob, unit_px, facing, 0.03 * math.sin(seconds * 0.9))

    def cards(_seconds: float) -> list[Card]:
        return [(body, place(0.0, 0.0))]

    return Machine(role.where, role.setting, cards, matrix, shines=_shines(model, paint.dark))


CASTINGS: Castings = MappingProxyType(
    {
        "car": one_by_one(_driving(coachwork.saloon, ("a8281f", "1f4f8a", "d9dce0", "2a3038", "b8862a", "3f6f5a"))),
        "sports_car": one_by_one(_driving(coachwork.sports_car, ("c4201a", "e8a81f", "2450b8"))),
        "suv": one_by_one(_driving(coachwork.off_roader, ("5a6848", "b8a27a", "7a2a22", "d8dade"))),
        "taxi": one_by_one(_driving(coachwork.taxi, ("f0b818",))),
        "police_car": one_by_one(_driving(coachwork.police_car, ("eef0f4",))),
        "vintage_car": one_by_one(_driving(coachwork.vintage_car, ("2f5a4a", "6a1f24", "23405f"))),
        "truck": one_by_one(_driving(coachwork.lorry, ("b83026", "2a5a9a", "e0e2e4"))),
        "bus": one_by_one(_driving(coachwork.bus, ("c4302a", "2f7a5a", "e8b030"))),
        "motorcycle": one_by_one(_driving(coachwork.motorcycle, ("a8201c", "20242c", "1f4f8a"))),
        "flying_car": one_by_one(_flying_car),
    }
)
