"""The materials of one room: a scheme of colours that go together, before any light falls on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from filmgate.animatic.colour import from_hex, mix, recolour
from filmgate.animatic.raster import Floats
from filmgate.animatic.scene import Brief

# Wall, woodwork, wood, cloth, second cloth.
SCHEMES: Mapping[str, tuple[tuple[str, str, str, str, str], ...]] = MappingProxyType(
    {
        "living": (
            ("c9b79c", "efe6d6", "8a5a36", "a8503a", "d9b48a"),
            ("93a596", "ece5d4", "85593a", "c98a4e", "e6d8bc"),
            ("8fa3b3", "eeeae0", "7d5638", "b5654a", "e0cfae"),
            ("c39a80", "f0e4d2", "754a2e", "5d7268", "e8d4b4"),
        ),
        "library": (
            ("6f4c36", "5d3a24", "6b4227", "7d2f2a", "caa86a"),
            ("5c5a48", "4f3622", "60402a", "2f5446", "c9aa74"),
        ),
        "cafe": (
            ("8c6a50", "3d2a20", "80532f", "3f6258", "d8b98a"),
            ("5f6f66", "2f2a26", "8a5c36", "a65a3a", "dcc09a"),
        ),
        "bedroom": (
            ("b9b3c6", "f2ece6", "a07450", "8a93c0", "f0dcd4"),
            ("cdb8a8", "f4ece2", "9a6c48", "c77f7a", "f2e4d2"),
            ("9fb0b8", "f0ece4", "94683f", "6f8fa8", "f0e2cc"),
        ),
        "kitchen": (
            ("d6cbb0", "f2ede0", "a87648", "5f8a80", "e6b45c"),
            ("b7c3b4", "f4efe2", "9a6a40", "c2603f", "ecd9a8"),
        ),
        "office": (
            ("a9b0b4", "e9ebec", "b08a60", "4a5f78", "d8dcdf"),
            ("b8b0a4", "ecebe6", "8f6d4c", "3f5a55", "dcd6cb"),
        ),
        "hall": (
            ("b9a98e", "e2d6be", "7c5a3c", "8a2f35", "d9b75c"),
            ("a5a8ad", "d9dce0", "70553f", "2f4a80", "d4b866"),
        ),
    }
)
NEON_SCHEME = ("4a4468", "2a2740", "3f3550", "a03c8c", "3c8ca8")


@dataclass(frozen=True, slots=True, eq=False)
class Tones:
    """sRGB, 0..1."""

    wall: Floats
    trim: Floats
    wood: Floats
    cloth: Floats
    second: Floats

    @property
    def dark(self) -> Floats:
        return self.wood * 0.42


def choose_tones(brief: Brief, kind: str) -> Tones:
    schemes = (NEON_SCHEME,) if brief.palette.name == "neon" else SCHEMES[kind]
    wall, trim, wood, cloth, second = (from_hex(value) for value in schemes[int(brief.rng.integers(len(schemes)))])
    if brief.palette.name == "pastel":
        white = np.array([1.0, 0.96, 0.95], np.float32)
        wall, wood, cloth = (mix(colour, white, 0.35) for colour in (wall, wood, cloth))
    if brief.reading.accent is not None and not brief.reading.subjects:
        accent = from_hex(brief.reading.accent)
        wall, cloth = recolour(wall, accent, 0.55), accent
    return Tones(wall=wall, trim=trim, wood=wood, cloth=cloth, second=second)
