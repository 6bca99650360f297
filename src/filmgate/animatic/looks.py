"""Looks: what the picture is made with. Film stock is a curve of colours; paint, ink and pixels redraw every frame.

A look is built once and changes each frame by itself, so that nothing flickers that did not move.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import cv2
import numpy as np

from filmgate.animatic.colour import from_hex, smoothstep, to_pixels
from filmgate.animatic.noise import spectral
from filmgate.animatic.raster import (
    Canvas,
    Floats,
    Pixels,
    add_weighted,
    blur,
    darken,
    halve,
    invert,
    lookup,
    multiply,
    resize,
    sample,
    scale,
    screen,
    tint,
    triple,
    veil,
)

PAPER = from_hex("f4eee0")
PIXEL_ROWS = 150  # of a pixel-art frame of usual shape
PIXEL_LEVELS = 7  # of each colour
BAYER = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]], np.float32) / 16 - 0.47
INK_STEPS = 6  # tones of a flat-coloured drawing
SCRATCH_EVERY, SCRATCH_FRAMES = 41, 9


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """`apply` may change its argument. `grain` and `vignette` scale what the lens and the film add."""

    apply: Callable[[Pixels, int], Pixels]  # the frame and its number
    grain: float = 1.0
    vignette: float = 1.0
    bloom: float = 1.0


def build_look(style: str | None, output: Canvas, rng: np.random.Generator) -> Look:
    """The look called `style`; None is the scene's own colours."""
    return _BUILDERS[style](output, rng) if style is not None else Look(_unchanged)


def _unchanged(frame: Pixels, index: int) -> Pixels:
    return frame


def _graded(table: Pixels) -> Callable[[Pixels, int], Pixels]:
    return lambda frame, index: lookup(frame, table)


def _cinematic(output: Canvas, rng: np.random.Generator) -> Look:
    """Warm highlights, teal shadows, a steeper curve."""
    level = _levels()
    steep = _s_curve(level) * 0.4 + level * 0.6
    split = 0.03 * np.sin((level - 0.5) * np.pi)
    return Look(_graded(_table(steep + split, steep, steep - split * 1.2)), vignette=1.15)


def _noir(output: Canvas, rng: np.random.Generator) -> Look:
    level = _levels()
    table = to_pixels(_s_curve(level) * 0.75 + level * 0.25)

    def apply(frame: Pixels, index: int) -> Pixels:
        return triple(lookup(_grey(frame), table))

    return Look(apply, grain=1.5, vignette=1.35)


def _vintage(output: Canvas, rng: np.random.Generator) -> Look:
    """Faded, brown, with a scratch that comes and goes and a lamp that is not quite steady."""
    level = _levels()
    table = _table(level * 0.97 + 0.05, level * 0.88 + 0.035, level * 0.70 + 0.03)
    places = rng.uniform(0.06, 0.94, 64)

    def apply(frame: Pixels, index: int) -> Pixels:
        old = lookup(triple(_grey(frame)), table)
        number, age = divmod(index, SCRATCH_EVERY)
        if age < SCRATCH_FRAMES:
            x = int((places[number % len(places)] + 0.002 * np.sin(index * 2.1)) * output.width)
            width = max(1, round(output.unit))
            line = old[:, x : x + width]
            line[:] = add_weighted(np.ascontiguousarray(line), 0.75, np.full_like(line, 220), 0.25)
        return scale(old, 1 + 0.012 * float(np.sin(index * 1.7)))

    return Look(apply, grain=2.0, vignette=1.35)


def _neon(output: Canvas, rng: np.random.Generator) -> Look:
    """Magenta and cyan, with edges that glow in their own colour."""
    level = _levels()
    curve = _s_curve(level)
    table = _table(curve * 0.6 + level * 0.42, curve * 0.75 + level * 0.2, curve * 0.45 + level * 0.55 + 0.02)

    def apply(frame: Pixels, index: int) -> Pixels:
        graded = lookup(frame, table)
        small = halve(graded)
        glow = blur(multiply(small, triple(_edges(_grey(small), 2.2)), gain=1.6), 3.0 * max(0.4, output.unit))
        screen(graded, resize(glow, output.width, output.height))
        return graded

    return Look(apply, bloom=1.5)


