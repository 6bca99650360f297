"""Stands of trees: one plane of a forest, painted once, that sways about its feet."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import numpy as np

from filmgate.animatic.camera import plane_matrix
from filmgate.animatic.colour import smoothstep, to_pixels
from filmgate.animatic.layers import overhang_width
from filmgate.animatic.noise import curve
from filmgate.animatic.palettes import Palette
from filmgate.animatic.patches import Patch, find_patches, paste_patches
from filmgate.animatic.plants.growths import SNOWY, SPRUCE, Growth, bark_ramp, leaf_ramps
from filmgate.animatic.plants.leaves import (
    NEEDLES,
    Canopy,
    Crown,
    LeafTile,
    conifer_crown,
    leaf_tile,
    leafy,
    new_canopy,
    round_crown,
    spray_crown,
)
from filmgate.animatic.plants.wood import (
    Timber,
    bare_tree,
    bark_tile,
    draw_birch_marks,
    draw_culm,
    draw_limb,
    draw_trunk,
    new_timber,
    trunk_path,
)
from filmgate.animatic.raster import (
    Canvas,
    Floats,
    Pixels,
    add_light,
    merge,
    multiply,
    over_rgba,
    place,
    resize,
    stroke,
    then,
    tint,
)
from filmgate.animatic.scene import Moment

SWAY = 0.0085  # how far the top of a tree moves, as a share of its height, in a usual wind
MOST_LEAN = 1.75  # of the sway


@dataclass(frozen=True, slots=True, eq=False)
class Models:
    """What all stands of one forest are made of."""

    growth: Growth
    crowns: tuple[Crown, ...]
    conifers: tuple[Crown, ...]
    bushes: tuple[Crown, ...]
    bare: tuple[Pixels, ...]
    leaves: LeafTile
    needles: LeafTile
    bark: Pixels  # at one pixel per unit


@dataclass(frozen=True, slots=True, eq=False)
class Stand:
    """A premultiplied RGBA plane at `depth`, its corner at (left, top); it leans to and fro about row `foot`."""

    pixels: Pixels
    depth: float
    left: float
    top: float
    foot: float
    canvas: Canvas
    horizon: float
    sway: float
    phase: float
    patches: tuple[Patch, ...] = field(init=False)

    def __post_init__(self) -> None:
        farthest = max(abs(self.foot), abs(self.pixels.shape[0] - self.foot))
        object.__setattr__(self, "patches", find_patches(self.pixels, MOST_LEAN * self.sway * farthest))

    def paint(self, target: Pixels, moment: Moment) -> None:
        seconds = moment.seconds
        swing = math.sin(seconds * 0.9 + self.phase) + 0.45 * math.sin(seconds * 2.1 + self.phase * 2.3)
        lean = self.sway * (swing + 0.3)
        sheared = np.array([[1.0, -lean, lean * self.foot], [0.0, 1.0, 0.0]])
        plane = plane_matrix(self.canvas, self.horizon, self.depth, moment.view)
        at_rest = place(self.left, self.top)
        swaying, settled = then(then(at_rest, sheared), plane), then(at_rest, plane)
        paste_patches(target, self.pixels, self.patches, swaying, settled)


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a stand is: `share` 0 far to 1 near; the sun and the horizon in its canvas's pixels."""

    canvas: Canvas
    palette: Palette
    horizon: float
    sun: tuple[float, float]
    haze: Floats
    share: float
    foot: float
    wind: float

    @property
    def distance(self) -> float:
        """How far its colours are lost in the haze."""
        return 0.90 * (1 - self.share) ** 1.9


def build_models(growth: Growth, unit: float, rng: np.random.Generator) -> Models:
    draw = spray_crown if growth.trunks == "culm" else round_crown
    return Models(
        growth=growth,
        crowns=tuple(draw(rng) for _ in range(4)),
        conifers=tuple(conifer_crown(rng) for _ in range(3)) if growth.conifers else (),
        bushes=tuple(round_crown(rng) for _ in range(3)),
        bare=tuple(bare_tree(rng) for _ in range(3)) if growth.bare else (),
        leaves=leaf_tile(rng, growth.shape),
        needles=leaf_tile(rng, NEEDLES) if growth.conifers else leaf_tile(rng, growth.shape),
        bark=bark_tile(rng, unit, rings=growth.trunks == "birch"),
    )


