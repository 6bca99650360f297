"""Plants that stand where they are rooted: one painting each, bent by the wind, its leaves stirring by themselves."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from filmgate.animatic.figures.actors import lay_shadow, shadow_matrix, soft_disc
from filmgate.animatic.figures.cutout import Cutout
from filmgate.animatic.figures.puppet import standing
from filmgate.animatic.figures.role import Member
from filmgate.animatic.figures.stage import Setting
from filmgate.animatic.raster import Floats, Matrix, Pixels, Points, apply, fill_all, over, place, resize, sample, then
from filmgate.animatic.scene import START_SECONDS, Moment

GRID = 16  # pixels between the points whose displacement is worked out
LEAST_WIND, MOST_WIND = 0.25, 2.2


@dataclass(frozen=True, slots=True)
class Pliancy:
    """How a plant gives way, in its own heights: the whole of it at the top, and single leaves anywhere."""

    bend: float = 0.022
    rustle: float = 0.004
    stiff_below: float = 0.0  # the part from the ground up that does not bend
    pace: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Shed:
    """Petals or leaves that come off a crown and tumble to the ground. Lengths in heights of the plant."""

    starts: Points  # (n, 2)
    phases: Floats
    tones: tuple[Floats, ...]  # lit
    size: float
    fall: float = 0.16  # a second; what is light rises, and is below 0
    drift: float = 0.12

    def paint(self, target: Pixels, seconds: float, matrix: Matrix, wind: float) -> None:
        travel = self.starts[:, 1] / abs(self.fall)
        age = np.mod(seconds + self.phases * 5, travel)
        x = self.starts[:, 0] + self.drift * wind * age + 0.03 * np.sin(age * 2.2 + self.phases * 7)
        y = self.starts[:, 1] - self.fall * age + 0.012 * np.sin(age * 4.1 + self.phases * 3)
        spin, roll = age * 3.0 + self.phases * 6, np.sin(age * 2.6 + self.phases * 11)
        size = self.size * np.minimum(1, np.minimum(age * 3, (travel - age) * 3))
        along = np.stack([np.cos(spin), np.sin(spin)], 1) * size[:, None]
        across = np.stack([-np.sin(spin), np.cos(spin)], 1) * (size * 0.55 * roll)[:, None]
        middle = np.stack([x, y], 1)
        corners = np.stack([middle - along, middle + across, middle + along, middle - across], 1)
        placed = apply(matrix, corners.reshape(-1, 2)).reshape(corners.shape)
        for index, tone in enumerate(self.tones):
            fill_all(target, list(placed[index :: len(self.tones)]), tone)


@dataclass(frozen=True, slots=True, eq=False)
class Plant:
    """Units of the cut-out are the plant's height, its root at the origin."""

    where: str
    setting: Setting
    cutout: Cutout
    pliancy: Pliancy
    x: float
    y: float
    height_px: float
    phase: float
    wind: float
    shadow: Pixels | None
    shadow_reach: float  # heights
    shed: Shed | None = None

    def paint(self, target: Pixels, moment: Moment) -> None:
        seconds = moment.seconds - START_SECONDS
        view = self.setting.screen(moment.view)
        matrix = then(standing(self.x, self.y, self.height_px), view)
        if self.shadow is not None:
            lay_shadow(
                target, self.shadow, then(shadow_matrix(self.x, self.y, self.height_px * self.shadow_reach), view)
            )
        stir(target, self.cutout, matrix, self.pliancy, seconds + 5 * self.phase, self.wind)
        if self.shed is not None:
            self.shed.paint(target, seconds, matrix, self.wind)


def build_plant(
    member: Member,
    cutout: Cutout,
    height_px: float,
    pliancy: Pliancy,
    *,
    shadow_reach: float = 0.3,
    shed: Shed | None = None,
) -> Plant:
    role = member.role
    afloat = role.where in ("water", "air")
    return Plant(
        where=role.where,
        setting=role.setting,
        cutout=trimmed(cutout),
        pliancy=pliancy,
        x=member.x,
        y=role.y if afloat else role.setting.foot(member.x),
        height_px=height_px,
        phase=member.phase,
        wind=min(MOST_WIND, max(LEAST_WIND, role.brief.reading.wind)),
        shadow=None if afloat else soft_disc(role.setting.stage.shadow),
        shadow_reach=shadow_reach,
        shed=shed,
    )


def trimmed(cutout: Cutout) -> Cutout:
    """Without the empty margins, which would cost time in every frame."""
    columns, rows = (np.flatnonzero(cutout.pixels[..., 3].max(axis)) for axis in (0, 1))
    if not len(columns):
        return cutout
    left, top = max(0, int(columns[0]) - 1), max(0, int(rows[0]) - 1)
    pixels = np.ascontiguousarray(cutout.pixels[top : rows[-1] + 2, left : columns[-1] + 2])
    return Cutout(pixels, then(place(left, top), cutout.to_units))


def stir(target: Pixels, cutout: Cutout, matrix: Matrix, pliancy: Pliancy, seconds: float, wind: float) -> None:
    """Composite a cut-out, bent and rustling; `matrix`, canvas from units, may not turn it."""
    whole = then(cutout.to_units, matrix)
    height, width = cutout.pixels.shape[:2]
    grow_x, grow_y, from_x, from_y = (float(whole[index]) for index in ((0, 0), (1, 1), (0, 2), (1, 2)))
    unit_px = abs(float(matrix[1, 1]))
    gust = math.sin(seconds * 0.8 * pliancy.pace) + 0.5 * math.sin(seconds * 1.7 * pliancy.pace + 1.3)
    reach = pliancy.bend * wind * unit_px
    room = math.ceil(1.6 * abs(reach) + pliancy.rustle * wind * unit_px) + 2
    left, right = max(0, math.floor(from_x) - room), min(target.shape[1], math.ceil(from_x + width * grow_x) + room)
    top, bottom = max(0, math.floor(from_y) - 2), min(target.shape[0], math.ceil(from_y + height * grow_y) + 2)
    if right - left < 2 or bottom - top < 2:
        return
    # A cell more on every side: cv2.resize puts values in the middle of cells, and repeats them beyond.
    columns, rows = (math.ceil((end - start) / GRID) + 2 for start, end in ((left, right), (top, bottom)))
    x = (np.arange(columns, dtype=np.float32) * GRID + np.float32(left - GRID / 2 - 0.5))[None, :]
    y = (np.arange(rows, dtype=np.float32) * GRID + np.float32(top - GRID / 2 - 0.5))[:, None]
    foot = float(matrix[1, 2])
    up = np.clip((foot - y) / np.float32(unit_px) - pliancy.stiff_below, 0, None)
    across = (x - np.float32(matrix[0, 2])) / np.float32(unit_px)
    pace = seconds * pliancy.pace
    stir = np.sin(9 * across + 5 * up - 2.6 * pace) + 0.6 * np.sin(23 * across - 17 * up - 4.3 * pace)
    rustle = pliancy.rustle * wind * unit_px * np.minimum(1, up * 4)
    aside = (reach * (0.35 + 0.65 * gust)) * up**1.6 + rustle * stir
    lift = 0.6 * rustle * np.sin(13 * across - 8 * up - 3.3 * pace + 1)
    map_x, map_y = (
        resize(field.astype(np.float32), columns * GRID, rows * GRID)[GRID:, GRID:][: bottom - top, : right - left]
        for field in ((x - from_x - aside) / grow_x, (y - from_y - lift) / grow_y)
    )
    over(target[top:bottom, left:right], sample(cutout.pixels, map_x, map_y, cv2.BORDER_CONSTANT))
