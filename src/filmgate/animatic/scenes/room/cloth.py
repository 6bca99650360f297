"""Curtains that breathe in the wind."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from filmgate.animatic.camera import View, plane_matrix
from filmgate.animatic.colour import mix, smoothstep, to_pixels
from filmgate.animatic.raster import Floats, Pixels, over, place, resize, sample, then
from filmgate.animatic.scenes.room.plan import WALL_DEPTH, Plan, Window

MARGIN = 0.07  # room units around the cloth into which it may sway
GRID = 24
CURTAINED = ("living", "bedroom", "kitchen")


@dataclass(frozen=True, slots=True, eq=False)
class Curtain:
    cloth: Pixels  # premultiplied RGBA
    sway_px: float
    phase: float
    left: float  # on screen, at rest
    top: float
    plan: Plan

    def paint(self, frame: Pixels, seconds: float, view: View) -> None:
        screen = plane_matrix(self.plan.canvas, self.plan.horizon, WALL_DEPTH, view)
        matrix = then(place(self.left, self.top), screen)
        size = float(matrix[0, 0])
        left, top = max(0, math.floor(matrix[0, 2])), max(0, math.floor(matrix[1, 2]))
        right = min(frame.shape[1], math.ceil(matrix[0, 2] + size * self.cloth.shape[1]))
        bottom = min(frame.shape[0], math.ceil(matrix[1, 2] + size * self.cloth.shape[0]))
        if right <= left or bottom <= top:
            return
        columns = (np.arange(left, right, dtype=np.float32) - np.float32(matrix[0, 2])) / np.float32(size)
        rows = (np.arange(top, bottom, dtype=np.float32) - np.float32(matrix[1, 2])) / np.float32(size)
        map_x = resize(self._sway(seconds), right - left, bottom - top) + columns[None, :]
        map_y = np.repeat(rows[:, None], right - left, 1)
        over(frame[top:bottom, left:right], sample(self.cloth, map_x, map_y, cv2.BORDER_CONSTANT))

    def _sway(self, seconds: float) -> Floats:
        """How far to the right each part of the cloth is read: nothing at the rod, most at the hem."""
        down = np.linspace(0, 1, GRID, dtype=np.float32)[:, None]
        across = np.linspace(0, 1, GRID, dtype=np.float32)[None, :]
        breath = 0.62 + 0.38 * math.sin(seconds * 0.43 + self.phase * 1.7)
        wave = np.sin(seconds * 1.15 - down * 2.6 + across * 1.2 + self.phase)
        ripple = 0.35 * np.sin(seconds * 2.05 - down * 5.2 + across * 3.1 + self.phase * 2)
        return (down**1.5 * (wave + ripple) * np.float32(self.sway_px * breath)).astype(np.float32)


def build_curtains(
    plan: Plan, colour: Floats, light: Floats, wind: float, rng: np.random.Generator
) -> tuple[Curtain, ...]:
    """A pair for every window of a room that has them. `colour` is lit already; `light` shines through the cloth."""
    pairs = plan.windows if plan.kind in CURTAINED else ()
    return tuple(_curtain(plan, window, side, (colour, light), wind, rng) for window in pairs for side in (-1, 1))


def _curtain(
    plan: Plan, window: Window, side: int, colours: tuple[Floats, Floats], wind: float, rng: np.random.Generator
) -> Curtain:
    unit, tied = plan.unit_px, plan.near or plan.kind in ("bedroom", "kitchen")
    wide = 0.215 * (window.right - window.left) + 0.04
    edge = window.left if side < 0 else window.right
    outer, inner = edge + side * 0.065, edge + side * 0.065 - side * wide
    left, right = min(outer, inner) - MARGIN, max(outer, inner) + MARGIN
    top, bottom = window.top + 0.035, (window.bottom + 0.012 if tied else 0.03)
    width, height = max(8, int((right - left) * unit)), max(8, int((top - bottom) * unit))
    x = np.linspace(left, right, width, dtype=np.float32)[None, :]
    y = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    # Gathered at two thirds of its height, it hangs wide above and falls straight below.
    gather = 1 - 0.40 * smoothstep(0.15, 0.62, y) + 0.16 * smoothstep(0.66, 1.0, y) if tied else 1 - 0.10 * y
    share = (x - outer) / (inner - outer) / gather
    cover = smoothstep(-0.004, 0.004, share * wide) * smoothstep(1.004, 0.99, share)
    folds = _folds(share, rng)
    shade = 0.66 + 0.42 * folds - 0.16 * smoothstep(0.0, 0.12, 0.12 - y)
    through = smoothstep(0.25, 1.0, share) * (0.35 + 0.65 * folds)
    picture = mix(
        colours[0] * shade[..., None], colours[1] * (0.55 + 0.45 * folds)[..., None], through[..., None] * 0.55
    )
    cloth = np.dstack([to_pixels(np.clip(picture, 0, 1) * cover[..., None]), to_pixels(cover)])
    screen_left, screen_top = plan.screen(left, top)
    return Curtain(
        cloth=np.ascontiguousarray(cloth),
        sway_px=min(0.045, 0.013 * (0.5 + wind)) * unit,
        phase=float(rng.uniform(0, 2 * math.pi)),
        left=screen_left,
        top=screen_top,
        plan=plan,
    )


def _folds(share: Floats, rng: np.random.Generator) -> Floats:
    """Pleats 0..1, their pitch uneven."""
    first, second = (float(rng.uniform(0, 2 * math.pi)) for _ in range(2))
    warped = share + 0.035 * np.sin(share * 9 + first)
    return np.clip(0.5 + 0.38 * np.sin(warped * 34 + first) + 0.16 * np.sin(warped * 79 + second), 0, 1)
