"""A rig: the fixed pieces of a figure, drawn once in the frames of its joints, moved all together at every moment."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from filmgate.animatic.figures.people.skeleton import Frame, Stance
from filmgate.animatic.figures.puppet import Shape
from filmgate.animatic.raster import Floats, Points

Corners = Sequence[tuple[float, float]] | Points
ROUND = np.linspace(0, math.pi, 9)


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """An outline in the coordinates of one Frame, (n, 5). `group` names the limb or layer that it is drawn with."""

    group: str
    frame: Frame
    corners: Floats
    colour: Floats
    rounded: bool = True
    glow: bool = False
    azimuth: float | None = None  # on the head or chest: it shows when this side of it is turned to us


@dataclass(frozen=True, slots=True, eq=False)
class Rig:
    """Pieces, with all their corners in one array."""

    pieces: tuple[Piece, ...]
    corners: Floats  # (n, 5)
    frame_of_corner: np.ndarray[tuple[int], np.dtype[np.int64]]
    ends: tuple[int, ...]

    def shapes(self, stance: Stance, part_of: Mapping[str, int]) -> list[Shape]:
        """The pieces that can be seen in this stance, of the groups that have a part, in no order of parts."""
        points: Points = np.einsum("nij,nj->ni", stance.frames[self.frame_of_corner], self.corners)
        shapes: list[Shape] = []
        start = 0
        for piece, end in zip(self.pieces, self.ends, strict=True):
            part = part_of.get(piece.group)
            if part is not None and (piece.azimuth is None or _is_turned_to_us(piece, stance)):
                shapes.append(Shape(points[start:end], piece.colour, piece.rounded, piece.glow, part))
            start = end
        return shapes


def _is_turned_to_us(piece: Piece, stance: Stance) -> bool:
    yaw = stance.face_yaw if piece.frame in (Frame.FACE, Frame.EYES, Frame.SKULL) else stance.yaw
    return math.sin(yaw + (piece.azimuth or 0.0)) > 0.16


def build_rig(pieces: Sequence[Piece]) -> Rig:
    counts = [len(piece.corners) for piece in pieces]
    return Rig(
        tuple(pieces),
        np.concatenate([piece.corners for piece in pieces]),
        np.repeat([int(piece.frame) for piece in pieces], counts),
        tuple(accumulate(counts)),
    )


def smooth(corners: Corners, count: int = 32) -> Points:
    """A closed curve through corners (Catmull-Rom), with about `count` points, the first corner first."""
    points = np.array(corners, np.float64)
    steps = max(2, round(count / len(points)))
    t = np.linspace(0, 1, steps, endpoint=False)[None, :, None]
    before, start, end, after = (np.roll(points, shift, 0)[:, None, :] for shift in (1, 0, -1, -2))
    curve = 0.5 * (
        2 * start
        + (end - before) * t
        + (2 * before - 5 * start + 4 * end - after) * t**2
        + (3 * start - before - 3 * end + after) * t**3
    )
    return curve.reshape(-1, 2)


def two_views(side: Points, front: Points) -> Floats:
    """Corners for an outline frame (TRUNK, SKULL) from equally many points of both views."""
    return np.column_stack([side[:, 0], front[:, 0], side[:, 1], front[:, 1], np.ones(len(side))])


def on_front(points: Points, depth: float) -> Floats:
    """Corners for an outline frame: something flat that faces forwards, `depth` in front, a line in profile."""
    return two_views(np.column_stack([np.full(len(points), depth), points[:, 1]]), points)


def in_space(forward: Floats | float, right: Floats, up: Floats) -> Floats:
    """Corners for CHEST, FACE, EYES or a foot."""
    none = np.zeros(len(up))
    return np.column_stack([none + forward, right, up, none, none + 1])


def limb(profile: Sequence[tuple[float, float, float]], *, cap: bool = True) -> Floats:
    """Corners for a bone frame from (share of the bone, half width forwards, half width backwards), round at both ends.

    Across a bone that hangs down, positive is forwards.
    """
    shares = [row[0] for row in profile]
    forwards, backwards = [row[1] for row in profile], [row[2] for row in profile]
    rows: list[tuple[float, float, float, float, float]] = []
    first = (forwards[0] + backwards[0]) / 2
    last = (forwards[-1] + backwards[-1]) / 2
    rows += [(across, 0.0, share, 0.0, 1.0) for share, across in zip(shares, forwards, strict=True)]
    if cap:
        middle = (forwards[-1] - backwards[-1]) / 2
        rows += [(middle + last * math.cos(turn), last * math.sin(turn), shares[-1], 0.0, 1.0) for turn in ROUND[1:-1]]
    rows += [(-across, 0.0, share, 0.0, 1.0) for share, across in zip(shares[::-1], backwards[::-1], strict=True)]
    if cap:
        middle = (forwards[0] - backwards[0]) / 2
        rows += [
            (middle - first * math.cos(turn), -first * math.sin(turn), shares[0], 0.0, 1.0) for turn in ROUND[1:-1]
        ]
    return np.array(rows)


def on_bone(points: Points, share: float = 0.0) -> Floats:
    """Corners for a bone frame from (across, along) in body heights, from `share` of the way along the bone."""
    none = np.zeros(len(points))
    return np.column_stack([points, none + share, none, none + 1])


def on_head(points: Points, azimuth: float, depth: float) -> Floats:
    """Corners for FACE or EYES: a patch of (aside, up) on the head, `azimuth` from straight ahead to its right.

    `depth` is how far it is from the axis of the head, in half heads.
    """
    cosine, sine = math.cos(azimuth), math.sin(azimuth)
    aside, up = points[:, 0], points[:, 1]
    sunk = depth - 0.35 * aside**2  # it follows the curve of the head
    return in_space(cosine * sunk - sine * aside, sine * sunk + cosine * aside, up)


def oval(radius_x: float, radius_y: float, x: float = 0.0, y: float = 0.0, count: int = 16) -> Points:
    turn = np.linspace(0, 2 * math.pi, count, endpoint=False)
    return np.stack([x + np.cos(turn) * radius_x, y + np.sin(turn) * radius_y], 1)


def box(left: float, bottom: float, right: float, top: float, corner: float = 0.0) -> Points:
    """A rectangle with cut corners, counter-clockwise from the lower right."""
    if corner <= 0:
        return np.array([(right, bottom), (right, top), (left, top), (left, bottom)])
    return np.array(
        [
            (right, bottom + corner),
            (right, top - corner),
            (right - corner * 0.3, top - corner * 0.3),
            (right - corner, top),
            (left + corner, top),
            (left + corner * 0.3, top - corner * 0.3),
            (left, top - corner),
            (left, bottom + corner),
            (left + corner * 0.3, bottom + corner * 0.3),
            (left + corner, bottom),
            (right - corner, bottom),
            (right - corner * 0.3, bottom + corner * 0.3),
        ]
    )
