"""What people build and leave standing: a lighthouse with its beam, a tent."""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from filmgate.animatic.colour import to_pixels
from filmgate.animatic.figures import craft
from filmgate.animatic.figures.actors import Mover, soft_disc
from filmgate.animatic.figures.puppet import Shape, paint, standing
from filmgate.animatic.figures.role import Castings, Member, one_by_one
from filmgate.animatic.figures.stage import Setting
from filmgate.animatic.raster import Matrix, Pixels, apply, resize, screen, then, tint
from filmgate.animatic.scene import START_SECONDS, Moment

LAMP_HEIGHT = 0.845  # of a lighthouse


@dataclass(frozen=True, slots=True, eq=False)
class Lighthouse:
    """A tower; after dark its lamp turns."""

    where: str
    setting: Setting
    shapes: list[Shape]
    place: Matrix

    def paint(self, target: Pixels, moment: Moment) -> None:
        own = then(self.place, self.setting.screen(moment.view))
        if self.setting.dark:
            _paint_beam(target, own, moment.seconds - START_SECONDS)
        paint(target, self.shapes, own, self.setting.light)


def _lighthouse(member: Member) -> Lighthouse:
    role = member.role
    place = standing(member.x, role.y, role.size * 1.9)
    return Lighthouse(role.where, role.setting, craft.lighthouse_shapes(role.setting.dark), place)


def _tent(member: Member) -> Mover:
    role = member.role
    size, lit = role.size * 0.72, role.setting.dark
    place = standing(member.x, role.setting.foot(member.x), size)
    shadow = soft_disc(role.setting.stage.shadow)

    def shapes(seconds: float) -> list[Shape]:
        return craft.tent_shapes(seconds, lit)

    return Mover(role.where, role.setting, shapes, lambda _: place, shadow, size * 1.2)


def _paint_beam(target: Pixels, matrix: Matrix, seconds: float) -> None:
    """Two opposite beams that sweep around the lamp of a lighthouse, drawn at a quarter of the size."""
    lamp = apply(matrix, np.array([[0.0, LAMP_HEIGHT]]))[0]
    height, width = target.shape[:2]
    rows, columns = np.mgrid[0 : max(1, height // 4), 0 : max(1, width // 4)].astype(np.float32)
    x, y = columns * 4 - np.float32(lamp[0]), rows * 4 - np.float32(lamp[1])
    size = abs(float(matrix[1, 1]))
    angle = seconds * 1.15 + 0.6
    light = np.zeros_like(x)
    for turn in (0.0, math.pi):
        forward, drop = math.cos(angle + turn), 0.055 * math.sin(angle + turn)
        length = math.hypot(forward, drop) + 1e-4
        along = (x * forward + y * drop) / length
        across = np.abs(x * drop - y * forward) / length
        width_here = np.maximum(1.0, 2 + along * 0.075 * (0.5 + 0.5 * abs(forward)))
        shaft = (
            np.exp(-((across / width_here) ** 2) * 1.6) * np.exp(-along / (width * 0.55)) * (0.18 + 0.62 * abs(forward))
        )
        light += np.where(along > 0, shaft, 0)
    flash = math.exp(-((math.cos(angle) / 0.16) ** 2))
    distance = np.hypot(x, y) / max(1.0, size)
    light += np.exp(-distance * 16) * (0.9 + flash) + np.exp(-distance * 3.2) * (0.12 + 0.30 * flash)
    mask = resize(to_pixels(np.clip(light, 0, 1)), width, height)
    screen(target, tint(mask, np.array([1.0, 0.93, 0.74], np.float32)))


CASTINGS: Castings = MappingProxyType({"lighthouse": one_by_one(_lighthouse), "tent": one_by_one(_tent)})
