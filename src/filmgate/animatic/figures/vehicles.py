"""What carries people over land and water and through the air: each kind's path is a closed formula of time."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType

from filmgate.animatic.figures import craft
from filmgate.animatic.figures.actors import Mover, soft_disc, still
from filmgate.animatic.figures.puppet import Shape, standing
from filmgate.animatic.figures.role import Castings, Member, one_by_one
from filmgate.animatic.raster import Matrix


def _sailboat(member: Member) -> Mover:
    role = member.role
    return _afloat(member, role.size * 1.05 * (1 - 0.12 * member.index), craft.sailboat_shapes)


def _ship(member: Member) -> Mover:
    role = member.role
    return _afloat(member, role.size * 0.75 * (1 - 0.12 * member.index), still(craft.ship_shapes(role.setting.dark)))


def _afloat(member: Member, size: float, shapes: Callable[[float], list[Shape]]) -> Mover:
    role = member.role

    def sail(seconds: float) -> Matrix:
        along = member.facing * 0.055 * size * (seconds - role.middle)
        bob, lean = 0.012 * math.sin(seconds * 1.5 + member.phase), 0.030 * math.sin(seconds * 1.1 + member.phase)
        return standing(member.x + along, role.y + bob * size, size, member.facing, lean)

    return Mover(role.where, role.setting, shapes, sail, mirrored=role.where == "water")


def _car(member: Member) -> Mover:
    role = member.role
    size, canvas = role.size * 0.62, role.canvas
    colour = role.colour(craft.CAR_COLOURS[member.scheme % len(craft.CAR_COLOURS)])
    speed = min(1.6 * size, 0.75 * canvas.width / max(1.0, role.brief.duration_seconds))

    def drive(seconds: float) -> Matrix:
        x = member.x + member.facing * speed * (seconds - role.middle)
        return standing(x, role.setting.foot(x) + 0.006 * size * math.sin(seconds * 19), size, member.facing)

    def shapes(seconds: float) -> list[Shape]:
        return craft.car_shapes(speed * (seconds - role.middle) / size, colour, role.setting.dark)

    shadow = soft_disc(role.setting.stage.shadow * 1.2)
    return Mover(role.where, role.setting, shapes, drive, shadow, size * 1.9)


def _balloon(member: Member) -> Mover:
    role = member.role
    x, y, size = member.in_formation()
    scheme = member.scheme + member.index

    def rise(seconds: float) -> Matrix:
        left = x + 0.05 * size * (seconds - role.middle) + 0.012 * size * math.sin(seconds * 0.7 + member.phase)
        top = (
            y
            + size * 0.8
            - 0.028 * size * (seconds - role.middle)
            + 0.01 * size * math.sin(seconds * 0.5 + member.phase)
        )
        return standing(left, top, size * 1.6, 1.0, 0.02 * math.sin(seconds * 0.6 + member.phase))

    glowing = replace(role.setting, light=replace(role.setting.light, backlight=0.30))  # light shines through the silk
    return Mover(role.where, glowing, lambda seconds: craft.balloon_shapes(scheme, seconds + member.phase), rise)


def _rocket(member: Member) -> Mover:
    role = member.role
    x, y, size = member.in_formation()

    def launch(seconds: float) -> Matrix:
        climb = 0.16 * size * (seconds - role.middle)
        return standing(x + 0.55 * climb * member.facing, y + 0.6 * size - climb, size * 1.3, 1.0, 0.45 * member.facing)

    return Mover(role.where, role.setting, craft.rocket_shapes, launch)


def _plane(member: Member) -> Mover:
    role = member.role
    x, y, size = member.in_formation()
    canvas, duration = role.canvas, max(2.0, role.brief.duration_seconds)

    def fly(seconds: float) -> Matrix:
        share = (seconds - role.middle) / duration
        left, top = x + member.facing * 0.42 * canvas.width * share, y - 0.04 * canvas.base * share
        return standing(
            left, top, size * 0.55, member.facing, -0.05 * member.facing + 0.01 * math.sin(seconds + member.phase)
        )

    return Mover(role.where, role.setting, still(craft.plane_shapes()), fly)


CASTINGS: Castings = MappingProxyType(
    {
        "sailboat": one_by_one(_sailboat),
        "ship": one_by_one(_ship),
        "car": one_by_one(_car),
        "balloon": one_by_one(_balloon),
        "rocket": one_by_one(_rocket),
        "plane": one_by_one(_plane),
    }
)
