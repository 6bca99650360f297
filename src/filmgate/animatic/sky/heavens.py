"""What shines in a sky: stars and the milky way, the moon and the sun's disc, aurora, meteors, a rainbow."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from filmgate.animatic.colour import from_hex, gradient, mix, smoothstep, to_pixels
from filmgate.animatic.noise import curve, spectral
from filmgate.animatic.palettes import Palette
from filmgate.animatic.raster import (
    Canvas,
    Floats,
    Pixels,
    blur,
    invert,
    merge,
    multiply,
    over,
    paste_light,
    resize,
    sample,
    scale,
    screen,
)
from filmgate.animatic.scene import START_SECONDS

Indices = npt.NDArray[np.intp]

STAR_TINTS = ("ffffff", "ffffff", "cfdcff", "ffe6c8", "ffd2a6")
CURTAIN = (96, 1024)  # rows and columns of an aurora's light; it repeats sideways
METEOR_SECONDS = 0.85
METEOR_ART = (512, 10)  # columns and rows of one streak
RAINBOW = ("6a3fc8", "3a66e0", "2fae6a", "e8d84a", "f09038", "e0483a")  # inside out


@dataclass(frozen=True, slots=True, eq=False)
class Stars:
    """Every lit pixel of every star in lists: twinkling costs by the star, not by the frame."""

    rows: Indices
    columns: Indices
    light: Floats  # (n, 3), 0..255
    phase: Floats
    pace: Floats

    def paint(self, target: Pixels, cover: Pixels | None, seconds: float) -> None:
        """Add the stars; `cover`, of any size, hides some of them."""
        glow = 0.74 + 0.26 * np.sin(self.pace * np.float32(seconds) + self.phase)
        if cover is not None:
            lines = self.rows * cover.shape[0] // target.shape[0]
            glow *= 1 - cover[lines, self.columns * cover.shape[1] // target.shape[1]] * np.float32(1 / 255)
        lit = target[self.rows, self.columns] + self.light * glow[:, None]
        target[self.rows, self.columns] = np.minimum(lit, 255).astype(np.uint8)


def build_stars(canvas: Canvas, palette: Palette, rows: int, gain: float, rng: np.random.Generator) -> Stars:
    """Stars of a palette, `gain` times as many: most of them faint, fading towards the horizon."""
    density = palette.stars * gain * canvas.width * rows / (1280 * 430) / (canvas.unit**2)
    count = max(1, int(900 * density))
    brightness = np.clip(rng.pareto(1.9, count) * 0.32 + 0.18, 0, 1.8)
    x = rng.uniform(0, canvas.width, count)
    y = rng.uniform(0, 1, count) ** 1.15 * (rows - 1)
    fade = (1 + (palette.star_floor - 1) * y / rows) * min(1.0, palette.stars + 0.15) * palette.star_gain
    tints = np.stack([from_hex(value) for value in STAR_TINTS])[rng.integers(0, len(STAR_TINTS), count)]
    phase, pace = rng.uniform(0, 2 * math.pi, count), rng.uniform(1.2, 4.5, count)
    spread = 0.48 * max(1.0, canvas.unit)
    reach = math.ceil(spread * 2.2)
    steps = np.arange(-reach, reach + 1)
    down, across = (grid.ravel() for grid in np.meshgrid(steps, steps, indexing="ij"))
    near = (np.floor(x)[:, None] + across + 0.5 - x[:, None], np.floor(y)[:, None] + down + 0.5 - y[:, None])
    kernel = np.exp(-(near[0] ** 2 + near[1] ** 2) / (2 * spread**2))
    halo = 0.10 * np.clip(brightness[:, None] - 0.6, 0, 1) * np.exp(-np.hypot(*near) / (1.2 * spread))
    light = np.clip(kernel * brightness[:, None] + halo, 0, 1) * fade[:, None]
    rows_at, columns_at = np.floor(y)[:, None] + down, np.floor(x)[:, None] + across
    inside = (rows_at >= 0) & (rows_at < rows) & (columns_at >= 0) & (columns_at < canvas.width) & (light > 0.02)
    star = np.nonzero(inside)[0]
    return Stars(
        rows=rows_at[inside].astype(np.intp),
        columns=columns_at[inside].astype(np.intp),
        light=(light[inside][:, None] * tints[star] * 255).astype(np.float32),
        phase=phase[star].astype(np.float32),
        pace=pace[star].astype(np.float32),
    )


def milky_way(width: int, rows: int, per_base: float, lean: float, rng: np.random.Generator) -> Floats:
    """A slanting band of light (rows, width, 3), 0..1, with dark lanes and a warm heart. `lean` is -1 or 1."""
    small_rows, small_width = max(8, rows // 2), max(8, width // 2)
    lines, across = np.mgrid[0:small_rows, 0:small_width].astype(np.float32) * (2 / np.float32(per_base))
    slope = math.radians(58)
    from_middle = across - width / per_base * (0.5 - 0.16 * lean)
    along = lean * from_middle * math.cos(slope) - (lines - rows / per_base * 0.62) * math.sin(slope)
    aside = lean * from_middle * math.sin(slope) + (lines - rows / per_base * 0.62) * math.cos(slope)
    tile = (256, 256)
    map_x, map_y = (np.mod(value * 300 + 512, 255).astype(np.float32) for value in (along * 0.55, aside))
    noise, dust = (sample(spectral(rng, tile, falloff, 3), map_x, map_y) for falloff in (2.0, 2.3))
    aside = aside + (noise - 0.5) * 0.10
    heart = np.exp(-(((along - 0.02) / 0.55) ** 2))
    spread = 0.10 + 0.05 * heart
    band = np.exp(-((aside / spread) ** 2)) * (0.60 + 0.60 * heart) * (0.45 + 1.1 * noise)
    lane = smoothstep(0.40, 0.68, dust) * np.exp(-(((aside - 0.012) / (spread * 0.50)) ** 2)) * (0.5 + 0.4 * heart)
    glow = np.clip(band * (1 - lane), 0, None)[..., None]
    warmth = np.clip(heart * glow[..., 0] * 0.75, 0, 1)[..., None]
    light = resize((glow * mix(from_hex("8aa2e6"), from_hex("ffe2cc"), warmth) * 0.40).astype(np.float32), width, rows)
    grain = rng.pareto(3.0, (rows, width)).astype(np.float32)  # stars too many to tell apart
    return np.clip(light * (0.8 + 0.5 * np.minimum(grain, 2.5)[..., None]), 0, 1)


@dataclass(frozen=True, slots=True, eq=False)
class Moon:
    """The disc at full size. The sun has none: its glow is part of the air."""

    face: Pixels  # premultiplied RGBA
    left: int
    top: int

    def paint(self, target: Pixels, cover: Pixels | None) -> None:
        height, width = self.face.shape[:2]
        top, left = max(self.top, 0), max(self.left, 0)
        bottom, right = min(self.top + height, target.shape[0]), min(self.left + width, target.shape[1])
        if bottom <= top or right <= left:
            return
        face = np.ascontiguousarray(self.face[top - self.top : bottom - self.top, left - self.left : right - self.left])
        if cover is not None:
            lines = np.arange(top, bottom, dtype=np.intp) * cover.shape[0]
            columns = np.arange(left, right, dtype=np.intp) * cover.shape[1]
            hidden = cover[np.ix_(lines // target.shape[0], columns // target.shape[1])]
            clear = scale(invert(blur(hidden, 1.0)), 1.25)
            face = multiply(face, merge(clear, clear, clear, clear))
        over(target[top:bottom, left:right], face)


def build_moon(canvas: Canvas, palette: Palette, x: float, y: float, rng: np.random.Generator) -> Moon:
    radius = 0.038 * canvas.base
    size = max(6, int(radius * 1.1) * 2 + 2)
    offset = (np.arange(size, dtype=np.float32) - size / 2 + 0.5) / np.float32(radius)
    across, down = offset[None, :], offset[:, None]
    distance = np.hypot(across, down)
    inside = np.clip((1 - distance) * radius + 0.5, 0, 1)
    maria = np.zeros((size, size), np.float32)
    # The seas of the near side: where they lie (x, y), how wide and how dark they are.
    for sea_x, sea_y, width, dark in (
        (-0.28, -0.42, 0.34, 1.0),
        (0.22, -0.30, 0.24, 0.9),
        (0.42, -0.05, 0.26, 0.9),
        (-0.58, 0.02, 0.36, 0.85),
        (-0.20, 0.36, 0.24, 0.7),
        (0.66, -0.24, 0.12, 0.8),
        (0.55, 0.22, 0.18, 0.6),
    ):
        maria = np.maximum(maria, dark * np.exp(-(((across - sea_x) ** 2 + (down - sea_y) ** 2) / width**2) * 1.3))
    mottled = resize(spectral(rng, (64, 64), 1.9, 2), size, size) - 0.5
    tone = 0.97 - 0.36 * smoothstep(0.28, 0.80, maria + mottled * 0.7) + mottled * 0.16
    tone = tone * (1 - 0.16 * np.clip(distance, 0, 1) ** 4)
    face = np.clip(tone, 0, 1) * inside
    sprite = np.dstack([to_pixels(face[..., None] * palette.sun), to_pixels(inside)])
    return Moon(np.ascontiguousarray(sprite), round(x - size / 2), round(y - size / 2))


@dataclass(frozen=True, slots=True, eq=False)
class Aurora:
    """Curtains that wave: one picture of light hangs from a line that swings, three times over."""

    curtain: Pixels  # RGB, foot at the last row
    path: Floats

    def add_to(self, small: Pixels, seconds: float) -> None:
        rows, width = max(2, small.shape[0] // 2), max(2, small.shape[1] // 2)
        light = np.zeros((rows, width, 3), np.uint8)
        share = np.arange(width, dtype=np.float32) / np.float32(width)
        lines = np.arange(rows, dtype=np.float32)[:, None] / np.float32(rows)
        for index, (foot, height, stretch, pace) in enumerate(
            ((0.80, 0.62, 0.36, 0.010), (0.66, 0.52, 0.47, -0.013), (0.52, 0.44, 0.61, 0.017))
        ):
            along = np.mod(share * stretch + pace * seconds + 0.31 * index, 1.0) * len(self.path)
            knots = np.arange(len(self.path) + 1)
            swing = np.interp(along, knots, np.append(self.path, self.path[0])).astype(np.float32)
            fold = np.float32(0.05) * np.sin(share * (13 + 5 * index) + np.float32(seconds * (0.45 + 0.1 * index)))
            line = foot + (swing - 0.5) * 0.34 + fold
            map_y = (1 - (line[None] - lines) / height) * np.float32(CURTAIN[0] - 1)
            rays = np.mod(share * (1.1 + 0.35 * index) + fold * 0.9 + seconds * (0.012 + 0.007 * index), 1.0)
            map_x = np.repeat((rays * np.float32(CURTAIN[1]))[None], rows, 0).astype(np.float32)
            curtain = sample(self.curtain, map_x, map_y.astype(np.float32), cv2.BORDER_CONSTANT)
            screen(light, scale(curtain, 1.0 - 0.22 * index))
        screen(small, resize(light, small.shape[1], small.shape[0]))


def build_aurora(rng: np.random.Generator) -> Aurora:
    rows, columns = CURTAIN
    rays = curve(rng, columns, 6, 34, 0.66)
    broad = smoothstep(0.18, 0.75, curve(rng, columns, 3, 5))
    reach = (0.30 + 0.70 * rays * (0.4 + 0.6 * broad))[None]
    up = np.linspace(1, 0, rows, dtype=np.float32)[:, None]
    glow = np.exp(-up / reach * 2.4) * smoothstep(0.0, 0.055, up) * smoothstep(1.0, 0.7, up)
    light = glow * (0.30 + 0.70 * rays)[None] * (0.16 + 0.84 * broad)[None]
    colour = mix(from_hex("3cf09a"), from_hex("8a4ae0"), smoothstep(0.18, 0.75, up)[..., None])
    art = to_pixels(np.clip(light[..., None] * colour * 1.15, 0, 1))
    return Aurora(np.ascontiguousarray(np.pad(art, ((0, 0), (0, 1), (0, 0)), mode="wrap")), curve(rng, 512, 5, 3, 0.55))


@dataclass(frozen=True, slots=True, eq=False)
class Meteors:
    """Shooting stars at seeded times: a head that outruns its fading trail."""

    streak: Pixels  # RGB, the head at the right end
    paths: Floats  # (n, 5): time, x, y, angle, length in pixels
    unit: float

    def paint(self, target: Pixels, seconds: float) -> None:
        width, rows = METEOR_ART
        for time, x, y, angle, length in self.paths:
            age = (seconds - float(time)) / METEOR_SECONDS
            if not 0 < age < 1:
                continue
            travelled = length * (0.25 + 1.25 * age)
            grown = length * min(0.75, age * 2.2) * (1 - 0.35 * age)
            cosine, sine = math.cos(angle), math.sin(angle)
            along, thick = grown / width, 0.55 * self.unit * (1.2 - 0.5 * age)
            matrix = np.array(
                [
                    [cosine * along, -sine * thick, x + cosine * (travelled - grown) + sine * thick * rows / 2],
                    [sine * along, cosine * thick, y + sine * (travelled - grown) - cosine * thick * rows / 2],
                ]
            )
            paste_light(target, self.streak, matrix, math.sin(age * math.pi) ** 0.7)


def build_meteors(canvas: Canvas, horizon: float, rng: np.random.Generator) -> Meteors:
    """A shower for clips of any length: a meteor about every 0.7 seconds, all from one radiant."""
    count = 100
    times = START_SECONDS + np.cumsum(rng.uniform(0.25, 1.15, count)) - 0.6
    rightwards = rng.uniform() < 0.5
    angle = np.radians(rng.normal(28, 6, count))
    angle = angle if rightwards else math.pi - angle
    x = rng.uniform(0.0, 0.75, count) if rightwards else rng.uniform(0.25, 1.0, count)
    paths = [times, x * canvas.width, rng.uniform(0.02, 0.45, count) * horizon, angle]
    paths.append(rng.uniform(0.16, 0.42, count) * canvas.base)
    width, rows = METEOR_ART
    along = np.linspace(0, 1, width, dtype=np.float32)[None, :]
    aside = np.abs(np.linspace(-1, 1, rows, dtype=np.float32))[:, None]
    trail = along**2.2 * np.exp(-((aside / (0.16 + 0.34 * along)) ** 2)) * smoothstep(1.0, 0.985, along)
    colour = mix(from_hex("7fb0ff"), from_hex("fffaf0"), along[..., None] ** 3)
    return Meteors(to_pixels(np.clip(trail[..., None] * colour * 1.2, 0, 1)), np.stack(paths, 1), canvas.unit)


def rainbow(width: int, rows: int, per_base: float, sun_x: float, rng: np.random.Generator) -> Pixels:
    """A bow opposite the sun and its faint second, as light on the small sky. `sun_x` is a share of the width."""
    side = 1.0 if sun_x < 0.5 else -1.0
    centre_x = width * (0.5 + 0.14 * side)
    radius = min(0.78 * width * 0.62, rows * 0.80) / per_base
    lines, across = np.mgrid[0:rows, 0:width].astype(np.float32)
    distance = np.hypot(across - centre_x, (lines - rows * 1.06)) / per_base
    stops = [(index / (len(RAINBOW) - 1), from_hex(value)) for index, value in enumerate(RAINBOW)]

    def bow(centre: float, thick: float, inverted: bool) -> Floats:
        position = (distance - centre) / thick * (-1 if inverted else 1)
        shown = gradient(stops, np.clip(position + 0.5, 0, 1))
        return shown * smoothstep(0.72, 0.30, np.abs(position))[..., None]

    veil = resize(spectral(rng, (32, 64), 2.6, 2), width, rows)
    rise = smoothstep(1.0, 0.55, lines / rows)
    strength = (0.55 + 0.45 * rise) * (0.55 + 0.8 * (veil - 0.2))
    light = bow(radius, 0.085, False) * 0.34 + bow(radius * 1.24, 0.10, True) * 0.10
    inside = smoothstep(radius, radius * 0.45, distance) * (distance < radius) * 0.03  # the sky within is brighter
    return to_pixels(np.clip(light * strength[..., None] + inside[..., None], 0, 1))


def halo(distance: Floats, palette: Palette) -> Floats:
    """Light around the disc, to be added in linear light; distances in bases."""
    if palette.moon:
        return 0.55 * np.exp(-distance * 2.6) + 0.55 * np.exp(-distance * 9) + 0.55 * np.exp(-distance * 30)
    return 0.55 * np.exp(-distance * 2.6) + 0.55 * np.exp(-distance * 9) + 0.30 * np.exp(-distance * 26)
