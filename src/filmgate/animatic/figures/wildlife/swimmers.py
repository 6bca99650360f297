"""What lives in the water, and penguins."""

from __future__ import annotations

from types import MappingProxyType

from filmgate.animatic.figures.role import Castings
from filmgate.animatic.figures.wildlife.crab import crabs
from filmgate.animatic.figures.wildlife.fish import SCHOOLS, schooling
from filmgate.animatic.figures.wildlife.jellyfish import jellyfish
from filmgate.animatic.figures.wildlife.leviathans import ANATOMIES, leviathan
from filmgate.animatic.figures.wildlife.manta import mantas
from filmgate.animatic.figures.wildlife.octopus import octopuses
from filmgate.animatic.figures.wildlife.penguin import penguins
from filmgate.animatic.figures.wildlife.turtle import turtles
from filmgate.animatic.figures.wildlife.waterfowl import paddling

CASTINGS: Castings = MappingProxyType(
    {
        **{kind: schooling(school) for kind, school in SCHOOLS.items()},
        **{kind: leviathan(kind) for kind in ANATOMIES},
        **{kind: paddling(kind) for kind in ("duck", "swan")},
        "turtle": turtles,
        "ray": mantas,
        "jellyfish": jellyfish,
        "octopus": octopuses,
        "crab": crabs,
        "penguin": penguins,
    }
)
