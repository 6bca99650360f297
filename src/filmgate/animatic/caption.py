"""A caption burned into the lower part of the picture: one or two lines, Latin or Chinese."""

from __future__ import annotations

from dataclasses import dataclass

from filmgate.animatic.raster import Canvas, Pixels


@dataclass(frozen=True, slots=True, eq=False)
class Caption:
    """Prepared text; `paint` fades it in and out."""

    sprite: Pixels

    def paint(self, frame: Pixels, seconds: float, duration_seconds: float) -> None: ...


def build_caption(text: str, output: Canvas) -> Caption:
    raise NotImplementedError(text, output)
