"""What every scene is given and what it must do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from filmgate.animatic.camera import View
from filmgate.animatic.language.reading import Reading
from filmgate.animatic.palettes import Palette
from filmgate.animatic.post import Finish
from filmgate.animatic.raster import Canvas, Pixels

START_SECONDS = 2.0  # scenes begin in mid-motion, not with every wave at its zero


@dataclass(frozen=True, slots=True, eq=False)
class Brief:
    """Everything that a scene is built from. `rng` belongs to the build; painting must not draw from it."""

    canvas: Canvas
    palette: Palette
    reading: Reading
    rng: np.random.Generator
    duration_seconds: float  # of the clip, times its tempo

    def cloud_cover(self, usual: float = 0.5) -> float:
        return usual if self.reading.cloud_cover is None else self.reading.cloud_cover


@dataclass(frozen=True, slots=True)
class Moment:
    """One frame's time: `seconds` runs at the prompt's tempo, `progress` from 0 to 1 over the clip."""

    seconds: float
    progress: float
    view: View


class Effect(Protocol):
    """Something in the air, painted over a scene; pure like a scene. `strength` is 0..1."""

    def paint(self, canvas: Pixels, moment: Moment, strength: float) -> None: ...


class Scene(Protocol):
    """Built once, then only read: `paint` is a pure function of the moment, called from several threads at once."""

    @property
    def finish(self) -> Finish: ...

    def paint(self, moment: Moment) -> Pixels:
        """A new RGB picture of the brief's canvas size."""
        ...
