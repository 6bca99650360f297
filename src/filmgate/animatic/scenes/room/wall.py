"""The wall itself: plaster, panelling, windows, and the light that falls on all of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from filmgate.animatic.colour import mix, smoothstep, to_pixels
from filmgate.animatic.noise import spectral
from filmgate.animatic.palettes import Palette
from filmgate.animatic.raster import Floats, Pixels, Points, blur, merge, multiply, resize
from filmgate.animatic.scene import Brief
from filmgate.animatic.scenes.room.cloth import CURTAINED
from filmgate.animatic.scenes.room.furnish import Furnishing, furnish
from filmgate.animatic.scenes.room.hearth import build_surround
from filmgate.animatic.scenes.room.panel import Flat, Lamp, Panel, build_panel, disc, headroom_px, rectangle
from filmgate.animatic.scenes.room.plan import NEAR_TABLE_ROW, WALL_DEPTH, Plan, Window
from filmgate.animatic.scenes.room.tones import Tones

GLASS_SHEEN = 0.05
BOUNCE = np.array([0.13, 0.09, 0.055], np.float32)  # of lamplight, from every wall


@dataclass(frozen=True, slots=True, eq=False)
class RoomLight:
    """How bright it is inside: light from all around, daylight that comes in, and whether the lamps are on."""

    ambient: Floats
    daylight: Floats
    beam: float  # of direct sun or moon through the window, 0..1
    lamps: bool


def room_light(brief: Brief) -> RoomLight:
    palette, weather = brief.palette, brief.reading.weather
    neon = palette.name == "neon"
    dim = palette.dark or palette.name in ("sunset", "dawn")
    grey = float(palette.ambient.mean())
    lamps = dim or weather in ("rain", "storm", "snow") or bool(brief.reading.features & {"candles", "fireplace"})
    if palette.dark:
        ambient = palette.ambient * (0.80 if neon else 0.72) + 0.04
    else:
        ambient = mix(palette.ambient, np.full(3, grey, np.float32), 0.55) * (0.98 if dim else 1.32)
    if lamps:
        ambient = ambient + BOUNCE
    direct = 0.0 if palette.sun_hidden or weather in ("rain", "storm", "snow", "fog") else 0.35 if palette.moon else 1.0
    direct = 0.0 if palette.name in ("dusk", "neon") else direct
    return RoomLight(
        ambient=ambient.astype(np.float32),
        daylight=mix(palette.light, palette.glow, 0.35) * (0.55 if palette.dark else 0.85),
        beam=direct,
        lamps=lamps,
    )


def build_wall(brief: Brief, plan: Plan, tones: Tones, light: RoomLight) -> tuple[Flat, Panel]:
    """The finished wall with its windows open to the view, and the panel it was painted on."""
    canvas, rng = brief.canvas, brief.rng
    hidden = NEAR_TABLE_ROW * canvas.height + 0.10 * canvas.base  # below this stands the table
    rows = int(min(canvas.height, hidden)) if plan.near else int(plan.floor_row) + 1
    panel = build_panel(brief, plan.unit_px, plan.floor_row, rows, (-0.5 * plan.light_side, 0.85))
    _plaster(panel, plan, tones, rng)
    for window in plan.windows:
        _frame(panel, window, tones)
        _open(panel, window, tones)
    if plan.fireplace:
        build_surround(panel, plan, tones)
    screen = np.array([1.0, 0.35, 0.8] if brief.palette.name == "neon" else [0.55, 0.80, 1.0], np.float32)
    if plan.kind in CURTAINED:
        for window in plan.windows:
            _curtain_rod(panel, window, tones)
    furnish(Furnishing(panel, plan, tones, light.lamps, screen, rng))
    _weathered(panel, rng)
    panel.light(light_map(panel, plan, light, brief.palette))
    cover = panel.cover
    pixels = np.dstack([multiply(panel.albedo, merge(cover, cover, cover)), cover])
    sheen = _sheen(panel, plan, cover)
    pixels[..., :3] = np.maximum(pixels[..., :3], sheen[..., None])
    pixels[..., 3] = np.maximum(pixels[..., 3], sheen)
    left = (canvas.width - pixels.shape[1]) / 2
    return Flat(pixels, WALL_DEPTH, left, -headroom_px(canvas), canvas, plan.horizon), panel


def _plaster(panel: Panel, plan: Plan, tones: Tones, rng: np.random.Generator) -> None:
    panel.albedo[:] = to_pixels(tones.wall)
    reach, top = panel.reach, panel.top
    if plan.kind in ("living", "bedroom", "hall"):
        rail, panelling = 0.235, mix(tones.trim, tones.wall, 0.12)
        panel.box(-reach, 0.0, reach, rail, panelling)
        for x in np.arange(-reach, reach, 0.20):
            panel.solid([rectangle(x + 0.020, 0.062, x + 0.180, rail - 0.028)], panelling * 0.93, 0.004)
            panel.solid([rectangle(x + 0.032, 0.074, x + 0.168, rail - 0.040)], panelling * 0.985, 0.004)
        panel.solid([rectangle(-reach, rail - 0.010, reach, rail + 0.008)], np.clip(tones.trim * 1.02, 0, 1), 0.004)
        panel.shadow(-reach, rail - 0.03, reach, rail - 0.01, 0.35, 0.01)
    elif plan.kind in ("library", "cafe"):
        for x in np.arange(-reach, reach, 0.055):
            tone = tones.trim * float(rng.uniform(0.88, 1.1))
            panel.solid([rectangle(x, 0.0, x + 0.053, 0.24)], np.clip(tone, 0, 1), 0.004)
    panel.solid([rectangle(-reach, 0.0, reach, 0.036)], tones.trim * 0.97, 0.005)
    panel.solid([rectangle(-reach, top - 0.035, reach, top + 0.12)], tones.trim, 0.006)
    panel.shadow(-reach, top - 0.075, reach, top - 0.03, 0.30, 0.025)
    panel.shadow(-reach, -0.03, reach, 0.006, 0.6, 0.02)


def _outline(window: Window, grow: float) -> Points:
    """The opening, wider by `grow` on every side, with a round arch if it has one."""
    left, right, top = window.left - grow, window.right + grow, window.top + grow
    if window.arch <= 0:
        return rectangle(left, window.bottom - grow, right, top)
    rise = window.arch * (window.top - window.bottom)
    turn = np.linspace(0, np.pi, 33)
    half = (right - left) / 2
    arch = np.stack([window.middle + half * np.cos(turn), top - rise + rise * np.sin(turn)], 1)
    return np.concatenate([[[left, window.bottom - grow], [right, window.bottom - grow]], arch])


def _frame(panel: Panel, window: Window, tones: Tones) -> None:
    """Casing and sill. The sashes are added when the view is cut free."""
    trim = tones.trim
    panel.shadow(window.left - 0.05, window.bottom - 0.06, window.right + 0.05, window.top + 0.03, 0.35, 0.025)
    panel.solid([_outline(window, 0.036)], trim, 0.005)
    panel.solid([_outline(window, 0.012)], trim * 0.86, 0.004)
    panel.shape(_outline(window, 0.0), np.clip(trim * 0.72, 0, 1))
    panel.shadow(window.left - 0.06, window.bottom - 0.075, window.right + 0.06, window.bottom - 0.035, 0.55, 0.018)
    panel.solid(
        [rectangle(window.left - 0.060, window.bottom - 0.034, window.right + 0.060, window.bottom + 0.004)],
        np.clip(trim * 1.02, 0, 1),
        0.006,
    )
    panel.shape(
        rectangle(window.left - 0.054, window.bottom - 0.008, window.right + 0.054, window.bottom + 0.005),
        np.clip(trim * 1.12, 0, 1),
    )


def _curtain_rod(panel: Panel, window: Window, tones: Tones) -> None:
    y, left, right = window.top + 0.040, window.left - 0.085, window.right + 0.085
    panel.shadow(left, y - 0.02, right, y - 0.008, 0.5, 0.01)
    panel.solid(
        [rectangle(left, y - 0.005, right, y + 0.005), disc(left, y, 0.010), disc(right, y, 0.010)], tones.dark, 0.004
    )


def _open(panel: Panel, window: Window, tones: Tones) -> None:
    """Cut the view free, and set the bars of the sashes back into it."""
    panel.open(_outline(window, -0.010))
    width, height = window.right - window.left, window.top - window.bottom
    bar, heavy = 0.0052, 0.011
    colour = np.clip(tones.trim * 0.72, 0, 1)
    for index in range(1, window.columns):
        x = window.left + width * index / window.columns
        half = heavy if index * 2 == window.columns or window.columns == 3 else bar
        panel.shape(rectangle(x - half, window.bottom, x + half, window.top), colour)
        panel.shape(rectangle(x - half * 0.5, window.bottom, x + half * 0.2, window.top), np.clip(colour * 1.2, 0, 1))
    for index in range(1, window.rows):
        y = window.bottom + height * (index / window.rows if window.rows != 2 else 0.68)
        panel.shape(rectangle(window.left, y - bar, window.right, y + bar), colour)
        panel.shape(rectangle(window.left, y, window.right, y + bar), np.clip(colour * 1.2, 0, 1))


def _sheen(panel: Panel, plan: Plan, cover: Pixels) -> Pixels:
    """A faint slanting reflection in every pane."""
    height, width = cover.shape
    columns, rows = np.arange(width, dtype=np.float32)[None, :], np.arange(height, dtype=np.float32)[:, None]
    along = (columns + rows * 0.8) / np.float32(plan.unit_px)
    bands = smoothstep(0.55, 0.95, 0.5 + 0.5 * np.sin(along * 7.0)) * np.float32(GLASS_SHEEN * 255)
    return np.where(cover == 0, bands, 0).astype(np.uint8)


def _weathered(panel: Panel, rng: np.random.Generator) -> None:
    """Nothing painted by hand is flat: a broad wash and the grain of the brush."""
    height, width = panel.albedo.shape[:2]
    wash = resize(spectral(rng, (64, 128), 2.0, 1.5), width, height)
    brush = resize(spectral(rng, (256, 256), 1.0, 12, stretch=(1, 0.45)), width, height)
    tone = to_pixels(np.clip(0.80 + (wash - 0.5) * 0.22 + (brush - 0.5) * 0.17, 0, 1))
    panel.albedo[:] = multiply(panel.albedo, merge(tone, tone, tone), 1.25)


def light_map(panel: Panel, plan: Plan, light: RoomLight, palette: Palette) -> Floats:
    """What light falls on each part of the wall (1 is white), at the panel's reduced size."""
    x, y = panel.places()
    level = np.ones_like(x + y)[..., None] * light.ambient
    for window in plan.windows:
        near = _distance_to(window, x, y)
        spill = np.exp(-near / 0.16) * 0.55 + np.exp(-near / 0.5) * 0.40
        level = level + (spill / len(plan.windows) ** 0.5)[..., None] * light.daylight * np.float32(0.75)
    if light.beam > 0:
        level = level + _patch(plan, panel, x, y)[..., None] * palette.light * np.float32(1.15 * light.beam)
    if palette.name == "neon":
        for side, colour in ((-1.0, (1.0, 0.10, 0.62)), (1.0, (0.08, 0.62, 1.0))):
            wash = np.exp(-((x - side * plan.half_width * 0.95) ** 2) / 0.30 - (y - 0.5) ** 2 / 0.5)
            level = level + wash[..., None] * np.array(colour, np.float32) * np.float32(0.75)
    level = level * (1 - 0.14 * smoothstep(0.5, 1.15, np.abs(x) / max(0.6, plan.half_width)))[..., None]
    for lamp in panel.lamps:
        level = level + _pool(lamp, x, y)[..., None] * lamp.colour
    return 1.6 * (1 - np.exp(-level / 1.6 * 1.12))  # a shoulder: lamps and sun never burn the wall flat


