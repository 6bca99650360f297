"""What flies by its own wings."""

from __future__ import annotations

from types import MappingProxyType

from filmgate.animatic.figures.birds import flocking, formation, soaring
from filmgate.animatic.figures.dragon import dragons
from filmgate.animatic.figures.insects import INSECTS, fluttering
from filmgate.animatic.figures.role import Castings

CASTINGS: Castings = MappingProxyType(
    {
        **{kind: flocking(kind) for kind in ("birds", "seagull", "crow", "dove", "owl", "parrot", "bat")},
        **{kind: formation(kind) for kind in ("goose", "crane")},
        "eagle": soaring("eagle"),
        "dragon": dragons,
        **{kind: fluttering(kind) for kind in INSECTS},
    }
)
