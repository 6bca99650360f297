"""Nothing in particular: folded silk, ink in water, or lights out of focus.

The first two are one cloth of noise, bent by itself and lit or dyed; the third is a handful of soft discs.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol, cast

import cv2
import numpy as np

from filmgate.animatic.colour import from_hex, from_oklab, gradient, mix, smoothstep, to_oklab, to_pixels
from filmgate.animatic.figures.cast import build_cast, paint_cast
from filmgate.animatic.figures.stage import Actor, Spot, Stage
from filmgate.animatic.noise import spectral
from filmgate.animatic.post import Finish
from filmgate.animatic.raster import (
    Canvas,
    Floats,
    Pixels,
    blur,
    lookup,
    multiply,
    paste_light,
    place,
    resize,
    sample,
    tint,
    triple,
)
from filmgate.animatic.scene import Brief, Moment

TILE = 512
SPAN = 300  # tile pixels across the frame's base
BEND_REDUCTION, FOLD_REDUCTION = 4, 2  # the cloth bends softly, its folds are sharper
SMOOTHING = 1.6  # pixels of the bent field, at 720p
SCHEMES = (
    ("0b1026", "24408e", "e0567a", "ffd9a0"),
    ("03131a", "0a5a6a", "43c8a8", "f4f4d0"),
    ("1a0a1e", "7a1f5a", "ff7a4a", "ffe6b0"),
    ("0e0e1a", "3a2a7a", "8a7af0", "f0d8ff"),
    ("10140e", "2f5a3a", "b8c86a", "fdf6d8"),
    ("0a0d14", "1d4f91", "58a4e8", "eaf6ff"),
)
SCHEME_POSITIONS = (0.0, 0.36, 0.70, 1.0)
INKS = ("14161c", "1c2a4a", "3a1420", "12302c")
WATERS = (("f4f1ea", "c9d4d6"), ("f6efe2", "dcc9b4"), ("eef3f4", "b4cdd6"))
LIGHTS = 34
KINDS = ("silk", "ink", "lights")


class Matter(Protocol):
    """What the picture is made of."""

    def paint(self, moment: Moment) -> Pixels: ...


@dataclass(frozen=True, slots=True, eq=False)
class Abstract:
    finish: Finish
    matter: Matter
    cast: tuple[Actor, ...]

    def paint(self, moment: Moment) -> Pixels:
        frame = self.matter.paint(moment)
        for where in ("air", "ground"):
            paint_cast(self.cast, where, frame, moment)
        return frame


@dataclass(frozen=True, slots=True, eq=False)
class Cloth:
    """Tileable noise that is read through itself, twice: what bends silk and curls ink."""

    canvas: Canvas
    fields: tuple[Floats, Floats, Floats]
    columns: Floats
    rows: Floats

    def height(self, moment: Moment, pace: float) -> tuple[Floats, Floats]:
        """Two fields of 0..1, at the size that folds are drawn at."""
        seconds, view = moment.seconds * pace, moment.view
        grow = 1 / (1 + view.forward)
        x = (self.columns - SPAN / 2) * grow + (SPAN / 2 + view.travel_x * 200)
        y = (self.rows - SPAN / 2) * grow + (SPAN / 2 - view.travel_y * 200)
        first = self._read(0, x * 0.9 + seconds * 9, y * 0.9 + seconds * 4)
        second = self._read(1, x * 0.9 - seconds * 6, y * 0.9 + seconds * 7)
        third = self._read(2, x * 0.6 + (first - 0.5) * 420 + seconds * 5, y * 0.6 + (second - 0.5) * 420)
        fourth = self._read(0, x * 0.5 + (third - 0.5) * 420 + 80, y * 0.5 + (second - 0.5) * 420 + seconds * 4)
        size = (max(2, self.canvas.width // FOLD_REDUCTION), max(2, self.canvas.height // FOLD_REDUCTION))
        # OpenCV reads at thirty-seconds of a pixel; unblurred, those steps would show as a weave in the light.
        smooth = SMOOTHING * self.canvas.unit
        return (
            resize(blur(third, smooth), *size, cv2.INTER_CUBIC),
            resize(blur(fourth, smooth), *size, cv2.INTER_CUBIC),
        )

    def _read(self, field: int, x: Floats, y: Floats) -> Floats:
        return sample(self.fields[field], x.astype(np.float32), y.astype(np.float32), cv2.BORDER_WRAP)


@dataclass(frozen=True, slots=True, eq=False)
class Silk:
    cloth: Cloth
    colours: Pixels
    folds: float
    relief: float
    gloss: Pixels  # table: how squarely a spot reflects to what it shines

    def paint(self, moment: Moment) -> Pixels:
        third, fourth = self.cloth.height(moment, 1.0)
        wave = np.sin((third + fourth) * np.float32(self.folds))
        slope_x = cast(Floats, cv2.Sobel(wave, cv2.CV_32F, 1, 0, ksize=3, scale=-self.relief / 2))
        slope_y = cast(Floats, cv2.Sobel(wave, cv2.CV_32F, 0, 1, ksize=3, scale=-self.relief / 2))
        flatness = 1 / cast(Floats, cv2.magnitude(cast(Floats, cv2.magnitude(slope_x, slope_y)), np.ones_like(wave)))
        # 0..255 from here on: bytes are four times as fast as floats.
        diffuse = _bytes((slope_x * -0.5 + slope_y * -0.6 + np.float32(0.62)) * flatness, 0.78, 0.22)
        shine = lookup(_bytes((slope_x * -0.36 + slope_y * -0.44 + np.float32(0.82)) * flatness, 1.0, 0.0), self.gloss)
        colour = lookup(triple(_bytes(fourth, 1.5, -0.27)), self.colours)
        lit = multiply(colour, triple(diffuse), gain=1.35)
        cv2.add(lit, triple(shine), dst=lit)
        return resize(lit, self.cloth.canvas.width, self.cloth.canvas.height, cv2.INTER_CUBIC)


@dataclass(frozen=True, slots=True, eq=False)
class Ink:
    """Ink that was let into water: it curls, thins out and sinks."""

    cloth: Cloth
    colours: Pixels  # from water to ink
    plume: Floats  # where the ink is, -1..1

    def paint(self, moment: Moment) -> Pixels:
        third, fourth = self.cloth.height(moment, 0.6)
        thread = np.float32(1) - np.abs(np.sin((third * 1.6 + fourth) * np.float32(11)))
        body = (third + fourth - np.float32(1.0)) * np.float32(2.6) + self.plume
        density = body * np.float32(0.75) + thread * np.clip(body + np.float32(0.55), 0, 1) * np.float32(0.55)
        dyed = lookup(triple(_bytes(density, 1.0, 0.0)), self.colours)
        return resize(dyed, self.cloth.canvas.width, self.cloth.canvas.height, cv2.INTER_CUBIC)


@dataclass(frozen=True, slots=True, eq=False)
class Lights:
    """Lamps far out of focus that drift past each other."""

    canvas: Canvas
    ground: Pixels  # at half size
    discs: tuple[Pixels, ...]
    paths: Floats  # (n, 6): x, y in frames, depth, phase, pace, brightness

    def paint(self, moment: Moment) -> Pixels:
        small, view, seconds = self.ground.copy(), moment.view, moment.seconds
        width, height = small.shape[1], small.shape[0]
        for disc, (x, y, depth, phase, pace, brightness) in zip(self.discs, self.paths, strict=True):
            grow = 1 + view.forward * depth
            drift_x = 0.020 * math.sin(seconds * 0.35 * pace + phase) - view.travel_x * depth
            drift_y = 0.030 * math.sin(seconds * 0.28 * pace + phase * 2) + view.travel_y * depth
            left, top = ((x + drift_x - 0.5) * grow + 0.5) * width, ((y + drift_y - 0.5) * grow + 0.5) * height
            glow = brightness * (0.72 + 0.28 * math.sin(seconds * 0.9 * pace + phase * 3))
            middle = disc.shape[0] / 2
            paste_light(small, disc, place(left, top, grow, pivot=(middle, middle)), float(glow))
        return resize(small, self.canvas.width, self.canvas.height)


def build_abstract(brief: Brief) -> Abstract:
    """The kind that the prompt names, else one by chance."""
    canvas, rng = brief.canvas, brief.rng
    by_chance = KINDS[int(rng.choice(len(KINDS), p=(0.5, 0.25, 0.25)))]
    kind = next((kind for kind in KINDS if kind in brief.reading.features), by_chance)
    builders = {"silk": _silk, "ink": _ink, "lights": _lights}
    spots = {
        "air": Spot(0.46, canvas.height * 0.42, 0.34 * canvas.base, 0.6),
        "ground": Spot(0.48, canvas.height * 0.90, 0.42 * canvas.base, 0.8),
    }
    stage = Stage(canvas, canvas.height * 0.6, spots, (-0.5, -0.8), shadow=0.35)
    finish = Finish(bloom=0.12 if kind == "ink" else 0.45, bloom_threshold=175, vignette=0.5)
    return Abstract(finish, builders[kind](brief), build_cast(brief, stage))


def _cloth(brief: Brief) -> Cloth:
    canvas, rng = brief.canvas, brief.rng
    width, height = (max(2, side // BEND_REDUCTION) for side in (canvas.width, canvas.height))
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    to_tile = np.float32(SPAN * BEND_REDUCTION / canvas.base)
    fields = [spectral(rng, (TILE, TILE), 4.0, 1, 6) for _ in range(3)]
    return Cloth(
        canvas=canvas,
        fields=(fields[0], fields[1], fields[2]),
        columns=(columns - np.float32(width / 2)) * to_tile + np.float32(SPAN / 2),
        rows=(rows - np.float32(height / 2)) * to_tile + np.float32(SPAN / 2),
    )


def _silk(brief: Brief) -> Silk:
    cloth = _cloth(brief)
    ramp = gradient(list(zip(SCHEME_POSITIONS, _scheme(brief), strict=True)), _levels())
    return Silk(
        cloth=cloth,
        colours=np.ascontiguousarray(to_pixels(ramp)[None]),
        folds=float(brief.rng.uniform(11, 16)),
        relief=2.5 * max(2, brief.canvas.height // FOLD_REDUCTION) / 360,
        gloss=to_pixels(_levels() ** 22 * 0.43),
    )


def _ink(brief: Brief) -> Ink:
    rng, cloth = brief.rng, _cloth(brief)
    accent = brief.reading.accent
    ink = from_hex(accent if accent is not None else INKS[int(rng.integers(len(INKS)))])
    clear, deep = (from_hex(value) for value in WATERS[int(rng.integers(len(WATERS)))])
    stops = [(0.0, clear), (0.25, deep), (0.6, mix(deep, ink, 0.65)), (1.0, ink * 0.8)]
    size = (max(2, brief.canvas.height // FOLD_REDUCTION), max(2, brief.canvas.width // FOLD_REDUCTION))
    rows = np.linspace(-1, 1, size[0], dtype=np.float32)[:, None]
    columns = np.linspace(-1, 1, size[1], dtype=np.float32)[None]
    middle = np.float32(rng.uniform(-0.3, 0.3))
    plume = 0.60 - np.hypot((columns - middle) * 1.15, rows * 0.75)
    return Ink(cloth, np.ascontiguousarray(to_pixels(gradient(stops, _levels()))[None]), plume.astype(np.float32))


def _lights(brief: Brief) -> Lights:
    canvas, rng, scheme = brief.canvas, brief.rng, _scheme(brief)
    height, width = max(2, canvas.height // 2), max(2, canvas.width // 2)
    slope = np.linspace(0, 1, height, dtype=np.float32)
    column = gradient([(0.0, scheme[0] * 0.5), (0.55, scheme[0]), (1.0, mix(scheme[0], scheme[1], 0.55))], slope)
    ground = to_pixels(np.repeat(column[:, None], width, 1), rng)
    depths = np.sort(rng.uniform(0.2, 1.0, LIGHTS))
    discs: list[Pixels] = []
    for depth in depths:
        colour = mix(scheme[2], scheme[3], float(rng.uniform(0, 1))) if rng.uniform() < 0.7 else scheme[1] * 1.2
        discs.append(_disc(max(3, int(canvas.base * (0.02 + 0.09 * depth) / 2)), np.clip(colour, 0, 1)))
    paths = np.stack(
        [
            rng.uniform(-0.05, 1.05, LIGHTS),
            rng.uniform(-0.05, 1.05, LIGHTS),
            depths,
            rng.uniform(0, 2 * math.pi, LIGHTS),
            rng.uniform(0.6, 1.4, LIGHTS),
            rng.uniform(0.25, 0.75, LIGHTS),
        ],
        1,
    )
    return Lights(canvas, ground, tuple(discs), paths)


def _disc(radius: int, colour: Floats) -> Pixels:
    """A lamp as a lens out of focus shows it: flat, with a slightly brighter rim."""
    offset = np.arange(-radius - 2, radius + 3, dtype=np.float32) / np.float32(radius)
    distance = np.hypot(offset[None], offset[:, None])
    inside = 1 - smoothstep(1 - 2.5 / radius, 1.0, distance)
    return tint(to_pixels(inside * (0.62 + 0.30 * np.clip(distance, 0, 1) ** 6)), colour)


def _scheme(brief: Brief) -> list[Floats]:
    """Four colours from dark to bright, all of the accent's hue if the prompt named one."""
    named = [from_hex(value) for value in SCHEMES[int(brief.rng.integers(len(SCHEMES)))]]
    if brief.reading.accent is None:
        return named
    accent = to_oklab(from_hex(brief.reading.accent))
    tones = ((0.16, 0.5), (0.38, 0.9), (0.66, 1.0), (0.92, 0.35))  # lightness, and share of the accent's colourfulness
    return [
        from_oklab(np.array([lightness, accent[1] * strength, accent[2] * strength], np.float32))
        for lightness, strength in tones
    ]


def _levels() -> Floats:
    return np.linspace(0, 1, 256, dtype=np.float32)


def _bytes(values: Floats, gain: float, offset: float) -> Pixels:
    """values * gain + offset, 0..1 to 8 bits, clipped at both ends."""
    return np.clip(values * np.float32(255 * gain) + np.float32(255 * offset), 0, 255).astype(np.uint8)
