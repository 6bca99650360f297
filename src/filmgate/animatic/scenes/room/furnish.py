"""Which furniture stands where in each kind of room."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from filmgate.animatic.colour import from_hex, mix
from filmgate.animatic.raster import Floats
from filmgate.animatic.scenes.room import furniture, plants
from filmgate.animatic.scenes.room.panel import Lamp, Panel, disc, rectangle, rounded
from filmgate.animatic.scenes.room.plan import Plan
from filmgate.animatic.scenes.room.tones import Tones


@dataclass(frozen=True, slots=True, eq=False)
class Furnishing:
    """Everything that the pieces of one room need to know. `lit`: the lamps are on."""

    panel: Panel
    plan: Plan
    tones: Tones
    lit: bool
    screen: Floats  # the colour of monitors
    rng: np.random.Generator

    @property
    def left(self) -> float:
        """The windows' outer edges."""
        return self.plan.windows[0].left

    @property
    def right(self) -> float:
        return self.plan.windows[-1].right

    @property
    def edge(self) -> float:
        """Half of what is seen of the wall."""
        return self.plan.half_width

    def beside(self, side: float, share: float) -> float:
        """A place between the windows and the edge of the frame: `share` 0 at the window."""
        start = self.right if side > 0 else -self.left
        return side * (start + share * max(0.16, self.edge - start))


def furnish(room: Furnishing) -> None:
    """Paint the furniture of this kind of room onto the wall."""
    _ROOMS[room.plan.kind](room)
    if room.plan.candles:
        for x in np.linspace(room.left + 0.05, room.right - 0.05, 4):
            candle(room.panel, float(x), room.plan.windows[0].bottom, 0.05 + 0.03 * float(room.rng.uniform()))


def _span(first: float, second: float) -> tuple[float, float]:
    return min(first, second), max(first, second)


def candle(panel: Panel, x: float, y: float, height: float) -> None:
    """The flame is painted by the scene: it moves."""
    panel.solid([rectangle(x - 0.010, y, x + 0.010, y + height)], furniture.PAPER, 0.006)
    panel.candles.append((x, y + height))
    panel.lamps.append(Lamp(x, y + height + 0.02, 0.24, furniture.LAMPLIGHT * 0.8))


def _living(room: Furnishing) -> None:
    panel, tones, side = room.panel, room.tones, room.plan.light_side
    if not room.plan.fireplace:
        furniture.picture(panel, room.rng, room.beside(side, 0.42), 0.47, (0.085, 0.065), tones)
        furniture.picture(panel, room.rng, room.beside(side, 0.82), 0.50, (0.055, 0.075), tones)
        furniture.sofa(panel, room.beside(side, 0.66), tones)
    furniture.floor_lamp(panel, room.beside(-side, 0.24), room.lit)
    furniture.armchair(panel, room.beside(-side, 0.62), tones)
    furniture.wall_shelf(panel, room.rng, *_span(room.beside(-side, 0.42), room.beside(-side, 0.98)), 0.50, tones)
    foot = room.beside(-side, 0.98) if room.plan.fireplace else room.beside(side, 0.10)
    plants.pot_plant(panel, room.rng, foot, 0.0, 0.9, plants.CLAY)


def _library(room: Furnishing) -> None:
    top = min(0.82, room.panel.top - 0.12)
    panel, tones = room.panel, room.tones
    furniture.bookcase(panel, room.rng, -panel.reach, room.left - 0.07, top, tones)
    furniture.bookcase(panel, room.rng, room.right + 0.07, panel.reach, top, tones)
    _ladder(panel, room.beside(room.plan.light_side, 0.62), top, tones)
    furniture.table_lamp(panel, room.left + 0.07, room.plan.windows[0].bottom, from_hex("2f6b4f"), room.lit)
    furniture.armchair(panel, room.beside(-room.plan.light_side, 0.35), tones)


def _ladder(panel: Panel, x: float, top: float, tones: Tones) -> None:
    panel.shadow(x - 0.05, 0.0, x + 0.06, top * 0.9, 0.35, 0.03)
    for foot in (-0.055, 0.055):
        rail = np.array(
            [
                [x + foot - 0.008, 0.0],
                [x + foot + 0.008, 0.0],
                [x + foot * 0.8 + 0.006, top * 0.95],
                [x + foot * 0.8 - 0.006, top * 0.95],
            ]
        )
        panel.solid([rail], np.clip(tones.wood * 1.35, 0, 1), 0.004)
    for step in range(1, 9):
        y = top * 0.95 * step / 9
        panel.solid([rectangle(x - 0.050, y - 0.006, x + 0.050, y + 0.006)], np.clip(tones.wood * 1.25, 0, 1), 0.003)


