"""What carries people over land and water, through the air and through space."""

from __future__ import annotations

from types import MappingProxyType

from filmgate.animatic.figures.craft import aerostats, aircraft, boats, cars, rails, spacecraft
from filmgate.animatic.figures.role import Castings

CASTINGS: Castings = MappingProxyType(
    {
        **cars.CASTINGS,
        **rails.CASTINGS,
        **boats.CASTINGS,
        **aircraft.CASTINGS,
        **aerostats.CASTINGS,
        **spacecraft.CASTINGS,
    }
)
