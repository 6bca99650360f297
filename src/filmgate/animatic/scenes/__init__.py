"""The places that can be drawn. A new one is a file here, a line below, and words for it in language/lexicon."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from filmgate.animatic.scene import Brief, Scene
from filmgate.animatic.scenes.abstract import build_abstract
from filmgate.animatic.scenes.city import build_city
from filmgate.animatic.scenes.clouds import build_clouds
from filmgate.animatic.scenes.forest import build_forest
from filmgate.animatic.scenes.interior import build_interior
from filmgate.animatic.scenes.mountains import build_lake, build_ridge
from filmgate.animatic.scenes.plain import build_desert, build_meadow, build_moon, build_snowfield
from filmgate.animatic.scenes.sea import build_sea
from filmgate.animatic.scenes.space import build_space
from filmgate.animatic.scenes.studio import build_studio
from filmgate.animatic.scenes.underwater import build_underwater

BUILDERS: Mapping[str, Callable[[Brief], Scene]] = MappingProxyType(
    {
        "abstract": build_abstract,
        "city": build_city,
        "forest": build_forest,
        "space": build_space,
        "moon": build_moon,
        "meadow": build_meadow,
        "snowfield": build_snowfield,
        "desert": build_desert,
        "mountains": build_ridge,
        "lake": build_lake,
        "sea": build_sea,
        "interior": build_interior,
        "studio": build_studio,
        "underwater": build_underwater,
        "clouds": build_clouds,
    }
)

# Where no weather reaches: there is no air, or a roof, or water over it.
SHELTERED = frozenset({"space", "moon", "underwater", "interior", "studio"})