def _cafe(room: Furnishing) -> None:
    panel, tones = room.panel, room.tones
    side = room.plan.light_side
    brick = tones.wall * 0.82
    for index in range(int(panel.top / 0.03) + 1):
        y = index * 0.03
        for x in (-panel.reach, room.right + 0.05):
            width = room.left - 0.05 + panel.reach if x < 0 else panel.reach - x
            for start in np.arange(0.03 * (index % 2), width, 0.064):
                shade = float(room.rng.uniform(0.85, 1.12))
                panel.box(
                    x + start + 0.0015,
                    y + 0.0015,
                    min(x + start + 0.0625, x + width),
                    y + 0.0285,
                    np.clip(brick * shade, 0, 1),
                )
    _chalkboard(panel, room.rng, room.beside(side, 0.52), 0.46)
    furniture.wall_shelf(panel, room.rng, *_span(room.beside(-side, 0.15), room.beside(-side, 0.95)), 0.50, tones)
    furniture.cabinet(panel, *_span(room.beside(-side, 0.12), room.beside(-side, 1.25)), 0.27, tones, tones.cloth, 3)
    plants.pot_plant(panel, room.rng, room.beside(side, 0.35), 0.0, 0.85, plants.CLAY)
    middle, reach = room.plan.windows[0].middle, (room.right - room.left) / 2
    for share in (-0.55, 0.55):
        furniture.bistro_table(panel, middle + share * reach, tones)
    for share in (-0.72, -0.24, 0.24, 0.72):
        x = room.plan.windows[0].middle + share * (room.right - room.left) * 0.62
        furniture.pendant(panel, x, panel.top - 0.30 - 0.02 * abs(share), room.lit, from_hex("2f3a38"), 0.8)


def _chalkboard(panel: Panel, rng: np.random.Generator, x: float, y: float) -> None:
    panel.shadow(x - 0.11, y - 0.16, x + 0.11, y + 0.13, 0.5, 0.015)
    panel.solid([rectangle(x - 0.11, y - 0.145, x + 0.11, y + 0.145)], from_hex("7a5636"), 0.004)
    panel.box(x - 0.10, y - 0.135, x + 0.10, y + 0.135, from_hex("26302d"))
    chalk = from_hex("c9cdc4")
    panel.line(
        np.stack([np.linspace(x - 0.05, x + 0.05, 20), y + 0.098 + 0.012 * np.sin(np.arange(20) * 1.9)], 1),
        chalk,
        0.004,
    )
    for row in range(6):
        steps = np.linspace(x - 0.08, x - 0.08 + float(rng.uniform(0.06, 0.10)), 16)
        level = y + 0.055 - row * 0.03
        panel.line(np.stack([steps, level + 0.005 * np.sin(np.arange(16) * 2.3 + row)], 1), chalk * 0.8, 0.0025)
        panel.line(np.array([[x + 0.055, level], [x + 0.08, level]]), chalk * 0.8, 0.0025)


def _bedroom(room: Furnishing) -> None:
    panel, tones, side = room.panel, room.tones, room.plan.light_side
    middle = room.plan.windows[0].middle
    furniture.picture(panel, room.rng, room.beside(side, 0.45), 0.50, (0.07, 0.09), tones)
    plants.hanging_plant(panel, room.rng, room.beside(-side, 0.42), 0.56)
    _fairy_lights(room)
    furniture.bed(panel, middle, tones, min(0.40, room.edge * 0.62))
    for place in (side, -side):
        x = room.beside(place, 0.34)
        furniture.cabinet(panel, x - 0.075, x + 0.075, 0.17, tones, mix(tones.wood, tones.trim, 0.25), 1)
    furniture.table_lamp(panel, room.beside(side, 0.34), 0.18, tones.cloth, room.lit)
    furniture.vase(panel, room.beside(-side, 0.34), 0.18, 0.07, tones.second)
    plants.pot_plant(panel, room.rng, room.beside(-side, 0.86), 0.0, 1.1, plants.CLAY)


def _fairy_lights(room: Furnishing) -> None:
    """A string of bulbs over the window in three swags."""
    panel, window = room.panel, room.plan.windows[0]
    share = np.linspace(0, 1, 31)
    x = window.left - 0.20 + share * (window.right - window.left + 0.40)
    y = window.top + 0.035 - 0.05 * np.abs(np.sin(share * np.pi * 3)) ** 0.8
    panel.line(np.stack([x, y], 1), from_hex("5a5248"), 0.002)
    for bulb_x, bulb_y in zip(x[::2], y[::2], strict=True):
        if room.lit:
            panel.glow(disc(float(bulb_x), float(bulb_y) - 0.008, 0.006), np.array([1.0, 0.86, 0.55], np.float32))
            panel.lamps.append(Lamp(float(bulb_x), float(bulb_y), 0.06, furniture.LAMPLIGHT * 0.5))


