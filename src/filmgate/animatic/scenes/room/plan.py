"""The plan of a room: which kind it is, how near we stand, and where its windows, floor and table are.

A room is measured in units of its own, from the foot of the wall in the middle of the frame: x to the right, y up.
A person is 0.55 units tall. Seen from the middle of the room a unit is a frame base; at the window sill it is more.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from filmgate.animatic.camera import Move, plane_matrix
from filmgate.animatic.figures.cast import habitat_of
from filmgate.animatic.raster import Canvas, apply
from filmgate.animatic.scene import Brief

WALL_DEPTH = 0.30
TABLE_DEPTH = 0.62  # of the table top that we stand at, when near
FLOOR_ROW, NEAR_TABLE_ROW = 0.745, 0.775  # of the frame's height
SILL = 0.20
NEARNESS = 1.55  # how much larger everything is from a chair at the window
KINDS = ("library", "cafe", "bedroom", "kitchen", "office", "hall")
FITS_A_SILL = frozenset({"cat"})  # walkers that may be shown on the table instead of the floor
SAMPLED_VIEWS = 12  # of the camera's move, to know how much of the outside it ever shows


@dataclass(frozen=True, slots=True)
class Window:
    """An opening in the wall, in room units; `arch` is how much of its height is a round arch."""

    left: float
    right: float
    bottom: float
    top: float
    columns: int
    rows: int
    arch: float = 0.0

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


@dataclass(frozen=True, slots=True)
class Plan:
    """Where everything is. `floor_row` is the foot of the wall on screen, perhaps below the frame."""

    canvas: Canvas
    kind: str
    near: bool
    unit_px: float  # of the room
    floor_row: float
    horizon: float  # what the camera moves towards
    windows: tuple[Window, ...]
    light_side: float  # 1 when sunlight falls to the right, -1 to the left
    fireplace: bool
    candles: bool

    @property
    def half_width(self) -> float:
        """Of the frame, in room units."""
        return self.canvas.width / 2 / self.unit_px

    @property
    def ceiling(self) -> float:
        """The frame's upper edge, in room units."""
        return self.floor_row / self.unit_px

    def screen(self, x: float, y: float) -> tuple[float, float]:
        return self.canvas.width / 2 + x * self.unit_px, self.floor_row - y * self.unit_px

    def opening(self, move: Move) -> tuple[int, int, int, int]:
        """Left, top, right, bottom on screen of all that the windows show while the camera moves."""
        corners = np.array(
            [
                self.screen(x, y)
                for window in self.windows
                for x in (window.left, window.right)
                for y in (window.bottom, window.top)
            ]
        )
        views = [move.view(step / SAMPLED_VIEWS, 0.0) for step in range(SAMPLED_VIEWS + 1)]
        seen = [apply(plane_matrix(self.canvas, self.horizon, WALL_DEPTH, view), corners) for view in views]
        every = np.concatenate(seen)
        left, top = np.floor(every.min(0) - 2).astype(int)
        right, bottom = np.ceil(every.max(0) + 2).astype(int)
        return (
            max(0, int(left)),
            max(0, int(top)),
            min(self.canvas.width, int(right)),
            min(self.canvas.height, int(bottom)),
        )


def plan_room(brief: Brief) -> Plan:
    """Near the window for what stands on a table, from the middle of the room for whoever needs a floor."""
    canvas, features, rng = brief.canvas, brief.reading.features, brief.rng
    kind = next((name for name in KINDS if name in features), "living")
    walkers = [subject.kind for subject in brief.reading.subjects if habitat_of(subject.kind) == "ground"]
    at_table = "sill" in features or bool(brief.reading.subjects)
    near = (
        at_table and all(walker in FITS_A_SILL for walker in walkers) and kind != "hall" and "fireplace" not in features
    )
    unit = canvas.base * (NEARNESS if near else 1.0)
    floor_row = NEAR_TABLE_ROW * canvas.height + SILL * unit if near else FLOOR_ROW * canvas.height
    half, ceiling = canvas.width / 2 / unit, floor_row / unit
    middle = float(rng.uniform(-0.06, 0.06)) * half
    return Plan(
        canvas=canvas,
        kind=kind,
        near=near,
        unit_px=unit,
        floor_row=floor_row,
        horizon=min(floor_row, 0.72 * canvas.height),
        windows=_windows(kind, middle, half, ceiling),
        light_side=1.0 if rng.uniform() < 0.5 else -1.0,
        fireplace="fireplace" in features,
        candles="candles" in features,
    )


def _windows(kind: str, middle: float, half: float, ceiling: float) -> tuple[Window, ...]:
    top = min(ceiling - 0.055, 1.25)
    if kind == "hall":
        width = min(0.17, half * 0.26)
        return tuple(
            Window(middle + x - width / 2, middle + x + width / 2, 0.13, top, 2, 5, 0.24)
            for x in (-2.15 * width, 0.0, 2.15 * width)
        )
    reach = {"cafe": 0.50, "office": 0.48, "library": 0.29, "kitchen": 0.30}.get(kind, 0.37)
    reach = min(reach, 0.60 * half)
    columns, rows = {"cafe": (3, 1), "office": (3, 1), "library": (2, 4), "bedroom": (2, 2)}.get(kind, (4, 2))
    return (Window(middle - reach, middle + reach, SILL, top, columns, rows, 0.26 if kind == "library" else 0.0),)
