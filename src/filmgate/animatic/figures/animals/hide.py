"""The painted hide of an animal: its colours, and the outlines that are one multiplication for the whole body.

What a sheet holds is worked out once for a species and a coat; it then only needs the points of the body as it moves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from filmgate.animatic.colour import from_hex, mix
from filmgate.animatic.figures.animals.coat import Mark, Skin, colour_of, hump, leg_rings, udder, under_side
from filmgate.animatic.figures.animals.gaits import HIND
from filmgate.animatic.figures.animals.quadruped import NODES, Body
from filmgate.animatic.figures.animals.species import NONE, Species
from filmgate.animatic.figures.animals.splines import Loop
from filmgate.animatic.figures.puppet import Shape
from filmgate.animatic.raster import Floats, Points

FAR_HIND, FAR_FORE = 1, 2  # parts; the body and the near legs are part 0
FAR_SHADE = 0.64  # of the coat's colour, on the legs of the other side
FAR_OFFSET = (0.045, 0.014)  # where those stand, further off
HOOF_FROM, SOCK_FROM = 6.45, 4.2  # nodes of a leg
# Height of each band of the belly's shade, and how much of the belly's colour it has.
BELLY_BANDS = ((0.50, 0.15), (0.43, 0.32), (0.36, 0.50), (0.29, 0.68), (0.22, 0.85), (0.15, 1.0))
STEPS = 4  # points of an outline between two that it goes through


@dataclass(frozen=True, slots=True, eq=False)
class Colours:
    """What is painted in which colour; None where the species has no such thing."""

    coat: Floats
    ear: Floats
    ear_tip: Floats | None
    tail: Floats
    tail_tip: Floats | None
    mane: Floats
    horn: Floats
    nose: Floats
    iris: Floats | None


@dataclass(frozen=True, slots=True, eq=False)
class LegSheet:
    """The outlines of a leg and of the pieces of it that have their own colour, for all four legs at once."""

    rows: Floats  # (4, points, controls)
    ends: tuple[int, ...]
    colours: tuple[Floats, ...]

    def shapes(self, legs: Points) -> tuple[list[Shape], list[Shape]]:
        """The far legs, each a body of its own, and the near ones, which are one with the trunk."""
        placed = self.rows @ legs
        np.maximum(placed[..., 1], 0.0, out=placed[..., 1])
        placed[:2] += FAR_OFFSET
        far_hind, far_fore, near_hind, near_fore = (
            list(zip(np.split(leg, self.ends), self.colours, strict=True)) for leg in placed
        )
        shade = np.float32(FAR_SHADE)
        far = [Shape(outline, colour * shade, part=FAR_HIND) for outline, colour in far_hind]
        far += [Shape(outline, colour * shade, part=FAR_FORE) for outline, colour in far_fore]
        return far, [Shape(outline, colour) for outline, colour in (*near_hind, *near_fore)]


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """Outlines that are one multiplication: rows over the body's points, and where each outline begins."""

    rows: Floats
    ends: tuple[int, ...]
    colours: tuple[Floats, ...]

    def shapes(self, points: Points) -> list[Shape]:
        if not self.colours:
            return []
        placed = self.rows @ points
        return [
            Shape(outline, colour) for outline, colour in zip(np.split(placed, self.ends), self.colours, strict=True)
        ]


def sheet_of(marks: Sequence[Mark]) -> Sheet:
    if not marks:
        return Sheet(np.zeros((0, 0)), (), ())
    ends = np.cumsum([len(mark.rows) for mark in marks])
    return Sheet(
        np.concatenate([mark.rows for mark in marks]), tuple(ends[:-1].tolist()), tuple(m.colour for m in marks)
    )


def under_sheet(kind: Species, skin: Skin, coat: Floats) -> Sheet:
    """The outline of the body, shaded towards its under side, and what stands out of it."""
    below = coat * np.float32(0.74) if kind.under == NONE else from_hex(kind.under)
    reach = 1.0 if kind.under == NONE else 1.9
    marks = [Mark(skin.loop.outline(STEPS), coat)]
    marks += [Mark(hump(skin, index, kind.humps), coat) for index in range(kind.humps)]
    marks += [
        Mark(under_side(skin, height, reach), mix(coat, below, share).astype(np.float32))
        for height, share in BELLY_BANDS
    ]
    if kind.udder:
        marks.append(Mark(udder(skin), from_hex("e0a8a0")))
    return sheet_of(marks)


def colours_of(kind: Species, coat: Floats) -> Colours:
    def chosen(value: str) -> Floats | None:
        return None if value == NONE else from_hex(value)

    def or_coat(value: str) -> Floats:
        return coat if value == NONE else from_hex(value)

    return Colours(
        coat=coat,
        ear=or_coat(kind.ear_colour),
        ear_tip=chosen(kind.ear_tip),
        tail=or_coat(kind.tail_colour),
        tail_tip=chosen(kind.tail_tip),
        mane=from_hex(kind.mane_colour),
        horn=from_hex(kind.horn_colour),
        nose=from_hex(kind.nose),
        iris=chosen(kind.eye_colour),
    )


def leg_sheet(kind: Species, body: Body, loops: tuple[Loop, Loop], coat: Floats) -> LegSheet:
    """The whole leg first, then what is painted on it."""
    pieces: list[tuple[Floats, Floats]] = []  # rows over a hind and a fore leg, colour

    def end(start: float, colour: str) -> None:
        at = np.linspace(start, 2 * NODES - start, 21)
        pieces.append((np.stack([loop.rows(at) for loop in loops]), from_hex(colour)))

    whole = np.stack([loop.outline(STEPS) for loop in loops])
    pieces.append((whole, coat if kind.leg_colour == NONE else from_hex(kind.leg_colour)))
    for pattern in kind.marks:
        if pattern["kind"] == "rings":
            rings = zip(*(leg_rings(loop, NODES, pattern) for loop in loops), strict=True)
            pieces += [(np.stack(pair), colour_of(pattern, coat)) for pair in rings]
    if kind.socks != NONE:
        end(SOCK_FROM, kind.socks)
    if body.frame.limbs.hoofed:
        end(HOOF_FROM, kind.hoof)
    rows = np.concatenate([piece for piece, _ in pieces], axis=1)
    ends = np.cumsum([piece.shape[1] for piece, _ in pieces])[:-1]
    return LegSheet(rows[np.where(HIND, 0, 1)], tuple(ends.tolist()), tuple(colour for _, colour in pieces))