def _kitchen(room: Furnishing) -> None:
    panel, tones, side = room.panel, room.tones, room.plan.light_side
    tile = np.clip(tones.trim * 0.96, 0, 1)
    for x in np.arange(-panel.reach, panel.reach, 0.045):
        for y in np.arange(0.20, 0.42, 0.045):
            if not room.left - 0.04 < x < room.right:
                panel.box(
                    x + 0.001,
                    y + 0.001,
                    x + 0.044,
                    y + 0.044,
                    np.clip(tile * float(room.rng.uniform(0.93, 1.04)), 0, 1),
                )
    for edge in (-1.0, 1.0):
        ends = sorted((room.beside(edge, 0.18), edge * panel.reach))
        furniture.wall_shelf(panel, room.rng, ends[0], ends[1], 0.52, tones)
        furniture.wall_shelf(panel, room.rng, ends[0], ends[1], 0.66, tones)
    furniture.cabinet(panel, -panel.reach, panel.reach, 0.20, tones, tones.cloth, 12)
    _tap(panel, room.plan.windows[0].middle, 0.21)
    _pot(panel, room.beside(side, 0.40), 0.21, from_hex("b8453a"))
    furniture.vase(panel, room.beside(-side, 0.30), 0.21, 0.10, tones.second)
    plants.pot_plant(panel, room.rng, room.beside(-side, 0.62), 0.21, 0.45, plants.CLAY)
    for share in (-0.55, 0.55):
        furniture.pendant(
            panel, room.beside(np.sign(share), abs(share) * 0.4), panel.top - 0.26, room.lit, furniture.BRASS, 0.9
        )


def _tap(panel: Panel, x: float, y: float) -> None:
    turn = np.linspace(0, np.pi, 12)
    arch = np.stack([x + 0.028 - 0.028 * np.cos(turn), y + 0.075 + 0.028 * np.sin(turn)], 1)
    panel.line(np.concatenate([[[x, y]], arch]), from_hex("aeb4b8"), 0.008)


def _pot(panel: Panel, x: float, y: float, colour: Floats) -> None:
    panel.solid([rounded(x - 0.055, y, x + 0.055, y + 0.065, 0.015)], colour, 0.015)
    panel.solid(
        [
            rounded(x - 0.058, y + 0.060, x + 0.058, y + 0.074, 0.006),
            rounded(x - 0.01, y + 0.07, x + 0.01, y + 0.09, 0.008),
        ],
        colour * 0.8,
        0.006,
    )


def _office(room: Furnishing) -> None:
    panel, tones, side = room.panel, room.tones, room.plan.light_side
    far = side * panel.reach
    furniture.bookcase(panel, room.rng, *_span(room.beside(side, 0.22), far), 0.50, tones)
    plants.pot_plant(panel, room.rng, room.beside(side, 0.42), 0.51, 0.55, tones.trim)
    furniture.picture(panel, room.rng, room.beside(-side, 0.6), 0.52, (0.10, 0.07), tones)
    middle = room.plan.windows[0].middle
    furniture.desk(panel, middle - 0.36, middle + 0.36, tones)
    furniture.monitor(panel, middle - 0.06, 0.25, room.screen, room.rng)
    furniture.table_lamp(panel, middle + 0.26, 0.25, tones.cloth, room.lit)
    furniture.office_chair(panel, middle + 0.18, tones)
    plants.pot_plant(panel, room.rng, room.beside(-side, 0.45), 0.0, 1.1, tones.trim)


def _hall(room: Furnishing) -> None:
    """Columns between the windows, and a chandelier."""
    panel, tones = room.panel, room.tones
    gaps = [
        (first.right + second.left) / 2 for first, second in zip(room.plan.windows, room.plan.windows[1:], strict=False)
    ]
    step = gaps[1] - gaps[0]
    places = sorted({*gaps, gaps[0] - step, gaps[1] + step, gaps[0] - 2 * step, gaps[1] + 2 * step})
    for x in places:
        _column(panel, x, step * 0.14, tones)
    for side in (-1, 1):
        banner = np.array([[0.0, 0.30], [0.055, 0.25], [0.11, 0.30], [0.11, 0.66], [0.0, 0.66]]) - np.array(
            [0.055, 0.0]
        )
        panel.solid([banner + np.array([room.beside(side, 0.55), 0.0])], tones.cloth, 0.012)
    furniture.pendant(panel, room.plan.windows[1].middle, panel.top - 0.24, room.lit, furniture.BRASS, 1.2)


def _column(panel: Panel, x: float, half: float, tones: Tones) -> None:
    top = panel.top + 0.05
    stone = np.clip(tones.trim * 0.94, 0, 1)
    panel.shadow(x - half, 0.0, x + half, top, 0.5, half)
    panel.solid([rectangle(x - half, 0.05, x + half, top)], stone, half * 0.5, 0.45)
    for flute in np.linspace(-0.72, 0.72, 6):
        panel.solid(
            [rectangle(x + flute * half - half * 0.05, 0.09, x + flute * half + half * 0.05, top)],
            stone * 0.90,
            half * 0.05,
        )
    for level, wide in ((0.0, 1.45), (0.03, 1.25)):
        panel.solid([rounded(x - half * wide, level, x + half * wide, level + 0.035, 0.006)], stone, 0.006)


_ROOMS: Mapping[str, Callable[[Furnishing], None]] = MappingProxyType(
    {
        "living": _living,
        "library": _library,
        "cafe": _cafe,
        "bedroom": _bedroom,
        "kitchen": _kitchen,
        "office": _office,
        "hall": _hall,
    }
)
