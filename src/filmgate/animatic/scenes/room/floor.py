"""What is at our feet: a floor of boards or marble that runs to the wall, or the table at which we sit."""

from __future__ import annotations

import numpy as np

from filmgate.animatic.colour import mix, smoothstep, to_pixels
from filmgate.animatic.layers import Ground, overhang_width
from filmgate.animatic.noise import spectral
from filmgate.animatic.palettes import Palette
from filmgate.animatic.raster import Floats, Points, blur, fill, resize
from filmgate.animatic.scene import Brief
from filmgate.animatic.scenes.room.panel import Flat, Lamp
from filmgate.animatic.scenes.room.plan import NEAR_TABLE_ROW, TABLE_DEPTH, WALL_DEPTH, Plan
from filmgate.animatic.scenes.room.tones import Tones
from filmgate.animatic.scenes.room.wall import RoomLight

FRONT_SIZE = 1.75  # how much larger things are at the lower edge of the frame than at the wall
BOARD, TILE = 0.105, 0.16  # room units
RUG = ("living", "bedroom", "library")


def size_at(plan: Plan, row: float) -> float:
    """How much larger than at the wall things are that stand on screen row `row`."""
    share = (row - plan.floor_row) / max(1.0, plan.canvas.height - plan.floor_row)
    return 1 + (FRONT_SIZE - 1) * share


def build_floor(brief: Brief, plan: Plan, tones: Tones, light: RoomLight, lamps: list[Lamp]) -> Ground:
    canvas, rng = brief.canvas, brief.rng
    top, width = int(plan.floor_row), overhang_width(canvas)
    rows = canvas.height - top
    share = ((np.arange(rows, dtype=np.float32) + 0.5) / rows)[:, None]
    size = 1 + (FRONT_SIZE - 1) * share
    across = ((np.arange(width, dtype=np.float32) - width / 2)[None, :] / plan.unit_px / size).astype(np.float32)
    away = 1.35 / size  # distance from the eye, in room units
    albedo = (
        _marble(across, away, size, plan, tones) if plan.kind == "hall" else _boards(rng, across, away, plan, tones)
    )
    if plan.kind in RUG:
        albedo = _with_rug(albedo, across, share, tones)
    gloss = 0.34 if plan.kind == "hall" else 0.16
    level = _floor_light(brief.palette, plan, light, lamps, (across, share), gloss)
    grain = resize(spectral(rng, (64, 256), 1.6, 2), width, rows)[..., None]
    picture = to_pixels(np.clip(albedo * level * (0.9 + 0.2 * grain), 0, 1), rng)
    columns = np.repeat((np.arange(canvas.width, dtype=np.float32) - np.float32(canvas.width / 2))[None], rows, 0)
    lines = np.arange(rows, dtype=np.float32)[:, None]
    return Ground(picture, top, WALL_DEPTH * size[:, 0], columns, lines, canvas)


def _boards(rng: np.random.Generator, across: Floats, away: Floats, plan: Plan, tones: Tones) -> Floats:
    """Boards that run away from us, each of its own tone, butted end to end."""
    board = np.floor(across / BOARD).astype(int)
    inside = across / BOARD - board
    start = rng.uniform(0, 1, 512)[board % 512]
    length = (away * np.ones_like(across) + start) / 0.42
    piece = np.floor(length).astype(int)
    tone = rng.uniform(0.78, 1.12, 4096)[(board * 31 + piece * 7) % 4096].astype(np.float32)
    pixel = 1.0 / plan.unit_px / BOARD
    seam = np.minimum(smoothstep(0, pixel * 2.0, inside), smoothstep(0, pixel * 2.0, 1 - inside))
    joint = smoothstep(0.0, 0.03, length - piece)
    fibre = blur(rng.normal(0, 1, (1, 4096)).astype(np.float32), 1.2, 0.1)[0] * np.float32(0.055)
    place = np.mod(across * 620 + board.astype(np.float32) * np.float32(37), fibre.size).astype(np.int32)
    streak = fibre[place % fibre.size]
    shade = tone * (0.55 + 0.45 * np.minimum(seam, joint)) + streak
    return (shade[..., None] * np.clip(tones.wood * 1.12, 0, 1)).astype(np.float32)


