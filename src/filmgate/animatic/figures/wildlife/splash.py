"""Water thrown up where something breaks the surface."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from filmgate.animatic.colour import mix, smoothstep
from filmgate.animatic.figures.cutout import Card, Cutout, Piece, draw_cutout
from filmgate.animatic.figures.puppet import Light, ellipse, point
from filmgate.animatic.figures.role import Role
from filmgate.animatic.figures.wildlife.troupe import Solo
from filmgate.animatic.raster import Floats, Matrix, scale

LASTS_SECONDS = 1.5
DROPS = 90


def splash(role: Role, at: tuple[float, float], size_px: float, since: Callable[[float], float]) -> Solo:
    """Spray and foam at a place on the water, `since(seconds)` seconds after the body came through it (before: < 0)."""
    light, rng, palette = role.setting.light, role.rng, role.brief.palette
    white = np.clip(mix(palette.haze, palette.light, 0.5) * 1.15, 0, 1)
    bright = Light(light.towards, white, white, np.ones(3), np.ones(3), 1.0)
    spray = draw_cutout(_spray(rng, white), bright, size_px)
    foam = draw_cutout(_foam(rng, white), bright, size_px)

    def cards(seconds: float) -> list[Card]:
        age = since(seconds) / LASTS_SECONDS
        if not 0.0 < age < 1.0:
            return []
        rise = 1 - (1 - min(1.0, age * 1.5)) ** 2
        strength = float(smoothstep(0, 0.10, age) * (1 - smoothstep(0.45, 1.0, age)))
        spread = 0.75 + 0.55 * math.sqrt(age)
        up = np.array([[0.6 + 0.5 * rise, 0.0, 0.0], [0.0, 0.15 + 0.85 * rise - 0.75 * age**2, 0.0]])
        flat = np.array([[spread, 0.0, 0.0], [0.0, spread, 0.0]])
        settled = float(smoothstep(0, 0.12, age) * (1 - smoothstep(0.35, 1.0, age)))
        return [(_faded(foam, settled), flat), (_faded(spray, strength), up)]

    def matrix(_seconds: float) -> Matrix:
        return np.array([[size_px, 0.0, at[0]], [0.0, -size_px, at[1]]])

    return Solo(role.where, role.setting, cards, matrix)


def _spray(rng: np.random.Generator, white: Floats) -> list[Piece]:
    pieces: list[Piece] = []
    for _ in range(DROPS):
        lean = rng.normal(0, 0.38)
        reach = rng.uniform(0.08, 0.80) * math.exp(-(lean**2) * 1.2)
        radius = rng.uniform(0.006, 0.024) * (1.15 - reach)
        drop = ellipse(point(math.sin(lean) * reach * 1.1, math.cos(lean) * reach), radius, radius * 1.5, 12)
        pieces.append(Piece(drop, white, (), 0.0, float(rng.uniform(0.35, 0.95))))
    for lean in (-0.5, -0.2, 0.12, 0.42):
        tip = point(math.sin(lean) * 0.42, 0.42 * math.cos(lean))
        root = point(math.sin(lean) * 0.10, -0.02)
        side = point(0.075, 0.0)
        pieces.append(
            Piece(
                np.stack([root - side, (root + tip) / 2 - side * 0.6, tip, (root + tip) / 2 + side * 0.6, root + side]),
                white,
                (),
                0.0,
                0.28,
            )
        )
    return pieces


def _foam(rng: np.random.Generator, white: Floats) -> list[Piece]:
    pieces = [
        Piece(ellipse(point(0, 0), 0.62, 0.085, 40), white, (), 0.0, 0.20),
        Piece(ellipse(point(0, 0), 0.42, 0.055, 40), white, (), 0.0, 0.30),
    ]
    for _ in range(50):
        turn, reach = rng.uniform(0, 6.28), rng.uniform(0.35, 1.0)
        radius = rng.uniform(0.012, 0.045)
        pieces.append(
            Piece(
                ellipse(
                    point(math.cos(turn) * reach * 0.62, math.sin(turn) * reach * 0.085),
                    radius * 1.7,
                    radius * 0.28,
                    12,
                ),
                white,
                (),
                0.0,
                0.4,
            )
        )
    return pieces


def _faded(cutout: Cutout, strength: float) -> Cutout:
    return Cutout(scale(cutout.pixels, strength), cutout.to_units)