def _anime(output: Canvas, rng: np.random.Generator) -> Look:
    """Flat tones with soft borders, rich colours, dark outlines."""
    level = _levels()
    steps = level * INK_STEPS
    whole = np.floor(steps)
    flat = (whole + smoothstep(0.30, 0.70, steps - whole)) / INK_STEPS
    table = to_pixels(np.clip(flat * 1.04 + 0.02, 0, 1))
    size = _odd(5 * output.unit)

    def apply(frame: Pixels, index: int) -> Pixels:
        smooth = _median(frame, size)
        light, red, blue = cv2.split(cv2.cvtColor(smooth, cv2.COLOR_RGB2YCrCb))
        drawn = cv2.merge([lookup(_pixels(light), table), _richer(_pixels(red)), _richer(_pixels(blue))])
        coloured = _pixels(cv2.cvtColor(drawn, cv2.COLOR_YCrCb2RGB))
        darken(coloured, triple(invert(scale(_edges(_pixels(light), 2.6), 0.8))))
        return coloured

    return Look(apply, grain=0.25, vignette=0.5)


def _watercolour(output: Canvas, rng: np.random.Generator) -> Look:
    """Washes that wander a little from their place, darker where they end, on rough paper that stays white around."""
    wander_x, wander_y = _wander(output, rng, 5.0)
    paper, margin = _paper(output, rng), _deckle(output, rng)
    table = to_pixels(_levels() ** 0.80 * 0.82 + 0.18)  # no wash is darker than its pigment
    size = _odd(7 * output.unit)

    def apply(frame: Pixels, index: int) -> Pixels:
        wet = sample(_median(_median(frame, size), size), wander_x, wander_y)
        rims = invert(scale(_edges(_grey(wet), 1.2), 0.38))
        thin = lookup(wet, table)
        darken(thin, triple(rims))
        darken(thin, paper)
        veil(thin, margin, PAPER)
        return thin

    return Look(apply, grain=0.0, vignette=0.0, bloom=0.6)


def _ink(output: Canvas, rng: np.random.Generator) -> Look:
    """Chinese ink wash: tones of one ink on cream paper, a breath of colour, brushed outlines."""
    wander_x, wander_y = _wander(output, rng, 4.0)
    paper, margin = _paper(output, rng), _deckle(output, rng)
    level = _levels()
    table = to_pixels(np.clip(0.16 + 0.90 * (_s_curve(level) * 0.5 + level * 0.5) ** 0.62, 0, 1))
    size = _odd(7 * output.unit)

    def apply(frame: Pixels, index: int) -> Pixels:
        wet = sample(_median(frame, size), wander_x, wander_y)
        grey = _grey(wet)
        washed = add_weighted(tint(lookup(grey, table), PAPER), 0.88, wet, 0.12)
        darken(washed, triple(invert(scale(_edges(grey, 1.8), 0.75))))
        darken(washed, paper)
        veil(washed, margin, PAPER)
        return washed

    return Look(apply, grain=0.0, vignette=0.0, bloom=0.5)


def _sketch(output: Canvas, rng: np.random.Generator) -> Look:
    """Pencil: outlines, and hatching where it is dark."""
    paper = _paper(output, rng)
    hatching = _hatching(output, rng)

    def apply(frame: Pixels, index: int) -> Pixels:
        grey = _grey(frame)
        shade = cv2.subtract(invert(grey), hatching)
        page = invert(_pixels(cv2.add(scale(_pixels(shade), 0.85), scale(_edges(grey, 3.2), 0.9))))
        drawn = tint(page, PAPER)
        darken(drawn, paper)
        return drawn

    return Look(apply, grain=0.0, vignette=0.0, bloom=0.4)


