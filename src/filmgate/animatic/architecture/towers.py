"""Towers seen from afar: an outline, a material, a grid of panes, and the light of the hour on them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from filmgate.animatic.architecture.grid import bands
from filmgate.animatic.architecture.hour import COOL_WINDOWS, WARM_WINDOWS, Hour
from filmgate.animatic.architecture.lights import LightBook, Rhythm, Sign
from filmgate.animatic.architecture.outlines import ROUND, Outline
from filmgate.animatic.colour import from_hex, mix, smoothstep, to_pixels
from filmgate.animatic.raster import Floats, resize

NEON_WINDOWS = ("ff8ad0", "8fe8ff", "c8a0ff", "ffd9a0")
SIGNS = ("ff4fb4", "41e0ff", "b26bff", "ffd24a", "ff6a3d", "5affc0")
BEACON = "ff3b30"
UNSTEADY = 0.30  # share of signs and screens whose light changes
TRACED = 0.30  # share of towers whose outline is drawn in neon
SWITCHING = 0.02  # share of the lit windows that go on and off while we look
CORNER = 0.36  # how far from the middle of a tower its corner towards us lies
LOWEST_FOR_BEACON = 0.30  # bases


@dataclass(frozen=True, slots=True)
class Material:
    """A facade: its wall, and panes that take a share of each bay and floor and mirror the sky by `gloss`."""

    wall: str
    pane: str
    pane_share: tuple[float, float]
    gloss: float
    bay: float = 1.0  # pitch of the panes, in the row's own
    floor: float = 1.0


MATERIALS = (
    Material("3c5566", "a9cfe6", (0.90, 0.80), 1.00),  # blue curtain wall
    Material("40575a", "9fd0c8", (0.90, 0.74), 0.95, 1.0, 1.1),  # green curtain wall
    Material("4a5562", "cfdbe6", (0.84, 0.86), 1.00, 1.3),  # silver curtain wall
    Material("5b4a3c", "d8b890", (0.88, 0.72), 0.85),  # bronze glass
    Material("cfc6b6", "93a3b0", (0.46, 0.58), 0.78),  # limestone
    Material("a9745a", "7d8894", (0.42, 0.56), 0.66),  # brick
    Material("c0a684", "8693a0", (0.48, 0.58), 0.74, 1.1),  # sandstone
    Material("dfe2e2", "b3c3d0", (1.00, 0.44), 0.85, 1.0, 1.15),  # white ribbons
    Material("98a1a8", "8da5b8", (0.48, 1.00), 0.85, 1.2),  # concrete fins
    Material("6f615f", "8592a2", (0.50, 0.60), 0.70),  # dark stone
)


@dataclass(frozen=True, slots=True)
class Tower:
    """Where one tower stands in the picture of its row (pixels), what it is made of and how it ends."""

    left: float
    right: float
    top: float
    outline: Outline
    material: Material
    slope: float = 0.0  # of the roof: rise over run
    mast_px: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class RowArt:
    """The picture of one row of towers while it is drawn, and what is common to them."""

    colour: Floats
    coverage: Floats
    book: LightBook
    hour: Hour
    rng: np.random.Generator
    depth: float
    pitch: tuple[float, float]  # of the panes, in pixels
    sun_x: float
    unit: float

    def draw(self, tower: Tower) -> None:
        """Paint one tower over what stands behind it."""
        rows, width = self.coverage.shape
        first, last = max(0, int(tower.left) - 1), min(width, int(tower.right) + 2)
        upper = max(0, int(tower.top - tower.mast_px) - 1)
        if last - first < 3 or upper >= rows - 3:
            return
        columns = np.arange(first, last, dtype=np.float32) + np.float32(0.5)
        lines = np.arange(upper, rows, dtype=np.float32) + np.float32(0.5)
        down = (lines - tower.top) / max(1.0, rows - tower.top)
        half = self._half_width(tower, down, rows)
        middle = (tower.left + tower.right) / 2
        coverage = np.clip(half[:, None] - np.abs(columns - middle)[None] + 0.5, 0, 1)
        if tower.slope:
            roof = tower.top + tower.slope * (columns - tower.left)
            coverage *= np.clip(lines[:, None] - roof[None] + 0.5, 0, 1)
        across = (columns - middle)[None] / np.maximum(half, 1)[:, None]
        face = self._face(tower, across, (columns, lines), np.clip(down, 0, 1), (upper, first), coverage)
        box = np.s_[upper:rows, first:last]
        share = coverage[..., None]
        self.colour[box] += (face - self.colour[box]) * share
        self.coverage[box] = np.maximum(self.coverage[box], coverage)
        if self.hour.after_dark and rows - tower.top > LOWEST_FOR_BEACON * 720 * self.unit:
            self._beacon(middle, tower.top - tower.mast_px)

    def _half_width(self, tower: Tower, down: Floats, rows: int) -> Floats:
        foot = (tower.right - tower.left) / 2
        half = foot * tower.outline(np.clip(down, 0, 1), (rows - tower.top) / foot)
        return np.where(down < 0, max(0.4, 0.9 * self.unit), half).astype(np.float32)

    def _face(
        self,
        tower: Tower,
        across: Floats,
        axes: tuple[Floats, Floats],
        down: Floats,
        corner: tuple[int, int],
        coverage: Floats,
    ) -> Floats:
        hour, rng, material = self.hour, self.rng, tower.material
        columns, lines = axes
        sun_side = 1.0 if self.sun_x > (tower.left + tower.right) / 2 else -1.0
        if tower.outline in ROUND:
            towards = np.clip(across * sun_side, -1, 1)
        else:
            towards = np.where(across * sun_side > CORNER, 1.0, -0.25).astype(np.float32)
        bay, floor = self.pitch[0] * material.bay, self.pitch[1] * material.floor
        pane_x = bands(columns - tower.left, bay, material.pane_share[0])
        pane_y = bands(lines - tower.top, floor, material.pane_share[1]) * (down > 0.004)
        panes = pane_y[:, None] * pane_x[None]
        which = np.ix_(((lines - tower.top) / floor).astype(int), ((columns - tower.left) / bay).astype(int))
        grid = (which[0].max() + 1, which[1].max() + 1)
        tone = rng.uniform(0.88, 1.12, grid).astype(np.float32)[which] if grid[0] > 0 else np.ones_like(panes)
        light = hour.facing(towards[..., None])
        wall = from_hex(material.wall) * rng.uniform(0.88, 1.10) * light
        glass = self._mirrored(tower, down, across.shape) * tone[..., None] * from_hex(material.pane) * material.gloss
        glass *= (0.80 + 0.22 * towards)[..., None]
        if hour.backlit and not hour.after_dark:
            glass = self._glint(glass, tower, towards, down)
        face = mix(wall, glass, panes[..., None])
        face = self._in_air(face, down)
        lit = self._light_windows(face, panes, which, grid, (corner, coverage), tower)
        if hour.palette.name == "neon" and rng.uniform() < TRACED:
            lit = self._trace_edges(lit, across, down)
        return lit if not hour.after_dark else self._advertise(lit, tower, corner)

    def _mirrored(self, tower: Tower, down: Floats, shape: tuple[int, ...]) -> Floats:
        """The sky in the panes, with clouds in it."""
        height, width = shape
        column = self.hour.reflected[(down * 63).astype(int)]
        size = self.hour.clouds.shape[0]
        row, start = (int(value) for value in self.rng.integers(0, size // 2, 2))
        view = self.hour.clouds[row : row + size // 2, start : start + max(4, size // 8)]
        clouds = resize(np.ascontiguousarray(view), width, height) - np.float32(0.5)
        strength = 0.55 if not self.hour.after_dark else 0.3
        return column[:, None] * (0.92 + strength * clouds)[..., None]

    def _glint(self, glass: Floats, tower: Tower, towards: Floats, down: Floats) -> Floats:
        """Panes that throw a low sun back at us: a blaze on the side that faces it, strongest near it."""
        palette, width = self.hour.palette, self.colour.shape[1]
        near = np.exp(-((((tower.left + tower.right) / 2 - self.sun_x) / (0.42 * width)) ** 2))
        blaze = np.clip(towards, 0, 1) * (0.45 + 0.4 * float(near)) * self.rng.uniform(0.5, 1.0)
        band = np.exp(-(((down - self.rng.uniform(0.15, 0.5)) / 0.22) ** 2))
        share = np.clip(blaze * (0.45 + 0.55 * band[:, None]) + 0.16 * near * band[:, None], 0, 0.92)
        return mix(glass, np.clip(mix(palette.glow, palette.sun, 0.35) * 1.05, 0, 1), share[..., None])

    def _in_air(self, face: Floats, down: Floats) -> Floats:
        """Distance and the haze of the streets; after dark the streets shine up the walls."""
        hour = self.hour
        far = 1 - min(1.0, self.depth / 0.5)
        if hour.after_dark:
            haze = (0.05 + 0.34 * far**1.4) + 0.10 * smoothstep(0.5, 1, down)
            face = mix(face, hour.haze * 0.72, haze[:, None, None])
            lamps = mix(hour.palette.glow, from_hex("ffb066"), 0.5)
            return face + lamps * (0.15 * np.clip((down - 0.72) / 0.28, 0, 1) ** 2)[:, None, None]
        haze = (0.08 + 0.50 * far) + 0.22 * smoothstep(0.35, 1, down)
        return mix(face, hour.haze, haze[:, None, None])

    def _light_windows(
        self,
        face: Floats,
        panes: Floats,
        which: tuple[np.ndarray[tuple[int, ...], np.dtype[np.intp]], ...],
        grid: tuple[int, int],
        place: tuple[tuple[int, int], Floats],
        tower: Tower,
    ) -> Floats:
        """In one tint per tower; a few of them change while we look."""
        hour, rng = self.hour, self.rng
        if hour.lit_share <= 0 or min(grid) < 1:
            return face
        share = hour.lit_share * float(rng.uniform(0.35, 1.5))
        chance = rng.uniform(0, 1, grid).astype(np.float32)
        if rng.uniform() < 0.28:  # an office tower: whole floors
            chance = np.maximum(rng.uniform(0, 1, (grid[0], 1)), chance * 0.9 * share).astype(np.float32)
        options = WARM_WINDOWS if rng.uniform() < 0.72 else COOL_WINDOWS
        if hour.palette.name == "neon" and rng.uniform() < 0.5:
            options = NEON_WINDOWS
        tint = from_hex(options[int(rng.integers(len(options)))])
        glow = rng.uniform(0.35, 1.0, grid).astype(np.float32) * np.float32(0.62 + 0.7 * self.depth)
        lit = (chance < share) * glow
        if not tower.material.gloss < 0.8:
            lit = lit * np.float32(0.8)
        switching = (rng.uniform(0, 1, grid) < SWITCHING) & (chance < 0.5)
        steady = np.where(switching, 0, lit)[which] * panes
        (upper, first), coverage = place
        for row, column in np.argwhere(switching)[:24]:
            inside = (which[0] == row) & (which[1] == column) & (panes > 0.15) & (coverage > 0.9)
            lines, columns = np.nonzero(inside)
            if len(lines):
                added = tint * (0.75 * panes[lines, columns])[:, None]
                self.book.add(lines + upper, columns + first, added, Rhythm.window(rng))
        return mix(face, np.clip(tint * 1.05, 0, 1), np.clip(steady, 0, 1)[..., None])

    def _trace_edges(self, face: Floats, across: Floats, down: Floats) -> Floats:
        """Tubes of light along the outline, brightest at the top, and their glow on the wall."""
        colour = from_hex(SIGNS[int(self.rng.integers(len(SIGNS)))])
        from_edge = np.clip(1 - np.abs(across), 0, 1)
        tube = np.exp(-((from_edge / 0.05) ** 2)) + 0.22 * np.exp(-from_edge / 0.16)
        crown = np.exp(-down / 0.03)[:, None] * 0.7
        strength = np.clip((tube * (1 - 0.75 * down[:, None]) + crown) * (0.45 + self.depth), 0, 0.95)
        return mix(face, colour, strength[..., None])

    def _advertise(self, face: Floats, tower: Tower, corner: tuple[int, int]) -> Floats:
        """A neon sign down the wall, or a great screen, now and then."""
        rng, palette = self.rng, self.hour.palette
        height, width = face.shape[0], tower.right - tower.left
        fond = 0.62 if palette.name == "neon" else 0.12
        if width < 22 * self.unit or height < 50 * self.unit or rng.uniform() > fond * (0.8 + self.depth):
            return face
        colour = from_hex(SIGNS[int(rng.integers(len(SIGNS)))])
        wide = rng.uniform() < 0.35
        sign_width = int(width * rng.uniform(0.42, 0.6)) if wide else max(3, int(rng.uniform(4, 8) * self.unit))
        sign_height = int(min(height * 0.3, sign_width * 1.2)) if wide else int(height * rng.uniform(0.2, 0.42))
        left = int(tower.left - corner[1] + width * rng.uniform(0.2, 0.75 - (0.5 if wide else 0.0)))
        top = int(tower.top - corner[0] + height * rng.uniform(0.06, 0.3))
        box = face[max(0, top) : top + sign_height, max(0, left) : left + sign_width]
        if min(box.shape[:2]) < 3:
            return face
        art = _billboard(rng, box.shape[:2], colour) if wide else _tube(box.shape[:2], colour)
        if rng.uniform() > UNSTEADY:
            box[:] = np.clip(art, 0, 1)
            return face
        box[:] = np.clip(art * 0.62, 0, 1)
        place = (corner[1] + max(0, left), corner[0] + max(0, top))
        self.book.signs.append(Sign(to_pixels(np.clip(art * 0.6, 0, 1)), *place, Rhythm.screen(rng)))
        return face

    def _beacon(self, x: float, y: float) -> None:
        radius = max(1.0, 1.7 * self.unit)
        reach = int(radius * 3) + 1
        offset = np.arange(-reach, reach + 1)
        columns, lines = (axis.ravel() for axis in np.meshgrid(offset, offset))
        glow = np.exp(-(columns**2 + lines**2) / radius**2)
        kept = glow > 0.02
        added = from_hex(BEACON) * glow[kept, None].astype(np.float32)
        self.book.add(lines[kept] + y, columns[kept] + x, added, Rhythm.beacon(self.rng))


def _tube(shape: tuple[int, int], colour: Floats) -> Floats:
    """A vertical neon sign: a bright core in a coloured field, cut into characters."""
    across = np.abs(np.linspace(-1, 1, shape[1], dtype=np.float32))[None, :, None]
    down = np.arange(shape[0], dtype=np.float32)[:, None, None]
    cut = 0.45 + 0.55 * (np.mod(down, shape[1] * 1.35) < shape[1])
    return np.clip(colour * (1.15 - 0.4 * across) + 0.35 * (across < 0.4), 0, 1) * cut


def _billboard(rng: np.random.Generator, shape: tuple[int, int], colour: Floats) -> Floats:
    """A great screen: two colours that flow into each other, and bright abstract forms."""
    other = from_hex(SIGNS[int(rng.integers(len(SIGNS)))])
    coarse = rng.uniform(0, 1, (4, 3)).astype(np.float32)
    flow = resize(coarse, shape[1], shape[0])[..., None]
    picture = mix(colour, other, flow) * (0.55 + 0.5 * resize(coarse[::-1].copy(), shape[1], shape[0])[..., None])
    lines = np.linspace(0, 1, shape[0])[:, None, None]
    band = np.exp(-(((lines - rng.uniform(0.3, 0.7)) / 0.08) ** 2)) * 0.5
    return np.clip(picture + band, 0, 1).astype(np.float32)