def _marble(across: Floats, away: Floats, size: Floats, plan: Plan, tones: Tones) -> Floats:
    """Chequered slabs, their edges as soft as a pixel is wide."""
    deep = (1.35 - away) * 2.4
    pixel_x = 1.2 / plan.unit_px / TILE / size
    pixel_y = np.abs(np.gradient(deep[:, 0]))[:, None] / TILE * 1.2
    wave_x, wave_y = (_square_wave(value / TILE, soft) for value, soft in ((across, pixel_x), (deep, pixel_y)))
    pattern = (0.5 + 0.5 * wave_x * wave_y)[..., None]
    return mix(np.clip(tones.trim * 0.55, 0, 1), np.clip(tones.trim * 1.02, 0, 1), pattern).astype(np.float32)


def _square_wave(value: Floats, soft: Floats) -> Floats:
    """-1 and 1 in turn, one unit each, with edges `soft` wide."""
    return np.clip(np.sin(value * np.pi) / (np.pi * np.maximum(soft, 1e-3)), -1, 1)


def _with_rug(albedo: Floats, across: Floats, share: Floats, tones: Tones) -> Floats:
    """A round rug with a border and a fringe of pattern."""
    distance = np.sqrt((across / 0.52) ** 2 + ((share - 0.50) / 0.33) ** 2)
    inside = smoothstep(1.0, 0.985, distance)[..., None]
    rings = (
        smoothstep(0.012, 0.0, np.abs(distance - 0.90))[..., None]
        + smoothstep(0.02, 0.0, np.abs(distance - 0.80))[..., None]
    )
    weave = 0.94 + 0.06 * np.sin(distance * 150)[..., None]
    rug = mix(mix(tones.second, tones.cloth, 0.25), tones.cloth * 0.75, np.clip(rings, 0, 1)) * weave
    under = 1 - 0.35 * smoothstep(1.10, 0.98, distance)[..., None] * (1 - inside)
    return mix(albedo * under, rug, inside).astype(np.float32)


def _floor_light(
    palette: Palette, plan: Plan, light: RoomLight, lamps: list[Lamp], places: tuple[Floats, Floats], gloss: float
) -> Floats:
    across, share = places
    level = light.ambient * (0.86 - 0.28 * share)[..., None] * np.float32(0.95)
    for window in plan.windows:
        half = (window.right - window.left) / 2
        near = np.maximum(np.abs(across - window.middle) - half * 0.8, 0)
        spill = np.exp(-((near / 0.22) ** 2)) * np.exp(-share * 1.5)
        level = level + (spill * (0.55 + gloss))[..., None] * light.daylight
    if light.beam > 0:
        level = level + _sun_patch(plan, across, share)[..., None] * palette.light * np.float32(1.5 * light.beam)
    for lamp in lamps:
        # The light of a lamp reaches the floor in front of it, the less the higher it hangs.
        reach = lamp.reach * 1.3
        square = ((across - lamp.x) ** 2 + (share * 0.45 + lamp.y * 0.6) ** 2) / np.float32(reach**2)
        level = level + (np.exp(-square * 2.0) * 0.75)[..., None] * lamp.colour
    edge = 1 - 0.55 * np.exp(-share * 16)[..., None]  # the corner at the wall is always darker
    shaded = level * edge
    return (1.6 * (1 - np.exp(-shaded / 1.6 * 1.12))).astype(np.float32)


def _sun_patch(plan: Plan, across: Floats, share: Floats) -> Floats:
    """The panes of every window, thrown onto the floor aslant; softer the further they fell."""
    rows, width = share.shape[0], across.shape[1]
    mask = np.zeros((rows, width), np.uint8)
    unit = (width - 1) / float(across[0, -1] - across[0, 0])
    for window in plan.windows:
        lights = min(window.rows, 3)
        for column in range(window.columns):
            for row in range(lights):
                x = (
                    window.left
                    + (window.right - window.left) * (column + np.array([0.06, 0.94, 0.94, 0.06])) / window.columns
                )
                y = (row + np.array([0.06, 0.06, 0.94, 0.94])) / lights
                fill(mask, _thrown(plan, x, y, unit, (rows, width)), 1.0)
    soft = blur(mask, max(0.6, 2.6 * plan.canvas.unit), max(0.6, 1.6 * plan.canvas.unit))
    return soft.astype(np.float32) / np.float32(255) * (1.0 - 0.35 * share)