def build_stand(models: Models, setting: Setting, rng: np.random.Generator) -> Stand:
    """A row of trees across the whole plane, thinner towards the sun."""
    canvas = setting.canvas
    width, height = overhang_width(canvas), int(setting.foot + (0.03 + 0.05 * setting.share) * canvas.base)
    left = (canvas.width - width) / 2
    timber = new_timber(width, height)
    broad, pointed, bushes = (new_canopy(width, height, 2) for _ in range(3))
    across = np.linspace(0, width, 256)
    ground = setting.foot - curve(rng, 256, 4, 4) * (0.02 + 0.035 * setting.share) * canvas.base
    for x in _places(setting, models.growth, width, left, rng):
        foot = float(np.interp(x, across, ground))
        _grow(models, setting, (timber, broad, pointed), (x, foot), setting.sun[0] - left, rng)
    _roof(models, setting, broad, left, rng)
    if models.growth.vines:
        _hang_vines(timber, setting, rng)
    _undergrowth(models, setting, bushes, np.stack([across, ground], 1), rng)
    pixels = _assemble(models, setting, timber, (broad, pointed, bushes))
    _add_glow(pixels, setting, left)
    return Stand(
        pixels=np.ascontiguousarray(pixels),
        depth=0.10 + 0.80 * setting.share**1.25,
        left=left,
        top=0.0,
        foot=setting.foot,
        canvas=canvas,
        horizon=setting.horizon,
        sway=SWAY * setting.wind,
        phase=float(rng.uniform(0, 6.28)),
    )


def _places(setting: Setting, growth: Growth, width: int, left: float, rng: np.random.Generator) -> list[float]:
    """Columns of trees: evenly scattered, with a glade where the sun looks through."""
    spacing = (46 + 120 * setting.share) * setting.canvas.unit / growth.crowding
    count = int(width / spacing) + 2
    columns = (np.arange(count) + rng.uniform(-0.42, 0.42, count)) * spacing
    glade = (0.05 + 0.16 * setting.share) * setting.canvas.base
    aside = np.abs(columns + left - setting.sun[0])
    return [float(x) for x, away in zip(columns, aside, strict=True) if away > glade * rng.uniform(0.5, 1.2)]


def _grow(
    models: Models,
    setting: Setting,
    planes: tuple[Timber, Canopy, Canopy],
    at: tuple[float, float],
    sun_x: float,
    rng: np.random.Generator,
) -> None:
    """One tree that stands at (x, foot)."""
    timber, broad, pointed = planes
    (x, foot), growth, share = at, models.growth, setting.share
    base, unit = setting.canvas.base, setting.canvas.unit
    tall = base * (0.50 + 1.05 * share) * float(rng.uniform(0.8, 1.25))
    light = float(np.clip((sun_x - x) / base * 2, -1, 1))
    if rng.uniform() < growth.conifers:
        tall *= 0.92
        crown = models.conifers[int(rng.integers(len(models.conifers)))]
        wide = tall * float(rng.uniform(0.27, 0.36))
        path, half = trunk_path(rng, x, foot, foot - tall * 0.9, wide * 0.07)
        draw_trunk(timber, path, half, light, 0.7)
        box = (x - wide / 2, foot - tall, wide, tall * 0.98)
        pointed.plant(crown, box, float(rng.uniform()), flipped=bool(rng.uniform() < 0.5))
        return
    girth = (5 + 34 * share) * unit * float(rng.uniform(0.65, 1.25)) * growth.girth
    top = foot - tall * (0.75 if not growth.bare else 0.30)
    gnarl = {"culm": 0.15, "birch": 0.4}.get(growth.trunks, 0.8)
    path, half = trunk_path(rng, x, foot, top, girth, gnarl)
    tone = float(rng.uniform(0.75, 1.15)) * (1.9 if growth.trunks == "birch" else 1.0)
    if growth.trunks == "culm":
        half = np.full_like(half, girth / 2)
        draw_culm(timber, path, half, light, tone, (34 + 60 * share) * unit * float(rng.uniform(0.8, 1.2)))
    else:
        draw_trunk(timber, path, half, light, tone)
    if growth.trunks == "birch" and share > 0.1:
        draw_birch_marks(rng, timber, path, half)
    if growth.bare:
        wide = tall * 0.8
        mask = models.bare[int(rng.integers(len(models.bare)))]
        timber.stamp(mask, (x - wide / 2, foot - tall * 1.05, wide, tall * 1.05), 0.22)
        return
    _crown(models, setting, timber, broad, (path, half, tall), rng)


