"""The stage that a scene offers: habitats with a spot in each, and what an actor needs to stand there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol

from filmgate.animatic.camera import View, plane_matrix
from filmgate.animatic.figures.puppet import Light
from filmgate.animatic.raster import Canvas, Matrix, Pixels
from filmgate.animatic.scene import Moment

# Every place where something can be, and where it goes when the scene has no such place: a whale over a city is a
# dream, not an error.
HABITATS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "ground": ("shore", "table", "deep", "water", "air"),  # where one walks and drives
        "water": ("deep", "ground", "air"),  # the surface of sea, lake or river
        "deep": ("water", "air"),  # under water, swimming
        "shore": ("ground", "water", "deep", "air"),  # rock at the edge of the water
        "table": ("ground", "shore", "air"),  # a table top or window sill, near the eye
        "air": (),
    }
)


@dataclass(frozen=True, slots=True)
class Spot:
    """A place for figures: share of the width, row of their feet (or middle), height of a person there, depth."""

    x: float
    y: float
    height_px: float
    depth: float
    level: bool = False  # whether the feet stay on row `y`, whatever the ground does


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """What a scene offers its cast. `floor` gives the row of the ground at a column, for slopes."""

    canvas: Canvas
    horizon: float
    spots: dict[str, Spot]
    light_from: tuple[float, float]
    floor: Callable[[float], float] | None = None
    low_gravity: bool = False
    shadow: float = 0.5
    weightless: bool = False


class Actor(Protocol):
    """One figure. `where` is the habitat it was placed in, so that scenes paint it between the right layers."""

    @property
    def where(self) -> str: ...

    def paint(self, target: Pixels, moment: Moment) -> None: ...


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """What every actor needs to come from its own units to the screen."""

    stage: Stage
    spot: Spot
    light: Light
    dark: bool
    heading: float  # of everyone who walks: 1 to the right, -1 to the left

    def screen(self, view: View) -> Matrix:
        return plane_matrix(self.stage.canvas, self.stage.horizon, self.spot.depth, view)

    def foot(self, x: float) -> float:
        return self.spot.y if self.stage.floor is None or self.spot.level else self.stage.floor(x)
