"""What lives in the water."""

from __future__ import annotations

from types import MappingProxyType

from filmgate.animatic.figures.fish import SCHOOLS, schooling
from filmgate.animatic.figures.leviathans import ANATOMIES, leviathan
from filmgate.animatic.figures.reef import CASTINGS as REEF
from filmgate.animatic.figures.role import Castings

CASTINGS: Castings = MappingProxyType(
    {
        **{kind: schooling(school) for kind, school in SCHOOLS.items()},
        **{kind: leviathan(kind) for kind in ANATOMIES},
        **REEF,
    }
)
