"""Fire: a fireplace whose flames lick and whose light flickers, and the flames of candles."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from filmgate.animatic.camera import View, plane_matrix
from filmgate.animatic.colour import from_hex, mix, to_pixels
from filmgate.animatic.noise import spectral
from filmgate.animatic.raster import Floats, Pixels, lookup, paste_light, place, sample, then, triple
from filmgate.animatic.scenes.room import furniture
from filmgate.animatic.scenes.room.panel import Lamp, Panel, disc, rectangle, rounded
from filmgate.animatic.scenes.room.plan import WALL_DEPTH, Plan
from filmgate.animatic.scenes.room.tones import Tones

FLAME_ROWS, FLAME_COLUMNS = 72, 64
FLAME_TILE = 128
OPENING_HALF, OPENING_TOP = 0.125, 0.20
FIRELIGHT = np.array([1.0, 0.50, 0.18], np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Flames:
    """Heat that rises through noise; sharp tongues above, a bed of glow below."""

    noise: Floats  # wraps around, one row and column to spare
    body: Floats
    roughness: Floats
    columns: Floats
    rows: Floats
    colours: Pixels
    x: float  # middle of the foot on screen
    y: float
    pixels_per_cell: float
    plan: Plan

    def paint(self, frame: Pixels, seconds: float, view: View) -> None:
        sway = np.float32(2.4 * math.sin(seconds * 1.3)) * (1 - self.rows / FLAME_ROWS)
        slow = self._noise(self.columns + sway, self.rows * 0.8 + np.float32(seconds * 46))
        fast = self._noise(self.columns * 1.7 + 31, self.rows * 1.3 + np.float32(seconds * 83))
        heat = self.body - self.roughness * (0.62 * slow + 0.38 * fast)
        level = np.clip(heat * 255, 0, 255).astype(np.uint8)
        matrix = np.array(
            [
                [self.pixels_per_cell, 0.0, self.x - self.pixels_per_cell * FLAME_COLUMNS / 2],
                [0.0, self.pixels_per_cell, self.y - self.pixels_per_cell * FLAME_ROWS],
            ]
        )
        screen = plane_matrix(self.plan.canvas, self.plan.horizon, WALL_DEPTH, view)
        paste_light(frame, lookup(triple(level), self.colours), then(matrix, screen))

    def _noise(self, columns: Floats, rows: Floats) -> Floats:
        map_x = np.mod(columns, FLAME_TILE).astype(np.float32)
        return sample(self.noise, map_x, np.mod(rows, FLAME_TILE).astype(np.float32))


@dataclass(frozen=True, slots=True, eq=False)
class Candles:
    """One small flame each, bending a little."""

    flame: Pixels
    places: tuple[tuple[float, float, float], ...]  # on screen, and a phase
    plan: Plan

    def paint(self, frame: Pixels, seconds: float, view: View) -> None:
        screen = plane_matrix(self.plan.canvas, self.plan.horizon, WALL_DEPTH, view)
        pivot = (self.flame.shape[1] / 2, self.flame.shape[0] * 0.72)
        for x, y, phase in self.places:
            lean = 0.07 * math.sin(seconds * 2.1 + phase) + 0.04 * math.sin(seconds * 4.7 + phase * 2)
            size = 1 + 0.06 * math.sin(seconds * 3.3 + phase * 3)
            paste_light(
                frame, self.flame, then(place(x, y, size, lean, pivot), screen), 0.9 + 0.1 * flicker(seconds + phase)
            )


def flicker(seconds: float) -> float:
    """The light of a fire, about 0.75..1.15: a few slow waves that never meet."""
    return (
        0.95
        + 0.09 * math.sin(seconds * 2.3)
        + 0.06 * math.sin(seconds * 5.1 + 1.3)
        + 0.04 * math.sin(seconds * 8.7 + 0.4)
    )


def hearth_place(plan: Plan) -> float:
    """Where the fireplace stands: beside the windows, on the sunny side."""
    side, window = plan.light_side, plan.windows[-1 if plan.light_side > 0 else 0]
    start = window.right if side > 0 else -window.left
    return side * min(start + 0.30, max(start * 0.6, plan.half_width - 0.16))


def build_surround(panel: Panel, plan: Plan, tones: Tones) -> None:
    """Chimney breast, stone, mantelpiece and logs. The flames are painted by the scene."""
    x, stone = hearth_place(plan), mix(tones.trim, tones.wall, 0.25) * 0.92
    panel.shadow(x - 0.26, 0.0, x + 0.26, panel.top, 0.45, 0.04)
    panel.solid([rectangle(x - 0.245, 0.0, x + 0.245, panel.top + 0.1)], np.clip(tones.wall * 1.04, 0, 1), 0.008)
    panel.solid([rectangle(x - 0.225, 0.0, x + 0.225, 0.315)], stone, 0.008)
    for row in range(8):
        for side in (-1, 1):
            edges = sorted((x + side * 0.132, x + side * (0.20 if row % 2 else 0.218)))
            panel.solid(
                [rounded(edges[0], row * 0.0365, edges[1], row * 0.0365 + 0.033, 0.006)],
                stone * (0.86 + 0.05 * ((row * 5 + side) % 4)),
                0.006,
            )
    opening = np.concatenate([rectangle(x - OPENING_HALF, 0.0, x + OPENING_HALF, 0.14)[:2], _arch(x)])
    panel.shape(opening, from_hex("17110f"))
    panel.glow(disc(x, 0.022, 0.085, 0.018), FIRELIGHT * 0.75)
    for log, (start, end) in enumerate(
        (((-0.09, 0.018), (0.07, 0.030)), ((-0.05, 0.034), (0.09, 0.016)), ((-0.06, 0.042), (0.05, 0.050)))
    ):
        panel.line(np.array([start, end]) + np.array([x, 0.0]), from_hex("3a2318") * (1 + 0.25 * log), 0.020)
    panel.shadow(x - 0.24, 0.27, x + 0.24, 0.315, 0.6, 0.02)
    panel.solid([rounded(x - 0.255, 0.312, x + 0.255, 0.345, 0.006)], np.clip(tones.wood * 1.1, 0, 1), 0.007)
    furniture.vase(panel, x - 0.17, 0.345, 0.10, tones.cloth)
    for step, height in ((0.10, 0.075), (0.14, 0.055), (0.18, 0.09)):
        panel.solid([rectangle(x + step - 0.009, 0.345, x + step + 0.009, 0.345 + height)], furniture.PAPER, 0.005)
        panel.candles.append((x + step, 0.345 + height))
    panel.lamps.append(Lamp(x, 0.08, 0.95, FIRELIGHT * 0.85))


def build_flames(plan: Plan, rng: np.random.Generator) -> Flames:
    noise = spectral(rng, (FLAME_TILE, FLAME_TILE), 1.9, 4)
    columns, rows = np.meshgrid(np.arange(FLAME_COLUMNS, dtype=np.float32), np.arange(FLAME_ROWS, dtype=np.float32))
    across = (columns - FLAME_COLUMNS / 2) / (FLAME_COLUMNS / 2)
    up = 1 - rows / FLAME_ROWS
    body = np.clip(1.62 - up * 1.30 - across**2 * (1.3 + 2.2 * up), 0, 2) * np.clip((1 - np.abs(across)) * 5, 0, 1)
    level = np.linspace(0, 1, 256, dtype=np.float32)
    colours = np.stack(
        [np.clip(level * 2.1, 0, 1), np.clip(level * 1.7 - 0.25, 0, 1) ** 1.25, np.clip(level * 1.8 - 0.95, 0, 1)], -1
    )
    x, y = plan.screen(hearth_place(plan), 0.018)
    return Flames(
        noise=np.pad(noise, ((0, 1), (0, 1)), mode="wrap"),
        body=body.astype(np.float32),
        roughness=(0.55 + 1.5 * up).astype(np.float32),
        columns=columns,
        rows=rows,
        colours=to_pixels(colours)[None],
        x=x,
        y=y,
        pixels_per_cell=OPENING_HALF * 2 * plan.unit_px / FLAME_COLUMNS * 0.94,
        plan=plan,
    )


def build_candles(plan: Plan, wicks: list[tuple[float, float]], rng: np.random.Generator) -> Candles:
    """A flame on every wick."""
    size = max(6, int(0.10 * plan.unit_px))
    offset = (np.arange(size, dtype=np.float32) - size / 2 + 0.5) / (size / 2)
    x, y = offset[None, :], offset[:, None] - 0.25
    drop = np.exp(
        -((x / (0.13 + 0.10 * np.clip(y + 0.3, 0, 1))) ** 2)
        - np.where(y < 0.05, (y / 0.42) ** 2, (y / 0.16) ** 2) * 1.4
    )
    halo = np.exp(-(x**2 + y**2) * 7) * 0.32 * np.clip(1 - x**2 - offset[:, None] ** 2, 0, 1)
    colour = drop[..., None] * np.array([1.0, 0.86, 0.52], np.float32) + halo[..., None] * furniture.LAMPLIGHT
    places = tuple((*plan.screen(x, y), float(rng.uniform(0, 6.28))) for x, y in wicks)
    return Candles(to_pixels(np.clip(colour, 0, 1)), places, plan)


def _arch(x: float) -> Floats:
    turn = np.linspace(0, math.pi, 15)
    return np.stack([x + OPENING_HALF * np.cos(turn), 0.14 + (OPENING_TOP - 0.14) * np.sin(turn)], 1)