def _crown(
    models: Models,
    setting: Setting,
    timber: Timber,
    broad: Canopy,
    tree: tuple[Floats, Floats, float],
    rng: np.random.Generator,
) -> None:
    """Limbs, and a few crowns at different heights of one tree, all of its own colour."""
    path, half, tall = tree
    growth, hue = models.growth, float(np.clip(rng.normal(0.45, 0.35), 0, 1))
    culm = growth.trunks == "culm"
    for _ in range(5 if culm else 3):
        node = int(rng.integers(5 if culm else 7, 16))
        start = path[node]
        reach = tall * float(rng.uniform(0.06, 0.20)) * rng.choice([-1.0, 1.0])
        end = start + np.array([reach, -abs(reach) * float(rng.uniform(0.3, 0.9))])
        draw_limb(timber, start, end, float(half[node]) * (0.35 if culm else 0.9), 0.28)
        size = tall * float(rng.uniform(0.20, 0.32)) * (0.62 if culm else 1.0)
        box = (end[0] - size / 2, end[1] - size * 0.45, size, size * 0.72)
        crown = models.crowns[int(rng.integers(len(models.crowns)))]
        broad.plant(crown, box, hue, flipped=bool(rng.uniform() < 0.5))
    if not culm:
        size = tall * float(rng.uniform(0.40, 0.52))
        box = (float(path[-1, 0]) - size / 2, float(path[-1, 1]) - size * 0.42, size, size * 0.75)
        broad.plant(models.crowns[int(rng.integers(len(models.crowns)))], box, hue, flipped=bool(rng.uniform() < 0.5))


def _roof(models: Models, setting: Setting, broad: Canopy, left: float, rng: np.random.Generator) -> None:
    """Boughs that hang in from above the frame."""
    if models.growth.bare or setting.share < 0.2:
        return
    base, width = setting.canvas.base, broad.density.shape[1] * broad.reduction
    for x in np.arange(0, width, 0.16 * base):
        at = float(x + rng.uniform(-0.08, 0.08) * base)
        near_sun = math.exp(-(((at + left - setting.sun[0]) / (0.34 * base)) ** 2))
        size = base * float(rng.uniform(0.26, 0.44)) * (0.6 + 0.5 * setting.share)
        hangs = base * float(rng.uniform(-0.05, 0.14)) - near_sun * 0.26 * base
        box = (at - size / 2, hangs - size * 0.55, size, size * 0.8)
        crown = models.crowns[int(rng.integers(len(models.crowns)))]
        broad.plant(crown, box, float(rng.uniform()), flipped=bool(rng.uniform() < 0.5))


def _hang_vines(timber: Timber, setting: Setting, rng: np.random.Generator) -> None:
    """Lianas that sag between the trees, and loose ends."""
    base, width = setting.canvas.base, int(timber.cover.shape[1])
    share = np.linspace(0, 1, 24)
    for _ in range(max(1, int(9 * width / (1.75 * base)))):
        start, reach = float(rng.uniform(0, width)), float(rng.uniform(0.05, 0.42)) * base
        sag = float(rng.uniform(0.10, 0.34)) * base
        hangs = 4 * sag * share * (1 - share) + 0.03 * base * share
        path = np.stack([start + reach * share, hangs], 1)
        thickness = max(1, round((1.5 + 3.0 * setting.share) * setting.canvas.unit))
        stroke(timber.tone, path, float(rng.uniform(0.2, 0.4)), thickness + 1)
        stroke(timber.cover, path, 1.0, thickness)


