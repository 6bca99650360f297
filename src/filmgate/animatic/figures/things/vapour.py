"""What rises from small things: steam, the flame of a candle, the fire of a camp, sparkles."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from filmgate.animatic.colour import from_hex, smoothstep, to_pixels
from filmgate.animatic.noise import spectral
from filmgate.animatic.raster import (
    Floats,
    Matrix,
    Pixels,
    lookup,
    merge,
    paste,
    paste_light,
    place,
    sample,
    scale,
    then,
    tint,
    triple,
)

TILE = 128
STEAM_ROWS, STEAM_COLUMNS = 96, 64
FIRE_ROWS, FIRE_COLUMNS = 96, 80
FLAME_PX = 96
FIRELIGHT = np.array([1.0, 0.55, 0.20], np.float32)


class Adornment(Protocol):
    """Something alive on a thing; `matrix` is canvas from the thing's units."""

    def paint(self, target: Pixels, seconds: float, matrix: Matrix) -> None: ...


@dataclass(frozen=True, slots=True, eq=False)
class Steam:
    """Wisps: noise that flows upwards and is pushed aside the more the higher it is."""

    noise: Floats  # wraps around, one row and column to spare
    body: Floats
    columns: Floats
    rows: Floats
    colour: Floats
    foot: tuple[float, float]
    size: tuple[float, float]

    def paint(self, target: Pixels, seconds: float, matrix: Matrix) -> None:
        up = 1 - self.rows / STEAM_ROWS
        aside = 9.0 * up * np.sin(up * 5.0 - seconds * 1.1) + 4.0 * up * math.sin(seconds * 0.6)
        wide = self.columns + aside.astype(np.float32)
        flow = _wrapped(self.noise, wide * 0.9, self.rows * 0.34 + np.float32(seconds * 11))
        fine = _wrapped(self.noise, wide * 1.7 + 40, self.rows * 0.55 + np.float32(seconds * 17))
        wisp = np.clip(1 - np.abs(0.75 * flow + 0.25 * fine - 0.5) * 5.5, 0, 1)
        middle = (wide - STEAM_COLUMNS / 2) / (STEAM_COLUMNS / 2)
        cover = wisp * self.body * np.clip(1 - (middle / (0.30 + 0.50 * up)) ** 2, 0, 1)
        mask = to_pixels(cover.astype(np.float32))
        own = _upright(self.foot, self.size, STEAM_COLUMNS, STEAM_ROWS)
        paste(target, merge(*(scale(mask, float(channel)) for channel in self.colour), mask), then(own, matrix))


@dataclass(frozen=True, slots=True, eq=False)
class CandleFlame:
    """A drop of fire that leans and stretches, in its glow."""

    light: Pixels
    wick: tuple[float, float]
    height: float
    phase: float

    def paint(self, target: Pixels, seconds: float, matrix: Matrix) -> None:
        time = seconds + self.phase
        lean = 0.06 * math.sin(time * 2.1) + 0.035 * math.sin(time * 4.7 + 2)
        tall = 1 + 0.05 * math.sin(time * 3.3) + 0.03 * math.sin(time * 7.1)
        side = self.light.shape[0]
        step = self.height * 2.6 / side
        drop = np.array([[step, step * lean, 0.0], [0.0, -step * tall, 0.0]])
        foot = np.array([side / 2, side * 0.62])
        drop[:, 2] = np.array(self.wick) - drop[:, :2] @ foot
        paste_light(target, self.light, then(drop, matrix), 0.93 + 0.07 * math.sin(time * 2.7))


@dataclass(frozen=True, slots=True, eq=False)
class Fire:
    """Tongues of flame: heat that rises through noise."""

    noise: Floats
    body: Floats
    roughness: Floats
    columns: Floats
    rows: Floats
    colours: Pixels
    glow: Pixels
    foot: tuple[float, float]
    size: tuple[float, float]

    def paint(self, target: Pixels, seconds: float, matrix: Matrix) -> None:
        breath = 0.88 + 0.08 * math.sin(seconds * 2.3) + 0.05 * math.sin(seconds * 5.1 + 1.3)
        reach = 2.4 * self.size[0]
        glow = _upright((self.foot[0], self.foot[1] - 0.42 * reach), (2 * reach, 1.1 * reach), *self.glow.shape[1::-1])
        paste_light(target, self.glow, then(glow, matrix), breath)
        sway = np.float32(3.0 * math.sin(seconds * 1.3)) * (1 - self.rows / FIRE_ROWS)
        slow = _wrapped(self.noise, self.columns + sway, self.rows * 0.75 + np.float32(seconds * 48))
        fast = _wrapped(self.noise, self.columns * 1.7 + 31, self.rows * 1.2 + np.float32(seconds * 86))
        heat = self.body - self.roughness * (0.62 * slow + 0.38 * fast)
        level = np.clip(heat * 255, 0, 255).astype(np.uint8)
        own = _upright(self.foot, self.size, FIRE_COLUMNS, FIRE_ROWS)
        paste_light(target, lookup(triple(level), self.colours), then(own, matrix))


@dataclass(frozen=True, slots=True, eq=False)
class Sparkles:
    """Points that flash up one after another, as four-pointed stars."""

    star: Pixels
    spots: tuple[tuple[float, float, float], ...]  # place, and a phase
    size: float

    def paint(self, target: Pixels, seconds: float, matrix: Matrix) -> None:
        half = self.star.shape[0] / 2
        for x, y, phase in self.spots:
            bright = max(0.0, math.sin(seconds * 1.4 + phase)) ** 4
            if bright > 0.02:
                own = place(x, y, self.size * (0.5 + 0.5 * bright) / self.star.shape[0], 0.3 * seconds, (half, half))
                paste_light(target, self.star, then(own, matrix), bright)


