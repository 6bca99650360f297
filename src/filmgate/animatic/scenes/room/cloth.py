"""Curtains that breathe in the wind."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from filmgate.animatic.camera import View, plane_matrix
from filmgate.animatic.colour import mix, smoothstep, to_pixels
from filmgate.animatic.raster import Canvas, Floats, Pixels, paste, place, resize, sample, then
from filmgate.animatic.scenes.room.plan import WALL_DEPTH, Plan, Window

MARGIN = 0.07  # room units around the cloth into which it may sway
GRID = 24


@dataclass(frozen=True, slots=True, eq=False)
class Curtain:
    cloth: Pixels  # premultiplied RGBA
    columns: Floats
    rows: Floats
    sway_px: float
    phase: float
    left: float
    top: float
    plan: Plan

    def paint(self, frame: Pixels, seconds: float, view: View) -> None:
        height, width = self.cloth.shape[:2]
        down = np.linspace(0, 1, GRID, dtype=np.float32)[:, None]
        across = np.linspace(0, 1, GRID, dtype=np.float32)[None, :]
        breath = 0.62 + 0.38 * math.sin(seconds * 0.43 + self.phase * 1.7)
        wave = np.sin(seconds * 1.15 - down * 2.6 + across * 1.2 + self.phase)
        ripple = 0.35 * np.sin(seconds * 2.05 - down * 5.2 + across * 3.1 + self.phase * 2)
        shift = (down**1.5 * (wave + ripple) * np.float32(self.sway_px * breath)).astype(np.float32)
        swayed = sample(self.cloth, self.columns + resize(shift, width, height), self.rows)
        canvas: Canvas = self.plan.canvas
        matrix = then(place(self.left, self.top), plane_matrix(canvas, self.plan.horizon, WALL_DEPTH, view))
        paste(frame, swayed, matrix)


def build_curtains(plan: Plan, colour: Floats, light: Floats, wind: float, rng: np.random.Generator) -> tuple[Curtain, ...]:
    """A pair for every window that is not an arch. `colour` is lit already; `light` shines through the cloth."""
    pairs = [window for window in plan.windows if window.arch == 0.0 and plan.kind not in ("cafe", "office")]
    return tuple(
        _curtain(plan, window, side, (colour, light), wind, rng) for window in pairs for side in (-1, 1)
    )


def _curtain(
    plan: Plan, window: Window, side: int, colours: tuple[Floats, Floats], wind: float, rng: np.random.Generator
) -> Curtain:
    unit = plan.unit_px
    wide = 0.30 * (window.right - window.left) + 0.03
    edge = window.left if side < 0 else window.right
    outer, inner = edge + side * 0.065, edge + side * 0.065 - side * wide
    left, right = min(outer, inner) - MARGIN, max(outer, inner) + MARGIN
    top, bottom = window.top + 0.035, (window.bottom + 0.012 if plan.near else 0.03)
    width, height = max(8, int((right - left) * unit)), max(8, int((top - bottom) * unit))
    x = np.linspace(left, right, width, dtype=np.float32)[None, :]
    y = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    # Gathered at two thirds of its height, it hangs wide above and falls straight below.
    gather = 1 - 0.42 * np.exp(-(((y - 0.66) / 0.22) ** 2)) if plan.near or plan.kind == "bedroom" else 1 - 0.10 * y
    share = (x - outer) / (inner - outer) / gather
    cover = smoothstep(-0.004, 0.004, share * wide) * smoothstep(1.004, 0.99, share)
    folds = _folds(share, rng)
    shade = 0.66 + 0.42 * folds - 0.16 * smoothstep(0.0, 0.12, 0.12 - y)
    through = smoothstep(0.25, 1.0, share) * (0.35 + 0.65 * folds)
    picture = mix(colours[0] * shade[..., None], colours[1] * (0.55 + 0.45 * folds)[..., None], through[..., None] * 0.55)
    cloth = np.dstack([to_pixels(np.clip(picture, 0, 1) * cover[..., None]), to_pixels(cover)])
    columns, rows = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    screen_left, screen_top = plan.screen(left, top)
    return Curtain(
        cloth=np.ascontiguousarray(cloth),
        columns=columns,
        rows=rows,
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
