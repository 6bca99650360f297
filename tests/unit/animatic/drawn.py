"""Frames of a job, drawn without a file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from filmgate.animatic.film import Film, plan_film
from filmgate.animatic.job import RenderJob
from filmgate.animatic.raster import Pixels
from filmgate.animatic.shot import ShotPicture


@dataclass(frozen=True)
class Drawn:
    """All shots of a film, built; frames by number."""

    film: Film

    @cached_property
    def shots(self) -> dict[int, ShotPicture]:
        return {number: self.film.build(number) for number in range(len(self.film.slots))}

    def rgb(self, index: int) -> Pixels:
        return self.film.rgb(index, self.shots)

    def planes(self, index: int) -> Pixels:
        return self.film.planes(index, self.shots)


def prepare(job: RenderJob) -> Drawn:
    return Drawn(plan_film(job))