def _distance_to(window: Window, x: Floats, y: Floats) -> Floats:
    aside = np.maximum(np.abs(x - window.middle) - (window.right - window.left) / 2, 0)
    above = np.maximum(np.abs(y - (window.top + window.bottom) / 2) - (window.top - window.bottom) / 2, 0)
    return np.sqrt(aside**2 + above**2)


def _patch(plan: Plan, panel: Panel, x: Floats, y: Floats) -> Floats:
    """Sunlight from a window behind us, four slanting panes on the wall beside the window."""
    side, window = plan.light_side, plan.windows[-1 if plan.light_side > 0 else 0]
    start = window.right + 0.07 if side > 0 else -window.left + 0.07
    across = (side * x - start) - (0.62 - y) * 0.30
    up = (y - 0.30 + across * 0.12) / 0.36
    cells = np.zeros(np.broadcast_shapes(x.shape, y.shape), np.float32)
    for column in (0.0, 0.135):
        for row in (0.0, 0.52):
            inside_x = smoothstep(0, 0.012, across - column) * smoothstep(0, 0.012, column + 0.115 - across)
            inside_y = smoothstep(0, 0.035, up - row) * smoothstep(0, 0.035, row + 0.46 - up)
            cells = np.maximum(cells, inside_x * inside_y)
    return blur(cells, 1.0)


def _pool(lamp: Lamp, x: Floats, y: Floats) -> Floats:
    square = ((x - lamp.x) ** 2 + (y - lamp.y) ** 2) / np.float32(lamp.reach**2)
    return np.exp(-square * 2.6) * 0.55 + np.exp(-np.sqrt(square + 0.01) * 2.4) * 0.55
