"""Sky lanterns: paper lit from within, many of them, rising at every distance."""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from filmgate.animatic.camera import plane_matrix
from filmgate.animatic.colour import from_hex, gradient, mix, smoothstep, to_pixels
from filmgate.animatic.figures.role import Castings, Role
from filmgate.animatic.figures.stage import Actor, Setting
from filmgate.animatic.raster import Floats, Pixels, paste, place, scale, then
from filmgate.animatic.scene import START_SECONDS, Moment

LANTERNS = 20
FARTHEST = 0.10  # of the size of the nearest
ART_PX = 220  # most pixels of a lantern's height
SIZES = 4  # drawings of one lantern, so that distant ones are not shrunk far
ABOVE, BELOW = 0.30, 0.34  # bases outside the frame where a lantern vanishes and another sets out
RISE = 0.055  # bases a second, of the nearest
PAPER = ((0.0, "fff3c4"), (0.22, "ffd27a"), (0.55, "ff9a3c"), (0.85, "d9541e"), (1.0, "8e2c14"))
# Half the width of the paper from its mouth (0) to its crown (1), in heights.
GIRTH = ((0.0, 0.25), (0.25, 0.31), (0.55, 0.365), (0.75, 0.37), (0.90, 0.29), (0.97, 0.16), (1.0, 0.0))


@dataclass(frozen=True, slots=True)
class Flight:
    """The way of one lantern: where it is when the clip starts, in pixels, and how near it is (0..1)."""

    x: float
    y: float
    near: float
    phase: float


@dataclass(frozen=True, slots=True, eq=False)
class Lanterns:
    where: str
    setting: Setting
    drawings: tuple[Pixels, ...]  # from small to large, each twice the size of the one before
    flights: tuple[Flight, ...]  # the farthest first
    height_px: float  # of the nearest
    wind: float

    def paint(self, target: Pixels, moment: Moment) -> None:
        seconds = moment.seconds - START_SECONDS
        canvas, horizon = self.setting.stage.canvas, self.setting.stage.horizon
        above, below = -ABOVE * canvas.base, canvas.height + BELOW * canvas.base
        for flight in self.flights:
            height = self.height_px * flight.near
            climbed = (flight.y - above - RISE * canvas.base * flight.near**0.7 * seconds) % (below - above)
            swing = math.sin(seconds * 0.5 + flight.phase) + 0.4 * math.sin(seconds * 1.1 + 2 * flight.phase)
            x = flight.x + height * (0.10 * swing + 0.10 * self.wind * seconds)
            lean = 0.05 * math.sin(seconds * 0.7 + flight.phase + 1.0)
            drawing = self._drawing(height)
            side = drawing.shape[0]
            own = place(x, above + climbed, height / (side * 0.5), lean, (side / 2, side / 2))
            screen = plane_matrix(canvas, horizon, 0.08 + 0.62 * flight.near, moment.view)
            breath = 0.94 + 0.06 * math.sin(seconds * 2.3 + 5 * flight.phase)
            paste(target, scale(drawing, breath), then(own, screen))

    def _drawing(self, height: float) -> Pixels:
        """The smallest that need not be enlarged."""
        return next((art for art in self.drawings if art.shape[0] * 0.5 >= height), self.drawings[-1])


def _lanterns(role: Role) -> list[Actor]:
    rng, canvas = role.rng, role.canvas
    nearest = max(role.size * 0.95, 0.11 * canvas.base)
    count = max(LANTERNS, min(24, role.subject.count * 2))
    near = FARTHEST + (1 - FARTHEST) * np.linspace(0, 1, count) ** 2.1
    columns = (rng.permutation(count) + rng.uniform(0.1, 0.9, count)) / count
    rows = (rng.permutation(count) + rng.uniform(0.0, 1.0, count)) / count
    phases = rng.uniform(0, 2 * math.pi, count)
    flights: list[Flight] = []
    for x, y, distance, phase in zip(columns, rows, near, phases, strict=True):
        # Distant ones have gathered over the horizon, near ones are anywhere.
        sky = role.setting.stage.horizon * (0.12 + 0.86 * y)
        row = sky + (y * 1.15 * canvas.height - sky) * float(smoothstep(0.1, 0.6, float(distance)))
        flights.append(Flight(float(x * 1.1 - 0.05) * canvas.width, float(row), float(distance), float(phase)))
    colour = role.subject.colour
    largest = min(ART_PX, max(6.0, nearest))
    drawings = tuple(
        _draw(max(4, round(largest / 2**step)), None if colour is None else from_hex(colour)) for step in range(SIZES)
    )
    return [Lanterns(role.where, role.setting, drawings[::-1], tuple(flights), nearest, 0.3 * role.brief.reading.wind)]


def _draw(height: int, own: Floats | None) -> Pixels:
    """A lantern of `height` pixels in the middle of a square twice as large, in a glow of its own.

    The glow is premultiplied colour without cover, so that compositing adds it.
    """
    side = height * 2
    offset = (np.arange(side, dtype=np.float32) + 0.5 - height) / np.float32(height)
    x, up = offset[None, :], 0.5 - offset[:, None]  # up: 0 at the mouth, 1 at the crown
    shape: Floats = np.array(GIRTH, np.float32)
    girth: Floats = np.asarray(np.interp(up, shape[:, 0], shape[:, 1]), np.float32)
    edge = 0.8 / height
    cover = (
        smoothstep(edge, -edge, np.abs(x) - girth) * smoothstep(-edge, edge, up) * smoothstep(1 + edge, 1 - edge, up)
    )
    across = np.clip(np.abs(x) / np.maximum(girth, 0.02), 0, 1)
    flame = np.exp(-((x / 0.20) ** 2) - ((up - 0.10) / 0.26) ** 2)
    level = np.clip(up * 0.82 + 0.24 * across**2.5 - 0.30 * flame, 0, 1)
    colours = [(at, from_hex(value) if own is None else _tinted(from_hex(value), own)) for at, value in PAPER]
    paper = gradient(colours, level)
    fold = np.cos(np.arcsin(np.clip(x / np.maximum(girth, 0.02), -1, 1)) * 7.0)
    paper = paper * (1 - 0.09 * np.clip(fold, 0, 1) ** 6 * smoothstep(0.1, 0.6, up))[..., None]
    mouth = np.exp(-((up - 0.015) ** 2) / 0.0006) * smoothstep(0.27, 0.22, np.abs(x))
    paper = mix(paper, np.ones_like(paper) * from_hex("6e3212"), (0.55 * mouth * (1 - flame))[..., None])
    away = np.hypot(x, (up - 0.40) * 0.85)
    halo = (0.34 * np.exp(-((away / 0.36) ** 2)) + 0.16 * np.exp(-away / 0.22)) * smoothstep(
        1.0, 0.55, np.hypot(x, offset[:, None])
    )
    glow = from_hex("ff8a34") if own is None else own
    colour = paper * cover[..., None] + glow * (halo * (1 - cover))[..., None]
    return np.ascontiguousarray(np.dstack([to_pixels(np.clip(colour, 0, 1)), to_pixels(cover * 0.97)]))


def _tinted(colour: Floats, own: Floats) -> Floats:
    return mix(colour, own * (0.35 + 0.65 * float(colour.mean())), 0.6)


CASTINGS: Castings = MappingProxyType({"lantern": _lanterns})
