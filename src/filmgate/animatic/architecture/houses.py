"""Small houses of old towns: white walls and swept tiles south of the Yangtze, stucco and terracotta, white cubes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from filmgate.animatic.architecture.greenery import draw_tree, leafage
from filmgate.animatic.architecture.hour import Hour
from filmgate.animatic.architecture.lights import LightBook, Rhythm, Sign
from filmgate.animatic.architecture.signs import lantern
from filmgate.animatic.architecture.styles import Style
from filmgate.animatic.architecture.wall import cover_of, set_colours, spill_light, without_cover
from filmgate.animatic.colour import from_hex, to_pixels
from filmgate.animatic.raster import Floats, Pixels, Points, add_light, fill, multiply, stroke, tint, triple

LAMP_LEVEL = 150  # what is brighter than this after dark is a lamp or a lit window
UNSTEADY = 0.3  # share of lanterns that flicker a little
MOONLIT = 1.5  # plaster shines at night
LAMPLIGHT = ("ffc878", "ffd9a0", "ffb45c")


@dataclass(frozen=True, slots=True)
class House:
    kind: str
    left: float
    right: float
    eaves: float  # row where the wall ends and the roof begins
    foot: float
    storeys: int

    @property
    def width(self) -> float:
        return self.right - self.left


@dataclass(frozen=True, slots=True, eq=False)
class TownArt:
    """One row of houses while it is drawn: premultiplied RGBA, and its lights."""

    pixels: Pixels
    book: LightBook
    hour: Hour
    style: Style
    rng: np.random.Generator
    lantern_radius: int

    def draw(self, house: House) -> None:
        """Paint one house over what stands behind it."""
        style, rng = self.style, self.rng
        wall, roof, wood = (self._pick(options) for options in (style.walls, style.roofs, style.wood))
        self._wall(house, wall)
        match house.kind:
            case "eaves" | "gallery":
                self._openings(house, wood, lattice=True, ground=house.kind == "gallery")
                self._swept_roof(house, roof)
            case "steps":
                self._openings(house, wood, lattice=True, ground=False, few=True)
                self._stepped_gable(house, wall, roof)
            case "gable":
                self._openings(house, wood, shutters=True)
                self._gable_roof(house, wall, roof)
            case "tower":
                self._openings(house, wood, few=True)
                self._pyramid(house, roof)
            case "dome":
                self._openings(house, wood, few=True)
                self._dome(house, from_hex("2f73b8"))
            case "cube":
                self._openings(house, wood, shutters=True)
                self._parapet(house, wall)
            case _:
                self._openings(house, wood, shutters=True)
                self._ridge_roof(house, roof)
        if style.lanterns and house.kind in ("eaves", "gallery"):
            self._lanterns(house)
        if house.kind in ("gable", "ridge") and rng.uniform() < 0.6:
            self._chimney(house, wall)

    def plant(self, house: House) -> None:
        """A tree at the side of a house: clumps of leaves, or a cypress."""
        rng, style = self.rng, self.style
        own = self._pick(style.trees)
        size = (house.foot - house.eaves) * float(rng.uniform(0.30, 0.5))
        x, y = house.left + house.width * float(rng.choice([0.02, 0.98])), house.eaves + size * 0.3
        pointed = rng.uniform() < style.pointed
        tall, crown = (size * 2.6, size * 0.34) if pointed else (size * 2.1, size * 0.85)
        tree = draw_tree(rng, tall, crown, leafage(own, self.hour), pointed=pointed)
        self.stamp(tree, round(x - tree.shape[1] / 2), round(y + size - tree.shape[0]))
        self.box(x - size * 0.05, x + size * 0.05, y + size * 0.95, house.foot, leafage(own, self.hour).bark)

    def stamp(self, sprite: Pixels, left: int, top: int) -> None:
        """Composite a premultiplied sprite; what does not fit is cut off."""
        height, width = sprite.shape[:2]
        first, upper = max(0, left), max(0, top)
        last, lower = min(self.pixels.shape[1], left + width), min(self.pixels.shape[0], top + height)
        if last <= first or lower <= upper:
            return
        part = sprite[upper - top : lower - top, first - left : last - left]
        box = self.pixels[upper:lower, first:last]
        kept = 255 - part[..., 3:].astype(np.uint16)
        box[:] = np.minimum(box * kept // 255 + part, 255).astype(np.uint8)

    def fill(self, outline: Points, colour: Floats) -> None:
        """One polygon of a colour as it is seen."""
        fill(self.pixels, outline, np.append(np.clip(colour, 0, 1), 1.0))

    def box(self, left: float, right: float, top: float, bottom: float, colour: Floats) -> None:
        self.fill(np.array([[left, top], [right, top], [right, bottom], [left, bottom]]), colour)

    def _pick(self, options: Sequence[str]) -> Floats:
        return from_hex(options[int(self.rng.integers(len(options)))]) * np.float32(self.rng.uniform(0.92, 1.03))

    def _lit(self, own: Floats, sun: float) -> Floats:
        light = self.hour.facing(sun)
        return own * (light * MOONLIT if self.hour.after_dark else light)

    def _wall(self, house: House, own: Floats) -> None:
        """Plaster, with weather at its foot and the shadow of the eaves at its top."""
        colour = self._lit(own, 0.55)
        self.box(house.left, house.right, house.eaves, house.foot, colour)
        height = house.foot - house.eaves
        for share, dark in ((0.05, 0.62), (0.10, 0.80)):
            self.box(house.left, house.right, house.eaves, house.eaves + height * share, colour * dark)
        stone = self._lit(from_hex("8a8780"), 0.2)
        self.box(house.left, house.right, house.foot - height * 0.07, house.foot, stone)
        side = house.width * float(self.rng.uniform(0.10, 0.2))
        self.box(house.right - side, house.right, house.eaves, house.foot, colour * 0.80)

    def _openings(
        self,
        house: House,
        wood: Floats,
        *,
        lattice: bool = False,
        shutters: bool = False,
        ground: bool = False,
        few: bool = False,
    ) -> None:
        """Windows in a row on each storey, a door below; `ground` opens the whole ground floor as a wooden gallery."""
        rng, hour = self.rng, self.hour
        storey = (house.foot - house.eaves) / house.storeys
        frame, pane = self._lit(wood, 0.3), hour.reflected[20] * (0.22 if hour.after_dark else 0.45)
        columns = max(1, int(house.width / (storey * (1.1 if few else 0.62))))
        for level in range(house.storeys):
            top = house.eaves + storey * level
            is_ground = level == house.storeys - 1
            if ground and is_ground:
                self._gallery(house, top, frame)
                continue
            for column in range(columns):
                if rng.uniform() < (0.35 if few else 0.10):
                    continue
                x = house.left + house.width * 0.92 * (column + 0.5) / columns
                half = min(storey * 0.15, house.width / columns * 0.3)
                door = is_ground and column == columns // 2
                upper, lower = top + storey * 0.30, top + storey * (0.99 if door else 0.78)
                self._window((x - half, x + half, upper, lower), frame, frame if door else pane, lattice)
                if shutters and not door and half > 2:
                    for side in (-1, 1):
                        inner, outer = x + side * half * 1.05, x + side * half * 1.75
                        self.box(min(inner, outer), max(inner, outer), upper, lower, frame * 1.15)

    def _window(self, box: tuple[float, float, float, float], frame: Floats, pane: Floats, lattice: bool) -> None:
        left, right, top, bottom = box
        rim = max(0.6, (right - left) * 0.10)
        self.box(left - rim, right + rim, top - rim, bottom + rim, frame)
        lit = self.rng.uniform() < self.hour.lit_share * 1.5
        colour = from_hex(LAMPLIGHT[int(self.rng.integers(3))]) if lit else pane
        changing = lit and self.hour.after_dark and self.rng.uniform() < 0.12
        self.box(left, right, top, bottom, pane if changing else colour * (0.95 if lit else 1.0))
        if changing:
            size = (max(1, round(bottom - top)), max(1, round(right - left)))
            light = np.broadcast_to(to_pixels(colour * 0.8), (*size, 3))
            self.book.signs.append(Sign(np.ascontiguousarray(light), left, top, Rhythm.window(self.rng)))
        if lattice and right - left > 4:
            bars = np.append(frame * (0.8 if not lit else 0.9), 1.0)
            for share in (1 / 3, 2 / 3):
                x, y = left + (right - left) * share, top + (bottom - top) * share
                stroke(self.pixels, np.array([[x, top], [x, bottom]]), bars, 1)
                stroke(self.pixels, np.array([[left, y], [right, y]]), bars, 1)

    def _gallery(self, house: House, top: float, frame: Floats) -> None:
        """Wooden doors between posts, lamplight behind their paper."""
        lit = self.rng.uniform() < self.hour.lit_share * 1.6
        panels = max(2, int(house.width / max(4.0, (house.foot - top) * 0.34)))
        self.box(house.left, house.right * 0.92 + house.left * 0.08, top + 2, house.foot, frame * 0.75)
        for panel in range(panels):
            x = house.left + house.width * 0.92 * (panel + 0.5) / panels
            half = house.width * 0.92 / panels * 0.36
            paper = from_hex(LAMPLIGHT[panel % 2]) * self.rng.uniform(0.75, 0.95) if lit else frame * 1.35
            middle = top + (house.foot - top) * 0.62
            self.box(x - half, x + half, top + (house.foot - top) * 0.22, middle, paper)
            self.box(x - half, x + half, middle + 1, house.foot - 2, frame * 1.1)

    def _swept_roof(self, house: House, own: Floats) -> None:
        """A tiled roof whose eaves sweep up at both ends."""
        width, rise = house.width, house.width * float(self.rng.uniform(0.20, 0.28))
        over, lift = width * 0.09, rise * 0.26
        share = np.linspace(0, 1, 25)
        sweep = (2 * np.abs(share - 0.5)) ** 5
        below = np.stack([house.left - over + (width + 2 * over) * share, house.eaves + rise * 0.10 - lift * sweep], 1)
        above = np.stack([house.left + width * (0.06 + 0.88 * share), house.eaves - rise - lift * 0.7 * sweep], 1)
        colour = self._lit(own, 0.75)
        self.fill(np.concatenate([below, above[::-1]]), colour)
        self._tiles(below, above, colour)
        ridge = np.append(colour * 0.72, 1.0)
        stroke(self.pixels, above, ridge, max(1, round(rise * 0.10)))
        stroke(self.pixels, below, np.append(np.clip(colour * 1.25, 0, 1), 1.0), max(1, round(rise * 0.05)))

    def _tiles(self, below: Points, above: Points, colour: Floats) -> None:
        """Lines of tiles from the ridge to the eaves."""
        count = max(4, int((below[-1, 0] - below[0, 0]) / 5))
        dark = np.append(colour * 0.82, 1.0)
        knots = np.linspace(0, 1, len(below))
        shares = (np.arange(count) + 0.5) / count
        ends = [np.stack([np.interp(shares, knots, line[:, axis]) for axis in (0, 1)], 1) for line in (below, above)]
        for low, high in zip(ends[0], ends[1], strict=True):
            stroke(self.pixels, np.stack([low, high]), dark, 1)

    def _stepped_gable(self, house: House, wall: Floats, roof: Floats) -> None:
        """A gable wall that rises in steps over the roof behind it, each step capped with tiles."""
        width, steps = house.width, 3 if house.width > 40 else 2
        colour, cap = self._lit(wall, 0.6), self._lit(roof, 0.7)
        rise = width * 0.17
        for step in range(steps):
            inset = width * 0.5 * step / steps
            top = house.eaves - rise * (step + 0.35)
            left, right = house.left + inset * 0.9, house.right - inset * 0.9
            self.box(left, right, top, house.eaves + 1, colour)
        for step in range(steps):
            inset = width * 0.5 * step / steps
            top = house.eaves - rise * (step + 0.35)
            for side in (-1, 1):
                outer = house.left + inset * 0.9 if side < 0 else house.right - inset * 0.9
                last = step == steps - 1
                inner = (house.left + house.right) / 2 if last else outer - side * width * 0.5 / steps
                tip = outer + side * width * 0.035
                thick = max(1.2, width * 0.035)
                tile = [
                    [inner, top - thick],
                    [outer, top - thick],
                    [tip, top - thick * 2.2],
                    [tip, top],
                    [inner, top + thick * 0.4],
                ]
                self.fill(np.array(tile), cap)

    def _gable_roof(self, house: House, wall: Floats, own: Floats) -> None:
        rise, over = house.width * float(self.rng.uniform(0.34, 0.5)), house.width * 0.05
        peak = ((house.left + house.right) / 2, house.eaves - rise)
        self.fill(
            np.array([[house.left, house.eaves + 1], peak, [house.right, house.eaves + 1]]), self._lit(wall, 0.55)
        )
        thick = max(2.0, house.width * 0.07)
        for side, sun in ((-1, 0.8), (1, 0.1)):
            foot = (house.left - over, house.eaves) if side < 0 else (house.right + over, house.eaves)
            band = [foot, peak, (peak[0], peak[1] - thick), (foot[0], foot[1] - thick * 0.7)]
            self.fill(np.array(band), self._lit(own, sun))
        radius = house.width * 0.05
        eye = self._lit(from_hex("4a4440"), 0.0)
        self.box(peak[0] - radius, peak[0] + radius, house.eaves - rise * 0.42, house.eaves - rise * 0.2, eye)

    def _ridge_roof(self, house: House, own: Floats) -> None:
        rise, over = house.width * float(self.rng.uniform(0.16, 0.26)), house.width * 0.05
        below = np.array([[house.left - over, house.eaves + 1], [house.right + over, house.eaves + 1]])
        above = np.array(
            [[house.left + over * 0.5, house.eaves - rise], [house.right - over * 0.5, house.eaves - rise]]
        )
        colour = self._lit(own, 0.75)
        self.fill(np.concatenate([below, above[::-1]]), colour)
        self._tiles(below, above, colour)
        stroke(self.pixels, above, np.append(colour * 0.8, 1.0), max(1, round(rise * 0.08)))

    def _pyramid(self, house: House, own: Floats) -> None:
        """A bell tower: openings under a pointed roof."""
        middle, over = (house.left + house.right) / 2, house.width * 0.08
        dark = self._lit(from_hex("3a3430"), 0.0)
        for share in (0.32, 0.68):
            x, half = house.left + house.width * share, house.width * 0.11
            self.box(x - half, x + half, house.eaves + house.width * 0.25, house.eaves + house.width * 0.7, dark)
        peak = (middle, house.eaves - house.width * 0.95)
        left, right = (house.left - over, house.eaves), (house.right + over, house.eaves)
        self.fill(np.array([left, peak, (middle + over, house.eaves)]), self._lit(own, 0.8))
        self.fill(np.array([(middle, house.eaves), peak, right]), self._lit(own, 0.15))

    def _dome(self, house: House, own: Floats) -> None:
        self._parapet(house, from_hex("ffffff"))
        middle, radius = (house.left + house.right) / 2, house.width * 0.42
        for size, sun in ((1.0, 0.2), (0.86, 0.75)):
            turn = np.linspace(np.pi, 2 * np.pi, 32)
            shift = -radius * (1 - size) * 0.8
            x, y = (
                middle + shift + np.cos(turn) * radius * size,
                house.eaves - radius * 0.25 + np.sin(turn) * radius * size,
            )
            self.fill(np.stack([x, np.minimum(y, house.eaves)], 1), self._lit(own, sun))
        self.box(
            middle - 1,
            middle + 1,
            house.eaves - radius * 1.6,
            house.eaves - radius * 1.2,
            self._lit(from_hex("ffffff"), 0.7),
        )

    def _parapet(self, house: House, wall: Floats) -> None:
        top = house.eaves - house.width * 0.05
        self.box(house.left - 1, house.right + 1, top, house.eaves + 1, self._lit(wall, 0.85))

    def _chimney(self, house: House, wall: Floats) -> None:
        x = house.left + house.width * float(self.rng.uniform(0.2, 0.8))
        half, top = house.width * 0.035, house.eaves - house.width * 0.36
        self.box(x - half, x + half, top, house.eaves - house.width * 0.12, self._lit(wall, 0.3) * 0.85)
        self.box(x - half * 1.3, x + half * 1.3, top - half, top, self._lit(from_hex("8a5a44"), 0.4))

    def _lanterns(self, house: House) -> None:
        """Red lanterns under the eaves."""
        radius = self.lantern_radius
        if radius < 2 or house.width < radius * 9:
            return
        body, light = lantern(radius, self.hour.after_dark)
        glow = np.dstack([light, np.zeros(light.shape[:2], np.uint8)])  # light without a body: it only adds
        half = body.shape[0] // 2
        for share in np.linspace(0.16, 0.84, int(self.rng.integers(2, 4))):
            x, y = int(house.left + house.width * share), int(house.eaves + radius * 2.4)
            top, left = y - half, x - half
            self.stamp(body, left, top)
            if self.hour.after_dark and self.rng.uniform() < UNSTEADY:
                rhythm = Rhythm(float(self.rng.uniform(5, 9)), x * 0.7, -1.2, 1.0)
                self.book.signs.append(Sign(light, left, top, rhythm))
            elif self.hour.after_dark:
                self.stamp(glow, left, top)


def finish_row(pixels: Pixels, hour: Hour, depth: float, stain: Floats) -> Pixels:
    """A row of houses as it is seen: old plaster is never even, lamps shine on it, distance takes its colour away."""
    far = 1 - min(1.0, depth / 0.5)
    share = (0.04 + 0.30 * far) if hour.after_dark else (0.05 + 0.46 * far)
    if hour.after_dark:
        red, blue = pixels[..., 0], pixels[..., 2]
        bright = ((red > LAMP_LEVEL) & (red > blue)).astype(np.uint8) * np.uint8(255)
        spill_light(pixels, multiply(without_cover(pixels), triple(bright)))
    cover = cover_of(pixels)
    haze = hour.haze * np.float32(0.6 if hour.after_dark else 1.0)
    seen = multiply(without_cover(pixels), triple(to_pixels((0.75 + 0.17 * stain) * (1 - share))), 1.2)
    add_light(seen, tint(cover, haze * share))
    set_colours(pixels, np.minimum(seen, triple(cover), out=seen))
    return pixels
