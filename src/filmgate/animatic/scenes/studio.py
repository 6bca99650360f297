"""A product set: a seamless backdrop under a spotlight, something to stand on, and a light that sweeps over it all."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import cv2
import numpy as np

from filmgate.animatic.camera import View
from filmgate.animatic.colour import from_hex, from_oklab, mix, smoothstep, to_oklab, to_pixels
from filmgate.animatic.figures.cast import build_cast, paint_cast, stands_on_ground
from filmgate.animatic.figures.stage import Actor, Spot, Stage
from filmgate.animatic.palettes import Palette
from filmgate.animatic.post import Finish
from filmgate.animatic.raster import (
    Canvas,
    Floats,
    Pixels,
    add_light,
    blur,
    darken,
    place,
    resize,
    scale,
    screen,
    then,
    tint,
    triple,
    warp,
)
from filmgate.animatic.scene import Brief, Moment
from filmgate.animatic.scenes.room.dust import Dust, build_dust
from filmgate.animatic.scenes.set_pieces import FEET_ROW, STAND_DEPTH, Top, build_plinth, build_table_top, gobo

TABLE_HEIGHT, PERSON = 0.50, 0.62  # bases
REDUCTION = 4  # of light and shadow, which are soft
GOBO_MARGIN = 0.12  # of the frame, beyond which swaying shadows never reach
SWEEP_SECONDS = 8.0
BACKDROPS = ("e2bfb2", "bccbdc", "c9d4bb", "e6cfa2", "cfc3de", "b9d0cd")
WARM_BACKDROPS = ("dba67c", "d99a86", "e0b679")
DARK_BACKDROPS = ("3d3450", "263c52", "51382a", "28443c")
WOOD, WHITE = from_hex("8a5a38"), np.ones(3, np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Lights:
    """What changes on the set: shadows that sway, a band of light that passes, lamps out of focus."""

    shadow: Pixels | None  # 255 where nothing is shaded, with a margin on every side
    band: Pixels
    bokeh: Pixels | None
    canvas: Canvas

    def shade(self, frame: Pixels, seconds: float) -> None:
        if self.shadow is None:
            return
        height, width = self.shadow.shape
        rows, columns = _reduced(self.canvas)
        sway = 0.012 * math.sin(seconds * 0.55) + 0.005 * math.sin(seconds * 1.27 + 1)
        drift = 0.8 * math.sin(seconds * 0.38) * self.canvas.unit
        turn = then(
            place(width / 2 + drift, 0, 1.0, sway, (width / 2, 0)), place((columns - width) / 2, (rows - height) / 2)
        )
        darken(frame, triple(_enlarged(warp(self.shadow, turn, columns, rows, cv2.BORDER_REPLICATE), self.canvas)))

    def add(self, frame: Pixels, seconds: float, view: View) -> None:
        rows, columns = _reduced(self.canvas)
        # A cosine has no corner: the band slows down out of sight and returns.
        across = -0.95 * math.cos(2 * math.pi * (seconds + 0.6) / SWEEP_SECONDS) * columns
        light = warp(self.band, place((columns - self.band.shape[1]) / 2 + across, 0), columns, rows)
        if self.bokeh is not None:
            shift = (-view.travel_x * 0.10 * self.canvas.width + 6 * math.sin(seconds * 0.21)) / REDUCTION
            glow = warp(self.bokeh, place(shift, 0), columns, rows, cv2.BORDER_REFLECT_101)
            add_light(light, scale(glow, 0.85 + 0.15 * math.sin(seconds * 0.7)))
        screen(frame, _enlarged(light, self.canvas))


@dataclass(frozen=True, slots=True, eq=False)
class Studio:
    finish: Finish
    backdrop: Pixels
    lights: Lights
    top: Top
    dust: Dust | None
    cast: tuple[Actor, ...]

    def paint(self, moment: Moment) -> Pixels:
        seconds, view = moment.seconds, moment.view
        frame = self.backdrop.copy()
        self.lights.shade(frame, seconds)
        self.top.paint(frame, view)
        paint_cast(self.cast, "air", frame, moment)
        paint_cast(self.cast, "ground", frame, moment)
        paint_cast(self.cast, "table", frame, moment)
        self.top.reflect(frame, view)
        self.lights.add(frame, seconds, view)
        if self.dust is not None:
            self.dust.paint(frame, seconds, view)
        return frame


def build_studio(brief: Brief) -> Studio:
    canvas, palette, rng = brief.canvas, brief.palette, brief.rng
    side = 1.0 if rng.uniform() < 0.5 else -1.0  # where the light goes to
    ground = _backdrop_colour(brief)
    light = np.clip(mix(mix(palette.light, palette.glow, 0.3), WHITE, 0.55), 0, 1).astype(np.float32)
    on_table = "tabletop" in brief.reading.features
    walked_on = stands_on_ground(brief)  # nobody walks on a plinth
    if on_table or walked_on:
        wooden = on_table and not palette.dark and rng.uniform() < 0.7
        surface = mix(WOOD, ground, 0.18) if wooden else ground * 0.85
        top = build_table_top(canvas, np.clip(surface * 1.25, 0, 1), light, wooden, rng)
    else:
        top = build_plinth(canvas, np.clip(mix(ground, WHITE, 0.24 if palette.dark else 0.22), 0, 1), light, side, rng)
    row, base = FEET_ROW * canvas.height, canvas.base
    spots = {
        "table": Spot(0.5, row, TABLE_HEIGHT * base, STAND_DEPTH, level=True),
        "ground": Spot(0.5, row, PERSON * base, STAND_DEPTH, level=True),
        "air": Spot(0.5, canvas.height * 0.34, 0.24 * base, 0.30),
    }
    stage = Stage(canvas, row, spots, (-0.45 * side, -0.89), shadow=0.55)
    return Studio(
        finish=Finish(bloom=0.45, bloom_threshold=180) if palette.dark else Finish(bloom=0.28, bloom_threshold=215),
        backdrop=_backdrop(brief, ground, light, side),
        lights=_lights(brief, light, side),
        top=top,
        dust=build_dust(canvas, _cone(canvas, side) * (1.0 if palette.dark else 0.6), light, rng),
        cast=build_cast(_under_spotlight(brief, light), stage),
    )


def _under_spotlight(brief: Brief, light: Floats) -> Brief:
    """The brief as the cast sees it: lit from the front whatever the hour, and dry."""
    palette = brief.palette
    ambient = mix(palette.ambient, WHITE * np.float32(0.62), 0.6)
    shown = replace(palette, ambient=ambient, light=light, dark=False, sun_height=0.4)
    return replace(brief, palette=shown, reading=replace(brief.reading, weather=None))


def _backdrop_colour(brief: Brief) -> Floats:
    """Of the prompt's own colour, quietened so that the product stands out; else one that suits the hour."""
    palette, rng = brief.palette, brief.rng
    if palette.name == "neon":
        return from_hex("2a1a48")
    choices = DARK_BACKDROPS if palette.dark else WARM_BACKDROPS if palette.name in ("golden", "sunset") else BACKDROPS
    usual = from_hex(choices[int(rng.integers(len(choices)))])
    if brief.reading.accent is None:
        return usual
    lightness, own = to_oklab(usual)[..., :1], to_oklab(from_hex(brief.reading.accent))
    return from_oklab(np.concatenate([lightness, own[..., 1:] * np.float32(0.55)], -1))


