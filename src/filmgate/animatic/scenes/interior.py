"""A room with a window: what happens outside stays outside, and its light comes in."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import cv2
import numpy as np

from filmgate.animatic.camera import Move, View, plane_matrix
from filmgate.animatic.colour import mix, smoothstep, to_pixels
from filmgate.animatic.figures.cast import build_cast, paint_cast
from filmgate.animatic.figures.stage import Actor, Spot, Stage
from filmgate.animatic.layers import Ground
from filmgate.animatic.post import Finish
from filmgate.animatic.raster import Canvas, Floats, Pixels, Points, add_light, add_weighted, blur, fill, resize, warp
from filmgate.animatic.scene import Brief, Moment
from filmgate.animatic.scenes.room.cloth import Curtain, build_curtains
from filmgate.animatic.scenes.room.dust import Dust, build_dust
from filmgate.animatic.scenes.room.floor import build_floor, build_table, size_at
from filmgate.animatic.scenes.room.furniture import LAMPLIGHT
from filmgate.animatic.scenes.room.hearth import (
    FIRELIGHT,
    Candles,
    Flames,
    build_candles,
    build_flames,
    flicker,
    hearth_place,
)
from filmgate.animatic.scenes.room.outlook import Outlook, build_outlook
from filmgate.animatic.scenes.room.panel import Flat, Lamp
from filmgate.animatic.scenes.room.plan import SILL, TABLE_DEPTH, WALL_DEPTH, Plan, plan_room
from filmgate.animatic.scenes.room.plants import leaf
from filmgate.animatic.scenes.room.tones import choose_tones
from filmgate.animatic.scenes.room.wall import RoomLight, build_wall, room_light

AIR_REDUCTION = 4
FEET_ROW, TABLE_FEET_ROW = 0.90, 0.90  # of the frame's height
PERSON, ON_TABLE, SMALL_WALKER = 0.60, 0.42, 1.05  # bases: a person, a thing on the table, the person beside such a cat


@dataclass(frozen=True, slots=True, eq=False)
class Air:
    """Light that hangs in the air of the room, at a fraction of the size: beams breathe, fire flickers."""

    beams: Pixels
    fire: Pixels | None
    plan: Plan

    def paint(self, frame: Pixels, seconds: float, view: View) -> None:
        breath = 0.90 + 0.10 * math.sin(seconds * 0.5)
        light = self.beams
        if self.fire is not None:
            light = add_weighted(light, breath, self.fire, 0.75 * flicker(seconds))
        shrunk = np.array([[1 / AIR_REDUCTION, 0, 0], [0, 1 / AIR_REDUCTION, 0]])
        matrix = plane_matrix(self.plan.canvas, self.plan.horizon, WALL_DEPTH, view)
        matrix = matrix * np.array([[1.0, 1.0, shrunk[0, 0]], [1.0, 1.0, shrunk[1, 1]]])
        moved = warp(light, matrix, light.shape[1], light.shape[0], cv2.BORDER_REPLICATE)
        height, width = frame.shape[:2]
        add_light(frame, resize(moved, light.shape[1] * AIR_REDUCTION, light.shape[0] * AIR_REDUCTION)[:height, :width])


@dataclass(frozen=True, slots=True, eq=False)
class Interior:
    finish: Finish
    outlook: Outlook
    wall: Flat
    floor: Ground | None
    table: Flat | None
    curtains: tuple[Curtain, ...]
    flames: Flames | None
    candles: Candles | None
    air: Air
    dust: Dust | None
    foreground: Flat | None
    cast: tuple[Actor, ...]
    canvas: Canvas

    def paint(self, moment: Moment) -> Pixels:
        frame = np.zeros((self.canvas.height, self.canvas.width, 3), np.uint8)
        seconds, view = moment.seconds, moment.view
        self.outlook.paint(frame, moment)
        paint_cast(self.cast, "air", frame, moment)
        if self.floor is not None:
            self.floor.paint(frame, view)
        self.wall.paint(frame, view)
        for fire in (self.flames, self.candles):
            if fire is not None:
                fire.paint(frame, seconds, view)
        for curtain in self.curtains:
            curtain.paint(frame, seconds, view)
        if self.table is not None:
            self.table.paint(frame, view)
        self.air.paint(frame, seconds, view)
        paint_cast(self.cast, "table", frame, moment)
        paint_cast(self.cast, "ground", frame, moment)
        if self.dust is not None:
            self.dust.paint(frame, seconds, view)
        if self.foreground is not None:
            self.foreground.paint(frame, view)
        return frame


def build_interior(brief: Brief) -> Interior:
    canvas, palette, rng = brief.canvas, brief.palette, brief.rng
    plan = plan_room(brief)
    tones, light = choose_tones(brief, plan.kind), room_light(brief)
    outlook = build_outlook(brief, plan.opening(Move(brief.reading.camera)), plan.kind, 0.5 - 0.22 * plan.light_side)
    wall, panel = build_wall(brief, plan, tones, light)
    lamps = panel.lamps
    shine = np.clip(mix(palette.haze, palette.glow, 0.3) * (1.0 if not palette.dark else 0.75), 0, 1)
    inside = np.clip(
        light.ambient * 1.0 + (0.35 if light.lamps else 0.0) * np.array([1.0, 0.7, 0.42], np.float32), 0, 1.2
    )
    cloth = np.clip(mix(tones.second, tones.trim, 0.35) * inside, 0, 1)
    beam = _beam(plan)
    bright = palette.name in ("day", "pastel", "overcast")
    return Interior(
        finish=Finish(bloom=0.34, bloom_threshold=205) if bright else Finish(bloom=0.55, bloom_threshold=165),
        outlook=outlook,
        wall=wall,
        floor=None if plan.near else build_floor(brief, plan, tones, light, lamps),
        table=build_table(brief, plan, tones, light, lamps) if plan.near else None,
        curtains=build_curtains(plan, cloth, shine, brief.reading.wind, rng),
        flames=build_flames(plan, rng) if plan.fireplace else None,
        candles=build_candles(plan, panel.candles, rng) if panel.candles else None,
        air=_air(plan, light, beam * light.beam, (palette.light, shine), lamps),
        dust=build_dust(canvas, beam, palette.light, rng)
        if light.beam > 0.5 or "dust" in brief.reading.features
        else None,
        foreground=_foreground(brief, plan) if plan.kind != "hall" else None,
        cast=build_cast(_indoors(brief, light), _stage(plan)),
        canvas=canvas,
    )


def _indoors(brief: Brief, light: RoomLight) -> Brief:
    """The brief as the cast sees it: under a roof no rain falls, and the lamps show colours at any hour."""
    palette = brief.palette
    sunlight = mix(palette.light, LAMPLIGHT, 0.55) if light.lamps else palette.light
    ambient = np.clip(light.ambient * 1.25, 0, 1)
    shown = replace(palette, ambient=ambient, light=sunlight, dark=False, sun_height=min(palette.sun_height, 0.55))
    return replace(brief, palette=shown, reading=replace(brief.reading, weather=None))


def _stage(plan: Plan) -> Stage:
    canvas, window = plan.canvas, plan.windows[len(plan.windows) // 2]
    base = canvas.base
    middle, above = plan.screen(window.middle, window.bottom + 0.62 * (window.top - window.bottom))
    air = Spot(middle / canvas.width, above, 0.11 * base, 0.08)
    if plan.near:
        row = TABLE_FEET_ROW * canvas.height
        spots = {
            "table": Spot(0.5, row, ON_TABLE * base, TABLE_DEPTH),
            "ground": Spot(0.5, row, SMALL_WALKER * base, TABLE_DEPTH, level=True),
            "air": air,
        }
    else:
        feet, sill = FEET_ROW * canvas.height, plan.screen(0.0, SILL + 0.002)[1]
        height = min(PERSON * base, 0.72 * canvas.height)
        spots = {
            "table": Spot(window.middle * plan.unit_px / canvas.width + 0.5, sill, 0.20 * base, WALL_DEPTH),
            "ground": Spot(0.47, feet, height, WALL_DEPTH * size_at(plan, feet)),
            "air": air,
        }
    return Stage(canvas, plan.horizon, spots, (-0.45 * plan.light_side, -0.89), shadow=0.5)


def _beam(plan: Plan) -> Floats:
    """Where sunlight hangs in the air: from every pane down to one side, 0..1 at the reduced size."""
    canvas = plan.canvas
    rows, columns = -(-canvas.height // AIR_REDUCTION), -(-canvas.width // AIR_REDUCTION)
    total = np.zeros((rows, columns), np.float32)
    for window in plan.windows:
        step = (window.right - window.left) / window.columns
        for index in range(window.columns):
            left, right = window.left + index * step + step * 0.08, window.left + (index + 1) * step - step * 0.08
            slant, fall = plan.light_side * 0.42, window.top - window.bottom
            foot = window.bottom - 0.20 - 0.35 * fall
            corners = ((left, window.top), (right, window.top), (right + slant * 1.15, foot), (left + slant, foot))
            outline: Points = np.array([plan.screen(x, y) for x, y in corners]) / AIR_REDUCTION
            mask = np.zeros((rows, columns), np.uint8)
            fill(mask, outline, 1.0)
            total += blur(mask, max(0.6, 5.0 * canvas.unit)).astype(np.float32) / np.float32(255)
    height = (np.arange(rows, dtype=np.float32) * AIR_REDUCTION)[:, None]
    top, foot_row = plan.screen(0, plan.windows[0].top)[1], plan.screen(0, -0.05)[1]
    return total * (1 - smoothstep(top, max(top + 1, foot_row), height)) ** 0.8


def _air(plan: Plan, light: RoomLight, beam: Floats, colours: tuple[Floats, Floats], lamps: list[Lamp]) -> Air:
    sunlight, shine = colours
    rows, columns = beam.shape
    unit, canvas = plan.unit_px, plan.canvas
    x = ((np.arange(columns, dtype=np.float32) + 0.5) * AIR_REDUCTION - canvas.width / 2)[None, :] / np.float32(unit)
    y = (plan.floor_row - (np.arange(rows, dtype=np.float32) + 0.5) * AIR_REDUCTION)[:, None] / np.float32(unit)
    haze = np.zeros((rows, columns, 3), np.float32) + beam[..., None] * sunlight * np.float32(0.20)
    for window in plan.windows:
        half, tall = (window.right - window.left) / 2, (window.top - window.bottom) / 2
        near = ((x - window.middle) / (half * 1.25)) ** 4 + ((y - window.bottom - tall) / (tall * 1.25)) ** 4
        haze += np.exp(-near)[..., None] * shine * np.float32(0.07 if light.beam else 0.045)
    for lamp in lamps:
        square = ((x - lamp.x) ** 2 + (y - lamp.y) ** 2) / np.float32((lamp.reach * 0.36) ** 2)
        haze += np.exp(-square)[..., None] * lamp.colour * np.float32(0.13)
    fire = None
    if plan.fireplace:
        place = hearth_place(plan)
        square = ((x - place) ** 2 + (y - 0.07) ** 2) / np.float32(0.30**2)
        fire = to_pixels((np.exp(-square * 1.2) * 0.30 + np.exp(-np.sqrt(square) * 1.5) * 0.16)[..., None] * FIRELIGHT)
    return Air(to_pixels(np.clip(haze, 0, 1)), fire, plan)


def _foreground(brief: Brief, plan: Plan) -> Flat:
    """Leaves out of focus in a lower corner, close to the lens."""
    canvas, rng, palette = brief.canvas, brief.rng, brief.palette
    size = max(8, int(0.42 * canvas.base))
    mask = np.zeros((size, size), np.uint8)
    side = -plan.light_side
    for index in range(7):
        angle = side * -1 * (0.05 + 0.22 * index + float(rng.uniform(-0.08, 0.08)))
        root_x = 0.06 if side < 0 else 0.94
        outline = leaf(root_x, -0.10, angle, float(rng.uniform(0.55, 0.85)), 0.24)
        fill(mask, np.stack([outline[:, 0] * size, size - outline[:, 1] * size], 1), 1.0)
    soft = blur(mask, 5.5 * canvas.unit + 0.3)[..., None].astype(np.float32) / np.float32(255)
    colour = mix(palette.near * 0.55, np.array([0.10, 0.16, 0.09], np.float32), 0.6)
    shade = np.linspace(1.35, 0.6, size, dtype=np.float32)[:, None, None]
    pixels = np.dstack([to_pixels(np.clip(colour * shade, 0, 1) * soft), to_pixels(soft)])
    left = -0.05 * canvas.base if side < 0 else canvas.width - size + 0.05 * canvas.base
    return Flat(np.ascontiguousarray(pixels), 0.95, left, canvas.height - size * 0.86, canvas, plan.horizon)
