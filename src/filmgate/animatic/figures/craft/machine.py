"""Machines: cut-outs that move on closed paths, with the light they throw and the smoke or spray they leave behind."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from filmgate.animatic.figures.craft.plume import Plume
from filmgate.animatic.figures.cutout import Cutout, paint_cards
from filmgate.animatic.figures.role import Member, Role
from filmgate.animatic.figures.stage import Setting
from filmgate.animatic.figures.wildlife.troupe import Cards
from filmgate.animatic.raster import Matrix, Pixels, paste_light, resize, sample, then
from filmgate.animatic.scene import START_SECONDS, Moment

MIRROR_SQUASH = 0.72  # how much shorter a reflection is than what it mirrors
MIRROR_STRENGTH = 0.55
SLOWEST_CLIP = 2.0  # seconds: in shorter clips things pass as if it were that long


@dataclass(frozen=True, slots=True, eq=False)
class Shine:
    """A picture of light, and where it falls: units of the machine from its pixels."""

    picture: Pixels
    to_units: Matrix
    strength: Callable[[float], float]


@dataclass(frozen=True, slots=True, eq=False)
class Machine:
    """One vehicle or building. `matrix` is canvas from its units."""

    where: str
    setting: Setting
    cards: Cards
    matrix: Callable[[float], Matrix]
    behind: tuple[Plume, ...] = ()
    before: tuple[Plume, ...] = ()
    shines: tuple[Shine, ...] = ()

    def paint(self, target: Pixels, moment: Moment) -> None:
        seconds = moment.seconds - START_SECONDS
        view = self.setting.screen(moment.view)
        own = then(self.matrix(seconds), view)
        for plume in self.behind:
            plume.paint(target, seconds, view)
        paint_cards(target, self.cards(seconds), own)
        for plume in self.before:
            plume.paint(target, seconds, view)
        for shine in self.shines:
            paste_light(target, shine.picture, then(shine.to_units, own), shine.strength(seconds))


def steady(strength: float) -> Callable[[float], float]:
    def same(_seconds: float) -> float:
        return strength

    return same


def round_shine(light: Pixels, x: float, y: float, radius: float, strength: Callable[[float], float]) -> Shine:
    """A round glow, `radius` units wide."""
    step = 2 * radius / light.shape[1]
    return Shine(light, np.array([[step, 0.0, x - radius], [0.0, -step, y + radius]]), strength)


def upright(x: float, y: float, unit_px: float, facing: float = 1.0, lean: float = 0.0) -> Matrix:
    """Canvas from units: the origin at (x, y); `lean` lifts its nose, in radians."""
    cosine, sine = np.cos(lean) * unit_px, np.sin(lean) * unit_px
    return np.array([[cosine * facing, -sine * facing, x], [-sine, -cosine, y]])


def passing_speed(role: Role, usual: float, widths: float) -> float:
    """Pixels a second: `usual`, or what takes it over `widths` frame widths in the clip, if that is less."""
    return min(usual, widths * role.canvas.width / max(SLOWEST_CLIP, role.brief.duration_seconds))


def in_file(member: Member, length_px: float) -> tuple[float, float]:
    """The place of one of several that drive behind each other, and its share of full size, so that they have room."""
    role, count = member.role, member.role.subject.count
    share = min(
        1.0, 0.95 * role.canvas.width / (length_px * 1.25), 1.5 * role.canvas.width / (length_px * 1.25 * count)
    )
    offset = (member.index - (count - 1) / 2) * 1.25 * length_px * share
    return role.setting.spot.x * role.canvas.width - role.setting.heading * offset, share


def mirrored_in_water(cutout: Cutout, waterline: float = 0.0) -> Cutout:
    """What still water shows of a thing that floats: upside down, squat, weaker the further from it."""
    height, width = cutout.pixels.shape[:2]
    kept = int(np.clip((waterline - cutout.to_units[1, 2]) / cutout.to_units[1, 1], 1, height))
    above = cutout.pixels[:kept]
    small = resize(np.ascontiguousarray(above[::-1]), width, max(1, round(kept * MIRROR_SQUASH)))
    fade = np.linspace(MIRROR_STRENGTH, 0.0, small.shape[0], dtype=np.float32)[:, None]
    pixels = (small * fade[..., None]).astype(np.uint8)
    to_units = cutout.to_units.copy()
    to_units[1, 2] = waterline
    margin = max(2, width // 40)
    padded = np.asarray(cv2.copyMakeBorder(pixels, 0, 0, margin, margin, cv2.BORDER_CONSTANT), np.uint8)
    to_units[0, 2] -= margin * to_units[0, 0]
    return Cutout(padded, to_units)


def rippled(reflection: Cutout, seconds: float, unit: float) -> Cutout:
    """A reflection as small waves move it; `unit` is the length of the thing."""
    height, width = reflection.pixels.shape[:2]
    depth = np.linspace(0, height * reflection.to_units[0, 0] / unit, height, dtype=np.float32)[:, None]
    shift = np.sin(depth * 90 - seconds * 3.2) * 0.45 + np.sin(depth * 47 + seconds * 1.9) * 0.55
    aside = 0.012 * unit / reflection.to_units[0, 0] * shift * np.clip(depth * 14, 0, 1)
    map_x = (np.arange(width, dtype=np.float32)[None] - aside).astype(np.float32)
    map_y = np.repeat(np.arange(height, dtype=np.float32)[:, None], width, 1)
    return Cutout(sample(reflection.pixels, map_x, map_y, cv2.BORDER_CONSTANT), reflection.to_units)


def double_flash(period: float, phase: float) -> Callable[[float], float]:
    """The flash of a warning lamp, twice in quick succession every `period` seconds."""

    def strength(seconds: float) -> float:
        turn = (seconds / period + phase) % 1.0
        return math.exp(-(((turn - 0.1) / 0.035) ** 2)) + 0.8 * math.exp(-(((turn - 0.24) / 0.035) ** 2))

    return strength