def _backdrop(brief: Brief, ground: Floats, light: Floats, side: float) -> Pixels:
    """Paper that curves from wall to floor: brightest where the spotlight falls, and a shape cut out of it."""
    canvas, rng = brief.canvas, brief.rng
    rows, columns = _reduced(canvas)
    x, y = _places(canvas)
    spot = np.exp(-(((x + 0.10 * side) / 0.62) ** 2) - ((y - 0.46) / 0.46) ** 2)
    corner = np.exp(-((np.hypot(x - side * 1.0, y - 1.0) / 0.9) ** 2))
    level = (0.46 if brief.palette.dark else 0.70) + (1.25 if brief.palette.dark else 0.40) * spot - 0.14 * corner
    picture = ground * level[..., None] * mix(WHITE, light, 0.6)
    picture = mix(picture, light * np.ones_like(picture), (spot**3 * (0.06 if brief.palette.dark else 0.16))[..., None])
    if brief.palette.name == "neon":
        for edge, colour in ((-1.0, (1.0, 0.12, 0.62)), (1.0, (0.05, 0.65, 1.0))):
            wash = np.exp(-(((x - edge * 0.75) / 0.55) ** 2) - ((y - 0.45) / 0.7) ** 2)
            picture = picture + wash[..., None] * np.array(colour, np.float32) * np.float32(0.42)
    full = resize(picture.astype(np.float32), columns * REDUCTION, rows * REDUCTION)[: canvas.height, : canvas.width]
    _cut_out(full, canvas, brief, light)
    return to_pixels(np.clip(full, 0, 1), rng)


