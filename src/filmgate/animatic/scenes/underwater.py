"""Under the surface: shafts of light, a reef in the haze, and a sea floor on which the light dances."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from filmgate.animatic.colour import from_hex, gradient, mix, smoothstep, to_pixels
from filmgate.animatic.figures.cast import build_cast, paint_cast
from filmgate.animatic.figures.stage import Actor, Spot, Stage
from filmgate.animatic.land.ground import relief_light
from filmgate.animatic.layers import Ground, Layer, build_ground, build_layer, nearness_at, overhang_width
from filmgate.animatic.noise import curve, spectral
from filmgate.animatic.post import Finish
from filmgate.animatic.raster import (
    Canvas,
    Floats,
    Pixels,
    add_light,
    multiply,
    polygon_mask,
    resize,
    sample,
    scale,
    screen,
    tint,
)
from filmgate.animatic.scene import Brief, Moment
from filmgate.animatic.water.bubbles import GLOWING_PLANKTON, BubbleColumn, Specks, build_bubbles, build_specks, pulse
from filmgate.animatic.water.caustics import Caustics, build_caustics, caustic_tile
from filmgate.animatic.water.light_shafts import LightShafts, build_light_shafts
from filmgate.animatic.water.reef import CORAL_COLOURS, GROWTHS, Growth, Kelp, build_kelp, cast_shade, empty_bed, plant
from filmgate.animatic.water.seawater import SeaColours, WaterLight, sea_colours

FLOOR = 0.70  # row where the floor is lost in the haze, in frame heights
CEILING = 0.30  # row where the surface is
FEET = 0.12  # of the base, above the bottom edge
# What frames the picture at either side: kind, distance from the edge and size, in frame bases.
CORNER = (
    ("fan", 0.06, 0.24),
    ("rock", 0.02, 0.20),
    ("staghorn", 0.14, 0.15),
    ("tubes", 0.22, 0.10),
    ("dome", 0.25, 0.09),
)
BRIGHTEST = 2.4  # how much brighter the floor is where the light gathers
SAND = 256  # tile pixels
GLOWING = np.array([0.25, 0.95, 1.0], np.float32)  # plankton at night


@dataclass(frozen=True, slots=True, eq=False)
class Underwater:
    finish: Finish
    water: Pixels  # half size
    ceiling: Caustics
    shafts: LightShafts
    light: Floats
    far: Layer
    floor: Ground
    floor_light: Caustics
    reef: Layer
    kelp: tuple[Kelp, ...]
    foreground: tuple[Layer, ...]
    bubbles: tuple[BubbleColumn, ...]
    specks: Specks
    glowing: Specks | None
    cast: tuple[Actor, ...]
    canvas_shape: tuple[int, int, int]

    def paint(self, moment: Moment) -> Pixels:
        rays = self.shafts.light(moment.seconds, self.water.shape[1], self.water.shape[0])
        frame = resize(self._background(moment, rays), self.canvas_shape[1], self.canvas_shape[0])
        self.reef.paint(frame, moment.view)
        for strand in self.kelp:
            strand.paint(frame, moment.seconds, moment.view)
        paint_cast(self.cast, "deep", frame, moment)
        paint_cast(self.cast, "ground", frame, moment)
        for column in self.bubbles:
            column.paint(frame, moment.seconds, moment.view)
        for corner in self.foreground:
            corner.paint(frame, moment.view)
        add_light(frame, self._between(moment, rays))
        return frame

    def _background(self, moment: Moment, rays: Pixels) -> Pixels:
        """Water, its surface from below, shafts, far reefs and the floor, at half size: water leaves nothing sharp."""
        small = self.water.copy()
        surface = np.ascontiguousarray(self.ceiling.light(moment.seconds, moment.view.travel_x)[::-1])
        add_light(small[: len(surface)], tint(surface, self.light))
        screen(small, tint(rays, self.light * 0.85))
        self.far.paint(small, moment.view)
        self.floor.paint(small, moment.view)
        ground = small[self.floor.top :]
        net = self.floor_light.light(moment.seconds, moment.view.travel_x)
        gain = tint(net, self.light * np.float32(1.0 - 1.0 / BRIGHTEST))
        add_light(gain, np.full_like(gain, round(255 / BRIGHTEST)))
        ground[:] = multiply(ground, resize(gain, ground.shape[1], ground.shape[0]), BRIGHTEST)
        return small

    def _between(self, moment: Moment, rays: Pixels) -> Pixels:
        """What lies between the eye and everything else: a little of the shafts, and specks."""
        light = scale(rays, 0.30)
        self.specks.add_to(light, moment.seconds, moment.view)
        small = tint(light, self.light * 0.75)
        if self.glowing is not None:
            living = np.zeros_like(light)
            self.glowing.add_to(living, moment.seconds * 0.7 + 40, moment.view)
            add_light(small, tint(pulse(living, moment.seconds), GLOWING))
        return resize(small, self.canvas_shape[1], self.canvas_shape[0])


def build_underwater(brief: Brief) -> Underwater:
    canvas, rng = brief.canvas, brief.rng
    colours = sea_colours(brief)
    features = brief.reading.features
    horizon = int(canvas.height * FLOOR)
    sun_x = float(rng.uniform(0.3, 0.7)) * canvas.width
    base, feet = canvas.base, canvas.height - FEET * canvas.base
    spots = {
        "deep": Spot(0.47, canvas.height * 0.46, 0.26 * base, 0.55),
        "ground": Spot(0.46, feet, 0.30 * base, nearness_at(canvas, horizon, feet)),
    }
    from_above = (float(np.clip((sun_x / canvas.width - 0.5) * 1.2, -0.5, 0.5)), -0.87)
    ceiling_rows = int(canvas.height * CEILING)
    half = Canvas((canvas.width + 1) // 2, (canvas.height + 1) // 2)
    away = np.linspace(0, 1, 64, dtype=np.float32)
    nets = (caustic_tile(rng), caustic_tile(rng))
    water = _water(brief, colours, sun_x)
    return Underwater(
        finish=Finish(bloom=0.5, bloom_threshold=178, vignette=0.55),
        water=water,
        ceiling=build_caustics(canvas, ceiling_rows, 150.0, smoothstep(0.02, 0.9, away) * colours.strength, nets),
        shafts=build_light_shafts(canvas, (sun_x, -0.55 * canvas.height), 0.92, rng),
        light=colours.light * colours.strength,
        far=_far(brief, colours, half, horizon // 2),
        floor=build_ground(half, horizon // 2, _floor(brief, colours, water, half, sun_x / 2)),
        floor_light=build_caustics(canvas, canvas.height - horizon, 120.0, smoothstep(0.0, 0.5, away), nets),
        reef=_reef(brief, colours, horizon),
        kelp=_kelp(brief, colours, horizon),
        foreground=_foreground(brief, colours, horizon),
        bubbles=_bubbles(brief, colours),
        specks=build_specks(canvas, rng, share=2.0 if "abyss" in features else 1.0),
        glowing=build_specks(canvas, rng, GLOWING_PLANKTON) if colours.glows or "abyss" in features else None,
        cast=build_cast(brief, Stage(canvas, horizon, spots, from_above, shadow=0.25)),
        canvas_shape=(canvas.height, canvas.width, 3),
    )


def _water(brief: Brief, colours: SeaColours, sun_x: float) -> Pixels:
    """The water itself at half size: bright below the window to the sky, dark in the distance and the deep."""
    canvas = brief.canvas
    width, rows = (canvas.width + 1) // 2, (canvas.height + 1) // 2
    down = np.linspace(0, 1, rows, dtype=np.float32)
    stops = [(0.0, colours.shallow), (0.30, mix(colours.shallow, colours.middle, 0.6)), (0.62, colours.middle)]
    column = gradient([*stops, (1.0, colours.deep)], down)
    across = (np.arange(width, dtype=np.float32) * 2 - sun_x) / canvas.base
    lines = down * canvas.height / canvas.base
    distance = np.hypot(across[None] * 0.8, (lines + 0.12)[:, None])
    window = np.exp(-((distance / 0.30) ** 2)) + 0.55 * np.exp(-distance / 0.34)
    sides = np.exp(-((across / 0.95) ** 2))[None, :, None]
    water = mix(colours.deep, column[:, None], 0.45 + 0.55 * sides)
    lit = mix(water, colours.surface, np.clip(window, 0, 1)[..., None] * (0.35 + 0.65 * colours.strength))
    return to_pixels(np.clip(lit, 0, 1).astype(np.float32), brief.rng)


def _floor(brief: Brief, colours: SeaColours, behind: Pixels, half: Canvas, sun_x: float) -> Pixels:
    """Sand and darker patches; it begins in the colour of the water `behind` it."""
    rng, horizon = brief.rng, int(brief.canvas.height * FLOOR) // 2
    width, rows = overhang_width(half), half.height - horizon
    near = (np.arange(rows, dtype=np.float32)[:, None] + 0.5) / rows
    depth = 1 / (near * 0.93 + 0.07)
    across = (np.arange(width, dtype=np.float32)[None] - width / 2) / half.base

    def laid(tile: Floats, spacing: float) -> Floats:
        map_x = np.mod(across * depth * np.float32(spacing) + SAND / 2, SAND)
        map_y = np.repeat(np.mod(depth * np.float32(spacing * 0.9), SAND), width, 1)
        return sample(np.pad(tile, ((0, 1), (0, 1)), mode="wrap"), map_x.astype(np.float32), map_y.astype(np.float32))

    sand_relief = relief_light(_ripples(rng), (0.5, -0.7), 0.8)
    relief = 0.5 + (laid(sand_relief, 210.0) - 0.5) * smoothstep(0.05, 0.45, near)
    patches = smoothstep(0.50, 0.72, laid(spectral(rng, (SAND, SAND), 2.4, 3), 70.0))[..., None]
    light = colours.behind(0.0)
    sand = (from_hex("e2cfa4") * (light.ambient * 0.7 + light.light * 0.62) * colours.sand).astype(np.float32)
    colour = mix(sand, sand * np.array([0.52, 0.60, 0.62], np.float32), patches) * (0.62 + 0.76 * relief[..., None])
    beside = across + (half.width / 2 - sun_x) / half.base
    pool = 0.72 + 0.40 * np.exp(-((beside / 0.6) ** 2))[..., None]
    row = behind[horizon].astype(np.float32) / np.float32(255)
    left = (width - len(row)) // 2
    water = row[np.clip(np.arange(width) - left, 0, len(row) - 1)][None]
    hazy = mix(np.clip(colour * pool, 0, 1), water, np.clip(np.exp(-near * 3.6) * 1.08, 0, 1)[..., None])
    return to_pixels(np.clip(hazy, 0, 1).astype(np.float32), rng)


def _ripples(rng: np.random.Generator) -> Floats:
    """Ripples that the swell left in the sand, tileable."""
    rows, columns = np.mgrid[0:SAND, 0:SAND].astype(np.float32) / np.float32(SAND)
    bend = spectral(rng, (SAND, SAND), 3.0, 1, 10) - 0.5
    waves = np.sin(2 * np.pi * (17 * rows + 2 * columns + bend * 5))
    return (waves * (0.3 + spectral(rng, (SAND, SAND), 2.4, 2)) + spectral(rng, (SAND, SAND), 2.4, 2) * 14).astype(
        np.float32
    )


def _far(brief: Brief, colours: SeaColours, half: Canvas, horizon: int) -> Layer:
    """Reefs that are little more than a darker haze."""
    rng, base = brief.rng, half.base
    width, rows = overhang_width(half), horizon + int(0.06 * base)
    across, lines = np.arange(width), np.arange(rows, dtype=np.float32)[:, None]
    bed, haze = empty_bed(width, rows, rng), colours.behind(0.0).haze
    for share, rise, thickness in ((0.6, 0.17, 0.80), (0.7, 0.085, 0.62)):
        mound = np.interp(across / width * 1023, np.arange(1024), curve(rng, 1024, 4, 4)) ** 1.5
        line = (horizon + 0.01 * base - mound * rise * base).astype(np.float32)
        outlines = [np.concatenate([np.stack([across, line], 1), [[width, rows + 9], [0, rows + 9]]])]
        for x in rng.uniform(0, width - 1, int(26 * width / base / 1.2)):
            kind = str(rng.choice(("dome", "tubes", "staghorn", "dome", "rock")))
            size = base * rise * rng.uniform(0.10, 0.34)
            outlines += [part + np.array([x, line[int(x)] + 2]) for part in GROWTHS[kind](rng, float(size))]
        mask = polygon_mask(width, rows, outlines, 1)[..., None]
        below = (lines - line[None]) / np.float32(rise * base)
        dark = mix(colours.deep * share, haze, np.clip(thickness + below * 0.35, 0, 1)[..., None])
        bed.colour[:] = mix(bed.colour, dark, mask)
        bed.coverage[:] = np.maximum(bed.coverage, mask[..., 0])
    return build_layer(half, horizon, 0.14, bed.colour, bed.coverage)


def _reef(brief: Brief, colours: SeaColours, horizon: int) -> Layer:
    """Rocks with corals on and around them, small and pale where they are far, towards both sides of the frame."""
    canvas, rng = brief.canvas, brief.rng
    width = overhang_width(canvas)
    rich = "coral" in brief.reading.features
    bed = empty_bed(width, canvas.height, rng)
    hues = np.stack([from_hex(value) for value in CORAL_COLOURS])
    clusters = max(2, round((15 if rich else 6) * canvas.width / canvas.base / 1.78))
    nearest = 0.52 if rich else 0.36
    for near in np.sort(rng.uniform(0.03, nearest, clusters)):
        water = colours.behind(float(np.clip(0.70 - near * 1.5, 0.08, 0.9)))
        # Far clusters stand anywhere, near ones leave the middle to whoever walks there.
        aside = float(rng.beta(0.9, 0.9)) if near < 0.16 else abs(float(rng.normal(0, 0.16)))
        aside = aside if rng.uniform() < 0.5 else 1 - aside
        x, foot = (0.14 + 0.72 * aside) * width, horizon + float(near) * (canvas.height - horizon)
        size = (0.05 + 0.26 * float(near)) * canvas.base * float(rng.uniform(0.8, 1.3))
        cast_shade(bed, x, foot + 0.05 * size, size * 1.15, colours.deep * 0.6, 0.55 * (1 - water.thickness))
        plant(bed, Growth("rock", x, foot, size, from_hex("7d7b70")), water, rng)
        for shift in rng.normal(0, 0.62, int(rng.integers(6, 11)) if rich else int(rng.integers(1, 4))):
            hue = hues[int(rng.integers(len(hues)))]
            kind = str(rng.choice(("staghorn", "fan", "tubes", "dome", "table", "fan")))
            grown = size * float(rng.uniform(0.40, 0.90))
            root = foot - max(0.0, 0.50 - float(shift) ** 2) * size * 0.7 + float(rng.uniform(0, 0.06)) * size
            hue = hue if rich else mix(hue, from_hex("8a8678"), 0.45)
            plant(bed, Growth(kind, x + float(shift) * size, root, grown, hue), water, rng)
    last = int(np.flatnonzero(bed.coverage.max(1))[-1]) + 2
    return build_layer(canvas, horizon, 0.30, bed.colour[:last], bed.coverage[:last])


def _kelp(brief: Brief, colours: SeaColours, horizon: int) -> tuple[Kelp, ...]:
    """Strands in clumps: at the sides, or everywhere in a forest of kelp."""
    canvas, rng = brief.canvas, brief.rng
    if "abyss" in brief.reading.features:
        return ()
    forest = "kelp" in brief.reading.features
    clumps = rng.uniform(0, 1, 5) if forest else np.array([0.03, 0.96])
    strands: list[Kelp] = []
    for near in np.sort(rng.uniform(0.06, 0.55, 11 if forest else 6)):
        aside = float(rng.choice(clumps) + rng.normal(0, 0.035))
        foot = horizon + float(near) * (canvas.height - horizon)
        height = canvas.base * (0.30 + 0.60 * float(near)) * float(rng.uniform(0.75, 1.1)) * (1.1 if forest else 0.85)
        water = colours.behind(float(np.clip(0.76 - near, 0.1, 0.8)))
        strands.append(build_kelp(canvas, aside * canvas.width, foot, height, float(near), water, rng))
    return tuple(strands)


def _foreground(brief: Brief, colours: SeaColours, horizon: int) -> tuple[Layer, ...]:
    """Dark growth in both lower corners, close to the eye."""
    canvas, rng = brief.canvas, brief.rng
    width, height = overhang_width(canvas), canvas.height + int(0.10 * canvas.base)
    water = WaterLight(colours.light * 0.20 * colours.strength, colours.middle * 0.5, colours.deep * 0.5, 0.35)
    edge, reach = (width - canvas.width) / 2, int(0.75 * canvas.base)
    rich = "coral" in brief.reading.features
    layers: list[Layer] = []
    for side in (0, 1):
        bed = empty_bed(width, height, rng)
        corner = edge if side == 0 else width - edge
        for kind, aside, size in CORNER:
            x = corner + (0.5 - side) * 2 * aside * canvas.base * float(rng.uniform(0.6, 1.4))
            hue = from_hex(str(rng.choice(CORAL_COLOURS))) if rich and kind != "rock" else from_hex("6c766c")
            foot = canvas.height + (0.02 + 0.10 * aside) * canvas.base
            plant(bed, Growth(kind, x, foot, size * canvas.base * float(rng.uniform(0.8, 1.2)), hue), water, rng)
        first = 0 if side == 0 else max(0, width - reach)
        part = build_layer(canvas, horizon, 0.95, bed.colour[:, first:][:, :reach], bed.coverage[:, first:][:, :reach])
        layers.append(replace(part, left=first - int(edge)))
    return tuple(layers)


def _bubbles(brief: Brief, colours: SeaColours) -> tuple[BubbleColumn, ...]:
    canvas, rng = brief.canvas, brief.rng
    spots: list[tuple[float, float, float]] = []
    for depth, down in ((0.25, 0.78), (0.40, 0.84), (0.75, 1.0)):
        x = rng.uniform(0.06, 0.30) if rng.uniform() < 0.5 else rng.uniform(0.70, 0.94)
        spots.append((float(x) * canvas.width, down * canvas.height, depth))
    return build_bubbles(canvas, spots, np.clip(colours.light * 0.55 + colours.surface * 0.35, 0, 1), rng)
