"""Ranges of mountains behind each other, dressed for the season, with mist in the valleys between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from filmgate.animatic.land.mist import Mist, build_mist
from filmgate.animatic.land.terrain import Cover, Haze, Lens, Plane, bake, look, scout
from filmgate.animatic.layers import Layer, overhang_width
from filmgate.animatic.raster import Floats
from filmgate.animatic.scene import Brief

PEAK = 122.0  # units of the terrain
HAZE_LENGTH = 1150.0
FOCAL = 1.7  # bases
OVERLAP = 0.06  # bases of a farther plane kept behind a nearer one, for the camera to move
SUMMER = Cover()
SEASONS: Mapping[str, Cover] = MappingProxyType(
    {
        "spring": Cover(floor="567040", forest="34502e", accent="6f8748", rock="5e5854", snowline=0.50),
        "autumn": Cover(floor="8a6a34", forest="9c5a22", accent="c8892c", rock="5e5450", snowline=0.55),
        "winter": Cover(floor="c9d2dc", forest="4a5c5e", accent="93a3aa", snowline=0.06),
    }
)
SNOWCAPS = Cover(floor="6b7c74", forest="34493c", accent="5c6e68", snowline=0.19)
# How thick mist lies: at dawn it fills the valleys, at noon it is a breath.
MIST: Mapping[str, float] = MappingProxyType(
    {"dawn": 0.75, "overcast": 0.62, "pastel": 0.6, "golden": 0.5, "day": 0.34}
)


@dataclass(frozen=True, slots=True)
class Outlook:
    """Where one stands: over what height (units), how steeply (tangent) the nearest land falls away, and its planes.

    `slices` are distances from and to, and the depth of the plane that is cut there; far ones come first.
    """

    altitude: float
    above_ground: bool
    dip: float
    slices: tuple[tuple[float, float, float], ...]
    misty_feet: bool = True


LAKESIDE = Outlook(15.0, False, 0.01, ((400.0, 1400.0, 0.14), (90.0, 420.0, 0.36)), misty_feet=False)
ON_RIDGE = Outlook(9.0, True, 0.09, ((520.0, 1400.0, 0.10), (210.0, 540.0, 0.24), (70.0, 220.0, 0.48)))
FROM_ABOVE = Outlook(84.0, False, 0.46, ((560.0, 1400.0, 0.12), (260.0, 580.0, 0.32), (110.0, 280.0, 0.66)))


def cover_for(brief: Brief) -> Cover:
    """What lies on the slopes in the prompt's season and weather."""
    reading = brief.reading
    if reading.season == "winter" or (reading.weather == "snow" and reading.season is None):
        return SEASONS["winter"]
    if "snowcaps" in reading.features:
        return SNOWCAPS
    return SEASONS.get(reading.season or "", SUMMER)


def mistiness(brief: Brief) -> float:
    return 0.95 if brief.reading.weather == "fog" else MIST.get(brief.palette.name, 0.45)


def build_ranges(brief: Brief, outlook: Outlook, horizon: int, sun_x: float, cut_at: int) -> tuple[Layer | Mist, ...]:
    """Planes and the mist between them, far first. Nothing is drawn from row `cut_at` on."""
    canvas, palette, rng = brief.canvas, brief.palette, brief.rng
    terrain = bake(rng, palette, ((sun_x - 0.5) * 2.4 or 0.4, 0.36), PEAK, cover_for(brief))
    lens = Lens(overhang_width(canvas), cut_at, horizon, FOCAL * canvas.base, outlook.dip)
    nearest = outlook.slices[-1][0]
    viewpoint = scout(terrain, rng, outlook.altitude, FOCAL * 9 / 16, nearest, above_ground=outlook.above_ground)
    misty = mistiness(brief)
    foggy = brief.reading.weather == "fog"
    haze = Haze(palette.haze, HAZE_LENGTH * (0.55 if foggy else 1.0), 0.55 * misty, 0.16)
    planes = [look(terrain, viewpoint, lens, haze, near, far) for near, far, _ in outlook.slices]
    parts: list[Layer | Mist] = []
    for plane, following, (_, _, depth) in zip(planes, [*planes[1:], None], outlook.slices, strict=True):
        last = cut_at if following is None else min(cut_at, int(_opaque_from(following) + OVERLAP * canvas.base))
        pixels = np.ascontiguousarray(plane.pixels[: max(1, last - plane.top)])
        parts.append(Layer(pixels, depth, -(lens.width - canvas.width) // 2, plane.top, canvas, horizon))
        if following is not None and outlook.misty_feet:
            foot = float(np.median(_skyline(following))) + 0.05 * canvas.base
            band = (foot - 0.13 * canvas.base, foot + 0.03 * canvas.base)
            parts.append(build_mist(canvas, band, 0.9 * misty, depth + 0.05, palette.haze, rng))
    return tuple(parts)


def before_volcano(outlook: Outlook) -> Outlook:
    """Without the farthest range, whose place a volcano takes."""
    return replace(outlook, slices=outlook.slices[1:])


def _skyline(plane: Plane) -> Floats:
    """The row in the picture where each column of a plane begins."""
    return (plane.top + np.argmax(plane.pixels[..., 3] > 127, axis=0)).astype(np.float32)


def _opaque_from(plane: Plane) -> int:
    """The row from which on a plane hides everything behind it; below the picture if it never does."""
    closed = np.flatnonzero(plane.pixels[..., 3].min(1) == 255)
    return plane.top + (int(closed[0]) if len(closed) else plane.pixels.shape[0])