def _cut_out(picture: Floats, canvas: Canvas, brief: Brief, light: Floats) -> None:
    """A disc or an arch that stands before the paper, and its soft shadow."""
    kind = ("disc", "arch", "none")[int(brief.rng.integers(3))]
    if kind == "none":
        return
    radius, middle_y = 0.30 * canvas.base, (FEET_ROW - 0.04) * canvas.height - 0.34 * canvas.base
    x = np.arange(canvas.width, dtype=np.float32)[None, :] - np.float32(canvas.width / 2)
    y = np.arange(canvas.height, dtype=np.float32)[:, None] - np.float32(middle_y)
    distance = np.hypot(x, y) if kind == "disc" else np.where(y < 0, np.hypot(x, y), np.abs(x))
    inside = smoothstep(0.8, -0.8, distance - radius)
    shade = 1 - 0.22 * np.exp(-np.clip(distance - radius, 0, None) / (0.05 * canvas.base)) * (1 - inside)
    tone = 1.20 - 0.30 * np.clip(y / (radius * 2) + 0.5, 0, 1)
    rim = (
        np.exp(-(((distance - radius + 1.5 * canvas.unit) / (1.6 * canvas.unit)) ** 2))
        * 0.20
        * np.clip(0.5 - y / radius * 0.5, 0, 1)
    )
    picture *= (shade * mix(np.ones_like(inside), np.broadcast_to(tone, inside.shape), inside))[..., None]
    picture += rim[..., None] * light


def _lights(brief: Brief, light: Floats, side: float) -> Lights:
    canvas, palette, rng = brief.canvas, brief.palette, brief.rng
    rows, columns = _reduced(canvas)
    margin_y, margin_x = (max(2, int(GOBO_MARGIN * length)) for length in (rows, columns))
    kind = ("leaves", "window")[int(rng.integers(2))]
    shadow = None
    if not palette.dark:
        passing = gobo(rng, rows + 2 * margin_y, columns + 2 * margin_x, kind, side)
        shadow = to_pixels((0.72 if kind == "leaves" else 0.80) + (0.28 if kind == "leaves" else 0.20) * passing)
    wide = max(8, int(0.9 * columns))
    x = (
        np.linspace(-1, 1, wide, dtype=np.float32)[None, :]
        + side * np.linspace(-0.12, 0.12, rows, dtype=np.float32)[:, None]
    )
    band = np.exp(-((x / 0.30) ** 2)) * np.clip((1 - np.abs(x)) * 4, 0, 1) * (0.15 if palette.dark else 0.11)
    lit = palette.dark or palette.name in ("golden", "sunset", "dawn")
    return Lights(
        shadow, tint(to_pixels(band), light), _bokeh(palette, rows, columns, canvas, rng) if lit else None, canvas
    )


def _bokeh(palette: Palette, rows: int, columns: int, canvas: Canvas, rng: np.random.Generator) -> Pixels:
    """Lamps far out of focus, in the upper part of the frame."""
    light = np.zeros((rows, columns, 3), np.float32)
    x, y = np.arange(columns, dtype=np.float32)[None, :], np.arange(rows, dtype=np.float32)[:, None]
    hues = (
        [from_hex("ff4fb4"), from_hex("41c0ff"), palette.glow]
        if palette.name == "neon"
        else [palette.glow, from_hex("ffc27a"), palette.light]
    )
    for index in range(20):
        radius = float(rng.uniform(0.018, 0.055)) * canvas.base / REDUCTION
        away = np.hypot(x - float(rng.uniform(0, columns)), y - float(rng.uniform(-0.05, 0.55)) * rows)
        face = smoothstep(1.0, 0.86, away / radius) * (0.65 + 0.35 * smoothstep(0.6, 0.95, away / radius))
        light += face[..., None] * hues[index % len(hues)] * np.float32(rng.uniform(0.05, 0.20))
    return to_pixels(np.clip(blur(light, 0.7), 0, 1))


def _cone(canvas: Canvas, side: float) -> Floats:
    """The spotlight's beam, at the reduced size."""
    x, y = _places(canvas)
    middle = -0.55 * side * (1 - y / FEET_ROW)
    return np.exp(-(((x - middle) / (0.10 + 0.28 * np.clip(y, 0, 1))) ** 2)) * smoothstep(0.98, 0.5, y)


def _places(canvas: Canvas) -> tuple[Floats, Floats]:
    """Bases from the middle, and shares of the height, of each sample at the reduced size."""
    rows, columns = _reduced(canvas)
    x = ((np.arange(columns, dtype=np.float32) + 0.5) * REDUCTION - canvas.width / 2)[None, :] / np.float32(canvas.base)
    y = ((np.arange(rows, dtype=np.float32) + 0.5) * REDUCTION / canvas.height)[:, None]
    return x.astype(np.float32), y.astype(np.float32)


def _reduced(canvas: Canvas) -> tuple[int, int]:
    return -(-canvas.height // REDUCTION), -(-canvas.width // REDUCTION)


def _enlarged(light: Pixels, canvas: Canvas) -> Pixels:
    rows, columns = light.shape[:2]
    return resize(light, columns * REDUCTION, rows * REDUCTION)[: canvas.height, : canvas.width]
