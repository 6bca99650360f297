"""What flies by its own wings."""

from __future__ import annotations

from types import MappingProxyType

from filmgate.animatic.figures.role import Castings
from filmgate.animatic.figures.wildlife.birds import flocking, formation, soaring
from filmgate.animatic.figures.wildlife.dragon import dragons
from filmgate.animatic.figures.wildlife.insects import INSECTS, fluttering
from filmgate.animatic.figures.wildlife.phoenix import phoenixes
from filmgate.animatic.figures.wildlife.wyvern import wyverns

CASTINGS: Castings = MappingProxyType(
    {
        **{kind: flocking(kind) for kind in ("birds", "seagull", "crow", "dove", "owl", "parrot", "bat")},
        **{kind: formation(kind) for kind in ("goose", "crane")},
        "eagle": soaring("eagle"),
        "dragon": dragons,
        "wyvern": wyverns,
        "phoenix": phoenixes,
        **{kind: fluttering(kind) for kind in INSECTS},
    }
)
