"""The places that can be drawn. A new one is a file here, a line below, and words for it in lexicon.toml."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from filmgate.animatic.scenes.abstract import build_abstract
from filmgate.animatic.scenes.mountains import build_lake, build_ridge
from filmgate.animatic.scenes.base import Brief, Moment, Scene
from filmgate.animatic.scenes.sea import build_sea

BUILDERS: Mapping[str, Callable[[Brief], Scene]] = MappingProxyType(
    {
        "abstract": build_abstract,
        "mountains": build_ridge,
        "lake": build_lake,
        "sea": build_sea,
    }
)

# Where there is no air, nothing falls and nothing drifts.
AIRLESS = frozenset({"space", "moon"})

__all__ = ["AIRLESS", "BUILDERS", "Brief", "Moment", "Scene"]