def _pixel(output: Canvas, rng: np.random.Generator) -> Look:
    """Large square pixels of few colours, dithered between them."""
    block = max(2, round(output.base / PIXEL_ROWS))
    columns, rows = -(-output.width // block), -(-output.height // block)
    pattern = np.tile(BAYER, (rows // 4 + 1, columns // 4 + 1))[:rows, :columns, None] * (
        0.7 * 255 / (PIXEL_LEVELS - 1)
    )
    level = np.round(np.round(_levels() * (PIXEL_LEVELS - 1)) / (PIXEL_LEVELS - 1) * 255).astype(np.uint8)

    def apply(frame: Pixels, index: int) -> Pixels:
        padded = cv2.copyMakeBorder(
            frame, 0, rows * block - output.height, 0, columns * block - output.width, cv2.BORDER_REPLICATE
        )
        small = resize(_pixels(padded), columns, rows, cv2.INTER_AREA)
        coarse = lookup(np.clip(small.astype(np.float32) + pattern, 0, 255).astype(np.uint8), level)
        large = resize(coarse, columns * block, rows * block, cv2.INTER_NEAREST)
        return np.ascontiguousarray(large[: output.height, : output.width])

    return Look(apply, grain=0.0, vignette=0.0)


_BUILDERS: Mapping[str, Callable[[Canvas, np.random.Generator], Look]] = MappingProxyType(
    {
        "cinematic": _cinematic,
        "noir": _noir,
        "vintage": _vintage,
        "neon": _neon,
        "anime": _anime,
        "watercolour": _watercolour,
        "ink": _ink,
        "sketch": _sketch,
        "pixel": _pixel,
    }
)
STYLES = frozenset(_BUILDERS)


def _levels() -> Floats:
    return np.arange(256, dtype=np.float32) / np.float32(255)


def _s_curve(level: Floats) -> Floats:
    return level * level * (3 - 2 * level)


def _table(red: Floats, green: Floats, blue: Floats) -> Pixels:
    """A curve per channel, as cv2.LUT takes it."""
    return np.ascontiguousarray(to_pixels(np.clip(np.stack([red, green, blue], -1), 0, 1))[None])


def _pixels(image: object) -> Pixels:
    return np.asarray(image, np.uint8)


def _grey(frame: Pixels) -> Pixels:
    return _pixels(cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY))


def _richer(chroma: Pixels) -> Pixels:
    """A third more colour."""
    return _pixels(cv2.convertScaleAbs(chroma, alpha=1.3, beta=-0.3 * 128))


def _edges(grey: Pixels, gain: float) -> Pixels:
    """Outlines: how much darker each spot is than its surroundings, without the faintest."""
    wide = blur(grey, 1.6)
    return _pixels(cv2.convertScaleAbs(cv2.subtract(cv2.subtract(wide, grey), np.full_like(grey, 3)), alpha=gain * 4))


def _median(frame: Pixels, size: int) -> Pixels:
    return _pixels(cv2.medianBlur(frame, size))


def _odd(length: float) -> int:
    """3 or 5: larger medians are many times slower."""
    return 3 if length < 4 else 5


def _wander(output: Canvas, rng: np.random.Generator, reach: float) -> tuple[Floats, Floats]:
    """Where each pixel is read from: near its own place."""
    rows, columns = np.mgrid[0 : output.height, 0 : output.width].astype(np.float32)
    shifts = [
        resize(spectral(rng, (128, 128), 2.0, 6, 40) - np.float32(0.5), output.width, output.height, cv2.INTER_CUBIC)
        for _ in range(2)
    ]
    amount = np.float32(reach * 3 * output.unit)
    return columns + shifts[0] * amount, rows + shifts[1] * amount


def _paper(output: Canvas, rng: np.random.Generator) -> Pixels:
    """The tooth of rough paper, to darken with."""
    fine = spectral(rng, (512, 512), 0.9, 24)
    tiles = np.tile(fine, (output.height // 512 + 1, output.width // 512 + 1))[: output.height, : output.width]
    return triple(to_pixels(np.clip(0.93 + (tiles - 0.5) * 0.30, 0, 1)))


def _deckle(output: Canvas, rng: np.random.Generator) -> Pixels:
    """Where the wash ends and the paper stays bare: a ragged frame."""
    rows = np.minimum(np.arange(output.height), np.arange(output.height)[::-1]).astype(np.float32)[:, None]
    columns = np.minimum(np.arange(output.width), np.arange(output.width)[::-1]).astype(np.float32)[None]
    ragged = resize(spectral(rng, (128, 128), 2.6, 2) - np.float32(0.5), output.width, output.height, cv2.INTER_CUBIC)
    inside = np.minimum(rows, columns) / np.float32(output.base) + ragged * np.float32(0.075)
    return to_pixels(1 - smoothstep(0.0, 0.085, inside))


def _hatching(output: Canvas, rng: np.random.Generator) -> Pixels:
    """Thresholds that leave thin slanting strokes where it is dark, and cross them where it is darker."""
    rows, columns = np.mgrid[0 : output.height, 0 : output.width].astype(np.float32)
    spacing = np.float32(max(3.0, 5.0 * output.unit))
    shake = resize(spectral(rng, (64, 64), 2.0, 2) - np.float32(0.5), output.width, output.height, cv2.INTER_CUBIC)
    one = 0.5 + 0.5 * np.sin(2 * np.pi * ((columns + rows) / spacing + shake * 2.5))
    other = 0.5 + 0.5 * np.sin(2 * np.pi * ((columns - rows) / spacing + shake * 2.5))
    return to_pixels(np.clip(np.minimum(0.12 + 0.62 * one, 0.42 + 0.5 * other), 0, 1))
