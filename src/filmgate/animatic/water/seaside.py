"""What stands by the sea: palms that sway, a wooden pier, a harbour town with boats at their moorings."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from filmgate.animatic.camera import plane_matrix
from filmgate.animatic.colour import from_hex, mix, smoothstep, to_pixels
from filmgate.animatic.layers import Layer, overhang_width
from filmgate.animatic.noise import curve, spectral
from filmgate.animatic.raster import Canvas, Floats, Pixels, Points, paste, place, polygon_mask, resize, then
from filmgate.animatic.scene import Brief, Moment

PALM_DEPTH = 0.95
PALM_HEIGHT = 0.74  # bases
FRONDS, LEAFLETS = 13, 24
PIER_DEPTH = 0.72
TOWN_DEPTH, BOAT_DEPTH = 0.14, 0.20
WALLS = ("e6d2b4", "d9b48c", "efe6d6", "c98f6e", "d8c6a0", "e3b9a0")
ROOFS = ("a5553c", "8f4a36", "7d5a4a")
HULLS = ("f2efe8", "2f5f8a", "a83a32", "e0d8c8", "3d6b58")


@dataclass(frozen=True, slots=True, eq=False)
class Palm:
    """A trunk that bends and a crown that nods, each one picture."""

    canvas: Canvas
    horizon: float
    trunk: Pixels
    crown: Pixels
    foot: tuple[float, float]  # where it stands
    trunk_pivot: tuple[float, float]  # the foot in the trunk's picture
    crown_pivot: tuple[float, float]
    head: tuple[float, float]  # of the trunk, from the foot
    phase: float
    sway: float

    def paint(self, target: Pixels, moment: Moment) -> None:
        view = plane_matrix(self.canvas, self.horizon, PALM_DEPTH, moment.view)
        gust = math.sin(moment.seconds * 0.83 + self.phase) + 0.45 * math.sin(moment.seconds * 1.91 + 2 * self.phase)
        lean = 0.012 * self.sway * gust
        x, y = self.foot
        paste(target, self.trunk, then(place(x, y, 1.0, lean, self.trunk_pivot), view))
        head_x = x + math.cos(lean) * self.head[0] - math.sin(lean) * self.head[1]
        head_y = y + math.sin(lean) * self.head[0] + math.cos(lean) * self.head[1]
        nod = lean + 0.022 * self.sway * math.sin(moment.seconds * 1.37 + self.phase + 0.8)
        paste(target, self.crown, then(place(head_x, head_y, 1.0, nod, self.crown_pivot), view))


def build_palms(brief: Brief, horizon: int, side: float) -> tuple[Palm, ...]:
    """Two or three palms on one side of the frame (-1 left, 1 right), leaning towards the sea."""
    rng, canvas = brief.rng, brief.canvas
    palms: list[Palm] = []
    for share, size in ((0.40, 1.0), (0.48, 0.74), (0.30, 0.60))[: int(rng.integers(2, 4))]:
        x = canvas.width * (0.5 + side * share) + float(rng.normal(0, 0.02)) * canvas.base
        y = canvas.height + canvas.base * (0.03 - 0.06 * (1 - size))
        palms.append(_palm(brief, horizon, (x, y), size * PALM_HEIGHT * canvas.base, -side))
    return tuple(palms)


def _palm(brief: Brief, horizon: int, foot: tuple[float, float], height: float, lean: float) -> Palm:
    rng, canvas, palette = brief.rng, brief.canvas, brief.palette
    bend = lean * height * float(rng.uniform(0.16, 0.34))
    share = np.linspace(0, 1, 26)
    middle = bend * share**1.7
    half = height * (0.021 - 0.010 * share) * (1 + 0.05 * np.cos(share * 130)) + height * 0.010 * np.exp(-share * 14)
    left = np.stack([middle - half, -share * height], 1)
    right = np.stack([middle + half, -share * height], 1)
    outline = np.concatenate([left, right[::-1]])
    margin = height * 0.06
    low = outline.min(0) - margin
    width, rows = (int(value) for value in outline.max(0) + margin - low)
    coverage = polygon_mask(max(2, width), max(2, rows), [outline - low])
    lines = np.arange(coverage.shape[0], dtype=np.float32)[:, None]
    columns = np.arange(coverage.shape[1], dtype=np.float32)[None]
    risen = np.clip(-(lines + np.float32(low[1])) / np.float32(height), 0, 1)
    centre = np.float32(bend) * risen ** np.float32(1.7) - np.float32(low[0])
    across = np.clip((columns - centre) / (height * 0.02), -1, 1)
    rings = 0.82 + 0.18 * np.cos(lines * (62 / height) * 2 * math.pi)
    light = np.clip(0.42 + 0.40 * across * (1 if brief.rng.uniform() < 0.5 else -1), 0, 1) * rings
    bark = from_hex("a08a6c") * (palette.ambient * 0.45 + palette.light * (0.35 if palette.dark else 0.6))
    colour = mix(palette.near * 0.6, bark, light[..., None])
    trunk = np.dstack([to_pixels(np.clip(colour * coverage[..., None], 0, 1)), to_pixels(coverage)])
    crown, pivot = _crown(brief, height)
    return Palm(
        canvas=canvas,
        horizon=horizon,
        trunk=np.ascontiguousarray(trunk),
        crown=crown,
        foot=foot,
        trunk_pivot=(float(-low[0]), float(-low[1])),
        crown_pivot=pivot,
        head=(bend, -height),
        phase=float(rng.uniform(0, 6.28)),
        sway=0.5 + 0.5 * min(3.0, brief.reading.wind),
    )


def _crown(brief: Brief, height: float) -> tuple[Pixels, tuple[float, float]]:
    """Fronds that arch from one point; those behind are darker."""
    rng, palette = brief.rng, brief.palette
    reach = height * 0.48
    size = int(reach * 2.2) + 4
    pivot = (size / 2, size * 0.42)
    green = from_hex("6f9440") * (palette.ambient * 0.4 + palette.light * (0.35 if palette.dark else 0.7))
    shades = (palette.near * 0.5, mix(palette.near * 0.6, green, 0.45), green)
    light = np.zeros((size, size, 3), np.float32)
    alpha = np.zeros((size, size), np.float32)
    order = np.linspace(-1.0, 1.0, FRONDS)
    for row, shade in enumerate(shades):
        outlines: list[Points] = []
        for index in range(row, FRONDS, len(shades)):
            angle = math.pi / 2 + float(order[index]) * 1.95 + rng.normal(0, 0.06)
            outlines += _frond(rng, pivot, angle, reach * float(rng.uniform(0.78, 1.0)))
        mask = polygon_mask(size, size, outlines)[..., None]
        tone = 1 + 0.25 * (0.5 - np.linspace(0, 1, size, dtype=np.float32)[:, None, None])
        light = light * (1 - mask) + shade * tone * mask
        alpha = alpha + (1 - alpha) * mask[..., 0]
    rows, columns = (np.flatnonzero(alpha.max(axis) > 0.01) for axis in (1, 0))
    box = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    picture = np.dstack([to_pixels(np.clip(light, 0, 1)), to_pixels(alpha)])[box]
    return np.ascontiguousarray(picture), (pivot[0] - float(columns[0]), pivot[1] - float(rows[0]))


def _frond(rng: np.random.Generator, start: tuple[float, float], angle: float, reach: float) -> list[Points]:
    """An arching rib with leaflets that hang from both sides. `angle` is 90 degrees straight up."""
    share = np.linspace(0.0, 1.0, LEAFLETS)
    x = start[0] + math.cos(angle) * reach * share
    y = start[1] - math.sin(angle) * reach * share + reach * 0.62 * share**2.1
    rib = np.stack([x, y], 1)
    along = np.gradient(rib, axis=0)
    along = along / (np.linalg.norm(along, axis=1, keepdims=True) + 1e-9)
    normal = np.stack([-along[:, 1], along[:, 0]], 1)
    thick = reach * 0.011 * (1.1 - share)[:, None]
    outlines: list[Points] = [np.concatenate([rib - normal * thick, (rib + normal * thick)[::-1]])]
    length = reach * 0.30 * np.sin(np.clip(share * 0.92 + 0.10, 0, 1) * math.pi) ** 0.7
    for index in range(1, LEAFLETS):
        for side in (-1.0, 1.0):
            root = rib[index]
            tip = root + along[index] * length[index] * 0.72 + side * normal[index] * length[index] * 0.62
            tip = tip + np.array([0.0, length[index] * 0.34 + rng.normal(0, 0.02) * reach])
            wide = along[index] * reach * 0.013
            outlines.append(np.stack([root - wide, tip, root + wide]))
    return outlines


def build_pier(brief: Brief, horizon: int, side: float) -> Layer:
    """A wooden pier that runs out from our feet on one side, on posts that stand in the water."""
    canvas, palette, rng = brief.canvas, brief.palette, brief.rng
    width, base = overhang_width(canvas), canvas.base
    height = canvas.height + int(0.10 * base)
    first = max(0, horizon - int(0.02 * base))
    rows = height - first
    far = np.array([width / 2 + side * 0.10 * base, horizon + 0.045 * base - first])
    near = np.array([width / 2 + side * 0.62 * base, height - first + 0.05 * base])
    half_far, half_near = 0.017 * base, 0.235 * base
    deck = np.array(
        [
            [far[0] - half_far, far[1]],
            [far[0] + half_far, far[1]],
            [near[0] + half_near, near[1]],
            [near[0] - half_near, near[1]],
        ]
    )
    posts: list[Points] = []
    for step in np.geomspace(0.06, 1.0, 12)[:-1]:
        for edge in (-1.0, 1.0):
            x = mix(far[0] + edge * half_far, near[0] + edge * half_near, step)
            y, thick = mix(far[1], near[1], step), 0.012 * base * (0.12 + step)
            up, down = 0.10 * base * (0.10 + step) * 0.55, 0.16 * base * (0.10 + step)
            posts.append(
                np.array([[x - thick, y - up], [x + thick, y - up], [x + thick, y + down], [x - thick, y + down]])
            )
    floor, wood = polygon_mask(width, rows, [deck]), polygon_mask(width, rows, posts)
    lines = np.arange(rows, dtype=np.float32)[:, None]
    along = np.clip((lines - far[1]) / (near[1] - far[1]), 1e-3, 1)
    plank = np.cos(2 * math.pi * 4.2 / (along + 0.07)) * smoothstep(0.02, 0.2, along)
    grain = resize(spectral(rng, (128, 256), 1.4, 4, stretch=(0.35, 1.0)), width, rows)
    timber = from_hex("9a7b5c") * (palette.ambient * 0.5 + palette.light * (0.4 if palette.dark else 0.62))
    lit = np.clip(0.72 + 0.5 * (grain - 0.5) - 0.45 * smoothstep(0.86, 1.0, plank), 0, 1.2)
    colour = mix(palette.near * 0.55, timber, lit[..., None])
    colour = mix(colour, palette.haze, 0.35 * (1 - along[..., None]) ** 2)
    beam = palette.near * 0.7 + timber * 0.16
    alpha = np.maximum(floor, wood)
    shown = colour * floor[..., None] * (1 - wood[..., None]) + beam * wood[..., None]
    pixels = np.dstack([to_pixels(np.clip(shown, 0, 1)), to_pixels(alpha)])
    used = np.flatnonzero(alpha.max(0) > 0.01)
    left, right = int(used[0]), int(used[-1]) + 1
    corner = -(width - canvas.width) // 2 + left
    return Layer(np.ascontiguousarray(pixels[:, left:right]), PIER_DEPTH, corner, first, canvas, horizon)


@dataclass(frozen=True, slots=True, eq=False)
class Moorings:
    """Small boats that ride at anchor on the horizon line, before the water mirrors them."""

    canvas: Canvas
    horizon: float
    boats: tuple[tuple[Pixels, float, float], ...]  # picture, column, phase

    def paint(self, target: Pixels, moment: Moment) -> None:
        view = plane_matrix(self.canvas, self.horizon, BOAT_DEPTH, moment.view)
        for boat, x, phase in self.boats:
            rows, width = boat.shape[:2]
            roll = 0.035 * math.sin(moment.seconds * 1.1 + phase)
            heave = 0.0022 * self.canvas.base * math.sin(moment.seconds * 0.9 + 2 * phase)
            paste(target, boat, then(place(x, self.horizon + 2 + heave, 1.0, roll, (width / 2, rows * 0.93)), view))


def build_harbour(brief: Brief, horizon: int, sun_x: float) -> tuple[Layer, Moorings]:
    """A town on the slope across the bay, lit after dark, and its boats."""
    canvas, rng = brief.canvas, brief.rng
    count = max(3, round(6 * canvas.width / (1.78 * canvas.base)))
    boats = tuple(
        (_boat(brief), (index + float(rng.uniform(0.15, 0.85))) / count * canvas.width, float(rng.uniform(0, 6.28)))
        for index in range(count)
    )
    return _town(brief, horizon, sun_x), Moorings(canvas, horizon, boats)


def _town(brief: Brief, horizon: int, sun_x: float) -> Layer:
    canvas, palette, rng = brief.canvas, brief.palette, brief.rng
    width, base = overhang_width(canvas), canvas.base
    rows = min(horizon, int(0.26 * base)) + 1
    columns = np.arange(width, dtype=np.float32)
    hill = curve(rng, 1024, 6, 3)[(columns / width * 1023).astype(int)]
    line = rows - (0.045 + 0.17 * hill) * base
    land = polygon_mask(
        width, rows, [np.concatenate([np.stack([columns, line], 1), [[width, rows + 3], [0, rows + 3]]])]
    )
    tone = resize(spectral(rng, (64, 256), 1.8, 4), width, rows)[..., None]
    light = palette.ambient * 0.5 + palette.light * (0.35 if palette.dark else 0.65)
    colour = mix(from_hex("2f4630"), from_hex("64794a"), tone) * light
    for level in range(5, -1, -1):  # from the top of the hill down to the quay
        x = float(rng.uniform(0, 0.02)) * base
        while x < width - 2:
            tall, wide = float(rng.uniform(0.024, 0.046)) * base, float(rng.uniform(0.026, 0.052)) * base
            room = rows - line[min(width - 1, int(x))]
            foot = rows - 0.006 * base - room * 0.145 * level
            if rng.uniform() < 0.86 - 0.09 * level:
                _house(brief, colour, land, (x, foot, wide, tall), sun_x)
            x += wide * float(rng.uniform(0.95, 1.5 + 0.35 * level))
    colour = mix(colour, palette.haze, 0.16 if palette.dark else 0.24)
    pixels = np.dstack([to_pixels(np.clip(colour * land[..., None], 0, 1)), to_pixels(land)])
    left = -(width - canvas.width) // 2
    return Layer(np.ascontiguousarray(pixels), TOWN_DEPTH, left, horizon + 1 - rows, canvas, horizon)


def _house(brief: Brief, colour: Floats, land: Floats, box: tuple[float, float, float, float], sun_x: float) -> None:
    """One gabled house (left, foot, width, height; pixels): a lit wall, a roof, a few windows."""
    palette, rng = brief.palette, brief.rng
    x, foot, wide, tall = box
    left, right = int(x), min(colour.shape[1], int(x + wide))
    top, bottom, roof = max(0, int(foot - tall)), int(foot), max(1, int(tall * 0.34))
    if right - left < 2 or bottom - top < 2:
        return
    light = palette.ambient * 0.45 + palette.light * (0.30 if palette.dark else 0.68)
    wall = from_hex(WALLS[int(rng.integers(len(WALLS)))]) * light
    sunny = sun_x * brief.canvas.width > x
    shade = np.linspace(0.74, 1.0, right - left, dtype=np.float32)
    colour[top:bottom, left:right] = wall * (shade if sunny else shade[::-1])[None, :, None]
    colour[max(0, top - roof) : top, left:right] = from_hex(ROOFS[int(rng.integers(len(ROOFS)))]) * light
    land[max(0, top - roof) : bottom, left:right] = 1.0
    glow, dark = from_hex("ffd088"), wall * 0.38
    size = max(1, round(wide * 0.13))
    for column in range(left + size, right - size, size * 3):
        for row in range(top + size, bottom - size, size * 3):
            lit = palette.dark and rng.uniform() < 0.6
            colour[row : row + size + 1, column : column + size] = glow if lit else dark


def _boat(brief: Brief) -> Pixels:
    """A small boat with a mast and a furled sail, seen from the side."""
    palette, rng, base = brief.palette, brief.rng, brief.canvas.base
    length = base * float(rng.uniform(0.085, 0.125))
    size = int(length * 1.5) + 4
    middle, keel = size / 2, size * 0.95
    hull = np.array([[-0.50, -0.15], [-0.38, 0.0], [0.36, 0.0], [0.54, -0.19], [-0.50, -0.15]]) * length
    mast = np.array([[-0.012, -0.14], [0.012, -0.14], [0.006, -1.15], [-0.006, -1.15]]) * length
    boom = np.array([[-0.40, -0.27], [0.01, -0.30], [0.01, -0.235], [-0.40, -0.235]]) * length
    cabin = np.array([[-0.22, -0.14], [0.10, -0.14], [0.06, -0.225], [-0.20, -0.225]]) * length
    offset = np.array([middle, keel])
    light = palette.ambient * 0.45 + palette.light * (0.30 if palette.dark else 0.65)
    picture, alpha = np.zeros((size, size, 3), np.float32), np.zeros((size, size), np.float32)
    paint = from_hex(HULLS[int(rng.integers(len(HULLS)))])
    for shape, matter in (
        (mast, from_hex("6b5a4a")),
        (boom, from_hex("d8d0c0")),
        (cabin, from_hex("e8e2d6")),
        (hull, paint),
    ):
        mask = polygon_mask(size, size, [shape + offset])
        picture = picture * (1 - mask[..., None]) + (matter * light) * mask[..., None]
        alpha = np.maximum(alpha, mask)
    return np.ascontiguousarray(np.dstack([to_pixels(np.clip(picture, 0, 1)), to_pixels(alpha)]))