def _undergrowth(models: Models, setting: Setting, bushes: Canopy, ground: Floats, rng: np.random.Generator) -> None:
    """Bushes along the foot of the stand, in groups, which hide where it meets the floor."""
    base, width = setting.canvas.base, float(ground[-1, 0])
    step = (0.035 + 0.03 * setting.share) * base
    lushness = curve(rng, 256, 4, 6)
    for x in np.arange(0, width, step):
        at = float(x + rng.uniform(-0.5, 0.5) * step)
        lush = float(np.interp(at, ground[:, 0], lushness))
        if lush < rng.uniform(0.1, 0.45):
            continue
        size = base * float(rng.uniform(0.03, 0.06) + 0.13 * lush**2) * (0.45 + 0.75 * setting.share)
        foot = float(np.interp(at, ground[:, 0], ground[:, 1])) + 0.012 * base
        box = (at - size * 0.85, foot - size * 0.70, size * 1.7, size)
        crown = models.bushes[int(rng.integers(len(models.bushes)))]
        bushes.plant(crown, box, float(rng.uniform()), flipped=bool(rng.uniform() < 0.5))


def _assemble(models: Models, setting: Setting, timber: Timber, canopies: tuple[Canopy, Canopy, Canopy]) -> Pixels:
    broad, pointed, bushes = canopies
    growth, palette, unit = models.growth, setting.palette, setting.canvas.unit
    height, width = timber.cover.shape
    leaf_px = growth.leaf_px * unit * (0.42 + 1.0 * setting.share)
    bark = timber.coloured(bark_ramp(growth.bark, palette, setting.haze, setting.distance), models.bark)
    pixels = bark
    if models.conifers:
        colours = SNOWY if growth.bare else SPRUCE
        ramps = leaf_ramps(colours, palette, setting.haze, setting.distance)
        pixels = over_rgba(pixels, leafy(pointed, (width, height), models.needles.scaled(leaf_px * 1.25), ramps))
    ramps = leaf_ramps(growth.leaves, palette, setting.haze, setting.distance)
    pixels = over_rgba(pixels, leafy(broad, (width, height), models.leaves.scaled(leaf_px), ramps))
    first = int(height * 0.6) // 2 * 2  # bushes are low: the rows above need no work
    low = replace(bushes, **{name: getattr(bushes, name)[first // 2 :] for name in ("density", "shade", "blend")})
    ramps = leaf_ramps(growth.undergrowth, palette, setting.haze, setting.distance)
    thicket = leafy(low, (width, height - first), models.leaves.scaled(leaf_px * 0.8), ramps)
    pixels[first:] = over_rgba(pixels[first:], thicket)
    return _misted(pixels, setting)


def _misted(pixels: Pixels, setting: Setting) -> Pixels:
    """Thicker air near the ground."""
    height = pixels.shape[0]
    rows = np.arange(height, dtype=np.float32) / np.float32(setting.canvas.height)
    thick = smoothstep(0.30, setting.foot / setting.canvas.height, rows) * 0.62 * (1 - setting.share) ** 1.6
    clear = to_pixels(np.repeat(1 - thick[:, None], 4, 1))[:, None]
    clear[..., 3] = 255
    air = to_pixels(thick[:, None] * np.append(setting.haze, 0.0).astype(np.float32)[None])[:, None]
    width, alpha = pixels.shape[1], pixels[..., 3]
    dimmed = multiply(pixels, np.repeat(clear, width, 1))
    add_light(dimmed, multiply(np.repeat(air, width, 1), merge(alpha, alpha, alpha, alpha)))
    return dimmed


def _add_glow(pixels: Pixels, setting: Setting, left: float) -> None:
    """The sun burns through what stands in front of it."""
    canvas, palette = setting.canvas, setting.palette
    height, width = pixels.shape[:2]
    rows, columns = np.mgrid[0:height:8, 0:width:8].astype(np.float32)
    x, y = (
        (columns + np.float32(left - setting.sun[0])) / canvas.base,
        (rows - np.float32(setting.sun[1])) / canvas.base,
    )
    strength = (0.26 if palette.dark else 0.36) * (1 - 0.72 * setting.share)
    glow = np.exp(-np.hypot(x, y * 0.8) * 3.4) * strength
    light = resize(tint(to_pixels(glow), np.append(palette.glow, 0.0)), width, height)
    alpha = pixels[..., 3]
    add_light(pixels, multiply(light, merge(alpha, alpha, alpha, alpha)))
