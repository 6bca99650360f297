"""What craft and buildings are painted with: metal that mirrors the sky, glass, lamps that shine in any light, wheels.

Everything is drawn in metres, x forward and y up, as a thing that faces right.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from filmgate.animatic.colour import from_hex, mix, to_pixels
from filmgate.animatic.figures.cutout import Cutout, Patch, Piece, draw_cutout, mirrored, smooth
from filmgate.animatic.figures.puppet import Light, ellipse, outline, point
from filmgate.animatic.figures.role import Role
from filmgate.animatic.raster import Floats, Pixels, Points

Corner = tuple[float, float]


PERSON_METRES = 1.75


TYRE, STEEL, IRON = from_hex("191a1e"), from_hex("a9b1ba"), from_hex("33363c")


WHITE, WOOD, ROPE = from_hex("eceef0"), from_hex("6a4a30"), from_hex("8a7450")


RED, INK = from_hex("b8362c"), from_hex("121418")


WARM, LAMP, TAIL = from_hex("ffc46a"), from_hex("fff0c8"), from_hex("ff3524")


SHADOW_ART = 48  # pixels across half a shadow


@dataclass(frozen=True, slots=True, eq=False)
class Paintbox:
    """The light as a craft meets it that is drawn facing right, and what its metal and glass mirror."""

    light: Light
    sky: Floats
    earth: Floats
    dark: bool

    def shining(self, colour: Floats) -> Floats:
        """The paint that looks like `colour` whatever the light: lamps, lit windows, mirrors."""
        light = self.light
        reaching = light.ambient * 0.55 + light.sun * 0.60
        return (colour - light.backlight * light.silhouette) / max(0.05, 1 - light.backlight) / reaching

    def mirror(self, colour: Floats, share: float) -> Floats:
        """Paint of `colour` that mirrors the sky by `share`."""
        return mix(colour, self.shining(self.sky), share)

    def glass(self, pane: Points, lit: bool = False) -> Piece:
        """A window: by day it mirrors the sky above its middle, after dark it may be `lit` from within."""
        if lit and self.dark:
            return self.lit_pane(pane)
        low, high = pane.min(0), pane.max(0)
        height = high[1] - low[1]
        upper = box(low[0] - 1, low[1] + 0.5 * height, high[0] + 1, high[1] + 1)
        lean = 0.45 * height
        left = low[0] + 0.30 * (high[0] - low[0])
        wide = 0.16 * (high[0] - low[0])
        streak = outline((left, low[1]), (left + wide, low[1]), (left + wide + lean, high[1]), (left + lean, high[1]))
        return Piece(
            pane,
            self.shining(mix(from_hex("10161c"), self.sky, 0.16)),
            (
                Patch(upper, self.shining(self.sky * 0.86), 0.30 * height, 0.72),
                Patch(streak, self.shining(np.clip(self.sky * 1.15, 0, 1)), 0.03 * height, 0.22),
            ),
            0.0,
        )

    def lit_pane(self, pane: Points, colour: Floats = WARM) -> Piece:
        low, high = pane.min(0), pane.max(0)
        height = high[1] - low[1]
        sill = box(low[0] - 1, low[1] - 1, high[0] + 1, low[1] + 0.35 * height)
        return Piece(pane, self.shining(colour), (Patch(sill, self.shining(colour * 0.62), 0.25 * height, 0.8),), 0.0)

    def lamp(self, shape: Points, colour: Floats, off: Floats = STEEL) -> Piece:
        """A lamp that burns after dark."""
        return Piece(shape, self.shining(colour) if self.dark else self.mirror(off, 0.4), (), 0.0)


def paintbox(role: Role, facing: float = 1.0, most_silhouette: float = 0.55) -> Paintbox:
    """`most_silhouette` keeps the colours of what one comes to see for them."""
    palette, light = role.brief.palette, mirrored(role.setting.light, facing)
    if light.backlight > most_silhouette:
        light = Light(
            light.towards,
            light.silhouette,
            light.rim,
            light.ambient * (1 + 0.5 * (light.backlight - most_silhouette)),
            light.sun,
            most_silhouette,
        )
    return Paintbox(light, np.clip(mix(palette.sky[1], palette.sky[2], 0.6), 0, 1), palette.near, palette.dark)


def metre(role: Role, share: float = 1.0) -> float:
    """Pixels to the metre at the spot of a role; `share` of true scale, for what would not fit the frame."""
    return role.size / PERSON_METRES * share


def box(left: float, bottom: float, right: float, top: float) -> Points:
    return outline((left, bottom), (left, top), (right, top), (right, bottom))


def disc(x: float, y: float, radius: float, radius_y: float | None = None, steps: int = 28) -> Points:
    return ellipse(point(x, y), radius, radius if radius_y is None else radius_y, steps)


def bar(
    start: tuple[float, float], end: tuple[float, float], thickness: float, end_thickness: float | None = None
) -> Points:
    """A straight beam between two points."""
    first, last = np.array(start, np.float64), np.array(end, np.float64)
    along = (last - first) / max(1e-9, float(np.hypot(*(last - first))))
    across = np.array([-along[1], along[0]]) / 2
    tip = thickness if end_thickness is None else end_thickness
    return np.stack([first + across * thickness, last + across * tip, last - across * tip, first - across * thickness])


def curve(points: str, steps: int = 5) -> Points:
    """A closed curve through points that are written "x,y x,y x,y"; a corner with a "!" behind it stays sharp."""
    corners: list[Corner] = []
    for pair in points.split():
        x, y = (float(value) for value in pair.rstrip("!").split(","))
        corners += [(x, y)] * (2 if pair.endswith("!") else 1)
    return smooth(*corners, steps=steps)


def rounded(corners: Sequence[Corner], steps: int = 5) -> Points:
    """The same, through corners that are worked out; one that is given twice stays sharp."""
    return smooth(*corners, steps=steps)


def painted(paint: Paintbox, shell: Points, colour: Floats, shoulder: float, roundness: float = 0.07) -> Piece:
    """A body of lacquer: it mirrors the sky above its `shoulder` (a height) and the road below, and shines between."""
    low, high = shell.min(0), shell.max(0)
    left, right = low[0] - 0.2, high[0] + 0.2
    deep = low[1] + 0.38 * (shoulder - low[1])
    return Piece(
        shell,
        colour,
        (
            Patch(box(left, shoulder, right, high[1] + 0.2), paint.mirror(colour, 0.45), 0.05, 0.75),
            Patch(box(left, low[1] - 0.2, right, deep), colour * 0.42, 0.11, 0.85),
            Patch(bar((left, shoulder - 0.02), (right, shoulder - 0.02), 0.045), paint.mirror(WHITE, 0.5), 0.014, 0.55),
        ),
        roundness,
    )


def marked(piece: Piece, *patches: Patch) -> Piece:
    """A piece with more patches on it."""
    return replace(piece, patches=(*piece.patches, *patches))


def soft_shadow(width: float, height: float, strength: float) -> Cutout:
    """A shadow on the ground, of a thing `width` long; darkest under its middle."""
    across = np.linspace(-1, 1, 2 * SHADOW_ART, dtype=np.float32)[None]
    down = np.linspace(-1, 1, SHADOW_ART, dtype=np.float32)[:, None]
    cover = np.clip(1 - across**4, 0, 1) * np.clip(1 - down**2, 0, 1) ** 1.5 * min(1.0, strength)
    pixels = np.zeros((*cover.shape, 4), np.uint8)
    pixels[..., 3] = to_pixels(cover)
    step_x, step_y = width / (2 * SHADOW_ART), height / SHADOW_ART
    return Cutout(pixels, np.array([[step_x, 0.0, -width / 2], [0.0, -step_y, height / 2]]))


def wheel(paint: Paintbox, radius: float, unit_px: float, spokes: int = 5, rim: Floats = STEEL) -> Cutout:
    """A wheel about its hub. It is flat: what turns must not carry its light round."""
    pieces = [
        Piece(disc(0, 0, radius), TYRE, (Patch(disc(0, 0, radius * 0.86), TYRE * 1.9, 0, 0.5, radius * 0.05),), 0.0),
        Piece(disc(0, 0, radius * 0.66), paint.mirror(rim, 0.15), (), 0.0),
        Piece(disc(0, 0, radius * 0.58), rim * 0.30, (), 0.0),
    ]
    for spoke in range(spokes):
        turn = spoke * 2 * math.pi / spokes
        tip = (math.cos(turn) * radius * 0.62, math.sin(turn) * radius * 0.62)
        pieces.append(Piece(bar((0, 0), tip, radius * 0.26, radius * 0.16), paint.mirror(rim, 0.10), (), 0.0))
    pieces.append(Piece(disc(0, 0, radius * 0.14), rim * 0.7, (), 0.0))
    return draw_cutout(pieces, paint.light, unit_px)


def lamp_glow(radius: int, colour: Floats) -> Floats:
    """A round glow as light (0..1), for lamps and windows: (2 radius + 1, 2 radius + 1, 3)."""
    offset = np.arange(-radius, radius + 1, dtype=np.float32) / max(1, radius)
    distance = np.hypot(offset[None, :], offset[:, None])
    fall = np.exp(-distance * 7) * 0.9 + np.exp(-distance * 2.6) * 0.32 * np.clip(1 - distance, 0, 1)
    return np.clip(fall * np.clip((1 - distance) * 4, 0, 1), 0, 1)[..., None] * colour


def beam_light(colour: Floats, spread: float = 0.30) -> Pixels:
    """A cone of light to the right, from the middle of the left edge of its picture (64, 128)."""
    along = np.linspace(0, 1, 128, dtype=np.float32)[None]
    across = np.linspace(-1, 1, 64, dtype=np.float32)[:, None]
    width = 0.03 + spread * 2 * along
    cone = np.exp(-((across / width) ** 2) * 2.2) * np.clip(1 - along, 0, 1) ** 1.6 * np.clip(along * 30, 0, 1)
    edge = np.clip((1 - np.abs(across)) * 6, 0, 1)
    return to_pixels((cone * edge)[..., None] * colour)