def build_steam(
    rng: np.random.Generator, colour: Floats, foot: tuple[float, float], size: tuple[float, float]
) -> Steam:
    columns, rows = np.meshgrid(np.arange(STEAM_COLUMNS, dtype=np.float32), np.arange(STEAM_ROWS, dtype=np.float32))
    up = 1 - rows / STEAM_ROWS
    body = 0.55 * smoothstep(0.0, 0.16, up) * (1 - smoothstep(0.30, 1.0, up))
    return Steam(_noise(rng, 2.6, 2), body.astype(np.float32), columns, rows, np.clip(colour, 0, 1), foot, size)


def build_candle_flame(rng: np.random.Generator, wick: tuple[float, float], height: float) -> CandleFlame:
    offset = (np.arange(FLAME_PX, dtype=np.float32) - FLAME_PX / 2 + 0.5) / (FLAME_PX / 2)
    x, y = offset[None, :], offset[:, None] - 0.24
    tail = np.clip((-y + 0.02) / 0.80, 0, 1)
    girth = 0.165 * np.sqrt(np.clip(1 - tail, 0, 1)) * np.clip(1.0 + np.where(y > 0, -y / 0.14, 0), 0, 1) ** 0.5 + 1e-3
    drop = smoothstep(1.15, 0.55, np.abs(x) / girth) * (tail < 1) * (y < 0.14)
    core = drop * smoothstep(0.95, 0.2, tail)
    halo = (0.30 * np.exp(-(x**2 + (y + 0.15) ** 2) * 9) + 0.16 * np.exp(-np.hypot(x, y + 0.15) * 4)) * np.clip(
        1 - np.hypot(x, offset[:, None]), 0, 1
    )
    blue = np.exp(-((x / 0.10) ** 2) - ((y - 0.05) / 0.06) ** 2) * 0.5
    colour = drop[..., None] * from_hex("ffb347") + core[..., None] * np.array([0.2, 0.45, 0.45], np.float32)
    colour = (
        colour * (1 - 0.6 * blue[..., None]) + blue[..., None] * from_hex("4a70ff") * 0.6 + halo[..., None] * FIRELIGHT
    )
    return CandleFlame(to_pixels(np.clip(colour, 0, 1)), wick, height, float(rng.uniform(0, 6.28)))


def build_fire(rng: np.random.Generator, foot: tuple[float, float], size: tuple[float, float]) -> Fire:
    columns, rows = np.meshgrid(np.arange(FIRE_COLUMNS, dtype=np.float32), np.arange(FIRE_ROWS, dtype=np.float32))
    across, up = (columns - FIRE_COLUMNS / 2) / (FIRE_COLUMNS / 2), 1 - rows / FIRE_ROWS
    body = np.clip(1.55 - up * 1.30 - across**2 * (1.5 + 3.2 * up), 0, 2) * np.clip((1 - np.abs(across)) * 5, 0, 1)
    body = body * smoothstep(0.0, 0.08, up)
    level = np.linspace(0, 1, 256, dtype=np.float32)
    colours = np.stack(
        [np.clip(level * 2.1, 0, 1), np.clip(level * 1.7 - 0.25, 0, 1) ** 1.25, np.clip(level * 1.8 - 0.95, 0, 1)], -1
    )
    offset = np.linspace(-1, 1, 96, dtype=np.float32)
    away = np.hypot(offset[None, :], offset[:, None])
    glow = tint(to_pixels(np.clip(1 - away, 0, 1) ** 2.0 * 0.62), FIRELIGHT)
    return Fire(
        _noise(rng, 1.9, 4),
        body.astype(np.float32),
        (0.55 + 1.5 * up).astype(np.float32),
        columns,
        rows,
        to_pixels(colours)[None],
        glow,
        foot,
        size,
    )


def build_sparkles(rng: np.random.Generator, places: list[tuple[float, float]], size: float) -> Sparkles:
    offset = np.linspace(-1, 1, 65, dtype=np.float32)
    x, y = np.abs(offset[None, :]), np.abs(offset[:, None])
    rays = np.exp(-(x * 26) - y * 3.4) + np.exp(-(y * 26) - x * 3.4) + 0.8 * np.exp(-(x**2 + y**2) * 60)
    star = np.clip(rays * np.clip(1 - np.maximum(x, y), 0, 1), 0, 1)
    spots = tuple((x, y, float(rng.uniform(0, 6.28)) + index * 2.4) for index, (x, y) in enumerate(places))
    return Sparkles(tint(to_pixels(star), np.ones(3, np.float32)), spots, size)


def _noise(rng: np.random.Generator, falloff: float, lowest: float) -> Floats:
    return np.pad(spectral(rng, (TILE, TILE), falloff, lowest), ((0, 1), (0, 1)), mode="wrap")


def _wrapped(noise: Floats, columns: Floats, rows: Floats) -> Floats:
    map_x = np.mod(columns, TILE).astype(np.float32)
    return sample(noise, map_x, np.mod(rows + np.zeros_like(map_x), TILE).astype(np.float32))


def _upright(foot: tuple[float, float], size: tuple[float, float], columns: int, rows: int) -> Matrix:
    """A thing's units from a picture whose lower edge has its middle at `foot`."""
    across, up = size[0] / columns, size[1] / rows
    return np.array([[across, 0.0, foot[0] - size[0] / 2], [0.0, -up, foot[1] + size[1]]])
