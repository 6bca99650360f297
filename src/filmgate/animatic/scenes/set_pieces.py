"""What a studio puts under and behind its products: plinths, table tops, and shadows of things out of the frame."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from filmgate.animatic.camera import View, plane_matrix
from filmgate.animatic.colour import mix, smoothstep, to_pixels
from filmgate.animatic.layers import overhang_width
from filmgate.animatic.noise import spectral
from filmgate.animatic.raster import (
    Canvas,
    Floats,
    Pixels,
    add_light,
    apply,
    blur,
    fill,
    halve,
    invert,
    multiply,
    resize,
    triple,
)
from filmgate.animatic.scenes.room.panel import Flat
from filmgate.animatic.scenes.room.plants import leaf

STAND_DEPTH = 0.45
FEET_ROW = 0.78  # of the frame's height, where things stand
REFLECTED = 0.24  # bases below the feet that mirror what stands above
PLINTH_HALF, PLINTH_TALL = 0.36, 0.056  # bases: half the width of its top, and of the top's depth
BELOW = 0.16  # bases of art under the frame, for a camera that moves


@dataclass(frozen=True, slots=True, eq=False)
class Top:
    """What things stand on, and how strongly each pixel below their feet mirrors them (at half size)."""

    flat: Flat
    gloss: Pixels
    feet: float

    def paint(self, frame: Pixels, view: View) -> None:
        self.flat.paint(frame, view)

    def reflect(self, frame: Pixels, view: View) -> None:
        """Mirror what stands here, soft and fading; to be called when it is painted."""
        screen = plane_matrix(self.flat.canvas, self.flat.horizon, self.flat.depth, view)
        row = int(apply(screen, np.array([[0.0, self.feet]]))[0, 1])
        tall = min(self.gloss.shape[0] * 2, row, frame.shape[0] - row) // 2 * 2
        wide = frame.shape[1] // 2 * 2
        if tall < 4 or wide < 4:
            return
        image = blur(
            halve(np.ascontiguousarray(frame[row - tall : row, :wide][::-1])), 1.6 * self.flat.canvas.unit + 0.2
        )
        mask = triple(np.ascontiguousarray(self.gloss[: tall // 2, : wide // 2]))
        mirrored = resize(multiply(image, mask), wide, tall)
        kept = resize(invert(mask), wide, tall)
        target = frame[row : row + tall, :wide]
        target[:] = multiply(target, kept)
        add_light(target, mirrored)


def build_plinth(canvas: Canvas, colour: Floats, light: Floats, side: float, rng: np.random.Generator) -> Top:
    """A round plinth on a broader step, lit from above on one side."""
    width, base = overhang_width(canvas), canvas.base
    feet = FEET_ROW * canvas.height
    top = int(feet - 0.10 * base)
    rows = max(4, int(canvas.height + BELOW * base) - top)
    # Edges are mixed with this, so they must not start from black.
    picture = np.ones((rows, width, 3), np.float32) * (colour * np.float32(0.8))
    cover = np.zeros((rows, width), np.float32)
    x = ((np.arange(width, dtype=np.float32) - width / 2) / np.float32(base))[None, :]
    y = ((np.arange(rows, dtype=np.float32) + top - feet) / np.float32(base))[:, None]
    pixel = 1.0 / base
    for half, level, tone in ((0.62, 0.20, 0.93), (PLINTH_HALF, 0.012, 1.0)):
        tall = half * PLINTH_TALL / PLINTH_HALF
        inside = np.clip(1 - (x / half) ** 2, 0, 1)
        rim = level + tall * np.sqrt(inside)
        wall = smoothstep(pixel, -pixel, np.abs(x) - half) * smoothstep(-pixel, pixel, y - level)
        disc = smoothstep(pixel * 1.2, -pixel * 1.2, (np.hypot(x / half, (y - level) / tall) - 1) * tall)
        turned = np.clip(x / half, -1, 1)
        facing = np.clip(-side * turned * 0.55 + 0.62 * np.sqrt(inside), 0, 1) + 0.16 * smoothstep(
            0.80, 1.0, side * turned
        )
        sunk = np.exp(-np.clip(y - rim, 0, None) / 0.26)
        body = colour * ((0.30 + 0.62 * facing) * (0.55 + 0.45 * sunk) * tone)[..., None]
        pool = np.exp(-((x / (half * 0.9)) ** 2) - ((y - level) / (tall * 1.2)) ** 2)
        plate = mix(colour * tone, colour * light * 1.12, (0.35 + 0.65 * pool)[..., None])
        contact = 1 - 0.55 * np.exp(-(((np.maximum(np.hypot(x / 0.40, (y - 0.222) / 0.075) - 0.9, 0)) / 0.12) ** 2))
        picture = mix(picture, body, wall[..., None])
        picture = mix(picture, plate * (contact[..., None] if half > PLINTH_HALF else 1.0), disc[..., None])
        edge = (
            np.exp(-(((y - rim) / (1.3 * pixel)) ** 2))
            * (np.abs(x) < half)
            * (0.25 + 0.75 * np.clip(0.5 - side * turned * 0.6, 0, 1))
        )
        picture = mix(picture, np.clip(light * 1.1, 0, 1) * np.ones_like(picture), (edge * 0.55)[..., None])
        cover = np.maximum(cover, np.maximum(wall, disc))
    texture = resize(spectral(rng, (128, 256), 1.2, 6), width, rows)[..., None]
    flat = _flat(canvas, picture * (0.95 + 0.10 * texture), cover, top)
    return Top(flat, _gloss(canvas, 0.26, PLINTH_HALF, PLINTH_TALL * 1.05), feet)


def build_table_top(canvas: Canvas, colour: Floats, light: Floats, wooden: bool, rng: np.random.Generator) -> Top:
    """A polished table that runs across the frame, in the pool of the spotlight."""
    width, base = overhang_width(canvas), canvas.base
    feet = FEET_ROW * canvas.height
    top = int(feet - 0.13 * base)
    rows = max(4, int(canvas.height + BELOW * base) - top)
    x = ((np.arange(width, dtype=np.float32) - width / 2) / np.float32(base))[None, :]
    y = ((np.arange(rows, dtype=np.float32) + top - feet) / np.float32(base))[:, None]
    size = 1.0 + 1.4 * (y + 0.13)
    grain = _wood(rng, x / size, 1 / size, width, rows) if wooden else _stone(rng, width, rows)
    pool = np.exp(-((x / 0.62) ** 2) - ((y - 0.02) / 0.22) ** 2)
    level = 0.55 + 0.75 * pool
    picture = colour * grain[..., None] * (light * 0.65 + 0.35) * level[..., None]
    back = np.exp(-np.clip(y + 0.13, 0, None) / (1.6 / base))[..., None]
    picture = mix(picture, np.clip(light, 0, 1), back * (0.30 + 0.35 * np.exp(-((x / 0.7) ** 2)))[..., None])
    cover = np.broadcast_to(smoothstep(-0.5, 1.0, np.arange(rows, dtype=np.float32))[:, None], (rows, width))
    return Top(_flat(canvas, picture, cover, top), _gloss(canvas, 0.38, 9.0, 9.0), feet)


def _wood(rng: np.random.Generator, across: Floats, away: Floats, width: int, rows: int) -> Floats:
    """Planks across the frame, their grain stretched along them."""
    streaks = resize(spectral(rng, (64, 8), 1.6, 1), width, rows)
    fine = resize(spectral(rng, (128, 24), 0.9, 3), width, rows)
    plank = away * 9.0
    seam = 1 - 0.5 * np.exp(-(((plank - np.round(plank)) / 0.045) ** 2))
    tone = np.array([1.0, 0.88, 1.08, 0.94, 1.04], np.float32)[np.mod(np.floor(plank + 0.5).astype(int), 5)]
    return ((0.88 + (streaks - 0.5) * 0.5 + (fine - 0.5) * 0.3) * seam * tone + 0 * across).astype(np.float32)


def _stone(rng: np.random.Generator, width: int, rows: int) -> Floats:
    veins = resize(spectral(rng, (128, 256), 3.4, 1.5, stretch=(0.6, 1)), width, rows)
    return (0.95 - 0.14 * np.exp(-(((veins - 0.5) / 0.012) ** 2)) + (veins - 0.5) * 0.12).astype(np.float32)


def _flat(canvas: Canvas, picture: Floats, cover: Floats, top: int) -> Flat:
    pixels = np.dstack([to_pixels(np.clip(picture, 0, 1) * cover[..., None]), to_pixels(cover)])
    left = (canvas.width - picture.shape[1]) / 2
    return Flat(np.ascontiguousarray(pixels), STAND_DEPTH, left, top, canvas, FEET_ROW * canvas.height)


def _gloss(canvas: Canvas, strength: float, half: float, tall: float) -> Pixels:
    """Strongest at the feet, gone at REFLECTED, and only on an ellipse of `half` by `tall` bases."""
    rows, columns = max(2, int(REFLECTED * canvas.base) // 2), max(2, canvas.width // 2)
    x = ((np.arange(columns, dtype=np.float32) - columns / 2) * np.float32(2 / canvas.base))[None, :]
    y = (np.arange(rows, dtype=np.float32) * np.float32(2 / canvas.base))[:, None]
    inside = smoothstep(1.0, 0.94, np.hypot(x / half, y / tall))
    return to_pixels(strength * inside * (1 - smoothstep(0.0, REFLECTED, y)) ** 1.5)


def gobo(rng: np.random.Generator, rows: int, columns: int, kind: str, side: float) -> Floats:
    """How much light passes: between the leaves of a branch, or through the panes of a window. Soft, 0..1."""
    mask = np.full((rows, columns), 255, np.uint8)
    size = min(rows, columns)
    if kind == "leaves":
        for _ in range(5):
            root = np.array(
                [columns * (0.5 - side * float(rng.uniform(0.30, 0.62))), rows * float(rng.uniform(-0.1, 0.25))]
            )
            bough = float(rng.uniform(0.2, 0.9)) * side
            for index in range(11):
                stem = root + np.array([math.sin(bough), math.cos(bough)]) * size * 0.055 * index
                turn = math.pi - bough + (0.8 if index % 2 else -0.8) + float(rng.uniform(-0.2, 0.2))
                outline = leaf(0.0, 0.0, turn, 0.20, 0.24) * np.array([1.0, -1.0]) * size + stem
                fill(mask, outline, 0.0)
        return blur(mask, size * 0.012 + 0.3).astype(np.float32) / np.float32(255)
    panes = np.zeros((rows, columns), np.uint8)
    for column in range(3):
        for row in range(3):
            x = columns * (0.5 - side * 0.22) + size * 0.26 * (column - 1.0)
            y = rows * 0.36 + size * 0.24 * (row - 1.0) + side * size * 0.05 * column
            corners = np.array(
                [[0, 0], [0.23, side * 0.045], [0.23 - side * 0.05, 0.21 + side * 0.045], [-side * 0.05, 0.21]]
            )
            fill(panes, corners * size + np.array([x, y]), 1.0)
    return blur(panes, size * 0.010 + 0.3).astype(np.float32) / np.float32(255)