def _thrown(plan: Plan, x: Floats, y: Floats, unit: float, shape: tuple[int, int]) -> Points:
    """Pane corners (room units across, share of the patch's length) in pixels of the floor's picture."""
    down = 0.10 + 0.74 * y
    size = 1 + (FRONT_SIZE - 1) * down
    slanted = x + plan.light_side * (0.10 + 0.34 * down)
    return np.stack([shape[1] / 2 + slanted * size * unit, down * shape[0]], 1)


def build_table(brief: Brief, plan: Plan, tones: Tones, light: RoomLight, lamps: list[Lamp]) -> Flat:
    """The broad sill at which we sit, from under the window to our elbows."""
    canvas, palette, rng = brief.canvas, brief.palette, brief.rng
    top, width = NEAR_TABLE_ROW * canvas.height, overhang_width(canvas)
    rows = max(2, int(canvas.height - top + 0.14 * canvas.base))
    share = np.linspace(0, 1, rows, dtype=np.float32)[:, None]
    grain = resize(spectral(rng, (64, 8), 1.6, 1), width, rows)
    fine = resize(spectral(rng, (128, 24), 0.9, 3), width, rows)
    plank = np.where(np.abs(share - 0.42) < 0.6 / rows, 0.6, 1.0) * np.where(
        np.abs(share - 0.86) < 0.9 / rows, 0.6, 1.0
    )
    shade = (0.88 + (grain - 0.5) * 0.5 + (fine - 0.5) * 0.35) * plank
    albedo = shade[..., None] * np.clip(tones.wood * 1.18, 0, 1)
    across = ((np.arange(width, dtype=np.float32) - width / 2)[None, :] / plan.unit_px).astype(np.float32)
    half = (plan.windows[0].right - plan.windows[0].left) / 2
    near = np.maximum(np.abs(across - plan.windows[0].middle) - half, 0)
    spill = np.exp(-((near / 0.25) ** 2)) * (0.35 + 0.65 * np.exp(-share * 3.2))
    level = light.ambient * np.float32(0.85) + spill[..., None] * light.daylight * np.float32(0.85)
    if light.beam > 0:
        level = level + _bars(plan, across, share)[..., None] * palette.light * np.float32(1.1 * light.beam)
    for lamp in lamps:
        square = ((across - lamp.x) ** 2 + (share * 0.30 + 0.02) ** 2) / np.float32(lamp.reach**2)
        level = level + (np.exp(-square * 2.2) * 0.6)[..., None] * lamp.colour
    picture = albedo * 1.6 * (1 - np.exp(-level / 1.6 * 1.12))
    rim = np.exp(-share * rows / (1.6 * canvas.unit))[..., None] * (
        spill[..., None] * light.daylight + light.ambient * 0.4
    )
    pixels = to_pixels(np.clip(picture + rim * 0.55, 0, 1), rng)
    opaque = np.full((rows, width, 1), 255, np.uint8)
    opaque[0] = 128
    pixels[0] //= 2
    left = (canvas.width - width) / 2
    return Flat(np.ascontiguousarray(np.dstack([pixels, opaque])), TABLE_DEPTH, left, top, canvas, plan.horizon)


def _bars(plan: Plan, across: Floats, share: Floats) -> Floats:
    """Sunlight on the table between the shadows of the window's bars."""
    window = plan.windows[0]
    slanted = (across - plan.light_side * (0.05 + 0.16 * share) - window.left) / (window.right - window.left)
    inside = smoothstep(0, 0.015, slanted) * smoothstep(0, 0.015, 1 - slanted)
    cell = slanted * window.columns - np.floor(slanted * window.columns)
    bars = smoothstep(0.03, 0.075, cell) * smoothstep(0.03, 0.075, 1 - cell)
    return inside * bars * smoothstep(0.0, 0.04, share) * (1 - 0.35 * share)
