"""Street fronts seen squarely: a shop on the ground floor, storeys of windows above it, a cornice."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from filmgate.animatic.architecture.grid import bands
from filmgate.animatic.architecture.hour import COOL_WINDOWS, WARM_WINDOWS, Hour
from filmgate.animatic.architecture.signs import NEON, PAINTED, characters
from filmgate.animatic.colour import from_hex, mix, smoothstep
from filmgate.animatic.noise import spectral
from filmgate.animatic.raster import Floats, resize

WALLS = ("d9c8a8", "c98f6b", "e6ddcc", "b7a99a", "a86350", "d8b48c", "9fb0b4", "e2c2a6", "8f9a8c", "c4b2a8")
SHOP_HEIGHT, FASCIA_HEIGHT, STOREY = 3.1, 0.75, 3.2  # metres
FIRST_FLOOR = SHOP_HEIGHT + FASCIA_HEIGHT
TRIM, DARK_METAL, BOX = from_hex("efe8da"), from_hex("2c2d30"), from_hex("cfd2d0")
SHOP_LIGHTS = ("ffd49a", "ffe6c0", "fff0dc", "ffc080", "d8ecff")
FAR_PIXEL = 0.2  # metres across of a pixel above which goods on shelves are but a tone
SHELVES = (0.35, 0.95, 1.55)  # metres up


@dataclass(frozen=True, slots=True, eq=False)
class Front:
    """One front while it is drawn: metres along it and up it for every column and row of its picture."""

    along: Floats
    up: Floats
    pixel: tuple[float, float]  # size of a pixel in metres
    length: float
    hour: Hour
    light: Floats  # on the wall
    gloss: float  # how brightly panes mirror the sky
    rng: np.random.Generator
    colour: Floats
    shine: Floats  # 0..1: how much of the colour is light of its own

    def columns(self, low: float, high: float) -> Floats:
        """Coverage of every column by the stretch from `low` to `high` metres."""
        return _overlap(self.along, self.pixel[0], low, high)

    def rows(self, low: float, high: float) -> Floats:
        return _overlap(self.up, self.pixel[1], low, high)

    def blend(self, rows: Floats, columns: Floats, colour: Floats, shine: Floats | float = 0.0) -> None:
        """Paint `colour` (as it is seen) where rows and columns cross; arrays are as large as the whole picture."""
        lines, places = rows.nonzero()[0], columns.nonzero()[0]
        if not len(lines) or not len(places):
            return
        box = np.s_[lines[0] : lines[-1] + 1, places[0] : places[-1] + 1]
        share = rows[box[0], None] * columns[None, box[1]]
        view = self.colour[box]
        view += (_within(colour, box) - view) * share[..., None]
        if self.hour.after_dark:
            own: Floats | float = shine[box] if isinstance(shine, np.ndarray) else shine
            glow = self.shine[box]
            glow += (own - glow) * share

    def letter(self, low: float, high: float, left: float, right: float, colour: Floats, shine: float) -> None:
        """Invented characters in one line that fill the box."""
        lines = np.flatnonzero((self.up > low) & (self.up < high))
        places = np.flatnonzero((self.along > left) & (self.along < right))
        if len(lines) < 5 or len(places) < 4:
            return
        count = max(2, int((right - left) / (high - low)))
        mask = characters(self.rng, (len(lines), len(places)), 1, count).astype(np.float32) / np.float32(255)
        box = np.s_[lines[0] : lines[-1] + 1, places[0] : places[-1] + 1]
        self.colour[box] += (colour - self.colour[box]) * mask[..., None]
        self.shine[box] += (shine - self.shine[box]) * mask


def draw_facade(
    rng: np.random.Generator, size_m: tuple[float, float], shape: tuple[int, int], hour: Hour, sun: float
) -> tuple[Floats, Floats]:
    """A front `size_m` (length, height) large as a picture of `shape` (rows, columns), the sun on it by `sun` -1..1.

    Returns its colours, and which share of each is light of its own.
    """
    rows, columns = shape
    length, height = size_m
    own = from_hex(WALLS[int(rng.integers(len(WALLS)))]) * np.float32(rng.uniform(0.82, 1.05))
    light = hour.facing(sun)
    stain = resize(spectral(rng, (32, 32), 1.8, 1, stretch=(1, 0.4)), columns, rows)[..., None]
    front = Front(
        along=(np.arange(columns, dtype=np.float32) + np.float32(0.5)) * np.float32(length / columns),
        up=np.float32(height) - (np.arange(rows, dtype=np.float32) + np.float32(0.5)) * np.float32(height / rows),
        pixel=(length / columns, height / rows),
        length=length,
        hour=hour,
        light=light,
        gloss=0.75 + 0.2 * sun,
        rng=rng,
        colour=(own * light).astype(np.float32) * (np.float32(0.86) + np.float32(0.28) * stain),
        shine=np.zeros(shape, np.float32),
    )
    _draw_storeys(front)
    _draw_shops(front)
    _draw_cornice(front, height)
    return front.colour, front.shine


def _draw_storeys(front: Front) -> None:
    """Windows above the shops: frames, panes, somebody at home, and boxes that hum under them."""
    rng = front.rng
    bay = front.length / max(1, round(front.length / float(rng.uniform(1.7, 3.2))))
    share, tall = float(rng.uniform(0.42, 0.68)), float(rng.uniform(0.48, 0.62))
    above = front.up - FIRST_FLOOR
    upstairs = (above > 0).astype(np.float32)
    trim = np.clip(TRIM * front.light * (0.55 if rng.uniform() < 0.5 else 0.95), 0, 1)
    frame_x = bands(front.along, bay, min(0.95, share + 0.32 / bay), front.pixel[0])
    front.blend(bands(above, STOREY, tall + 0.09, front.pixel[1]) * upstairs * 0.85, frame_x, trim)
    mullion = bands(front.along, bay / 2, 0.05, front.pixel[0]) if rng.uniform() < 0.7 else np.zeros_like(front.along)
    panes_x = bands(front.along, bay, share, front.pixel[0]) * (1 - 0.8 * mullion)
    panes_y = bands(above, STOREY, tall, front.pixel[1]) * upstairs
    _fill_panes(front, panes_y, panes_x, np.clip(above / STOREY, 0, None), front.along / bay)
    floors, bays = max(1, int(above.max() / STOREY) + 1), max(1, round(front.length / bay))
    if rng.uniform() < 0.5:
        for level in range(1, floors):
            line = FIRST_FLOOR + level * STOREY
            front.blend(front.rows(line - 0.08, line + 0.10) * 0.7, front.columns(0, 99), trim)
    _hang_balconies(front, above)
    if front.pixel[1] < 0.12:  # too far away to see them
        for _ in range(int(rng.integers(0, 2 + floors * bays // 3))):
            x, y = (float(rng.integers(bays)) + 0.5) * bay, FIRST_FLOOR + float(rng.integers(floors)) * STOREY
            _hang_cooler(front, x, y)


def _fill_panes(front: Front, rows: Floats, columns: Floats, floor: Floats, bay: Floats) -> None:
    """Panes mirror the sky, each a little differently; after dark some are lit in one tint per house."""
    hour, rng = front.hour, front.rng
    grid = (int(floor.max()) + 1, int(bay.max()) + 1)
    sky = hour.reflected[12] * front.gloss * (0.34 if hour.after_dark else 0.62)
    tone = rng.uniform(0.55, 1.1, (*grid, 1)).astype(np.float32) * sky
    options = WARM_WINDOWS if rng.uniform() < 0.75 else COOL_WINDOWS
    tint = from_hex(options[int(rng.integers(len(options)))])
    lit = (rng.uniform(0, 1, grid) < hour.lit_share * 1.1) * rng.uniform(0.45, 0.95, grid)
    share = lit.astype(np.float32)
    which = np.ix_(floor.astype(int), bay.astype(int))
    within = (floor - np.floor(floor))[:, None, None]  # what is mirrored darkens towards the sill
    colour = mix(tone, tint, share[..., None])[which] * (np.float32(0.62) + np.float32(0.5) * within)
    front.blend(rows, columns, colour, share[which] * np.float32(0.6))


def _hang_balconies(front: Front, above: Floats) -> None:
    rng = front.rng
    low, high = sorted(float(value) for value in rng.uniform(0.05, 0.95, 2))
    if rng.uniform() > 0.35 or high - low < 0.3:
        return
    rail = ((np.mod(above, STOREY) < 0.75) & (above > 0)).astype(np.float32) * np.float32(0.8)
    bars = 0.35 + 0.65 * bands(front.along, 0.22, 0.4, front.pixel[0])
    front.blend(rail, bars * front.columns(low * front.length, high * front.length), DARK_METAL * front.light)


def _hang_cooler(front: Front, x: float, y: float) -> None:
    """The outdoor unit of an air conditioner, and its shadow."""
    front.blend(front.rows(y + 0.02, y + 0.55) * 0.35, front.columns(x - 0.5, x + 0.55), front.light * 0.12)
    front.blend(front.rows(y + 0.10, y + 0.65), front.columns(x - 0.45, x + 0.45), BOX * front.light * 0.9)
    front.blend(front.rows(y + 0.20, y + 0.55) * 0.6, front.columns(x - 0.28, x + 0.12), DARK_METAL * front.light * 2)


def _draw_shops(front: Front) -> None:
    """Glass between pillars with goods behind it, or a shutter; an awning; a board with characters."""
    rng, hour = front.rng, front.hour
    units = max(1, round(front.length / 4.2))
    for index in range(units):
        left, right = (front.length * (index + share) / units for share in (0.05, 0.95))
        open_now = rng.uniform() < (0.85 if hour.after_dark else 0.75)
        rows, columns = front.rows(0.25, SHOP_HEIGHT - 0.15), front.columns(left, right)
        if open_now:
            _dress_window(front, rows, columns, (left, right))
        else:
            ribs = 0.75 + 0.25 * bands(front.up, 0.16, 0.5, front.pixel[1])
            front.blend(rows, columns, from_hex("8d9296") * front.light * 0.8 * ribs[:, None, None])
        _hang_board(front, left, right, open_now)
        if rng.uniform() < 0.55:
            _stretch_awning(front, left, right)
    front.blend(front.rows(0, 0.25) * 0.8, front.columns(0, 99), from_hex("4b4744") * front.light)


def _dress_window(front: Front, rows: Floats, columns: Floats, ends: tuple[float, float]) -> None:
    """A lit room: brighter under its ceiling, goods on shelves or a curtain before them, and the frame of the glass."""
    rng, hour, (left, right) = front.rng, front.hour, ends
    warm = from_hex(SHOP_LIGHTS[int(rng.integers(len(SHOP_LIGHTS)))])
    bright = (0.42 + 0.66 * smoothstep(0.2, SHOP_HEIGHT, front.up))[:, None, None]
    if hour.after_dark:
        light, shine = warm * 1.02, 0.8
    else:
        light, shine = mix(warm * front.light * 0.62, hour.reflected[40] * front.gloss * 0.62, 0.45), 0.0
    front.blend(rows, columns, np.clip(light * bright, 0, 1), shine)
    if front.pixel[0] > FAR_PIXEL:
        return
    if rng.uniform() < 0.35:
        _hang_curtain(front, rows, columns, light * 0.8, shine)
    else:
        _fill_shelves(front, columns, ends, light, shine)
    door = left + (right - left) * float(rng.uniform(0.1, 0.7))
    posts = bands(front.along - left, (right - left) / 3, 0.05, front.pixel[0])
    front.blend(rows, columns * np.maximum(posts, front.columns(door, door + 0.08)), DARK_METAL * front.light)


def _fill_shelves(front: Front, columns: Floats, ends: tuple[float, float], light: Floats, shine: float) -> None:
    """Goods of all sizes, mostly dark against the lit wall behind them."""
    rng, (left, right) = front.rng, ends
    slots = max(2, int((right - left) / 0.30))
    place = np.clip(((front.along - left) / (right - left) * slots).astype(int), 0, slots - 1)
    gap = 1 - bands(front.along - left, (right - left) / slots, 0.16, front.pixel[0])
    for shelf in SHELVES:
        height = rng.uniform(0.10, 0.50, slots).astype(np.float32)[place]
        hue = mix(light, rng.uniform(0.1, 0.9, (slots, 3)).astype(np.float32), 0.45) * light
        goods = (hue * rng.uniform(0.25, 0.85, (slots, 1)).astype(np.float32))[place][None]
        reach = front.rows(shelf, shelf + 0.5)
        lines = np.flatnonzero(reach > 0)
        if len(lines):
            part = np.s_[lines[0] : lines[-1] + 1]
            within = np.clip((shelf + height[None] - front.up[part, None]) / front.pixel[1] + 0.5, 0, 1)
            amount = (within * (columns * gap)[None] * reach[part, None])[..., None]
            front.colour[part] += (goods - front.colour[part]) * amount
        front.blend(front.rows(shelf - 0.05, shelf), columns, light * 0.35, shine * 0.4)


def _hang_curtain(front: Front, rows: Floats, columns: Floats, light: Floats, shine: float) -> None:
    """Short split cloths over the door of an eating house."""
    cloth = from_hex(PAINTED[int(front.rng.integers(len(PAINTED)))])
    panels = 1 - bands(front.along, 0.62, 0.06, front.pixel[0])
    hem = front.rows(SHOP_HEIGHT - 1.15, SHOP_HEIGHT)
    front.blend(rows * hem, columns * panels, cloth * (light * 0.55 + front.light * 0.4), shine * 0.5)


def _hang_board(front: Front, left: float, right: float, open_now: bool) -> None:
    """The name of the shop over its window: painted, or after dark a lit box or tubes on black."""
    rng = front.rng
    board = from_hex(PAINTED[int(rng.integers(len(PAINTED)))])
    rows, columns = front.rows(SHOP_HEIGHT, FIRST_FLOOR), front.columns(left, right)
    text = (SHOP_HEIGHT + 0.1, FIRST_FLOOR - 0.1, left + 0.4, right - 0.4)
    if not (front.hour.after_dark and open_now):
        ink = from_hex("f7f1e2") if board.mean() < 0.65 else from_hex("5a2a22")
        front.blend(rows, columns, board * front.light)
        front.letter(*text, ink * front.light, 0.0)
        return
    neon = from_hex(NEON[int(rng.integers(len(NEON)))])
    if rng.uniform() < 0.4:
        front.blend(rows, columns, np.clip(mix(neon, np.ones(3, np.float32), 0.12) * 0.8, 0, 1), 0.8)
        front.letter(*text, from_hex("2a1620"), 0.0)
    else:
        front.blend(rows, columns, board * 0.12)
        front.letter(*text, np.clip(mix(neon, np.ones(3, np.float32), 0.35), 0, 1), 1.0)


def _stretch_awning(front: Front, left: float, right: float) -> None:
    rng = front.rng
    cloth = from_hex(PAINTED[int(rng.integers(len(PAINTED)))])
    low, high = SHOP_HEIGHT - 0.75, SHOP_HEIGHT + 0.05
    striped = rng.uniform() < 0.6
    stripes = bands(front.along - left, 0.7, 0.5, front.pixel[0]) * np.float32(striped)
    slope = smoothstep(low, high, front.up)[:, None, None] * 0.45 + 0.62
    columns = front.columns(left - 0.1, right + 0.1)
    front.blend(front.rows(low - 0.5, low) * 0.45, columns, front.light * 0.08)
    for share, stripe in ((1 - stripes, cloth), (stripes, from_hex("f2ece0"))):
        front.blend(front.rows(low, high), columns * share, np.clip(stripe * front.light * slope * 1.15, 0, 1))


def _draw_cornice(front: Front, height: float) -> None:
    front.blend(front.rows(height - 0.35, height), front.columns(0, 99), np.clip(TRIM * front.light * 0.8, 0, 1))
    front.blend(front.rows(height - 0.60, height - 0.35) * 0.4, front.columns(0, 99), front.light * 0.1)


def _within(colour: Floats, box: tuple[slice, slice]) -> Floats:
    """The part of a colour field in `box`; along an axis of length one it is the same everywhere."""
    if colour.ndim == 1:
        return colour
    rows, columns = (part if size > 1 else slice(None) for part, size in zip(box, colour.shape, strict=False))
    return colour[rows, columns]


def _overlap(position: Floats, pixel: float, low: float, high: float) -> Floats:
    shared = np.minimum(position + pixel / 2, high) - np.maximum(position - pixel / 2, low)
    shared *= 1 / pixel
    return np.minimum(np.maximum(shared, 0, out=shared), 1, out=shared)
